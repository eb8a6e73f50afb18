"""What ``pilot-wards route`` is asked, option by option, as it was typed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from etl.commands.terminal import option
from geodata.language import Message, message


def _repeatable(words: Message, name: str, metavar: str) -> Any:
    return option(words, name, default_factory=list, show_default=False, metavar=metavar)


@dataclass(frozen=True, kw_only=True)
class RouteOptions:
    """What is asked for, as it was typed.

    Attributes
    ----------
    stops, may
        Wards to visit, and those to visit only where they fit; landmarks and ``lat,lon`` count too.
    start
        Where the way begins; ``None`` for the default.
    end
        ``same``, ``open`` or a place.
    date, depart
        Day and time of departure; ``None`` for today, and for 08:00.
    service_min
        Length of each visit; ``None`` for half an hour.
    services, windows, loads
        What differs by ward: ``WARD=MINUTES``, ``WARD=HH:MM-HH:MM``, ``WARD=NUMBER``.
    teams, capacity, delegates, shift_min
        See `geodata.itinerary.request.Request`.
    return_by, lunch
        ``HH:MM``, and ``HH:MM-HH:MM`` in which the break may begin.
    lunch_min
        Length of the break.
    keeps_order
        The stops are visited in the order given.
    """

    stops: Annotated[
        list[str], _repeatable(message("Ward to visit, by code or name; repeatable."), "--stop", "WARD")
    ]
    may: Annotated[
        list[str], _repeatable(message("Ward to visit only where it fits; repeatable."), "--may", "WARD")
    ]
    start: Annotated[
        str | None,
        option(
            message(
                "Ward, landmark or lat,lon; by default the former seat of the city's People's Committee."
            ),
            metavar="PLACE",
        ),
    ] = None
    end: Annotated[str, option(message("same (as the start), open, or a place."), metavar="PLACE")] = "same"
    date: Annotated[
        str | None,
        option(message("Day; its wards are those in force then. Today by default."), metavar="DATE"),
    ] = None
    depart: Annotated[
        str | None, option(message("Time of departure; 08:00 by default."), metavar="HH:MM")
    ] = None
    service_min: Annotated[
        float | None, option(message("Minutes that each visit takes; 30 by default."), metavar="MIN")
    ] = None
    services: Annotated[
        list[str], _repeatable(message("Minutes of one visit; repeatable."), "--service", "WARD=MIN")
    ]
    windows: Annotated[
        list[str], _repeatable(message("When a visit may begin; repeatable."), "--window", "WARD=HH:MM-HH:MM")
    ]
    teams: Annotated[int, option(message("Teams that go, each on a way of its own."), metavar="N")] = 1
    delegates: Annotated[int | None, option(message("People who visit all of it together."), metavar="N")] = (
        None
    )
    capacity: Annotated[int | None, option(message("Seats of one vehicle."), metavar="N")] = None
    loads: Annotated[
        list[str],
        _repeatable(
            message("Seats that a visit takes up in its team's vehicle; repeatable."), "--load", "WARD=N"
        ),
    ]
    shift_min: Annotated[float | None, option(message("Longest day of a team, minutes."), metavar="MIN")] = (
        None
    )
    return_by: Annotated[str | None, option(message("When each team is to be back."), metavar="HH:MM")] = None
    lunch: Annotated[str | None, option(message("When the break may begin."), metavar="HH:MM-HH:MM")] = None
    lunch_min: Annotated[float, option(message("Minutes that the break takes."), metavar="MIN")] = 60
    keeps_order: Annotated[bool, option(message("Visit the stops in the order given."), "--keep-order")] = (
        False
    )


@dataclass(frozen=True)
class Outputs:
    """The files to write, each in its form."""

    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="JSON")] = None
    gpx: Annotated[Path | None, typer.Option("--gpx", metavar="FILE", help="GPX")] = None
    kml: Annotated[Path | None, typer.Option("--kml", metavar="FILE", help="KML")] = None
    ics: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="iCalendar")] = None
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Excel")] = None
    sheet: Annotated[
        Path | None, option(message("Sheet of A4 to print, HTML."), "--sheet", metavar="FILE")
    ] = None
