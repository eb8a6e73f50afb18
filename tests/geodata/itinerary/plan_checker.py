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
        found += [
            f"team {route.team}: {fault}" for fault in _faults_of_route(route, stops, minutes, metres, terms)
        ]
    return found


class _Watch:
    """Follows a route by the watch, and notes what is other than it says."""

    def __init__(self, route: Route, stops: Sequence[Stop], minutes: Matrix, metres: Matrix, terms: Terms):
        self.route, self.stops, self.terms = route, stops, terms
        self.minutes, self.metres = minutes, metres
        self.found: list[str] = []
        self.clock, self.here = terms.depart_min, len(stops)
        self.travel = self.way = self.waiting = 0.0
        self.has_eaten = False

    def same(self, what: str, is_value: float, should_be: float) -> None:
        if is_value != pytest.approx(should_be, abs=SLACK):
            self.found.append(f"{what} is {is_value}, not {should_be}")

    def check_lunch(self) -> None:
        if self.route.lunch is None:
            return
        assert self.terms.lunch is not None, "a break that nobody asked for"
        _, begins, ends = self.route.lunch
        if not self.terms.lunch.earliest_min - SLACK <= begins <= self.terms.lunch.latest_min + SLACK:
            self.found.append(f"lunch begins at {begins}")
        self.same("length of lunch", ends - begins, self.terms.lunch.length_min)

    def eat(self) -> None:
        assert self.route.lunch is not None
        if self.route.lunch[1] < self.clock - SLACK:
            self.found.append("lunch begins before the team is free")
        self.waiting += self.route.lunch[1] - self.clock
        self.has_eaten = True
        self.clock = self.route.lunch[2]

    def go(self, there: int) -> None:
        self.clock += float(self.minutes[self.here, there])
        self.travel += float(self.minutes[self.here, there])
        self.way += float(self.metres[self.here, there])
        self.here = there

    def visit(self, place: int, visit: Visit) -> None:
        stop, leg = self.stops[visit.stop], float(self.minutes[self.here, visit.stop])
        lunch = self.route.lunch
        eats_here = lunch is not None and lunch[0] == place - 1
        # lunch before the leg shows in the arrival, else it is at the stop before the visit
        if lunch is not None and eats_here and place and lunch[2] + leg <= visit.arrives_min + SLACK:
            self.eat()
        self.go(visit.stop)
        self.same(f"arrival at {visit.stop}", visit.arrives_min, self.clock)
        if eats_here and not self.has_eaten:
            self.eat()
        if visit.begins_min < self.clock - SLACK:
            self.found.append(f"{visit.stop} begins before the team is there")
        if stop.earliest_min is not None and visit.begins_min < stop.earliest_min - SLACK:
            self.found.append(f"{visit.stop} begins before its window")
        if stop.latest_min is not None and visit.begins_min > stop.latest_min + SLACK:
            self.found.append(f"{visit.stop} begins after its window")
        self.waiting += visit.begins_min - self.clock
        self.same(f"length of {visit.stop}", visit.ends_min - visit.begins_min, stop.service_min)
        self.clock = visit.ends_min

    def end(self) -> None:
        if self.route.lunch is not None and not self.has_eaten:
            self.same("place of lunch", self.route.lunch[0], len(self.route.visits) - 1)
            self.eat()
        if self.terms.end == "open":
            assert self.route.returns_min is None
        else:
            self.go(len(self.stops) + 1)
            assert self.route.returns_min is not None
            self.same("return", self.route.returns_min, self.clock)

    def check_terms(self) -> None:
        terms, clock = self.terms, self.clock
        if not np.isfinite(self.travel):
            self.found.append("a leg without a path")
        is_lunch_due = terms.lunch is not None and terms.depart_min <= terms.lunch.latest_min < clock - SLACK
        if is_lunch_due and not self.has_eaten:
            self.found.append(f"no lunch until {clock}")
        load = sum(self.stops[visit.stop].load for visit in self.route.visits)
        if terms.capacity is not None and load > terms.capacity:
            self.found.append("too heavy")
        shift_ends = np.inf if terms.longest_shift_min is None else terms.depart_min + terms.longest_shift_min
        if clock > shift_ends + SLACK:
            self.found.append(f"shift until {clock}")
        if terms.latest_return_min is not None and clock > terms.latest_return_min + SLACK:
            self.found.append(f"back at {clock}")


def _faults_of_route(
    route: Route, stops: Sequence[Stop], minutes: Matrix, metres: Matrix, terms: Terms
) -> list[str]:
    watch = _Watch(route, stops, minutes, metres, terms)
    watch.same("departure", route.departs_min, terms.depart_min)
    watch.check_lunch()
    for place, visit in enumerate(route.visits):
        watch.visit(place, visit)
    watch.end()
    watch.same("travel", route.travel_min, watch.travel)
    watch.same("distance", route.distance_m, watch.way)
    watch.same("waiting", route.waiting_min, watch.waiting)
    watch.check_terms()
    return watch.found


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
