"""The command ``pilot-wards route``: wards in, the order of a day's visits out, in every form it is used."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from etl.commands.options import grouped
from etl.commands.route_options import Outputs, RouteOptions
from etl.commands.terminal import option, refusing, say
from geodata.clock import today
from geodata.contract.errors import Fault, GeodataError, SourceError
from geodata.disk import write_whole
from geodata.language import Language, message
from geodata.settings import settings

if TYPE_CHECKING:
    from geodata.itinerary.document import Document
    from geodata.itinerary.network import Network
    from geodata.itinerary.places import Gazetteer
    from geodata.itinerary.request import Request


@grouped
def route_command(
    asked: RouteOptions,
    case: Annotated[
        str | None, option(message("Plan a real visit, by its day, instead of naming stops."), metavar="DATE")
    ] = None,
    network: Annotated[
        Path | None,
        option(message("Street network made by “network”; by default the stored one."), metavar="FILE"),
    ] = None,
    seconds: Annotated[
        float, option(message("How long a search may take at most."), metavar="SECONDS")
    ] = 2.0,
    *,
    outputs: Outputs,
) -> None:
    """Plan a day of visits and write it; on bad input list every fault, write nothing, end with code 2."""
    from etl.commands.route_table import print_itinerary
    from geodata.itinerary.document import document
    from geodata.itinerary.itinerary import make_itinerary

    paths = {kind: path for kind, path in vars(outputs).items() if path is not None}
    with refusing(lambda count: message("Nothing was planned. Faults: {count}", count=count)):
        known, request, streets = _read(asked, case, network, paths)
        itinerary = make_itinerary(request, streets, seconds=seconds)
        made = document(itinerary)
        if "gpx" in paths and len(made.teams) > 1:
            paths["gpx"] = paths["gpx"].with_suffix(".zip")  # a file a team
        _write(made, paths, known)
    if not paths:
        print_itinerary(made)
    for path in paths.values():
        say(message("Wrote {file}", file=str(path)))


def _read(
    asked: RouteOptions, case_id: str | None, network: Path | None, outputs: Mapping[str, Path]
) -> "tuple[Gazetteer, Request, Network | None]":
    """Return where places are looked up, what is asked for, and the streets.

    Raises
    ------
    GeodataError
        With the faults of all options, each under its name.
    """
    from etl.commands.visit_request import read_request
    from geodata.contract.standing import read_published
    from geodata.itinerary.cases import case_requests
    from geodata.itinerary.network import Network, stored_network
    from geodata.itinerary.places import gazetteer

    published = settings().published
    names = ("ward", "station", "landmark", "crosswalk", "itinerary_case", "itinerary_case_stop")
    layers = {name: read_published(published, name) for name in names}
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
            request = read_request(asked, known, today(), case)
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
    from geodata.contract.standing import read_published
    from geodata.itinerary.document import Document, as_json
    from geodata.itinerary.files.calendar import ics
    from geodata.itinerary.files.gpx import gpx
    from geodata.itinerary.files.kml import kml
    from geodata.itinerary.files.sheet import sheet_html
    from geodata.itinerary.files.workbook import xlsx
    from geodata.wards.outline_notes import outline_notes

    forms: dict[str, Callable[[Document, Language], str | bytes]]
    forms = {"gpx": gpx, "kml": kml, "ics": ics, "xlsx": xlsx}
    language = settings().language
    if kind == "json":
        content: str | bytes = (
            json.dumps(as_json(made, language), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        )
    elif kind == "sheet":
        wards = known.ward[known.ward["vintage"] == made.vintage]
        notes = outline_notes(wards, read_published(settings().published, "source"))
        content = sheet_html(made, language, wards, notes.lines)
    else:
        content = forms[kind](made, language)
    return content.encode() if isinstance(content, str) else content
