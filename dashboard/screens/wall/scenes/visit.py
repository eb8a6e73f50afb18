"""The next site visit: its stops in their order, the times, and the way."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from dashboard.screens.routes.overlay import focus_of, ways_of
from dashboard.screens.wall.parts import column, lines, note, source_line
from dashboard.screens.wall.scene import Scene, View, told, wall_map, widened
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.visits.words import headline
from dashboard.ui.formats import number, sentence
from geodata.itinerary.cases import Case
from geodata.itinerary.document import Document, TimedStop
from geodata.itinerary.files.wording import clock_or_nothing, place
from geodata.language import Language, translate
from geodata.language.dates import day
from geodata.programme.symbols import INK

LISTED = 5
"""So many stops are listed; the others are counted."""

ROOM = 0.12
"""So much of the width and height of the way is shown on each side of it, for the wards of its last stops."""

DARK_WAY = "#4FA3F0"


def next_case(cases: Iterable[Case], today: datetime.date) -> Case | None:
    """Return the first visit that is today or later."""
    coming = [case for case in cases if case.request.date >= today]
    return min(coming, key=lambda case: (case.request.date, case.case_id), default=None)


def scene(
    view: View,
    document: Document,
    names: Mapping[str, str],
    kinds: Mapping[str, str],
    classes: tuple[list[MapClass], list[int]],
    geometry: str,
    source: str,
    *,
    is_illustrative: bool,
) -> Scene:
    """Return the scene of a visit.

    Parameters
    ----------
    view
        What every scene is made from.
    document
        See `geodata.itinerary.document.document`.
    names, kinds
        Names and kinds of the wards of the visit's vintage by code.
    classes
        `dashboard.screens.routes.overlay.ward_classes` of that vintage.
    geometry
        Address of its geometry.
    source
        source_id of where the visit is published.
    is_illustrative
        A place of the way was generated.
    """
    language = view.language
    route = headline(document, kinds, language)
    about = translate("next visit, {day}: {route}", language, day=day(document.date), route=_inner(route))
    sentence_told = told(about, language, is_illustrative=is_illustrative)
    ways = ways_of(document, names, language)
    # Stops bear a sign with white figures, which needs the dark colour; a way has to stand out on dark land.
    legs = [
        leg | {"colour": DARK_WAY} if view.theme == "dark" and leg["colour"] != INK else leg
        for leg in ways["legs"]
    ]
    return Scene(
        "visit",
        sentence_told,
        column(
            lines(stop_lines(document, names, language), "stops"),
            note(translate("Times are estimates; the order is reckoned.", language)),
            source_line([source], view.known.source, language),
        ),
        wall_map(
            view,
            *classes,
            sentence_told,
            focus=widened(focus_of(ways, view.focus), ROOM),
            ways={**ways, "legs": legs},
            geometry=geometry,
        ),
        is_illustrative=is_illustrative,
    )


def _inner(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def stop_lines(document: Document, names: Mapping[str, str], language: Language) -> list[tuple[str, str]]:
    """Return the stops with their times, in their order."""
    rows: list[tuple[str, str]] = []
    for team in document.teams:
        rows += [_stop_line(stop, names, language) for stop in team.stops]
    return shortened(rows, language)


def _stop_line(stop: TimedStop, names: Mapping[str, str], language: Language) -> tuple[str, str]:
    name = names.get(stop.ward_code or "", place(stop))
    if stop.kind == "start":
        return clock_or_nothing(stop.departure), translate("Start: {place}", language, place=name)
    if stop.kind == "end":
        return clock_or_nothing(stop.arrival), translate("End: {place}", language, place=name)
    return clock_or_nothing(stop.arrival), f"{stop.number}. {sentence(name)}"


def shortened(rows: Sequence[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    """Return rows that fit on the wall: the first ones, how many more there are, and the last one."""
    if len(rows) <= LISTED + 2:
        return list(rows)
    left = number(len(rows) - LISTED - 1, language)
    return [*rows[:LISTED], ("…", translate("and {count} more", language, count=left)), rows[-1]]
