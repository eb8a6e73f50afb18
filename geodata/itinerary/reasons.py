"""Why a stop is not visited, and what a locked order breaks."""

import math
from collections.abc import Sequence

from geodata.itinerary.day import TOLERANCE_MIN, Day
from geodata.itinerary.faults import clock
from geodata.itinerary.schedule import schedule
from geodata.itinerary.terms import Violation
from geodata.language import Message, message


def alone(day: Day, stop: int) -> Message | None:
    """Return why a stop can't be visited even if it were the only one; None where it can be."""
    leg = day.legs_min[day.start][stop]
    if math.isinf(leg):
        return message("no path leads there from the start")
    if math.isinf(day.legs_min[stop][day.end]):
        return message("no path leads from there to the end")
    if day.stops[stop].load > day.capacity:
        return message(
            "its load of {load} is more than one team takes: {capacity}",
            load=day.stops[stop].load,
            capacity=day.terms.capacity,
        )
    arrives = day.terms.depart_min + leg
    if arrives > day.latest[stop] + TOLERANCE_MIN:
        return message(
            "the window ends at {time}, and nobody can be there before {arrival}",
            time=clock(day.latest[stop]),
            arrival=clock(arrives),
        )
    found = schedule(day, [stop])
    if found.lacks_lunch or found.late_min:
        return message("no time is left for the lunch break")
    if found.overtime_min:
        return _overtime(day, found.over_min)
    return None


def _overtime(day: Day, over_min: float) -> Message:
    terms = day.terms
    if terms.longest_shift_min is not None and day.deadline == terms.depart_min + terms.longest_shift_min:
        return message(
            "the day would last until {time}, longer than the longest shift, which ends at {limit}",
            time=clock(over_min),
            limit=clock(day.deadline),
        )
    return message(
        "the day would last until {time}, after the latest return at {limit}",
        time=clock(over_min),
        limit=clock(day.deadline),
    )


def together(day: Day, *, is_proven: bool) -> Message:
    """Return why a stop that could be visited alone is not visited beside the others."""
    load = day.load(range(len(day.stops)))
    if load > day.capacity * day.terms.teams:
        return message(
            "the stops' loads, {load} in all, are more than the teams take: {teams} × {capacity}",
            load=load,
            teams=day.terms.teams,
            capacity=day.terms.capacity,
        )
    if is_proven:
        return message("no order has time or room for it beside the other stops")
    return message("no order was found that has time or room for it beside the other stops")


def violations(day: Day, order: Sequence[int]) -> tuple[Violation, ...]:
    """Return what a locked order breaks."""
    found = schedule(day, order)
    broken = [
        Violation(
            visit.stop,
            message(
                "the visit begins at {time}, after its window, which ends at {limit}",
                time=clock(visit.begins_min),
                limit=clock(day.latest[visit.stop]),
            ),
        )
        for visit in found.visits
        if visit.begins_min > day.latest[visit.stop] + TOLERANCE_MIN
    ]
    if day.load(order) > day.capacity:
        load = message(
            "the stops' loads, {load} in all, are more than the team takes: {capacity}",
            load=day.load(order),
            capacity=day.terms.capacity,
        )
        broken.append(Violation(None, load))
    if found.lacks_lunch:
        broken.append(Violation(None, message("no time is left for the lunch break")))
    if found.overtime_min:
        broken.append(Violation(None, _overtime(day, found.over_min)))
    return tuple(broken)
