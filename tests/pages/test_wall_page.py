"""The wall as Streamlit runs it, without a browser: what it sends, when it sends it anew, bad settings."""

import json
import os
import shutil
import zlib
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geodata.settings import ROOT
from tests.pages.opened import opened
from tests.small_city import NEW
from tests.wording import SAID


@pytest.fixture
def path(small_gpkg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    published = tmp_path / "haiphong.gpkg"
    shutil.copy(small_gpkg, published)
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(published))
    return published


@pytest.fixture
def app(path: Path) -> AppTest:
    return AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)


def sent(app: AppTest) -> dict[str, Any]:
    """Return the wall that the page sent."""
    walls = [element.proto.bytes for element in app.get("bidi_component") if element.proto.bytes]
    assert len(walls) == 1
    wall: dict[str, Any] = json.loads(zlib.decompress(walls[0]))
    return wall


def test_it_is_drawn_bare(app: AppTest) -> None:
    opened(app, "wall")
    assert not app.sidebar.children
    assert not app.button_group
    assert not app.warning
    wall = sent(app)
    assert wall["scenes"][0]["id"] == "city"
    assert wall["scenes"][0]["headline"].startswith("Đến ngày 23/11/2023, một phường từng được chọn thí điểm")
    assert wall["notices"] == []


def test_the_address_overrides_the_settings(app: AppTest) -> None:
    opened(app, "wall", scenes="coverage,city", seconds="7", theme="light", lang="en")
    wall = sent(app)
    assert [scene["id"] for scene in wall["scenes"]] == ["coverage", "city"]
    assert {scene["seconds"] for scene in wall["scenes"]} == {7}
    assert (wall["theme"], wall["lang"]) == ("light", "en")


def test_a_bad_setting_is_told_and_its_default_runs(app: AppTest) -> None:
    opened(app, "wall", seconds="soon", theme="light")
    wall = sent(app)
    assert [notice for notice in wall["notices"] if "soon" in notice]
    assert {scene["seconds"] for scene in wall["scenes"]} == {20}
    assert wall["theme"] == "light"


def test_an_unchanged_wall_is_the_same_bytes_and_a_new_build_another_one(
    app: AppTest, path: Path, inspected_gpkg: Path
) -> None:
    opened(app, "wall", facts="all")
    before = sent(app)
    app.run()
    assert sent(app) == before
    shutil.copy(inspected_gpkg, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)
    app.run()
    assert sent(app)["key"] != before["key"]


def test_a_file_that_cannot_be_read_leaves_the_last_wall_with_a_badge(app: AppTest, path: Path) -> None:
    opened(app, "wall")
    before = sent(app)
    path.write_bytes(b"no GeoPackage")
    os.utime(path)
    app.run()
    assert not app.exception
    wall = sent(app)
    assert wall["scenes"] == before["scenes"]
    assert wall["key"] != before["key"]
    assert [badge["kind"] for badge in wall["badges"]].count("failed") == 1


def test_without_data_it_says_which_command_makes_them(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(tmp_path / "none.gpkg"))
    opened(app, "wall")
    wall = sent(app)
    assert [scene["id"] for scene in wall["scenes"]] == ["fault"]
    assert "pilot-wards build" in wall["scenes"][0]["body"]


def test_a_page_after_the_wall_shows_what_its_link_says(app: AppTest) -> None:
    app.query_params["vintage"] = NEW
    app.run()
    opened(app, "wall")
    app.switch_page("../pages/overview.py")
    app.query_params.clear()
    app.query_params.update({"vintage": NEW, "lang": "en"})
    app.run()
    assert not app.exception
    assert app.title[0].value == SAID["overview: one pilot ward, inspected (en)"]
