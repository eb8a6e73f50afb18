"""The command ``pilot-wards basemap``: adopts the streets that maps show, or takes them away."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.terminal import option, refusing, say, told
from geodata.basemap import adopted_basemap
from geodata.contract.errors import SourceError
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

        with refusing(lambda count: message("No basemap was adopted. Faults: {count}", count=count)):
            if remove and file is not None:
                problem = message("is to be adopted and the basemap to be taken away")
                expected = message("either a file or --remove")
                raise SourceError.of(str(file), "--remove", problem, expected)
            if file is not None:
                adopt_basemap(file, home)
        if remove:
            with refusing(lambda count: message("Nothing was changed. Faults: {count}", count=count)):
                remove_basemap(home)
    adopted = adopted_basemap(home)
    if adopted is None:
        say(message("There is no basemap: maps show the wards alone."))
        return
    say(message("Basemap: {credit}", credit=adopted.attribution or message("not stated")))
    say(message("Maps show it once their page is loaded anew."))
