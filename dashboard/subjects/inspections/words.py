"""How inspections are said: the sentence, key figures, the small map, and the rows of lists and tables."""

import datetime
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from dashboard.subjects.cards import Card, CardGroup, inspected_units
from dashboard.subjects.inspections.model import InspectionFindings
from dashboard.subjects.inspections.recommendations import OVERDUE
from dashboard.subjects.programme.classes import MapClass, outside_class
from dashboard.subjects.programme.former import FormerGround
from geodata.language import Message, Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.language.numbers import MISSING, in_words, number, percent
from geodata.programme.criteria import CriteriaMet, set_name
from geodata.programme.overdue import Limit
from geodata.programme.symbols import BORDER, HOLDER_COLOUR, STAGE_COLOURS

_Row = Mapping[Hashable, Any]
"""A row of a table, by its columns; a missing value is ``None``."""

VIEWS = {
    "list": message("List"),
    "matrix": message("Criteria × ward"),
    "overdue": message("Last inspection"),
    "recommendations": message("Recommendations"),
}
"""What the lower half of the page may show."""

ORDERS = {
    "date": message("Latest first"),
    "ward": message("By name of ward"),
    "criteria": message("Fewest criteria met first"),
}
"""The orders of the list and of the matrix."""

RESULTS = {
    "met": ("m", "✓", message("met")),
    "not_met": ("f", "✗", message("not met")),
    "not_assessed": ("n", "–", message("not assessed")),
    "": ("u", "·", message("not known")),
}
"""Class, sign and name of each result; the last one stands for a result that is missing."""

GROUPS = (
    message("once chosen for the pilot"),
    message("holds a part of a former pilot ward"),
    message("not on record as chosen"),
)
"""The groups of `geodata.programme.overdue.LastInspections`."""

STATES = {
    "open": message("not begun"),
    "in_progress": message("under way"),
    "done": message("settled"),
    "": message("state not known"),
}
"""What states of recommendations are called; the last one stands for a state that is missing."""

STATE_CHOICES: dict[str, Words] = {
    "all": message("All states"),
    OVERDUE: message("Overdue"),
    **{state: capitalised(name) for state, name in STATES.items() if state},
}
"""What may be asked of recommendations."""


def headline(shown: InspectionFindings) -> Words:
    """Return the sentence that says how many inspections there were, where, and when the last one was."""
    count, days = len(shown.rows), shown.days
    if days is None:
        if shown.evidence.is_all:
            return message("No inspection on record yet")
        return message("No inspection on record in this period")
    is_urban = set(shown.rows["ward_kind"]) <= {"phường"}
    of_wards = message("{count} wards") if is_urban else message("{count} wards and communes")
    counts = {
        "places": of_wards.of(count=in_words(shown.ward_count)),
        "count": in_words(count),
        "day": day(days.until),
    }
    if count == 1:
        clause = message("one inspection, on {day}", day=day(days.until))
    elif shown.ward_count == 1:
        clause = message("{count} inspections of one ward, the last one on {day}", **counts)
    elif days.since == days.until:
        clause = message("{count} inspections of {places}, all on {day}", **counts)
    else:
        clause = message("{count} inspections of {places}, the last one on {day}", **counts)
    return message("Illustrative: {told}", told=clause) if shown.is_illustrative else capitalised(clause)


def cards(shown: InspectionFindings, met: CriteriaMet, of_set: str) -> CardGroup:
    """Return the key figures: inspections, units inspected, and criteria of a set met at the last ones."""
    return CardGroup(
        message("Inspected") if shown.evidence.is_all else message("Inspected in this period"),
        [
            Card(
                number(len(shown.rows)) if len(shown.rows) else message("not on record"),
                message("inspections"),
                message("Inspections on record"),
            ),
            inspected_units(shown.coverage),
            _criteria_card(met, of_set),
        ],
        shown.is_illustrative,
    )


def _criteria_card(met: CriteriaMet, of_set: str) -> Card:
    hint = message(
        "At the last inspection by this set of each ward in the range; not assessed is not “not met”"
    )
    caption: Words = message("criteria met of those assessed, {set_name}", set_name=set_name(of_set))
    if not met.assessed:
        return Card(MISSING, caption, hint)
    counts = joined("", [" (", number(met.met), "/", number(met.assessed), ")"])
    return Card(percent(met.of_assessed_pct), joined("", [caption, counts]), hint)


def map_classes(shown: InspectionFindings) -> list[MapClass]:
    """Return the classes of the small map."""
    colour, counts = STAGE_COLOURS["inspected"], [number(count) for count in shown.class_counts]
    return [
        MapClass(message("Inspected"), counts[0], colour, outlined=False),
        # What it holds is drawn over it, as it was: `former_classes`.
        MapClass(
            message("Holds a part of inspected ground"),
            counts[1],
            HOLDER_COLOUR,
            outlined=False,
            is_land=True,
        ),
        MapClass(message("No inspection on record"), counts[2], BORDER, "dots", outlined=False),
        *([outside_class()] if shown.query.areas else []),
    ]


def former_classes(shown: InspectionFindings) -> list[MapClass]:
    """Return the class of the wards inspected in other boundaries, drawn as they were; none without any."""
    if not shown.former:
        return []
    label = message("Ground of wards inspected in other boundaries")
    return [MapClass(label, number(len(shown.former)), STAGE_COLOURS["inspected"], "hatch")]


def former_ground(shown: InspectionFindings) -> FormerGround:
    """Return the wards inspected in other boundaries, as a map draws them over its own."""
    return FormerGround(tuple(former_classes(shown)), shown.former, shown.wards.iloc[:0])


def tooltips(shown: InspectionFindings) -> list[Words | str]:
    """Return what the map says of each ward, in the order of the layer."""
    return ["" if times is None else _times(*times) for times in shown.times]


def _times(count: int, last: Any) -> Words | str:
    if count < 2:
        return day(last)
    return message("{count} times, last on {day}", count=number(count), day=day(last))


def view_title(view: str, counts: Mapping[str, int]) -> Words:
    """Return the name of a view, with the number of rows in it; where none is on record, that is no zero."""
    count: list[Words | str] = [" (", number(counts[view]), ")"] if counts.get(view) else []
    return joined("", [VIEWS[view], *count])


def why_empty(shown: InspectionFindings, search: str) -> Words:
    """Return why a table has no row, and what to change."""
    if search.strip():
        return message(
            "Nothing in this period holds “{words}”. Search for less, or clear the search.",
            words=search.strip(),
        )
    span = {"since": day(shown.query.period.since), "until": day(shown.query.period.until)}
    if shown.last_before is None:
        reason = message("No inspection is on record from {since} to {until}.", **span)
    else:
        reason = message(
            "No inspection is on record from {since} to {until}; the last one before was on {day}.",
            **span,
            day=day(shown.last_before),
        )
    remedy = message("Choose other days above, another area, or show illustrative figures too.")
    return joined(" ", [reason, remedy])


def no_recommendation() -> Words:
    """Return that there is no recommendation, and why."""
    return message(
        "No text of a recommendation is on record for this choice. Proposals that an inspection took note of "
        "stand among the published facts; their text is not always published. Choose other days or another "
        "state, or show illustrative figures."
    )


def boundaries(row: _Row, vintage: str) -> Message | None:
    """Return the vintage of a row where another one is shown."""
    if row["vintage"] == vintage:
        return None
    return message("boundaries of {day}", day=day(row["vintage"]))


def place(row: _Row, vintage: str) -> Words:
    """Return what stands below the name of a ward: its district, and its vintage if another one is shown."""
    return joined(" · ", [part for part in (row["district_name"], boundaries(row, vintage)) if part])


def inspected_on(row: _Row, vintage: str) -> Words:
    """Return the day of an inspection, with its vintage where another one is shown."""
    return joined(" · ", [part for part in (day(row["inspection_date"]), boundaries(row, vintage)) if part])


def round_remark(row: _Row) -> Words:
    """Return what was said of a round as a whole, and that it is no verdict on a ward."""
    return message(
        "Round of {day}, {body}; said of the city's work as a whole, not of one ward: {verdict}.",
        day=day(row["inspection_date"]),
        body=row["inspecting_body"],
        verdict=row["round_verdict"],
    )


def since_last(row: _Row, until: datetime.date) -> Words:
    """Return how far the record of a ward's inspections goes, up to a day."""
    if row["days"] is None:
        return message("no inspection on record up to {day}", day=day(until))
    part = [message("(of a part of it)")] if row["is_last_partly"] else []
    last = joined(" ", [day(row["last_inspection"]), *part])
    return message("{day}; none on record after it up to {until}", day=last, until=day(until))


def against_limit(row: _Row, limit: Limit) -> Words:
    """Return how a ward stands against the limit of the reader."""
    if not row["exists"]:
        return message("no unit on that day")
    if row["days"] is None:
        return message("not on record")
    over = int(row["days"]) - limit.days
    if over <= 0:
        return message("within the limit")
    told = message("{count} days over, by the record", count=number(over))
    if not row["is_last_partly"]:
        return told
    # The unit itself may be younger than the inspection, which was of a ward that is a part of it now.
    return joined(" ", [told, message("(of a part of it)")])


def criteria_of(row: _Row) -> Words | str:
    """Return how many criteria an inspection found met of those assessed."""
    if row["criteria_met"] is None or row["criteria_assessed"] is None:
        return message("not published")
    return f"{int(row['criteria_met'])}/{int(row['criteria_assessed'])}"


def met_of(results: Sequence[str]) -> str:
    """Return how many of some results are met, of those assessed."""
    assessed = sum(result in ("met", "not_met") for result in results)
    return f"{results.count('met')}/{assessed}" if assessed else "·"


def set_title(row: _Row) -> Words | str:
    """Return the name of a set of criteria, with its instrument where that is published."""
    name, instrument = set_name(str(row["criteria_set_name"])), row["instrument"]
    return joined(" · ", [name, instrument]) if isinstance(instrument, str) else name


def criterion_name(row: _Row) -> Words | str:
    """Return the name of a criterion, and that it is a default where the official one is not published."""
    if row["is_name_official"]:
        return str(row["criterion_name"])
    return message(
        "{name} (default name, the official one is not published)", name=str(row["criterion_name"])
    )
