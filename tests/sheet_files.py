"""Spreadsheets made in code, as staff make them, and what the program reads them against."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from etl.register.tables import read_register
from etl.spreadsheets.cells import Cell
from etl.spreadsheets.reading import Context
from geodata.settings import SOURCES

TODAY = date(2026, 11, 21)

Sheets = Mapping[str, Sequence[Sequence[Cell]]]
"""Rows of cells by the name of the sheet."""


def real_context() -> Context:
    """Return the official lists, criteria and indicators of the register, and its facts as recorded."""
    register = read_register(SOURCES)
    layers = ("inspection", "event", "event_task", "pilot_status", "target")
    return Context(
        register["unit"],
        register["criteria_set"],
        register["criterion"],
        register["indicator"],
        TODAY,
        {layer: register[layer] for layer in layers},
        succession=register["unit_succession"],
    )


def write_xlsx(path: Path, sheets: Sheets, formats: Mapping[tuple[str, int, int], str] | None = None) -> Path:
    """Write a workbook; text stays text, dates are dates, and cells may have a number format of their own.

    Parameters
    ----------
    path
        The file.
    sheets
        Its rows; a row of one cell is merged over ten columns, as titles are.
    formats
        Number formats by sheet, row and column from 0.
    """
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                if len(row) == 1:
                    sheet.merge_range(r, 0, r, 9, row[0])
                    continue
                for c, cell in enumerate(row):
                    shown = (formats or {}).get((name, r, c))
                    if isinstance(cell, str):
                        sheet.write_string(r, c, cell)
                    elif isinstance(cell, date):
                        sheet.write_datetime(r, c, datetime.combine(cell, datetime.min.time()), day)
                    elif cell is not None:
                        sheet.write(r, c, cell, book.add_format({"num_format": shown}) if shown else None)
    return path


def write_csv_file(
    path: Path, rows: Sequence[Sequence[Cell]], delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    """Write rows as csv."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>{tables}'
    "</office:spreadsheet></office:body></office:document-content>"
)


def write_ods(path: Path, sheets: Sheets) -> Path:
    """Write an OpenDocument spreadsheet."""

    def cell(value: Cell) -> str:
        if value is None or value == "":
            return "<table:table-cell/>"
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        text = escape(str(value))
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(tables=tables))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


INSPECTION_HEADINGS = (
    "STT",
    "Công an phường",
    "QUẬN/HUYỆN",
    "Ngày kiểm tra (*)",
    "Đơn vị kiểm tra",
    "Hinh thuc",
    "Bộ tiêu chí",
    "Số tiêu chí đạt",
    "Số tiêu chí đã đánh giá",
    "Kết luận",
)
INDICATOR_HEADINGS = ("Chỉ số", "Phường", "Từ ngày", "Đến ngày", "Giá trị")
TITLES = (("CÔNG AN THÀNH PHỐ HẢI PHÒNG",), ("KẾT QUẢ KIỂM TRA NĂM 2022",), ())


def clerks_sheets() -> dict[str, list[list[Cell]]]:
    """Return what a clerk keeps: titles, spellings, forms of a date, blank lines, a total, a signature."""
    city = "Công an thành phố"
    return {
        "Sheet1": [
            *([*row] for row in TITLES),
            list(INSPECTION_HEADINGS),
            [1, "P. Dư Hàng Kênh", "Lê Chân", "8/9/2022", city, "Định kỳ", "v1", 20, 22, "Đạt"],
            [2, "CAP Cát Bi", "", "12-9-2022", city, "", "v1", "21", "22", "=1+1"],
            [],
            [3, "Kenh Duong", "Q. Lê Chân", 44816, city, "đột xuất", "5764/QĐ-BCA-V05", "", "", "@đạt"],
            [None, "Công an phường Ngọc Xuyên", None, date(2023, 3, 1), city, "", "", 18.0, None, ""],
            ["Tổng cộng", "", "", "", "", "", "", 59],
            [],
            ["", "", "", "", "", "", "Hải Phòng, ngày 8 tháng 9 năm 2022"],
            ["", "", "", "", "", "", "NGƯỜI LẬP BIỂU"],
        ],
        "Chỉ số tháng 9": [
            ["Số liệu tháng 9"],
            list(INDICATOR_HEADINGS),
            ["Tỷ lệ người dân hài lòng", "P. Dư Hàng Kênh", "1/9/2022", "30/9/2022", "97,5"],
            ["fires", "Cát Bi", "1/9/2022", "30/9/2022", "1.234"],
            ["Vu chay, no", "Kenh Duong", 44805, 44834, 0],
            [],
            ["Cộng", "", "", "", 1234],
        ],
        "Sheet3": [],
    }
