"""Draws the overview: how far the programme is, where its wards lie, what happened, and facts of one ward."""

from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from dashboard.query.caching import cached
from dashboard.query.query import Query
from dashboard.query.units import area_names, programme_frame, ward_titles
from dashboard.shell.ahead import ahead, controls_address
from dashboard.shell.first_view import Opening
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import Read
from dashboard.shell.selection import choose_ward, select_ward
from dashboard.subjects.programme import words
from dashboard.subjects.programme.model import Programme, programme
from dashboard.subjects.ward import words as ward_words
from dashboard.subjects.ward.model import Ward, ward_of
from dashboard.ui.component import draw_map
from dashboard.ui.geometry import former_outlines, outlines
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from dashboard.ui.markdown import plain
from dashboard.ui.one_file_map import MapSheet, draw_map_file, sheet_of
from dashboard.ui.published import draw_published_facts
from geodata.language import Language, Words, joined, render, translate

MAP_HEIGHT = "clamp(20rem, min(100dvh - 19.5rem, 105vw), 60rem)"


@cached
def _parts(query: Query, language: Language) -> dict[str, Markup]:
    names = area_names(query.published, query.vintage)
    areas = joined(", ", [names[code] for code in query.areas]) if query.areas else None
    return parts(programme(query), areas, language)


def parts(shown: Programme, areas: Words | None, language: Language) -> dict[str, Markup]:
    """Return the parts of the page that are HTML: subline, cards, inspections, events, notes.

    Parameters
    ----------
    shown
        How the programme stands.
    areas
        Names of the districts and wards that are looked at; none for the whole city.
    language
        Language of the reader.
    """
    marked = {"is_marked": not shown.verified_only, "text": words.subline(shown), "chosen": areas}
    values = {"shown": shown, "words": words}
    return {
        "subline": html("subline", language, **marked),
        "cards": html("cards", language, groups=words.cards(shown)),
        "inspections": html("programme_inspections", language, **values),
        "events": html("programme_events", language, **values),
        "notes": html("programme_notes", language, **values),
    }


@cached
def _ward_facts(query: Query, ward_code: str, language: Language) -> Markup:
    return ward_facts(ward_of(query.evidence(), (query.vintage, ward_code)), language)


def ward_facts(ward: Ward, language: Language) -> Markup:
    """Return what is known of a ward, as it stands beside the map."""
    return html("ward_facts", language, ward=ward, words=ward_words, facts=ward_words.facts(ward))


def draw(selection: Selection) -> None:
    """Draw the overview."""
    query, language = selection.query, selection.language
    shown, drawn = programme(query), _parts(query, language)
    st.title(plain(render(words.headline(shown), language)), anchor=False)
    st.html(drawn["subline"])
    city, side = st.columns([0.65, 0.35], gap="medium")
    with city:
        controls = controls_address(query.published, {})
        drawn_map = replace(view(selection), ahead=ahead("overview", selection, {}, controls))
        draw_map(drawn_map, select_ward, language)
        st.html(drawn["notes"])
    with side, st.container(key="side"):
        st.html(drawn["cards"])
        choose_ward(
            ward_titles(query.published, query.vintage),
            selection.ward_code,
            translate("Facts of a ward", language),
            translate("Choose a ward here or on the map", language),
        )
        if selection.ward_code is not None:
            st.html(_ward_facts(query, selection.ward_code, language))
        st.html(drawn["inspections"])
        st.subheader(translate("Events", language), anchor=False)
        st.html(drawn["events"])
        draw_published_facts(query, "overview", language)
        draw_map_file(map_sheet(selection))


def view(selection: Selection, _: Read | None = None) -> MapView:
    """Return the map."""
    query = selection.query
    shown = programme(query)
    return MapView(
        about=words.headline(shown),
        geometry=outlines(query.published, query.vintage, shown.former.vintages),
        classes=shown.classes,
        numbers=shown.class_numbers,
        focus=programme_frame(query.published, query.vintage, query.areas),
        height=MAP_HEIGHT,
        labels=shown.programme_codes,
        ticks=shown.ticks,
        badge=words.ILLUSTRATIVE if shown.is_illustrative else "",
        selected=selection.ward_code,
        former=former_outlines(query.published, shown.former),
    )


def map_sheet(selection: Selection, _: Read | None = None) -> MapSheet:
    """Return the map as it leaves the page."""
    return sheet_of(view(selection), selection.query, selection.language, _sources(selection.query))


@cached
def _sources(query: Query) -> tuple[str, ...]:
    """Return the sources of role and stage of the wards, and of their inspections."""
    evidence = query.evidence().of_areas(query.vintage, query.areas)
    return (*evidence.pilot_status["source"], *evidence.inspections_within()["source"])


def opening(selection: Selection, _: Read) -> Opening:
    """Return what the page shows first."""
    query, language = selection.query, selection.language
    headline = render(words.headline(programme(query)), language)
    return Opening(headline, _parts(query, language)["subline"], view(selection))
