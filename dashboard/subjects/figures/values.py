"""The figures of all wards with their bounds and sources, kept while they are shown."""

import math

import numpy as np
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import extent, indicator_index, layer, of_vintage
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.subjects.figures import classification
from dashboard.subjects.figures.choices import COVERAGE, DAYS_SINCE, STAGE, Measure
from dashboard.subjects.figures.classification import Floats
from geodata.evidence import within_areas
from geodata.indicators.comparison import comparable_values
from geodata.indicators.indicators import UnitLevel
from geodata.indicators.statistics import LEAST_EVENTS, shared_ranks
from geodata.period import yardstick
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
    The columns of `geodata.indicators.comparison.comparable_values`; of a figure of the programme value (NaN
    where missing), is_reported, is_few, is_rankable and is_illustrative, the others missing.
    """
    return unit_values(query, code, "ward")


def unit_values(query: Query, code: str, level: UnitLevel) -> pd.DataFrame:
    """Return likewise the figures of an indicator for districts or the city."""
    return _kept_values(query.of_city(), code, level)


@cached
def _kept_values(query: Query, code: str, level: UnitLevel) -> pd.DataFrame:
    return _values(query, code, level)


def _values(query: Query, code: str, level: UnitLevel = "ward") -> pd.DataFrame:
    if code in COVERAGE:
        return _coverage_values(query, code)
    index = indicator_index(query.published, verified_only=query.verified_only)
    ends = pd.Timestamp(query.period.since), pd.Timestamp(query.period.until)
    return comparable_values(index, code, *ends, query.vintage, level)


def _coverage_values(query: Query, code: str) -> pd.DataFrame:
    known = query.evidence()
    wards = known.of_vintage(query.vintage)
    codes = wards["ward_code"]
    illustrative = wards["is_illustrative"].astype("bool")
    if code == DAYS_SINCE:
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
    is_known = np.isfinite(found)
    is_few = (found < LEAST_EVENTS) & (code == "inspections")
    missing = dict.fromkeys(("per_1000", "per_km2", "days_pct", "numerator", "denominator"), np.nan)
    band = {"least": found, "most": found}
    return pd.DataFrame(
        {
            "unit_code": codes.to_numpy(),
            "value": found,
            **missing,
            **band,
            "latest_day": np.datetime64("NaT", "ns"),
            # Of these wards a part alone was inspected last, as an older ward.
            "is_apportioned": wards["is_last_partly"].to_numpy("bool") & is_known & (code == DAYS_SINCE),
            "is_illustrative": illustrative.to_numpy("bool") & is_known,
            "is_reported": is_known,
            "is_few": is_few,
            "is_rankable": is_known & ~is_few,
        }
    )


def as_shown(figures: Floats, measure: Measure, per: str) -> Floats:
    """Return figures rounded as they are shown, so that equal ones share a rank.

    `dashboard.subjects.figures.words.plain_words` writes them so.
    """
    if measure.unit == "%" and per == "value":
        return np.where(figures < 1, np.round(figures, 2), np.round(figures, 1))
    if per == "value":
        return np.round(figures, 1)
    return np.where(figures < 0.1, np.round(figures, 3), np.round(figures, 2))


def rank_numbers(figures: Floats, measure: Measure, per: str) -> Floats:
    """Return the rank of each figure, 1 for the best, or where none is better for the highest; else NaN."""
    shown = as_shown(figures, measure, per)
    return shared_ranks(shown, 3, is_lowest_first=measure.direction == "lower")


def pool(query: Query, code: str, per: str) -> tuple[Floats, bool]:
    """Return the figures of all wards in each whole year: what the bounds of classes rest on.

    Returns
    -------
    The figures of wards that reported enough, of all where none did; and whether they are of whole years.
    """
    return _kept_pool(query.of_city().within(extent(query.published)), code, per)


@cached
def _kept_pool(query: Query, code: str, per: str) -> tuple[Floats, bool]:
    # Reckoned once only: the figures of each window are not worth a place in the cache.
    are_years, windows = yardstick(query.period)
    frames = [_values(query.within(window), code) for window in windows]
    every, enough = (
        np.concatenate(
            [frame[per].where(frame["is_reported"] | is_all).to_numpy("float64") for frame in frames]
        )
        for is_all in (True, False)
    )
    return (enough if np.isfinite(enough).any() else every), are_years


@cached
def class_bounds(
    query: Query, measure: Measure, per: str, method: str, class_count: int, own: tuple[float, ...]
) -> tuple[tuple[float, ...], bool]:
    """Return the bounds of classes, and whether they rest on whole years.

    Parameters
    ----------
    query
        What is asked, of the whole city and all of its days: neither areas nor days move the bounds.
    measure, per
        The figure.
    method, class_count, own
        See `dashboard.subjects.figures.classification.bounds`.
    """
    figures, are_years = pool(query, measure.code, per)
    found = classification.bounds(figures, method, class_count, own)
    if method != "own" and measure.unit != "%" and per == "value":
        # Numbers of wards that a redrawing divided are broken, bounds need not be.
        found = sorted({float(round(bound)) for bound in found})
    return tuple(found), are_years


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
