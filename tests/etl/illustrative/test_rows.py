"""Illustrative rows: labelled, whole but for their gaps, repeatable, and continuous over both redrawings.

The wards are those of the small city; sets of criteria and the catalogue of indicators are the shipped ones.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from etl.illustrative.indicators import AMOUNTS, PERCENTAGES
from etl.illustrative.rows import illustrative_rows
from etl.register.tables import Register, read_register
from geodata.contract.layers import check, read_layer
from geodata.settings import SOURCES
from geodata.wards.descent import trace_descent
from tests.small_city import MID, NEW, OLD, SmallCity

UNTIL = pd.Timestamp("2026-11-21")
LAST = pd.Timestamp("2026-10-31")
KEY = ["vintage", "ward_code", "indicator_code", "period_start", "period_end"]

Rows = dict[str, pd.DataFrame]
Make = Callable[..., Rows]


@pytest.fixture(scope="module")
def register(small_city: SmallCity) -> Register:
    shipped = read_register(SOURCES)
    return {
        **read_register(small_city.sources),
        **{name: shipped[name] for name in ("criteria_set", "criterion", "indicator")},
    }


@pytest.fixture(scope="module")
def make(small_gpkg: Path, register: Register) -> Make:
    """Return the generator on the small city; what is given replaces its wards, register, day or seed."""
    wards = pd.DataFrame(read_layer(small_gpkg, "ward").drop(columns="geometry"))
    crosswalk = read_layer(small_gpkg, "crosswalk")

    def made(
        change: Callable[[pd.DataFrame], pd.DataFrame] = lambda wards: wards,
        until: pd.Timestamp = UNTIL,
        seed: int = 1,
        **tables: pd.DataFrame,
    ) -> Rows:
        rows = illustrative_rows(change(wards), crosswalk, {**register, **tables}, until, seed)
        return {name: check(name, frame) for name, frame in rows.items()}

    return made


@pytest.fixture(scope="module")
def rows(make: Make) -> Rows:
    return make()


def populous(wards: pd.DataFrame) -> pd.DataFrame:
    """Return the small city with two hundred times its residents, so that totals hardly vary by chance."""
    return wards.assign(population=wards["population"] * 200)


def is_within(part: pd.DataFrame, whole: pd.DataFrame) -> bool:
    """Return whether every row of a layer is, cell by cell, a row of another."""
    marked = whole.assign(is_there=True)
    found = part.merge(marked, on=list(part.columns), how="left", validate="one_to_one")
    return bool(found["is_there"].eq(True).all())


def test_every_row_says_that_it_is_illustrative(rows: Rows) -> None:
    assert set(rows) == {"inspection", "criterion_result", "recommendation", "indicator_value", "source"}
    (source,) = rows["source"].to_dict("records")
    assert "minh họa" in source["title"]
    for name in set(rows) - {"source"}:
        assert len(rows[name])
        assert rows[name]["is_illustrative"].all()
        assert set(rows[name]["source"]) == {source["source_id"]}
    assert set(rows["inspection"]["verdict"]) == {"Minh họa"}
    assert set(rows["inspection"]["inspecting_body"]) == {"Minh họa"}
    assert rows["recommendation"]["text"].str.startswith("Minh họa: ").all()
    assert rows["inspection"]["inspection_id"].str.startswith("illustrative-").all()


def test_every_month_belongs_to_the_wards_in_force_from_july_2021_to_the_last_full_one(rows: Rows) -> None:
    values = rows["indicator_value"]
    assert values["period_start"].min() == pd.Timestamp("2021-07-01")
    assert values["period_end"].max() == LAST
    assert (values["period_start"] + pd.offsets.MonthEnd()).equals(values["period_end"])
    spans = values.groupby("vintage")["period_end"].agg(["min", "max"]).astype(str).to_dict("index")
    assert spans == {
        OLD: {"min": "2021-07-31", "max": "2024-12-31"},
        MID: {"min": "2025-01-31", "max": "2025-06-30"},
        NEW: {"min": "2025-07-31", "max": str(LAST.date())},
    }
    days = rows["inspection"]["inspection_date"]
    vintage_of_day = np.where(days < MID, OLD, np.where(days < NEW, MID, NEW))
    assert (rows["inspection"]["vintage"] == vintage_of_day).all()
    assert days.min() >= pd.Timestamp("2021-07-13")
    assert days.max() <= LAST


@pytest.mark.parametrize(("until", "last"), [("2026-10-31", "2026-09-30"), ("2026-11-01", "2026-10-31")])
def test_the_last_month_is_full_before_the_day(make: Make, until: str, last: str) -> None:
    assert make(until=pd.Timestamp(until))["indicator_value"]["period_end"].max() == pd.Timestamp(last)


@pytest.mark.parametrize("until", ["2020-01-01", "2021-07-31"])
def test_there_is_nothing_before_july_2021_is_over(make: Make, until: str) -> None:
    assert not any(len(frame) for frame in make(until=pd.Timestamp(until)).values())


def test_months_and_wards_are_complete_but_for_gaps(make: Make) -> None:
    reported = 0
    for seed in range(8):
        values = make(seed=seed)["indicator_value"]
        residents = values[values["indicator_code"] == "eid_activated_pct"]
        assert set(zip(residents["vintage"], residents["ward_code"], strict=True)) == {
            *((OLD, code) for code in ("00001", "00002", "00003", "00004")),
            *((MID, code) for code in ("00001", "00003", "00004")),
            *((NEW, code) for code in ("00001", "00002", "00003", "00005")),
        }
        reported += len(residents)
    due = 8 * (42 * 4 + 6 * 3 + 16 * 4)
    assert 0.85 * due < reported < due


def test_a_gap_is_a_row_that_is_missing_and_a_zero_is_a_row(rows: Rows) -> None:
    values = rows["indicator_value"]
    wide = values.pivot_table(
        index=["vintage", "ward_code", "period_end"], columns="indicator_code", values="value"
    )
    monthly = ["crime_cases", "fires", "fire_inspections", "fire_safety_teams", "headquarters_ready_pct"]
    # A month is reported whole or not at all.
    assert wide[monthly].notna().all(axis=None)
    assert len(wide) < 42 * 4 + 6 * 3 + 16 * 4
    assert 0 < (wide["fires"] == 0).mean() < 1
    assert (values["value"] >= 0).all()


def test_a_share_is_recomputed_from_its_parts_and_missing_where_nothing_was_counted(rows: Rows) -> None:
    values = rows["indicator_value"]
    shares = values[values["numerator"].notna()]
    assert set(shares["indicator_code"]) == {
        "crime_clearance_pct",
        "reports_handled_pct",
        "online_procedures_pct",
        "ontime_procedures_pct",
        "satisfaction_pct",
    }
    assert (shares["denominator"] > 0).all()
    assert np.allclose(shares["value"], 100 * shares["numerator"] / shares["denominator"], atol=1e-12)
    assert values.loc[values["numerator"].isna(), "denominator"].isna().all()
    of_crime = shares[shares["indicator_code"] == "crime_clearance_pct"]
    cases = values[(values["indicator_code"] == "crime_cases") & (values["value"] > 0)]
    place = ["vintage", "ward_code", "period_end"]
    both = cases.merge(of_crime, on=place, how="outer", validate="one_to_one", suffixes=("_cases", ""))
    assert both["value_cases"].equals(both["denominator"].rename("value_cases"))


def test_counts_and_stocks_are_whole_and_percentages_stay_in_their_range(
    rows: Rows, register: Register
) -> None:
    values = rows["indicator_value"].merge(
        register["indicator"], on="indicator_code", how="left", validate="many_to_one"
    )
    is_pct = values["unit"] == "%"
    assert values.loc[is_pct, "value"].between(0, 100).all()
    assert (values.loc[~is_pct, "value"] % 1 == 0).all()


def test_every_indicator_of_the_shipped_catalogue_has_a_pattern(register: Register, rows: Rows) -> None:
    catalogue = register["indicator"]
    assert set(rows["indicator_value"]["indicator_code"]) == set(catalogue["indicator_code"])
    of_kind = catalogue.groupby("kind")["indicator_code"]
    assert set(of_kind.get_group("count")) <= set(AMOUNTS)
    assert set(of_kind.get_group("share")) <= set(PERCENTAGES)


def test_an_indicator_that_is_not_in_the_catalogue_gets_no_rows(make: Make, register: Register) -> None:
    catalogue = register["indicator"]
    fewer = catalogue[catalogue["indicator_code"].isin(["fires", "satisfaction_pct"])]
    values = make(indicator=fewer)["indicator_value"]
    assert set(values["indicator_code"]) == {"fires", "satisfaction_pct"}
    assert is_within(values, make()["indicator_value"])


def test_a_pilot_ward_is_inspected_in_every_quarter_and_another_once_a_year(rows: Rows) -> None:
    made = rows["inspection"].assign(
        quarter=rows["inspection"]["inspection_date"].dt.to_period("Q"),
        year=rows["inspection"]["inspection_date"].dt.year,
    )
    # Hòa Bình, pilot ward since 2021, became a part of Đông.
    pilot = made[
        made["ward_code"].eq("00002") & made["vintage"].eq(OLD)
        | made["ward_code"].eq("00001") & made["vintage"].ne(OLD)
    ]
    whole = pilot.loc[pilot["quarter"] <= pd.Period("2026Q3"), "quarter"]
    assert whole.tolist() == pd.period_range("2021Q3", "2026Q3", freq="Q").tolist()
    others = made.drop(pilot.index)
    counts = others[others["year"].between(2022, 2024)].groupby(["ward_code", "year"]).size()
    assert counts.to_dict() == {(c, y): 1 for c in ("00001", "00003", "00004") for y in (2022, 2023, 2024)}
    assert others.groupby(["vintage", "ward_code", "year"]).size().max() == 1


def test_no_inspection_falls_on_the_day_of_a_real_one_of_the_ward(make: Make, register: Register) -> None:
    made = make()["inspection"]
    taken = made.iloc[[0]].assign(inspection_id="real", is_illustrative=False, source="article")
    rows = make(inspection=pd.concat([register["inspection"], taken], ignore_index=True))
    gone = set(made["inspection_id"]) - set(rows["inspection"]["inspection_id"])
    assert gone == {made["inspection_id"].iloc[0]}
    for layer in ("criterion_result", "recommendation"):
        assert not gone & set(rows[layer]["inspection_id"])
    assert set(made["inspection_date"].dt.day_of_week) <= {0, 1, 2, 3, 4}


def test_criteria_are_those_of_the_set_in_force_and_agree_with_the_inspection(rows: Rows) -> None:
    made = rows["inspection"]
    assert (made["criteria_set"] == np.where(made["inspection_date"] < "2024-01-01", "v1", "v2")).all()
    results = rows["criterion_result"].merge(
        made[["inspection_id", "criteria_set"]], on="inspection_id", how="left", validate="many_to_one"
    )
    sizes: Any = results.groupby(["criteria_set", "inspection_id"]).size()
    assert set(sizes["v1"]) == {22}
    assert set(sizes["v2"]) == {20}
    counts = pd.crosstab(results["inspection_id"], results["result"]).loc[made["inspection_id"]]
    assert counts["met"].tolist() == made["criteria_met"].tolist()
    assert (counts["met"] + counts["not_met"]).tolist() == made["criteria_assessed"].tolist()
    assert (made["criteria_met"] <= made["criteria_assessed"]).all()
    assert set(results["result"]) == {"met", "not_met", "not_assessed"}


def test_more_criteria_are_met_as_time_goes_on(make: Make) -> None:
    made = pd.concat([make(seed=seed)["inspection"] for seed in range(8)])
    share = made["criteria_met"] / made["criteria_assessed"]
    by_year = share.astype(float).groupby(made["inspection_date"].dt.year).mean()
    assert by_year[2021] < by_year[2023] < by_year[2026]
    assert by_year[2021] > 0.5


def test_a_recommendation_is_on_a_criterion_that_was_not_met(rows: Rows) -> None:
    advice = rows["recommendation"].assign(
        criterion_code=rows["recommendation"]["recommendation_id"].str[-2:]
    )
    found = advice.merge(
        rows["criterion_result"], on=["inspection_id", "criterion_code"], how="left", validate="one_to_one"
    ).merge(rows["inspection"], on="inspection_id", how="left", validate="many_to_one")
    assert set(found["result"]) == {"not_met"}
    assert (found["due_date"] > found["inspection_date"]).all()
    named = found["text"].str.extract(r"tiêu chí (\d+)$")[0].astype(int)
    assert named.tolist() == found["criterion_code"].astype(int).tolist()
    assert set(found["state"]) == {"open", "in_progress", "done"}


def test_criteria_met_is_what_the_last_inspection_found(rows: Rows) -> None:
    made = rows["inspection"]
    of_ward = made[(made["vintage"] == NEW) & (made["ward_code"] == "00001")].sort_values("inspection_date")
    values = rows["indicator_value"]
    reported = values[
        (values["indicator_code"] == "criteria_met")
        & (values["vintage"] == NEW)
        & (values["ward_code"] == "00001")
    ]
    assert len(reported)
    for end, value in zip(reported["period_end"], reported["value"], strict=True):
        assert value == of_ward.loc[of_ward["inspection_date"] <= end, "criteria_met"].iloc[-1]


def test_no_criteria_met_is_made_up_while_a_real_inspection_is_the_last(
    make: Make, register: Register
) -> None:
    """Hòa Bình was really inspected on 23/11/2023, with a count of criteria met."""
    for seed in range(3):
        rows = make(seed=seed)
        values, made = rows["indicator_value"], rows["inspection"]
        made = made[(made["vintage"] == OLD) & (made["ward_code"] == "00002")]
        after = made.loc[made["inspection_date"] > "2023-11-23", "inspection_date"].min()
        is_met = (values["indicator_code"] == "criteria_met") & (values["ward_code"] == "00002")
        ends = values.loc[is_met & (values["vintage"] == OLD), "period_end"]
        assert len(ends)
        assert not ends.between("2023-11-23", after, inclusive="left").any()


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(make: Make, rows: Rows) -> None:
    again, other = make(), make(seed=2)
    for name in rows:
        pd.testing.assert_frame_equal(rows[name], again[name])
    for name in ("inspection", "criterion_result", "recommendation", "indicator_value"):
        assert not rows[name].equals(other[name])


@pytest.mark.parametrize(
    "until", ["2021-08-01", "2022-02-15", "2024-12-31", "2025-01-01", "2025-05-03", "2025-08-01"]
)
def test_a_later_day_only_appends(make: Make, rows: Rows, until: str) -> None:
    earlier = make(until=pd.Timestamp(until))
    end = pd.Timestamp(until).to_period("M").start_time
    for name, frame in earlier.items():
        assert is_within(frame, rows[name]), name
    for name, day in (("indicator_value", "period_end"), ("inspection", "inspection_date")):
        assert len(earlier[name]) == (rows[name][day] < end).sum()


def test_a_row_does_not_depend_on_other_wards(make: Make, rows: Rows) -> None:
    others = [(OLD, "00004"), (NEW, "00005")]
    fewer = make(lambda wards: wards[~pd.MultiIndex.from_frame(wards[["vintage", "ward_code"]]).isin(others)])
    for name in ("inspection", "indicator_value"):
        kept = fewer[name][fewer[name]["ward_code"].isin(["00001", "00002"])]
        every = rows[name][rows[name]["ward_code"].isin(["00001", "00002"])]
        pd.testing.assert_frame_equal(kept.reset_index(drop=True), every.reset_index(drop=True))


def city_totals(values: pd.DataFrame, code: str) -> pd.Series:
    """Return the totals of an indicator over the old city by month, missing where a ward did not report."""
    chosen = values[(values["indicator_code"] == code) & ~values["ward_code"].eq("00005")]
    by_month = chosen.groupby("period_end")["value"].agg(["sum", "size"])
    wards = chosen.groupby("vintage")["ward_code"].nunique()
    due = chosen.groupby("period_end")["vintage"].first().map(wards)
    return by_month["sum"].where(by_month["size"] == due)


@pytest.fixture(scope="module")
def populous_values(make: Make) -> list[pd.DataFrame]:
    """Return the indicators of twelve seeds in the city with more residents."""
    return [make(populous, seed=seed)["indicator_value"] for seed in range(12)]


@pytest.mark.parametrize("redrawn", [MID, NEW])
@pytest.mark.parametrize(("code", "jump"), [("fire_safety_teams", 0.03), ("urban_order_violations", 0.05)])
def test_the_totals_of_the_city_do_not_jump_at_a_redrawing(
    populous_values: list[pd.DataFrame], redrawn: str, code: str, jump: float
) -> None:
    """A stock grows by 1,4 % a month; a count varies by its season, up to 4 % a month, and by chance."""
    before, after = (
        pd.Timestamp(redrawn) - pd.Timedelta(days=1),
        pd.Timestamp(redrawn) + pd.offsets.MonthEnd(),
    )
    totals = pd.DataFrame([city_totals(values, code) for values in populous_values])
    ratios = (totals[after] / totals[before]).dropna()
    assert len(ratios) >= 5
    assert abs(ratios.mean() - 1) < jump


def test_a_ward_takes_its_level_from_what_went_into_it(small_gpkg: Path) -> None:
    """Đông: An Đông and Hòa Bình. Thủy Tây went 75 : 25 to Tây and Núi Đèo. Bắc has no predecessor."""
    roots, descents = trace_descent(read_layer(small_gpkg, "ward"), read_layer(small_gpkg, "crosswalk"))
    assert list(zip(roots["vintage"], roots["ward_code"], roots["residents"], strict=True)) == [
        (OLD, "00001", 1000),
        (OLD, "00002", 1500),
        (OLD, "00003", 2000),
        (OLD, "00004", 800),
        (OLD, "903", 100),
        (NEW, "00005", 500),
    ]
    residents = roots["residents"].to_numpy(dtype=float)
    carried = {d.vintage: dict(zip(d.codes, d.carry(residents).round(6), strict=True)) for d in descents}
    assert carried == {
        OLD: {"00001": 1000, "00002": 1500, "00003": 2000, "00004": 800},
        MID: {"00001": 2500, "00003": 2000, "00004": 800},
        NEW: {"00001": 2500, "00002": 1500, "00003": 1300, "00005": 500},
    }
    assert dict(zip(descents[2].codes, roots["ward_code"].iloc[descents[2].lead], strict=True)) == {
        "00001": "00002",
        "00002": "00003",
        "00003": "00004",
        "00005": "00005",
    }


def test_without_the_wards_of_2020_those_of_2025_stand_in(make: Make) -> None:
    values = make(lambda wards: wards[wards["vintage"] != OLD])["indicator_value"]
    assert set(values["vintage"]) == {MID, NEW}
    assert values.loc[values["vintage"] == MID, "period_start"].min() == pd.Timestamp("2021-07-01")


def test_unknown_residents_do_not_stop_it(make: Make) -> None:
    rows = make(lambda wards: wards.assign(population=pd.array([pd.NA] * len(wards), dtype="Int64")))
    assert len(rows["indicator_value"])
