"""The command ``pilot-wards build``: boundaries, register and batches in, the GeoPackage out."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from etl.commands.terminal import option, print_waiting, refusing, told
from geodata.clock import today
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


def build_command(
    boundaries: Annotated[
        list[Path] | None,
        option(
            message("Folder with wards_<vintage>.gpkg, searched before the usual ones; repeatable."),
            metavar="DIR",
        ),
    ] = None,
    out: Annotated[Path | None, option(message("The GeoPackage to write."), metavar="FILE")] = None,
    if_changed: Annotated[
        bool, option(message("Build only if inputs, program or day have changed."), "--if-changed")
    ] = False,
    illustrative: Annotated[
        bool | None,
        option(
            message("With or without illustrative figures; if not given, as the last build, or with."),
            "--illustrative/--no-illustrative",
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        option(
            message("Illustrative figures end with the last full month before this day."),
            formats=["%Y-%m-%d"],
            metavar="DATE",
        ),
    ] = None,
    seed: Annotated[int, option(message("Other illustrative figures for another seed."))] = 1,
    quiet: Annotated[bool, option(message("Print nothing but faults."), "--quiet")] = False,
) -> None:
    """Build the GeoPackage; on bad input list every fault, leave what was there, and end with code 2."""
    import pandas as pd

    from etl.build import STEPS
    from etl.publish import publishing

    as_of = pd.Timestamp(today())
    with refusing(lambda count: message("Nothing was built. Faults: {count}", count=count)):
        site = replace(settings(), boundaries=(*(boundaries or ()), *settings().boundaries))
        if out is not None:
            site = site.publishing_to(out)
        with _progress(quiet) as progress:
            task = progress.add_task("", total=len(STEPS))

            def show(step: Message) -> None:
                progress.update(task, description=told(step), completed=STEPS.index(step))

            with publishing(
                site,
                as_of,
                print_waiting,
                show,
                with_illustrative=illustrative,
                until=pd.Timestamp(until) if until else None,
                seed=seed,
            ) as publisher:
                is_built = publisher.build(if_changed=if_changed)
            if is_built:
                progress.update(task, description=told(message("built")), completed=len(STEPS))
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
