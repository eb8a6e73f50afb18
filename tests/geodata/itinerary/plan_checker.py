"""An independent judge of plans: it follows each route by the watch and knows nothing of how it was made."""

from collections.abc import Sequence
from itertools import pairwise, permutations, product

import numpy as np
import pytest

from geodata.itinerary.terms import Plan, Route, Stop, Terms, Visit
from tests.geodata.itinerary.instances import Matrix

SLACK = 1e-6


def faults_of(plan: Plan, stops: Sequence[Stop], minutes: Matrix, metres: Matrix, terms: Terms) -> list[str]:
    """Return whatever a plan breaks, in words; empty for a plan that can be followed."""
    visited = [visit.stop for route in plan.routes for visit in route.visits]
    told = [left.stop for left in plan.unassigned]
    found = []
    if sorted(visited + told) != list(range(len(stops))):
        found.append(f"stops lost or doubled: {visited} visited, {told} unassigned")
    if len(plan.routes) > terms.teams:
        found.append(f"{len(plan.routes)} teams of {terms.teams}")
    if [route.team for route in plan.routes] != list(range(1, len(plan.routes) + 1)):
        found.append("teams are not numbered")
    for route in plan.routes:
        watch = _Watch(route, stops, minutes, metres, terms)
        watch.follow()
        found += [f"team {route.team}: {fault}" for fault in watch.found]
    return found


class _Watch:
    """Follows one route by the clock and notes what does not hold."""

    def __init__(
        self, route: Route, stops: Sequence[Stop], minutes: Matrix, metres: Matrix, terms: Terms
    ) -> None:
        self.route, self.stops, self.terms = route, stops, terms
        self.minutes, self.metres = minutes, metres
        self.clock, self.here = terms.depart_min, len(stops)
        self.travel = self.way = self.waiting = 0.0
        self.has_eaten = False
        self.found: list[str] = []

    def same(self, what: str, is_value: float, should_be: float) -> None:
        self.refuse(is_value != pytest.approx(should_be, abs=SLACK), f"{what} is {is_value}, not {should_be}")

    def refuse(self, is_broken: bool, fault: str) -> None:
        if is_broken:
            self.found.append(fault)

    def follow(self) -> None:
        route, terms = self.route, self.terms
        self.same("departure", route.departs_min, terms.depart_min)
        if route.lunch is not None:
            assert terms.lunch is not None, "a break that nobody asked for"
            _, begins, ends = route.lunch
            is_in_time = terms.lunch.earliest_min - SLACK <= begins <= terms.lunch.latest_min + SLACK
            self.refuse(not is_in_time, f"lunch begins at {begins}")
            self.same("length of lunch", ends - begins, terms.lunch.length_min)
        for place, visit in enumerate(route.visits):
            self.go_to(place, visit)
        if route.lunch is not None and not self.has_eaten:
            self.same("place of lunch", route.lunch[0], len(route.visits) - 1)
            self.eat()
        if terms.end == "open":
            assert route.returns_min is None
        else:
            self.drive(len(self.stops) + 1)
            assert route.returns_min is not None
            self.same("return", route.returns_min, self.clock)
        self.same("travel", route.travel_min, self.travel)
        self.same("distance", route.distance_m, self.way)
        self.same("waiting", route.waiting_min, self.waiting)
        self.refuse(not np.isfinite(self.travel), "a leg without a path")
        self.keep_terms()

    def drive(self, to: int) -> None:
        leg = float(self.minutes[self.here, to])
        self.way += float(self.metres[self.here, to])
        self.clock, self.travel, self.here = self.clock + leg, self.travel + leg, to

    def eat(self) -> None:
        assert self.route.lunch is not None
        _, begins, ends = self.route.lunch
        self.refuse(begins < self.clock - SLACK, "lunch begins before the team is free")
        self.waiting += begins - self.clock
        self.clock, self.has_eaten = ends, True

    def go_to(self, place: int, visit: Visit) -> None:
        stop, leg = self.stops[visit.stop], float(self.minutes[self.here, visit.stop])
        eats_here = self.route.lunch is not None and self.route.lunch[0] == place - 1
        # lunch before the leg shows in the arrival, else it is at the stop before the visit
        if eats_here and place and visit.arrives_min > self.clock + leg + SLACK:
            self.eat()
        self.drive(visit.stop)
        self.same(f"arrival at {visit.stop}", visit.arrives_min, self.clock)
        if eats_here and not self.has_eaten:
            self.eat()
        earliest = -np.inf if stop.earliest_min is None else stop.earliest_min
        latest = np.inf if stop.latest_min is None else stop.latest_min
        begins = visit.begins_min
        self.refuse(begins < self.clock - SLACK, f"{visit.stop} begins before the team is there")
        self.refuse(begins < earliest - SLACK, f"{visit.stop} begins before its window")
        self.refuse(begins > latest + SLACK, f"{visit.stop} begins after its window")
        self.waiting += begins - self.clock
        self.same(f"length of {visit.stop}", visit.ends_min - begins, stop.service_min)
        self.clock = visit.ends_min

    def keep_terms(self) -> None:
        terms, clock = self.terms, self.clock
        lunch = terms.lunch
        is_lunch_due = lunch is not None and terms.depart_min <= lunch.latest_min < clock - SLACK
        self.refuse(is_lunch_due and not self.has_eaten, f"no lunch until {clock}")
        load = sum(self.stops[visit.stop].load for visit in self.route.visits)
        self.refuse(terms.capacity is not None and load > terms.capacity, "too heavy")
        shift = np.inf if terms.longest_shift_min is None else terms.longest_shift_min
        self.refuse(clock > terms.depart_min + shift + SLACK, f"shift until {clock}")
        latest = np.inf if terms.latest_return_min is None else terms.latest_return_min
        self.refuse(clock > latest + SLACK, f"back at {clock}")


def worth(plan: Plan, stops: Sequence[Stop]) -> tuple[int, int, float]:
    """Return must stops, may stops and, the less the better, minutes of travel."""
    visited = [visit.stop for route in plan.routes for visit in route.visits]
    musts = sum(stops[stop].is_must for stop in visited)
    return musts, len(visited) - musts, -round(sum(route.travel_min for route in plan.routes), 6)


def best_worth(stops: Sequence[Stop], minutes: Matrix, terms: Terms, largest: int) -> tuple[int, int, float]:
    """Return the worth of the best plan, by trying every team for every stop, every order, every lunch."""
    best = (0, 0, 0.0)
    quickest: dict[frozenset[int], float] = {frozenset(): 0.0}
    for chosen in product((False, True), repeat=len(stops)):
        members = [stop for stop, is_in in enumerate(chosen) if is_in]
        if members and len(members) <= largest:
            travels = [_travel(order, stops, minutes, terms) for order in permutations(members)]
            quickest[frozenset(members)] = min(travels)
    for teams in product(range(terms.teams + 1), repeat=len(stops)):
        groups = [
            frozenset(stop for stop, own in enumerate(teams) if own == team)
            for team in range(1, terms.teams + 1)
        ]
        travel = sum(quickest.get(group, np.inf) for group in groups)
        if np.isfinite(travel):
            visited = [stop for group in groups for stop in group]
            musts = sum(stops[stop].is_must for stop in visited)
            best = max(best, (musts, len(visited) - musts, -round(travel, 6)))
    return best


def _travel(order: Sequence[int], stops: Sequence[Stop], minutes: Matrix, terms: Terms) -> float:
    if terms.capacity is not None and sum(stops[stop].load for stop in order) > terms.capacity:
        return np.inf
    lunches: list[int | None] = [None]
    if terms.lunch is not None and terms.depart_min <= terms.lunch.latest_min:
        lunches += range(2 * len(order))
    ways = [len(stops), *order] + ([] if terms.end == "open" else [len(stops) + 1])
    travel = float(sum(minutes[leg] for leg in pairwise(ways)))
    return travel if any(_can_follow(order, lunch, stops, minutes, terms) for lunch in lunches) else np.inf


def _can_follow(
    order: Sequence[int], lunch: int | None, stops: Sequence[Stop], minutes: Matrix, terms: Terms
) -> bool:
    """Follow an order with lunch before (even) or after (odd) a visit."""
    clock, here, eats = terms.depart_min, len(stops), terms.lunch

    def eaten(moment: float) -> float:
        assert eats is not None
        begins = max(moment, eats.earliest_min)
        return begins + eats.length_min if begins <= eats.latest_min else np.inf

    for place, stop in enumerate(order):
        clock += minutes[here, stop]
        clock = eaten(clock) if lunch == 2 * place else clock
        asked = stops[stop]
        clock = clock if asked.earliest_min is None else max(clock, asked.earliest_min)
        if asked.latest_min is not None and clock > asked.latest_min:
            return False
        clock += asked.service_min
        clock = eaten(clock) if lunch == 2 * place + 1 else clock
        here = stop
    if terms.end != "open":
        clock += minutes[here, len(stops) + 1]
    limits = [np.inf if terms.latest_return_min is None else terms.latest_return_min]
    if terms.longest_shift_min is not None:
        limits.append(terms.depart_min + terms.longest_shift_min)
    is_lunch_due = lunch is None and eats is not None and terms.depart_min <= eats.latest_min < clock
    return bool(clock <= min(limits)) and np.isfinite(clock) and not is_lunch_due
