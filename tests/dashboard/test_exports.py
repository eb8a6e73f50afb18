"""Files that pages hand over: whole, with their filters, and with nothing that a spreadsheet would run."""

import datetime
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.ui.downloads import MAP_FORMATS, file_name
from dashboard.ui.exports import MapEnding, map_file, table_csv, table_xlsx
from etl.spreadsheets.cells import read_number
from etl.spreadsheets.workbooks import read_workbook
from geodata.contract.layers import read_layer
from geodata.language import Language, message, render, translate
from geodata.period import Period
from geodata.workbook import FORMULA_BEGINS
from tests.ogrinfo import ogrinfo
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
    assert b"1234.5;3;23/11/2023;yes" in table_csv(FRAME, TITLES, "Try", FILTERS, "en")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_our_own_import_reads_a_csv_back(language: Language, tmp_path: Path) -> None:
    rates = [12.345, 1234.5, 0.125, 97.0]
    frame = pd.DataFrame({"ward": ["Hòa Bình, Đông", "a;b", 'c"d', "e"], "rate": rates})
    path = tmp_path / "x.csv"
    path.write_bytes(table_csv(frame, {"ward": "Phường", "rate": "Rate"}, "Thử", FILTERS, language))
    [grid] = read_workbook(path).grids
    head = [list(row) for row in grid.rows].index(["Phường", "Rate"])
    rows = [list(row) for row in grid.rows[head + 1 :]]
    assert [row[0] for row in rows] == [*frame["ward"]]
    assert [read_number(row[1]) for row in rows] == rates


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


HOSTILE = "x' ); DROP TABLE map; -- <b>\n\"=1+1"


@pytest.fixture(scope="module")
def drawn(small_gpkg: Path) -> Any:
    """Return wards with what maps hold: texts, numbers, flags, days, missing values, a column without any."""
    wards = read_layer(small_gpkg, "ward")
    days = pd.to_datetime(pd.Series(["2023-11-23", None, "2024-01-02", None, "2025-07-01"]))
    return (
        wards[wards["vintage"] == OLD]
        .reset_index(drop=True)
        .assign(
            value=[1.0, 2.0, None, 4.0, 5.0],
            count=pd.array([1, None, 0, 4, 5], dtype="Int64"),
            day=days,
            sure=[True, False, True, True, False],
            said=[HOSTILE, COMMAND, SCRIPT, None, "Hòa Bình"],
            gaps=None,
        )
    )


@pytest.mark.parametrize("ending", MAP_FORMATS)
def test_a_map_comes_back_from_every_format_with_its_figures_filters_and_titles(
    ending: MapEnding, drawn: Any, tmp_path: Path
) -> None:
    about = f"Thử {HOSTILE}"
    filters: Any = [*FILTERS, (message("Outlines"), HOSTILE), (message("Outlines"), "không được chuyển tiếp")]
    # Titles come out of files too: GeoPackage refuses two of one name.
    titles = {"value": HOSTILE, "said": HOSTILE, "count": "Số vụ", "none": "không có cột này"}
    path = tmp_path / f"map.{ending}"
    path.write_bytes(map_file(drawn, titles, about, filters, "vi", ending))
    read: Any = gpd.read_parquet(path) if ending == "parquet" else pyogrio.read_dataframe(path, layer="map")
    read = read.sort_values("ward_code", ignore_index=True)
    assert read.crs == "EPSG:4326"
    assert read.geometry.geom_equals_exact(drawn.geometry, tolerance=0).all()
    assert [*read] == [*drawn.drop(columns="geometry"), "geometry"] or ending == "parquet"
    for column in drawn.drop(columns="geometry"):
        assert read[column].isna().tolist() == drawn[column].isna().tolist(), column
        assert read[column].dropna().tolist() == drawn[column].dropna().tolist(), column

    rows = [["map", about], *([translate(str(render(k, "en")), "vi"), v] for k, v in filters)]
    lines = "\n".join([about, *(": ".join(row) for row in rows[1:])])
    if ending == "parquet":
        schema = pyarrow.parquet.read_schema(path)
        assert json.loads(schema.metadata[b"about"]) == rows
        of_geometry = json.loads(schema.metadata[b"geo"])
        assert of_geometry["version"] == "1.1.0" and "bbox" in of_geometry["columns"]["geometry"]["covering"]
        assert set(of_geometry["columns"]["geometry"]["geometry_types"]) <= {"Polygon", "MultiPolygon"}
        west, south, east, north = drawn.geometry.iloc[0].buffer(-0.01).bounds
        assert len(gpd.read_parquet(path, bbox=(west, south, east, north))) < len(drawn)
    else:
        schema = pyogrio.read_arrow(path, layer="map")[1].schema
        assert pyogrio.read_info(path, layer="map")["layer_metadata"]["DESCRIPTION"] == lines
    if ending == "gpkg":
        assert pyogrio.read_dataframe(path, layer="about").to_numpy().tolist() == rows
    if ending == "fgb":
        assert pyogrio.read_info(path)["layer_metadata"]["TITLE"] == about
    told = {field.name: (field.metadata or {}).get(b"GDAL:OGR:alternative_name") for field in schema}
    assert {name: title.decode() for name, title in told.items() if title} == {
        "value": HOSTILE,
        "count": "Số vụ",
    }


@pytest.mark.parametrize("ending", MAP_FORMATS)
def test_a_map_without_wards_is_a_file(ending: MapEnding, drawn: Any, tmp_path: Path) -> None:
    path = tmp_path / f"map.{ending}"
    path.write_bytes(map_file(drawn.head(0), {}, "Thử", FILTERS, "vi", ending))
    read = gpd.read_parquet(path) if ending == "parquet" else pyogrio.read_dataframe(path, layer="map")
    assert len(read) == 0 and "value" in read


@pytest.mark.parametrize("ending", ["gpkg", "fgb"])
def test_an_older_gdal_reads_a_map_without_a_warning(ending: MapEnding, drawn: Any, tmp_path: Path) -> None:
    path = tmp_path / f"map.{ending}"
    path.write_bytes(map_file(drawn, {"value": HOSTILE}, "Thử", FILTERS, "vi", ending))
    assert f"Feature Count: {len(drawn)}" in ogrinfo(path)
