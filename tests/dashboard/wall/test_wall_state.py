"""The wall as data: its scenes with their figures, what is left out, and what always stands on it."""

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from dashboard.query.publication import Publication
from dashboard.screens.wall.scenes.step_chart import Line, step_chart
from dashboard.screens.wall.scenes.visit import shortened
from dashboard.screens.wall.scenes.ward import ward_of_the_day
from dashboard.screens.wall.settings import SCENES, Hours, Settings
from dashboard.screens.wall.state import view_of, wall_state
from dashboard.subjects.programme.areas import pilot_areas
from dashboard.subjects.programme.model import programme
from dashboard.subjects.progress.runs import Run
from dashboard.subjects.progress.stages import Target
from geodata.contract.build_failure import failure_sign
from geodata.contract.crs import STORAGE_CRS
from geodata.contract.layers import LAYERS, WATER_SOURCE, read_layer, write_layers
from geodata.language import Bilingual, capitalised, render
from geodata.programme.symbols import DARK, STAGE_COLOURS
from tests.small_city import MID, NEW, OLD
from tests.wording import SAID

TODAY = datetime.date(2025, 12, 31)
EN = Settings(language="en")
ALL = replace(EN, verified_only=False)
PROGRAMME = replace(EN, vintage="programme")


def published(path: Path) -> Publication:
    state = path.stat()
    return Publication(path, state.st_mtime_ns, state.st_size)


def wall(path: Path, settings: Settings = EN, today: datetime.date = TODAY) -> dict[str, Any]:
    return wall_state(published(path), settings, today)


def scenes(path: Path, settings: Settings = EN, today: datetime.date = TODAY) -> dict[str, dict[str, Any]]:
    return {scene["id"]: scene for scene in wall(path, settings, today)["scenes"]}


def words(scene: dict[str, Any]) -> str:
    """Return the body of a scene as its text."""
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", scene["body"])).strip()


def classes_by_code(scene: dict[str, Any], path: Path, vintage: str) -> dict[str, dict[str, Any]]:
    """Return the class of each ward on a scene's map."""
    wards = read_layer(path, "ward")
    codes = wards.loc[wards["vintage"] == vintage, "ward_code"]
    shown = scene["map"]
    return {code: shown["palette"][number] for code, number in zip(codes, shown["classes"], strict=True)}


def test_scenes_come_in_the_order_and_for_the_seconds_of_the_settings(judged_gpkg: Path) -> None:
    shown = wall(judged_gpkg, replace(EN, scenes=("ward", "city"), seconds=7))["scenes"]
    assert [(scene["id"], scene["seconds"]) for scene in shown] == [("ward", 7), ("city", 7)]


def test_without_a_visit_or_an_event_ahead_their_scenes_are_left_out(judged_gpkg: Path) -> None:
    assert list(scenes(judged_gpkg)) == ["city", "coverage", "progress", "inspections", "ward"]


def test_city_counts_wards_and_paints_them_by_stage(judged_gpkg: Path) -> None:
    city = scenes(judged_gpkg, PROGRAMME)["city"]
    _, _, known = SAID["overview: one pilot ward, inspected (en)"].partition(", ")
    assert city["headline"] == f"As of 20/05/2024, {known}"
    assert words(city).startswith(
        "1 wards ever chosen for the pilot: for 2021–2023 1 / 1 of these wards were inspected"
    )
    # Of all units each class has its number, those of which nothing is known too.
    assert "Of 4 commune-level units Pilot 2021–2023, inspected 1" in words(city)
    assert words(city).split("Source:")[0].rstrip().endswith("No information yet 1")
    painted = classes_by_code(city, judged_gpkg, OLD)
    assert painted["00002"]["colour"] == DARK[STAGE_COLOURS["inspected"]]
    assert painted["00004"]["pattern"] == "dots"
    light = scenes(judged_gpkg, replace(PROGRAMME, theme="light"))["city"]
    assert classes_by_code(light, judged_gpkg, OLD)["00002"]["colour"] == STAGE_COLOURS["inspected"]


def test_wards_of_other_boundaries_are_drawn_as_they_were(judged_gpkg: Path) -> None:
    shown = scenes(judged_gpkg, EN)
    for name in ("city", "coverage"):
        [former] = shown[name]["map"]["former"]["vintages"]
        assert "00002" in [one["code"] for one in former["wards"]]
        assert OLD in former["geometry"]
    assert shown["city"]["map"]["former"]["palette"][0]["colour"] == DARK[STAGE_COLOURS["inspected"]]


def test_a_headline_that_rests_on_illustrative_rows_says_so(judged_gpkg: Path) -> None:
    verified, every = scenes(judged_gpkg), scenes(judged_gpkg, ALL)
    assert not [name for name, scene in verified.items() if scene["headline"].startswith("Illustrative")]
    assert every["inspections"]["headline"].startswith("Illustrative: ")
    kinds = [badge["kind"] for badge in wall(judged_gpkg, ALL)["badges"]]
    assert "illustrative" in kinds
    assert "illustrative" not in [badge["kind"] for badge in wall(judged_gpkg)["badges"]]


def test_coverage_tells_the_ground_that_was_chosen_and_what_its_shares_are_of(judged_gpkg: Path) -> None:
    coverage = scenes(judged_gpkg, PROGRAMME)["coverage"]
    assert coverage["headline"].startswith("The ground ever chosen for the pilot is ")
    told = words(coverage)
    assert "Shares are of the city by the boundaries of 01/02/2020: 4 units" in told
    assert "Chosen for 2021–2023 1" in told
    assert coverage["map"]["labels"] == ["00002"]
    painted = classes_by_code(coverage, judged_gpkg, OLD)
    assert painted["00002"]["outlined"]
    # A visit site is no ground of the pilot.
    assert not painted["00003"]["outlined"]


def test_coverage_is_that_of_the_overview(judged_gpkg: Path) -> None:
    for settings in (EN, PROGRAMME):
        view, _ = view_of(published(judged_gpkg), settings, TODAY)
        assert pilot_areas(view.query).coverage == programme(view.query).coverage
    told = words(scenes(judged_gpkg, EN)["coverage"])
    # Hòa Bình went whole into Đông, so all of its ground lies within the units shown.
    assert re.search(r"had ([0-9.]+) km² by their own outlines; \1 km² of it lie within these units", told)


def test_progress_tells_what_is_known_and_counts_no_days_to_a_year(judged_gpkg: Path) -> None:
    progress = scenes(judged_gpkg)["progress"]
    assert progress["layout"] == "full"
    assert progress["map"] is None
    assert progress["headline"] == (
        "One ward has been chosen for the pilot (for 2021–2023), one were inspected; "
        "nothing known of stages after 23/11/2023"
    )
    told = words(progress)
    assert "No information yet" in told
    assert "The national target is 100% by the year 2030" in told
    assert "no plan" in told
    assert "1 / 1 phường that were inspected, of the wards ever chosen, 23/11/2023" in told
    assert "days to" not in told


def test_inspections_tell_how_far_the_record_goes_and_nothing_is_overdue_without_a_limit(
    judged_gpkg: Path,
) -> None:
    last = scenes(judged_gpkg)["inspections"]
    assert last["headline"] == "No inspection on record after 20/05/2024"
    assert words(last).startswith("1 / 1 of the wards ever chosen have an inspection on record")
    assert "limit" not in words(last)
    [former] = last["map"]["former"]["vintages"]
    assert [one["label"] for one in former["wards"]] == ["Hòa Bình 2021–2023"]
    assert "20/05/2024 Hòa Bình · Công an thành phố" in words(last)


def test_overdue_areas_are_told_by_a_limit_with_its_basis(judged_gpkg: Path) -> None:
    limited = replace(EN, limit_days=365, limit_basis="Kế hoạch 1")
    late = scenes(judged_gpkg, replace(limited, vintage=NEW))["inspections"]
    assert late["headline"] == "One unit with a former pilot area is past the limit of 365 days"
    assert "Đông 225 days over (of a part of it)" in words(late)
    assert "Basis of the limit: Kế hoạch 1" in words(late)
    # The ground that was chosen is drawn as late, the unit that holds a part of it is not.
    [former] = late["map"]["former"]["vintages"]
    palette = late["map"]["former"]["palette"]
    assert {one["code"]: palette[one["number"]]["pattern"] for one in former["wards"]} == {"00002": "hatch"}
    assert palette[former["wards"][0]["number"]]["colour"] == DARK[STAGE_COLOURS["not_met"]]
    assert DARK[STAGE_COLOURS["not_met"]] not in {
        painted["colour"] for painted in classes_by_code(late, judged_gpkg, NEW).values()
    }
    # The wards of 2020 are no units of today.
    ended = scenes(judged_gpkg, replace(limited, vintage=OLD))["inspections"]
    assert ended["headline"].startswith("The wards of the pilot are no units of today")
    notices = wall(judged_gpkg, replace(EN, limit_days=365))["notices"]
    assert any("both needed" in notice for notice in notices)


def test_the_ward_of_the_day_goes_round_the_programme() -> None:
    wards = {(OLD, "1"): "Bắc", (OLD, "2"): "An"}
    days = [TODAY + datetime.timedelta(days=ahead) for ahead in range(4)]
    shown = [ward_of_the_day(wards, day) for day in days]
    assert set(shown[:2]) == set(wards)
    assert shown[2:] == shown[:2]
    assert ward_of_the_day({}, TODAY) is None


def test_the_ward_of_the_day_says_what_became_of_it(judged_gpkg: Path) -> None:
    shown = [scenes(judged_gpkg, today=TODAY + datetime.timedelta(days=ahead))["ward"] for ahead in range(2)]
    assert [scene["body"].count("Role and stage") for scene in shown] == [1, 1]
    assert {scene["headline"] for scene in shown} == {
        "Phường Hòa Bình was chosen for the pilot of 2021–2023; inspected two times, last on 20/05/2024; "
        "no information since; since 01/07/2025 in phường Đông",
        "Xã Thủy Tây is a visit site of 2022; no inspection on record; "
        "since 01/07/2025 in xã Tây and xã Núi Đèo",
    }


def test_a_visit_ahead_shows_its_stops_in_their_order(judged_gpkg: Path) -> None:
    layers = {name: read_layer(judged_gpkg, name) for name in ("itinerary_case", "itinerary_case_stop")}
    case = layers["itinerary_case"].iloc[0]
    eve = case["visit_date"].date() - datetime.timedelta(days=1)
    visit = scenes(judged_gpkg, today=eve)["visit"]
    assert visit["headline"].startswith(f"Next visit, {case['visit_date']:%d/%m/%Y}: ")
    stops = visit["map"]["ways"]["stops"]
    wanted = layers["itinerary_case_stop"]["case_id"].eq(case["case_id"]).sum()
    assert sum(stop["kind"] == "visit" for stop in stops) == wanted
    assert "08:00 Start: " in words(visit)
    # On the day itself it still comes; on the day after it is gone.
    assert "visit" in scenes(judged_gpkg, today=case["visit_date"].date())


def test_an_event_within_thirty_days_shows_what_is_assigned(judged_gpkg: Path) -> None:
    near = scenes(judged_gpkg, today=datetime.date(2022, 9, 5))["event"]
    assert near["headline"].startswith("Event of ")
    assert "days to the event" in words(near)
    assert "event" not in scenes(judged_gpkg, today=datetime.date(2022, 7, 1))


def test_a_long_day_of_visits_is_cut_in_the_middle() -> None:
    rows = [(str(hour), capitalised("x")) for hour in range(12)]
    cut = shortened(rows)
    assert cut[0] == rows[0]
    assert cut[-1] == rows[-1]
    assert ("…", "and 6 more") in [(time, render(told, "en")) for time, told in cut]


def test_texts_of_files_are_escaped(judged_gpkg: Path) -> None:
    for scene in wall(judged_gpkg, ALL)["scenes"]:
        assert "<img" not in scene["body"]


def test_districts_limit_every_scene(judged_gpkg: Path) -> None:
    only = wall(judged_gpkg, replace(EN, areas=("902",)))
    assert "coverage" not in [scene["id"] for scene in only["scenes"]]
    assert only["notices"] == []


def test_areas_and_vintages_that_are_not_there_are_told(judged_gpkg: Path) -> None:
    settings = replace(EN, areas=("901", "999"), vintage="2019-01-01")
    told = wall(judged_gpkg, settings)["notices"]
    assert told == [
        "There are no boundaries of 01/01/2019; there are those of 01/02/2020, 01/01/2025, 01/07/2025.",
        "The boundaries of 01/07/2025 have no district or ward with the code 999.",
    ]


def test_boundaries_are_those_of_the_programme_or_those_that_are_asked_for(judged_gpkg: Path) -> None:
    for settings, day in (
        (EN, "01/07/2025"),
        (PROGRAMME, "01/02/2020"),
        (replace(EN, vintage=MID), "01/01/2025"),
    ):
        shown = scenes(judged_gpkg, settings)
        assert shown["city"]["boundaries"] == shown["coverage"]["boundaries"] == f"Boundaries of {day}"
        # A ward of the programme is shown as it was; stages are counted by the boundaries of each day.
        assert shown["ward"]["boundaries"].startswith("Boundaries of ")
        assert shown["progress"]["boundaries"] == ""


def test_the_newest_fact_and_the_build_are_two_things(judged_gpkg: Path) -> None:
    built = datetime.datetime.fromisoformat(read_layer(judged_gpkg, "build")["built_at"].iloc[0])
    verified, every = wall(judged_gpkg), wall(judged_gpkg, ALL)
    assert verified["footer"][:2] == ["Data up to 20/05/2024", f"Data version of {built:%d/%m/%Y, %H:%M}"]
    assert every["footer"][0] == "Verified data up to 20/05/2024"
    [badge] = [badge for badge in every["badges"] if badge["kind"] == "illustrative"]
    assert badge["text"].startswith("ILLUSTRATIVE FIGURES up to ")


def test_a_scene_that_is_asked_for_and_not_there_says_why(judged_gpkg: Path) -> None:
    alone = wall(judged_gpkg, replace(EN, scenes=("event",)))
    [scene] = alone["scenes"]
    told = "No event is on record for the next 30 days; the last one on record was on 05/01/2024"
    assert scene["headline"] == told
    beside = wall(judged_gpkg, replace(EN, scenes=("city", "visit")), datetime.date(2100, 1, 1))
    assert [scene["id"] for scene in beside["scenes"]] == ["city"]
    assert beside["notices"] == ["No visit is on record for today or later"]


def test_the_way_out_shows_what_the_wall_shows(judged_gpkg: Path) -> None:
    assert wall(judged_gpkg, Settings())["exit"] == f"?vintage={NEW}"
    settings = replace(ALL, areas=("901",), vintage="programme")
    assert wall(judged_gpkg, settings)["exit"] == f"?lang=en&facts=all&vintage={OLD}&area=901"
    assert [one["key"] for one in wall(judged_gpkg)["keys"]][-2:] == ["?", "Esc"]


def test_rivers_name_whose_they_are(judged_gpkg: Path, tmp_path: Path) -> None:
    layers = {name: read_layer(judged_gpkg, name) for name in LAYERS}
    assert layers["water"].empty and "Rivers" not in words(scenes(judged_gpkg)["city"])
    row = {"water_id": ["1"], "water_name": [None], "width_m": [60.0], "source": [WATER_SOURCE]}
    line = shapely.LineString([(106.6, 20.8), (106.7, 20.9)])
    columns = layers["water"].columns
    layers["water"] = gpd.GeoDataFrame(row, geometry=[line], crs=STORAGE_CRS)[list(columns)]
    write_layers(tmp_path / "haiphong.gpkg", layers)
    shown = scenes(tmp_path / "haiphong.gpkg")
    assert all(("Rivers: © OpenStreetMap" in words(scene)) == bool(scene["map"]) for scene in shown.values())


def test_old_data_bear_their_age(judged_gpkg: Path) -> None:
    built = datetime.datetime.fromisoformat(read_layer(judged_gpkg, "build")["built_at"].iloc[0])
    fresh = wall(judged_gpkg, today=built.date() + datetime.timedelta(days=7))
    old = wall(judged_gpkg, today=built.date() + datetime.timedelta(days=8))
    assert "age" not in [badge["kind"] for badge in fresh["badges"]]
    assert {"kind": "age", "text": "Data version is 8 days old"} in old["badges"]


def test_a_failed_build_bears_a_badge_without_a_new_file(judged_gpkg: Path, tmp_path: Path) -> None:
    path = tmp_path / "haiphong.gpkg"
    path.write_bytes(judged_gpkg.read_bytes())
    before = wall(path)
    sign = failure_sign(path)
    sign.write_text('{"failed_at": "2025-12-30T08:15:00+07:00", "faults": ["x"]}', encoding="utf-8")
    failed = wall(path)
    assert failed["badges"][0] == {
        "kind": "failed",
        "text": "Data behind: a build failed on 30/12/2025, 08:15",
    }
    assert failed["key"] != before["key"]
    sign.write_text("half a fi", encoding="utf-8")
    assert wall(path)["badges"][0] == {"kind": "failed", "text": "Data behind: a build failed"}
    sign.unlink()
    assert wall(path)["key"] == before["key"]


def test_schematic_outlines_bear_a_badge_on_each_map(judged_gpkg: Path, tmp_path: Path) -> None:
    layers = {name: read_layer(judged_gpkg, name) for name in LAYERS}
    for name in ("ward", "ward_summary"):
        layers[name]["boundary_quality"] = "schematic"
    path = tmp_path / "haiphong.gpkg"
    write_layers(path, layers)
    shown = [scene["map"]["schematic"] for scene in wall(path)["scenes"] if scene["map"]]
    assert shown and set(shown) == {"Schematic boundaries"}
    before = [scene["map"]["schematic"] for scene in wall(judged_gpkg)["scenes"] if scene["map"]]
    assert set(before) == {""}


def test_a_programme_without_facts_says_what_is_missing(judged_gpkg: Path, tmp_path: Path) -> None:
    layers = {name: read_layer(judged_gpkg, name) for name in LAYERS}
    for name in ("pilot_status", "inspection"):
        layers[name] = layers[name].iloc[:0]
    path = tmp_path / "haiphong.gpkg"
    write_layers(path, layers)
    shown = wall(path)["scenes"]
    assert [scene["id"] for scene in shown] == ["nothing"]
    assert "wall.toml" in words(shown[0])


def test_hours_and_theme_reach_the_screen(judged_gpkg: Path) -> None:
    night = wall(judged_gpkg, replace(EN, hours=Hours("22:00", "06:00"), theme="light"))
    assert night["hours"] == {"from": "22:00", "to": "06:00"}
    assert night["theme"] == "light"
    assert wall(judged_gpkg, replace(EN, hours=None))["hours"] is None


def test_the_whole_wall_is_json_in_both_languages(judged_gpkg: Path) -> None:
    vi = wall(judged_gpkg, Settings())
    assert json.loads(json.dumps(vi)) == vi
    _, _, known = SAID["overview: one pilot ward, inspected"].partition(", ")
    assert vi["scenes"][0]["headline"] == f"Đến ngày 20/05/2024, {known}"
    assert set(SCENES) >= {scene["id"] for scene in vi["scenes"]}


FIRST, LAST = pd.Timestamp("2021-03-17"), pd.Timestamp("2025-12-31")
TARGET = Target("national", Bilingual("x", "x"), 100.0, "%", pd.Timestamp("2030-12-31"), "year", "a", ())


@pytest.mark.parametrize("shares", [(9.1, 7.6), (5.0, 5.0), (100.0, 0.5)])
def test_labels_of_the_lines_lie_apart(shares: tuple[float, float]) -> None:
    lines = [
        Line(name, "#4FA3F0", [Run([FIRST, LAST], [share, share], ["2021"] * 2, [True, False], None)])
        for name, share in zip(("first", "second"), shares, strict=True)
    ]
    chart = step_chart(lines, TARGET, (FIRST, LAST), None)
    assert abs(chart.steps[0].label - chart.steps[1].label) >= 30
    assert chart.unknown is None


@pytest.mark.parametrize("value", [70.0, 100.0])
def test_the_name_of_the_line_to_the_target_is_clear_of_it(value: float) -> None:
    run = Run([FIRST, LAST], [5.0, 5.0], ["2021"] * 2, [True, False], None)
    goal = step_chart([Line("x", "#4FA3F0", [run])], replace(TARGET, value=value), (FIRST, LAST), None).goal
    assert goal is not None
    (left, low), (right, high) = goal.begin, goal.end
    # It ends above `named`; there the line lies farther to the right.
    x, y = goal.named
    on_line = left + (right - left) * (low - y) / (low - high)
    assert x < on_line - 20
    assert x > 320


def test_a_line_ends_where_it_was_last_known(judged_gpkg: Path) -> None:
    end = pd.Timestamp("2023-11-24")
    run = Run([FIRST, end], [5.0, 5.0], ["2021"] * 2, [True, False], pd.Timestamp("2024-06-01"))
    chart = step_chart([Line("x", "#4FA3F0", [run])], TARGET, (FIRST, LAST), end)
    [stretch] = chart.steps[0].stretches
    assert chart.unknown == stretch.end[0] < chart.now
    assert stretch.fades_to is not None and stretch.end[0] < stretch.fades_to < chart.now
