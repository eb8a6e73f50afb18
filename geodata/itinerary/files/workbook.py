"""An itinerary as an Excel workbook: stops, legs, assumptions, notes.

Text is written as text: a name that begins with ``=`` is no formula.
"""

import datetime
import io
from itertools import pairwise

from geodata.itinerary.document import Document, TimedStop, whole_minutes
from geodata.itinerary.files.wording import (
    lunch_text,
    order_text,
    place,
    plainly,
    premise_parts,
    remarks,
    team_name,
    title,
    totals_text,
)
from geodata.itinerary.request import DEPARTURE
from geodata.language import DEFAULT_LANGUAGE, Language, Words, message, render
from geodata.language.dates import day
from geodata.workbook import workbook, write_table

Cell = str | Words | float | datetime.datetime | datetime.date | None
Rows = list[list[Cell]]


def xlsx(document: Document, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return an itinerary as a workbook with a sheet of stops, of legs, of assumptions, and of notes.

    Parameters
    ----------
    document
        See `geodata.itinerary.document`.
    language
        Language of the reader.
    """
    sheets = (
        (message("Stops"), _stops(document)),
        (message("Legs"), _legs(document)),
        (message("Assumptions"), _assumptions(document, language)),
        (message("Notes"), _notes(document, language)),
    )
    buffer = io.BytesIO()
    with workbook(buffer) as book:
        # Of the plan, not of the clock: the same itinerary is the same file.
        created = _local(document.depart)
        book.set_properties({"title": title(document, language), "created": created})
        for name, said in sheets:
            rows = [[render(cell, language) for cell in row] for row in said]
            sheet = write_table(book, name.render(language), rows, widest=70)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
    return buffer.getvalue()


def _local(moment: datetime.datetime | None) -> datetime.datetime | None:
    """Return a time as the clocks of Hải Phòng show it: Excel knows no time zones."""
    return moment and moment.replace(tzinfo=None)


_YES_NO = {True: message("yes"), False: message("no")}
_KINDS = {"start": message("start"), "visit": message("visit"), "end": message("end")}
_METHODS = {"network": message("street network"), "straight_line": message("straight line, estimated")}


def _stops(document: Document) -> Rows:
    rows: Rows = [
        [
            message("Team"),
            message("No."),
            message("Kind of stop"),
            message("Place"),
            message("Ward code"),
            message("Boundaries from"),
            message("Latitude"),
            message("Longitude"),
            message("Arrival"),
            message("Visit begins"),
            message("Visit ends"),
            message("Departure"),
            message("Visit (min)"),
            message("Waiting (min)"),
            message("People"),
            message("Times are estimated"),
        ]
    ]
    for team in document.teams:
        for stop in team.stops:
            is_visit = stop.kind == "visit"
            rows.append(
                [
                    team_name(team),
                    stop.number if is_visit else None,
                    _KINDS[stop.kind],
                    place(stop),
                    stop.ward_code,
                    day(document.vintage) if stop.ward_code else None,
                    stop.lat,
                    stop.lon,
                    _local(stop.arrival),
                    _local(stop.begins),
                    _local(stop.ends),
                    _local(stop.departure),
                    whole_minutes(stop.service_min) if is_visit else None,
                    whole_minutes(stop.waiting_min) if is_visit else None,
                    # Nobody said how many: none is not 0.
                    stop.load or None,
                    _certainty(document, stop),
                ]
            )
    return rows


def _certainty(document: Document, stop: TimedStop) -> Words:
    """Return whether the times of a stop are estimates; the departure of a published visit is assumed."""
    is_assumed = any(one.is_assumption and one.what == DEPARTURE for one in document.assumptions)
    if stop.kind == "start" and is_assumed:
        return message("assumed")
    return _YES_NO[stop.is_estimate]


def _legs(document: Document) -> Rows:
    rows: Rows = [
        [
            message("Team"),
            message("From"),
            message("To"),
            message("Distance (km)"),
            message("Travel (min)"),
            message("Method"),
        ]
    ]
    for team in document.teams:
        for leg, (before, after) in zip(team.legs, pairwise(team.stops), strict=True):
            rows.append(
                [
                    team_name(team),
                    place(before),
                    place(after),
                    round(leg.distance_m / 1000, 3),
                    whole_minutes(leg.duration_min),
                    _METHODS[leg.method],
                ]
            )
    return rows


def _assumptions(document: Document, language: Language) -> Rows:
    rows: Rows = [
        [
            message("Figure"),
            message("Value"),
            message("Unit"),
            message("Source"),
            message("Is an assumption"),
        ]
    ]
    rows += ([*premise_parts(one, language), _YES_NO[one.is_assumption]] for one in document.assumptions)
    return rows


def _notes(document: Document, language: Language) -> Rows:
    rows: Rows = [
        [message("Itinerary"), title(document, language)],
        [message("Date"), document.date],
        [message("Boundaries of"), datetime.date.fromisoformat(document.vintage)],
        [message("Order of the stops"), order_text(document)],
    ]
    for team in document.teams:
        name = team_name(team)
        rows.append([message("Totals, {team}", team=name), totals_text(team.totals)])
        if team.lunch:
            rows.append([message("Lunch, {team}", team=name), lunch_text(team.lunch, team)])
    rows += [[heading, text] for heading, text in remarks(document, language)]
    rows += [[message("Note"), plainly(note, language)] for note in document.notes]
    return rows
