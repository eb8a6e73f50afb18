"""The command ``pilot-wards qgis``: a project for QGIS, made by the dashboard, which knows how maps look."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from etl.commands.build import build_command
from etl.commands.terminal import option, refusing, say, told
from geodata.contract.errors import Fault, GeodataError
from geodata.language import message
from geodata.settings import settings

DAY = "%Y-%m-%d"


def qgis_command(
    file: Annotated[
        Path,
        typer.Argument(
            help=told(message("The project to write; its GeoPackage is written beside it.")),
            metavar="FILE.qgz",
        ),
    ],
    since: Annotated[
        datetime | None,
        option(
            message("First day of the figures; by default that of the data."), formats=[DAY], metavar="DATE"
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        option(
            message("Last day of the figures; by default that of the data."), formats=[DAY], metavar="DATE"
        ),
    ] = None,
    facts: Annotated[
        Literal["verified", "all"], option(message("Verified facts only, or illustrative figures too."))
    ] = "verified",
) -> None:
    """Write a project for QGIS and its GeoPackage; where that can't be, say why and end with code 2."""
    with refusing(lambda count: message("No project was written. Faults: {count}", count=count)):
        faults = list(_faults(file, since, until))
        if faults:
            raise GeodataError(faults)
    if not settings().published.is_file():
        build_command()
    days = [
        part
        for name, day in (("since", since), ("until", until))
        if day is not None
        for part in (f"--{name}", f"{day:{DAY}}")
    ]
    # By its name: etl imports nothing of the dashboard.
    maker = [sys.executable, "-m", "dashboard.ui.qgis_project", str(file), "--facts", facts, *days]
    made = subprocess.run([*maker, "--language", settings().language], check=False)
    if made.returncode:
        raise typer.Exit(made.returncode)
    for path in (file, file.with_suffix(".gpkg")):
        say(message("Wrote {file}", file=str(path)))


def _faults(file: Path, since: datetime | None, until: datetime | None) -> Iterator[Fault]:
    if file.suffix != ".qgz":
        yield Fault("FILE.qgz", str(file), message("is no project"), message("a name that ends in .qgz"))
    elif file.with_suffix(".gpkg").resolve() == settings().published.resolve():
        yield Fault(
            "FILE.qgz",
            str(file),
            message("would overwrite the published GeoPackage"),
            message("another name or folder"),
        )
    if not file.parent.is_dir():
        yield Fault(
            "FILE.qgz",
            str(file),
            message("can't be written"),
            message("a file in a folder that is there"),
        )
    if since is not None and until is not None and since > until:
        yield Fault("--until", f"{until:{DAY}}", message("lies before the first day"), message("a later day"))
