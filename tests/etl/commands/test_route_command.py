"""The command ``route``: what it plans and writes, and that it names every fault and then writes nothing."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import etl.cli
from etl.build import build
from tests.conftest import AS_OF
from tests.small_city import SmallCity
from tests.visited_city import write_landmarks

STOPS = ("--stop", "00004", "--stop", "Hoà Bình", "--stop", "thuy tay", "--date", "12/9/2022")


@pytest.fixture(scope="module")
def visited_gpkg(small_city: SmallCity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the GeoPackage of the small city with landmarks."""
    folder = tmp_path_factory.mktemp("visited")
    boundaries = Path(shutil.copytree(small_city.boundaries, folder / "boundaries"))
    write_landmarks(boundaries)
    build([boundaries], small_city.sources, folder / "haiphong.gpkg", AS_OF)
    return folder / "haiphong.gpkg"


@pytest.fixture(autouse=True)
def small_site(visited_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command plan in the small city."""
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(visited_gpkg))
    monkeypatch.setenv("PILOT_WARDS_LANG", "en")
    monkeypatch.setenv("COLUMNS", "160")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(etl.cli.app, ["route", *arguments])


def planned(path: Path, *arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json", str(path))
    assert result.exit_code == 0, result.stderr
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return made


def faults(*arguments: str) -> list[str]:
    result = run(*arguments)
    assert result.exit_code == 2
    heading, *lines = result.stderr.splitlines()
    assert heading == f"Nothing was planned. Faults: {len(lines)}"
    return [line.removeprefix("- ") for line in lines]


def test_json_holds_the_stops_in_order_with_times_and_legs(tmp_path: Path) -> None:
    made = planned(tmp_path / "a.json", *STOPS, "--start", "ubnd", "--depart", "07:30", "--service-min", "20")
    assert [stop["ward_code"] for stop in made["stops"]] == [None, "00002", "00003", "00004", None]
    assert made["stops"][0]["departure"] == "2022-09-12T07:30:00+07:00"
    for stop in made["stops"]:
        assert {"name", "lat", "lon", "ward_code", "arrival", "departure"} <= set(stop)
    assert {stop["service_min"] for stop in made["stops"][1:-1]} == {20}
    assert len(made["legs"]) == 4
    for leg in made["legs"]:
        assert leg["distance_m"] > 0 and leg["duration_min"] > 0 and leg["method"] == "straight_line"
    assert made["unassigned"] == [] and made["proven_optimal"] is True
    assert made["gain"]["distance_m"] > 0


def test_several_teams_are_a_list(tmp_path: Path) -> None:
    loads = [part for code in ("00002", "00003", "00004") for part in ("--load", f"{code}=30")]
    made = planned(tmp_path / "a.json", *STOPS, "--teams", "2", "--capacity", "60", *loads)
    assert sorted(len(team["stops"]) for team in made["teams"]) == [3, 4]
    assert all({"stops", "legs", "totals"} <= set(team) for team in made["teams"])


def test_what_does_not_fit_is_listed(tmp_path: Path) -> None:
    made = planned(tmp_path / "a.json", *STOPS, "--may", "00001", "--shift-min", "80")
    assert made["unassigned"] and all(left["reason"] for left in made["unassigned"])
    result = run(*STOPS, "--return-by", "09:00")
    assert result.exit_code == 0 and "Not visited: Công an" in result.stdout


def test_options_of_one_ward_change_its_visit_alone(tmp_path: Path) -> None:
    made = planned(
        tmp_path / "a.json",
        *(*STOPS, "--service", "Thủy Tây=45", "--window", "00004=09:00-09:30", "--end", "open"),
        *("--lunch", "10:00-11:00", "--lunch-min", "30"),
    )
    visits = {stop["ward_code"]: stop for stop in made["stops"] if stop["kind"] == "visit"}
    assert [visits[code]["service_min"] for code in ("00002", "00003", "00004")] == [30, 45, 30]
    assert "09:00" <= visits["00004"]["begins"][11:16] <= "09:30"
    assert made["stops"][-1]["kind"] == "visit"


def test_a_kept_order_is_kept_and_a_place_may_be_the_end(tmp_path: Path) -> None:
    made = planned(tmp_path / "a.json", *STOPS, "--keep-order", "--end", "Nhà hát lớn")
    assert [stop["ward_code"] for stop in made["stops"]][1:-1] == ["00004", "00002", "00003"]
    assert made["stops"][-1]["name"] == "Nhà hát lớn"


def test_without_a_file_the_stops_are_a_table() -> None:
    lunch = ("--lunch", "08:30-09:00", "--lunch-min", "30")
    result = run(*STOPS, "--delegates", "100", "--capacity", "45", *lunch)
    assert result.exit_code == 0
    assert "│   1 │ Công an phường Hòa Bình    │ 00002 │" in result.stdout
    for line in (
        "Order of the stops: the shortest of all orders (proven)",
        " (estimated)\n",
        "No start was chosen; it is UBND thành phố (trụ sở cũ).",
        "100 delegates in vehicles of 45 seats: 3 vehicles that drive together.",
        "Legs by straight line: 4 of 4",
        "Against the order given: ",
    ):
        assert line in result.stdout


def test_without_a_day_the_wards_are_todays(tmp_path: Path) -> None:
    made = planned(tmp_path / "a.json", "--stop", "Bắc", "--stop", "00002")
    assert [stop["name"] for stop in made["stops"] if stop["kind"] == "visit"] == [
        "Công an phường Bắc",
        "Công an xã Tây",
    ]


def test_a_code_that_means_another_ward_in_another_vintage_is_pointed_out(tmp_path: Path) -> None:
    made = planned(tmp_path / "a.json", "--stop", "00002", "--date", "1/7/2025")
    assert (
        "The code 00002 is that of Công an xã Tây here; with the wards of 01/02/2020 it is Hòa Bình."
        in made["notes"]
    )
    by_name = planned(tmp_path / "a.json", "--stop", "Tây", "--date", "1/7/2025")
    same = planned(tmp_path / "a.json", "--stop", "00001", "--date", "1/1/2025")
    assert not any("The code" in note for note in by_name["notes"])
    assert [note for note in same["notes"] if "The code" in note] == [
        "The code 00001 is that of Công an phường Đông here; with the wards of 01/02/2020 it is An Đông."
    ]


@pytest.mark.parametrize(
    ("option", "begins"),
    [
        ("--gpx", b"<?xml"),
        ("--kml", b"<?xml"),
        ("--ics", b"BEGIN:VCALENDAR"),
        ("--xlsx", b"PK"),
        ("--sheet", b"<!DOCTYPE html>"),
    ],
)
def test_each_form_of_the_hand_over_is_written(option: str, begins: bytes, tmp_path: Path) -> None:
    path = tmp_path / "out"
    result = run(*STOPS, option, str(path))
    assert (result.exit_code, result.stdout) == (0, f"Wrote {path}\n")
    content = path.read_bytes()
    assert content.startswith(begins)
    if option != "--xlsx":
        assert "Công an phường Hòa Bình" in content.decode().replace("\r\n ", "")


def test_several_forms_at_once_are_of_the_same_day_in_the_language_of_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_LANG", "vi")
    paths = [tmp_path / name for name in ("a.json", "a.gpx", "a.html")]
    result = run(
        "--case", "visit-2022", "--json", str(paths[0]), "--gpx", str(paths[1]), "--sheet", str(paths[2])
    )
    assert result.stdout == "".join(f"Đã ghi {path}\n" for path in paths)
    assert sorted(tmp_path.iterdir()) == sorted(paths)
    assert (
        "Thứ tự do chương trình tính, không phải thứ tự thực tế." in json.loads(paths[0].read_text())["notes"]
    )
    assert "ước tính" in paths[2].read_text()


def test_a_real_visit_is_planned_by_its_name_with_other_times_where_they_are_asked_for(
    tmp_path: Path,
) -> None:
    made = planned(tmp_path / "a.json", "--case", "visit-2022")
    assert (made["date"], made["title"]) == ("2022-09-12", "Delegates visit two places")
    assert [stop["ward_code"] for stop in made["stops"]] == [None, "00003", "00004", None]
    assumed = {one["what"]: one["value"] for one in made["assumptions"] if one["is_assumption"]}
    assert (assumed["Time of departure"], assumed["Length of each visit"]) == ("08:00", 30)
    other = planned(
        tmp_path / "b.json",
        *("--case", "visit-2022", "--depart", "13:00", "--service-min", "15", "--start", "opera"),
    )
    assert other["stops"][0]["name"] == "Nhà hát lớn"
    assumed = {one["what"]: one["value"] for one in other["assumptions"] if one["is_assumption"]}
    assert (assumed["Time of departure"], assumed["Length of each visit"]) == ("13:00", 15)


def test_every_fault_is_told_with_what_would_be_right_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("before")
    told = faults(
        *("--stop", "00002", "--stop", "Hòa Bình", "--stop", "Thủy Tai", "--stop", "21.0285,105.8542"),
        *("--stop", "Tây", "--date", "12/9/2022", "--service-min", "-5", "--depart", "25:00"),
        *("--window", "00002=06:00-07:00", "--window", "00003=9:00-10:00", "--window", "nonsense"),
        *("--load", "00002=many", "--teams", "0", "--start", "Nowhere", "--lunch", "12:00"),
        *("--json", str(path), "--gpx", str(tmp_path / "missing" / "a.gpx")),
    )
    options = [line.split()[0].rstrip(":") for line in told]
    assert options == [
        "--gpx",
        "--start",
        "--depart",
        "--lunch",
        "--service-min",
        "--stop",
        "--stop",
        "--stop",
        "--window",
        "--window",
        "--load",
        "--stop",
        "--window",
        "--teams",
    ]
    for line in (
        "--depart “25:00”: can't be read → a time such as 08:30",
        "--service-min “-5”: a visit can't take less than no time → 0 minutes or more",
        "--stop “21.0285,105.8542”: lies outside the city → a point within the wards of 01/02/2020",
        "--stop “Công an phường Hòa Bình (00002)”: is asked for 2 times → once",
        "--window “Công an phường Hòa Bình 06:00–07:00”: closes before the departure → a time after 08:00",
        "--window “00003=9:00-10:00”: Công an xã Thủy Tây is not among the stops → a stop",
        "--window “nonsense”: names no ward and value → WARD=VALUE",
        "--teams “0”: is too small → at least 1",
    ):
        assert line in told
    assert path.read_text() == "before" and list(tmp_path.iterdir()) == [path]


def test_a_day_that_there_is_not_is_told_besides_what_else_is_wrong() -> None:
    assert faults("--stop", "00002", "--date", "31/02/2026", "--depart", "x", "--teams", "-1") == [
        "--date “31/02/2026”: can't be read → a date such as 23/11/2023",
        "--depart “x”: can't be read → a time such as 08:30",
        "--teams “-1”: is too small → at least 1",
    ]
    assert faults("--stop", "00002", "--date", "2019-01-01") == [
        "--date “01/01/2019”: no wards are on record for this day → a day from 01/02/2020 on"
    ]


def test_no_stop_a_visit_that_is_not_on_record_and_streets_that_are_not_there_are_faults(
    tmp_path: Path,
) -> None:
    assert faults("--date", "2022-09-12") == ["--stop: none is asked for → one at least"]
    assert faults("--case", "2021") == ["--case “2021”: is no real visit on record → one of: visit-2022"]
    assert "does not go with a real visit" in faults("--case", "visit-2022", "--stop", "00002")[0]
    [missing] = faults(*STOPS, "--network", str(tmp_path / "streets.npz"))
    assert missing.startswith("streets.npz: is missing")


def test_without_landmarks_a_start_has_to_be_named(
    small_gpkg: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(small_gpkg))
    assert faults(*STOPS) == [
        "--start: is missing, and there are no landmarks on record to start from → a ward, or lat,lon"
    ]
    assert planned(tmp_path / "a.json", *STOPS, "--start", "00001")["stops"][0]["ward_code"] == "00001"


def test_a_file_that_cannot_be_written_is_told_and_leaves_no_part(tmp_path: Path) -> None:
    folder = tmp_path / "a.json"
    folder.mkdir()
    [told] = faults(*STOPS, "--json", str(folder))
    assert told.endswith("can't be written → a file in a folder that is there")
    assert list(tmp_path.iterdir()) == [folder]


def test_gpx_of_several_teams_is_a_zip_with_a_file_each(tmp_path: Path) -> None:
    result = run(*STOPS, "--teams", "2", "--gpx", str(tmp_path / "a.gpx"))
    assert result.exit_code == 0, result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert f"Wrote {tmp_path / 'a.zip'}" in result.stdout
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["2022-09-12 Team 1.gpx", "2022-09-12 Team 2.gpx"]


def test_a_return_after_midnight_shows_its_day(tmp_path: Path) -> None:
    late = (*STOPS, "--depart", "22:30", "--service-min", "60")
    shown = run(*late).stdout
    assert "(13/09)" in shown and "22:30 (" not in shown
    for kind in ("gpx", "kml", "sheet"):
        assert run(*late, f"--{kind}", str(tmp_path / kind)).exit_code == 0
        assert "(13/09)" in (tmp_path / kind).read_text(encoding="utf-8")
    left = run(*STOPS, "--depart", "23:30", "--shift-min", "45", "--service-min", "60").stdout
    assert "which ends at 00:15 (+1)" in left
