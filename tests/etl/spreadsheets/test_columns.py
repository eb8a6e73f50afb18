"""Columns are judged as a whole, headings and conventions of others are known, what a sheet hides is told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from etl.spreadsheets.cell_rules import bears_secret
from etl.spreadsheets.cells import Cell, Unread, read_date
from etl.spreadsheets.fault_report import SHOWN, lines
from etl.spreadsheets.importing import ImportedFile, read_rows, rows_of_book
from etl.spreadsheets.persons import is_money_heading, person_trace
from etl.spreadsheets.reading import Context
from etl.spreadsheets.workbooks import Grid, Workbook
from geodata.contract.errors import Fault, GeodataError
from geodata.language import message
from tests.sheet_files import INDICATOR_HEADINGS, real_context, write_csv_file, write_ods, write_xlsx

INSPECTIONS: list[Cell] = ["Ngày kiểm tra", "Phường/xã", "Đơn vị kiểm tra", "Kết luận"]
Rows = Sequence[Sequence[Cell]]


@pytest.fixture(scope="module")
def against() -> Context:
    return real_context()


@pytest.fixture(params=["xlsx", "ods", "csv"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Rows], Path]:
    """Return what writes rows as a file of each kind; a csv holds dates as a program writes them."""

    def write(rows: Rows) -> Path:
        path = tmp_path / f"a.{request.param}"
        if request.param == "csv":
            return write_csv_file(
                path, [[str(cell) if isinstance(cell, date) else cell for cell in row] for row in rows], ";"
            )
        return write_xlsx(path, {"x": rows}) if request.param == "xlsx" else write_ods(path, {"x": rows})

    return write


def read(rows: Rows, against: Context, **facts: object) -> ImportedFile:
    """Return what a sheet holds of which some facts are given, as the readers of files give them."""
    grid = Grid("x", rows, **facts)  # type: ignore[arg-type]
    book = Workbook(Path("a.xlsx"), "", (grid,))
    return rows_of_book(book, against.recogniser.tables(book), against)


def faults_of(rows: Rows, against: Context, **facts: object) -> list[tuple[str, str]]:
    """Return the cell of each fault, as in ``B7``, and the fault in English."""
    with pytest.raises(GeodataError) as caught:
        read(rows, against, **facts)
    return [told(fault) for fault in caught.value.faults]


def told(fault: Fault) -> tuple[str, str]:
    return (
        f"{fault.column.split(' ')[0]}{fault.row}",
        f"{fault.problem.render('en')} → {fault.expected.render('en')}",
    )


def notes_of(imported: ImportedFile) -> list[str]:
    return [note.render("en") for note in imported.notes]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (datetime(2023, 11, 22, 23, 59, 17), 23),
        (datetime(2023, 11, 22, 23, 59), 22),
        (datetime(2023, 11, 22, 0, 0, 43), 22),
        (45252.99951, 23),
        (45252.9, 22),
        ("22/11/2023 23:59:17", 23),
        ("2023-11-22 11:59:30 PM", 23),
        ("2023-11-22T17:00:00.000Z", 23),
        ("2023-11-22T16:59:00Z", 22),
        ("2023-11-22T16:59:17Z", 23),
        ("2023-11-23T00:00:00+07:00", 23),
        ("2023-11-22T12:00:00-0500", 23),
        ("22/11/2023 18:30 UTC", 23),
        ("2023-11-22T17:00:00", 22),
    ],
)
def test_a_moment_is_of_its_day_in_hai_phong(cell: Cell, day: int) -> None:
    assert read_date(cell) == date(2023, 11, day)


def test_days_of_a_workbook_that_counts_from_1904() -> None:
    assert read_date(43790, date(1904, 1, 1)) == date(2023, 11, 22)
    assert read_date("43790", date(1904, 1, 1)) == date(2023, 11, 22)


def test_other_days_than_are_written_are_told_once_a_column(against: Context) -> None:
    rows: Rows = [
        INSPECTIONS,
        ["2022-09-07T17:00:00Z", "Cát Bi", "A"],
        ["2022-09-08T18:00:00Z", "Cát Bi", "A"],
        ["2022-09-11T00:00:00+07:00", "Cát Bi", "A"],
    ]
    imported = read(rows, against)
    assert imported.rows["inspection"]["inspection_date"].dt.day.tolist() == [8, 9, 11]
    assert notes_of(imported) == [
        "a.xlsx, sheet x, A2 (Ngày kiểm tra) “2022-09-07T17:00:00Z”: an instant, taken for 08/09/2022, "
        "its day in Hải Phòng; cells like it in the column: 2"
    ]


def test_the_last_second_of_a_period_is_of_its_last_day(against: Context) -> None:
    rows: Rows = [
        INDICATOR_HEADINGS,
        ["fires", "Cát Bi", datetime(2022, 8, 31, 23, 59, 30), datetime(2022, 9, 30, 23, 59, 59), 3],
    ]
    (row,) = read(rows, against).rows["indicator_value"].to_dict("records")
    assert (row["period_start"], row["period_end"]) == (
        pd.Timestamp("2022-09-01"),
        pd.Timestamp("2022-09-30"),
    )


def test_days_turned_round_by_a_locale_are_refused(written: Callable[[Rows], Path], against: Context) -> None:
    rows: list[list[Cell]] = [
        INSPECTIONS,
        [date(2022, 9, 8), "Cát Bi", "A"],
        [date(2022, 10, 5), "Cát Bi", "A"],
        [date(2022, 10, 10), "Cát Bi", "A"],
        ["23/11/2022", "Cát Bi", "A"],
    ]
    with pytest.raises(GeodataError) as caught:
        read_rows(written(rows), against)
    assert [told(fault) for fault in caught.value.faults] == [
        (
            f"A{row}",
            "day and month may be exchanged: this column has days up to 12 as dates, later ones as text → "
            f"perhaps {day}; all days as dates, or all as text",
        )
        for row, day in ((2, "09/08/2022"), (3, "10/05/2022"))
    ]
    rows[4][0] = "12/11/2022"
    assert read_rows(written(rows), against).row_counts == {"inspection": 4}


def test_days_at_seventeen_hours_throughout_are_midnights_of_utc(against: Context) -> None:
    rows: Rows = [
        INSPECTIONS,
        [datetime(2022, 9, 7, 17), "Cát Bi", "A"],
        [datetime(2022, 9, 8, 17), "Cát Bi", "A"],
    ]
    assert [(cell, text[-27:]) for cell, text in faults_of(rows, against)] == [
        ("A2", "day alone; perhaps 08/09/2022"[-27:]),
        ("A3", "day alone; perhaps 09/09/2022"[-27:]),
    ]


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ([0.975, 0.9, 1], ["E2", "E3", "E4"]),
        (["0,975", "97,5"], ["E2"]),
        (["0,5 %", "97,5%", "1"], []),
        ([1, 0, 97.5], []),
    ],
)
def test_hundredths_in_a_column_of_per_cent_are_refused(
    written: Callable[[Rows], Path], against: Context, values: list[Cell], refused: list[str]
) -> None:
    wards = ("Cát Bi", "Hùng Vương", "Quán Toan")
    rows = [
        INDICATOR_HEADINGS,
        *(
            ["satisfaction_pct", ward, "1/9/2022", "30/9/2022", value]
            for ward, value in zip(wards, values, strict=False)
        ),
    ]
    path = written(rows)
    if not refused:
        assert read_rows(path, against).row_counts == {"indicator_value": len(values)}
        return
    with pytest.raises(GeodataError) as caught:
        read_rows(path, against)
    assert [told(fault)[0] for fault in caught.value.faults] == refused


def test_cells_shown_as_percentages_are_what_they_show(against: Context) -> None:
    rows: Rows = [INDICATOR_HEADINGS, ["satisfaction_pct", "Cát Bi", "1/9/2022", "30/9/2022", 0.975]]
    shown = read(rows, against, percent_cells=frozenset({(2, 5)})).rows["indicator_value"]
    assert shown["value"].tolist() == [97.5]
    target: Rows = [["Nội dung", "Giá trị", "Hạn"], ["Phường được công nhận", 0.5, "31/12/2028"]]
    (row,) = read(target, against, percent_cells=frozenset({(2, 2)})).rows["target"].to_dict("records")
    assert (row["value"], row["unit"]) == (50, "%")


def test_a_share_with_its_parts_may_be_below_one_per_cent(against: Context) -> None:
    rows: Rows = [
        [*INDICATOR_HEADINGS, "Tử số", "Mẫu số"],
        ["satisfaction_pct", "Cát Bi", "1/9/2022", "30/9/2022", 0.5, 1, 200],
    ]
    assert read(rows, against).rows["indicator_value"]["value"].tolist() == [0.5]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (Unread("error", "#REF!"), "is an error of a formula"),
        (Unread("no_result", "=A1+1"), "is a formula without a result"),
        (Unread("not_reckoned", "=A1+1"), "is a formula that no program has reckoned"),
        ("#DIV/0!", "is an error of a formula"),
        ("Err:502", "is an error of a formula"),
    ],
)
def test_a_cell_without_its_value_is_never_empty(against: Context, cell: Cell, problem: str) -> None:
    count: Rows = [[*INSPECTIONS, "Số tiêu chí đạt"], ["8/9/2022", "Cát Bi", "A", cell, cell]]
    assert [(at, text.split(" → ")[0]) for at, text in faults_of(count, against)] == [
        ("D2", problem),
        ("E2", problem),
    ]
    value: Rows = [INDICATOR_HEADINGS, ["fires", "Cát Bi", cell, "30/9/2022", cell]]
    assert [at for at, _ in faults_of(value, against)] == ["C2", "E2"]


def test_hidden_rows_are_asked_about(against: Context) -> None:
    rows: Rows = [
        INSPECTIONS,
        ["8/9/2022", "Cát Bi", "A"],
        ["9/9/2022", "Cát Bi", "nháp"],
        ["10/9/2022", "Cát Bi", "nháp"],
        ["Tổng", "", 3],
    ]
    hidden = frozenset({3, 4, 5, 9})
    assert faults_of(rows, against, hidden_rows=hidden) == [
        (
            "3",
            "2 rows with data are hidden: 3–4 → "
            "“--hidden include” to read them, or “--hidden skip” to leave them out",
        )
    ]
    (asked,) = faults_of(rows, against, hidden_rows=hidden, has_filter=True)
    assert "by a filter or by hand" in asked[1]
    kept = read(rows, replace(against, hidden="include"), hidden_rows=hidden)
    assert kept.row_counts == {"inspection": 3}
    assert "a.xlsx, sheet x: hidden, and read: rows 3–4" in notes_of(kept)
    left = read(rows, replace(against, hidden="skip"), hidden_rows=hidden)
    assert left.row_counts == {"inspection": 1}
    assert "a.xlsx, sheet x, row 4 “10/9/2022 | Cát Bi | nháp”: left out: a hidden row" in notes_of(left)


def test_a_hidden_sheet_a_hidden_column_and_a_struck_row_are_told(against: Context) -> None:
    good = Grid("x", [INSPECTIONS, ["8/9/2022", "Cát Bi", "A"]], hidden_columns=frozenset({3}))
    copy = Grid("cũ", [INSPECTIONS, ["8/9/2021", "Cát Bi", "A"]], is_hidden=True)
    words = Grid("DM", [["Cát Bi"], ["Hùng Vương"]], is_hidden=True)
    struck = Grid("y", [INSPECTIONS, ["9/9/2022", "Cát Bi", "A"]], struck_rows=frozenset({2}))

    def of(*grids: Grid, context: Context = against) -> ImportedFile:
        book = Workbook(Path("a.xlsx"), "", grids)
        return rows_of_book(book, context.recogniser.tables(book), context)

    with pytest.raises(GeodataError) as caught:
        of(good, copy, words)
    assert [fault.render("en")[:71] for fault in caught.value.faults] == [
        "a.xlsx, sheet cũ, row 2: the sheet is hidden and holds data in 1 rows: 2"[:71]
    ]
    assert any("a hidden sheet without a known table" in note.render("en") for note in caught.value.notes)
    assert notes_of(of(good, words, struck)) == [
        "a.xlsx, sheet x, C1 (Đơn vị kiểm tra): a hidden column, and read",
        "a.xlsx, sheet DM “Cát Bi”: left out: a hidden sheet without a known table",
        "a.xlsx, sheet y: struck through, and read: rows 2",
    ]
    assert of(good, copy, context=replace(against, hidden="skip")).row_counts == {"inspection": 1}


def test_a_strange_sheet_is_left_out_where_asked_for(against: Context) -> None:
    strange = Grid("Lịch trực", [["Thứ hai", "Thứ ba"], ["A", "B"]])
    book = Workbook(Path("a.xlsx"), "", (Grid("x", [INSPECTIONS, ["8/9/2022", "Cát Bi", "A"]]), strange))
    with pytest.raises(GeodataError, match="“--skip” to leave the sheet out"):
        rows_of_book(book, against.recogniser.tables(book), against)
    skipping = replace(against, is_skipping=True)
    imported = rows_of_book(book, skipping.recogniser.tables(book), skipping)
    assert notes_of(imported) == [
        "a.xlsx, sheet Lịch trực “Thứ hai | Thứ ba”: left out: is no table that is known"
    ]


WIDE: list[Cell] = ["Từ ngày", "Đến ngày", "Phường/xã", "Vụ phạm pháp hình sự"]


@pytest.mark.parametrize("ward", ["Quận Lê Chân", "Q. Lê Chân", "Công an quận Lê Chân", "Huyện Cát Hải"])
def test_a_former_district_is_no_ward_of_a_later_day(against: Context, ward: str) -> None:
    rows: Rows = [WIDE, ["1/1/2026", "31/3/2026", ward, 40], ["1/1/2026", "31/3/2026", "Phường An Biên", 18]]
    ((at, text),) = faults_of(rows, against)
    assert at == "C2"
    assert text.startswith("is a quận or huyện, which the units from 01/07/2025 have none of → ")
    ((_, early),) = faults_of([WIDE, ["1/1/2022", "31/3/2022", ward, 40]], against)
    assert early == "is a district, no ward → a row for each of its wards"


def test_a_district_beside_a_ward_of_a_day_without_districts_is_refused(against: Context) -> None:
    headings = [*INSPECTIONS, "Quận/huyện"]
    rows: Rows = [headings, ["4/5/2026", "An Biên", "A", "đạt", "Quận Lê Chân"]]
    assert faults_of(rows, against) == [
        (
            "E2",
            "the units from 01/07/2025 have no quận or huyện → "
            "no district, and the ward by its name of that day",
        )
    ]
    city: Rows = [headings, ["4/5/2026", "An Biên", "A", "đạt", "TP Hải Phòng"]]
    assert read(city, against).row_counts == {"inspection": 1}


@pytest.mark.parametrize(
    ("ward", "day", "code"),
    [
        ("Quan Toan", "8/9/2022", "11296"),
        ("Huyện đảo Bạch Long Vĩ", "8/9/2022", "318"),
        ("Đảo Bạch Long Vĩ", "8/9/2025", "11948"),
        ("Đặc khu Cát Hải", "8/9/2025", None),
    ],
)
def test_a_kind_that_is_the_units_own_is_taken(
    against: Context, ward: str, day: str, code: str | None
) -> None:
    found = read([INSPECTIONS, [day, ward, "A"]], against).rows["inspection"]["ward_code"]
    assert found.tolist() == [code] or code is None


def test_a_kind_of_another_day_is_refused_and_one_of_none_is_told(against: Context) -> None:
    lists = against.by_vintage
    old, new = lists["2020-02-01"], lists["2025-07-01"]
    towns = old[old["ward_kind"].eq("thị trấn") & old["ward_name"].isin(new["ward_name"])]
    town = str(towns["ward_name"].iloc[0])
    ((_, text),) = faults_of([INSPECTIONS, ["4/5/2026", f"Thị trấn {town}", "A"]], against)
    assert text.startswith("is no ward of the units from 01/07/2025, but of those from 01/02/2020")
    imported = read([INSPECTIONS, ["4/5/2026", "Xã Hồng Bàng", "A"]], against)
    assert notes_of(imported)[0].endswith("“Xã Hồng Bàng”: taken for Phường Hồng Bàng")


def test_a_code_that_was_reused_is_taken_and_told(against: Context) -> None:
    rows: Rows = [
        INSPECTIONS,
        ["4/5/2026", 11359, "A"],
        ["5/5/2026", 11359, "A"],
        ["23/11/2022", "11359", "A"],
        ["6/5/2026", "Gia Viên (11359)", "A"],
        ["7/5/2026", "11359 - Gia Viên", "A"],
    ]
    imported = read(rows, against)
    assert imported.row_counts == {"inspection": 5}
    assert notes_of(imported) == [
        "a.xlsx, sheet x, B2 (Phường/xã) “11359”: "
        "The code 11359 is that of Phường Gia Viên here; with the wards of 01/01/2025 it is Đằng Giang.",
        "a.xlsx, sheet x, B4 (Phường/xã) “11359”: "
        "The code 11359 is that of Phường Đằng Giang here; with the wards of 01/07/2025 it is Gia Viên.",
    ]


def test_a_ward_of_another_day_is_told_with_what_it_is_on_this_one(against: Context) -> None:
    ((_, later),) = faults_of([INSPECTIONS, ["4/5/2026", "Ngọc Xuyên", "A"]], against)
    assert later.endswith("; it became Phường Đồ Sơn (11455), Phường Nam Đồ Sơn (11737)")
    ((_, earlier),) = faults_of([WIDE, ["1/1/2025", "30/6/2025", "Phường Lê Chân", 30]], against)
    assert "→ the figures by the wards of that day; the pages reckon them for later wards" in earlier
    assert "here Phường Cầu Đất (Quận Ngô Quyền)" in earlier


def test_a_sum_of_both_sides_of_a_redrawing_is_told_how_to_be_delivered(against: Context) -> None:
    year: Rows = [WIDE, ["1/1/2025", "31/12/2025", "Phường Lê Chân", 70]]
    ((at, text),) = faults_of(year, against)
    assert at == "A2"
    assert text.startswith(
        "the wards were redrawn on 01/07/2025, within this period → two rows: up to 30/06/2025 by"
    )
    headings = [*WIDE[:3], "Trụ sở bảo đảm yêu cầu (%)", "headquarters_ready_pct"]
    level: Rows = [headings, ["1/1/2025", "31/12/2025", "Phường Lê Chân", "", "70 %"]]
    assert read(level, against).row_counts == {"indicator_value": 1}
    # Cát Bi passed undivided on 1/1/2025, An Đồng did not.
    same: Rows = [WIDE, ["1/10/2024", "31/3/2025", "Cát Bi", 3]]
    assert read(same, against).row_counts == {"indicator_value": 1}
    first: Rows = [WIDE, ["1/1/2020", "31/3/2020", "Cát Bi", 3]]
    assert read(first, against).row_counts == {"indicator_value": 1}


SENT: list[Cell] = ["start", "end", "today"]
KOBO: list[Cell] = ["_id", "_uuid", "_submission_time", "_notes", "_submitted_by", "__version__", "_index"]
KOBO_ROW: list[Cell] = [512345671, "3f2b1c9a", datetime(2026, 5, 4, 1, 25), "", "x", "vKq8", 1]


@pytest.mark.parametrize(
    "names",
    [
        [
            "start",
            "end",
            "today",
            "Phường/xã",
            "Tên trụ sở",
            "Toạ độ",
            "_Toạ độ_latitude",
            "_Toạ độ_longitude",
        ],
        [
            "start",
            "end",
            "today",
            "phuong_xa",
            "ten_tru_so",
            "vi_tri",
            "_vi_tri_latitude",
            "_vi_tri_longitude",
        ],
        *(
            [*SENT, f"nhom{mark}phuong_xa", f"nhom{mark}ten_tru_so", *tail]
            for mark, tail in (
                ("/", ["nhom/diem", "nhom/_diem_latitude", "nhom/_diem_longitude"]),
                ("-", ["nhom-diem", "nhom-diem-Latitude", "nhom-diem-Longitude"]),
                (":", ["diem", "diem:Latitude", "diem:Longitude"]),
            )
        ),
    ],
)
def test_an_export_of_forms_is_read_without_what_the_program_added(
    written: Callable[[Rows], Path], against: Context, names: list[Cell]
) -> None:
    sent = "2026-05-04T08:11:12.345+07:00"
    row: list[Cell] = [
        sent,
        sent,
        "2026-05-04",
        "Hồng Bàng",
        "Trụ sở",
        "20.8589 106.678 0 4.5",
        20.8589,
        106.678,
    ]
    imported = read_rows(written([[*names, *KOBO], [*row, *KOBO_ROW]]), against)
    (point,) = imported.rows["station"].geometry
    assert (round(point.x, 3), round(point.y, 3)) == (106.678, 20.859)
    (note,) = notes_of(imported)
    assert f"left out: columns that KoboToolbox or ODK adds: start, end, today, {names[5]}, _id" in note


def test_the_start_of_a_form_is_not_the_period(against: Context) -> None:
    sent = "2026-05-04T08:11:12.345+07:00"
    odk: list[Cell] = ["SubmissionDate", "start", "end", *INDICATOR_HEADINGS, "meta-instanceID", "KEY"]
    row: list[Cell] = [sent, sent, sent, "fires", "Hồng Bàng", "1/1/2026", "31/3/2026", 4, "uuid:1", "uuid:1"]
    (found,) = read([odk, row], against).rows["indicator_value"].to_dict("records")
    assert found["period_start"] == pd.Timestamp("2026-01-01")
    # Without those columns they are what they say.
    plain = read([["start", "end", "ward", "fires"], ["1/1/2026", "31/3/2026", "Hồng Bàng", 4]], against)
    assert plain.row_counts == {"indicator_value": 1}


UPPER: list[Cell] = ["TT", "Kỳ báo cáo", "", "Phường/xã", "Chỉ tiêu", ""]
LOWER: list[Cell] = ["", "Từ ngày", "Đến ngày", "", "Vụ phạm pháp hình sự", "Tai nạn giao thông"]
STACKED: list[list[Cell]] = [
    ["CÔNG AN THÀNH PHỐ", "", "", "", "BÁO CÁO", ""],
    UPPER,
    LOWER,
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    [1, "1/1/2026", "31/3/2026", "Lê Chân", 14, 2],
    [2, "1/4/2026", "30/6/2026", "Lê Chân", 12, 1],
]


def test_headings_over_two_rows_are_read(written: Callable[[Rows], Path], against: Context) -> None:
    imported = read_rows(written(STACKED), against)
    values = imported.rows["indicator_value"].groupby("indicator_code")["value"].sum()
    assert values.to_dict() == {"crime_cases": 26, "traffic_accidents": 3}
    assert [note.told.render("en") for note in imported.notes] == ["left out: the columns counted"]


def test_headings_over_three_rows_are_read(written: Callable[[Rows], Path], against: Context) -> None:
    middle: list[Cell] = ["", "Thời gian", "", "", "An ninh", "Giao thông"]
    imported = read_rows(written([STACKED[0], UPPER, middle, *STACKED[2:]]), against)
    assert imported.rows["indicator_value"]["value"].sum() == 29


def test_a_group_and_its_headings_name_a_column_together(against: Context) -> None:
    rows: Rows = [
        ["Ngày kiểm tra", "Phường/xã", "Đơn vị kiểm tra", "Tiêu chí", ""],
        ["", "", "", "đạt", "đã đánh giá"],
        ["8/9/2022", "Cát Bi", "A", 20, 22],
    ]
    (row,) = read(rows, against).rows["inspection"].to_dict("records")
    assert (row["criteria_met"], row["criteria_assessed"]) == (20, 22)


def test_a_merged_ward_of_a_csv_holds_for_the_rows_below(tmp_path: Path, against: Context) -> None:
    rows: Rows = [*STACKED[:5], [2, "1/4/2026", "30/6/2026", "", 12, 1]]
    imported = read_rows(write_csv_file(tmp_path / "a.csv", rows, ";"), against)
    assert imported.row_counts == {"indicator_value": 4}
    assert "a.csv, D6 (Phường/xã): empty, and taken for Lê Chân, as in the row above" in notes_of(imported)
    plain = [["Từ ngày", "Đến ngày", "Phường/xã", "fires"], *(row[1:5] for row in rows[4:])]
    with pytest.raises(GeodataError, match="is empty"):
        read_rows(write_csv_file(tmp_path / "b.csv", plain, ";"), against)


@pytest.mark.parametrize(
    "text",
    [
        "kinh phí xây trụ sở 150000000 đồng",
        "kinh phí 350.000.000.000 đồng",
        "tổng mức đầu tư 12 500 000 000 đồng",
        "84 500 000 000 đồng",
        "số tiền: 150000000",
        "hóa đơn số 123456789",
        "giải ngân 250000000",
        "QĐ số 123456789",
        "€ 123456789",
        "theo Kế hoạch 556/KH-BCA-V05",
        "học sinh năm 2025 tăng",
        "phát sinh 12/3/2025",
        "đăng ký khai sinh ngày 12/3/2025",
        "Trần Phú, 12/03/2026",
        "Hồ Sen, 12/3/2010",
        "ngân sách NS 2024, nhà SN 12/34",
    ],
)
def test_sums_and_documents_are_no_persons(text: str) -> None:
    assert person_trace(text) is None


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ("liên hệ nguyenvana@gmail.com", "e-mail"),
        ("Nguyễn Văn An, sinh ngày 12/3/1985", "birth"),
        ("Nguyễn Văn An sinh năm 1985", "birth"),
        ("ông An (SN 1985)", "birth"),
        ("NGUYỄN VĂN ĐỨC 12/03/1985", "birth"),
        ("Ns: 01/01/1990", "birth"),
        ("Trần Thị Ánh (12-3-1985)", "birth"),
        ("phạt ông An 031085001234 đồng phạm", "identity card"),
        ("nộp tiền: 0912345678", "identity card"),
        ("150000000", "identity card"),
        ("tiền án: ông An, 123456789", "identity card"),
        ("giá trị CMND 123456789", "identity card"),
    ],
)
def test_what_identifies_a_person_is_named(text: str, trace: str) -> None:
    found = person_trace(text)
    assert found is not None
    assert trace in found.render("en")


def test_a_text_of_very_many_letters_is_looked_through() -> None:
    # A search that goes back for each letter would not end.
    assert person_trace("sinh " + "a" * 300_000 + "@") is None
    assert person_trace("1 " * 100_000 + "sinh") is None
    assert not bears_secret(("x: " + " " * 50) * 5_000 + "mật")


def test_a_column_of_money_holds_no_persons(against: Context) -> None:
    assert is_money_heading("Tổng kinh phí (đồng)")
    assert not is_money_heading("Ghi chú")
    rows: list[list[Cell]] = [[*INSPECTIONS, "Kinh phí"], ["8/9/2022", "Cát Bi", "A", "", 150000000]]
    assert read(rows, against).row_counts == {"inspection": 1}
    rows[0][4] = "Mã"
    assert [at for at, _ in faults_of(rows, against)] == ["E2"]


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("Đạt. MẬT: kế hoạch bảo vệ đoàn khách", True),
        ("kế hoạch bảo vệ MẬT: đoàn 3", True),
        ("hồ sơ Tối mật của phường đã nộp về cấp trên để xem xét và giải quyết theo đúng quy định", True),
        ("Nội dung (Mật)", True),
        ("xem tài liệu mật số 3", True),
        ("Công tác bảo mật: tốt", False),
        ("BẢO MẬT: TỐT", False),
        ("mật độ dân cư: 200", False),
        ("Mật khẩu: đã đổi", False),
        ("Độ mật: không", False),
        ("không tối mật", False),
    ],
)
def test_a_secret_mark_inside_a_sentence_is_found(against: Context, text: str, is_refused: bool) -> None:
    assert bears_secret(text) is is_refused
    rows: Rows = [INSPECTIONS, ["8/9/2022", "Cát Bi", "A", text]]
    if is_refused:
        assert [at for at, _ in faults_of(rows, against)] == ["D2"]


def test_many_faults_are_told_up_to_a_number_and_counted_by_kind() -> None:
    faults = [
        Fault(
            "a.csv",
            str(n),
            message("at most {most}", most=n) if n % 2 else message("is empty"),
            message("once"),
        )
        for n in range(SHOWN + 1000)
    ]
    *told_one_by_one, more, first, second = lines(faults, "en")
    assert len(told_one_by_one) == SHOWN
    assert more.startswith("… and 1,000 more")
    assert {first.split(" ×")[0], second.split(" ×")[0]} == {"500"}


def test_headings_that_are_merged_over_two_rows_are_read(tmp_path: Path, against: Context) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Tổng hợp")
        sheet.merge_range(0, 0, 1, 0, "TT")
        sheet.merge_range(0, 1, 0, 2, "Kỳ báo cáo")
        sheet.merge_range(0, 3, 1, 3, "Phường/xã")
        sheet.merge_range(0, 4, 0, 5, "Chỉ tiêu")
        sheet.write_row(1, 1, ["Từ ngày", "Đến ngày"])
        sheet.write_row(1, 4, ["Vụ phạm pháp hình sự", "Tai nạn giao thông"])
        sheet.write_row(2, 0, [1, "1/1/2026", "31/3/2026", "Lê Chân", 14, 2])
    assert read_rows(path, against).row_counts == {"indicator_value": 2}
