"""Files that pages hand over: whole, with their filters, and with nothing that a spreadsheet would run."""

import datetime
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.ui.downloads import file_name
from dashboard.ui.exports import map_gpkg, table_csv, table_xlsx
from geodata.contract.layers import read_layer
from geodata.language import message
from geodata.period import Period
from geodata.workbook import FORMULA_BEGINS
from tests.small_city import OLD

COMMAND = "=cmd|' /C calc'!A0"
SCRIPT = "<img src=x onerror=alert(1)>"
FRAME = pd.DataFrame(
    {
        "ward": ["Hòa Bình", COMMAND, SCRIPT],
        "rate": [1234.5, None, -2.0],
        "count": pd.array([3, None, 0], dtype="Int64"),
        "day": pd.to_datetime(pd.Series(["2023-11-23", None, "2024-01-02"])),
        "sure": [True, False, True],
        "left_out": ["x", "y", "z"],
    }
)
TITLES = {"ward": "Phường", "rate": "Tỷ lệ", "count": "Số vụ", "day": "Ngày", "sure": "Đã xác thực"}
FILTERS: Any = [("Khu vực", "=1+1"), ("Khoảng ngày", "từ 01/01/2024 đến 31/12/2024")]


def test_a_workbook_holds_typed_cells_and_text_stays_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(table_xlsx(FRAME, TITLES, "Thử", FILTERS, "vi")))
    table, about = book.worksheets
    rows = list(table.iter_rows(values_only=True))
    assert rows[0] == tuple(TITLES.values())
    assert rows[1][:3] == ("Hòa Bình", 1234.5, 3)
    assert rows[1][3] == pd.Timestamp("2023-11-23")
    assert rows[2] == (COMMAND, None, None, None, "không")
    assert table["A3"].data_type == "s"
    assert table["A4"].value == SCRIPT
    assert table["D2"].number_format == "dd/mm/yyyy"
    assert [row[1].value for row in about.iter_rows()] == ["Thử", "=1+1", "từ 01/01/2024 đến 31/12/2024"]
    assert about["B2"].data_type == "s"


def test_csv_opens_in_vietnamese_excel_and_runs_nothing() -> None:
    text = table_csv(FRAME, TITLES, "Thử", FILTERS, "vi")
    assert text.startswith(b"\xef\xbb\xbf")
    lines = text.decode("utf-8-sig").splitlines()
    assert lines == [
        ";Thử",
        "Khu vực;'=1+1",
        "Khoảng ngày;từ 01/01/2024 đến 31/12/2024",
        "",
        "Phường;Tỷ lệ;Số vụ;Ngày;Đã xác thực",
        "Hòa Bình;1234,5;3;23/11/2023;có",
        f"'{COMMAND};;;;không",
        f"{SCRIPT};-2;0;02/01/2024;có",
    ]
    assert b"1234.5,3,23/11/2023,yes" in table_csv(FRAME, TITLES, "Try", FILTERS, "en")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_no_text_becomes_a_formula(text: str) -> None:
    frame = pd.DataFrame({"a": [text]})
    last = table_csv(frame, {"a": "A"}, "", [], "vi").decode("utf-8-sig").split("\r\n")[-2].strip('"')
    assert not last.startswith(FORMULA_BEGINS)
    book = openpyxl.load_workbook(io.BytesIO(table_xlsx(frame, {"a": "A"}, "", [], "vi")))
    assert book.worksheets[0]["A2"].data_type in ("s", "n")
    assert (book.worksheets[0]["A2"].value or "") == text


def test_a_file_is_named_after_figure_days_boundaries_and_what_is_illustrative(small_gpkg: Path) -> None:
    published = Publication(small_gpkg, 0, 0)
    days = Period(datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
    query = Query(published, days, "2025-07-01", (), verified_only=False)
    shown = "Vụ phạm pháp hình sự, vụ/1.000 dân"
    assert file_name(shown, query, "vi") == (
        "vu-pham-phap-hinh-su-vu-1-000-dan-20240101-20241231-dia-gioi-20250701-minh-hoa"
    )
    verified = replace(query, verified_only=True)
    told = message("Last inspection of each ward")
    written = "20240101-20241231"
    assert file_name(told, verified, "vi") == (
        f"lan-kiem-tra-gan-nhat-cua-tung-don-vi-{written}-dia-gioi-20250701"
    )
    assert file_name("Phường Đông. Kéo chuột", verified, "vi").startswith(f"phuong-dong-{written}")
    long = file_name("vụ phạm pháp " * 20, verified, "vi").removesuffix(f"-{written}-dia-gioi-20250701")
    assert len(long) <= 90 and long.endswith(("-vu", "-pham", "-phap"))
    assert file_name("stage", verified, "en", OLD) == "stage-20240101-20241231-boundaries-20200201"


def test_an_empty_table_is_a_table() -> None:
    book = openpyxl.load_workbook(io.BytesIO(table_xlsx(FRAME.head(0), TITLES, "Thử", FILTERS, "vi")))
    assert list(book.worksheets[0].iter_rows(values_only=True)) == [tuple(TITLES.values())]


def test_a_map_carries_its_figures_and_filters(small_gpkg: Path, tmp_path: Path) -> None:
    wards = read_layer(small_gpkg, "ward")
    wards = wards[wards["vintage"] == OLD].assign(value=[1.0, 2.0, None, 4.0, 5.0])
    path = tmp_path / "map.gpkg"
    path.write_bytes(map_gpkg(wards, "Thử", FILTERS, "vi"))
    read = pyogrio.read_dataframe(path, layer="map")
    assert read["value"].tolist() == pytest.approx([1, 2, float("nan"), 4, 5], nan_ok=True)
    assert read.crs == "EPSG:4326"
    about = pyogrio.read_dataframe(path, layer="about")
    assert about.to_numpy().tolist() == [["map", "Thử"], *(list(pair) for pair in FILTERS)]
