"""Reports of faults: rows as Excel shows them, no formulas, and marks at the faulty cells."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from etl.spreadsheets.fault_report import csv_report, marked_copy, write_report
from etl.spreadsheets.importing import read_rows
from etl.spreadsheets.reading import Context
from geodata.contract.errors import Fault, GeodataError, SourceError
from geodata.language import message
from tests.sheet_files import clerks_sheets, real_context, write_csv_file, write_ods, write_xlsx


@pytest.fixture(scope="module")
def against() -> Context:
    return real_context()


def faulty_sheets() -> dict[str, list[list[object]]]:
    sheets = clerks_sheets()
    sheets["Sheet1"][5][1] = "=Cát Bii"
    sheets["Sheet1"][5][7] = 30
    return sheets  # type: ignore[return-value]


def faults_of(path: Path, against: Context) -> tuple[Fault, ...]:
    with pytest.raises(GeodataError) as caught:
        read_rows(path, against)
    return caught.value.faults


def test_the_csv_report_counts_as_excel_and_holds_no_formula(tmp_path: Path, against: Context) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", faulty_sheets())  # type: ignore[arg-type]
    content = csv_report(faults_of(path, against), "vi")
    assert content.startswith(b"\xef\xbb\xbf")
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert heading == ["sheet", "row", "column", "value", "problem", "suggestion"]
    assert [row[:4] for row in rows] == [
        ["Sheet1", "6", "B (Công an phường)", "'=Cát Bii"],
        ["Sheet1", "6", "H (Số tiêu chí đạt)", "30"],
    ]
    assert rows[1][4:] == ["số tiêu chí đạt nhiều hơn số đã đánh giá", "không quá 22"]


def marked(content: bytes, sheet: str) -> dict[str, str]:
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows() for cell in row]
    coloured = {cell.coordinate for cell in cells if cell.fill.fgColor.rgb == "FFFFC7CE"}
    comments = {cell.coordinate: cell.comment.text for cell in cells if cell.comment}
    assert coloured == set(comments)
    return comments


def test_a_marked_copy_keeps_the_workbook_and_marks_the_cells(tmp_path: Path, against: Context) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", faulty_sheets())  # type: ignore[arg-type]
    content = marked_copy(path, faults_of(path, against), "en")
    comments = marked(content, "Sheet1")
    assert set(comments) == {"B6", "H6"}
    assert comments["H6"] == "more criteria met than assessed → at most 22"
    copy = openpyxl.load_workbook(io.BytesIO(content))
    assert copy.sheetnames == ["Sheet1", "Chỉ số tháng 9", "Sheet3", "Lỗi"]
    assert copy["Sheet1"]["A1"].value == "CÔNG AN THÀNH PHỐ HẢI PHÒNG"
    assert str(next(iter(copy["Sheet1"].merged_cells.ranges))) == "A1:J1"
    # Once mended the copy itself can be imported, its list of faults is read over.
    copy["Sheet1"]["B6"].value = "Cát Bi"
    copy["Sheet1"]["H6"].value = 21
    copy.save(tmp_path / "mended.xlsx")
    assert read_rows(tmp_path / "mended.xlsx", against).row_counts["inspection"] == 4


@pytest.mark.parametrize("suffix", [".ods", ".csv"])
def test_of_other_files_a_workbook_with_the_same_cells_is_marked(
    tmp_path: Path, against: Context, suffix: str
) -> None:
    rows = [
        [f"{c:%d/%m/%Y}" if hasattr(c, "strftime") else c for c in row] for row in faulty_sheets()["Sheet1"]
    ]
    path = tmp_path / f"a{suffix}"
    if suffix == ".ods":
        write_ods(path, {"Sheet1": rows})  # type: ignore[dict-item]
    else:
        write_csv_file(path, rows)  # type: ignore[arg-type]
    content = marked_copy(path, faults_of(path, against), "en")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert set(marked(content, sheet.title)) == {"B6", "H6"}
    assert (sheet["B6"].value, sheet["B6"].data_type) == ("=Cát Bii", "s")
    assert sheet["J6"].data_type == "s"


def test_of_a_file_that_cannot_be_read_the_list_is_left(tmp_path: Path, against: Context) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"no workbook")
    copy = openpyxl.load_workbook(io.BytesIO(marked_copy(path, faults_of(path, against), "en")))
    assert copy["Lỗi"]["E2"].value == "is no readable workbook"


def test_a_report_of_several_files_names_each(tmp_path: Path) -> None:
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        file.write_text("x", encoding="utf-8")
    faults = {
        file: [Fault(file.name, "v", message("is empty"), message("a value"), row=2, sheet="S")]
        for file in files
    }
    assert write_report(tmp_path / "r.csv", faults, "en") == [tmp_path / "r.csv"]
    text = (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    assert "a.csv › S;2" in text
    assert "b.csv › S;2" in text
    written = write_report(tmp_path / "r.xlsx", faults, "en")
    assert [path.name for path in written] == ["r-a.xlsx", "r-b.xlsx"]


def test_a_report_does_not_overwrite_its_file_nor_take_another_form(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x", encoding="utf-8")
    faults = {file: [Fault("a.csv", "", message("is empty"), message("a value"))]}
    for report in (file, tmp_path / "r.pdf", tmp_path / "nowhere" / "r.csv"):
        with pytest.raises(SourceError):
            write_report(report, faults, "en")
    assert file.read_text(encoding="utf-8") == "x"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
