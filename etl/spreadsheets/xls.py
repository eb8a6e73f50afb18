"""Sheets of a workbook of Excel 97 to 2003 (xls): values by python-calamine, kinds of cells by its records.

calamine gives a cell in error as empty, and says nothing of formulas, formats and what is hidden; the records
of the file do ([MS-XLS], [MS-CFB]).
"""

import io
import struct
from collections.abc import Iterator
from datetime import date

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from etl.spreadsheets.cells import SERIAL_START, Cell, Unread
from etl.spreadsheets.grids import ERRORS, MOST_CELLS, Drawn, refused
from etl.spreadsheets.xlsx_book import is_percent_format
from geodata.language import message

_ERRORS = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?"},
    **{0x24: "#NUM!", 0x2A: "#N/A"},
}
_END, _BEGIN, _SHEET, _DAYS_1904, _FONT, _FORMAT, _XF = 0x0A, 0x809, 0x85, 0x22, 0x31, 0x41E, 0xE0
_FORMULA, _ERROR, _ROW, _COLUMNS, _FILTERED, _SEVERAL = 0x06, 0x205, 0x208, 0x7D, 0x9B, 0xBD
_ONE_CELL = frozenset((0x203, 0x204, 0x27E, 0xFD, _FORMULA, _ERROR))
_PERCENTS = frozenset((9, 10))


def read_xls(file: str, content: bytes) -> list[Drawn]:
    """Return the sheets of a workbook in their order.

    Raises
    ------
    SourceError
        The workbook is locked, damaged, or too large.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        kinds = _Kinds(_stream(content))
        drawn = []
        for number, sheet in enumerate(book.sheets_metadata):
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            cells = book.get_sheet_by_name(sheet.name)
            if cells.total_height * cells.total_width > MOST_CELLS:
                raise refused(
                    file,
                    message("is too large"),
                    message("at most {count} cells", count=MOST_CELLS),
                    sheet.name,
                )
            rows: list[list[Cell]] = [
                [Unread("error", cell) if cell in ERRORS and isinstance(cell, str) else cell for cell in row]
                for row in cells.to_python(skip_empty_area=False)
            ]
            one = Drawn(file, sheet.name, rows, sheet.visible != SheetVisibleEnum.Visible)
            one.merged = [
                (top + 1, left + 1, bottom + 1, right + 1)
                for (top, left), (bottom, right) in cells.merged_cell_ranges or ()
            ]
            kinds.mark(number, one)
            drawn.append(one)
    except PasswordError as error:
        raise refused(
            file, message("is locked by a password"), message("the file saved without a password")
        ) from error
    except BaseException as error:
        # A panic in calamine's Rust is no Exception, and not importable by name.
        is_damage = isinstance(error, CalamineError | struct.error | LookupError | ValueError | OverflowError)
        if not is_damage and type(error).__name__ != "PanicException":
            raise
        raise refused(
            file,
            message("is a workbook of Excel 97–2003 (xls) that can't be read"),
            message("open it in Excel or LibreOffice and save it as xlsx"),
        ) from error
    # Programs that write xls without reckoning leave no summary of the document behind.
    is_known = "SummaryInformation".encode("utf-16-le") in content
    if not is_known and not any(one.is_reckoned for one in drawn):
        for one in drawn:
            one.doubt()
    return drawn


def _stream(content: bytes) -> bytes:
    """Return the stream of the workbook from its container."""
    shift, small_shift = struct.unpack_from("<HH", content, 30)
    size = 1 << min(shift, 20)

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    def words(raw: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

    def chain(table: list[int], start: int) -> Iterator[int]:
        seen = 0
        while start < len(table) and seen <= len(table):
            yield start
            start = table[start]
            seen += 1

    listed = list(words(content[76:512]))
    more, seen = struct.unpack_from("<I", content, 68)[0], 0
    while more < 0xFFFFFFFA and seen < 100_000:
        *found, more = words(sector(more))
        listed += found
        seen += 1
    table = [entry for number in listed if number < 0xFFFFFFFA for entry in words(sector(number))]
    folder = b"".join(map(sector, chain(table, struct.unpack_from("<I", content, 48)[0])))
    small_table = [
        entry
        for number in chain(table, struct.unpack_from("<I", content, 60)[0])
        for entry in words(sector(number))
    ]
    small = b""
    for at in range(0, len(folder) - 127, 128):
        length = struct.unpack_from("<H", folder, at + 64)[0]
        name = folder[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, count = struct.unpack_from("<II", folder, at + 116)
        if at == 0:
            small = b"".join(map(sector, chain(table, start)))
        elif name.casefold() in ("workbook", "book"):
            if count >= struct.unpack_from("<I", content, 56)[0]:
                return b"".join(map(sector, chain(table, start)))[:count]
            step = 1 << min(small_shift, 20)
            pieces = (small[number * step : (number + 1) * step] for number in chain(small_table, start))
            return b"".join(pieces)[:count]
    raise LookupError("Workbook")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of the substream that begins at a place, without those nested in it."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _format_text(body: bytes) -> str:
    return body[5:].decode("utf-16-le" if body[4:5] == b"\1" else "latin-1", "replace")


class _Kinds:
    """What the records of a workbook say of its cells besides their values."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        self.epoch = SERIAL_START
        self.places: list[int] = []
        self.struck: set[int] = set()
        self.percents: set[int] = set()
        fonts: list[bool] = []
        formats = set(_PERCENTS)
        styles: list[tuple[int, int]] = []
        for kind, body in _records(stream, 0):
            if kind == _SHEET:
                self.places.append(struct.unpack_from("<I", body)[0])
            elif kind == _DAYS_1904 and body[:1] == b"\1":
                self.epoch = date(1904, 1, 1)
            elif kind == _FONT:
                fonts.append(bool(body[2] & 8))
            elif kind == _FORMAT and is_percent_format(_format_text(body)):
                formats.add(struct.unpack_from("<H", body)[0])
            elif kind == _XF:
                styles.append(struct.unpack_from("<HH", body))
        for style, (font, shown) in enumerate(styles):
            # There is no font 4.
            font -= font > 4
            if font < len(fonts) and fonts[font]:
                self.struck.add(style)
            if shown in formats:
                self.percents.add(style)

    def mark(self, number: int, sheet: Drawn) -> None:
        """Set on a sheet what its records say."""
        sheet.epoch = self.epoch
        marked: dict[int, bool] = {}
        for kind, body in _records(self.stream, self.places[number]):
            if kind in _ONE_CELL or kind == _SEVERAL:
                self._mark_cells(kind, body, sheet, marked)
            elif kind == _ROW and body[12] & 0x20:
                sheet.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
            elif kind == _COLUMNS and body[8] & 1:
                first, last = struct.unpack_from("<HH", body)
                sheet.hidden_columns.update(range(first + 1, last + 2))
            elif kind == _FILTERED:
                sheet.has_filter = True
        sheet.struck_rows.update(row for row, is_struck in marked.items() if is_struck)

    def _mark_cells(self, kind: int, body: bytes, sheet: Drawn, marked: dict[int, bool]) -> None:
        row, column, style = struct.unpack_from("<HHH", body)
        if kind == _SEVERAL:
            count = (len(body) - 6) // 6
            styles = [struct.unpack_from("<H", body, 4 + 6 * n)[0] for n in range(count)]
        else:
            styles = [style]
        for n, one in enumerate(styles):
            marked[row + 1] = marked.get(row + 1, True) and one in self.struck
            if one in self.percents:
                sheet.percent_cells.add((row + 1, column + n + 1))
        if kind == _ERROR and body[7]:
            sheet.put(row, column, Unread("error", _ERRORS.get(body[6], "#N/A")))
        elif kind == _FORMULA:
            result = body[6:14]
            if result[6:] != b"\xff\xff":
                if struct.unpack("<d", result)[0] == 0:
                    sheet.put(row, column, 0.0)
                    sheet.dummies.append((row, column, "="))
                else:
                    sheet.is_reckoned = True
            elif result[0] == 2:
                sheet.put(row, column, Unread("error", _ERRORS.get(result[2], "#N/A")))
            elif result[0] == 3:
                sheet.put(row, column, "")
                sheet.dummies.append((row, column, "="))
            elif result[0] == 0:
                sheet.is_reckoned = True
