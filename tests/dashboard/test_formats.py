"""Dates, numbers and names as an official of either language would write them."""

import datetime
from typing import get_args

import pandas as pd
import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from geodata.language import Language, render
from geodata.language.alphabet import alphabet_key
from geodata.language.dates import day, day_or_year
from geodata.language.numbers import approximately, in_words, number, percent


@pytest.mark.parametrize("value", ["2022-09-12", pd.Timestamp("2022-09-12"), datetime.date(2022, 9, 12)])
def test_a_day_is_written_day_first(value: object) -> None:
    assert render(day(value), "vi") == render(day(value), "en") == "12/09/2022"


def test_vietnamese_numbers_have_a_decimal_comma_and_a_dot_for_thousands() -> None:
    assert render(number(2097650.456, 2), "vi") == "2.097.650,46"
    assert render(number(2097650.456, 2), "en") == "2,097,650.46"
    assert render(number(3.0, 2), "vi") == "3"


def test_what_is_missing_is_never_nought() -> None:
    for shown in (
        render(number(pd.NA), "vi"),
        render(number(float("nan")), "vi"),
        render(percent(float("nan")), "vi"),
        render(day(pd.NaT), "vi"),
    ):
        assert shown == "chưa có thông tin"


@pytest.mark.parametrize(
    ("value", "digits", "vi"),
    [
        (25467.4, 0, "≈ 25.467"),
        (13.6, 0, "≈ 14"),
        (13.64, 1, "≈ 13,6"),
        (0.36, 0, "≈ 0,4"),
        (0.012, 0, "≈ 0,01"),
        (0.0, 0, "≈ 0"),
        (float("nan"), 0, "chưa có thông tin"),
    ],
)
def test_an_estimate_is_rounded_and_marked_and_not_rounded_to_nought(
    value: float, digits: int, vi: str
) -> None:
    assert render(approximately(value, digits), "vi") == vi


@pytest.mark.parametrize(
    ("share", "vi", "en"),
    [
        (0.0, "0 %", "0%"),
        (0.004, "< 0,01 %", "< 0.01%"),
        (0.044, "0,04 %", "0.04%"),
        (2.765, "2,8 %", "2.8%"),
        (100.0, "100 %", "100%"),
    ],
)
def test_a_small_share_does_not_show_as_none(share: float, vi: str, en: str) -> None:
    assert render(percent(share), "vi") == vi.replace(" %", "\N{NO-BREAK SPACE}%")
    assert render(percent(share), "en") == en


def test_counts_up_to_ten_are_words() -> None:
    assert [render(in_words(n), "vi") for n in (0, 5, 10, 11, 1200)] == [
        "không",
        "năm",
        "mười",
        "11",
        "1.200",
    ]
    assert [render(in_words(n), "en") for n in (0, 5, 10, 11)] == ["no", "five", "ten", "11"]


def test_names_sort_by_the_vietnamese_alphabet() -> None:
    in_order = [
        "An Biên",
        "Ăn",
        "Ân",
        "Cát Bi",
        "Da",
        "Dự",
        "Đa",
        "Đồ Sơn",
        "Ê",
        "Oanh",
        "Ô",
        "Ơ",
        "Ưng",
        "Vạn",
    ]
    mixed = in_order[::-1]
    assert sorted(mixed, key=alphabet_key) == in_order


def test_tones_decide_between_names_of_the_same_letters() -> None:
    in_order = ["ma", "mà", "mả", "mã", "má", "mạ", "mac"]
    mixed = in_order[::-1]
    assert sorted(mixed, key=alphabet_key) == in_order


def test_composed_and_decomposed_names_sort_alike() -> None:
    assert alphabet_key("Đồ Sơn") == alphabet_key("Đồ Sơn")


def test_a_day_known_to_the_year_is_written_as_the_year() -> None:
    assert day_or_year(pd.Timestamp("2023-01-01"), "year") == "2023"
    assert day_or_year(datetime.date(2021, 3, 17), "year") == "2021"
    assert day_or_year("2023-11-23", "day") == "23/11/2023"
    assert day_or_year(pd.NaT, "year") == day_or_year(pd.NaT, None) == day(pd.NaT)


@given(
    st.one_of(st.floats(-1e12, 1e12), st.integers(-(10**7), 10**7).map(lambda whole: whole / 1000)),
    st.sampled_from(get_args(Language)),
    st.integers(0, 3),
    st.booleans(),
)
def test_numbers_are_written_as_babel_writes_them(
    value: float, language: Language, digits: int, is_signed: bool
) -> None:
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    if is_signed:
        pattern = f"+{pattern};-{pattern}"
    # Without the sign of a zero, which no figure has.
    expected = format_decimal(value + 0.0, pattern, locale=language)
    assert number(value, digits, is_signed=is_signed).render(language) == expected
