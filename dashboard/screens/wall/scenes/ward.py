"""The ward of the day: one ward of the programme, another one each day."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

from dashboard.query.layers import of_vintage
from dashboard.query.query import Query
from dashboard.screens.wall.scene import Scene, View, source_line, widened
from dashboard.subjects.programme.model import programme
from dashboard.subjects.ward.model import Ward, kin_of, ward_of
from dashboard.subjects.ward.profile import locator_classes, locator_frame
from dashboard.subjects.ward.words import district, headline, programme_facts
from dashboard.ui.geometry import outlines
from geodata.language import Words, joined, message
from geodata.language.alphabet import alphabet_key
from geodata.language.dates import day
from geodata.language.numbers import number
from geodata.language.own_words import own_words
from geodata.programme.criteria import criteria_words
from geodata.wards.neighbours import neighbours

Key = tuple[str, str]
"""Vintage and ward_code."""

ROOM = 0.3
"""So much of its own width and height is shown on each side of the ward."""


def ward_of_the_day(wards: Mapping[Key, str], today: datetime.date) -> Key | None:
    """Return the ward whose day it is: those of the programme by name, one after the other.

    Parameters
    ----------
    wards
        Name of each ward by vintage and code.
    today
        The day.
    """
    keys = sorted(wards, key=lambda key: (alphabet_key(wards[key]), key))
    return keys[today.toordinal() % len(keys)] if keys else None


def wards_of_programme(query: Query) -> dict[Key, str]:
    """Return the names of the wards of the programme as they were when that was recorded of them."""
    shown, evidence = programme(query), query.evidence()
    keys = [(query.vintage, code) for code in shown.programme_codes]
    keys += [(ward.vintage, ward.ward_code) for ward in shown.former.wards]
    return {key: str(evidence.ward(key)["ward_name"]) for key in keys}


def scene(view: View) -> Scene | None:
    """Return the scene of a ward; none where none is in the programme."""
    query, evidence = view.query, view.query.evidence()
    key = ward_of_the_day(wards_of_programme(query), view.today)
    if key is None:
        return None
    vintage, code = key
    units = of_vintage(query.published, "ward", vintage)
    shown = ward_of(evidence, key)
    told, touching = headline(shown, kin_of(evidence, key)), neighbours(key, units)
    classes, numbers = locator_classes(code, touching, list(units["ward_code"]))
    sources = [
        *evidence.rows("pilot_status", key)["source"],
        *evidence.rows("inspection", key)["source"][:1],
        evidence.ward(key)["boundary_source"],
    ]
    return Scene(
        "ward",
        told,
        {
            "numbers": _numbers(shown),
            "lines": [(label, text) for label, text in _lines(shown) if text],
            "source": source_line(sources, evidence.source),
        },
        replace(
            view.map(told, classes, numbers),
            geometry=outlines(query.published, vintage),
            labels=[code, *touching],
            selected=code,
            focus=widened(locator_frame(query.published, vintage, (code,)), ROOM),
        ),
        is_illustrative=shown.is_illustrative or shown.has_illustrative,
        vintage=vintage,
    )


def _lines(shown: Ward) -> list[tuple[Words, Words | str]]:
    lines: list[tuple[Words, Words | str]] = [(message("District level"), district(shown))]
    # Of a fact the first line alone: the others are for readers at a desk.
    for label, facts in groupby(programme_facts(shown), key=lambda fact: fact.label):
        lines.append((label, joined("; ", [fact.lines[0] for fact in facts])))
    if shown.inspections:
        last = shown.inspections[0]
        verdict = message(
            "Verdict: {verdict}", verdict=own_words(last.verdict or "") or message("not stated")
        )
        lines.append(
            (
                message("Last inspection"),
                joined(" · ", [day(last.day), verdict, *criteria_words(last.criteria)]),
            )
        )
    return lines


def _numbers(shown: Ward) -> list[tuple[Words, Words | str]]:
    numbers: list[tuple[Words, Words | str]] = []
    if shown.population is not None:
        year = "" if shown.population_year is None else f" ({int(shown.population_year)})"
        numbers.append((number(shown.population), joined("", [message("residents"), year])))
    numbers.append((number(shown.area_km2, 2), "km²"))
    return numbers
