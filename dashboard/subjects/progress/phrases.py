"""What the words of every view of progress consist of, and what several of them say alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.subjects.cards import CardGroup
from dashboard.subjects.progress.view import Citations, ProgressView
from geodata.language import Words, joined, message, uncapitalised
from geodata.language.dates import day, day_or_year
from geodata.language.numbers import number
from geodata.period import FactDay, Period
from geodata.programme.symbols import STAGE_NAMES

NAMED_WARDS = 15
"""So many wards are named in a line; the others are counted."""

LINE_NAMES: dict[str, Words] = {**STAGE_NAMES, "building": message("chosen for the pilot")}
"""What lines of stages are called: those chosen are those that began to build, which no source says."""

REACHED = {
    "registered": message("{count} registered"),
    "building": message("{count} began to build"),
    "self_assessed": message("{count} assessed themselves"),
    "inspected": message("{count} were inspected"),
    "proposed": message("{count} were proposed for recognition"),
    "recognised": message("{count} were recognised"),
    "not_met": message("{count} did not meet the criteria"),
}
"""How many wards reached a stage."""

REACHED_CAPTIONS = {
    "registered": message("phường that registered"),
    "building": message("phường that began to build"),
    "self_assessed": message("phường that assessed themselves"),
    "inspected": message("phường that were inspected"),
    "proposed": message("phường that were proposed for recognition"),
    "recognised": message("phường that were recognised"),
    "not_met": message("phường that did not meet the criteria"),
}
"""The same below a figure."""

NO_WARD = message("No ward of the programme to show")
ILLUSTRATIVE = message("Illustrative")
YEAR_ONLY = message(
    "A crossed mark: only the year is published; the mark stands on the day that stands for it."
)

Note = tuple[Words | None, Citations]
Titles = dict[str, Words | str]
Rows = list[dict[Any, Any]]


@dataclass(frozen=True)
class ProgressWords:
    """What is said of a view.

    Attributes
    ----------
    headline
        The sentence that says what the view shows.
    nothing
        Why there is nothing, and what to change; none where there is something.
    titles, entries
        The table: headings of its columns, and its rows; what is not known is none.
    notes
        What the figures rest on, with sources.
    cards
        Key figures.
    """

    headline: Words
    nothing: Words | None
    titles: Titles
    entries: Rows
    notes: list[Note]
    cards: list[CardGroup] = field(default_factory=list)


def names_in_line(wards: Sequence[str]) -> Words:
    """Return the names of wards in one line; of many the first ones, and how many more there are."""
    if len(wards) <= NAMED_WARDS:
        return joined(", ", wards)
    first, others = joined(", ", wards[:NAMED_WARDS]), len(wards) - NAMED_WARDS
    return message("{wards} and {count} more", wards=first, count=number(others))


def no_ward(shown: ProgressView) -> Words | None:
    """Return why there is no ward of the programme to show, and what to change."""
    if shown.absence == "in_areas":
        return message(
            "No ward of the programme lies in the chosen districts and wards. Choose others, or the whole "
            "city."
        )
    if shown.absence:
        return message(
            "No ward has a stage or role on record up to {day}. Choose a later last day.",
            day=day(shown.evidence.period.until),
        )
    return None


def marked(headline: Words, shown: ProgressView) -> Words:
    """Return a headline that says where it rests on illustrative rows: it may be quoted without its page."""
    if not shown.is_illustrative:
        return headline
    return message("Illustrative: {told}", told=uncapitalised(headline))


def as_they_were(vintages: Sequence[str]) -> list[Note]:
    """Return by which boundaries former wards are told, if any are."""
    days = joined(", ", [day(one) for one in vintages])
    text = message("Former wards are told as they were, by the boundaries of {days}.", days=days)
    return [(text, ())] if vintages else []


def span(period: Period) -> dict[str, Words | str]:
    """Return the ends of a range of days as a message takes them."""
    return {"since": day(period.since), "until": day(period.until)}


def when_known(one: FactDay) -> Words | str:
    """Return a day as exactly as it is known: its year alone where the source names no day."""
    return day_or_year(one.day, "day" if one.is_exact else "year")
