"""The stops of an itinerary as the rows of a list that can be put in another order."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.subjects.visits.map import NOT_VISITED, colour_of, form_of
from dashboard.subjects.visits.stop_list import Wanted
from geodata.itinerary.document import Document, Remark, TeamDay, TimedLeg, TimedStop
from geodata.itinerary.files.wording import clock, clock_or_nothing, kilometres, minutes, team_name
from geodata.itinerary.files.wording import place as place_name
from geodata.itinerary.places import Precision
from geodata.language import Message, Words, joined, message
from geodata.programme.symbols import SECONDARY

PRECISIONS: dict[Precision, Message] = {
    "surveyed": message("surveyed position"),
    "address": message("position of the address"),
    "ward_reference_point": message("reference point of the ward, not its station"),
    "landmark": message("landmark"),
    "given": message("position as given"),
}


def stop_rows(document: Document, names: Mapping[str, str], keys: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of the list of stops, those of each team below a row with its name.

    Parameters
    ----------
    document
        See `geodata.itinerary.document.document`.
    names
        Short names of wards by their code.
    keys
        By the name of a place without ward code what it was asked for as; a ward's code is its own.

    Returns
    -------
    One each: ``kind`` (left, team, start, visit, lunch, end), ``key`` of a visit (else empty), ``sign``,
    ``colour``, ``form``, ``name``, ``hint`` (how exactly its place is known), ``times`` of arrival and
    departure, ``leg`` (length and minutes of the way there), ``method`` of it, ``waits``.
    """
    rows = [_left(one.ward_code or keys.get(one.name or "", ""), names, one) for one in document.unassigned]
    for team in document.teams:
        if len(document.teams) > 1:
            about = joined(", ", [kilometres(team.totals.distance_m), minutes(team.totals.duration_min)])
            name = joined(": ", [team_name(team), about])
            rows.append({**_look(team), "kind": "team", "name": name})
        for number, (stop, leg) in enumerate(zip(team.stops, [None, *team.legs], strict=True)):
            row = _look(team) | _row(stop, leg, team, names, keys)
            rows.append(row)
            at, ends = _lunch(team)
            if at != number:
                continue
            if team.lunch and team.lunch.after < number:
                begins = clock_or_nothing(stop.begins, team.date)
                row["waits"] = message("lunch there {ends}, visit from {begins}", ends=ends, begins=begins)
            else:
                name = message("Lunch {ends}", ends=ends)
                rows.append({**_look(team), "kind": "lunch", "name": name})
    return rows


def asked_rows(stops: Sequence[Wanted], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of the stops that are asked for, where no route can be made of them.

    Parameters
    ----------
    stops
        What is asked for.
    titles
        Names of wards and landmarks by what they are asked for as.
    """
    return [
        {
            **_EMPTY,
            "kind": "visit",
            "key": stop.place,
            "sign": str(number),
            "name": titles.get(stop.place, stop.place),
        }
        for number, stop in enumerate(stops, start=1)
    ]


_EMPTY = {
    "colour": SECONDARY,
    "form": "circle",
    "hint": "",
    "times": "",
    "waits": "",
    "leg": "",
    "method": "",
}


def _left(key: str, names: Mapping[str, str], one: Remark) -> dict[str, Any]:
    """Return the row of a visit that finds no place, with its reason."""
    return {
        **_EMPTY,
        "kind": "left",
        "key": key,
        "sign": "–",
        "colour": NOT_VISITED,
        "name": names.get(one.ward_code or "", one.name),
        "waits": one.reason,
    }


def _lunch(team: TeamDay) -> tuple[int | None, str]:
    """Return at which stop a team has lunch, and from when to when.

    That is the stop that it comes after, or the next one where the team has reached it before.
    """
    lunch = team.lunch
    if lunch is None:
        return None, ""
    ends = f"{clock(lunch.begins, team.date)}–{clock(lunch.ends, team.date)}"
    is_there = any(
        stop.kind == "visit" and stop.arrival and stop.arrival <= lunch.begins
        for stop in team.stops[lunch.after + 1 : lunch.after + 2]
    )
    return lunch.after + is_there, ends


def _look(team: TeamDay) -> dict[str, Any]:
    return {"key": "", "sign": "", "colour": colour_of(team.team), "form": form_of(team.team)}


def _row(
    stop: TimedStop,
    leg: TimedLeg | None,
    team: TeamDay,
    names: Mapping[str, str],
    keys: Mapping[str, str],
) -> dict[str, Any]:
    kind = stop.kind
    waits = stop.waiting_min >= 0.5
    times = [clock(moment, team.date) for moment in (stop.arrival, stop.departure) if moment]
    return {
        "kind": kind,
        "key": (stop.ward_code or keys.get(stop.name, "")) if kind == "visit" else "",
        "sign": str(stop.number) if kind == "visit" else "",
        "name": names.get(stop.ward_code or "", place_name(stop)),
        "hint": PRECISIONS[stop.precision],
        "times": "–".join(times),
        "waits": message(
            "visit from {begins}, after {time} of waiting",
            begins=clock_or_nothing(stop.begins, team.date),
            time=minutes(stop.waiting_min),
        )
        if waits
        else "",
        "leg": "" if leg is None else joined(" · ", [kilometres(leg.distance_m), minutes(leg.duration_min)]),
        "method": "" if leg is None else leg.method,
    }


def list_texts() -> dict[str, Words]:
    """Return the words that the list itself shows or speaks."""
    return {
        "about": message("Stops in order"),
        "stop": message("Stop"),
        "times": message("Arrival–departure"),
        "leg": message("Way there"),
        "up": message("Earlier: {name}", name="{name}"),
        "down": message("Later: {name}", name="{name}"),
        "remove": message("Leave out: {name}", name="{name}"),
        "drag": message("Drag to put it elsewhere"),
        "network": message("way by street"),
        "straight_line": message("estimated by a straight line and a detour factor"),
        "start": message("Start"),
        "end": message("End"),
        "moved": message("{name} is now number {number}", name="{name}", number="{number}"),
    }
