"""How headings of columns are known, in their usual spellings and in misspelt ones."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import pandas as pd
from rapidfuzz import fuzz, process

from etl.spreadsheets.cells import Cell, read_text
from etl.spreadsheets.sheet_kinds import (
    NUMBERING,
    Column,
    Kind,
)
from geodata.wards.names import bare

NEAR_HEADING = 80.0
"""Least likeness, 0 to 100, at which an unknown heading is taken for a misspelt one."""


def missing_columns(kind: Kind, columns: Iterable[str]) -> list[tuple[Column, ...]]:
    """Return the required columns of a kind that are not there; several together where one group must be."""
    there = set(columns)
    missing: list[tuple[Column, ...]] = [
        (column,) for column in kind.columns if column.is_required and column.key not in there
    ]
    if kind.either and not any(there.issuperset(group) for group in kind.either):
        begun = next((group for group in kind.either if there & set(group)), kind.either[0])
        missing.append(tuple(kind.column(key) for key in begun if key not in there))
    return missing


def column_headings(kind: Kind) -> dict[str, str]:
    """Return the keys of a kind's columns by every heading, as `geodata.wards.names.bare` has it."""
    return {bare(name): column.key for column in (*kind.columns, NUMBERING) for name in spellings_of(column)}


def indicator_headings(indicators: pd.DataFrame) -> dict[str, str]:
    """Return the codes of indicators by code, name and English name, as `names.bare` has them."""
    columns = ["indicator_code", "indicator_name", "indicator_name_en"]
    return {
        bare(name): code
        for code, *names in indicators[columns].itertuples(index=False)
        for name in (code, *names)
    }


def spellings_of(column: Column) -> tuple[str, ...]:
    """Return all headings of a column."""
    return (column.heading, column.english, *column.aliases)


def near_heading(heading: str, spellings: Mapping[str, Column]) -> Column | None:
    """Return the column that a misspelt heading may mean."""
    asked = bare(plain_heading(heading))
    if len(asked) < 4 or not spellings:
        return None
    best = process.extractOne(asked, list(spellings), scorer=fuzz.ratio, score_cutoff=NEAR_HEADING)
    return spellings[best[0]] if best else None


def plain_heading(heading: str) -> str:
    """Return a heading without star, unit and note in parentheses."""
    return re.sub(r"\([^)]*\)|\*", " ", heading)


def heading_keys(cell: Cell) -> tuple[str, ...]:
    """Return the keys under which a heading may be known: whole, its first line, without parentheses."""
    is_text = isinstance(cell, str) and len(cell) <= 200 and cell.strip()
    return _text_keys(cell) if is_text and isinstance(cell, str) else ()


@lru_cache(maxsize=65_536)
def _text_keys(cell: str) -> tuple[str, ...]:
    first, *_ = cell.strip().splitlines()
    keys = (bare(cell), bare(first), bare(plain_heading(cell)), bare(plain_heading(first)))
    return tuple(dict.fromkeys(key for key in keys if key))


def stacked_headings(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[tuple[str, str]] | None:
    """Return group and heading of each column whose headings stand in two rows; ``None`` where they don't.

    The heading of a group stands over its first column, and is empty over the others, merged or not. A
    column without a heading in the lower row has its own in the upper one, and no group.
    """
    cells = [cell for cell in lower if cell not in ("", None)]
    if len(cells) < 2 or not all(isinstance(cell, str) and len(cell) <= 200 for cell in cells):
        return None
    found = []
    group = ""
    for number in range(max(len(upper), len(lower))):
        above, below = (read_text(row[number]) if number < len(row) else "" for row in (upper, lower))
        group = above or group
        is_own = not below or below == above
        found.append(("", above) if is_own else (group, below))
    return found


def stacked_keys(headings: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return the keys of headings that stand in two rows: by the lower one, and by both together."""
    return [
        tuple(dict.fromkeys((*heading_keys(heading), *(heading_keys(f"{group} {heading}") if group else ()))))
        for group, heading in headings
    ]


def is_column_count(row: Sequence[Cell]) -> bool:
    """Return whether a row counts the columns, as below the headings of official tables: (1), (2), (3)."""
    texts = [text.strip("() ") for text in map(read_text, row) if text]
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) <= 2]
    letters = [text for text in texts if len(text) == 1 and text.isalpha()]
    return (
        len(texts) >= 3
        and len(numbers) >= 2
        and len(numbers) + len(letters) == len(texts)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 2
    )
