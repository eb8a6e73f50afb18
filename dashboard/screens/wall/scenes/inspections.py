"""Inspections: the latest ones, and which wards of the pilot have waited too long."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.screens.wall.parts import big_number, column, heading, legend, lines, source_line
from dashboard.screens.wall.scene import Scene, View, on_theme, told, wall_map
from dashboard.subjects.inspections import words
from dashboard.subjects.inspections.model import InspectionFindings
from dashboard.subjects.programme.classes import MapClass, Tick
from dashboard.ui.formats import day, in_words, number
from geodata.language import Language, render, translate
from geodata.programme.overdue import Overdue, overdue_wards
from geodata.programme.status import is_pilot
from geodata.programme.symbols import INSPECTED_COLOUR, LAND, STAGE_COLOURS

LISTED, LATEST = 3, 2
"""So many wards that have waited longest, and so many days of inspections, are listed."""

OTHER = 4
"""The class of the wards of which the map says nothing."""

NAMED = 5
"""So many wards of one day of inspections are named."""


def scene(view: View, shown: InspectionFindings, limit: int) -> Scene | None:
    """Return the scene; none where no inspection is on record and no ward is in the pilot.

    Parameters
    ----------
    view
        What every scene is made from.
    shown
        What is true of the inspections of all days.
    limit
        Days after which a ward is overdue.
    """
    language = view.language
    overdue = overdue_wards(shown.wards, shown.evidence, limit)
    pilots = shown.wards[is_pilot(shown.wards)]
    late = overdue.late[overdue.late["group"] < 2]
    if shown.rows.empty and pilots.empty:
        return None
    sentence_told = headline(shown, len(pilots), len(late), limit, language)
    parts = []
    if len(pilots):
        parts.append(
            big_number(
                number(len(late), language),
                translate(
                    "wards of the pilot without inspection for more than {limit} days", language, limit=limit
                ),
                number(len(pilots), language),
            )
        )
    classes, numbers = map_classes(view, shown, overdue, limit)
    parts.append(legend(legend_classes(on_theme(classes, view.theme))))
    if len(late):
        parts.append(heading(translate("Waiting longest", language)))
        parts.append(lines(overdue_lines(late, language), "short"))
    if len(shown.rows):
        parts.append(heading(translate("Latest inspections", language)))
        parts.append(lines(latest_lines(shown.rows, language)))
    sources = shown.rows["source"].unique()[:10] if len(shown.rows) else shown.evidence.pilot_status["source"]
    body = column(*parts, source_line(sources, shown.evidence.source, language))
    return Scene(
        "inspections",
        sentence_told,
        body,
        wall_map(
            view,
            classes,
            numbers,
            sentence_told,
            labels=list(pilots["ward_code"]),
            ticks=_ticks(pilots, late, language),
        ),
        is_illustrative=shown.is_illustrative,
    )


def headline(
    shown: InspectionFindings, pilot_count: int, late_count: int, limit: int, language: Language
) -> str:
    """Return how many wards of the pilot are overdue, and when the last inspection was.

    Parameters
    ----------
    shown, limit
        See `scene`.
    pilot_count
        Wards of the pilot, those in part too.
    late_count
        Those of them that are overdue.
    language
        Language of the reader.
    """
    if not pilot_count:
        return str(render(words.headline(shown), language))
    values = {"all": in_words(pilot_count, language), "limit": number(limit, language)}
    if not late_count:
        text = translate("no ward of the pilot has waited more than {limit} days", language, **values)
    elif late_count == pilot_count > 1:
        text = translate(
            "not inspected for more than {limit} days: all {all} wards of the pilot", language, **values
        )
    elif late_count == pilot_count:
        text = translate(
            "not inspected for more than {limit} days: the only ward of the pilot", language, **values
        )
    else:
        text = translate(
            "not inspected for more than {limit} days: {count} of {all} wards of the pilot",
            language,
            count=in_words(late_count, language),
            **values,
        )
    if len(shown.rows):
        last = day(shown.rows["inspection_date"].max(), language)
        text = translate("{told}; the last one was on {day}", language, told=text, day=last)
    return told(text, language, is_illustrative=shown.is_illustrative)


def overdue_lines(late: pd.DataFrame, language: Language) -> list[tuple[str, str]]:
    """Return the wards that have waited longest, each with its days."""
    return [
        (
            str(row["ward_name"]),
            translate("not once", language)
            if pd.isna(row["days"])
            else translate("{count} days", language, count=number(row["days"], language)),
        )
        for row in late[:LISTED].to_dict("records")
    ]


def latest_lines(rows: pd.DataFrame, language: Language) -> list[tuple[str, str]]:
    """Return the latest days of inspections, each with who inspected and which wards.

    Parameters
    ----------
    rows
        See `dashboard.subjects.inspections.model.named_rows`.
    language
        Language of the reader.
    """
    found = []
    for (when, body), group in rows.groupby(["inspection_date", "inspecting_body"], sort=False):
        names = list(dict.fromkeys(group["ward_name"]))
        text = ", ".join(names[:NAMED])
        if len(names) > NAMED:
            text = translate("{names} and {count} more", language, names=text, count=len(names) - NAMED)
        result = _result(group.to_dict("records"), language)
        found.append((day(when, language), f"{text} · {body}{result}"))
        if len(found) == LATEST:
            break
    return found


def _result(group: list[dict[Hashable, Any]], language: Language) -> str:
    """Return the criteria met of a day's only ward."""
    row = group[0]
    if len(group) > 1 or pd.isna(row["criteria_met"]) or pd.isna(row["criteria_assessed"]):
        return ""
    met = f"{int(row['criteria_met'])}/{int(row['criteria_assessed'])}"
    return " · " + translate("{met} criteria", language, met=met)


def map_classes(
    view: View, shown: InspectionFindings, overdue: Overdue, limit: int
) -> tuple[list[MapClass], list[int]]:
    """Return the classes of the map, and the class of each ward in the order of the layer."""
    language = view.language
    wards = view.known.of_vintage(view.vintage)
    late = overdue.late[overdue.late["group"] < 2]
    overdue_codes = set(late.loc[late["days"].notna(), "ward_code"])
    never = set(late.loc[late["days"].isna(), "ward_code"])
    pilots = set(shown.wards.loc[is_pilot(shown.wards), "ward_code"])
    looked_at = set(shown.wards["ward_code"])
    seen = wards["is_inspected"] | wards["is_partly_inspected"]

    def place(code: str, is_seen: bool) -> int:
        if code not in looked_at:
            return OTHER
        if code in never:
            return 1
        if code in overdue_codes:
            return 0
        return 2 if code in pilots else 3 if is_seen else OTHER

    numbers = [place(code, bool(one)) for code, one in zip(wards["ward_code"], seen, strict=True)]
    counted = [number(numbers.count(at), language) for at in range(OTHER)]
    late_colour = STAGE_COLOURS["not_met"]
    classes = [
        MapClass(translate("Not for {limit} days", language, limit=limit), counted[0], late_colour),
        MapClass(translate("Never inspected", language), counted[1], late_colour, "dots"),
        MapClass(
            translate("Within {limit} days", language, limit=limit), counted[2], STAGE_COLOURS["inspected"]
        ),
        MapClass(
            translate("Outside the programme, inspected", language),
            counted[3],
            INSPECTED_COLOUR,
            outlined=False,
        ),
        MapClass(translate("Another ward", language), "", LAND, outlined=False),
    ]
    return classes, numbers


def legend_classes(classes: Sequence[MapClass]) -> list[MapClass]:
    """Return the classes that the legend explains; those outside the programme are not counted there."""
    held = [entry for entry in classes[:OTHER] if entry.count != "0"]
    return [entry if entry.outlined else replace(entry, count="") for entry in held]


def _ticks(pilots: pd.DataFrame, late: pd.DataFrame, language: Language) -> list[Tick]:
    codes = tuple(code for code in pilots["ward_code"] if code not in set(late["ward_code"]))
    return [Tick(translate("Inspected", language), "", codes, is_partly=False)] if codes else []
