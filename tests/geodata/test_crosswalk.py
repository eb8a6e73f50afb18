"""Figures that cross a redrawing: counts, rates, stages and facts by hand, and what always holds of them."""

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.wards.crosswalk import (
    carried_share,
    carry_counts,
    carry_stages,
    follow_same_wards,
    links_between,
    same_wards,
)

OLD, NEW = "2020-02-01", "2025-07-01"


def flows(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["from_ward_code", "to_ward_code", "weight"])


# Ward 1 is merged into A; ward 2 goes 75 : 25 to A and B; ward 3 becomes B.
SPLIT = flows(("1", "A", 1), ("2", "A", 0.75), ("2", "B", 0.25), ("3", "B", 1))


def counts(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"ward_code": ["1", "2", "3"], **columns})


def status(*rows: tuple[str, str, str | None, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["ward_code", "role", "stage", "valid_from"])
    return frame.assign(
        ward_name="Phường " + frame["ward_code"],
        valid_from=pd.to_datetime(frame["valid_from"]),
        valid_from_precision="day",
        period=None,
        source="A",
    )


def test_the_rows_between_two_vintages_are_those_of_one_direction() -> None:
    both = pd.concat(
        [
            SPLIT.assign(from_vintage=OLD, to_vintage=NEW, method="official"),
            flows(("A", "1", 1)).assign(from_vintage=NEW, to_vintage=OLD, method="official"),
        ]
    )
    assert links_between(both, NEW, OLD).to_numpy().tolist() == [["A", "1", 1]]
    assert len(links_between(both, OLD, NEW)) == 4


def test_counts_go_by_weight() -> None:
    carried = carry_counts(counts(fires=[3, 2, 1]), SPLIT, ["fires"])
    assert carried.to_dict("list") == {"ward_code": ["A", "B"], "fires": [4.5, 1.5]}


def test_counts_of_each_period_are_carried_apart() -> None:
    two = pd.concat([counts(year=[2023] * 3, fires=[3, 2, 1]), counts(year=[2024] * 3, fires=[0, 4, 0])])
    carried = carry_counts(two, SPLIT, ["fires"], by=["year"])
    assert carried.set_index(["ward_code", "year"])["fires"].to_dict() == {
        ("A", 2023): 4.5,
        ("A", 2024): 3,
        ("B", 2023): 1.5,
        ("B", 2024): 1,
    }


@pytest.mark.parametrize("known", [counts(fires=[3, 2, None]), counts(fires=[3, 2, 0]).iloc[:2]])
def test_a_count_that_is_missing_is_not_taken_for_none(known: pd.DataFrame) -> None:
    carried = carry_counts(known, SPLIT, ["fires"]).set_index("ward_code")["fires"]
    assert carried["A"] == 4.5
    assert math.isnan(carried["B"])


def test_whole_numbers_with_gaps_are_carried_like_others() -> None:
    known = counts(fires=pd.array([3, 2, None], dtype="Int64"))
    assert carry_counts(known, SPLIT, ["fires"])["fires"].isna().tolist() == [False, True]


def test_a_share_is_reckoned_from_what_went_into_the_ward() -> None:
    area = pd.Series({"1": 1.0, "2": 4.0, "3": 3.0})
    share = carried_share(pd.Series({"1": False, "2": True}), area, SPLIT)
    assert share.to_dict() == {"A": 3 / 4, "B": 1 / 4}
    assert carried_share(pd.Series({"2": True}), area.drop("3"), SPLIT).isna().tolist() == [False, True]


def test_a_stage_is_whole_only_where_all_that_went_in_holds_it() -> None:
    two = status(("1", "pilot", "building", "2022-01-01"), ("2", "pilot", "building", "2023-01-01"))
    carried = carry_stages(two, SPLIT).set_index("ward_code")
    assert carried["is_partly"].to_dict() == {"A": False, "B": True}
    assert carried.loc["A", "stage_from"] == pd.Timestamp("2023-01-01")
    assert carried.loc["A", "stage_from_precision"] == "day"
    assert carried.loc["A", "from_wards"] == "Phường 1 (1), Phường 2 (2)"


def test_a_stage_goes_back_whole_into_a_ward_that_lies_in_wards_that_all_hold_it() -> None:
    back = flows(("A", "1", 0.25), ("A", "2", 0.75), ("B", "2", 0.25), ("B", "3", 0.75))
    held = status(("A", "pilot", "inspected", "2025-08-01"))
    assert carry_stages(held, back).set_index("ward_code")["is_partly"].to_dict() == {"1": False, "2": True}


def test_wards_outside_the_programme_are_not_reached() -> None:
    assert carry_stages(status(("1", "pilot", "building", "2022-01-01")), SPLIT)["ward_code"].tolist() == [
        "A"
    ]


def test_a_ward_is_the_same_if_it_is_undivided_joined_with_nothing_and_keeps_its_name() -> None:
    forth = flows(("1", "A", 1), ("2", "B", 1), ("3", "B", 1), ("4", "D", 1))
    back = flows(("A", "1", 1), ("B", "2", 0.5), ("B", "3", 0.5), ("D", "4", 1))
    crosswalk = pd.concat(
        [
            forth.assign(from_vintage=OLD, to_vintage=NEW),
            back.assign(from_vintage=NEW, to_vintage=OLD),
        ]
    )
    names = {"1": "An", "2": "Bình", "3": "Cát", "4": "Đông", "A": "An", "B": "Bình", "D": "Đông Hải"}
    wards = pd.DataFrame(
        [(OLD if code in "1234" else NEW, code, name) for code, name in names.items()],
        columns=["vintage", "ward_code", "ward_name"],
    )
    same = same_wards(crosswalk, wards)
    assert same.to_numpy().tolist() == [[OLD, "1", NEW, "A"], [NEW, "A", OLD, "1"]]
    facts = pd.DataFrame({"fact": ["x", "y"], "vintage": OLD, "ward_code": ["1", "2"]})
    assert follow_same_wards(facts, same).to_numpy().tolist() == [
        ["x", OLD, "1"],
        ["y", OLD, "2"],
        ["x", NEW, "A"],
    ]


shares = st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any)


@given(
    st.lists(shares, min_size=1, max_size=6),
    st.lists(st.integers(0, 10_000), min_size=6, max_size=6),
    st.lists(st.floats(0.1, 300), min_size=6, max_size=6),
)
def test_a_count_carried_there_and_back_keeps_the_total(
    splits: list[list[int]], recorded: list[int], areas: list[float]
) -> None:
    """Each ward is split among three others at will; the way back is by the area that came from it."""
    there = flows(
        *[
            (str(ward), to, share / sum(split))
            for ward, split in enumerate(splits)
            for to, share in zip("ABC", split, strict=True)
            if share
        ]
    )
    flow = there["weight"] * there["from_ward_code"].astype(int).map(lambda ward: areas[ward])
    back = there.assign(weight=flow / flow.groupby(there["to_ward_code"]).transform("sum")).set_axis(
        ["to_ward_code", "from_ward_code", "weight"], axis="columns"
    )
    before = pd.DataFrame(
        {"ward_code": [str(ward) for ward in range(len(splits))], "cases": recorded[: len(splits)]}
    )
    after = carry_counts(before, there, ["cases"])
    returned = carry_counts(after, back, ["cases"])
    assert after["cases"].sum() == pytest.approx(before["cases"].sum())
    assert returned["cases"].sum() == pytest.approx(before["cases"].sum())
    assert (returned["cases"] >= 0).all()
