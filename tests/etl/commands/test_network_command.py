"""The command network: what it stores and tells, and that bad input leaves the old network alone."""

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner, Result

import etl.cli
from geodata.contract.crs import STORAGE_CRS
from geodata.itinerary.network import Network
from geodata.settings import settings
from tests.street_grid import points


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command store beside a GeoPackage of its own."""
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(tmp_path / "built" / "city.gpkg"))
    monkeypatch.delenv("PILOT_WARDS_NETWORK", raising=False)
    monkeypatch.setenv("PILOT_WARDS_LANG", "en")
    monkeypatch.setenv("COLUMNS", "160")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(etl.cli.app, ["network", *map(str, arguments)])


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    corner, east, north = shapely.get_coordinates(points((0, 0), (1000, 0), (0, 3000)).to_numpy())
    lines = [shapely.LineString([corner, east]), shapely.LineString([corner, north])]
    columns = {"highway": ["primary", "footway"], "maxspeed": ["50", None], "bridge": ["no", "no"]}
    frame = gpd.GeoDataFrame(columns, geometry=lines, crs=STORAGE_CRS)
    frame.to_file(tmp_path / "[đường].gpkg", layer="roads")
    return tmp_path / "[đường].gpkg"


def cells(text: str) -> dict[str, str]:
    lines = [line.strip("│").split("│") for line in text.splitlines() if "│" in line]
    return {title.strip(): value.strip() for title, value in lines}


def test_the_network_is_stored_beside_the_geopackage_and_told(roads: Path) -> None:
    result = run(roads)
    assert result.exit_code == 0
    assert cells(result.stdout) == {
        "File": "[đường].gpkg",
        "Attribution": "© OpenStreetMap contributors, ODbL 1.0",
        "Ways used": "1 of 2",
        "Edges": "1",
        "Junctions and ends": "2",
        "Length": "1 km",
        "Connected parts": "1",
        "In the largest part": "100 % of the length",
        "One-way": "0 % of the length",
        "Speed given": "100 % of the length",
    }
    assert "Ways left out: 1 of a class that cars do not use." in result.stdout
    assert f"Network: {settings().network}" in result.stdout
    assert Network.load(settings().network).source.file == "[đường].gpkg"


def test_it_speaks_vietnamese_by_default(roads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PILOT_WARDS_LANG")
    assert "Tuyến bị bỏ: 1 thuộc loại đường ô tô không đi." in run(roads).stdout


def test_another_place_and_a_source_can_be_named(roads: Path, tmp_path: Path) -> None:
    out = tmp_path / "x" / "mine.npz"
    assert run(roads, "--out", out, "--source", "Sở Xây dựng", "--layer", "roads").exit_code == 0
    assert Network.load(out).source.attribution == "Sở Xây dựng"
    assert not settings().network.exists()


def test_bad_input_leaves_the_old_network_and_ends_with_2(roads: Path, tmp_path: Path) -> None:
    run(roads)
    before = settings().network.read_bytes()
    gpd.GeoDataFrame(geometry=points((0, 0))).to_file(tmp_path / "points.gpkg")
    result = run(tmp_path / "points.gpkg")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[0] == "No network was made. Faults: 1"
    assert "points.gpkg “Point”: holds no lines → a layer of lines, one a street" in result.stderr
    assert settings().network.read_bytes() == before
    assert [path.name for path in settings().network.parent.iterdir()] == ["network.npz"]


def test_a_place_that_can_not_be_written_is_told(roads: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    result = run(roads, "--out", tmp_path / "taken")
    assert result.exit_code == 2
    assert f"{tmp_path / 'taken'}: is a folder where a file should be" in result.stderr


def test_the_slow_library_of_graphs_loads_only_for_graphs() -> None:
    modules = "import sys, etl.cli, etl.streets.network, geodata.itinerary.travel; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", modules], capture_output=True, text=True, check=True)
    assert not {"osmnx", "networkx"} & set(loaded.stdout.split())
