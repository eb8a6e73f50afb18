"""Draws a route: the map with the way, the list of stops, the timeline, what is said of it, and its files."""

import json
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard.query import layers as data
from dashboard.query.units import programme_frame
from dashboard.screens.routes import overlay, stop_rows, timeline
from dashboard.screens.routes.stop_component import stop_list
from dashboard.screens.routes.widgets import Asked, put_in_order, toggle_stop
from dashboard.subjects.filters import Filters, in_one_line
from dashboard.subjects.visits import cached, words
from dashboard.subjects.visits.asked import request_of
from dashboard.subjects.visits.better import is_better
from dashboard.subjects.visits.search import Search
from dashboard.subjects.visits.stop_list import read_stops
from dashboard.ui import map as maps
from dashboard.ui.chart_style import chart_config, styled
from dashboard.ui.citations import badge_text, credit, water_sources
from dashboard.ui.component import ward_map
from dashboard.ui.downloads import XLSX
from dashboard.ui.formats import day
from dashboard.ui.geometry import geometry_address
from geodata.itinerary.document import Document, as_json
from geodata.itinerary.files import calendar, gpx, kml, sheet, workbook
from geodata.itinerary.itinerary import Itinerary
from geodata.itinerary.request import Request
from geodata.language import Language, render, translate

MAP_HEIGHT = "clamp(17rem, calc(100dvh - 29rem), 62rem)"
EMPTY_MAP_HEIGHT = "clamp(20rem, calc(100dvh - 20rem), 62rem)"
LONGER_SECONDS = 20.0
LINE_LENGTH = 54
CAPTION_FOOT_PX = 18
TICK_SECONDS = 0.5


def found(asked: Asked) -> tuple[Itinerary, Itinerary | None]:
    """Return the itinerary to show and, where an order is locked, the best one.

    Raises
    ------
    GeodataError
        With every fault of what is asked.
    """
    facts = {"verified_only": asked.selection.verified_only}
    request = request_of(
        asked.form, cached.places(asked.published, **facts), cached.cases(asked.published, **facts)
    )
    if request.order is None:
        return _best(asked, request), None
    return cached.itinerary(asked.published, request), _best(asked, replace(request, order=None))


def _best(asked: Asked, request: Request) -> Itinerary:
    """Return the best itinerary known: of the first search, or of a longer one."""
    first = cached.itinerary(asked.published, request)
    search: Search[Itinerary] | None = None
    searched, search = st.session_state.get("route_search", (None, None))
    if search is not None and searched != request:
        search.stop()
        del st.session_state["route_search"]
    elif search is not None and not search.is_running:
        longer = search.result()
        del st.session_state["route_search"]
        best = longer if is_better(longer, first) else first
        # What was found first is as good as it gets where the longer search has ended by itself.
        plan = replace(best.plan, is_searched_out=longer.plan.is_searched_out)
        st.session_state["route_longer"] = request, replace(best, plan=plan)
    kept, longer = st.session_state.get("route_longer", (None, None))
    return longer if kept == request and longer is not None else first


def draw_map(asked: Asked, document: Document | None, title: str, *, is_illustrative: bool) -> None:
    """Draw the wards with the way over them; a click adds a ward or takes it away."""
    language, published, vintage = asked.language, asked.published, asked.vintage
    wards = data.of_vintage(published, "ward", vintage)
    names = cached.ward_names(published, vintage)
    sources = data.layer(published, "source")
    ways = None if document is None else overlay.ways_of(document, names, language)
    visited = [] if document is None else words.codes_of(document)
    left = [] if document is None else [one.ward_code for one in document.unassigned if one.ward_code]
    inside = cached.inside(published, vintage, asked.areas)
    classes, numbers = overlay.ward_classes(wards, visited, left, inside, language)
    focus = overlay.focus_of(ways, programme_frame(published, vintage, asked.areas))
    state = maps.map_state(
        geometry_address(published, vintage),
        classes,
        numbers,
        labels=(),
        ticks=(),
        badge=badge_text(language) if is_illustrative else "",
        selected=None,
        focus=focus,
        height=EMPTY_MAP_HEIGHT if document is None else MAP_HEIGHT,
        texts=maps.map_texts(title, language),
        picture=None
        if document is None
        else {
            "title": title,
            "subtitle": render(in_one_line(route_filters(document, language)), language),
            "credit": credit(
                [*wards["boundary_source"].unique(), *water_sources(sources)], sources, language
            ),
            "name": f"{file_name(document)}.png",
        },
        ways=ways,
    )
    ward_map(state, on_ward=lambda code: toggle_stop(code, language), key="route_map")


def route_filters(document: Document, language: Language) -> Filters:
    """Return what a picture of the route says of it beside what it shows."""
    return [
        (translate("Day", language), day(document.date, language)),
        (translate("Times", language), translate("estimates", language)),
    ]


def draw_stops(asked: Asked, document: Document | None) -> None:
    """Draw the list of stops; without a route those that are asked for, so that one can be taken away."""
    names = cached.ward_names(asked.published, asked.vintage)
    keys = {name: key for key, name in asked.titles.items() if key not in names}
    stop_list(
        stop_rows.asked_rows(read_stops(asked.form.stops), asked.titles)
        if document is None
        else stop_rows.stop_rows(document, names, keys, asked.language),
        stop_rows.list_texts(asked.language),
        is_movable=asked.form.teams == 1 and document is not None and not document.unassigned,
        on_order=put_in_order,
        on_remove=lambda key: toggle_stop(key, asked.language),
    )


def draw_timeline(asked: Asked, document: Document) -> None:
    """Draw the timeline."""
    language = asked.language
    names = cached.ward_names(asked.published, asked.vintage)
    figure = timeline.timeline(document, names, language)
    height = timeline.chart_height(len(document.teams))
    styled(figure, route_filters(document, language), language, height, LINE_LENGTH)
    # So low a chart would cut the line below it.
    figure.update_layout(title_y=CAPTION_FOOT_PX / height)
    st.plotly_chart(
        figure,
        theme=None,
        key="route_timeline",
        config=chart_config(file_name(document), language),
        alt=translate("Timeline: what each team does when", language),
    )


def file_name(document: Document) -> str:
    """Return the name of a route's files without their ending."""
    return f"lo-trinh-{document.date:%Y%m%d}"


def draw_files(asked: Asked, document: Document) -> None:
    """Draw the buttons that hand the route over; a file is made when its button is pressed."""
    language, name = asked.language, file_name(document)
    files: dict[str, tuple[str, str, Callable[[], str | bytes]]] = {
        "gpx": ("GPX", "application/gpx+xml", lambda: gpx.gpx(document, language)),
        "kml": ("KML", "application/vnd.google-earth.kml+xml", lambda: kml.kml(document, language)),
        "ics": (
            translate("Calendar (ICS)", language),
            "text/calendar",
            lambda: calendar.ics(document, language),
        ),
        "xlsx": ("Excel", XLSX, lambda: workbook.xlsx(document, language)),
        "html": (
            translate("Sheet to print", language),
            "text/html",
            lambda: sheet.sheet_html(
                document, language, data.of_vintage(asked.published, "ward", asked.vintage)
            ),
        ),
        "json": (
            "JSON",
            "application/json",
            lambda: json.dumps(as_json(document, language), ensure_ascii=False, indent=2),
        ),
    }
    with st.container(horizontal=True, gap="small", key="downloads_route"):
        for ending, (label, mime, make) in files.items():
            st.download_button(
                label,
                make,
                f"{name}.{ending}",
                mime,
                key=f"download_route_{ending}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def draw_search(asked: Asked, itinerary: Itinerary) -> None:
    """Offer a longer search where the plan is not proven best; show how far one is."""
    if itinerary.plan.proven_optimal or itinerary.request.order is not None:
        return
    language, request = asked.language, itinerary.request
    if itinerary.plan.is_searched_out:
        st.caption(translate("Stopped early: nothing better was found.", language))
        return
    with st.container(key="route_search", horizontal=True, vertical_alignment="center"):
        if "route_search" in st.session_state:
            st.fragment(_follow_search, run_every=TICK_SECONDS)(language)
            return
        # Outside the fragment, which would otherwise run alone and never again.
        st.button(
            translate("Search {seconds} s longer", language, seconds=round(LONGER_SECONDS)),
            key="route_search_begin",
            icon=":material/search:",
            on_click=_begin,
            args=(request,),
            help=translate("The page stays usable meanwhile.", language),
        )
        kept, _ = st.session_state.get("route_longer", (None, None))
        if kept == request:
            st.caption(translate("The longer search has ended; the best it found is shown.", language))


def _follow_search(language: Language) -> None:
    _, search = st.session_state.get("route_search", (None, None))
    if search is None or not search.is_running:
        st.rerun()
    st.progress(
        search.share,
        text=translate(
            "Searching: {elapsed} of {seconds} s",
            language,
            elapsed=int(search.elapsed),
            seconds=int(search.seconds),
        ),
    )
    st.button(
        translate("Stop and show the best so far", language),
        key="route_search_stop",
        icon=":material/stop:",
        on_click=search.stop,
    )


def _begin(request: Request) -> None:
    st.session_state["route_search"] = (
        request,
        Search(cached.searched(request, LONGER_SECONDS), LONGER_SECONDS),
    )
