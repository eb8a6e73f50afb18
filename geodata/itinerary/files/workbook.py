"""An itinerary as an Excel workbook: stops, legs, assumptions, notes.

Text is written as text: a name that begins with ``=`` is no formula.
"""

import datetime
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from geodata.itinerary.document import teams
from geodata.itinerary.files.wording import (
    begins,
    ends,
    kilometres,
    lunch,
    minutes,
    place,
    plain,
    team_name,
    title,
)
from geodata.language import DEFAULT_LANGUAGE, Language, translate

Cell = str | float | datetime.datetime | datetime.date | None

_FORMATS = {
    "head": {"bold": True, "text_wrap": True, "valign": "top"},
    "time": {"num_format": "dd/mm/yyyy hh:mm", "align": "left"},
    "date": {"num_format": "dd/mm/yyyy", "align": "left"},
}


def xlsx(document: dict[str, Any], language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return an itinerary as a workbook with a sheet of stops, of legs, of assumptions, and of notes.

    Parameters
    ----------
    document
        See `geodata.itinerary.document`.
    language
        Language of the reader.
    """
    sheets = {
        translate("Stops", language): _stops(document, language),
        translate("Legs", language): _legs(document, language),
        translate("Assumptions", language): _assumptions(document, language),
        translate("Notes", language): _notes(document, language),
    }
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        # Of the plan, not of the clock: the same itinerary is the same file.
        created = _local(document["depart"])
        book.set_properties({"title": title(document, language), "created": created})
        formats = {name: book.add_format(look) for name, look in _FORMATS.items()}
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    _write(sheet, line, column, value, formats)
            for column, (heading, *values) in enumerate(zip(*rows, strict=True)):
                sheet.set_column(column, column, _width(heading, values))
    return buffer.getvalue()


def _write(sheet: Any, row: int, column: int, value: Cell, formats: dict[str, Any]) -> None:
    if isinstance(value, datetime.datetime):
        sheet.write_datetime(row, column, value, formats["time"])
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value, formats["date"])
    elif value and isinstance(value, str):
        sheet.write_string(row, column, value, *([formats["head"]] if row == 0 else []))
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)


def _width(heading: Cell, values: Sequence[Cell]) -> float:
    """Return how wide a column has to be, in characters; long headings are wrapped, long texts cut."""
    lengths = [16 if isinstance(value, datetime.datetime) else len(str(value or "")) for value in values]
    return min(max([7, len(str(heading)) * 0.7, *lengths]) + 2, 70)


def _local(iso: str | None) -> datetime.datetime | None:
    """Return a time as the clocks of Hải Phòng show it: Excel knows no time zones."""
    return datetime.datetime.fromisoformat(iso).replace(tzinfo=None) if iso else None


def _yes(value: bool, language: Language) -> str:
    return translate("yes", language) if value else translate("no", language)


def _kind(stop: dict[str, Any], language: Language) -> str:
    words = {
        "start": translate("start", language),
        "visit": translate("visit", language),
        "end": translate("end", language),
    }
    return words[stop["kind"]]


def _stops(document: dict[str, Any], language: Language) -> Sequence[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [
        [
            translate("Team", language),
            translate("No.", language),
            translate("Kind of stop", language),
            translate("Place", language),
            translate("Ward code", language),
            translate("Latitude", language),
            translate("Longitude", language),
            translate("Arrival", language),
            translate("Visit begins", language),
            translate("Visit ends", language),
            translate("Departure", language),
            translate("Visit (min)", language),
            translate("Waiting (min)", language),
            translate("People", language),
            translate("Times are estimated", language),
        ]
    ]
    for team in teams(document):
        for stop in team["stops"]:
            is_visit = stop["kind"] == "visit"
            rows.append(
                [
                    team_name(team, language),
                    stop["number"] if is_visit else None,
                    _kind(stop, language),
                    place(stop),
                    stop["ward_code"],
                    stop["lat"],
                    stop["lon"],
                    _local(stop["arrival"]),
                    begins(stop).replace(tzinfo=None) if is_visit else None,
                    ends(stop).replace(tzinfo=None) if is_visit else None,
                    _local(stop["departure"]),
                    stop["service_min"] if is_visit else None,
                    stop["waiting_min"] if is_visit else None,
                    stop["load"] if is_visit else None,
                    _yes(stop["is_estimate"], language),
                ]
            )
    return rows


def _legs(document: dict[str, Any], language: Language) -> Sequence[Sequence[Cell]]:
    methods = {
        "network": translate("street network", language),
        "straight_line": translate("straight line, estimated", language),
    }
    rows: list[Sequence[Cell]] = [
        [
            translate("Team", language),
            translate("From", language),
            translate("To", language),
            translate("Distance (km)", language),
            translate("Travel (min)", language),
            translate("Method", language),
        ]
    ]
    for team in teams(document):
        for leg in team["legs"]:
            rows.append(
                [
                    team_name(team, language),
                    place(team["stops"][leg["from"]]),
                    place(team["stops"][leg["to"]]),
                    round(leg["distance_m"] / 1000, 3),
                    round(leg["duration_min"], 1),
                    methods[leg["method"]],
                ]
            )
    return rows


def _assumptions(document: dict[str, Any], language: Language) -> Sequence[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [
        [
            translate("Figure", language),
            translate("Value", language),
            translate("Unit", language),
            translate("Source", language),
            translate("Is an assumption", language),
        ]
    ]
    for told in document["assumptions"]:
        value = told["value"]
        rows.append(
            [
                plain(told["what"]),
                plain(value) if isinstance(value, str) else value,
                plain(told["unit"]),
                plain(told["source"]),
                _yes(told["is_assumption"], language),
            ]
        )
    return rows


def _notes(document: dict[str, Any], language: Language) -> Sequence[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [
        [translate("Itinerary", language), title(document, language)],
        [translate("Date", language), datetime.date.fromisoformat(document["date"])],
        [translate("Boundaries of", language), datetime.date.fromisoformat(document["vintage"])],
        [translate("Proven best order", language), _yes(document["proven_optimal"], language)],
    ]
    for team in teams(document):
        totals = team["totals"]
        rows.append(
            [
                translate("Totals, {team}", language, team=team_name(team, language)),
                translate(
                    "{distance}; travel {travel}, visits {service}, waiting {waiting}, in all {duration}",
                    language,
                    distance=kilometres(totals["distance_m"], language),
                    travel=minutes(totals["travel_min"], language),
                    service=minutes(totals["service_min"], language),
                    waiting=minutes(totals["waiting_min"], language),
                    duration=minutes(totals["duration_min"], language),
                ),
            ]
        )
        if team["lunch"]:
            rows.append(
                [translate("Lunch, {team}", language, team=team_name(team, language)), lunch(team, language)]
            )
    for left in document["unassigned"]:
        rows.append([translate("Not visited", language), f"{plain(left['name'])}: {plain(left['reason'])}"])
    for broken in document["violations"]:
        told = [plain(broken["name"]), plain(broken["reason"])]
        rows.append([translate("Not kept", language), ": ".join(part for part in told if part)])
    rows.extend([translate("Note", language), plain(note)] for note in document["notes"])
    return rows
