"""The command ``pilot-wards basemap``: adopts the streets that maps show, or takes them away."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.terminal import option, refusing, say, told
from geodata.basemap import adopted_basemap
from geodata.language import message
from geodata.settings import settings


def basemap_command(
    file: Annotated[
        Path | None,
        typer.Argument(
            help=told(message("Basemap of Protomaps (PMTiles 3); without it, what is in use is told.")),
            metavar="[FILE]",
            show_default=False,
        ),
    ] = None,
    remove: Annotated[bool, option(message("Take the basemap away."), "--remove")] = False,
) -> None:
    """Adopt a basemap; on bad input list every fault, leave what was there, and end with code 2."""
    home = settings().home
    if remove or file is not None:
        from etl.basemap import adopt_basemap, remove_basemap

        if remove:
            remove_basemap(home)
        if file is not None:
            with refusing(lambda count: message("No basemap was adopted. Faults: {count}", count=count)):
                adopt_basemap(file, home)
    adopted = adopted_basemap(home)
    if adopted is None:
        say(message("There is no basemap: maps show the wards alone."))
        return
    say(message("Basemap: {credit}", credit=adopted.attribution or message("not stated")))
    say(message("Maps show it once their page is loaded anew."))
