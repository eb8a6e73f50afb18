"""Two vintages over each other: the crosswalk, on figures reckoned by hand and on random partitions."""

import itertools
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.boundaries.overlap import (
    NOISE,
    area_shares,
    backward_links,
    crosswalks,
    district_vintages,
    districts,
    forward_links,
    name_former_districts,
    official_shares,
    overlap,
)
from etl.boundaries.vintages import tidy_boundary
from geodata.contract.crs import METRIC_CRS
from geodata.contract.errors import JoinError
from geodata.wards.crosswalk import carry_counts, links_between
from tests.small_city import NEW, OLD, REGISTER, box, new_wards, old_wards

NAMED = pd.DataFrame(REGISTER["official_successor"])
SUCCESSION = pd.DataFrame(REGISTER["unit_succession"])
OFFICIAL = NAMED[["from_ward_code", "to_ward_code"]].assign(is_certain=True, is_land_only=False)


@pytest.fixture(scope="module")
def wards() -> gpd.GeoDataFrame:
    """Return the wards of both vintages of the small city."""
    both = [tidy_boundary(old_wards(), OLD, "old"), tidy_boundary(new_wards(), NEW, "new")]
    return pd.concat(both, ignore_index=True)


@pytest.fixture(scope="module")
def before(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return wards[wards["vintage"] == OLD]


@pytest.fixture(scope="module")
def after(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return wards[wards["vintage"] == NEW]


def weights(links: pd.DataFrame, of: str = "area_weight") -> dict[tuple[str, str], Any]:
    pairs = zip(links["from_ward_code"], links["to_ward_code"], strict=True)
    return dict(zip(pairs, links[of], strict=True))


def row_of_wards(cuts: list[float]) -> gpd.GeoDataFrame:
    """Return wards side by side, 1 km high, between cuts in km east of the corner; EPSG:9210."""
    outlines = [box(west, 0, east, 1) for west, east in itertools.pairwise(cuts)]
    codes = [f"{number:03}" for number in range(len(outlines))]
    return gpd.GeoDataFrame({"ward_code": codes}, geometry=outlines, crs=METRIC_CRS)


def test_the_official_successors_get_shares_and_the_rest_goes_by_area(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> None:
    links = forward_links(before, after, OFFICIAL)
    assert weights(links) == pytest.approx(
        {
            ("00001", "00001"): 1.0,  # merged
            ("00002", "00001"): 1.0,  # merged; its own code has another meaning now
            ("00003", "00002"): 0.75,  # split
            ("00003", "00003"): 0.25,
            ("00004", "00003"): 1.0,
        },
        abs=1e-9,
    )
    assert dict(zip(links["from_ward_code"], links["link_source"], strict=True)) == {
        "00001": "area",
        "00002": "official",
        "00003": "official",
        "00004": "area",
    }


def test_a_ward_that_nothing_overlaps_has_no_row(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> None:
    assert "903" not in set(forward_links(before, after, OFFICIAL)["from_ward_code"])


def test_the_official_mapping_outranks_geometry(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> None:
    elsewhere = OFFICIAL[OFFICIAL["from_ward_code"] == "00002"].assign(to_ward_code="00005")
    links = weights(forward_links(before, after, elsewhere))
    assert links[("00002", "00005")] == 1.0
    assert ("00002", "00001") not in links


def test_among_candidates_area_decides_and_others_are_out(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> None:
    """Thủy Tây goes 75 : 25 to two wards; only one of them, and another far away, may have got it."""
    candidates = pd.DataFrame(
        {
            "from_ward_code": "00003",
            "to_ward_code": ["00001", "00003"],
            "is_certain": False,
            "is_land_only": False,
        }
    )
    links = forward_links(before, after, candidates)
    of_ward = links[links["from_ward_code"] == "00003"]
    shown = of_ward[["to_ward_code", "area_weight", "population_weight", "link", "link_source"]]
    assert shown.to_numpy().tolist() == [["00003", 1.0, 1.0, "whole", "area"]]


def test_land_that_changes_hands_without_residents_takes_none_there_or_back(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> None:
    """Of Thủy Tây a quarter goes to Núi Đèo as land only, so its 2000 residents stay with Tây."""
    is_land = (OFFICIAL["from_ward_code"] == "00003") & (OFFICIAL["to_ward_code"] == "00003")
    there = forward_links(before, after, OFFICIAL.assign(is_land_only=is_land))
    back = backward_links(there, before)
    split, land = ("00003", "00002"), ("00003", "00003")
    assert weights(there)[land] == pytest.approx(0.25)
    assert [weights(there, "population_weight")[pair] for pair in (split, land)] == [1, 0]
    assert [weights(there, "link")[pair] for pair in (split, land)] == ["part", "land_only"]
    assert weights(back, "population_weight")[land] == 0
    assert weights(back, "population_weight")[("00003", "00004")] == 1
    assert weights(back)[land] == pytest.approx(0.2)
    assert weights(back, "link")[land] == "land_only"


def test_residents_go_back_to_where_they_came_from_and_by_area_where_they_are_not_known(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> None:
    there = forward_links(before, after, OFFICIAL)
    back = backward_links(there, before)
    of_dong = [("00001", "00001"), ("00001", "00002")]
    assert [weights(back, "population_weight")[pair] for pair in of_dong] == [0.4, 0.6]  # 1000 and 1500
    assert {weights(back, "weight_source")[pair] for pair in of_dong} == {"residents"}
    unknown = before.assign(population=before["population"].mask(before["ward_code"] == "00002"))
    back = backward_links(there, unknown)
    assert [weights(back, "population_weight")[pair] for pair in of_dong] == pytest.approx([0.5, 0.5])
    assert {weights(back, "weight_source")[pair] for pair in of_dong} == {"overlay"}
    assert weights(back, "weight_source")[("00002", "00003")] == "whole"


def test_a_later_ward_goes_back_by_the_area_that_each_earlier_one_brought_into_it(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> None:
    back = backward_links(forward_links(before, after, OFFICIAL), before)
    assert weights(back) == pytest.approx(
        {
            ("00001", "00001"): 0.5,
            ("00001", "00002"): 0.5,
            ("00002", "00003"): 1.0,
            ("00003", "00003"): 0.2,  # 0,25 of 1,25 km²
            ("00003", "00004"): 0.8,
        },
        abs=1e-6,
    )


def test_every_two_vintages_are_linked_both_ways(wards: gpd.GeoDataFrame) -> None:
    links = crosswalks(wards, SUCCESSION, NAMED)
    assert set(zip(links["from_vintage"], links["to_vintage"], strict=True)) == {(OLD, NEW), (NEW, OLD)}
    assert set(links["link_source"]) == {"official"}
    assert crosswalks(wards[wards["vintage"] == OLD], SUCCESSION, NAMED).empty


def test_a_split_without_overlap_cannot_be_shared_out() -> None:
    successors = pd.DataFrame(
        {"from_ward_code": ["1", "1"], "to_ward_code": ["8", "9"], "is_land_only": False}
    )
    nothing = pd.DataFrame({"from_ward_code": ["1"], "to_ward_code": ["7"], "overlap_km2": [1.0]})
    with pytest.raises(JoinError) as caught:
        official_shares(successors, nothing)
    assert caught.value.faults[0].render("en").startswith("official_successor “1”: overlaps none of its 2")


def test_parts_under_two_percent_are_noise() -> None:
    pairs = overlap(row_of_wards([0, 1]), row_of_wards([-1, 0.019, 0.5, 1]))
    links = area_shares(pairs.assign(is_land_only=False))
    # The first part, 1,9 %, is dropped; the others share the rest: 0,481 and 0,5 of 0,981.
    assert weights(links) == pytest.approx({("000", "001"): 0.481 / 0.981, ("000", "002"): 0.5 / 0.981})


def test_neighbours_that_only_touch_do_not_overlap() -> None:
    assert overlap(row_of_wards([0, 1]), row_of_wards([1, 2])).empty


cuts = st.lists(st.integers(1, 999), min_size=1, max_size=6, unique=True).map(
    lambda inner: [0.0, *(metres / 100 for metres in sorted(inner)), 10.0]
)


@given(cuts, cuts)
def test_weights_of_any_two_partitions_are_shares(old: list[float], new: list[float]) -> None:
    before, after = row_of_wards(old), row_of_wards(new)
    links = area_shares(overlap(before, after).assign(is_land_only=False))
    assert (links["area_weight"] > 0).all()
    for of in ("area_weight", "population_weight"):
        assert links.groupby("from_ward_code")[of].sum().tolist() == pytest.approx([1.0] * len(before))
    for (source, target), weight in weights(links).items():
        west, east = max(old[int(source)], new[int(target)]), min(old[int(source) + 1], new[int(target) + 1])
        share = (east - west) / (old[int(source) + 1] - old[int(source)])
        assert share >= NOISE - 1e-9
        assert share - 1e-9 <= weight <= share / (1 - NOISE * len(after)) + 1e-9


def test_a_ward_in_a_hundred_equal_parts_keeps_them() -> None:
    shares = area_shares(
        pd.DataFrame(
            {
                "from_ward_code": "1",
                "to_ward_code": [str(n) for n in range(100)],
                "overlap_km2": 1.0,
                "is_land_only": False,
            }
        )
    )
    assert len(shares) == 100
    assert shares["area_weight"].sum() == pytest.approx(1)


@given(cuts, cuts, st.data())
def test_what_is_carried_there_and_back_keeps_its_total_and_areas_and_residents_come_back_as_they_were(
    old: list[float], new: list[float], data: st.DataObject
) -> None:
    before = row_of_wards(old).assign(vintage=OLD)
    after = row_of_wards(new).assign(vintage=NEW)
    city = pd.concat([before, after], ignore_index=True)
    residents = data.draw(st.lists(st.integers(1, 50_000), min_size=len(city), max_size=len(city)))
    city = city.assign(outline_area_km2=city.geometry.area / 1e6, population=residents)
    links = crosswalks(city, some_land_only(before, after, data), NAMED.iloc[:0])
    for of in ("area_weight", "population_weight"):
        sums = links.groupby(["from_vintage", "from_ward_code"])[of].sum()
        assert sums.tolist() == pytest.approx([1.0] * len(sums))
    assert (links["population_weight"] == 0)[links["link"] == "land_only"].all()
    there, back = links_between(links, OLD, NEW), links_between(links, NEW, OLD)
    reached = set(there["to_ward_code"])
    for ways, wards_from in (((there, back), before), ((back, there), after)):
        # A later ward of which the earlier ones brought but noise has no way back.
        codes = wards_from["ward_code"][wards_from["ward_code"].isin(set(ways[0]["from_ward_code"]))]
        cases = data.draw(st.lists(st.integers(0, 10_000), min_size=len(codes), max_size=len(codes)))
        counts = pd.DataFrame({"ward_code": codes, "cases": cases})
        carried = carry_counts(counts, ways[0], ["cases"])
        returned = carry_counts(carried, ways[1], ["cases"])
        assert carried["cases"].sum() == pytest.approx(counts["cases"].sum())
        assert returned["cases"].sum() == pytest.approx(counts["cases"].sum())
        assert (returned["cases"] >= 0).all()
    assert reached <= set(after["ward_code"])
    for figure, weight in (("outline_area_km2", "area_weight"), ("population", "population_weight")):
        own = city[city["vintage"] == OLD][["ward_code", figure]]
        there_and_back = carry_counts(
            carry_counts(own, there, [figure], weight=weight), back, [figure], weight=weight
        )
        assert there_and_back[figure].tolist() == pytest.approx(own[figure].tolist())


def some_land_only(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, data: st.DataObject) -> pd.DataFrame:
    """Return a succession that follows the outlines, some parts of which are land without residents."""
    pairs = overlap(before, after)
    pairs = pairs[pairs["overlap_km2"] >= 0.001]
    drawn = data.draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    # Of each ward some part is lived in, and into each some people moved.
    lived_in = ~pairs.duplicated("from_ward_code") | ~pairs.duplicated("to_ward_code")
    kinds = ["land_only" if land and not home else "part" for land, home in zip(drawn, lived_in, strict=True)]
    return pairs.assign(from_vintage=OLD, to_vintage=NEW, kind=kinds)


def test_former_districts_are_named_by_the_greatest_part(wards: gpd.GeoDataFrame) -> None:
    bare = wards.assign(
        district_code=wards["district_code"].where(wards["vintage"] == OLD),
        district_name=wards["district_name"].where(wards["vintage"] == OLD),
    )
    named = name_former_districts(bare, crosswalks(wards, SUCCESSION, NAMED))
    new = named[named["vintage"] == NEW].set_index("ward_code")
    assert new["district_code"].fillna("none").to_dict() == {
        "00001": "901",
        "00002": "902",
        "00003": "902",
        "00005": "none",  # no old ward lies under it
    }
    assert new.loc["00003", "district_name"] == "Huyện Tây"
    assert named[named["vintage"] == OLD].equals(wards[wards["vintage"] == OLD])


def test_the_districts_shown_are_a_vintages_own_or_the_last_ones_before_it(wards: gpd.GeoDataFrame) -> None:
    assert district_vintages(wards) == {OLD: OLD, NEW: OLD}
    assert district_vintages(wards[wards["vintage"] == NEW]) == {}


def test_districts_are_their_wards_together_and_stay_as_former_ones(wards: gpd.GeoDataFrame) -> None:
    layer = districts(wards, {OLD: OLD, NEW: OLD})
    figures = layer.set_index(["vintage", "district_code"])
    assert figures["outline_area_km2"].tolist() == pytest.approx([2, 2, 1, 2, 2, 1], abs=1e-6)
    assert figures["area_km2"].isna().all()  # no official one is known of the old wards
    assert figures["population"].tolist() == [2500, 2800, 100] * 2
    assert figures["is_former"].tolist() == [False] * 3 + [True] * 3
    assert layer.geometry.is_valid.all()
    assert districts(wards, {}).empty


def test_a_district_with_an_unknown_population_has_none(wards: gpd.GeoDataFrame) -> None:
    unknown = wards.assign(population=wards["population"].mask(wards["ward_code"] == "00002"))
    figures = districts(unknown, {OLD: OLD}).set_index(["vintage", "district_code"])["population"]
    assert pd.isna(figures[(OLD, "901")])
    assert figures[(OLD, "902")] == 2800
