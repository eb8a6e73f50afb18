"""Sheets of an Excel workbook (xlsx, xlsm), cell by cell: its kind comes before its value.

A cell in error, a formula without a result and one whose 0 no program has reckoned are no values. Cells that
hold nothing but a format are not there.
"""

import math
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import cache
from itertools import repeat
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries

from etl.spreadsheets.cells import Cell, Unread
from etl.spreadsheets.grids import MOST_COLUMNS, MOST_ROWS, NO_CELLS, Drawn, from_serial, written_moment
from etl.spreadsheets.packages import Package, TooLongError, UnusualNamesError, check_length, parse, unknown
from etl.spreadsheets.xlsx_book import NAMESPACES, Book, is_true, main_part, read_book, read_text_cell

_LETTERS = [get_column_letter(number) for number in range(1, MOST_COLUMNS + 2)]
# What follows the cells of a sheet; "" is the end.
_BEHIND = frozenset(
    ("", "autoFilter", "mergeCells", "conditionalFormatting", "dataValidations", "pageMargins")
)


def read_xlsx(package: Package) -> list[Drawn]:
    """Return the sheets of a workbook in their order.

    Raises
    ------
    SourceError, expat.ExpatError, TooLongError, KeyError, ValueError
        The workbook is damaged, or too large.
    """
    main = main_part(package)
    if main is None:
        raise KeyError("workbook")
    book = read_book(package, main)
    drawn = []
    for name, part, is_hidden in book.sheets:
        try:
            sheet = _read_sheet(package, part, name, book, is_usual=True)
        except UnusualNamesError:
            sheet = _read_sheet(package, part, name, book, is_usual=False)
        sheet.is_hidden = is_hidden
        drawn.append(sheet)
    if book.is_unreckoned or (book.is_unreckoned is None and not any(sheet.is_reckoned for sheet in drawn)):
        for sheet in drawn:
            sheet.doubt()
    return drawn


def _read_sheet(package: Package, part: str, name: str, book: Book, *, is_usual: bool) -> Drawn:
    sheet = Drawn(package.file, name, epoch=book.epoch)
    with package.open(part) as stream:
        parse(stream, _Drawing(sheet, book), NAMESPACES, is_usual=is_usual)
    return sheet


class _Shown(dict[str, Cell]):
    """What numbers say in a format that shows them as days or spans of time, by their text."""

    def __init__(self, epoch: date, is_span: bool) -> None:
        super().__init__()
        self._epoch, self._is_span = epoch, is_span

    def __missing__(self, text: str) -> Cell:
        serial = _number(text)
        shown: Cell = serial
        if isinstance(serial, float):
            if not self._is_span:
                shown = from_serial(serial, self._epoch)
            elif abs(serial) < 1e8:
                shown = timedelta(days=serial)
        self[text] = shown
        return shown


class _Drawing:
    """Draws a sheet as its XML goes by; a cell is put in its place once the next thing begins.

    `start` is called some millions of times: what most cells are comes first, in as few steps as can be.
    """

    __slots__ = (
        *(
            "texts",
            "parser",
            "_sheet",
            "_book",
            "_cell",
            "_cells",
            "_row",
            "_row_text",
            "_column",
            "_is_plain",
        ),
        *(
            "_formula",
            "_is_formula",
            "_has_value",
            "_inline",
            "_is_inline",
            "_readings",
            "_is_over",
            "_marked",
        ),
        *("_shown", "_strings", "_is_marking", "_look"),
    )

    def __init__(self, sheet: Drawn, book: Book) -> None:
        self.texts: list[str] = []
        self.parser: expat.XMLParserType | None = None
        self._sheet, self._book = sheet, book
        self._cell: Mapping[str, str] | None = None
        self._cells: list[Cell] = []
        self._row, self._row_text, self._column = -1, "", -1
        self._is_plain = not book.struck and not book.percents
        self._formula: str | None = None
        self._inline: list[str] | None = None
        self._is_formula = self._has_value = self._is_inline = self._is_over = False
        self._readings = 0
        self._marked: list[bool] = []
        self._shown = {style: _Shown(book.epoch, style in book.spans) for style in book.days | book.spans}
        self._strings = book.strings
        self._is_marking = bool(book.struck)
        self._look = unknown(("c", "v", "f", "is", "row", "t", "col", "mergeCell", "sheetData"))

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        texts = self.texts
        if name == "v":
            if texts or not self._is_plain:
                self._begin_value()
        elif name == "c" or name == "row":
            cell = self._cell
            if cell is None:
                texts.clear()
            elif texts and self._is_plain:
                text = texts[0] if len(texts) == 1 else "".join(texts)
                texts.clear()
                kind = cell.get("t")
                if kind == "s" and text[0] != "-":
                    value = self._strings[int(text)]
                elif kind is None and (shown := self._shown.get(cell.get("s"))) is not None:  # type: ignore[arg-type]
                    value = shown[text]
                else:
                    value = self._plain(cell, kind, text)
                cells = self._cells
                if cell.get("r") == _LETTERS[len(cells)] + self._row_text and value is not None:
                    cells.append(value)
                else:
                    self._put(cell, value)
            else:
                self._finish(cell)
                texts.clear()
            if name == "c":
                self._cell = attributes
            else:
                self._cell = None
                self._begin_row(attributes.get("r"))
                if "hidden" in attributes and is_true(attributes["hidden"]):
                    self._sheet.hidden_rows.add(self._row + 1)
        else:
            self._other(name, attributes)

    def _plain(self, cell: Mapping[str, str], kind: str | None, text: str) -> Cell:
        """Return what a cell without a formula holds, by its type and format."""
        if kind is None or kind == "n":
            shown = self._shown.get(cell.get("s"))  # type: ignore[arg-type]
            if shown is not None:
                return shown[text]
            return _number(text)
        if kind == "s":
            index = int(text)
            # A list takes -1 for its last; here it is damage.
            return self._strings[index if index >= 0 else len(self._strings)]
        return _typed(text, kind)

    def _put(self, cell: Mapping[str, str], value: Cell) -> None:
        place = cell.get("r")
        if place is None:
            column = self._column + 1
        else:
            letters = place.rstrip("0123456789")
            digits = place[len(letters) :]
            if digits != self._row_text:
                self._begin_row(digits)
            column = _column(letters)
        self._column = column
        if value is None:
            return
        row, style = self._row, cell.get("s")
        if style in self._book.percents and value.__class__ is float:
            self._sheet.percent_cells.add((row + 1, column + 1))
        if self._is_marking:
            self._marked.append(style in self._book.struck)
        self._keep_row()
        self._sheet.put(row, column, value)
        self._cells = self._sheet.rows[row]

    def _begin_value(self) -> None:
        if self._is_formula:
            self._formula = "".join(self.texts)
        self.texts.clear()
        self._has_value = True

    def _finish(self, cell: Mapping[str, str]) -> None:
        """Put a cell that is not plain: with a formula, with its text in place, in error, or empty."""
        value: Cell = None
        kind = cell.get("t")
        text = "".join(self.texts)
        if self._is_formula and not self._has_value and self._formula is None:
            self._formula, text = text, ""
        if self._inline is not None:
            value = read_text_cell("".join(self._inline))
        elif text.strip() or (kind == "str" and self._has_value) or kind == "e":
            value = self._plain(cell, kind, text)
        formula = self._formula
        is_formula = self._is_formula
        self._formula = self._inline = None
        self._is_formula = self._has_value = False
        self._is_plain = not self._is_marking and not self._book.percents
        if is_formula and value is None:
            value = Unread("no_result", f"={formula}")
        self._put(cell, value)
        if is_formula and not isinstance(value, Unread):
            if value in (0, "", time()):
                self._sheet.dummies.append((self._row, self._column, f"={formula}"))
            else:
                self._sheet.is_reckoned = True

    def _other(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._cell is not None and name in ("f", "is", "rPh", "t"):
            self._within(name)
        elif not self._is_inline:
            self._flush()
            self._beyond(name, attributes)

    def _within(self, name: str) -> None:
        self._is_plain = False
        self.texts.clear()
        if name == "f":
            self._is_formula = True
        elif name == "is":
            self._inline, self._is_inline, self._readings = [], True, 0
            assert self.parser is not None
            self.parser.EndElementHandler = self._end
        elif name == "rPh":
            self._readings += 1

    def _end(self, name: str) -> None:
        # Only while an inline string is open: its text is that of its elements t alone.
        local = name.rpartition(" ")[2].rpartition(":")[2]
        if local == "t" and self._inline is not None and not self._readings:
            self._inline.extend(self.texts)
            check_length(self._inline)
        elif local == "rPh":
            self._readings -= 1
        elif local == "is":
            self._is_inline = False
            assert self.parser is not None
            self.parser.EndElementHandler = None
        self.texts.clear()

    def _flush(self) -> None:
        if self._cell is not None:
            self._finish(self._cell)
            self._cell = None
        self.texts.clear()

    def _begin_row(self, text: str | None) -> None:
        if self._marked:
            self._end_row()
        self._keep_row()
        self._row = row = self._row + 1 if text is None else int(text) - 1
        self._row_text, self._column = str(row + 1) if text is None else text, -1
        if not 0 <= row < MOST_ROWS:
            raise TooLongError
        rows = self._sheet.rows
        self._cells = rows[row] if row < len(rows) and rows[row] else []

    def _keep_row(self) -> None:
        if self._cells:
            row, rows = self._row, self._sheet.rows
            if row == len(rows):
                rows.append(self._cells)
            elif row > len(rows):
                rows.extend(repeat(NO_CELLS, row - len(rows)))
                rows.append(self._cells)
            else:
                rows[row] = self._cells

    def _end_row(self) -> None:
        if self._marked and all(self._marked):
            self._sheet.struck_rows.add(self._row + 1)
        self._marked.clear()

    def _beyond(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take what stands before and behind the cells."""
        sheet = self._sheet
        if name == "col" and (is_true(attributes.get("hidden")) or attributes.get("width") == "0"):
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            sheet.hidden_columns.update(range(max(first, 1), min(last, MOST_COLUMNS) + 1))
        elif name == "mergeCell" and len(sheet.merged) < MOST_ROWS:
            left, top, right, bottom = range_boundaries(attributes.get("ref", "A1").upper())
            if None not in (left, top, right, bottom):
                sheet.merged.append((top, left, bottom, right))  # type: ignore[arg-type]
        elif name == "filterColumn":
            sheet.has_filter = True
        elif name in _BEHIND:
            self._is_over = True
            self._end_row()
            self._keep_row()
        elif not self._is_over:
            self._look(name)


@cache
def _column(letters: str) -> int:
    column = column_index_from_string(letters.strip().replace("$", "").upper())
    if column > MOST_COLUMNS:
        raise TooLongError
    return column - 1


def _number(text: str) -> Cell:
    try:
        value = float(text)
    except ValueError:
        return Unread("error", text.strip()) if text.strip() else None
    return value if math.isfinite(value) and "_" not in text else Unread("error", text.strip())


def _typed(text: str, kind: str) -> Cell:
    """Return what a cell holds that is no number, by the type that it states."""
    if kind == "e":
        return Unread("error", text.strip())
    if kind == "b":
        return text.strip() in ("1", "true")
    if kind == "d":
        try:
            return written_moment(text.strip())
        except ValueError:
            return Unread("error", text.strip())
    return read_text_cell(text.strip())
