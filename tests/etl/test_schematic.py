"""The schematic boundaries that ship, and the method that makes them, on cases small enough to see through.

The files are measured against the real ones where these are there; nothing here makes the files again.
"""

import hashlib
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from etl.boundaries.vintages import find_boundaries, read_wards
from geodata.contract.crs import METRIC_CRS
from geodata.settings import SHIPPED_BOUNDARIES, SOURCES
from tools.balance import Aims, balanced, labelled, measured, unit_aims, ward_aims
from tools.published_figures import (
    metres,
    placed,
    shares,
    swapped_points,
    with_points_exchanged,
    without_strays,
)
from tools.raster import Grid, claimed_land, claims, filled, fragments, outlines
from tools.schematic import dissolved, write

UNITS, WARDS = "2025-01-01", "2025-07-01"
SUCCESSORS = ["11602", "11311", "11359", "11383", "11407", "11413", "11455", "11737"]
"""The wards that took over the nine wards of the programme."""


@pytest.fixture(scope="module")
def shipped() -> dict[str, gpd.GeoDataFrame]:
    """Return the files as they stand, in EPSG:4326."""
    return {
        vintage: gpd.read_file(SHIPPED_BOUNDARIES / f"wards_{vintage}.gpkg") for vintage in (UNITS, WARDS)
    }


def overlap(one: gpd.GeoSeries, other: gpd.GeoSeries) -> pd.Series:
    """Return intersection over union of the polygons of the codes that both have, in EPSG:9210."""
    codes = one.index.intersection(other.index)
    mine, theirs = (gpd.GeoSeries(series.to_crs(METRIC_CRS).loc[codes]) for series in (one, other))
    return mine.intersection(theirs, align=True).area / mine.union(theirs, align=True).area


@pytest.mark.parametrize(("vintage", "count"), [(UNITS, 168), (WARDS, 114)])
def test_a_file_holds_every_unit_of_the_official_list_under_its_name(
    shipped: dict[str, gpd.GeoDataFrame], vintage: str, count: int
) -> None:
    official = pd.read_csv(SOURCES / "unit.csv", dtype="str").query("vintage == @vintage")
    columns = ["ward_code", "ward_name", "ward_kind"]
    columns += ["district_code", "district_name"] if vintage == UNITS else []
    assert len(shipped[vintage]) == count
    pd.testing.assert_frame_equal(
        pd.DataFrame(shipped[vintage][columns]).astype("str"),
        official[columns].sort_values("ward_code", ignore_index=True).astype("str"),
    )


@pytest.mark.parametrize("vintage", [UNITS, WARDS])
def test_a_file_is_a_clean_coverage_without_gaps_inside_the_city(
    shipped: dict[str, gpd.GeoDataFrame], vintage: str
) -> None:
    polygons = shipped[vintage].geometry
    assert polygons.is_valid.all()
    assert shapely.coverage_is_valid(polygons.to_numpy())
    assert polygons.to_crs(METRIC_CRS).area.min() > 0.1e6
    land = shapely.get_parts(shapely.coverage_union_all(polygons.to_numpy()))
    assert shapely.get_num_interior_rings(land).sum() == 0


def test_a_unit_that_went_whole_to_a_ward_lies_in_it(shipped: dict[str, gpd.GeoDataFrame]) -> None:
    succession = pd.read_csv(SOURCES / "unit_succession.csv", dtype="str")
    whole = succession.query("from_vintage == @UNITS and kind == 'whole'")
    units, wards = (
        shipped[vintage].to_crs(METRIC_CRS).set_index("ward_code").geometry for vintage in (UNITS, WARDS)
    )
    into = np.asarray(wards.loc[whole["to_ward_code"]])
    outside = shapely.difference(np.asarray(units.loc[whole["from_ward_code"]]), into)
    assert shapely.area(outside).max() < 1


def test_the_wards_cover_their_official_areas_within_15_percent_but_for_four(
    shipped: dict[str, gpd.GeoDataFrame],
) -> None:
    wards = shipped[WARDS].set_index("ward_name")
    error = wards.to_crs(METRIC_CRS).area / 1e6 / wards["area_km2_official"] - 1
    # The official areas of the first three count the sea; Nam Đồng's extents are too small for its area.
    assert set(error.index[error.abs() > 0.15]) == {"Đông Hải", "Cát Hải", "Bạch Long Vĩ", "Nam Đồng"}
    assert error.abs().max() < 0.5
    assert error.abs().median() < 0.04


def test_the_files_are_small_known_by_their_bytes_and_read_as_schematic() -> None:
    files = find_boundaries([SHIPPED_BOUNDARIES], [UNITS, WARDS])
    assert sum(file.path.stat().st_size for file in files) <= 400_000
    known_files, units = (
        pd.read_csv(SOURCES / f"{name}.csv", dtype="str") for name in ("boundary_file", "unit")
    )
    wards = read_wards(files, known_files, units)
    assert set(wards["boundary_quality"]) == {"schematic"}
    assert set(wards["boundary_source"]) <= set(pd.read_csv(SOURCES / "source.csv")["source_id"])
    assert wards["population"].isna().all()


def test_the_wards_lie_where_the_real_ones_do(
    shipped: dict[str, gpd.GeoDataFrame], real_boundaries: Path
) -> None:
    real = gpd.read_file(real_boundaries / f"wards_{WARDS}.gpkg").set_index("gso_code").geometry
    shared = overlap(shipped[WARDS].set_index("ward_code").geometry, real)
    assert len(shared) == 114
    assert shared.mean() >= 0.60
    assert shared[SUCCESSORS].min() >= 0.60
    assert shared.min() > 0.4


UNIT_COLUMNS = ["ward_name", "ward_kind", "province_code", "basis", "x", "y", "half_width", "half_height"]


def made_units(*rows: tuple[str, str, float, float, float, float]) -> pd.DataFrame:
    """Return units of the kind xã: name, basis, and middle and half sides of the extent, km."""
    table = [(name, "xã", "31", basis, *(1000 * km for km in figures)) for name, basis, *figures in rows]
    return pd.DataFrame(table, columns=UNIT_COLUMNS).assign(is_merged=False)


def made_wards(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    """Return wards: name, official area in km², and the point, km."""
    wards = pd.DataFrame(rows, columns=["ward_name", "area_km2", "x", "y"])
    return wards.assign(x=wards["x"] * 1000, y=wards["y"] * 1000)


def made_parts(*rows: tuple[int, int, bool]) -> pd.DataFrame:
    """Return parts: unit, ward, is_main."""
    return pd.DataFrame(rows, columns=["unit", "ward", "is_main"])


def drawn(
    units: pd.DataFrame, wards: pd.DataFrame, parts: pd.DataFrame, rounds: int
) -> tuple[np.ndarray, Grid]:
    """Return the ward of each cell of 100 m on a plain of 4 × 2 km, and its grid."""
    grid = Grid(0, 0, 40, 20, 100)
    asked = claims(grid, np.full((20, 40), True), units, wards, parts)
    aims = unit_aims(units, grid), ward_aims(wards, grid)
    labels = labelled(grid, asked, *aims, *balanced(grid, asked, *aims, rounds=rounds))
    return np.array([claim.ward for claim in asked])[labels], grid


def test_two_like_extents_side_by_side_meet_half_way() -> None:
    units = made_units(("An", "extent", 1, 1, 1, 1), ("Bình", "extent", 3, 1, 1, 1)).assign(area_km2=4.0)
    wards = made_wards(("An", 4, 1, 1), ("Bình", 4, 3, 1))
    wards_of, _ = drawn(units, wards, made_parts((0, 0, True), (1, 1, True)), rounds=0)
    assert (wards_of[:, :20] == 0).all()
    assert (wards_of[:, 20:] == 1).all()


def test_the_weights_bring_two_wards_to_their_official_areas_and_points() -> None:
    units = made_units(("An", "extent", 1, 1, 1, 1), ("Bình", "extent", 3, 1, 1, 1)).assign(area_km2=np.nan)
    wards = made_wards(("An", 5, 1.25, 1), ("Bình", 3, 3.25, 1))
    wards_of, grid = drawn(units, wards, made_parts((0, 0, True), (1, 1, True)), rounds=80)
    cells, x, _ = measured(wards_of, grid, 2)
    np.testing.assert_allclose(cells / 100, [5, 3], atol=0.2001)  # a column of cells has 0,2 km²
    np.testing.assert_allclose(x, [1250, 3250], atol=50)


def test_a_split_unit_is_divided_towards_the_wards_that_took_its_parts() -> None:
    units = made_units(
        ("Tây", "extent", 0.5, 1, 0.5, 1), ("Giữa", "extent", 2, 1, 1, 1), ("Đông", "extent", 3.5, 1, 0.5, 1)
    ).assign(area_km2=[2.0, 4.0, 2.0])
    wards = made_wards(("Tây", 4, 1, 1), ("Đông", 4, 3, 1))
    parts = made_parts((0, 0, True), (1, 0, True), (1, 1, False), (2, 1, True))
    wards_of, _ = drawn(units, wards, parts, rounds=40)
    assert (wards_of[:, :19] == 0).all()
    assert (wards_of[:, 21:] == 1).all()


def test_water_is_claimed_within_the_extents_alone() -> None:
    grid = Grid(0, 0, 40, 20, 100)
    units = made_units(("An", "extent", 1, 1, 1, 1)).assign(area_km2=4.0)
    wards = made_wards(("An", 4, 1, 1))
    asked = claims(grid, np.full((20, 40), False), units, wards, made_parts((0, 0, True)))
    aims = unit_aims(units, grid), ward_aims(wards, grid)
    labels = labelled(grid, asked, *aims, np.zeros((1, 3)), np.zeros((1, 3)))
    assert (labels[:, :20] == 0).all()
    assert (labels[:, 20:] == -1).all()


def test_a_point_that_is_an_office_far_off_does_not_move_its_ward() -> None:
    grid = Grid(0, 0, 40, 20, 100)
    units = made_units(("An", "extent", 2, 1, 2, 1)).assign(area_km2=np.nan)
    wards = made_wards(("An", 2, 0.1, 0.1))
    asked = claims(grid, np.full((20, 40), True), units, wards, made_parts((0, 0, True)))
    aims = unit_aims(units, grid), ward_aims(wards, grid)
    _, ward_weights = balanced(grid, asked, *aims, rounds=1)
    np.testing.assert_array_equal(ward_weights[0, 1:], [0, 0])


def test_a_unit_without_extent_gets_the_area_that_is_left_opposite_the_others() -> None:
    # An covers 0,55 × 4 = 2,2 of its ward's 4,4 km²: the same is left, on the other side of the point.
    units = made_units(("An", "extent", 1, 1, 1, 1), ("Bình", "none", 9, 9, 8, 8))
    result: Any = placed(units, made_wards(("An", 4.4, 1.5, 1)), made_parts((0, 0, True), (1, 0, True)))
    bình = result.loc[1, ["x", "y", "half_width", "half_height"]].to_numpy(dtype=float)
    np.testing.assert_allclose(bình, [2000, 1000, 1000, 1000])
    assert result["area_km2"].isna().tolist() == [False, True]
    np.testing.assert_allclose(result.loc[0, "area_km2"], 2.2)


def test_a_unit_with_only_a_point_stays_there_unless_it_is_in_another_place() -> None:
    units = made_units(("An", "point", 1, 1, 0.1, 0.1), ("Bình", "point", 9, 9, 0.1, 0.1))
    wards, parts = made_wards(("An", 4, 1.5, 1)), made_parts((0, 0, True), (1, 0, True))
    assert without_strays(units, wards, parts)["basis"].tolist() == ["point", "none"]
    np.testing.assert_allclose(placed(units, wards, parts).loc[0, ["x", "y"]].astype(float), [1000, 1000])


def test_the_shares_of_a_unit_add_up_to_one() -> None:
    parts = made_parts((0, 0, True), (1, 0, True), (1, 1, False), (2, 0, False), (2, 1, True), (2, 2, False))
    np.testing.assert_allclose(shares(parts), [1, 0.6, 0.4, 0.2, 0.6, 0.2])


def test_points_are_exchanged_where_two_split_units_prefer_each_the_others_namesake() -> None:
    units = made_units(("Gia Lộc", "extent", 1, 1, 1, 1), ("Gia Phúc", "extent", 3, 1, 1, 1))
    wards = made_wards(("Gia Lộc", 4, 3, 1), ("Gia Phúc", 4, 1, 1))
    parts = made_parts((0, 0, False), (0, 1, True), (1, 0, True), (1, 1, False))
    pairs = swapped_points(units, wards, parts)
    assert pairs == [(0, 1)]
    wards, parts = with_points_exchanged(wards, parts, pairs)
    assert wards["x"].tolist() == [1000, 3000]
    assert parts["is_main"].tolist() == [True, False, False, True]
    assert swapped_points(units, wards, parts) == []


def test_a_piece_cut_off_by_others_is_found_and_an_island_is_not() -> None:
    groups = np.array(
        [
            [0, 0, 0, 0, 0, 0, -1, 0],
            [0, 0, 0, 0, 0, 0, -1, -1],
            [1, 1, 1, 1, 1, 1, 1, -1],
            [1, 1, 0, 1, 1, 1, 1, -1],
            [1, 1, 1, 1, 1, 1, 1, -1],
        ],
        dtype=np.int32,
    )
    assert np.argwhere(fragments(groups)).tolist() == [[3, 2]]
    assert filled(groups, fragments(groups), 5)[3, 2] == 1


def test_islets_and_islands_that_no_extent_holds_are_left_out() -> None:
    land = np.full((20, 40), False)
    land[2:10, 2:10] = True  # 0,64 km², in An's extent
    land[15, 5] = True  # an islet there
    land[2:10, 30:38] = True  # an island beyond it
    units = made_units(("An", "extent", 1, 1, 1, 1))
    kept = claimed_land(land, Grid(0, 0, 40, 20, 100), units)
    assert kept.sum() == 64
    assert kept[2:10, 2:10].all()


def test_a_hole_further_than_the_limit_stays_empty() -> None:
    labels = np.array([[0, -1, -1, -1, -1]], dtype=np.int32)
    assert filled(labels, labels < 0, 2).tolist() == [[0, 0, 0, -1, -1]]


def test_outlines_follow_the_cells_and_share_their_corners() -> None:
    labels = np.array([[0, 0, 1], [0, 2, 1], [-1, 2, 1]], dtype=np.int32)
    polygons = outlines(labels, Grid(1000, 2000, 3, 3, 10))
    assert polygons.area.to_dict() == {0: 300, 1: 300, 2: 200}
    assert polygons.loc[1].equals(shapely.box(1020, 2000, 1030, 2030))
    assert shapely.coverage_is_valid(polygons.to_numpy())


def test_parts_dissolve_to_one_multipolygon_a_code() -> None:
    squares = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(2, 0, 3, 1)]
    parts = gpd.GeoDataFrame({"ward_code": ["2", "2", "1"]}, geometry=squares, crs=METRIC_CRS)
    joined = dissolved(parts, "ward_code")
    assert joined.area.to_dict() == {"1": 1, "2": 2}
    assert set(joined.geom_type) == {"MultiPolygon"}


def test_the_same_wards_give_the_same_bytes(tmp_path: Path) -> None:
    wards = gpd.GeoDataFrame(
        {"ward_code": ["00001"]}, geometry=[shapely.MultiPolygon([shapely.box(106, 20, 107, 21)])],
        crs="EPSG:4326",
    )  # fmt: skip
    digests = set()
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        write(wards, folder / "wards.gpkg")
        digests.add(hashlib.sha256((folder / "wards.gpkg").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_degrees_become_metres_east_and_north() -> None:
    # EPSG:9210 has its central meridian at 105°45' and 500 km there.
    x, y = metres(pd.Series([105.75]), pd.Series([20.85]))
    assert x[0] == pytest.approx(500_000, abs=1000)
    assert y[0] == pytest.approx(2_306_000, abs=1000)


def test_an_unknown_aim_moves_no_weight() -> None:
    nothing = np.array([np.nan])
    aims = Aims(
        nothing, nothing, np.ones(1), np.ones(1), nothing, np.full(1, False), np.full(1, False), step=1.0
    )
    units = made_units(("An", "extent", 1, 1, 1, 1)).assign(area_km2=4.0)
    grid = Grid(0, 0, 40, 20, 100)
    asked = claims(
        grid, np.full((20, 40), True), units, made_wards(("An", 4, 1, 1)), made_parts((0, -1, True))
    )
    unit_weights, ward_weights = balanced(grid, asked, unit_aims(units, grid), aims, rounds=2)
    np.testing.assert_array_equal(ward_weights, np.zeros((1, 3)))
    assert np.isfinite(unit_weights).all()
