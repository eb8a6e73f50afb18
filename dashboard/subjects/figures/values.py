"""The figures of all wards with their bounds and sources, kept while they are shown."""

import math

import numpy as np
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import extent, indicator_index, layer, of_vintage
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.subjects.figures import classification
from dashboard.subjects.figures.choices import COVERAGE, STAGE, Measure
from dashboard.subjects.figures.classification import Floats
from geodata.evidence import within_areas
from geodata.indicators.indicators import indicator_values
from geodata.period import Period, yardstick
from geodata.programme.criteria import with_criteria_shares
from geodata.programme.inspections import days_since
from geodata.wards.frames import FAR_M, frame_bounds


def ward_values(query: Query, code: str) -> pd.DataFrame:
    """Return a figure of each ward of the vintage, in the order of the geometry, whatever the areas.

    Parameters
    ----------
    query
        What is asked.
    code
        Of the measure (`dashboard.subjects.figures.choices.measures`).

    Returns
    -------
    value, per_1000, per_km2 (NaN where missing), days_pct (%), latest_day, is_apportioned, is_illustrative.
    """
    return _kept_values(query.of_city(), code)


@cached
def _kept_values(query: Query, code: str) -> pd.DataFrame:
    return _values(query, code)


def _values(query: Query, code: str) -> pd.DataFrame:
    if code in COVERAGE:
        return _coverage_values(query, code)
    index = indicator_index(query.published, verified_only=query.verified_only)
    ends = pd.Timestamp(query.period.since), pd.Timestamp(query.period.until)
    found = indicator_values(index, code, *ends, query.vintage)
    columns = ["value", "per_1000", "per_km2", "days_pct", "latest_day", "is_apportioned"]
    return pd.DataFrame(found[[*columns, "is_illustrative"]])


def _coverage_values(query: Query, code: str) -> pd.DataFrame:
    known = query.evidence()
    wards = known.of_vintage(query.vintage)
    codes = wards["ward_code"]
    illustrative = wards["is_illustrative"].astype("bool")
    if code == "days_since":
        values = days_since(pd.Timestamp(known.period.until), wards["last_inspection"])
    elif code == "inspected_area":
        values = wards["inspected_area_pct"]
    elif code == "station_access":
        # It has no date.
        values = query.of_vintage("ward_summary")["station_access_pct"]
        illustrative = pd.Series(False, index=wards.index)
    elif code == "inspections":
        rows = known.inspections_within()
        rows = rows[rows["vintage"] == query.vintage]
        values = codes.map(rows["ward_code"].value_counts()).fillna(0)
        illustrative = codes.isin(rows.loc[rows["is_illustrative"], "ward_code"])
    else:
        rows = known.inspection[known.inspection["vintage"] == query.vintage].drop_duplicates("ward_code")
        last = with_criteria_shares(rows, query.layer("criteria_set")).set_index("ward_code")
        values = codes.map(last["criteria_met_pct"])
        illustrative = codes.isin(last.index[last["is_illustrative"]])
    found = values.to_numpy("float64", na_value=np.nan)
    return pd.DataFrame(
        {
            "value": found,
            "per_1000": np.nan,
            "per_km2": np.nan,
            "days_pct": np.nan,
            "latest_day": np.datetime64("NaT", "ns"),
            "is_apportioned": False,
            "is_illustrative": illustrative.to_numpy("bool") & np.isfinite(found),
        }
    )


def ranks(values: Floats, direction: str) -> pd.Series:
    """Return the rank of each figure, 1 for the best, or where none is better for the highest."""
    return pd.Series(values).rank(method="min", ascending=direction == "lower").astype("Int64")


def pool(query: Query, code: str, per: str, windows: tuple[Period, ...]) -> Floats:
    """Return the figures of all wards in several ranges of days: what the bounds of classes rest on."""
    return _kept_pool(query.of_city().within(extent(query.published)), code, per, windows)


@cached
def _kept_pool(query: Query, code: str, per: str, windows: tuple[Period, ...]) -> Floats:
    # Reckoned once only: the figures of each window are not worth a place in the cache.
    return np.concatenate([_values(query.within(window), code)[per].to_numpy() for window in windows])


@cached
def class_bounds(
    query: Query, measure: Measure, per: str, method: str, class_count: int, own: tuple[float, ...]
) -> tuple[tuple[float, ...], str]:
    """Return the bounds of classes, and the name of the spans that they rest on.

    Parameters
    ----------
    query
        What is asked, of the whole city: areas do not move the bounds.
    measure, per
        The figure.
    method, class_count, own
        See `dashboard.subjects.figures.classification.bounds`.
    """
    span, windows = yardstick(query.period, extent(query.published), measure.kind)
    found = classification.bounds(pool(query, measure.code, per, tuple(windows)), method, class_count, own)
    if method != "own" and measure.unit != "%" and per == "value":
        # Counts of wards that a redrawing divided are broken, bounds need not be.
        found = sorted({float(round(bound)) for bound in found})
    return tuple(found), span


@cached
def city_frame(
    published: Publication, vintage: str, areas: tuple[str, ...]
) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the chosen areas; of the whole city without islands far off."""
    chosen = within_areas(of_vintage(published, "ward", vintage), areas)
    return frame_bounds(chosen, chosen["ward_code"].notna(), math.inf if areas else FAR_M)


@cached
def _indicator_sources(published: Publication, code: str, *, verified_only: bool) -> pd.DataFrame:
    rows = layer(published, "indicator_value")
    rows = rows[rows["indicator_code"] == code]
    if verified_only:
        rows = rows[~rows["is_illustrative"]]
    columns = ["vintage", "ward_code", "period_start", "period_end", "source"]
    return pd.DataFrame(rows[columns]).reset_index(drop=True)


def source_ids(query: Query, measure: Measure, ward: str | None = None) -> list[str]:
    """Return the sources of a figure within a range of days, of all wards or of one by its code."""
    if measure.code == "station_access":
        rows = query.of_vintage("station")
    elif measure.code == STAGE:
        rows = query.evidence().pilot_status
    elif measure.code in COVERAGE:
        rows = query.evidence().inspection
    else:
        rows = _indicator_sources(query.published, measure.code, verified_only=query.verified_only)
        ends = rows["period_end"] <= pd.Timestamp(query.period.until)
        begins = rows["period_start"] >= pd.Timestamp(query.period.since)
        rows = rows[ends if measure.kind == "level" else ends & begins]
    if ward is not None:
        own = rows[(rows["vintage"] == query.vintage) & (rows["ward_code"] == ward)]
        # A figure that came from another vintage rests on the sources of that one.
        rows = own if len(own) else rows
    return [str(source) for source in rows["source"].unique()]
