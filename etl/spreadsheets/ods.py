"""Sheets of an OpenDocument spreadsheet, cell by cell: its kind comes before its value.

Programs spell a cell in error in several ways: by ``calcext:value-type``, as a formula whose text is the
error, as a number 0 that is shown as one, or as a number that is none. A formula that has no value was never
reckoned, and where no program is named that reckons, one with a 0 neither.
"""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import repeat
from xml.parsers import expat

from etl.spreadsheets.cells import SERIAL_START, Cell, Unread
from etl.spreadsheets.grids import (
    ERRORS,
    MOST_COLUMNS,
    MOST_REPEATS,
    MOST_ROWS,
    NO_CELLS,
    Drawn,
    locked,
    repeated,
    written_moment,
)
from etl.spreadsheets.packages import Package, TooLongError, UnusualNamesError, parse, unknown

_NAMESPACES = {
    prefix: (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0",)
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
} | {"calcext": ("urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",)}
_ERROR = re.compile(r"#[A-ZÀ-Ỹ/0]+[!?]|#N/A|(?:Err|Lỗi):\d{3}")
_SPAN = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?")
_RECKONERS = re.compile(
    r"libreoffice|openoffice|collabora|microsoft|gnumeric|calligra|onlyoffice|google|softmaker|aspose|neooffice",
    re.IGNORECASE,
)
_NAMES = (
    "table",
    "table-row",
    "table-cell",
    "covered-table-cell",
    "table-column",
    "p",
    "s",
    "tab",
    "line-break",
)
# What follows the cells of a sheet; "" is the end.
_BEHIND = frozenset(("", "table:named-expressions", "table:database-ranges"))
_MOST_SPACES = 100


def read_ods(package: Package) -> list[Drawn]:
    """Return the sheets of a document in their order.

    Raises
    ------
    SourceError, expat.ExpatError, TooLongError, KeyError, ValueError
        The document is damaged, too large, or locked.
    """
    if any(tag == "encryption-data" for tag, _, _ in package.elements("META-INF/manifest.xml")):
        raise locked(package.file)
    try:
        drawn = _read_content(package, is_usual=True)
    except UnusualNamesError:
        drawn = _read_content(package, is_usual=False)
    generator = [text for tag, _, text in package.elements("meta.xml") if tag == "generator"]
    is_known = bool(generator) and _RECKONERS.search(generator[0]) is not None
    if not is_known and not any(sheet.is_reckoned for sheet in drawn):
        for sheet in drawn:
            sheet.doubt()
    return drawn


def _read_content(package: Package, *, is_usual: bool) -> list[Drawn]:
    drawing = _Drawing(package.file)
    with package.open("content.xml") as stream:
        parse(stream, drawing, _NAMESPACES, is_usual=is_usual, optional=("calcext", "style", "text"))
    return drawing.sheets


class _Drawing:
    """Draws sheets as their XML goes by; a cell is put in its place once the next thing begins.

    `start` is called some millions of times: what most cells are comes first, in as few steps as can be.
    """

    __slots__ = (
        *("texts", "parser", "sheets", "_file", "_hidden", "_struck", "_style", "_epoch", "_cell", "_cells"),
        *("_sheet", "_row", "_row_repeats", "_is_row_hidden", "_is_row_open", "_column", "_next_column"),
        *("_marked", "_depth", "_before", "_known", "_look"),
    )

    def __init__(self, file: str) -> None:
        self.texts: list[str] = []
        self.parser: expat.XMLParserType | None = None
        self.sheets: list[Drawn] = []
        self._file = file
        self._hidden: set[str] = set()
        self._struck: set[str] = set()
        self._style = ""
        self._epoch = SERIAL_START
        self._cell: Mapping[str, str] | None = None
        self._cells: list[Cell] = []
        self._sheet = Drawn(file, "")
        self._row, self._row_repeats, self._column, self._next_column = 0, 1, 0, 0
        self._is_row_hidden = self._is_row_open = False
        self._marked: list[bool] = []
        self._depth = 0
        self._before: list[str] = []
        self._known: tuple[dict[str, Cell], ...] = ({}, {}, {})
        self._look = unknown(_NAMES)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        if self._depth:
            self._depth += 1
        elif name == "table:table-cell":
            cell = self._cell
            if cell is not None:
                self._finish(cell)
            self._cell = attributes
            self.texts.clear()
        elif name == "text:p":
            if self.texts:
                self.texts.append("\n")
        elif name == "table:table-row":
            self._finish_row()
            self._begin_row(attributes)
        else:
            self._other(name, attributes)

    def _finish(self, cell: Mapping[str, str]) -> None:
        value = _value(cell, self.texts, self._known)
        if "table:formula" in cell:
            value = self._result(cell["table:formula"], value)
        if "table:number-columns-repeated" in cell:
            repeats = _count(cell["table:number-columns-repeated"], MOST_COLUMNS)
        else:
            repeats = 1
        column = self._column
        if "table:number-rows-spanned" in cell or "table:number-columns-spanned" in cell:
            self._merge(cell)
        self._column = column + repeats
        if value is None:
            return
        cells = self._cells
        if column > len(cells):
            cells.extend([None] * (column - len(cells)))
        if repeats == 1:
            cells.append(value)
        elif column + repeats > MOST_COLUMNS:
            raise TooLongError
        else:
            cells.extend([value] * repeats)
        if cell.get("office:value-type") == "percentage":
            numbers = range(column, self._column)
            self._sheet.percent_cells.update((self._row + 1, number + 1) for number in numbers)
        if self._struck:
            self._marked.append(cell.get("table:style-name") in self._struck)

    def _result(self, formula: str, value: Cell) -> Cell:
        """Return the result of a formula; note whether it may be a dummy."""
        shown = "=" + formula.partition(":=")[2] if ":=" in formula[:12] else formula
        if value is None:
            return Unread("no_result", shown)
        if value in (0, "", time()):
            self._sheet.dummies.append((self._row, self._column, shown))
        elif not isinstance(value, Unread):
            self._sheet.is_reckoned = True
        return value

    def _merge(self, cell: Mapping[str, str]) -> None:
        down = _count(cell.get("table:number-rows-spanned", "1"), MOST_ROWS)
        right = _count(cell.get("table:number-columns-spanned", "1"), MOST_COLUMNS)
        if (down > 1 or right > 1) and len(self._sheet.merged) < MOST_ROWS:
            self._sheet.merged.append(
                (self._row + 1, self._column + 1, self._row + down, self._column + right)
            )

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        self._row_repeats = 1
        self._is_row_hidden = False
        if attributes:
            if "table:number-rows-repeated" in attributes:
                self._row_repeats = _count(attributes["table:number-rows-repeated"], 1 << 40)
            visibility = attributes.get("table:visibility", "visible")
            self._is_row_hidden = visibility != "visible"
            if visibility == "filter":
                self._sheet.has_filter = True
        self._is_row_open = True
        self._column = 0

    def _finish_row(self) -> None:
        if self._cell is not None:
            self._finish(self._cell)
            self._cell = None
        self.texts.clear()
        if not self._is_row_open:
            return
        self._is_row_open = False
        cells, row, repeats, sheet = self._cells, self._row, self._row_repeats, self._sheet
        self._row = row + repeats
        if cells:
            self._cells = []
            if repeats > MOST_REPEATS:
                raise repeated(self._file, sheet.sheet, row + 1, cells, repeats)
            if self._row > MOST_ROWS:
                raise TooLongError
            rows = sheet.rows
            if row > len(rows):
                rows.extend(repeat(NO_CELLS, row - len(rows)))
            rows.append(cells)
            if repeats > 1:
                self._repeat(cells)
            if self._is_row_hidden:
                sheet.hidden_rows.update(range(row + 1, self._row + 1))
            if self._marked and all(self._marked):
                sheet.struck_rows.update(range(row + 1, self._row + 1))
        self._marked.clear()

    def _repeat(self, cells: list[Cell]) -> None:
        sheet, first = self._sheet, len(self._sheet.rows)
        again = range(first, first + self._row_repeats - 1)
        sheet.rows.extend(list(cells) for _ in again)
        percents = [column for row, column in sheet.percent_cells if row == first]
        sheet.percent_cells.update((row + 1, column) for row in again for column in percents)
        dummies = [dummy for dummy in sheet.dummies if dummy[0] == first - 1]
        sheet.dummies += [(row, column, formula) for row in again for _, column, formula in dummies]

    def _other(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table:covered-table-cell":
            if self._cell is not None:
                self._finish(self._cell)
            self._cell = attributes
            self.texts.clear()
        elif name.startswith("text:"):
            if name == "text:s":
                self.texts.append(" " * _count(attributes.get("text:c", "1"), _MOST_SPACES))
            elif name in ("text:tab", "text:line-break"):
                self.texts.append(" ")
        elif name == "table:table":
            self._finish_row()
            self._row = self._next_column = 0
            is_hidden = attributes.get("table:style-name") in self._hidden
            self._sheet = Drawn(
                self._file, attributes.get("table:name", ""), is_hidden=is_hidden, epoch=self._epoch
            )
            self.sheets.append(self._sheet)
        elif name == "table:table-column":
            self._pass_columns(attributes)
        elif name.startswith("style:"):
            self._take_style(name, attributes)
        elif name == "table:null-date":
            self._epoch = date.fromisoformat(attributes.get("table:date-value", "1899-12-30")[:10])
        elif name in _BEHIND:
            self._finish_row()
        else:
            self._look(name)
            if self._cell is not None:
                self._pass_over()

    def _pass_columns(self, attributes: Mapping[str, str]) -> None:
        first = self._next_column
        self._next_column += _count(attributes.get("table:number-columns-repeated", "1"), MOST_COLUMNS)
        if attributes.get("table:visibility", "visible") != "visible":
            numbers = range(first + 1, min(self._next_column, MOST_COLUMNS) + 1)
            self._sheet.hidden_columns.update(numbers)

    def _take_style(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "style:style":
            self._style = attributes.get("style:name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden.add(self._style)
        elif attributes.get("style:text-line-through-style", "none") != "none":
            self._struck.add(self._style)

    def _pass_over(self) -> None:
        """Pass over a comment or a drawing in a cell: its text is not the cell's."""
        assert self.parser is not None
        self._depth = 1
        self._before = [*self.texts]
        self.parser.EndElementHandler = self._end

    def _end(self, _: str) -> None:
        self._depth -= 1
        if not self._depth:
            assert self.parser is not None
            self.parser.EndElementHandler = None
            self.texts[:] = self._before


def _count(text: str, most: int) -> int:
    return max(1, min(int(text), most))


def _value(attributes: Mapping[str, str], texts: list[str], known: tuple[dict[str, Cell], ...]) -> Cell:
    """Return what a cell holds; the same numbers, days and texts are kept once."""
    numbers, days, words = known
    kind = attributes.get("office:value-type")
    if kind is None and not texts:
        return None
    text = texts[0] if len(texts) == 1 else "".join(texts)
    value: Cell
    if kind == "float" or kind == "percentage" or kind == "currency":
        stored = attributes.get("office:value")
        is_error = text[:1] in ("#", "E", "L") and _ERROR.fullmatch(text.strip()) is not None
        if is_error or attributes.get("calcext:value-type") == "error":
            return Unread("error", text.strip())
        if stored is None:
            return _text(text, attributes)
        if stored not in numbers:
            numbers[stored] = _number(stored, text)
        return numbers[stored]
    if kind == "date":
        stored = attributes.get("office:date-value", "")
        if stored not in days:
            days[stored] = _day(stored, text)
        return days[stored]
    if kind == "string" or kind is None:
        value = _text(text, attributes)
        return words.setdefault(value, value) if value.__class__ is str else value
    if attributes.get("calcext:value-type") == "error" or kind == "error":
        return Unread("error", text.strip())
    if kind == "time":
        return _span(attributes.get("office:time-value", ""), text)
    if kind == "boolean":
        return attributes.get("office:boolean-value", text).strip().lower() == "true"
    return _text(text, attributes)


def _text(text: str, attributes: Mapping[str, str]) -> Cell:
    stored = attributes.get("office:string-value")
    shown = (text if text.strip() or stored is None else stored).strip()
    if attributes.get("calcext:value-type") == "error" or shown in ERRORS:
        return Unread("error", shown)
    if "table:formula" in attributes:
        if _ERROR.fullmatch(shown):
            return Unread("error", shown)
        # An empty text is a result only where the cell says that it is one.
        return None if not shown and attributes.get("office:value-type") is None else shown
    return shown or None


def _number(stored: str, text: str) -> Cell:
    try:
        value = float(stored)
    except ValueError:
        return Unread("error", text.strip() or stored)
    return value if math.isfinite(value) and "_" not in stored else Unread("error", text.strip() or stored)


def _day(stored: str, text: str) -> Cell:
    try:
        return written_moment(stored)
    except ValueError:
        return text.strip() or Unread("error", stored)


def _span(stored: str, text: str) -> Cell:
    found = _SPAN.fullmatch(stored)
    if found is None:
        return text.strip() or Unread("error", stored)
    sign, days, hours, minutes, seconds = found.groups()
    try:
        span = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=float((seconds or "0").replace(",", ".")),
        )
    except OverflowError:
        return Unread("error", stored)
    if not sign and span < timedelta(days=1):
        return (datetime.min + span).time()
    return -span if sign else span
