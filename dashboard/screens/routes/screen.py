"""Draws a day of visits: its way on the map, its stops, its timeline, what is said of it, and its files."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from dashboard.query.layers import layer, of_vintage
from dashboard.query.units import programme_frame
from dashboard.screens.routes.choices import ChosenDay, choose_day, read_day
from dashboard.screens.routes.plans import draw_search, found, planned
from dashboard.screens.routes.ready_lists import case_buttons
from dashboard.screens.routes.stop_table import edit_stops
from dashboard.screens.routes.stops import add_stop, draw_stops, lock_order, toggle_stop
from dashboard.screens.routes.timeline import chart_height, timeline
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import Read
from dashboard.subjects.filters import in_one_line
from dashboard.subjects.programme.words import ILLUSTRATIVE
from dashboard.subjects.sources.citations import cite
from dashboard.subjects.visits import model, words
from dashboard.subjects.visits.map import focus_of, ward_classes, ways_of
from dashboard.ui.chart_style import chart_config, styled
from dashboard.ui.component import draw_map
from dashboard.ui.downloads import XLSX, dated_name, download
from dashboard.ui.geometry import outlines
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from dashboard.ui.markdown import plain
from dashboard.ui.one_file_map import MapSheet, draw_map_file
from dashboard.ui.published import draw_published_facts
from dashboard.ui.static_files import frontend_address
from geodata.contract.errors import Fault, GeodataError
from geodata.itinerary.document import Document, as_json
from geodata.itinerary.files import calendar, gpx, kml, sheet, workbook
from geodata.itinerary.itinerary import Itinerary
from geodata.language import Language, Words, message, render, translate

MAP_HEIGHT = "clamp(17rem, calc(100dvh - 29rem), 62rem)"
EMPTY_MAP_HEIGHT = "clamp(20rem, calc(100dvh - 20rem), 62rem)"
CAPTION_FOOT_PX = 18


def draw(selection: Selection) -> None:
    """Draw the day that is asked for; without one, or where it can't be made, what is to be chosen."""
    language = selection.language
    st.html(f'<style>@import url("{frontend_address("routes.css")}");</style>')
    heading = st.container(gap="xsmall")
    chosen = choose_day(selection, st.container(key="route_controls"))
    if chosen.form.stops:
        try:
            itinerary, best = found(chosen, heading)
        except GeodataError as error:
            st.error(faults_text(error.faults, language))
        else:
            _draw_itinerary(chosen, itinerary, best, heading)
            draw_published_facts(chosen.query, "routes", language)
            return
    title = (
        message("This route can't be made")
        if chosen.form.stops
        else message("Choose wards to make a route of a day's visits")
    )
    heading.title(plain(title.render(language)), anchor=False)
    is_schematic = outlines(chosen.query.published, chosen.vintage).notes.is_schematic
    below = words.empty_subline(chosen.form.day, chosen.vintage, is_schematic=is_schematic)
    heading.html(html("subline", language, is_marked=False, text=below, chosen=None))
    city, side = st.columns([0.53, 0.47], gap="small")
    with city:
        _draw_map(chosen, None, title, is_illustrative=False)
    with side, st.container(key="route_side", gap="small"):
        add_stop(chosen)
        if chosen.form.stops:
            draw_stops(chosen, None)
        else:
            st.html(html("nothing", language, text=words.NOTHING_CHOSEN))
        case_buttons(chosen.query, "empty", language)
    draw_published_facts(chosen.query, "routes", language)


def _draw_itinerary(
    chosen: ChosenDay,
    itinerary: Itinerary,
    best: Itinerary | None,
    heading: st.delta_generator.DeltaGenerator,
) -> None:
    language, published, request = chosen.language, chosen.query.published, itinerary.request
    shown, title, is_illustrative = _told(chosen, itinerary)
    name = file_name(shown, language, is_illustrative=is_illustrative)
    heading.title(plain(title.render(language)), anchor=False)
    is_schematic = outlines(published, chosen.vintage).notes.is_schematic
    below = words.subline(shown, request, is_schematic=is_schematic)
    heading.html(html("subline", language, is_marked=is_illustrative, text=below, chosen=None))
    city, side = st.columns([0.53, 0.47], gap="small")
    with city:
        _draw_map(chosen, shown, title, is_illustrative=is_illustrative)
        _draw_timeline(chosen, shown, name)
    with side, st.container(key="route_side", gap="small"):
        add_stop(chosen)
        draw_stops(chosen, shown)
        lock_order(chosen)
        lines = words.statements(shown, None if best is None else model.document_of(best))
        st.html(html("visits_statements", language, lines=lines, broken=shown.violations))
        draw_search(itinerary, language)
        _draw_files(chosen, shown, name)
        draw_map_file(_sheet(chosen, itinerary))
    edit_stops(chosen)
    sources = layer(published, "source")
    premises = [
        (one, None if one.is_assumption or not one.source else cite([one.source], sources))
        for one in shown.assumptions
    ]
    st.html(html("visits_notes", language, notes=shown.notes, premises=premises, words=words))


def faults_text(faults: Sequence[Fault], language: Language) -> str:
    """Return all faults of a request as one message, a line each, as Markdown that shows them as they are."""
    lines = [words.named(fault, language).render(language) for fault in faults]
    head = translate("No route can be made of this:", language)
    return "\n".join([head, *(f"- {plain(line)}" for line in lines)])


def _draw_map(chosen: ChosenDay, shown: Document | None, title: Words, *, is_illustrative: bool) -> None:
    """Draw the wards with the way over them; a click adds a ward or takes it away."""
    view, language = _view(chosen, shown, title, is_illustrative=is_illustrative), chosen.language
    draw_map(view, lambda code: toggle_stop(code, language), language, key="route_map")


def _view(chosen: ChosenDay, shown: Document | None, title: Words, *, is_illustrative: bool) -> MapView:
    language, published, vintage = chosen.language, chosen.query.published, chosen.vintage
    wards = of_vintage(published, "ward", vintage)
    ways, visited, left, name = None, [], [], ""
    if shown is not None:
        ways = ways_of(shown, model.ward_names(published, vintage))
        visited = model.codes_of(shown)
        left = [one.ward_code for one in shown.unassigned if one.ward_code]
        name = file_name(shown, language, is_illustrative=is_illustrative)
    inside = model.inside(published, vintage, chosen.areas)
    classes, numbers = ward_classes(wards, visited, left, inside)
    return MapView(
        about=title,
        geometry=outlines(published, vintage),
        classes=classes,
        numbers=numbers,
        focus=focus_of(ways, programme_frame(published, vintage, chosen.areas)),
        height=EMPTY_MAP_HEIGHT if shown is None else MAP_HEIGHT,
        badge=ILLUSTRATIVE if is_illustrative else "",
        picture=None if shown is None else _picture(shown, title, name),
        ways=ways,
    )


def map_sheet(selection: Selection, value: Read) -> MapSheet | None:
    """Return the map of a day as it leaves the page; nothing while no ward is chosen.

    Raises
    ------
    GeodataError
        With every fault of what is asked.
    """
    chosen = read_day(selection, value)
    if not chosen.form.stops:
        return None
    try:
        return _sheet(chosen, planned(chosen))
    except GeodataError as error:
        raise GeodataError([words.named(fault, chosen.language) for fault in error.faults]) from error


def _sheet(chosen: ChosenDay, itinerary: Itinerary) -> MapSheet:
    shown, title, is_illustrative = _told(chosen, itinerary)
    view = _view(chosen, shown, title, is_illustrative=is_illustrative)
    picture = view.picture or {}
    # Beside the sheet to print, which is HTML too.
    name = f"{picture['name']}".replace(".png", "-map")
    return MapSheet(replace(view, picture={**picture, "name": name}), chosen.language)


def _told(chosen: ChosenDay, itinerary: Itinerary) -> tuple[Document, Words, bool]:
    """Return the document of an itinerary, its headline, and whether it rests on what is illustrative."""
    shown, request = model.document_of(itinerary), itinerary.request
    is_illustrative = model.is_illustrative(request)
    kinds = model.ward_kinds(chosen.query.published, chosen.vintage)
    title = words.headline(shown, kinds, is_assumed=request.is_schedule_assumed, is_generated=is_illustrative)
    return shown, title, is_illustrative


def _picture(shown: Document, title: Words, name: str) -> dict[str, Words | str]:
    return {
        "title": title,
        "subtitle": in_one_line(words.filters(shown)),
        "credit": "",
        "name": f"{name}.png",
    }


def _draw_timeline(chosen: ChosenDay, shown: Document, name: str) -> None:
    language = chosen.language
    names = model.ward_names(chosen.query.published, chosen.vintage)
    figure = timeline(shown, names, language)
    height = chart_height(len(shown.teams))
    styled(figure, words.filters(shown), language, height)
    # So low a chart would cut the line below it.
    figure.update_layout(title_y=CAPTION_FOOT_PX / height)
    st.plotly_chart(
        figure,
        theme=None,
        key="route_timeline",
        config=chart_config(name, language),
        alt=translate("Timeline: what each team does when", language),
    )


def file_name(shown: Document, language: Language, *, is_illustrative: bool) -> str:
    """Return the name of a route's files without their ending."""
    called = message("Route")
    return dated_name(called, [shown.date], shown.vintage, language, is_illustrative=is_illustrative)


_GPX = {"gpx": "application/gpx+xml", "zip": "application/zip"}
"""The type of a file of GPX by its ending."""


def _draw_files(chosen: ChosenDay, shown: Document, name: str) -> None:
    """Draw the buttons that hand the route over; a file is made when its button is pressed."""
    language = chosen.language
    wards = of_vintage(chosen.query.published, "ward", chosen.vintage)
    notes = outlines(chosen.query.published, chosen.vintage).notes
    files: dict[str, tuple[str, str, Callable[[], str | bytes]]] = {
        "gpx": ("GPX", _GPX[gpx.gpx_ending(shown)], lambda: gpx.gpx(shown, language)),
        "kml": ("KML", "application/vnd.google-earth.kml+xml", lambda: kml.kml(shown, language)),
        "ics": (
            translate("Calendar (ICS)", language),
            "text/calendar",
            lambda: calendar.ics(shown, language),
        ),
        "xlsx": ("Excel", XLSX, lambda: workbook.xlsx(shown, language)),
        "html": (
            translate("Sheet to print", language),
            "text/html",
            lambda: sheet.sheet_html(shown, language, wards, notes.lines),
        ),
        "json": (
            "JSON",
            "application/json",
            lambda: json.dumps(as_json(shown, language), ensure_ascii=False, indent=2),
        ),
    }
    with st.container(horizontal=True, gap="small", key="downloads_route"):
        for ending, (label, mime, make) in files.items():
            file = f"{name}.{gpx.gpx_ending(shown) if ending == 'gpx' else ending}"
            download(label, make, file, mime, f"download_route_{ending}")
        if notes.notice is not None:
            st.caption(plain(render(notes.notice, language)))
