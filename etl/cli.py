"""The command line, ``pilot-wards``. It speaks Vietnamese, and English where ``PILOT_WARDS_LANG=en``."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from etl.commands.batches import batches_command, restore_command, show_command, withdraw_command
from etl.commands.boundaries import boundaries_command
from etl.commands.fetch import fetch_command
from etl.commands.imports import check_command, import_command, template_command
from etl.commands.network import network_command
from etl.commands.route import route_command
from etl.commands.terminal import BAD_INPUT, print_faults, print_waiting, told
from etl.program import VIETNAM
from geodata.contract.errors import GeodataError
from geodata.language import Message, message
from geodata.settings import settings

if TYPE_CHECKING:
    import pandas as pd

QUALITIES = {
    "official": message("official"),
    "public": message("public"),
    "schematic": message("schematic"),
    "derived": message("derived"),
}


app = typer.Typer(
    help=told(message("Data of Hải Phòng's model ward police programme, from files to a map.")),
    add_completion=False,
    no_args_is_help=True,
)


app.command(name="template", help=told(message("Write the workbooks that staff fill in.")))(template_command)
app.command(name="check", help=told(message("Check spreadsheets and write nothing.")))(check_command)
app.command(name="import", help=told(message("Import spreadsheets and build.")))(import_command)
app.command(name="fetch", help=told(message("Download public boundaries from the Internet.")))(fetch_command)
app.command(name="boundaries", help=told(message("Adopt a boundary file of your own.")))(boundaries_command)
app.command(name="network", help=told(message("Make the street network that routes follow.")))(
    network_command
)
app.command(name="route", help=told(message("Plan a day of visits to wards.")))(route_command)
app.command(name="batches", help=told(message("List what was imported.")))(batches_command)
app.command(name="show", help=told(message("Show a batch, its rows and its history.")))(show_command)
app.command(name="withdraw", help=told(message("Withdraw a batch; it is kept.")))(withdraw_command)
app.command(name="restore", help=told(message("Let a withdrawn batch count again.")))(restore_command)


@app.command(name="build", help=told(message("Build the GeoPackage that the dashboard and QGIS read.")))
def build_command(
    boundaries: Annotated[
        list[Path] | None,
        typer.Option(
            help=told(
                message("Folder with wards_<vintage>.gpkg, searched before the usual ones; repeatable.")
            ),
            metavar="DIR",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=told(message("The GeoPackage to write.")), metavar="FILE")
    ] = None,
    if_changed: Annotated[
        bool,
        typer.Option(
            "--if-changed", help=told(message("Build only if inputs, program or day have changed."))
        ),
    ] = False,
    illustrative: Annotated[
        bool | None,
        typer.Option(
            "--illustrative/--no-illustrative",
            help=told(
                message("With or without illustrative figures; if not given, as the last build, or with.")
            ),
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help=told(message("Illustrative figures end with the last full month before this day.")),
            metavar="DATE",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(help=told(message("Other illustrative figures for another seed.")))
    ] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", help=told(message("Print nothing but faults.")))] = False,
) -> None:
    """Build the GeoPackage; on bad input list every fault, leave what was there, and end with code 2."""
    # The heavy libraries load only when something is built, so that --help answers at once.
    import pandas as pd

    from etl.build import STEPS
    from etl.publish import publishing

    today = pd.Timestamp(datetime.now(VIETNAM).date())
    try:
        site = replace(settings(), boundaries=(*(boundaries or ()), *settings().boundaries))
        if out is not None:
            site = site.publishing_to(out)
        with _progress(quiet) as progress:
            task = progress.add_task("", total=len(STEPS))

            def show(step: Message) -> None:
                progress.update(task, description=told(step), completed=STEPS.index(step))

            with publishing(
                site,
                today,
                print_waiting,
                show,
                with_illustrative=illustrative,
                until=pd.Timestamp(until) if until else None,
                seed=seed,
            ) as publisher:
                is_built = publisher.build(if_changed=if_changed)
            if is_built:
                progress.update(task, description=told(message("built")), completed=len(STEPS))
    except GeodataError as error:
        print_faults(error.faults)
        raise typer.Exit(BAD_INPUT) from error
    if quiet:
        return
    if not is_built:
        Console().print(told(message("{file} is up to date.", file=site.published.name)), highlight=False)
        return
    print_built(site.published, publisher.layers or {})


def print_built(out: Path, layers: "dict[str, pd.DataFrame]") -> None:
    """Print where the GeoPackage lies, and what stands in it."""
    console = Console()
    console.print(told(message("Built {file}", file=str(out))), highlight=False, soft_wrap=True)
    console.print(layer_table(layers), boundary_table(layers))


def layer_table(layers: "dict[str, pd.DataFrame]") -> Table:
    """Return the rows of each layer, by vintage where it has one."""
    vintages = sorted(set(layers["ward"]["vintage"]))
    table = Table(told(message("Layer")), title=told(message("Layers")), title_justify="left")
    for heading in (*vintages, told(message("Rows"))):
        table.add_column(heading, justify="right")
    for name, frame in layers.items():
        by_vintage = [
            str(int((frame["vintage"] == vintage).sum())) if "vintage" in frame else ""
            for vintage in vintages
        ]
        table.add_row(name, *by_vintage, str(len(frame)))
    return table


def boundary_table(layers: "dict[str, pd.DataFrame]") -> Table:
    """Return where the boundaries of each vintage come from and how good they are."""
    table = Table(
        told(message("Vintage")),
        told(message("Units")),
        told(message("Source")),
        told(message("Quality")),
        title=told(message("Boundaries")),
        title_justify="left",
    )
    titles = layers["source"].set_index("source_id")["title"]
    origin = ["vintage", "boundary_source", "boundary_quality"]
    counts = layers["ward"].groupby(origin, sort=True).size().reset_index(name="count")
    for vintage, source, quality, count in counts.itertuples(index=False, name=None):
        table.add_row(vintage, str(count), titles[source], told(QUALITIES[quality]))
    return table


def _progress(quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )
