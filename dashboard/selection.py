"""What the user has chosen, shared by all pages: widgets in the frame, mirrored in the page's address."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import data
from dashboard.formats import day
from geodata.language import DEFAULT_LANGUAGE, Language, Message, message, translate

LANGUAGES: tuple[Language, ...] = ("vi", "en")


@dataclass(frozen=True)
class Selection:
    """What all pages show.

    Attributes
    ----------
    language
        Language of the reader.
    vintage
        ISO date from which the units hold.
    ward_code
        Ward of that vintage whose facts are open.
    """

    language: Language
    vintage: str
    ward_code: str | None


def default_vintage(vintages: list[str], pilot_status: pd.DataFrame) -> str:
    """Return the vintage in which the latest stage was recorded, else the newest one."""
    recorded = pilot_status[pilot_status["vintage"].isin(vintages)].sort_values("valid_from")
    return str(recorded["vintage"].iloc[-1]) if len(recorded) else vintages[-1]


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


def link_to(selection: Selection, default: str) -> dict[str, str]:
    """Return the parameters of a link to a selection; what a plain link shows anyway is left out."""
    link: dict[str, str] = {}
    if selection.language != DEFAULT_LANGUAGE:
        link["lang"] = selection.language
    if selection.vintage != default:
        link["vintage"] = selection.vintage
    if selection.ward_code is not None:
        link["ward"] = selection.ward_code
    return link


def choose_language() -> tuple[Language, list[Message]]:
    """Draw the switch of languages; return the one chosen and what is wrong with the link."""
    notices: list[Message] = []
    if _link_is_new():
        st.session_state["language"], notices = language_of(st.query_params)
    st.segmented_control(
        translate("Language", st.session_state["language"]),
        LANGUAGES,
        format_func=str.upper,
        key="language",
        required=True,
        label_visibility="collapsed",
    )
    language: Language = st.session_state["language"]
    return language, notices


def choose(published: data.Publication, language: Language) -> list[Message]:
    """Draw the shared widgets and write the choice into the address; return what is wrong with the link."""
    notices: list[Message] = []
    vintages = data.vintages(published)
    default = default_vintage(vintages, data.layer(published, "pilot_status"))
    if _link_is_new():
        st.session_state["vintage"], notices = vintage_of(st.query_params, vintages, default)
        codes = data.of_vintage(published, "ward_summary", st.session_state["vintage"])["ward_code"]
        st.session_state["ward"], wrong = ward_of(st.query_params, codes)
        notices += wrong
    st.segmented_control(
        translate("Boundaries valid from", language),
        vintages,
        format_func=lambda value: day(value, language),
        key="vintage",
        required=True,
        # Codes were reused: a code of one vintage may name another ward in the next.
        on_change=lambda: select_ward(None),
    )
    selection = Selection(language, st.session_state["vintage"], st.session_state["ward"])
    link = link_to(selection, default)
    if link != st.query_params.to_dict():
        st.query_params.from_dict(link)
    st.session_state["link"] = link
    st.session_state["selection"] = published, selection
    return notices


def current() -> tuple[data.Publication, Selection]:
    """Return what the frame has chosen for the page that it runs."""
    chosen: tuple[data.Publication, Selection] = st.session_state["selection"]
    return chosen


def select_ward(code: str | None) -> None:
    """Open the facts of a ward, or close them."""
    st.session_state["ward"] = code


def _link_is_new() -> bool:
    """Whether the address differs from the one last written: a pasted link, or back and forward."""
    return st.query_params.to_dict() != st.session_state.get("link")
