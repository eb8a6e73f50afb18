"""The search for good routes by PyVRP, beyond what can be proven, and what makes them keep all terms.

PyVRP knows windows, capacities and prizes of stops, but no breaks. Where its best plan leaves no time for
lunch, the break is cut out of the day at a fixed time: what comes after it is moved forward by its length,
and a stop that can be visited before and after it stands twice, one of which is to be visited. What PyVRP
finds is scheduled exactly; a stop that this does not allow is taken out, and every stop that is left is put
in where it fits.

Wouda, N. A., Lan, L. and Kool, W. (2024): PyVRP: a high-performance VRP solver package. INFORMS Journal on
Computing 36(4), 943-955.
"""

import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning

from geodata.itinerary.allowance import Allowance
from geodata.itinerary.day import Day
from geodata.itinerary.schedule import schedule
from geodata.itinerary.terms import Lunch

COST_PER_MIN = 10_000
TIME_PER_MIN = 60_000
"""PyVRP counts in whole numbers: time in milliseconds, travel in ten-thousandths of a minute."""

ROUNDS_WITHOUT_GAIN_PER_STOP = 300
"""After which a search ends before its time."""


def good_orders(day: Day, largest: int, seed: int, allowed: Allowance) -> list[list[int]]:
    """Return the order of each team in the best plan that is found in time.

    Parameters
    ----------
    day
        With at least one stop.
    largest
        The most stops of one team.
    seed
        Of PyVRP's random numbers.
    allowed
        How long the search may go on.
    """

    def until(seconds: float) -> Callable[[], bool]:
        return lambda: allowed.is_over(seconds)

    def kept(orders: list[list[int]]) -> list[list[int]]:
        return _filled(day, [_thinned(day, order) for order in orders], largest, allowed)

    # what follows a search, and what the search takes to notice its end
    reserve = allowed.seconds_left * (0.08 if day.is_timed else 0.04)
    problem = _problem(day, largest, None, is_must_required=not day.is_timed)
    begun = _search(problem, seed, until(allowed.seconds_left / 2))
    found = _orders(problem, begun)
    best = kept(found)
    is_whole = best == found and sum(map(len, best)) == len(day.stops)
    if day.lunch is None or is_whole:
        # to begin again at the best that was found leads further than to go on
        if not begun.is_feasible():
            problem = _problem(day, largest, None)
        warm = begun if begun.is_feasible() else None
        again = _orders(problem, _search(problem, seed + 1, until(reserve), warm))
        return max(best, kept(again), key=day.worth)
    noons = _noons(day.lunch, day.terms.depart_min)
    for number, noon in enumerate(noons):
        if allowed.is_over(-math.inf):
            break
        share = (allowed.seconds_left - reserve) / (len(noons) - number)
        problem = _problem(day, largest, noon)
        orders = kept(_orders(problem, _search(problem, seed, until(allowed.seconds_left - share))))
        best = max(best, orders, key=day.worth)
    return best


def _noons(lunch: Lunch, depart_min: float) -> list[float]:
    """Return where the lunch break is cut out, one after the other."""
    earliest, latest = max(lunch.earliest_min, depart_min), lunch.latest_min
    return list(dict.fromkeys([(earliest + latest) / 2, earliest, latest]))


@dataclass(frozen=True)
class _Problem:
    data: pyvrp.ProblemData
    stop_of_client: list[int]


def _search(
    problem: _Problem, seed: int, should_end: Callable[[], bool], begun: pyvrp.Solution | None = None
) -> pyvrp.Solution:
    rounds = pyvrp.stop.NoImprovement(ROUNDS_WITHOUT_GAIN_PER_STOP * len(problem.stop_of_client))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)  # of terms that no plan can keep
        return pyvrp.solve(
            problem.data,
            lambda best_cost: should_end() or rounds(best_cost),
            seed=seed,
            collect_stats=False,
            initial_solution=begun,
        ).best


def _orders(problem: _Problem, found: pyvrp.Solution) -> list[list[int]]:
    return [
        [problem.stop_of_client[activity.idx] for activity in route if activity.is_client()]
        for route in found.routes()
    ]


def _problem(day: Day, largest: int, noon: float | None, *, is_must_required: bool = False) -> _Problem:
    count = len(day.stops)
    most = day.duration_min[np.isfinite(day.duration_min)].max()
    # a leg without a path costs more than a whole plan, a may stop left out more than that, a must stop left
    # out more than all may stops
    whole_plan = round(COST_PER_MIN * (most + 1) * (count + 1) * 2)
    may_prize = whole_plan * 2
    must_prize = may_prize * (count + 1)
    cost = np.where(np.isfinite(day.duration_min), COST_PER_MIN * day.duration_min, whole_plan)
    duration = np.zeros_like(cost)
    if day.is_timed:
        duration = np.ceil(TIME_PER_MIN * np.where(np.isfinite(cost), day.duration_min, 0.0) - 1e-3)
        duration = np.where(np.isfinite(day.duration_min), np.maximum(duration, 0), TIME_PER_MIN * 10_000)

    is_free = not day.is_timed and day.capacity == math.inf and largest >= count
    is_shared = largest < count
    clients: list[pyvrp.Client] = []
    groups: list[pyvrp.ClientGroup] = []
    stop_of_client = []
    for stop, asked in enumerate(day.stops):
        is_required = is_free or (asked.is_must and is_must_required)
        copies = list(_windows(day, stop, noon))
        group = len(groups) if len(copies) > 1 else None
        if group is not None:
            members = list(range(len(clients), len(clients) + len(copies)))
            groups.append(pyvrp.ClientGroup(members, required=False))
        for early, late in copies:
            stop_of_client.append(stop)
            clients.append(
                pyvrp.Client(
                    location=stop,
                    delivery=[asked.load, 1] if is_shared else [asked.load],
                    service_duration=math.ceil(TIME_PER_MIN * asked.service_min) if day.is_timed else 0,
                    tw_early=early,
                    tw_late=late,
                    prize=0 if is_required else must_prize if asked.is_must else may_prize,
                    required=is_required,
                    group=group,
                )
            )
    whole_load = max(1, day.load(range(count)))
    team = pyvrp.VehicleType(
        num_available=min(day.terms.teams, count),
        capacity=[int(min(day.capacity, whole_load)), *([largest] if is_shared else [])],
        start_depot=0,
        end_depot=1,
        tw_early=_time(day.terms.depart_min) if day.is_timed else 0,
        tw_late=_time(_cut(day, day.deadline, noon)),
    )
    # PyVRP's stub names the arrays' type in a way that no array has
    matrices: list[Any] = [np.round(cost).astype(np.int64), duration.astype(np.int64)]
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(count + 2)],
        clients=clients,
        depots=[pyvrp.Depot(day.start), pyvrp.Depot(day.end)],
        vehicle_types=[team],
        distance_matrices=matrices[:1],
        duration_matrices=matrices[1:],
        groups=groups,
    )
    return _Problem(data, stop_of_client)


def _time(minutes: float) -> int:
    return math.floor(TIME_PER_MIN * min(minutes, 100_000) + 1e-3)


def _cut(day: Day, minutes: float, noon: float | None) -> float:
    """Return a time of the day without its lunch break, at the latest where it is not cut out yet."""
    if day.lunch is None:
        return minutes
    noon = day.lunch.latest_min if noon is None else noon
    return minutes if minutes <= noon else max(noon, minutes - day.lunch.length_min)


def _windows(day: Day, stop: int, noon: float | None) -> Iterator[tuple[int, int]]:
    """Return when a visit may begin, before the lunch break and after it, as PyVRP counts time."""
    early = max(day.earliest[stop], day.terms.depart_min)
    late = day.latest[stop]
    if noon is None:
        yield _time(early) if day.is_timed else 0, _time(late)
        return
    in_time = min(late, noon - day.stops[stop].service_min)
    if early <= in_time:
        yield _time(early), _time(in_time)
    if late >= noon or early > in_time:
        yield _time(max(_cut(day, early, noon), noon)), _time(max(_cut(day, late, noon), noon))


def _keeps(day: Day, order: list[int]) -> bool:
    is_light = day.load(order) <= day.capacity
    return is_light and math.isfinite(day.travel_min(order)) and schedule(day, order).is_kept


def _thinned(day: Day, order: list[int]) -> list[int]:
    """Return an order without stops that keep it from being kept, may stops before must stops."""
    if _keeps(day, order):
        return order
    kept: set[int] = set()
    for stop in sorted(order, key=lambda stop: not day.stops[stop].is_must):
        if _keeps(day, [each for each in order if each in kept or each == stop]):
            kept.add(stop)
    return [stop for stop in order if stop in kept]


def _filled(day: Day, orders: list[list[int]], largest: int, allowed: Allowance) -> list[list[int]]:
    """Return the orders with every stop that is in none of them put in where it costs least, if it fits."""
    orders = [order for order in orders if order]
    served = {stop for order in orders for stop in order}
    left = [stop for stop in range(len(day.stops)) if stop not in served]
    for stop in sorted(left, key=lambda stop: not day.stops[stop].is_must):
        idle: list[list[int]] = [[]] if len(orders) < day.terms.teams else []
        choices = sorted(
            (day.travel_min(longer) - day.travel_min(order), number, place)
            for number, order in enumerate([*orders, *idle])
            if len(order) < largest and day.load(order) + day.stops[stop].load <= day.capacity
            for place in range(len(order) + 1)
            for longer in [[*order[:place], stop, *order[place:]]]
        )
        for _, number, place in choices:
            if allowed.seconds_left <= 0:
                return orders
            order = orders[number] if number < len(orders) else []
            longer = [*order[:place], stop, *order[place:]]
            if _keeps(day, longer):
                orders = [*orders[:number], longer, *orders[number + 1 :]]
                break
    return orders
