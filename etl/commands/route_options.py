"""What ``pilot-wards route`` is asked, option by option, as it was typed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from etl.commands.terminal import told
from geodata.language import message


@dataclass(frozen=True, kw_only=True)
class Asked:
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
        list[str],
        typer.Option(
            "--stop",
            default_factory=list,
            show_default=False,
            help=told(message("Ward to visit, by code or name; repeatable.")),
            metavar="WARD",
        ),
    ]
    may: Annotated[
        list[str],
        typer.Option(
            "--may",
            default_factory=list,
            show_default=False,
            help=told(message("Ward to visit only where it fits; repeatable.")),
            metavar="WARD",
        ),
    ]
    start: Annotated[
        str | None,
        typer.Option(
            help=told(
                message(
                    "Ward, landmark or lat,lon; by default the former seat of the city's People's Committee."
                )
            ),
            metavar="PLACE",
        ),
    ] = None
    end: Annotated[
        str, typer.Option(help=told(message("same (as the start), open, or a place.")), metavar="PLACE")
    ] = "same"
    date: Annotated[
        str | None,
        typer.Option(
            help=told(message("Day; its wards are those in force then. Today by default.")), metavar="DATE"
        ),
    ] = None
    depart: Annotated[
        str | None,
        typer.Option(help=told(message("Time of departure; 08:00 by default.")), metavar="HH:MM"),
    ] = None
    service_min: Annotated[
        float | None,
        typer.Option(help=told(message("Minutes that each visit takes; 30 by default.")), metavar="MIN"),
    ] = None
    services: Annotated[
        list[str],
        typer.Option(
            "--service",
            default_factory=list,
            show_default=False,
            help=told(message("Minutes of one visit; repeatable.")),
            metavar="WARD=MIN",
        ),
    ]
    windows: Annotated[
        list[str],
        typer.Option(
            "--window",
            default_factory=list,
            show_default=False,
            help=told(message("When a visit may begin; repeatable.")),
            metavar="WARD=HH:MM-HH:MM",
        ),
    ]
    teams: Annotated[
        int, typer.Option(help=told(message("Teams that go, each on a way of its own.")), metavar="N")
    ] = 1
    delegates: Annotated[
        int | None,
        typer.Option(help=told(message("People who visit all of it together.")), metavar="N"),
    ] = None
    capacity: Annotated[
        int | None, typer.Option(help=told(message("Seats of one vehicle.")), metavar="N")
    ] = None
    loads: Annotated[
        list[str],
        typer.Option(
            "--load",
            default_factory=list,
            show_default=False,
            help=told(message("Seats that a visit takes up in its team's vehicle; repeatable.")),
            metavar="WARD=N",
        ),
    ]
    shift_min: Annotated[
        float | None, typer.Option(help=told(message("Longest day of a team, minutes.")), metavar="MIN")
    ] = None
    return_by: Annotated[
        str | None, typer.Option(help=told(message("When each team is to be back.")), metavar="HH:MM")
    ] = None
    lunch: Annotated[
        str | None,
        typer.Option(help=told(message("When the break may begin.")), metavar="HH:MM-HH:MM"),
    ] = None
    lunch_min: Annotated[
        float, typer.Option(help=told(message("Minutes that the break takes.")), metavar="MIN")
    ] = 60
    keeps_order: Annotated[
        bool, typer.Option("--keep-order", help=told(message("Visit the stops in the order given.")))
    ] = False


@dataclass(frozen=True)
class Outputs:
    """The files to write, each in its form."""

    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="JSON")] = None
    gpx: Annotated[Path | None, typer.Option("--gpx", metavar="FILE", help="GPX")] = None
    kml: Annotated[Path | None, typer.Option("--kml", metavar="FILE", help="KML")] = None
    ics: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="iCalendar")] = None
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Excel")] = None
    sheet: Annotated[
        Path | None,
        typer.Option("--sheet", metavar="FILE", help=told(message("Sheet of A4 to print, HTML."))),
    ] = None
