"""What one cell of a spreadsheet says: dates, numbers and text as people in Hải Phòng write them.

No reader here fails: a cell that can't be read is ``None``, and the caller says so. Where a text could mean
two things the Vietnamese convention settles it, always in the same way:

- a date is day, month, year, never month first: ``8/9/2022`` is the 8th of September, ``8/13/2022`` no date;
- a comma is the decimal mark and a dot groups thousands: ``1.234`` is 1234 and ``1,234`` is 1.234. Where that
  reading is impossible the other one holds: ``97.5`` is 97.5, ``0.975`` less than one, ``1,234.5`` is 1234.5.

The libraries for dates each read some of this wrong (dateutil 4.0 takes ``2022-09-12`` for the 9th of
December where the day comes first; Babel 2.18 turns ``8/13/2022`` round), hence the three forms below.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar

from babel.dates import get_month_names

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""What a cell of a workbook holds; an empty one is ``""`` or ``None``."""

Read = TypeVar("Read")

SERIAL_START = date(1899, 12, 30)
"""Day 0 of Excel's count of days, for all days after February 1900."""

SERIALS = (32_874, 73_050)
"""The serials that count as dates, 1/1/1990 to 31/12/2099: a year or a count in the cell is none."""

_CENTURY = 2000
_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?)?"
_WEEKDAY = r"(?:(?:thứ|thu) \w+|chủ nhật|chu nhat)\s*,?\s*"
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})\s*([./-])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}}){_TIME}", re.ASCII | re.I
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})([./-])(\d{{1,2}})\2(\d{{1,2}}){_TIME}Z?", re.ASCII | re.I)
_IN_WORDS = re.compile(
    r"(\d{1,2})\s*[-/., ]?\s*(?:tháng|thang|thg)\s*\.?\s*(\d{1,2})"
    r"\s*[-/., ]?\s*(?:năm|nam)?\s*(\d{4}|\d{2})",
    re.I,
)
_MONTH_NAME = re.compile(r"(\d{1,2})[ ./-]+([a-z]{3,9})[ ./,-]+(\d{4}|\d{2})", re.ASCII | re.I)
_MONTHS = {
    name.casefold(): number
    for width in ("abbreviated", "wide")
    for number, name in get_month_names(width, locale="en").items()
}
_SERIAL = re.compile(r"\d{5}(?:\.0+)?", re.ASCII)

_NUMBER_FORMS = (
    (re.compile(r"(?:\d+|(?!0)\d{1,3}(?:\.\d{3})+|(?!0)\d{1,3}(?: \d{3})+)(?:,\d+)?", re.ASCII), ". ", ","),
    (re.compile(r"(?:\d+|(?!0)\d{1,3}(?:,\d{3})+|(?!0)\d{1,3}(?: \d{3})+)\.\d+", re.ASCII), ", ", "."),
    (re.compile(r"(?!0)\d{1,3}(?:,\d{3}){2,}", re.ASCII), ",", "."),
)
"""Forms of a number in the order in which they are tried, with what groups thousands and the decimal mark."""

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f\u200b\ufeff]+")


def read_text(cell: Cell) -> str:
    """Return the text of a cell: NFC, words apart by one space, no control characters, dates dd/mm/yyyy.

    A whole number comes without decimals, so that a code that was stored as a number is itself again.
    """
    if cell is None or isinstance(cell, str):
        plain = _SPACES.sub(" ", unicodedata.normalize("NFC", cell or "")).strip()
        return plain if plain.isprintable() else "".join(c for c in plain if c.isprintable()).strip()
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        whole = math.isfinite(cell) and cell.is_integer() and abs(cell) < 1e15
        return str(int(cell)) if whole else str(cell)
    if isinstance(cell, datetime) and cell.time() != time():
        return f"{cell:%d/%m/%Y %H:%M}"
    return show_date(cell) if isinstance(cell, date) else str(cell)


def show_date(day: date) -> str:
    """Return a date as dd/mm/yyyy."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def read_date(cell: Cell) -> date | None:
    """Return the date that a cell holds, or ``None``: a date, an Excel serial, or text in a usual form."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return _from_serial(cell)
    text = read_text(cell)
    if not text or len(text) > 60:
        return None
    text = re.sub(rf"^(?:{_WEEKDAY})?(?:(?:ngày|ngay)\s+)?", "", text, flags=re.I)
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text))
    if found := _DAY_FIRST.fullmatch(text):
        return _day(found[4], found[3], found[1])
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(found[1], found[3], found[4])
    if found := _IN_WORDS.fullmatch(text):
        return _day(found[3], found[2], found[1])
    if (found := _MONTH_NAME.fullmatch(text)) and (month := _MONTHS.get(found[2].casefold())):
        return _day(found[3], str(month), found[1])
    return None


def swapped_date(cell: Cell) -> date | None:
    """Return the date that a text would be with its month first, where it is none with its day first."""
    found = _DAY_FIRST.fullmatch(read_text(cell)) if isinstance(cell, str) else None
    return _day(found[4], found[1], found[3]) if found else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (_CENTURY if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def _from_serial(serial: float) -> date | None:
    first, last = SERIALS
    return SERIAL_START + timedelta(days=int(serial)) if first <= serial < last + 1 else None


def read_number(cell: Cell) -> float | None:
    """Return the number that a cell holds, or ``None``; a percent sign at the end is left out."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else None
    if not isinstance(cell, str):
        return None
    text = read_text(cell).removesuffix("%").rstrip().replace("\N{MINUS SIGN}", "-")
    sign, digits = (-1.0, text[1:].lstrip()) if text[:1] == "-" else (1.0, text.removeprefix("+"))
    if len(digits) > 40:
        return None
    for form, groups, decimal in _NUMBER_FORMS:
        if form.fullmatch(digits):
            plain = digits.translate({ord(mark): None for mark in groups})
            return sign * float(plain.replace(decimal, "."))
    if re.fullmatch(r"\d+\.\d+", digits, re.ASCII):
        return sign * float(digits)
    return None


def show_number(value: float) -> str:
    """Return a number with a decimal comma and without grouping, so that `read_number` gives it back."""
    whole, _, decimals = f"{Decimal(repr(value)):f}".partition(".")
    return f"{whole},{decimals}" if decimals.rstrip("0") else whole


def read_each(cells: Iterable[Cell], read: Callable[[Cell], Read]) -> list[Read]:
    """Return what a reader makes of each cell; cells that are alike are read once."""
    known: dict[Hashable, Read] = {}
    found = []
    for cell in cells:
        # 1, 1.0 and True are equal, but not the same cell.
        key = (cell.__class__, cell)
        if key not in known:
            known[key] = read(cell)
        found.append(known[key])
    return found
