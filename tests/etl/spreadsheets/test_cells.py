"""Dates, numbers and text of cells: every usual form is read, and no text makes a reader fail."""

import math
from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from etl.spreadsheets.cells import (
    SERIAL_START,
    Cell,
    read_date,
    read_each,
    read_number,
    read_text,
    show_date,
    swapped_date,
)

EIGHTH = date(2022, 9, 8)


@pytest.mark.parametrize(
    "cell",
    [
        "8/9/2022",
        "08/09/2022",
        "8-9-2022",
        "8.9.2022",
        "8 / 9 / 2022",
        "8/9/22",
        "2022-09-08",
        "2022/9/8",
        "2022-09-08T00:00:00",
        "8/9/2022 14:30",
        "ngày 8 tháng 9 năm 2022",
        "Ngày 08 tháng 09 năm 2022",
        "ngay 8 thang 9 nam 2022",
        "8 tháng 9, 2022",
        "ngày 8/9/2022",
        "Thứ Năm, 8/9/2022",
        "8-Thg9-22",
        "8-Sep-22",
        "  8/9/2022\n",
        "44812",
        44812,
        44812.0,
        44812.6,
        EIGHTH,
        datetime(2022, 9, 8, 14, 30),
    ],
)
def test_every_usual_form_of_a_date_is_read(cell: Cell) -> None:
    assert read_date(cell) == EIGHTH


@pytest.mark.parametrize(
    "cell",
    [
        *[
            "",
            None,
            "8/13/2022",
            "31/2/2022",
            "0/1/2022",
            "8/9-2022",
            "2022",
            2022,
            12,
            True,
            "tháng 9",
            "9/2022",
        ],
        *["20220908", "x", "8/9/2022 và 9/9/2022", "١٢/٩/٢٠٢٢", math.nan, math.inf, 1e12, "8/9/0000"],
    ],
)
def test_what_is_no_date_is_not_guessed(cell: Cell) -> None:
    assert read_date(cell) is None


def test_a_date_with_its_month_first_is_proposed_only_where_it_can_be_nothing_else() -> None:
    assert swapped_date("8/13/2022") == date(2022, 8, 13)
    assert swapped_date("31/2/2022") is None


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("97,5", 97.5),
        ("97,5 %", 97.5),
        ("97,5%", 97.5),
        ("97.5", 97.5),
        ("0.975", 0.975),
        ("1.234", 1234),
        ("1.234.567", 1_234_567),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1_234_567),
        ("1,234", 1.234),
        ("1 234,5", 1234.5),
        ("1\u00a0234", 1234),
        (" 12 ", 12),
        ("-5", -5),
        ("−5", -5),
        ("+5", 5),
        (1234.0, 1234),
        (7, 7),
    ],
)
def test_a_number_is_read_by_the_vietnamese_convention(cell: Cell, number: float) -> None:
    assert read_number(cell) == number


@pytest.mark.parametrize(
    "cell", ["", None, "12 vụ", "1.23.4", "1..2", "1e5", "nan", "٣", True, math.nan, math.inf, "-", "%", ",5"]
)
def test_what_is_no_number_is_not_guessed(cell: Cell) -> None:
    assert read_number(cell) is None


def test_text_is_composed_and_its_spaces_are_single() -> None:
    assert read_text("  Du\u031b\u00a0 Ha\u0300ng\n Ke\u0302nh\x07 ") == "Dư Hàng Kênh"
    assert read_text(11404.0) == "11404"
    assert read_text(datetime(2022, 9, 8)) == "08/09/2022"
    assert read_text(None) == ""


def test_cells_that_are_equal_but_not_alike_are_read_apart() -> None:
    assert read_each([1, True, 1.0, "1"], read_number) == [1, None, 1, 1]


DATES = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(DATES)
def test_a_date_comes_back_from_every_form_in_which_it_is_written(day: date) -> None:
    forms: list[Cell] = [
        show_date(day),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day}-{day.month}-{day.year % 100:02}",
        f"{day.day:02}.{day.month:02}.{day.year}",
        day.isoformat(),
        f"ngày {day.day} tháng {day.month} năm {day.year}",
        (day - SERIAL_START).days,
        str((day - SERIAL_START).days),
        f"{day:%d-%b-%Y}",
        datetime(day.year, day.month, day.day, 23, 59),
    ]
    assert [read_date(form) for form in forms] == [day] * len(forms)


@given(st.integers(0, 10**12))
def test_grouping_does_not_change_a_number(number: int) -> None:
    english = f"{number:,}"
    assert read_number(english.replace(",", ".") + ",25") == number + 0.25
    assert read_number(english.replace(",", " ")) == number


CELLS = st.one_of(
    st.text(),
    st.text(alphabet="0123456789/.-,% tháng nămệ\u0301\u00a0", max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
)


@given(CELLS)
@example("0\r\x1b\r0")
@example("e\x1b\u0301")
def test_no_cell_makes_a_reader_fail(cell: Cell) -> None:
    day, number, text = read_date(cell), read_number(cell), read_text(cell)
    assert day is None or isinstance(day, date)
    assert number is None or math.isfinite(number)
    assert read_text(text) == text
