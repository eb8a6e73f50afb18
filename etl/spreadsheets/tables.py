"""A table of a sheet, its faults and what of it is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from etl.spreadsheets.cells import Cell, read_text
from etl.spreadsheets.sheet_kinds import (
    Kind,
)
from geodata.contract.errors import Fault
from geodata.language import Message


@dataclass(frozen=True)
class SheetFault(Fault):
    """A fault of a cell; ``column_number`` counts from 1, for the copy that marks it."""

    column_number: int | None = None


@dataclass(frozen=True)
class Skipped:
    """Something of a sheet that does not enter.

    Attributes
    ----------
    sheet
        The sheet.
    row
        The row, or the row of the headings for a column.
    text
        What stands there, shortened.
    reason
        Why it is left out.
    """

    sheet: str
    row: int
    text: str
    reason: Message


@dataclass(frozen=True)
class Table:
    """The rows of one table, column by column.

    Attributes
    ----------
    file, sheet
        Where it stands.
    kind
        What it is.
    heading_row
        The row of its headings.
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
    skipped
        What was left out.
    """

    file: str
    sheet: str
    kind: Kind
    heading_row: int
    columns: Mapping[str, int]
    headings: Mapping[int, str]
    numbers: Sequence[int]
    cells: Mapping[str, Sequence[Cell]]
    others: Mapping[int, Sequence[Cell]]
    skipped: Sequence[Skipped]

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
    letter = get_column_letter(column) if column else ""
    shown = f"{letter} ({heading})" if heading else letter
    return SheetFault(
        file, read_text(value), problem, expected, row=row, column=shown, sheet=sheet, column_number=column
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
    """

    tables: list[Table] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
