"""What is asked of a day of site visits: places, times and terms, and what may be wrong with them."""

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from geodata.contract.errors import Fault
from geodata.itinerary.places import Place
from geodata.itinerary.terms import Lunch
from geodata.language import Message, message

DEPARTURE = message("Time of departure")
"""What the hour is called at which all leave, where no source states it."""


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
class Premise:
    """A figure on which an itinerary rests, of which its reader should know.

    Attributes
    ----------
    what
        What it says.
    value, unit
        The figure, or a time as text; the unit is empty where the value says it all.
    source
        source_id of where it comes from; ``None`` where no source states it.
    is_assumption
        No source states it.
    """

    what: Message
    value: float | int | str
    unit: Message | str = ""
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
    is_schedule_assumed
        No source states departure, lengths of visits and seats: what stands here is assumed.
    title, title_en
        What the itinerary is called.
    notes, premises
        What is to be said of the request itself, and on what it rests.
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
    is_schedule_assumed: bool = False
    title: str | None = None
    title_en: str | None = None
    notes: tuple[Message, ...] = field(default=(), hash=False)
    premises: tuple[Premise, ...] = field(default=(), hash=False)


def end_place(request: Request) -> Place:
    """Return where the way ends; with an open end it stands for nothing and is the start."""
    return request.end if isinstance(request.end, Place) else request.start


def minutes_of(moment: datetime.time) -> float:
    """Return a time of day as the planner counts it: minutes after midnight."""
    return moment.hour * 60 + moment.minute + moment.second / 60


def request_faults(request: Request) -> list[Fault]:
    """Return every fault of a request.

    A place that is asked for twice; no visit at all; a negative visit; a window that closes before it opens
    or before the departure; no team, seat or time.
    """
    faults = (
        [] if request.calls else [Fault("stop", "", message("none is asked for"), message("one at least"))]
    )
    counts = Counter(
        (p.vintage, p.ward_code) if p.ward_code else (p.lat, p.lon) for p in (c.place for c in request.calls)
    )
    seen = set()
    for call in request.calls:
        place = call.place
        key = (place.vintage, place.ward_code) if place.ward_code else (place.lat, place.lon)
        if counts[key] > 1 and key not in seen:
            title = f"{place.name} ({place.ward_code})" if place.ward_code else place.name
            faults.append(
                Fault(
                    "stop", title, message("is asked for {count} times", count=counts[key]), message("once")
                )
            )
        if key not in seen:
            faults += _call_faults(call, request.depart)
        seen.add(key)
    for name, value in (
        ("teams", request.teams),
        ("capacity", request.capacity),
        ("delegates", request.delegates),
    ):
        if value is not None and value < 1:
            faults.append(
                Fault(name, str(value), message("is too small"), message("at least {least}", least=1))
            )
    if request.longest_shift_min is not None and request.longest_shift_min <= 0:
        faults.append(
            Fault(
                "shift-min",
                _shown(request.longest_shift_min),
                message("is too small"),
                message("more than 0 minutes"),
            )
        )
    if request.latest_return is not None and request.latest_return <= request.depart:
        faults.append(
            Fault(
                "return-by",
                f"{request.latest_return:%H:%M}",
                message("is not after the departure"),
                message("a time after {depart}", depart=f"{request.depart:%H:%M}"),
            )
        )
    if request.order is not None and request.teams > 1:
        faults.append(
            Fault(
                "teams",
                str(request.teams),
                message("an order can be locked for one team only"),
                message("1 team"),
            )
        )
    return faults


def _shown(value: float) -> str:
    return f"{value:g}"


def _call_faults(call: Call, depart: datetime.time) -> list[Fault]:
    name, faults = call.place.name, []
    if call.service_min < 0 or not np.isfinite(call.service_min):
        faults.append(
            Fault(
                "service-min",
                f"{_shown(call.service_min)}, {name}",
                message("a visit can't take less than no time"),
                message("0 minutes or more"),
            )
        )
    if call.load < 0:
        faults.append(
            Fault("load", str(call.load), message("is too small"), message("at least {least}", least=0))
        )
    window = _window(call)
    if call.earliest is not None and call.latest is not None and call.latest < call.earliest:
        faults.append(
            Fault("window", window, message("closes before it opens"), message("the earlier time first"))
        )
    elif call.latest is not None and call.latest < depart:
        faults.append(
            Fault(
                "window",
                window,
                message("closes before the departure"),
                message("a time after {depart}", depart=f"{depart:%H:%M}"),
            )
        )
    return faults


def _window(call: Call) -> str:
    ends = ("" if moment is None else f"{moment:%H:%M}" for moment in (call.earliest, call.latest))
    return f"{call.place.name} {'–'.join(ends)}"
