"""Workbooks and csv files as grids of cells, with rows and columns counted as Excel shows them."""

import csv
import gc
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from xml.parsers import expat

from etl.spreadsheets.cells import Cell, Unread
from etl.spreadsheets.file_forms import check_form, check_package, is_archive, readable
from etl.spreadsheets.grids import ERRORS, MOST_COLUMNS, Drawn, Grid, refused
from etl.spreadsheets.legacy_text import converted
from etl.spreadsheets.ods import read_ods
from etl.spreadsheets.packages import Package
from etl.spreadsheets.xls import read_xls
from etl.spreadsheets.xlsx import read_xlsx
from etl.text_encoding import TCVN3, VNI, UnknownEncodingError, decoded
from geodata.contract.disk_faults import disk_fault
from geodata.contract.errors import GeodataError, Note, SourceError
from geodata.language import message

__all__ = ["SUFFIXES", "Grid", "Workbook", "read_workbook"]

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt")

_TEXTS = (".csv", ".txt")
_LONGEST_LINE = 2_000_000
_ERROR_IN_TEXT = re.compile("|".join(map(re.escape, sorted(ERRORS))))

_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, OSError, ValueError, expat.ExpatError, LookupError, OverflowError),
    # zipfile's words for a password, an unknown compression, an early end.
    *(RuntimeError, NotImplementedError, EOFError),
)


@dataclass(frozen=True)
class Workbook:
    """A file that was read once and whole.

    Attributes
    ----------
    path
        The file.
    sha256
        The SHA-256 of the bytes of which the grids were read.
    grids
        Its sheets in their order.
    """

    path: Path
    sha256: str
    grids: tuple[Grid, ...]


def read_workbook(path: Path) -> Workbook:
    """Return a file of one of `SUFFIXES` as grids of cells.

    Raises
    ------
    SourceError
        The file is missing, of another kind, broken, locked by a password, larger than can be read, or has
        text in an encoding that is not sure.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise refused(path.name, message("is no spreadsheet"), message("an xlsx, ods or csv file"))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError([replace(disk_fault(error, path), file=path.name)]) from error
    if not content:
        raise refused(path.name, message("is empty"), message("an xlsx, ods or csv file"))
    return Workbook(path, hashlib.sha256(content).hexdigest(), tuple(grids_of(path, content)))


def grids_of(path: Path, content: bytes) -> list[Grid]:
    """Return the sheets of a file, given its bytes.

    Raises
    ------
    SourceError
        See `read_workbook`.
    """
    check_form(path, content)
    with _uncollected():
        if is_archive(content) or path.suffix.lower() not in _TEXTS:
            return [converted(sheet.grid(), path.name) for sheet in _sheets(path, content)]
        return [converted(_csv_grid(path, content), path.name)]


def _sheets(path: Path, content: bytes) -> list[Drawn]:
    try:
        if not is_archive(content):
            return read_xls(path.name, content)
        package = Package(path.name, content)
        check_package(path, package)
        return read_ods(package) if path.suffix.lower() == ".ods" else read_xlsx(package)
    except GeodataError:
        raise
    except MemoryError as error:
        raise refused(path.name, message("is too large"), message("fewer rows; split the file")) from error
    except _DAMAGE as error:
        if "password" in str(error):
            raise refused(
                path.name, message("is locked by a password"), message("the file saved without a password")
            ) from error
        raise refused(path.name, message("is no readable workbook"), readable()) from error


def _csv_grid(path: Path, content: bytes) -> Grid:
    text, encoding = _decoded(path, content)
    if max(map(len, io.StringIO(text, newline="")), default=0) > _LONGEST_LINE:
        raise refused(
            path.name,
            message("has a line of more than {count} characters", count=_LONGEST_LINE),
            message("a line for each row"),
        )
    first, _, rest = text.partition("\n")
    first = first.strip()
    if re.fullmatch(r'"?sep=.?"?', first):
        # A hint of Excel's, which it does not count as a row.
        mark = first.strip('"').removeprefix("sep=") or "\t"
        text, delimiter = rest, mark
    else:
        delimiter = _delimiter(text)
    rows: list[list[Cell]]
    try:
        # Of texts that are alike one is kept: of a million rows that is half the memory that may be taken.
        alike: dict[str, str] = {}
        rows = [
            [alike.setdefault(cell, cell) for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise refused(
            path.name,
            message("is no readable csv file: {reason}", reason=str(error)),
            message("csv saved as UTF-8, cells apart by commas, semicolons or tabs"),
        ) from error
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        raise refused(
            path.name, message("is too large"), message("at most {count} columns", count=MOST_COLUMNS)
        )
    if _ERROR_IN_TEXT.search(text):
        for row in rows:
            for column, cell in enumerate(row):
                if cell in ERRORS and isinstance(cell, str):
                    row[column] = Unread("error", cell)
    if encoding not in (TCVN3, VNI):
        return Grid("", rows)
    told = message("the text was converted from {encoding}", encoding=encoding)
    return Grid("", rows, is_encoding_converted=encoding, notes=(Note(path.name, "", told),))


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


def _decoded(path: Path, content: bytes) -> tuple[str, str]:
    """Return the text of a csv file and its encoding."""
    expected = message("csv saved as UTF-8")
    try:
        return decoded(content)
    except UnknownEncodingError as error:
        if error.name:
            raise refused(
                path.name,
                message("seems to be in {encoding}, but not surely", encoding=error.name),
                expected,
            ) from error
        raise refused(path.name, message("is no text in UTF-8 or Windows-1258"), expected) from error


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
