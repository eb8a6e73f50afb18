"""The table of a comparison in words: headings and cells on the page, headings of the files."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from dashboard.subjects.comparison.difference_words import Difference, difference, paired_change, year_change
from dashboard.subjects.comparison.measures import ComparedMeasure
from dashboard.subjects.comparison.units import CITY
from dashboard.subjects.comparison.words import (
    count_words,
    figure_with_interval,
    rank_words,
    within_sentence,
)
from dashboard.subjects.figures.panel_words import outside_words
from geodata.definitions import DEFINITIONS
from geodata.indicators.statistics import LEAST_EVENTS
from geodata.language import Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.language.numbers import MISSING, is_missing, number, percent, unit_name

_RANK_HINTS = {
    "lower": message("1 is the lowest, which is best, of all units of the level that are ranked"),
    "higher": message("1 is the highest, which is best, of all units of the level that are ranked"),
    "context": message("1 is the highest of all units of the level that are ranked"),
}


def reported_words(row: Mapping[Any, Any], measure: ComparedMeasure) -> Words:
    """Return what of a unit stands behind its figure: wards and days that reported."""
    if is_missing(row.get("reporting_count", np.nan)):
        return MISSING
    counts = {"count": number(row["reporting_count"]), "all": number(row["ward_count"])}
    parts: list[Words] = [message("{count} of {all} wards", **counts)]
    if measure.kind == "level":
        if not is_missing(row["latest_day"]):
            parts.append(message("oldest of {day}", day=day(row["latest_day"])))
    elif not is_missing(row["days_pct"]):
        parts.append(message("{share} of days", share=percent(row["days_pct"])))
    return joined(" · ", parts)


def _against_city(row: Mapping[Any, Any], measure: ComparedMeasure) -> Difference:
    """Return how far a unit lies from the city; within the limits of chance it is not judged."""
    if not is_missing(row["shown"]) and not row["is_reported"]:
        return Difference(message("reported too little"), is_quiet=True)
    is_clear = not measure.has_limits or bool(row["outside"])
    return difference(row["city_difference"], measure, is_clear=is_clear)


def limits_words(row: Mapping[Any, Any]) -> Words:
    """Return how a unit stands to what chance explains, or why that is not said."""
    if is_missing(row["shown"]):
        return MISSING
    if not row["is_reported"]:
        return message("reported too little")
    if row["is_wide"]:
        return message("its band is wider than the figure")
    if row["is_few"]:
        return message("fewer than {few}", few=LEAST_EVENTS)
    return outside_words(int(row["outside"]))


def _reached(row: Mapping[Any, Any]) -> Words:
    if is_missing(row.get("reached_count", np.nan)):
        return MISSING
    text = joined(" / ", [number(row["reached_count"]), number(row["ward_count"])])
    if not row["partly_count"]:
        return text if row["reached_count"] else message("not on record")
    return joined("; ", [text, message("{count} in part", count=number(row["partly_count"]))])


class Heading(NamedTuple):
    """The heading of a column, and what it means exactly."""

    text: Words | str
    hint: Words | str = ""


def table(
    rows: Sequence[Mapping[Any, Any]], city: Sequence[Mapping[Any, Any]], measure: ComparedMeasure
) -> dict[str, Any]:
    """Return the table: figure, rank, distances, change in a year, and what reported.

    Parameters
    ----------
    rows, city
        See `dashboard.subjects.comparison.model.Comparison`.
    measure
        What is compared.

    Returns
    -------
    ``headings``; ``rows`` and ``city``, title and cells each.
    """
    has_other = len({row["period"] for row in rows}) > 1
    return {
        "headings": _headings(measure, has_other=has_other),
        "rows": [(row["title"], _cells(row, measure, has_other=has_other)) for row in rows],
        "city": [(row["title"], _cells(row, measure, has_other=has_other, is_city=True)) for row in city],
    }


def _headings(measure: ComparedMeasure, *, has_other: bool) -> list[Heading]:
    mean = message("The city's figure is reckoned from all its wards together, it is no mean of districts")
    headings = [Heading(""), Heading(capitalised(within_sentence(measure)))]
    headings += [Heading(capitalised(name)) for name in measure.parts.values()]
    if measure.kind == "coverage":
        headings.append(Heading(message("Wards")))
    elif measure.is_rate:
        headings.append(Heading(message("Number")))
    if measure.has_limits:
        headings.append(Heading(message("Against the limits"), DEFINITIONS["funnel"].formula))
    if measure.kind != "coverage":
        headings.append(Heading(message("Rank"), _RANK_HINTS[measure.direction]))
    headings.append(Heading(message("Against the city"), mean))
    beside = (
        message("Against the other period") if has_other else message("Against the same period a year before")
    )
    if has_other or measure.kind != "coverage":
        headings.append(Heading(beside, DEFINITIONS["year_before"].formula))
    if measure.kind != "coverage":
        headings.append(Heading(message("Reported")))
    return headings


def _cells(
    row: Mapping[Any, Any], measure: ComparedMeasure, *, has_other: bool, is_city: bool = False
) -> list[Words | str | Difference]:
    cells: list[Words | str | Difference] = [figure_with_interval(row, measure)]
    cells += [percent(row.get(part, np.nan)) for part in measure.parts]
    if measure.kind == "coverage":
        cells.append(_reached(row))
    elif measure.is_rate:
        is_carried = row.get("is_apportioned") in (True,)
        cells.append(count_words(row.get("value", np.nan), measure, is_carried=is_carried))
    if measure.has_limits:
        cells.append("" if is_city else limits_words(row))
    if measure.kind != "coverage":
        cells.append("" if is_city else rank_words(row))
    cells.append("" if is_city else _against_city(row, measure))
    if measure.kind == "coverage":
        other = row.get("other_difference", np.nan)
        return [*cells, *(["" if is_missing(other) else difference(other, measure)] if has_other else [])]
    if not has_other:
        cells.append(year_change(row, measure, row["period"]))
    else:
        cells.append(paired_change(row, measure) if row["is_first"] else "")
    cells.append(reported_words(row, measure))
    return cells


def exported(rows: Any, measure: ComparedMeasure) -> tuple[Any, dict[str, Words]]:
    """Return the table that is handed over, with its headings; the city is no unit that has a rank."""
    is_city = rows["unit_code"].eq(CITY)
    rows = rows.assign(**{name: rows[name].mask(is_city) for name in ("rank", "rank_count")})
    if measure.has_limits:
        told = ["" if row["unit_code"] == CITY else limits_words(row) for row in rows.to_dict("records")]
        rows = rows.assign(limits=told)
    return rows, export_titles(measure, rows.columns)


def export_titles(measure: ComparedMeasure, columns: Collection[str]) -> dict[str, Words]:
    """Return the headings of those of the columns that are exported."""
    titles: dict[str, Words] = {
        "unit_code": message("Code"),
        "name": message("Unit"),
        "since": message("First day"),
        "until": message("Last day"),
        "shown": capitalised(within_sentence(measure)),
        "low": message("95% interval, from"),
        "high": message("95% interval, to"),
        **{part: capitalised(name) for part, name in measure.parts.items()},
        "reached_count": message("Wards reached"),
        "value": joined("", [measure.name, " (", unit_name(measure.unit), ")"]),
        "thousand_resident_years": message("1,000 residents × reported years"),
        "km2_years": message("km² × reported years"),
        "numerator": message("Counted"),
        "denominator": message("Out of"),
        "limits": message("Against the limits"),
        "least": message("At least"),
        "most": message("At most"),
        "rank": message("Rank"),
        "rank_count": message("Units ranked"),
        "city": message("City"),
        "city_difference": message("Against the city"),
        "other_difference": message("Against the other period"),
        "compared_value": message("Over the same months: now"),
        "compared_previous_value": message("Over the same months: before"),
        "difference": message("Difference over the same months"),
        "change_pct": message("Change per reported day, %"),
        "compared_count": message("Wards that are compared"),
        "reporting_count": message("Wards that reported"),
        "ward_count": message("Wards"),
        "days_pct": message("Share of days reported, %"),
        "is_reported": message("Reported enough"),
        "is_apportioned": message("Carried across a redrawing"),
        "population": message("Residents"),
        "population_year": message("Year of the number of residents"),
        "area_km2": message("Official area, km²"),
        "outline_area_km2": message("Area of outlines, km²"),
        "is_illustrative": message("Illustrative"),
    }
    left_out = set() if measure.is_rate else {"value", "thousand_resident_years", "km2_years"}
    left_out |= {"km2_years"} if measure.column == "per_1000" else {"thousand_resident_years"}
    left_out |= set() if measure.kind == "share" else {"numerator", "denominator"}
    left_out |= set() if measure.has_limits else {"limits", "low", "high"}
    left_out |= {"rank", "rank_count"} if measure.kind == "coverage" else set()
    titles = {name: title for name, title in titles.items() if name not in left_out}
    return {name: title for name, title in titles.items() if name in columns}
