"""Boundary files as they are delivered: what is tidied, and what is refused with which words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from etl.boundaries.vintages import (
    VINTAGES,
    delivered_sources,
    find_boundaries,
    read_boundary,
    read_wards,
    tidy_boundary,
)
from geodata.contract.errors import GeodataError
from geodata.contract.layers import check
from tests.small_city import NEW, OLD, REGISTER, SmallCity, new_wards, old_wards, write_boundaries

UNITS = pd.DataFrame(REGISTER["unit"]).replace("", None)
KNOWN_NONE = pd.DataFrame(columns=["sha256", "source", "quality"], dtype="str")


def tidy(raw: gpd.GeoDataFrame, vintage: str = OLD) -> Any:
    return tidy_boundary(raw, vintage, "wards.gpkg").set_index("ward_code")


def faults(raw: gpd.GeoDataFrame, vintage: str = OLD) -> list[str]:
    with pytest.raises(GeodataError) as caught:
        tidy_boundary(raw, vintage, "wards.gpkg")
    return [fault.render("en") for fault in caught.value.faults]


def test_kind_of_unit_leaves_the_name() -> None:
    wards = tidy(old_wards())
    assert list(wards["ward_name"]) == ["An Đông", "Hoà Bình", "Thủy Tây", "Núi Đèo", "Hòn Vọng"]
    assert list(wards["ward_kind"]) == ["phường", "phường", "xã", "thị trấn", "huyện"]


def test_a_huyen_without_communes_takes_the_code_of_its_district() -> None:
    wards = tidy(old_wards())
    assert wards.loc["903", ["ward_name", "ward_kind"]].tolist() == ["Hòn Vọng", "huyện"]


def test_names_are_composed_but_keep_their_spelling() -> None:
    raw = old_wards()
    raw["ward"] = raw["ward"].str.normalize("NFD")
    assert list(tidy(raw)["ward_name"]) == ["An Đông", "Hoà Bình", "Thủy Tây", "Núi Đèo", "Hòn Vọng"]


def test_population_carries_the_year_of_its_column() -> None:
    assert set(tidy(old_wards())["population_year"]) == {2019}
    assert set(tidy(new_wards(), NEW)["population_year"]) == {2025}


def test_area_is_official_where_known_and_measured_elsewhere() -> None:
    wards = tidy(new_wards(), NEW)
    assert wards.loc["00005", "area_km2"] == 1.2  # the outline is 1.0
    raw = old_wards().assign(area_km2=99.0)  # measured by someone on other outlines
    assert tidy(raw)["area_km2"].isna().all()
    assert tidy(raw)["outline_area_km2"].tolist() == pytest.approx([1.0] * 5, abs=1e-6)


def test_columns_under_the_contracts_own_names_do_too() -> None:
    raw = new_wards().rename(
        columns={"gso_code": "ward_code", "loai": "ward_kind", "population_2025": "population"}
    )
    wards = tidy(raw.drop(columns="ward").assign(population_year=2025), NEW)
    assert wards.loc["00001", ["ward_name", "ward_kind", "population", "population_year"]].tolist() == [
        "Đông",
        "phường",
        2600,
        2025,
    ]


def test_a_file_in_the_official_reference_system_lands_in_the_same_place() -> None:
    there = tidy(old_wards().to_crs("EPSG:9210"))
    assert there.crs == "EPSG:4326"
    assert there.geometry.geom_equals_exact(tidy(old_wards()).geometry, tolerance=1e-7).all()  # 1 cm


def outside(raw: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return raw.set_geometry(raw.translate(xoff=-2))


def with_row(column: str, value: Any) -> Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]:
    def change(raw: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        changed = raw.copy()
        changed.loc[1, column] = value
        return changed

    return change


BOWTIE = shapely.Polygon([(106.66, 20.84), (106.68, 20.86), (106.68, 20.84), (106.66, 20.86)])

BREACHES = {
    "duplicate code": (
        with_row("gso_code", "00001"),
        "wards.gpkg, ward_code “00001”: the code occurs 2 times: Phường An Đông, Phường Hoà Bình"
        " → once in a vintage",
    ),
    "missing code": (
        with_row("gso_code", None),
        "wards.gpkg, row 2, ward_code “Phường Hoà Bình”: has no ward_code → a value",
    ),
    "missing column": (
        lambda raw: raw.drop(columns="gso_code"),
        "wards.gpkg, ward_code: the column is missing → a column named ward_code / gso_code",
    ),
    "unknown kind": (
        with_row("ward", "Tổng Hoà Bình"),
        "wards.gpkg, row 2, ward_kind “Tổng Hoà Bình”: the kind of unit is not known → one of: phường",
    ),
    "invalid polygon": (
        with_row("geometry", BOWTIE),
        "wards.gpkg, row 2 “Phường Hoà Bình”: the polygon is invalid: Self-intersection[106.67 20.85]",
    ),
    "point": (
        with_row("geometry", shapely.Point(106.67, 20.85)),
        "wards.gpkg, row 2 “Phường Hoà Bình”: is a Point → a polygon",
    ),
    "no geometry": (
        with_row("geometry", None),
        "wards.gpkg, row 2 “Phường Hoà Bình”: has no geometry → a polygon",
    ),
    "outside": (
        outside,
        "wards.gpkg “Phường An Đông”: 5 units lie outside the city, this one first",
    ),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_each_breach_is_one_clear_fault(breach: str) -> None:
    change, told = BREACHES[breach]
    found = faults(change(old_wards()))
    assert len(found) == 1
    assert found[0].startswith(told)


def test_all_faults_of_a_file_come_at_once() -> None:
    raw = with_row("geometry", BOWTIE)(with_row("gso_code", "00001")(old_wards()))
    raw.loc[2, "ward"] = "Tây"
    assert len(faults(raw)) == 3


def test_the_first_folder_that_has_a_vintage_wins(tmp_path: Path) -> None:
    mine, usual = tmp_path / "mine", tmp_path / "usual"
    write_boundaries(usual)
    mine.mkdir()
    (mine / f"wards_{NEW}.gpkg").write_bytes(b"mine")
    found = find_boundaries([mine, usual])
    assert [file.path.parent.name for file in found] == ["usual", "mine"]
    assert [file.vintage for file in found] == [OLD, NEW]


def test_no_boundaries_at_all_name_the_folders_searched(tmp_path: Path) -> None:
    with pytest.raises(GeodataError) as caught:
        find_boundaries([tmp_path])
    assert [fault.render("en") for fault in caught.value.faults] == [
        f"wards_<vintage>.gpkg: is missing for every vintage: {', '.join(VINTAGES)}"
        f" → the file of one vintage at least, in one of: {tmp_path}"
    ]


def test_wards_bear_the_names_of_the_official_list(small_city: SmallCity) -> None:
    wards = read_wards(find_boundaries([small_city.boundaries]), KNOWN_NONE, UNITS)
    named: Any = wards.set_index(["vintage", "ward_code"])
    assert named.loc[(OLD, "00002"), "ward_name"] == "Hòa Bình"  # the file has Hoà Bình
    assert named.loc[(OLD, "903"), "district_name"] == "Huyện Hòn Vọng"
    assert named.loc[NEW, "district_code"].isna().all()


def test_a_code_that_is_not_in_the_list_of_its_vintage_is_told(tmp_path: Path) -> None:
    write_boundaries(tmp_path)
    with_row("gso_code", "00005")(old_wards()).to_file(tmp_path / f"wards_{OLD}.gpkg", layer="ward")
    with pytest.raises(GeodataError) as caught:
        read_wards(find_boundaries([tmp_path]), KNOWN_NONE, UNITS)
    # 00005 is a code of 2025.
    assert [fault.render("en") for fault in caught.value.faults] == [
        f"wards_{OLD}.gpkg, row 2, ward_code “00005 Hoà Bình”: is not in the official list of {OLD}"
        " → a code of that list, unit.csv"
    ]


def test_a_file_that_nobody_knows_gets_a_source_of_its_own(small_city: SmallCity) -> None:
    files = find_boundaries([small_city.boundaries])
    wards = read_wards(files, KNOWN_NONE, UNITS)
    sources = check("source", delivered_sources(files, KNOWN_NONE))
    assert set(wards["boundary_quality"]) == {"public"}
    assert set(wards["boundary_source"]) == set(sources["source_id"])
    assert sources["locator"].str.contains(files[0].sha256).any()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, ": can't be read → a GeoPackage with ward outlines"),
        ("empty", ": holds no rows → one row a ward"),
        ("table", ": holds no geometry → polygons"),
        (
            "without crs",
            ": states no coordinate reference system → a stated one, such as EPSG:9210 or EPSG:4326",
        ),
        ("two layers", " “a, b”: has no layer “ward” → one layer, “ward”"),
    ],
)
@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
def test_each_kind_of_broken_file_is_told_apart(tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "wards.gpkg"
    wards: Any = old_wards()
    match content:
        case None:
            path.write_bytes(b"no database")
        case "empty":
            wards.iloc[:0].to_file(path, layer="ward")
        case "table":
            pyogrio.write_dataframe(pd.DataFrame(wards.drop(columns="geometry")), path, layer="ward")
        case "without crs":
            wards.set_crs(None, allow_override=True).to_file(path, layer="ward")
        case "two layers":
            wards.to_file(path, layer="a")
            wards.to_file(path, layer="b")
    with pytest.raises(GeodataError) as caught:
        read_boundary(path)
    assert [fault.render("en") for fault in caught.value.faults] == [f"wards.gpkg{told}"]


def test_faults_of_both_files_come_together(tmp_path: Path) -> None:
    write_boundaries(tmp_path)
    with_row("gso_code", "00001")(old_wards()).to_file(tmp_path / f"wards_{OLD}.gpkg", layer="ward")
    (tmp_path / f"wards_{NEW}.gpkg").write_bytes(b"no database")
    with pytest.raises(GeodataError) as caught:
        read_wards(find_boundaries([tmp_path]), KNOWN_NONE, UNITS)
    assert [fault.place("en") for fault in caught.value.faults] == [
        f"wards_{OLD}.gpkg, ward_code",
        f"wards_{NEW}.gpkg",
    ]
