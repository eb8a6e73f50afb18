"""Tables in the sheets of a workbook: which kind each is, where it begins, and which rows hold data.

A sheet as people keep it has titles above its headings, columns in any order, headings in their own
spelling, blank lines, totals and signatures. All of it is read over, and what was left out is told.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd
from openpyxl.utils import get_column_letter

from etl.spreadsheets.cells import Cell, read_date, read_text
from etl.spreadsheets.headings import (
    column_headings,
    heading_keys,
    indicator_headings,
    missing_columns,
    near_heading,
    plain_heading,
    spellings_of,
)
from etl.spreadsheets.sheet_kinds import (
    EXAMPLE_MARK,
    FAULTS_SHEET,
    INSTRUCTIONS_SHEET,
    KINDS,
    LISTS_SHEET,
    NUMBERING,
    Column,
    Kind,
)
from etl.spreadsheets.tables import Recognised, SheetFault, Skipped, Table
from etl.spreadsheets.workbooks import Grid, Workbook
from geodata.contract.errors import Fault
from geodata.language import message
from geodata.wards.names import bare

HEADING_ROWS = 40
"""Rows with something in them among which the headings are looked for."""

INDICATOR = "indicator:"
"""What the keys of indicator columns begin with; the code follows."""

_TOTALS = {
    bare(text) for text in ("Tổng", "Tổng cộng", "Cộng", "Tổng số", "Cộng dồn", "Toàn thành phố", "Total")
}
_FOOTERS = tuple(
    bare(text)
    for text in (
        *(
            "Người lập",
            "Người tổng hợp",
            "Cán bộ tổng hợp",
            "Thủ trưởng",
            "Chỉ huy",
            "Lãnh đạo",
            "KT. Trưởng",
        ),
        *("Trưởng công an", "Nơi nhận", "Ký tên", "Ký, ghi rõ", "Ghi chú", "Lưu ý", "Chú thích"),
    )
)
_PLACE_AND_DATE = re.compile(r".*\bngày\b.*\btháng\b.*\bnăm\b.*", re.I)

_OURS = {bare(INSTRUCTIONS_SHEET), bare(LISTS_SHEET), bare(FAULTS_SHEET)}
"""Sheets that the program writes besides tables."""


@dataclass(frozen=True)
class _Headings:
    """The row of headings of a sheet: its index from 0, its kind, its columns by key (numbers from 1)."""

    index: int
    kind: Kind
    columns: dict[str, int]
    score: float
    doubled: list[tuple[str, int]]


class Recogniser:
    """Finds tables in grids.

    Parameters
    ----------
    indicators
        The catalogue of indicators, each of which may be a column: indicator_code, indicator_name,
        indicator_name_en.
    """

    def __init__(self, indicators: pd.DataFrame) -> None:
        self.indicators = indicator_headings(indicators)
        self.known = {name: column_headings(kind) for name, kind in KINDS.items()}

    def tables(self, book: Workbook) -> Recognised:
        """Return the tables of a workbook, and the faults of its sheets and headings."""
        found = Recognised()
        for grid in book.grids:
            headings = self._headings(grid)
            if headings is not None:
                table, faults = self._table(book.path, grid, headings)
                found.tables.append(table)
                found.faults += faults
            elif bare(grid.sheet) not in _OURS and any(not _is_blank(row) for row in grid.rows):
                expected = message(
                    "the headings of one of: {kinds}", kinds=", ".join(kind.title for kind in KINDS.values())
                )
                found.faults.append(
                    SheetFault(
                        book.path.name,
                        _first_text(grid),
                        message("is no table that is known"),
                        expected,
                        sheet=grid.sheet,
                    )
                )
        if not found.faults and not any(table.numbers for table in found.tables):
            found.faults.append(
                Fault(
                    book.path.name,
                    "",
                    message("holds no rows"),
                    message("at least one row below the headings"),
                )
            )
        return found

    def _headings(self, grid: Grid) -> _Headings | None:
        best: _Headings | None = None
        looked = 0
        for index, row in enumerate(grid.rows):
            if _is_blank(row):
                continue
            looked += 1
            if looked > HEADING_ROWS:
                break
            keys = [heading_keys(cell) for cell in row]
            if sum(bool(key) for key in keys) < 2:
                continue
            for kind in KINDS.values():
                found = self._match(kind, index, keys, grid.sheet)
                if found is not None and (best is None or found.score > best.score):
                    best = found
        return best

    def _match(self, kind: Kind, index: int, keys: list[tuple[str, ...]], sheet: str) -> _Headings | None:
        known = self.known[kind.name]
        columns: dict[str, int] = {}
        doubled = []
        for number, spellings in enumerate(keys, start=1):
            key = next((known[spelling] for spelling in spellings if spelling in known), None)
            if key is None and kind.has_indicator_columns:
                key = next(
                    (
                        INDICATOR + self.indicators[spelling]
                        for spelling in spellings
                        if spelling in self.indicators
                    ),
                    None,
                )
            if key is None:
                continue
            if key in columns:
                doubled.append((key, number))
            else:
                columns[key] = number
        told = [key for key in columns if key != NUMBERING.key]
        missing = len(missing_columns(kind, columns))
        if kind.has_indicator_columns and not any(key.startswith(INDICATOR) for key in columns):
            missing += 1
        needed = sum(column.is_required for column in kind.columns) + bool(kind.either)
        is_named = bare(sheet) in (bare(kind.title), bare(kind.english))
        if len(told) < 2 or (missing > needed / 2 and not is_named):
            return None
        return _Headings(index, kind, columns, len(told) - 2 * missing + 1.5 * is_named, doubled)

    def _table(self, path: Path, grid: Grid, found: _Headings) -> tuple[Table, list[Fault]]:
        kind, heading_row = found.kind, found.index + 1
        width = max(len(row) for row in grid.rows)
        heading_cells = grid.rows[found.index]
        headings = {n: read_text(cell) for n, cell in enumerate(heading_cells, start=1) if read_text(cell)}
        table = Table(path.name, grid.sheet, kind, heading_row, found.columns, headings, [], {}, {}, [])
        known = self.known[kind.name].keys() | (
            self.indicators.keys() if kind.has_indicator_columns else set()
        )
        rows, skipped = _data_rows(grid, found, known)
        numbers = [number for number, _ in rows]
        padded = [row if len(row) >= width else [*row, *[""] * (width - len(row))] for _, row in rows]
        by_column = dict(enumerate(zip(*padded, strict=True), start=1)) if padded else {}
        taken = set(found.columns.values())
        others = {
            number: cells
            for number, cells in by_column.items()
            if number not in taken and (number in headings or any(read_text(cell) for cell in cells))
        }
        spare = {n: headings.get(n, "") for n in headings.keys() | others.keys() if n not in taken}
        faults = self._heading_faults(table, found, spare)
        told = {fault.column_number for fault in faults if isinstance(fault, SheetFault)}
        for number, heading in sorted(spare.items()):
            if number not in told and number in others:
                reason = message(
                    "the column {column} is not read", column=heading or get_column_letter(number)
                )
                skipped.append(Skipped(grid.sheet, heading_row, heading, reason))
        cells = {key: by_column.get(number, ()) for key, number in found.columns.items()}
        return replace(table, numbers=numbers, cells=cells, others=others, skipped=skipped), faults

    def _heading_faults(self, table: Table, found: _Headings, spare: Mapping[int, str]) -> list[Fault]:
        """Return a fault for each column that is missing, doubled or misspelt."""
        faults: list[Fault] = []
        kind = table.kind
        missing = missing_columns(kind, found.columns)
        open_columns = [column for column in kind.columns if column.key not in found.columns]
        spellings = {bare(name): column for column in open_columns for name in spellings_of(column)}
        if kind.has_indicator_columns:
            taken = {key.removeprefix(INDICATOR) for key in found.columns}
            spellings |= {
                key: Column(INDICATOR + code, code, code)
                for key, code in self.indicators.items()
                if code not in taken
            }
        for number, heading in sorted(spare.items()):
            near = near_heading(heading, spellings)
            if near is not None:
                faults.append(
                    table.fault(
                        message("is no heading that is known"),
                        message("perhaps “{word}”", word=near.heading),
                        row=table.heading_row,
                        column=number,
                        value=heading,
                    )
                )
                missing = [
                    columns for columns in missing if near.key not in {column.key for column in columns}
                ]
        faults += [
            table.fault(
                message(
                    "the column {column} is missing", column=", ".join(column.heading for column in columns)
                ),
                message("a column with this heading"),
                row=table.heading_row,
            )
            for columns in missing
        ]
        faults += [
            table.fault(
                message("the column occurs twice"),
                message("once"),
                row=table.heading_row,
                column=number,
                value=table.headings[number],
            )
            for _, number in found.doubled
        ]
        return faults


def _data_rows(
    grid: Grid, found: _Headings, known: Iterable[str]
) -> tuple[list[tuple[int, Sequence[Cell]]], list[Skipped]]:
    """Return the rows below the headings that hold data, with their numbers, and those that do not."""
    known = set(known)
    rows: list[tuple[int, Sequence[Cell]]] = []
    skipped: list[Skipped] = []
    dates = [
        found.columns[key] - 1 for key in ("date", "start", "from", "end", "due") if key in found.columns
    ]
    is_footer = False
    for number, row in enumerate(grid.rows[found.index + 1 :], start=found.index + 2):
        first = next((cell for cell in row if cell != "" and cell is not None), None)
        if first is None or (isinstance(first, str) and not first.strip() and _is_blank(row)):
            continue
        reason = None
        label = _label(first) if isinstance(first, str) else ""
        if label == "example":
            reason = message("an example")
        elif label or is_footer:
            has_date = any(n < len(row) and read_date(row[n]) is not None for n in dates)
            if label == "total" and not has_date:
                reason = message("a total")
            elif (label == "footer" or is_footer) and not has_date:
                reason, is_footer = message("below the table"), True
        if _is_headings(first, row, known):
            reason = message("headings")
        if reason is None:
            rows.append((number, row))
        elif reason.sentence != "headings":
            skipped.append(Skipped(grid.sheet, number, _shortened(row), reason))
    return rows, skipped


@lru_cache(maxsize=65_536)
def _label(text: str) -> str:
    """Return what the first text of a row makes it: *example*, *total*, *footer*, or nothing."""
    if len(text) > 200:
        return ""
    key = bare(plain_heading(text))
    if key.startswith(bare(EXAMPLE_MARK)) or key == "example":
        return "example"
    if key in _TOTALS or bare(plain_heading(text.split(":")[0])) in _TOTALS:
        return "total"
    is_place_and_date = _PLACE_AND_DATE.fullmatch(read_text(text)) and read_date(text) is None
    return "footer" if key.startswith(_FOOTERS) or is_place_and_date else ""


def _is_headings(first: Cell, row: Sequence[Cell], known: set[str]) -> bool:
    """Return whether every cell of a row is a heading: the English ones, or a repetition on a new page."""
    if known.isdisjoint(heading_keys(first)):
        return False
    cells = [cell for cell in row if cell not in ("", None)]
    if len(cells) < 2 or not all(isinstance(cell, str) for cell in cells):
        return False
    return all(any(key in known for key in heading_keys(cell)) for cell in cells)


def _is_blank(row: Sequence[Cell]) -> bool:
    return not any(
        cell not in ("", None) and not (isinstance(cell, str) and not cell.strip()) for cell in row
    )


def _first_text(grid: Grid) -> str:
    return _shortened(next(row for row in grid.rows if not _is_blank(row)))


def _shortened(row: Sequence[Cell]) -> str:
    text = " | ".join(filter(None, (read_text(cell) for cell in row)))
    return text if len(text) <= 60 else text[:59] + "…"
