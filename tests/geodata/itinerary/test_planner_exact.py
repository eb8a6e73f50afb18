"""What the planner calls proven is proven: compared with the enumeration of all orders and all plans."""

import math
from dataclasses import replace
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest

from geodata.itinerary.planner import Lunch, Stop, Terms, cost_of_order, plan
from tests.geodata.itinerary.instances import Matrix, city
from tests.geodata.itinerary.plan_checker import best_worth, faults_of, worth

PATIENT = 600.0
"""Seconds in which any machine weighs so few stops whole."""

ENDS: list[Literal["same", "other", "open"]] = ["same", "other", "open"]


@cache
def _permutations(count: int) -> npt.NDArray[np.int8]:
    """Every order of so many stops, sorted, so that orders that begin alike stand together."""
    if count == 0:
        return np.zeros((1, 0), dtype=np.int8)
    rest = _permutations(count - 1)
    return np.concatenate(
        [
            np.column_stack(
                [np.full(len(rest), first, dtype=np.int8), rest + (rest >= first).astype(np.int8)]
            )
            for first in range(count)
        ]
    )


def _least_travel(minutes: Matrix, *, is_open: bool) -> float:
    count = len(minutes) - 2
    orders = _permutations(count)
    travel = minutes[count, orders[:: math.factorial(count - 1), 0]]
    for place in range(1, count):
        begun = orders[:: math.factorial(count - 1 - place)]
        travel = np.repeat(travel, count - place) + minutes[begun[:, place - 1], begun[:, place]]
    return float((travel if is_open else travel + minutes[orders[:, -1], count + 1]).min())


# fewer of the largest, of which each means 3.628.800 orders
SIZES = (
    [1] * 10
    + [2] * 30
    + [3] * 60
    + [4] * 70
    + [5] * 80
    + [6] * 80
    + [7] * 80
    + [8] * 60
    + [9] * 20
    + [10] * 10
)


def test_every_one_of_500_instances_is_as_short_as_the_shortest_of_all_orders() -> None:
    assert len(SIZES) == 500
    wrong: list[Any] = []
    for seed, count in enumerate(SIZES):
        end = ENDS[seed % 3]
        minutes = city(count, seed, is_symmetric=seed % 2 == 0, end_elsewhere=end == "other")
        found = plan(
            [Stop(str(stop), 15) for stop in range(count)],
            minutes,
            minutes * 500,
            Terms(480, end=end),
            seconds=PATIENT,
        )
        least = _least_travel(minutes, is_open=end == "open")
        (route,) = found.routes
        if not (found.proven_optimal and route.travel_min == pytest.approx(least, abs=1e-9)):
            wrong.append((seed, count, route.travel_min, least))
        order = [visit.stop for visit in route.visits]
        assert cost_of_order(order, minutes, minutes * 500, Terms(480, end=end)).travel_min == pytest.approx(
            least
        )
    assert wrong == []


def _asked(rng: np.random.Generator, count: int) -> list[Stop]:
    stops = []
    for number in range(count):
        begins = float(rng.integers(480, 800))
        has_window = rng.random() < 0.6
        stops.append(
            Stop(
                str(number),
                service_min=float(rng.integers(0, 60)),
                earliest_min=begins if has_window else None,
                latest_min=begins + float(rng.integers(0, 150)) if has_window else None,
                is_must=bool(rng.random() < 0.6),
                load=int(rng.integers(0, 30)),
            )
        )
    return stops


def _terms(rng: np.random.Generator, teams: int) -> Terms:
    return Terms(
        depart_min=480,
        teams=teams,
        capacity=35 if rng.random() < 0.4 else None,
        longest_shift_min=float(rng.integers(120, 400)) if rng.random() < 0.4 else None,
        lunch=Lunch(690, 690 + float(rng.integers(0, 60)), 45) if rng.random() < 0.6 else None,
        end=ENDS[int(rng.integers(3))],
        latest_return_min=float(rng.integers(640, 1000)) if rng.random() < 0.4 else None,
    )


def _possible(stops: list[Stop], minutes: Matrix, terms: Terms) -> int:
    """How many stops could be visited if they were the only ones: what the teams share."""
    quickest = minutes.copy()
    np.fill_diagonal(quickest, 0)
    quickest[:, -2] = quickest[-1, :] = np.inf
    for _ in stops:
        quickest = (quickest[:, :, None] + quickest[None]).min(axis=1)
    hungry = replace(terms, lunch=None)
    places = [np.ix_([stop, -2, -1], [stop, -2, -1]) for stop in range(len(stops))]
    return sum(
        sum(best_worth([stop], quickest[place], hungry, 1)[:2])
        for stop, place in zip(stops, places, strict=True)
    )


@pytest.mark.parametrize(("teams", "count", "instances"), [(1, 5, 80), (2, 4, 80), (3, 4, 40)])
def test_no_plan_of_all_plans_is_better_under_windows_shifts_capacities_and_lunch(
    teams: int, count: int, instances: int
) -> None:
    left_out = 0
    for seed in range(instances):
        rng = np.random.default_rng([teams, seed])
        minutes = city(count, seed, is_symmetric=False, end_elsewhere=True)
        if seed % 4 == 0:
            minutes[rng.random(minutes.shape) < 0.15] = np.inf
        stops, terms = _asked(rng, count), _terms(rng, teams)
        found = plan(stops, minutes, minutes * 500, terms, seconds=PATIENT)
        assert faults_of(found, stops, minutes, minutes * 500, terms) == []
        assert found.proven_optimal
        possible = _possible(stops, minutes, terms)
        is_divided = terms.capacity is not None or terms.longest_shift_min or terms.latest_return_min
        share = count if is_divided or not possible else math.ceil(possible / teams)
        best = best_worth(stops, minutes, terms, share)
        if sum(best[:2]) < possible:
            best = max(best, best_worth(stops, minutes, terms, count), key=lambda each: each[:2])
        assert worth(found, stops) == pytest.approx(best, abs=1e-5), seed
        left_out += len(found.unassigned)
    assert left_out > instances / 3  # the terms do bind


def test_of_two_orders_with_the_same_travel_time_the_shorter_is_taken() -> None:
    minutes = np.ones((5, 5))
    metres = np.full((5, 5), 900.0)
    for origin, destination in [(3, 2), (2, 0), (0, 1), (1, 4)]:
        metres[origin, destination] = 800
    (route,) = plan([Stop(name) for name in "ABC"], minutes, metres, Terms(480)).routes
    assert [visit.stop for visit in route.visits] == [2, 0, 1]
    assert (route.travel_min, route.distance_m) == (4, 3200)


def test_twelve_stops_are_weighed_whole() -> None:
    minutes = city(12, 12, is_symmetric=False)
    stops = [Stop(str(stop), 20) for stop in range(12)]
    assert plan(stops, minutes, minutes * 500, Terms(480), seconds=PATIENT).proven_optimal
