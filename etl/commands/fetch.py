"""The command ``pilot-wards fetch``: shows what public boundaries there are, and downloads what is named."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from etl.commands.terminal import option, refusing, told
from geodata.contract.errors import Fault, GeodataError, SourceError
from geodata.language import message
from geodata.settings import settings

if TYPE_CHECKING:
    from etl.boundaries.fetch import Offer


def fetch_command(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help=told(message("What to download, by name; without a name the catalogue is shown.")),
            metavar="[NAME]...",
        ),
    ] = None,
    accept_licence: Annotated[
        bool, option(message("You accept the licences shown."), "--accept-licence")
    ] = False,
    accept_unverified: Annotated[
        bool, option(message("Download even where no checksum is known."), "--accept-unverified")
    ] = False,
    catalogue: Annotated[Path | None, option(message("Another catalogue."), metavar="FILE")] = None,
    to: Annotated[Path | None, option(message("Folder for the downloads."), metavar="DIR")] = None,
    timeout: Annotated[float, option(message("Seconds to wait for a silent server."), min=0.1)] = 30.0,
) -> None:
    """Show the catalogue, or download what is named; tell every fault and end with code 2 on any."""
    from etl.boundaries.fetch import chosen, read_catalogue

    console = Console(soft_wrap=True, highlight=False, markup=False)
    with refusing(lambda count: message("Not downloaded. Faults: {count}", count=count)):
        path = catalogue or settings().sources / "boundary_catalogue.csv"
        offers = read_catalogue(path)
        if not names:
            console.print(offer_table(offers))
            return
        folder = to or settings().user_boundaries / "downloads"
        wanted = chosen(offers, names, path.name)
        for offer in wanted:
            print_terms(console, offer)
        check_consent(wanted, accept_licence, accept_unverified)
        faults: list[Fault] = []
        for offer in wanted:
            try:
                print_next(
                    console,
                    offer,
                    bring(console, offer, folder, timeout),
                )
            except GeodataError as error:
                faults += error.faults
        if faults:
            raise SourceError(faults)


def offer_table(offers: "list[Offer]") -> Table:
    """Return what the catalogue offers, one row each."""
    table = Table(
        *(
            told(heading)
            for heading in (message("Name"), message("Vintage"), message("Licence"), message("Checksum"))
        ),
        title=told(message("Public boundaries")),
        title_justify="left",
    )
    for offer in offers:
        known = message("known") if offer.sha256 else message("unknown")
        table.add_row(offer.name, offer.vintage, offer.licence, told(known))
    return table


def print_terms(console: Console, offer: "Offer") -> None:
    """Print from where an offer comes, on what terms, and whether its content can be verified."""
    console.print(f"{offer.name} ({offer.vintage}): {offer.url}")
    console.print(told(message("Licence: {licence}", licence=offer.licence)))
    console.print(
        f"SHA-256: {offer.sha256}"
        if offer.sha256
        else told(message("No checksum is known: the content can't be verified."))
    )
    if offer.note:
        console.print(offer.note)


def check_consent(wanted: "list[Offer]", accept_licence: bool, accept_unverified: bool) -> None:
    """Check that the licences are accepted, by option or on a terminal, and downloads without checksum too.

    Raises
    ------
    SourceError
        With a fault for each offer and each consent that is missing.
    """
    if not accept_licence and sys.stdin.isatty():
        accept_licence = typer.confirm(told(message("Do you accept these licences?")))
    faults = [
        Fault(
            offer.name,
            offer.licence,
            message("the licence is not accepted"),
            message("--accept-licence, once you have read it"),
        )
        for offer in wanted
        if not accept_licence
    ] + [
        Fault(
            offer.name,
            offer.url,
            message("no checksum is known: the content can't be verified"),
            message("--accept-unverified, if you trust the address"),
        )
        for offer in wanted
        if not (offer.sha256 or accept_unverified)
    ]
    if faults:
        raise SourceError(faults)


def bring(console: Console, offer: "Offer", folder: Path, timeout: float) -> Path:
    """Return the boundary file of an offer, downloaded unless it is there, with a bar of its progress."""
    from etl.boundaries.fetch import fetch, gather, is_there

    path = folder / offer.file
    if is_there(offer, folder):
        console.print(told(message("{file} is there already; remove it to download it again.", file=path)))
    else:
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        ) as progress:
            task = progress.add_task(offer.file, total=None)
            path = fetch(
                offer, folder, lambda done, total: progress.update(task, completed=done, total=total), timeout
            )
        console.print(told(message("Downloaded {file}", file=path)))
    return gather(offer, path) if offer.members else path


def print_next(console: Console, offer: "Offer", path: Path) -> None:
    """Print the command that adopts a downloaded file."""
    console.print(told(message("Next:")))
    command = ["pilot-wards", "boundaries", str(path), "--valid-from", offer.vintage]
    console.print("  " + shlex.join([*command, *shlex.split(offer.options)]))
