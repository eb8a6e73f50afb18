"""Units or periods beside each other: their rows, the city's, which of them stands out; what is exported."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.query import Query
from dashboard.query.units import area_names
from dashboard.subjects.comparison.basis import Basis, basis
from dashboard.subjects.comparison.measures import ComparedMeasure
from dashboard.subjects.comparison.unit_figures import unit_figures
from dashboard.subjects.comparison.units import CITY, WARD, of_unit, short_titles
from dashboard.subjects.figures.chance import Chance, chance
from geodata.indicators.comparison import period_a_year_before
from geodata.indicators.indicators import UnitLevel
from geodata.language import Words, joined, message
from geodata.language.dates import day
from geodata.period import Period
from geodata.wards.units import area_basis


@dataclass(frozen=True, eq=False)
class Comparison:
    """What is compared, with its figures.

    Attributes
    ----------
    basis
        What it starts from.
    measure
        What is compared.
    periods, codes
        Ranges of days, the page's own first, and units: several of one of the two.
    names
        Names of the units by code.
    figures
        `unit_figures` of each period.
    rows, city
        See `compared_rows` and `city_rows`.
    """

    basis: Basis
    measure: ComparedMeasure
    periods: tuple[Period, ...]
    codes: tuple[str, ...]
    names: Mapping[str, Words | str]
    figures: tuple[pd.DataFrame, ...]
    rows: pd.DataFrame
    city: Sequence[Mapping[Any, Any]]

    @property
    def is_illustrative(self) -> bool:
        """Return whether any figure of it was generated."""
        rows = [*self.rows.to_dict("records"), *self.city]
        return any(row.get("is_illustrative") is True for row in rows)

    @property
    def is_reported(self) -> bool:
        """Return whether the unit reported enough in each of the periods."""
        return bool(self.rows["is_reported"].eq(True).all())

    @property
    def is_clear(self) -> bool:
        """Return whether chance alone does not explain how the first period differs from the other."""
        return self.measure.kind in ("coverage", "level") or bool(self.rows["is_clear"].iloc[0])

    def paired(self) -> tuple[float, float]:
        """Return the figures of the two periods over the same months, which alone can be compared.

        Those of a coverage are the figures of the two days.
        """
        if self.measure.kind == "coverage":
            now, before = (float(value) for value in self.rows["shown"].iloc[:2])
        else:
            now, before = (float(self.rows[name].iloc[0]) for name in ("shown_paired", "other_paired"))
        return now, before

    @property
    def is_year_before(self) -> bool:
        """Return whether the other period is the same one a year before."""
        return len(self.periods) > 1 and self.periods[1] == period_a_year_before(self.periods[0])

    def ordered(self) -> pd.DataFrame:
        """Return the units with the best on top, and what is missing last; periods in their order."""
        if len(self.periods) > 1:
            return self.rows
        return self.rows.sort_values("shown", ascending=self.measure.direction == "lower", kind="stable")

    def standing(self) -> "Standing":
        """Return which of the units stands out."""
        return standing(self.rows, self.basis.units.loc[list(self.codes)], self.measure)


def funnel(shown: Comparison) -> Chance | None:
    """Return how all units of the first one's level stand to chance; nothing of what it does not move."""
    level: UnitLevel = "ward" if shown.basis.units.loc[shown.codes[0], "level"] == WARD else "district"
    query = shown.basis.query.of_city().within(shown.periods[0])
    return (
        chance(query, shown.measure.code, shown.measure.column, level) if shown.measure.has_limits else None
    )


def ward_codes(basis: Basis, codes: Sequence[str]) -> tuple[str, ...]:
    """Return those units that are wards."""
    return tuple(one for one in codes if basis.units.loc[one, "level"] == WARD)


@cached
def compare(
    query: Query, measure: ComparedMeasure, periods: tuple[Period, ...], codes: tuple[str, ...]
) -> Comparison:
    """Return several units in one period, or one unit in several, beside each other."""
    start = basis(query)
    of_wards = ward_codes(start, codes)
    others: tuple[Period | None, ...] = (*periods[1:], None)
    figures = tuple(
        unit_figures(query.of_city().within(one), measure, of_wards, other)
        for one, other in zip(periods, others, strict=True)
    )
    names = short_titles(codes, start.units, area_names(query.published, query.vintage))
    spans = list(zip(periods, figures, strict=True))
    rows = compared_rows(spans, codes, names)
    return Comparison(start, measure, periods, codes, names, figures, rows, city_rows(spans))


def compared_rows(
    spans: Sequence[tuple[Period, pd.DataFrame]], codes: Sequence[str], names: Mapping[str, Words | str]
) -> pd.DataFrame:
    """Return what is compared: a row for each unit, or for each period of one unit.

    Parameters
    ----------
    spans
        The periods, each with its `unit_figures`.
    codes
        The units.
    names
        Names of the units by code.

    Returns
    -------
    The columns of the figures with title, period, ``city`` (the city's figure) and ``city_difference``; of a
    period with another one after it ``other_difference``, over the same months of both.
    """
    rows = []
    for period, figures in spans:
        by_code = figures.drop_duplicates("unit_code").set_index("unit_code")
        city = by_code["shown"].get(CITY, np.nan)
        for code in codes:
            row = dict(by_code.loc[code]) if code in by_code.index else {"shown": np.nan, "rank": np.nan}
            title = names[code] if len(spans) == 1 else period_title(period)
            rows.append({**row, "unit_code": code, "title": title, "period": period, "city": city})
    frame = pd.DataFrame(rows)
    shown = frame["shown"].astype("float64")
    other = _other_difference(frame, shown) if len(spans) > 1 else np.nan
    frame["is_first"] = [period == spans[0][0] for period in frame["period"]]
    of_city = shown - frame["city"].astype("float64")
    if "is_reported" in frame:
        of_city = of_city.where(frame["is_reported"].eq(True))
    return frame.assign(city_difference=of_city, other_difference=other)


def _other_difference(frame: pd.DataFrame, shown: pd.Series) -> pd.Series:
    """Return the difference of the first period from the other one."""
    is_first = frame.index == 0
    if "shown_paired" not in frame:
        return (shown - shown.shift(-1)).where(is_first)
    paired, other = (frame[name].astype("float64") for name in ("shown_paired", "other_paired"))
    return (paired - other).where(is_first)


def period_title(period: Period) -> Words:
    """Return what heads the figures of a range of days."""
    return joined(" – ", [day(period.since), day(period.until)])


def city_rows(spans: Sequence[tuple[Period, pd.DataFrame]]) -> list[dict[Hashable, Any]]:
    """Return the city's own figures, one row a period, with title and period; see `compared_rows`."""
    name = message("Whole city")
    return [
        {
            **figures[figures["unit_code"] == CITY].iloc[0].to_dict(),
            "is_first": period == spans[0][0],
            "title": name if len(spans) == 1 else joined(", ", [name, period_title(period)]),
            "period": period,
        }
        for period, figures in spans
    ]


@dataclass(frozen=True)
class Standing:
    """Which of several units stands out.

    Attributes
    ----------
    count, known_count
        How many are compared, and how many of them have a figure.
    kinds, levels
        Kinds and levels of all.
    leading
        Names of those with the best figure, or the highest where none is better.
    value, city
        Their figure, and the city's.
    has_chance
        Whether chance moves the figure: then those outside its limits stand out, and no other.
    high, low, near
        Names of the units above and below the limit of 99,8 %, and of those between it and that of 95 %.
    enough_count
        How many of them reported enough.
    known
        Names of those that have a figure, with it, the highest first.
    """

    count: int
    known_count: int
    kinds: frozenset[str]
    levels: frozenset[str]
    leading: tuple[Words | str, ...] = ()
    value: float = np.nan
    city: float = np.nan
    has_chance: bool = False
    high: tuple[Words | str, ...] = ()
    low: tuple[Words | str, ...] = ()
    near: tuple[Words | str, ...] = ()
    enough_count: int = 0
    known: tuple[tuple[Words | str, float], ...] = ()


def standing(rows: pd.DataFrame, units: pd.DataFrame, measure: ComparedMeasure) -> Standing:
    """Return which of several units stands out.

    Parameters
    ----------
    rows
        See `compared_rows`, of one period.
    units
        Those of `dashboard.subjects.comparison.units.units_of` that are compared.
    measure
        What is compared.
    """
    known = rows[rows["shown"].notna()]
    of = (len(rows), len(known), frozenset(units["kind"]), frozenset(units["level"]))
    if known.empty:
        return Standing(*of)
    values = known["shown"].astype("float64")
    best = float(values.min() if measure.direction == "lower" else values.max())
    first = known[np.isclose(values, best, rtol=1e-9, atol=0)]
    high, low = (tuple(known.loc[known["outside"] == side, "title"]) for side in (2, -2))
    return Standing(
        *of,
        tuple(first["title"]),
        best,
        float(first["city"].iloc[0]),
        has_chance=measure.has_limits,
        high=high,
        low=low,
        near=tuple(known.loc[known["outside"].abs() == 1, "title"]),
        enough_count=int(known["is_reported"].astype("bool").sum()),
        known=tuple(sorted(zip(known["title"], values, strict=True), key=lambda one: -one[1])),
    )


def export_rows(shown: Comparison) -> pd.DataFrame:
    """Return what the page shows, the city's rows last, with what the figures are set against.

    Residents and area are those of the wards that the figures rest on, with the year of the residents. What
    was carried across a redrawing is rounded; what the page gives no change of has none.
    """
    units = shown.basis.units
    city = pd.DataFrame(shown.city)
    rows = pd.concat([shown.ordered(), city], ignore_index=True) if len(city) else shown.ordered()
    if rows["other_difference"].isna().all():
        rows = rows.drop(columns="other_difference")
    rows = _as_told(rows, shown)
    of_rows = units.reindex(rows["unit_code"])
    wards = shown.basis.wards
    of_city = {
        "population": wards["population"].sum(min_count=1),
        "population_year": wards["population_year"].max(),
        "area_km2": wards[area_basis(wards)].sum(min_count=1),
    }
    is_city = rows["unit_code"].eq(CITY)
    told = {
        column: of_rows[column].reset_index(drop=True).mask(is_city, value)
        for column, value in of_city.items()
    }
    names = [
        row["title"] if is_of_city else shown.names[row["unit_code"]]
        for row, is_of_city in zip(rows.to_dict("records"), is_city, strict=True)
    ]
    return rows.assign(
        since=rows["period"].map(lambda period: period.since),
        until=rows["period"].map(lambda period: period.until),
        name=pd.Series(names, rows.index, dtype="object"),
        **told,
    ).rename(columns={"area_km2": area_basis(wards)})


_CHANGES = ("compared_value", "compared_previous_value", "difference", "change_pct", "compared_count")
_CARRIED = {
    "is_apportioned": ("value", "numerator", "denominator", "least", "most"),
    "compared_is_apportioned": _CHANGES[:3],
}
"""Counts by what says that they were carried."""


def _as_told(rows: pd.DataFrame, shown: Comparison) -> pd.DataFrame:
    if "difference" not in rows:
        return rows
    # Of two periods the first one stands beside the other; of one, the year before where it does not overlap.
    has_change = rows["is_first"] & (
        len(shown.periods) > 1 or shown.measure.has_year_before(shown.periods[0])
    )
    rows = rows.assign(**{name: rows[name].where(has_change) for name in _CHANGES})
    # The city is no unit among others: it has no rank, and the wards behind its figure all reported enough.
    is_city = rows["unit_code"].eq(CITY)
    rows = rows.assign(**{name: rows[name].mask(is_city) for name in ("rank", "rank_count", "is_reported")})
    told = [name for name in ("difference", "other_difference") if name in rows]
    rows = rows.assign(**{name: rows[name].where(rows["is_comparable"].eq(True)) for name in told})
    if shown.measure.is_percentage:
        return rows
    for flag, names in _CARRIED.items():
        is_carried = rows[flag].eq(True)
        rows = rows.assign(**{name: rows[name].mask(is_carried, _rounded(rows[name])) for name in names})
    return rows


def _rounded(carried: pd.Series) -> pd.Series:
    """Return carried counts as they are shown: what is not 0 never rounds to it."""
    return carried.round().mask(carried.abs().lt(0.5), carried.round(3))


def export_map(basis: Basis, codes: Sequence[str], figures: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the wards of the compared units with their figure.

    Parameters
    ----------
    basis
        What the comparison starts from.
    codes
        The units that are compared.
    figures
        See `unit_figures`; of a coverage those wards that are compared only.
    """
    wards = basis.wards
    inside = np.logical_or.reduce([of_unit(wards, code, basis.units).to_numpy() for code in codes])
    columns = ["shown", "low", "high", "value", "thousand_resident_years", "km2_years", "days_pct"]
    columns += ["is_reported", "reporting_count", "is_illustrative"]
    of_wards = figures.loc[
        figures["level"] == WARD, ["unit_code", *[one for one in columns if one in figures]]
    ]
    chosen: gpd.GeoDataFrame = wards[inside].merge(
        of_wards.rename(columns={"unit_code": "ward_code", "shown": "figure"}),
        on="ward_code",
        how="left",
        validate="one_to_one",
    )
    return chosen
