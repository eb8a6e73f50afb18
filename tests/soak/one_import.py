"""One import of a small file into the small city, for a process that is to be killed or to wait."""

from contextlib import closing
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

import pandas as pd
import xlsxwriter

from etl.publish import publishing
from etl.spreadsheets.importing import read_rows
from etl.spreadsheets.reading import read_context
from etl.store.audit import Actor
from etl.store.backup import back_up
from etl.store.database import database_of
from geodata.settings import Settings

AS_OF = pd.Timestamp("2025-12-31")
FIRST_DAY = pd.Timestamp("2022-01-01")
ROWS = 10


def write_workbook(path: Path, number: int) -> None:
    """Write a workbook with daily values of one indicator; every number gives other days."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Chỉ số")
        sheet.write_row(0, 0, ["Từ ngày", "Đến ngày", "Phường/xã", "Chỉ số", "Giá trị", "Nguồn"])
        for row in range(ROWS):
            day = f"{FIRST_DAY + pd.Timedelta(days=number * ROWS + row):%d/%m/%Y}"
            sheet.write_row(row + 1, 0, [day, day, "P. Hoà Bình", "fires", row % 4, f"Báo cáo số {number}"])


def import_file(site: Settings, path: Path, begun: Connection | None = None) -> None:
    """Import a file as the command does; tell when it begins, when the file is read, and when it is in."""

    def tell() -> None:
        if begun is not None:
            begun.send(True)

    tell()
    with publishing(site, AS_OF) as publisher:
        today = date(2025, 12, 31)
        context = read_context(site.sources, publisher.store, today, lambda: publisher.ground.wards)
        imported = read_rows(path, context)
        tell()
        publisher.add(path, imported, Actor("kill"))
    tell()


def change(site: Settings, what: str, batch_id: str, copy: Path) -> None:
    """Withdraw or restore a batch, build, or copy the store."""
    actor = Actor("kill")
    if what == "backup":
        with closing(database_of(site)) as database:
            back_up(database, copy, actor)
    else:
        with publishing(site, AS_OF) as publisher:
            if what == "withdraw":
                publisher.withdraw(batch_id, "x", actor)
            elif what == "restore":
                publisher.restore(batch_id, actor)
            else:
                publisher.build()
