"""What the sheets of an Excel workbook share: their list, styles, texts, and whether formulas were reckoned.

A program that writes formulas without reckoning them says so in the workbook (``fullCalcOnLoad``), or is none
that reckons by its name; then a formula's 0 is a dummy.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from etl.spreadsheets.cells import SERIAL_START, Cell, Unread
from etl.spreadsheets.grids import ERRORS
from etl.spreadsheets.packages import Package, check_length, parse

NAMESPACES = {
    "": (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
}
_EPOCH_1904 = date(1904, 1, 1)
# Days of Excel's East Asian versions, which have no spelling.
_LOCAL_DATES = frozenset((*range(27, 37), *range(50, 59)))
_RECKONERS = (
    *("microsoft excel", "microsoft macintosh excel", "libreoffice", "openoffice", "wps", "kingsoft", "et"),
    *("onlyoffice", "google", "gnumeric", "numbers", "softmaker", "planmaker", "hancom", "calligra"),
)


@dataclass
class Book:
    """What all sheets of a workbook share.

    Attributes
    ----------
    epoch
        Day 0 of its count of days.
    sheets
        Name, part and whether it is hidden, of each sheet of cells.
    strings
        Texts that cells name by their number.
    days, spans, percents, struck
        Styles, as cells name them, that show days, spans of time, percentages, or strike through.
    is_unreckoned
        Whether the results of formulas are dummies; ``None`` where the workbook does not tell.
    """

    epoch: date = SERIAL_START
    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    strings: list[Cell] = field(default_factory=list)
    days: set[str] = field(default_factory=set)
    spans: set[str] = field(default_factory=set)
    percents: set[str] = field(default_factory=set)
    struck: set[str] = field(default_factory=set)
    is_unreckoned: bool | None = None


def is_xlsx(package: Package) -> bool:
    """Return whether a package says that it holds an Excel workbook."""
    return main_part(package) is not None


def main_part(package: Package) -> str | None:
    """Return the name of a workbook's main part; ``None`` where there is none."""
    targets = [name for kind, name in package.relations("").values() if kind == "officeDocument"]
    return next((name for name in (*targets, "xl/workbook.xml") if name in package), None)


def is_true(value: str | None) -> bool:
    """Return whether an attribute says yes."""
    return (value or "").strip().lower() in ("1", "true", "on")


def read_book(package: Package, main: str) -> Book:
    """Return what a workbook says outside its sheets."""
    book = Book()
    related = package.relations(main)
    for tag, attributes, _ in package.elements(main):
        if tag == "workbookPr" and is_true(attributes.get("date1904")):
            book.epoch = _EPOCH_1904
        elif tag == "calcPr" and (
            is_true(attributes.get("fullCalcOnLoad")) or attributes.get("calcCompleted") in ("0", "false")
        ):
            book.is_unreckoned = True
        elif tag == "sheet":
            kind, part = related.get(attributes.get("id", ""), ("", ""))
            if kind == "worksheet":
                state = attributes.get("state", "visible")
                book.sheets.append((attributes.get("name", ""), part, state != "visible"))
    if book.is_unreckoned is None:
        names = [
            text.lower() for tag, _, text in package.elements("docProps/app.xml") if tag == "Application"
        ]
        if names and names[0].startswith(_RECKONERS) and "compatible" not in names[0]:
            book.is_unreckoned = False
    for kind, part in related.values():
        if kind == "styles":
            _read_styles(package, part, book)
        elif kind == "sharedStrings" and part in package:
            with package.open(part) as stream:
                parse(stream, _Strings(book.strings), NAMESPACES, is_usual=False)
    return book


def _read_styles(package: Package, part: str, book: Book) -> None:
    formats = {str(number): spelled for number, spelled in BUILTIN_FORMATS.items()}
    formats |= {str(number): "yyyy" for number in _LOCAL_DATES}
    struck: list[bool] = []
    section = ""
    count = 0
    for tag, attributes, _ in package.elements(part):
        if tag in ("fonts", "cellXfs", "cellStyleXfs", "dxfs", "numFmts", "cellStyles"):
            section = tag
        elif tag == "numFmt" and section == "numFmts":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "font" and section == "fonts":
            struck.append(False)
        elif tag == "strike" and section == "fonts" and struck:
            struck[-1] = attributes.get("val", "1") not in ("0", "false")
        elif tag == "xf" and section == "cellXfs":
            style = str(count)
            count += 1
            spelled = formats.get(attributes.get("numFmtId", "0"), "General")
            if is_timedelta_format(spelled):
                book.spans.add(style)
            elif spelled != "General" and is_date_format(spelled):
                book.days.add(style)
            elif is_percent_format(spelled):
                book.percents.add(style)
            font = attributes.get("fontId", "0")
            if font.isdecimal() and int(font) < len(struck) and struck[int(font)]:
                book.struck.add(style)


def is_percent_format(spelled: str) -> bool:
    """Return whether a number format shows hundredths; a quoted or escaped sign is only text."""
    return "%" in re.sub(r'"[^"]*"|[\\_*].', "", spelled)


class _Strings:
    """Takes the texts that cells share as their XML goes by."""

    def __init__(self, found: list[Cell]) -> None:
        self.texts: list[str] = []
        self.parser: expat.XMLParserType | None = None
        self._found = found
        self._parts: list[str] = []
        self._readings = 0

    def start(self, name: str, _: Mapping[str, str]) -> None:
        """Take the start of an element."""
        self.texts.clear()
        if name == "si" and self.parser is not None:
            self.parser.EndElementHandler = self._end
        elif name == "rPh":
            self._readings += 1

    def _end(self, name: str) -> None:
        # Text between the elements is none; readings of East Asian words (rPh) are not part of them.
        local = name.rpartition(" ")[2].rpartition(":")[2]
        if local == "t" and not self._readings:
            self._parts.extend(self.texts)
            check_length(self._parts)
        elif local == "rPh":
            self._readings -= 1
        elif local == "si":
            self._found.append(read_text_cell("".join(self._parts)))
            self._parts.clear()
        self.texts.clear()


def read_text_cell(text: str) -> Cell:
    """Return what a cell of text holds."""
    # Text that was pasted from a cell in error says no more than that.
    return Unread("error", text) if text in ERRORS else text
