"""The ward of the day: one ward of the programme, another one each day."""

import datetime
from dataclasses import replace

import pandas as pd

from dashboard.screens.wall.scene import Scene, View, source_line, widened
from dashboard.subjects.progress.wards import programme_wards
from dashboard.subjects.ward.model import Ward, kin_of, ward_of
from dashboard.subjects.ward.profile import locator_classes, locator_frame
from dashboard.subjects.ward.words import district, headline, programme_facts
from geodata.language import Words, joined, message
from geodata.language.numbers import number
from geodata.programme.criteria import criteria_words
from geodata.wards.neighbours import neighbours

ROOM = 0.3
"""So much of its own width and height is shown on each side of the ward."""


def ward_of_the_day(wards: pd.DataFrame, today: datetime.date) -> str | None:
    """Return the code of the ward whose day it is: those of the programme by name, one after the other.

    Parameters
    ----------
    wards
        Wards of one vintage that are looked at, see `geodata.evidence.Evidence.of_vintage`.
    today
        The day.
    """
    codes = list(programme_wards(wards)["ward_code"])
    return codes[today.toordinal() % len(codes)] if codes else None


def scene(view: View) -> Scene | None:
    """Return the scene of a ward; none where none is in the programme."""
    query, evidence = view.query, view.query.evidence()
    code = ward_of_the_day(query.wards(), view.today)
    if code is None:
        return None
    key, outlines = (query.vintage, code), query.of_vintage("ward")
    shown = ward_of(evidence, key)
    told, touching = headline(shown, kin_of(evidence, key)), neighbours(key, outlines)
    classes, numbers = locator_classes(code, touching, list(outlines["ward_code"]))
    sources = [
        *evidence.rows("pilot_status", key)["source"],
        *evidence.rows("inspection", key)["source"][:1],
        evidence.ward(key)["boundary_source"],
    ]
    return Scene(
        "ward",
        told,
        {
            "numbers": _numbers(shown, view.today),
            "lines": [(label, text) for label, text in _lines(shown) if text],
            "source": source_line(sources, evidence.source),
        },
        replace(
            view.map(told, classes, numbers),
            labels=[code, *touching],
            selected=code,
            focus=widened(locator_frame(query.published, query.vintage, (code,)), ROOM),
        ),
        is_illustrative=shown.is_illustrative or shown.has_illustrative,
    )


def _lines(shown: Ward) -> list[tuple[Words, Words | str]]:
    lines: list[tuple[Words, Words | str]] = [(message("District level"), district(shown))]
    # Of a fact the first line alone: the others are for readers at a desk.
    lines += [(fact.label, fact.lines[0]) for fact in programme_facts(shown)]
    if shown.inspections:
        last = shown.inspections[0]
        found: list[Words | str] = [*filter(None, [last.verdict]), *criteria_words(last.criteria)]
        lines.append((message("Last inspection"), joined(" · ", found) if found else ""))
    return lines


def _numbers(shown: Ward, today: datetime.date) -> list[tuple[Words, Words | str]]:
    numbers: list[tuple[Words, Words | str]] = []
    if shown.population is not None:
        year = "" if shown.population_year is None else f" ({int(shown.population_year)})"
        numbers.append((number(shown.population), joined("", [message("residents"), year])))
    numbers.append((number(shown.area_km2, 2), "km²"))
    if shown.inspections:
        since = (today - shown.inspections[0].day).days
        numbers.append((number(since), message("days since the last inspection")))
    return numbers
