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
from geodata.crosswalk import follow_same_wards, same_wards
from geodata.language import Language
from geodata.layers import read_layer
from geodata.metrics import KEY, WardLinks, inspected_within, link_wards, status_on, with_counted_results
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
    ends = pd.Timestamp(period.since), pd.Timestamp(period.until)
    inspection = _inspections(published, verified_only=verified_only)
    return know(
        {
            "inspection": _followed_inspections(published, verified_only=verified_only),
            "pilot_status": _followed_statuses(published),
            **{name: layer(published, name) for name in ("event", "district", "crosswalk", "source")},
        },
        _wards_on(published, period.until),
        inspected_within(*ends, inspection, _links(published)),
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


@_cached
def _followed_inspections(published: Publication, *, verified_only: bool) -> pd.DataFrame:
    rows = follow_same_wards(_inspections(published, verified_only=verified_only), _same(published))
    order = {"inspection_date": False, "inspection_id": True}
    # Stable, so that what was recorded stays before its copies.
    return rows.sort_values(list(order), ascending=list(order.values()), kind="stable", ignore_index=True)


@_cached
def _followed_statuses(published: Publication) -> pd.DataFrame:
    return follow_same_wards(layer(published, "pilot_status"), _same(published))


def _wards_on(published: Publication, day: datetime.date) -> pd.DataFrame:
    """Return the wards with roles and stages on a day: those of the last day on which any changed."""
    changes = layer(published, "pilot_status")["valid_from"]
    return _wards_since(published, changes[changes <= pd.Timestamp(day)].max())


@_cached
def _wards_since(published: Publication, change: pd.Timestamp) -> pd.DataFrame:
    wards = _wards(published)
    status = status_on(change, wards, layer(published, "pilot_status"), layer(published, "crosswalk"))
    return wards.merge(status, on=KEY, how="left", validate="one_to_one")


@_cached
def _links(published: Publication) -> WardLinks:
    return link_wards(_wards(published), layer(published, "crosswalk"))


@_cached
def ward_titles(published: Publication, vintage: str) -> dict[str, str]:
    """Return name and code of each ward by its code, in the order of the Vietnamese alphabet."""
    return ward_facts.ward_titles(of_vintage(published, "ward", vintage))


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
