"""What of the published file somebody may see who answers for some areas alone: facts of their wards.

Boundaries, names, residents and the crosswalk are nobody's secret; facts are told of wards within the scope
alone, so that sums, ranks and headlines are those of its wards, and nothing that is made of them, cached or
downloaded can tell more.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.publication import Publication
from geodata.wards.scope import wards_within
from geodata.wards.units import KEY, are_among

Layer = Callable[[Publication, str], Any]

_PUBLIC = (
    *("ward", "district", "crosswalk", "water", "landmark", "indicator", "criteria_set", "criterion"),
    *("event", "itinerary_case", "itinerary_leg", "target", "fact"),
)
"""Layers without facts of single wards that came by an import: the register publishes them."""

_OF_WARDS = (
    *("inspection", "indicator_value", "station", "pilot_status", "event_task", "itinerary_stop"),
    "itinerary_case_stop",
)

_BY_INSPECTION = ("criterion_result", "recommendation")

_OF_BOUNDARIES = (
    *("vintage", "ward_code", "ward_name", "ward_kind", "district_code", "district_name", "area_km2"),
    *("outline_area_km2", "population", "population_year", "boundary_quality", "source", "geometry"),
)
"""Columns of ``ward_summary`` that hold no facts."""


@cached
def _seen(published: Publication, layer: Layer) -> pd.DataFrame:
    whole = published.whole
    wards = wards_within(published.scope or (), layer(whole, "ward"), layer(whole, "crosswalk"))
    return pd.DataFrame(sorted(wards), columns=KEY)


def _cited(published: Publication, layer: Layer) -> set[str]:
    """Return the sources that something cites that may be seen."""
    layers = [layer(published, name) for name in (*_PUBLIC, *_OF_WARDS, *_BY_INSPECTION, "ward_summary")]
    columns = ("source", "boundary_source")
    return {
        source
        for frame in layers
        for column in columns
        if column in frame
        for source in frame[column].unique()
    }


def wards_in_scope(published: Publication, layer: Layer, vintage: str) -> frozenset[str]:
    """Return the codes of the wards of a vintage of which facts may be seen."""
    seen = _seen(published, layer)
    return frozenset(seen.loc[seen["vintage"] == vintage, "ward_code"])


def in_scope(name: str, published: Publication, layer: Layer) -> Any:
    """Return what may be seen of a layer of the contract.

    Parameters
    ----------
    name
        Of the layer.
    published
        With a scope.
    layer
        Returns a layer of a publication.
    """
    frame = layer(published.whole, name)
    if name in _PUBLIC:
        return frame
    if name == "ward_summary":
        hidden = ~pd.Series(are_among(frame[KEY], _seen(published, layer)), index=frame.index)
        facts = [column for column in frame if column not in _OF_BOUNDARIES]
        unknown = {column: False if frame[column].dtype == "bool" else None for column in facts}
        return frame.assign(**{column: frame[column].mask(hidden, told) for column, told in unknown.items()})
    if name in _BY_INSPECTION:
        is_seen = frame["inspection_id"].isin(layer(published, "inspection")["inspection_id"])
    elif name == "inspection_round":
        is_seen = frame["round_id"].isin(layer(published, "inspection")["round_id"])
    elif name == "source":
        is_seen = frame["source_id"].isin(_cited(published, layer))
    elif name == "build":
        # What was built from tells what was delivered, by whom: the day is enough.
        return frame.iloc[:1].assign(input="", sha256="", build_id="")
    else:
        is_seen = pd.Series(are_among(frame[KEY], _seen(published, layer)), index=frame.index)
    return frame[is_seen.to_numpy()].reset_index(drop=True)
