"""Which wards were not inspected for longer than a limit that the reader sets."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.inspections.listing import records
from dashboard.ui.citations import badge, source_note
from dashboard.ui.formats import day, number
from dashboard.ui.tables import LISTED, Heading, html_table, more_rows, nothing
from geodata.evidence import Evidence
from geodata.language import Language, message, translate
from geodata.programme.overdue import Overdue
from geodata.wards.names import ward_title

GROUP_NAMES = (message("pilot ward"), message("pilot ward in part"), message("outside the pilot"))


def overdue_table(overdue: Overdue, known: Evidence, limit: int, language: Language) -> Markup:
    """Return the wards that were not inspected for longer than a limit, as a table."""
    counts = {
        "in_time": number(overdue.in_time_count, language),
        "unknown": number(overdue.unknown_count, language),
        "limit": number(limit, language),
        "day": day(known.period.until, language),
    }
    rest = translate(
        "On {day}, by a limit of {limit} days, which is the reader's choice and no rule of the programme. "
        "Inspected within it: {in_time} units. Outside the pilot without any inspection on record: {unknown} "
        "units.",
        language,
        **counts,
    )
    note = Markup('<p class="hp-more">{}</p>').format(rest)
    if overdue.late.empty:
        return nothing(translate("No unit is overdue by this limit.", language)) + note
    cells = [
        [
            Markup("{}{}").format(
                ward_title(row), Markup(" {}").format(badge(language)) if row["is_illustrative"] else ""
            ),
            row["district_name"] if isinstance(row["district_name"], str) else "",
            GROUP_NAMES[row["group"]].render(language),
            _last_day(row, language),
            _late_text(row["days"], limit, language),
            source_note(row["inspection_source"], known.source, language) if pd.notna(row["days"]) else "",
        ]
        for row in records(overdue.late[:LISTED])
    ]
    headings = [
        Heading(translate("Ward", language)),
        Heading(translate("District", language)),
        Heading(translate("Role", language), translate("On the last day of the range", language)),
        Heading(
            translate("Last inspection", language),
            translate("Of the ward or of a part of its area, however long ago", language),
        ),
        Heading(translate("Time since", language)),
        Heading(translate("Source", language)),
    ]
    about = translate("Overdue wards", language)
    return html_table(about, headings, cells) + more_rows(len(overdue.late), language) + note


def _last_day(row: Mapping[Hashable, Any], language: Language) -> str:
    if pd.isna(row["days"]):
        return translate("none on record", language)
    return day(row["last_inspection"], language)


def _late_text(days: Any, limit: int, language: Language) -> Markup:
    if pd.isna(days):
        return Markup('<span class="hp-late">{}</span>').format(translate("never inspected", language))
    return Markup('{} <span class="hp-late">({})</span>').format(
        translate("{count} days", language, count=number(days, language)),
        translate("{count} over", language, count=number(int(days) - limit, language)),
    )


def overdue_export(overdue: Overdue, limit: int, language: Language) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the overdue wards for a file, and the headings of its columns."""
    late = overdue.late
    told = late.assign(
        role_name=[GROUP_NAMES[group].render(language) for group in late["group"]], over=late["days"] - limit
    )
    return told, {
        "ward_kind": translate("Kind of unit", language),
        "ward_name": translate("Ward", language),
        "district_name": translate("District", language),
        "vintage": translate("Boundaries from", language),
        "ward_code": translate("Code", language),
        "role_name": translate("Role", language),
        "last_inspection": translate("Last inspection", language),
        "days": translate("Days since", language),
        "over": translate("Days over the limit of {limit}", language, limit=number(limit, language)),
        "inspection_source": translate("Source", language),
        "is_illustrative": translate("Illustrative", language),
    }
