"""GPX for phones: what a strict reader and GDAL find in it, and names that could break it."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import gpxpy
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.itinerary.files.gpx import gpx, gpx_ending
from geodata.itinerary.files.wording import plain
from tests.planned_day import BACKGROUND, HOSTILE, NAMES, START, day_of, said, team_of

NAMESPACE = "{http://www.topografix.com/GPX/1/1}"
ORDER = {
    "gpx": ("metadata", "wpt", "rte", "trk", "extensions"),
    "metadata": ("name", "desc", "author", "copyright", "link", "time", "keywords", "bounds", "extensions"),
    "wpt": (
        *("ele", "time", "magvar", "geoidheight", "name", "cmt", "desc", "src", "link", "sym", "type"),
        *("fix", "sat", "hdop", "vdop", "pdop", "ageofdgpsdata", "dgpsid", "extensions"),
    ),
    "rte": ("name", "cmt", "desc", "src", "link", "number", "type", "extensions", "rtept"),
    "trk": ("name", "cmt", "desc", "src", "link", "number", "type", "extensions", "trkseg"),
    "trkseg": ("trkpt", "extensions"),
}
ORDER["rtept"] = ORDER["trkpt"] = ORDER["wpt"]
"""The children of each element in the order that the schema of GPX 1.1 demands."""


def assert_valid(text: bytes) -> None:
    root = ElementTree.fromstring(text)
    assert root.tag == f"{NAMESPACE}gpx"
    assert root.get("version") == "1.1"
    assert root.get("creator")
    for element in root.iter():
        kind = element.tag.removeprefix(NAMESPACE)
        children = [child.tag.removeprefix(NAMESPACE) for child in element]
        places = [ORDER.get(kind, ()).index(child) for child in children]
        assert places == sorted(places), kind
        if kind in ("wpt", "rtept", "trkpt"):
            assert -90 <= float(element.attrib["lat"]) <= 90
            assert -180 <= float(element.attrib["lon"]) < 180
        if kind == "number":
            assert int(element.text or "") > 0


def test_stops_are_waypoints_and_each_leg_is_a_track() -> None:
    text = gpx(day_of(team_of(NAMES)))
    assert_valid(text)
    read = gpxpy.parse(text)
    assert read.name == "Kiểm tra thực địa năm phường"
    assert str(read.description).split("\n") == BACKGROUND
    assert [point.name for point in read.waypoints] == [
        "Xuất phát: Ủy ban nhân dân thành phố",
        "1. Hùng Vương",
        "2. Dư Hàng Kênh",
        "3. Kênh Dương",
        "4. Cát Bi",
        "5. Ngọc Xuyên",
        "Kết thúc: Ủy ban nhân dân thành phố",
    ]
    assert (read.waypoints[0].latitude, read.waypoints[0].longitude) == START
    assert read.waypoints[0].description == "Rời lúc 07:30"
    assert read.waypoints[1].description == "Đến 07:43, làm việc 07:48–08:18, rời đi 08:18 (ước tính)"
    assert [point.name for point in read.routes[0].points] == [point.name for point in read.waypoints]
    assert [track.name for track in read.tracks][-2:] == [
        "Cát Bi → Ngọc Xuyên",
        "Ngọc Xuyên → Ủy ban nhân dân thành phố (đường thẳng, ước tính)",
    ]
    assert read.tracks[0].description == "4,3 km, 13 phút"
    assert [len(track.segments[0].points) for track in read.tracks] == [3, 3, 3, 3, 3, 2]


def test_teams_are_told_apart() -> None:
    day = day_of(team_of(NAMES[:3]), team_of(NAMES[3:], 2, returns=False))
    assert (gpx_ending(day), gpx_ending(day_of(team_of(NAMES)))) == ("zip", "gpx")
    assert gpx(day, "en") == gpx(day, "en")
    with zipfile.ZipFile(io.BytesIO(gpx(day, "en"))) as archive:
        texts = {name: archive.read(name) for name in archive.namelist()}
    assert list(texts) == ["2023-11-23 Team 1.gpx", "2023-11-23 Team 2.gpx"]
    for text in texts.values():
        assert_valid(text)
    one, other = (gpxpy.parse(text) for text in texts.values())
    assert [route.name for route in one.routes] == ["Team 1: Kiểm tra thực địa năm phường"]
    assert other.name == "Team 2: Kiểm tra thực địa năm phường"
    assert [point.name for point in other.waypoints][-2:] == ["Team 2: 1. Cát Bi", "Team 2: 2. Ngọc Xuyên"]
    assert (len(one.tracks), len(other.tracks)) == (4, 2)


def test_gdal_opens_it(tmp_path: Path) -> None:
    path = tmp_path / "route.gpx"
    path.write_bytes(gpx(day_of(team_of(NAMES))))
    layers = dict(pyogrio.list_layers(path))
    assert set(layers) == {"waypoints", "routes", "tracks", "route_points", "track_points"}
    stops = pyogrio.read_dataframe(path, layer="waypoints")
    assert stops["name"][5] == "5. Ngọc Xuyên"
    assert (stops.geometry[5].y, stops.geometry[5].x) == pytest.approx((20.7180, 106.7690))
    assert len(pyogrio.read_dataframe(path, layer="routes")) == 1
    assert len(pyogrio.read_dataframe(path, layer="tracks")) == 6


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text(name: str) -> None:
    text = gpx(replace(day_of(team_of([name])), title=said(name), notes=(said(name),)))
    assert_valid(text)
    assert gpxpy.parse(text).waypoints[1].name == f"1. {plain(name)}"


@given(st.text(st.characters(codec=None), min_size=1))
def test_any_name_is_read_back(name: str) -> None:
    text = gpx(replace(day_of(team_of([name])), title=said(name)))
    assert_valid(text)
    assert gpxpy.parse(text).waypoints[1].name in (f"1. {plain(name)}", "1. 20.86050, 106.62700")


def test_a_day_without_a_visit_is_its_start() -> None:
    text = gpx(day_of(team_of([], returns=False)))
    assert_valid(text)
    assert len(gpxpy.parse(text).waypoints) == 1
