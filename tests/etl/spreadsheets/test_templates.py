"""The templates import as they are filled in; unfilled they say that they hold nothing."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from etl.spreadsheets.cells import Cell, Unread
from etl.spreadsheets.headings import column_headings, indicator_headings
from etl.spreadsheets.importing import read_rows
from etl.spreadsheets.reading import Context
from etl.spreadsheets.sheet_kinds import INSTRUCTIONS_SHEET, KINDS, LISTS_SHEET
from etl.spreadsheets.templates import EXAMPLE_ROW, HEADING_ROW, write_templates
from geodata.contract.errors import GeodataError, SourceError
from geodata.wards.names import bare
from tests.sheet_files import real_context

HEADINGS = {
    "kiem-tra": "Ngày kiểm tra*, Phường/xã*, Quận/huyện, Đơn vị kiểm tra*, Hình thức, Bộ tiêu chí, "
    "Số tiêu chí đạt, Số tiêu chí đã đánh giá, Kết luận, Độ mật, Nguồn",
    "ket-qua-tieu-chi": "Ngày kiểm tra*, Phường/xã*, Quận/huyện, Bộ tiêu chí*, Tiêu chí số*, Kết quả*",
    "chi-so": "Từ ngày*, Đến ngày*, Phường/xã*, Quận/huyện, Chỉ số*, Giá trị*, Nguồn",
    "kien-nghi": "Ngày kiểm tra*, Phường/xã*, Nội dung*, Nhóm, Đơn vị giải quyết, Hạn, Tình trạng",
    "tru-so": "Phường/xã*, Quận/huyện, Tên trụ sở*, Vĩ độ*, Kinh độ*, Độ chính xác, Nguồn",
    "su-kien": "Sự kiện*, Ngày*, Địa điểm*, Giai đoạn*, Lĩnh vực*, Đơn vị, Tình trạng, Phương án đầy đủ",
    "trang-thai-thi-diem": "Phường/xã*, Quận/huyện, Vai trò*, Giai đoạn*, Từ ngày*, Số quyết định, Nguồn",
    "chi-tieu": "Nội dung*, Giá trị*, Hạn*, Nguồn",
}
"""The headings that were agreed with those who fill the templates in."""

WARD = "Phường Hồng Bàng (11311)"
DAY = datetime(2026, 9, 8)
FILLED: dict[str, Sequence[Cell]] = {
    "kiem-tra": [
        DAY,
        WARD,
        "",
        "CATP",
        "định kỳ",
        "Bộ tiêu chí thứ hai (2024)",
        18,
        20,
        "Đạt",
        "không",
        "BC 1",
    ],
    "chi-so": [datetime(2026, 8, 1), datetime(2026, 8, 31), WARD, "", "Vụ cháy, nổ", 3, ""],
    "chi-so-bang-ngang": [datetime(2026, 7, 1), datetime(2026, 7, 31), WARD, "", 18, 2, 97.5],
    "tru-so": [WARD, "", "Trụ sở", 20.856, 106.682, "đo tại chỗ", ""],
    "su-kien": ["Hội nghị", DAY, "Công an phường Hồng Bàng", "trước", "ANTT", "CATP", "đã phân công", "có"],
    "trang-thai-thi-diem": [WARD, "", "thí điểm", "được công nhận", DAY, "01/QĐ-BCA", ""],
    "chi-tieu": ["Phường được công nhận", "50 %", datetime(2028, 12, 31), ""],
    "ket-qua-tieu-chi": [DAY, WARD, "", "Bộ tiêu chí thứ hai (2024)", "6", "chưa đạt"],
    "kien-nghi": [DAY, WARD, "Sửa trụ sở", "", "", datetime(2026, 12, 31), "chưa thực hiện"],
}
"""A row for each template; the inspection comes first, for results and recommendations name it."""


@pytest.fixture(scope="module")
def against() -> Context:
    return real_context()


@pytest.fixture(scope="module")
def templates(against: Context, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    paths = write_templates(tmp_path_factory.mktemp("templates") / "new", against)
    return {path.stem: path for path in paths}


def test_the_headings_are_those_that_were_agreed(templates: dict[str, Path]) -> None:
    for name, agreed in HEADINGS.items():
        sheet = openpyxl.load_workbook(templates[name]).worksheets[0]
        headings = [cell.value for cell in sheet[HEADING_ROW + 1][1:]]
        assert headings == agreed.split(", ")
        assert all(cell.value for cell in sheet[HEADING_ROW + 2][1:])


def test_filled_in_they_import_whole(templates: dict[str, Path], against: Context, tmp_path: Path) -> None:
    rows = {}
    for name, values in FILLED.items():
        book = openpyxl.load_workbook(templates[name])
        for column, value in enumerate(values, start=2):
            assert not isinstance(value, Unread)
            book.worksheets[0].cell(EXAMPLE_ROW + 2, column).value = value or None
        book.save(tmp_path / f"{name}.xlsx")
        imported = read_rows(tmp_path / f"{name}.xlsx", against)
        assert [left.told.render("en") for left in imported.notes] == ["left out: an example"]
        rows[name] = imported.row_counts
        against = against.with_rows(imported.rows)
    assert rows == {
        "kiem-tra": {"inspection": 1},
        "chi-so": {"indicator_value": 1},
        "chi-so-bang-ngang": {"indicator_value": 3},
        "tru-so": {"station": 1},
        "su-kien": {"event": 1, "event_task": 1},
        "trang-thai-thi-diem": {"pilot_status": 1},
        "chi-tieu": {"target": 1},
        "ket-qua-tieu-chi": {"criterion_result": 1},
        "kien-nghi": {"recommendation": 1},
    }


def test_unfilled_they_say_that_they_hold_no_rows(templates: dict[str, Path], against: Context) -> None:
    for path in templates.values():
        with pytest.raises(GeodataError) as caught:
            read_rows(path, against)
        assert [fault.problem.render("en") for fault in caught.value.faults] == ["holds no rows"]


def test_lists_offer_the_wards_in_force_and_what_else_may_stand(templates: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(templates["kiem-tra"])
    assert book.sheetnames == ["Kiểm tra", INSTRUCTIONS_SHEET, LISTS_SHEET]
    lists = {
        column[0].value: [cell.value for cell in column if cell.value] for column in book[LISTS_SHEET].columns
    }
    wards = next(values for values in lists.values() if WARD in values)
    assert len(wards) == 114
    assert ["định kỳ", "đột xuất", "phúc tra", "thực địa"] in lists.values()
    ranges = {str(rule.sqref): rule for rule in book.worksheets[0].data_validations.dataValidation}
    assert {rule.type for rule in ranges.values()} == {"list", "date", "whole"}
    assert book.worksheets[0].freeze_panes == "B5"


def test_a_template_that_is_there_is_not_overwritten(templates: dict[str, Path], against: Context) -> None:
    folder = templates["kiem-tra"].parent
    (folder / "chi-so.xlsx").rename(folder / "kept.xlsx")
    try:
        with pytest.raises(SourceError) as caught:
            write_templates(folder, against)
        assert len(caught.value.faults) == len(KINDS) - 1
        assert not (folder / "chi-so.xlsx").exists()
    finally:
        (folder / "kept.xlsx").rename(folder / "chi-so.xlsx")


def test_no_heading_and_no_word_means_two_things(against: Context) -> None:
    for kind in KINDS.values():
        headings = [
            (bare(name), column.key)
            for column in kind.columns
            for name in (column.heading, column.english, *column.aliases)
        ]
        assert set(headings) == set(column_headings(kind).items()) - {
            pair for pair in column_headings(kind).items() if pair[1] == "number"
        }
        for column in kind.columns:
            words = [(bare(word), value) for value, spellings in column.words.items() for word in spellings]
            assert len(dict(words)) == len(set(words))
    assert not set(indicator_headings(against.indicators)) & set(column_headings(KINDS["indicator_wide"]))
