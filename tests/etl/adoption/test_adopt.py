"""What a boundary file is found to hold: its columns, units and place, and every fault of its outlines."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from etl.boundaries.examine import AdoptionRequest, Examination, day_of, examine
from etl.boundaries.match import Role
from etl.boundaries.place import known_places
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.contract.errors import GeodataError
from tests.etl.boundary_files import NO_PLACES, UNITS, city
from tests.small_city import NEW, OLD, box, new_wards, old_wards


def look(
    folder: Path,
    frame: gpd.GeoDataFrame,
    day: str = NEW,
    known: gpd.GeoDataFrame = NO_PLACES,
    columns: "dict[Role, str] | None" = None,
    **options: "str | bool",
) -> Examination:
    """Write a frame as a GeoPackage and examine it."""
    path = folder / "w.gpkg"
    path.unlink(missing_ok=True)
    frame.to_file(path, layer="ward")
    return examine(AdoptionRequest(path, day, columns=columns or {}, **options), UNITS, known)  # type: ignore[arg-type]


def faults(examination: Examination) -> list[str]:
    assert examination.wards.empty == bool(examination.faults)
    return [fault.render("en").removeprefix("w.gpkg") for fault in examination.faults]


def finding(examination: Examination, check: str) -> tuple[str, str, tuple[str, ...]]:
    (found,) = [each for each in examination.findings if each.check.sentence == check]
    return found.outcome, found.figure.render("en"), found.units


def taken(examination: Examination) -> dict[str, str]:
    return {role: column.name for role, column in examination.columns.items()}


def moved(frame: gpd.GeoDataFrame, row: int, outline: shapely.Geometry) -> gpd.GeoDataFrame:
    """Return a frame in EPSG:9210 in which one row has another outline."""
    outlines: list[Any] = frame.to_crs(METRIC_CRS).geometry.tolist()
    outlines[row] = outline
    return frame.set_geometry(gpd.GeoSeries(outlines, crs=METRIC_CRS))


# --- the units


def test_columns_are_found_by_what_they_hold(tmp_path: Path) -> None:
    found = look(tmp_path, new_wards().rename(columns={"gso_code": "A", "ward": "B", "loai": "C"}))
    assert taken(found) == {"code": "A", "name": "B", "kind": "C"}
    assert (found.columns["name"].known, found.columns["name"].total) == (4, 4)
    assert found.matches["how"].tolist() == ["code"] * 4
    assert faults(found) == []


def test_a_column_of_districts_is_not_taken_for_names(tmp_path: Path) -> None:
    # Like the wards Hồng Bàng and Lê Chân of 2025, which bear the names of districts.
    units = pd.concat(
        [UNITS, UNITS.iloc[:2].assign(ward_name=["Quang", "Vinh"], ward_code=["00007", "00008"])]
    )
    frame = city().assign(district=["Quận Quang", "Quận Quang", "Quận Vinh", "Quận Vinh"])
    frame.to_file(tmp_path / "w.gpkg")
    found = examine(AdoptionRequest(tmp_path / "w.gpkg", NEW), units, NO_PLACES)
    assert taken(found) == {"name": "ward"}


def test_columns_that_are_named_are_taken(tmp_path: Path) -> None:
    frame = city().assign(other=["Bắc", "Đông", "Tây", "Núi Đèo"])
    assert taken(look(tmp_path, frame)) == {"name": "ward"}
    assert taken(look(tmp_path, frame, columns={"name": "OTHER"})) == {"name": "other"}
    with pytest.raises(GeodataError, match="“street”: has no column of this name → one of: ward, other"):
        look(tmp_path, frame, columns={"name": "street"})


def test_a_file_without_names_or_codes_says_which_columns_it_has(tmp_path: Path) -> None:
    frame = city().assign(ward=["a", "b", "c", "d"], n=[6, 7, 8, 9])
    with pytest.raises(GeodataError, match="no column holds the names or codes") as caught:
        look(tmp_path, frame)
    assert "one of: ward, n" in str(caught.value)


def test_names_in_any_spelling_are_taken_and_the_official_ones_kept(tmp_path: Path) -> None:
    frame = city().assign(ward=["P.Đông", "TÂY", "NuiDeo", "Công an phường Bắc"])
    found = look(tmp_path, frame)
    assert found.matches["how"].tolist() == ["exact", "exact", "normalised", "exact"]
    assert found.wards["ward"].tolist() == ["Phường Đông", "Xã Tây", "Xã Núi Đèo", "Phường Bắc"]
    assert found.wards["ward_code"].tolist() == ["00001", "00002", "00003", "00005"]


def test_a_near_name_needs_consent(tmp_path: Path) -> None:
    frame = city().assign(ward=["Đông", "Tây", "Núi Đéo", "Bắc"])
    told = faults(look(tmp_path, frame))
    assert told[0] == (
        ", row 3 “Núi Đéo”: is not on the official list; near: Xã Núi Đèo (00003) 92 %"
        " → the official spelling, or --accept to take what is proposed"
    )
    assert told[1].startswith(" “Xã Núi Đèo”: 1 units of the official list are missing")
    accepted = look(tmp_path, frame, accept=True)
    assert faults(accepted) == []
    assert finding(accepted, "spelling") == ("noted", "1 near names accepted", ("Núi Đéo → Xã Núi Đèo",))


def test_namesakes_are_not_guessed(tmp_path: Path) -> None:
    units = UNITS.copy()
    units.loc[units["ward_code"] == "00004", "ward_name"] = "An Đông"
    frame = old_wards()[["ward_name", "district", "geometry"]]
    frame.loc[3, "ward_name"] = "An Đông"
    path = tmp_path / "w.gpkg"
    frame.drop(columns="district").to_file(path)
    found = examine(AdoptionRequest(path, OLD, accept=True), units, NO_PLACES)
    assert found.matches["how"].tolist() == ["ambiguous", "exact", "exact", "ambiguous", "exact"]
    assert (
        "may be several units: Phường An Đông (00001, Quận Đông) 100 %; "
        "Thị trấn An Đông (00004, Huyện Tây) 100 % → a column of codes or districts that tells them apart"
    ) in faults(found)[0]
    frame.to_file(path)
    assert faults(examine(AdoptionRequest(path, OLD), units, NO_PLACES)) == []


def test_extra_and_missing_units_fail_and_a_huyen_without_communes_may_be_absent(tmp_path: Path) -> None:
    extra = city()
    extra.loc[3, "ward"] = "Xã Trời"
    told = faults(look(tmp_path, extra))
    assert told[0].startswith(", row 4 “Xã Trời”: is not on the official list")
    assert told[1] == " “Phường Bắc”: 1 units of the official list are missing → each unit of the list: 4"
    on_land = look(tmp_path, old_wards().iloc[:4], OLD)
    assert faults(on_land) == []
    assert finding(on_land, "missing units")[2] == ("Huyện Hòn Vọng",)


def test_a_file_of_a_larger_area_is_told_once(tmp_path: Path) -> None:
    elsewhere = city().iloc[[3] * 5].assign(ward=[f"Xã Trời {number}" for number in range(5)])
    frame = pd.concat([city(), elsewhere], ignore_index=True).assign(province=["HP"] * 4 + ["X"] * 5)
    told = faults(look(tmp_path, frame))
    assert told == [
        " “Xã Trời 0, Xã Trời 1, Xã Trời 2, Xã Trời 3, Xã Trời 4”: 5 of 9 rows are not on the official list"
        " → the rows of the city alone, as with --only NAME_1=Hải Phòng"
    ]
    assert faults(look(tmp_path, frame, only="province=HP")) == []


def test_a_file_of_another_date_is_noticed(tmp_path: Path) -> None:
    # The codes 00001 to 00003 stand for other units since; of the names only Núi Đèo is left.
    with pytest.raises(GeodataError) as caught:
        look(tmp_path, old_wards(), NEW, columns={"name": "ward"})
    assert str(caught.value) == (
        "w.gpkg: 1 of 5 units are on the list of 2025-07-01, but 5 on that of 2020-02-01"
        " → the date from which its units hold, likely --valid-from 2020-02-01"
    )


def test_any_day_on_which_the_units_hold_will_do(tmp_path: Path) -> None:
    assert look(tmp_path, old_wards(), "2024-06-30").vintage == OLD
    assert look(tmp_path, new_wards(), "2026-01-01").vintage == NEW
    with pytest.raises(GeodataError, match="is before the first official list → a day from 2020-02-01 on"):
        look(tmp_path, old_wards(), "2019-12-31")
    assert [day_of(text) for text in ("2025-07-01", "1/7/2025", "01-07-2025")] == [NEW] * 3
    with pytest.raises(GeodataError, match="“30/2/2025”: is no day"):
        day_of("30/2/2025")


def test_kinds_and_districts_that_differ_are_told_and_the_list_followed(tmp_path: Path) -> None:
    frame = old_wards()
    frame.loc[0, ["ward", "district", "district_code"]] = ["Xã An Đông", "Huyện Tây", "902"]
    found = look(tmp_path, frame, OLD)
    assert finding(found, "kinds of unit")[2] == ("Phường An Đông",)
    assert finding(found, "districts")[2] == ("Phường An Đông",)
    wards: Any = found.wards
    assert wards.loc[0, ["ward", "district_code"]].tolist() == ["Phường An Đông", "901"]


def test_figures_of_the_file_are_kept_and_those_that_are_none_are_left_empty(tmp_path: Path) -> None:
    frame = new_wards().assign(population_2025=["2600", "many", "1400", "500"])
    found = look(tmp_path, frame)
    assert found.wards["population"].tolist() == [2600, pd.NA, 1400, 500]
    assert found.wards["population_year"].tolist() == [2025, pd.NA, 2025, 2025]
    assert found.wards["area_km2_official"].tolist() == [2.0, 0.75, 1.25, 1.2]
    assert finding(found, "figures of the file")[1] == (
        "1 cells of population_2025 are no numbers, left empty"
    )


# --- where they lie


@pytest.mark.parametrize(
    "code", ["EPSG:4326", "EPSG:9210", "EPSG:9209", "EPSG:3405", "EPSG:4756", "EPSG:32648"]
)
def test_outlines_in_the_usual_systems_come_back_in_place(code: str, tmp_path: Path) -> None:
    found = look(tmp_path, new_wards().to_crs(code))
    assert found.wards.crs == STORAGE_CRS
    distance = found.wards.to_crs(METRIC_CRS).hausdorff_distance(
        new_wards().to_crs(METRIC_CRS).geometry, align=False
    )
    assert distance.max() < 0.01


def test_a_datum_of_unknown_shift_is_noted(tmp_path: Path) -> None:
    local = "+proj=tmerc +lon_0=105.75 +k=0.9999 +x_0=500000 +ellps=WGS84 +units=m"
    checks = [each.figure.sentence for each in look(tmp_path, new_wards().to_crs(9210), crs=local).findings]
    shift = "the shift of its datum to WGS 84 is not known; for VN-2000 it is some 200 m"
    assert shift in checks
    stated = f"{local} +towgs84=-191.9,-39.3,-111.5,0,0,0,0"
    checks = [each.figure.sentence for each in look(tmp_path, new_wards().to_crs(9210), crs=stated).findings]
    assert "the file states {crs}; --crs was followed" in checks
    assert shift not in checks


def swapped(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    turned = shapely.transform(frame.geometry.to_numpy(), lambda points: points[:, ::-1])
    return frame.set_geometry(gpd.GeoSeries(turned, crs=frame.crs))


@pytest.mark.parametrize(
    ("stated", "real", "is_swapped", "fitting"),
    [
        ("EPSG:4326", "EPSG:4326", True, "EPSG:4326 (x ↔ y), EPSG:4756 (x ↔ y)"),
        ("EPSG:4326", "EPSG:9210", False, "EPSG:9210, EPSG:9209, EPSG:3405, EPSG:32648"),
        ("EPSG:3405", "EPSG:4326", False, "EPSG:4326, EPSG:4756"),
        ("EPSG:9210", "EPSG:9210", True, None),
    ],
)
def test_outlines_outside_the_city_name_the_system_that_would_fit(
    stated: str, real: str, is_swapped: bool, fitting: str | None, tmp_path: Path
) -> None:
    frame = new_wards().to_crs(real)
    frame = (swapped(frame) if is_swapped else frame).set_crs(stated, allow_override=True)
    (told,) = faults(look(tmp_path, frame))
    assert f"4 of 4 units lie outside the city in {stated}: a wrong system, or swapped axes" in told
    if fitting:
        assert f"→ {fitting} would fit" in told
    else:
        assert "EPSG:9210 (x ↔ y)" in told


def test_known_places_tell_neighbouring_zones_apart(tmp_path: Path) -> None:
    (tmp_path / "shipped").mkdir()
    new_wards().to_file(tmp_path / "shipped" / f"wards_{NEW}.gpkg", layer="ward")
    known = known_places(tmp_path / "shipped")
    wrong_zone = new_wards().to_crs(9210).set_crs(9209, allow_override=True)
    # 26 km west of its place the city is still within its bounds.
    assert faults(look(tmp_path, wrong_zone)) == []
    (told,) = faults(look(tmp_path, wrong_zone, known=known))
    assert told.startswith(": the units lie 26 km from where they are known to be in EPSG:9209")
    assert "→ EPSG:9210 would fit" in told
    assert faults(look(tmp_path, wrong_zone, known=known, crs="EPSG:9210")) == []
    degrees = new_wards().to_crs(9210).set_crs(4326, allow_override=True)
    assert "→ EPSG:9210 would fit" in faults(look(tmp_path, degrees, known=known))[0]


def test_a_name_on_a_far_outline_is_found_by_its_known_place(tmp_path: Path) -> None:
    (tmp_path / "shipped").mkdir()
    far = moved(new_wards(), 3, box(0, 9, 1, 10))
    far.to_file(tmp_path / "shipped" / f"wards_{NEW}.gpkg", layer="ward")
    found = look(tmp_path, city(), known=known_places(tmp_path / "shipped"))
    assert finding(found, "units far from where they are known to be") == (
        "failed",
        "1, at most 7.5 km",
        ("Phường Bắc",),
    )
    assert len(faults(found)) == 1


def test_official_areas_that_are_known_serve_where_the_file_has_none(tmp_path: Path) -> None:
    (tmp_path / "shipped").mkdir()
    new_wards().to_file(tmp_path / "shipped" / f"wards_{NEW}.gpkg", layer="ward")
    check = "area against the official area"
    assert finding(look(tmp_path, city()), check)[1] == "not checked: no official area is known"
    found = look(tmp_path, city(), known=known_places(tmp_path / "shipped"))
    # Bắc's official area of 1,2 km² counts water.
    assert finding(found, check) == (
        "noted",
        "1 differ by more than 10 %, at most -17 %",
        ("Phường Bắc (-17 %)",),
    )


# --- their outlines

BOWTIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


def in_city(outline: shapely.Geometry, west: float = 0, south: float = 1) -> shapely.Geometry:
    """Place an outline drawn in km at a point of the small city, in EPSG:9210."""
    x, y = shapely.get_coordinates(box(west, south, west + 1, south + 1))[:, :2].min(axis=0)
    return shapely.transform(outline, lambda points: points * 1000 + (x, y))


def test_an_invalid_outline_is_repaired_where_it_crosses_itself(tmp_path: Path) -> None:
    found = look(tmp_path, moved(city(), 3, in_city(BOWTIE)))
    outcome, figure, units = finding(found, "invalid outlines")
    assert (outcome, units) == ("repaired", ("Phường Bắc",))
    assert "1 made valid (Self-intersection)" in figure
    assert found.wards.geometry.is_valid.all()
    # Two triangles of a quarter of a km² each: no border has moved.
    assert found.wards.to_crs(METRIC_CRS).area.round(-1).tolist() == [2e6, 0.75e6, 1.25e6, 0.5e6]


def test_heights_and_doubled_points_go_and_polygons_become_multipolygons(tmp_path: Path) -> None:
    square = shapely.get_parts(box(0, 1, 1, 2))[0]
    points = list(square.exterior.coords)
    raised = shapely.force_3d(shapely.Polygon([points[0], *points]), 7)
    found = look(tmp_path, moved(city(), 3, raised))
    assert finding(found, "heights")[1] == "dropped from 1 outlines"
    assert finding(found, "doubled points") == ("repaired", "1 dropped", ("Phường Bắc",))
    assert set(found.wards.geom_type) == {"MultiPolygon"}
    assert not found.wards.has_z.any()
    assert faults(found) == []


def test_islands_in_rows_of_their_own_are_put_together_and_copies_dropped(tmp_path: Path) -> None:
    frame = moved(city(), 3, box(0, 1, 1, 2))
    island = frame.iloc[[3]].set_geometry([box(0, 3, 1, 4)], crs=METRIC_CRS)
    found = look(tmp_path, pd.concat([frame, island, frame.iloc[[0]]], ignore_index=True))
    assert finding(found, "units in several rows")[1:] == (
        "1 units put together from 2 rows",
        ("Phường Bắc",),
    )
    assert finding(found, "duplicates")[1:] == ("1 rows dropped that repeat another", ("Phường Đông",))
    assert found.wards.to_crs(METRIC_CRS).area.round(-1).tolist() == [2e6, 0.75e6, 1.25e6, 2e6]
    assert faults(found) == []


def test_two_outlines_of_one_unit_that_overlap_are_a_fault(tmp_path: Path) -> None:
    frame = moved(city(), 3, box(0, 1, 1, 2))
    other = frame.iloc[[3]].set_geometry([box(0.5, 1, 1.5, 2)], crs=METRIC_CRS)
    told = faults(look(tmp_path, pd.concat([frame, other], ignore_index=True)))
    assert told == [" “Phường Bắc”: occurs in 2 rows that overlap by 500,000 m² → one outline a unit"]


@pytest.mark.parametrize(
    ("south", "outcome", "figure"),
    [
        (0.9995, "noted", "1 pairs, 500 m² in all, at most 0.0499 % of the smaller unit"),
        (0.9, "failed", "1 pairs, 100,000 m² in all, at most 9.0909 % of the smaller unit"),
    ],
)
def test_overlaps_are_measured_and_fail_beyond_a_limit(
    south: float, outcome: str, figure: str, tmp_path: Path
) -> None:
    found = look(tmp_path, moved(city(), 3, box(0, south, 1, 2)))
    assert finding(found, "overlaps") == (outcome, figure, ("Phường Đông – Phường Bắc",))
    assert len(faults(found)) == (outcome == "failed")


@pytest.mark.parametrize(
    ("side", "outcome", "figure"),
    [
        (0.1, "noted", "1, 10,000 m² in all, the largest 10,000 m²"),
        (0.5, "failed", "1, 250,000 m² in all, the largest 250,000 m²"),
    ],
)
def test_gaps_are_measured_and_fail_beyond_a_limit(
    side: float, outcome: str, figure: str, tmp_path: Path
) -> None:
    lake = box(0.2, 0.2, 0.2 + side, 0.2 + side)
    found = look(tmp_path, moved(city(), 0, box(0, 0, 2, 1).difference(lake)))
    assert finding(found, "gaps") == (outcome, figure, ("Phường Đông",))
    assert len(faults(found)) == (outcome == "failed")


def test_borders_that_run_apart_and_slivers_are_noted(tmp_path: Path) -> None:
    apart = moved(city(), 3, shapely.union(box(0, 1.0005, 1, 2), box(1.5, 3, 1.505, 3.005)))
    found = look(tmp_path, apart)
    outcome, _, units = finding(found, "borders that don't meet")
    assert (outcome, sorted(units)) == ("noted", ["Phường Bắc", "Phường Đông"])
    assert finding(found, "slivers") == ("noted", "1 parts, 25 m² in all", ("Phường Bắc",))
    assert faults(found) == []


def test_an_outline_that_is_half_of_its_official_area_is_another_units(tmp_path: Path) -> None:
    found = look(tmp_path, new_wards().assign(area_km2_official=[2.0, 0.75, 1.25, 2.5]))
    assert finding(found, "area against the official area")[:2] == (
        "failed",
        "1 differ by more than 10 %, at most -60 %",
    )
    assert len(faults(found)) == 1


def test_a_unit_among_those_of_another_district_is_found(tmp_path: Path) -> None:
    frame = old_wards()
    assert finding(look(tmp_path, frame, OLD), "units outside their district")[0] == "passed"
    # An Đông of the district in the west and Núi Đèo of that in the east change places.
    facts = ["gso_code", "ward", "ward_name", "district_code", "district"]
    frame.loc[[0, 3], facts] = frame.loc[[3, 0], facts].to_numpy()
    outcome, figure, units = finding(look(tmp_path, frame, OLD), "units outside their district")
    # Their former neighbours are left among strangers too.
    assert (outcome, figure) == ("failed", "4 without a neighbour of their district")
    assert {"Thị trấn Núi Đèo", "Phường An Đông"} < set(units)


def not_a_number() -> shapely.Polygon:
    """Return a polygon one of whose points has no longitude."""
    with np.errstate(invalid="ignore"):
        return shapely.Polygon([(106.6, 20.8), (float("nan"), 20.9), (106.7, 20.9), (106.6, 20.8)])


POINT = shapely.Point(106.68, 20.86)


@pytest.mark.parametrize(
    ("outline", "sentence"),
    [
        (POINT, " “Phường Bắc”: 1 units of the official list are missing"),
        (None, ", row 4 “Phường Bắc”: has no outline, or one that can't be read"),
        (
            not_a_number(),
            ", row 4 “Phường Bắc”: has coordinates that are no numbers → a polygon",
        ),
    ],
)
def test_a_row_that_is_no_polygon_of_numbers_is_a_fault(
    outline: shapely.Geometry, sentence: str, tmp_path: Path
) -> None:
    frame = city()
    frame = frame.set_geometry(gpd.GeoSeries([*frame.geometry[:3], outline], crs=STORAGE_CRS))
    (told,) = faults(look(tmp_path, frame))
    assert told.startswith(sentence)


def test_a_layer_of_points_is_told_once(tmp_path: Path) -> None:
    frame = new_wards().to_crs(METRIC_CRS)
    points = frame.set_geometry(frame.representative_point()).to_crs(STORAGE_CRS)
    assert faults(look(tmp_path, points)) == [" “Point”: holds no polygons → polygons"]


def test_an_outline_without_area_is_a_fault(tmp_path: Path) -> None:
    line = in_city(shapely.Polygon([(0, 0), (1, 1), (0.5, 0.5)]))
    told = faults(look(tmp_path, moved(city(), 3, line)))
    assert told == [", row 4 “Phường Bắc”: has an outline without area → a polygon"]


def test_faults_of_units_and_outlines_come_together(tmp_path: Path) -> None:
    frame = moved(city(), 3, box(0, 0.9, 1, 2))
    frame.loc[1, "ward"] = "Xã Trời"
    told = faults(look(tmp_path, frame))
    assert [sentence.partition("”: ")[2][:20] for sentence in told] == [
        "is not on the offici",
        "1 units of the offic",
        "overlaps: 1 pairs, 1",
    ]
