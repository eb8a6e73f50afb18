"""Tables that are handed out for spreadsheets: cells of their type, and text that is never a formula."""

import datetime
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

Cell = str | float | datetime.date | None
"""A time of day comes without its zone: Excel knows none."""

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a text for a formula."""

HEADING = {"bold": True, "text_wrap": True, "valign": "top"}


def neutral(text: str) -> str:
    """Return a text for csv, which has no types, that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text


def workbook(buffer: io.BytesIO) -> "xlsxwriter.Workbook":
    """Return a workbook in which text is written as text; it lies in the buffer once it is closed."""
    # Imported here, as only files need it.
    import xlsxwriter

    return xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})


def write_table(
    book: "xlsxwriter.Workbook", name: str, rows: Sequence[Sequence[Cell]], widest: int
) -> "Worksheet":
    """Return a new sheet with rows, the first of them headings that stay in view.

    Parameters
    ----------
    book
        The workbook.
    name
        Name of the sheet.
    rows
        Rows of cells; missing and empty ones stay empty.
    widest
        Characters that a column shows at most; headings are wrapped, longer texts cut.
    """
    sheet = book.add_worksheet(name)
    heading = book.add_format(HEADING)
    time = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"})
    date = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(
                    line, column, value, time if isinstance(value, datetime.datetime) else date
                )
            elif isinstance(value, (int, float)):
                sheet.write_number(line, column, value)
            elif value:
                sheet.write_string(line, column, value, None if line else heading)
    for column, (title, *values) in enumerate(zip(*rows, strict=True)):
        lengths = [16 if isinstance(one, datetime.datetime) else len(str(one or "")) for one in values]
        width = max([7, len(str(title)) * 0.7, *lengths]) + 2
        sheet.set_column(column, column, min(width, widest))
    sheet.freeze_panes(1, 0)
    return sheet
