"""The build's step for rivers: from the file beside the boundaries to the layer and its source."""

import shutil
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from dashboard.ui.geometry import geometry_document
from etl.boundaries.water import find_water, read_water, water_sources
from etl.build import build, is_current
from geodata.contract.crs import METRIC_CRS
from geodata.contract.errors import SourceError
from geodata.contract.layers import read_layer
from tests.conftest import AS_OF
from tests.small_city import CORNER, OLD, SmallCity


def write_rivers(folder: Path) -> Path:
    """Write a river of two parts through the small city into a folder of boundaries."""
    x, y = CORNER
    parts = [[(x, y + 500), (x + 900, y + 700)], [(x + 900, y + 700), (x + 2000, y + 500)]]
    rows = gpd.GeoDataFrame(
        {"river": ["Sông Cấm"], "width_m": [600]},
        geometry=[shapely.MultiLineString(parts)],
        crs=METRIC_CRS,
    )
    path = folder / "osm_roads_rivers.gpkg"
    rows.to_file(path, layer="rivers")
    return path


def test_rivers_stand_in_the_build_with_their_source_and_reach_the_map(
    small_city: SmallCity, small_gpkg: Path, tmp_path: Path
) -> None:
    boundaries = Path(shutil.copytree(small_city.boundaries, tmp_path / "boundaries"))
    write_rivers(boundaries)
    out = tmp_path / "built" / "haiphong.gpkg"
    build([boundaries], small_city.sources, out, AS_OF)
    water = read_layer(out, "water")
    assert water["water_name"].tolist() == ["Sông Cấm"] * 2 and water["width_m"].tolist() == [600.0] * 2
    sources = read_layer(out, "source").set_index("source_id")
    assert sources.loc[water["source"].iloc[0], "licence"] == "ODbL"
    assert "osm_roads_rivers.gpkg" in set(read_layer(out, "build")["input"])
    assert is_current([boundaries], small_city.sources, out, AS_OF)
    wards = read_layer(out, "ward")
    drawn = geometry_document(wards[wards["vintage"] == OLD].reset_index(drop=True), water)["water"]
    assert [one["width"] for one in drawn] == [600, 600]
    end = [sum(drawn[0]["line"][axis::2]) for axis in (0, 1)]
    assert end == drawn[1]["line"][:2]
    assert read_layer(small_gpkg, "water").empty and water_sources(None).empty


def test_a_file_that_holds_no_rivers_is_refused(tmp_path: Path) -> None:
    assert find_water([tmp_path]) is None
    path = write_rivers(tmp_path)
    assert find_water([tmp_path]) == path
    good = gpd.read_file(path)
    path.unlink()
    good.set_geometry(good.buffer(10)).to_file(path, layer="rivers")
    with pytest.raises(SourceError, match="rivers"):
        read_water(path)
    path.write_bytes(b"no GeoPackage")
    with pytest.raises(SourceError):
        read_water(path)
