"""The best plan for a few stops under any terms, proven: every way through every set of stops is weighed.

A label is a way from the start through a set of stops: where it ends, when, at what travel time, with or
without lunch. Of two labels that agree in set, last stop and lunch, one that is neither earlier nor cheaper
leads to nothing better and is dropped. What remains gives the cheapest route through each set, and sets
that do not meet are then shared out among the teams.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.itinerary.day import TOLERANCE_MIN, Day
from geodata.itinerary.held_karp import TIE_MIN_PER_M

MOST_LABELS = 40_000
"""Of one size of set; beyond, a search that is not exact does better in the same time."""

Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class _Labels:
    visited: Ints
    last: Ints
    has_eaten: npt.NDArray[np.bool_]
    leaves_min: npt.NDArray[np.floating[Any]]
    cost: npt.NDArray[np.floating[Any]]
    parent: Ints

    def __len__(self) -> int:
        return len(self.visited)

    def rows(self, chosen: npt.NDArray[Any]) -> "_Labels":
        return _Labels(*(of_each[chosen] for of_each in vars(self).values()))


def best_orders(day: Day, largest: int, should_end: Callable[[], bool]) -> list[list[int]] | None:
    """Return the order of each team in a plan that is proven best; None where the search was ended.

    Parameters
    ----------
    day
        With few stops.
    largest
        The most stops of one team.
    should_end
        Asked before each size of set.
    """
    count = len(day.stops)
    first = np.zeros(1, dtype=np.int64)
    start = first + day.start
    labels = _Labels(
        first, start, first == (day.lunch is not None), first + day.terms.depart_min, first * 0.0, first
    )
    layers = [labels]
    cheapest = np.full(1 << count, np.inf)
    cheapest[0] = 0
    closing = np.zeros(1 << count, dtype=np.int64)
    for _ in range(largest):
        if should_end() or len(labels) > MOST_LABELS:
            return None
        labels = _extended(day, labels)
        layers.append(labels)
        cost = _closed(day, labels)
        by_cost = np.lexsort((cost, labels.visited))
        sets, firsts = np.unique(labels.visited[by_cost], return_index=True)
        closing[sets] = by_cost[firsts]
        cheapest[sets] = cost[by_cost[firsts]]

    def order(visited: int) -> list[int]:
        found = []
        row = int(closing[visited])
        for layer in reversed(layers[1 : visited.bit_count() + 1]):
            found.append(int(layer.last[row]))
            row = int(layer.parent[row])
        return found[::-1]

    shared = _shared_out(day, cheapest, should_end)
    return None if shared is None else [order(visited) for visited in shared]


def _extended(day: Day, labels: _Labels) -> _Labels:
    cost = day.duration_min + TIE_MIN_PER_M * day.distance_m
    loads = np.array([stop.load for stop in day.stops])
    load = (labels.visited[:, None] >> np.arange(len(loads)) & 1) @ loads
    parts = []
    for stop in range(len(day.stops)):
        can = labels.visited >> stop & 1 == 0
        can &= (load + loads[stop] <= day.capacity) & np.isfinite(cost[labels.last, stop])
        rows = np.flatnonzero(can)
        leg = day.duration_min[labels.last[rows], stop]
        for eats, ready in _ways_to(day, labels, rows, leg):
            begins = np.maximum(ready, day.earliest[stop])
            ends = begins + day.stops[stop].service_min
            fits = (begins <= day.latest[stop] + TOLERANCE_MIN) & (ends <= day.deadline + TOLERANCE_MIN)
            has_eaten = labels.has_eaten[rows] | eats
            if day.lunch is not None:
                fits &= has_eaten | (ends <= day.lunch.latest_min + TOLERANCE_MIN)
            kept = rows[fits]
            parts.append(
                _Labels(
                    labels.visited[kept] | 1 << stop,
                    np.full(len(kept), stop),
                    has_eaten[fits],
                    ends[fits],
                    labels.cost[kept] + cost[labels.last[kept], stop],
                    kept,
                )
            )
    whole = _Labels(*map(np.concatenate, zip(*(vars(part).values() for part in parts), strict=True)))
    return _undominated(whole, len(day.stops))


def _ways_to(
    day: Day, labels: _Labels, rows: Ints, leg: npt.NDArray[np.floating[Any]]
) -> list[tuple[bool, npt.NDArray[np.floating[Any]]]]:
    """When a visit can begin: without lunch on the way, with lunch before it, with lunch before the leg."""
    leaves = labels.leaves_min[rows]
    ways = [(False, leaves + leg)]
    if (lunch := day.lunch) is not None:
        for eats_at, rest in ((leaves + leg, 0.0 * leg), (leaves, leg)):
            begins = np.maximum(eats_at, lunch.earliest_min)
            can = ~labels.has_eaten[rows] & (begins <= lunch.latest_min + TOLERANCE_MIN)
            if rest is leg:
                can &= labels.last[rows] != day.start
            ways.append((True, np.where(can, begins + lunch.length_min + rest, np.inf)))
    return ways


def _undominated(labels: _Labels, count: int) -> _Labels:
    group = (labels.visited * count + labels.last) * 2 + labels.has_eaten
    _, rank = np.unique(labels.cost, return_inverse=True)
    by_time = np.lexsort((rank, labels.leaves_min, group))
    _, number = np.unique(group[by_time], return_inverse=True)
    # every group begins below all before it, so that the least so far is the group's own
    falling = rank[by_time] - number * (len(labels) + 1)
    least = np.minimum.accumulate(falling)
    is_better = np.concatenate([falling[:1] == falling[:1], falling[1:] < least[:-1]])
    return labels.rows(by_time[is_better])


def _closed(day: Day, labels: _Labels) -> npt.NDArray[np.floating[Any]]:
    leg = day.duration_min[labels.last, day.end]
    over = labels.leaves_min + leg
    if (lunch := day.lunch) is not None:
        begins = np.maximum(labels.leaves_min, lunch.earliest_min)
        can_eat = begins <= lunch.latest_min + TOLERANCE_MIN
        eaten = np.where(can_eat, begins + lunch.length_min + leg, np.inf)
        is_due = ~labels.has_eaten & (over > lunch.latest_min + TOLERANCE_MIN)
        over = np.where(is_due, eaten, over)
    fits = (over <= day.deadline + TOLERANCE_MIN) & np.isfinite(over)
    return np.where(fits, labels.cost + leg + TIE_MIN_PER_M * day.distance_m[labels.last, day.end], np.inf)


def _shared_out(
    day: Day, cheapest: npt.NDArray[np.floating[Any]], should_end: Callable[[], bool]
) -> list[int] | None:
    """Return the sets of the teams that together visit the most must stops, then may stops, at least cost."""
    count = len(day.stops)
    teams = min(day.terms.teams, count)
    costs = [cheapest]
    parts: list[Ints] = []
    if teams > 1:
        subsets = _subsets(count)
    for _ in range(1, teams):
        if should_end():
            return None
        cost, part = costs[-1].copy(), np.zeros_like(cheapest, dtype=np.int64)
        for whole in range(1, 1 << count):
            of_whole = subsets[whole]
            ways = cheapest[of_whole] + costs[-1][whole ^ of_whole]
            least = int(ways.argmin())
            if ways[least] < cost[whole]:
                cost[whole], part[whole] = ways[least], of_whole[least]
        costs.append(cost)
        parts.append(part)

    sets = np.arange(1 << count)
    musts = sum(1 << stop for stop in range(count) if day.stops[stop].is_must)
    by_worth = np.lexsort(
        (costs[-1], -np.bitwise_count(sets).astype(int), -np.bitwise_count(sets & musts).astype(int))
    )
    rest = int(next(chosen for chosen in by_worth if np.isfinite(costs[-1][chosen])))
    shared = []
    for taken in reversed(parts):
        shared.append(int(taken[rest]))
        rest ^= shared[-1]
    return [visited for visited in [*shared, rest] if visited]


def _subsets(count: int) -> list[Ints]:
    """Every subset of every set of so many; 531.441 in all for 12."""
    found: list[Ints] = [np.zeros(1, dtype=np.int64)]
    for whole in range(1, 1 << count):
        lowest = whole & -whole
        rest = found[whole ^ lowest]
        found.append(np.concatenate([rest, rest | lowest]))
    return found
