"""A table of a sheet, its faults and what of it is left out or taken for something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from etl.spreadsheets.cells import Cell, read_text
from etl.spreadsheets.sheet_kinds import (
    Kind,
)
from etl.spreadsheets.workbooks import Grid
from geodata.contract.errors import Fault, Note
from geodata.language import Language, Message, translate

MOST_SHOWN = 60
"""Characters of a heading that a fault names."""


class _InSheet:
    """A place in a sheet that names its cell as a spreadsheet does: ``B7 (Phường/xã)``."""

    file: str
    sheet: str
    row: int | None
    column: str

    def place(self, language: Language) -> str:
        """Return file, sheet and cell."""
        sheet = translate("sheet {name}", language, name=self.sheet) if self.sheet else ""
        letter, _, heading = self.column.partition(" ")
        cell = f"{letter}{self.row or ''} {heading}".strip()
        if not letter and self.row is not None:
            cell = translate("row {number}", language, number=self.row)
        return ", ".join(part for part in (self.file, sheet, cell) if part)


@dataclass(frozen=True)
class SheetFault(_InSheet, Fault):
    """A fault of a cell; ``column_number`` counts from 1, for the copy that marks it."""

    column_number: int | None = None


@dataclass(frozen=True)
class SheetNote(_InSheet, Note):
    """A note on a cell, a row or a column of a sheet."""


@dataclass(frozen=True)
class Table:
    """The rows of one table, column by column.

    Attributes
    ----------
    file
        The file.
    grid
        The sheet that holds it.
    kind
        What it is.
    heading_row
        The row of its headings, the lower one of two.
    columns
        Keys of the columns that are there, with their numbers from 1.
    headings
        Headings as they stand in the file, by the number of the column.
    numbers
        The rows of the sheet that hold data.
    cells
        The cells of these rows by key.
    others
        The cells of these rows in columns that are not read, by the number of the column.
    notes
        What was left out or taken for something.
    """

    file: str
    grid: Grid
    kind: Kind
    heading_row: int
    columns: Mapping[str, int]
    headings: Mapping[int, str]
    numbers: Sequence[int] = ()
    cells: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    others: Mapping[int, Sequence[Cell]] = field(default_factory=dict)
    notes: Sequence[Note] = ()

    @property
    def sheet(self) -> str:
        """The name of its sheet."""
        return self.grid.sheet

    def fault(
        self,
        problem: Message,
        expected: Message,
        *,
        row: int | None = None,
        column: int | None = None,
        value: Cell = "",
    ) -> SheetFault:
        """Return a fault at a place of the sheet; rows and columns count from 1."""
        heading = self.headings.get(column, "") if column else ""
        return sheet_fault(self.file, self.sheet, problem, expected, row, column, value, heading)

    def note(
        self, told: Message, *, row: int | None = None, column: int | None = None, value: Cell = ""
    ) -> SheetNote:
        """Return a note on a place of the sheet; rows and columns count from 1."""
        place = _column(column, self.headings.get(column, "") if column else "")
        return SheetNote(self.file, read_text(value), told, row, place, self.sheet)


def _column(column: int | None, heading: str) -> str:
    letter = get_column_letter(column) if column else ""
    shown = heading if len(heading) <= MOST_SHOWN else f"{heading[: MOST_SHOWN - 1]}…"
    return f"{letter} ({shown})" if shown else letter


def sheet_fault(
    file: str,
    sheet: str,
    problem: Message,
    expected: Message,
    row: int | None,
    column: int | None,
    value: Cell,
    heading: str,
) -> SheetFault:
    """Return a fault at a place of a sheet, its column as in ``B (Phường/xã)``; both count from 1."""
    return SheetFault(
        file,
        read_text(value),
        problem,
        expected,
        row=row,
        column=_column(column, heading),
        sheet=sheet,
        column_number=column,
    )


@dataclass
class Recognised:
    """What a workbook turned out to hold.

    Attributes
    ----------
    tables
        Its tables.
    faults
        Sheets that are no table, and columns that are missing, doubled or not known.
    notes
        What of its sheets was left out or converted; those on a table are the table's.
    """

    tables: list[Table] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def in_spans(numbers: Sequence[int]) -> str:
    """Return numbers that rise as in ``3, 5-9``."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)
