"""Spreadsheets of staff become rows of the contract, whole or not at all, with every fault at its cell."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from etl.spreadsheets.cell_rules import is_secret
from etl.spreadsheets.cells import Cell
from etl.spreadsheets.importing import read_rows
from etl.spreadsheets.reading import Context
from geodata.contract.errors import Fault, GeodataError
from geodata.contract.events import WHOLE_EVENT
from geodata.contract.layers import read_layer
from geodata.language import Language
from tests.sheet_files import (
    INDICATOR_HEADINGS,
    INSPECTION_HEADINGS,
    clerks_sheets,
    real_context,
    write_csv_file,
    write_ods,
    write_xlsx,
)


@pytest.fixture(scope="module")
def against() -> Context:
    return real_context()


def faults_of(path: Path, against: Context) -> tuple[Fault, ...]:
    with pytest.raises(GeodataError) as caught:
        read_rows(path, against)
    return caught.value.faults


def places(faults: Sequence[Fault]) -> list[tuple[str, int | None, str]]:
    """Return sheet, row and letter of the column of each fault."""
    return [(fault.sheet, fault.row, fault.column.split(" ")[0]) for fault in faults]


def told(fault: Fault, language: Language = "en") -> str:
    return f"{fault.problem.render(language)} → {fault.expected.render(language)}"


def inspections(*rows: Sequence[Cell]) -> dict[str, list[list[Cell]]]:
    return {"Kiểm tra": [list(INSPECTION_HEADINGS), *map(list, rows)]}


def test_the_clerks_workbook_imports_whole(tmp_path: Path, against: Context) -> None:
    imported = read_rows(write_xlsx(tmp_path / "kiem-tra.xlsx", clerks_sheets()), against)
    assert imported.row_counts == {"inspection": 4, "indicator_value": 3}
    rows = imported.rows["inspection"].set_index("ward_code")
    assert rows["inspection_date"].dt.date.to_dict() == {
        "11404": date(2022, 9, 8),
        "11422": date(2022, 9, 12),
        "11405": date(2022, 9, 12),
        "11455": date(2023, 3, 1),
    }
    assert rows["vintage"].eq("2020-02-01").all()
    assert rows["kind"].dropna().to_dict() == {"11404": "định kỳ", "11405": "đột xuất"}
    assert rows["criteria_set"].dropna().to_dict() == {"11404": "v1", "11422": "v1", "11405": "v1"}
    assert rows["criteria_met"].dropna().to_dict() == {"11404": 20, "11422": 21, "11455": 18}
    assert rows["verdict"].dropna().to_dict() == {"11404": "Đạt", "11422": "=1+1", "11405": "@đạt"}
    assert not rows["is_illustrative"].any()
    values = imported.rows["indicator_value"].set_index(["ward_code", "indicator_code"])["value"]
    assert values.to_dict() == {
        ("11404", "satisfaction_pct"): 97.5,
        ("11422", "fires"): 1234,
        ("11405", "fires"): 0,
    }
    assert [(left.sheet, left.row, left.told.render("en")) for left in imported.notes] == [
        ("Sheet1", 10, "left out: a total"),
        ("Sheet1", 12, "left out: below the table"),
        ("Sheet1", 13, "left out: below the table"),
        ("Chỉ số tháng 9", 7, "left out: a total"),
    ]


def test_twelve_planted_faults_are_these_twelve(tmp_path: Path, against: Context) -> None:
    sheets = clerks_sheets()
    city = "Công an thành phố"
    sheets["Sheet1"][9:9] = [
        [4, "Cát Bi", "Lê Chân", "9/9/2022", city],  # 10: a district that is not the ward's
        [5, "Cát Bii", "", "9/9/2022", city],  # 11: a ward that is not there
        [6, "Hùng Vương", "", "9/9/2027", city],  # 12: the future
        [7, "Hùng Vương", "", "9/9/2020", city],  # 13: before the programme
        [8, "Hùng Vương", "", "9/9/2022", ""],  # 14: no inspecting body
        [9, "Quán Toan", "", "9/9/2022", city, "", "v1", 21, 20],  # 15: more met than assessed
        [10, "Thượng Lý", "", "9/9/2022", city, "", "v1", 20, 23],  # 16: more assessed than the set has
        [11, "Vĩnh Niệm", "", "9/9/2022", city, "hằng tuần"],  # 17: a kind that is not in the list
        [12, "Cát Bi", "Hải An", 44816, city],  # 18: repeats row 6
        [13, "Đằng Giang", "", "9/9/2022", city, "", "", "hai mươi"],  # 19: no number
    ]
    sheets["Chỉ số tháng 9"][5:5] = [
        ["satisfaction_pct", "Cát Bi", "1/9/2022", "30/9/2022", "197,5"],  # 6: a percentage above 100
        ["fires", "Hùng Vương", "30/9/2022", "1/9/2022", 3],  # 7: a period that ends before it begins
    ]
    faults = faults_of(write_xlsx(tmp_path / "kiem-tra.xlsx", sheets), against)
    indicators = "Chỉ số tháng 9"
    assert places(faults) == [
        ("Sheet1", 10, "C"),
        ("Sheet1", 11, "B"),
        ("Sheet1", 12, "D"),
        ("Sheet1", 13, "D"),
        ("Sheet1", 14, "E"),
        ("Sheet1", 15, "H"),
        ("Sheet1", 16, "I"),
        ("Sheet1", 17, "F"),
        ("Sheet1", 18, "D"),
        ("Sheet1", 19, "H"),
        (indicators, 6, "E"),
        (indicators, 7, "D"),
    ]
    assert [told(fault) for fault in faults] == [
        "has no ward Cát Bi → Quận Hải An",
        "is no ward of the units from 01/02/2020 → perhaps Phường Cát Bi",
        "lies in the future → up to 21/11/2026",
        "lies before the first day possible → from 17/03/2021",
        "is empty → a value",
        "more criteria met than assessed → at most 20",
        "more criteria than the set has → at most 22",
        "is not in the list → one of: định kỳ, đột xuất, phúc tra, thực địa",
        "repeats row 6 → once",
        "is no number → a whole number",
        "lies outside 0 to 100 → a percentage from 0 to 100",
        "the period ends before it begins → from 30/09/2022",
    ]
    assert faults[0].value == "Lê Chân"
    assert faults[2].column == "D (Ngày kiểm tra (*))"


def test_the_same_table_reads_the_same_from_every_kind_of_file(tmp_path: Path, against: Context) -> None:
    rows = clerks_sheets()["Sheet1"]
    shown = [[f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows]
    whole = read_rows(write_xlsx(tmp_path / "a.xlsx", {"A": rows}), against).rows["inspection"]
    for path in (
        write_ods(tmp_path / "b.ods", {"A": rows}),
        write_csv_file(tmp_path / "c.csv", shown),
        write_csv_file(tmp_path / "d.csv", shown, ";", "utf-8-sig"),
        write_csv_file(tmp_path / "e.csv", shown, "\t", "utf-16"),
    ):
        pd.testing.assert_frame_equal(read_rows(path, against).rows["inspection"], whole)


def test_windows_1258_is_read_with_its_tone_marks_composed(tmp_path: Path, against: Context) -> None:
    # The code page has ư, ơ, ê, ô, đ, ă, â whole, and the five tones as marks that follow.
    text = (
        "Ngày kiểm tra;Phường;Đơn vị kiểm tra;Kết luận\r\n8/9/2022;Cát Bi;Công an thành phố;Đạt yêu cầu\r\n"
    )
    tones = {"à": "à", "ể": "ê\u0309", "ờ": "ơ\u0300", "ị": "i\u0323", "á": "a\u0301", "ế": "ê\u0301"}
    tones |= {"ậ": "â\u0323", "ố": "ô\u0301", "ạ": "a\u0323", "ầ": "â\u0300"}
    path = tmp_path / "cu.csv"
    path.write_bytes("".join(tones.get(character, character) for character in text).encode("cp1258"))
    row = read_rows(path, against).rows["inspection"].iloc[0]
    assert (row["ward_code"], row["verdict"]) == ("11422", "Đạt yêu cầu")


def test_english_headings_in_another_order_are_read(tmp_path: Path, against: Context) -> None:
    rows: list[list[Cell]] = [
        ["Inspecting body *", "Ward*", "Inspection date*"],
        ["A", "Cát Bi", date(2022, 9, 8)],
    ]
    assert read_rows(write_xlsx(tmp_path / "a.xlsx", {"x": rows}), against).row_counts == {"inspection": 1}


def test_a_ward_is_one_of_its_records_day(tmp_path: Path, against: Context) -> None:
    rows = inspections(
        [1, "Lê Chân", "", "8/9/2025", "A"],
        [2, "Hồng Bàng (11311)", "", "30/06/2026", "A"],
        [3, "11404", "", "8/9/2022", "A"],
    )
    found = read_rows(write_xlsx(tmp_path / "a.xlsx", rows), against).rows["inspection"]
    assert found[["vintage", "ward_code"]].to_numpy().tolist() == [
        ["2020-02-01", "11404"],
        ["2025-07-01", "11383"],
        ["2025-07-01", "11311"],
    ]
    early = inspections([1, "Hồng An", "", "8/9/2022", "A"])
    (fault,) = faults_of(write_xlsx(tmp_path / "b.xlsx", early), against)
    assert told(fault).startswith("is no ward of the units from 01/02/2020, but of those from 01/07/2025")


def test_a_name_that_several_wards_bear_is_told_apart_by_its_district(
    tmp_path: Path, against: Context
) -> None:
    units = against.by_vintage["2020-02-01"]
    name, twice = next((name, rows) for name, rows in units.groupby("ward_name") if len(rows) > 1)
    districts = twice["district_name"].tolist()
    (fault,) = faults_of(
        write_xlsx(tmp_path / "a.xlsx", inspections([1, str(name), "", "8/9/2022", "A"])), against
    )
    assert all(district in told(fault) for district in districts)
    rows = inspections(*([n, name, district, "8/9/2022", "A"] for n, district in enumerate(districts)))
    found = read_rows(write_xlsx(tmp_path / "b.xlsx", rows), against).rows["inspection"]
    assert set(found["ward_code"]) == set(twice["ward_code"])


@pytest.mark.parametrize("grade", ["Mật", "TỐI MẬT", "tuyet mat", "Tuyệt  mật", "MÂT", "Độ: Mật", "bí mật"])
def test_a_secret_grade_keeps_the_whole_file_out(tmp_path: Path, against: Context, grade: str) -> None:
    rows: list[list[Cell]] = [
        ["Ngày kiểm tra", "Phường", "Đơn vị kiểm tra", "Độ mật"],
        ["8/9/2022", "Cát Bi", "A", "Không"],
        ["9/9/2022", "Cát Bi", "A", grade],
    ]
    (fault,) = faults_of(write_xlsx(tmp_path / "a.xlsx", {"x": rows}), against)
    assert places([fault]) == [("x", 3, "D")]


def test_a_secret_grade_is_found_above_the_table_too(tmp_path: Path, against: Context) -> None:
    sheets = clerks_sheets()
    sheets["Chỉ số tháng 9"][0] = ["", "", "TỐI MẬT"]
    (fault,) = faults_of(write_xlsx(tmp_path / "a.xlsx", sheets), against)
    assert fault.problem.render("en") == "is a secret grade: nothing of the file enters"


@pytest.mark.parametrize("text", ["Mất", "Mặt bằng", "Mắt", "không mật", "Bảo mật", "Mật Sơn", "", "***"])
def test_words_that_only_look_like_a_grade_are_none(text: str) -> None:
    assert not is_secret(text)


@pytest.mark.parametrize(
    "heading",
    [
        "Số CCCD",
        "CMND",
        "Căn cước công dân",
        "SĐT",
        "Số điện thoại",
        "Ngày sinh",
        "Họ và tên",
        "Date of birth",
    ],
)
def test_a_column_of_personal_data_is_refused(tmp_path: Path, against: Context, heading: str) -> None:
    rows: list[list[Cell]] = [
        ["Ngày kiểm tra", "Phường", "Đơn vị kiểm tra", heading],
        ["8/9/2022", "Cát Bi", "A", ""],
    ]
    (fault,) = faults_of(write_xlsx(tmp_path / "a.xlsx", {"x": rows}), against)
    assert places([fault]) == [("x", 1, "D")]


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("ông A, 031085001234", True),
        ("031 085 001 234", True),
        ("số 031085001", True),
        ("gọi 0912345678", True),
        ("+84 912 345 678", True),
        ("0912.345.678", True),
        ("Quyết định 5764/QĐ-BCA-V05 ngày 13/07/2021", False),
        ("kinh phí 1.200.000.000 đồng", False),
        ("điện thoại trực ban 0225 3842 000", False),
        ("8/9/2022", False),
    ],
)
@pytest.mark.parametrize("heading", ["Kết luận", "Ghi chú"])
def test_numbers_of_persons_in_texts_are_refused(
    tmp_path: Path, against: Context, heading: str, text: str, is_refused: bool
) -> None:
    rows: list[list[Cell]] = [
        ["Ngày kiểm tra", "Phường", "Đơn vị kiểm tra", heading],
        ["8/9/2022", "Cát Bi", "A", text],
    ]
    path = write_xlsx(tmp_path / "a.xlsx", {"x": rows})
    if is_refused:
        assert places(faults_of(path, against)) == [("x", 2, "D")]
    else:
        assert read_rows(path, against).row_counts == {"inspection": 1}


def test_what_is_recorded_already_is_refused(tmp_path: Path, against: Context) -> None:
    rows = inspections(
        [1, "Cát Bi", "", "23/11/2023", "Bộ Công an (V05)", "thực địa"], [2, "Cát Bi", "", "23/11/2023", "A"]
    )
    (fault,) = faults_of(write_xlsx(tmp_path / "a.xlsx", rows), against)
    assert (fault.row, fault.problem.render("en")) == (2, "is recorded already")
    first = read_rows(write_xlsx(tmp_path / "b.xlsx", clerks_sheets()), against)
    after = against.with_rows(first.rows)
    assert len(faults_of(tmp_path / "b.xlsx", after)) == 7


def test_a_missing_a_misspelt_and_a_doubled_heading_are_told(tmp_path: Path, against: Context) -> None:
    rows: list[list[Cell]] = [
        ["Ngày kiểm trr", "Phường", "Số tiêu chí đạt", "Kết luận", "Kết luận"],
        ["8/9/2022", "Cát Bi", 1, "a", "b"],
    ]
    faults = faults_of(write_xlsx(tmp_path / "a.xlsx", {"Kiểm tra": rows}), against)
    assert [(fault.row, told(fault)) for fault in faults] == [
        (1, "the column Đơn vị kiểm tra is missing → a column with this heading"),
        (1, "is no heading that is known → perhaps “Ngày kiểm tra”"),
        (1, "the column occurs twice → once"),
    ]


def test_a_sheet_that_is_no_table_and_a_file_without_rows_are_told(tmp_path: Path, against: Context) -> None:
    sheets: dict[str, list[list[Cell]]] = {
        **clerks_sheets(),
        "Lịch trực": [["Thứ hai", "Thứ ba"], ["A", "B"]],
    }
    (fault,) = faults_of(write_xlsx(tmp_path / "a.xlsx", sheets), against)
    assert (fault.sheet, fault.problem.render("en")) == ("Lịch trực", "is no table that is known")
    (fault,) = faults_of(write_xlsx(tmp_path / "b.xlsx", inspections()), against)
    assert fault.problem.render("en") == "holds no rows"


RESULTS: list[Cell] = ["Ngày kiểm tra", "Phường", "Bộ tiêu chí", "Tiêu chí số", "Kết quả"]


def test_results_find_their_inspection_in_the_file_or_in_what_is_recorded(
    tmp_path: Path, against: Context
) -> None:
    sheets: dict[str, list[list[Cell]]] = {
        "Kết quả": [
            RESULTS,
            ["8/9/2022", "Dư Hàng Kênh", "v1", "Tiêu chí 6", "Chưa đạt"],
            ["8/9/2022", "Dư Hàng Kênh", "v1", 7, "đạt"],
            ["8/9/2022", "Dư Hàng Kênh", "v1", "08", "chua danh gia"],
        ],
        "Kiến nghị": [
            ["Ngày kiểm tra", "Phường", "Nội dung", "Nhóm", "Đơn vị giải quyết", "Hạn", "Tình trạng"],
            [
                "8/9/2022",
                "Dư Hàng Kênh",
                "Sửa trụ sở",
                "Cơ sở",
                "Công an quận",
                "31/12/2022",
                "đang giải quyết",
            ],
        ],
        **clerks_sheets(),
    }
    imported = read_rows(write_xlsx(tmp_path / "a.xlsx", sheets), against)
    results = imported.rows["criterion_result"]
    assert set(results["inspection_id"]) == {"2022-09-08-2020-02-01-11404-dinh-ky"}
    assert results[["criterion_code", "result"]].to_numpy().tolist() == [
        ["06", "not_met"],
        ["07", "met"],
        ["08", "not_assessed"],
    ]
    (recommendation,) = imported.rows["recommendation"].to_dict("records")
    assert recommendation["state"] == "in_progress"
    assert recommendation["due_date"] == pd.Timestamp("2022-12-31")
    alone = {name: rows for name, rows in sheets.items() if not name.startswith(("Sheet", "Chỉ"))}
    path = write_xlsx(tmp_path / "b.xlsx", alone)
    assert {fault.problem.render("en") for fault in faults_of(path, against)} == {
        "the ward had no inspection that day"
    }
    recorded = against.with_rows({"inspection": imported.rows["inspection"]})
    assert read_rows(path, recorded).row_counts == {"criterion_result": 3, "recommendation": 1}


def test_faults_of_results(tmp_path: Path, against: Context) -> None:
    sheets: dict[str, list[list[Cell]]] = {
        **clerks_sheets(),
        "Kết quả": [
            RESULTS,
            ["8/9/2022", "Dư Hàng Kênh", "v1", 23, "đạt"],
            ["8/9/2022", "Dư Hàng Kênh", "v2", 1, "đạt"],
            ["8/9/2022", "Dư Hàng Kênh", "v1", 2, "chưa đạtt"],
            ["8/9/2022", "Dư Hàng Kênh", "v1", 3, "đạt"],
            ["8/9/2022", "Dư Hàng Kênh", "v1", "03", "đạt"],
            ["1/3/2023", "Ngọc Xuyên", "v1", 1, "đạt"],
            ["2/3/2023", "Ngọc Xuyên", "v1", 1, "đạt"],
        ],
    }
    faults = faults_of(write_xlsx(tmp_path / "a.xlsx", sheets), against)
    assert [(fault.row, fault.column[0], fault.problem.render("en")) for fault in faults] == [
        (2, "D", "is no criterion of the set v1"),
        (3, "C", "is not the set of criteria of the inspection"),
        (4, "E", "is not in the list"),
        (6, "D", "repeats row 5"),
        (7, "C", "the inspection names no set of criteria"),
        (8, "A", "the ward had no inspection that day"),
    ]
    assert told(faults[2]).endswith("perhaps “chưa đạt”; one of: đạt, chưa đạt, chưa đánh giá")


def indicators(*rows: Sequence[Cell]) -> dict[str, list[list[Cell]]]:
    return {"x": [list(INDICATOR_HEADINGS), *map(list, rows)]}


@pytest.mark.parametrize(
    ("code", "value", "column"),
    [
        ("fires", -1, "E"),
        ("fires", "1,5", "E"),
        ("fires", "nhiều", "E"),
        ("satisfaction_pct", -0.5, "E"),
        ("satisfaction_pct", "100,1", "E"),
        ("fires", "", "E"),
        ("cháy", 1, "A"),
    ],
)
def test_values_outside_their_range_are_refused(
    tmp_path: Path, against: Context, code: str, value: Cell, column: str
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", indicators([code, "Cát Bi", "1/9/2022", "30/9/2022", value]))
    assert places(faults_of(path, against)) == [("x", 2, column)]


def test_a_share_may_come_with_its_parts_and_is_held_to_them(tmp_path: Path, against: Context) -> None:
    headings = [*INDICATOR_HEADINGS, "Tử số", "Mẫu số"]
    rows: list[list[Cell]] = [
        ["satisfaction_pct", "Cát Bi", "1/9/2022", "30/9/2022", 97.5, 39, 40],
        ["satisfaction_pct", "Hùng Vương", "1/9/2022", "30/9/2022", 98, 39, 40],
        ["satisfaction_pct", "Quán Toan", "1/9/2022", "30/9/2022", 50, "", ""],
    ]
    found = read_rows(write_xlsx(tmp_path / "a.xlsx", {"x": [headings, *rows]}), against).rows
    parts: Any = found["indicator_value"].set_index("ward_code")[["numerator", "denominator"]]
    assert parts.loc["11422"].tolist() == [39, 40]
    assert parts.loc["11296"].isna().all()
    rows[0][4], rows[1][5], rows[2][6] = 79.5, 41, 3
    rows.append(["fires", "Quán Toan", "1/9/2022", "30/9/2022", 5, 5, ""])
    faults = faults_of(write_xlsx(tmp_path / "b.xlsx", {"x": [headings, *rows]}), against)
    assert [(fault.row, fault.column[0], told(fault)) for fault in faults[:3]] == [
        (2, "E", "is not numerator by denominator → perhaps 97.5 %"),
        (3, "E", "is not numerator by denominator → perhaps 102.5 %"),
        (3, "F", "is more than the denominator → at most 40"),
    ]
    assert [(fault.row, fault.column[0]) for fault in faults[3:]] == [(4, "F"), (5, "F"), (5, "G")]


def test_the_year_before_the_programme_is_there_to_compare_with(tmp_path: Path, against: Context) -> None:
    early = indicators(["fires", "Cát Bi", "1/1/2020", "31/3/2020", 1])
    found = read_rows(write_xlsx(tmp_path / "a.xlsx", early), against).rows["indicator_value"]
    assert found["vintage"].tolist() == ["2020-02-01"]
    path = write_xlsx(tmp_path / "b.xlsx", indicators(["fires", "Cát Bi", "1/12/2019", "31/1/2020", 1]))
    assert places(faults_of(path, against)) == [("x", 2, "C"), ("x", 2, "D")]


def test_a_percentage_of_excel_is_what_it_shows(tmp_path: Path, against: Context) -> None:
    rows = indicators(
        ["satisfaction_pct", "Cát Bi", "1/9/2022", "30/9/2022", 0.975],
        ["satisfaction_pct", "Hùng Vương", "1/9/2022", "30/9/2022", "0,5 %"],
        ["satisfaction_pct", "Quán Toan", "1/9/2022", "30/9/2022", "97,5 %"],
    )
    path = write_xlsx(tmp_path / "a.xlsx", rows, {("x", 1, 4): "0.0%"})
    found = read_rows(path, against).rows["indicator_value"].set_index("ward_code")["value"]
    assert found.to_dict() == {"11422": 97.5, "11299": 0.5, "11296": 97.5}
    for plain in (write_xlsx(tmp_path / "b.xlsx", rows), write_ods(tmp_path / "c.ods", rows)):
        (fault,) = faults_of(plain, against)
        assert told(fault).startswith("may be 0.975 % or 97.5 %")


def test_an_error_of_a_formula_is_no_empty_cell(tmp_path: Path, against: Context) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("x")
        sheet.write_row(0, 0, ["Ngày kiểm tra", "Phường", "Đơn vị kiểm tra", "Kết luận", "Số tiêu chí đạt"])
        sheet.write_row(1, 0, ["8/9/2022", "Cát Bi", "A"])
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 4, "=20+1", None, 21)
    assert places(faults_of(path, against)) == [("x", 2, "D")]


def test_indicators_in_the_wide_form(tmp_path: Path, against: Context) -> None:
    rows: list[list[Cell]] = [
        ["Phường", "Từ ngày", "Đến ngày", "Vụ cháy, nổ (vụ)", "satisfaction_pct", "Ghi chú"],
        ["Cát Bi", "1/9/2022", "30/9/2022", 2, "97,5", ""],
        ["Hùng Vương", "1/9/2022", "30/9/2022", "", 80, "x"],
        ["Tổng", "", "", 2, "", ""],
    ]
    imported = read_rows(write_xlsx(tmp_path / "a.xlsx", {"x": rows}), against)
    found = imported.rows["indicator_value"].set_index(["ward_code", "indicator_code"])["value"]
    assert found.to_dict() == {
        ("11422", "fires"): 2,
        ("11422", "satisfaction_pct"): 97.5,
        ("11299", "satisfaction_pct"): 80,
    }
    assert "left out: the column Ghi chú is not read" in {left.told.render("en") for left in imported.notes}
    rows[1][3], rows[2][4] = -2, 180
    faults = faults_of(write_xlsx(tmp_path / "b.xlsx", {"x": rows}), against)
    assert places(faults) == [("x", 2, "D"), ("x", 3, "E")]


STATIONS: list[Cell] = ["Phường", "Tên trụ sở", "Vĩ độ", "Kinh độ", "Độ chính xác"]
PLANE: list[Cell] = ["Phường", "Tên trụ sở", "X", "Y"]


def test_stations_without_outlines_are_held_against_the_citys_bounds(
    tmp_path: Path, against: Context
) -> None:
    rows: list[list[Cell]] = [
        STATIONS,
        ["Hồng Bàng", "Trụ sở", "20.856", "106.682", "đo tại chỗ"],
        ["Lê Chân", "Trụ sở", "20,8456", "106,6789", ""],
    ]
    found = read_rows(write_xlsx(tmp_path / "a.xlsx", {"x": rows}), against).rows["station"]
    assert [(round(p.x, 4), round(p.y, 4)) for p in found.geometry] == [
        (106.682, 20.856),
        (106.6789, 20.8456),
    ]
    assert found["location_precision"].tolist() == ["surveyed", "address"]
    assert found.crs == "EPSG:4326"
    swapped: list[list[Cell]] = [STATIONS, ["Hồng Bàng", "Trụ sở", "106,682", "20,856", ""]]
    (fault,) = faults_of(write_xlsx(tmp_path / "b.xlsx", {"x": swapped}), against)
    assert fault.problem.render("en") == "lies outside the city"
    only_one: list[list[Cell]] = [STATIONS[:3], ["Hồng Bàng", "Trụ sở", "20,856"]]
    (fault,) = faults_of(write_xlsx(tmp_path / "c.xlsx", {"x": only_one}), against)
    assert "Kinh độ" in told(fault)


def test_stations_in_the_plane_are_placed_by_their_ward(
    tmp_path: Path, against: Context, small_gpkg: Path, small_city_context: Context
) -> None:
    inside = replace(small_city_context, outlines_from=lambda: read_layer(small_gpkg, "ward"))
    # In the middle of Đông: 1 km east and 0,5 km north of the corner of the small city, in EPSG:9210.
    rows: list[list[Cell]] = [
        PLANE,
        ["Đông", "Trụ sở", "2306500", 595000],
        ["Núi Đèo", "Trụ sở", 597500.0, "2.306.500,5"],
    ]
    found = read_rows(write_xlsx(tmp_path / "a.xlsx", {"x": rows}), inside).rows["station"]
    assert found["ward_code"].tolist() == ["00001", "00003"]
    utm = found.geometry.to_crs("EPSG:3405")
    same: list[list[Cell]] = [
        PLANE,
        *([name, "Trụ sở", p.y, p.x] for name, p in zip(("Đông", "Núi Đèo"), utm, strict=True)),
    ]
    again = read_rows(write_xlsx(tmp_path / "b.xlsx", {"x": same}), inside).rows["station"]
    assert again.geometry.geom_equals_exact(found.geometry, 1e-7).all()
    wrong: list[list[Cell]] = [PLANE, ["Đông", "Trụ sở", 2306500, 597500], ["Đông", "Kho", 2300000, 597500]]
    faults = faults_of(write_xlsx(tmp_path / "c.xlsx", {"x": wrong}), inside)
    assert [(fault.row, fault.problem.render("en")) for fault in faults] == [
        (2, "lies in Xã Núi Đèo"),
        (3, "lies in no ward"),
    ]


@pytest.fixture(scope="module")
def small_city_context(small_city: "object") -> Context:
    from etl.register.tables import read_register

    register = read_register(small_city.sources)  # type: ignore[attr-defined]
    return Context(
        register["unit"],
        register["criteria_set"],
        register["criterion"],
        register["indicator"],
        date(2025, 12, 31),
    )


def test_event_tasks_join_their_event_and_the_ward_of_their_site(tmp_path: Path, against: Context) -> None:
    headings: list[Cell] = ["Sự kiện", "Ngày", "Địa điểm", "Giai đoạn", "Lĩnh vực", "Đơn vị", "Tình trạng"]
    rows: list[list[Cell]] = [
        headings,
        ["Hội nghị", "1/12/2027", "Công an phường Hồng Bàng", "trước", "ANTT", "CATP", ""],
        ["HỘI NGHỊ", "1/12/2027", "Nhà hát", "Sau", "PCCC", "CATP", "dự kiến"],
    ]
    found = read_rows(write_xlsx(tmp_path / "a.xlsx", {"x": rows}), against).rows
    assert len(found["event"]) == 1
    assert set(found["event_task"]["event_id"]) == set(found["event"]["event_id"])
    tasks: Any = found["event_task"].set_index("phase")
    assert tasks.loc["before", ["ward_code", "state"]].tolist() == ["11311", "assigned"]
    assert pd.isna(tasks.loc["after", "ward_code"])
    after = against.with_rows(found)
    rows[1:] = [["Hội nghị", "1/12/2027", "Nhà hát", "trong", "PCCC", "CATP", ""]]
    again = read_rows(write_xlsx(tmp_path / "b.xlsx", {"x": rows}), after).rows
    assert "event" not in again
    assert set(again["event_task"]["event_id"]) == set(found["event"]["event_id"])


def test_a_plan_is_complete_only_where_its_author_says_so(tmp_path: Path, against: Context) -> None:
    headings: list[Cell] = ["Sự kiện", "Ngày", "Địa điểm", "Giai đoạn", "Lĩnh vực", "Đơn vị"]
    cells: list[Cell] = ["Hội nghị", "1/12/2027", "toàn sự kiện", "trước", "ANTT", "CATP"]
    silent: list[Cell] = ["Hội nghị", "1/12/2027", "Nhà hát", "trước", "ANTT", ""]
    found = read_rows(write_xlsx(tmp_path / "a.xlsx", {"x": [headings, cells, silent]}), against).rows
    assert found["event"]["is_plan_complete"].tolist() == [False]
    assert found["event_task"][["site", "state"]].to_numpy().tolist() == [
        ["Nhà hát", "not_stated"],
        [WHOLE_EVENT, "assigned"],
    ]
    marked = [[*headings, "Phương án đầy đủ"], [*cells, "có"], [*silent, ""]]
    whole = read_rows(write_xlsx(tmp_path / "b.xlsx", {"x": marked}), against).rows
    assert whole["event"]["is_plan_complete"].tolist() == [True]
    marked[2] = [*silent, "không"]
    faults = faults_of(write_xlsx(tmp_path / "c.xlsx", {"x": marked}), against)
    assert "the plan is complete" in faults[0].problem.render("en")
    marked[2] = [*silent, ""]
    faults = faults_of(write_xlsx(tmp_path / "d.xlsx", {"x": marked}), against.with_rows(found))
    problems = {fault.problem.render("en") for fault in faults}
    assert "the event is on record with a plan that is not marked as complete" in problems


def test_pilot_status_and_targets(tmp_path: Path, against: Context) -> None:
    sheets: dict[str, list[list[Cell]]] = {
        "Trạng thái": [
            ["Phường/xã", "Vai trò", "Giai đoạn", "Từ ngày", "Số quyết định", "Nguồn"],
            ["Hồng Bàng", "Thí điểm", "được công nhận", "1/8/2026", "01/QĐ-BCA", "Quyết định 01"],
        ],
        "Chỉ tiêu": [["Nội dung", "Giá trị", "Hạn"], ["Phường được công nhận", "50 %", "31/12/2028"]],
    }
    found = read_rows(write_xlsx(tmp_path / "a.xlsx", sheets), against).rows
    (status,) = found["pilot_status"].to_dict("records")
    assert (status["role"], status["stage"], status["source"]) == ("pilot", "recognised", "Quyết định 01")
    (target,) = found["target"].to_dict("records")
    assert (target["value"], target["unit"], target["due_date"]) == (50, "%", pd.Timestamp("2028-12-31"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b""),
        ("a.xlsx", b"PK\x03\x04 no zip"),
        ("a.ods", b"PK\x03\x04 no zip"),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.csv", b"\xef\xbb\xbf\xff"),
        ("a.csv", bytes(range(256))),
        ("a.xls", b"x"),
        ("a.txt", b"x"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_one_fault(
    tmp_path: Path, against: Context, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert len(faults_of(path, against)) == 1


def test_a_cell_in_the_last_corner_does_not_end_the_program(tmp_path: Path, against: Context) -> None:
    sheets = clerks_sheets()
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("x")
        for number, row in enumerate(sheets["Sheet1"]):
            sheet.write_row(number, 0, ["" if cell is None else str(cell) for cell in row])
        sheet.write(1_048_575, 16_383, "x")
    (fault,) = faults_of(path, against)
    assert fault.render("en").startswith("a.xlsx, sheet x, XFD1048576 “x”: stands far off the table")


def test_a_cell_merged_over_rows_holds_for_each_of_them_and_a_chart_is_no_table(
    tmp_path: Path, against: Context
) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("x")
        for column, heading in enumerate(["Ngày kiểm tra", "Phường", "Đơn vị kiểm tra", "Số tiêu chí đạt"]):
            sheet.merge_range(0, column, 1, column, heading)
        sheet.merge_range(2, 0, 4, 0, "8/9/2022")
        sheet.write_column(2, 1, ["Cát Bi", "Hùng Vương", "Quán Toan"])
        sheet.merge_range(2, 2, 4, 2, "Công an thành phố")
        sheet.merge_range(2, 3, 4, 3, 60)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=x!$D$3:$D$5"})
        book.add_chartsheet("Biểu đồ").set_chart(chart)
    found = read_rows(path, against).rows["inspection"].set_index("ward_code")
    assert found["inspection_date"].dt.day.tolist() == [8, 8, 8]
    assert found["criteria_met"].dropna().to_dict() == {"11422": 60}


def test_a_column_that_is_not_read_may_hold_what_it_likes_but_no_persons(
    tmp_path: Path, against: Context
) -> None:
    rows: list[list[Cell]] = [
        ["Ngày kiểm tra", "Phường", "Đơn vị kiểm tra", "Màu"],
        ["8/9/2022", "Cát Bi", "A", "#N/A"],
    ]
    imported = read_rows(write_xlsx(tmp_path / "a.xlsx", {"x": rows}), against)
    assert [left.column for left in imported.notes] == ["D (Màu)"]


def test_a_wrong_district_in_the_cell_of_the_ward_is_told_there(tmp_path: Path, against: Context) -> None:
    rows = inspections([1, "Cát Bi (quận Lê Chân)", "", "8/9/2022", "A"])
    assert places(faults_of(write_xlsx(tmp_path / "a.xlsx", rows), against)) == [("Kiểm tra", 2, "B")]
