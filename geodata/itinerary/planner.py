"""The planner: which team visits which stop when, so that all travel as little as possible."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.itinerary.terms import Lunch, Plan, Route, Stop, Terms, Unassigned, Violation, Visit

__all__ = [
    "Cost",
    "Lunch",
    "Plan",
    "Route",
    "Stop",
    "Terms",
    "Unassigned",
    "Violation",
    "Visit",
    "cost_of_order",
    "plan",
    "vehicles_needed",
]

Matrix = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Cost:
    """What the legs of an order take in all."""

    travel_min: float
    distance_m: float


def cost_of_order(order: Sequence[int], duration_min: Matrix, distance_m: Matrix, terms: Terms) -> Cost:
    """Return what it takes one team to travel an order of stops, from the start to the end.

    Parameters
    ----------
    order
        Stops by their place in the list.
    duration_min, distance_m
        As for :func:`plan`.
    terms
        Of which only the kind of end counts.
    """
    count = len(duration_min) - 2
    way = [count, *order, *([] if terms.end == "open" else [count + 1])]
    legs = (way[:-1], way[1:])
    return Cost(float(np.sum(duration_min[legs])), float(np.sum(distance_m[legs])))


def vehicles_needed(people: int, capacity: int) -> int:
    """Return how many vehicles a party needs that stays together: 360 delegates in buses of 45 need 8."""
    return math.ceil(people / capacity)


def plan(
    stops: Sequence[Stop],
    duration_min: Matrix,
    distance_m: Matrix,
    terms: Terms,
    *,
    order: Sequence[int] | None = None,
    seconds: float = 2.0,
    seed: int = 1,
    should_stop: Callable[[], bool] | None = None,
) -> Plan:
    """Return the plan that travels least.

    Parameters
    ----------
    stops
        What to visit.
    duration_min, distance_m
        (n+2) × (n+2) for n stops: rows (from) and columns (to) 0 to n-1 the stops, n the start, n+1 the
        end (for ``end="same"`` a copy of the start, for ``"open"`` ignored); inf where no path leads.
    terms
        What binds the whole day.
    order
        A locked order, for one team: it is scheduled as it stands, and what it breaks is in
        ``violations``. A stop that is not in it is unassigned.
    seconds
        How long a search may take that is not exact.
    seed
        The same seed, input and number of rounds give the same plan.
    should_stop
        Asked now and again; a search that is told True ends with the best that was found.

    Raises
    ------
    GeodataError
        With every fault of the input.
    """
    raise NotImplementedError
