"""What the reader has chosen, shared by all pages: widgets in the frame, mirrored in the page's address."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard.query import layers
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.query.units import area_names
from dashboard.shell import link
from dashboard.shell.frame_link import (
    LANGUAGES,
    Selection,
    language_of,
    link_to,
    plain_of,
    read_selection,
)
from dashboard.shell.period_picker import period_picker
from geodata.language import Language, Message, render, translate
from geodata.language.dates import day
from geodata.language.numbers import number
from geodata.period import Period

PAGE, AREAS = "page", "choosing_areas"
"""What runs alone after a choice, by its name."""

DISTRICT_CODE_LENGTH = 3
"""Official codes have three digits for districts and five for units of commune level."""


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


def renew(*, is_new: bool) -> None:
    """Tell that the frame is drawn anew, nothing chosen yet, and whether for a link that is new."""
    st.session_state["has_new_link"] = is_new
    for name in ("selection", "framed"):
        st.session_state.pop(name, None)


def is_made() -> bool:
    """Whether the page that ran could make its choice."""
    return "selection" in st.session_state


def choose(published: Publication, language: Language) -> list[Message]:
    """Take up what the widgets of `draw_filters` stand at, or a new link; return what is wrong with that.

    A page runs between the two, so that its map goes to the browser before the widgets.
    """
    notices: list[Message] = []
    is_new = st.session_state.pop("has_new_link", False)
    extent = layers.extent(published)
    has_illustrative = layers.has_illustrative(published)
    asked: Selection | None = None
    if is_new:
        # What is wrong with the language was told when it was read.
        asked, notices = read_selection(published, {**st.query_params.to_dict(), "lang": language})
        st.session_state.update(
            # Without a range it is all there is, and of a new build more.
            period=None if asked.query.period == extent else asked.query.period,
            verified_only=asked.query.verified_only,
            areas=list(asked.query.areas),
            ward=asked.ward_code,
        )
    period: Period = st.session_state["period"] or extent
    plain = plain_of(published, period)
    # The boundaries follow the days as long as nobody chose others.
    vintage: str = asked.query.vintage if asked else st.session_state["vintage"]
    is_gone = vintage not in layers.vintages(published)
    if is_gone or (not asked and st.session_state["follows_days"] and vintage != plain.vintage):
        vintage = plain.vintage
        _leave_vintage()
    st.session_state.update(vintage=vintage, follows_days=vintage == plain.vintage)
    titles = area_names(published, vintage)
    st.session_state["areas"] = [code for code in st.session_state["areas"] if code in titles]
    st.session_state.setdefault("verified_only", True)
    query = Query(
        published,
        period,
        vintage,
        layers.areas_in_scope(published, vintage, st.session_state["areas"]),
        st.session_state["verified_only"] or not has_illustrative,
    )
    selection = Selection(query, language, st.session_state["ward"])
    link.begin(link_to(selection, plain), is_new=is_new)
    st.session_state["selection"] = selection
    if st.session_state.get("framed", query.vintage) != query.vintage:
        # The frame says it too.
        st.rerun()
    return notices


def draw_filters() -> None:
    """Draw the shared widgets, but for the choice of districts and wards."""
    selection = selected()
    language, published = selection.language, selection.query.published
    st.session_state["framed"] = selection.query.vintage
    _draw_vintages(selection)
    if layers.has_illustrative(published):
        label = translate("Verified facts only", language)
        st.toggle(label, key="verified_only")


def _draw_vintages(selection: Selection) -> None:
    """Draw the choice of boundaries, as another widget whenever it did not itself bring what it shows.

    What is chosen elsewhere before the browser has drawn the new one comes with the state of the one before:
    nobody chose that.
    """
    vintage, (key, shown) = selection.query.vintage, st.session_state.get("vintage_widget", ("vintage_0", ""))
    if vintage != shown:
        key = f"vintage_{int(key.removeprefix('vintage_')) + 1}"
        st.session_state[key] = vintage
        st.session_state["vintage_widget"] = (key, vintage)

    def chosen() -> None:
        st.session_state["vintage"] = st.session_state[key]
        st.session_state["vintage_widget"] = (key, st.session_state[key])
        st.session_state["follows_days"] = False
        _leave_vintage()

    with st.container(key="vintage", width="content"):
        st.segmented_control(
            translate("Boundaries from", selection.language),
            layers.vintages(selection.query.published),
            format_func=lambda one: render(day(one), selection.language),
            key=key,
            required=True,
            on_change=chosen,
        )


def draw_days() -> None:
    """Draw the choice of days; it runs with the page, and stands in the frame."""
    selection = selected()
    query = selection.query
    period_picker(query.period, layers.extent(query.published), select_period, selection.language)


@st.fragment(key=AREAS)
def draw_areas() -> None:
    """Draw the choice of districts and wards, whose long list is made and sent only while it is open."""
    selection = selected()
    language = selection.language
    titles = area_names(selection.query.published, selection.query.vintage)
    chosen = st.session_state["areas"]
    if not chosen:
        shown = translate("Area: whole city", language)
    elif len(chosen) == 1:
        shown = translate("Area: {area}", language, area=titles[chosen[0]])
    else:
        shown = translate("Area: {count} chosen", language, count=number(len(chosen)))
    popover = st.popover(shown, key=AREAS, width="stretch", on_change="rerun")
    if popover.open:
        popover.multiselect(
            translate("Districts and wards", language),
            list(titles),
            format_func=lambda code: render(titles[code], language),
            key="areas",
            on_change=st.rerun,
            args=([PAGE, AREAS],),
            placeholder=translate("Whole city", language),
        )


def select_period(period: Period) -> None:
    """Show another range of days."""
    st.session_state["period"] = period


def selected() -> Selection:
    """Return what the frame has chosen for the page that it runs."""
    chosen: Selection = st.session_state["selection"]
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
