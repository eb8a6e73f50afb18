"""Draws what is known of one ward, how its figures went, what it was and what became of it; fit to print."""

from functools import partial
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from dashboard.query.caching import cached
from dashboard.query.query import Query
from dashboard.query.units import ward_titles
from dashboard.screens.ward.sparklines import HEIGHT, WIDTH, as_image
from dashboard.screens.ward.tables import facts_table, inspections_table, trends_table
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import Read, links
from dashboard.shell.selection import choose_ward, select_ward
from dashboard.subjects.filters import active_filters, in_one_line
from dashboard.subjects.ward import trend_words, words
from dashboard.subjects.ward.model import MOST_LISTED
from dashboard.subjects.ward.profile import (
    Profile,
    locator_classes,
    locator_frame,
    ward_profile,
    wards_in_programme,
)
from dashboard.subjects.ward.subline import subline
from dashboard.subjects.ward.trends import Trends, ward_trends
from dashboard.ui.component import draw_map
from dashboard.ui.downloads import draw_downloads
from dashboard.ui.geometry import former_outlines, outlines
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from dashboard.ui.markdown import plain
from dashboard.ui.one_file_map import MapSheet, draw_map_file, sheet_of
from dashboard.ui.published import draw_published_facts
from geodata.evidence import within_areas
from geodata.language import Language, joined, message, render, translate
from geodata.language.numbers import unit_name
from geodata.programme.criteria import criteria_words

MAP_HEIGHT = "210px"
MOST_LINES_ABOVE_MAP = 4

Link = tuple[tuple[str, str], ...]
"""Parameters of a link to this page as it is, as pairs."""


def profile_link(link: Link, key: tuple[str, str]) -> str:
    """Return the address of a ward's profile, relative to this page; areas stay in their own vintage."""
    kept = dict(link)
    kept.pop("ward", None)
    if kept.pop("vintage", None) != key[0]:
        kept.pop("area", None)
    return "?" + urlencode({**kept, "vintage": key[0], "ward": key[1]})


@cached
def choice(query: Query, link: Link, language: Language) -> Markup:
    """Return the wards in the programme as links, for a page on which no ward is chosen."""
    return html(
        "ward_choice",
        language,
        wards=wards_in_programme(query),
        vintage=query.vintage,
        address=partial(profile_link, link),
    )


@cached
def parts(query: Query, code: str, link: Link, language: Language) -> dict[str, Markup]:
    """Return the parts of the page that are HTML.

    Parameters
    ----------
    query
        What is asked.
    code
        Of the ward.
    link
        Parameters of the page's own link.
    language
        Language of the reader.
    """
    shown, trends = ward_profile(query, code), ward_trends(query, code)
    ward, linked = shown.ward, {"address": partial(profile_link, link)}
    is_marked = trends.is_illustrative or not query.verified_only
    return {
        "subline": html("subline", language, is_marked=is_marked, text=subline(ward), chosen=None),
        "facts": html("ward_facts", language, ward=None, words=words, facts=words.profile_facts(shown)),
        "descent": html(
            "ward_descent", language, kin=shown.kin, own=ward.key[0], most=MOST_LISTED, words=words, **linked
        ),
        "trends": html(
            "ward_trends",
            language,
            shown=trends,
            query=query,
            words=trend_words,
            unit_name=unit_name,
            image=as_image,
            width=WIDTH,
            height=HEIGHT,
        ),
        "inspections": html(
            "ward_inspections",
            language,
            ward=ward,
            advice=shown.advice,
            set_sizes=shown.set_sizes,
            words=words,
            criteria_words=criteria_words,
        ),
        "neighbours": html(
            "ward_neighbours", language, neighbours=shown.neighbours, vintage=ward.key[0], **linked
        ),
        "sources": html("ward_sources", language, sources=shown.sources),
        "foot": html("ward_foot", language, filters=in_one_line(active_filters(query))),
    }


def draw(selection: Selection) -> None:
    """Draw the page of a ward, or the wards that may be chosen."""
    query, language, code = selection.query, selection.language, selection.ward_code
    offered = set(within_areas(query.of_vintage("ward"), query.areas)["ward_code"]) | {code}
    titles = {
        one: title for one, title in ward_titles(query.published, query.vintage).items() if one in offered
    }
    link = tuple(links(["ward"])["ward"].items())
    heading = st.container(key="ward_heading")
    with st.container(key="ward_choice_bar", horizontal=True, vertical_alignment="center"):
        choose_ward(
            titles,
            code,
            translate("Facts of a ward", language),
            translate("Choose a ward", language),
            label_visibility="collapsed",
            width=340,
        )
        if code is not None:
            st.html(html("ward_print", language), width="content")
    if code is None:
        heading.title(translate("Choose a ward to see what is known of it", language), anchor=False)
        hint = message(
            "Choose it in the list, or among the wards of the programme: role, figures, inspections, "
            "predecessors."
        )
        heading.html(html("subline", language, is_marked=False, text=hint, chosen=None))
        st.html(choice(query, link, language))
        return
    shown, trends = ward_profile(query, code), ward_trends(query, code)
    drawn = parts(query, code, link, language)
    heading.title(plain(render(words.headline(shown.ward, shown.kin), language)), anchor=False)
    heading.html(drawn["subline"])
    with st.container(key="ward_profile"):
        left, right = st.columns([0.35, 0.65], gap="medium")
        with left:
            st.html(drawn["facts"])
            st.html(drawn["descent"])
        with right:
            st.html(drawn["trends"])
            st.html(drawn["inspections"])
        # Where there is room: charts make the right side the longer one, many predecessors the left.
        is_below = bool(trends.shown) and sum(map(len, shown.kin.values())) <= MOST_LINES_ABOVE_MAP
        with left if is_below else right, st.container(key="ward_place", horizontal=not is_below):
            with st.container(key="ward_locator", width=300):
                locator = _locator(query, shown, titles[code])
                draw_map(locator, select_ward, language)
                st.html(
                    html("ward_locator_legend", language, classes=[*locator.classes, *shown.former.classes])
                )
            st.html(drawn["neighbours"])
    draw_published_facts(query, "ward", language, code)
    st.html(drawn["sources"])
    with st.expander(translate("Download what is known of this ward", language)):
        _draw_files(selection, shown, trends, titles[code])
    st.html(drawn["foot"])


def _locator(query: Query, shown: Profile, title: str) -> MapView:
    code = shown.ward.key[1]
    classes, numbers = locator_classes(code, shown.neighbours, query.of_vintage("ward")["ward_code"])
    return MapView(
        about=title,
        geometry=outlines(query.published, query.vintage, shown.former.vintages),
        classes=classes,
        numbers=numbers,
        focus=locator_frame(query.published, query.vintage, (code, *shown.neighbours)),
        height=MAP_HEIGHT,
        labels=[code],
        selected=code,
        is_compact=True,
        former=former_outlines(query.published, shown.former),
    )


def map_sheet(selection: Selection, _: Read | None = None) -> MapSheet | None:
    """Return the map of the ward among its neighbours as it leaves the page; nothing where none is chosen."""
    code = selection.ward_code
    return None if code is None else _sheet(selection, ward_profile(selection.query, code))


def _sheet(selection: Selection, shown: Profile) -> MapSheet:
    view = _locator(selection.query, shown, shown.ward.title)
    return sheet_of(view, selection.query, selection.language, shown.former.rows["source"])


def _draw_files(selection: Selection, shown: Profile, trends: Trends, title: str) -> None:
    query, language = selection.query, selection.language
    tables = (
        ("facts", message("Facts"), lambda: facts_table(shown)),
        ("inspections", message("Inspections"), lambda: inspections_table(shown)),
        ("indicators", message("Indicators"), lambda: trends_table(trends)),
    )
    for name, about, table in tables:
        st.caption(plain(render(about, language)))
        file = f"ward-{shown.ward.key[1]}-{name}"
        called = joined(" ", [shown.ward.title, shown.ward.key[1], about])
        draw_downloads(query, language, file, joined(": ", [title, about]), table, shown=called)
    draw_map_file(_sheet(selection, shown))
