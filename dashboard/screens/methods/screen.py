"""Draws the page of sources and methods, a section at a time, narrowed by a search in all of them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard.query.caching import cached
from dashboard.query.layers import extent
from dashboard.query.publication import Publication
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import linked, linked_choice
from dashboard.subjects.programme.model import latest_fact
from dashboard.subjects.programme.words import latest_words
from dashboard.subjects.sources import words
from dashboard.subjects.sources.model import provenance
from dashboard.subjects.sources.words import SECTION_NAMES, Section
from dashboard.ui.downloads import draw_downloads
from dashboard.ui.html import html
from dashboard.ui.markdown import plain
from geodata.language import Language, message, render, translate


@dataclass(frozen=True)
class DrawnSection:
    """What a search leaves of a section, and its HTML."""

    section: Section
    body: Markup


@cached
def _drawn(published: Publication, searched: str, language: Language) -> Mapping[str, DrawnSection]:
    """Return all sections, with what a search finds in each."""
    return {
        name: drawn_section(name, section, searched, language)
        for name, section in words.sections(provenance(published)).items()
    }


def drawn_section(name: str, section: Section, searched: str, language: Language) -> DrawnSection:
    """Return what a search leaves of a section, and its HTML.

    Parameters
    ----------
    name
        One of `SECTION_NAMES`.
    section
        All of it.
    searched
        What is searched for; empty for all.
    language
        Language of the reader.
    """
    found = [
        entry
        for entry in section.entries
        if matches(searched, *(render(value, language) for value in entry.values()))
    ]
    body = html(
        "methods", language, name=name, searched=searched.strip(), **vars(section) | {"entries": found}
    )
    return DrawnSection(replace(section, entries=found), body)


def matches(searched: str, *texts: object) -> bool:
    """Return whether all words of a search occur in texts, capitals and diacritics aside."""
    text = _plain(" ".join(part for part in texts if isinstance(part, str)))
    return all(word in text for word in _plain(searched).split())


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def draw(selection: Selection) -> None:
    """Draw the page."""
    query, language = selection.query, selection.language
    shown = provenance(query.published)
    counts = len(shown.sources), shown.file_count, len(shown.faults), len(shown.unknown)
    st.title(plain(render(words.headline(*counts), language)), anchor=False)
    every = replace(query, verified_only=False).within(extent(query.published))
    about = words.about_all_data(latest_words(every.period.until, latest_fact(every.evidence())))
    st.html(html("subline", language, is_marked=False, text=about, chosen=None))
    with st.container(horizontal=True, vertical_alignment="center", key="methods_choice"):
        section_place, search_place = st.container(width="content"), st.container(width=320)
    with search_place:
        searched = linked(
            st.text_input,
            "q",
            "",
            str,
            language,
            label=translate("Search in all sections", language),
            placeholder=translate("Search in all sections", language),
            label_visibility="collapsed",
            icon=":material/search:",
        )
    drawn = _drawn(query.published, searched or "", language)
    counted = {
        name: f"{render(title, language)} ({len(drawn[name].section.entries)})"
        for name, title in SECTION_NAMES.items()
    }
    with section_place:
        chosen = linked_choice(
            st.segmented_control,
            "section",
            counted,
            message("What to show"),
            language,
            required=True,
            label_visibility="collapsed",
        )
    section = drawn[chosen].section
    with st.container(key=f"methods_{chosen}"):
        st.html(drawn[chosen].body)
    if section.entries:
        draw_downloads(
            query,
            language,
            f"methods-{chosen}",
            SECTION_NAMES[chosen],
            lambda: (pd.DataFrame(section.entries, columns=list(section.titles)), section.titles),
            shown=SECTION_NAMES[chosen],
        )
