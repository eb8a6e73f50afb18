"""The words that all forms of the hand-over share: names, times, legs."""

import datetime
import re
from itertools import pairwise

from babel.numbers import format_decimal

from geodata.itinerary.document import (
    Document,
    LunchBreak,
    TeamDay,
    TimedLeg,
    TimedStop,
    Totals,
    whole_minutes,
)
from geodata.itinerary.request import Premise
from geodata.language import Language, Message, Words, joined, message, number, render
from geodata.language.dates import day

_NOT_PLAIN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Line ends, and what XML forbids or advises against."""


def plain(text: str | None) -> str:
    """Return a text on one line, without characters that XML forbids."""
    return " ".join(_NOT_PLAIN.sub(" ", text or "").split())


def plainly(words: Words | str | None, language: Language) -> str:
    """Return words in a language as `plain` text."""
    return plain(render(words, language))


def title(document: Document, language: Language) -> str:
    """Return the itinerary's title, or one made from its date."""
    return plainly(document.title, language) or message(
        "Site visits on {day}", day=day(document.date)
    ).render(language)


def clock(moment: datetime.datetime, date: datetime.date) -> str:
    """Return the time of day as hh:mm, with its day where that is another one than the itinerary's."""
    return f"{moment:%H:%M}" if moment.date() == date else f"{moment:%H:%M (%d/%m)}"


def clock_or_nothing(moment: datetime.datetime | None, date: datetime.date) -> str:
    """Return the time of day as `clock`, empty where there is none."""
    return clock(moment, date) if moment else ""


def kilometres(distance_m: float) -> Words:
    """Return a distance in km with at most one digit."""
    return joined(" ", [number(distance_m / 1000, 1), "km"])


def minutes(length_min: float) -> Message:
    """Return a length of time in minutes, from one hour on in hours and minutes."""
    whole = whole_minutes(length_min)
    if whole < 60:
        return message("{minutes} min", minutes=whole)
    hours, rest = divmod(whole, 60)
    return message("{hours} h {minutes:02d} min", hours=hours, minutes=rest)


def team_name(team: TeamDay) -> Message:
    """Return what a team is called."""
    return message("Team {team}", team=team.team)


_DESCRIBED = {"UBND thành phố (trụ sở cũ)": message("City People's Committee (former seat)")}
"""Landmarks whose name is a description, which each language has in its own words."""


def place(stop: TimedStop) -> str:
    """Return the name of a stop, or its coordinates where it has none."""
    return plain(stop.name) or f"{stop.lat:.5f}, {stop.lon:.5f}"


def told_place(stop: TimedStop) -> Words | str:
    """Return `place` as it is told: a description in the reader's language."""
    return _DESCRIBED.get(place(stop), place(stop))


def label(stop: TimedStop) -> Words | str:
    """Return the name of a stop with its number, or with what it is."""
    if stop.kind == "start":
        return message("Start: {place}", place=told_place(stop))
    if stop.kind == "end":
        return message("End: {place}", place=told_place(stop))
    return f"{stop.number}. {place(stop)}"


def times(stop: TimedStop, date: datetime.date) -> Message:
    """Return when a team is at a stop, on the day of its itinerary, and whether that is an estimate."""
    names = ("arrival", "begins", "ends", "departure")
    shown = {name: clock_or_nothing(getattr(stop, name), date) for name in names}
    if stop.kind == "start":
        text = message("Departure {departure}", **shown)
    elif stop.kind == "end":
        text = message("Arrival {arrival}", **shown)
    else:
        text = message("Arrival {arrival}, visit {begins}–{ends}, departure {departure}", **shown)
    return message("{times} (estimated)", times=text) if stop.is_estimate else text


def told_legs(team: TeamDay) -> list[tuple[TimedLeg, Words | str]]:
    """Return the legs of a team, each with where from and to it leads, and whether its way is an estimate."""
    told: list[tuple[TimedLeg, Words | str]] = []
    for leg, ends in zip(team.legs, pairwise(team.stops), strict=True):
        text = " → ".join(map(place, ends))
        is_estimate = leg.method == "straight_line"
        told.append((leg, message("{leg} (straight line, estimated)", leg=text) if is_estimate else text))
    return told


def leg_facts(leg: TimedLeg) -> Words:
    """Return the length of a leg and how long it takes."""
    return joined(", ", [kilometres(leg.distance_m), minutes(leg.duration_min)])


def lunch_text(lunch: LunchBreak, team: TeamDay) -> Message:
    """Return from when to when a team has lunch, and after which stop."""
    return message(
        "{begins}–{ends} (estimated), after: {stop}",
        begins=clock(lunch.begins, team.date),
        ends=clock(lunch.ends, team.date),
        stop=label(team.stops[lunch.after]),
    )


def totals_text(totals: Totals) -> Message:
    """Return how far and how long a team is on its way."""
    return message(
        "{distance}; travel {travel}, visits {service}, waiting {waiting}, in all {duration}",
        distance=kilometres(totals.distance_m),
        travel=minutes(totals.travel_min),
        service=minutes(totals.service_min),
        waiting=minutes(totals.waiting_min),
        duration=minutes(totals.duration_min),
    )


def remarks(document: Document, language: Language) -> list[tuple[Message, str]]:
    """Return what is not visited and what is not kept: which of both, and of what and why."""
    told = []
    for heading, found in (
        (message("Not visited"), document.unassigned),
        (message("Not kept"), document.violations),
    ):
        for one in found:
            parts = [plain(one.name), plainly(one.reason, language)]
            told.append((heading, ": ".join(part for part in parts if part)))
    return told


def order_text(document: Document) -> Message:
    """Return how the stops came into their order: best is only what was looked for."""
    if not document.visits:
        return message("none: no stop is visited")
    if document.is_order_given:
        return message("arranged by the user; no better one was looked for")
    if document.proven_optimal:
        return message("the shortest of all orders (proven)")
    return message("the best found, not proven to be the best")


def background(document: Document, language: Language) -> list[tuple[Message, str]]:
    """Return what every file says besides stops and ways: what is left out, what is assumed, the notes."""
    told = remarks(document, language)
    headings = {False: message("Figures with a source"), True: message("Assumptions")}
    for is_assumption, heading in headings.items():
        figures = [
            _premise(one, language) for one in document.assumptions if one.is_assumption == is_assumption
        ]
        if figures:
            told.append((heading, "; ".join(figures)))
    told.append((message("Order of the stops"), order_text(document).render(language)))
    notes = " ".join(plainly(note, language) for note in document.notes)
    return [*told, (message("Note"), notes)] if notes else told


def background_lines(document: Document, language: Language) -> list[str]:
    """Return `background` as lines of text."""
    return [f"{heading.render(language)}: {text}" for heading, text in background(document, language)]


def _premise(premise: Premise, language: Language) -> str:
    what, value, unit, source = premise_parts(premise, language)
    shown = value if isinstance(value, str) else format_decimal(value, "#,##0.###", locale=language)
    text = f"{what} {shown} {unit}".strip()
    if source:
        return message("{figure} (source: {source})", figure=text, source=source).render(language)
    return text


def premise_parts(premise: Premise, language: Language) -> tuple[str, float | str, str, str]:
    """Return what a figure is, its value, unit and source, as plain text in a language."""
    value = plain(premise.value) if isinstance(premise.value, str) else premise.value
    return plainly(premise.what, language), value, plainly(premise.unit, language), plain(premise.source)
