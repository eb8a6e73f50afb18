"""What a route says in words: its sentence, totals, gain, what finds no place, notes and assumptions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.ui.citations import badge, source_note
from dashboard.ui.formats import day, number
from geodata.contract.errors import Fault
from geodata.itinerary.cases import NOT_HISTORY
from geodata.itinerary.document import Document, TeamDay
from geodata.itinerary.files.wording import clock, kilometres, minutes, plain
from geodata.itinerary.request import Request, end_place
from geodata.language import Language, message, render, translate

FIELD_NAMES = {
    "date": message("Day"),
    "start": message("From"),
    "end": message("Ends"),
    "stop": message("Stop"),
    "service-min": message("Minutes a stop"),
    "window": message("Times of a stop"),
    "load": message("Load"),
    "teams": message("Teams"),
    "capacity": message("Capacity of a team's vehicle"),
    "shift": message("Longest shift of a team, minutes"),
}
"""What the page calls the parts of a request in which a fault can lie."""

LEAST_M, LEAST_MIN = 50, 0.5
"""Two ways that differ by less count as the same."""


def codes_of(document: Document) -> list[str]:
    """Return the codes of the wards that are visited."""
    return [stop.ward_code for stop in document.visits if stop.ward_code]


def counted(codes: Sequence[str | None], kinds: Mapping[str, str], language: Language) -> str:
    """Return how many places there are, as wards, as units of commune level, or as places.

    Parameters
    ----------
    codes
        Code of the ward of each; ``None`` of a place for which none stands.
    kinds
        Kinds of wards by their code.
    language
        Language of the reader.
    """
    count, shown = len(codes), number(len(codes), language)
    found = {kinds.get(code) if code else None for code in codes}
    if None in found or not found:
        if count == 1:
            return translate("1 place", language)
        return translate("{count} places", language, count=shown)
    if found <= {"phường"}:
        if count == 1:
            return translate("1 ward", language)
        return translate("{count} wards", language, count=shown)
    return translate("{count} wards and communes", language, count=shown)


def is_illustrative(request: Request) -> bool:
    """Return whether a place of a request was generated to show the program."""
    places = [request.start, end_place(request), *(call.place for call in request.calls)]
    return any(place.is_illustrative for place in places)


def headline(
    document: Document, kinds: Mapping[str, str], language: Language, *, is_generated: bool = False
) -> str:
    """Return the sentence of a route: how many places, how long, how far, from when to when.

    Parameters
    ----------
    document
        See `geodata.itinerary.document.document`.
    kinds
        Kinds of wards by their code.
    language
        Language of the reader.
    is_generated
        It rests on places that are illustrative, and says so.
    """
    told = _sentence(document, kinds, language)
    return translate("Illustrative: {told}", language, told=told) if is_generated else told


def _sentence(document: Document, kinds: Mapping[str, str], language: Language) -> str:
    listed = [team for team in document.teams if len(team.stops) > 1]
    left = len(document.unassigned)
    if not document.visits:
        return translate("None of {count} places can be visited on these terms", language, count=left)
    lasts = [team.stops[-1] for team in listed]
    ends = [moment for last in lasts if (moment := last.departure or last.arrival)]
    values = {
        "places": counted([stop.ward_code for stop in document.visits], kinds, language),
        "time": minutes(max(team.totals.duration_min for team in listed)),
        "distance": kilometres(sum(team.totals.distance_m for team in listed)),
        "departure": clock(min(moment for team in listed if (moment := team.stops[0].departure))),
        "end": clock(max(ends)),
        "teams": number(len(listed), language),
    }
    is_open = any(team.stops[-1].kind != "end" for team in listed)
    if len(listed) > 1:
        said = translate(
            "{places} by {teams} teams within {time}, {distance} in all; from {departure} to {end}",
            language,
            **values,
        )
    elif is_open:
        said = translate(
            "{places} in {time}, {distance}; departure {departure}, last visit ends {end}", language, **values
        )
    elif _is_back(listed[0]):
        said = translate(
            "{places} in {time}, {distance}; departure {departure}, back {end}", language, **values
        )
    else:
        said = translate(
            "{places} in {time}, {distance}; departure {departure}, at the end {end}", language, **values
        )
    if left:
        said += "; " + translate("{count} asked for and left out", language, count=number(left, language))
    return said


def _is_back(team: TeamDay) -> bool:
    first, last = team.stops[0], team.stops[-1]
    return (first.lat, first.lon) == (last.lat, last.lon)


def subline(document: Document, request: Request, language: Language) -> Markup:
    """Return what stands below the sentence: the day, its boundaries, where from, and what is no history."""
    parts = [
        translate(
            "On {day}, on the boundaries that then hold (from {vintage}); from {place}",
            language,
            day=day(document.date, language),
            vintage=day(document.vintage, language),
            place=plain(request.start.name),
        )
    ]
    if request.title is not None:
        parts.append(NOT_HISTORY.render(language).rstrip("."))
    marked = badge(language) + " " if is_illustrative(request) else Markup("")
    return Markup('<p class="hp-sub">{}{}</p>').format(marked, " · ".join(parts))


def difference(metres: float, mins: float, language: Language) -> str:
    """Return by how much a way is shorter (positive) or longer, in km and minutes."""
    parts = []
    if abs(metres) >= LEAST_M:
        distance = kilometres(abs(metres))
        parts.append(
            translate("{distance} shorter", language, distance=distance)
            if metres > 0
            else translate("{distance} longer", language, distance=distance)
        )
    if abs(mins) >= LEAST_MIN:
        time = minutes(abs(mins))
        parts.append(
            translate("{time} less on the road", language, time=time)
            if mins > 0
            else translate("{time} more on the road", language, time=time)
        )
    return ", ".join(parts)


def told(document: Document, best: Document | None, language: Language) -> Markup:
    """Return totals, the gain or the cost of a locked order, and whether the plan is proven best.

    Parameters
    ----------
    document
        See `geodata.itinerary.document.document`.
    best
        The document of the best order, where another one is locked; else ``None``.
    language
        Language of the reader.
    """
    sums = document.totals
    on_road, on_site = minutes(sums.travel_min), minutes(sums.service_min)
    lines = [translate("On the road {travel}, visits {service}", language, travel=on_road, service=on_site)]
    if sums.waiting_min >= LEAST_MIN:
        lines[0] += translate(", waiting {waiting}", language, waiting=minutes(sums.waiting_min))
    item = Markup("<li>{}</li>")
    if best is not None:
        longer = difference(
            best.totals.distance_m - sums.distance_m,
            best.totals.travel_min - sums.travel_min,
            language,
        )
        lines.append(
            translate("Locked order: {difference} than the best one found", language, difference=longer)
            if longer
            else translate("Locked order: as short as the best one found", language)
        )
    elif document.gain is not None:
        gain = difference(document.gain.distance_m, document.gain.travel_min, language)
        lines.append(
            translate("Against the order given: {difference}", language, difference=gain)
            if gain
            else translate("The order given is as short", language)
        )
    if best is None:
        lines.append(
            translate("Proven best: no other plan travels less", language)
            if document.proven_optimal
            else translate("The best found so far; that there is no better one is not proven", language)
        )
    broken = [
        Markup('<li class="rt-warn">{}{}</li>').format(
            f"{one.name}: " if one.name else "", one.reason.render(language)
        )
        for one in document.violations
    ]
    return Markup('<ul class="rt-said">{}</ul>').format(
        Markup("").join([*(item.format(line) for line in lines), *broken])
    )


def notes(document: Document, sources: pd.DataFrame, language: Language) -> Markup:
    """Return the notes of an itinerary, and its assumptions with their sources, opened in place."""
    said = Markup("").join(Markup("<li>{}</li>").format(note.render(language)) for note in document.notes)
    rows = Markup("").join(
        Markup("<li>{}: <b>{}</b> {}</li>").format(
            one.what.render(language),
            " ".join(part for part in (_value(one.value, language), render(one.unit, language)) if part),
            Markup("({})").format(translate("an assumption", language))
            if one.is_assumption or not one.source
            else source_note(one.source, sources, language),
        )
        for one in document.assumptions
    )
    return Markup(
        '<ul class="rt-said">{}</ul><details class="hp-source rt-premises"><summary>{}</summary>'
        "<span><ul class='rt-said'>{}</ul></span></details>"
    ).format(said, translate("What it rests on: assumptions and sources", language), rows)


def _value(value: Any, language: Language) -> str:
    return value if isinstance(value, str) else number(value, language, 2)


def faults_text(faults: Sequence[Fault], language: Language) -> str:
    """Return all faults of a request as one message, a line each, as Markdown that shows them as they are."""
    lines = [
        replace(
            fault, file=FIELD_NAMES[fault.file].render(language) if fault.file in FIELD_NAMES else fault.file
        ).render(language)
        for fault in faults
    ]
    head = translate("No route can be made of this:", language)
    return "\n".join([head, *(f"- {_plain(line)}" for line in lines)])


def _plain(text: str) -> str:
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()<>#+-.!|~$:" else letter for letter in text)


def empty_subline(typed: str, vintage: str, language: Language) -> Markup:
    """Return what stands below the sentence where nothing is chosen: the day and its boundaries."""
    return Markup('<p class="hp-sub">{}</p>').format(
        translate(
            "On {day}, on the boundaries that then hold (from {vintage}), whichever are chosen above",
            language,
            day=typed,
            vintage=day(vintage, language),
        )
    )


def empty_note(language: Language) -> Markup:
    """Return what stands where nothing is chosen yet."""
    return Markup('<p class="hp-none">{}</p>').format(
        translate(
            "Click wards on the map or add them from the list; the order, the times and the way follow. Or "
            "begin with one of the real visits:",
            language,
        )
    )
