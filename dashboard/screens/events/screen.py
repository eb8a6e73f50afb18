"""Draws events: which tasks of the security plan of one of them are assigned, and which are not stated."""

import streamlit as st

from dashboard.query.layers import of_vintage
from dashboard.screens.events.exports import event_export, plan_export
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import Read, flag, linked, linked_choice, one_of
from dashboard.shell.selection import select_ward
from dashboard.subjects.events import words
from dashboard.subjects.events.model import (
    RecordedEvent,
    SiteMap,
    map_layer,
    recorded_events,
    security_plan,
    shares,
    site_counts,
    site_map,
    site_plans,
    sites_frame,
)
from dashboard.subjects.sources.citations import cite
from dashboard.ui.component import draw_map
from dashboard.ui.downloads import MapFiles, draw_downloads
from dashboard.ui.geometry import outlines
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from dashboard.ui.markdown import plain
from dashboard.ui.one_file_map import MapSheet, draw_map_file, sheet_of
from dashboard.ui.published import draw_published_facts
from dashboard.ui.tables import LISTED, listed
from geodata.events.plan import SecurityPlan, default_event, map_vintage
from geodata.language import message, render, translate


def draw(selection: Selection) -> None:
    """Draw the page of events."""
    query, language = selection.query, selection.language
    events = {event.event_id: event for event in recorded_events(query)}
    if not events:
        st.title(plain(render(words.NO_EVENT, language)), anchor=False)
        text = message("Events come from the register or from an imported file.")
        st.html(html("nothing", language, text=text))
        return
    title, below = st.empty(), st.empty()
    chosen = linked_choice(
        st.selectbox,
        "event",
        {event_id: words.title(event) for event_id, event in events.items()},
        message("Event"),
        language,
        default=default_event(query.layer("event"), query.layer("event_task")),
        label_visibility="collapsed",
    )
    event, plan = events[chosen], security_plan(query, chosen)
    title.title(plain(render(words.headline(event, plan), language)), anchor=False)
    cited = cite([event.source], query.layer("source"))
    below.html(html("events_subline", language, event=event, period=query.period, cited=cited, words=words))
    if plan.cells.empty:
        st.html(html("nothing", language, text=words.no_plan(plan)))
    else:
        _draw_plan(selection, event, plan)
    with st.expander(translate("Events without a plan", language), expanded=plan.cells.empty):
        _draw_others(selection)
    draw_published_facts(query, "events", language)


def _draw_plan(selection: Selection, event: RecordedEvent, plan: SecurityPlan) -> None:
    query, language = selection.query, selection.language
    wards = of_vintage(query.published, "ward", map_vintage(plan, query.vintage))
    matrix, city = st.columns([0.66, 0.34], gap="medium")
    with matrix:
        sites = site_plans(plan)
        st.html(html("events_gaps", language, plan=plan, sites=sites, words=words))
        st.html(html("events_plan", language, sites=sites, counts=site_counts(plan), words=words))
        draw_downloads(
            query,
            language,
            "event-plan",
            words.headline(event, plan),
            lambda: plan_export(plan),
            MapFiles(lambda: map_layer(plan, wards)),
            shown=message("Security plan"),
            vintage=map_vintage(plan, query.vintage),
        )
    with city:
        _draw_map(selection, event, plan, site_map(plan, wards))
    st.html(html("events_shares", language, shares=shares(plan), words=words))
    label = translate("Units, notes and sources of each task", language)
    if linked(st.toggle, "tasks", False, flag, language, label=label):
        rows = plan.cells.sort_values(["is_gap", "is_stated"], ascending=False, kind="stable")
        st.html(html("events_tasks", language, table=listed(rows, query.layer("source")), words=words))


def _view(selection: Selection, event: RecordedEvent, plan: SecurityPlan, drawn: SiteMap) -> MapView:
    query = selection.query
    return MapView(
        about=words.headline(event, plan),
        geometry=outlines(query.published, drawn.vintage),
        classes=words.map_classes(drawn),
        numbers=drawn.class_numbers,
        focus=sites_frame(query.published, drawn.vintage, drawn.codes),
        height="300px",
        labels=drawn.codes,
        selected=selection.ward_code if drawn.vintage == query.vintage else None,
        values=words.tooltips(drawn),
        is_compact=True,
    )


def map_sheet(selection: Selection, value: Read) -> MapSheet | None:
    """Return the map of an event as it leaves the page; nothing without an event, or without its plan."""
    query = selection.query
    events = {event.event_id: event for event in recorded_events(query)}
    if not events:
        return None
    usual = default_event(query.layer("event"), query.layer("event_task"))
    event = events[value("event", usual, one_of([*events]))]
    plan = security_plan(query, event.event_id)
    return None if plan.cells.empty else _sheet(selection, event, plan)


def _sheet(selection: Selection, event: RecordedEvent, plan: SecurityPlan) -> MapSheet:
    query = selection.query
    vintage = map_vintage(plan, query.vintage)
    drawn = site_map(plan, of_vintage(query.published, "ward", vintage))
    view = _view(selection, event, plan, drawn)
    notes = words.map_notes(plan, drawn, query.vintage)
    return sheet_of(view, query, selection.language, plan.cells["source"], vintage, notes=notes)


def _draw_map(selection: Selection, event: RecordedEvent, plan: SecurityPlan, drawn: SiteMap) -> None:
    query, language = selection.query, selection.language
    is_chosen = drawn.vintage == query.vintage
    view = _view(selection, event, plan, drawn)
    draw_map(view, lambda code: select_ward(code) if is_chosen else None, language)
    lines = words.map_notes(plan, drawn, query.vintage)
    st.html(html("events_map_notes", language, classes=view.classes, lines=lines))
    draw_map_file(_sheet(selection, event, plan))


def _draw_others(selection: Selection) -> None:
    query, language = selection.query, selection.language
    sources = query.layer("source")
    others = [event for event in recorded_events(query) if not event.has_plan]
    others.sort(key=lambda event: (event.day, event.event_id), reverse=True)
    shown = [(event, cite([event.source], sources)) for event in others[:LISTED]]
    st.html(html("events_others", language, shown=shown, count=len(others), words=words))
    about = message("Events")
    draw_downloads(query, language, "events", about, lambda: event_export(query.layer("event")))
