"""Figures that cross a redrawing: counts, rates, stages and facts by hand, and what always holds of them."""

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.wards.crosswalk import (
    area_share,
    carry_counts,
    carry_stages,
    follow_same_wards,
    links_between,
    population_share,
    population_weights,
    same_wards,
)

OLD, NEW = "2020-02-01", "2025-07-01"


def flows(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Return links of which area and residents go in the same shares; every source is 1 km²."""
    links = pd.DataFrame(rows, columns=["from_ward_code", "to_ward_code", "area_weight"])
    return links.assign(population_weight=links["area_weight"], overlap_km2=links["area_weight"], link="part")


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
            SPLIT.assign(from_vintage=OLD, to_vintage=NEW, link_source="official"),
            flows(("A", "1", 1)).assign(from_vintage=NEW, to_vintage=OLD, link_source="official"),
        ]
    )
    assert links_between(both, NEW, OLD).to_numpy().tolist() == [["A", "1", 1, 1, 1, "part"]]
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


def test_a_share_of_residents_is_reckoned_from_who_went_into_the_ward() -> None:
    residents = pd.Series({"1": 100, "2": 400, "3": 300})
    share = population_share(pd.Series({"1": False, "2": True}), residents, SPLIT)
    assert share.to_dict() == {"A": 3 / 4, "B": 1 / 4}
    unknown = population_share(pd.Series({"2": True}), residents.drop("3"), SPLIT)
    assert unknown.isna().tolist() == [False, True]


def test_a_share_of_area_is_of_the_outline_whether_or_not_all_of_it_was_land_before() -> None:
    # A's outline is 2 km², of which 1,75 lay in wards; B's is 5 km², most of it new land.
    share = area_share(pd.Series({"1": False, "2": True}), pd.Series({"A": 2.0, "B": 5.0}), SPLIT)
    assert share.to_dict() == {"A": 0.75 / 2, "B": 0.25 / 5}
    both = area_share(pd.Series({"1": True, "2": True}), pd.Series({"A": 2.0, "B": 5.0}), SPLIT)
    assert both.to_dict() == {"A": 1, "B": 0.25 / 5}


LAND = flows(("1", "A", 1), ("2", "A", 0.75), ("2", "B", 0.25)).assign(
    population_weight=[1, 1, 0], link=["whole", "part", "land_only"]
)
"""Ward 2 gives a quarter of its land to B, and no residents."""


def test_land_without_residents_brings_none_and_need_not_be_counted() -> None:
    assert carry_counts(counts(fires=[3, 2, 1]), LAND, ["fires"]).to_numpy().tolist() == [["A", 5.0]]
    by_area = carry_counts(counts(fires=[3, 2, 1]), LAND, ["fires"], weight="area_weight")
    assert by_area.set_index("ward_code")["fires"].to_dict() == {"A": 4.5, "B": 0.5}
    residents = pd.Series({"1": 100, "2": 400})
    assert population_share(pd.Series({"2": True}), residents, LAND).to_dict() == {"A": 0.8}
    assert area_share(pd.Series({"2": True}), pd.Series({"A": 2.0, "B": 1.0}), LAND)["B"] == 1


@pytest.mark.parametrize(
    ("area", "land_only", "people"),
    [
        ([0.25, 0.25, 0.5], [False, False, True], [0.5, 0.5, 0]),
        ([0.3, 0.7], [True, False], [0, 1]),
        ([0.0, 1.0], [False, True], [1, 0]),  # its one lived-in part overlaps nothing: still all residents
        ([0.4, 0.6], [True, True], [0.4, 0.6]),  # nobody says where they live
    ],
)
def test_residents_spread_over_the_parts_with_which_any_move(
    area: list[float], land_only: list[bool], people: list[float]
) -> None:
    links = pd.DataFrame({"from_ward_code": "1", "area_weight": area, "is_land_only": land_only})
    assert population_weights(links).tolist() == pytest.approx(people)


def test_residents_of_parts_without_area_cannot_be_shared_out() -> None:
    links = pd.DataFrame(
        {"from_ward_code": "1", "area_weight": [0.0, 0.0, 1.0], "is_land_only": [False, False, True]}
    )
    assert population_weights(links).isna().tolist() == [True, True, False]


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
    splits: list[list[int]], recorded: list[int], people: list[float]
) -> None:
    """Each ward is split among three others at will; the way back is by the residents that came from it."""
    there = flows(
        *[
            (str(ward), to, share / sum(split))
            for ward, split in enumerate(splits)
            for to, share in zip("ABC", split, strict=True)
            if share
        ]
    )
    flow = there["population_weight"] * there["from_ward_code"].astype(int).map(lambda ward: people[ward])
    back = there.assign(
        population_weight=flow / flow.groupby(there["to_ward_code"]).transform("sum"),
        from_ward_code=there["to_ward_code"],
        to_ward_code=there["from_ward_code"],
    )
    before = pd.DataFrame(
        {"ward_code": [str(ward) for ward in range(len(splits))], "cases": recorded[: len(splits)]}
    )
    after = carry_counts(before, there, ["cases"])
    returned = carry_counts(after, back, ["cases"])
    assert after["cases"].sum() == pytest.approx(before["cases"].sum())
    assert returned["cases"].sum() == pytest.approx(before["cases"].sum())
    assert (returned["cases"] >= 0).all()
