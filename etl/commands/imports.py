"""The commands ``pilot-wards template``, ``check`` and ``import``: spreadsheets out to staff and back in."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.commands.batches import By, actor
from etl.commands.terminal import BAD_INPUT, Seconds, option, print_faults, print_waiting, refusing, say, told
from etl.confined import SECONDS
from geodata.clock import today
from geodata.contract.errors import Fault, GeodataError, Note
from geodata.language import message, number
from geodata.settings import settings

if TYPE_CHECKING:
    from etl.spreadsheets.importing import Checked, ImportedFile

NOTES_SHOWN = 20
"""Notes on a file that are told one by one."""

Files = Annotated[
    list[Path], typer.Argument(help=told(message("Spreadsheets: xlsx, ods or csv.")), metavar="FILE...")
]
Report = Annotated[
    Path | None,
    option(
        message("Write the faults to FILE.csv, or into a marked copy of the workbook, FILE.xlsx."),
        metavar="FILE",
    ),
]
Hidden = Annotated[
    Literal["include", "skip"] | None,
    option(message("Read hidden rows that hold data, or leave them out; else they are asked about.")),
]
Skip = Annotated[
    bool, option(message("Leave out sheets that hold no table that is known, and tell which."), "--skip")
]


def template_command(
    folder: Annotated[Path, typer.Argument(help=told(message("Folder for the workbooks.")), metavar="DIR")],
) -> None:
    """Write the workbooks; on a file that is there already write none, and end with code 2."""
    from etl.spreadsheets.reading import read_context
    from etl.spreadsheets.templates import write_templates
    from etl.store.database import database_of
    from etl.store.submissions import Store

    site = settings()
    with (
        refusing(lambda count: message("Nothing was written. Faults: {count}", count=count)),
        closing(database_of(site)) as database,
    ):
        context = read_context(site.sources, Store(database), today())
        paths = write_templates(folder, context)
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for path in paths:
        console.print(str(path))


def check_command(
    files: Files,
    report: Report = None,
    hidden: Hidden = None,
    skip: Skip = False,
    seconds: Seconds = 60,
) -> None:
    """Check files and write nothing but the report; tell every fault and end with code 2 on any."""
    from etl.build import read_ground
    from etl.spreadsheets.importing import check_files
    from etl.spreadsheets.reading import read_context
    from etl.store.database import database_of
    from etl.store.submissions import Store

    SECONDS.set(seconds)
    site = settings()
    with (
        refusing(lambda count: message("Nothing was checked. Faults: {count}", count=count)),
        closing(database_of(site)) as database,
    ):
        store = Store(database)
        context = read_context(
            site.sources,
            store,
            today(),
            lambda: read_ground(site.boundaries, site.sources, site.network).wards,
        )
        context = replace(context, hidden=hidden or "", is_skipping=skip)
        checked = check_files(files, context, store)
    _tell_known(checked)
    for _, imported in checked.good:
        _tell_file(imported)
    _tell_faults(checked, report)
    if checked.good:
        say(message("No fault was found. Nothing was written."))


def import_command(
    files: Files,
    by: By = None,
    body: Annotated[
        str, option(message("The body that delivers the files; it is published."), metavar="NAME")
    ] = "",
    report: Report = None,
    hidden: Hidden = None,
    skip: Skip = False,
    seconds: Seconds = 60,
) -> None:
    """Check all files, then keep them and publish; on any fault nothing enters, and the code is 2."""
    import pandas as pd

    from etl.publish import publishing
    from etl.spreadsheets.importing import check_opened, opened_files
    from etl.spreadsheets.reading import read_context
    from etl.store.audit import append

    batches = []
    try:
        with refusing(lambda count: message("The import stopped. Faults: {count}", count=count)):
            site, who = settings(), actor(by)
            SECONDS.set(seconds)
            opened = opened_files(files)  # before the store is held
            with publishing(site, pd.Timestamp(today()), print_waiting) as publisher:
                context = read_context(site.sources, publisher.store, today(), lambda: publisher.ground.wards)
                context = replace(context, hidden=hidden or "", is_skipping=skip)
                checked = check_opened(opened, context, publisher.store)
                if not checked.faults:
                    for path, imported in checked.good:
                        batches.append((imported, publisher.add(path, imported, who, body)))
                else:
                    told = ", ".join(path.name for path in checked.faults)
                    with publisher.store.database.write() as connection:
                        append(connection, who, "submission.add", "", "refused", told)
    finally:
        for imported, batch_id in batches:
            _tell_file(imported)
            say(message("{file} is batch {batch}.", file=imported.file, batch=batch_id))
    _tell_known(checked)
    _tell_faults(checked, report)
    if batches:
        say(message("Built {file}", file=str(site.published)))


def _tell_known(checked: "Checked") -> None:
    for path, batch in checked.known:
        say(
            message(
                "{file} was imported before, as batch {batch}; it is left as it is.",
                file=path.name,
                batch=batch.batch_id,
            )
        )


def _tell_file(imported: "ImportedFile") -> None:
    """Tell what of a file is read, table by table, and what of it is left out."""
    language = settings().language
    headings = (message("Sheet"), message("Table"), message("Rows"))
    table = Table(*(told(heading) for heading in headings), title=Text(imported.file), title_justify="left")
    for sheet, kind, count in imported.tables:
        table.add_row(Text(sheet), kind.title if language == "vi" else kind.english, told(number(count)))
    Console(highlight=False, markup=False, soft_wrap=True).print(table)
    _tell_notes(imported.notes)


def _tell_notes(notes: Sequence[Note], *, stderr: bool = False) -> None:
    """Tell what of a file was left out, converted or taken for something, below a heading of its own."""
    from etl.spreadsheets.fault_report import lines

    if notes:
        console = Console(stderr=stderr, highlight=False, markup=False, soft_wrap=True)
        console.print(told(message("Notes, no faults: {count}", count=number(len(notes)))), style="bold")
        for line in lines(notes, settings().language, NOTES_SHOWN):
            console.print(f"· {line}")


def _tell_faults(checked: "Checked", report: Path | None) -> None:
    """Tell the faults of all files and end with code 2 on any; write them into a report that is asked for.

    Raises
    ------
    typer.Exit
        There are faults.
    """
    from etl.spreadsheets.fault_report import lines, write_report

    language = settings().language
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    faults: list[Fault] = [fault for found in checked.faults.values() for fault in found]
    if faults:
        heading = message("Nothing enters. Faults: {count}", count=number(len(faults)))
        console.print(told(heading), style="bold red")
        for line in lines(faults, language):
            console.print(f"- {line}")
        _tell_notes([note for found in checked.notes.values() for note in found], stderr=True)
    notes = {**checked.notes, **{path: imported.notes for path, imported in checked.good}}
    is_csv = report is not None and report.suffix.lower() == ".csv"
    if report is not None and (faults or (any(notes.values()) and not is_csv)):
        try:
            for path in write_report(report, checked.faults, language, notes):
                console.print(Text(told(message("Report: {file}", file=str(path)))), soft_wrap=True)
        except GeodataError as error:
            print_faults(
                error.faults, message("No report was written. Faults: {count}", count=len(error.faults))
            )
    if faults:
        raise typer.Exit(BAD_INPUT)
