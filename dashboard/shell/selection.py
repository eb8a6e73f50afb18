"""What the user has chosen, shared by all pages: widgets in the frame, mirrored in the page's address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.query import layers as data
from dashboard.query.publication import Publication
from dashboard.query.units import area_titles
from dashboard.shell import link as page_link
from dashboard.shell.period import period_of, picker_state
from dashboard.shell.period_picker import period_picker
from dashboard.ui.formats import day, number
from geodata.language import DEFAULT_LANGUAGE, Language, Message, message, translate
from geodata.period import Period, default_vintage

LANGUAGES: tuple[Language, ...] = ("vi", "en")
VERIFIED, WITH_ILLUSTRATIVE = "verified", "all"
"""What the parameter ``facts`` of a link may be."""
DISTRICT_CODE_LENGTH = 3
"""Official codes have three digits for districts and five for units of commune level."""


@dataclass(frozen=True)
class Selection:
    """What all pages show.

    Attributes
    ----------
    language
        Language of the reader.
    period
        Range of days; its last one is the day of reference.
    verified_only
        Without what is illustrative.
    vintage
        ISO date from which the units hold.
    ward_code
        Ward of that vintage whose facts are open.
    areas
        Codes of the districts (or former ones) and wards of that vintage that are looked at; none for the
        whole city.
    """

    language: Language
    period: Period
    verified_only: bool
    vintage: str
    ward_code: str | None
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plain:
    """What a plain link shows, without parameters.

    Attributes
    ----------
    period
        All days there are.
    vintage
        See `geodata.period.default_vintage`.
    """

    period: Period
    vintage: str


def language_of(link: Mapping[str, str]) -> tuple[Language, list[Message]]:
    """Return the language that a link asks for, and what is wrong with it."""
    asked = link.get("lang", DEFAULT_LANGUAGE)
    for language in LANGUAGES:
        if asked == language:
            return language, []
    return DEFAULT_LANGUAGE, [
        message(
            "The link asks for the language “{value}”, which there is not; this is Vietnamese.", value=asked
        )
    ]


def vintage_of(link: Mapping[str, str], vintages: list[str], default: str) -> tuple[str, list[Message]]:
    """Return the vintage that a link asks for, and what is wrong with it."""
    asked = link.get("vintage", default)
    if asked in vintages:
        return asked, []
    return default, [
        message(
            "The link asks for the boundaries of “{value}”, which there are not; these hold from {day}.",
            value=asked,
            day=day(default, DEFAULT_LANGUAGE),
        )
    ]


def ward_of(link: Mapping[str, str], codes: pd.Series) -> tuple[str | None, list[Message]]:
    """Return the ward that a link asks for, and what is wrong with it."""
    asked = link.get("ward")
    if asked is None or asked in set(codes):
        return asked, []
    return None, [
        message("The link asks for the ward “{value}”, which these boundaries do not have.", value=asked)
    ]


def areas_of(link: Mapping[str, str], titles: Mapping[str, str]) -> tuple[list[str], list[Message]]:
    """Return the areas that a link asks for, and what is wrong with it."""
    asked = [code for code in link.get("area", "").split(",") if code]
    return [code for code in asked if code in titles], [
        message("The link asks for the area “{value}”, which these boundaries do not have.", value=code)
        for code in asked
        if code not in titles
    ]


def verified_of(link: Mapping[str, str], *, has_illustrative: bool) -> tuple[bool, list[Message]]:
    """Return whether a link asks for verified facts only, and what is wrong with it."""
    asked = link.get("facts", VERIFIED)
    if asked == VERIFIED:
        return True, []
    if asked != WITH_ILLUSTRATIVE:
        return True, [
            message(
                "The link asks for the facts “{value}”, which there are not; these are the verified ones.",
                value=asked,
            )
        ]
    if not has_illustrative:
        return True, [message("The link asks for illustrative figures, of which these data have none.")]
    return False, []


def link_to(selection: Selection, plain: Plain) -> dict[str, str]:
    """Return the parameters of a link to a selection; what a plain link shows anyway is left out."""
    link: dict[str, str] = {}
    if selection.language != DEFAULT_LANGUAGE:
        link["lang"] = selection.language
    if selection.period != plain.period:
        link["from"] = selection.period.since.isoformat()
        link["to"] = selection.period.until.isoformat()
    if not selection.verified_only:
        link["facts"] = WITH_ILLUSTRATIVE
    if selection.vintage != plain.vintage:
        link["vintage"] = selection.vintage
    if selection.areas:
        link["area"] = ",".join(selection.areas)
    if selection.ward_code is not None:
        link["ward"] = selection.ward_code
    return link


def read_language(*, is_new: bool) -> tuple[Language, list[Message]]:
    """Return the language chosen, that of the link where it is new, and what is wrong with it."""
    notices: list[Message] = []
    if is_new:
        st.session_state["language"], notices = language_of(st.query_params)
    language: Language = st.session_state["language"]
    return language, notices


def draw_language_switch(language: Language) -> None:
    """Draw the switch of languages, which stands on the one chosen."""
    st.segmented_control(
        translate("Language", language),
        LANGUAGES,
        format_func=str.upper,
        key="language",
        required=True,
        label_visibility="collapsed",
    )


def choose(published: Publication, language: Language, *, is_new: bool) -> list[Message]:
    """Take up what the widgets of `draw_filters` stand at, or a new link; return what is wrong with that.

    A page runs between the two, so that its map goes to the browser before the widgets.
    """
    notices: list[Message] = []
    extent = data.extent(published)
    has_illustrative = data.has_illustrative(published)
    if is_new:
        st.session_state["period"], notices = period_of(st.query_params, extent)
        st.session_state["verified_only"], wrong = verified_of(
            st.query_params, has_illustrative=has_illustrative
        )
        notices += wrong
    period: Period = st.session_state["period"] or extent
    vintages = data.vintages(published)
    plain = Plain(extent, default_vintage(vintages, data.layer(published, "pilot_status"), period))
    if is_new:
        st.session_state["vintage"], wrong = vintage_of(st.query_params, vintages, plain.vintage)
        codes = data.of_vintage(published, "ward_summary", st.session_state["vintage"])["ward_code"]
        st.session_state["ward"], unknown = ward_of(st.query_params, codes)
        titles = area_titles(published, st.session_state["vintage"], language)
        st.session_state["areas"], no_area = areas_of(st.query_params, titles)
        notices += wrong + unknown + no_area
    elif st.session_state["vintage"] not in vintages or (
        st.session_state["vintage"] == st.session_state["followed_vintage"] != plain.vintage
    ):
        # The boundaries follow the days as long as nobody chose others.
        st.session_state["vintage"] = plain.vintage
        _leave_vintage()
    st.session_state["followed_vintage"] = plain.vintage
    vintage = st.session_state["vintage"]
    titles = area_titles(published, vintage, language)
    st.session_state["areas"] = [code for code in st.session_state["areas"] if code in titles]
    st.session_state.setdefault("verified_only", True)
    selection = Selection(
        language=language,
        period=period,
        verified_only=st.session_state["verified_only"] or not has_illustrative,
        vintage=vintage,
        areas=tuple(st.session_state["areas"]),
        ward_code=st.session_state["ward"],
    )
    page_link.begin(link_to(selection, plain), is_new=is_new)
    st.session_state["selection"] = published, selection
    return notices


def draw_filters(areas: DeltaGenerator) -> None:
    """Draw the shared widgets, and into ``areas`` the choice of districts and wards."""
    published, selection = current()
    language = selection.language
    period_picker(picker_state(selection.period, data.extent(published), language), on_period=_select_period)
    st.segmented_control(
        translate("Boundaries from", language),
        data.vintages(published),
        format_func=lambda value: day(value, language),
        key="vintage",
        required=True,
        on_change=_leave_vintage,
    )
    with areas:
        _choose_areas(area_titles(published, selection.vintage, language), language)
    if data.has_illustrative(published):
        st.toggle(translate("Verified facts only", language), key="verified_only")


def _choose_areas(titles: Mapping[str, str], language: Language) -> None:
    """Draw the choice of districts and wards, whose long list is made and sent only while it is open."""
    chosen = st.session_state["areas"]
    if not chosen:
        shown = translate("Area: whole city", language)
    elif len(chosen) == 1:
        shown = translate("Area: {area}", language, area=titles[chosen[0]])
    else:
        shown = translate("Area: {count} chosen", language, count=number(len(chosen), language))
    popover = st.popover(shown, key="choosing_areas", width="stretch", on_change=page_link.act)
    if popover.open:
        popover.multiselect(
            translate("Districts and wards", language),
            list(titles),
            format_func=titles.__getitem__,
            key="areas",
            placeholder=translate("Whole city", language),
        )


def _select_period(period: Period) -> None:
    st.session_state["period"] = period


def current() -> tuple[Publication, Selection]:
    """Return what the frame has chosen for the page that it runs."""
    chosen: tuple[Publication, Selection] = st.session_state["selection"]
    return chosen


def select_ward(code: str | None) -> None:
    """Open the facts of a ward, or close them."""
    st.session_state["ward"] = code


def choose_ward(
    titles: Mapping[str, str],
    code: str | None,
    label: str,
    placeholder: str,
    then: Callable[[], None] = lambda: None,
    **widget: Any,
) -> None:
    """Draw the choice of the ward whose facts are open.

    Parameters
    ----------
    titles
        The wards that are offered, by their codes.
    code
        The ward that is open.
    label, placeholder
        Of the choice, in the reader's language.
    then
        Called after a ward was chosen, before the page runs anew.
    widget
        What ``st.selectbox`` takes besides.
    """

    def chosen() -> None:
        select_ward(st.session_state["ward_choice"])
        then()

    st.session_state["ward_choice"] = code
    st.selectbox(
        label,
        list(titles),
        format_func=titles.__getitem__,
        key="ward_choice",
        on_change=chosen,
        placeholder=placeholder,
        index=None,
        **widget,
    )


def _leave_vintage() -> None:
    """Close what was chosen by its code: codes were reused, and may name another ward in the next vintage.

    Districts kept theirs.
    """
    select_ward(None)
    st.session_state["areas"] = [
        code for code in st.session_state.get("areas", []) if len(code) == DISTRICT_CODE_LENGTH
    ]
