"""The whole city as it is built, by counts and known facts; what hangs on true outlines, on these alone."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from geodata.contract.crs import area_km2
from geodata.contract.layers import read_layer
from geodata.wards.crosswalk import carry_counts, links_between
from tests.conftest import REAL_BOUNDARIES, REGISTER_WARDS, on_real_outlines
from tests.ogrinfo import ogrinfo
from tests.small_city import MID, NEW, OLD

SUCCESSORS = {
    "11602": "Hồng An",
    "11311": "Hồng Bàng",
    "11359": "Gia Viên",
    "11383": "Lê Chân",
    "11407": "An Biên",
    "11413": "Hải An",
    "11455": "Đồ Sơn",
    "11737": "Nam Đồ Sơn",
}


@pytest.fixture(scope="module")
def gpkg(city_boundaries: Path, request: pytest.FixtureRequest) -> Path:
    """Return the GeoPackage built from the files."""
    is_real = city_boundaries == REAL_BOUNDARIES
    path: Path = request.getfixturevalue("real_gpkg" if is_real else "sketched_gpkg")
    return path


@pytest.fixture(scope="module")
def summary(gpkg: Path) -> Any:
    """Return ``ward_summary`` of the city."""
    return read_layer(gpkg, "ward_summary")


@pytest.fixture(scope="module")
def links(gpkg: Path) -> Any:
    """Return ``crosswalk`` of the city."""
    return read_layer(gpkg, "crosswalk")


@pytest.mark.parametrize("name", ["ward", "ward_summary"])
def test_wards_are_all_there_and_valid(gpkg: Path, name: str) -> None:
    wards = read_layer(gpkg, name)
    assert wards.groupby("vintage").size().to_dict() == {OLD: 218, MID: 168, NEW: 114}
    assert wards.geometry.is_valid.all()
    assert wards.crs == "EPSG:4326"


def test_kinds_of_units_are_those_of_the_instruments(summary: gpd.GeoDataFrame) -> None:
    kinds = summary.groupby(["vintage", "ward_kind"]).size().to_dict()
    assert kinds == {
        (OLD, "phường"): 66,
        (OLD, "xã"): 141,
        (OLD, "thị trấn"): 10,
        (OLD, "huyện"): 1,
        (MID, "phường"): 79,
        (MID, "xã"): 81,
        (MID, "thị trấn"): 7,
        (MID, "huyện"): 1,
        (NEW, "phường"): 45,
        (NEW, "xã"): 67,
        (NEW, "đặc khu"): 2,
    }


def test_bach_long_vi_has_the_code_of_its_district(summary: gpd.GeoDataFrame) -> None:
    island: Any = summary.set_index(["vintage", "ward_code"]).loc[(OLD, "318")]
    assert island[["ward_name", "ward_kind", "district_code"]].tolist() == ["Bạch Long Vĩ", "huyện", "318"]


def test_the_nine_wards_of_the_register_stand_in_their_vintage(summary: gpd.GeoDataFrame) -> None:
    found = summary[(summary["vintage"] == OLD) & summary["role"].notna()]
    assert dict(zip(found["ward_code"], found["ward_name"], strict=True)) == REGISTER_WARDS
    assert not found["is_partly"].any()
    assert found["role"].value_counts().to_dict() == {"pilot": 6, "visit_site": 3}
    assert found["inspection_count"].sum() == 5


@on_real_outlines
def test_eight_of_the_nine_went_on_unchanged_and_the_ninth_has_grown(summary: gpd.GeoDataFrame) -> None:
    of_mid = summary[summary["vintage"] == MID]
    found = of_mid[of_mid["role"].notna() | of_mid["is_partly"]].set_index("ward_code")
    assert found["ward_name"].to_dict() == REGISTER_WARDS
    # On 2025-01-01 Hạ Lý and Trại Chuối were joined to Thượng Lý, which kept its name and code.
    assert found.index[found["is_partly"]].tolist() == ["11305"]
    assert found.loc["11305", "visit_site_area_pct"] == pytest.approx(53.9, abs=0.05)
    whole = found.drop(index="11305")
    assert (whole["pilot_area_pct"] + whole["visit_site_area_pct"]).tolist() == [100] * 8
    assert found["inspection_count"].sum() == 5


@on_real_outlines
def test_the_derived_vintage_is_a_clean_coverage_of_the_same_city(gpkg: Path) -> None:
    wards = read_layer(gpkg, "ward")
    before, derived = (wards[wards["vintage"] == vintage] for vintage in (OLD, MID))
    assert derived.geometry.is_valid_coverage()
    assert derived["outline_area_km2"].sum() == pytest.approx(before["outline_area_km2"].sum(), abs=1e-3)
    assert derived["population"].sum() == before["population"].sum()
    # 7,27 km² of Đông Hải 1, an island in the river, are reported to have gone to Thủy Hà.
    cut = derived[derived["boundary_source"].str.endswith("-cut")]
    assert dict(zip(cut["ward_code"], cut["ward_name"], strict=True)) == {
        "11410": "Đông Hải 1",
        "11530": "Thủy Hà",
    }
    links = read_layer(gpkg, "crosswalk").set_index(["from_vintage", "from_ward_code", "to_vintage"])
    moved = links.loc[(OLD, "11410", MID)].set_index("to_ward_code")
    area = before.set_index("ward_code").loc["11410", "outline_area_km2"]
    assert moved.loc["11530", "area_weight"] * area == pytest.approx(7.27, rel=0.1)
    assert moved.loc["11530", ["link", "population_weight"]].tolist() == ["land_only", 0]
    assert derived.set_index("ward_code").loc["11410", "population"] == 25_467


LAND_ONLY = {
    (OLD, MID): {("Đông Hải 1", "Thủy Hà")},
    (MID, NEW): {
        ("Quang Trung", "Lưu Kiếm"),
        ("Đông Hải 2", "Hải An"),
        ("Gia Viên", "Hồng Bàng"),
        ("Tân Thành", "Đồ Sơn"),
        ("Trường Sơn", "Phù Liễn"),
    },
}
"""The parts of which the texts name the land alone."""


@on_real_outlines
def test_land_that_changed_hands_without_residents_moves_none(gpkg: Path, links: pd.DataFrame) -> None:
    name = read_layer(gpkg, "ward").set_index(["vintage", "ward_code"])["ward_name"]
    land = links[links["link"] == "land_only"]
    assert (land["population_weight"] == 0).all()
    for (old, new), expected in LAND_ONLY.items():
        between = land[(land["from_vintage"] == old) & (land["to_vintage"] == new)]
        pairs = zip(between["from_ward_code"], between["to_ward_code"], strict=True)
        assert {(name[old, source], name[new, target]) for source, target in pairs} == expected


def test_their_eight_successors_hold_a_part_each_with_its_share(summary: gpd.GeoDataFrame) -> None:
    of_new = summary[summary["vintage"] == NEW]
    assert of_new["role"].isna().all()
    found = of_new[of_new["is_partly"]]
    assert dict(zip(found["ward_code"], found["ward_name"], strict=True)) == SUCCESSORS
    for figure in ("area_pct", "population_pct"):
        share = found[f"pilot_{figure}"] + found[f"visit_site_{figure}"]
        assert share.between(0, 100, inclusive="neither").all()


def test_weights_sum_to_one_for_every_ward_in_every_direction(links: pd.DataFrame) -> None:
    sums = links.groupby(["from_vintage", "to_vintage", "from_ward_code"])[
        ["area_weight", "population_weight"]
    ].sum()
    assert sums.groupby(["from_vintage", "to_vintage"]).size().to_dict() == {
        (OLD, MID): 218,
        (OLD, NEW): 218,
        (MID, OLD): 168,
        (MID, NEW): 168,
        (NEW, OLD): 50,  # the other 64 were Hải Dương's
        (NEW, MID): 50,
    }
    assert sums.to_numpy().ravel().tolist() == pytest.approx([1.0] * 2 * len(sums), abs=1e-6)


@on_real_outlines
def test_the_two_split_wards_share_out_as_measured(links: pd.DataFrame) -> None:
    forward = links[(links["from_vintage"] == OLD) & (links["to_vintage"] == NEW)]
    weight = forward.set_index(["from_ward_code", "to_ward_code"])["area_weight"]
    assert weight["11407"].to_dict() == pytest.approx({"11407": 0.89, "11383": 0.11}, abs=0.005)
    assert weight["11455"].to_dict() == pytest.approx({"11455": 0.97, "11737": 0.03}, abs=0.005)


def test_the_official_mapping_holds_for_the_register(links: pd.DataFrame) -> None:
    forward = links[(links["from_vintage"] == OLD) & (links["to_vintage"] == NEW)]
    of_register = forward[forward["from_ward_code"].isin(REGISTER_WARDS)]
    assert set(of_register["link_source"]) == {"official"}
    assert set(of_register["to_ward_code"]) == set(SUCCESSORS)
    whole = of_register[~of_register["from_ward_code"].isin(["11407", "11455"])]
    assert (whole[["area_weight", "population_weight"]] == 1).all(axis=None)


def test_residents_carried_there_and_back_keep_their_number(gpkg: Path, links: pd.DataFrame) -> None:
    wards = read_layer(gpkg, "ward")
    for old, new in ((OLD, MID), (OLD, NEW), (MID, NEW)):
        before = wards.loc[wards["vintage"] == old, ["ward_code", "population"]]
        there = carry_counts(before, links_between(links, old, new), ["population"])
        back = carry_counts(there, links_between(links, new, old), ["population"])
        assert there["population"].sum() == pytest.approx(before["population"].sum())
        assert back["population"].sum() == pytest.approx(before["population"].sum())


@on_real_outlines
def test_official_areas_are_kept_and_others_measured(summary: gpd.GeoDataFrame) -> None:
    by_key = summary.set_index(["vintage", "ward_code"])
    assert by_key.loc[(NEW, "11914"), "area_km2"] == 286.98  # counts the water of Cát Hải
    old = summary[summary["vintage"] == OLD]
    assert old["area_km2"].isna().all()
    assert summary["outline_area_km2"].tolist() == pytest.approx(area_km2(summary.geometry).tolist())


def test_districts_and_former_districts(gpkg: Path, summary: gpd.GeoDataFrame) -> None:
    districts = read_layer(gpkg, "district")
    assert districts.groupby(["vintage", "is_former"]).size().to_dict() == {
        (OLD, False): 15,
        (MID, False): 15,
        (NEW, True): 15,
    }
    new = summary[summary["vintage"] == NEW].set_index("ward_code")
    assert new["district_code"].notna().sum() == 50  # the other 64 were Hải Dương's
    assert new.loc["11948", "district_name"] == "Huyện Bạch Long Vĩ"
    assert new.loc["11383", "district_name"] == "Quận Lê Chân"
    assert set(new["district_code"].dropna()) <= set(districts["district_code"])


@on_real_outlines
def test_outlines_name_their_source(gpkg: Path) -> None:
    wards = read_layer(gpkg, "ward")
    assert not wards["boundary_source"].str.startswith("boundary-").any()
    assert wards.groupby("vintage")["boundary_quality"].unique().str.join("").to_dict() == {
        OLD: "public",
        MID: "derived",
        NEW: "public",
    }


def test_ogrinfo_reads_every_layer_without_a_warning(gpkg: Path) -> None:
    assert "Layer name: ward\n" in ogrinfo(gpkg)
