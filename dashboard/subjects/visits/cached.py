"""What the page asks for, kept while it is shown."""

from collections.abc import Callable
from functools import lru_cache

import pandas as pd

from dashboard.query.caching import cached, cached_up_to
from dashboard.query.layers import evidence, layer, of_vintage
from dashboard.query.publication import Publication
from geodata.evidence import within_areas
from geodata.itinerary.cases import Case, case_requests
from geodata.itinerary.document import Document, document
from geodata.itinerary.itinerary import Itinerary, make_itinerary
from geodata.itinerary.network import Network, stored_network
from geodata.itinerary.places import Gazetteer, gazetteer
from geodata.itinerary.request import Request
from geodata.period import Period
from geodata.programme.overdue import overdue_wards
from geodata.settings import settings

FIRST_SECONDS = 0.5
"""How long a plan that can't be weighed whole is searched for before it is shown."""


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
    return make_itinerary(request, streets, seconds=FIRST_SECONDS)


def itinerary(published: Publication, request: Request) -> Itinerary:
    """Return the itinerary of a request, searched for no longer than `FIRST_SECONDS`.

    Unlike what `layers.cached` keeps it is made without a lock, so no other session waits for it.

    Raises
    ------
    GeodataError
        With every fault of the request.
    """
    return _plan(published, request, network())


def searched(request: Request, seconds: float) -> Callable[[Callable[[], bool]], Itinerary]:
    """Return what searches longer for the itinerary of a request."""
    streets = network()

    def find(should_stop: Callable[[], bool]) -> Itinerary:
        return make_itinerary(request, streets, seconds=seconds, should_stop=should_stop)

    return find


@cached_up_to(64)
def told(found: Itinerary) -> Document:
    """Return the document of an itinerary."""
    return document(found)


@cached
def late_wards(
    published: Publication,
    period: Period,
    vintage: str,
    areas: tuple[str, ...],
    limit: int,
    *,
    verified_only: bool,
) -> tuple[str, ...]:
    """Return the codes of the wards not inspected for more than so many days, the most pressing first."""
    facts = evidence(published, period, verified_only=verified_only)
    wards = facts.of_vintage(vintage, areas)
    return tuple(overdue_wards(wards, facts.of_areas(vintage, areas), limit).late["ward_code"])
