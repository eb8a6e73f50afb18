"""The itinerary of a day of visits, the places it may lead to, and the wards that wait for one."""

import atexit
from collections.abc import Callable
from functools import lru_cache

import pandas as pd

from dashboard.query.caching import cached, cached_up_to
from dashboard.query.layers import layer, of_vintage
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.subjects.visits.beside import Planner
from dashboard.subjects.visits.form import Form, request_of
from dashboard.subjects.visits.queue import WAITS, Queue
from dashboard.subjects.visits.search import Find
from geodata.evidence import within_areas
from geodata.itinerary.cases import Case, case_requests
from geodata.itinerary.document import Document, document
from geodata.itinerary.itinerary import Itinerary, make_itinerary
from geodata.itinerary.network import Network, stored_network
from geodata.itinerary.places import Gazetteer, gazetteer
from geodata.itinerary.request import Request, end_place
from geodata.programme.overdue import Limit, last_inspections
from geodata.settings import settings

LEAST_MIN = 1 / 120
"""Half a second, which no reader sees."""

FIRST_SECONDS = 0.5
"""How long a plan that can't be weighed whole is searched for before it is shown."""
PACE_SECONDS = 1.0
"""From one first search to the next while others wait: its page has to be drawn too."""

_first, _longer = Planner(), Planner()
_first_turns, _longer_turns = Queue(pace=PACE_SECONDS), Queue()

for _planner in (_first, _longer):
    atexit.register(_planner.end)


@cached
def places(published: Publication, *, verified_only: bool) -> Gazetteer:
    """Return where places are looked up; stations that are illustrative may be left out."""
    layers = {name: layer(published, name) for name in ("ward", "station", "landmark", "crosswalk")}
    if verified_only:
        layers["station"] = layers["station"][~layers["station"]["is_illustrative"]]
    return gazetteer(layers)


@cached
def cases(published: Publication, *, verified_only: bool) -> dict[str, Case]:
    """Return the real visits by their key, oldest first."""
    return case_requests(
        layer(published, "itinerary_case"),
        layer(published, "itinerary_case_stop"),
        places(published, verified_only=verified_only),
    )


@cached
def ward_names(published: Publication, vintage: str) -> dict[str, str]:
    """Return the names of the wards of a vintage by their code."""
    wards = of_vintage(published, "ward", vintage)
    return dict(zip(wards["ward_code"], wards["ward_name"], strict=True))


@cached
def ward_kinds(published: Publication, vintage: str) -> dict[str, str]:
    """Return the kinds of the wards of a vintage by their code."""
    wards = of_vintage(published, "ward", vintage)
    return dict(zip(wards["ward_code"], wards["ward_kind"], strict=True))


@cached
def inside(published: Publication, vintage: str, areas: tuple[str, ...]) -> pd.Series:
    """Return whether each ward of a vintage lies in some areas of it."""
    wards = of_vintage(published, "ward", vintage)
    chosen: pd.Series = wards["ward_code"].isin(within_areas(wards, areas)["ward_code"])
    return chosen


@lru_cache(2)
def _network(path: str, mtime_ns: int) -> Network | None:
    return stored_network()


def network() -> Network | None:
    """Return the street network that is stored now; ``None`` where none is."""
    path = settings().network
    return _network(str(path), path.stat().st_mtime_ns) if path.exists() else None


@cached_up_to(64)
def _plan(published: Publication, request: Request, streets: Network | None) -> Itinerary:
    return make_itinerary(request, streets, seconds=FIRST_SECONDS, planned_by=_first.plan)


@cached_up_to(64)
def planned(published: Publication, form: Form, *, verified_only: bool) -> Request:
    """Return the request of a form once its itinerary was found, which takes a turn in the line of `WAITS`.

    Raises
    ------
    GeodataError
        With every fault of what is asked.
    """
    with _first_turns.turn(*WAITS.get()):
        facts = {"verified_only": verified_only}
        request = request_of(form, places(published, **facts), cases(published, **facts))
        itinerary(published, request)
        return request


def itinerary(published: Publication, request: Request) -> Itinerary:
    """Return the itinerary of a request, searched for no longer than `FIRST_SECONDS`.

    Raises
    ------
    GeodataError
        With every fault of the request.
    """
    return _plan(published, request, network())


def searched(request: Request, seconds: float, person: str) -> Find[Itinerary]:
    """Return what searches longer for the itinerary of a request, once it is a person's turn."""
    streets = network()

    def find(tell: Callable[[int], None], should_stop: Callable[[], bool]) -> Itinerary:
        with _longer_turns.turn(person, tell):
            tell(0)
            try:
                return make_itinerary(
                    request, streets, seconds=seconds, should_stop=should_stop, planned_by=_longer.plan
                )
            finally:
                # Its memory is of use to nobody until the next one comes.
                _longer.end()

    return find


@cached
def document_of(found: Itinerary) -> Document:
    """Return the document of an itinerary."""
    return document(found)


@cached
def late_wards(query: Query, limit: Limit | None) -> tuple[str, ...]:
    """Return the codes of the wards overdue by a limit, the most pressing first; none without one."""
    evidence = query.evidence().of_areas(query.vintage, query.areas)
    return tuple(last_inspections(query.wards(), evidence, limit).late["ward_code"])


def codes_of(shown: Document) -> list[str]:
    """Return the codes of the wards that are visited."""
    return [stop.ward_code for stop in shown.visits if stop.ward_code]


def is_illustrative(request: Request) -> bool:
    """Return whether a place of a request was generated to show the program."""
    places_asked = [request.start, end_place(request), *(call.place for call in request.calls)]
    return any(place.is_illustrative for place in places_asked)


def is_better(new: Itinerary, old: Itinerary) -> bool:
    """Return whether a plan visits more that has to be visited, or as much on less travel; or proves the old.

    Both answer the same request.
    """
    return _rank(new) < _rank(old)


def _rank(found: Itinerary) -> tuple[int, int, int, bool]:
    calls, left = found.request.calls, [one.stop for one in found.plan.unassigned]
    travel = sum(route.travel_min for route in found.plan.routes)
    return (
        sum(calls[stop].is_must for stop in left),
        len(left),
        round(travel / LEAST_MIN),
        not found.plan.proven_optimal,
    )
