"""What a route says in words: its sentence, totals, gain, what finds no place, notes and assumptions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from geodata.contract.errors import Fault
from geodata.itinerary.cases import DAY_OF_VISITS, NOT_HISTORY
from geodata.itinerary.document import Document, TeamDay
from geodata.itinerary.files.wording import clock, kilometres, minutes, plain
from geodata.itinerary.request import Premise, Request
from geodata.language import Language, Words, joined, message, without_full_stop
from geodata.language.dates import day, read_day
from geodata.language.numbers import number

FIELD_NAMES = {
    "date": message("Day"),
    "start": message("From"),
    "end": message("Ends"),
    "stop": message("Stop"),
    "service-min": message("Minutes a stop"),
    "window": message("Times of a stop"),
    "load": message("Load"),
    "teams": message("Teams"),
    "capacity": message("Capacity of a team's vehicle"),
    "shift": message("Longest shift of a team, minutes"),
}
"""What the page calls the parts of a request in which a fault can lie."""

NOTHING_CHOSEN = message(
    "Click wards on the map or add them from the list; the order, the times and the way follow. Or "
    "begin with one of the visits that are published:"
)
"""What stands where nothing is chosen yet."""

LEAST_M, LEAST_MIN = 50, 0.5
"""Two ways that differ by less count as the same."""


def counted(codes: Sequence[str | None], kinds: Mapping[str, str]) -> Words:
    """Return how many places there are, as wards, as units of commune level, or as places.

    Parameters
    ----------
    codes
        Code of the ward of each; ``None`` of a place for which none stands.
    kinds
        Kinds of wards by their code.
    """
    count, shown = len(codes), number(len(codes))
    found = {kinds.get(code) if code else None for code in codes}
    if None in found or not found:
        if count == 1:
            return message("1 place")
        return message("{count} places", count=shown)
    if found <= {"phường"}:
        if count == 1:
            return message("1 ward")
        return message("{count} wards", count=shown)
    return message("{count} wards and communes", count=shown)


def headline(
    document: Document, kinds: Mapping[str, str], *, is_assumed: bool = False, is_generated: bool = False
) -> Words:
    """Return the sentence of a route: how many places, how long, how far, from when to when.

    Parameters
    ----------
    document
        See `geodata.itinerary.document.document`.
    kinds
        Kinds of wards by their code.
    is_assumed
        No source states its times, and it says so.
    is_generated
        It rests on places that are illustrative, and says so.
    """
    told = _sentence(document, kinds, is_assumed=is_assumed)
    return message("Illustrative: {told}", told=told) if is_generated else told


def _sentence(document: Document, kinds: Mapping[str, str], *, is_assumed: bool) -> Words:
    listed = [team for team in document.teams if len(team.stops) > 1]
    left = len(document.unassigned)
    if not document.visits:
        return message("None of {count} places can be visited on these terms", count=left)
    lasts = [team.stops[-1] for team in listed]
    ends = [moment for last in lasts if (moment := last.departure or last.arrival)]
    values = {
        "places": counted([stop.ward_code for stop in document.visits], kinds),
        "time": minutes(max(team.totals.duration_min for team in listed)),
        "distance": kilometres(sum(team.totals.distance_m for team in listed)),
        "departure": clock(
            min(moment for team in listed if (moment := team.stops[0].departure)), document.date
        ),
        "end": clock(max(ends), document.date),
        "teams": number(len(listed)),
    }
    is_open = any(team.stops[-1].kind != "end" for team in listed)
    if len(listed) > 1:
        said = message(
            "{places} by {teams} teams within {time}, {distance} in all; from {departure} to {end}",
            **values,
        )
    elif is_open:
        said = message(
            "{places} in {time}, {distance}; departure {departure}, last visit ends {end}", **values
        )
    elif _is_back(listed[0]):
        said = message("{places} in {time}, {distance}; departure {departure}, back {end}", **values)
    else:
        said = message("{places} in {time}, {distance}; departure {departure}, at the end {end}", **values)
    if is_assumed:
        said = message("{told} (times assumed)", told=said)
    if left:
        return joined("; ", [said, message("{count} asked for and left out", count=number(left))])
    return said


def _is_back(team: TeamDay) -> bool:
    first, last = team.stops[0], team.stops[-1]
    return (first.lat, first.lon) == (last.lat, last.lon)


def subline(shown: Document, request: Request, *, is_schematic: bool) -> Words:
    """Return what stands below the sentence: the day, its boundaries, where from, and what is no history.

    Of schematic boundaries it says so: the day from which they hold is that of the units alone.
    """
    on: Words | str = day(shown.date)
    if any(one.what == DAY_OF_VISITS for one in request.premises):
        on = message("{told} (assumed)", told=on)
    start: Words | str = plain(request.start.name)
    if request.is_schedule_assumed:
        start = message("{told} (assumed)", told=start)
    line = message(
        "On {day}, on the boundaries of {vintage}; from {place}",
        day=on,
        vintage=_boundaries(shown.vintage, is_schematic=is_schematic),
        place=start,
    )
    return line if request.title is None else joined(" · ", [line, without_full_stop(NOT_HISTORY)])


def _boundaries(vintage: str, *, is_schematic: bool) -> Words | str:
    return message("{day}, schematic outlines", day=day(vintage)) if is_schematic else day(vintage)


def difference(metres: float, mins: float) -> Words | None:
    """Return by how much a way is shorter (positive) or longer, in km and minutes; nothing where alike."""
    parts = []
    if abs(metres) >= LEAST_M:
        distance = kilometres(abs(metres))
        parts.append(
            message("{distance} shorter", distance=distance)
            if metres > 0
            else message("{distance} longer", distance=distance)
        )
    if abs(mins) >= LEAST_MIN:
        time = minutes(abs(mins))
        parts.append(
            message("{time} less on the road", time=time)
            if mins > 0
            else message("{time} more on the road", time=time)
        )
    return joined(", ", parts) if parts else None


def statements(shown: Document, best: Document | None) -> list[Words]:
    """Return totals, the gain or the cost of a locked order, and whether the plan is proven best.

    Parameters
    ----------
    shown
        See `geodata.itinerary.document.document`.
    best
        The document of the best order, where another one is locked; else ``None``.
    """
    sums = shown.totals
    on_road, on_site = minutes(sums.travel_min), minutes(sums.service_min)
    totals: Words = message("On the road {travel}, visits {service}", travel=on_road, service=on_site)
    if sums.waiting_min >= LEAST_MIN:
        totals = joined("", [totals, message(", waiting {waiting}", waiting=minutes(sums.waiting_min))])
    if best is not None:
        longer = difference(
            best.totals.distance_m - sums.distance_m, best.totals.travel_min - sums.travel_min
        )
        return [
            totals,
            message("Locked order: {difference} than the best one found", difference=longer)
            if longer
            else message("Locked order: as short as the best one found"),
        ]
    lines = [totals]
    if shown.gain is not None:
        gain = difference(shown.gain.distance_m, shown.gain.travel_min)
        lines.append(
            message("Against the order given: {difference}", difference=gain)
            if gain
            else message("The order given is as short")
        )
    if not shown.visits:
        return lines
    lines.append(
        message("The shortest of all orders (proven)")
        if shown.proven_optimal
        else message("The best found so far; that there is no better one is not proven")
    )
    return lines


def premise(one: Premise) -> Words:
    """Return what an itinerary assumes or takes from a source, without its value."""
    value = one.value if isinstance(one.value, str) else number(one.value, 2)
    return joined(" ", [value, one.unit]) if one.unit else joined("", [value])


def empty_subline(typed: str, vintage: str, *, is_schematic: bool) -> Words:
    """Return what stands below the sentence where nothing is chosen: the day and its boundaries."""
    on, boundaries = read_day(typed), _boundaries(vintage, is_schematic=is_schematic)
    if on is not None and on.isoformat() < vintage:
        return message(
            "On {day}, of which no boundaries are on record; those shown are from {vintage}",
            day=typed,
            vintage=boundaries,
        )
    return message(
        "On {day}, on the boundaries that then hold (from {vintage}), whichever are chosen above",
        day=typed,
        vintage=boundaries,
    )


def filters(shown: Document) -> list[tuple[Words, Words | str]]:
    """Return what a picture of the route says of it beside what it shows."""
    return [(message("Day"), day(shown.date)), (message("Times"), message("estimates"))]


def named(fault: Fault, language: Language) -> Fault:
    """Return a fault of a request; the part in which it lies is called as the page calls it."""
    name = FIELD_NAMES.get(fault.file)
    return replace(fault, file=name.render(language)) if name else fault
