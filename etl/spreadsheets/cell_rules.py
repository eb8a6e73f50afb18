"""Cells by the rules: what a cell is to hold, and what is wrong with one that does not.

A reader takes a cell that holds something and returns its value or a :class:`Wrong`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from rapidfuzz import fuzz, process

from etl.spreadsheets.cells import (
    SERIAL_START,
    Cell,
    Unread,
    read_date,
    read_number,
    read_text,
    show_date,
    swapped_date,
)
from etl.spreadsheets.persons import person_trace
from etl.spreadsheets.sheet_words import CLASSIFICATION_WORDS, SECRET_GRADES
from geodata.language import Message, message
from geodata.wards.names import bare, is_worn_form

NEAR_WORD = 70.0
"""Least likeness, 0 to 100, at which a word of a list is proposed."""


@dataclass(frozen=True)
class Wrong:
    """A cell that can't be taken: what is wrong with it, and what would be right."""

    problem: Message
    expected: Message


EMPTY = Wrong(message("is empty"), message("a value"))

_ERROR = Wrong(message("is an error of a formula"), message("a value; mend the formula"))
_RECKONED = message("the file opened and saved in Excel or LibreOffice, which reckon it")
_UNREAD = {
    "error": _ERROR,
    "no_result": Wrong(message("is a formula without a result"), _RECKONED),
    "not_reckoned": Wrong(message("is a formula that no program has reckoned"), _RECKONED),
}
_ERROR_TEXT = re.compile(r"#[A-ZÀ-Ỹ/0]+[!?]|#(?:N/A|GETTING_DATA)|(?:Err|Lỗi):\d{3}")


def unread_cell(cell: Cell) -> Wrong | None:
    """Return why a cell has no value although it is not empty; ``None`` for any other."""
    if isinstance(cell, Unread):
        return _UNREAD[cell.kind]
    if isinstance(cell, str) and cell[:1] in ("#", "E", "L") and _ERROR_TEXT.fullmatch(cell.strip()):
        return _ERROR
    return None


def date_cell(
    cell: Cell, first: date, last: date | None, epoch: date = SERIAL_START, *, is_end: bool = False
) -> object:
    """Return a day from a first to a last one, today; without a last day it may lie ahead.

    For ``epoch`` and ``is_end`` see `etl.spreadsheets.cells.read_date`.
    """
    day = read_date(cell, epoch, is_end=is_end)
    if day is None:
        swapped = swapped_date(cell)
        expected = (
            message("a date such as 08/09/2022: day, month, year")
            if swapped is None
            else message("day, month, year; perhaps {day}", day=show_date(swapped))
        )
        return Wrong(message("is no date"), expected)
    if day < first:
        return Wrong(
            message("lies before the first day possible"), message("from {day}", day=show_date(first))
        )
    if last is not None and day > last:
        return Wrong(message("lies in the future"), message("up to {day}", day=show_date(last)))
    return pd.Timestamp(day)


def count_cell(cell: Cell) -> object:
    """Return a whole number that is not negative."""
    value = read_number(cell)
    if value is None:
        return Wrong(message("is no number"), message("a whole number"))
    if value < 0:
        return Wrong(message("is negative"), message("a whole number from 0"))
    if not value.is_integer():
        return Wrong(message("is no whole number"), message("a whole number"))
    if value > 1e12:
        return Wrong(message("is too large"), message("a whole number"))
    return value


def percentage_cell(cell: Cell) -> object:
    """Return a percentage from 0 to 100."""
    value = read_number(cell)
    if value is None:
        return Wrong(message("is no number"), message("a percentage such as 97,5"))
    if not 0 <= value <= 100:
        return Wrong(message("lies outside 0 to 100"), message("a percentage from 0 to 100"))
    return value


def free_text(cell: Cell) -> object:
    """Return text in which no number identifies a person."""
    return person_cell(cell) or read_text(cell)


def person_cell(cell: Cell, *, is_money: bool = False) -> Wrong | None:
    """Return what is wrong with a text that identifies a person; ``None`` for any other.

    Parameters
    ----------
    cell
        The cell.
    is_money
        Its column holds sums of money.
    """
    trace = person_trace(read_text(cell), is_money=is_money)
    return None if trace is None else Wrong(trace, message("nothing that identifies a person"))


def word_cell(cell: Cell, known: Mapping[str, str], shown: Sequence[str]) -> object:
    """Return what a word stands for.

    Parameters
    ----------
    cell
        The cell.
    known
        Values by the key of each word (`geodata.wards.names.bare`).
    shown
        The words to tell users.
    """
    text = read_text(cell)
    value = known.get(bare(text))
    if value is not None:
        return value
    options = ", ".join(shown)
    near = process.extractOne(bare(text), list(known), scorer=fuzz.ratio, score_cutoff=NEAR_WORD)
    if near is None:
        return Wrong(message("is not in the list"), message("one of: {values}", values=options))
    word = next(word for word in (*shown, known[near[0]]) if known.get(bare(word)) == known[near[0]])
    return Wrong(
        message("is not in the list"),
        message("perhaps “{word}”; one of: {values}", word=word, values=options),
    )


def bears_secret(text: str) -> bool:
    """Return whether a text is a secret grade, or bears one inside as in “… MẬT: …”."""
    return is_secret(text) or bool(_SECRET_INSIDE.search(unicodedata.normalize("NFC", text)))


def is_secret(text: str) -> bool:
    """Return whether a text is a secret grade, in any spelling, or names one after “Độ mật”."""
    if len(text) > 80:
        return False
    label, _, rest = text.partition(":")
    asked = rest if bare(label).endswith("domat") else text
    asked = re.sub(r"^\W*(?:độ|do|cấp|mức độ)\s+(?=\S)", "", read_text(asked).casefold())
    return any(is_worn_form(asked, grade) for grade in SECRET_GRADES) if bare(asked) else False


_SECRET_INSIDE = re.compile(
    # "MẬT: …" after nothing, a bracket or the end of a clause; "bảo mật: tốt", "độ mật: không" are none.
    r"(?:^|[.;:,(\[/–-]\s*|\b(?:tài liệu|văn bản|đóng dấu|dấu|công văn) )mật\s*:\s*(?!không)\S"
    r"|\bđộ mật\s*:\s*mật\b|[(\[]\s*mật\s*[)\]]"
    r"|(?<!không )\b(?:tối mật|tuyệt mật|top secret)\b|\b(?:secret|confidential)\s*:"
    r"|\b(?:tài liệu|văn bản|đóng dấu|công văn) mật\b(?! (?:độ|khẩu|mã|thiết))"
    r"|(?-i:(?<!BẢO )(?<!BÍ )(?<!ĐỘ )(?<!KHÔNG )\bMẬT\s*:\s*(?!(?i:không))\S|\b(?:TOI|TUYET) MAT\b)",
    re.I,
)


def grade_cell(cell: Cell) -> str | None:
    """Return a grade that may enter; ``None`` for any other text."""
    asked = bare(read_text(cell))
    return next((grade for grade, words in CLASSIFICATION_WORDS.items() if asked in map(bare, words)), None)
