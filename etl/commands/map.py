"""The command ``pilot-wards map``: the map of a link as one HTML file, made by the dashboard."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from etl.commands.build import build_command
from etl.commands.terminal import option, told
from geodata.language import message
from geodata.settings import settings


def map_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.html", help=told(message("The file to write.")))],
    page: Annotated[
        str, option(message("Page of the map, such as overview; by default that of the link, or ward_map."))
    ] = "",
    link: Annotated[
        str, option(message("Address of the page as the browser shows it, or what stands in it behind “?”."))
    ] = "",
    lang: Annotated[str, option(message("Language of the map: vi or en; by default that of the link."))] = "",
) -> None:
    """Write a map that any browser opens without a network and without this program."""
    if not settings().published.is_file():
        build_command()
    # By its name: etl imports nothing of the dashboard.
    asked = [f"--{name}={value}" for name, value in (("page", page), ("link", link), ("lang", lang)) if value]
    os.execv(sys.executable, [sys.executable, "-m", "dashboard.map_file", *asked, "--", str(file)])
