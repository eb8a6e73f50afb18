"""The visits that are asked for as they stand in a link: ``11299,11404:45,11405:30:0900-1000:may:90``.

A visit is the code of a ward or of a landmark, then what is said of it alone: minutes, when it may begin,
``may`` where it need not be made, and the load that it takes up. What is not said is left out at the end and
empty in the middle.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

MOST_STOPS = 30
"""So many visits fit into one day's list."""
MOST_MINUTES = 480
"""The longest visit."""
MOST_LOAD = 9_999

_PLACE = re.compile(r"[\w-]+")
_WINDOW = re.compile(r"(\d{4})?-(\d{4})?")


@dataclass(frozen=True)
class Wanted:
    """A visit that is asked for.

    Attributes
    ----------
    place
        Code of a ward of the day's vintage, or of a landmark.
    service_min
        How long it lasts; ``None`` for as long as the others.
    earliest, latest
        When it may begin; ``None`` where nothing binds it.
    is_must
        Whether it has to be made.
    load
        How much of a team's capacity it takes up.
    """

    place: str
    service_min: int | None = None
    earliest: datetime.time | None = None
    latest: datetime.time | None = None
    is_must: bool = True
    load: int = 0


def read_stops(text: str) -> list[Wanted]:
    """Return the visits of a text; raise `ValueError` where it is none."""
    wanted = [_read(part) for part in text.split(",") if part]
    if len(wanted) > MOST_STOPS:
        raise ValueError(text)
    return wanted


def is_stops(text: str) -> str:
    """Return a text that holds visits; raise `ValueError` for another one."""
    read_stops(text)
    return text


def write_stops(stops: Sequence[Wanted]) -> str:
    """Return visits as a text."""
    return ",".join(_write(stop) for stop in stops)


def places(text: str) -> list[str]:
    """Return the places of the visits in a text."""
    return [stop.place for stop in read_stops(text)]


def with_place(text: str, place: str) -> str:
    """Return the visits with one more at the end; those of a full list, or with it already, as they are."""
    stops = read_stops(text)
    if place in places(text) or len(stops) >= MOST_STOPS:
        return text
    return write_stops([*stops, Wanted(place)])


def without_place(text: str, place: str) -> str:
    """Return the visits but one."""
    return write_stops([stop for stop in read_stops(text) if stop.place != place])


def in_order(text: str, order: Sequence[str]) -> str:
    """Return the visits in an order of places; those that it does not name come last."""
    by_place = {stop.place: stop for stop in read_stops(text)}
    named = [place for place in order if place in by_place]
    return write_stops([by_place[place] for place in [*named, *(p for p in by_place if p not in named)]])


def changed(
    text: str,
    place: str,
    *,
    service_min: int | None,
    earliest: datetime.time | None,
    latest: datetime.time | None,
    is_must: bool,
    load: int,
) -> str:
    """Return the visits with what is said of one of them."""
    said = {
        "service_min": service_min,
        "earliest": earliest,
        "latest": latest,
        "is_must": is_must,
        "load": load,
    }
    return write_stops(
        [replace(stop, **said) if stop.place == place else stop for stop in read_stops(text)]  # type: ignore[arg-type]
    )


def _read(part: str) -> Wanted:
    place, minutes, window, priority, load = [*part.split(":"), "", "", "", ""][:5]
    ends = _WINDOW.fullmatch(window or "-")
    if not _PLACE.fullmatch(place) or ends is None or priority not in ("", "may") or part.count(":") > 4:
        raise ValueError(part)
    service_min = int(minutes) if minutes else None
    if service_min is not None and not 0 <= service_min <= MOST_MINUTES:
        raise ValueError(part)
    if load and not 0 <= int(load) <= MOST_LOAD:
        raise ValueError(part)
    earliest, latest = (datetime.time(int(end[:2]), int(end[2:])) if end else None for end in ends.groups())
    return Wanted(place, service_min, earliest, latest, priority != "may", int(load or 0))


def _write(stop: Wanted) -> str:
    window = ""
    if stop.earliest or stop.latest:
        window = "-".join(f"{end:%H%M}" if end else "" for end in (stop.earliest, stop.latest))
    parts = [
        stop.place,
        "" if stop.service_min is None else str(stop.service_min),
        window,
        "" if stop.is_must else "may",
        str(stop.load) if stop.load else "",
    ]
    return ":".join(parts).rstrip(":")
