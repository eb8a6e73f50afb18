"""From a spreadsheet to tidy rows of the contract, by the rules; every fault of a file at once.

Rules that a file is held to:

- an inspection, a stage or a period's end lies on a day from the programme's first to today; events, due
  dates and targets may lie ahead; indicators reach back so far that each month of the programme has the same
  month of the year before;
- a criterion belongs to its set, met are no more than assessed, assessed no more than the set has;
- a percentage lies between 0 and 100, a count is whole and not negative;
- a row stands once: in the file, and in what was recorded before;
- a secret grade, or a grade that is not known, keeps the whole file out; so do columns and texts with data
  of persons.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pandas as pd

from etl.spreadsheets.cell_rules import bears_secret, grade_cell, is_secret
from etl.spreadsheets.cells import read_text, show_date
from etl.spreadsheets.opened import opened_workbook
from etl.spreadsheets.reading import Context, Reading
from etl.spreadsheets.sheet_kinds import Kind
from etl.spreadsheets.sheet_words import CLASSIFICATION_WORDS
from etl.spreadsheets.sheets import OURS
from etl.spreadsheets.tables import Recognised, Table, sheet_fault
from etl.spreadsheets.tidy_rows import Inspections
from etl.spreadsheets.tidy_tables import TIDY
from etl.spreadsheets.workbooks import Workbook, read_workbook
from etl.store.batch import Batch
from etl.store.submissions import Store
from geodata.contract.errors import Fault, GeodataError, Note
from geodata.contract.layers import LAYERS, check
from geodata.language import message
from geodata.wards.names import bare


@dataclass(frozen=True)
class ImportedFile:
    """What a file holds, tidy and without fault.

    Attributes
    ----------
    file
        Its name.
    sha256
        Of the bytes that were read.
    rows
        Rows by layer in the contract's columns. ``source`` is the row's own text of its source, or
        `etl.store.entering.THIS_BATCH`.
    tables
        Its tables: name of the sheet, the kind, and how many rows of it were read.
    row_counts
        Rows by layer.
    notes
        What of it was left out, converted or taken for something.
    """

    file: str
    sha256: str
    rows: dict[str, pd.DataFrame]
    tables: tuple[tuple[str, Kind, int], ...]
    row_counts: dict[str, int]
    notes: tuple[Note, ...]


def read_rows(path: Path, context: Context) -> ImportedFile:
    """Return the rows of a spreadsheet of our own by layer; nothing of it where it has a single fault.

    It is read in this process: what others deliver goes through `check_files`.

    Raises
    ------
    GeodataError
        With every fault of the file: those of its sheets and headings, or those of its cells and rows.
    """
    book = read_workbook(path)
    return rows_of_book(book, context.recogniser.tables(book), context)


@dataclass
class Checked:
    """What became of several files.

    Attributes
    ----------
    good
        The files without fault, in the order in which they can enter.
    faults
        The faults of the others, by file.
    notes
        What of the others was left out, converted or taken for something, by file.
    known
        Files that were imported before and are in force, with their batches.
    """

    good: list[tuple[Path, ImportedFile]] = field(default_factory=list)
    faults: dict[Path, Sequence[Fault]] = field(default_factory=dict)
    notes: dict[Path, Sequence[Note]] = field(default_factory=dict)
    known: list[tuple[Path, Batch]] = field(default_factory=list)


def opened_files(paths: Sequence[Path]) -> list[tuple[Path, Workbook | GeodataError]]:
    """Return files as grids of cells, or why they can't be read; others need not wait for the store then."""
    opened: list[tuple[Path, Workbook | GeodataError]] = []
    for path in paths:
        try:
            opened.append((path, opened_workbook(path)))
        except GeodataError as error:
            opened.append((path, error))
    return opened


def check_files(paths: Sequence[Path], context: Context, store: Store) -> Checked:
    """Open files and do as `check_opened`."""
    return check_opened(opened_files(paths), context, store)


def check_opened(
    opened: Sequence[tuple[Path, Workbook | GeodataError]], context: Context, store: Store
) -> Checked:
    """Return what several files hold, each read against what is recorded and the files before it.

    Files with inspections come first, for results and recommendations name them. A file that was imported
    before is left alone; one that was withdrawn since is a fault, for it is to be restored.
    """
    checked = Checked()
    books: list[tuple[Path, Workbook, Recognised]] = []
    seen: set[str] = set()
    for path, book in opened:
        if isinstance(book, GeodataError):
            checked.faults[path], checked.notes[path] = book.faults, book.notes
            continue
        batch = store.find_by_sha256(book.sha256)
        if batch is not None and batch.is_withdrawn:
            checked.faults[path] = [withdrawn_fault(path, batch)]
        elif batch is not None:
            checked.known.append((path, batch))
        elif book.sha256 not in seen:
            books.append((path, book, context.recogniser.tables(book)))
        seen.add(book.sha256)
    for path, book, found in sorted(books, key=lambda one: not _has_inspections(one[2])):
        try:
            imported = rows_of_book(book, found, context)
        except GeodataError as error:
            checked.faults[path], checked.notes[path] = error.faults, error.notes
            context = replace(context, has_unread=context.has_unread or _has_inspections(found))
        else:
            checked.good.append((path, imported))
            context = context.with_rows(imported.rows)
    return checked


def _has_inspections(found: Recognised) -> bool:
    return any(table.kind.name == "inspection" for table in found.tables)


def withdrawn_fault(path: Path, batch: Batch) -> Fault:
    """Return the fault of a file that was imported and withdrawn."""
    problem = message("was imported before, as batch {batch}, and withdrawn since", batch=batch.batch_id)
    return Fault(path.name, "", problem, message("“pilot-wards restore {batch}”", batch=batch.batch_id))


def rows_of_book(book: Workbook, found: Recognised, context: Context) -> ImportedFile:
    """Do as `read_rows` for a file whose tables were found.

    Raises
    ------
    GeodataError
        With every fault of the file.
    """
    faults = [*found.faults, *secret_faults(book, found.tables)]
    tables = [Reading(table, book, context) for table in found.tables]
    for table in tables:
        table.check_persons()
    rows: dict[str, list[pd.DataFrame]] = {}
    inspections = Inspections(context)
    # Results and recommendations name inspections that may stand in a later sheet of the same file.
    for table in sorted(tables, key=lambda reading: reading.table.kind.name != "inspection"):
        for layer, frame in TIDY[table.table.kind.name](table, inspections).items():
            rows.setdefault(layer, []).append(frame)
    joined = {layer: _joined(layer, frames) for layer, frames in rows.items()}
    faults += [fault for table in tables for fault in table.faults]
    sheets = [grid.sheet for grid in book.grids]
    notes = _ordered([*found.notes, *(note for table in tables for note in table.notes)], sheets)
    if not faults:
        faults += _repeated_across(book.path.name, joined)
    if faults:
        raise GeodataError(_ordered(faults, sheets), notes)
    joined = {layer: check(layer, frame) for layer, frame in joined.items() if len(frame)}
    return ImportedFile(
        book.path.name,
        book.sha256,
        joined,
        tuple((table.sheet, table.kind, len(table.numbers)) for table in found.tables),
        {layer: len(frame) for layer, frame in joined.items()},
        tuple(notes),
    )


def _joined(layer: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    together = pd.concat(frames, ignore_index=True)
    # Two sheets may plan the same event.
    return together.drop_duplicates("event_id", ignore_index=True) if layer == "event" else together


def _repeated_across(file: str, rows: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Return a fault for each row that two sheets of the file hold."""
    faults = []
    for layer, frame in rows.items():
        key = list(LAYERS[layer].key)
        for values in frame.loc[frame.duplicated(key), key].itertuples(index=False, name=None):
            shown = [show_date(v) if isinstance(v, pd.Timestamp) else str(v) for v in values]
            problem = message("stands in two sheets of the file")
            faults.append(Fault(file, " / ".join(shown), problem, message("once")))
    return faults


Told = TypeVar("Told", Fault, Note)


def _ordered(found: Iterable[Told], sheets: Sequence[str]) -> list[Told]:
    place = {sheet: number for number, sheet in enumerate(sheets)}
    return sorted(
        found,
        key=lambda one: (place.get(one.sheet, -1), one.row or 0, getattr(one, "column_number", None) or 0),
    )


def secret_faults(book: Workbook, tables: Sequence[Table]) -> list[Fault]:
    """Return a fault for each cell of a file that gives it a secret grade, wherever it stands.

    In the column of grades only known ones that are not secret may stand, so that no spelling slips through;
    elsewhere a cell counts that is such a grade, names it after “Độ mật”, or bears it as a mark in its text.
    """
    by_sheet = {table.sheet: table for table in tables}
    faults: list[Fault] = []
    for grid in book.grids:
        texts = {cell for row in grid.rows for cell in row if cell.__class__ is str}
        # The program's own sheets speak of grades.
        bears = is_secret if bare(grid.sheet) in OURS else bears_secret
        secret = {text for text in texts if isinstance(text, str) and bears(text)}
        table = by_sheet.get(grid.sheet)
        graded = None if table is None else table.columns.get("classification")
        if table is not None and graded:
            cells = zip(table.numbers, table.cells["classification"], strict=True)
            faults += [
                table.fault(
                    message("is no grade that may enter"),
                    message("one of: {values}", values=", ".join(CLASSIFICATION_WORDS)),
                    row=row,
                    column=graded,
                    value=cell,
                )
                for row, cell in cells
                if read_text(cell) and grade_cell(cell) is None and cell not in secret
            ]
        if not secret:
            continue
        headings = {} if table is None else table.headings
        faults += [
            sheet_fault(
                book.path.name,
                grid.sheet,
                message("is a secret grade: nothing of the file enters"),
                message("no state secrets in this program; leave the record out"),
                row,
                column,
                cell,
                headings.get(column, ""),
            )
            for row, cells_of_row in enumerate(grid.rows, start=1)
            for column, cell in enumerate(cells_of_row, start=1)
            if cell.__class__ is str and cell in secret
        ]
    return faults
