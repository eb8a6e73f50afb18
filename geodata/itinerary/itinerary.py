"""From a request for a day's visits to an itinerary: places in, travel times and the plan out.

The itinerary holds what was asked, what was reckoned and what is to be said of it. All that people are
handed is made from `geodata.itinerary.document.document`.
"""

import datetime
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np

from geodata.contract.crs import STORAGE_CRS
from geodata.contract.errors import GeodataError
from geodata.itinerary.network import Network
from geodata.itinerary.places import Place
from geodata.itinerary.planner import Cost, cost_of_order, plan, vehicles_needed
from geodata.itinerary.request import DEPARTURE, Call, Premise, Request, end_place, minutes_of, request_faults
from geodata.itinerary.terms import Plan, Route, Stop, Terms
from geodata.itinerary.travel import Matrix, matrix, read_assumptions
from geodata.language import Message, message, number
from geodata.language.dates import day

_NO_GAIN_MIN, _NO_GAIN_M = 1e-3, 1.0
"""What a plan may save without being better than the order given."""


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
    premises
        What it rests on, the request's premises among them.
    """

    request: Request
    plan: Plan
    travel: Matrix
    gain: Cost | None
    notes: tuple[Message, ...]
    premises: tuple[Premise, ...]


def make_itinerary(
    request: Request,
    network: Network | None = None,
    *,
    seconds: float = 2.0,
    should_stop: Callable[[], bool] | None = None,
    planned_by: Callable[..., Plan] = plan,
) -> Itinerary:
    """Return the itinerary that travels least.

    Parameters
    ----------
    request
        What is asked.
    network
        The streets, where there are any.
    seconds, should_stop
        See `geodata.itinerary.planner.plan`.
    planned_by
        That function, or one that lets another process do its work.

    Raises
    ------
    GeodataError
        With every fault of the request: see `request_faults`.
    """
    faults = request_faults(request)
    if faults:
        raise GeodataError(faults)
    depart = datetime.datetime.combine(request.date, request.depart)
    travel = _by_land(matrix(_points(request), depart, network), request)
    terms = _terms(request)
    stops = [_stop(call) for call in request.calls]
    planned = planned_by(
        stops,
        travel.duration_min,
        travel.distance_m,
        terms,
        order=request.order,
        seconds=seconds,
        should_stop=should_stop,
    )
    if request.order is None:
        planned = _as_expected_if_as_good(planned, request, stops, travel, terms)
    legs = [leg for route in planned.routes for leg in legs_of(route, request)]
    used_network = [bool(travel.is_network[leg]) for leg in legs]
    assumptions = read_assumptions().used(depart, with_network=any(used_network))
    return Itinerary(
        request=request,
        plan=planned,
        travel=travel,
        gain=_gain(planned, travel, terms),
        notes=(
            *request.notes,
            *_across_water(request, travel),
            *_notes(request, used_network),
            *_streets(network, used_network),
        ),
        premises=(
            *request.premises,
            *_schedule(request),
            *(Premise(a.what, a.value, a.unit, a.source or None, a.is_assumption) for a in assumptions),
        ),
    )


def legs_of(route: Route, request: Request) -> list[tuple[int, int]]:
    """Return the legs of a route as pairs of points of `Itinerary.travel`; an open end has none."""
    if not route.visits:
        return []
    count = len(request.calls)
    way = [count, *(visit.stop for visit in route.visits)]
    return list(itertools.pairwise(way if request.end == "open" else [*way, count + 1]))


def _places(request: Request) -> list[Place]:
    return [*(call.place for call in request.calls), request.start, end_place(request)]


def _by_land(travel: Matrix, request: Request) -> Matrix:
    """Return the ways without straight lines from one land to another: there is no way where no street is."""
    land = np.array([-1 if place.land is None else place.land for place in _places(request)])
    is_apart = (land[:, None] != land) & (land[:, None] >= 0) & (land >= 0) & ~travel.is_network
    return replace(
        travel,
        duration_min=np.where(is_apart, np.inf, travel.duration_min),
        distance_m=np.where(is_apart, np.inf, travel.distance_m),
    )


def _across_water(request: Request, travel: Matrix) -> list[Message]:
    """Return to which places no road leads from the start, which lie on another land."""
    start = len(request.calls)
    is_cut_off = np.isinf(travel.duration_min[start])
    names = [place.name for place, is_off in zip(_places(request), is_cut_off, strict=True) if is_off]
    if not names:
        return []
    sentence = message(
        "Water lies between the start and: {names}. No road there is on record; ferries are not reckoned.",
        names=", ".join(dict.fromkeys(names)),
    )
    return [sentence]


def _points(request: Request) -> gpd.GeoSeries:
    places = _places(request)
    return gpd.GeoSeries.from_xy([p.lon for p in places], [p.lat for p in places], crs=STORAGE_CRS)


def _stop(call: Call) -> Stop:
    return Stop(
        call.place.name,
        call.service_min,
        None if call.earliest is None else minutes_of(call.earliest),
        None if call.latest is None else minutes_of(call.latest),
        call.is_must,
        call.load,
    )


def _terms(request: Request) -> Terms:
    return Terms(
        depart_min=minutes_of(request.depart),
        teams=request.teams,
        # Seats bind a team only where visits take them up; a party that stays together needs a convoy.
        capacity=request.capacity if any(call.load for call in request.calls) else None,
        longest_shift_min=request.longest_shift_min,
        lunch=request.lunch,
        end="other" if isinstance(request.end, Place) else request.end,
        latest_return_min=None if request.latest_return is None else minutes_of(request.latest_return),
    )


def _as_expected_if_as_good(
    planned: Plan, request: Request, stops: Sequence[Stop], travel: Matrix, terms: Terms
) -> Plan:
    """Return the order that people expect where a plan saves nothing against it.

    A tour is as long the other way round: then the order given stays, and who begins at a stop visits it
    first.
    """
    if len(planned.routes) != 1 or planned.unassigned:
        return planned
    order = [visit.stop for visit in planned.routes[0].visits]
    begins = [stop for stop in order if request.calls[stop].place == request.start]
    for expected in (sorted(order), [*begins, *(stop for stop in order if stop not in begins)]):
        way = cost_of_order(expected, travel.duration_min, travel.distance_m, terms)
        more_min = way.travel_min - planned.routes[0].travel_min
        more_m = way.distance_m - planned.routes[0].distance_m
        if expected == order or more_min > _NO_GAIN_MIN or more_m > _NO_GAIN_M:
            continue
        other = plan(stops, travel.duration_min, travel.distance_m, terms, order=expected)
        is_kept = not other.violations and not other.unassigned
        if is_kept and _ends_min(other.routes[0]) <= _ends_min(planned.routes[0]) + _NO_GAIN_MIN:
            return replace(planned, routes=other.routes)
    return planned


def _ends_min(route: Route) -> float:
    return route.visits[-1].ends_min if route.returns_min is None else route.returns_min


def _gain(planned: Plan, travel: Matrix, terms: Terms) -> Cost | None:
    """Return what a plan of one team with all stops saves against the order given."""
    count = len(travel.points) - 2
    if len(planned.routes) != 1 or planned.unassigned or count < 2:
        return None
    given = cost_of_order(range(count), travel.duration_min, travel.distance_m, terms)
    route = planned.routes[0]
    if not np.isfinite(given.travel_min):
        return None
    return Cost(given.travel_min - route.travel_min, given.distance_m - route.distance_m)


def _schedule(request: Request) -> list[Premise]:
    """Return the start, the times, the seats and the convoy of a request that nobody published."""
    if not request.is_schedule_assumed:
        return []
    lengths = sorted({call.service_min for call in request.calls})
    premises = [
        Premise(message("Place of departure"), request.start.name),
        Premise(DEPARTURE, f"{request.depart:%H:%M}"),
    ]
    premises += [Premise(message("Length of each visit"), length, message("minutes")) for length in lengths]
    if request.capacity is not None:
        premises.append(Premise(message("Seats of one vehicle"), request.capacity))
        if request.delegates:
            count = vehicles_needed(request.delegates, request.capacity)
            premises.append(Premise(message("Vehicles that drive together"), count))
    return premises


def _notes(request: Request, used_network: Sequence[bool]) -> list[Message]:
    """Return what is to be said of the places, the vehicles and the legs of an itinerary."""
    places = list(dict.fromkeys([request.start, *_places(request)]))
    notes = []
    referred = [place.name for place in places if place.precision == "ward_reference_point"]
    if referred:
        notes.append(
            message(
                "A point inside the ward stands for a station whose place is not on record: {names}.",
                names=", ".join(referred),
            )
        )
    generated = [place.name for place in places if place.is_illustrative]
    if generated:
        notes.append(
            message("Illustrative points, no real places: {names}.", names=", ".join(generated)),
        )
    uncertain = [place.name for place in places if place.is_uncertain]
    if uncertain:
        notes.append(
            message(
                "It is not certain that these landmarks are named right: {names}.", names=", ".join(uncertain)
            )
        )
    if request.delegates and request.capacity:
        convoy = message(
            "{people} delegates in vehicles of {seats} seats: {count} vehicles that drive together."
        )
        if request.is_schedule_assumed:
            convoy = message(
                "It is assumed that {people} delegates in vehicles of {seats} seats drive together in "
                "{count} vehicles."
            )
        notes.append(
            convoy.of(
                people=number(request.delegates),
                seats=number(request.capacity),
                count=number(vehicles_needed(request.delegates, request.capacity)),
            )
        )
    if not all(used_network):
        notes.append(
            message(
                "Legs by straight line: {count} of {all}; their length and time are estimates.",
                count=number(used_network.count(False)),
                all=number(len(used_network)),
            )
        )
    return notes


def _streets(network: Network | None, used_network: Sequence[bool]) -> list[Message]:
    """Return whose streets the legs follow, which their licence may ask to be said wherever they show."""
    if network is None or not any(used_network):
        return []
    source = network.source
    file = message("file {name}, network made on {day}", name=source.file, day=day(source.made_on))
    if not source.attribution:
        return [message("Streets: {file}.", file=file)]
    return [message("Streets: {attribution}; {file}.", attribution=source.attribution, file=file)]
