"""What the map shows of an itinerary: the wards that are visited, the legs and the numbered stops."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from dashboard.subjects.lines import GEOMETRY_SCALE, steps
from dashboard.subjects.programme.classes import MapClass, outside_class
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.itinerary.document import Document, TeamDay, TimedStop
from geodata.itinerary.files.wording import clock_or_nothing, team_name, told_place
from geodata.language import Words, joined, message, uncapitalised
from geodata.language.numbers import number
from geodata.programme.symbols import LAND

TEAM_COLOURS = ("#1D5695", "#A8401F", "#0B6E5A", "#6B3FA0", "#7A5A00", "#A0245E")
"""Of the ways of teams: dark enough for white figures, and apart for colour-blind eyes."""

FORMS = ("circle", "square", "diamond", "hexagon")
"""Of the signs of their stops, so that teams are told apart without colour: twelve pairs."""

VISITED, NOT_VISITED = "#CFE0F1", "#B9482F"
TOLERANCE_M = 8
"""How much coarser a leg may be drawn, metres: less than a pixel until the map is very near."""
LEAST_SPAN = 0.02
"""The map shows so many degrees at least, about two kilometres."""


def colour_of(team: int) -> str:
    """Return the colour of a team's way; teams count from 1."""
    return TEAM_COLOURS[(team - 1) % len(TEAM_COLOURS)]


def form_of(team: int) -> str:
    """Return the form of the signs of a team's stops."""
    return FORMS[(team - 1) % len(FORMS)]


def ways_of(document: Document, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the legs and stops of an itinerary as the map's frontend draws them.

    Parameters
    ----------
    document
        See `geodata.itinerary.document.document`.
    names
        Short names of wards by their code.

    Returns
    -------
    ``scale``, units per degree; ``legs``: ``points`` (lon, lat, lon, lat … in units, each as its difference
    from the one before), ``colour``, ``dashed`` for an estimate by straight line; ``stops``: ``kind`` (start,
    end, both, visit), ``at`` (lat, lon), ``text`` in its sign, ``label`` beside it, ``colour``, ``form``;
    ``legend``, entries of lines (``colour``, ``dashed``) and signs (``kind``, ``colour``, ``form``), each
    with ``label``.
    """
    legs, stops = [], []
    for team in document.teams:
        lines = [shapely.LineString(leg.way) for leg in team.legs]
        for leg, points in zip(team.legs, _encoded(lines), strict=True):
            is_estimate = leg.method == "straight_line"
            legs.append({"points": points, "colour": colour_of(team.team), "dashed": is_estimate})
        for stop in team.stops:
            stops.append(
                {
                    "kind": stop.kind,
                    "at": [round(stop.lat, 6), round(stop.lon, 6)],
                    "text": str(stop.number) if stop.kind == "visit" else "",
                    "label": _label(stop, team, names),
                    "colour": colour_of(team.team),
                    "form": form_of(team.team),
                }
            )
    return {
        "scale": GEOMETRY_SCALE,
        "legs": legs,
        "stops": _joined(stops),
        "legend": _legend(document.teams, legs),
    }


def _label(stop: TimedStop, team: TeamDay, names: Mapping[str, str]) -> Words:
    if stop.kind == "start":
        return message("Start {time}", time=clock_or_nothing(stop.departure, team.date))
    if stop.kind == "end":
        return message("End {time}", time=clock_or_nothing(stop.arrival, team.date))
    name = names.get(stop.ward_code or "") or told_place(stop)
    return joined(" ", [name, clock_or_nothing(stop.arrival, team.date)])


def _joined(stops: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the stops; where a way starts and ends at one place, or several do, there is one sign."""
    kept: list[dict[str, Any]] = []
    ends: dict[tuple[float, float], dict[str, Any]] = {}
    count = sum(stop["kind"] == "start" for stop in stops)
    for stop in stops:
        if stop["kind"] == "visit":
            kept.append(stop)
            continue
        at = (stop["at"][0], stop["at"][1])
        known = ends.get(at)
        if known is None:
            ends[at] = stop
            kept.append(stop)
        elif known["kind"] != stop["kind"]:
            known["label"] = (
                joined(", ", [known["label"], uncapitalised(stop["label"])])
                if count == 1
                else message("Start and end")
            )
            known["kind"] = "both"
    return kept


def _legend(listed: Sequence[TeamDay], legs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    colour = colour_of(1) if len(listed) == 1 else "#14213D"
    entries: list[dict[str, Any]] = []
    if any(not leg["dashed"] for leg in legs):
        entries.append({"label": message("way by street"), "colour": colour, "dashed": False})
    if any(leg["dashed"] for leg in legs):
        entries.append(
            {
                "label": message("straight line, estimated"),
                "colour": colour,
                "dashed": True,
            }
        )
    if len(listed) > 1:
        entries += [
            {
                "label": team_name(team),
                "kind": "visit",
                "colour": colour_of(team.team),
                "form": form_of(team.team),
            }
            for team in listed
        ]
    return entries


def _encoded(lines: Sequence[shapely.LineString]) -> list[list[int]]:
    if not lines:
        return []
    metric = gpd.GeoSeries(list(lines), crs=STORAGE_CRS).to_crs(METRIC_CRS).simplify(TOLERANCE_M)
    return [steps(shapely.get_coordinates(line)) for line in metric.to_crs(STORAGE_CRS)]


def ward_classes(
    wards: pd.DataFrame,
    visited: Collection[str],
    left_out: Collection[str],
    inside: pd.Series,
) -> tuple[list[MapClass], list[int]]:
    """Return the classes of the wards on the map, and the class of each ward in the frame's order.

    Parameters
    ----------
    wards
        Rows of the layer ``ward`` of one vintage.
    visited, left_out
        Codes of the wards that the way leads to, and of those that were asked for and find no place in it.
    inside
        Whether a ward lies in the areas that are looked at.
    """
    codes = wards["ward_code"]
    numbers = np.select(
        [codes.isin(list(visited)), codes.isin(list(left_out)), ~inside.to_numpy("bool")], [0, 1, 3], 2
    )
    classes = [
        MapClass(message("visited"), number((numbers == 0).sum()), VISITED),
        MapClass(
            message("asked for, not on the way"),
            number((numbers == 1).sum()),
            NOT_VISITED,
            "hatch",
        ),
        MapClass(message("other wards"), "", LAND, outlined=False),
        outside_class(),
    ]
    used = [place for place in range(len(classes)) if (numbers == place).any() or place == 2]
    return [classes[place] for place in used], [used.index(int(place)) for place in numbers]


def focus_of(ways: Mapping[str, Any] | None, whole: Sequence[float]) -> tuple[float, float, float, float]:
    """Return west, south, east and north in degrees of the stops and legs; of the whole without any."""
    if ways is None or not ways["stops"]:
        west, south, east, north = whole
        return west, south, east, north
    points = [np.array([[stop["at"][1], stop["at"][0]] for stop in ways["stops"]])]
    points += [
        np.cumsum(np.array(leg["points"]).reshape(-1, 2), axis=0) / ways["scale"] for leg in ways["legs"]
    ]
    every = np.concatenate(points)
    low, high = every.min(axis=0), every.max(axis=0)
    grown = np.maximum(LEAST_SPAN - (high - low), 0) / 2
    (west, south), (east, north) = low - grown, high + grown
    return float(west), float(south), float(east), float(north)
