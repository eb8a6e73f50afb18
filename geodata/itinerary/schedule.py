"""When one team arrives, waits, visits and has lunch in a given order of stops."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geodata.itinerary.day import TOLERANCE_MIN, Day
from geodata.itinerary.terms import Route, Visit


@dataclass(frozen=True)
class Schedule:
    """The earliest times at which an order can be followed.

    Attributes
    ----------
    visits
        In the order given.
    over_min
        When the end is reached; with an open end, when the last visit ends.
    lunch
        As in :class:`geodata.itinerary.terms.Route`.
    late_min
        By how much visits begin after their windows, in all.
    overtime_min
        By how much the way is over too late.
    lacks_lunch
        That no time was found for a break that is due.
    """

    visits: tuple[Visit, ...]
    over_min: float
    lunch: tuple[int, float, float] | None
    late_min: float
    overtime_min: float
    lacks_lunch: bool

    @property
    def is_kept(self) -> bool:
        """Whether it keeps every window, the lunch break and the time to be back."""
        return self.late_min == 0 and self.overtime_min == 0 and not self.lacks_lunch


@dataclass(frozen=True)
class _Progress:
    late_min: float
    leaves_min: float
    visits: tuple["_Progress", Visit] | None
    lunch: tuple[int, float, float] | None

    def rank(self) -> tuple[float, float]:
        return self.late_min, self.leaves_min


def _excess(value: float, limit: float) -> float:
    return value - limit if value > limit + TOLERANCE_MIN else 0.0


def _visited(day: Day, before: _Progress, stop: int, arrives: float, ready: float) -> _Progress:
    begins = max(ready, day.earliest[stop])
    ends = begins + day.stops[stop].service_min
    late = before.late_min + _excess(begins, day.latest[stop])
    return _Progress(late, ends, (before, Visit(stop, arrives, begins, ends)), before.lunch)


def _all_visits(last: _Progress) -> tuple[Visit, ...]:
    found = []
    while last.visits is not None:
        last, visit = last.visits
        found.append(visit)
    return tuple(reversed(found))


def schedule(day: Day, order: Sequence[int]) -> Schedule:
    """Return the earliest times at which one team can follow an order.

    To be early never hurts, as who is early may wait; so it is enough to follow two earliest times from
    stop to stop: of a team that has had lunch, and of one that has not.
    """
    hungry = _Progress(0.0, day.terms.depart_min, None, None)
    fed: _Progress | None = None
    here = day.start
    for position, stop in enumerate(order):
        leg = day.legs_min[here][stop]
        choices = []
        if fed is not None:
            arrives = fed.leaves_min + leg
            choices.append(_visited(day, fed, stop, arrives, arrives))
        if position and (eaten := _after_lunch(day, hungry, position - 1, hungry.leaves_min)):
            arrives = eaten.leaves_min + leg
            choices.append(_visited(day, eaten, stop, arrives, arrives))
        arrives = hungry.leaves_min + leg
        if eaten := _after_lunch(day, hungry, position - 1, arrives):
            choices.append(_visited(day, eaten, stop, arrives, eaten.leaves_min))
        fed = min(choices, key=_Progress.rank, default=None)
        hungry = _visited(day, hungry, stop, arrives, arrives)
        here = stop

    leg = day.legs_min[here][day.end] if order else 0.0
    is_due = day.lunch is not None and hungry.leaves_min + leg > day.lunch.latest_min + TOLERANCE_MIN
    ends = [] if is_due else [hungry]
    if fed is not None:
        ends.append(fed)
    if is_due and order and (eaten := _after_lunch(day, hungry, len(order) - 1, hungry.leaves_min)):
        ends.append(eaten)

    def broken(end: _Progress) -> tuple[float, float]:
        over = end.leaves_min + leg
        return end.late_min + _excess(over, day.deadline), over

    last = min(ends, key=broken, default=hungry)
    over = last.leaves_min + leg
    overtime = _excess(over, day.deadline)
    return Schedule(_all_visits(last), over, last.lunch, last.late_min, overtime, lacks_lunch=not ends)


def _after_lunch(day: Day, hungry: _Progress, position: int, ready: float) -> _Progress | None:
    lunch = day.lunch
    if lunch is None or (begins := max(ready, lunch.earliest_min)) > lunch.latest_min + TOLERANCE_MIN:
        return None
    ends = begins + lunch.length_min
    return replace(hungry, leaves_min=ends, lunch=(position, begins, ends))


def route_of(day: Day, order: Sequence[int], team: int) -> Route:
    """Return the day of a team that follows an order."""
    found = schedule(day, order)
    way = day.way(order)
    travel = day.travel_min(order)
    service = sum(visit.ends_min - visit.begins_min for visit in found.visits)
    break_min = 0.0 if found.lunch is None else found.lunch[2] - found.lunch[1]
    waiting = found.over_min - day.terms.depart_min - travel - service - break_min
    return Route(
        team=team,
        visits=found.visits,
        departs_min=day.terms.depart_min,
        returns_min=None if day.terms.end == "open" else found.over_min,
        distance_m=float(day.distance_m[way].sum()),
        travel_min=travel,
        waiting_min=waiting if waiting > TOLERANCE_MIN else 0.0,
        lunch=found.lunch,
    )
