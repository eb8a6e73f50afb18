"""From a request for a day's visits to an itinerary: places in, travel times and the plan out.

The itinerary holds what was asked, what was reckoned and what is to be said of it. All that people are
handed is made from `geodata.itinerary.document.document`.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.crs import STORAGE_CRS
from geodata.errors import Fault, GeodataError
from geodata.itinerary.network import Network
from geodata.itinerary.places import Gazetteer, Place, default_start, ward_places
from geodata.itinerary.planner import Cost, cost_of_order, plan, vehicles_needed
from geodata.itinerary.terms import Lunch, Plan, Stop, Terms
from geodata.itinerary.travel import Matrix, matrix
from geodata.language import Message, message

NOT_HISTORY = message("the order is reckoned, it is not history")
"""What stands on every itinerary of a real visit: the order that was then taken is not published."""


@dataclass(frozen=True)
class Call:
    """A visit that is asked for.

    Attributes
    ----------
    place
        Where.
    service_min
        How long it lasts.
    earliest, latest
        When it may begin; ``None`` where nothing binds it.
    is_must
        Whether it has to be made; otherwise it is made where it fits.
    load
        How much of the capacity of a team's vehicle it takes up.
    """

    place: Place
    service_min: float = 30
    earliest: datetime.time | None = None
    latest: datetime.time | None = None
    is_must: bool = True
    load: int = 0


@dataclass(frozen=True)
class Assumption:
    """A figure behind an itinerary that its reader should know of.

    Attributes
    ----------
    what, unit
        What it says, and its unit; the unit is empty where the value says it all.
    value
        The figure, or a time as text.
    source
        source_id or description of where it comes from; ``None`` for what was merely chosen.
    is_assumption
        It is assumed, no source states it.
    """

    what: Message
    value: float | int | str
    unit: Message | None = None
    source: str | None = None
    is_assumption: bool = True


@dataclass(frozen=True)
class Request:
    """What is asked of a day; two that are equal give the same itinerary, so it may be a cache's key.

    Attributes
    ----------
    date
        The day.
    vintage
        Vintage of its wards, see `geodata.itinerary.places.vintage_of`.
    depart
        When every team leaves the start.
    start
        Where from.
    calls
        The visits, in the order given.
    end
        Where the way ends: where it began, at the last visit, or elsewhere.
    teams
        How many teams may go, each on a way of its own.
    capacity
        How much load a team's vehicle takes, or how many delegates.
    delegates
        How many people visit all of it together; they need ``delegates / capacity`` vehicles in a convoy.
    longest_shift_min, latest_return, lunch
        What binds the day besides; see `geodata.itinerary.terms.Terms`.
    order
        A locked order of one team, as places in ``calls``; ``None`` lets the planner choose.
    title, title_en
        What the itinerary is called.
    notes, assumptions
        What is to be said of the request itself.
    """

    date: datetime.date
    vintage: str
    depart: datetime.time
    start: Place
    calls: tuple[Call, ...]
    end: Literal["same", "open"] | Place = "same"
    teams: int = 1
    capacity: int | None = None
    delegates: int | None = None
    longest_shift_min: float | None = None
    latest_return: datetime.time | None = None
    lunch: Lunch | None = None
    order: tuple[int, ...] | None = None
    title: str | None = None
    title_en: str | None = None
    notes: tuple[Message, ...] = field(default=(), hash=False)
    assumptions: tuple[Assumption, ...] = field(default=(), hash=False)


@dataclass(frozen=True, eq=False)
class Itinerary:
    """What was asked and what came of it.

    Attributes
    ----------
    request
        What was asked.
    plan
        The planner's answer; its stops are places in ``request.calls``.
    travel
        Times, distances and ways between all points: the calls, then the start, then the end.
    gain
        What the plan saves against the order given; ``None`` where there is nothing to compare.
    notes
        What is to be said of it, the request's notes among them.
    assumptions
        What it rests on.
    """

    request: Request
    plan: Plan
    travel: Matrix
    gain: Cost | None
    notes: tuple[Message, ...]
    assumptions: tuple[Assumption, ...]


def make_itinerary(
    request: Request,
    network: Network | None = None,
    *,
    seconds: float = 2.0,
    seed: int = 1,
    should_stop: Callable[[], bool] | None = None,
) -> Itinerary:
    """Return the itinerary that travels least.

    Parameters
    ----------
    request
        What is asked.
    network
        The streets, where there are any.
    seconds, seed, should_stop
        See `geodata.itinerary.planner.plan`.

    Raises
    ------
    GeodataError
        With every fault of the request: see `request_faults`.
    """
    raise NotImplementedError


def request_faults(request: Request) -> list[Fault]:
    """Return every fault of a request.

    A place that is asked for twice; no visit at all; a negative visit; a window that closes before it opens
    or before the departure; no team, seat or time.
    """
    raise NotImplementedError


@dataclass(frozen=True)
class Case:
    """A real visit of the register, ready to be planned.

    Attributes
    ----------
    case_id
        Its key in the layer ``itinerary_case``.
    title, title_en
        What it is called.
    request
        What is asked of the day.
    source
        source_id of where it is published.
    """

    case_id: str
    title: str
    title_en: str
    request: Request
    source: str


def case_requests(cases: pd.DataFrame, stops: pd.DataFrame, known: Gazetteer) -> dict[str, Case]:
    """Return the real visits by their ``case_id``, oldest first.

    A case whose wards have no place in the gazetteer is left out.

    Parameters
    ----------
    cases, stops
        The layers ``itinerary_case`` and ``itinerary_case_stop``.
    known
        Where its places are looked up.
    """
    raise NotImplementedError
