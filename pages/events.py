"""Events: which tasks of an event's security plan are assigned, and which are not."""

import streamlit as st

from dashboard.query import layers as data
from dashboard.shell.link import flag, linked, one_of
from dashboard.shell.selection import current, select_ward
from dashboard.subjects.events import plan as events
from dashboard.ui import map as maps
from dashboard.ui.component import ward_map
from dashboard.ui.downloads import download_buttons
from dashboard.ui.geometry import geometry_address
from dashboard.ui.tables import nothing
from geodata.events.plan import default_event, map_vintage
from geodata.language import translate

published, selection = current()
language, vintage, areas, period = selection.language, selection.vintage, selection.areas, selection.period
known = data.evidence(published, period, verified_only=selection.verified_only)
event, event_task = data.layer(published, "event"), data.layer(published, "event_task")


def show_event() -> None:
    """Draw the chosen event, its plan, and the events without one."""
    title, told = st.empty(), st.empty()
    titles = events.event_titles(event, event_task, period, language)
    chosen = linked(
        st.selectbox,
        "event",
        default_event(event, event_task),
        one_of(list(titles)),
        language,
        label=translate("Event", language),
        options=list(titles),
        format_func=titles.__getitem__,
        label_visibility="collapsed",
    )
    row = event[event["event_id"] == chosen].to_dict("records")[0]
    plan = events.plan(published, chosen, vintage, areas, period)
    headline = events.headline(row, plan, language)
    title.title(headline, anchor=False)
    told.html(events.subline(row, known, language))

    if plan.cells.empty:
        st.html(events.no_plan(plan, language))
    else:
        drawn = map_vintage(plan, vintage)
        wards = data.of_vintage(published, "ward", drawn)
        classes, numbers, values = events.map_classes(plan, wards, language)
        codes = tuple(code for code, place in zip(wards["ward_code"], numbers, strict=True) if place < 3)
        matrix, city = st.columns([0.66, 0.34], gap="medium")
        with matrix:
            st.html(events.gap_list(plan, language))
            st.html(events.plan_table(plan, language))
            download_buttons(
                "event-plan",
                headline,
                lambda: events.plan_export(plan, language),
                lambda: events.map_layer(plan, wards),
            )
        with city:
            ward_map(
                maps.map_state(
                    geometry_address(published, drawn),
                    classes,
                    numbers,
                    labels=codes,
                    ticks=[],
                    badge="",
                    selected=selection.ward_code if drawn == vintage else None,
                    focus=events.frame(published, drawn, codes),
                    height="300px",
                    texts=maps.map_texts(headline, language),
                    values=values,
                    is_compact=True,
                ),
                on_ward=lambda code: select_ward(code) if drawn == vintage else None,
            )
            st.html(events.map_notes(plan, classes, drawn, vintage, language))
        st.html(events.share_table(plan, language))
        if linked(
            st.toggle,
            "tasks",
            False,
            flag,
            language,
            label=translate("Units, notes and sources of each task", language),
        ):
            st.html(events.task_table(plan, known.source, language))

    with st.expander(translate("Events without a plan", language), expanded=plan.cells.empty):
        st.html(events.events_list(event, event_task, known, language))
        download_buttons(
            "events", translate("Events", language), lambda: events.event_export(event, language)
        )


if event.empty:
    st.title(translate("No event on record yet", language), anchor=False)
    st.html(nothing(translate("Events come from the register or from an imported file.", language)))
else:
    show_event()
