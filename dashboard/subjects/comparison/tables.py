"""The table of what is compared, as it is shown and as it is exported, and the wards of an exported map."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from markupsafe import Markup

from dashboard.subjects.comparison.measures import Measure
from dashboard.subjects.comparison.units import WARD, of_unit
from dashboard.subjects.comparison.words import (
    count_text,
    difference_text,
    figure_text,
    rank_text,
    reported_text,
    year_text,
)
from dashboard.ui.abbreviations import explained
from dashboard.ui.formats import missing, number, percent, sentence
from geodata.definitions import DEFINITIONS
from geodata.language import Language, translate


def table_html(
    rows: pd.DataFrame, city: Sequence[Mapping[Any, Any]], measure: Measure, language: Language
) -> Markup:
    """Return the table: figure, rank, distance from the city, change in a year, and what reported.

    Parameters
    ----------
    rows
        See `figures.compared_rows`.
    city
        The city's own figures, one row a period.
    measure
        What is compared.
    language
        Language of the reader.
    """
    headings: list[Markup] = [Markup("")]
    headings.append(explained(sentence(measure.told), language))
    for name in measure.parts.values():
        headings.append(Markup("{}").format(sentence(name)))
    if measure.kind == "coverage":
        headings.append(Markup("{}").format(translate("Wards", language)))
    elif measure.is_rate:
        headings.append(Markup("{}").format(translate("Number", language)))
    headings.append(
        Markup('<abbr title="{}">{}</abbr>').format(
            _rank_hint(measure, language), translate("Rank", language)
        )
    )
    headings.append(
        Markup('<abbr title="{}">{}</abbr>').format(
            translate(
                "The city's figure is reckoned from all its wards together, it is no mean of districts",
                language,
            ),
            translate("Against the city", language),
        )
    )
    has_other = bool(rows["other_difference"].notna().any())
    if has_other:
        headings.append(Markup("{}").format(translate("Against the other period", language)))
    if measure.kind != "coverage":
        headings.append(
            Markup('<abbr title="{}">{}</abbr>').format(
                DEFINITIONS["year_before"].formula.render(language),
                translate("Against the same period a year before", language),
            )
        )
        headings.append(Markup("{}").format(translate("Reported", language)))
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in headings)
    body = Markup("").join(
        _table_row(row, measure, language, has_other=has_other) for row in rows.to_dict("records")
    )
    foot = Markup("").join(
        _table_row(row, measure, language, has_other=has_other, is_city=True) for row in city
    )
    return Markup(
        '<div class="cp-scroll" tabindex="0" role="region" aria-label="{}">'
        '<table class="cp-table"><thead><tr>{}</tr></thead><tbody>{}{}</tbody></table></div>'
    ).format(translate("Table", language), head, body, foot)


def _rank_hint(measure: Measure, language: Language) -> str:
    if measure.direction == "lower":
        return translate("1 is the lowest, which is best, of all units of the level with a figure", language)
    if measure.direction == "higher":
        return translate("1 is the highest, which is best, of all units of the level with a figure", language)
    return translate("1 is the highest of all units of the level with a figure", language)


def _table_row(
    row: Mapping[Any, Any], measure: Measure, language: Language, *, has_other: bool, is_city: bool = False
) -> Markup:
    cells: list[object] = [figure_text(row["shown"], measure, language)]
    cells += [percent(row.get(part, np.nan), language) for part in measure.parts]
    if measure.kind == "coverage":
        cells.append(_reached_text(row, language))
    elif measure.is_rate:
        cells.append(count_text(row.get("value", np.nan), measure, language))
    cells.append("" if is_city else rank_text(row, language))
    cells.append("" if is_city else difference_text(row["city_difference"], measure, language))
    if has_other:
        other = row.get("other_difference", np.nan)
        cells.append("" if pd.isna(other) else difference_text(other, measure, language))
    if measure.kind != "coverage":
        cells.append(year_text(row, measure, row["period"], language))
        cells.append(reported_text(row, measure, language))
    return Markup('<tr{}><th scope="row">{}</th>{}</tr>').format(
        Markup(' class="cp-city"') if is_city else "",
        str(row["title"]),
        Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells),
    )


def _reached_text(row: Mapping[Any, Any], language: Language) -> str:
    if pd.isna(row.get("reached_count", np.nan)):
        return missing(language)
    text = f"{number(row['reached_count'], language)} / {number(row['ward_count'], language)}"
    if row["partly_count"]:
        text += "; " + translate("{count} in part", language, count=number(row["partly_count"], language))
    return text


def export_table(
    rows: pd.DataFrame, units: pd.DataFrame, measure: Measure, language: Language
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the table as it is exported: plain figures, and the headings of its columns."""
    frame = rows.assign(
        since=rows["period"].map(lambda period: period.since),
        until=rows["period"].map(lambda period: period.until),
        name=[units.loc[code, "name"] for code in rows["unit_code"]],
        population=[units.loc[code, "population"] for code in rows["unit_code"]],
        area_km2=[units.loc[code, "area_km2"] for code in rows["unit_code"]],
    )
    titles = {
        "unit_code": translate("Code", language),
        "name": translate("Unit", language),
        "since": translate("First day", language),
        "until": translate("Last day", language),
        "shown": sentence(measure.told),
        **{part: sentence(name) for part, name in measure.parts.items()},
        "reached_count": translate("Wards reached", language),
        "value": f"{measure.name} ({measure.count_unit})",
        "rank": translate("Rank", language),
        "rank_count": translate("Units ranked", language),
        "city": translate("City", language),
        "city_difference": translate("Against the city", language),
        "other_difference": translate("Against the other period", language),
        "previous": translate("A year before", language),
        "difference": translate("Difference from a year before", language),
        "change_pct": translate("Change in a year, %", language),
        "reporting_count": translate("Wards that reported", language),
        "ward_count": translate("Wards", language),
        "days_pct": translate("Share of days reported, %", language),
        "population": translate("Residents", language),
        "area_km2": translate("Area, km²", language),
        "is_illustrative": translate("Illustrative", language),
    }
    if not measure.is_rate:
        titles.pop("value")
    if rows["other_difference"].isna().all():
        titles.pop("other_difference")
    return frame, {name: title for name, title in titles.items() if name in frame}


def export_map(
    wards: gpd.GeoDataFrame, units: pd.DataFrame, codes: Sequence[str], figures: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Return the wards of the compared units with their figure.

    Parameters
    ----------
    wards
        Rows of the layer ``ward`` of one vintage.
    units
        See `units.units_of`.
    codes
        The units that are compared.
    figures
        See `indicator_figures` and `coverage_figures`; of a coverage those wards that are compared only.
    """
    inside = np.logical_or.reduce([of_unit(wards, code, units).to_numpy() for code in codes])
    columns = ["shown", "value", "reporting_count", "days_pct", "is_illustrative"]
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
