"""The view of headquarters: how far each ward's is by its latest known value."""

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.progress.views import View, marked_headline, note_list
from dashboard.subjects.progress.wards import ward_labels, ward_names
from dashboard.ui.citations import source_notes
from dashboard.ui.formats import day, in_words, number, percent, sentence
from geodata.evidence import Evidence
from geodata.language import Language, translate
from geodata.wards.names import ward_title
from geodata.wards.units import KEY

HEADQUARTERS = "headquarters_ready_pct"
"""The indicator of how far the headquarters are."""


def headquarters_rows(wards: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return how far the headquarters of wards are: value, latest_day and is_illustrative beside each ward.

    Parameters
    ----------
    wards
        Wards of one vintage.
    values
        `geodata.indicators.indicators.indicator_values` of the indicator `HEADQUARTERS`, by ward.
    """
    columns = {"unit_code": "ward_code"}
    told = values.rename(columns=columns)[["ward_code", "value", "latest_day", "is_illustrative"]]
    rows = wards[[*KEY, "ward_kind", "ward_name", "district_name", "role", "is_partly"]].merge(
        told, on="ward_code", how="left", validate="one_to_one"
    )
    is_missing = rows["value"].isna()
    return rows.assign(
        latest_day=rows["latest_day"].where(~is_missing),
        is_illustrative=rows["is_illustrative"].astype("boolean").fillna(False).astype("bool") & ~is_missing,
    )


def describe_headquarters(
    known: Evidence, rows: pd.DataFrame, sources: Sequence[str], language: Language, nothing: str
) -> View:
    """Return what is said of the headquarters.

    Parameters
    ----------
    known
        What is known within the range of days.
    rows
        See `headquarters_rows`.
    sources
        Sources of the values.
    language
        Language of the reader.
    nothing
        Why there is no ward of the programme; empty where there is one.
    """
    told = rows[rows["value"].notna()]
    is_illustrative = bool(told["is_illustrative"].any())
    if nothing:
        headline = translate("No ward of the programme to show", language)
    elif told.empty:
        headline = translate("How far the headquarters of these wards are is not on record", language)
        nothing = translate(
            "No progress of headquarters is on record up to {day} for the {count} wards of the programme. It "
            "appears here once a file with the indicator “{name}” is imported.",
            language,
            day=day(known.period.until, language),
            count=number(len(rows), language),
            name=translate("Progress of the headquarters", language),
        )
    else:
        least, most = told["value"].min(), told["value"].max()
        span = {
            "count": in_words(len(told), language),
            "all": in_words(len(rows), language),
            "least": percent(least, language),
            "most": percent(most, language),
        }
        headline = sentence(
            translate("headquarters of {count} of {all} wards reported: {least} ready", language, **span)
            if least == most
            else translate(
                "headquarters of {count} of {all} wards reported: between {least} and {most} ready",
                language,
                **span,
            )
        )
    without = rows[rows["value"].isna()]
    lines = [
        Markup("{}").format(
            translate(
                "The latest value of each ward on or before the last day of the range, of a ward that was "
                "redrawn the last one before; values of several wards are never averaged.",
                language,
            )
        )
    ]
    if len(without) and len(told):
        lines.append(
            Markup("{}").format(
                translate("Not reported: {wards}.", language, wards=ward_names(without, language))
            )
        )
    if len(sources):
        lines.append(source_notes(sources, known.source, language))
    return View(
        headline=marked_headline(headline, language, is_illustrative=is_illustrative),
        rows=rows.assign(label=ward_labels(rows, language)) if len(told) else rows[:0],
        nothing=nothing,
        cards=Markup(""),
        notes=note_list(lines),
        table=rows.assign(ward=[ward_title(row) for row in rows.to_dict("records")]),
        titles={
            "ward": translate("Ward", language),
            "value": translate("Headquarters ready, %", language),
            "latest_day": translate("As of", language),
            "is_illustrative": translate("Illustrative", language),
        },
        is_illustrative=is_illustrative,
    )
