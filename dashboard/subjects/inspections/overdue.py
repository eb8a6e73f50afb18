"""Which wards were not inspected for longer than a limit that the reader sets."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.inspections.listing import records
from dashboard.ui.citations import badge, source_note
from dashboard.ui.formats import day, number
from dashboard.ui.tables import LISTED, Heading, html_table, more_rows, nothing
from geodata.evidence import Evidence
from geodata.language import Language, message, translate
from geodata.programme.inspections import days_since
from geodata.programme.status import is_pilot
from geodata.wards.names import ward_title
from geodata.wards.units import KEY, is_commune

OVERDUE_DAYS = 365
"""After so many days without an inspection a ward shows as overdue, unless the reader chooses otherwise."""


@dataclass(frozen=True)
class Overdue:
    """Wards by the time since their last inspection.

    Attributes
    ----------
    late
        Wards whose last inspection is longer ago than the limit, and pilot wards, whole or in part, that
        have none on record; pilot wards first, those without inspection before the others, then by days.
        The columns of the wards with group (0 pilot, 1 pilot in part, 2 other), days and source.
    in_time_count
        Wards inspected within the limit.
    unknown_count
        Wards outside the pilot without an inspection on record.
    """

    late: pd.DataFrame
    in_time_count: int
    unknown_count: int


def overdue_wards(wards: pd.DataFrame, known: Evidence, limit: int) -> Overdue:
    """Return the wards that were not inspected for longer than a limit.

    Parameters
    ----------
    wards
        Wards of one vintage; see `Evidence.of_vintage`.
    known
        What is known of the areas within the range of days.
    limit
        Days.
    """
    communes = wards[is_commune(wards)]
    days = days_since(pd.Timestamp(known.period.until), communes["last_inspection"])
    group = pd.Series(2, index=communes.index).mask(is_pilot(communes), 1)
    group = group.mask(is_pilot(communes) & ~communes["is_partly"], 0)
    dated = communes.assign(days=days, group=group)
    is_late = (days > limit).fillna(False).astype("bool")
    never = days.isna()
    late = dated[is_late | (never & (group < 2))]
    late = late.sort_values(
        ["group", "days", "ward_code"], ascending=[True, False, True], na_position="first", ignore_index=True
    )
    return Overdue(
        late=_with_last_source(late, known),
        in_time_count=int((~is_late & ~never).sum()),
        unknown_count=int((never & (group == 2)).sum()),
    )


def _with_last_source(wards: pd.DataFrame, known: Evidence) -> pd.DataFrame:
    """Return wards with the source of their last inspection, which may be one of a ward in them."""
    ends = [f"{end}_{column}" for end in ("from", "to") for column in KEY]
    same = pd.DataFrame({end: wards[end.split("_", 1)[1]] for end in ends})
    came = known.crosswalk.loc[known.crosswalk["to_vintage"].isin(wards["vintage"].unique()), ends]
    inspected = known.inspection.drop_duplicates("inspection_id")
    last = pd.concat([same, came], ignore_index=True).merge(
        inspected[[*KEY, "inspection_date", "source"]],
        left_on=ends[:2],
        right_on=KEY,
        how="inner",
        validate="many_to_many",
        suffixes=("", "_inspected"),
    )
    first = last.drop_duplicates(["to_ward_code", "inspection_date"])
    return wards.merge(
        first[["to_ward_code", "inspection_date", "source"]].rename(columns={"source": "inspection_source"}),
        left_on=["ward_code", "last_inspection"],
        right_on=["to_ward_code", "inspection_date"],
        how="left",
        validate="many_to_one",
    )


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
