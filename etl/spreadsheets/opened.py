"""A spreadsheet from outside, read in a process of its own."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from etl.confined import confined
from etl.received import check_regular
from etl.spreadsheets.grid_tables import grids_of, tables_of
from etl.spreadsheets.workbooks import Workbook, read_workbook


def opened_workbook(path: Path) -> Workbook:
    """Do as `read_workbook`, in a process of its own.

    Raises
    ------
    SourceError
        It can't be read, or not within the limits of `confined`.
    """
    check_regular(path, path.name)
    (sha256, header), tables = confined(_read, path, file=path.name)
    return Workbook(path, sha256, grids_of(header, tables))


def _read(path: Path) -> tuple[Any, list[pa.Table]]:
    book = read_workbook(path)
    header, tables = tables_of(book.grids)
    return (book.sha256, header), tables
