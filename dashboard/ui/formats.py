"""Dates, numbers and names as they are written in the two languages."""

import datetime
import math
import unicodedata
from functools import lru_cache
from typing import Any

import pandas as pd
from babel.numbers import format_decimal

from geodata.language import Language, message, translate

_WORDS: dict[Language, tuple[str, ...]] = {
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

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"
"""The tones in the order of the Vietnamese alphabet: huyền, hỏi, ngã, sắc, nặng."""


def missing(language: Language) -> str:
    """Return what stands for a figure that is not known."""
    return translate("not known", language)


def day(value: Any, language: Language) -> str:
    """Return a date as dd/mm/yyyy; ISO text, a date or a timestamp."""
    if pd.isna(value):
        return missing(language)
    date = datetime.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{date:%d/%m/%Y}"


def number(value: Any, language: Language, digits: int = 0) -> str:
    """Return a number with at most so many digits after the decimal mark; never a missing one as 0."""
    if pd.isna(value):
        return missing(language)
    return _decimal(float(value), language, digits)


@lru_cache(16_384)
def _decimal(value: float, language: Language, digits: int) -> str:
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return format_decimal(value, pattern, locale=language)


def percent(value: float, language: Language) -> str:
    """Return a share given in %, with one digit, two below one per cent; what is not 0 never shows as 0."""
    if math.isnan(value):
        return missing(language)
    space = "\N{NO-BREAK SPACE}" if language == "vi" else ""
    if 0 < value < 0.01:
        return f"< {number(0.01, language, 2)}{space}%"
    return f"{number(value, language, 2 if value < 1 else 1)}{space}%"


def unit_name(unit: str, language: Language) -> str:
    """Return a unit of the catalogue in the reader's language; one that is not known as it is."""
    return _UNITS[unit].render(language) if language != "vi" and unit in _UNITS else unit


def in_words(count: int, language: Language) -> str:
    """Return a count up to ten as a word, a larger one in figures."""
    words = _WORDS[language]
    return words[count] if count < len(words) else number(count, language)


def sentence(text: str) -> str:
    """Return a text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def alphabet_key(text: str) -> list[tuple[int, int, str]]:
    """Return the key that sorts names by the Vietnamese alphabet: letters first, then their tones."""
    key = []
    for letter in unicodedata.normalize("NFC", text).lower():
        marks = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in marks if mark in _TONES), "")
        base = unicodedata.normalize("NFC", marks.replace(tone, ""))
        key.append((_ALPHABET.find(base), _TONES.find(tone) + 1 if tone else 0, base))
    letters = [(place, 0, base) for place, _, base in key]
    return [*letters, (-1, 0, ""), *key]
