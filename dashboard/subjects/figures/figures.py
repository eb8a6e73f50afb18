"""The figures of all wards with their bounds and sources, kept while they are shown."""

import math

import numpy as np
import pandas as pd

from dashboard.query import layers as data
from dashboard.query.caching import cached
from dashboard.query.publication import Publication
from dashboard.subjects.figures import classification
from dashboard.subjects.figures.choices import COVERAGE, STAGE, Measure, measures_of
from dashboard.subjects.figures.classification import Floats
from geodata.evidence import Evidence, within_areas
from geodata.indicators.indicators import indicator_values
from geodata.period import Period, yardstick
from geodata.programme.criteria import with_criteria_shares
from geodata.programme.inspections import days_since
from geodata.wards.frames import FAR_M, frame_bounds


def coverage_figures(
    code: str, known: Evidence, vintage: str, summary: pd.DataFrame, criteria_set: pd.DataFrame
) -> pd.DataFrame:
    """Return a figure of the programme for each ward of a vintage, in the order of their codes.

    Parameters
    ----------
    code
        A key of `choices.COVERAGE`.
    known
        What is known within the range.
    vintage
        The vintage of the wards.
    summary
        The rows of ``ward_summary`` of this vintage, for what has no date.
    criteria_set
        The layer of this name.

    Returns
    -------
    ``value`` (NaN where missing), ``is_illustrative``.
    """
    wards = known.of_vintage(vintage)
    codes = wards["ward_code"]
    illustrative = wards["is_illustrative"].astype("bool")
    if code == "days_since":
        values = days_since(pd.Timestamp(known.period.until), wards["last_inspection"])
    elif code == "inspected_area":
        values = wards["inspected_area_pct"]
    elif code == "station_access":
        values = summary["station_access_pct"]
        illustrative = pd.Series(False, index=wards.index)
    elif code == "inspections":
        rows = known.inspections_within()
        rows = rows[rows["vintage"] == vintage]
        values = codes.map(rows["ward_code"].value_counts()).fillna(0)
        illustrative = codes.isin(rows.loc[rows["is_illustrative"], "ward_code"])
    else:
        rows = known.inspection[known.inspection["vintage"] == vintage].drop_duplicates("ward_code")
        last = with_criteria_shares(rows, criteria_set).set_index("ward_code")
        values = codes.map(last["criteria_met_pct"])
        illustrative = codes.isin(last.index[last["is_illustrative"]])
    found = values.to_numpy("float64", na_value=np.nan)
    return pd.DataFrame(
        {"value": found, "is_illustrative": illustrative.to_numpy("bool") & np.isfinite(found)}
    )


def ranks(values: Floats, direction: str) -> pd.Series:
    """Return the rank of each figure, 1 for the best, or where none is better for the highest."""
    return pd.Series(values).rank(method="min", ascending=direction == "lower").astype("Int64")


@cached
def measures(published: Publication) -> dict[str, Measure]:
    """Return every figure that a map can show, by its code."""
    return measures_of(data.layer(published, "indicator"))


@cached
def figures(
    published: Publication, code: str, period: Period, vintage: str, *, verified_only: bool
) -> pd.DataFrame:
    """Return a figure of each ward of a vintage, in the order of the geometry.

    Returns
    -------
    value, per_1000, per_km2, days_pct (%), latest_day, is_apportioned, is_illustrative.
    """
    if code not in COVERAGE:
        index = data.indicator_index(published, verified_only=verified_only)
        ends = pd.Timestamp(period.since), pd.Timestamp(period.until)
        found = indicator_values(index, code, *ends, vintage)
        columns = ["value", "per_1000", "per_km2", "days_pct", "latest_day", "is_apportioned"]
        return pd.DataFrame(found[[*columns, "is_illustrative"]])
    found = coverage_figures(
        code,
        data.evidence(published, period, verified_only=verified_only),
        vintage,
        data.of_vintage(published, "ward_summary", vintage),
        data.layer(published, "criteria_set"),
    )
    return found.assign(
        per_1000=np.nan,
        per_km2=np.nan,
        days_pct=np.nan,
        latest_day=np.datetime64("NaT", "ns"),
        is_apportioned=False,
    )


@cached
def pool(
    published: Publication,
    code: str,
    per: str,
    windows: tuple[Period, ...],
    vintage: str,
    *,
    verified_only: bool,
) -> Floats:
    """Return the figures of all wards in several ranges of days: what the bounds of classes rest on."""
    reckon = figures.__wrapped__  # type: ignore[attr-defined]  # once only: not worth a place in the cache
    found = [
        reckon(published, code, window, vintage, verified_only=verified_only)[per].to_numpy()
        for window in windows
    ]
    return np.concatenate(found)


@cached
def bounds_of(
    published: Publication,
    measure: Measure,
    per: str,
    period: Period,
    vintage: str,
    method: str,
    class_count: int,
    own: tuple[float, ...],
    *,
    verified_only: bool,
) -> tuple[list[float], str]:
    """Return the bounds of classes, and the name of the spans that they rest on."""
    span, windows = yardstick(period, data.extent(published), measure.kind)
    pooled = pool(published, measure.code, per, tuple(windows), vintage, verified_only=verified_only)
    found = classification.bounds(pooled, method, class_count, own)
    if method != "own" and measure.unit != "%" and per == "value":
        # Counts of wards that a redrawing divided are broken, bounds need not be.
        found = sorted({float(round(bound)) for bound in found})
    return found, span


@cached
def city_frame(
    published: Publication, vintage: str, areas: tuple[str, ...]
) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the chosen areas; of the whole city without islands far off."""
    wards = data.of_vintage(published, "ward", vintage)
    chosen = within_areas(wards, areas)
    return frame_bounds(chosen, chosen["ward_code"].notna(), math.inf if areas else FAR_M)


@cached
def _sources_of(published: Publication, code: str, *, verified_only: bool) -> pd.DataFrame:
    rows = data.layer(published, "indicator_value")
    rows = rows[rows["indicator_code"] == code]
    if verified_only:
        rows = rows[~rows["is_illustrative"]]
    columns = ["vintage", "ward_code", "period_start", "period_end", "source"]
    return pd.DataFrame(rows[columns]).reset_index(drop=True)


def source_ids(
    published: Publication,
    measure: Measure,
    period: Period,
    vintage: str,
    *,
    verified_only: bool,
    ward: str | None = None,
) -> list[str]:
    """Return the sources of a figure within a range of days, of all wards or of one."""
    known = data.evidence(published, period, verified_only=verified_only)
    if measure.code == "station_access":
        rows = data.of_vintage(published, "station", vintage)
    elif measure.code == STAGE:
        rows = known.pilot_status
    elif measure.code in COVERAGE:
        rows = known.inspection
    else:
        rows = _sources_of(published, measure.code, verified_only=verified_only)
        ends = rows["period_end"] <= pd.Timestamp(period.until)
        begins = rows["period_start"] >= pd.Timestamp(period.since)
        rows = rows[ends if measure.kind == "level" else ends & begins]
    if ward is not None:
        own = rows[(rows["vintage"] == vintage) & (rows["ward_code"] == ward)]
        # A figure that came from another vintage rests on the sources of that one.
        rows = own if len(own) else rows
    return [str(source) for source in rows["source"].unique()]
