"""The command ``pilot-wards boundaries``: adopts a boundary file, and shows what it took and found."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.commands.options import grouped
from etl.commands.terminal import Seconds, option, print_notes, refusing, say, told
from etl.confined import SECONDS
from geodata.contract.errors import GeodataError
from geodata.language import Message, message
from geodata.settings import SHIPPED_BOUNDARIES, settings

if TYPE_CHECKING:
    from etl.boundaries.examine import Examination
    from etl.boundaries.keep import Kept
    from etl.boundaries.match import Role


class Quality(StrEnum):
    """How good outlines are that a user adopts."""

    OFFICIAL = "official"
    PUBLIC = "public"


HOW: dict[str, Message] = {
    "code": message("by code"),
    "exact": message("by name"),
    "normalised": message("by name, without its spaces or diacritics"),
    "near": message("near, proposed"),
    "ambiguous": message("ambiguous"),
    "none": message("no match"),
}

ROLES: "dict[Role, Message]" = {
    "name": message("Column of names"),
    "code": message("Column of codes"),
    "district": message("Column of districts"),
    "kind": message("Column of kinds"),
}

IN_TABLE = 6
"""So many units are named in a cell."""

OUTCOMES: dict[str, tuple[Message, str]] = {
    "passed": (message("passed"), "green"),
    "repaired": (message("repaired"), "cyan"),
    "noted": (message("noted"), "yellow"),
    "failed": (message("FAILED"), "bold red"),
}


@dataclass(frozen=True)
class Reading:
    """How a file is to be read, where it does not say so itself."""

    layer: Annotated[str | None, option(message("Layer, where the file has several."))] = None
    name: Annotated[str | None, option(message("Column of the names."), metavar="COL")] = None
    code: Annotated[str | None, option(message("Column of the codes."), metavar="COL")] = None
    district: Annotated[str | None, option(message("Column of the districts."), metavar="COL")] = None
    crs: Annotated[
        str | None,
        option(message("Reference system, where the file states none or a wrong one."), metavar="EPSG:n"),
    ] = None
    only: Annotated[
        str | None,
        option(
            message("Take only the rows with this value, as from a file of the whole country."),
            metavar="COL=VALUE",
        ),
    ] = None
    accept: Annotated[bool, option(message("Take the units that are proposed as near."), "--accept")] = False


@dataclass(frozen=True)
class Origin:
    """Where a file comes from, as the user declares it."""

    quality: Annotated[Quality, option(message("Whether the outlines are official."))] = Quality.PUBLIC
    source: Annotated[str, option(message("Title of the source."), metavar="TITLE")] = ""
    publisher: Annotated[str, option(message("Its publisher."))] = ""
    licence: Annotated[str, option(message("Its licence or terms."))] = ""


@grouped
def boundaries_command(
    file: Annotated[
        Path,
        typer.Argument(
            help=told(
                message(
                    "GeoPackage, GeoJSON, TopoJSON, Shapefile, KML, FlatGeobuf or File Geodatabase, or a zip."
                )
            ),
            metavar="FILE",
        ),
    ],
    valid_from: Annotated[
        str, option(message("Day on which its units hold, such as 2025-07-01."), metavar="DATE")
    ],
    reading: Reading,
    origin: Origin,
    seconds: Seconds = 60,
) -> None:
    """Adopt a boundary file; on bad input list every fault, leave the disk as it was, and end with code 2."""
    from etl.boundaries import keep as adopted
    from etl.boundaries.examine import AdoptionRequest, day_of, examine
    from etl.boundaries.keep import keep
    from etl.boundaries.place import known_places
    from etl.register.tables import TABLES, read_table, tidy_table
    from geodata.clock import today

    given: dict[Role, str | None] = {
        "name": reading.name,
        "code": reading.code,
        "district": reading.district,
    }
    columns = {role: column for role, column in given.items() if column is not None}
    site = settings()
    SECONDS.set(seconds)
    with refusing(lambda count: message("Nothing was adopted. Faults: {count}", count=count)):
        lists = tidy_table(read_table(site.sources / "unit.csv"), TABLES["unit"])
        request = AdoptionRequest(
            file, day_of(valid_from), reading.layer, reading.crs, reading.only, columns, reading.accept
        )
        examination = examine(request, lists, known_places(SHIPPED_BOUNDARIES), site.boundaries)
        Console(highlight=False).print(reading_table(examination), check_table(examination))
        print_notes(examination.delivered.notes)
        if examination.faults:
            raise GeodataError(examination.faults)
        declared = adopted.Origin(origin.source, origin.publisher, origin.licence, origin.quality.value)
        kept = keep(examination, declared, site.user_boundaries, today())
    print_kept(examination, kept)


def reading_table(examination: "Examination") -> Table:
    """Return what was taken from the file: layer, reference system, columns, and how its units match."""
    from etl.boundaries.place import crs_name

    delivered = examination.delivered
    table = Table(title=told(message("What was taken")), title_justify="left", show_header=False)
    rows: list[tuple[Message, str]] = [
        (message("File"), f"{delivered.file} ({delivered.title}, {delivered.encoding})"),
        (message("Layer"), delivered.layer),
        (message("Rows"), f"{len(delivered.frame)} / {delivered.row_count}"),
        (message("Reference system"), f"{crs_name(delivered.crs)} ({delivered.crs.name})"),
        (message("Official list"), f"{examination.vintage}: {len(examination.units)}"),
    ]
    for role, title in ROLES.items():
        column = examination.columns.get(role)
        rows.append((title, f"{column.name} ({column.known} / {column.total})" if column else "–"))
    counts = examination.matches["how"].value_counts()
    rows += [(HOW[how], str(counts[how])) for how in HOW if how in counts]
    for title, value in rows:
        table.add_row(told(title), Text(value))
    return table


def check_table(examination: "Examination") -> Table:
    """Return what each check found, with its figure and the units concerned."""
    from etl.received import some

    headings = (message("Check"), message("Outcome"), message("Figure"), message("Units"))
    table = Table(
        *(told(heading) for heading in headings), title=told(message("Checks")), title_justify="left"
    )
    for finding in examination.findings:
        outcome, style = OUTCOMES[finding.outcome]
        table.add_row(
            told(finding.check),
            Text(told(outcome), style),
            Text(told(finding.figure)),
            Text(some(finding.units, IN_TABLE)),
        )
    return table


def print_kept(examination: "Examination", kept: "Kept") -> None:
    """Print where the wards and the file as received now lie, and what comes next."""
    matched = message(
        "{count} of {total} units adopted for {vintage}.",
        count=len(examination.wards),
        total=len(examination.units),
        vintage=examination.vintage,
    )
    for sentence in (
        matched,
        message("Wards: {path}", path=str(kept.tidied)),
        message("As received: {path}", path=str(kept.received)),
        message("“pilot-wards build” uses them from now on."),
    ):
        say(sentence)
