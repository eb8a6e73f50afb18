"""Cached loads of the published GeoPackage. Frames are shared between sessions: nobody changes them."""

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard.query.caching import cached, cached_up_to
from dashboard.query.publication import Publication
from dashboard.query.scope import in_scope, wards_in_scope
from geodata.contract.standing import read_published
from geodata.evidence import Evidence, gather_evidence
from geodata.indicators.index import IndicatorIndex, index_indicators
from geodata.period import Period, extent_of
from geodata.programme.criteria import with_counted_results
from geodata.programme.inspections import (
    PlacedInspections,
    WardLinks,
    inspected_within,
    link_wards,
    place_inspections,
)
from geodata.programme.pilot_wards import with_first_key
from geodata.programme.status import status_on
from geodata.wards.crosswalk import follow_same_wards, same_wards
from geodata.wards.units import KEY

# Text of frames so short is walked, picked and compared in half the time where Python holds it, not Arrow.
_TEXT = pd.StringDtype("python", na_value=np.nan)

_REPEATED = ("vintage", "ward_code", "indicator_code", "source")

NOTHING = "none"
"""Code of an area without wards, where nothing of a vintage may be seen."""

KEPT_EVIDENCE = 8
"""Ranges of days whose facts stay: 0,4 MB each, and what is shown of them is kept besides."""


@cached
def layer(published: Publication, name: str) -> Any:
    """Return a layer of the contract; one with geometry is a ``GeoDataFrame`` in EPSG:4326.

    Of the one layer with very many rows, text that repeats is categorical. Facts outside the scope of the
    publication are not in it.
    """
    if published.scope is not None:
        return in_scope(name, published, layer)
    frame = read_published(published.path, name)
    if name == "indicator_value":
        return frame.astype(dict.fromkeys(_REPEATED, "category"))
    return frame.astype(dict.fromkeys(frame.select_dtypes("str").columns, _TEXT))


@cached
def of_vintage(published: Publication, name: str, vintage: str) -> Any:
    """Return the rows of a layer of one vintage, in the order of its key."""
    frame = layer(published, name)
    return frame[frame["vintage"] == vintage].reset_index(drop=True)


def areas_in_scope(published: Publication, vintage: str, areas: Sequence[str]) -> tuple[str, ...]:
    """Return those of some areas that may be seen; where none is left, all that may.

    A district whose wards may all be seen stands for them. Of a publication that is seen whole no area means
    all of it; where nothing of a vintage may be seen it is an area without wards, `NOTHING`.
    """
    if published.scope is None:
        return tuple(areas)
    wards, seen = of_vintage(published, "ward", vintage), _seen_wards(published, vintage)
    is_seen = wards["ward_code"].isin(seen).groupby(wards["district_code"]).all()
    districts = set(is_seen.index[is_seen.to_numpy()])
    named = [code for code in areas if code in districts or code in seen]
    rest = wards[wards["ward_code"].isin(seen) & ~wards["district_code"].isin(districts)]["ward_code"]
    return tuple(named) or (*sorted(districts), *sorted(rest)) or (NOTHING,)


@cached
def _seen_wards(published: Publication, vintage: str) -> frozenset[str]:
    return wards_in_scope(published, layer, vintage)


@cached
def vintages(published: Publication) -> list[str]:
    """Return the vintages of the file, oldest first."""
    return sorted(layer(published, "ward_summary")["vintage"].unique())


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


@cached_up_to(KEPT_EVIDENCE)
def evidence(published: Publication, period: Period, *, verified_only: bool) -> Evidence:
    """Return what is known within a range of days."""
    ends = pd.Timestamp(period.since), pd.Timestamp(period.until)
    placed = _placed_inspections(published, verified_only=verified_only)
    return gather_evidence(
        {
            "inspection": _followed_inspections(published, verified_only=verified_only),
            "pilot_status": _followed_statuses(published),
            **{name: layer(published, name) for name in ("event", "district", "crosswalk", "source")},
        },
        _wards_since(published, last_change(published, period.until)),
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
    said = layer(published, "inspection_round").set_index("round_id")["verdict"]
    rows = rows.assign(round_verdict=rows["round_id"].map(said).astype("str"))
    return rows[~rows["is_illustrative"]] if verified_only else rows


@cached
def _followed_inspections(published: Publication, *, verified_only: bool) -> pd.DataFrame:
    rows = _followed(published, _inspections(published, verified_only=verified_only))
    order = {"inspection_date": False, "inspection_id": True}
    # Stable, so that what was recorded stays before its copies.
    return rows.sort_values(list(order), ascending=list(order.values()), kind="stable", ignore_index=True)


@cached
def _followed_statuses(published: Publication) -> pd.DataFrame:
    return _followed(published, layer(published, "pilot_status"))


def _followed(published: Publication, facts: pd.DataFrame) -> pd.DataFrame:
    same = _same(published)
    return with_first_key(follow_same_wards(facts, same), same)


def roles_on(published: Publication, vintage: str, day: datetime.date) -> pd.DataFrame:
    """Return the wards of a vintage with roles and stages on a day, as `Query.wards` does with more."""
    return _roles_since(published, vintage, last_change(published, day))


@cached
def _roles_since(published: Publication, vintage: str, change: datetime.date | None) -> pd.DataFrame:
    wards = _wards_since(published, change)
    return wards[wards["vintage"] == vintage].reset_index(drop=True)


def last_change(published: Publication, day: datetime.date) -> datetime.date | None:
    """Return the last day until this one on which any role or stage changed; nothing where none did."""
    return max((one for one in _changes(published) if one <= day), default=None)


@cached
def _changes(published: Publication) -> set[datetime.date]:
    return set(layer(published, "pilot_status")["valid_from"].dt.date)


@cached
def _wards_since(published: Publication, change: datetime.date | None) -> pd.DataFrame:
    wards = all_wards(published)
    status = status_on(
        pd.Timestamp("NaT" if change is None else change),
        wards,
        layer(published, "pilot_status"),
        layer(published, "crosswalk"),
    )
    return wards.merge(status, on=KEY, how="left", validate="one_to_one")


@cached
def _links(published: Publication) -> WardLinks:
    return link_wards(all_wards(published), layer(published, "crosswalk"))


@cached
def _placed_inspections(published: Publication, *, verified_only: bool) -> PlacedInspections:
    return place_inspections(_inspections(published, verified_only=verified_only), _links(published))


@cached
def indicator_index(published: Publication, *, verified_only: bool) -> IndicatorIndex:
    """Return the index of all indicator values (`geodata.indicators.index.index_indicators`)."""
    values = layer(published, "indicator_value")
    if verified_only:
        values = values[~values["is_illustrative"]]
    return index_indicators(
        values, layer(published, "indicator"), all_wards(published), layer(published, "crosswalk")
    )
