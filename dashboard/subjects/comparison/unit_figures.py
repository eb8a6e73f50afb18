"""The figures of districts, wards and the city with their ranks, sources and classes, kept while shown."""

from collections.abc import Collection
from typing import Any

import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import extent, indicator_index, of_vintage
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.subjects.comparison.measures import COVERAGES, ComparedMeasure
from dashboard.subjects.comparison.units import CITY, DISTRICT, WARD, units_of
from dashboard.subjects.figures import classification
from dashboard.subjects.figures.choices import Measure, measures
from dashboard.subjects.figures.values import pool
from geodata.indicators.comparison import compare_with_year_before
from geodata.indicators.indicators import UnitLevel
from geodata.period import windows_like
from geodata.programme.coverage import pilot_coverage
from geodata.programme.inspections import inspection_coverage
from geodata.wards.units import Unit

MAP_CLASSES = 5
"""Classes of a map of figures."""


@cached
def comparable_units(published: Publication, vintage: str) -> pd.DataFrame:
    """Return `dashboard.subjects.comparison.units.units_of` a vintage."""
    return units_of(of_vintage(published, "ward", vintage), of_vintage(published, "district", vintage))


def values_until(query: Query) -> pd.DataFrame:
    """Return the values of all indicators that are known up to the last day of the range."""
    values: pd.DataFrame = query.layer("indicator_value")
    there = values["period_end"] <= pd.Timestamp(query.period.until)
    if query.verified_only:
        there &= ~values["is_illustrative"]
    return values[there]


@cached
def unit_figures(query: Query, measure: ComparedMeasure, ward_codes: tuple[str, ...]) -> pd.DataFrame:
    """Return the figures of the city, every district and every ward; of a coverage, of some wards.

    Parameters
    ----------
    query
        What is asked, of the whole city.
    measure
        What is compared.
    ward_codes
        The wards that are compared; to reckon a coverage of all of them would take long, and rank nothing.

    Returns
    -------
    Of an indicator the columns of `geodata.indicators.indicators.compare_with_year_before`, of a coverage its
    shares with reached_count, partly_count and ward_count; unit_code, level, is_illustrative; shown, the
    figure that is compared; rank, 1 for the best of its level (the highest, where neither way is better),
    and rank_count.
    """
    frame = (
        _coverage_figures(query, measure, ward_codes)
        if measure.code in COVERAGES
        else _indicator_figures(query, measure)
    )
    frame = frame.assign(shown=frame[measure.column])
    of_level = frame.groupby("level")["shown"]
    return frame.assign(
        rank=of_level.rank(method="min", ascending=measure.direction == "lower"),
        rank_count=of_level.transform("count"),
    )


def _indicator_figures(query: Query, measure: ComparedMeasure) -> pd.DataFrame:
    index = indicator_index(query.published, verified_only=query.verified_only)
    ends = pd.Timestamp(query.period.since), pd.Timestamp(query.period.until)
    levels: tuple[UnitLevel, ...] = ("city", "district", "ward")
    found = [
        compare_with_year_before(index, measure.code, *ends, query.vintage, by=level).assign(level=level)
        for level in levels
    ]
    return pd.concat(found, ignore_index=True)


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
    return pd.DataFrame(rows)


@cached
def source_ids(query: Query, code: str) -> tuple[str, ...]:
    """Return the sources of what a figure rests on within the range."""
    if code == "pilot_coverage":
        rows = query.evidence().pilot_status
    elif code == "inspection_coverage":
        rows = query.evidence().inspections_within()
    else:
        values = values_until(query)
        rows = values[values["indicator_code"].eq(code)]
    return tuple(sorted(set(rows["source"].dropna())))


@cached
def class_bounds(query: Query, measure: ComparedMeasure) -> list[float]:
    """Return the bounds between the classes of the maps.

    They rest on the wards' figures in all `windows_like` the range, so a colour means the same while the
    range moves; only counts grow with its length.
    """
    whole = extent(query.published)
    windows = windows_like(query.period, whole) if measure.kind == "count" else [whole]
    figures = pool(query, measure.code, measure.column, tuple(windows))
    return classification.bounds(figures, "quantiles", MAP_CLASSES)


def map_measure(query: Query, measure: ComparedMeasure) -> Measure:
    """Return the figure that the maps show of an indicator."""
    return measures(query.published)[measure.code]
