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
    columns: list[set[str]] = [set() for _ in range(max(map(len, grid.rows)))]
    for row in grid.rows:
        for number, cell in enumerate(row):
            if isinstance(cell, str) and cell in odd:
                columns[number].add(cell)
    exchange = [_of_column(texts, odd) for texts in columns]
    rows = [list(row) for row in grid.rows]
    faults: list[Fault] = []
    notes: dict[tuple[int, str], Note] = {}
    for row_number, cells in enumerate(rows, start=1):
        for number, cell in enumerate(cells):
            if not isinstance(cell, str) or cell not in exchange[number]:
                continue
            text, name = exchange[number][cell]
            place = (row_number, get_column_letter(number + 1), grid.sheet)
            if name.endswith("?"):
                problem = message("seems to be in {encoding}, but not surely", encoding=name.rstrip("?"))
                expected = message("text in Unicode; UniKey converts it (Ctrl+Shift+F6)")
                faults.append(Fault(file, shown(cell), problem, expected, *place))
                continue
            cells[number] = text
            if (number, name) not in notes:
                told = message(
                    "the text of this column was converted from {encoding}; this one to “{text}”",
                    encoding=name,
                    text=shown(text),
                )
                notes[number, name] = Note(file, shown(cell), told, *place)
    if faults:
        raise SourceError(faults[:_MOST_FAULTS])
    names = ", ".join(sorted({name for _, name in notes}))
    return replace(grid, rows=rows, is_encoding_converted=names, notes=(*grid.notes, *notes.values()))


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
