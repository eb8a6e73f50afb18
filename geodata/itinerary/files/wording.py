"""The words that all forms of the hand-over share: names, times, legs."""

import datetime
import math
import re
from itertools import pairwise

from geodata.itinerary.document import Document, LunchBreak, TeamDay, TimedLeg, TimedStop, Totals
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


def clock(moment: datetime.datetime) -> str:
    """Return the time of day as hh:mm, to the nearest minute."""
    return f"{moment + datetime.timedelta(seconds=30):%H:%M}"


def clock_or_nothing(moment: datetime.datetime | None) -> str:
    """Return the time of day, empty where there is none."""
    return clock(moment) if moment else ""


def kilometres(distance_m: float) -> Words:
    """Return a distance in km with at most one digit."""
    return joined(" ", [number(distance_m / 1000, 1), "km"])


def minutes(length_min: float) -> Message:
    """Return a length of time in minutes, from one hour on in hours and minutes."""
    whole = math.floor(length_min + 0.5)
    if whole < 60:
        return message("{minutes} min", minutes=whole)
    hours, rest = divmod(whole, 60)
    return message("{hours} h {minutes:02d} min", hours=hours, minutes=rest)


def team_name(team: TeamDay) -> Message:
    """Return what a team is called."""
    return message("Team {team}", team=team.team)


def place(stop: TimedStop) -> str:
    """Return the name of a stop, or its coordinates where it has none."""
    return plain(stop.name) or f"{stop.lat:.5f}, {stop.lon:.5f}"


def label(stop: TimedStop) -> Words | str:
    """Return the name of a stop with its number, or with what it is."""
    if stop.kind == "start":
        return message("Start: {place}", place=place(stop))
    if stop.kind == "end":
        return message("End: {place}", place=place(stop))
    return f"{stop.number}. {place(stop)}"


def times(stop: TimedStop) -> Message:
    """Return when a team is at a stop, and whether that is an estimate."""
    shown = {
        name: clock_or_nothing(getattr(stop, name)) for name in ("arrival", "begins", "ends", "departure")
    }
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
        begins=clock(lunch.begins),
        ends=clock(lunch.ends),
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


def premise_parts(premise: Premise, language: Language) -> tuple[str, float | str, str, str]:
    """Return what a figure is, its value, unit and source, as plain text in a language."""
    value = plain(premise.value) if isinstance(premise.value, str) else premise.value
    return plainly(premise.what, language), value, plainly(premise.unit, language), plain(premise.source)
