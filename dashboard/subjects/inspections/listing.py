"""The list of inspections: its rows, search and order, as it is shown and as it is exported."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.ui.abbreviations import explained, meanings
from dashboard.ui.citations import badge, source_note
from dashboard.ui.formats import alphabet_key, day, missing
from dashboard.ui.tables import LISTED, Heading, html_table, more_rows, nothing
from geodata.evidence import Evidence
from geodata.language import Language, message, translate
from geodata.wards.names import bare, ward_title
from geodata.wards.units import KEY

ORDERS = {
    "date": message("Latest first"),
    "ward": message("By name of ward"),
    "criteria": message("Fewest criteria met first"),
}
"""The orders of the list and of the matrix."""


def named_rows(known: Evidence) -> pd.DataFrame:
    """Return the inspections within the range, each once, latest first.

    Returns
    -------
    The columns of the layer, under the vintage in which it was recorded, with ward_kind, ward_name and
    district_name of the ward, and ``searched``: what a search looks in, by `geodata.wards.names.bare`.
    """
    rows = known.inspections_within().drop_duplicates("inspection_id")
    named = rows.merge(
        known.wards[[*KEY, "ward_kind", "ward_name", "district_name"]],
        on=KEY,
        how="left",
        validate="many_to_one",
    )
    parts = ["ward_name", "district_name", "inspecting_body", "kind", "verdict"]
    texts = [
        [f"{row['ward_kind']} {row['ward_name']}", *(row[part] for part in parts)] for row in records(named)
    ]
    searched = [" ".join(bare(text) for text in row if isinstance(text, str)) for row in texts]
    # Of no rows the type would be a number's.
    return named.assign(searched=pd.Series(searched, index=named.index, dtype="str"))


def latest_of_each(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the latest inspection of each ward; rows are latest first."""
    return rows.drop_duplicates(KEY)


def found(rows: pd.DataFrame, words: str) -> pd.DataFrame:
    """Return the rows that hold some words, with or without diacritics, in ward, body or verdict."""
    matching: pd.DataFrame = rows[rows["searched"].str.contains(bare(words), regex=False)]
    return matching


def ordered(rows: pd.DataFrame, order: str) -> pd.DataFrame:
    """Return inspections in one of `ORDERS`; of equal ones the latest first."""
    if order == "ward":
        return rows.sort_values("ward_name", key=lambda names: names.map(alphabet_key), kind="stable")
    if order == "criteria":
        share = rows["criteria_met"].astype("float64") / rows["criteria_assessed"].astype("float64")
        return rows.loc[share.sort_values(kind="stable", na_position="last").index]
    return rows


def records(rows: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return rows one by one, each by its columns."""
    return rows.to_dict("records")


def ward_cell(row: Mapping[Hashable, Any], vintage: str, language: Language) -> Markup:
    """Return the name of a ward in a table: with its district, and its vintage where another one is shown."""
    notes = [str(row["district_name"])] if isinstance(row["district_name"], str) else []
    if row["vintage"] != vintage:
        notes.append(translate("boundaries of {day}", language, day=day(row["vintage"], language)))
    return Markup("{}{}{}").format(
        ward_title(row),
        Markup(" {}").format(badge(language)) if row["is_illustrative"] else "",
        Markup("<small>{}</small>").format(" · ".join(notes)) if notes else "",
    )


def criteria_cell(row: Mapping[Hashable, Any], language: Language) -> str:
    """Return how many criteria an inspection found met of those assessed, which the heading explains."""
    if pd.isna(row["criteria_met"]) or pd.isna(row["criteria_assessed"]):
        return translate("not published", language)
    return f"{int(row['criteria_met'])}/{int(row['criteria_assessed'])}"


def list_headings(language: Language) -> list[Heading]:
    """Return the headings of the list."""
    return [
        Heading(translate("Date", language)),
        Heading(translate("Ward", language)),
        Heading(
            translate("Inspected by", language),
            meanings("BCA V05", language),
        ),
        Heading(translate("Kind", language)),
        Heading(translate("Verdict", language), translate("In words, as published", language)),
        Heading(
            translate("Criteria met", language),
            translate("Met ÷ assessed; a criterion that was not assessed is not “not met”", language),
        ),
        Heading(translate("Source", language)),
    ]


def shown_notes(rows: pd.DataFrame, known: Evidence, language: Language) -> dict[Hashable, Markup]:
    """Return a note on each source of the rows that a table shows."""
    return {name: source_note(name, known.source, language) for name in rows["source"][:LISTED].unique()}


def inspection_table(rows: pd.DataFrame, known: Evidence, vintage: str, language: Language) -> Markup:
    """Return the list of inspections as a table.

    Parameters
    ----------
    rows
        Inspections in their order; see `named_rows`.
    known
        What is known of the areas within the range of days.
    vintage
        Vintage shown.
    language
        Language of the reader.
    """
    notes = shown_notes(rows, known, language)
    cells = [
        [
            day(row["inspection_date"], language),
            ward_cell(row, vintage, language),
            explained(row["inspecting_body"], language),
            row["kind"] if isinstance(row["kind"], str) else missing(language),
            row["verdict"]
            if isinstance(row["verdict"], str)
            else translate("no verdict published", language),
            criteria_cell(row, language),
            notes[row["source"]],
        ]
        for row in records(rows[:LISTED])
    ]
    about = translate("Inspections", language)
    return with_sources(about, list_headings(language), cells, notes) + more_rows(len(rows), language)


def with_sources(
    about: str, headings: list[Heading], cells: list[list[Any]], notes: Mapping[Hashable, Markup]
) -> Markup:
    """Return a table whose last column holds sources; a source that all rows share stands once below it."""
    if len(notes) > 1:
        return html_table(about, headings, cells)
    note = Markup('<div class="hp-notes">{}</div>').format(Markup(" ").join(notes.values()))
    return html_table(about, headings[:-1], [row[:-1] for row in cells]) + note


def inspection_export(rows: pd.DataFrame, language: Language) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the list of inspections for a file, and the headings of its columns."""
    return rows, {
        "inspection_date": translate("Date", language),
        "ward_kind": translate("Kind of unit", language),
        "ward_name": translate("Ward", language),
        "district_name": translate("District", language),
        "vintage": translate("Boundaries from", language),
        "ward_code": translate("Code", language),
        "inspecting_body": translate("Inspected by", language),
        "kind": translate("Kind", language),
        "verdict": translate("Verdict", language),
        "criteria_set": translate("Criteria set", language),
        "criteria_met": translate("Criteria met", language),
        "criteria_assessed": translate("Criteria assessed", language),
        "source": translate("Source", language),
        "is_illustrative": translate("Illustrative", language),
    }


def why_empty(known: Evidence, words: str, language: Language) -> Markup:
    """Return why a table has no row, and what to change."""
    if words.strip():
        return nothing(
            translate(
                "Nothing in this period holds “{words}”. Search for less, or clear the search.",
                language,
                words=words.strip(),
            )
        )
    last = known.inspection["inspection_date"].max()
    span = {"since": day(known.period.since, language), "until": day(known.period.until, language)}
    told = (
        translate("No inspection is on record from {since} to {until}.", language, **span)
        if pd.isna(last)
        else translate(
            "No inspection is on record from {since} to {until}; the last one before was on {day}.",
            language,
            **span,
            day=day(last, language),
        )
    )
    remedy = translate("Choose other days above, another area, or show illustrative figures too.", language)
    return nothing(f"{told} {remedy}")
