"""Sources and methods: what every figure rests on, how it is reckoned, and what is known to be wrong."""

import streamlit as st
from markupsafe import Markup

from dashboard.query import layers as data
from dashboard.shell.link import linked, one_of
from dashboard.shell.selection import current
from dashboard.subjects.sources import methods
from dashboard.ui.downloads import download_buttons
from dashboard.ui.formats import day
from geodata.language import translate

published, selection = current()
language = selection.language

st.title(methods.page_headline(published, language), anchor=False)
st.html(
    Markup('<p class="hp-sub">{}</p>').format(
        translate(
            "This page is about all the data, whatever days, boundaries or areas are chosen; their day is "
            "{day}.",
            language,
            day=day(data.layer(published, "build")["as_of"].max(), language),
        )
    )
)
with st.container(horizontal=True, vertical_alignment="bottom", key="methods_choice"):
    section_place, search_place = st.container(width="content"), st.container(width=320)
with search_place:
    words = linked(
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
found = methods.sections(published, words or "", language)


def section_title(name: str) -> str:
    """Return the name of a section, with what a search finds in it."""
    title = methods.SECTION_NAMES[name].render(language)
    return f"{title} ({found[name].count})"


with section_place:
    chosen = linked(
        st.segmented_control,
        "section",
        "sources",
        one_of(methods.SECTIONS),
        language,
        label=translate("What to show", language),
        options=methods.SECTIONS,
        format_func=section_title,
        required=True,
        label_visibility="collapsed",
    )
section = found[chosen]
with st.container(key=f"methods_{chosen}"):
    st.html(section.body)
if section.count:
    name = methods.SECTION_NAMES[chosen].render(language)
    download_buttons(f"methods-{chosen}", name, lambda: (section.table, section.titles))
