"""What pages, the wall and the commands say of a published file that is damaged, or behind."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard.query.publication import publication
from dashboard.screens.wall.screen import current
from etl.cli import app as commands
from geodata.contract.build_failure import failure_sign
from geodata.contract.checksum import checksum_file
from geodata.settings import ROOT
from tests.pages.opened import html
from tests.small_city import OLD


@pytest.fixture
def published(inspected_gpkg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "haiphong.gpkg"
    shutil.copyfile(inspected_gpkg, path)
    shutil.copyfile(checksum_file(inspected_gpkg), checksum_file(path))
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(path))
    return path


def opened(lang: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    app.query_params.update({"lang": lang, "vintage": OLD})
    app.run()
    assert not app.exception
    return app


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(50_000)
        file.write(b"\0\1\2\3" * 300)
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1))


def test_damage_is_told_and_what_was_read_before_stays_until_the_next_build(published: Path) -> None:
    whole = published.read_bytes()
    app = opened("en")
    title = app.title[0].value
    wall = current({"language": "en"})
    assert not app.warning and not wall["notices"]
    damage(published)
    app.run()
    assert [one.value for one in app.warning] == [
        "haiphong.gpkg is damaged: it is not as it was published. What is still shown was read before; "
        "“pilot-wards build” makes it anew; nothing that was imported is lost."
    ]
    assert app.title[0].value == title
    shown = current({"language": "en"})
    assert {"kind": "failed", "text": "The published file is damaged"} in shown["badges"]
    assert "“pilot-wards build”" in shown["notices"][0]
    assert shown["scenes"] == wall["scenes"]
    published.write_bytes(whole)
    app.run()
    assert not app.warning


def test_damage_from_the_first_is_told_by_pages_wall_and_commands(published: Path, tmp_path: Path) -> None:
    damage(published)
    said = "haiphong.gpkg: bị hỏng: không còn như khi công bố → “pilot-wards build” dựng lại tệp này"
    app = opened("vi")
    assert len(app.error) == 1
    assert said in app.text[0].value
    assert not app.title
    assert said in str(current({})["scenes"])
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    for command in (["map", str(tmp_path / "a.html")], ["qgis", str(tmp_path / "a.qgz")]):
        done = subprocess.run(
            [sys.executable, "-m", "etl.cli", *command], env=env, check=False, capture_output=True, text=True
        )
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    result = CliRunner().invoke(commands, ["route", "--case", "visit-2022"])
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_build_that_failed_is_told_on_pages(published: Path) -> None:
    failure_sign(published).write_text('{"failed_at": "2025-12-30T08:15:00+07:00", "faults": []}', "utf-8")
    told = [one.value for one in opened("en").warning]
    assert len(told) == 1
    assert told[0].startswith("Data behind: a build failed on 30/12/2025, 08:15. What is shown may be older")


def test_a_file_without_checksum_is_shown_with_a_note_among_the_methods(published: Path) -> None:
    checksum_file(published).unlink()
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    app.switch_page("../pages/methods.py")
    app.query_params.update({"lang": "en", "section": "build"})
    app.run()
    assert not app.exception and not app.warning
    assert "No checksum stands beside the file" in html(app)
    assert publication().size > 0
