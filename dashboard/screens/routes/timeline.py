"""The timeline of a day: when each team drives, waits, visits and rests, told by pattern and words too."""

import datetime
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from dashboard.subjects.visits.map import colour_of
from dashboard.ui.chart_style import escaped
from geodata.itinerary.document import Document, TeamDay, TimedStop
from geodata.itinerary.files.wording import clock, minutes, team_name
from geodata.language import Language, message, translate
from geodata.programme.symbols import BORDER, INK

KINDS = {
    "drive": message("drive"),
    "wait": message("wait"),
    "visit": message("visiting"),
    "lunch": message("lunch"),
}
PATTERNS = {"drive": "", "wait": ".", "visit": "", "lunch": "x"}
ROW_PX = 40
"""Height of a team's row."""
LEAST_WAIT = datetime.timedelta(seconds=60)
"""What is shorter comes from rounding to the minute."""


def _local(moment: datetime.datetime) -> datetime.datetime:
    # Plotly would move a time with a zone into the reader's.
    return moment.replace(tzinfo=None)


def spells(team: TeamDay, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what a team does from its departure to its end, in order.

    Parameters
    ----------
    team
        See `geodata.itinerary.document.Document`.
    names
        Short names of wards by their code.

    Returns
    -------
    One each: ``kind`` of `KINDS`, ``begins``, ``ends`` (local times), ``number`` and ``name`` of the stop
    that is visited, waited for or driven to.
    """
    found = [
        _spell("visit", stop.begins, stop.ends, stop, names)
        for stop in team.stops
        if stop.begins and stop.ends
    ]
    for before, stop in pairwise(team.stops):
        if before.departure and stop.arrival:
            found.append(_spell("drive", before.departure, stop.arrival, stop, names))
    if lunch := team.lunch:
        found.append(_spell("lunch", lunch.begins, lunch.ends, team.stops[lunch.after], names))
    found.sort(key=lambda spell: spell["begins"])
    waits = [
        {**after, "kind": "wait", "begins": before["ends"], "ends": after["begins"]}
        for before, after in pairwise(found)
        if after["begins"] - before["ends"] >= LEAST_WAIT
    ]
    return sorted(found + waits, key=lambda spell: spell["begins"])


def _spell(
    kind: str,
    since: datetime.datetime,
    until: datetime.datetime,
    stop: TimedStop,
    names: Mapping[str, str],
) -> dict[str, Any]:
    name = names.get(stop.ward_code or "", stop.name)
    spell = {"kind": kind, "begins": _local(since), "ends": _local(until)}
    return {**spell, "number": stop.number, "name": name}


def chart_height(count: int) -> int:
    """Return the height in pixels of the chart of so many teams."""
    return 104 + ROW_PX * count


def timeline(document: Document, names: Mapping[str, str], language: Language) -> go.Figure:
    """Return the timeline of an itinerary, a row a team.

    Parameters
    ----------
    document
        See `geodata.itinerary.document.document`.
    names
        Short names of wards by their code.
    language
        Language of the reader.
    """
    figure = go.Figure()
    is_one = len(document.teams) == 1
    rows = [
        (translate("The day", language) if is_one else team_name(team).render(language), team)
        for team in document.teams
    ]
    for kind, title in KINDS.items():
        found = [
            (row, team.team, one) for row, team in rows for one in spells(team, names) if one["kind"] == kind
        ]
        if found:
            figure.add_trace(_bars(kind, title.render(language), found, document.date, language))
    figure.update_layout(
        barmode="overlay",
        bargap=0.25,
        minreducedheight=20,
        legend={"traceorder": "normal"},
        yaxis={"autorange": "reversed", "showgrid": False, "visible": not is_one},
        xaxis={"type": "date", "tickformat": "%H:%M", "ticklabelmode": "instant", "hoverformat": "%H:%M"},
        hovermode="closest",
    )
    return figure


def _bars(
    kind: str,
    title: str,
    found: Sequence[tuple[str, int, Mapping[str, Any]]],
    date: datetime.date,
    language: Language,
) -> go.Bar:
    def written(spell: Mapping[str, Any]) -> str:
        if kind == "lunch":
            return title
        if kind != "visit":
            return ""
        return str(spell["number"])

    def told(team: int, spell: Mapping[str, Any]) -> str:
        about = "" if kind == "lunch" else f": {spell['name']}"
        length = minutes((spell["ends"] - spell["begins"]).total_seconds() / 60).render(language)
        return escaped(
            f"{title}{about}, {clock(spell['begins'], date)}–{clock(spell['ends'], date)} ({length})"
        )

    colours = [_colour(kind, team) for _, team, _ in found]
    lengths = [(spell["ends"] - spell["begins"]).total_seconds() * 1000 for _, _, spell in found]
    return go.Bar(
        name=title,
        orientation="h",
        y=[row for row, _, _ in found],
        base=[spell["begins"] for _, _, spell in found],
        x=lengths,
        width=0.34 if kind == "drive" else 0.8,
        marker={
            "color": colours,
            "line": {"color": INK if kind in ("wait", "lunch") else "#FFFFFF", "width": 0.8},
            "pattern": {
                "shape": PATTERNS[kind],
                "fgcolor": INK,
                "bgcolor": "#FFFFFF",
                "size": 6,
                "solidity": 0.3,
            },
        },
        text=[written(spell) for _, _, spell in found],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": "#FFFFFF" if kind == "visit" else INK, "size": 13},
        hovertext=[told(team, spell) for _, team, spell in found],
        hoverinfo="text",
        constraintext="none" if kind == "lunch" else "inside",
    )


def _colour(kind: str, team: int) -> str:
    if kind == "visit":
        return colour_of(team)
    return {"drive": "#5B6679", "wait": "#FFFFFF", "lunch": BORDER}[kind]
