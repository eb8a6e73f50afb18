"""A map as one file: what may travel in it, the links that it is made of, and the command."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard import map_file
from dashboard.query.caching import forget
from dashboard.query.publication import Publication
from dashboard.ui import passed_on
from etl.cli import app
from geodata.contract.errors import GeodataError
from geodata.settings import SHIPPED_BOUNDARIES
from tests.one_file import made
from tests.small_city import MID, NEW, OLD


@pytest.fixture
def withheld(sketched_gpkg: Path, tmp_path: Path) -> Path:
    """Return the sketched city with outlines that their source forbids to pass on."""
    gpkg = tmp_path / "withheld.gpkg"
    shutil.copy(sketched_gpkg, gpkg)
    with sqlite3.connect(gpkg) as file:
        file.execute("UPDATE source SET redistribution = 'forbidden' WHERE source_id = 'vn-provinces-db'")
        file.create_function("ST_IsEmpty", 1, lambda _: 0)
        for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            file.create_function(name, 1, lambda _: 0)
        file.execute("UPDATE ward SET boundary_source = 'vn-provinces-db', boundary_quality = 'public'")
    return gpkg


def test_outlines_that_may_not_travel_give_way_to_those_that_may(withheld: Path, tmp_path: Path) -> None:
    text = made(withheld, f"ward_map?vintage={NEW}&lang=en", tmp_path / "map.html").read_text("utf-8")
    assert "Schematic outlines stand for those that may not be passed on." in text
    assert '<div class="pw-schematic">Schematic boundaries</div>' in text
    assert "Outlines: Project haiphong-pilot-wards" in text
    assert "thanglequoc" not in text


def test_without_such_there_is_no_file(withheld: Path, tmp_path: Path) -> None:
    with pytest.raises(GeodataError, match="may not be passed on"):
        made(withheld, f"ward_map?vintage={OLD}", tmp_path / "map.html")


def test_a_schematic_file_without_every_ward_replaces_nothing(
    withheld: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = withheld.stat()
    published = Publication(withheld, state.st_mtime_ns, state.st_size)
    assert passed_on.may_travel(published, NEW)
    shutil.copy(SHIPPED_BOUNDARIES / f"wards_{MID}.gpkg", tmp_path / f"wards_{NEW}.gpkg")
    monkeypatch.setattr(passed_on, "SHIPPED_BOUNDARIES", tmp_path)
    forget()
    assert not passed_on.may_travel(published, NEW)
    assert passed_on.passed_on(published, NEW) is None


def test_a_file_asks_no_host_and_holds_neither_jquery_nor_bootstrap(
    sketched_gpkg: Path, tmp_path: Path
) -> None:
    text = made(sketched_gpkg, f"ward_map?vintage={MID}", tmp_path / "map.html").read_text("utf-8")
    assert not [
        name for name in ("cdn.", "jquery", "bootstrap", "glyphicon", "AwesomeMarkers") if name in text
    ]
    assert "<link" not in text
    assert "src=" not in text.partition("<script>")[0]


def test_an_address_may_be_pasted_whole_or_in_part() -> None:
    asked = {"figure": "fires", "from": "2023-01-01"}
    rest = "figure=fires&from=2023-01-01"
    assert map_file.read_link(f"http://10.0.0.1:8501/map/overview?{rest}") == ("overview", asked)
    assert map_file.read_link(f"overview?{rest}") == ("overview", asked)
    assert map_file.read_link(f"?{rest}") == map_file.read_link(rest) == ("ward_map", asked)
    assert map_file.read_link(rest, "inspections") == ("inspections", asked)
    assert map_file.read_link("http://10.0.0.1:8501/map/") == ("overview", {})
    assert map_file.read_link(f"http://10.0.0.1:8501/ward_map/?{rest}") == ("ward_map", asked)
    assert map_file.read_link("inspections") == ("inspections", {})
    assert map_file.read_link("hello world") == ("hello world", {})


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("overview", 1),
        ("inspections", 1),
        ("wall", 1),
        ("routes", 1),
        ("events", 1),
        ("ward", 1),
        ("compare", 4),
    ],
)
def test_every_page_with_a_map_has_its_file(
    page: str, count: int, sketched_gpkg: Path, tmp_path: Path
) -> None:
    own = "&stops=11407,11411&day=28/11/2025" if page == "routes" else ""
    link = f"{page}?facts=all&lang=en{own}{'' if page == 'wall' else '&ward=11407'}"
    text = made(sketched_gpkg, link, tmp_path / "map.html").read_text("utf-8")
    assert text.count('<figure class="pw-map') == text.count("<figcaption>") + (count == 1) == count
    # However many maps draw the wards, they are written once.
    assert text.count('"type": "MultiPolygon"') == text.count('"code": ')
    assert "Outlines: " in text
    assert "Dự án" not in text


def run(monkeypatch: pytest.MonkeyPatch, gpkg: Path, *arguments: str) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    monkeypatch.setattr(sys, "argv", ["map_file", *arguments])
    map_file.main()


def test_faults_of_a_link_are_told_as_the_app_tells_them(
    sketched_gpkg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "map.html"
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, sketched_gpkg, str(file), "--link", "figure=x&from=y&vintage=z", "--lang", "en")
    told = capsys.readouterr().err.splitlines()
    assert (ended.value.code, told[0], len(told)) == (2, "No map was written. Faults: 3", 4)
    assert "The link asks for “x” as “figure”" in told[3]
    with pytest.raises(SystemExit):
        run(monkeypatch, sketched_gpkg, str(file), "--page", "moon", "--lang", "en")
    assert "“moon” is no page with a map; there are ward_map" in capsys.readouterr().err
    assert not file.exists()
    run(monkeypatch, sketched_gpkg, str(file), "--link", "figure=stage", "--lang", "en")
    assert (capsys.readouterr().out, file.exists()) == (f"Wrote {file}\n", True)


def test_the_command_hands_on_what_it_is_given(sketched_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(sketched_gpkg))
    monkeypatch.setattr(os, "execv", lambda *call: called.append(call))
    CliRunner().invoke(app, ["map", "a.html", "--link", "lang=en", "--page", "overview"])
    command = [
        sys.executable,
        "-m",
        "dashboard.map_file",
        "--page=overview",
        "--link=lang=en",
        "--",
        "a.html",
    ]
    assert called == [(sys.executable, command)]


def test_folium_is_loaded_by_a_file_alone() -> None:
    check = "import sys, dashboard.server; print('folium' in sys.modules, 'fontTools' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_parameter_that_no_page_has_and_a_folder_that_is_not_there_are_told(
    small_gpkg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(small_gpkg))
    for link, file, told in (
        (f"overview?vintage={OLD}&figur=fires", "a.html", "Trong địa chỉ trang không có cài đặt “figur”"),
        (f"overview?vintage={OLD}", "none/a.html", "none: không có ở đó → tệp và thư mục được phép dùng"),
    ):
        monkeypatch.setattr(sys, "argv", ["map_file", str(tmp_path / file), "--link", link])
        with pytest.raises(SystemExit) as end:
            map_file.main()
        assert end.value.code == 2
        assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
