"""What is asked of a day of visits, as widgets and links hold it, and the request that it makes."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.subjects.visits.stop_list import Wanted, read_stops, write_stops
from geodata.contract.errors import Fault, GeodataError
from geodata.itinerary.cases import Case
from geodata.itinerary.place_search import find_place, find_places
from geodata.itinerary.places import DEFAULT_START, Gazetteer, Place, landmark_places, vintage_of
from geodata.itinerary.request import Call, Request
from geodata.itinerary.terms import Lunch
from geodata.language import message
from geodata.language.alphabet import alphabet_key
from geodata.language.dates import read_day

SAME, OPEN = "same", "open"
"""Where a way ends that ends at no place of its own: where it began, or at the last visit."""

DEPART = datetime.time(8)
SERVICE_MIN = 30
LUNCH = Lunch(11 * 60, 12 * 60 + 30, 60)
"""The break at noon, if one is asked for: when it may begin, and how long it lasts."""

MOST_TEAMS = 12


@dataclass(frozen=True)
class Form:
    """What the widgets of the page hold.

    Attributes
    ----------
    case
        Key of the real visit that was loaded; empty for none.
    day
        As it was typed.
    depart
        When all leave.
    start, end
        A ward's code, a landmark's key, ``lat,lon`` or a name; ``end`` may be `SAME` or `OPEN` too.
    service_min
        Minutes of each visit of which nothing else is said.
    stops
        See `dashboard.subjects.visits.stop_list`.
    is_locked
        The order is that of ``stops``.
    teams, capacity, delegates, shift_min, has_lunch
        See `geodata.itinerary.request.Request`; the shift in minutes.
    """

    case: str
    day: str
    depart: datetime.time
    start: str
    end: str
    service_min: int
    stops: str
    is_locked: bool = False
    teams: int = 1
    capacity: int | None = None
    delegates: int | None = None
    shift_min: int | None = None
    has_lunch: bool = False


def plain_form(today: datetime.date, known: Gazetteer) -> Form:
    """Return the form of a plain link: nothing chosen yet."""
    start = DEFAULT_START if DEFAULT_START in landmark_places(known) else ""
    return Form("", f"{today:%d/%m/%Y}", DEPART, start, SAME, SERVICE_MIN, "")


def case_form(case: Case, today: datetime.date, known: Gazetteer) -> Form:
    """Return the form of a real visit."""
    request = case.request
    minutes = int(request.calls[0].service_min)
    wanted = [Wanted(call.place.ward_code or "") for call in request.calls]
    plain = plain_form(today, known)
    return replace(
        plain,
        case=case.case_id,
        day=f"{request.date:%d/%m/%Y}",
        depart=request.depart,
        start=plain.start or request.start.ward_code or "",
        service_min=minutes,
        stops=write_stops(wanted),
        capacity=request.capacity,
        delegates=request.delegates,
    )


def day_of(form: Form) -> datetime.date:
    """Return the day of a form; raise `GeodataError` for a text that is no day."""
    day = read_day(form.day)
    if day is None:
        raise GeodataError([Fault("date", form.day, message("is no day"), message("a day as in 23/11/2023"))])
    return day


def request_of(form: Form, known: Gazetteer, cases: Mapping[str, Case]) -> Request:
    """Return the request that a form makes.

    Of a real visit that was loaded it keeps title, notes and premises as long as the form still asks for its
    day and its wards.

    Raises
    ------
    GeodataError
        With every fault of day, start, end and stops.
    """
    day = day_of(form)
    vintage = vintage_of(day.isoformat(), known)
    wanted = read_stops(form.stops)
    if not form.start:
        raise GeodataError([Fault("start", "", message("is missing"), message("a ward, or lat,lon"))])
    starts, faults = find_places([form.start], vintage, known, "start")
    end: Place | str = form.end
    if form.end not in (SAME, OPEN):
        try:
            end = find_place(form.end, vintage, known, "end")
        except GeodataError as error:
            faults += error.faults
    places, wrong = find_places([stop.place for stop in wanted], vintage, known)
    if faults or wrong:
        raise GeodataError([*faults, *wrong])
    start = starts[0]
    assert start is not None
    calls = tuple(
        Call(
            place,
            form.service_min if stop.service_min is None else stop.service_min,
            stop.earliest,
            stop.latest,
            stop.is_must,
            stop.load,
        )
        for place, stop in zip(places, wanted, strict=True)
        if place is not None
    )
    case = cases.get(form.case)
    asked = Request(
        date=day,
        vintage=vintage,
        depart=form.depart,
        start=start,
        calls=calls,
        end=end,  # type: ignore[arg-type]
        teams=form.teams,
        capacity=form.capacity,
        delegates=form.delegates,
        longest_shift_min=form.shift_min,
        lunch=LUNCH if form.has_lunch else None,
        order=tuple(range(len(calls))) if form.is_locked and form.teams == 1 else None,
    )
    if case is None or not _is_still(case, asked):
        return asked
    return replace(
        asked,
        # Whatever hours someone tries, no source states those of the visit.
        is_schedule_assumed=case.request.is_schedule_assumed,
        title=case.request.title,
        title_en=case.request.title_en,
        notes=case.request.notes,
        premises=case.request.premises,
    )


def _is_still(case: Case, asked: Request) -> bool:
    """Return whether a request asks for the day, the wards and the schedule of a real visit."""
    real = case.request

    def wards(request: Request) -> set[tuple[Place, float]]:
        return {(call.place, call.service_min) for call in request.calls}

    return (
        asked.date == real.date
        and asked.depart == real.depart
        and asked.start == real.start
        and wards(asked) == wards(real)
    )


def keeps_wards(before: Mapping[str, str], after: Mapping[str, str], stops: str) -> str:
    """Return the visits that another vintage has too: wards of the same code and name, and landmarks.

    Parameters
    ----------
    before, after
        Names of the wards of both vintages by their code.
    stops
        See `dashboard.subjects.visits.stop_list`.
    """
    return write_stops(
        [
            stop
            for stop in read_stops(stops)
            if stop.place not in before or after.get(stop.place) == before[stop.place]
        ]
    )


def place_titles(wards: Mapping[str, str], known: Gazetteer) -> dict[str, str]:
    """Return the names of landmarks and wards by what a form calls them, landmarks first.

    Parameters
    ----------
    wards
        Names of the wards of one vintage by their code.
    known
        Where the landmarks are.
    """
    landmarks = {key: place.name for key, place in landmark_places(known).items()}
    return dict(sorted(landmarks.items(), key=lambda item: alphabet_key(item[1]))) | dict(wards)
