"""The command line: exit codes, what it prints where, and that a bad input leaves the old file untouched."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner, Result

import etl.cli
import geodata.settings
from tests.small_city import MID, NEW, OLD, SmallCity, old_wards, write_boundaries

OLD_FILE, NEW_FILE = f"wards_{OLD}.gpkg", f"wards_{NEW}.gpkg"


@pytest.fixture(autouse=True)
def only_the_small_city(
    small_city: SmallCity, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the command read the small city's register, and no boundaries but those that are given."""
    monkeypatch.setattr(geodata.settings, "SOURCES", small_city.sources)
    monkeypatch.setattr(geodata.settings, "SHIPPED_BOUNDARIES", tmp_path_factory.mktemp("none"))
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("PILOT_WARDS_LANG", "en")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(etl.cli.app, ["build", *map(str, arguments)])


def write(folder: Path, wards: gpd.GeoDataFrame) -> None:
    wards.to_file(folder / OLD_FILE, layer="ward")


def with_second(column: str, value: Any) -> gpd.GeoDataFrame:
    wards = old_wards()
    wards.loc[1, column] = value
    return wards


def without_crs(wards: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(wards.set_crs(None, allow_override=True))


BOWTIE = shapely.Polygon([(106.66, 20.84), (106.68, 20.86), (106.68, 20.84), (106.66, 20.86)])

BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (
        lambda folder: [*map(Path.unlink, folder.glob("wards_*.gpkg"))],
        "wards_<vintage>.gpkg: is missing for every vintage",
    ),
    "empty": (lambda folder: write(folder, old_wards().iloc[:0]), f"{OLD_FILE}: holds no rows"),
    "without CRS": (
        lambda folder: write(folder, without_crs(old_wards())),
        f"{OLD_FILE}: states no coordinate reference system",
    ),
    "duplicate code": (
        lambda folder: write(folder, with_second("gso_code", "00001")),
        f"{OLD_FILE}, ward_code “00001”: the code occurs 2 times: Phường An Đông, Phường Hoà Bình",
    ),
    "invalid polygon": (
        lambda folder: write(folder, with_second("geometry", BOWTIE)),
        f"{OLD_FILE}, row 2 “Phường Hoà Bình”: the polygon is invalid: Self-intersection",
    ),
    "unreadable": (lambda folder: (folder / OLD_FILE).write_bytes(b"?"), f"{OLD_FILE}: can't be read"),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
def test_a_bad_boundary_file_is_one_message_and_leaves_the_old_file(
    case: str, small_gpkg: Path, tmp_path: Path
) -> None:
    change, told = BROKEN[case]
    write_boundaries(tmp_path)
    (tmp_path / OLD_FILE).unlink()
    write(tmp_path, old_wards())
    change(tmp_path)
    out = tmp_path / "out" / "haiphong.gpkg"
    out.parent.mkdir()
    shutil.copy(small_gpkg, out)

    result = run("--boundaries", tmp_path, "--out", out, "--quiet")

    assert result.exit_code == 2
    assert result.stdout == ""
    heading, *faults = result.stderr.splitlines()
    assert heading == "Nothing was built. Faults: 1"
    assert len(faults) == 1
    assert faults[0].startswith(f"- {told}")
    assert out.read_bytes() == small_gpkg.read_bytes()
    # The sign by which the wall tells that a build failed.
    left = sorted(entry.name for entry in out.parent.iterdir())
    assert left == ["haiphong.failed.json", "haiphong.gpkg"]


def test_every_fault_is_listed(tmp_path: Path) -> None:
    write_boundaries(tmp_path)
    write(tmp_path, with_second("gso_code", "00001"))
    (tmp_path / NEW_FILE).write_bytes(b"?")
    result = run("--boundaries", tmp_path, "--out", tmp_path / "out.gpkg", "--quiet")
    assert result.exit_code == 2
    assert [line[:24] for line in result.stderr.splitlines()[1:]] == [f"- {OLD_FILE},", f"- {NEW_FILE}:"]


def test_a_folder_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    result = run("--boundaries", tmp_path / "nowhere", "--out", tmp_path / "out.gpkg")
    assert result.exit_code == 2
    assert "nowhere: is no folder → a folder with wards_<vintage>.gpkg" in result.stderr


def test_the_terminal_speaks_vietnamese_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PILOT_WARDS_LANG")
    result = run("--boundaries", tmp_path, "--out", tmp_path / "out.gpkg")
    assert "- wards_<vintage>.gpkg: không có cho bộ địa giới nào: " in result.stderr


def built(small_city: SmallCity, out: Path, *more: str) -> Result:
    return run("--boundaries", small_city.boundaries, "--out", out, *more)


def lines(text: str) -> Sequence[str]:
    return [" ".join(line.replace("│", " ").split()) for line in text.splitlines()]


def test_a_build_prints_what_it_built(
    small_city: SmallCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    result = built(small_city, tmp_path / "out.gpkg")
    assert result.exit_code == 0
    assert {"ward 5 4 4 13", "crosswalk 28", "pilot_status 3 0 0 3"} <= set(lines(result.stdout))
    assert f"{OLD} 5 Ranh giới phường, xã public" in lines(result.stdout)
    derived = "Suy ra từ “Ranh giới phường, xã”: gộp nguyên vẹn các đơn vị cũ"
    assert f"{MID} 4 {derived} derived" in lines(result.stdout)


def test_quiet_prints_nothing(small_city: SmallCity, tmp_path: Path) -> None:
    result = built(small_city, tmp_path / "out.gpkg", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_if_changed_leaves_a_current_file_alone(small_city: SmallCity, tmp_path: Path) -> None:
    out = tmp_path / "out.gpkg"
    built(small_city, out, "--if-changed")
    before = out.stat().st_mtime_ns
    result = built(small_city, out, "--if-changed")
    assert (result.exit_code, result.stdout) == (0, "out.gpkg is up to date.\n")
    assert out.stat().st_mtime_ns == before


def test_folders_given_come_before_the_usual_ones(
    small_city: SmallCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / OLD_FILE).write_bytes(b"?")
    monkeypatch.setenv("PILOT_WARDS_BOUNDARIES", f"{small_city.boundaries}{os.pathsep}{tmp_path}")
    assert run("--out", tmp_path / "out.gpkg", "--quiet").exit_code == 0
    assert run("--boundaries", tmp_path, "--out", tmp_path / "out.gpkg", "--quiet").exit_code == 2
