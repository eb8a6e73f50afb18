"""Indicator figures on the small city, by hand and as properties.

Of its wards (see ``tests/small_city.py``) An Đông and Hòa Bình became Đông; Thủy Tây went 75 : 25 to Tây and
Núi Đèo; Bắc has no predecessor.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy import stats

from geodata.contract.layers import read_layer
from geodata.indicators.comparison import (
    comparable_values,
    compare_periods,
    compare_with_year_before,
    interval,
    year_before,
)
from geodata.indicators.index import IndicatorIndex, index_indicators
from geodata.indicators.indicators import indicator_values
from tests.small_city import MID, NEW, OLD

Row = tuple[str, str, str, str, float]
"""Vintage, ward, month or “first day/last day”, indicator, value."""


@pytest.fixture(scope="module")
def city(small_gpkg: Path) -> dict[str, pd.DataFrame]:
    return {name: read_layer(small_gpkg, name) for name in ("indicator", "ward", "crosswalk")}


def values(*rows: Row, **parts: Any) -> pd.DataFrame:
    """Return rows of ``indicator_value``; a period is a month or ``first day/last day``."""
    frame = pd.DataFrame(rows, columns=["vintage", "ward_code", "period", "indicator_code", "value"])
    bounds = [
        [pd.Timestamp(day) for day in period.split("/")]
        if "/" in period
        else [pd.Period(period).start_time, pd.Period(period).end_time.normalize()]
        for period in frame["period"]
    ]
    days = pd.DataFrame(bounds, columns=["period_start", "period_end"]).astype("datetime64[ns]")
    return pd.concat([frame.drop(columns="period"), days], axis=1).assign(
        **{"numerator": float("nan"), "denominator": float("nan"), "is_illustrative": False, **parts}
    )


def index_of(city: dict[str, pd.DataFrame], rows: pd.DataFrame) -> IndicatorIndex:
    return index_indicators(rows, city["indicator"], city["ward"], city["crosswalk"])


def figures(
    city: dict[str, pd.DataFrame],
    rows: pd.DataFrame,
    code: str,
    span: str,
    vintage: str,
    by: Any = "ward",
) -> Any:
    start, end = (pd.Timestamp(day) for day in span.split("/"))
    return indicator_values(index_of(city, rows), code, start, end, vintage, by).set_index("unit_code")


FIRES = values(
    (OLD, "00001", "2024-01", "fires", 3),
    (OLD, "00001", "2024-02", "fires", 0),
    (OLD, "00002", "2024-01", "fires", 4),
    (OLD, "00003", "2024-01", "fires", 8),
    (OLD, "00003", "2024-02", "fires", 4),
    (OLD, "00004", "2024-02", "fires", 2),
)
JAN, FEB, BOTH = "2024-01-01/2024-01-31", "2024-02-01/2024-02-29", "2024-01-01/2024-02-29"


def test_counts_add_up_over_whole_periods_within_the_range(city: dict[str, pd.DataFrame]) -> None:
    both = figures(city, FIRES, "fires", BOTH, OLD)["value"]
    assert both[["00001", "00002", "00003", "00004"]].tolist() == [3, 4, 12, 2]
    # January begins before the range: only February lies in it whole.
    cut = figures(city, FIRES, "fires", "2024-01-02/2024-02-29", OLD)
    assert cut["value"][["00001", "00003", "00004"]].tolist() == [0, 4, 2]
    assert cut.loc["00001", "days_pct"] == pytest.approx(100 * 29 / 59)


def test_nothing_reported_is_missing_and_zero_is_zero(city: dict[str, pd.DataFrame]) -> None:
    february = figures(city, FIRES, "fires", FEB, OLD)
    assert february.loc["00001", "value"] == 0
    assert february.loc["00001", "wards_pct"] == 100
    assert february["value"].isna().to_dict() == {
        "00001": False,
        "00002": True,
        "00003": False,
        "00004": False,
        "903": True,
    }
    assert february.loc["00002", "wards_pct"] == 0
    nothing = figures(city, FIRES, "fires", "2023-01-01/2023-12-31", OLD, "city").loc[""]
    assert pd.isna(nothing["value"])
    assert pd.isna(nothing["per_1000"])
    assert nothing["wards_pct"] == 0


def test_rates_are_by_residents_and_area_of_the_wards_that_reported(city: dict[str, pd.DataFrame]) -> None:
    january = figures(city, FIRES, "fires", JAN, OLD, "city").loc[""]
    assert january["value"] == 15
    years = 31 / 365.25
    assert january["per_1000"] == pytest.approx(15 / 4.5 / years)  # 1.000 + 1.500 + 2.000 residents
    assert january["per_km2"] == pytest.approx(5 / years)
    assert january["thousand_resident_years"] == pytest.approx(4.5 * years)
    # The island is no ward, so three of four reported.
    assert (january["ward_count"], january["reporting_count"], january["wards_pct"]) == (4, 3, 75)
    assert january["days_pct"] == 75


def test_districts_add_up_their_wards(city: dict[str, pd.DataFrame]) -> None:
    districts = figures(city, FIRES, "fires", BOTH, OLD, "district")["value"]
    assert districts[["901", "902"]].tolist() == [7, 14]
    assert pd.isna(districts["903"])


def test_counts_move_by_weight_and_are_missing_where_a_part_did_not_report(
    city: dict[str, pd.DataFrame],
) -> None:
    january = figures(city, FIRES, "fires", JAN, NEW)
    assert january.loc["00001", "value"] == 7  # An Đông 3 + Hòa Bình 4
    assert not january.loc["00001", "is_apportioned"]
    assert january.loc["00002", "value"] == pytest.approx(6)  # ¾ of Thủy Tây's 8
    assert january.loc["00002", "is_apportioned"]
    # Núi Đèo of today is a quarter of Thủy Tây and all of old Núi Đèo, which did not report in January.
    assert pd.isna(january.loc["00003", "value"])
    february = figures(city, FIRES, "fires", FEB, NEW)
    assert february.loc["00003", "value"] == pytest.approx(0.25 * 4 + 2)
    assert pd.isna(february.loc["00001", "value"])
    # Bắc has no predecessor, so nothing is known of it.
    assert pd.isna(february.loc["00005", "value"])


def test_a_range_across_a_redrawing_takes_each_period_from_its_vintage(city: dict[str, pd.DataFrame]) -> None:
    rows = values(
        (OLD, "00001", "2024-12", "fires", 1),
        (OLD, "00002", "2024-12", "fires", 2),
        (MID, "00001", "2025-01", "fires", 10),
        (NEW, "00001", "2025-07", "fires", 100),
    )
    span = "2024-12-01/2025-07-31"
    assert figures(city, rows, "fires", span, NEW).loc["00001", "value"] == 113
    assert figures(city, rows, "fires", span, MID).loc["00001", "value"] == 113
    old = figures(city, rows, "fires", span, OLD)
    assert old.loc["00001", "value"] == pytest.approx(1 + 4 + 40)  # 1000 of the 2500 who came
    assert old.loc[["00001", "00002"], "value"].sum() == pytest.approx(113)


def test_of_overlapping_periods_the_longest_within_the_range_counts(city: dict[str, pd.DataFrame]) -> None:
    rows = values(
        (OLD, "00001", "2024-01", "fires", 3),
        (OLD, "00001", "2024-04", "fires", 5),
        (OLD, "00001", "2024-01-01/2024-03-31", "fires", 10),
    )
    assert figures(city, rows, "fires", "2024-01-01/2024-04-30", OLD).loc["00001", "value"] == 15
    assert figures(city, rows, "fires", "2024-01-01/2024-02-29", OLD).loc["00001", "value"] == 3
    assert figures(city, rows, "fires", "2024-01-01/2024-04-30", OLD).loc["00001", "days_pct"] == 100
    # A year's total recorded on today's ward takes the place of months recorded on what it was made of.
    year = values(
        (MID, "00001", "2025-01", "fires", 1),
        (MID, "00003", "2025-01", "fires", 8),
        (NEW, "00001", "2025-01-01/2025-12-31", "fires", 9),
    )
    new = figures(city, year, "fires", "2025-01-01/2025-12-31", NEW)
    assert new.loc["00001", "value"] == 9
    assert new.loc["00002", "value"] == pytest.approx(6)


SATISFACTION = values(
    (OLD, "00001", "2024-01", "satisfaction_pct", 90),
    (OLD, "00002", "2024-01", "satisfaction_pct", 50),
    (OLD, "00001", "2024-02", "satisfaction_pct", 80),
    numerator=[9, 50, 80],
    denominator=[10, 100, 100],
)


def test_shares_are_recomputed_from_their_parts_and_never_averaged(city: dict[str, pd.DataFrame]) -> None:
    both = figures(city, SATISFACTION, "satisfaction_pct", BOTH, OLD)
    assert both.loc["00001", "value"] == pytest.approx(100 * 89 / 110)
    january = figures(city, SATISFACTION, "satisfaction_pct", JAN, OLD, "city").loc[""]
    assert january["value"] == pytest.approx(100 * 59 / 110)
    assert (january["numerator"], january["denominator"]) == (59, 110)
    assert pd.isna(january["per_1000"])
    merged = figures(city, SATISFACTION, "satisfaction_pct", JAN, NEW).loc["00001"]
    assert merged["value"] == pytest.approx(100 * 59 / 110)


def test_a_share_without_its_parts_stands_as_recorded_or_not_at_all(city: dict[str, pd.DataFrame]) -> None:
    bare = SATISFACTION.assign(numerator=float("nan"), denominator=float("nan"))
    january = figures(city, bare, "satisfaction_pct", JAN, OLD)
    assert january["value"].dropna().to_dict() == {"00001": 90, "00002": 50}
    assert january.loc["00001", "wards_pct"] == 100
    assert figures(city, bare, "satisfaction_pct", BOTH, OLD)["value"].dropna().to_dict() == {"00002": 50}
    whole = figures(city, bare, "satisfaction_pct", JAN, OLD, "city").loc[""]
    assert pd.isna(whole["value"])
    assert whole["wards_pct"] == 0
    assert pd.isna(figures(city, bare, "satisfaction_pct", JAN, NEW).loc["00001", "value"])


def test_a_ward_without_parts_is_left_out_of_a_pooled_share(city: dict[str, pd.DataFrame]) -> None:
    mixed = SATISFACTION.assign(
        numerator=SATISFACTION["numerator"].mask(SATISFACTION["ward_code"] == "00002")
    )
    january = figures(city, mixed, "satisfaction_pct", JAN, OLD, "city").loc[""]
    assert january["value"] == pytest.approx(90)
    assert january["reporting_count"] == 1


def test_a_share_of_nothing_is_missing(city: dict[str, pd.DataFrame]) -> None:
    none = values((OLD, "00001", "2024-01", "satisfaction_pct", 0), numerator=[0], denominator=[0])
    assert pd.isna(figures(city, none, "satisfaction_pct", JAN, OLD, "city").loc["", "value"])


TEAMS = values(
    (OLD, "00001", "2024-01", "fire_safety_teams", 5),
    (OLD, "00001", "2024-03", "fire_safety_teams", 7),
    (OLD, "00002", "2024-01", "fire_safety_teams", 4),
)


def test_of_levels_the_latest_up_to_the_last_day_counts(city: dict[str, pd.DataFrame]) -> None:
    by_march = figures(city, TEAMS, "fire_safety_teams", "2024-03-01/2024-03-31", OLD)
    assert by_march.loc["00001", "value"] == 7
    assert by_march.loc["00002", "value"] == 4
    assert by_march.loc["00002", "latest_day"] == pd.Timestamp("2024-01-31")
    by_february = figures(city, TEAMS, "fire_safety_teams", FEB, OLD, "district").loc["901"]
    assert by_february["value"] == 9
    assert by_february["per_1000"] == pytest.approx(9 / 2.5)
    before = figures(city, TEAMS, "fire_safety_teams", "2023-01-01/2023-12-31", OLD, "city").loc[""]
    assert pd.isna(before["value"])
    assert pd.isna(before["latest_day"])


def test_a_level_is_carried_until_the_vintage_itself_reports(city: dict[str, pd.DataFrame]) -> None:
    rows = pd.concat([TEAMS, values((NEW, "00001", "2025-08", "fire_safety_teams", 20))])
    before = figures(city, rows, "fire_safety_teams", "2025-07-01/2025-07-31", NEW).loc["00001"]
    assert (before["value"], before["latest_day"]) == (11, pd.Timestamp("2024-01-31"))
    after = figures(city, rows, "fire_safety_teams", "2025-07-01/2025-08-31", NEW).loc["00001"]
    assert (after["value"], after["latest_day"]) == (20, pd.Timestamp("2025-08-31"))


def test_the_number_of_criteria_met_never_adds_up(city: dict[str, pd.DataFrame]) -> None:
    rows = values(
        (OLD, "00001", "2024-01", "criteria_met", 21),
        (OLD, "00002", "2024-01", "criteria_met", 22),
        (OLD, "00003", "2024-01", "criteria_met", 20),
    )
    assert figures(city, rows, "criteria_met", JAN, OLD).loc["00002", "value"] == 22
    assert pd.isna(figures(city, rows, "criteria_met", JAN, OLD, "city").loc["", "value"])
    # Thủy Tây is the same ward in the next vintage; Đông is a new one.
    mid = figures(city, rows, "criteria_met", JAN, MID)["value"]
    assert mid["00003"] == 20
    assert pd.isna(mid["00001"])


def test_progress_in_percent_is_pooled_from_its_parts(city: dict[str, pd.DataFrame]) -> None:
    rows = values(
        (OLD, "00001", "2024-01", "headquarters_ready_pct", 50),
        (OLD, "00002", "2024-02", "headquarters_ready_pct", 100),
        numerator=[2, 1],
        denominator=[4, 1],
    )
    assert figures(city, rows, "headquarters_ready_pct", FEB, NEW).loc["00001", "value"] == pytest.approx(60)


def test_what_was_generated_says_so(city: dict[str, pd.DataFrame]) -> None:
    rows = FIRES.assign(is_illustrative=FIRES["ward_code"] == "00002")
    january = figures(city, rows, "fires", JAN, OLD)["is_illustrative"]
    assert january[january].index.tolist() == ["00002"]
    assert figures(city, rows, "fires", JAN, NEW)["is_illustrative"].tolist() == [True, False, False, False]
    assert not figures(city, rows, "fires", FEB, OLD, "city").loc["", "is_illustrative"]


def test_values_of_a_vintage_without_boundaries_reach_no_figure(city: dict[str, pd.DataFrame]) -> None:
    rows = pd.concat([FIRES, values(("2030-01-01", "00001", "2024-01", "fires", 100))])
    assert figures(city, rows, "fires", JAN, OLD, "city").loc["", "value"] == 15


@pytest.mark.parametrize(
    ("span", "before"),
    [
        ("2024-01-01/2024-03-31", "2023-01-01/2023-03-31"),
        ("2024-02-01/2024-02-29", "2023-02-01/2023-02-28"),
        ("2025-02-01/2025-02-28", "2024-02-01/2024-02-29"),
        ("2024-02-29/2024-03-15", "2023-02-28/2023-03-15"),
    ],
)
def test_the_same_period_a_year_before(span: str, before: str) -> None:
    start, end = (pd.Timestamp(day) for day in span.split("/"))
    assert [f"{day:%Y-%m-%d}" for day in year_before(start, end)] == before.split("/")


@pytest.mark.parametrize(
    ("before", "now", "difference", "change_pct"),
    [(20, 15, -5, -25), (9, 18, 9, None), (20, 9, -11, None), (10, 10, 0, 0)],
)
def test_a_percentage_only_where_both_counts_are_at_least_ten(
    city: dict[str, pd.DataFrame], before: float, now: float, difference: float, change_pct: float | None
) -> None:
    rows = values((OLD, "00001", "2023-03", "fires", before), (OLD, "00001", "2024-03", "fires", now))
    start, end = (pd.Timestamp(day) for day in ("2024-03-01", "2024-03-31"))
    compared: Any = compare_with_year_before(index_of(city, rows), "fires", start, end, OLD).set_index(
        "unit_code"
    )
    assert (compared.loc["00001", "previous"], compared.loc["00001", "difference"]) == (before, difference)
    assert compared.loc["00001", "change_pct"] == (
        pytest.approx(change_pct, nan_ok=True)
        if change_pct is not None
        else pytest.approx(float("nan"), nan_ok=True)
    )
    assert pd.isna(compared.loc["00002", "difference"])


def test_two_percentages_differ_by_points(city: dict[str, pd.DataFrame]) -> None:
    rows = values(
        (OLD, "00001", "2023-01", "satisfaction_pct", 80), (OLD, "00001", "2024-01", "satisfaction_pct", 90)
    )
    start, end = (pd.Timestamp(day) for day in JAN.split("/"))
    compared = compare_with_year_before(index_of(city, rows), "satisfaction_pct", start, end, OLD)
    assert compared["difference"].dropna().tolist() == [10]
    assert compared["change_pct"].isna().all()


ROWS = st.lists(
    st.tuples(
        st.sampled_from([OLD, MID, NEW]),
        st.sampled_from(["00001", "00003", "00004"]),
        st.sampled_from(["2024-01", "2024-02", "2024-01-01/2024-03-31", "2024-04"]),
        st.sampled_from(["fires", "fire_safety_teams", "satisfaction_pct"]),
        st.integers(0, 50).map(float),
    ),
    max_size=20,
    unique_by=lambda row: row[:4],
)
SPANS = st.sampled_from([JAN, BOTH, "2024-01-01/2024-04-30"])


def generated(rows: list[Row]) -> pd.DataFrame:
    """Return rows of wards that are there; a share's value is also its numerator, of 50."""
    frame = values(*[row for row in rows if row[:2] != (NEW, "00004")])
    is_share = frame["indicator_code"] == "satisfaction_pct"
    return frame.assign(
        numerator=frame["value"].astype("float64").where(is_share),
        denominator=pd.Series(50.0, index=frame.index).where(is_share),
    )


@given(rows=ROWS, span=SPANS, vintage=st.sampled_from([OLD, MID, NEW]))
def test_the_city_is_the_sum_of_its_wards(
    city: dict[str, pd.DataFrame], rows: list[Row], span: str, vintage: str
) -> None:
    for code in ("fires", "fire_safety_teams"):
        wards = figures(city, generated(rows), code, span, vintage)
        whole = figures(city, generated(rows), code, span, vintage, "city").loc[""]
        assert whole["value"] == pytest.approx(wards["value"].sum(min_count=1), nan_ok=True)
        assert whole["reporting_count"] == wards["reporting_count"].sum()


@given(rows=ROWS, span=SPANS, vintage=st.sampled_from([OLD, MID, NEW]), seed=st.integers(0, 9))
def test_the_order_of_rows_does_not_matter(
    city: dict[str, pd.DataFrame], rows: list[Row], span: str, vintage: str, seed: int
) -> None:
    frame = generated(rows)
    for code in ("fires", "fire_safety_teams", "satisfaction_pct"):
        assert_frame_equal(
            figures(city, frame, code, span, vintage),
            figures(city, frame.sample(frac=1, random_state=seed), code, span, vintage),
        )


@given(rows=ROWS, span=SPANS)
def test_a_reported_zero_changes_nothing_but_what_is_known(
    city: dict[str, pd.DataFrame], rows: list[Row], span: str
) -> None:
    frame = generated([row for row in rows if row[0] == OLD])
    more = pd.concat([frame, values((OLD, "00002", "2024-01", "fires", 0))])
    without, with_zero = (figures(city, f, "fires", span, OLD) for f in (frame, more))
    assert_frame_equal(without.drop("00002"), with_zero.drop("00002"))
    whole, more_whole = (figures(city, f, "fires", span, OLD, "city").loc[""] for f in (frame, more))
    assert more_whole["value"] == (0 if pd.isna(whole["value"]) else pytest.approx(whole["value"]))
    assert more_whole["reporting_count"] - whole["reporting_count"] in (0, 1)


@given(reports=st.lists(st.integers(0, 100), min_size=4, max_size=4))
def test_counts_that_all_wards_report_are_the_same_in_every_vintage(
    city: dict[str, pd.DataFrame], reports: list[int]
) -> None:
    rows = values(
        *[
            (OLD, code, "2024-01", "fires", n)
            for code, n in zip(("00001", "00002", "00003", "00004"), reports, strict=True)
        ]
    )
    for vintage in (OLD, MID, NEW):
        whole = figures(city, rows, "fires", JAN, vintage, "city").loc[""]
        assert whole["value"] == pytest.approx(sum(reports))


def test_a_unit_is_compared_over_the_wards_that_reported_both_times(city: dict[str, pd.DataFrame]) -> None:
    rows = values(
        (OLD, "00001", "2023-03", "fires", 20),
        (OLD, "00002", "2023-03", "fires", 7),
        (OLD, "00001", "2024-03", "fires", 25),
        (OLD, "00003", "2024-03", "fires", 100),
    )
    start, end = (pd.Timestamp(day) for day in ("2024-03-01", "2024-03-31"))
    compared = compare_with_year_before(index_of(city, rows), "fires", start, end, OLD, "city").iloc[0]
    assert (compared["value"], compared["previous"]) == (125, 27)
    assert (compared["compared_count"], compared["compared_value"], compared["compared_previous_value"]) == (
        1,
        25,
        20,
    )
    assert (compared["difference"], compared["change_pct"]) == (5, 25)
    assert (compared["wards_pct"], compared["previous_wards_pct"]) == (50, 50)


def compared(
    city: dict[str, pd.DataFrame], rows: pd.DataFrame, code: str, *spans: str, by: Any = "ward"
) -> Any:
    pair = [(pd.Timestamp(span.split("/")[0]), pd.Timestamp(span.split("/")[1])) for span in spans]
    return compare_periods(index_of(city, rows), code, pair, OLD, (by,)).set_index("unit_code")


def test_a_unit_is_compared_over_the_same_months_of_both_periods(city: dict[str, pd.DataFrame]) -> None:
    rows = values(
        (OLD, "00001", "2023-01", "fires", 20),
        (OLD, "00001", "2023-03", "fires", 500),
        (OLD, "00001", "2024-01", "fires", 25),
        (OLD, "00001", "2024-02", "fires", 700),
        (OLD, "00002", "2023-02", "fires", 28),
        (OLD, "00002", "2024-02", "fires", 29),
    )
    year, before = "2024-01-01/2024-12-31", "2023-01-01/2023-12-31"
    found = compared(city, rows, "fires", year, before)
    assert found.loc["00001", ["compared_value", "compared_previous_value"]].tolist() == [25, 20]
    # Two months of twelve are too little for a percentage; of January alone there is one.
    assert found["change_pct"].isna().all()
    january = compared(city, rows, "fires", "2024-01-01/2024-01-31", "2023-01-01/2023-01-31")
    assert january.loc["00001", "change_pct"] == pytest.approx(25)
    # February of a leap year has one day more: per reported day nothing has changed.
    assert found.loc["00002", "difference"] == 1
    february = compared(city, rows, "fires", "2024-02-01/2024-02-29", "2023-02-01/2023-02-28")
    assert february.loc["00002", "change_pct"] == pytest.approx(0, abs=1e-9)
    whole = compared(city, rows, "fires", year, before, by="city").loc[""]
    assert (whole["compared_value"], whole["compared_previous_value"], whole["compared_count"]) == (54, 48, 2)


def test_periods_without_a_month_in_common_are_not_compared(city: dict[str, pd.DataFrame]) -> None:
    rows = values((OLD, "00001", "2024-01", "fires", 20), (OLD, "00001", "2024-02", "fires", 25))
    found = compared(city, rows, "fires", FEB, JAN).loc["00001"]
    assert (found["value"], found["previous"]) == (25, 20)
    assert pd.isna(found["difference"])
    assert not found["is_clear"]


def test_years_of_longer_periods_pair_in_their_order(city: dict[str, pd.DataFrame]) -> None:
    rows = values(*[(OLD, "00001", f"{year}-01", "fires", year - 1900) for year in range(2020, 2025)])
    found = compared(city, rows, "fires", "2022-06-01/2024-12-31", "2019-06-01/2021-12-31").loc["00001"]
    # January of 2023 and 2024 with January of 2020 and 2021.
    assert (found["compared_value"], found["compared_previous_value"]) == (123 + 124, 120 + 121)


def test_one_report_is_no_change_of_a_level(city: dict[str, pd.DataFrame]) -> None:
    found = compared(city, TEAMS, "fire_safety_teams", "2024-03-01/2024-03-31", "2024-02-01/2024-02-29")
    assert found.loc["00001", "difference"] == 2
    assert pd.isna(found.loc["00002", "difference"])


def test_a_change_that_chance_explains_is_not_clear(city: dict[str, pd.DataFrame]) -> None:
    rows = values(
        (OLD, "00001", "2023-03", "fires", 30),
        (OLD, "00001", "2024-03", "fires", 36),
        (OLD, "00002", "2023-03", "fires", 300),
        (OLD, "00002", "2024-03", "fires", 360),
    )
    found = compared(city, rows, "fires", "2024-03-01/2024-03-31", "2023-03-01/2023-03-31")
    assert found["is_clear"][["00001", "00002"]].tolist() == [False, True]


def comparable(
    city: dict[str, pd.DataFrame], rows: pd.DataFrame, code: str, span: str, by: Any = "ward"
) -> Any:
    start, end = (pd.Timestamp(day) for day in span.split("/"))
    return comparable_values(index_of(city, rows), code, start, end, OLD, by).set_index("unit_code")


QUARTER = "2024-01-01/2024-03-31"
UNEVEN = values(
    *[(OLD, "00001", month, "fires", 4) for month in ("2024-01", "2024-02", "2024-03")],
    *[(OLD, "00002", month, "fires", 2) for month in ("2024-01", "2024-02", "2024-03")],
    (OLD, "00003", "2024-01", "fires", 90),
    (OLD, "00003", "2024-02", "fires", 90),
    (OLD, "903", QUARTER, "fires", 12),
)


def test_a_ward_that_reported_too_little_is_part_of_no_mean(city: dict[str, pd.DataFrame]) -> None:
    found = comparable(city, UNEVEN, "fires", QUARTER)
    assert found["is_reported"].to_dict() == {
        "00001": True,
        "00002": True,
        "00003": False,  # 60 of 91 days
        "00004": False,
        "903": True,
    }
    assert found["is_rankable"][["00001", "00002", "00003"]].tolist() == [True, False, False]
    assert found.loc["00002", "is_few"]
    whole = comparable(city, UNEVEN, "fires", QUARTER, "city").loc[""]
    assert whole["value"] == 12 + 6 + 12
    assert whole["per_1000"] == pytest.approx(30 / whole["thousand_resident_years"])
    assert whole["reporting_count"] == 2
    assert whole["days_pct"] == pytest.approx(100 * (91 + 91 + 60) / (4 * 91))
    assert whole["is_reported"]
    districts = comparable(city, UNEVEN, "fires", QUARTER, "district")
    assert districts["is_reported"].to_dict() == {"901": True, "902": False, "903": False}
    assert pd.isna(districts.loc["902", "value"])


def test_a_rate_per_reported_time_is_the_same_whatever_is_missing(city: dict[str, pd.DataFrame]) -> None:
    months = [f"2024-{month:02}" for month in range(1, 13)]
    days = {month: pd.Period(month).days_in_month for month in months}
    rows = values(*[(OLD, "00001", month, "fires", days[month]) for month in months])
    rates = [
        comparable(city, rows[:count], "fires", "2024-01-01/2024-12-31").loc["00001", "per_1000"]
        for count in (12, 7, 1)
    ]
    assert rates == [pytest.approx(365.25)] * 3  # one a day, of 1.000 residents


def test_every_figure_has_the_interval_of_its_kind(city: dict[str, pd.DataFrame]) -> None:
    found = comparable(city, UNEVEN, "fires", QUARTER)
    for column in ("value", "per_1000", "per_km2"):
        low, high = interval(found, "count", column)
        scale = found.loc["00001", column] / 12
        assert (low[0], high[0]) == (pytest.approx(6.1935098 * scale), pytest.approx(20.9628581 * scale))
        assert np.isnan(low[3])
    share = comparable(city, SATISFACTION, "satisfaction_pct", BOTH)
    low, high = interval(share, "share", "value")
    expected = stats.binomtest(89, 110).proportion_ci(method="wilson")
    assert (low[0], high[0]) == (pytest.approx(100 * expected.low), pytest.approx(100 * expected.high))
    assert np.isnan(interval(comparable(city, TEAMS, "fire_safety_teams", JAN), "level", "value")).all()


def test_a_share_out_of_fewer_than_ten_is_no_percentage(city: dict[str, pd.DataFrame]) -> None:
    few = SATISFACTION.assign(numerator=[4.0, 50.0, 80.0], denominator=[5.0, 100.0, 100.0])
    january = comparable(city, few, "satisfaction_pct", JAN)
    assert january["value"].dropna().to_dict() == {"00002": 50}
    assert january["is_few"][["00001", "00002"]].tolist() == [True, False]


def test_a_percentage_that_cannot_cross_a_redrawing_stands_as_last_known(
    city: dict[str, pd.DataFrame],
) -> None:
    rows = values(
        (OLD, "00001", "2024-11", "headquarters_ready_pct", 70),
        (OLD, "00001", "2024-12", "headquarters_ready_pct", 75),
        (MID, "00001", "2025-03", "headquarters_ready_pct", 90),
        (OLD, "00003", "2024-12", "headquarters_ready_pct", 40),
        (MID, "00003", "2025-03", "headquarters_ready_pct", 50),
    )
    old = figures(city, rows, "headquarters_ready_pct", "2025-01-01/2025-03-31", OLD)
    # An Đông went into Đông with another ward; Thủy Tây is the same ward in both vintages.
    assert old.loc["00001", ["value", "latest_day"]].tolist() == [75, pd.Timestamp("2024-12-31")]
    assert old.loc["00003", ["value", "latest_day"]].tolist() == [50, pd.Timestamp("2025-03-31")]


def test_a_vintage_without_any_districts_has_no_figures_of_them(city: dict[str, pd.DataFrame]) -> None:
    alone = city | {"ward": city["ward"].assign(district_code=None)}
    assert figures(alone, FIRES, "fires", JAN, OLD, "district").empty
    assert figures(alone, FIRES, "fires", JAN, OLD, "city").loc["", "value"] == 15
    nothing = figures(city, FIRES.iloc[:0], "fires", JAN, OLD)
    assert nothing["value"].isna().all()
    assert figures(city, TEAMS.iloc[:0], "fire_safety_teams", JAN, OLD)["value"].isna().all()
