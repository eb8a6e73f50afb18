"""Files of the whole city, rewritten as offices and the public deliver them, are adopted whole, in place."""

import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from etl.boundaries.examine import AdoptionRequest, Examination, examine
from etl.boundaries.keep import Origin, keep
from etl.boundaries.place import known_places
from etl.boundaries.vintages import read_boundary, tidy_boundary
from etl.register.tables import TABLES, read_table, tidy_table
from geodata.contract.crs import METRIC_CRS
from geodata.contract.errors import JoinError
from geodata.settings import SHIPPED_BOUNDARIES, SOURCES
from tests.conftest import on_real_outlines
from tests.etl.boundary_files import write_shapefile, write_topojson, zipped

OLD, MID, NEW = "2020-02-01", "2025-01-01", "2025-07-01"


@pytest.fixture(scope="module")
def lists() -> pd.DataFrame:
    """Return the official lists of all vintages."""
    return tidy_table(read_table(SOURCES / "unit.csv"), TABLES["unit"])


@pytest.fixture(scope="module")
def known() -> gpd.GeoDataFrame:
    """Return the known places: those of the outlines that are shipped."""
    return known_places(SHIPPED_BOUNDARIES)


@pytest.fixture(scope="module")
def new_file(city_boundaries: Path) -> gpd.GeoDataFrame:
    """Return the file of 2025-07-01 as it is."""
    return gpd.read_file(city_boundaries / f"wards_{NEW}.gpkg")


def worst_distance_m(examination: Examination, original: gpd.GeoDataFrame, folder: Path) -> float:
    """Keep a file and return the largest Hausdorff distance of a unit from its original, in EPSG:9210."""
    kept = keep(examination, Origin(), folder, date(2026, 1, 31))
    wards = tidy_boundary(read_boundary(kept.tidied), examination.vintage, kept.tidied.name)
    result = wards.to_crs(METRIC_CRS).set_index("ward_code").geometry
    before = original.to_crs(METRIC_CRS).set_index("gso_code").geometry
    assert sorted(result.index) == sorted(before.index)
    return float(before.hausdorff_distance(gpd.GeoSeries(result.loc[before.index])).max())


def as_shapefile(wards: gpd.GeoDataFrame, folder: Path) -> Path:
    frame = wards[["ward", "geometry"]].to_crs("EPSG:9210")
    (folder / "in").mkdir()
    path = write_shapefile(folder / "in" / "ranh_gioi.shp", frame, encoding="cp1258", cpg=None)
    return zipped(folder / "ranh_gioi.zip", sorted(path.parent.iterdir()), root=path.parent)


def as_geojson(wards: gpd.GeoDataFrame, folder: Path) -> Path:
    names = wards["ward_name"].map(lambda name: unicodedata.normalize("NFD", name))
    gpd.GeoDataFrame({"TEN": names}, geometry=wards.geometry).to_file(folder / "w.geojson", driver="GeoJSON")
    return folder / "w.geojson"


def with_driver(driver: str, name: str) -> Callable[[gpd.GeoDataFrame, Path], Path]:
    def write(wards: gpd.GeoDataFrame, folder: Path) -> Path:
        wards[["ward", "geometry"]].to_file(folder / name, driver=driver)
        return folder / name

    return write


def as_topojson(wards: gpd.GeoDataFrame, folder: Path) -> Path:
    return write_topojson(folder / "w.topojson", wards[["ward", "geometry"]])


@pytest.mark.filterwarnings("ignore:organizePolygons:RuntimeWarning")
@pytest.mark.parametrize(
    ("city_boundaries", "write"),
    [
        # Those that move true outlines: the one projects them, the other snaps them to a grid of its own.
        pytest.param("real", as_shapefile, id="real, zipped Shapefile, EPSG:9210, Windows-1258"),
        pytest.param("real", with_driver("OpenFileGDB", "w.gdb"), id="real, GDB"),
        pytest.param("sketched", as_shapefile, id="zipped Shapefile, EPSG:9210, Windows-1258"),
        pytest.param("sketched", as_geojson, id="GeoJSON, NFD"),
        pytest.param("sketched", with_driver("KML", "w.kml"), id="KML"),
        pytest.param("sketched", with_driver("FlatGeobuf", "w.fgb"), id="FlatGeobuf"),
        pytest.param("sketched", with_driver("OpenFileGDB", "w.gdb"), id="GDB"),
        pytest.param("sketched", as_topojson, id="TopoJSON"),
    ],
    indirect=["city_boundaries"],
)
def test_the_file_of_2025_in_another_dress_is_adopted_whole(
    write: Callable[[gpd.GeoDataFrame, Path], Path],
    new_file: gpd.GeoDataFrame,
    lists: pd.DataFrame,
    known: gpd.GeoDataFrame,
    tmp_path: Path,
) -> None:
    path = write(new_file, tmp_path)
    crs = "EPSG:4326" if path.suffix == ".topojson" else None
    found = examine(AdoptionRequest(path, NEW, crs=crs), lists, known)
    assert "code" not in found.columns
    assert found.matches["how"].value_counts().to_dict() == {"exact": 114}
    assert found.faults == ()
    assert worst_distance_m(found, new_file, tmp_path / "kept") < 1


@on_real_outlines
def test_the_file_of_2025_is_adopted_with_its_known_faults(
    city_boundaries: Path,
    new_file: gpd.GeoDataFrame,
    lists: pd.DataFrame,
    known: gpd.GeoDataFrame,
    tmp_path: Path,
) -> None:
    found = examine(AdoptionRequest(city_boundaries / f"wards_{NEW}.gpkg", NEW), lists, known)
    assert found.matches["how"].value_counts().to_dict() == {"code": 114}
    figures = {each.check.sentence: (each.outcome, each.figure.render("en")) for each in found.findings}
    assert figures["overlaps"] == ("noted", "1 pairs, 1,135 m² in all, at most 0.0026 % of the smaller unit")
    assert figures["gaps"] == ("noted", "1, 56,172 m² in all, the largest 56,172 m²")
    assert figures["area against the official area"] == (
        "noted",
        "4 differ by more than 10 %, at most -30 %",
    )
    assert worst_distance_m(found, new_file, tmp_path / "kept") < 0.01
    assert found.wards["population"].sum() == new_file["population_2025"].sum()


def test_the_file_of_2020_is_adopted_by_code_and_by_name(
    city_boundaries: Path, lists: pd.DataFrame, known: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    found = examine(AdoptionRequest(city_boundaries / f"wards_{OLD}.gpkg", "2023-11-23"), lists, known)
    # Huyện Bạch Long Vĩ has no commune, hence no code.
    assert found.matches["how"].value_counts().to_dict() == {"code": 217, "exact": 1}
    assert (found.vintage, found.faults) == (OLD, ())
    original = gpd.read_file(city_boundaries / f"wards_{OLD}.gpkg")
    original["gso_code"] = original["gso_code"].fillna(original["district_code"])
    assert worst_distance_m(found, original, tmp_path / "kept") < 0.01


def test_gadm_as_it_is_published_is_adopted_out_of_a_larger_file(
    city_boundaries: Path, lists: pd.DataFrame, known: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    wards = gpd.read_file(city_boundaries / f"wards_{OLD}.gpkg")

    def squeezed(names: pd.Series) -> pd.Series:
        return names.str.replace(r"^(Quận|Huyện|Phường|Xã|Thị trấn) (đảo )?", "", regex=True).str.replace(
            " ", ""
        )

    frame = gpd.GeoDataFrame(
        {
            "NAME_1": "HảiPhòng",
            "NAME_2": squeezed(wards["district"]),
            "NAME_3": squeezed(wards["ward"]),
            "TYPE_3": wards["ward"].str.extract(r"^(Phường|Xã|Thị trấn|Huyện)")[0],
        },
        geometry=wards.geometry,
    )
    elsewhere = frame.iloc[:50].assign(NAME_1="TháiBình")
    pd.concat([frame, elsewhere]).to_file(tmp_path / "gadm.gpkg", layer="ADM_ADM_3")
    request = AdoptionRequest(tmp_path / "gadm.gpkg", OLD, layer="ADM_ADM_3", only="NAME_1=Hải Phòng")
    found = examine(request, lists, known)
    columns = {role: column.name for role, column in found.columns.items()}
    assert columns == {"name": "NAME_3", "district": "NAME_2", "kind": "TYPE_3"}
    assert found.matches["how"].isin(["exact", "normalised"]).all()
    assert found.faults == ()
    assert len(found.wards) == 218


@pytest.mark.parametrize(("file", "day", "better"), [(OLD, NEW, OLD), (OLD, MID, OLD), (NEW, OLD, NEW)])
def test_a_file_of_another_date_names_its_own(
    file: str, day: str, better: str, city_boundaries: Path, lists: pd.DataFrame, known: gpd.GeoDataFrame
) -> None:
    with pytest.raises(JoinError, match=f"likely --valid-from {better}"):
        examine(AdoptionRequest(city_boundaries / f"wards_{file}.gpkg", day), lists, known)


@pytest.mark.parametrize("vintage", [OLD, NEW])
def test_a_neighbouring_zone_is_noticed(
    vintage: str, city_boundaries: Path, lists: pd.DataFrame, known: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    wards = gpd.read_file(city_boundaries / f"wards_{vintage}.gpkg").to_crs(METRIC_CRS)
    pyogrio.write_dataframe(wards.set_crs("EPSG:9209", allow_override=True), tmp_path / "w.gpkg")
    (fault,) = examine(AdoptionRequest(tmp_path / "w.gpkg", vintage), lists, known).faults
    assert "EPSG:9210 would fit" in fault.render("en")
