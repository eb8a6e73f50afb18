"""Grids go from one process to another as they are."""

import math
from datetime import date, datetime, time, timedelta
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from etl.spreadsheets.cells import Cell, Unread
from etl.spreadsheets.grid_tables import grids_of, tables_of
from etl.spreadsheets.workbooks import Grid
from geodata.contract.errors import Note
from geodata.language import message

CELLS = st.one_of(
    st.none(),
    st.text(max_size=5),
    st.sampled_from(["", "Lê Chân", "1"]),
    st.integers(),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(timedelta(-10_000), timedelta(10_000)),
    st.builds(Unread, st.sampled_from(["error", "no_result", "not_reckoned"]), st.text(max_size=5)),
)


def told(grids: tuple[Grid, ...]) -> list[list[list[tuple[type, Cell]]]]:
    """Return the cells of grids with their kinds: 1, 1.0 and True are equal."""
    return [[[(type(cell), cell) for cell in row] for row in grid.rows] for grid in grids]


def there_and_back(*grids: Grid) -> tuple[Grid, ...]:
    """Return grids that went through Arrow."""
    return grids_of(*tables_of(grids))


@given(st.lists(st.lists(st.lists(CELLS, max_size=4), max_size=6), max_size=3))
def test_every_cell_comes_back_as_it_was(sheets: list[list[list[Cell]]]) -> None:
    """Of any kind, in rows of any length, with the kinds of a column mixed."""
    grids = tuple(Grid(str(number), rows) for number, rows in enumerate(sheets))
    assert told(there_and_back(*grids)) == told(grids)


def test_what_a_grid_says_besides_cells_comes_back() -> None:
    """Notes and places, over more rows than one table holds."""
    day, clock = datetime(2023, 11, 22, 23, 59, 17), time(7, 30)
    rows: list[list[Cell]] = [
        [f"Phường {number % 7}", number / 2, day, date(9999, 12, 31)] for number in range(70_000)
    ]
    note = Note("a.xlsx", "x", message("left out"), row=3)
    grid = Grid("Sheet1", [*rows, [clock, math.inf, -0.0]], hidden_rows=frozenset({2}), notes=(note,))
    (back,) = there_and_back(grid)
    assert back == grid
    texts = [row[0] for row in back.rows if isinstance(row[0], str)]
    assert len(set(map(id, texts))) < len(texts) / 1000


def test_half_a_character_is_replaced() -> None:
    """XML can name it, but no file that we write can hold it."""
    (back,) = there_and_back(Grid("", [["a\ud800b", "ok"], [None, ""]]))
    assert list(chain(*back.rows)) == ["a\ufffdb", "ok", None, ""]
