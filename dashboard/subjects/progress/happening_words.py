"""How it is said what happened: the timeline of wards, and what changed."""

from collections.abc import Mapping
from typing import Any

from dashboard.subjects.cards import Card, CardGroup
from dashboard.subjects.programme.classes import status_words
from dashboard.subjects.progress.model import Changes, Timeline
from dashboard.subjects.progress.phrases import (
    ILLUSTRATIVE,
    NO_WARD,
    YEAR_ONLY,
    Note,
    ProgressWords,
    Rows,
    Titles,
    as_they_were,
    marked,
    names_in_line,
    no_ward,
    span,
)
from geodata.language import Bilingual, Words, capitalised, joined, message
from geodata.language.dates import day, day_or_year
from geodata.language.numbers import MISSING, in_words, number

KINDS = {
    "stage": message("Stage begins"),
    "visit": message("Visit of delegates, as planned"),
    "ministry": message("Inspection by the Ministry"),
    "inspection": message("Other inspection"),
    "event": message("Event of the programme"),
    "import": message("File imported"),
}
"""What can happen, in the order in which it is named."""

WHOLE_PROGRAMME = message("Whole programme")
"""The row of a timeline that holds what concerns all wards."""


def when(row: Mapping[Any, Any]) -> Words | str:
    """Return on which day something happened, or in which year where only that is known."""
    return day_or_year(row["day"], "year" if row["is_year_only"] else "day")


def what(row: Mapping[Any, Any]) -> Words:
    """Return what happened; of inspections by whom, the verdict, and the stage that came with it."""
    if row["kind"] in ("stage", "visit"):
        return status_words(row["role"], row["stage"], row["period"])
    if row["kind"] == "event":
        return Bilingual(row["event_name"], row["event_name_en"])
    if row["kind"] == "import":
        return message("{file}, by {name}", file=row["title"], name=row["publisher"])
    told: list[Words | str] = list(dict.fromkeys(filter(None, (row["inspecting_body"], row["verdict"]))))
    if row["role"]:
        told.append(status_words(row["role"], row["stage"], row["period"]))
    return joined(" · ", told)


def whose(row: Mapping[Any, Any]) -> Words | str | None:
    """Return the ward to which something happened; none where it is no matter of wards."""
    label: str | None = row["label"]
    return WHOLE_PROGRAMME if row["kind"] == "event" else label


_HAPPENING_TITLES: Titles = {
    "when": message("Day"),
    "kind_name": message("Kind"),
    "label": message("Ward"),
    "what": message("What"),
    "is_illustrative": ILLUSTRATIVE,
    "source": message("Source"),
}


def _happenings(rows: Rows) -> Rows:
    return [
        {**row, "when": when(row), "kind_name": KINDS[row["kind"]], "label": whose(row), "what": what(row)}
        for row in rows
    ]


def timeline_words(shown: Timeline) -> ProgressWords:
    """Return what is said of the timeline."""
    nothing = no_ward(shown)
    has_marks = shown.ward_count > 0
    headline: Words
    if nothing:
        headline = NO_WARD
    elif has_marks:
        told = message(
            "in this period, wards of the programme with something on record: {wards}; stages begun: "
            "{stages}; inspections: {inspections}"
        )
        headline = told.of(
            wards=in_words(shown.ward_count),
            stages=in_words(shown.stage_count),
            inspections=in_words(shown.inspection_count),
        )
    else:
        headline = message("Nothing is on record of the wards of the programme in this period")
        if shown.rows.empty:
            nothing = message(
                "No stage, visit, inspection or event is on record from {since} to {until}. Choose a longer "
                "range of days.",
                **span(shown.evidence.period),
            )
    notes: list[Note] = []
    if shown.has_year_only:
        notes.append((YEAR_ONLY, ()))
    notes += as_they_were(shown.former_vintages)
    if shown.silent and has_marks:
        text = message("Nothing on record in this period: {wards}.", wards=names_in_line(shown.silent))
        notes.append((text, ()))
    if shown.citations:
        notes.append((None, shown.citations))
    return ProgressWords(
        marked(capitalised(headline), shown), nothing, _HAPPENING_TITLES, _happenings(shown.table), notes
    )


def changes_words(shown: Changes) -> ProgressWords:
    """Return what is said of the changes."""
    of = shown.recommendations
    headline: Words = message("No change on record in this period")
    nothing = None
    if shown.rows.empty:
        nothing = message(
            "No stage, inspection or imported file is on record from {since} to {until} in what is shown. "
            "Choose a longer range of days or the whole city.",
            **span(shown.evidence.period),
        )
    else:
        told = message("in this period: stages begun {stages}, inspections {inspections}")
        if shown.import_count:
            told = message(
                "in this period: stages begun {stages}, inspections {inspections}, files imported {imports}"
            )
        headline = told.of(
            stages=number(shown.stage_count),
            inspections=number(shown.inspection_count),
            imports=number(shown.import_count),
        )
    notes: list[Note] = []
    if of["all"]:
        text = message(
            "A recommendation has no day of closing on record, so its state is that of the data's day: "
            "{done} done, {going} in progress, {open} open, {unknown} not known.",
            done=number(of["done"]),
            going=number(of["in_progress"]),
            open=number(of["open"]),
            unknown=number(of["unknown"]),
        )
        notes.append((text, ()))
    if shown.citations:
        notes.append((None, shown.citations))
    return ProgressWords(
        headline=marked(capitalised(headline), shown),
        nothing=nothing,
        titles=_HAPPENING_TITLES,
        entries=[{**row, "label": _as_recorded(row)} for row in _happenings(shown.table)],
        notes=notes,
        cards=[_change_cards(shown)],
    )


def _as_recorded(row: Mapping[Any, Any]) -> Words | str | None:
    """Return the ward of a happening with the boundaries by which it was recorded: codes are used again."""
    label: Words | str | None = row["label"]
    if row["vintage"] is None or label is None:
        return label
    return joined(" · ", [label, message("boundaries of {day}", day=day(row["vintage"]))])


def _change_cards(shown: Changes) -> CardGroup:
    of = shown.recommendations
    cards = [
        Card(
            number(shown.stage_count),
            message("stages begun"),
            message("Stages of wards whose first day lies within the range"),
        ),
        Card(number(shown.inspection_count), message("inspections"), message("Inspections on record")),
        Card(
            joined(" / ", [number(of["done"]), number(of["all"])]) if of["all"] else MISSING,
            message("recommendations of these inspections closed"),
            message(
                "Recommendations of the inspections within the range that are done now; on which day one was "
                "closed is not recorded"
            ),
        ),
    ]
    if shown.import_count:
        hint = message("Spreadsheets of the whole city that entered the data within the range")
        cards.append(Card(number(shown.import_count), message("files imported"), hint))
    return CardGroup(message("In this period"), cards, shown.is_illustrative)
