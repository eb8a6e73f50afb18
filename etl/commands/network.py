"""The command ``pilot-wards network``: makes the street network that routes follow."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.commands.terminal import Seconds, option, refusing, say, told
from etl.confined import SECONDS
from geodata.clock import today
from geodata.contract.disk_faults import disk_fault
from geodata.contract.errors import SourceError
from geodata.language import Message, Words, message, number
from geodata.settings import settings

if TYPE_CHECKING:
    from etl.streets.network import MadeNetwork


def network_command(
    file: Annotated[
        Path,
        typer.Argument(
            help=told(
                message(
                    "Extract of OpenStreetMap (.osm, .osm.pbf, JSON of Overpass), GraphML of OSMnx, or a "
                    "layer of lines."
                )
            ),
            metavar="FILE",
        ),
    ],
    layer: Annotated[str | None, option(message("Layer, where the file has several."))] = None,
    source: Annotated[
        str, option(message("Whose data it is; not needed for data of OpenStreetMap."), metavar="TEXT")
    ] = "",
    out: Annotated[
        Path | None, option(message("Where to store it; by default beside the GeoPackage."), metavar="FILE")
    ] = None,
    seconds: Seconds = 60,
) -> None:
    """Make the street network; on bad input list every fault, leave what was there, and end with code 2."""
    from etl.streets.network import make_network

    place = out or settings().network
    SECONDS.set(seconds)
    with refusing(lambda count: message("No network was made. Faults: {count}", count=count)):
        made = make_network(file, today(), layer, source)
        try:
            made.network.save(place)
        except OSError as error:
            raise SourceError([replace(disk_fault(error, place), file=str(place))]) from error
    Console(highlight=False).print(network_table(made))
    for sentence in (*made.notes, left_out_sentence(made), message("Network: {path}", path=str(place))):
        say(sentence)


def network_table(made: "MadeNetwork") -> Table:
    """Return the size of a network, and how much of it rests on what the file says."""
    source, network = made.network.source, made.network
    used = message("{count} of {total}", count=number(made.used_count), total=number(made.way_count))
    rows: list[tuple[Message, Words | str]] = [
        (message("File"), source.file),
        (message("Attribution"), source.attribution or message("not stated")),
        (message("Ways used"), used),
        (message("Edges"), number(len(network.from_node))),
        (message("Junctions and ends"), number(len(network.x))),
        (message("Length"), message("{km} km", km=number(made.km, 1))),
        (message("Connected parts"), number(made.part_count)),
    ]
    shares = (
        (message("In the largest part"), made.largest_share),
        (message("One-way"), made.one_way_share),
        (message("Speed given"), made.given_speed_share),
    )
    rows += [
        (title, message("{share} % of the length", share=number(100 * share, 1))) for title, share in shares
    ]
    table = Table(title=told(message("Street network")), title_justify="left", show_header=False)
    for title, value in rows:
        table.add_row(told(title), Text(value if isinstance(value, str) else told(value)))
    return table


def left_out_sentence(made: "MadeNetwork") -> Message:
    """Return what was left out and why."""
    if not made.left_out:
        return message("No way was left out.")
    parts = [f"{told(number(count))} {told(reason)}" for reason, count in made.left_out]
    return message("Ways left out: {parts}.", parts="; ".join(parts))
