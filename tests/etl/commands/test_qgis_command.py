"""The command ``qgis``: writes a project, and never over the published file."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from etl.cli import app
from geodata.settings import ROOT


def test_it_writes_a_project_and_its_data(small_gpkg: Path, tmp_path: Path) -> None:
    environment = {"PATH": "", "PYTHONPATH": str(ROOT), "PILOT_WARDS_GPKG": str(small_gpkg)}
    command = [sys.executable, "-m", "etl.cli", "qgis", "map.qgz", "--since", "2023-01-01"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert {path.name for path in tmp_path.iterdir()} == {"map.qgz", "map.gpkg"}


def test_a_folder_in_the_place_of_its_data_is_told_and_no_project_written(
    small_gpkg: Path, tmp_path: Path
) -> None:
    (tmp_path / "map.gpkg").mkdir()
    environment = {"PATH": "", "PYTHONPATH": str(ROOT), "PILOT_WARDS_GPKG": str(small_gpkg)}
    command = [sys.executable, "-m", "etl.cli", "qgis", "map.qgz"]
    made = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True)
    assert made.returncode == 2
    assert "map.gpkg: là thư mục ở chỗ phải là tệp" in made.stderr.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["map.gpkg"]


def test_faults_are_told_and_nothing_is_written(
    small_gpkg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(small_gpkg))
    before = small_gpkg.read_bytes()
    runner = CliRunner()
    for file, told in (
        (small_gpkg.with_suffix(".qgz"), "sẽ ghi đè"),
        (tmp_path / "map.zip", ".qgz"),
        (tmp_path / "none" / "map.qgz", "thư mục có sẵn"),
    ):
        asked = runner.invoke(app, ["qgis", str(file)])
        assert asked.exit_code == 2
        assert told in asked.output
    days = ["--since", "2024-01-02", "--until", "2024-01-01"]
    assert runner.invoke(app, ["qgis", str(tmp_path / "map.qgz"), *days]).exit_code == 2
    assert not list(tmp_path.iterdir())
    assert small_gpkg.read_bytes() == before
