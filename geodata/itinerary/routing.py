"""The search for good routes by PyVRP, beyond what can be proven, and what makes them keep all terms.

PyVRP knows windows, capacities and prizes of stops, but no breaks. The lunch break is therefore cut out of
the day at a fixed time: what comes after it is moved forward by its length, and a stop that can be visited
before and after it stands twice, one of which is to be visited. What PyVRP finds is then scheduled exactly;
a stop that this does not allow is taken out, and every stop that is left is put in where it fits.

Wouda, N. A., Lan, L. and Kool, W. (2024): PyVRP: a high-performance VRP solver package. INFORMS Journal on
Computing 36(4), 943-955.
"""

import math
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning

from geodata.itinerary.day import Day
from geodata.itinerary.schedule import schedule

COST_PER_MIN = 10_000
TIME_PER_MIN = 60_000
"""PyVRP counts in whole numbers: time in milliseconds, travel in ten-thousandths of a minute."""

ROUNDS_WITHOUT_GAIN_PER_STOP = 300
"""After which a search ends before its time."""


def good_orders(
    day: Day, largest: int, seed: int, seconds_left: Callable[[], float], should_stop: Callable[[], bool]
) -> list[list[int]]:
    """Return the order of each team in the best plan that is found in time.

    Parameters
    ----------
    day
        With at least one stop.
    largest
        The most stops of one team.
    seed
        Of PyVRP's random numbers.
    seconds_left
        How long the search may go on.
    should_stop
        Whether it is to end before.
    """
    noons = _noons(day)
    best: list[list[int]] = []
    for number, noon in enumerate(noons):
        share = seconds_left() / (len(noons) - number)
        ends_at = seconds_left() - 0.95 * share

        def is_over(ends_at: float = ends_at) -> bool:
            return should_stop() or seconds_left() <= ends_at

        orders = _searched(day, largest, seed, noon, is_over)
        orders = _filled(day, [_thinned(day, order) for order in orders], largest, seconds_left)
        if not best or day.worth(orders) > day.worth(best):
            best = orders
        if should_stop():
            break
    return best


def _noons(day: Day) -> list[float | None]:
    if day.lunch is None:
        return [None]
    earliest, latest = max(day.lunch.earliest_min, day.terms.depart_min), day.lunch.latest_min
    return list(dict.fromkeys([(earliest + latest) / 2, earliest, latest]))


def _searched(
    day: Day, largest: int, seed: int, noon: float | None, should_end: Callable[[], bool]
) -> list[list[int]]:
    data, stop_of_client = _problem(day, largest, noon)
    no_gain = pyvrp.stop.NoImprovement(ROUNDS_WITHOUT_GAIN_PER_STOP * len(day.stops))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)  # of terms that no plan can keep
        result = pyvrp.solve(
            data, lambda best_cost: should_end() or no_gain(best_cost), seed=seed, collect_stats=False
        )
    return [
        [stop_of_client[activity.idx] for activity in route if activity.is_client()]
        for route in result.best.routes()
    ]


def _problem(day: Day, largest: int, noon: float | None) -> tuple[pyvrp.ProblemData, list[int]]:
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
    clients: list[pyvrp.Client] = []
    groups: list[pyvrp.ClientGroup] = []
    stop_of_client = []
    for stop, asked in enumerate(day.stops):
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
                    delivery=[asked.load, 1],
                    service_duration=math.ceil(TIME_PER_MIN * asked.service_min) if day.is_timed else 0,
                    tw_early=early,
                    tw_late=late,
                    prize=0 if is_free else must_prize if asked.is_must else may_prize,
                    required=is_free,
                    group=group,
                )
            )
    whole_load = max(1, day.load(range(count)))
    team = pyvrp.VehicleType(
        num_available=min(day.terms.teams, count),
        capacity=[int(min(day.capacity, whole_load)), largest],
        start_depot=0,
        end_depot=1,
        tw_early=_time(day.terms.depart_min) if day.is_timed else 0,
        tw_late=_time(_cut(day, day.deadline, noon)),
    )
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(count + 2)],
        clients=clients,
        depots=[pyvrp.Depot(day.start), pyvrp.Depot(day.end)],
        vehicle_types=[team],
        distance_matrices=[np.round(cost).astype(np.int64)],
        duration_matrices=[duration.astype(np.int64)],
        groups=groups,
    )
    return data, stop_of_client


def _time(minutes: float) -> int:
    return math.floor(TIME_PER_MIN * min(minutes, 100_000) + 1e-3)


def _cut(day: Day, minutes: float, noon: float | None) -> float:
    """Return a time of the day without its lunch break."""
    if noon is None or day.lunch is None or minutes <= noon:
        return minutes
    return max(noon, minutes - day.lunch.length_min)


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
    """Return an order without the stops that keep it from being kept."""
    while not _keeps(day, order):
        choices = [order[:place] + order[place + 1 :] for place in range(len(order))]
        order = min(choices, key=lambda choice: _breach(day, choice))
    return order


def _breach(day: Day, order: list[int]) -> tuple[bool, float, float, int, float]:
    found = schedule(day, order)
    travel = day.travel_min(order)
    too_late = found.late_min + found.overtime_min
    too_heavy = max(0.0, day.load(order) - day.capacity)
    musts = sum(day.stops[stop].is_must for stop in order)
    return found.lacks_lunch or math.isinf(travel), too_heavy, too_late, -musts, travel


def _filled(
    day: Day, orders: list[list[int]], largest: int, seconds_left: Callable[[], float]
) -> list[list[int]]:
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
            if seconds_left() <= 0:
                return orders
            order = orders[number] if number < len(orders) else []
            longer = [*order[:place], stop, *order[place:]]
            if _keeps(day, longer):
                orders = [*orders[:number], longer, *orders[number + 1 :]]
                break
    return orders
