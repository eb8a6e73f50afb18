"""An itinerary as a sheet of A4 to print: one file of HTML that needs nothing besides, a page a team."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import geopandas as gpd
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from geodata.itinerary.document import Document, TeamDay, TimedLeg, whole_minutes
from geodata.itinerary.files.sheet_font import fonts
from geodata.itinerary.files.sheet_map import RADIUS_MM, SIGNS, Drawing, draw_map
from geodata.itinerary.files.wording import (
    background,
    clock,
    clock_or_nothing,
    kilometres,
    label,
    minutes,
    place,
    plain,
    team_name,
    title,
    totals_text,
)
from geodata.language import DEFAULT_LANGUAGE, Language, Message, Words, joined, message, render
from geodata.language.dates import day

_WIDTH_MM = 186
_HEIGHT_MM = 275
"""Of A4 without its margins, which `sheet.css` sets."""
_LETTERS_OF_TITLE = 55
_LETTERS_OF_NAME = 33
_LETTERS_OF_LINE = 118
"""How many letters fit on a line of the title, a stop's name, and the small print; rather too few."""
_LEAST_MAP_MM = 52
_LARGEST_MAP_MM = 125
_DOTS = "\N{HORIZONTAL ELLIPSIS}" * 40
"""Dots to write a contact on; what goes beyond the column is cut."""

_STRAIGHT = "*"
"""What marks a leg along a straight line in the list."""

_WORDS = {
    "number": message("No."),
    "stop": message("Stop"),
    "contact": message("Contact"),
    "time": message("Time (estimated)"),
    "next": message("To the next stop (estimated)"),
    "arrival": message("arrival"),
    "begins": message("visit from"),
    "departure": message("departure"),
    "about": message("Map of the way with the stops by number"),
    "north": message("N"),
}


@dataclass(frozen=True)
class _Page:
    """What the sheet of one team says and draws."""

    team: TeamDay
    lead: Message
    told: Words
    map: Drawing
    legend: list[tuple[str, Words]]
    signs: Words
    lunch: Message | None
    totals: Message
    small_print: list[tuple[Message, str]]


def sheet_html(
    document: Document,
    language: Language = DEFAULT_LANGUAGE,
    wards: gpd.GeoDataFrame | None = None,
    outline_lines: Sequence[Words] = (),
) -> str:
    """Return an itinerary as a page of HTML to print on A4, a sheet a team.

    Up to 12 stops fit on one sheet; the map gives way to the list.

    Parameters
    ----------
    document
        See `geodata.itinerary.document`.
    language
        Language of the reader.
    wards
        Boundaries of the itinerary's vintage in EPSG:4326 with ``ward_code``, drawn below the way.
    outline_lines
        What is said of these boundaries (`geodata.wards.outline_notes.OutlineNotes.lines`).
    """
    template = _templates(language).get_template("sheet.html.j2")
    return template.render(
        document=document,
        language=language,
        title=title(document, language),
        pages=[_page(document, team, language, wards, outline_lines) for team in document.teams],
        fonts=fonts(),
        words=_WORDS,
        signs=SIGNS,
        radius=RADIUS_MM,
        dots=_DOTS,
        day=day,
        clock_or_nothing=clock_or_nothing,
        label=label,
        place=place,
        plain=plain,
        way_to_next=_way_to_next,
    )


@cache
def _templates(language: Language) -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=partial(render, language=language),
    )


def _page(
    document: Document,
    team: TeamDay,
    language: Language,
    wards: gpd.GeoDataFrame | None,
    outline_lines: Sequence[Words],
) -> _Page:
    weekday = format_date(document.date, "EEEE", locale=language).capitalize()
    told: list[Words | str] = [
        f"{weekday}, {day(document.date)}",
        message("ward boundaries of {day}", day=day(document.vintage)),
    ]
    if len(document.teams) > 1:
        told.insert(0, team_name(team))
    small_print = _small_print(document, team, language)
    if outline_lines:
        small_print.append((message("Outlines"), joined(". ", outline_lines).render(language)))
    height = _map_height(title(document, language), team, small_print, language)
    lunch = team.lunch
    return _Page(
        team=team,
        lead=_lead(team),
        told=joined(" · ", told),
        map=draw_map(team, _WIDTH_MM, height, wards, language),
        legend=_legend(team),
        signs=joined(", ", [joined(": ", pair) for pair in _ends(team)]),
        lunch=None
        if lunch is None
        else message(
            "Lunch {begins}–{ends} (estimated)",
            begins=clock(lunch.begins, team.date),
            ends=clock(lunch.ends, team.date),
        ),
        totals=message("In all (estimated): {told}", told=totals_text(team.totals)),
        small_print=small_print,
    )


def _map_height(
    name: str, team: TeamDay, small_print: Sequence[tuple[Message, str]], language: Language
) -> float:
    """Return how many millimetres the list and the small print leave to the map on one sheet."""
    extra = sum(len(place(stop)) // _LETTERS_OF_NAME for stop in team.stops)
    visits = len(team.visits)
    others = len(team.stops) - visits + bool(team.lunch)
    lines = sum(
        1 + (len(head.render(language)) + len(text)) // _LETTERS_OF_LINE for head, text in small_print
    )
    titles = 1 + len(name) // _LETTERS_OF_TITLE
    left = _HEIGHT_MM - 45 - 7 * titles - 8.7 * visits - 6 * others - 4.2 * extra - 4 * lines
    return float(round(min(max(left, _LEAST_MAP_MM), _LARGEST_MAP_MM)))


def _lead(team: TeamDay) -> Message:
    first, last = team.stops[0], team.stops[-1]
    return message(
        "{visits} visits, {distance}, from {departure} to {end} (estimated)",
        visits=len(team.visits),
        distance=kilometres(team.totals.distance_m),
        departure=clock_or_nothing(first.departure, team.date),
        end=clock_or_nothing(last.departure or last.arrival, team.date),
    )


def _legend(team: TeamDay) -> list[tuple[str, Words]]:
    """Return the looks of the ways that occur, and what they mean."""
    straight = message("straight line: way and time are estimated")
    looks: dict[str, tuple[str, Words]] = {
        "network": ("leg", message("way along the streets")),
        "straight_line": ("leg estimate", joined(" ", [straight, f"({_STRAIGHT})"])),
    }
    used = {leg.method for leg in team.legs}
    return [told for method, told in looks.items() if method in used]


def _ends(team: TeamDay) -> list[tuple[Message, Message]]:
    """Return the signs of start and end, and what they mean."""
    signs = [(SIGNS["start"], message("start"))]
    return [*signs, (SIGNS["end"], message("end"))] if team.stops[-1].kind == "end" else signs


def _way_to_next(leg: TimedLeg) -> Words:
    told = joined(" · ", [kilometres(leg.distance_m), minutes(leg.duration_min)])
    return joined("\N{NO-BREAK SPACE}", [told, _STRAIGHT]) if leg.method == "straight_line" else told


def _small_print(document: Document, team: TeamDay, language: Language) -> list[tuple[Message, str]]:
    lines = background(document, language)
    waits = [
        message("{minutes} at {stop}", minutes=minutes(stop.waiting_min), stop=label(stop))
        for stop in team.stops
        if whole_minutes(stop.waiting_min)
    ]
    if waits:
        lines.insert(0, (message("Waiting"), joined("; ", waits).render(language)))
    gain = document.gain
    if gain and gain.travel_min >= 1:
        saved = message("{minutes} less travel", minutes=minutes(gain.travel_min))
        lines.append((message("Against the order given"), saved.render(language)))
    return lines
