"""The stops of the day: their list, the choice of one more, and the switch that locks their order."""

import streamlit as st

from dashboard.query.layers import of_vintage
from dashboard.screens.routes.choices import ChosenDay
from dashboard.screens.routes.stop_component import stop_list
from dashboard.screens.routes.stop_rows import asked_rows, list_texts, stop_rows
from dashboard.shell.link import flag, linked
from dashboard.subjects.visits import model
from dashboard.subjects.visits.stop_list import (
    MOST_STOPS,
    in_order,
    places,
    read_stops,
    with_place,
    without_place,
)
from dashboard.ui.markdown import plain
from geodata.itinerary.document import Document
from geodata.language import Language, translate


def toggle_stop(place: str, language: Language) -> None:
    """Add a place to the stops, or take it away."""
    stops = st.session_state["page_stops"]
    if place in places(stops):
        st.session_state["page_stops"] = without_place(stops, place)
        return
    st.session_state["page_stops"] = with_place(stops, place)
    if st.session_state["page_stops"] == stops:
        st.toast(plain(translate("A day's list holds {count} places at most.", language, count=MOST_STOPS)))


def put_in_order(order: list[str]) -> None:
    """Put the stops in an order and lock it."""
    st.session_state["page_stops"] = in_order(st.session_state["page_stops"], order)
    st.session_state["page_lock"] = True


def draw_stops(chosen: ChosenDay, shown: Document | None) -> None:
    """Draw the list of stops; without a route those that are asked for, so that one can be taken away."""
    names = model.ward_names(chosen.query.published, chosen.vintage)
    keys = {name: key for key, name in chosen.titles.items() if key not in names}
    stop_list(
        asked_rows(read_stops(chosen.form.stops), chosen.titles)
        if shown is None
        else stop_rows(shown, names, keys),
        list_texts(),
        chosen.language,
        is_movable=chosen.form.teams == 1 and shown is not None and not shown.unassigned,
        on_order=put_in_order,
        on_remove=lambda key: toggle_stop(key, chosen.language),
    )


def add_stop(chosen: ChosenDay) -> None:
    """Draw the list from which a place is added."""
    listed = places(chosen.form.stops)
    wards = of_vintage(chosen.query.published, "ward", chosen.vintage)["ward_code"]
    inside = set(wards[model.inside(chosen.query.published, chosen.vintage, chosen.areas)])
    offered = [
        place
        for place in chosen.titles
        if place not in listed and (place in inside or place not in set(wards))
    ]

    def add() -> None:
        place = st.session_state["route_add"]
        st.session_state["route_add"] = None
        if place is not None:
            toggle_stop(place, chosen.language)

    st.selectbox(
        translate("Add a stop", chosen.language),
        offered,
        format_func=lambda place: chosen.titles[place],
        key="route_add",
        index=None,
        on_change=add,
        placeholder=translate("Add a ward or landmark, here or on the map", chosen.language),
        label_visibility="collapsed",
        disabled=len(listed) >= MOST_STOPS,
    )


def lock_order(chosen: ChosenDay) -> None:
    """Draw the switch that keeps the stops in the order of the list."""
    if chosen.form.teams > 1:
        return
    linked(
        st.toggle,
        "lock",
        False,
        flag,
        chosen.language,
        label=translate("Lock this order", chosen.language),
        help=translate(
            "The stops stay as listed; moving one locks the order too. What it costs against the best order "
            "stands below.",
            chosen.language,
        ),
    )
