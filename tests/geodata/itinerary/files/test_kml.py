"""KML for map programs: valid against the schema of OGC, read by GDAL, and names that could break it."""

from dataclasses import replace
from pathlib import Path

import pyogrio
import pytest
from fastkml.validator import get_schema_parser
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from geodata.itinerary.files.kml import kml
from geodata.itinerary.files.wording import plain
from tests.planned_day import BACKGROUND, HOSTILE, NAMES, POINTS, day_of, said, team_of

KML = "{http://www.opengis.net/kml/2.2}"


def parsed(text: str) -> etree._Element:
    """Return the file's root; not without validating it."""
    root = etree.fromstring(text.encode())
    get_schema_parser().assertValid(root)
    return root


def names(root: etree._Element, kind: str) -> list[str]:
    return [element.findtext(f"{KML}name") or "" for element in root.iter(f"{KML}{kind}")]


def test_a_team_is_a_folder_with_its_stops_and_legs() -> None:
    root = parsed(kml(day_of(team_of(NAMES))))
    assert names(root, "Folder") == ["Kiểm tra thực địa năm phường"]
    placemarks = names(root, "Placemark")
    assert placemarks[:2] == ["Xuất phát: Ủy ban nhân dân thành phố", "1. Hùng Vương"]
    assert placemarks[-1] == "Ngọc Xuyên → Ủy ban nhân dân thành phố (đường thẳng, ước tính)"
    assert len(placemarks) == 7 + 6
    [told, _, first, *_] = [element.text or "" for element in root.iter(f"{KML}description")]
    assert told.split("<br>") == BACKGROUND
    assert first == "Đến 07:43, làm việc 07:48–08:18, rời đi 08:18 (ước tính)"
    used = {element.text for element in root.iter(f"{KML}styleUrl")}
    assert used == {f"#{style.get('id')}" for style in root.iter(f"{KML}Style")}


def test_each_team_has_its_folder_and_colour() -> None:
    root = parsed(kml(day_of(*(team_of(NAMES[:2], number) for number in range(1, 8)))))
    assert names(root, "Folder")[-1] == "Tổ 7: Kiểm tra thực địa năm phường"
    assert len({element.text for element in root.iter(f"{KML}color")}) == 5


def test_gdal_opens_it(tmp_path: Path) -> None:
    path = tmp_path / "route.kml"
    path.write_text(kml(day_of(team_of(NAMES[:3]), team_of(NAMES[3:], 2))))
    layers = [name for name, _ in pyogrio.list_layers(path)]
    assert layers == ["Tổ 1: Kiểm tra thực địa năm phường", "Tổ 2: Kiểm tra thực địa năm phường"]
    marks = pyogrio.read_dataframe(path, layer=layers[1])
    assert list(marks.geom_type) == ["Point"] * 4 + ["LineString"] * 3
    assert marks["Name"][2] == "2. Ngọc Xuyên"
    assert (marks.geometry[1].y, marks.geometry[1].x) == pytest.approx(POINTS[0])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text_and_out_of_descriptions(name: str) -> None:
    root = parsed(kml(replace(day_of(team_of([name])), title=said(name), notes=(said(name),))))
    assert names(root, "Placemark")[1] == f"1. {plain(name)}"
    told = [(element.text or "").replace("<br>", "") for element in root.iter(f"{KML}description")]
    assert all("<" not in text for text in told)


@given(st.text(st.characters(codec=None), min_size=1))
def test_any_name_is_read_back(name: str) -> None:
    root = parsed(kml(replace(day_of(team_of([name])), title=said(name))))
    assert names(root, "Placemark")[1] in (f"1. {plain(name)}", "1. 20.86050, 106.62700")


def test_a_leg_from_a_place_to_itself_is_a_line_of_two_points() -> None:
    team = team_of(NAMES[:1])
    first, last = team.legs
    day = day_of(replace(team, legs=(replace(first, way=first.way[:1] * 2), last)))
    line = next(parsed(kml(day)).iter(f"{KML}LineString"))
    assert len(line.findtext(f"{KML}coordinates", "").split()) == 2


def test_ways_follow_the_ground() -> None:
    lines = list(parsed(kml(day_of(team_of(NAMES)))).iter(f"{KML}LineString"))
    assert [line.findtext(f"{KML}tessellate") for line in lines] == ["1"] * 6


def test_a_day_without_a_visit_is_its_start() -> None:
    assert len(names(parsed(kml(day_of(team_of([], returns=False)))), "Placemark")) == 1
