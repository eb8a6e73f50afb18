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
from dashboard.screens.wall.state import wall_state
from dashboard.ui.html import html
from geodata.contract.build_failure import failure_sign
from geodata.contract.crs import STORAGE_CRS
from geodata.contract.layers import LAYERS, WATER_SOURCE, read_layer, write_layers
from geodata.language import capitalised, render
from geodata.programme.symbols import DARK, STAGE_COLOURS
from tests.small_city import NEW, OLD
from tests.wording import SAID

TODAY = datetime.date(2025, 12, 31)
EN = Settings(language="en")
ALL = replace(EN, verified_only=False)


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
    city = scenes(judged_gpkg)["city"]
    assert city["headline"] == SAID["overview: one pilot ward, inspected (en)"]
    assert words(city).startswith("1 / 4 units in the pilot 1 pilot wards inspected, last on 20/05/2024")
    painted = classes_by_code(city, judged_gpkg, OLD)
    assert painted["00002"]["colour"] == DARK[STAGE_COLOURS["inspected"]]
    assert painted["00004"]["pattern"] == "dots"
    light = scenes(judged_gpkg, replace(EN, theme="light"))["city"]
    assert classes_by_code(light, judged_gpkg, OLD)["00002"]["colour"] == STAGE_COLOURS["inspected"]


def test_a_headline_that_rests_on_illustrative_rows_says_so(judged_gpkg: Path) -> None:
    verified, every = scenes(judged_gpkg), scenes(judged_gpkg, ALL)
    assert not [name for name, scene in verified.items() if scene["headline"].startswith("Illustrative")]
    assert every["inspections"]["headline"].startswith("Illustrative: ")
    kinds = [badge["kind"] for badge in wall(judged_gpkg, ALL)["badges"]]
    assert "illustrative" in kinds
    assert "illustrative" not in [badge["kind"] for badge in wall(judged_gpkg)["badges"]]


def test_coverage_names_the_district_with_the_highest_share(judged_gpkg: Path) -> None:
    coverage = scenes(judged_gpkg)["coverage"]
    assert coverage["headline"] == "Pilot wards in one of three districts, most of all quận Đông: 1/2"
    assert "25% of wards" in words(coverage)
    assert list(coverage["map"]["names"].values()) == ["Quận Đông"]
    assert coverage["map"]["outlined"] == ["00002"]


def test_coverage_counts_parts_where_wards_were_redrawn(judged_gpkg: Path) -> None:
    coverage = scenes(judged_gpkg, replace(EN, vintage="latest"))["coverage"]
    assert coverage["headline"].endswith("former districts, most of all quận Đông: 50%")
    assert "0% of wards" in words(coverage)


def test_progress_sets_the_wards_against_the_national_target(judged_gpkg: Path) -> None:
    progress = scenes(judged_gpkg)["progress"]
    assert progress["layout"] == "full"
    assert progress["map"] is None
    assert progress["headline"].startswith("One of 2 phường at “inspected” or further")
    assert "days to the national target" in words(progress)


def test_inspections_tell_how_far_the_record_goes_and_nothing_is_overdue_without_a_limit(
    judged_gpkg: Path,
) -> None:
    last = scenes(judged_gpkg)["inspections"]
    assert last["headline"] == "No inspection on record after 20/05/2024"
    assert "Đông 20/05/2024 (of a part of it)" in words(last) and "limit" not in words(last)
    assert "20/05/2024 Hòa Bình · Công an thành phố" in words(last)


def test_overdue_areas_are_told_by_a_limit_with_its_basis(judged_gpkg: Path) -> None:
    limited = replace(EN, limit_days=365, limit_basis="Kế hoạch 1")
    late = scenes(judged_gpkg, replace(limited, vintage=NEW))["inspections"]
    assert late["headline"] == "One unit with a former pilot area is past the limit of 365 days"
    assert "Đông 20/05/2024 (of a part of it) · 225 days over" in words(
        late
    ) and "Basis of the limit: Kế hoạch 1" in words(late)
    # The wards of 2020 are no units of today.
    ended = scenes(judged_gpkg, replace(limited, vintage=OLD))["inspections"]
    assert ended["headline"].startswith("The wards of the pilot are no units of today")
    notices = wall(judged_gpkg, replace(EN, limit_days=365))["notices"]
    assert any("both needed" in notice for notice in notices)


def test_the_ward_of_the_day_goes_round_the_programme() -> None:
    wards = pd.DataFrame(
        {"ward_code": ["1", "2", "3"], "ward_name": ["Bắc", "An", "Cát"], "role": ["pilot", "pilot", None]}
    )
    days = [TODAY + datetime.timedelta(days=ahead) for ahead in range(4)]
    shown = [ward_of_the_day(wards, day) for day in days]
    assert set(shown[:2]) == {"1", "2"}
    assert shown[2:] == shown[:2]
    assert ward_of_the_day(wards[wards["role"].isna()], TODAY) is None


def test_the_ward_of_the_day_says_what_became_of_it(judged_gpkg: Path) -> None:
    told = {
        scenes(judged_gpkg, today=TODAY + datetime.timedelta(days=ahead))["ward"]["headline"]
        for ahead in range(2)
    }
    assert told == {
        "Phường Hòa Bình takes part in the pilot of 2021–2023; inspected two times, last on 20/05/2024; "
        "since 01/07/2025 in phường Đông",
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
        "The boundaries of 01/02/2020 have no district or ward with the code 999.",
    ]


def test_boundaries_are_those_of_the_programme_or_those_that_are_asked_for(judged_gpkg: Path) -> None:
    assert wall(judged_gpkg)["footer"][1] == "Boundaries of 01/02/2020"
    assert wall(judged_gpkg, replace(EN, vintage="latest"))["footer"][1] == "Boundaries of 01/07/2025"
    assert wall(judged_gpkg, replace(EN, vintage=NEW))["footer"][1] == "Boundaries of 01/07/2025"


def test_rivers_name_whose_they_are(judged_gpkg: Path, tmp_path: Path) -> None:
    layers = {name: read_layer(judged_gpkg, name) for name in LAYERS}
    assert layers["water"].empty and len(wall(judged_gpkg)["footer"]) == 2
    row = {"water_id": ["1"], "water_name": [None], "width_m": [60.0], "source": [WATER_SOURCE]}
    line = shapely.LineString([(106.6, 20.8), (106.7, 20.9)])
    columns = layers["water"].columns
    layers["water"] = gpd.GeoDataFrame(row, geometry=[line], crs=STORAGE_CRS)[list(columns)]
    write_layers(tmp_path / "haiphong.gpkg", layers)
    assert wall(tmp_path / "haiphong.gpkg")["footer"][2] == "Rivers: © OpenStreetMap"


def test_old_data_bear_their_age(judged_gpkg: Path) -> None:
    built = datetime.datetime.fromisoformat(read_layer(judged_gpkg, "build")["built_at"].iloc[0])
    fresh = wall(judged_gpkg, today=built.date() + datetime.timedelta(days=7))
    old = wall(judged_gpkg, today=built.date() + datetime.timedelta(days=8))
    assert "age" not in [badge["kind"] for badge in fresh["badges"]]
    assert {"kind": "age", "text": "Data are 8 days old"} in old["badges"]
    assert old["footer"][0] == f"Data of {built:%d/%m/%Y, %H:%M}"


def test_a_failed_build_bears_a_badge_without_a_new_file(judged_gpkg: Path, tmp_path: Path) -> None:
    path = tmp_path / "haiphong.gpkg"
    path.write_bytes(judged_gpkg.read_bytes())
    before = wall(path)
    sign = failure_sign(path)
    sign.write_text('{"failed_at": "2025-12-30T08:15:00+07:00", "faults": ["x"]}', encoding="utf-8")
    failed = wall(path)
    assert failed["badges"][0] == {"kind": "failed", "text": "A build failed on 30/12/2025, 08:15"}
    assert failed["key"] != before["key"]
    sign.write_text("half a fi", encoding="utf-8")
    assert wall(path)["badges"][0] == {"kind": "failed", "text": "A build failed"}
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
    assert vi["scenes"][0]["headline"] == SAID["overview: one pilot ward, inspected"]
    assert set(SCENES) >= {scene["id"] for scene in vi["scenes"]}


@pytest.mark.parametrize("shares", [(9.1, 7.6), (5.0, 5.0), (100.0, 0.0)])
def test_labels_of_the_lines_lie_apart(shares: tuple[float, float]) -> None:
    days = pd.to_datetime(["2021-03-17", "2025-12-31"])
    lines = [
        Line(name, "#4FA3F0", list(zip(days, [0.0, share], strict=True)))
        for name, share in zip(("first", "second"), shares, strict=True)
    ]
    chart = html("wall_step_chart", "en", chart=step_chart(lines, None, days[0]), about="about")
    heights = [
        float(found)
        for found in re.findall(r'<text class="hw-strong" x="\d+" y="(\d+)" text-anchor="', chart)
    ]
    assert len(heights) == 2
    assert abs(heights[0] - heights[1]) >= 30
