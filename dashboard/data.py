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
from dashboard.forgetting import forget, forgetting
from dashboard.formats import alphabet_key
from dashboard.known import Known, know, within_areas
from dashboard.maps import frame_bounds
from dashboard.period import Period, extent_of
from dashboard.static_files import publish_geometry
from geodata.crosswalk import follow_same_wards, same_wards
from geodata.language import Language, translate
from geodata.layers import read_layer
from geodata.metrics import (
    KEY,
    IndicatorIndex,
    PlacedInspections,
    WardLinks,
    index_indicators,
    inspected_within,
    link_wards,
    place_inspections,
    status_on,
    with_counted_results,
)
from geodata.paths import published_file

_KEPT = 64
"""Results of each function that stay in memory: those of the last few ranges of days."""

_LOCK = RLock()

_latest: dict[Path, "Publication"] = {}

P = ParamSpec("P")
R = TypeVar("R")


def cached(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function returns; sessions that ask for the same at once wait for one of them."""
    kept = forgetting(lru_cache(_KEPT)(function))

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
    """Return the file that is published now; where it is a new build, nothing of the old one is kept."""
    path = published_file()
    try:
        state = path.stat()
        published = Publication(path, state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        published = Publication(path, -1, -1)
    if _latest.setdefault(path, published) != published:
        _latest[path] = published
        forget()
    return published


@cached
def layer(published: Publication, name: str) -> Any:
    """Return a layer of the contract; one with geometry is a ``GeoDataFrame`` in EPSG:4326."""
    return read_layer(published.path, name)


@cached
def of_vintage(published: Publication, name: str, vintage: str) -> Any:
    """Return the rows of a layer of one vintage, in the order of its key."""
    frame = layer(published, name)
    return frame[frame["vintage"] == vintage].reset_index(drop=True)


@cached
def vintages(published: Publication) -> list[str]:
    """Return the vintages of the file, oldest first."""
    return sorted(layer(published, "ward_summary")["vintage"].unique())


@cached
def geometry_path(published: Publication, vintage: str) -> str:
    """Return the path below ``app/static`` of a vintage's geometry, writing it where it is not there yet."""
    return publish_geometry(of_vintage(published, "ward", vintage), layer(published, "water"))


@cached
def programme_frame(
    published: Publication, vintage: str, areas: tuple[str, ...] = ()
) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the chosen areas, or of the largest group of wards in the programme."""
    summary = of_vintage(published, "ward_summary", vintage)
    if areas:
        west, south, east, north = (float(side) for side in within_areas(summary, areas).total_bounds)
        return west, south, east, north
    return frame_bounds(summary, summary["role"].notna())


@cached
def extent(published: Publication) -> Period:
    """Return the range of days that the file covers."""
    return extent_of(
        layer(published, "build")["as_of"].max(),
        layer(published, "event")["event_date"],
        layer(published, "pilot_status")["valid_from"],
        layer(published, "inspection")["inspection_date"],
    )


@cached
def has_illustrative(published: Publication) -> bool:
    """Return whether the file holds illustrative figures."""
    return any(
        bool(layer(published, name)["is_illustrative"].any()) for name in ("inspection", "indicator_value")
    )


@cached
def known(published: Publication, period: Period, *, verified_only: bool) -> Known:
    """Return what is known within a range of days."""
    ends = pd.Timestamp(period.since), pd.Timestamp(period.until)
    placed = _placed_inspections(published, verified_only=verified_only)
    return know(
        {
            "inspection": _followed_inspections(published, verified_only=verified_only),
            "pilot_status": _followed_statuses(published),
            **{name: layer(published, name) for name in ("event", "district", "crosswalk", "source")},
        },
        _wards_on(published, period.until),
        inspected_within(*ends, placed, _links(published)),
        period,
        is_all=period == extent(published),
        verified_only=verified_only,
    )


@cached
def _same(published: Publication) -> pd.DataFrame:
    return same_wards(layer(published, "crosswalk"), all_wards(published))


@cached
def all_wards(published: Publication) -> pd.DataFrame:
    """Return the layer ``ward`` without geometry."""
    return pd.DataFrame(layer(published, "ward").drop(columns="geometry"))


@cached
def _inspections(published: Publication, *, verified_only: bool) -> pd.DataFrame:
    rows = with_counted_results(layer(published, "inspection"), layer(published, "criterion_result"))
    return rows[~rows["is_illustrative"]] if verified_only else rows


@cached
def _followed_inspections(published: Publication, *, verified_only: bool) -> pd.DataFrame:
    rows = follow_same_wards(_inspections(published, verified_only=verified_only), _same(published))
    order = {"inspection_date": False, "inspection_id": True}
    # Stable, so that what was recorded stays before its copies.
    return rows.sort_values(list(order), ascending=list(order.values()), kind="stable", ignore_index=True)


@cached
def _followed_statuses(published: Publication) -> pd.DataFrame:
    return follow_same_wards(layer(published, "pilot_status"), _same(published))


def _wards_on(published: Publication, day: datetime.date) -> pd.DataFrame:
    """Return the wards with roles and stages on a day: those of the last day on which any changed."""
    changes = layer(published, "pilot_status")["valid_from"]
    return _wards_since(published, changes[changes <= pd.Timestamp(day)].max())


@cached
def _wards_since(published: Publication, change: pd.Timestamp) -> pd.DataFrame:
    wards = all_wards(published)
    status = status_on(change, wards, layer(published, "pilot_status"), layer(published, "crosswalk"))
    return wards.merge(status, on=KEY, how="left", validate="one_to_one")


@cached
def _links(published: Publication) -> WardLinks:
    return link_wards(all_wards(published), layer(published, "crosswalk"))


@cached
def _placed_inspections(published: Publication, *, verified_only: bool) -> PlacedInspections:
    return place_inspections(_inspections(published, verified_only=verified_only), _links(published))


@cached
def ward_titles(published: Publication, vintage: str) -> dict[str, str]:
    """Return name and code of each ward by its code, in the order of the Vietnamese alphabet."""
    return ward_facts.ward_titles(of_vintage(published, "ward", vintage))


@cached
def area_titles(published: Publication, vintage: str, language: Language) -> dict[str, str]:
    """Return the name of each district and ward of a vintage by its code, districts first."""
    rows = of_vintage(published, "district", vintage).to_dict("records")
    districts = {
        row["district_code"]: translate("{district} (former)", language, district=row["district_name"])
        if row["is_former"]
        else row["district_name"]
        for row in sorted(rows, key=lambda row: alphabet_key(row["district_name"]))
    }
    return districts | ward_titles(published, vintage)


@cached
def indicator_index(published: Publication, *, verified_only: bool) -> IndicatorIndex:
    """Return the index of all indicator values (`geodata.metrics.index_indicators`)."""
    values = layer(published, "indicator_value")
    if verified_only:
        values = values[~values["is_illustrative"]]
    return index_indicators(
        values, layer(published, "indicator"), all_wards(published), layer(published, "crosswalk")
    )


@cached
def city_overview(
    published: Publication,
    period: Period,
    vintage: str,
    language: Language,
    areas: tuple[str, ...],
    *,
    verified_only: bool,
) -> overview.Overview:
    """Return what the overview says of the city, or of some districts and wards."""
    return overview.describe_city(
        known(published, period, verified_only=verified_only),
        vintage,
        language,
        {code: area_titles(published, vintage, language)[code] for code in areas},
    )


@cached
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
