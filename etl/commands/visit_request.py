"""A request for site visits as the command line puts it: texts in, a request or every fault out."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from etl.commands.route_options import RouteOptions
from geodata.contract.errors import Fault, GeodataError
from geodata.itinerary.cases import Case
from geodata.itinerary.place_search import code_reused, find_place, find_places
from geodata.itinerary.places import Gazetteer, Place, default_start, vintage_of
from geodata.itinerary.request import Call, Request, minutes_of, request_faults
from geodata.itinerary.terms import Lunch
from geodata.language import Message, message
from geodata.language.dates import read_day

T = TypeVar("T")

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:hg]([0-5]\d)")
_OF_WARD = re.compile(r"(?P<ward>.*\S)\s*=\s*(?P<value>.*)")
_RANGE = re.compile(r"(?P<since>[^-–]*)[-–](?P<until>[^-–]*)")

DEPART = datetime.time(8)
SERVICE_MIN = 30.0


def read_request(asked: RouteOptions, known: Gazetteer, today: datetime.date, case: Case | None) -> Request:
    """Return the request that is asked for.

    Parameters
    ----------
    asked
        What was typed.
    known
        Where places are looked up.
    today
        The day where none is named.
    case
        A real visit: its day, wards and start, and its times where no others are asked for.

    Raises
    ------
    GeodataError
        With every fault; the place of each is the option that holds it.
    """
    return _Reading(asked, known, today, case).request()


class _Reading:
    """One pass over what is asked for, which collects the faults."""

    def __init__(
        self, asked: RouteOptions, known: Gazetteer, today: datetime.date, case: Case | None
    ) -> None:
        self.asked, self.known, self.today, self.case = asked, known, today, case
        self.faults: list[Fault] = []

    def request(self) -> Request:
        base = self._base()
        asked = self.asked
        request = replace(
            base,
            depart=base.depart
            if asked.depart is None
            else self._clock("depart", asked.depart) or base.depart,
            teams=asked.teams,
            capacity=base.capacity if asked.capacity is None else asked.capacity,
            delegates=base.delegates if asked.delegates is None else asked.delegates,
            longest_shift_min=asked.shift_min,
            latest_return=None if asked.return_by is None else self._clock("return-by", asked.return_by),
            lunch=None if asked.lunch is None else self._lunch(asked.lunch),
        )
        if base.vintage:
            calls = self._calls(base)
            order = tuple(range(len(calls))) if asked.keeps_order else None
            request = replace(request, calls=calls, order=order, end=self._end(base.vintage))
            request = replace(request, notes=(*request.notes, *self._reused(calls)))
        more = request_faults(request)
        if len(request.calls) < len([*asked.stops, *asked.may]):
            # Stops are missing because of a fault that is told already.
            more = [fault for fault in more if fault.file != "stop" or fault.value]
        if self.faults or more:
            raise GeodataError([*self.faults, *more])
        return request

    def _base(self) -> Request:
        """Return the request of the case, or one without visits; its vintage is empty where none holds."""
        asked, case = self.asked, self.case
        if case is not None:
            taken = (("stop", asked.stops), ("may", asked.may), ("date", asked.date))
            for option, value in taken:
                if value:
                    problem = message("does not go with a real visit, which names its own")
                    self._fault(option, "", problem, message("either of the two"))
            chosen = None if asked.start is None else self._place("start", asked.start, case.request.vintage)
            return case.request if chosen is None else case.starting_at(chosen)
        day: datetime.date | None = self.today
        if asked.date is not None:
            day = self._read("date", asked.date, read_day, message("a date such as 23/11/2023"))
        # Without a day there are no wards to look for; what else is wrong is told all the same.
        vintage = None if day is None else self._tell(lambda: vintage_of(day.isoformat(), self.known))
        start = None if vintage is None else self._start(vintage)
        notes: tuple[Message, ...] = ()
        if start is not None and asked.start is None:
            notes = (message("No start was chosen; it is {place}.", place=start.name),)
        return Request(day or self.today, vintage or "", DEPART, start or _NOWHERE, (), notes=notes)

    def _fault(self, option: str, value: str, problem: Message, expected: Message) -> None:
        self.faults.append(Fault(option, value, problem, expected))

    def _tell(self, step: Callable[[], T]) -> T | None:
        try:
            return step()
        except GeodataError as error:
            self.faults += error.faults
            return None

    def _read(self, option: str, text: str, reader: Callable[[str], T | None], expected: Message) -> T | None:
        value = reader(text)
        if value is None:
            self._fault(option, text, message("can't be read"), expected)
        return value

    def _clock(self, option: str, text: str) -> datetime.time | None:
        return self._read(option, text, _clock, message("a time such as 08:30"))

    def _lunch(self, text: str) -> Lunch | None:
        ends = self._range("lunch", text, text)
        if ends is None or ends[0] is None or ends[1] is None:
            if ends is not None:
                self._fault("lunch", text, message("can't be read"), message("two times such as 11:00-12:30"))
            return None
        if ends[1] < ends[0]:
            self._fault("lunch", text, message("closes before it opens"), message("the earlier time first"))
        if self.asked.lunch_min < 0:
            self._fault(
                "lunch-min",
                f"{self.asked.lunch_min:g}",
                message("is too small"),
                message("at least {least}", least=0),
            )
        return Lunch(minutes_of(ends[0]), minutes_of(ends[1]), self.asked.lunch_min)

    def _range(
        self, option: str, value: str, text: str
    ) -> tuple[datetime.time | None, datetime.time | None] | None:
        """Return both ends of ``HH:MM-HH:MM``, of which one may be left out."""
        found = _RANGE.fullmatch(text.strip())
        ends = [part.strip() for part in (found["since"], found["until"])] if found else []
        times = [_clock(end) if end else None for end in ends]
        if not any(ends) or any(end and time is None for end, time in zip(ends, times, strict=True)):
            self._fault(option, value, message("can't be read"), message("two times such as 08:30-10:00"))
            return None
        return times[0], times[1]

    def _calls(self, base: Request) -> tuple[Call, ...]:
        asked, vintage = self.asked, base.vintage
        service_min = SERVICE_MIN if asked.service_min is None else asked.service_min
        if not 0 <= service_min < float("inf"):
            self._fault(
                "service-min",
                f"{service_min:g}",
                message("a visit can't take less than no time"),
                message("0 minutes or more"),
            )
            service_min = 0
        must, faults = find_places(asked.stops, vintage, self.known)
        may, more = find_places(asked.may, vintage, self.known, "may")
        self.faults += [*faults, *more]
        calls = [
            call if asked.service_min is None else replace(call, service_min=service_min)
            for call in base.calls
        ]
        calls += [
            Call(place, service_min, is_must=is_must)
            for places, is_must in ((must, True), (may, False))
            for place in places
            if place is not None
        ]
        for text in asked.services:
            calls = self._with(calls, vintage, "service", text, self._service)
        for text in asked.windows:
            calls = self._with(calls, vintage, "window", text, self._window)
        for text in asked.loads:
            calls = self._with(calls, vintage, "load", text, self._load)
        return tuple(calls)

    def _reused(self, calls: Sequence[Call]) -> list[Message]:
        """Return what is to be said of wards asked for by a code that means another one elsewhere."""
        typed = {text.strip() for text in (*self.asked.stops, *self.asked.may)}
        notes = [code_reused(call.place, self.known) for call in calls if call.place.ward_code in typed]
        return [note for note in notes if note is not None]

    def _with(
        self,
        calls: list[Call],
        vintage: str,
        option: str,
        text: str,
        change: Callable[[Call, str, str], Call],
    ) -> list[Call]:
        """Return the calls with what is asked for one ward: ``WARD=VALUE``."""
        found = _OF_WARD.fullmatch(text.strip())
        if not found:
            self._fault(option, text, message("names no ward and value"), message("WARD=VALUE"))
            return calls
        place = self._place(option, found["ward"], vintage)
        if place is None:
            return calls
        if place not in [call.place for call in calls]:
            self._fault(
                option, text, message("{name} is not among the stops", name=place.name), message("a stop")
            )
            return calls
        number = [call.place for call in calls].index(place)
        return [*calls[:number], change(calls[number], found["value"], text), *calls[number + 1 :]]

    def _service(self, call: Call, value: str, text: str) -> Call:
        minutes = self._read("service", value, _number, message("a number of minutes"))
        return call if minutes is None else replace(call, service_min=minutes)

    def _window(self, call: Call, value: str, text: str) -> Call:
        ends = self._range("window", text, value)
        return call if ends is None else replace(call, earliest=ends[0], latest=ends[1])

    def _load(self, call: Call, value: str, text: str) -> Call:
        load = self._read("load", value, _number, message("a whole number"))
        return call if load is None else replace(call, load=int(load))

    def _place(self, option: str, text: str, vintage: str) -> Place | None:
        return self._tell(lambda: find_place(text, vintage, self.known, option))

    def _start(self, vintage: str) -> Place | None:
        if self.asked.start is not None:
            return self._place("start", self.asked.start, vintage)
        start = default_start(self.known)
        if start is None:
            self._fault(
                "start",
                "",
                message("is missing, and there are no landmarks on record to start from"),
                message("a ward, or lat,lon"),
            )
        return start

    def _end(self, vintage: str) -> Literal["same", "open"] | Place:
        text = self.asked.end
        if text == "same":
            return "same"
        if text == "open":
            return "open"
        return self._place("end", text, vintage) or "same"


_NOWHERE = Place("", 0.0, 0.0, "given")
"""Stands for a start that could not be read, while other faults are looked for."""


def _clock(text: str) -> datetime.time | None:
    found = _CLOCK.fullmatch(text.strip())
    return datetime.time(int(found[1]), int(found[2])) if found else None


def _number(text: str) -> float | None:
    plain = text.strip().replace(",", ".")
    return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None
