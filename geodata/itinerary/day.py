"""Stops, terms and matrices as the planner's parts read them: every limit a number, infinite where none."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.itinerary.terms import Lunch, Stop, Terms

Matrix = npt.NDArray[np.floating[Any]]

TOLERANCE_MIN = 1e-9
"""What sums of floats may differ by; nothing that a watch shows."""


@dataclass(frozen=True)
class Day:
    """One question to the planner.

    Attributes
    ----------
    stops
        What to visit.
    terms
        What binds the whole day.
    duration_min, distance_m
        From (rows) and to (columns) the stops, then the start, then the end; inf where no path leads, 0 to
        an open end.
    """

    stops: tuple[Stop, ...]
    terms: Terms
    duration_min: Matrix
    distance_m: Matrix

    @property
    def start(self) -> int:
        """Row of the start."""
        return len(self.stops)

    @property
    def end(self) -> int:
        """Column of the end."""
        return len(self.stops) + 1

    @cached_property
    def earliest(self) -> list[float]:
        """When each visit may begin at the earliest."""
        return [-math.inf if stop.earliest_min is None else stop.earliest_min for stop in self.stops]

    @cached_property
    def latest(self) -> list[float]:
        """When each visit may begin at the latest."""
        return [math.inf if stop.latest_min is None else stop.latest_min for stop in self.stops]

    @cached_property
    def legs_min(self) -> list[list[float]]:
        """The durations as lists, which are quicker one by one than an array."""
        found: list[list[float]] = self.duration_min.tolist()
        return found

    @property
    def deadline(self) -> float:
        """When a team's way has to be over."""
        terms = self.terms
        shift = math.inf if terms.longest_shift_min is None else terms.depart_min + terms.longest_shift_min
        return min(shift, math.inf if terms.latest_return_min is None else terms.latest_return_min)

    @property
    def capacity(self) -> float:
        """What one team takes in all."""
        return math.inf if self.terms.capacity is None else self.terms.capacity

    @property
    def lunch(self) -> Lunch | None:
        """The break, unless the day begins after it."""
        lunch = self.terms.lunch
        return lunch if lunch is not None and self.terms.depart_min <= lunch.latest_min else None

    @property
    def is_timed(self) -> bool:
        """Whether it matters when something happens, not just in which order."""
        has_windows = any(stop.earliest_min is not None or stop.latest_min is not None for stop in self.stops)
        return has_windows or self.lunch is not None or self.deadline < math.inf

    def load(self, order: Sequence[int]) -> int:
        """Return what the stops of an order take up in all."""
        return sum(self.stops[stop].load for stop in order)

    def way(self, order: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return where the legs of an order begin and end."""
        return [self.start, *order], [*order, self.end]

    def travel_min(self, order: Sequence[int]) -> float:
        """Return how long one team travels an order; inf where a leg has no path."""
        return float(self.duration_min[self.way(order)].sum()) if order else 0.0

    def worth(self, orders: Sequence[Sequence[int]]) -> tuple[int, int, float]:
        """Return what makes one plan better than another: more must stops, more may stops, less travel."""
        visited = [stop for order in orders for stop in order]
        musts = sum(self.stops[stop].is_must for stop in visited)
        return musts, len(visited) - musts, -sum(self.travel_min(order) for order in orders)

    def at_ease(self) -> "Day":
        """Return the day without lunch and by the quickest ways, through other stops where that helps."""
        quickest = self.duration_min.copy()
        for stop in range(len(self.stops)):
            quickest = np.minimum(quickest, quickest[:, [stop]] + quickest[[stop], :])
        return replace(self, terms=replace(self.terms, lunch=None), duration_min=quickest)

    def of(self, chosen: Sequence[int]) -> "Day":
        """Return the same day with some of its stops only."""
        cells = np.ix_([*chosen, self.start, self.end], [*chosen, self.start, self.end])
        stops = tuple(self.stops[stop] for stop in chosen)
        return Day(stops, self.terms, self.duration_min[cells], self.distance_m[cells])


def make_day(stops: Sequence[Stop], duration_min: Matrix, distance_m: Matrix, terms: Terms) -> Day:
    """Return the day of a checked input; legs that nobody travels (from the end, to an open end) count 0."""
    count = len(stops)
    duration, distance = (np.array(each, dtype=float) for each in (duration_min, distance_m))
    no_path = np.isinf(duration) | np.isinf(distance)
    for matrix in (duration, distance):
        matrix[no_path] = np.inf
        np.fill_diagonal(matrix, 0)
        matrix[count + 1, :] = 0
        matrix[:, count] = 0
        if terms.end == "open":
            matrix[:, count + 1] = 0
    return Day(tuple(stops), terms, duration, distance)
