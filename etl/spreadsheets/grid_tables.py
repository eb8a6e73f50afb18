"""Grids of cells as tables of Arrow and back, so that one process can read them for another.

A column of a sheet may hold cells of several kinds; each kind that it does hold is a column of Arrow, empty
where the cell is of another. Texts that are alike become one object again, which takes less memory than what
was read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice, zip_longest
from typing import Any

import numpy as np
import pyarrow as pa

from etl.spreadsheets.cells import Cell, Unread
from etl.spreadsheets.workbooks import Grid

Sizes = list[tuple[int, int]]
"""Rows and columns of each table of a grid."""

_Objects = np.ndarray[Any, np.dtype[np.object_]]

_ROWS = 1 << 16
"""Rows that go into one table: what is turned over at once is small beside the grid."""

_KINDS: dict[type, tuple[str, pa.DataType]] = {
    str: ("str", pa.string()),
    float: ("float", pa.float64()),
    int: ("int", pa.int64()),
    bool: ("bool", pa.bool_()),
    datetime: ("datetime", pa.timestamp("us")),
    date: ("date", pa.date32()),
    time: ("time", pa.time64("us")),
    timedelta: ("timedelta", pa.duration("us")),
    Unread: ("unread", pa.string()),
}


def tables_of(grids: Sequence[Grid]) -> tuple[list[tuple[Grid, Sizes]], list[pa.Table]]:
    """Return grids without their cells, with the sizes of the tables that hold these, and the tables."""
    header, tables = [], []
    for grid in grids:
        sizes: Sizes = []
        for start in range(0, len(grid.rows), _ROWS):
            rows = grid.rows[start : start + _ROWS]
            width = max(map(len, rows))
            sizes.append((len(rows), width))
            tables.append(_table(rows, width))
        header.append((replace(grid, rows=()), sizes))
    return header, tables


def grids_of(header: Sequence[tuple[Grid, Sizes]], tables: Sequence[pa.Table]) -> tuple[Grid, ...]:
    """Return the grids of which `tables_of` made tables."""
    left = iter(tables)
    return tuple(
        replace(
            grid,
            rows=[
                row
                for (count, width), table in zip(sizes, islice(left, len(sizes)), strict=True)
                for row in _rows(table, count, width)
            ],
        )
        for grid, sizes in header
    )


def _table(rows: Sequence[Sequence[Cell]], width: int) -> pa.Table:
    arrays: dict[str, pa.Array] = {}
    if not width or any(len(row) != width for row in rows):
        arrays["length"] = pa.array(map(len, rows), pa.int32())
    for number, column in enumerate(zip_longest(*rows)):
        kinds = set(map(type, column)) - {type(None)}
        for kind in kinds:
            cells = column if len(kinds) == 1 else [cell if type(cell) is kind else None for cell in column]
            name, array = _array(cells, kind)
            arrays[f"{number} {name}"] = array
    return pa.table(arrays)


def _array(cells: Sequence[Any], kind: type) -> tuple[str, pa.Array]:
    name, of = _KINDS[kind]
    if kind is str:
        try:
            array = pa.array(cells, of)
        except UnicodeEncodeError:  # half a character of UTF-16, which XML can name by its number
            whole = [
                cell and cell.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for cell in cells
            ]
            array = pa.array(whole, of)
        return name, array.dictionary_encode()
    if kind is Unread:
        return name, pa.array([cell and f"{cell.kind} {cell.shown}" for cell in cells], of)
    try:
        return name, pa.array(cells, of, from_pandas=False)
    except (OverflowError, pa.ArrowInvalid):
        if kind is not int:
            raise
        return "long", pa.array([None if cell is None else str(cell) for cell in cells], pa.string())


def _rows(table: pa.Table, count: int, width: int) -> Iterator[list[Cell]]:
    """Return the rows of a table, each as long as it was."""
    columns: list[list[Cell]] = [[None] * count for _ in range(width)]
    found: dict[int, list[tuple[str, pa.Array]]] = {}
    lengths: list[int] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name == "length":
            lengths = column.to_pylist()
            continue
        number, _, kind = name.partition(" ")
        found.setdefault(int(number), []).append((kind, column.combine_chunks()))
    for index, parts in found.items():
        cells = np.full(count, None, dtype=object)
        for kind, array in parts:
            is_here = np.asarray(array.is_valid())
            cells[is_here] = _cells(kind, array.drop_null())
        columns[index] = cells.tolist()
    if not width:
        return ([] for _ in range(count))
    rows = map(list, zip(*columns, strict=True))
    return (row[:length] for row, length in zip(rows, lengths, strict=True)) if lengths else rows


def _objects(values: list[Any]) -> _Objects:
    objects = np.empty(len(values), dtype=object)
    objects[:] = values
    return objects


_MADE: dict[str, Callable[[str], Any]] = {
    "unread": lambda text: Unread(*text.split(" ", 1)),  # type: ignore[arg-type]
    "long": int,
}


def _cells(kind: str, array: pa.Array) -> _Objects:
    """Return the cells of an array that has no gaps."""
    if kind == "str":
        texts = _objects(array.dictionary.to_pylist())
        return np.take(texts, np.asarray(array.indices))
    if kind in _MADE:
        return _objects([_MADE[kind](text) for text in array.to_pylist()])
    if kind == "time":
        return _objects(array.to_pylist())
    values: _Objects = array.to_numpy(zero_copy_only=False).astype(object)
    return values
