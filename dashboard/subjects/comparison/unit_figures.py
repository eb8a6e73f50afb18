"""The figures of districts, wards and the city with their ranks, sources and classes, kept while shown."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import areas_in_scope, extent, indicator_index, of_vintage
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.subjects.comparison.measures import COVERAGES, SHARES, ComparedMeasure
from dashboard.subjects.comparison.units import CITY, DISTRICT, WARD, units_of
from dashboard.subjects.figures import values
from dashboard.subjects.figures.chance import chance
from dashboard.subjects.figures.choices import Measure, measures
from geodata.indicators.bands import is_band_wide
from geodata.indicators.comparison import LEAST_REPORTED_PCT, compare_periods, interval, period_a_year_before
from geodata.indicators.indicators import UnitLevel
from geodata.period import Period
from geodata.programme.coverage import pilot_coverage
from geodata.programme.inspections import inspection_coverage
from geodata.wards.units import Unit, is_commune

MAP_CLASSES = 5
"""Classes of a map of figures."""


@cached
def comparable_units(published: Publication, vintage: str) -> pd.DataFrame:
    """Return `dashboard.subjects.comparison.units.units_of` a vintage, of which figures may be seen."""
    units = units_of(of_vintage(published, "ward", vintage), of_vintage(published, "district", vintage))
    if published.scope is None:
        return units
    seen = areas_in_scope(published, vintage, tuple(units.index))
    return units.loc[[code for code in units.index if code in seen]]


def values_until(query: Query) -> pd.DataFrame:
    """Return the values of all indicators that are known up to the last day of the range."""
    rows: pd.DataFrame = query.layer("indicator_value")
    there = rows["period_end"] <= pd.Timestamp(query.period.until)
    if query.verified_only:
        there &= ~rows["is_illustrative"]
    return rows[there]


@cached
def unit_figures(
    query: Query, measure: ComparedMeasure, ward_codes: tuple[str, ...], other: Period | None = None
) -> pd.DataFrame:
    """Return the figures of the city, every district and every ward; of a coverage, of some wards.

    Parameters
    ----------
    query
        What is asked, of the whole city.
    measure
        What is compared.
    ward_codes
        The wards that are compared; to reckon a coverage of all of them would take long, and rank nothing.
    other
        What an indicator is set beside; a year before, unless it is given.

    Returns
    -------
    Of an indicator the columns of `geodata.indicators.comparison.compare_periods`, of a coverage its
    shares with reached_count, partly_count and ward_count; unit_code, level, is_illustrative; shown, the
    figure that is compared, with its interval low and high; what of it pairs with the other range,
    shown_paired and other_paired; is_comparable, both ranges were reported enough, the city's too, and
    change_pct only then; outside, see `dashboard.subjects.figures.chance`; rank, 1 for the best of
    its level (the highest, where neither way is better), and rank_count. Coverages have no rank, and where
    nothing is on record no figure.
    """
    if measure.code in COVERAGES:
        frame = _coverage_figures(query, measure, ward_codes)
        nothing = {"low": np.nan, "high": np.nan, "outside": 0, "is_reported": True, "is_few": False}
        frame = frame.assign(**nothing, is_wide=False, is_rankable=False)
    else:
        frame = _indicator_figures(query, measure, other)
    shown = frame[measure.column].astype("float64")
    frame = frame.assign(shown=shown)
    frame = frame.assign(rank=_ranks(query, frame, measure))
    return frame.assign(rank_count=frame.groupby("level")["rank"].transform("count"))


def _ranks(query: Query, frame: pd.DataFrame, measure: ComparedMeasure) -> pd.Series:
    """Return the ranks of units among those of their level that can be ranked."""
    wards = of_vintage(query.published, "ward", query.vintage)
    # A huyện without communes is no ward.
    is_unit = ~frame["unit_code"].isin(wards.loc[~is_commune(wards), "ward_code"]) | frame["level"].ne(WARD)
    figures = frame["shown"].where(frame["is_rankable"] & is_unit)
    found = pd.Series(np.nan, index=frame.index)
    for _, of_level in figures.groupby(frame["level"]):
        ranked = of_level.to_numpy("float64")
        found[of_level.index] = values.rank_numbers(ranked, measure.as_figure(), measure.column)
    return found


def _indicator_figures(query: Query, measure: ComparedMeasure, other: Period | None) -> pd.DataFrame:
    index = indicator_index(query.published, verified_only=query.verified_only)
    spans = [
        (pd.Timestamp(one.since), pd.Timestamp(one.until))
        for one in (query.period, other or period_a_year_before(query.period))
    ]
    levels: tuple[UnitLevel, ...] = ("city", "district", "ward")
    frame = compare_periods(index, measure.code, spans, query.vintage, levels)
    low, high = interval(frame, measure.kind, measure.column)
    outside = []
    for level in levels:
        of_level = None if level == "city" else chance(query, measure.code, measure.column, level)
        count = int(frame["level"].eq(level).sum())
        outside.append(np.zeros(count, "int64") if of_level is None else of_level.units["outside"].to_numpy())
    is_comparable = frame["is_reported"] & frame["previous_is_reported"]
    if measure.kind != "level":
        # Of the city the wards that reported enough are a part, which may be a small one.
        is_comparable &= frame[["days_pct", "previous_days_pct"]].ge(LEAST_REPORTED_PCT).all(axis=1)
    return frame.assign(
        low=low,
        high=high,
        is_comparable=is_comparable,
        change_pct=frame["change_pct"].where(is_comparable),
        outside=np.concatenate(outside),
        is_wide=is_band_wide(frame),
        shown_paired=frame[f"compared_{measure.column}"],
        other_paired=frame[f"compared_previous_{measure.column}"],
    )


def _coverage_figures(query: Query, measure: ComparedMeasure, ward_codes: Collection[str]) -> pd.DataFrame:
    vintage = query.vintage
    wards, units = query.wards(), comparable_units(query.published, vintage)
    asked = [(CITY, "city", Unit(vintage))]
    asked += [
        (code, DISTRICT, Unit(vintage, district_code=code))
        for code in units.index[units["level"] == DISTRICT]
    ]
    asked += [(code, WARD, Unit(vintage, ward_code=code)) for code in ward_codes]
    end = pd.Timestamp(query.period.until)
    rows: list[dict[str, Any]] = []
    for code, level, unit in asked:
        of_unit_alone = unit.rows(wards)
        row: dict[str, Any] = {"unit_code": code, "level": level, "is_illustrative": False}
        if measure.code == "pilot_coverage":
            pilot = pilot_coverage(of_unit_alone)
            row |= {"reached_count": pilot.pilot_ward_count, "partly_count": pilot.partly_ward_count}
            row |= {"ward_count": pilot.ward_count, "wards_pct": pilot.wards_pct}
            row |= {"area_pct": pilot.area_pct, "population_pct": pilot.population_pct}
        else:
            seen = inspection_coverage(end, of_unit_alone)
            row |= {"reached_count": seen.inspected_count, "partly_count": seen.partly_inspected_count}
            row |= {"ward_count": seen.ward_count, "wards_pct": seen.wards_pct}
            row |= {"area_pct": seen.area_pct, "pilot_wards_pct": seen.pilot_wards_pct}
            row["is_illustrative"] = bool(of_unit_alone["is_illustrative"].any())
        rows.append(row)
    frame = pd.DataFrame(rows)
    # Silence of the sources is no zero.
    shares = [*SHARES[measure.code]]
    return frame.assign(**{name: frame[name].where(frame[name] > 0) for name in shares})


@cached
def source_ids(query: Query, code: str) -> tuple[str, ...]:
    """Return the sources of what a figure rests on within the range."""
    if code == "pilot_coverage":
        rows = query.evidence().pilot_status
    elif code == "inspection_coverage":
        rows = query.evidence().inspections_within()
    else:
        rows = values_until(query)
        rows = rows[rows["indicator_code"].eq(code)]
    return tuple(sorted(set(rows["source"].dropna())))


def class_bounds(query: Query, measure: ComparedMeasure) -> tuple[float, ...]:
    """Return the bounds between the classes of the maps: those of `dashboard.subjects.figures.values`."""
    whole = query.of_city().within(extent(query.published))
    figure = map_measure(query, measure)
    return values.class_bounds(whole, figure, measure.column, "quantiles", MAP_CLASSES, ())[0]


@cached
def data_extent(query: Query, measure: ComparedMeasure) -> Period:
    """Return the days of which there are data: of an indicator those that its values cover."""
    if measure.code in COVERAGES:
        return extent(query.published)
    index = indicator_index(query.published, verified_only=query.verified_only)
    periods = index.rows[measure.code].period
    if not len(periods):
        return extent(query.published)
    first, last = (
        pd.Timestamp(int(day), unit="D").date()
        for day in (index.first_day[periods].min(), index.last_day[periods].max())
    )
    return Period(first, last)


def map_measure(query: Query, measure: ComparedMeasure) -> Measure:
    """Return the figure that the maps show of an indicator."""
    return measures(query.published)[measure.code]
