"""The table of the units that were matched: official names and kinds, with the figures that a file brings."""

import pandas as pd

from etl.boundaries.checks import Finding
from etl.boundaries.match import unit_names
from etl.boundaries.vintages import COLUMN_NAMES, population_year
from geodata.language import message

FIGURES = {"area_km2_official": "area_km2", "population": "population"}
"""Figures that are taken from a file, by the column that a build looks for; values: see `COLUMN_NAMES`."""


def tidied_table(frame: pd.DataFrame, taken: pd.Series, units: pd.DataFrame) -> pd.DataFrame:
    """Return the units that were matched in the columns in which a build reads them, in the list's order.

    Names, kinds and districts are the official ones; the official area and the residents come from the file,
    where it has them under a name that a build knows. Where rows of one unit differ in a figure, or it is no
    number, it is missing.
    """
    figures = pd.DataFrame(index=frame.index)
    for column, known in FIGURES.items():
        delivered = _figure_column(frame, known)
        figures[column] = float("nan") if delivered is None else _numbers(frame[delivered])
    figures["population_year"] = population_year(frame, _figure_column(frame, "population")).astype("float64")
    figures["population_year"] = figures["population_year"].where(figures["population"].notna())
    by_unit = figures.groupby(taken)
    least, most = by_unit.min(), by_unit.max()
    agreed = least.where(least == most)
    table = pd.DataFrame(
        {
            "ward_code": units["ward_code"],
            "ward": units["ward_code"].map(unit_names(units)),
            "ward_kind": units["ward_kind"],
            "district_code": units["district_code"],
            "district_name": units["district_name"],
        }
    )
    table = table.merge(agreed, left_on="ward_code", right_index=True, how="inner", validate="one_to_one")
    whole = {column: table[column].round().astype("Int64") for column in ("population", "population_year")}
    return table.assign(**whole).reset_index(drop=True)


def _figure_column(frame: pd.DataFrame, known: str) -> str | None:
    return next((name for name in COLUMN_NAMES[known] if name in frame), None)


def _numbers(column: pd.Series) -> pd.Series:
    """Return a column as numbers, 0 or more, missing where a cell is none; KML holds them as text."""
    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    return numbers.where(numbers >= 0)


def figure_findings(frame: pd.DataFrame) -> list[Finding]:
    """Return which of the figures that are taken from a file have cells that are no numbers."""
    findings = []
    for known in FIGURES.values():
        column = _figure_column(frame, known)
        if column is not None:
            lost = int((frame[column].notna() & _numbers(frame[column]).isna()).sum())
            if lost:
                told = message(
                    "{count} cells of {column} are no numbers, left empty", count=lost, column=column
                )
                findings.append(Finding(message("figures of the file"), told, "noted"))
    return findings
