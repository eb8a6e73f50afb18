"""What is asked of the planner (stops and terms) and what it answers (a plan): plain data.

Times are minutes after midnight of the day, as in ``8.5 * 60`` for 08:30; durations are minutes,
distances metres. A stop is named by its place in the list that was given, 0 the first.
"""

from dataclasses import dataclass
from typing import Literal

from geodata.language import Message


@dataclass(frozen=True)
class Stop:
    """A place to visit once.

    Attributes
    ----------
    name
        What messages call it.
    service_min
        How long the visit lasts.
    earliest_min, latest_min
        When the visit may begin; None where nothing binds it. Who comes earlier waits.
    is_must
        Whether it has to be visited; otherwise it is visited where it fits.
    load
        How much of :attr:`Terms.capacity` the visit takes up.
    """

    name: str
    service_min: float = 0
    earliest_min: float | None = None
    latest_min: float | None = None
    is_must: bool = True
    load: int = 0


@dataclass(frozen=True)
class Lunch:
    """The break of each team that is still on its way when it may begin.

    Attributes
    ----------
    earliest_min, latest_min
        When it may begin.
    length_min
        How long it lasts.
    """

    earliest_min: float
    latest_min: float
    length_min: float


@dataclass(frozen=True)
class Terms:
    """What binds the whole day.

    Attributes
    ----------
    depart_min
        When every team leaves the start.
    teams
        How many may go at once, each on a way of its own. Vehicles that drive together are one team. Where
        neither a capacity nor a time to be back divides the stops among the teams, no team visits more
        than its share of them (the number of stops by the number of teams, rounded up), unless a stop
        would have to be left out for that.
    capacity
        How much load one team takes in all.
    longest_shift_min
        The longest time from the departure to the return, or with an open end to the end of the last visit.
    lunch
        The break at noon, if there is to be one.
    end
        Where the way ends: where it began, elsewhere, or at its last stop.
    latest_return_min
        When a team has to be back, or with an open end to have ended its last visit.
    """

    depart_min: float
    teams: int = 1
    capacity: int | None = None
    longest_shift_min: float | None = None
    lunch: Lunch | None = None
    end: Literal["same", "other", "open"] = "same"
    latest_return_min: float | None = None


@dataclass(frozen=True)
class Visit:
    """One visit of a route; between arrival and begin the team waits (or has lunch)."""

    stop: int
    arrives_min: float
    begins_min: float
    ends_min: float


@dataclass(frozen=True)
class Route:
    """The day of one team.

    Attributes
    ----------
    team
        1 for the first.
    visits
        In the order of the day; at least one.
    departs_min, returns_min
        When it leaves the start and reaches the end; None where the end is open.
    distance_m, travel_min
        Of all its legs.
    waiting_min
        For a window to open or for the time of lunch; lunch itself is not waiting.
    lunch
        After which of ``visits`` (-1: before the first) it begins, when it begins and ends.
    """

    team: int
    visits: tuple[Visit, ...]
    departs_min: float
    returns_min: float | None
    distance_m: float
    travel_min: float
    waiting_min: float
    lunch: tuple[int, float, float] | None


@dataclass(frozen=True)
class Unassigned:
    """A stop that is not visited, and why."""

    stop: int
    reason: Message


@dataclass(frozen=True)
class Violation:
    """What a locked order breaks: the window of a stop that it visits, or (None) the terms of the day."""

    stop: int | None
    reason: Message


@dataclass(frozen=True)
class Plan:
    """What the planner answers.

    Attributes
    ----------
    routes
        Of the teams that go.
    unassigned
        Every stop that is in none of them.
    proven_optimal
        That no plan visits more must stops, or as many and more may stops, or the same number of both with
        less travel.
    violations
        What a locked order breaks; empty without one.
    is_searched_out
        The search ended before its time, since it found nothing better any more: more time leads no further.
    """

    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    proven_optimal: bool
    violations: tuple[Violation, ...] = ()
    is_searched_out: bool = False
