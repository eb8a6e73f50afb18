"""Two vintages over each other: the crosswalk, on figures reckoned by hand and on random partitions."""

import itertools

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.boundaries import tidy_boundary
from etl.overlap import (
    NOISE,
    area_shares,
    crosswalk,
    districts,
    name_former_districts,
    official_shares,
    overlap,
)
from geodata.crs import METRIC_CRS
from geodata.errors import JoinError
from tests.small_city import NEW, OLD, REGISTER, box, new_wards, old_wards

OFFICIAL = pd.DataFrame(REGISTER["official_successor"])
NONE_OFFICIAL = OFFICIAL.iloc[:0]


@pytest.fixture(scope="module")
def wards() -> gpd.GeoDataFrame:
    """Return the wards of both vintages of the small city."""
    both = [tidy_boundary(old_wards(), OLD, "old"), tidy_boundary(new_wards(), NEW, "new")]
    return pd.concat(both, ignore_index=True)


def weights(links: pd.DataFrame) -> dict[tuple[str, str], float]:
    pairs = zip(links["from_ward_code"], links["to_ward_code"], strict=True)
    return dict(zip(pairs, links["weight"], strict=True))


def row_of_wards(cuts: list[float]) -> gpd.GeoDataFrame:
    """Return wards side by side, 1 km high, between cuts in km east of the corner; EPSG:9210."""
    outlines = [box(west, 0, east, 1) for west, east in itertools.pairwise(cuts)]
    codes = [f"{number:03}" for number in range(len(outlines))]
    return gpd.GeoDataFrame({"ward_code": codes}, geometry=outlines, crs=METRIC_CRS)


def test_crosswalk_of_the_small_city(wards: gpd.GeoDataFrame) -> None:
    links = crosswalk(wards, OFFICIAL, OLD, NEW)
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
    assert dict(zip(links["from_ward_code"], links["method"], strict=True)) == {
        "00001": "area",
        "00002": "official",
        "00003": "official",
        "00004": "area",
    }


def test_a_ward_that_nothing_overlaps_has_no_row(wards: gpd.GeoDataFrame) -> None:
    assert "903" not in set(crosswalk(wards, OFFICIAL, OLD, NEW)["from_ward_code"])


def test_the_official_mapping_outranks_geometry(wards: gpd.GeoDataFrame) -> None:
    elsewhere = OFFICIAL[OFFICIAL["from_ward_code"] == "00002"].assign(to_ward_code="00005")
    links = weights(crosswalk(wards, elsewhere, OLD, NEW))
    assert links[("00002", "00005")] == 1.0
    assert ("00002", "00001") not in links


def test_a_split_without_overlap_cannot_be_shared_out() -> None:
    successors = pd.DataFrame({"from_ward_code": ["1", "1"], "to_ward_code": ["8", "9"]})
    nothing = pd.DataFrame({"from_ward_code": ["1"], "to_ward_code": ["7"], "overlap_km2": [1.0]})
    with pytest.raises(JoinError) as caught:
        official_shares(successors, nothing)
    assert caught.value.faults[0].render("en").startswith("official_successor “1”: overlaps none of its 2")


def test_parts_under_two_percent_are_noise() -> None:
    links = area_shares(overlap(row_of_wards([0, 1]), row_of_wards([-1, 0.019, 0.5, 1])))
    # The first part, 1,9 %, is dropped; the others share the rest: 0,481 and 0,5 of 0,981.
    assert weights(links) == pytest.approx({("000", "001"): 0.481 / 0.981, ("000", "002"): 0.5 / 0.981})


def test_neighbours_that_only_touch_do_not_overlap() -> None:
    assert overlap(row_of_wards([0, 1]), row_of_wards([1, 2])).empty


cuts = st.lists(st.integers(1, 999), min_size=1, max_size=6, unique=True).map(
    lambda inner: [0.0, *(metres / 100 for metres in sorted(inner)), 10.0]
)


@settings(max_examples=50, deadline=None)
@given(cuts, cuts)
def test_weights_of_any_two_partitions_are_shares(old: list[float], new: list[float]) -> None:
    before, after = row_of_wards(old), row_of_wards(new)
    links = area_shares(overlap(before, after))
    assert (links["weight"] > 0).all()
    assert links.groupby("from_ward_code")["weight"].sum().tolist() == pytest.approx([1.0] * len(before))
    for (source, target), weight in weights(links).items():
        west, east = max(old[int(source)], new[int(target)]), min(old[int(source) + 1], new[int(target) + 1])
        share = (east - west) / (old[int(source) + 1] - old[int(source)])
        assert share >= NOISE - 1e-9
        assert share - 1e-9 <= weight <= share / (1 - NOISE * len(after)) + 1e-9


def test_a_ward_in_a_hundred_equal_parts_keeps_them() -> None:
    shares = area_shares(
        pd.DataFrame(
            {"from_ward_code": "1", "to_ward_code": [str(n) for n in range(100)], "overlap_km2": 1.0}
        )
    )
    assert len(shares) == 100
    assert shares["weight"].sum() == pytest.approx(1)


def test_former_districts_are_named_by_the_greatest_part(wards: gpd.GeoDataFrame) -> None:
    named = name_former_districts(wards, OLD, NEW)
    new = named[named["vintage"] == NEW].set_index("ward_code")
    assert new["district_code"].fillna("none").to_dict() == {
        "00001": "901",
        "00002": "902",
        "00003": "902",
        "00005": "none",  # no old ward lies under it
    }
    assert new.loc["00003", "district_name"] == "Huyện Tây"
    assert named[named["vintage"] == OLD].equals(wards[wards["vintage"] == OLD])


def test_districts_are_their_wards_together_and_stay_as_former_ones(wards: gpd.GeoDataFrame) -> None:
    layer = districts(wards, OLD, NEW)
    figures = layer.set_index(["vintage", "district_code"])
    assert figures["area_km2"].tolist() == pytest.approx([2, 2, 1, 2, 2, 1], abs=1e-6)
    assert figures["population"].tolist() == [2500, 2800, 100] * 2
    assert figures["is_former"].tolist() == [False] * 3 + [True] * 3
    assert layer.geometry.is_valid.all()


def test_a_district_with_an_unknown_population_has_none(wards: gpd.GeoDataFrame) -> None:
    unknown = wards.assign(population=wards["population"].mask(wards["ward_code"] == "00002"))
    figures = districts(unknown, OLD, NEW).set_index(["vintage", "district_code"])["population"]
    assert pd.isna(figures[(OLD, "901")])
    assert figures[(OLD, "902")] == 2800
