"""What the ward map shows: classes, colours, labels, sentence and panel, worked out by hand."""

import datetime
import json
import zlib
from collections.abc import Hashable
from dataclasses import dataclass, replace
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
from dashboard.subjects.figures import choices, legend_words, panel_words, words
from dashboard.subjects.figures.choices import Choice
from dashboard.subjects.figures.classification import colours
from dashboard.subjects.figures.model import WardClasses, WardFigure, classify
from dashboard.subjects.figures.values import city_frame
from dashboard.ui.component import packed
from dashboard.ui.html import html
from geodata.contract.layers import LAYERS, read_layer, write_layers
from geodata.language import Bilingual, Language, render
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
    """Return the small city with fires of two years: 20, 40 and 120 in February 2023, none known of Núi Đèo.

    All months are reported; in the others there were none.
    """
    path = tmp_path_factory.mktemp("figures") / "haiphong.gpkg"
    layers = {name: read_layer(inspected_gpkg, name) for name in LAYERS}
    rows = [
        (OLD, code, "fires", f"{year}-{month:02}", total if month == 2 else 0.0, "article", False)
        for year, totals in ((2022, (10.0, 30.0, 90.0)), (2023, (20.0, 40.0, 120.0)))
        for code, total in zip(("00001", "00002", "00003"), totals, strict=True)
        for month in range(1, 13)
    ]
    rows += [
        (OLD, code, "satisfaction_pct", "2023", value, "article", False)
        for code, value in (("00001", 60.0), ("00002", 80.0), ("00003", 95.0))
    ]
    columns = ["vintage", "ward_code", "indicator_code", "period", "value", "source", "is_illustrative"]
    values = pd.DataFrame(rows, columns=columns)
    values["period_start"] = [pd.Period(period).start_time for period in values["period"]]
    values["period_end"] = [pd.Period(period).end_time.normalize() for period in values["period"]]
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
    circles: dict[str, Any]
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
        sent.get("circles") or {},
        on_page.headline,
        on_page.subline,
        model.rows,
        model,
    )


def test_figures_fall_into_classes_and_a_ward_without_one_is_missing_and_not_zero(
    published: Publication,
) -> None:
    found = shown(published, Choice("fires", method="own", own=(25, 50)))
    assert [(entry.label, entry.count, entry.pattern) for entry in found.classes] == [
        ("đến 25", "1", ""),
        ("trên 25 đến 50", "1", ""),
        ("trên 50", "1", ""),
        ("Báo cáo chưa đủ, dưới 75 % số ngày", "0", "hatch"),
        # The island is no commune.
        ("Chưa có số liệu", "1", "dots"),
    ]
    assert found.numbers == [0, 1, 2, 4, 4]
    assert found.values == ["20,01 (12,22–30,91)", "26,68 (19,06–36,34)", "60,04 (49,78–71,79)", "", ""]
    assert [entry.colour for entry in found.classes[:3]] == colours("lower", 3)


def test_the_sentence_names_no_ward_that_chance_explains(published: Publication) -> None:
    told = shown(published, Choice("fires")).headline
    assert told == "Vụ cháy, nổ: khác biệt giữa các đơn vị trong mức ngẫu nhiên"
    english = shown(published, Choice("fires"), language="en")
    assert english.headline == "Fires: units differ no more than chance explains"


@pytest.mark.parametrize(
    ("high", "low", "told"),
    [
        (["A", "B"], ["C"], "Cháy: chỉ A, B cao hơn, C thấp hơn mức ngẫu nhiên"),
        (["A", "B", "D"], [], "Cháy: chỉ 3 đơn vị cao hơn mức ngẫu nhiên"),
        ([], ["C"], "Cháy: chỉ C thấp hơn mức ngẫu nhiên"),
        ([], [], "Cháy: khác biệt giữa các đơn vị trong mức ngẫu nhiên"),
    ],
)
def test_the_sentence_names_those_outside_the_limits(high: list[str], low: list[str], told: str) -> None:
    assert words.beyond_chance("Cháy", high, low).render("vi") == told


def test_a_ward_that_reported_too_little_is_hatched_and_has_no_part(published: Publication) -> None:
    months = Period(day("2022-05-01"), day("2023-04-30"))
    layers = {name: read_layer(published.path, name) for name in LAYERS}
    values = layers["indicator_value"]
    is_gap = values["ward_code"].eq("00003") & values["period_start"].between("2022-06-01", "2022-10-01")
    path = published.path.with_name("gaps.gpkg")
    write_layers(path, layers | {"indicator_value": values[~is_gap]})
    found = shown(Publication(path, 1, 1), Choice("fires", method="own", own=(25, 50)), months)
    assert found.numbers == [0, 1, 3, 4, 4]
    assert [entry.count for entry in found.classes] == ["1", "1", "0", "1", "1"]
    assert found.figures["rank"].tolist()[:2] == [1, 2] and found.figures["rank"].isna()[2]
    assert "1 đơn vị báo cáo chưa đủ" in found.subline
    assert found.model.chance is not None
    # The mean of the two others: 60 fires of 2,500 residents in a year.
    assert found.model.chance.mean == pytest.approx(60 / (2.5 * 365 / 365.25))
    assert found.values[2].startswith("103,37 (")
    facts = str(panel(found.model.query, found.model.choice, "00003", "vi"))
    assert "Báo cáo chưa đủ, dưới 75 % số ngày: không xếp hạng" in facts and "Hạng" not in facts


def test_fewer_than_ten_events_have_no_rank(published: Publication) -> None:
    february = Period(day("2023-02-01"), day("2023-02-28"))
    found = shown(published, Choice("fires"), february).figures
    assert found["rank"].tolist()[:3] == [1, 2, 3]
    march = Period(day("2023-03-01"), day("2023-03-31"))
    assert shown(published, Choice("fires"), march).figures["rank"].isna().all()
    facts = str(panel(Query(published, march, OLD), Choice("fires"), "00003", "vi"))
    assert "Dưới 10 vụ: không xếp hạng" in facts


def test_a_total_is_shown_by_circles_over_wards_of_one_class(published: Publication) -> None:
    found = shown(published, Choice("fires", per="value"))
    assert [(entry.label, entry.count) for entry in found.classes] == [
        ("Có tổng số", "3"),
        ("Báo cáo chưa đủ, dưới 75 % số ngày", "0"),
        ("Chưa có số liệu", "1"),
    ]
    assert found.circles["values"] == [20, 40, 120, 0, 0]
    assert found.circles["most"] == 200
    assert [(size["value"], size["label"]) for size in found.circles["sizes"]] == [
        (200, "200 vụ"),
        (50, "50 vụ"),
        (10, "10 vụ"),
    ]
    assert found.headline == "Vụ cháy, nổ: tổng cộng 180 vụ ở 3 đơn vị báo cáo đủ"
    assert "histogram" not in found.key
    played = shown(published, Choice("fires", per="value", is_played=True))
    assert played.circles["frames"][1] == [20, 40, 120, 0, 0] and played.circles["frames"][2] == [0] * 5


def test_a_total_of_a_level_that_nobody_reports_has_a_class_in_the_legend(published: Publication) -> None:
    found = shown(published, Choice("fire_safety_teams", per="value"))
    assert [(entry.label, entry.count) for entry in found.classes] == [
        ("Có tổng số", "0"),
        ("Chưa có số liệu", "4"),
    ]
    assert set(found.numbers) == {1}


def test_a_range_without_figures_says_so(published: Publication) -> None:
    empty = Period(day("2024-01-01"), day("2024-12-31"))
    found = shown(published, Choice("fires"), empty)
    assert found.headline == SAID["map: no fires on record"]
    assert found.classes[-1].count == "4"


def test_bounds_stay_when_the_dates_move_and_when_areas_are_chosen(published: Publication) -> None:
    labels = [entry.label for entry in shown(published, Choice("fires")).classes]
    assert labels == [entry.label for entry in shown(published, Choice("fires"), BEFORE).classes]
    in_area = shown(published, Choice("fires"), areas=("901",)).classes
    assert labels == [entry.label for entry in in_area[:-1]]
    month = Period(day("2023-02-01"), day("2023-02-28"))
    assert labels == [entry.label for entry in shown(published, Choice("fires"), month).classes]
    # Quantiles of the rates of both years, 10, 20, 20, 26,7, 45 and 60, in three classes.
    three = shown(published, Choice("fires", class_count=3)).classes
    assert [entry.label for entry in three[:3]] == ["đến 20", "trên 20 đến 32,8", "trên 32,8"]


def test_a_count_per_residents_and_per_km2(published: Publication) -> None:
    years = 365 / 365.25
    per_residents = shown(published, Choice("fires")).figures
    assert per_residents["value"].tolist()[:3] == pytest.approx([20 / years, 40 / 1.5 / years, 60 / years])
    per_km2 = shown(published, Choice("fires", per="per_km2")).figures
    assert per_km2["value"].tolist()[:3] == pytest.approx([20 / years, 40 / years, 120 / years])
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
    found = shown(published, Choice("fires", method="own", own=(25, 50)), areas=("901",))
    assert found.numbers == [0, 1, 5, 5, 5]
    assert found.classes[5].faded and found.classes[5].count == ""
    assert [entry.count for entry in found.classes[:5]] == ["1", "1", "0", "0", "0"]
    assert len(found.figures) == 2
    assert "2/2 đơn vị có số liệu" in found.subline


def test_the_frame_is_that_of_the_chosen_areas(published: Publication) -> None:
    west, _, east, _ = city_frame(published, OLD, ("901",))
    whole = city_frame(published, OLD, ())
    assert whole[0] == pytest.approx(west) and whole[2] > east


def test_two_figures_make_nine_classes_and_their_square(published: Publication) -> None:
    found = shown(published, Choice("fires", second="satisfaction_pct"))
    assert len(found.classes) == 11
    # Few fires and few satisfied: first row, first column; many of both: last row, last column.
    assert found.numbers == [3, 4, 8, 10, 10]
    assert found.classes[0].label == "Vụ cháy, nổ: đến 20 · Tỷ lệ hài lòng: đến 73,3\N{NO-BREAK SPACE}%"
    assert found.key["rows"]["labels"] == ["đến 20", "trên 20 đến 32,8", "trên 32,8"]
    assert found.values[2] == "60,04 vụ trên 1.000 dân và năm · 95\N{NO-BREAK SPACE}%"
    assert found.headline == "Vụ cháy, nổ và tỷ lệ hài lòng: 0 đơn vị kém ở cả hai chỉ số"


def test_the_programme_is_shown_by_its_stages(published: Publication) -> None:
    found = shown(published, Choice("stage"), Period(day("2021-03-17"), day("2025-12-31")))
    assert [entry.label for entry in found.classes] == [
        "Thí điểm 2021–2023, đã kiểm tra",
        "Điểm tham quan 2022",
        "Chưa ghi nhận trong chương trình, đã kiểm tra",
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


def test_days_since_the_last_inspection_are_those_on_record_and_say_of_a_part(published: Publication) -> None:
    until = Period(day("2021-03-17"), day("2025-12-31"))
    found = classify(Query(published, until, NEW), Choice("days_since"))
    # The last inspection of phường Đông was one of Hòa Bình, a part of it, as its profile says too.
    told = [render(value, "vi") for value in legend_words.ward_words(found)]
    assert told[0].endswith(" (một phần)") and told[1:] == ["", "", ""]
    of_whole = replace(found, is_carried=np.array([False] * 4))
    assert "(một phần)" not in render(legend_words.ward_words(of_whole)[0], "vi")
    assert render(words.subline(found), "vi").endswith(
        "trong đó 1 đơn vị chỉ có một phần địa bàn được kiểm tra"
    )
    figure = WardFigure(found.rows.iloc[0].to_dict() | {"is_apportioned": True})
    lines = panel_words.ward_lines(figure, found.measures, found.pers)
    assert "Chỉ ở một phần" in [render(line, "vi") for line in lines]
    key = legend_words.legend(found)
    assert render(key["title"], "vi") == "Số ngày từ lần kiểm tra gần nhất theo ghi nhận"
    about = [render(line, "vi") for line in key["about"]]
    assert not any("kém" in line or "bằng nhau" in line for line in about)
    assert "số đơn vị mỗi lớp có thể khác nhau" in about[1]


def test_what_is_illustrative_begins_the_sentence_and_stands_on_the_map(published: Publication) -> None:
    verified = shown(published, Choice("criteria"))
    assert verified.badge == "" and not verified.headline.startswith("Minh họa")
    generated = shown(published, Choice("criteria"), verified_only=False)
    assert generated.headline.startswith("Minh họa: ")
    assert generated.badge == "SỐ LIỆU MINH HỌA" and "hp-badge" in generated.subline
    assert generated.figures["is_illustrative"].tolist() == [False, False, False, True, False]


def test_months_are_played_with_a_digit_a_ward(published: Publication) -> None:
    found = shown(published, Choice("fires", method="own", own=(25, 500), is_played=True))
    assert found.frames is not None
    assert found.frames["labels"] == [f"{month:02}/2023" for month in range(1, 13)]
    # Rates per year: 20 fires of 1,000 residents in 28 days are 261.
    # A month of fewer than 10 is in no class.
    assert found.frames["classes"][0] == "33344" and found.frames["classes"][1] == "11244"
    assert found.frames["counts"][1] == ["0", "2", "1", "0", "1"]
    assert found.frames["about"][1] == (
        "3/4 đơn vị (75\N{NO-BREAK SPACE}%) báo cáo đủ và có từ 10 vụ, lượt trở lên"
    )
    assert "Báo cáo chưa đủ, dưới 75 % số ngày, hoặc dưới 10 vụ, lượt trong tháng" in [
        entry.label for entry in found.classes
    ]
    # December, which is shown, had none: it looks as its frame does.
    assert found.frames["classes"][-1] == "".join(str(one) for one in found.numbers)
    assert "01/01/2023 đến 31/12/2023" in found.subline and "có số liệu" not in found.subline
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
    assert "Xã Thủy Tây" in facts and "60,04 vụ trên 1.000 dân và năm" in facts
    assert "Hạng 3/3 (1 là thấp nhất)" in facts and "Khoảng tin cậy 95 % (49,78–71,79)" in facts
    assert "Số liệu báo cáo phủ 100\N{NO-BREAK SPACE}% thời gian" in facts and "Bài báo về thí điểm" in facts
    none = str(panel(Query(published, YEAR, OLD), Choice("fires"), "00004", "vi"))
    assert "chưa có số liệu" in none and "Hạng" not in none


def test_names_of_the_data_are_escaped() -> None:
    ward: dict[Hashable, Any] = {
        "ward_kind": "phường",
        "ward_name": "<img src=x onerror=alert(1)>",
        "district_name": "<b>",
        "value": 1.0,
        "low": np.nan,
        "high": np.nan,
        "outside": 0,
        "is_reported": True,
        "is_few": False,
        "is_wide": False,
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
        lines=panel_words.ward_lines(WardFigure(ward), [measure], ["value"]),
        cited=(),
    )
    assert "<img" not in facts and "&lt;img src=x onerror=alert(1)&gt;" in facts


def test_whole_years_make_the_bounds() -> None:
    are_years, windows = yardstick(Period(day("2021-03-17"), day("2025-12-31")))
    assert are_years and [one.since.year for one in windows] == [2022, 2023, 2024, 2025]
    short = Period(day("2025-03-17"), day("2025-12-30"))
    assert yardstick(short) == (False, [short])


def test_what_goes_to_the_browser_is_small(published: Publication) -> None:
    found = shown(published, Choice("fires"))
    assert len(json.dumps([found.numbers, found.values, found.key])) < 1_000


def test_the_geopackage_holds_the_wards_of_the_table(published: Publication) -> None:
    found = shown(published, Choice("fires"), areas=("901",))
    layer = found.model.map_layer([entry.label for entry in found.classes])
    assert layer["ward_code"].tolist() == ["00001", "00002"] and layer["value"].tolist() == pytest.approx(
        [20.01, 26.68], abs=0.01
    )
    assert layer["population_year"].notna().all() and layer["events"].tolist() == [20, 40]
    assert layer.crs is not None and not layer.geometry.is_empty.any()


def test_every_figure_has_a_map_in_every_vintage(published: Publication) -> None:
    wards = all_wards(published)
    for vintage in (OLD, NEW):
        for code in choices.measures(published):
            found = shown(published, Choice(code), vintage=vintage, verified_only=False)
            assert len(found.numbers) == (wards["vintage"] == vintage).sum()
            assert found.headline and max(found.numbers) < len(found.classes)
