"""The planner: which team visits which stop when, so that all travel as little as possible."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from geodata.itinerary import reasons
from geodata.itinerary.allowance import Allowance
from geodata.itinerary.day import Day, Matrix, make_day
from geodata.itinerary.exact_plan import best_orders
from geodata.itinerary.faults import check
from geodata.itinerary.held_karp import shortest_order
from geodata.itinerary.schedule import route_of
from geodata.itinerary.terms import Lunch, Plan, Route, Stop, Terms, Unassigned, Violation, Visit
from geodata.language import message

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

MOST_PROVEN = 12
"""Up to so many stops every plan is weighed; beyond, PyVRP searches."""


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
    return Cost(float(duration_min[legs].sum()), float(distance_m[legs].sum()))


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
    allowed = Allowance.lasting(seconds, should_stop)
    check(stops, duration_min, distance_m, terms, order)
    day = make_day(stops, duration_min, distance_m, terms)
    if order is not None:
        return _locked(day, order)

    at_ease = day.at_ease()
    impossible = {
        stop: why for stop in range(len(stops)) if (why := reasons.alone(at_ease, stop)) is not None
    }
    possible = [stop for stop in range(len(stops)) if stop not in impossible]
    chosen = day.of(possible)

    found, is_proven = _best(chosen, seed, allowed)
    orders = sorted(([possible[stop] for stop in each] for each in found), key=min)
    served = {stop for each in orders for stop in each}
    crowded_out = reasons.together(chosen, is_proven=is_proven)
    return Plan(
        routes=tuple(route_of(day, each, team) for team, each in enumerate(orders, start=1)),
        unassigned=tuple(
            Unassigned(stop, impossible.get(stop) or reasons.alone(day, stop) or crowded_out)
            for stop in range(len(stops))
            if stop not in served
        ),
        proven_optimal=is_proven,
        is_searched_out=not is_proven and not allowed.cut.is_set(),
    )


def _best(day: Day, seed: int, allowed: Allowance) -> tuple[list[list[int]], bool]:
    """Return the order of each team, and whether it is proven that none is better."""
    count = len(day.stops)
    if count == 0:
        return [], True
    is_divided = day.capacity < math.inf or day.deadline < math.inf
    if day.terms.teams == 1 or is_divided:
        return _best_of_size(day, count, seed, allowed)
    share = math.ceil(count / day.terms.teams)
    kept = 0.4 * allowed.seconds_left * day.is_timed
    first = _best_of_size(day, share, seed, replace(allowed, ends_at=allowed.ends_at - kept))
    if sum(map(len, first[0])) == count:
        return first
    second = _best_of_size(day, count, seed, allowed)
    return max(first, second, key=lambda found: day.worth(found[0])[:2])


def _best_of_size(day: Day, largest: int, seed: int, allowed: Allowance) -> tuple[list[list[int]], bool]:
    count = len(day.stops)
    if count <= MOST_PROVEN:
        is_bound = day.is_timed or day.load(range(count)) > day.capacity or largest < count
        if not is_bound and day.terms.teams == 1 and (order := shortest_order(day)) is not None:
            return [order], True
        exact_ends = allowed.seconds_left / 2
        orders = best_orders(day, largest, lambda: allowed.is_over(exact_ends))
        if orders is not None:
            return orders, True

    from geodata.itinerary.routing import good_orders  # PyVRP takes long to load, and most plans need none

    return good_orders(day, largest, seed, allowed), False


def _locked(day: Day, order: Sequence[int]) -> Plan:
    kept: list[int] = []
    left_out: list[Unassigned] = []
    for stop in order:
        if math.isinf(day.legs_min[kept[-1] if kept else day.start][stop]):
            left_out.append(Unassigned(stop, message("no path leads there from the stop before")))
        else:
            kept.append(stop)
    while kept and math.isinf(day.legs_min[kept[-1]][day.end]):
        left_out.append(Unassigned(kept.pop(), message("no path leads from there to the end")))
    left_out += [
        Unassigned(stop, message("it is not in the locked order"))
        for stop in range(len(day.stops))
        if stop not in order
    ]
    return Plan(
        routes=(route_of(day, kept, 1),) if kept else (),
        unassigned=tuple(sorted(left_out, key=lambda left: left.stop)),
        proven_optimal=False,
        violations=reasons.violations(day, kept),
    )
