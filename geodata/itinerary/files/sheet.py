"""An itinerary as a sheet of A4 to print: one file of HTML that needs nothing besides, a page a team."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
from babel.dates import format_date
from babel.numbers import format_decimal
from markupsafe import Markup

from geodata.itinerary.document import teams
from geodata.itinerary.files.sheet_font import font_faces
from geodata.itinerary.files.sheet_map import end_sign, map_svg, start_sign
from geodata.itinerary.files.wording import (
    begins,
    clock,
    day,
    kilometres,
    label,
    minutes,
    place,
    plain,
    team_name,
    title,
)
from geodata.language import DEFAULT_LANGUAGE, Language, translate

_WIDTH_MM = 186
_HEIGHT_MM = 275
"""Of A4 without its margins, which `sheet.css` sets."""
_LETTERS_OF_TITLE = 55
_LETTERS_OF_NAME = 33
_LETTERS_OF_LINE = 118
"""How many letters fit on a line of the title, a stop's name, and the small print; rather too few."""
_LEAST_MAP_MM = 52
_LARGEST_MAP_MM = 125
_LINES = "\N{HORIZONTAL ELLIPSIS}" * 40
"""Dots to write a contact on; what goes beyond the column is cut."""


_STRAIGHT = "*"
"""What marks a leg along a straight line in the list."""

_COLUMNS = Markup("<colgroup>{columns}</colgroup>").format(
    columns=Markup("").join(
        Markup('<col class="{name}">').format(name=name)
        for name in ("number", "stop", "contact", "time", "time", "time", "next")
    )
)


def sheet_html(
    document: dict[str, Any], language: Language = DEFAULT_LANGUAGE, wards: gpd.GeoDataFrame | None = None
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
    """
    several = teams(document)
    pages = Markup("").join(
        _page(document, team, language, wards, is_one_of_several=len(several) > 1) for team in several
    )
    style = font_faces() + Markup((Path(__file__).parent / "sheet.css").read_text())
    html = Markup(
        '<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>{title}</title>'
        "<style>{style}</style></head><body>{pages}</body></html>\n"
    ).format(
        language=language,
        title=f"{title(document, language)} {day(document['date'])}",
        style=style,
        pages=pages,
    )
    return str(html)


def _page(
    document: dict[str, Any],
    team: dict[str, Any],
    language: Language,
    wards: gpd.GeoDataFrame | None,
    *,
    is_one_of_several: bool,
) -> Markup:
    date = datetime.date.fromisoformat(document["date"])
    told = [
        f"{format_date(date, 'EEEE', locale=language).capitalize()}, {day(document['date'])}",
        translate("ward boundaries of {day}", language, day=day(document["vintage"])),
    ]
    if is_one_of_several:
        told.insert(0, team_name(team, language))
    visits = sum(stop["kind"] == "visit" for stop in team["stops"])
    name = title(document, language)
    small_print = _small_print(document, team, language)
    return Markup(
        '<section class="page"><h1>{title}</h1><p class="lead">{lead}</p><p class="day">{told}</p>'
        '{map}{legend}{table}<div class="small-print">{small_print}</div></section>'
    ).format(
        title=name,
        lead=_lead(team, visits, language),
        told=" · ".join(told),
        map=map_svg(team, language, _WIDTH_MM, _map_height(name, team, small_print), wards),
        legend=_legend(team, language),
        table=_table(team, language),
        small_print=Markup("").join(
            Markup("<p><b>{head}:</b> {text}</p>").format(head=head, text=text) for head, text in small_print
        ),
    )


def _map_height(name: str, team: dict[str, Any], small_print: Sequence[tuple[str, str]]) -> float:
    """Return how many millimetres the list and the small print leave to the map on one sheet."""
    extra = sum(len(place(stop)) // _LETTERS_OF_NAME for stop in team["stops"])
    visits = sum(stop["kind"] == "visit" for stop in team["stops"])
    others = len(team["stops"]) - visits + bool(team["lunch"])
    lines = sum(1 + (len(head) + len(text)) // _LETTERS_OF_LINE for head, text in small_print)
    titles = 1 + len(name) // _LETTERS_OF_TITLE
    left = _HEIGHT_MM - 45 - 7 * titles - 8.7 * visits - 6 * others - 4.2 * extra - 4 * lines
    return float(round(min(max(left, _LEAST_MAP_MM), _LARGEST_MAP_MM)))


def _lead(team: dict[str, Any], visits: int, language: Language) -> str:
    last = team["stops"][-1]
    return translate(
        "{visits} visits, {distance}, from {departure} to {end} (estimated)",
        language,
        visits=visits,
        distance=kilometres(team["totals"]["distance_m"], language),
        departure=clock(team["stops"][0]["departure"]),
        end=clock(last["departure"] or last["arrival"]),
    )


def _legend(team: dict[str, Any], language: Language) -> Markup:
    words = {
        "network": translate("way along the streets", language),
        "straight_line": translate("straight line: way and time are estimated", language) + f" ({_STRAIGHT})",
    }
    looks = {"network": "leg", "straight_line": "leg estimate"}
    used = {leg["method"] for leg in team["legs"]}
    keys = [
        Markup(
            '<span><svg class="map" viewBox="0 0 9 2" aria-hidden="true">'
            '<path class="{look}" d="M0 1H9"/></svg>{words}</span>'
        ).format(look=looks[method], words=words[method])
        for method in looks
        if method in used
    ]
    signs = [f"{start_sign(language)}: {translate('start', language)}"]
    if team["stops"][-1]["kind"] == "end":
        signs.append(f"{end_sign(language)}: {translate('end', language)}")
    return Markup('<p class="legend">{keys}<span>{signs}</span></p>').format(
        keys=Markup("").join(keys), signs=", ".join(signs)
    )


def _table(team: dict[str, Any], language: Language) -> Markup:
    heads = {
        "number": translate("No.", language),
        "stop": translate("Stop", language),
        "contact": translate("Contact", language),
        "next": translate("To the next stop (estimated)", language),
    }
    times = (
        translate("arrival", language),
        translate("visit from", language),
        translate("departure", language),
    )
    tall = {
        name: Markup('<th class="{name}" scope="col" rowspan="2">{text}</th>').format(name=name, text=text)
        for name, text in heads.items()
    }
    head = Markup(
        "<thead><tr>{number}{stop}{contact}"
        '<th class="times" scope="colgroup" colspan="3">{time}</th>{next}</tr><tr>{times}</tr></thead>'
    ).format(
        **tall,
        time=translate("Time (estimated)", language),
        times=Markup("").join(
            Markup('<th class="time" scope="col">{text}</th>').format(text=text) for text in times
        ),
    )
    rows = []
    for position in range(len(team["stops"])):
        rows.append(_row(team, position, language))
        if team["lunch"] and team["lunch"]["after"] == position:
            rows.append(_lunch(team["lunch"], language))
    return Markup("<table>{columns}{head}<tbody>{rows}{totals}</tbody></table>").format(
        columns=_COLUMNS, head=head, rows=Markup("").join(rows), totals=_totals(team, language)
    )


def _row(team: dict[str, Any], position: int, language: Language) -> Markup:
    stop = team["stops"][position]
    signs = {"start": start_sign(language), "end": end_sign(language)}
    is_visit = stop["kind"] == "visit"
    called = (
        Markup('<td class="stop">{place}</td><td class="contact"><span>{lines}</span></td>')
        if is_visit
        else Markup('<td class="stop" colspan="2">{place}</td>')
    )
    cells = (
        ("time", clock(stop["arrival"]) if stop["arrival"] else ""),
        ("time", clock(begins(stop)) if is_visit else ""),
        ("time", clock(stop["departure"]) if stop["departure"] else ""),
        ("next", next((_next(leg, language) for leg in team["legs"] if leg["from"] == position), "")),
    )
    return Markup('<tr class="{kind}"><td class="number">{sign}</td>{called}{cells}</tr>').format(
        kind=stop["kind"],
        sign=signs.get(stop["kind"], stop["number"]),
        called=called.format(place=_place(stop, language), lines=_LINES),
        cells=Markup("").join(
            Markup('<td class="{look}">{cell}</td>').format(look=look, cell=cell) for look, cell in cells
        ),
    )


def _place(stop: dict[str, Any], language: Language) -> Markup:
    if stop["kind"] != "visit" or not stop["ward_code"]:
        return Markup("{name}").format(name=place(stop) if stop["kind"] == "visit" else label(stop, language))
    return Markup('{name} <span class="code">{code}</span>').format(
        name=place(stop), code=plain(stop["ward_code"])
    )


def _next(leg: dict[str, Any], language: Language) -> str:
    told = f"{kilometres(leg['distance_m'], language)} · {minutes(leg['duration_min'], language)}"
    return f"{told}\N{NO-BREAK SPACE}{_STRAIGHT}" if leg["method"] == "straight_line" else told


def _lunch(lunch: dict[str, Any], language: Language) -> Markup:
    told = translate(
        "Lunch {begins}–{ends} (estimated)",
        language,
        begins=clock(lunch["begins"]),
        ends=clock(lunch["ends"]),
    )
    return Markup('<tr class="lunch"><td></td><td colspan="6">{told}</td></tr>').format(told=told)


def _totals(team: dict[str, Any], language: Language) -> Markup:
    totals = team["totals"]
    told = translate(
        "{distance}; travel {travel}, visits {service}, waiting {waiting}, in all {duration}",
        language,
        distance=kilometres(totals["distance_m"], language),
        travel=minutes(totals["travel_min"], language),
        service=minutes(totals["service_min"], language),
        waiting=minutes(totals["waiting_min"], language),
        duration=minutes(totals["duration_min"], language),
    )
    return Markup('<tr class="totals"><td></td><td colspan="6">{told}</td></tr>').format(
        told=translate("In all (estimated): {told}", language, told=told)
    )


def _small_print(document: dict[str, Any], team: dict[str, Any], language: Language) -> list[tuple[str, str]]:
    lines = [
        (translate("Not visited", language), f"{plain(left['name'])}: {plain(left['reason'])}")
        for left in document["unassigned"]
    ]
    for broken in document["violations"]:
        told = [plain(broken["name"]), plain(broken["reason"])]
        lines.append((translate("Not kept", language), ": ".join(part for part in told if part)))
    waits = [
        translate(
            "{minutes} at {stop}",
            language,
            minutes=minutes(stop["waiting_min"], language),
            stop=label(stop, language),
        )
        for stop in team["stops"]
        if stop["waiting_min"]
    ]
    if waits:
        lines.append((translate("Waiting", language), "; ".join(waits)))
    headings = {
        False: translate("Figures with a source", language),
        True: translate("Assumptions", language),
    }
    for is_assumption, heading in headings.items():
        figures = [
            _assumption(told, language)
            for told in document["assumptions"]
            if told["is_assumption"] == is_assumption
        ]
        if figures:
            lines.append((heading, "; ".join(figures)))
    order = [
        translate("proven to be the best", language)
        if document["proven_optimal"]
        else translate("the best found, not proven to be the best", language)
    ]
    gain = document["gain"]
    if gain and gain["travel_min"] >= 1:
        saved = minutes(gain["travel_min"], language)
        order.append(translate("{minutes} less travel than in the order given", language, minutes=saved))
    lines.append((translate("Order of the stops", language), "; ".join(order)))
    notes = " ".join(plain(note) for note in document["notes"])
    return [*lines, (translate("Note", language), notes)] if notes else lines


def _assumption(told: dict[str, Any], language: Language) -> str:
    value = told["value"]
    shown = plain(value) if isinstance(value, str) else format_decimal(value, "#,##0.###", locale=language)
    text = f"{plain(told['what'])} {shown} {plain(told['unit'])}".strip()
    if told["source"]:
        return translate("{figure} (source: {source})", language, figure=text, source=plain(told["source"]))
    return text
