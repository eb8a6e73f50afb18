"""Text in TCVN3 or VNI in a grid: converted where it is sure, column by column, and noted; else refused."""

from dataclasses import replace

from openpyxl.utils import get_column_letter

from etl.spreadsheets.grids import Grid, shown
from etl.text_encoding import EITHER, TCVN3, VNI, from_encoding, is_odd, reading
from geodata.contract.errors import Fault, Note, SourceError
from geodata.language import message

_MOST_FAULTS = 100


def converted(grid: Grid, file: str) -> Grid:
    """Return a grid with its text in Unicode.

    A text that could be both follows the others of its column.

    Raises
    ------
    SourceError
        Texts of which it is not sure what they are.
    """
    texts = {cell for row in grid.rows for cell in row if cell.__class__ is str}
    odd = {text: reading(text) for text in texts if isinstance(text, str) and not text.isascii()}
    if not any(map(is_odd, odd)) or not any(name for _, name in odd.values() if name != EITHER):
        return grid
    exchange = _exchange(grid, odd)
    rows = [list(row) for row in grid.rows]
    faults: list[Fault] = []
    notes: dict[tuple[int, str], Note] = {}
    begun = [False] * len(exchange)
    for row_number, cells in enumerate(rows, start=1):
        names = {odd[cell][1] for cell in cells if isinstance(cell, str) and cell in odd}
        for number, cell in enumerate(cells):
            if not isinstance(cell, str) or cell not in exchange[number]:
                continue
            text, name = exchange[number][cell]
            if odd[cell][1] != EITHER:
                begun[number] = True
            elif not begun[number] and name not in names:
                # A heading is as the other headings are.
                continue
            place = (row_number, get_column_letter(number + 1), grid.sheet)
            if name.endswith("?"):
                faults.append(_unsure(file, cell, name.rstrip("?"), place))
                continue
            cells[number] = text
            if (number, name) not in notes:
                notes[number, name] = _told(file, cell, text, name, place)
    if faults:
        raise SourceError(faults[:_MOST_FAULTS])
    found = ", ".join(sorted({name for _, name in notes}))
    return replace(grid, rows=rows, is_encoding_converted=found, notes=(*grid.notes, *notes.values()))


_Place = tuple[int, str, str]


def _unsure(file: str, cell: str, name: str, place: _Place) -> Fault:
    problem = message("seems to be in {encoding}, but not surely", encoding=name)
    expected = message("text in Unicode; UniKey converts it (Ctrl+Shift+F6)")
    return Fault(file, shown(cell), problem, expected, *place)


def _told(file: str, cell: str, text: str, name: str, place: _Place) -> Note:
    told = message(
        "the text of this column was converted from {encoding}; this one to “{text}”",
        encoding=name,
        text=shown(text),
    )
    return Note(file, shown(cell), told, *place)


def _exchange(grid: Grid, odd: dict[str, tuple[str, str]]) -> list[dict[str, tuple[str, str]]]:
    columns: list[set[str]] = [set() for _ in range(max(map(len, grid.rows)))]
    for row in grid.rows:
        for number, cell in enumerate(row):
            if isinstance(cell, str) and cell in odd:
                columns[number].add(cell)
    return [_of_column(texts, odd) for texts in columns]


def _of_column(texts: set[str], readings: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return what the texts of a column become: the new text and its old encoding, or what it seems to be."""
    names = {name for text in texts if (name := readings[text][1]) in (TCVN3, VNI)}
    unicode_count = sum(not readings[text][1] for text in texts)
    outcome = {text: readings[text] for text in texts if readings[text][1] not in ("", EITHER)}
    either = [text for text in texts if readings[text][1] == EITHER]
    if len(names) == 1 and either:
        (name,) = names
        for text in either:
            # One text in Unicode is the heading of a column; several are a column of both kinds.
            outcome[text] = (from_encoding(text, name), name) if unicode_count <= 1 else (text, f"{name}?")
    return outcome
