"""The command basemap: what it keeps and tells, and that a bad file changes nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from pmtiles.tile import Compression, TileType
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

import etl.basemap
import etl.cli
from dashboard.ui.basemap import basemap_route, basemap_state
from geodata.basemap import FOLDER, RECORD
from tests.basemap_files import write_basemap
from tests.street_grid import points


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home of the command's own."""
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PILOT_WARDS_LANG", "en")
    return tmp_path / "home"


def streets() -> dict[str, gpd.GeoDataFrame]:
    """Return a crossing and its name, in the city."""
    west, east, north = points((0, 0), (1000, 0), (0, 3000)).to_numpy()
    ways = [west.union(east).convex_hull, west.union(north).convex_hull]
    kinds = {"kind": ["major_road", "minor_road"], "name": ["Đường Một", "Đường <b>Hai</b>"]}
    place = {"kind": ["neighbourhood"], "name": ["Ngã Tư"]}
    crs = points((0, 0)).crs
    return {
        "roads": gpd.GeoDataFrame(kinds, geometry=ways, crs=crs),
        "places": gpd.GeoDataFrame(place, geometry=[west], crs=crs),
    }


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(etl.cli.app, ["basemap", *map(str, arguments)])


def made(folder: Path, name: str = "streets.pmtiles", **head: Any) -> Path:
    return write_basemap(folder / name, streets(), **head)


def files(home: Path) -> list[str]:
    return sorted(path.name for path in (home / FOLDER).glob("*"))


def test_a_basemap_is_kept_told_served_in_ranges_replaced_and_taken_away(tmp_path: Path, home: Path) -> None:
    assert "There is no basemap" in run().stdout
    assert basemap_state() is None
    client = TestClient(Starlette(routes=[basemap_route()]))
    brought = made(tmp_path)
    content = brought.read_bytes()
    told = run(brought)
    assert told.exit_code == 0
    assert "Basemap: © OpenStreetMap ODbL" in told.stdout
    assert brought.read_bytes() == content
    first = basemap_state()
    assert first is not None
    assert first["zoom"] == 12
    answer = client.get(first["address"], headers={"range": "bytes=7-11"})
    assert (answer.status_code, answer.content) == (206, content[7:12])
    assert answer.headers["content-range"] == f"bytes 7-11/{len(content)}"
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/app/basemap/..%2f..%2fstate.json").status_code == 404
    assert run(made(tmp_path, "others.pmtiles", attribution="")).exit_code == 0
    second = basemap_state()
    assert second is not None
    assert second["address"] != first["address"]
    assert client.get(first["address"]).status_code == 404
    assert files(home) == sorted([second["address"].rpartition("/")[2], RECORD])
    assert "Basemap: not stated" in run().stdout
    assert "There is no basemap" in run("--remove").stdout
    assert files(home) == []
    assert basemap_state() is None
    assert client.get(second["address"]).status_code == 404


BAD: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a text": (lambda file: file.write_text("PMTiles"), ["is no PMTiles file"]),
    "empty": (lambda file: file.write_bytes(b""), ["is no PMTiles file"]),
    "nothing there": (lambda file: file.unlink(missing_ok=True), ["is missing → a file at rest"]),
    "version 2": (lambda file: file.write_bytes(b"PM\2\0" + bytes(600)), ["is PMTiles version 2 → "]),
    "version 4": (lambda file: file.write_bytes(b"PMTiles\4" + bytes(600)), ["is PMTiles version 4"]),
    "cut in its head": (
        lambda file: file.write_bytes(file.read_bytes()[:100]),
        ["is cut off: 100 bytes → "],
    ),
    "cut": (lambda file: file.write_bytes(file.read_bytes()[:-1]), ["is cut off", "as its head says"]),
    "an unknown type": (
        lambda file: file.write_bytes(file.read_bytes()[:99] + b"\x63" + file.read_bytes()[100:]),
        ["is no PMTiles file"],
    ),
    "pictures, packed strangely": (
        lambda file: write_basemap(
            file, streets(), tile_type=TileType.PNG, tile_compression=Compression.ZSTD
        ),
        ["“PNG”: tiles of this type are pictures", "“ZSTD”: no browser unpacks this"],
    ),
    "elsewhere": (
        lambda file: write_basemap(file, streets(), max_lat_e7=-10, min_lat_e7=-20),
        ["lies outside the city → an extract that meets 105.9 / 20.1 / 108.0 / 21.4 degrees"],
    ),
    "from far above, of others": (
        lambda file: write_basemap(file, {"transportation": streets()["roads"]}, (3, 4)),
        [
            "“3–4”: these zooms",
            "“transportation”: lacks layers of Protomaps' basemap: places, roads → the layers",
        ],
    ),
}


@pytest.fixture(params=BAD)
def bad(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, list[str]]]:
    """Return a bad file and what is told of it."""
    spoil, told = BAD[request.param]
    file = made(tmp_path, "brought.pmtiles")
    spoil(file)
    yield file, told


def test_a_bad_file_is_told_with_every_fault_and_what_was_there_stays(
    bad: tuple[Path, list[str]], tmp_path: Path, home: Path
) -> None:
    file, told = bad
    run(made(tmp_path))
    before, content = files(home), file.read_bytes() if file.is_file() else None
    result = run(file)
    assert result.exit_code == 2
    assert f"Faults: {sum('→' in line for line in result.stderr.splitlines())}" in result.stderr
    for part in (*told, "brought.pmtiles"):
        assert part in result.stderr
    assert (files(home), file.read_bytes() if file.is_file() else None) == (before, content)


def test_without_what_draws_it_there_is_no_basemap_and_the_command_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(made(tmp_path))
    for module in ("etl.basemap", "dashboard.ui.basemap"):
        monkeypatch.setattr(f"{module}.BASEMAP_SCRIPT", tmp_path / "none.js")
    assert basemap_state() is None
    result = run(made(tmp_path))
    assert result.exit_code == 2
    assert "protomaps-leaflet: is missing from this installation" in result.stderr
