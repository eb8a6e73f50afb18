"""What a map contains: classes, palette, legend, frame and the few bytes of its state."""

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from dashboard.subjects.programme.classes import STATUS, Tick, inspection_ticks, programme_classes
from dashboard.ui.component import said
from dashboard.ui.geometry import Outlines
from dashboard.ui.map import MapView
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.language import Words, render
from geodata.programme.symbols import HOLDER_COLOUR
from geodata.wards.frames import frame_bounds
from geodata.wards.outline_notes import outline_notes


def summary(*rows: tuple[str | None, str | None, str | None, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=STATUS).assign(
        ward_code=[f"{number:05}" for number in range(len(rows))],
        ward_kind="phường",
        is_inspected=False,
        is_partly_inspected=False,
    )


def vi(words: Words | str) -> str:
    return str(render(words, "vi"))


CITY = summary(
    (None, None, None, False),
    ("visit_site", None, "2022", False),
    ("pilot", "building", "2021–2022", False),
    ("pilot", "inspected", "2023", False),
    ("pilot", "inspected", "2023", False),
    ("pilot", "inspected", "2023", True),
)


def test_classes_come_by_role_and_stage_then_what_holds_ground_in_part_and_missing_last() -> None:
    classes, numbers = programme_classes(CITY)
    assert [(vi(entry.label), vi(entry.count)) for entry in classes] == [
        ("Thí điểm 2023, đã kiểm tra", "2"),
        ("Thí điểm 2021–2022", "1"),
        ("Điểm tham quan 2022", "1"),
        ("Gồm một phần địa bàn cũ của chương trình", "1"),
        ("Chưa có thông tin", "1"),
    ]
    assert numbers == [4, 2, 1, 0, 0, 3]


def test_the_legend_speaks_both_languages() -> None:
    labels = [render(entry.label, "en") for entry in programme_classes(CITY)[0]]
    assert labels == [
        "Pilot 2023, inspected",
        "Pilot 2021–2022",
        "Visit site 2022",
        "Holds former ground of the programme in part",
        "No information yet",
    ]


def test_what_holds_ground_in_part_looks_like_no_pilot_ward_and_missing_has_dots() -> None:
    classes, _ = programme_classes(CITY)
    whole, _, visit, partly, missing = classes
    assert partly.colour == HOLDER_COLOUR and not partly.pattern and not partly.outlined
    assert visit.colour != whole.colour
    assert missing.pattern == "dots" and not missing.outlined


def test_a_huyện_without_communes_has_a_class_but_is_not_counted() -> None:
    classes, numbers = programme_classes(CITY.assign(ward_kind=["huyện", *["phường"] * 5]))
    assert vi(classes[-1].count) == "0" and numbers[0] == len(classes) - 1


def test_each_stage_has_a_colour_of_its_own() -> None:
    stages = ["registered", "building", "self_assessed", "inspected", "proposed", "recognised", "not_met"]
    classes, _ = programme_classes(summary(*(("pilot", stage, "2023", False) for stage in stages)))
    assert len({entry.colour for entry in classes}) == len(stages) + 1


def test_a_city_without_programme_has_one_class() -> None:
    classes, numbers = programme_classes(summary((None, None, None, False)))
    assert [vi(entry.count) for entry in classes] == ["1"]
    assert numbers == [0]


def test_an_empty_class_of_missing_still_stands_in_the_legend() -> None:
    classes, _ = programme_classes(summary(("pilot", "inspected", "2023", False)))
    assert vi(classes[-1].count) == "0"


def test_wards_outside_the_programme_that_were_inspected_stand_after_it_and_before_the_missing() -> None:
    city = summary(
        (None, None, None, False),
        (None, None, None, False),
        (None, None, None, False),
        ("visit_site", None, "2022", False),
    ).assign(is_inspected=[True, False, False, True], is_partly_inspected=[False, True, False, False])
    classes, numbers = programme_classes(city)
    assert [vi(entry.label) for entry in classes] == [
        "Điểm tham quan 2022",
        "Chưa ghi nhận trong chương trình, đã kiểm tra",
        "Chưa ghi nhận trong chương trình, một phần đã kiểm tra",
        "Chưa có thông tin",
    ]
    assert numbers == [1, 2, 3, 0]
    assert [(entry.pattern, entry.outlined) for entry in classes[1:3]] == [("", False), ("hatch", False)]


def test_ticks_stand_on_inspected_wards_of_the_programme_alone() -> None:
    city = CITY.assign(
        is_inspected=[True, False, False, True, False, False],
        is_partly_inspected=[False, False, False, False, False, True],
    )
    whole, partly = inspection_ticks(city)
    assert (whole.codes, whole.is_partly, vi(whole.count)) == (("00003",), False, "1")
    assert (partly.codes, partly.is_partly) == (("00005",), True)
    assert inspection_ticks(CITY) == []


def squares(*west_km: float) -> gpd.GeoDataFrame:
    x, y = 594_000, 2_306_000
    boxes = [shapely.box(x + w * 1000, y, x + w * 1000 + 1000, y + 1000) for w in west_km]
    return gpd.GeoDataFrame(geometry=boxes, crs=METRIC_CRS).to_crs(STORAGE_CRS)


def test_the_frame_is_the_group_with_most_wards() -> None:
    wards = squares(0, 2, 4, 30, 60)
    framed = pd.Series([True, True, True, True, False])
    west, _, east, _ = frame_bounds(wards, framed)
    assert west == pytest.approx(wards.total_bounds[0])
    assert east == pytest.approx(wards.geometry.iloc[2].bounds[2])


def test_without_a_ward_to_frame_the_whole_city_is_framed() -> None:
    wards = squares(0, 60)
    assert frame_bounds(wards, pd.Series([False, False])) == pytest.approx(tuple(wards.total_bounds))


WARDS = pd.DataFrame({"boundary_source": ["gadm"] * 2, "boundary_quality": ["public", "schematic"]})
SOURCES = pd.DataFrame(
    {
        "source_id": ["gadm", "mit"],
        "publisher": ["GADM", "M"],
        "licence": ["theirs", None],
        "redistribution": ["forbidden", "allowed"],
    }
)
GADM = outline_notes(WARDS, SOURCES)


def test_outlines_say_whose_they_are_and_on_what_terms() -> None:
    assert [vi(line) for line in GADM.lines] == [
        "GADM, ranh giới sơ đồ",
        "Giấy phép: theirs",
        "Ranh giới của GADM không được phép phân phối lại",
    ]
    free = outline_notes(WARDS.assign(boundary_source="mit", boundary_quality="public"), SOURCES)
    assert [vi(line) for line in free.lines] == ["M", "Giấy phép: nguồn không nêu"]
    silent = outline_notes(WARDS, SOURCES.assign(redistribution=None)).notice
    assert silent is not None
    assert vi(silent) == "Nguồn ranh giới (GADM) không nêu có được phân phối lại hay không"


def test_a_picture_names_the_source_of_its_outlines_and_its_button_warns() -> None:
    picture = {"title": "", "subtitle": "", "credit": "Nguồn: A", "name": "x.png"}
    view = MapView("", Outlines("", GADM), [], [], (0, 0, 1, 1), "", picture=picture)
    state = said(view.as_sent(), "vi")
    warning = "Ranh giới của GADM không được phép phân phối lại"
    assert state["picture"]["credit"] == f"Nguồn: A · Ranh giới: GADM · {warning}"
    assert state["texts"]["picture"] == f"Lưu bản đồ thành ảnh. {warning}"


def test_a_state_is_small_and_holds_no_geometry() -> None:
    classes, _ = programme_classes(CITY)
    view = MapView(
        about="Sáu phường thí điểm",
        geometry=Outlines("/app/static/wards.json", GADM),
        classes=classes,
        numbers=[4] * 332,
        focus=(106.61234567, 20.8, 106.7, 20.9),
        height="20rem",
        labels=["11422"] * 9,
        ticks=[Tick("Được kiểm tra trong kỳ", "9", ("11422",) * 9, is_partly=False)],
        badge="SỐ LIỆU MINH HỌA",
    )
    state = said(view.as_sent(), "vi")
    assert len(json.dumps(state)) < 4_000
    assert (state["badge"], state["schematic"]) == ("SỐ LIỆU MINH HỌA", "Ranh giới sơ đồ")
    assert state["focus"][0] == 106.6123
    assert state["texts"]["zoomIn"] == "Phóng to"
