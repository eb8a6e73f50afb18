"""A figure that more than one page shows is the same on all of them."""

import json
import re
import zlib
from functools import cache
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.settings import ROOT
from tests.compared_city import write_compared_city
from tests.pages.opened import html, opened
from tests.small_city import OLD

Place = tuple[str, dict[str, str], str]
"""A page, what else stands in the link to it, and the pattern whose first group is the figure."""

FIRES = {"figure": "fires", "ward": "00003"}
COMPARED = {"indicator": "fires", "units": "00003,00001"}
INDICATORS: dict[str, list[Place]] = {
    "rate": [
        ("ward_map", FIRES, r"Huyện Tây ([\d,]+) vụ trên 1\.000 dân và năm"),
        ("compare", COMPARED, r"Xã Thủy Tây ([\d,]+) \("),
    ],
    "interval": [
        ("ward_map", FIRES, r"Khoảng tin cậy 95 % \(([\d,–]+)\)"),
        ("compare", COMPARED, r"Xã Thủy Tây [\d,]+ \(([\d,–]+)\)"),
    ],
    "rank": [
        ("ward_map", FIRES, r"Hạng (\d+/\d+)"),
        ("compare", COMPARED, r"Xã Thủy Tây [\d,]+ \([\d,–]+\) \d+ vụ trong giới hạn (\d+/\d+)"),
    ],
    "count": [
        ("compare", COMPARED, r"Xã Thủy Tây [\d,]+ \([\d,–]+\) (\d+) vụ"),
        ("ward", {"ward": "00003"}, r"(\d+) vụ trong kỳ"),
    ],
    "change in a year": [
        ("compare", COMPARED, r"Xã Thủy Tây .*?Giảm \d+ vụ \(([\d,]+) %\)"),
        ("ward", {"ward": "00003"}, r"cùng kỳ: \d+ \(−([\d,]+) %\)"),
    ],
    "share": [
        ("ward_map", {"figure": "satisfaction_pct", "ward": "00001"}, r"Quận Đông ([\d,]+) %"),
        ("compare", {"indicator": "satisfaction_pct", "units": "00001,00002"}, r"An Đông ([\d,]+) %"),
        ("ward", {"ward": "00001"}, r"Tỷ lệ hài lòng\S* ▲ ([\d,]+) % trong kỳ"),
    ],
}
INSPECTIONS: dict[str, list[Place]] = {
    "wards ever chosen": [
        ("overview", {}, r"(\d+) / \d+ phường: năm"),
        ("ward_map", {}, r"có (\d+) phường từng được chọn thí điểm"),
        ("progress", {}, r"(\d+) phường từng được chọn thí điểm"),
        ("wall", {}, r"(\d+) phường từng được chọn thí điểm"),
    ],
    "inspections": [
        ("overview", {}, r"(\d+) lượt kiểm tra"),
        ("inspections", {}, r"(\d+) lượt kiểm tra"),
    ],
    "units inspected": [
        ("overview", {}, r"(\d+ / \d+) đơn vị"),
        ("inspections", {}, r"(\d+ / \d+) đơn vị"),
    ],
    "newest fact": [
        ("overview", {}, r"Thông tin mới nhất ngày ([\d/]+)"),
        ("inspections", {}, r"Thông tin mới nhất ngày ([\d/]+)"),
        ("progress", {}, r"Thông tin mới nhất ngày ([\d/]+)"),
        ("ward", {"ward": "00002"}, r"hai lần, gần nhất ngày ([\d/]+)"),
        ("wall", {}, r"Số liệu đến ([\d/]+)"),
    ],
    "days since the last inspection": [
        ("ward_map", {"figure": "days_since", "ward": "00002"}, r"Quận Đông ([\d.]+) ngày"),
        ("ward", {"ward": "00002"}, r"Từ lần kiểm tra gần nhất được ghi nhận ([\d.]+) ngày"),
    ],
}


@pytest.fixture(scope="module")
def compared_gpkg(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("same") / "haiphong.gpkg"
    write_compared_city(small_gpkg, path)
    return path


@cache
def text_of(gpkg: Path, page: str, *link: tuple[str, str]) -> str:
    """Return what a page says, without its marks; of the wall its scenes and its foot.

    A page is asked for several figures; it runs once.
    """
    app = opened(
        AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60),
        page,
        vintage=OLD,
        **dict(link),
    )
    sent = [
        zlib.decompress(element.proto.bytes).decode()
        for element in app.get("bidi_component")
        if page == "wall" and element.proto.bytes
    ]
    said = [json.dumps(json.loads(state), ensure_ascii=False) for state in sent]
    marked = " ".join([*(title.value for title in app.title), html(app), *said])
    return re.sub(r"[\s\xa0]+|\\n", " ", re.sub(r"<[^>]+>", " ", marked))


def read(gpkg: Path, places: list[Place], **days: str) -> list[str]:
    """Return a figure as each of some pages tells it."""
    found = []
    for page, link, pattern in places:
        text = text_of(gpkg, page, *(days | link).items())
        match = re.search(pattern, re.sub(" +", " ", text))
        assert match, f"{page} {link}: no {pattern} in {text}"
        found.append(match[1])
    return found


@pytest.mark.parametrize("figure", INDICATORS)
def test_figures_of_indicators(figure: str, compared_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(compared_gpkg))
    found = read(compared_gpkg, INDICATORS[figure], **{"from": "2024-01-01", "to": "2024-12-31"})
    assert len(set(found)) == 1, found


@pytest.mark.parametrize("figure", INSPECTIONS)
def test_figures_of_the_programme(figure: str, inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(inspected_gpkg))
    found = read(inspected_gpkg, INSPECTIONS[figure])
    assert len(set(found)) == 1, found
