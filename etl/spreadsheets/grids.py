"""A sheet as a grid of cells, with what it shows besides values, and what is left of it for the tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise, repeat

from openpyxl.utils import get_column_letter

from etl.spreadsheets.cells import SERIAL_START, Cell, Unread, read_text
from geodata.contract.errors import Fault, Note, SourceError
from geodata.language import Message, message
from geodata.language.numbers import number

MOST_CELLS = 30_000_000
"""Cells of the rectangle around a sheet's contents above which it is not read: a full sheet of 28 columns."""

MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
"""Rows and columns of Excel's and LibreOffice's sheets."""

FAR_ROWS, FAR_COLUMNS = 10_000, 200
"""Empty rows and columns after which what stands beyond is far off the table."""

MOST_STRAY = 20
"""Cells far off that are told one by one; more of them are no stray ones."""

MOST_REPEATS = 1000
"""Rows over which an ods may repeat a row that holds something."""

NO_CELLS: list[Cell] = []
"""The row of all rows that hold nothing; never added to."""

ERRORS = frozenset(
    (
        *("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
        *(
            "#FIELD!",
            "#BLOCKED!",
            "#CONNECT!",
            "#BUSY!",
            "#ERROR!",
            "#GETTING_DATA",
            "#UNKNOWN!",
            "#EXTERNAL!",
            "#PYTHON!",
        ),
    )
)
"""What stands in a cell in error, in Excel, LibreOffice and Google Sheets."""


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet.

    Attributes
    ----------
    sheet
        Name of the sheet; empty for a csv file.
    rows
        Cells by row; the first is row 1 of the sheet, and its first cell stands in column A.
    is_hidden
        Whether the sheet is hidden.
    hidden_rows, hidden_columns
        Rows and columns that are hidden, by hand or by a filter; from 1.
    has_filter
        Whether a filter is set on the sheet.
    struck_rows
        Rows of which each cell that holds something is struck through.
    merged
        Cells that are merged: top, left, bottom and right, from 1.
    percent_cells
        Row and column, from 1, of the numbers that are shown as percentages: 0.975 is shown as 97,5 %.
    epoch
        Day 0 of the workbook's count of days, for days that stand in it as plain numbers.
    is_encoding_converted
        The legacy encoding that text was converted from, such as ``TCVN3``; otherwise empty.
    notes
        What was left out or converted in reading.
    """

    sheet: str
    rows: Sequence[Sequence[Cell]]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    has_filter: bool = False
    struck_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    percent_cells: frozenset[tuple[int, int]] = frozenset()
    epoch: date = SERIAL_START
    is_encoding_converted: str = ""
    notes: tuple[Note, ...] = ()


@dataclass
class Drawn:
    """A sheet while it is read, cell by cell.

    Attributes
    ----------
    file, sheet
        Where it stands.
    rows
        Its cells as far as they are read; rows that are alike may be one list.
    dummies
        Row and column (from 0) of formulas with the result 0 or an empty text, and the formula.
    is_reckoned
        Whether a formula has another result.
    """

    file: str
    sheet: str
    rows: list[list[Cell]] = field(default_factory=list)
    is_hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    has_filter: bool = False
    struck_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    percent_cells: set[tuple[int, int]] = field(default_factory=set)
    epoch: date = SERIAL_START
    dummies: list[tuple[int, int, str]] = field(default_factory=list)
    is_reckoned: bool = False

    def put(self, row: int, column: int, value: Cell) -> None:
        """Set the cell of a row and a column, both from 0."""
        rows = self.rows
        if row >= len(rows):
            rows.extend(repeat(NO_CELLS, row + 1 - len(rows)))
        cells = rows[row]
        if not cells:
            # Empty rows are one and the same.
            rows[row] = cells = []
        gap = column - len(cells)
        if gap == 0:
            cells.append(value)
        elif gap > 0:
            cells.extend([None] * gap)
            cells.append(value)
        else:
            cells[column] = value

    def doubt(self) -> None:
        """Mark the formulas whose 0 or empty text no program has reckoned."""
        for row, column, formula in self.dummies:
            self.rows[row][column] = Unread("not_reckoned", formula)

    def grid(self) -> Grid:
        """Return the grid: merged names and days repeated, stray cells far off left out.

        Raises
        ------
        SourceError
            More than a few cells, or words, stand far off the table; or the sheet is too large.
        """
        for top, left, bottom, right in self.merged:
            if left != right or top > len(self.rows) or left > len(self.rows[top - 1]):
                continue
            value = self.rows[top - 1][left - 1]
            # A day or a name that is merged over several rows holds for each of them; a number may be their
            # sum.
            if isinstance(value, str | date):
                for row in range(top, min(bottom, len(self.rows))):
                    self.put(row, left - 1, value)
        notes = self._without_stray()
        while self.rows and not self.rows[-1]:
            self.rows.pop()
        width = max(map(len, self.rows), default=0)
        if len(self.rows) * width > MOST_CELLS:
            raise refused(
                self.file,
                message("is too large"),
                message("at most {count} cells", count=MOST_CELLS),
                self.sheet,
            )
        count = len(self.rows)
        return Grid(
            self.sheet,
            self.rows,
            self.is_hidden,
            frozenset(row for row in self.hidden_rows if row <= count and self.rows[row - 1]),
            frozenset(column for column in self.hidden_columns if column <= width),
            self.has_filter,
            frozenset(self.struck_rows),
            tuple(self.merged),
            frozenset(self.percent_cells),
            self.epoch,
            notes=notes,
        )

    def _without_stray(self) -> tuple[Note, ...]:
        stray = self._stray()
        if not stray:
            return ()
        cells = [(row, column, self.rows[row][column]) for row, column in stray]
        words = [cell for cell in cells if isinstance(cell[2], str) and any(map(str.isalpha, cell[2]))]
        if words or len(cells) > MOST_STRAY:
            row, column, value = (words or cells)[0]
            raise SourceError(
                [
                    Fault(
                        self.file,
                        shown(value),
                        message("stands far off the table"),
                        message("no cells far off the table: delete what stands in the far rows and columns"),
                        row + 1,
                        get_column_letter(column + 1),
                        self.sheet,
                    )
                ]
            )
        for row, column, _ in cells:
            self.rows[row][column] = None
        for row in {row for row, _, _ in cells}:
            line = self.rows[row]
            while line and line[-1] in (None, ""):
                line.pop()
        told = message("left out: it stands alone, far off the table")
        return tuple(
            Note(self.file, shown(value), told, row + 1, get_column_letter(column + 1), self.sheet)
            for row, column, value in cells
        )

    def _stray(self) -> list[tuple[int, int]]:
        """Return the cells far off, by row; more than a few are not all of them."""
        wide = [number for number, row in enumerate(self.rows) if len(row) > FAR_COLUMNS]
        found: list[tuple[int, int]] = []
        if wide:
            taken = sorted({n for row in self.rows for n, cell in enumerate(row) if _holds(cell)})
            edges = (left for left, right in pairwise(taken) if right - left > FAR_COLUMNS)
            edge = next(edges, MOST_COLUMNS)
            for number in wide:
                row = self.rows[number]
                found += [(number, n) for n in range(edge + 1, len(row)) if _holds(row[n])]
        filled = (number for number, row in enumerate(self.rows) if row)
        first = next((right for left, right in pairwise(filled) if right - left > FAR_ROWS), len(self.rows))
        for number in range(first, len(self.rows)):
            found += [(number, n) for n, cell in enumerate(self.rows[number]) if _holds(cell)]
            if len(found) > 50 * MOST_STRAY:
                break
        return sorted(set(found))


def _holds(cell: Cell) -> bool:
    return cell is not None and cell != ""


def shown(cell: Cell) -> str:
    """Return a cell as it is told in a fault, shortened."""
    text = read_text(cell)
    return text if len(text) <= 60 else text[:59] + "…"


def refused(file: str, problem: Message, expected: Message, sheet: str = "") -> SourceError:
    """Return the error of a file that is not read."""
    return SourceError([Fault(file, "", problem, expected, sheet=sheet)])


def locked(file: str) -> SourceError:
    """Return the error of a file that needs a password."""
    return refused(file, message("is locked by a password"), message("the file saved without a password"))


def repeated(file: str, sheet: str, row: int, cells: Sequence[Cell], count: int) -> SourceError:
    """Return the error of a row (from 1) that an ods repeats without end."""
    text = next((shown(cell) for cell in cells if _holds(cell)), "")
    problem = message("is repeated over {count} rows", count=number(count))
    return SourceError(
        [Fault(file, text, problem, message("delete the rows below the table"), row, sheet=sheet)]
    )


def moment(day: datetime) -> date:
    """Return a moment as a day where it is midnight."""
    return day.date() if day.time() == time() else day


def written_moment(stored: str) -> Cell:
    """Return a moment that a workbook holds as text of ISO 8601; one with a zone stays text.

    No standard of workbooks has a zone: what it means is for those who judge the whole column.

    Raises
    ------
    ValueError
        It is none.
    """
    found = datetime.fromisoformat(stored)
    return moment(found) if found.tzinfo is None else stored


def from_serial(serial: float, epoch: date) -> Cell:
    """Return what a number says that a workbook shows as a date: a day, a moment, a time or the number."""
    if 0 <= serial < 1:
        seconds = round(serial * 86_400_000)
        return (datetime.min + timedelta(milliseconds=min(seconds, 86_399_999))).time()
    # Excel's 1900 has a 29 February, which is serial 60.
    days = serial + 1 if epoch == SERIAL_START and serial < 60 else serial
    try:
        start = datetime.combine(epoch, time())
        return moment(start + timedelta(milliseconds=round(days * 86_400_000)))
    except (OverflowError, ValueError):
        return serial
