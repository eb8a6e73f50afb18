"""The command ``pilot-wards route``: wards in, the order of a day's visits out, in every form it is used."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.commands.terminal import BAD_INPUT, print_faults, told
from etl.program import VIETNAM
from etl.store.disk import write_whole
from geodata.contract.errors import Fault, GeodataError, SourceError
from geodata.language import Language, joined, message, number
from geodata.settings import settings

if TYPE_CHECKING:
    from etl.commands.visit_request import Asked
    from geodata.itinerary.document import Document, TeamDay
    from geodata.itinerary.network import Network
    from geodata.itinerary.places import Gazetteer
    from geodata.itinerary.request import Request


def route_command(
    stop: Annotated[
        list[str] | None,
        typer.Option(
            "--stop", help=told(message("Ward to visit, by code or name; repeatable.")), metavar="WARD"
        ),
    ] = None,
    may: Annotated[
        list[str] | None,
        typer.Option(
            "--may", help=told(message("Ward to visit only where it fits; repeatable.")), metavar="WARD"
        ),
    ] = None,
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
    ] = None,
    end: Annotated[
        str, typer.Option(help=told(message("same (as the start), open, or a place.")), metavar="PLACE")
    ] = "same",
    date: Annotated[
        str | None,
        typer.Option(
            help=told(message("Day; its wards are those in force then. Today by default.")), metavar="DATE"
        ),
    ] = None,
    depart: Annotated[
        str | None,
        typer.Option(help=told(message("Time of departure; 08:00 by default.")), metavar="HH:MM"),
    ] = None,
    service_min: Annotated[
        float | None,
        typer.Option(help=told(message("Minutes that each visit takes; 30 by default.")), metavar="MIN"),
    ] = None,
    service: Annotated[
        list[str] | None,
        typer.Option(
            "--service", help=told(message("Minutes of one visit; repeatable.")), metavar="WARD=MIN"
        ),
    ] = None,
    window: Annotated[
        list[str] | None,
        typer.Option(
            "--window",
            help=told(message("When a visit may begin; repeatable.")),
            metavar="WARD=HH:MM-HH:MM",
        ),
    ] = None,
    teams: Annotated[
        int, typer.Option(help=told(message("Teams that go, each on a way of its own.")), metavar="N")
    ] = 1,
    delegates: Annotated[
        int | None,
        typer.Option(help=told(message("People who visit all of it together.")), metavar="N"),
    ] = None,
    capacity: Annotated[
        int | None, typer.Option(help=told(message("Seats of one vehicle.")), metavar="N")
    ] = None,
    load: Annotated[
        list[str] | None,
        typer.Option(
            "--load",
            help=told(message("Seats that a visit takes up in its team's vehicle; repeatable.")),
            metavar="WARD=N",
        ),
    ] = None,
    shift_min: Annotated[
        float | None, typer.Option(help=told(message("Longest day of a team, minutes.")), metavar="MIN")
    ] = None,
    return_by: Annotated[
        str | None, typer.Option(help=told(message("When each team is to be back.")), metavar="HH:MM")
    ] = None,
    lunch: Annotated[
        str | None,
        typer.Option(help=told(message("When the break may begin.")), metavar="HH:MM-HH:MM"),
    ] = None,
    lunch_min: Annotated[
        float, typer.Option(help=told(message("Minutes that the break takes.")), metavar="MIN")
    ] = 60,
    keep_order: Annotated[
        bool, typer.Option("--keep-order", help=told(message("Visit the stops in the order given.")))
    ] = False,
    case: Annotated[
        str | None,
        typer.Option(
            help=told(message("Plan a real visit, by its day, instead of naming stops.")), metavar="DATE"
        ),
    ] = None,
    network: Annotated[
        Path | None,
        typer.Option(
            help=told(message("Street network made by “network”; by default the stored one.")), metavar="FILE"
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(help=told(message("How long a search may take at most.")), metavar="SECONDS")
    ] = 2.0,
    as_json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="JSON")] = None,
    as_gpx: Annotated[Path | None, typer.Option("--gpx", metavar="FILE", help="GPX")] = None,
    as_kml: Annotated[Path | None, typer.Option("--kml", metavar="FILE", help="KML")] = None,
    as_ics: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="iCalendar")] = None,
    as_xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Excel")] = None,
    as_sheet: Annotated[
        Path | None,
        typer.Option("--sheet", metavar="FILE", help=told(message("Sheet of A4 to print, HTML."))),
    ] = None,
) -> None:
    """Plan a day of visits and write it; on bad input list every fault, write nothing, end with code 2."""
    # The heavy libraries load only when something is planned, so that --help answers at once.
    from etl.commands.visit_request import Asked
    from geodata.itinerary.document import document
    from geodata.itinerary.itinerary import make_itinerary

    outputs = {
        kind: path
        for kind, path in (
            ("json", as_json),
            ("gpx", as_gpx),
            ("kml", as_kml),
            ("ics", as_ics),
            ("xlsx", as_xlsx),
            ("sheet", as_sheet),
        )
        if path is not None
    }
    asked = Asked(
        stops=stop or (),
        may=may or (),
        start=start,
        end=end,
        date=date,
        depart=depart,
        service_min=service_min,
        services=service or (),
        windows=window or (),
        loads=load or (),
        teams=teams,
        capacity=capacity,
        delegates=delegates,
        shift_min=shift_min,
        return_by=return_by,
        lunch=lunch,
        lunch_min=lunch_min,
        keeps_order=keep_order,
    )
    try:
        known, request, streets = _read(asked, case, network, outputs)
        itinerary = make_itinerary(request, streets, seconds=seconds)
        made = document(itinerary)
        _write(made, outputs, known)
    except GeodataError as error:
        heading = message("Nothing was planned. Faults: {count}", count=len(error.faults))
        print_faults(error.faults, heading)
        raise typer.Exit(BAD_INPUT) from error
    if not outputs:
        _print(made)
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for path in outputs.values():
        console.print(told(message("Wrote {file}", file=str(path))))


def _read(
    asked: "Asked", case_id: str | None, network: Path | None, outputs: Mapping[str, Path]
) -> "tuple[Gazetteer, Request, Network | None]":
    """Return where places are looked up, what is asked for, and the streets.

    Raises
    ------
    GeodataError
        With the faults of all options, each under its name.
    """
    from etl.commands.visit_request import read_request
    from geodata.contract.layers import read_layer
    from geodata.itinerary.cases import case_requests
    from geodata.itinerary.network import Network, stored_network
    from geodata.itinerary.places import gazetteer

    published = settings().published
    names = ("ward", "station", "landmark", "crosswalk", "itinerary_case", "itinerary_case_stop")
    layers = {name: read_layer(published, name) for name in names}
    known = gazetteer(layers)
    case = None
    faults = [_output_fault(kind, path) for kind, path in outputs.items() if not path.parent.is_dir()]
    streets = None
    request = None
    try:
        streets = stored_network() if network is None else Network.load(network)
    except GeodataError as error:
        faults += error.faults
    if case_id is not None:
        cases = case_requests(layers["itinerary_case"], layers["itinerary_case_stop"], known)
        case = cases.get(case_id)
        if case is None:
            choices = ", ".join(cases) or "–"
            faults.append(
                Fault(
                    "--case",
                    case_id,
                    message("is no real visit on record"),
                    message("one of: {values}", values=choices),
                )
            )
    if case_id is None or case is not None:
        try:
            request = read_request(asked, known, datetime.now(VIETNAM).date(), case)
        except GeodataError as error:
            faults += [replace(fault, file=f"--{fault.file}") for fault in error.faults]
    if faults or request is None:
        raise GeodataError(faults)
    return known, request, streets


def _output_fault(kind: str, path: Path) -> Fault:
    return Fault(
        f"--{kind}", str(path), message("can't be written"), message("a file in a folder that is there")
    )


def _write(made: "Document", outputs: Mapping[str, Path], known: "Gazetteer") -> None:
    """Write a document in the forms that are asked for, each whole or not at all.

    Raises
    ------
    SourceError
        A file can't be written.
    """
    contents = {kind: _content(kind, made, known) for kind in outputs}
    for kind, path in outputs.items():
        try:
            write_whole(path, contents[kind])
        except OSError as error:
            raise SourceError([_output_fault(kind, path)]) from error


def _content(kind: str, made: "Document", known: "Gazetteer") -> bytes:
    from geodata.itinerary.document import Document, as_json
    from geodata.itinerary.files.calendar import ics
    from geodata.itinerary.files.gpx import gpx
    from geodata.itinerary.files.kml import kml
    from geodata.itinerary.files.sheet import sheet_html
    from geodata.itinerary.files.workbook import xlsx

    forms: dict[str, Callable[[Document, Language], str | bytes]]
    forms = {"gpx": gpx, "kml": kml, "ics": ics, "xlsx": xlsx}
    language = settings().language
    if kind == "json":
        content: str | bytes = (
            json.dumps(as_json(made, language), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        )
    elif kind == "sheet":
        content = sheet_html(made, language, known.ward[known.ward["vintage"] == made.vintage])
    else:
        content = forms[kind](made, language)
    return content.encode() if isinstance(content, str) else content


def _print(made: "Document") -> None:
    """Print the stops of each team, what is left out, and what is to be said."""
    from geodata.itinerary.files.wording import clock

    console = Console(highlight=False, markup=False, soft_wrap=True)
    if made.title:
        console.print(told(made.title))
    for team in made.teams:
        console.print(_table(team, is_one_of_several=len(made.teams) > 1))
        if team.lunch:
            ends = {"begins": clock(team.lunch.begins), "ends": clock(team.lunch.ends)}
            console.print(told(message("Lunch {begins}–{ends} (estimated)", **ends)))
        totals = team.totals
        console.print(
            told(
                message(
                    "{distance} km; travel {travel} min, visits {visits} min, waiting {waiting} min",
                    distance=number(totals.distance_m / 1000, 1),
                    travel=number(totals.travel_min),
                    visits=number(totals.service_min),
                    waiting=number(totals.waiting_min),
                )
            )
        )
    gain = made.gain
    if gain:
        saved = message(
            "Against the order given: {travel} min, {distance} km saved",
            travel=number(gain.travel_min),
            distance=number(gain.distance_m / 1000, 1),
        )
        is_better = gain.travel_min or gain.distance_m
        console.print(told(saved if is_better else message("No order is shorter than the one given.")))
    console.print(
        told(message("Proven best.") if made.proven_optimal else message("The best found; not proven best."))
    )
    for left in made.unassigned:
        console.print(told(message("Not visited: {name}: {reason}", name=left.name, reason=left.reason)))
    for broken in made.violations:
        reason = joined(": ", [broken.name, broken.reason]) if broken.name else broken.reason
        console.print(told(message("Not kept: {reason}", reason=reason)))
    for note in made.notes:
        console.print(f"- {told(note)}")


def _table(team: "TeamDay", *, is_one_of_several: bool) -> Table:
    from geodata.itinerary.files.wording import clock_or_nothing

    title = told(message("Team {team}", team=team.team)) if is_one_of_several else None
    table = Table(title=title, title_justify="left")
    table.add_column(told(message("No.")), justify="right")
    for heading in (
        message("Stop"),
        message("Code"),
        message("Arrival (estimate)"),
        message("Departure (estimate)"),
        message("Leg"),
    ):
        table.add_column(told(heading))
    legs = [None, *team.legs]
    for stop, leg in zip(team.stops, legs, strict=True):
        way = ""
        if leg is not None:
            sign = "" if leg.method == "network" else "≈ "
            distance, duration = number(leg.distance_m / 1000, 1), number(leg.duration_min)
            way = sign + told(message("{distance} km, {duration} min", distance=distance, duration=duration))
        table.add_row(
            "" if stop.number is None else str(stop.number),
            Text(stop.name),
            stop.ward_code or "",
            *(clock_or_nothing(moment) for moment in (stop.arrival, stop.departure)),
            way,
        )
    return table
