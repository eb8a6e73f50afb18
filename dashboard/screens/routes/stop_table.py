"""The table in which each stop is edited: minutes, when it may begin, whether it must be, its load."""

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.screens.routes.choices import ChosenDay
from dashboard.shell.link import flag, linked
from dashboard.subjects.visits.stop_list import MOST_LOAD, MOST_MINUTES, changed, read_stops
from geodata.language import translate


def edit_stops(chosen: ChosenDay) -> None:
    """Draw the table where it is wanted; what is written there goes into the link."""
    language, stops = chosen.language, chosen.form.stops
    label = translate("Edit each stop: minutes, times, priority, load", language)
    if not linked(st.toggle, "edit", False, flag, language, label=label):
        return
    wanted = read_stops(stops)
    table = pd.DataFrame(
        {
            "name": [chosen.titles.get(stop.place, stop.place) for stop in wanted],
            "service_min": pd.array(
                [
                    chosen.form.service_min if stop.service_min is None else stop.service_min
                    for stop in wanted
                ],
                dtype="Int64",
            ),
            "earliest": [stop.earliest for stop in wanted],
            "latest": [stop.latest for stop in wanted],
            "is_must": [stop.is_must for stop in wanted],
            "load": [stop.load for stop in wanted],
        }
    )
    # A table of other stops has another key, or its cells would keep what was written for these.
    key = f"route_details_{stops}_{chosen.form.service_min}_{language}"

    def write() -> None:
        rows = st.session_state[key]["edited_rows"]
        text = stops
        for row, cells in rows.items():
            text = _written(text, table.iloc[int(row)].to_dict() | cells, wanted[int(row)].place, chosen)
        st.session_state["page_stops"] = text

    st.data_editor(
        table,
        key=key,
        on_change=write,
        hide_index=True,
        disabled=["name"],
        width="stretch",
        alt=label,
        placeholder="–",
        column_config={
            "name": st.column_config.TextColumn(translate("Stop", language)),
            "service_min": st.column_config.NumberColumn(
                translate("Minutes", language), min_value=0, max_value=MOST_MINUTES, step=1, required=True
            ),
            "earliest": st.column_config.TimeColumn(translate("May begin from", language), format="HH:mm"),
            "latest": st.column_config.TimeColumn(translate("Must begin by", language), format="HH:mm"),
            "is_must": st.column_config.CheckboxColumn(
                translate("Must", language),
                help=translate("Otherwise it is visited where it fits", language),
            ),
            "load": st.column_config.NumberColumn(
                translate("Load", language), min_value=0, max_value=MOST_LOAD, step=1, required=True
            ),
        },
    )


def _written(text: str, cells: Mapping[Any, Any], place: str, chosen: ChosenDay) -> str:
    minutes = int(cells["service_min"])
    return changed(
        text,
        place,
        service_min=None if minutes == chosen.form.service_min else minutes,
        earliest=_time(cells["earliest"]),
        latest=_time(cells["latest"]),
        is_must=bool(cells["is_must"]),
        load=int(cells["load"] or 0),
    )


def _time(cell: Any) -> datetime.time | None:
    if cell is None or pd.isna(cell):
        return None
    return datetime.time.fromisoformat(cell) if isinstance(cell, str) else cell
