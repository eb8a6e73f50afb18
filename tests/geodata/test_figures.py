"""The figures of the dashboard, on a city small enough to reckon by hand, and as properties."""

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.programme.coverage import pilot_coverage
from geodata.programme.inspections import inspections_on
from geodata.programme.status import status_on

OLD, NEW = "2020-02-01", "2025-07-01"


def wards(*rows: tuple[str, str, float, int | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["vintage", "ward_code", "area_km2", "population"])
    frame["population"] = frame["population"].astype("Int64")
    frame["outline_area_km2"] = frame["area_km2"]
    return frame.assign(ward_name="Phường " + frame["ward_code"], ward_kind="phường")


def statuses(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["ward_code", "valid_from", "role", "stage"])
    return frame.assign(
        vintage=OLD,
        valid_from=pd.to_datetime(frame["valid_from"]),
        valid_from_precision="day",
        period="2022",
        source="A",
    )


def flows(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["from_ward_code", "to_ward_code", "area_weight"])
    km2 = CITY[CITY["vintage"] == OLD].set_index("ward_code")["area_km2"]
    return frame.assign(
        from_vintage=OLD,
        to_vintage=NEW,
        population_weight=frame["area_weight"],
        overlap_km2=frame["area_weight"] * frame["from_ward_code"].map(km2),
        link="part",
        link_source="official",
    )


def on(day: str, *frames: pd.DataFrame) -> Any:
    return status_on(pd.Timestamp(day), *frames).set_index(["vintage", "ward_code"])


CITY = wards((OLD, "1", 1, 100), (OLD, "2", 3, 100), (OLD, "3", 1, 50), (NEW, "1", 4, 200), (NEW, "9", 1, 50))
PILOT = statuses(("1", "2022-01-01", "pilot", "building"), ("1", "2023-11-23", "pilot", "inspected"))
MERGE = flows(("1", "1", 1), ("2", "1", 1), ("3", "9", 1))


def test_a_stage_holds_from_its_date_until_the_next() -> None:
    assert pd.isna(on("2021-12-31", CITY, PILOT, MERGE).loc[(OLD, "1"), "role"])
    assert on("2022-01-01", CITY, PILOT, MERGE).loc[(OLD, "1"), "stage"] == "building"
    assert on("2023-11-22", CITY, PILOT, MERGE).loc[(OLD, "1"), "stage"] == "building"
    assert on("2023-11-23", CITY, PILOT, MERGE).loc[(OLD, "1"), "stage"] == "inspected"


def test_a_successor_of_a_pilot_ward_and_another_is_partly() -> None:
    merged = on("2024-01-01", CITY, PILOT, MERGE).loc[(NEW, "1")]
    assert (merged["role"], merged["stage"], merged["is_partly"]) == ("pilot", "inspected", True)
    assert merged["pilot_area_pct"] == pytest.approx(25)  # 1 of 4 km²
    assert merged["pilot_population_pct"] == pytest.approx(50)  # 100 of 200 residents
    assert merged["from_wards"] == "Phường 1 (1)"


def test_a_reused_code_says_nothing_about_the_other_vintage() -> None:
    split_off = flows(("1", "9", 1), ("2", "1", 1), ("3", "1", 1))
    carried = on("2024-01-01", CITY, PILOT, split_off)
    assert pd.isna(carried.loc[(NEW, "1"), "role"])
    assert carried.loc[(NEW, "9"), "role"] == "pilot"


def test_a_stage_carries_over_whole_only_from_wards_that_all_hold_it() -> None:
    both = pd.concat([PILOT, statuses(("2", "2023-11-23", "pilot", "inspected"))])
    whole = on("2024-01-01", CITY, both, MERGE).loc[(NEW, "1")]
    assert not whole["is_partly"]
    assert whole["pilot_area_pct"] == pytest.approx(100)
    other_stage = pd.concat([PILOT, statuses(("2", "2023-11-23", "pilot", "building"))])
    mixed = on("2024-01-01", CITY, other_stage, MERGE).loc[(NEW, "1")]
    assert mixed["is_partly"]
    assert mixed["stage"] == "inspected"
    assert mixed["pilot_area_pct"] == pytest.approx(100)


def test_a_pilot_and_a_visit_site_in_one_successor_keep_their_own_shares() -> None:
    both = pd.concat([PILOT, statuses(("2", "2022-09-12", "visit_site", None))])
    merged = on("2024-01-01", CITY, both, MERGE).loc[(NEW, "1")]
    assert merged["role"] == "pilot"
    assert (merged["pilot_area_pct"], merged["visit_site_area_pct"]) == (pytest.approx(25), pytest.approx(75))


def test_unknown_residents_leave_the_share_of_residents_missing() -> None:
    unknown = CITY.assign(population=CITY["population"].mask(CITY["ward_code"] == "2"))
    merged = on("2024-01-01", unknown, PILOT, MERGE).loc[(NEW, "1")]
    assert math.isnan(merged["pilot_population_pct"])
    assert merged["pilot_area_pct"] == pytest.approx(25)


def summary(vintage: str, city: pd.DataFrame = CITY) -> pd.DataFrame:
    status = status_on(pd.Timestamp("2024-01-01"), city, PILOT, MERGE)
    return city.merge(status, on=["vintage", "ward_code"], validate="one_to_one").query("vintage == @vintage")


def test_coverage_gives_wards_area_and_residents() -> None:
    old = pilot_coverage(summary(OLD))
    assert (old.ward_count, old.pilot_ward_count, old.partly_ward_count) == (3, 1, 0)
    assert old.wards_pct == pytest.approx(100 / 3)
    assert old.area_pct == pytest.approx(20)  # 1 of 5 km²
    assert old.population_pct == pytest.approx(40)  # 100 of 250 residents
    new = pilot_coverage(summary(NEW))
    assert (new.pilot_ward_count, new.partly_ward_count) == (0, 1)
    assert new.area_pct == pytest.approx(20)
    assert new.population_pct == pytest.approx(40)


def test_a_huyen_without_communes_is_no_ward_but_has_an_area() -> None:
    island = CITY.assign(ward_kind=["phường", "phường", "huyện", "phường", "phường"])
    coverage = pilot_coverage(summary(OLD, island))
    assert coverage.ward_count == 2
    assert coverage.area_pct == pytest.approx(20)


def test_coverage_of_nothing_is_missing_not_zero() -> None:
    nothing = pilot_coverage(summary(OLD).iloc[:0])
    assert nothing.ward_count == 0
    assert math.isnan(nothing.wards_pct)
    assert math.isnan(nothing.area_pct)


def test_a_missing_population_leaves_the_coverage_of_residents_missing() -> None:
    unknown = CITY.assign(population=CITY["population"].mask(CITY["ward_code"] == "2"))
    assert math.isnan(pilot_coverage(summary(OLD, unknown)).population_pct)


def inspections(*rows: tuple[str, str, str, str, int | None, int | None]) -> pd.DataFrame:
    columns = [
        "inspection_id",
        "ward_code",
        "inspection_date",
        "verdict",
        "criteria_met",
        "criteria_assessed",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(
        vintage=OLD,
        inspection_date=pd.to_datetime(frame["inspection_date"]),
        criteria_set="v1",
        criteria_met=frame["criteria_met"].astype("Int64"),
        criteria_assessed=frame["criteria_assessed"].astype("Int64"),
        is_illustrative=False,
    )


def test_the_last_inspection_is_the_last_one_up_to_the_day() -> None:
    inspection = inspections(
        ("a", "1", "2023-11-23", "đạt", None, None), ("b", "1", "2024-11-23", "chưa đạt", 19, 20)
    )
    held = inspections_on(pd.Timestamp("2024-01-01"), CITY, inspection, MERGE)
    found: Any = held.set_index(["vintage", "ward_code"])
    assert found.loc[(OLD, "1"), "inspection_count"] == 1
    assert found.loc[(OLD, "1"), "last_verdict"] == "đạt"
    assert pd.isna(found.loc[(OLD, "1"), "criteria_met"])
    # The reused code's ward was never inspected.
    assert found.loc[(NEW, "1"), "inspection_count"] == 0
    assert pd.isna(found.loc[(NEW, "1"), "last_inspection_date"])


@given(
    areas=st.lists(st.floats(0.1, 100), min_size=2, max_size=6),
    split=st.floats(0.05, 0.95),
    pilots=st.sets(st.integers(0, 5)),
)
def test_the_area_in_the_pilot_is_the_same_before_and_after_a_redrawing(
    areas: list[float], split: float, pilots: set[int]
) -> None:
    """Ward 0 is split between the two successors; the others merge into one of them by parity."""
    codes = [str(i) for i in range(len(areas))]
    to = [("0", "A", split), ("0", "B", 1 - split)]
    to += [(c, "AB"[int(c) % 2], 1.0) for c in codes[1:]]
    flow = flows(*to)
    area = dict(zip(codes, areas, strict=True))
    flow["overlap_km2"] = flow["area_weight"] * flow["from_ward_code"].map(area)
    received = {
        t: sum(w * area[c] for c, target, w in to if target == t) for t in {target for _, target, _ in to}
    }
    city = wards(*[(OLD, c, area[c], 10) for c in codes], *[(NEW, t, a, 10) for t, a in received.items()])
    status = statuses(*[(c, "2022-01-01", "pilot", "building") for c in codes if int(c) in pilots])
    held = city.merge(
        status_on(pd.Timestamp("2024-01-01"), city, status, flow),
        on=["vintage", "ward_code"],
        validate="one_to_one",
    )
    old, new = (pilot_coverage(held[held["vintage"] == v]) for v in (OLD, NEW))
    assert new.area_pct == pytest.approx(old.area_pct, abs=1e-6)


MID = "2025-01-01"
THREE = pd.concat([CITY, wards((MID, "1", 1, 110), (MID, "2", 3, 100), (MID, "3", 1, 50))], ignore_index=True)
UNCHANGED = [("1", "1", 1.0), ("2", "2", 1.0), ("3", "3", 1.0)]
ALL_WAYS = pd.concat(
    [
        MERGE,
        flows(*UNCHANGED).assign(to_vintage=MID),
        flows(*UNCHANGED).assign(from_vintage=MID, to_vintage=OLD),
        MERGE.assign(from_vintage=MID),
        flows(("1", "1", 0.25), ("1", "2", 0.75), ("9", "3", 1)).assign(from_vintage=NEW, to_vintage=MID),
        flows(("1", "1", 0.25), ("1", "2", 0.75), ("9", "3", 1)).assign(from_vintage=NEW, to_vintage=OLD),
    ],
    ignore_index=True,
)


def test_a_ward_that_went_on_unchanged_holds_its_stage_whole() -> None:
    held = on("2024-01-01", THREE, PILOT, ALL_WAYS)
    assert held.loc[(MID, "1"), ["stage", "is_partly", "pilot_area_pct"]].tolist() == [
        "inspected",
        False,
        100,
    ]
    # Into the third vintage the stage comes from the ward it was recorded of, not by way of the second one.
    assert held.loc[(NEW, "1"), "pilot_population_pct"] == pytest.approx(50)  # 100 of 200, not 110 of 210
    assert held.loc[(NEW, "1"), "from_wards"] == "Phường 1 (1)"


def test_the_later_record_counts_whatever_vintage_it_was_made_in() -> None:
    later = pd.concat(
        [
            PILOT,
            statuses(("2", "2022-09-12", "visit_site", None)),
            statuses(("1", "2025-04-22", "pilot", "recognised")).assign(vintage=MID),
        ]
    )
    held = on("2025-06-30", THREE, later, ALL_WAYS)
    assert held.loc[(OLD, "1"), ["stage", "is_partly"]].tolist() == ["recognised", False]
    assert held.loc[(NEW, "1"), ["stage", "is_partly"]].tolist() == ["recognised", True]
    # What the first vintage says of the neighbour is not lost.
    assert held.loc[(NEW, "1"), "visit_site_area_pct"] == pytest.approx(75)
    assert on("2025-04-21", THREE, later, ALL_WAYS).loc[(NEW, "1"), "stage"] == "inspected"


def test_a_wards_own_later_record_ends_what_was_carried_to_it() -> None:
    own = pd.concat([PILOT, statuses(("1", "2025-08-01", "pilot", "building")).assign(vintage=NEW)])
    before, after = (on(day, THREE, own, ALL_WAYS) for day in ("2025-07-31", "2025-08-01"))
    assert before.loc[(NEW, "1"), ["stage", "is_partly"]].tolist() == ["inspected", True]
    assert after.loc[(NEW, "1"), ["stage", "is_partly"]].tolist() == ["building", False]
    # Back in time: both wards that became this one lie wholly in it.
    assert after.loc[(OLD, "2"), ["stage", "is_partly"]].tolist() == ["building", False]


def test_an_earlier_record_of_its_own_gives_way_to_a_later_one_of_what_it_is_made_of() -> None:
    own = pd.concat([PILOT, statuses(("1", "2022-01-01", "visit_site", None)).assign(vintage=NEW)])
    held = on("2024-01-01", THREE, own, ALL_WAYS)
    assert held.loc[(NEW, "1"), ["role", "is_partly"]].tolist() == ["pilot", True]


def test_an_inspection_counts_in_every_vintage_that_has_the_same_ward() -> None:
    inspection = inspections(("a", "1", "2023-11-23", "đạt", None, None))
    found = inspections_on(pd.Timestamp("2024-01-01"), THREE, inspection, ALL_WAYS)
    counted = found.set_index(["vintage", "ward_code"])["inspection_count"]
    assert counted[counted > 0].index.tolist() == [(OLD, "1"), (MID, "1")]
