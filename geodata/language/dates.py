"""Dates as they are written, alike in both languages, and as people write them.

A date is day, month, year, never month first: ``8/9/2022`` is the 8th of September, ``8/13/2022`` no date.
The libraries for dates each read some of this wrong (dateutil 4.0 takes ``2022-09-12`` for the 9th of
December where the day comes first; Babel 2.18 turns ``8/13/2022`` round), hence the forms below.
"""

import datetime
import re
from typing import Any

import pandas as pd
from babel.dates import get_month_names

from geodata.language.messages import Words
from geodata.language.numbers import MISSING

_CENTURY = 2000
_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?)?"
_BEFORE = re.compile(r"^(?:(?:(?:thứ|thu) \w+|chủ nhật|chu nhat)\s*,?\s*)?(?:(?:ngày|ngay)\s+)?", re.I)
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


def day(value: Any) -> Words | str:
    """Return a date as dd/mm/yyyy; ISO text, a date or a timestamp."""
    if pd.isna(value):
        return MISSING
    date = datetime.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{date:%d/%m/%Y}"


def day_or_year(value: Any, precision: Any) -> Words | str:
    """Return a date as exactly as it is known: its year alone where ``precision`` is ``year``.

    Parameters
    ----------
    value
        See `day`.
    precision
        A value of `geodata.contract.programme.DATE_PRECISIONS`; missing where the date is.
    """
    shown = day(value)
    return str(shown)[-4:] if precision == "year" and not pd.isna(value) else shown


def read_day(text: str) -> datetime.date | None:
    """Return the day that a text means, in any usual form, or ``None``."""
    text = _BEFORE.sub("", text.strip())
    if found := _DAY_FIRST.fullmatch(text):
        return _date(found[4], found[3], found[1])
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(found[1], found[3], found[4])
    if found := _IN_WORDS.fullmatch(text):
        return _date(found[3], found[2], found[1])
    if (found := _MONTH_NAME.fullmatch(text)) and (month := _MONTHS.get(found[2].casefold())):
        return _date(found[3], str(month), found[1])
    return None


def read_swapped_day(text: str) -> datetime.date | None:
    """Return the day that a text would be with its month first, where it is none with its day first."""
    found = _DAY_FIRST.fullmatch(text)
    return _date(found[4], found[1], found[3]) if found else None


def _date(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year) + (_CENTURY if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
