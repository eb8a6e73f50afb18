"""Files served once: geometry that keeps neighbours together, names that change with the content."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.ui import geometry, static_files
from geodata.contract.layers import empty, read_layer
from tests.small_city import OLD


@pytest.fixture
def wards(small_gpkg: Path) -> gpd.GeoDataFrame:
    frame: gpd.GeoDataFrame = read_layer(small_gpkg, "ward")
    return frame[frame["vintage"] == OLD].reset_index(drop=True)


def decode(document: dict[str, Any]) -> list[shapely.MultiPolygon]:
    shapes = []
    for ward in document["wards"]:
        polygons = []
        for rings in ward["polygons"]:
            decoded = []
            for numbers in rings:
                x = y = 0
                ring = []
                for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
                    x, y = x + dx, y + dy
                    ring.append((x / document["scale"], y / document["scale"]))
                decoded.append(ring)
            polygons.append((decoded[0], decoded[1:]))
        shapes.append(shapely.MultiPolygon(polygons))
    return shapes


def test_geometry_comes_back_within_a_metre_and_neighbours_still_touch(wards: gpd.GeoDataFrame) -> None:
    document = geometry.geometry_document(wards, empty("water"))
    shapes = decode(document)
    assert [ward["code"] for ward in document["wards"]] == list(wards["ward_code"])
    for shape, original in zip(shapes, wards.geometry, strict=True):
        assert shape.hausdorff_distance(original) < 2e-5
    assert shapely.coverage_is_valid(shapes)


def test_labels_point_into_their_ward(wards: gpd.GeoDataFrame) -> None:
    document = geometry.geometry_document(wards, empty("water"))
    for ward, shape in zip(document["wards"], wards.geometry, strict=True):
        assert shape.contains(shapely.Point(*(side / document["scale"] for side in ward["at"])))


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=[static_files.static_route()]))


def test_a_content_keeps_its_address_and_another_gets_one_of_its_own(client: TestClient) -> None:
    address = static_files.publish("wards-2025", ".json", b"{}")
    assert static_files.publish("wards-2025", ".json", b"{}") == address
    assert static_files.publish("wards-2025", ".json", b"[]") != address
    assert client.get(address).json() == {}


def test_a_browser_keeps_what_it_has_fetched_for_good(client: TestClient) -> None:
    for address in (static_files.frontend_address("map.js"), static_files.publish("a", ".json", b"[1]")):
        answer = client.get(address)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"


def test_the_frontend_is_served_whole_each_file_by_its_kind(client: TestClient) -> None:
    kinds = {
        "map.js": "javascript",
        "map.css": "text/css",
        "leaflet.js": "javascript",
        "page.css": "text/css",
    }
    for name, kind in (kinds | {"BeVietnamPro-Bold.ttf": "font"}).items():
        answer = client.get(static_files.frontend_address(name))
        assert answer.content == static_files.frontend_sources()[name].read_bytes()
        assert kind in answer.headers["content-type"]
    plain = client.get(static_files.frontend_address("map.js"), headers={"accept-encoding": "identity"})
    assert plain.content == static_files.frontend_sources()["map.js"].read_bytes()


def test_there_is_no_way_to_other_files(client: TestClient) -> None:
    for path in ("map.js", "frontend-0/map.js", "../app.py", "%2e%2e/app.py"):
        assert client.get(f"/app/static/{path}").status_code == 404


def test_what_we_serve_names_no_other_host() -> None:
    for path in static_files.FRONTEND.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text and "https:" not in text, path.name


def test_what_was_published_long_ago_goes_and_what_is_asked_for_stays(client: TestClient) -> None:
    first, second = (static_files.publish("old", ".json", text) for text in (b"0", b"1"))
    for number in range(2, 2 * static_files.KEPT_FILES):
        static_files.publish("old", ".json", str(number).encode())
        assert static_files.publish("old", ".json", b"0") == first
    assert client.get(first).status_code == 200
    assert client.get(second).status_code == 404


def test_streamlits_own_files_come_packed_from_memory_and_all_else_from_streamlit() -> None:
    passed = Route("/{path:path}", lambda _: PlainTextResponse("passed on"))
    client = TestClient(Starlette(routes=[passed], middleware=[Middleware(static_files.StreamlitsFiles)]))
    address, path = next(one for one in static_files.streamlits_files().items() if one[1].suffix == ".js")
    for encoding in ("gzip", "identity"):
        answer = client.get(address, headers={"accept-encoding": encoding})
        assert answer.content == path.read_bytes()
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert "immutable" in answer.headers["cache-control"]
    for other in ("/", "/static/js/none.js", "/static/js/../../index.html"):
        assert client.get(other).text == "passed on"
    assert client.head(address).text == ""
