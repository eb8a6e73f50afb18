"""Numbers, shares and units as they are written in the two languages; never a missing one as 0.

One rule on all pages (`geodata.definitions.ROUNDING`): reckoned unrounded and rounded where they are shown,
counts and levels to one digit after the decimal mark, rates to two (below 0.1 three), percentages to one
(below one per cent two).
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd

from geodata.language.messages import Language, Words, joined, message

MISSING = message("not known")
"""What stands for a figure that is not known."""

_COUNTS: dict[Language, tuple[str, ...]] = {
    "vi": ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}

_UNITS = {
    "vụ": message("cases"),
    "lượt": message("actions"),
    "tổ": message("teams"),
    "điểm": message("points"),
    "tiêu chí": message("criteria"),
    "ngày": message("days"),
}


@lru_cache(16_384)
def _decimal(value: float, language: Language, digits: int, *, is_signed: bool) -> str:
    # A map has hundreds, and Babel takes ten times as long.
    text = f"{Decimal(str(value + 0.0)):{'+' if is_signed else ''},.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits else text
    return text.translate(_VIETNAMESE) if language == "vi" else text


@dataclass(frozen=True)
class _Number(Words):
    value: float
    digits: int
    is_signed: bool = False

    def render(self, language: Language) -> str:
        return _decimal(self.value, language, self.digits, is_signed=self.is_signed)


def is_missing(value: Any) -> bool:
    """Return whether a value is not known."""
    # Pandas takes ten times as long, and a map has hundreds of figures.
    return math.isnan(value) if isinstance(value, float) else bool(pd.isna(value))


def number(value: Any, digits: int = 0, *, is_signed: bool = False) -> Words:
    """Return a number with at most so many digits after the decimal mark."""
    return MISSING if is_missing(value) else _Number(float(value), digits, is_signed)


def approximately(value: Any, digits: int = 0) -> Words:
    """Return an estimate, such as a carried count: rounded, behind the sign of what is about right.

    What is not 0 never rounds to it: it gets as many digits as its first one needs, three at most.
    """
    if is_missing(value):
        return MISSING
    while digits < _MOST_DIGITS and 0 < abs(value) < 0.5 * 10**-digits:
        digits += 1
    return joined(" ", ["≈", number(value, digits)])


_MOST_DIGITS = 3


@dataclass(frozen=True)
class _Interval(Words):
    low: float
    high: float
    digits: int

    def render(self, language: Language) -> str:
        text = f"({max(self.low, 0):,.{self.digits}f}–{self.high:,.{self.digits}f})"
        return text.translate(_VIETNAMESE) if language == "vi" else text


_VIETNAMESE = str.maketrans(",.", ".,")


def interval_words(low: float, high: float, digits: int) -> Words:
    """Return an interval in brackets, with so many digits after the decimal marks."""
    return _Interval(low, high, digits)


@dataclass(frozen=True)
class _Percent(Words):
    value: float

    def render(self, language: Language) -> str:
        space = "\N{NO-BREAK SPACE}" if language == "vi" else ""
        is_least = 0 < self.value < 0.01
        digits = 2 if self.value < 1 else 1
        shown = _decimal(0.01 if is_least else self.value, language, digits, is_signed=False)
        return f"{'< ' if is_least else ''}{shown}{space}%"


def percent(value: float) -> Words:
    """Return a share given in %, with one digit, two below one per cent; what is not 0 never shows as 0."""
    return MISSING if math.isnan(value) else _Percent(float(value))


@dataclass(frozen=True)
class _Count(Words):
    count: int

    def render(self, language: Language) -> str:
        words = _COUNTS[language]
        if self.count < len(words):
            return words[self.count]
        return _decimal(float(self.count), language, 0, is_signed=False)


def in_words(count: int) -> Words:
    """Return a count up to ten as a word, a larger one in figures."""
    return _Count(int(count))


@dataclass(frozen=True)
class _Unit(Words):
    name: str

    def render(self, language: Language) -> str:
        return _UNITS[self.name].render(language) if language == "en" and self.name in _UNITS else self.name


def unit_name(unit: str) -> Words:
    """Return a unit of the catalogue of indicators; one that is not known stays as it is."""
    return _Unit(unit)
