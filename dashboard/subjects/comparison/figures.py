"""The figures of units and of the city, their ranks, and how far they lie apart."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard.subjects.comparison.measures import Measure
from dashboard.subjects.comparison.periods import period_text
from dashboard.subjects.comparison.units import CITY, DISTRICT, WARD
from geodata.evidence import Evidence
from geodata.indicators.comparison import compare_with_year_before
from geodata.indicators.index import IndicatorIndex
from geodata.indicators.indicators import UnitLevel
from geodata.language import Language, translate
from geodata.period import Period
from geodata.programme.coverage import pilot_coverage
from geodata.programme.inspections import inspection_coverage
from geodata.wards.units import Unit


def indicator_figures(index: IndicatorIndex, measure: Measure, period: Period, vintage: str) -> pd.DataFrame:
    """Return the figures of an indicator for the city, every district and every ward.

    Returns
    -------
    The columns of `indicators.compare_with_year_before` with level; shown, the figure that is compared;
    rank, 1 for the best of its level (the highest, where neither way is better), and rank_count.
    """
    start, end = pd.Timestamp(period.since), pd.Timestamp(period.until)
    levels: tuple[UnitLevel, ...] = ("city", "district", "ward")
    frame: pd.DataFrame = pd.concat(
        [
            compare_with_year_before(index, measure.code, start, end, vintage, by=level).assign(level=level)
            for level in levels
        ],
        ignore_index=True,
    )
    return _ranked(frame.assign(shown=frame[measure.column]), measure)


def coverage_figures(
    known: Evidence, vintage: str, measure: Measure, units: pd.DataFrame, ward_codes: Collection[str]
) -> pd.DataFrame:
    """Return a coverage of the city, every district, and some wards, in the columns of `indicator_figures`.

    Parameters
    ----------
    known
        What is known within the range.
    vintage
        Vintage of the units.
    measure
        One of `measures.COVERAGES`.
    units
        See `units.units_of`.
    ward_codes
        The wards that are compared; to reckon all of them would take long, and rank nothing.
    """
    wards = known.of_vintage(vintage)
    asked = [(CITY, "city", Unit(vintage))]
    asked += [
        (code, DISTRICT, Unit(vintage, district_code=code))
        for code in units.index[units["level"] == DISTRICT]
    ]
    asked += [(code, WARD, Unit(vintage, ward_code=code)) for code in ward_codes]
    end = pd.Timestamp(known.period.until)
    rows: list[dict[str, Any]] = []
    for code, level, unit in asked:
        of_unit = unit.rows(wards)
        row: dict[str, Any] = {"unit_code": code, "level": level, "is_illustrative": False}
        if measure.code == "pilot_coverage":
            pilot = pilot_coverage(of_unit)
            row |= {"reached_count": pilot.pilot_ward_count, "partly_count": pilot.partly_ward_count}
            row |= {"ward_count": pilot.ward_count, "wards_pct": pilot.wards_pct}
            row |= {"area_pct": pilot.area_pct, "population_pct": pilot.population_pct}
        else:
            seen = inspection_coverage(end, of_unit)
            row |= {"reached_count": seen.inspected_count, "partly_count": seen.partly_inspected_count}
            row |= {"ward_count": seen.ward_count, "wards_pct": seen.wards_pct}
            row |= {"area_pct": seen.area_pct, "pilot_wards_pct": seen.pilot_wards_pct}
            row["is_illustrative"] = bool(of_unit["is_illustrative"].any())
        rows.append(row)
    frame = pd.DataFrame(rows)
    return _ranked(frame.assign(shown=frame[measure.column]), measure)


def _ranked(frame: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    of_level = frame.groupby("level")["shown"]
    return frame.assign(
        rank=of_level.rank(method="min", ascending=measure.direction == "lower"),
        rank_count=of_level.transform("count"),
    )


def compared_rows(
    spans: Sequence[tuple[Period, pd.DataFrame]],
    codes: Sequence[str],
    titles: Mapping[str, str],
    language: Language,
) -> pd.DataFrame:
    """Return what is compared: a row for each unit, or for each period of one unit.

    Parameters
    ----------
    spans
        The periods, each with its figures (`indicator_figures` or `coverage_figures`).
    codes
        The units.
    titles
        Names of the units by code.
    language
        Language of the reader.

    Returns
    -------
    The columns of the figures with title, period, ``city`` (the city's figure) and ``city_difference``; of a
    period with another one after it ``other_difference``.
    """
    rows = []
    for period, figures in spans:
        by_code = figures.drop_duplicates("unit_code").set_index("unit_code")
        city = by_code["shown"].get(CITY, np.nan)
        for code in codes:
            row = dict(by_code.loc[code]) if code in by_code.index else {"shown": np.nan, "rank": np.nan}
            title = titles[code] if len(spans) == 1 else period_text(period, language)
            rows.append({**row, "unit_code": code, "title": title, "period": period, "city": city})
    frame = pd.DataFrame(rows)
    shown = frame["shown"].astype("float64")
    other = shown - (shown.shift(-1) if len(spans) > 1 else np.nan)
    return frame.assign(city_difference=shown - frame["city"].astype("float64"), other_difference=other)


def city_rows(spans: Sequence[tuple[Period, pd.DataFrame]], language: Language) -> list[dict[Hashable, Any]]:
    """Return the city's own figures, one row a period, with title and period; see `compared_rows`."""
    name = translate("Whole city", language)
    return [
        {
            **figures[figures["unit_code"] == CITY].iloc[0].to_dict(),
            "title": name if len(spans) == 1 else f"{name}, {period_text(period, language)}",
            "period": period,
        }
        for period, figures in spans
    ]


def best_first(rows: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Return what is compared with the best on top; what is missing comes last."""
    return rows.sort_values("shown", ascending=measure.direction == "lower", kind="stable")
