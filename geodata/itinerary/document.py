"""The one form from which an itinerary is shown and handed over: a plain dict that is also its JSON."""

import datetime
from typing import Any

import shapely

from geodata.clock import VIETNAM
from geodata.itinerary.itinerary import Itinerary, legs_of
from geodata.itinerary.places import Place
from geodata.itinerary.request import Call, Premise, Request, end_place, minutes_of
from geodata.itinerary.terms import Route, Visit
from geodata.language import DEFAULT_LANGUAGE, Language, Message


def document(itinerary: Itinerary, language: Language = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """Return an itinerary as a plain dict, its sentences in a language.

    Times are ISO 8601 with +07:00, distances metres, durations minutes, coordinates degrees (EPSG:4326)::

        title           str | None
        date, vintage   ISO dates
        depart          time of departure
        teams           a list of the teams that go, where several may; of one team its keys stand here
        unassigned      [{name, ward_code, reason}]: what is not visited
        violations      [{name | None, ward_code | None, reason}]: what a locked order breaks
        proven_optimal  bool
        gain            {distance_m, travel_min} saved against the order given | None
        assumptions     [{what, value, unit, source, is_assumption}]
        notes           [sentence]

    A team::

        team            1 for the first
        stops           [{kind: start | visit | end, number: 0 | 1.. | None for the end, name, lat, lon,
                          ward_code | None, precision, arrival | None, begins | None, departure | None,
                          service_min, waiting_min, load, is_estimate}]; an open end has no stop
        legs            [{from, to: places in stops, distance_m, duration_min,
                          method: network | straight_line, geometry: GeoJSON LineString}]
        lunch           {after: place in stops, begins, ends} | None
        totals          {distance_m, travel_min, service_min, waiting_min, duration_min}

    ``is_estimate`` holds for every time that follows from reckoned travel: all but the departure.
    """
    request, plan = itinerary.request, itinerary.plan
    teams = [_team(itinerary, route) for route in plan.routes or (_idle(request),)]
    title = request.title_en if language == "en" and request.title_en else request.title
    return {
        "title": title,
        "date": request.date.isoformat(),
        "vintage": request.vintage,
        "depart": _iso(itinerary, minutes_of(request.depart)),
        **({"teams": teams} if request.teams > 1 else teams[0]),
        "unassigned": [
            _named(request.calls[left.stop]) | {"reason": left.reason.render(language)}
            for left in plan.unassigned
        ],
        "violations": [
            (_named(request.calls[broken.stop]) if broken.stop is not None else _NOBODY)
            | {"reason": broken.reason.render(language)}
            for broken in plan.violations
        ],
        "proven_optimal": plan.proven_optimal,
        "gain": itinerary.gain
        and {
            "distance_m": round(itinerary.gain.distance_m),
            "travel_min": round(itinerary.gain.travel_min, 1),
        },
        "assumptions": [_premise(premise, language) for premise in itinerary.premises],
        "notes": [note.render(language) for note in itinerary.notes],
    }


def teams(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the teams of a document, of one or of several teams alike."""
    if "teams" in document:
        listed: list[dict[str, Any]] = document["teams"]
        return listed
    return [{key: document[key] for key in ("team", "stops", "legs", "lunch", "totals")}]


_NOBODY = {"name": None, "ward_code": None}


def _named(call: Call) -> dict[str, Any]:
    return {"name": call.place.name, "ward_code": call.place.ward_code}


def _premise(premise: Premise, language: Language) -> dict[str, Any]:
    unit = premise.unit.render(language) if isinstance(premise.unit, Message) else premise.unit
    return {
        "what": premise.what.render(language),
        "value": premise.value,
        "unit": unit,
        "source": premise.source,
        "is_assumption": premise.is_assumption,
    }


def _idle(request: Request) -> Route:
    """Return the day of a team that visits nothing."""
    depart = minutes_of(request.depart)
    return Route(1, (), depart, None, 0.0, 0.0, 0.0, None)


def _iso(itinerary: Itinerary, minutes: float) -> str:
    midnight = datetime.datetime.combine(itinerary.request.date, datetime.time(), VIETNAM)
    return (midnight + datetime.timedelta(seconds=round(60 * minutes))).isoformat()


def _team(itinerary: Itinerary, route: Route) -> dict[str, Any]:
    """Return one team of a document."""
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

    def at(minutes: float) -> str:
        return _iso(itinerary, minutes)

    stops = [_stop("start", 0, request.start, departure=at(leaves_start), is_estimate=False)]
    for number, (visit, leaves_min) in enumerate(zip(route.visits, leaves_visits, strict=True), start=1):
        call = request.calls[visit.stop]
        stops.append(
            _stop(
                "visit",
                number,
                call.place,
                arrival=at(visit.arrives_min),
                begins=at(visit.begins_min),
                departure=at(leaves_min),
                service_min=call.service_min,
                waiting_min=round(_waiting(visit, route.lunch), 1),
                load=call.load,
            )
        )
    if route.returns_min is not None:
        stops.append(_stop("end", None, end_place(request), arrival=at(route.returns_min)))
    legs = [travel.leg(*pair) for pair in pairs]
    service = sum(request.calls[visit.stop].service_min for visit in route.visits)
    ends = max([route.departs_min, *(visit.ends_min for visit in route.visits), *reached])
    return {
        "team": route.team,
        "stops": stops,
        "legs": [
            {
                "from": position,
                "to": position + 1,
                "distance_m": round(leg.distance_m),
                "duration_min": round(leg.duration_min, 1),
                "method": leg.method,
                "geometry": {
                    "type": "LineString",
                    "coordinates": shapely.get_coordinates(leg.geometry).round(6).tolist(),
                },
            }
            for position, leg in enumerate(legs)
        ],
        "lunch": None
        if route.lunch is None
        else {"after": route.lunch[0] + 1, "begins": at(route.lunch[1]), "ends": at(route.lunch[2])},
        "totals": {
            "distance_m": round(route.distance_m),
            "travel_min": round(route.travel_min, 1),
            "service_min": service,
            "waiting_min": round(route.waiting_min, 1),
            "duration_min": round(ends - route.departs_min, 1),
        },
    }


def _stop(
    kind: str,
    number: int | None,
    place: Place,
    *,
    arrival: str | None = None,
    begins: str | None = None,
    departure: str | None = None,
    service_min: float = 0,
    waiting_min: float = 0,
    load: int = 0,
    is_estimate: bool = True,
) -> dict[str, Any]:
    """Return one stop of a document."""
    return {
        "kind": kind,
        "number": number,
        "name": place.name,
        "lat": round(place.lat, 6),
        "lon": round(place.lon, 6),
        "ward_code": place.ward_code,
        "precision": place.precision,
        "arrival": arrival,
        "begins": begins,
        "departure": departure,
        "service_min": service_min,
        "waiting_min": waiting_min,
        "load": load,
        "is_estimate": is_estimate,
    }


def _waiting(visit: Visit, lunch: tuple[int, float, float] | None) -> float:
    """Return how long a team waits before a visit; lunch in that time is none."""
    waiting = visit.begins_min - visit.arrives_min
    if lunch is not None:
        waiting -= max(0.0, min(lunch[2], visit.begins_min) - max(lunch[1], visit.arrives_min))
    return waiting
