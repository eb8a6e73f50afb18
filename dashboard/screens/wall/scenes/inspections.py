"""Inspections: the latest ones, and which wards of the pilot have waited too long."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.screens.wall.scene import Scene, View, marked, source_line
from dashboard.subjects.inspections import words
from dashboard.subjects.inspections.model import InspectionFindings, inspection_findings
from dashboard.subjects.programme.classes import MapClass, Tick
from geodata.language import Words, joined, message
from geodata.language.dates import day
from geodata.language.numbers import in_words, number
from geodata.programme.overdue import OVERDUE_DAYS, overdue_wards
from geodata.programme.status import is_pilot
from geodata.programme.symbols import INSPECTED_COLOUR, LAND, STAGE_COLOURS

LISTED, LATEST = 3, 2
"""So many wards that have waited longest, and so many days of inspections, are listed."""

OTHER = 4
"""The class of the wards of which the map says nothing."""

NAMED = 5
"""So many wards of one day of inspections are named."""


def scene(view: View) -> Scene | None:
    """Return the scene; none where no inspection is on record and no ward is in the pilot."""
    shown = inspection_findings(view.query)
    late = overdue_wards(shown.wards, shown.evidence, OVERDUE_DAYS).late
    late, pilots = late[late["group"] < 2], shown.wards[is_pilot(shown.wards)]
    if shown.rows.empty and pilots.empty:
        return None
    told = headline(shown, len(pilots), len(late))
    numbers = class_numbers(view.query.of_city().wards(), shown.wards, late)
    classes = view.themed(map_classes(numbers))
    in_time = tuple(code for code in pilots["ward_code"] if code not in set(late["ward_code"]))
    sources = shown.rows["source"].unique()[:10] if len(shown.rows) else shown.evidence.pilot_status["source"]
    return Scene(
        "inspections",
        told,
        {
            "late_count": len(late),
            "pilot_count": len(pilots),
            "limit": OVERDUE_DAYS,
            "classes": legend_classes(classes),
            "overdue": overdue_lines(late),
            "latest": latest_lines(shown.rows),
            "source": source_line(sources, shown.evidence.source),
        },
        replace(
            view.map(told, classes, numbers),
            labels=list(pilots["ward_code"]),
            ticks=[Tick(message("Inspected"), "", in_time, is_partly=False)] if in_time else [],
        ),
        is_illustrative=shown.is_illustrative,
    )


def headline(shown: InspectionFindings, pilot_count: int, late_count: int) -> Words:
    """Return how many wards of the pilot are overdue, and when the last inspection was.

    Parameters
    ----------
    shown
        What is true of the inspections of all days.
    pilot_count
        Wards of the pilot, those in part too.
    late_count
        Those of them that are overdue.
    """
    if not pilot_count:
        return words.headline(shown)
    if not late_count:
        told = message("no ward of the pilot has waited more than {limit} days")
    elif late_count == pilot_count > 1:
        told = message("not inspected for more than {limit} days: all {all} wards of the pilot")
    elif late_count == pilot_count:
        told = message("not inspected for more than {limit} days: the only ward of the pilot")
    else:
        told = message("not inspected for more than {limit} days: {count} of {all} wards of the pilot")
    told = told.of(limit=number(OVERDUE_DAYS), all=in_words(pilot_count), count=in_words(late_count))
    if shown.days is not None:
        told = message("{told}; the last one was on {day}", told=told, day=day(shown.days.until))
    return marked(told, is_illustrative=shown.is_illustrative)


def overdue_lines(late: pd.DataFrame) -> list[tuple[str, Words]]:
    """Return the wards that have waited longest, each with its days."""
    return [
        (
            str(row["ward_name"]),
            message("not once")
            if pd.isna(row["days"])
            else message("{count} days", count=number(row["days"])),
        )
        for row in late[:LISTED].to_dict("records")
    ]


def latest_lines(rows: pd.DataFrame) -> list[tuple[Words | str, Words]]:
    """Return the latest days of inspections, each with who inspected and which wards.

    Parameters
    ----------
    rows
        See `dashboard.subjects.inspections.model.named_rows`.
    """
    found: list[tuple[Words | str, Words]] = []
    for (when, body), group in rows.groupby(["inspection_date", "inspecting_body"], sort=False):
        if len(found) == LATEST:
            break
        names = list(dict.fromkeys(group["ward_name"]))
        text = joined(", ", names[:NAMED])
        if len(names) > NAMED:
            text = message("{names} and {count} more", names=text, count=len(names) - NAMED)
        found.append((day(when), joined(" · ", [text, str(body), *_result(group.to_dict("records"))])))
    return found


def _result(group: list[dict[Hashable, Any]]) -> list[Words]:
    """Return the criteria met of a day's only ward."""
    row = group[0]
    if len(group) > 1 or pd.isna(row["criteria_met"]) or pd.isna(row["criteria_assessed"]):
        return []
    return [message("{met} criteria", met=f"{int(row['criteria_met'])}/{int(row['criteria_assessed'])}")]


def class_numbers(city: pd.DataFrame, wards: pd.DataFrame, late: pd.DataFrame) -> list[int]:
    """Return the class of each ward in the order of the layer, see `map_classes`.

    Parameters
    ----------
    city, wards
        All wards of the vintage, and those that are looked at.
    late
        Wards of the pilot that are overdue, see `geodata.programme.overdue.Overdue`.
    """
    numbers = pd.Series(OTHER, index=city.index).mask(city["is_inspected"] | city["is_partly_inspected"], 3)
    numbers = numbers.mask(city["ward_code"].isin(wards.loc[is_pilot(wards), "ward_code"]), 2)
    numbers = numbers.mask(city["ward_code"].isin(late.loc[late["days"].notna(), "ward_code"]), 0)
    numbers = numbers.mask(city["ward_code"].isin(late.loc[late["days"].isna(), "ward_code"]), 1)
    return numbers.where(city["ward_code"].isin(wards["ward_code"]), OTHER).tolist()


def map_classes(numbers: Sequence[int]) -> list[MapClass]:
    """Return the classes of the map, with how many wards are in each."""
    counted = [number(numbers.count(at)) for at in range(OTHER)]
    late, seen = STAGE_COLOURS["not_met"], STAGE_COLOURS["inspected"]
    return [
        MapClass(message("Not for {limit} days", limit=OVERDUE_DAYS), counted[0], late),
        MapClass(message("Never inspected"), counted[1], late, "dots"),
        MapClass(message("Within {limit} days", limit=OVERDUE_DAYS), counted[2], seen),
        MapClass(message("Outside the programme, inspected"), counted[3], INSPECTED_COLOUR, outlined=False),
        MapClass(message("Another ward"), "", LAND, outlined=False),
    ]


def legend_classes(classes: Sequence[MapClass]) -> list[MapClass]:
    """Return the classes that the legend explains; those outside the programme are not counted there."""
    held = [entry for entry in classes[:OTHER] if entry.count != number(0)]
    return [entry if entry.outlined else replace(entry, count="") for entry in held]
