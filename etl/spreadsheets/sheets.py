"""Tables in the sheets of a workbook: which kind each is, where it begins, and which rows hold data.

A sheet as people keep it has titles above its headings, columns in any order, headings in their own
spelling, blank lines, totals and signatures. All of it is read over, and what was left out is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pandas as pd
from openpyxl.utils import get_column_letter

from etl.spreadsheets.cells import Cell, read_text
from etl.spreadsheets.data_rows import NumberedRow, data_rows, filled_down, is_blank, left_out, shortened
from etl.spreadsheets.form_exports import form_export
from etl.spreadsheets.headings import (
    column_headings,
    heading_keys,
    indicator_headings,
    missing_columns,
    near_heading,
    spellings_of,
    stacked_headings,
    stacked_keys,
)
from etl.spreadsheets.sheet_kinds import (
    FAULTS_SHEET,
    INSTRUCTIONS_SHEET,
    KINDS,
    LISTS_SHEET,
    NOTES_SHEET,
    NUMBERING,
    Column,
    Kind,
)
from etl.spreadsheets.tables import Recognised, SheetFault, Table, in_spans
from etl.spreadsheets.workbooks import Grid, Workbook
from geodata.contract.errors import Fault, Note
from geodata.language import message
from geodata.wards.names import bare

HEADING_ROWS = 40
"""Rows with something in them among which the headings are looked for."""

INDICATOR = "indicator:"
"""What the keys of indicator columns begin with; the code follows."""

OURS = {bare(INSTRUCTIONS_SHEET), bare(LISTS_SHEET), bare(FAULTS_SHEET), bare(NOTES_SHEET)}
"""Sheets that the program writes besides tables."""


HiddenRows = Literal["", "include", "skip"]
"""What is done with hidden rows that hold data: asked about, read, or left out."""


@dataclass(frozen=True)
class _Keys:
    """One way to read headings; see `_Headings`. ``keys`` are those under which each may be known."""

    index: int
    keys: list[tuple[str, ...]]
    texts: dict[int, str]
    left_out: dict[int, str] = field(default_factory=dict)
    is_stacked: bool = False


@dataclass(frozen=True)
class _Headings:
    """The headings of a sheet: the index of their last row, the kind, columns by key (numbers from 1).

    ``texts`` are the headings as they stand, ``left_out`` those that a program of forms added;
    ``is_stacked`` says that they stand in two or three rows.
    """

    index: int
    kind: Kind
    columns: dict[str, int]
    score: float
    doubled: list[tuple[str, int]]
    texts: dict[int, str] = field(default_factory=dict)
    left_out: dict[int, str] = field(default_factory=dict)
    is_stacked: bool = False


class Recogniser:
    """Finds tables in grids.

    Parameters
    ----------
    indicators
        The catalogue of indicators, each of which may be a column: indicator_code, indicator_name,
        indicator_name_en.
    hidden
        What is done with hidden rows.
    is_skipping
        Sheets without a known table are left out; else they are faults.
    """

    def __init__(
        self, indicators: pd.DataFrame, hidden: HiddenRows = "", *, is_skipping: bool = False
    ) -> None:
        self.indicators = indicator_headings(indicators)
        self.known = {name: column_headings(kind) for name, kind in KINDS.items()}
        self.hidden = hidden
        self.is_skipping = is_skipping

    def tables(self, book: Workbook) -> Recognised:
        """Return the tables of a workbook, and the faults of its sheets and headings."""
        found = Recognised()
        file = book.path.name
        for grid in book.grids:
            found.notes += grid.notes
            headings = self._headings(grid)
            if headings is not None:
                table, faults = self._table(book.path, grid, headings)
                found.tables.append(table)
                found.faults += faults
            elif bare(grid.sheet) not in OURS and any(not is_blank(row) for row in grid.rows):
                self._unknown(file, grid, found)
        if not found.faults and not any(table.numbers for table in found.tables):
            found.faults.append(
                Fault(file, "", message("holds no rows"), message("at least one row below the headings"))
            )
        return found

    def _unknown(self, file: str, grid: Grid, found: Recognised) -> None:
        """Pass over a sheet without a known table where it is hidden or asked for, else tell its fault."""
        problem = message("is no table that is known")
        if grid.is_hidden or self.is_skipping:
            reason = message("a hidden sheet without a known table") if grid.is_hidden else problem
            found.notes.append(Note(file, _first_text(grid), left_out(reason), sheet=grid.sheet))
            return
        kinds = ", ".join(kind.title for kind in KINDS.values())
        expected = message("the headings of one of: {kinds}; or “--skip” to leave the sheet out", kinds=kinds)
        found.faults.append(SheetFault(file, _first_text(grid), problem, expected, sheet=grid.sheet))

    def _headings(self, grid: Grid) -> _Headings | None:
        best: _Headings | None = None
        looked = 0
        for index, row in enumerate(grid.rows):
            if is_blank(row):
                continue
            looked += 1
            if looked > HEADING_ROWS:
                break
            for option in self._readings(grid, index):
                if sum(bool(key) for key in option.keys) < 2:
                    continue
                for kind in KINDS.values():
                    found = self._match(kind, option, grid.sheet)
                    if found is not None and (best is None or found.score > best.score):
                        best = found
        return best

    @staticmethod
    def _readings(grid: Grid, index: int) -> Iterator[_Keys]:
        """Return how a row may be read as headings: alone, and together with the next one or two."""
        row = grid.rows[index]
        texts = {n: read_text(cell) for n, cell in enumerate(row, start=1) if read_text(cell)}
        export = form_export(row)
        if export is None:
            yield _Keys(index, [heading_keys(cell) for cell in row], texts)
        else:
            kept = {n: text for n, text in texts.items() if n not in export.left_out}
            yield _Keys(index, export.keys, kept, export.left_out)
        upper: Sequence[Cell] = row
        for last, lower in enumerate(grid.rows[index + 1 : index + 3], start=index + 1):
            stacked = stacked_headings(upper, lower)
            if stacked is None:
                return
            both = {
                n: f"{group} › {text}" if group else text for n, (group, text) in enumerate(stacked, start=1)
            }
            yield _Keys(
                last, stacked_keys(stacked), {n: text for n, text in both.items() if text}, is_stacked=True
            )
            upper = [text for _, text in stacked]

    def _match(self, kind: Kind, option: _Keys, sheet: str) -> _Headings | None:
        known = self.known[kind.name]
        columns: dict[str, int] = {}
        doubled = []
        for number, spellings in enumerate(option.keys, start=1):
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
        score = len(told) - 2 * missing + 1.5 * is_named
        return _Headings(
            option.index,
            kind,
            columns,
            score,
            doubled,
            option.texts,
            option.left_out,
            option.is_stacked,
        )

    def _table(self, path: Path, grid: Grid, found: _Headings) -> tuple[Table, list[Fault]]:
        kind, heading_row = found.kind, found.index + 1
        width = max(len(row) for row in grid.rows)
        table = Table(path.name, grid, kind, heading_row, found.columns, found.texts)
        known = self.known[kind.name].keys() | (
            self.indicators.keys() if kind.has_indicator_columns else set()
        )
        rows, notes = data_rows(table, known)
        rows, faults = self._seen_rows(table, rows, notes)
        numbers = [number for number, _ in rows]
        padded = [row if len(row) >= width else [*row, *[""] * (width - len(row))] for _, row in rows]
        by_column = dict(enumerate(zip(*padded, strict=True), start=1)) if padded else {}
        taken = {*found.columns.values(), *found.left_out}
        others = {
            number: cells
            for number, cells in by_column.items()
            if number not in taken and (number in found.texts or any(read_text(cell) for cell in cells))
        }
        spare = {n: found.texts.get(n, "") for n in found.texts.keys() | others.keys() if n not in taken}
        faults += self._heading_faults(table, found, spare)
        told = {fault.column_number for fault in faults if isinstance(fault, SheetFault)}
        for number, heading in sorted(spare.items()):
            if number not in told and number in others:
                reason = message(
                    "the column {column} is not read", column=heading or get_column_letter(number)
                )
                notes.append(table.note(left_out(reason), row=heading_row, column=number))
        notes += _column_notes(table, found)
        cells: dict[str, Sequence[Cell]] = {
            key: by_column.get(number, ()) for key, number in found.columns.items()
        }
        if found.is_stacked and not grid.sheet:
            cells |= filled_down(table, cells, numbers, notes)
        return replace(table, numbers=numbers, cells=cells, others=others, notes=notes), faults

    def _seen_rows(
        self, table: Table, rows: list[NumberedRow], notes: list[Note]
    ) -> tuple[list[NumberedRow], list[Fault]]:
        """Return the rows that are read, and a fault where some are hidden and nobody said what to do."""
        grid = table.grid
        struck = [number for number, _ in rows if number in grid.struck_rows]
        if struck:
            told = message("struck through, and read: rows {rows}", rows=in_spans(struck))
            notes.append(table.note(told))
        hidden = [number for number, _ in rows if grid.is_hidden or number in grid.hidden_rows]
        if not hidden:
            return rows, []
        where = {"rows": in_spans(hidden), "count": len(hidden)}
        if grid.is_hidden:
            problem = message("the sheet is hidden and holds data in {count} rows: {rows}", **where)
        elif grid.has_filter:
            problem = message("{count} rows with data are hidden, by a filter or by hand: {rows}", **where)
        else:
            problem = message("{count} rows with data are hidden: {rows}", **where)
        if not self.hidden:
            expected = message("“--hidden include” to read them, or “--hidden skip” to leave them out")
            return rows, [table.fault(problem, expected, row=hidden[0])]
        if self.hidden == "include":
            notes.append(table.note(message("hidden, and read: rows {rows}", rows=where["rows"])))
            return rows, []
        left = set(hidden)
        notes += [
            table.note(left_out(message("a hidden row")), row=number, value=shortened(row))
            for number, row in rows
            if number in left
        ]
        return [(number, row) for number, row in rows if number not in left], []

    def _heading_faults(self, table: Table, found: _Headings, spare: Mapping[int, str]) -> list[Fault]:
        """Return a fault for each column that is missing, doubled or misspelt."""
        faults: list[Fault] = []
        kind = table.kind
        missing = missing_columns(kind, found.columns)
        there = set(found.columns)
        is_placed = any(there.issuperset(group) for group in kind.either)
        spared = {key for group in kind.either for key in group} if is_placed else set()
        open_columns = [column for column in kind.columns if column.key not in there | spared]
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


def _column_notes(table: Table, found: _Headings) -> Iterator[Note]:
    """Return what is to be told of whole columns: those that forms add, and hidden ones that are read."""
    if found.left_out:
        names = ", ".join(found.left_out.values())
        reason = message("columns that KoboToolbox or ODK adds: {names}", names=names)
        yield table.note(left_out(reason), row=table.heading_row)
    for number in sorted(set(found.columns.values()) & table.grid.hidden_columns):
        yield table.note(message("a hidden column, and read"), row=table.heading_row, column=number)


def _first_text(grid: Grid) -> str:
    return shortened(next(row for row in grid.rows if not is_blank(row)))
