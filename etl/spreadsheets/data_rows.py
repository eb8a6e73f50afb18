"""Which rows below the headings of a table hold data; the others are passed over, and told."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from etl.spreadsheets.cells import Cell, read_date, read_text
from etl.spreadsheets.headings import heading_keys, is_column_count, plain_heading
from etl.spreadsheets.sheet_kinds import EXAMPLE_MARK
from etl.spreadsheets.tables import Table
from geodata.contract.errors import Note
from geodata.language import Message, message
from geodata.wards.names import bare

NumberedRow = tuple[int, Sequence[Cell]]
"""A row and its number in the sheet, from 1."""

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


def filled_down(
    table: Table, cells: Mapping[str, Sequence[Cell]], numbers: Sequence[int], notes: list[Note]
) -> dict[str, Sequence[Cell]]:
    """Return wards and districts of a csv whose headings stood in two rows, empty cells taken from above.

    Such a table was merged in its workbook, and a csv holds of merged cells the first alone.
    """
    filled: dict[str, Sequence[Cell]] = {}
    for key in ("ward", "district"):
        made: list[Cell] = []
        for number, cell in zip(numbers, cells.get(key, ()), strict=key in cells):
            above = made[-1] if made else ""
            if not read_text(cell) and read_text(above):
                told = message("empty, and taken for {value}, as in the row above", value=read_text(above))
                notes.append(table.note(told, row=number, column=table.columns[key]))
                cell = above
            made.append(cell)
        if made:
            filled[key] = made
    return filled


def data_rows(table: Table, known: Iterable[str]) -> tuple[list[NumberedRow], list[Note]]:
    """Return the rows below the headings that hold data, with their numbers, and notes on the others."""
    known = set(known)
    rows: list[NumberedRow] = []
    notes: list[Note] = []
    dates = [
        table.columns[key] - 1 for key in ("date", "start", "from", "end", "due") if key in table.columns
    ]
    is_footer, is_begun = False, False
    for number, row in enumerate(table.grid.rows[table.heading_row :], start=table.heading_row + 1):
        first = next((cell for cell in row if cell != "" and cell is not None), None)
        if first is None or (isinstance(first, str) and not first.strip() and is_blank(row)):
            continue
        reason = None
        label = _label(first) if isinstance(first, str) else ""
        if not is_begun and is_column_count(row):
            reason = message("the columns counted")
        is_begun = True
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
            notes.append(table.note(left_out(reason), row=number, value=shortened(row)))
    return rows, notes


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


def left_out(reason: Message) -> Message:
    """Return that something was left out, and why."""
    return message("left out: {reason}", reason=reason)


def is_blank(row: Sequence[Cell]) -> bool:
    """Return whether no cell of a row holds anything."""
    return not any(
        cell not in ("", None) and not (isinstance(cell, str) and not cell.strip()) for cell in row
    )


def shortened(row: Sequence[Cell]) -> str:
    """Return what stands in a row, in short."""
    text = " | ".join(filter(None, (read_text(cell) for cell in row)))
    return text if len(text) <= 60 else text[:59] + "…"
