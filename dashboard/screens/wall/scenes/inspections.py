"""Inspections: the latest ones, how far the record goes, and what is overdue by a limit, if set."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.screens.wall.scene import Scene, View, marked, source_line
from dashboard.subjects.inspections import words
from dashboard.subjects.inspections.model import InspectionFindings, inspection_findings, standing
from dashboard.subjects.programme.classes import MapClass, Tick
from dashboard.subjects.programme.former import FormerGround, FormerWard, former_ground
from dashboard.subjects.programme.model import programme
from dashboard.subjects.programme.words import with_verified
from dashboard.ui.geometry import former_outlines
from geodata.language import Words, joined, message
from geodata.language.dates import day
from geodata.language.numbers import in_words, number
from geodata.programme.inspections import days_since
from geodata.programme.overdue import Limit
from geodata.programme.status import is_pilot
from geodata.programme.symbols import INSPECTED_COLOUR, LAND, SECONDARY, STAGE_COLOURS

LISTED, LATEST = 2, 2
"""So many wards that have waited longest, and so many days of inspections, are listed."""

LATE, SEEN, UNKNOWN, OUTSIDE, OTHER = range(5)
"""Classes of the map: wards of the pilot that are overdue, those with an inspection on record, those without,
inspected wards outside the programme, and all others; those that hold former ground are among these."""

NAMED = 5
"""So many wards of one day of inspections are named."""


def scene(view: View) -> Scene | None:
    """Return the scene; none where no inspection is on record and no ward was ever chosen."""
    query, shown, limit = view.query, inspection_findings(view.query), view.limit
    rows, former = pilot_rows(view)
    own = rows[~rows["is_partly"].astype("bool")]
    if shown.rows.empty and rows.empty:
        return None
    told = headline(shown, rows, limit)
    numbers = class_numbers(query.city_wards(), shown.wards, own)
    drawn = numbers + [ward.number for ward in former.wards]
    classes = view.themed(map_classes(drawn, limit))
    # Units that hold former ground are no wards of the pilot: the ground is drawn over them.
    hatched = [replace(one, pattern="hatch") if one.outlined else one for one in classes]
    seen = dict.fromkeys(own.loc[own["days"].notna() & ~own["is_late"], "ward_code"])
    seen |= dict.fromkeys(ward.sign for ward in former.wards if ward.number == SEEN)
    sources = shown.rows["source"].unique()[:10] if len(shown.rows) else shown.evidence.pilot_status["source"]
    return Scene(
        "inspections",
        told,
        {
            "late_count": int(rows["is_late"].sum()) if limit else None,
            "seen_count": int(rows["days"].notna().sum()),
            "seen_caption": with_verified(
                message("of the wards ever chosen have an inspection on record"),
                programme(query).chosen,
            ),
            "pilot_count": len(rows),
            "limit": limit,
            "classes": legend_classes(hatched if former.wards else classes),
            "last": last_lines(rows, limit),
            # Beside the overdue ones there is room for one day.
            "latest": latest_lines(shown.rows)[: 1 if limit else LATEST],
            "source": source_line(sources, shown.evidence.source),
        },
        replace(
            view.map(told, classes, numbers),
            labels=[code for code in own["ward_code"] if code not in {ward.sign for ward in former.wards}],
            ticks=[Tick(message("Inspected"), "", tuple(seen), is_partly=False)] if seen else [],
            former=former_outlines(query.published, former, hatched),
        ),
        is_illustrative=shown.is_illustrative,
    )


def pilot_rows(view: View) -> tuple[pd.DataFrame, FormerGround]:
    """Return the wards of the pilot with their last inspection, and those that are drawn as they were.

    By a limit they are the units of today, which alone can be overdue; former ground is drawn as the unit
    stands that holds most of it. Without a limit they are the wards that were ever chosen, as they were then.

    Returns
    -------
    Rows as of `geodata.programme.overdue.LastInspections`; of former wards ward_code is their sign.
    """
    rows = standing(view.query, view.limit).rows
    evidence = view.query.evidence().of_areas(view.query.vintage, view.query.areas)
    ground = former_ground(evidence, view.query.vintage)
    is_chosen = is_pilot(ground.rows)
    held = ground.rows[is_chosen]
    wards = [ward for ward, chosen in zip(ground.wards, is_chosen, strict=True) if chosen]
    if view.limit is not None:
        rows = rows[rows["group"] < 2]
        numbers = _of_holders(wards, rows, evidence.crosswalk)
    else:
        days = days_since(pd.Timestamp(view.query.period.until), held["last_inspection"])
        held = held.assign(days=days, is_late=False, exists=False)
        listed = pd.concat([part for part in (rows[rows["group"] == 0], held) if len(part)] or [rows[:0]])
        rows = listed.sort_values(["days", "ward_name"], ascending=[False, True], na_position="last")
        numbers = [SEEN if known else UNKNOWN for known in held["days"].notna()]
    former = [replace(ward, number=number) for ward, number in zip(wards, numbers, strict=True)]
    return rows.reset_index(drop=True), FormerGround((), tuple(former), held)


def _of_holders(wards: Sequence[FormerWard], rows: pd.DataFrame, crosswalk: pd.DataFrame) -> list[int]:
    """Return the class of each former ward: that of the unit among ``rows`` that holds most of its ground."""
    into = crosswalk[crosswalk["to_vintage"].isin(rows["vintage"])].sort_values("area_weight")
    holder = into.set_index(["from_vintage", "from_ward_code"])["to_ward_code"]
    holder = holder[~holder.index.duplicated(keep="last")]
    unit = rows.set_index("ward_code")
    state = pd.Series(UNKNOWN, unit.index).mask(unit["days"].notna(), SEEN).mask(unit["is_late"], LATE)
    return [int(state.get(holder.get((one.vintage, one.ward_code)), UNKNOWN)) for one in wards]


def headline(shown: InspectionFindings, rows: pd.DataFrame, limit: Limit | None) -> Words:
    """Return how far the record of inspections goes, or what is overdue by a limit.

    Parameters
    ----------
    shown
        What is true of the inspections of all days.
    rows
        Areas of the pilot, see `geodata.programme.overdue.LastInspections`.
    limit
        The limit that is set, if any.
    """
    if rows.empty:
        return words.headline(shown)
    recorded: Words = message("no inspection on record")
    if shown.days is not None:
        recorded = message("no inspection on record after {day}", day=day(shown.days.until))
    if limit is None:
        return marked(recorded, is_illustrative=shown.is_illustrative)
    late_count = int(rows["is_late"].sum())
    if not rows["exists"].any():
        told = message("the wards of the pilot are no units of today, so none counts as overdue; {recorded}")
    elif not late_count:
        told = message("no unit with a former pilot area is past the limit of {limit} days")
    elif late_count == 1:
        told = message("one unit with a former pilot area is past the limit of {limit} days")
    else:
        told = message("{count} units with former pilot areas are past the limit of {limit} days")
    told = told.of(limit=number(limit.days), count=in_words(late_count), recorded=recorded)
    return marked(told, is_illustrative=shown.is_illustrative)


def last_lines(rows: pd.DataFrame, limit: Limit | None) -> list[tuple[Words | str, Words]]:
    """Return the wards without an inspection on record; by a limit those that are overdue, longest first."""
    if limit is None:
        names = list(rows.loc[rows["days"].isna(), "ward_name"])
        return [(joined(", ", names), message("not on record"))] if names else []
    late = rows[rows["is_late"]]
    found: list[tuple[Words | str, Words]] = []
    for row in late[:LISTED].to_dict("records"):
        part = [message("(of a part of it)")] if row["is_last_partly"] else []
        over = message("{count} days over", count=number(row["days"] - limit.days))
        found.append((str(row["ward_name"]), joined(" ", [over, *part])))
    if len(late) > LISTED:
        more = message("and {count} more", count=number(len(late) - LISTED))
        found.append((more, message("past the limit")))
    return found


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


def class_numbers(city: pd.DataFrame, wards: pd.DataFrame, rows: pd.DataFrame) -> list[int]:
    """Return the class of each ward in the order of the layer, see `map_classes`.

    Parameters
    ----------
    city, wards
        All wards of the vintage, and those that are looked at.
    rows
        Wards of the pilot, see `geodata.programme.overdue.LastInspections`.
    """
    code = city["ward_code"]
    # What a redrawing made in part of wards of the programme is neither one of them nor outside it.
    is_outside = city["role"].isna() & (city["is_inspected"] | city["is_partly_inspected"])
    numbers = pd.Series(OTHER, index=city.index).mask(is_outside, OUTSIDE)
    for number_of_class, held in (
        (UNKNOWN, rows["days"].isna()),
        (SEEN, rows["days"].notna()),
        (LATE, rows["is_late"]),
    ):
        numbers = numbers.mask(code.isin(rows.loc[held.astype("bool"), "ward_code"]), number_of_class)
    return numbers.where(code.isin(wards["ward_code"]), OTHER).tolist()


def map_classes(numbers: Sequence[int], limit: Limit | None) -> list[MapClass]:
    """Return the classes of the map, with how many wards are in each."""
    counted = [number(numbers.count(at)) for at in range(OTHER)]
    late, seen = STAGE_COLOURS["not_met"], STAGE_COLOURS["inspected"]
    days = number(limit.days) if limit else ""
    in_time = message("Within {limit} days", limit=days) if limit else message("Inspection on record")
    return [
        MapClass(message("Not for {limit} days", limit=days), counted[LATE], late),
        MapClass(in_time, counted[SEEN], seen),
        MapClass(message("No inspection on record"), counted[UNKNOWN], SECONDARY, "dots"),
        MapClass(
            message("Not on record in the programme, inspected"),
            counted[OUTSIDE],
            INSPECTED_COLOUR,
            outlined=False,
        ),
        MapClass(message("Another ward"), "", LAND, outlined=False),
    ]


def legend_classes(classes: Sequence[MapClass]) -> list[MapClass]:
    """Return the classes that the legend explains; those outside the programme are not counted there."""
    held = [entry for entry in classes[:OTHER] if entry.count != number(0)]
    return [entry if entry.outlined else replace(entry, count="") for entry in held]
