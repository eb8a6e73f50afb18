"""Whether one plan of a day is better than another."""

from geodata.itinerary.itinerary import Itinerary

LEAST_MIN = 1 / 120
"""Half a second, which no reader sees."""


def is_better(new: Itinerary, old: Itinerary) -> bool:
    """Return whether a plan visits more that has to be visited, or as much on less travel; or proves the old.

    Both answer the same request.
    """
    return _rank(new) < _rank(old)


def _rank(found: Itinerary) -> tuple[int, int, int, bool]:
    calls, left = found.request.calls, [one.stop for one in found.plan.unassigned]
    travel = sum(route.travel_min for route in found.plan.routes)
    return (
        sum(calls[stop].is_must for stop in left),
        len(left),
        round(travel / LEAST_MIN),
        not found.plan.proven_optimal,
    )
