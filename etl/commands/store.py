"""The commands on the store itself: ``pilot-wards store verify``, ``backup``, ``restore`` and others."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.commands.batches import By, actor
from etl.commands.terminal import BAD_INPUT, option, print_faults, refusing, say, told
from geodata.disk import write_whole
from geodata.language import message
from geodata.settings import settings

if TYPE_CHECKING:
    from etl.store.database import Database

PASSPHRASE = "PILOT_WARDS_BACKUP_PASSPHRASE_FILE"
"""Names a file whose first line is the passphrase of backups, for who is not asked."""

store_app = typer.Typer(no_args_is_help=True)

Encrypt = Annotated[
    bool, option(message("Encrypt it; the passphrase is asked for, or read from a file."), "--encrypt")
]
NewFile = Annotated[Path, typer.Argument(help=told(message("A file that is not there yet.")), metavar="FILE")]


@store_app.command(name="adopt", help=told(message("Take in the folder of batches of version 0.2.")))
def adopt_command(
    folder: Annotated[Path, typer.Argument(help=told(message("The folder; it is left.")), metavar="DIR")],
    by: By = None,
    body: Annotated[
        str, option(message("The body that delivered the files; it is published."), metavar="NAME")
    ] = "",
) -> None:
    """Adopt every batch that the store lacks, checked row by row; on any fault none."""
    from etl.store.adopt import adopt

    with _store() as database:
        adopted = adopt(folder, database, actor(by), body)
    say(message("Batches taken in: {count}", count=len(adopted)))


@store_app.command(name="verify", help=told(message("Check all of the store; on any fault end with code 2.")))
def verify_command() -> None:
    """Tell every fault of the store and of the published file, with what it touches."""
    from etl.store import audit, verify

    site = settings()
    with _store() as database:
        faults = verify.faults(database, site.published)
        with database.write() as connection:
            result: audit.Result = "failed" if faults else "done"
            head = audit.append(connection, actor(None), "store.verify", "", result, str(len(faults)))
        audit.tell_system(head)
    if faults:
        print_faults(faults, message("The store is not what was written. Faults: {count}", count=len(faults)))
        raise typer.Exit(BAD_INPUT)
    say(message("No fault was found. Newest entry of the audit log: {head}", head=str(head)))


@store_app.command(name="backup", help=told(message("Copy the store into a file, while others use it.")))
def backup_command(file: NewFile, encrypt: Encrypt = False) -> None:
    """Copy the store as it is at this moment."""
    from etl.store.backup import back_up

    with _store() as database:
        back_up(database, file, actor(None), _passphrase(twice=True) if encrypt else None)
    say(message("Backed up into {file}", file=str(file)))


@store_app.command(name="restore", help=told(message("Restore a copy into an empty place.")))
def restore_command(
    file: Annotated[Path, typer.Argument(help=told(message("The copy.")), metavar="FILE")],
) -> None:
    """Restore a copy into the home, or the database, of the settings, once it is verified."""
    from etl.store.backup import restore
    from etl.store.sealed_file import is_sealed

    site = settings()
    with refusing(lambda count: message("Nothing was restored. Faults: {count}", count=count)):
        passphrase = _passphrase() if file.is_file() and is_sealed(file) else None
        copy = restore(file, site.database, site.home, actor(None), passphrase)
    say(message("Restored as of {at}; every row was compared.", at=copy.made_at))


@store_app.command(name="drill", help=told(message("Back up, restore elsewhere, compare, write minutes.")))
def drill_command(file: NewFile, encrypt: Encrypt = False) -> None:
    """Show that a copy can be restored, and write minutes of it that can be filed."""
    from etl.store.backup import drill

    with _store() as database:
        who = actor(None)
        minutes = drill(database, file.absolute().parent, who, _passphrase() if encrypt else None)
    content = json.dumps({"by": who.account, **minutes}, ensure_ascii=False, indent=1)
    write_whole(file, content.encode() + b"\n")
    say(message("Every row was compared. Minutes: {file}", file=str(file)))


@store_app.command(name="export-audit", help=told(message("Write the audit log to a CSV file.")))
def export_audit_command(file: NewFile) -> None:
    """Write every entry of the audit log to a file; its SHA-256 stands in the log from then on."""
    from etl.store.pruning import export

    with _store() as database:
        head = export(database, file, actor(None))
    say(message("Written to {file}, up to the entry {head}", file=str(file), head=str(head)))


@store_app.command(name="prune-audit", help=told(message("Export old entries of the log and delete them.")))
def prune_audit_command(
    file: NewFile,
    months: Annotated[int, option(message("How many months are kept."), min=3)] = 12,
) -> None:
    """Write the entries that are older to a file, and delete them from the log."""
    from etl.store.pruning import prune

    with _store() as database:
        count = prune(database, file, actor(None), months)
    say(message("Entries that were pruned: {count}", count=count))


@contextmanager
def _store() -> "Iterator[Database]":
    from etl.store.database import database_of

    with (
        refusing(lambda count: message("Nothing was done. Faults: {count}", count=count)),
        closing(database_of(settings())) as database,
    ):
        yield database


def _passphrase(*, twice: bool = False) -> str:
    named = os.environ.get(PASSPHRASE)
    if named:
        return Path(named).read_text(encoding="utf-8").splitlines()[0]
    return str(typer.prompt(told(message("Passphrase")), hide_input=True, confirmation_prompt=twice))
