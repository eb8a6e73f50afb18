"""Workbooks and csv files as grids of cells, with rows and columns counted as Excel shows them.

xlsx and ods are read by python-calamine. It puts up a whole rectangle for the cells of a sheet, so one
stray cell in the last corner of an xlsx ends the program; hence its references are looked through first.
"""

import csv
import gc
import hashlib
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from etl.spreadsheets.cells import SERIAL_START, Cell
from geodata.contract.errors import Fault, Note, SourceError
from geodata.language import Message, message

SUFFIXES = (".xlsx", ".ods", ".csv")

MOST_CELLS = 30_000_000
"""Cells of the rectangle around a sheet's contents above which it is not read: a full sheet of 28 columns."""

MOST_BYTES = 1 << 30
"""Size of a workbook once unpacked above which it is not read."""

_FAR_CELL = re.compile(rb'r="([A-Z]{2,}[0-9]|[A-Z]?(?:1[1-9]|[2-9][0-9])[0-9]{5}|[A-Z]?[0-9]{8})')
_REFERENCE = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,10})"')
_ERROR_CELL = re.compile(rb'<c [^>]*t="e"')
_CHUNK = 1 << 22

_DAMAGE = (
    *(CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError),
    # zipfile's words for a password, an unknown compression, an early end.
    *(RuntimeError, NotImplementedError, EOFError, KeyError),
)


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


@dataclass(frozen=True)
class Workbook:
    """A file that was read once and whole.

    Attributes
    ----------
    path
        The file.
    content
        Its bytes, of which the grids were read.
    grids
        Its sheets in their order.
    """

    path: Path
    content: bytes
    grids: tuple[Grid, ...]

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes that were read."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def percentages(self) -> set[tuple[str, int, int]]:
        """Sheet, row and column of the numbers of an xlsx that are shown as percentages.

        Raises
        ------
        SourceError
            The workbook can't be read to its end.
        """
        # Going through all cells for their formats takes long, and few workbooks have such a format at all.
        cells = special_cells(self.path, self.content) if _has_percentages(self.content) else []
        return {(sheet, row, column) for sheet, row, column, _, is_shown in cells if is_shown}


def read_workbook(path: Path) -> Workbook:
    """Return a file of one of `SUFFIXES` as grids of cells.

    Raises
    ------
    SourceError
        The file is missing, of another kind, broken, locked by a password, or larger than can be read.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise _refused(path, message("is no spreadsheet"), message("an xlsx, ods or csv file"))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refused(
            path, message("can't be read: {reason}", reason=error.strerror or ""), message("a file")
        ) from error
    if not content:
        raise _refused(path, message("is empty"), message("an xlsx, ods or csv file"))
    grids = [_csv_grid(path, content)] if suffix == ".csv" else _sheets(path, content)
    return Workbook(path, content, tuple(grids))


def _refused(path: Path, problem: Message, expected: Message, sheet: str = "") -> SourceError:
    return SourceError([Fault(path.name, "", problem, expected, sheet=sheet)])


def _sheets(path: Path, content: bytes) -> list[Grid]:
    broken = message("is no readable workbook")
    remedy = message("a workbook without a password; open it and save it anew as xlsx")
    try:
        has_errors = _look_through(path, content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [of.name for of in book.sheets_metadata if of.typ == SheetTypeEnum.WorkSheet]
        grids = [_grid(path, book, name) for name in names]
    except BaseException as error:
        # A panic in calamine's Rust is no Exception, and not importable by name.
        if not isinstance(error, _DAMAGE) and type(error).__name__ != "PanicException":
            raise
        raise _refused(path, broken, remedy) from error
    return _with_errors(path, content, grids) if has_errors else grids


def _look_through(path: Path, content: bytes) -> bool:
    """Return whether a workbook has cells that hold an error; refuse one that is too large to be read."""
    too_large = message("is too large")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [member for member in archive.infolist() if member.filename.endswith(".xml")]
        if sum(member.file_size for member in members) > MOST_BYTES:
            raise _refused(path, too_large, message("at most {count} bytes once unpacked", count=MOST_BYTES))
        has_errors = False
        for member in members:
            if path.suffix.lower() != ".xlsx" or "worksheets/" not in member.filename:
                continue
            columns = rows = 0
            tail = b""
            with archive.open(member) as file:
                while chunk := file.read(_CHUNK):
                    # A reference may lie across two chunks.
                    text = tail + chunk
                    tail = text[-200:]
                    has_errors = has_errors or _ERROR_CELL.search(text) is not None
                    if not _FAR_CELL.search(text):
                        continue
                    for letters, digits in _REFERENCE.findall(text):
                        columns = max(columns, column_index_from_string(letters.decode()))
                        rows = max(rows, int(digits))
            if columns * rows > MOST_CELLS:
                raise _refused(
                    path,
                    too_large,
                    message("no cells far off the table: delete what stands in the far columns"),
                )
    return has_errors


def _grid(path: Path, book: CalamineWorkbook, name: str) -> Grid:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise _refused(
            path, message("is too large"), message("at most {count} cells", count=MOST_CELLS), name
        )
    with _uncollected():
        rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left != right or top >= len(rows) or left >= len(rows[top]):
            continue
        # A day or a name that is merged over several rows holds for each of them; a number may be their sum.
        if isinstance(rows[top][left], str | date):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    return Grid(name, rows)


def _with_errors(path: Path, content: bytes, grids: list[Grid]) -> list[Grid]:
    """Return grids with the errors of cells, such as ``#REF!``, as text; calamine gives them as empty."""
    found = {grid.sheet: [list(row) for row in grid.rows] for grid in grids}
    for sheet, row, column, value, _ in special_cells(path, content):
        if isinstance(value, str) and sheet in found and row <= len(found[sheet]):
            cells = found[sheet][row - 1]
            if column <= len(cells):
                cells[column - 1] = value
    return [Grid(name, rows) for name, rows in found.items()]


def _has_percentages(content: bytes) -> bool:
    """Return whether any format of an xlsx shows percentages."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = b"".join(
            archive.read(member) for member in archive.namelist() if member.endswith("styles.xml")
        )
    # Formats 9 and 10 are Excel's own percentages; others are spelled out.
    return re.search(rb'numFmtId="(?:9|10)"|formatCode="[^"]*%', styles) is not None


def special_cells(path: Path, content: bytes) -> list[tuple[str, int, int, Cell, bool]]:
    """Return the cells of an xlsx that hold an error or are shown as a percentage.

    Each as sheet, row and column from 1, the error as text or the number as stored (0.975 for 97,5 %), and
    whether it is a percentage.

    Raises
    ------
    SourceError
        The workbook can't be read to its end.
    """
    found: list[tuple[str, int, int, Cell, bool]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl can't keep, such as drawings, is not needed here
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            for sheet in book.worksheets:
                for row in sheet.iter_rows():
                    cell: Any
                    for cell in row:
                        if cell.value is None:
                            continue
                        if cell.data_type == "e":
                            found.append((sheet.title, cell.row, cell.column, str(cell.value), False))
                        elif cell.data_type == "n" and "%" in (cell.number_format or ""):
                            found.append((sheet.title, cell.row, cell.column, cell.value, True))
    except Exception as error:  # openpyxl fails in many ways on a file that is damaged
        raise _refused(
            path,
            message("is no readable workbook"),
            message("a workbook without a password; open it and save it anew as xlsx"),
        ) from error
    return found


def _csv_grid(path: Path, content: bytes) -> Grid:
    text = _decoded(path, content)
    first, _, rest = text.partition("\n")
    first = first.strip()
    if re.fullmatch(r'"?sep=.?"?', first):
        # A hint of Excel's, which it does not count as a row.
        mark = first.strip('"').removeprefix("sep=") or "\t"
        text, delimiter = rest, mark
    else:
        delimiter = _delimiter(text)
    try:
        with _uncollected():
            return Grid("", list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except csv.Error as error:
        raise _refused(
            path,
            message("is no readable csv file: {reason}", reason=str(error)),
            message("csv saved as UTF-8, cells apart by commas, semicolons or tabs"),
        ) from error


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make no search for garbage: among a million new rows it takes longer than reading them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _decoded(path: Path, content: bytes) -> str:
    """Return the text of a csv file: UTF-8 or UTF-16 by its mark, UTF-8, or Windows-1258."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif content.startswith(b"\xef\xbb\xbf"):
        encodings = ("utf-8-sig",)
    else:
        encodings = ("utf-8", "cp1258")
    for encoding in encodings:
        try:
            # Windows-1258 writes tone marks after their vowels.
            text = content.decode(encoding)
            return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
        except UnicodeDecodeError as error:
            reason = error
    raise _refused(
        path, message("is no text in UTF-8 or Windows-1258"), message("csv saved as UTF-8")
    ) from reason


def _delimiter(text: str) -> str:
    """Return what cells are apart by: what makes the widest rows, most often of one width.

    A decimal comma splits cells of some rows, a delimiter those of all rows alike.
    """
    sample = text[:200_000]

    def agreement(mark: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=mark))[:200]
        except csv.Error:
            return (0, 0)
        widths = [len(row) for row in rows if len(row) > 1]
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return (widths.count(common), common)

    return max((";", "\t", ","), key=agreement)
