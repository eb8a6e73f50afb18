"""The one form from which an itinerary is shown and handed over: typed, by team, in no language yet."""

import datetime
import math
from dataclasses import astuple, dataclass, is_dataclass
from typing import Any, Literal

import shapely

from geodata.clock import VIETNAM
from geodata.itinerary.itinerary import Itinerary, legs_of
from geodata.itinerary.places import Place, Precision
from geodata.itinerary.request import Premise, Request, end_place, minutes_of
from geodata.itinerary.terms import Route, Visit
from geodata.itinerary.travel import Method
from geodata.language import DEFAULT_LANGUAGE, Bilingual, Language, Words


@dataclass(frozen=True)
class TimedStop:
    """Where a team is, and when.

    Attributes
    ----------
    kind
        An open end has no stop.
    number
        0 for the start, then 1, 2 …; ``None`` for the end.
    name, lat, lon, ward_code, precision
        Of its place, degrees in EPSG:4326; see `geodata.itinerary.places.Place`.
    arrival, begins, departure
        Local times to the minute; ``None`` where a stop has none: only a visit begins.
    service_min, waiting_min, load
        Of a visit; minutes.
    is_estimate
        For every time that follows from reckoned travel: all but the departure.
    """

    kind: Literal["start", "visit", "end"]
    number: int | None
    name: str
    lat: float
    lon: float
    ward_code: str | None
    precision: Precision
    arrival: datetime.datetime | None = None
    begins: datetime.datetime | None = None
    departure: datetime.datetime | None = None
    service_min: float = 0
    waiting_min: float = 0
    load: int = 0
    is_estimate: bool = True

    @property
    def ends(self) -> datetime.datetime | None:
        """When a visit ends; who has lunch there leaves later."""
        return self.begins and self.begins + datetime.timedelta(minutes=whole_minutes(self.service_min))


@dataclass(frozen=True)
class TimedLeg:
    """The way from one stop to the next.

    Attributes
    ----------
    distance_m, duration_min
        Its length and how long it takes.
    method
        Whether it follows the streets.
    way
        Its points: longitude and latitude, degrees.
    """

    distance_m: float
    duration_min: float
    method: Method
    way: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class LunchBreak:
    """When a team has lunch; ``after`` is the place in its stops of the one that it comes after."""

    after: int
    begins: datetime.datetime
    ends: datetime.datetime


@dataclass(frozen=True)
class Totals:
    """Metres and minutes of a team's day; ``duration_min`` is from its departure to its end."""

    distance_m: float
    travel_min: float
    service_min: float
    waiting_min: float
    duration_min: float


@dataclass(frozen=True)
class TeamDay:
    """The day of one team; a leg leads from each of its stops to the next.

    Attributes
    ----------
    team
        1 for the first.
    stops, legs, lunch, totals
        The start, the visits in their order and the end, if there is one; and what belongs to them.
    """

    team: int
    stops: tuple[TimedStop, ...]
    legs: tuple[TimedLeg, ...]
    lunch: LunchBreak | None
    totals: Totals

    @property
    def date(self) -> datetime.date:
        """The day on which it leaves."""
        departure = self.stops[0].departure
        assert departure is not None  # a start has one
        return departure.date()

    @property
    def visits(self) -> list[TimedStop]:
        """The stops that are visited."""
        return [stop for stop in self.stops if stop.kind == "visit"]


@dataclass(frozen=True)
class Gain:
    """What is saved against the order given: metres and minutes of travel."""

    distance_m: float
    travel_min: float


@dataclass(frozen=True)
class Remark:
    """What is not visited, or not kept, and why; without a name it is about the whole day."""

    name: str | None
    ward_code: str | None
    reason: Words


@dataclass(frozen=True)
class Document:
    """An itinerary as people are handed it.

    Attributes
    ----------
    title
        ``None`` where it was given none.
    date, vintage, depart
        Day, vintage of its wards (ISO date), and time of departure.
    teams
        The teams that go, at least one.
    most_teams
        How many might have gone.
    unassigned, violations
        What is not visited; what a locked order breaks.
    is_order_given
        The order is the one that was asked for: no better one was looked for.
    proven_optimal
        That no better plan is possible; of a day on which nothing is visited nothing is said.
    gain
        What is saved against the order given; ``None`` where there is nothing to compare.
    assumptions, notes
        What it rests on and what is to be said of it.
    """

    title: Bilingual | None
    date: datetime.date
    vintage: str
    depart: datetime.datetime
    teams: tuple[TeamDay, ...]
    most_teams: int
    unassigned: tuple[Remark, ...]
    violations: tuple[Remark, ...]
    is_order_given: bool
    proven_optimal: bool
    gain: Gain | None
    assumptions: tuple[Premise, ...]
    notes: tuple[Words, ...]

    @property
    def visits(self) -> list[TimedStop]:
        """The stops of all teams that are visited."""
        return [stop for team in self.teams for stop in team.visits]

    @property
    def totals(self) -> Totals:
        """The totals of all teams together."""
        return Totals(*map(sum, zip(*(astuple(team.totals) for team in self.teams), strict=True)))


def document(itinerary: Itinerary) -> Document:
    """Return an itinerary in the form from which it is shown and handed over."""
    request, plan, gain = itinerary.request, itinerary.plan, itinerary.gain
    depart = minutes_of(request.depart)
    # A team that visits nothing has its start.
    routes = plan.routes or (Route(1, (), depart, None, 0.0, 0.0, 0.0, None),)
    return Document(
        title=None if request.title is None else Bilingual(request.title, request.title_en or request.title),
        date=request.date,
        vintage=request.vintage,
        depart=_moment(request, depart),
        teams=tuple(_team(itinerary, route) for route in routes),
        most_teams=request.teams,
        unassigned=tuple(_remark(request, left.stop, left.reason) for left in plan.unassigned),
        violations=tuple(_remark(request, broken.stop, broken.reason) for broken in plan.violations),
        is_order_given=request.order is not None,
        proven_optimal=plan.proven_optimal and bool(plan.routes),
        gain=None if gain is None else Gain(round(gain.distance_m), round(gain.travel_min, 1)),
        assumptions=itinerary.premises,
        notes=itinerary.notes,
    )


def _remark(request: Request, stop: int | None, reason: Words) -> Remark:
    if stop is None:
        return Remark(None, None, reason)
    place = request.calls[stop].place
    return Remark(place.name, place.ward_code, reason)


def whole_minutes(length_min: float) -> int:
    """Return a length of time to the nearest minute: estimates are no better than that."""
    return math.floor(length_min + 0.5)


def _moment(request: Request, minutes: float) -> datetime.datetime:
    midnight = datetime.datetime.combine(request.date, datetime.time(), VIETNAM)
    return midnight + datetime.timedelta(minutes=whole_minutes(minutes))


def _team(itinerary: Itinerary, route: Route) -> TeamDay:
    request, travel = itinerary.request, itinerary.travel
    pairs = legs_of(route, request)
    durations = [float(travel.duration_min[pair]) for pair in pairs]
    arrivals = [visit.arrives_min for visit in route.visits]
    reached = arrivals if route.returns_min is None else [*arrivals, route.returns_min]
    # Lunch may come after a visit: a team leaves when it has to, to arrive when it does.
    leaves = [arrives - duration for arrives, duration in zip(reached, durations, strict=True)]
    leaves_start, *leaves_visits = leaves or [route.departs_min]
    if route.returns_min is None and route.visits:
        leaves_visits.append(route.visits[-1].ends_min)

    def at(minutes: float) -> datetime.datetime:
        return _moment(request, minutes)

    stops = [TimedStop("start", 0, *_where(request.start), departure=at(leaves_start), is_estimate=False)]
    for number, (visit, leaves_min) in enumerate(zip(route.visits, leaves_visits, strict=True), start=1):
        call = request.calls[visit.stop]
        stops.append(
            TimedStop(
                "visit",
                number,
                *_where(call.place),
                arrival=at(visit.arrives_min),
                begins=at(visit.begins_min),
                departure=at(leaves_min),
                service_min=call.service_min,
                waiting_min=round(_waiting(visit, route.lunch), 1),
                load=call.load,
            )
        )
    if route.returns_min is not None:
        stops.append(TimedStop("end", None, *_where(end_place(request)), arrival=at(route.returns_min)))
    ends = max([route.departs_min, *(visit.ends_min for visit in route.visits), *reached])
    lunch = route.lunch
    return TeamDay(
        team=route.team,
        stops=tuple(stops),
        legs=tuple(
            TimedLeg(
                round(leg.distance_m),
                round(leg.duration_min, 1),
                leg.method,
                tuple((lon, lat) for lon, lat in shapely.get_coordinates(leg.geometry).round(6).tolist()),
            )
            for leg in (travel.leg(*pair) for pair in pairs)
        ),
        lunch=lunch and LunchBreak(lunch[0] + 1, at(lunch[1]), at(lunch[2])),
        totals=Totals(
            distance_m=round(route.distance_m),
            travel_min=round(route.travel_min, 1),
            service_min=sum(request.calls[visit.stop].service_min for visit in route.visits),
            waiting_min=round(route.waiting_min, 1),
            duration_min=round(ends - route.departs_min, 1),
        ),
    )


def _where(place: Place) -> tuple[str, float, float, str | None, Precision]:
    return place.name, round(place.lat, 6), round(place.lon, 6), place.ward_code, place.precision


def _waiting(visit: Visit, lunch: tuple[int, float, float] | None) -> float:
    """Return how long a team waits before a visit; lunch in that time is none."""
    waiting = visit.begins_min - visit.arrives_min
    if lunch is not None:
        waiting -= max(0.0, min(lunch[2], visit.begins_min) - max(lunch[1], visit.arrives_min))
    return waiting


def as_json(document: Document, language: Language = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """Return a document as what its JSON file holds, its sentences in a language.

    The keys are the names of the attributes, times are ISO 8601 with +07:00, and minutes are whole. A leg
    says ``from`` which place in the stops and ``to`` which it leads, and its way is ``geometry``, a GeoJSON
    LineString. Where one team was asked for its keys stand at the top, else in a list ``teams``.
    """
    plain = _plain(document, language)
    teams = [_team_as_json(team) for team in plain["teams"]]
    written: dict[str, Any] = {}
    for name, value in plain.items():
        if name == "teams":
            written |= {"teams": teams} if document.most_teams > 1 else teams[0]
        elif name != "most_teams":
            written[name] = value
    return written


def _plain(value: Any, language: Language) -> Any:
    """Return a value as JSON has it: names and values of a dataclass, ISO dates and times, words as text."""
    if isinstance(value, Words):
        return value.render(language)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one, language) for one in value]
    if is_dataclass(value):
        return {
            name: whole_minutes(of) if name.endswith("_min") else _plain(of, language)
            for name, of in vars(value).items()
        }
    return value


def _team_as_json(team: dict[str, Any]) -> dict[str, Any]:
    legs = []
    for place, leg in enumerate(team["legs"]):
        geometry = {"type": "LineString", "coordinates": leg.pop("way")}
        legs.append({"from": place, "to": place + 1, **leg, "geometry": geometry})
    return team | {"legs": legs}
