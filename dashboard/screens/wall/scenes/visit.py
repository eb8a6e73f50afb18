"""The next site visit: its stops in their order, the times, and the way."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dashboard.query.layers import of_vintage
from dashboard.screens.wall.scene import Scene, View, marked, source_line, widened
from dashboard.subjects.visits.map import focus_of, ward_classes, ways_of
from dashboard.subjects.visits.model import (
    cases,
    codes_of,
    document_of,
    inside,
    is_illustrative,
    itinerary,
    ward_kinds,
    ward_names,
)
from dashboard.subjects.visits.words import headline
from dashboard.ui.geometry import outlines
from geodata.contract.errors import GeodataError
from geodata.itinerary.cases import Case
from geodata.itinerary.document import Document, TeamDay, TimedStop
from geodata.itinerary.files.wording import clock_or_nothing, told_place
from geodata.language import Words, capitalised, joined, message, uncapitalised
from geodata.language.dates import day
from geodata.language.numbers import number
from geodata.programme.symbols import INK

LISTED = 5
"""So many stops are listed; the others are counted."""

ROOM = 0.12
"""So much of the width and height of the way is shown on each side of it, for the wards of its last stops."""

DARK_WAY = "#4FA3F0"

StopLine = tuple[str, Words]


def next_case(cases: Iterable[Case], today: datetime.date) -> Case | None:
    """Return the first visit that is today or later."""
    coming = [case for case in cases if case.request.date >= today]
    return min(coming, key=lambda case: (case.request.date, case.case_id), default=None)


def scene(view: View) -> Scene | None:
    """Return the scene of the next visit; none where none is ahead, or its way can't be found."""
    published = view.query.published
    case = next_case(cases(published, verified_only=view.query.verified_only).values(), view.today)
    if case is None:
        return None
    try:
        document = document_of(itinerary(published, case.request))
    except GeodataError:
        # The page of routes says what is wrong with it.
        return None
    vintage, is_marked = case.request.vintage, is_illustrative(case.request)
    names = ward_names(published, vintage)
    told = marked(
        message(
            "next visit, {day}: {route}",
            day=day(document.date),
            route=uncapitalised(headline(document, ward_kinds(published, vintage))),
        ),
        is_illustrative=is_marked,
    )
    ways = ways_of(document, names)
    # Stops bear a sign with white figures, which needs the dark colour; a way has to stand out on dark land.
    legs = [
        leg | {"colour": DARK_WAY} if view.theme == "dark" and leg["colour"] != INK else leg
        for leg in ways["legs"]
    ]
    classes, numbers = ward_classes(
        of_vintage(published, "ward", vintage),
        codes_of(document),
        [one.ward_code for one in document.unassigned if one.ward_code],
        inside(published, vintage, ()),
    )
    return Scene(
        "visit",
        told,
        {
            "stops": shortened(stop_lines(document, names)),
            "source": source_line([case.source], view.query.layer("source")),
        },
        replace(
            view.map(told, classes, numbers),
            geometry=outlines(published, vintage),
            focus=widened(focus_of(ways, view.focus), ROOM),
            ways={**ways, "legs": legs},
        ),
        is_illustrative=is_marked,
        vintage=vintage,
    )


def why_not(view: View) -> Words:
    """Return why there is no scene of a visit."""
    known = cases(view.query.published, verified_only=view.query.verified_only).values()
    if next_case(known, view.today) is None:
        return message("No visit is on record for today or later")
    return message("The way of the next visit can't be found: the page of routes says why")


def stop_lines(document: Document, names: Mapping[str, str]) -> list[StopLine]:
    """Return the stops with their times, in their order."""
    return [_stop_line(stop, team, names) for team in document.teams for stop in team.stops]


def _stop_line(stop: TimedStop, team: TeamDay, names: Mapping[str, str]) -> StopLine:
    name = names.get(stop.ward_code or "") or told_place(stop)
    if stop.kind == "start":
        return clock_or_nothing(stop.departure, team.date), message("Start: {place}", place=name)
    if stop.kind == "end":
        return clock_or_nothing(stop.arrival, team.date), message("End: {place}", place=name)
    return clock_or_nothing(stop.arrival, team.date), joined(". ", [str(stop.number), capitalised(name)])


def shortened(rows: Sequence[StopLine]) -> list[StopLine]:
    """Return rows that fit on the wall: the first ones, how many more there are, and the last one."""
    if len(rows) <= LISTED + 2:
        return list(rows)
    more = message("and {count} more", count=number(len(rows) - LISTED - 1))
    return [*rows[:LISTED], ("…", more), rows[-1]]
