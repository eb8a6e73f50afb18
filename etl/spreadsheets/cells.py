"""What one cell of a spreadsheet says: dates, numbers and text as people in Hải Phòng write them.

No reader here fails: a cell that can't be read is ``None``, and the caller says so. Where a text could mean
two things the Vietnamese convention settles it, always in the same way: a date is what
`geodata.language.dates` reads; a comma is the decimal mark and a dot groups thousands: ``1.234`` is 1234 and
``1,234`` is 1.234. Where that reading is impossible the other one holds: ``97.5`` is 97.5, ``0.975`` less
than one, ``1,234.5`` is 1234.5.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeVar

from geodata.language.dates import read_day, read_swapped_day


@dataclass(frozen=True)
class Unread:
    """A cell whose value its workbook does not have.

    Attributes
    ----------
    kind
        ``error``: the cell is in error, such as ``#REF!``; ``no_result``: a formula that no program has
        reckoned; ``not_reckoned``: a formula with a figure that the program wrote which made the file, not
        one that reckons.
    shown
        What stands in the cell: the error, or the formula.
    """

    kind: Literal["error", "no_result", "not_reckoned"]
    shown: str


Cell = str | int | float | bool | date | datetime | time | timedelta | Unread | None
"""What a cell of a workbook holds; an empty one is ``""`` or ``None``."""

Read = TypeVar("Read")

SERIAL_START = date(1899, 12, 30)
"""Day 0 of Excel's count of days, for all days after February 1900."""

SERIALS = (32_874, 73_050)
"""The serials that count as dates, 1/1/1990 to 31/12/2099: a year or a count in the cell is none."""

_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)

_MINUTE = timedelta(minutes=1)
_LAST_MINUTE, _LAST_SECOND = time(23, 59), time(23, 59, 59)
_LOCAL_OFFSET = timedelta(hours=7)
"""Of Hải Phòng, the whole year and in all years of the data."""

_MOMENT = re.compile(
    r"(?P<day>.{6,40}?)[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?: ?(?P<half>[AP]M))?"
    r" ?(?P<zone>Z|(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?|UTC|GMT)?(?: ?\(.*\))?",
    re.ASCII | re.I,
)

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
    if isinstance(cell, Unread):
        return cell.shown
    if cell is None or isinstance(cell, str):
        plain = cell or ""
        if not plain.isprintable():
            plain = "".join(c for c in _SPACES.sub(" ", plain) if c.isprintable())
        return _SPACES.sub(" ", unicodedata.normalize("NFC", plain)).strip()
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


def read_date(cell: Cell, epoch: date = SERIAL_START, *, is_end: bool = False) -> date | None:
    """Return the date that a cell holds, or ``None``: a date, an Excel serial, or text in a usual form.

    An instant with a zone is of its day in Hải Phòng. Within a minute of midnight it is the day that begins
    then: where a zone had an odd offset in 1900, programs write midnight some seconds early.

    Parameters
    ----------
    cell
        The cell.
    epoch
        Day 0 of the workbook's serials.
    is_end
        The cell is the last day of something: one second before midnight is how some programs write that.
    """
    if isinstance(cell, datetime):
        if is_end and cell.time().replace(microsecond=0) == _LAST_SECOND:
            return cell.date()
        return (cell + (_MINUTE if cell.time() > _LAST_MINUTE else timedelta())).date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return _from_serial(cell, epoch)
    text = read_text(cell)
    if not text or len(text) > 80:
        return None
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text), epoch)
    moment = read_moment(text)
    return read_day(text) if moment is None else read_date(moment, is_end=is_end)


def read_moment(text: str) -> datetime | None:
    """Return the moment in Hải Phòng that a text means which has a time of day, or ``None``.

    A time without a zone is one of Hải Phòng.
    """
    found = _MOMENT.fullmatch(text)
    day = read_day(found["day"]) if found else None
    if found is None or day is None:
        return None
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"].upper() == "PM")
    if hour > 23 or minute > 59 or second > 59:
        return None
    moment = datetime.combine(day, time(hour, minute, second))
    if found["zone"]:
        shift = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
        moment += _LOCAL_OFFSET - (-shift if found["sign"] == "-" else shift)
    return moment


def has_zone(text: str) -> bool:
    """Return whether a text is a moment with a zone."""
    found = _MOMENT.fullmatch(text)
    return bool(found and found["zone"])


def swapped_date(cell: Cell) -> date | None:
    """Return the date that a text would be with its month first, where it is none with its day first."""
    return read_swapped_day(read_text(cell)) if isinstance(cell, str) else None


def _from_serial(serial: float, epoch: date) -> date | None:
    first, last = SERIALS
    since = serial + (epoch - SERIAL_START).days
    # The last minute before midnight is counted to the next day.
    return SERIAL_START + timedelta(days=int(since + 1 / 1440 - 1e-9)) if first <= since < last + 1 else None


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
