"""Cached loads of the published GeoPackage. Frames are shared between sessions: nobody changes them.

Streamlit's caches hash their arguments by value, about a millisecond a call, and a rerun makes some twenty
calls. These look their arguments up by equality.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from threading import RLock
from typing import Any, ParamSpec, TypeVar

import pandas as pd

from dashboard import overview, ward_facts
from dashboard.known import Known, know
from dashboard.maps import frame_bounds
from dashboard.period import Period, extent_of
from dashboard.static_files import publish_geometry
from geodata.crosswalk import same_wards
from geodata.language import Language
from geodata.layers import read_layer
from geodata.metrics import inspected_wards, status_on, with_counted_results
from geodata.paths import published_file

_KEPT = 64
"""Results of each function that stay in memory: those of the last few builds and ranges of days."""

_LOCK = RLock()

P = ParamSpec("P")
R = TypeVar("R")


def _cached(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function returns; sessions that ask for the same at once wait for one of them."""
    kept = lru_cache(_KEPT)(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        with _LOCK:
            return kept(*args, **kwargs)  # type: ignore[arg-type]

    return call


@dataclass(frozen=True)
class Publication:
    """One state of the published file; a new build has another one, so nothing cached outlives it.

    ``mtime_ns`` and ``size`` are -1 where there is no file: reading it then says so.
    """

    path: Path
    mtime_ns: int
    size: int


def publication() -> Publication:
    """Return the file that is published now."""
    path = published_file()
    try:
        state = path.stat()
    except FileNotFoundError:
        return Publication(path, -1, -1)
    return Publication(path, state.st_mtime_ns, state.st_size)


@_cached
def layer(published: Publication, name: str) -> Any:
    """Return a layer of the contract; one with geometry is a ``GeoDataFrame`` in EPSG:4326."""
    return read_layer(published.path, name)


@_cached
def of_vintage(published: Publication, name: str, vintage: str) -> Any:
    """Return the rows of a layer of one vintage, in the order of its key."""
    frame = layer(published, name)
    return frame[frame["vintage"] == vintage].reset_index(drop=True)


@_cached
def vintages(published: Publication) -> list[str]:
    """Return the vintages of the file, oldest first."""
    return sorted(layer(published, "ward_summary")["vintage"].unique())


@_cached
def geometry_path(published: Publication, vintage: str) -> str:
    """Return the path below ``app/static`` of a vintage's geometry, writing it where it is not there yet."""
    return publish_geometry(of_vintage(published, "ward", vintage))


@_cached
def programme_frame(published: Publication, vintage: str) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the largest group of wards in the programme."""
    summary = of_vintage(published, "ward_summary", vintage)
    return frame_bounds(summary, summary["role"].notna())


@_cached
def extent(published: Publication) -> Period:
    """Return the range of days that the file covers."""
    return extent_of(
        layer(published, "build")["as_of"].max(),
        layer(published, "event")["event_date"],
        layer(published, "pilot_status")["valid_from"],
        layer(published, "inspection")["inspection_date"],
    )


@_cached
def has_illustrative(published: Publication) -> bool:
    """Return whether the file holds illustrative inspections."""
    return bool(layer(published, "inspection")["is_illustrative"].any())


@_cached
def known(published: Publication, period: Period, *, verified_only: bool) -> Known:
    """Return what is known within a range of days."""
    names = ("ward", "pilot_status", "event", "district", "crosswalk", "source")
    return know(
        {name: layer(published, name) for name in names}
        | {"inspection": _inspections(published, verified_only=verified_only)},
        _same(published),
        _status_on(published, period.until),
        _inspected_within(published, period, verified_only=verified_only),
        period,
        is_all=period == extent(published),
        verified_only=verified_only,
    )


@_cached
def _same(published: Publication) -> pd.DataFrame:
    return same_wards(layer(published, "crosswalk"), _wards(published))


@_cached
def _wards(published: Publication) -> pd.DataFrame:
    return pd.DataFrame(layer(published, "ward").drop(columns="geometry"))


@_cached
def _inspections(published: Publication, *, verified_only: bool) -> pd.DataFrame:
    rows = with_counted_results(layer(published, "inspection"), layer(published, "criterion_result"))
    return rows[~rows["is_illustrative"]] if verified_only else rows


def _status_on(published: Publication, day: datetime.date) -> pd.DataFrame:
    """Return roles and stages on a day: those of the last day on which any changed."""
    changes = layer(published, "pilot_status")["valid_from"]
    return _status_of(published, changes[changes <= pd.Timestamp(day)].max())


@_cached
def _status_of(published: Publication, change: pd.Timestamp) -> pd.DataFrame:
    return status_on(
        change, _wards(published), layer(published, "pilot_status"), layer(published, "crosswalk")
    )


def _inspected_within(published: Publication, period: Period, *, verified_only: bool) -> pd.DataFrame:
    """Return which wards were inspected in a range: alike for all ranges that hold the same inspections."""
    days = _inspections(published, verified_only=verified_only)["inspection_date"]
    until = days[days <= pd.Timestamp(period.until)].max()
    since = days[period.holds(days)].min()
    return _inspected_between(published, since, until, verified_only=verified_only)


@_cached
def _inspected_between(
    published: Publication, since: pd.Timestamp, until: pd.Timestamp, *, verified_only: bool
) -> pd.DataFrame:
    return inspected_wards(
        since,
        until,
        _wards(published),
        _inspections(published, verified_only=verified_only),
        layer(published, "crosswalk"),
    )


@_cached
def city_overview(
    published: Publication, period: Period, vintage: str, language: Language, *, verified_only: bool
) -> overview.Overview:
    """Return what the overview says of the city."""
    return overview.describe_city(known(published, period, verified_only=verified_only), vintage, language)


@_cached
def ward_overview(
    published: Publication,
    period: Period,
    key: tuple[str, str],
    language: Language,
    *,
    verified_only: bool,
) -> str:
    """Return what the overview says of a ward, by vintage and code, as HTML."""
    return ward_facts.describe_ward(known(published, period, verified_only=verified_only), key, language)
