"""The table of a comparison in words: headings and cells on the page, headings of the files."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from dashboard.subjects.comparison.measures import ComparedMeasure
from dashboard.subjects.comparison.words import (
    Difference,
    count_words,
    difference,
    figure_words,
    rank_words,
    within_sentence,
    year_change,
)
from geodata.definitions import DEFINITIONS
from geodata.language import Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.language.numbers import MISSING, is_missing, number, percent, unit_name

_RANK_HINTS = {
    "lower": message("1 is the lowest, which is best, of all units of the level with a figure"),
    "higher": message("1 is the highest, which is best, of all units of the level with a figure"),
    "context": message("1 is the highest of all units of the level with a figure"),
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


def _reached(row: Mapping[Any, Any]) -> Words:
    if is_missing(row.get("reached_count", np.nan)):
        return MISSING
    text = joined(" / ", [number(row["reached_count"]), number(row["ward_count"])])
    if not row["partly_count"]:
        return text
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
    has_other = any(not is_missing(row["other_difference"]) for row in rows)
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
    headings.append(Heading(message("Rank"), _RANK_HINTS[measure.direction]))
    headings.append(Heading(message("Against the city"), mean))
    if has_other:
        headings.append(Heading(message("Against the other period")))
    if measure.kind != "coverage":
        before = message("Against the same period a year before")
        headings.append(Heading(before, DEFINITIONS["year_before"].formula))
        headings.append(Heading(message("Reported")))
    return headings


def _cells(
    row: Mapping[Any, Any], measure: ComparedMeasure, *, has_other: bool, is_city: bool = False
) -> list[Words | str | Difference]:
    cells: list[Words | str | Difference] = [figure_words(row["shown"], measure)]
    cells += [percent(row.get(part, np.nan)) for part in measure.parts]
    if measure.kind == "coverage":
        cells.append(_reached(row))
    elif measure.is_rate:
        cells.append(count_words(row.get("value", np.nan), measure))
    cells.append("" if is_city else rank_words(row))
    cells.append("" if is_city else difference(row["city_difference"], measure))
    if has_other:
        other = row.get("other_difference", np.nan)
        cells.append("" if is_missing(other) else difference(other, measure))
    if measure.kind != "coverage":
        cells.append(year_change(row, measure, row["period"]))
        cells.append(reported_words(row, measure))
    return cells


def export_titles(measure: ComparedMeasure, columns: Collection[str]) -> dict[str, Words]:
    """Return the headings of those of the columns that are exported."""
    titles: dict[str, Words] = {
        "unit_code": message("Code"),
        "name": message("Unit"),
        "since": message("First day"),
        "until": message("Last day"),
        "shown": capitalised(within_sentence(measure)),
        **{part: capitalised(name) for part, name in measure.parts.items()},
        "reached_count": message("Wards reached"),
        "value": joined("", [measure.name, " (", unit_name(measure.unit), ")"]),
        "rank": message("Rank"),
        "rank_count": message("Units ranked"),
        "city": message("City"),
        "city_difference": message("Against the city"),
        "other_difference": message("Against the other period"),
        "previous": message("A year before"),
        "difference": message("Difference from a year before"),
        "change_pct": message("Change in a year, %"),
        "reporting_count": message("Wards that reported"),
        "ward_count": message("Wards"),
        "days_pct": message("Share of days reported, %"),
        "population": message("Residents"),
        "area_km2": message("Area, km²"),
        "is_illustrative": message("Illustrative"),
    }
    if not measure.is_rate:
        titles.pop("value")
    return {name: title for name, title in titles.items() if name in columns}
