"""What the ward map shows: classes, colours, labels, sentence and panel, worked out by hand."""

import datetime
import json
import zlib
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.query.layers import all_wards
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.screens.ward_map.screen import drawn, panel
from dashboard.subjects.figures import choices, words
from dashboard.subjects.figures.choices import Choice
from dashboard.subjects.figures.classification import colours
from dashboard.subjects.figures.model import WardClasses, WardFigure, classify
from dashboard.subjects.figures.values import city_frame
from dashboard.ui.component import packed
from dashboard.ui.html import html
from geodata.contract.layers import LAYERS, read_layer, write_layers
from geodata.language import Bilingual, Language
from geodata.period import Period, yardstick
from geodata.wards.names import ward_title
from tests.small_city import NEW, OLD
from tests.wording import SAID

YEAR = Period(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31))
BEFORE = Period(datetime.date(2022, 1, 1), datetime.date(2022, 12, 31))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture(scope="module")
def published(inspected_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """Return the small city with fires of two years: 2, 4 and 12 in 2023, none known of Núi Đèo."""
    path = tmp_path_factory.mktemp("figures") / "haiphong.gpkg"
    layers = {name: read_layer(inspected_gpkg, name) for name in LAYERS}
    rows = [
        (OLD, code, indicator, f"{year}-{month:02}-01", f"{year}-{month:02}-28", value, "article", False)
        for year, month, code, indicator, value in (
            (2023, 2, "00001", "fires", 2.0),
            (2023, 2, "00002", "fires", 4.0),
            (2023, 2, "00003", "fires", 12.0),
            (2022, 2, "00001", "fires", 1.0),
            (2022, 2, "00002", "fires", 3.0),
            (2022, 2, "00003", "fires", 9.0),
            (2023, 2, "00001", "satisfaction_pct", 60.0),
            (2023, 2, "00002", "satisfaction_pct", 80.0),
            (2023, 2, "00003", "satisfaction_pct", 95.0),
        )
    ]
    columns = ["vintage", "ward_code", "indicator_code", "period_start", "period_end", "value", "source"]
    values = pd.DataFrame(rows, columns=[*columns, "is_illustrative"])
    values["period_start"], values["period_end"] = (
        pd.to_datetime(values[name]) for name in ("period_start", "period_end")
    )
    layers["indicator_value"] = values.assign(numerator=np.nan, denominator=np.nan)[
        list(LAYERS["indicator_value"].columns)
    ]
    write_layers(path, layers)
    return Publication(path, 1, 1)


@dataclass(frozen=True)
class Shown:
    """What the browser is sent and what is handed over."""

    classes: list[SimpleNamespace]
    numbers: list[int]
    values: list[str]
    outlined: list[str]
    badge: str
    key: dict[str, Any]
    frames: dict[str, Any] | None
    headline: str
    subline: str
    figures: pd.DataFrame
    model: WardClasses


def shown(
    published: Publication,
    choice: Choice,
    period: Period = YEAR,
    areas: tuple[str, ...] = (),
    *,
    verified_only: bool = True,
    language: Language = "vi",
    vintage: str = OLD,
) -> Shown:
    query = Query(published, period, vintage, areas, verified_only)
    on_page, model = drawn(query, choice, language), classify(query, choice)
    sent = json.loads(zlib.decompress(packed(on_page.view.as_sent(), language)))
    return Shown(
        [SimpleNamespace(**one) for one in sent["palette"]],
        sent["classes"],
        sent["values"],
        sent["outlined"],
        sent["badge"],
        sent["key"],
        sent["frames"],
        on_page.headline,
        on_page.subline,
        model.rows,
        model,
    )


def test_figures_fall_into_classes_and_a_ward_without_one_is_missing_and_not_zero(
    published: Publication,
) -> None:
    found = shown(published, Choice("fires", method="own", own=(3, 10)))
    assert [(entry.label, entry.count, entry.pattern) for entry in found.classes] == [
        ("đến 3", "1", ""),
        ("trên 3 đến 10", "1", ""),
        ("trên 10", "1", ""),
        ("Chưa có số liệu", "2", "dots"),
    ]
    assert found.numbers == [0, 1, 2, 3, 3]
    assert found.values == ["2", "4", "12", "", ""]
    assert [entry.colour for entry in found.classes[:3]] == colours("lower", 3)


def test_the_sentence_names_the_highest_ward(published: Publication) -> None:
    assert shown(published, Choice("fires")).headline == "Vụ cháy, nổ cao nhất ở xã Thủy Tây: 12 vụ"
    english = shown(published, Choice("fires"), language="en")
    assert english.headline == "Fires: highest in xã Thủy Tây, at 12 cases"


def test_a_range_without_figures_says_so(published: Publication) -> None:
    empty = Period(day("2024-01-01"), day("2024-12-31"))
    found = shown(published, Choice("fires"), empty)
    assert found.headline == SAID["map: no fires on record"]
    assert found.classes[-1].count == "5"


def test_bounds_stay_when_the_dates_move_and_when_areas_are_chosen(published: Publication) -> None:
    labels = [entry.label for entry in shown(published, Choice("fires")).classes]
    assert labels == [entry.label for entry in shown(published, Choice("fires"), BEFORE).classes]
    in_area = shown(published, Choice("fires"), areas=("901",)).classes
    assert labels == [entry.label for entry in in_area[:-1]]
    # Quantiles of 1, 2, 3, 4, 9 and 12 in three classes.
    three = shown(published, Choice("fires", class_count=3)).classes
    assert [entry.label for entry in three[:3]] == ["đến 3", "trên 3 đến 6", "trên 6"]


def test_a_count_per_residents_and_per_km2(published: Publication) -> None:
    per_residents = shown(published, Choice("fires", per="per_1000")).figures
    assert per_residents["value"].tolist()[:3] == pytest.approx([2.0, 4000 / 1500, 6.0])
    per_km2 = shown(published, Choice("fires", per="per_km2")).figures
    assert per_km2["value"].tolist()[:3] == pytest.approx([2, 4, 12])
    percentage = shown(published, Choice("satisfaction_pct", per="per_1000"))
    assert percentage.figures["value"].tolist()[:3] == [60, 80, 95]


def test_ranks_put_the_best_first(published: Publication) -> None:
    fires = shown(published, Choice("fires")).figures
    assert fires["rank"].tolist()[:3] == [1, 2, 3] and fires["rank"].isna().tolist()[3:] == [True, True]
    assert shown(published, Choice("satisfaction_pct")).figures["rank"].tolist()[:3] == [3, 2, 1]


def test_pilot_wards_are_outlined_whatever_their_class(published: Publication) -> None:
    found = shown(published, Choice("fires"))
    assert found.outlined == ["00002"]
    assert not any(entry.outlined for entry in found.classes)


def test_wards_outside_the_area_are_faded_and_not_counted(published: Publication) -> None:
    found = shown(published, Choice("fires", method="own", own=(3, 10)), areas=("901",))
    assert found.numbers == [0, 1, 4, 4, 4]
    assert found.classes[4].faded and found.classes[4].count == ""
    assert [entry.count for entry in found.classes[:4]] == ["1", "1", "0", "0"]
    assert found.headline == "Vụ cháy, nổ cao nhất ở phường Hòa Bình: 4 vụ"
    assert len(found.figures) == 2
    assert "2/2 đơn vị có số liệu" in found.subline


def test_the_frame_is_that_of_the_chosen_areas(published: Publication) -> None:
    west, _, east, _ = city_frame(published, OLD, ("901",))
    whole = city_frame(published, OLD, ())
    assert whole[0] == pytest.approx(west) and whole[2] > east


def test_two_figures_make_nine_classes_and_their_square(published: Publication) -> None:
    found = shown(published, Choice("fires", second="satisfaction_pct"))
    assert len(found.classes) == 10
    # Few fires and few satisfied: first row, first column; many of both: last row, last column.
    assert found.numbers == [0, 4, 8, 9, 9]
    assert found.classes[0].label == "Vụ cháy, nổ: đến 3 · Tỷ lệ hài lòng: đến 73,3\N{NO-BREAK SPACE}%"
    assert found.key["rows"]["labels"] == ["đến 3", "trên 3 đến 6", "trên 6"]
    assert found.values[2] == "12 vụ · 95\N{NO-BREAK SPACE}%"
    assert found.headline == "Vụ cháy, nổ và tỷ lệ hài lòng: 0 đơn vị ở lớp đậm nhất của cả hai"


def test_the_programme_is_shown_by_its_stages(published: Publication) -> None:
    found = shown(published, Choice("stage"), Period(day("2021-03-17"), day("2025-12-31")))
    assert [entry.label for entry in found.classes] == [
        "Thí điểm 2021–2023, đã kiểm tra",
        "Điểm tham quan 2022",
        "Ngoài chương trình, đã kiểm tra",
        "Chưa có thông tin",
    ]
    assert found.outlined == ["00002", "00003"]
    assert found.headline == SAID["map: four units, until 2024"]


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("days_since", [569, 38, np.nan, np.nan, np.nan]),
        ("inspections", [0, 1, 0, 0, 0]),
        ("inspected_area", [0, 100, 0, 0, 0]),
        ("criteria", [50, 200 / 3, np.nan, np.nan, np.nan]),
    ],
)
def test_coverage_by_ward(published: Publication, code: str, values: list[float]) -> None:
    found = shown(published, Choice(code)).figures
    assert found["value"].tolist() == pytest.approx(values, nan_ok=True)


def test_what_is_illustrative_begins_the_sentence_and_stands_on_the_map(published: Publication) -> None:
    verified = shown(published, Choice("criteria"))
    assert verified.badge == "" and not verified.headline.startswith("Minh họa")
    generated = shown(published, Choice("criteria"), verified_only=False)
    assert generated.headline.startswith("Minh họa: ")
    assert generated.badge == "SỐ LIỆU MINH HỌA" and "hp-badge" in generated.subline
    assert generated.figures["is_illustrative"].tolist() == [False, False, False, True, False]


def test_months_are_played_with_a_digit_a_ward(published: Publication) -> None:
    found = shown(published, Choice("fires", method="own", own=(3, 10), is_played=True))
    assert found.frames is not None
    assert found.frames["labels"] == [f"{month:02}/2023" for month in range(1, 13)]
    assert found.frames["classes"][0] == "33333" and found.frames["classes"][1] == "01233"
    assert found.frames["counts"][1] == ["1", "1", "1", "2"]
    assert found.headline == "Vụ cháy, nổ theo từng tháng, từ 01/2023 đến 12/2023"


def test_stages_are_played_too(published: Publication) -> None:
    found = shown(published, Choice("stage", is_played=True))
    assert found.frames is not None
    labels = [entry.label for entry in found.classes]
    assert labels[0] == "Thí điểm 2021–2023, đã kiểm tra" and labels[-1] == "Chưa có thông tin"
    before, after = found.frames["classes"][0], found.frames["classes"][-1]
    assert labels[int(before[1])] == "Thí điểm 2021–2023" and labels[int(after[1])] == labels[0]


def test_the_panel_tells_figure_rank_share_and_source(published: Publication) -> None:
    facts = str(panel(Query(published, YEAR, OLD), Choice("fires"), "00003", "vi"))
    assert "Xã Thủy Tây" in facts and "12 vụ" in facts and "Hạng 3/3 (1 là thấp nhất)" in facts
    assert "Báo cáo đủ 7,7\N{NO-BREAK SPACE}% số ngày" in facts and "Bài báo về thí điểm" in facts
    none = str(panel(Query(published, YEAR, OLD), Choice("fires"), "00004", "vi"))
    assert "chưa có số liệu" in none and "Hạng" not in none


def test_names_of_the_data_are_escaped() -> None:
    ward: dict[Hashable, Any] = {
        "ward_kind": "phường",
        "ward_name": "<img src=x onerror=alert(1)>",
        "district_name": "<b>",
        "value": 1.0,
        "rank": pd.NA,
        "days_pct": np.nan,
        "latest_day": pd.NaT,
        "is_apportioned": False,
        "is_illustrative": False,
    }
    measure = choices.Measure("fires", Bilingual("Vụ cháy", "Fires"), "vụ", "lower", "count", True)
    facts = html(
        "figures_ward",
        "vi",
        title=ward_title(ward),
        district=ward["district_name"],
        is_illustrative=False,
        value=words.figure_words(1.0, measure, "value"),
        lines=words.ward_lines(WardFigure(ward), [measure], ["value"]),
        cited=(),
    )
    assert "<img" not in facts and "&lt;img src=x onerror=alert(1)&gt;" in facts


def test_spans_that_make_bounds_follow_the_length_of_the_range() -> None:
    extent = Period(day("2021-03-17"), day("2025-12-31"))

    def span(since: str, until: str, kind: str = "count") -> tuple[str, int]:
        name, windows = yardstick(Period(day(since), day(until)), extent, kind)
        return name, len(windows)

    assert span("2023-05-01", "2023-05-31") == ("M", 24)
    assert span("2023-04-01", "2023-06-30") == ("Q", 19)
    assert span("2023-01-01", "2023-12-31") == ("Y", 4)
    assert span("2021-03-17", "2025-12-31") == ("", 1)
    assert span("2023-05-01", "2023-05-31", "share") == ("Y", 4)


def test_what_goes_to_the_browser_is_small(published: Publication) -> None:
    found = shown(published, Choice("fires"))
    assert len(json.dumps([found.numbers, found.values, found.key])) < 1_000


def test_the_geopackage_holds_the_wards_of_the_table(published: Publication) -> None:
    found = shown(published, Choice("fires"), areas=("901",))
    layer = found.model.map_layer([entry.label for entry in found.classes])
    assert layer["ward_code"].tolist() == ["00001", "00002"] and layer["value"].tolist() == [2, 4]
    assert layer.crs is not None and not layer.geometry.is_empty.any()


def test_every_figure_has_a_map_in_every_vintage(published: Publication) -> None:
    wards = all_wards(published)
    for vintage in (OLD, NEW):
        for code in choices.measures(published):
            found = shown(published, Choice(code), vintage=vintage, verified_only=False)
            assert len(found.numbers) == (wards["vintage"] == vintage).sum()
            assert found.headline and max(found.numbers) < len(found.classes)
