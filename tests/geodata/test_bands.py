"""The band of a carried figure: by hand on the small city, and by trying all ways in which records may go."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.contract.layers import read_layer
from geodata.indicators.bands import Split, count_band, is_band_wide, open_records, share_band
from geodata.indicators.index import index_indicators
from geodata.indicators.indicators import indicator_values
from tests.small_city import NEW, OLD

JANUARY = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-31")


def figures(city: Path, code: str, rows: pd.DataFrame, vintage: str, by: Any = "ward") -> Any:
    """Return the figures of January 2024 from rows of vintage, ward_code, value and parts of percentages."""
    rows = rows.assign(
        indicator_code=code, period_start=JANUARY[0], period_end=JANUARY[1], is_illustrative=False
    )
    index = index_indicators(rows, *(read_layer(city, name) for name in ("indicator", "ward", "crosswalk")))
    return indicator_values(index, code, *JANUARY, vintage, by).set_index("unit_code")


def counts(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["vintage", "ward_code", "value"])
    return frame.assign(numerator=np.nan, denominator=np.nan)


RECORDED = counts((OLD, "00001", 3), (OLD, "00002", 4), (OLD, "00003", 8), (OLD, "00004", 2))


def test_of_a_divided_ward_none_or_all_may_have_gone_to_each_part(small_gpkg: Path) -> None:
    ward = figures(small_gpkg, "fires", RECORDED, NEW)
    columns = ["value", "least", "most", "is_apportioned"]
    assert ward.loc["00001", columns].tolist() == [7, 7, 7, False]  # two wards, whole
    assert ward.loc["00002", columns].tolist() == pytest.approx([6, 0, 8, True])  # ¾ of Thủy Tây's 8
    assert ward.loc["00003", columns].tolist() == pytest.approx([4, 2, 10, True])  # and ¼; Núi Đèo's 2 whole
    assert ward.loc["00005", ["least", "most"]].isna().all()
    # 8 − 0 is more than 6, and 10 − 2 more than 4.
    assert is_band_wide(ward).to_dict() == {"00001": False, "00002": True, "00003": True, "00005": False}


def test_a_unit_in_which_all_parts_lie_is_known(small_gpkg: Path) -> None:
    district = figures(small_gpkg, "fires", RECORDED, NEW, "district")
    columns = ["value", "least", "most", "is_apportioned"]
    assert district.loc["902", columns].tolist() == pytest.approx([10, 10, 10, False])
    assert figures(small_gpkg, "fires", RECORDED, NEW, "city").loc["", columns].tolist() == [
        17,
        17,
        17,
        False,
    ]


def test_back_in_time_residents_say_how_much_and_the_band_that_nobody_knows(small_gpkg: Path) -> None:
    old = figures(small_gpkg, "fires", counts((NEW, "00001", 10)), OLD)
    columns = ["value", "least", "most", "is_apportioned"]
    assert old.loc["00001", columns].tolist() == pytest.approx([4, 0, 10, True])  # 1000 of 2500 residents
    assert old.loc["00002", columns].tolist() == pytest.approx([6, 0, 10, True])
    district = figures(small_gpkg, "fires", counts((NEW, "00001", 10)), OLD, "district")
    assert district.loc["901", columns].tolist() == pytest.approx([10, 10, 10, False])


def test_a_count_of_none_is_none_wherever_it_went(small_gpkg: Path) -> None:
    ward = figures(small_gpkg, "fires", counts((OLD, "00003", 0)), NEW)
    assert ward.loc["00002", ["value", "least", "most"]].tolist() == [0, 0, 0]
    assert not is_band_wide(ward).any()


def test_a_percentage_lies_between_those_of_what_it_may_be_made_of(small_gpkg: Path) -> None:
    rows = counts((OLD, "00003", 0), (OLD, "00004", 0)).assign(numerator=[9, 4], denominator=[10, 8])
    ward = figures(small_gpkg, "satisfaction_pct", rows, NEW)
    columns = ["value", "least", "most", "is_apportioned"]
    assert ward.loc["00002", columns].tolist() == pytest.approx([90, 90, 90, True])
    # Núi Đèo's 4 of 8, and none, a quarter or all of 9 of 10.
    expected = [100 * 6.25 / 10.5, 50, 100 * 13 / 18, True]
    assert ward.loc["00003", columns].tolist() == pytest.approx(expected)


Record = tuple[int, int, int]


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 9)), max_size=5),
    st.tuples(st.integers(0, 20), st.integers(0, 20)),
)
def test_bands_are_the_least_and_the_most_of_all_ways_in_which_records_may_go(
    records: list[Record], whole: tuple[int, int]
) -> None:
    """A record, a numerator, more for the denominator and tenths of a weight, went wholly or not at all."""
    numerator, more, tenths = (
        (np.array(part, dtype="float64") for part in zip(*records, strict=True))
        if records
        else (
            np.zeros(0),
            np.zeros(0),
            np.zeros(0),
        )
    )
    weight, denominator = tenths / 10, numerator + more
    count = len(records)
    split = Split(
        ward=np.zeros(count, dtype="int64"),
        row=np.arange(count),
        weight=weight,
        value=numerator,
        numerator=numerator,
        denominator=denominator,
    )
    divided = open_records(split, np.zeros(1, dtype="int64"), np.ones(1, dtype="bool"))
    base = np.array([float(whole[0])]), np.array([float(sum(whole))])
    value = base[0] + (weight * numerator).sum()
    ways = [np.array(way, dtype="float64") for way in itertools.product((0, 1), repeat=count)]
    sums = [base[0][0] + (way * numerator).sum() for way in ways]
    least, most = count_band(value, divided)
    assert (least[0], most[0]) == pytest.approx((min(sums), max(sums)))
    assert least[0] - 1e-9 <= value[0] <= most[0] + 1e-9

    of = [base[1][0] + (way * denominator).sum() for way in ways]
    shares = [100 * part / all_ for part, all_ in zip(sums, of, strict=True) if all_ > 0]
    least, most = share_band(value, base[1] + (weight * denominator).sum(), divided)
    if shares:
        assert (least[0], most[0]) == pytest.approx((min(shares), max(shares)))
    else:
        assert np.isnan([least[0], most[0]]).all()


def test_parts_of_one_record_in_one_unit_are_taken_together() -> None:
    split = Split(
        ward=np.array([0, 1, 2, 0, 3]),
        row=np.array([5, 5, 5, 6, 6]),
        weight=np.array([0.2, 0.3, 0.5, 0.9, 0.1]),
        value=np.array([10.0, 10, 10, 20, 20]),
        numerator=np.full(5, np.nan),
        denominator=np.full(5, np.nan),
    )
    # Wards 0, 1 and 2 are unit 0, ward 3 is none: record 5 is known in it, record 6 is not.
    divided = open_records(split, np.array([0, 0, 0, -1]), np.ones(4, dtype="bool"))
    assert (divided.unit.tolist(), divided.weight.tolist(), divided.value.tolist()) == ([0], [0.9], [20])
    # A ward that does not count leaves its part of a record out.
    divided = open_records(split, np.array([0, 0, 0, -1]), np.array([True, True, False, True]))
    assert divided.weight.tolist() == pytest.approx([0.5, 0.9])
