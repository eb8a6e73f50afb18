"""Files served once: geometry that keeps neighbours together, names that change with the content."""

import json
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from dashboard.ui import static_files
from geodata.contract.layers import empty, read_layer
from tests.small_city import OLD


@pytest.fixture(autouse=True)
def static_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(static_files, "STATIC", tmp_path / "static")
    static_files.publish_frontend.cache_clear()
    yield tmp_path / "static"
    static_files.publish_frontend.cache_clear()


@pytest.fixture
def wards(small_gpkg: Path) -> gpd.GeoDataFrame:
    frame = read_layer(small_gpkg, "ward")
    return frame[frame["vintage"] == OLD].reset_index(drop=True)


def decode(document: dict[str, object]) -> list[shapely.MultiPolygon]:
    shapes = []
    for ward in document["wards"]:  # type: ignore[attr-defined]
        polygons = []
        for rings in ward["polygons"]:
            decoded = []
            for numbers in rings:
                x = y = 0
                ring = []
                for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
                    x, y = x + dx, y + dy
                    ring.append((x / document["scale"], y / document["scale"]))  # type: ignore[operator]
                decoded.append(ring)
            polygons.append((decoded[0], decoded[1:]))
        shapes.append(shapely.MultiPolygon(polygons))
    return shapes


def test_geometry_comes_back_within_a_metre_and_neighbours_still_touch(wards: gpd.GeoDataFrame) -> None:
    document = static_files.geometry_document(wards, empty("water"))
    shapes = decode(document)
    assert [ward["code"] for ward in document["wards"]] == list(wards["ward_code"])
    for shape, original in zip(shapes, wards.geometry, strict=True):
        assert shape.hausdorff_distance(original) < 2e-5
    assert shapely.coverage_is_valid(shapes)


def test_labels_point_into_their_ward(wards: gpd.GeoDataFrame) -> None:
    document = static_files.geometry_document(wards, empty("water"))
    for ward, shape in zip(document["wards"], wards.geometry, strict=True):
        assert shape.contains(shapely.Point(*(side / document["scale"] for side in ward["at"])))


def test_the_same_geometry_keeps_its_name_and_another_gets_one_of_its_own(
    wards: gpd.GeoDataFrame, static_folder: Path
) -> None:
    name = static_files.publish_geometry(wards, empty("water"))
    assert static_files.publish_geometry(wards, empty("water")) == name
    moved = wards.set_geometry(wards.geometry.translate(0.001))
    assert static_files.publish_geometry(moved, empty("water")) != name
    assert json.loads((static_folder / name).read_text())["vintage"] == OLD
    assert sorted(path.name for path in static_folder.iterdir()) == sorted(
        {name, static_files.publish_geometry(moved, empty("water"))}
    )


def test_geometry_looks_old_enough_for_a_browser_to_keep_it(
    wards: gpd.GeoDataFrame, static_folder: Path
) -> None:
    name = static_files.publish_geometry(wards, empty("water"))
    assert (static_folder / name).stat().st_mtime == 1_000_000_000


def test_the_frontend_is_published_whole_and_once(static_folder: Path) -> None:
    name = static_files.publish_frontend()
    static_files.publish_frontend.cache_clear()
    assert static_files.publish_frontend() == name
    assert [path.name for path in static_folder.iterdir()] == [name]
    assert {"map.js", "labels.js", "map.css", "page.css", "leaflet.js", "BeVietnamPro-Bold.ttf"} <= {
        path.name for path in (static_folder / name).iterdir()
    }


def test_what_we_serve_names_no_other_host() -> None:
    for path in static_files.FRONTEND.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text and "https:" not in text, path.name


def test_geometry_of_long_ago_goes_and_what_is_asked_for_stays(
    wards: gpd.GeoDataFrame, static_folder: Path
) -> None:
    def publish(number: int) -> Path:
        return static_folder / static_files.publish_geometry(
            wards.assign(ward_name=f"Ward {number}"), empty("water")
        )

    first, second = publish(0), publish(1)
    for number in range(2, 40):
        publish(number)
        assert publish(0) == first
    assert first.is_file()
    assert not second.is_file()
    assert len(list(static_folder.iterdir())) < 20
