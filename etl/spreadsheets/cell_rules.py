"""Cells by the rules: what a cell is to hold, and what is wrong with one that does not.

A reader takes a cell that holds something and returns its value or a :class:`Wrong`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from rapidfuzz import fuzz, process

from etl.spreadsheets.cells import Cell, read_date, read_number, read_text, show_date, swapped_date
from etl.spreadsheets.sheet_words import CLASSIFICATION_WORDS, SECRET_GRADES
from geodata.language import Message, message
from geodata.wards.names import bare, fold, is_worn_form

NEAR_WORD = 70.0
"""Least likeness, 0 to 100, at which a word of a list is proposed."""


@dataclass(frozen=True)
class Wrong:
    """A cell that can't be taken: what is wrong with it, and what would be right."""

    problem: Message
    expected: Message


EMPTY = Wrong(message("is empty"), message("a value"))


def date_cell(cell: Cell, first: date, last: date | None) -> object:
    """Return a day from a first to a last one, today; without a last day it may lie ahead."""
    day = read_date(cell)
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
    text = read_text(cell)
    if re.fullmatch(r"#(?:REF!|N/A|NAME\?|DIV/0!|VALUE!|NUM!|NULL!)", text):
        return Wrong(message("is an error of a formula"), message("text"))
    return person_cell(cell) or text


def person_cell(cell: Cell) -> Wrong | None:
    """Return what is wrong with a text in which a number identifies a person; ``None`` for any other."""
    if not _PERSON_NUMBER.search(read_text(cell)):
        return None
    return Wrong(
        message("looks like the number of an identity card or a telephone"),
        message("nothing that identifies a person"),
    )


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


def is_secret(text: str) -> bool:
    """Return whether a text is a secret grade, in any spelling, or names one after “Độ mật”."""
    if len(text) > 80:
        return False
    label, _, rest = text.partition(":")
    asked = rest if bare(label).endswith("domat") else text
    asked = re.sub(r"^\W*(?:độ|do|cấp|mức độ)\s+(?=\S)", "", read_text(asked).casefold())
    return any(is_worn_form(asked, grade) for grade in SECRET_GRADES) if bare(asked) else False


def grade_cell(cell: Cell) -> str | None:
    """Return a grade that may enter; ``None`` for any other text."""
    asked = bare(read_text(cell))
    return next((grade for grade, words in CLASSIFICATION_WORDS.items() if asked in map(bare, words)), None)


_PERSON_NUMBER = re.compile(
    # An identity number of 12 digits, in groups of three or not; the older one of 9; a mobile telephone.
    r"(?<![\d/.,-])"
    r"(?:\d{12}|\d{3}(?:[ .]\d{3}){3}|\d{9}|(?:\+?84|0)[ .-]?[35789]\d(?:[ .-]?\d){7})"
    r"(?![\d/]|[.,]\d)",
    re.ASCII,
)

_PERSON_WORDS = {
    *(
        "cccd",
        "cmnd",
        "cmt",
        "cmtnd",
        "sđt",
        "đt",
        "sdt",
        "phone",
        "mobile",
        "dob",
        "email",
        "zalo",
        "passport",
    ),
    *("telephone", "birthday", "birthdate"),
}
_PERSON_PHRASES = tuple(
    bare(text)
    for text in (
        *(
            "căn cước",
            "chứng minh nhân dân",
            "chứng minh thư",
            "số định danh",
            "mã định danh",
            "định danh cá nhân",
        ),
        *("điện thoại", "di động", "ngày sinh", "năm sinh", "tháng sinh", "họ tên", "họ và tên", "họ, tên"),
        *("hộ chiếu", "quê quán", "nơi thường trú", "địa chỉ thường trú", "date of birth", "birth date"),
        *("full name", "identity card", "id card", "id number", "citizen id"),
    )
)


def is_personal_heading(heading: str) -> bool:
    """Return whether a heading is that of a column with data of persons."""
    return not _PERSON_WORDS.isdisjoint(fold(heading).split()) or any(
        phrase in bare(heading) for phrase in _PERSON_PHRASES
    )
