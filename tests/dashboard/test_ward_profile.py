"""The profile of a ward: its sentence, small charts, inspections, predecessors, successors and neighbours."""

import datetime
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.query import layers as data
from dashboard.query.publication import Publication, publication
from dashboard.query.query import Query
from dashboard.screens.ward import screen, tables
from dashboard.screens.ward import sparklines as ward_charts
from dashboard.subjects.ward import trend_words, words
from dashboard.subjects.ward import trends as ward_trends
from dashboard.subjects.ward.profile import locator_classes, ward_profile
from dashboard.ui.html import html as filled
from geodata.indicators.index import ward_index
from geodata.indicators.indicators import indicator_values
from geodata.language import Language, render
from geodata.period import Period
from geodata.programme.symbols import STAGE_COLOURS
from geodata.wards.descent import descent
from geodata.wards.neighbours import neighbours, touching
from geodata.wards.redrawing import redrawings
from tests.small_city import MID, NEW, OLD
from tests.ward_city import FORMULA, SCRIPT, write_ward_city
from tests.wording import SAID

ALL = Period(datetime.date(2021, 3, 17), datetime.date(2025, 12, 31))
YEAR = Period(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31))
LINK = (("facts", "all"), ("area", "902"))


@pytest.fixture(scope="module")
def published(inspected_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    path = tmp_path_factory.mktemp("ward") / "haiphong.gpkg"
    write_ward_city(inspected_gpkg, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PILOT_WARDS_GPKG", str(path))
        yield publication()


class Drawn:
    """The page of a ward as it is drawn."""

    def __init__(self, query: Query, code: str, language: Language) -> None:
        self.model = ward_profile(query, code)
        self.trends = ward_trends.ward_trends(query, code)
        self.headline: str = render(words.headline(self.model.ward, self.model.kin), language)
        self.html = screen.parts(query, code, LINK, language)
        self.language = language

    def __getattr__(self, name: str) -> str:
        return self.html[name]

    def table(self, table: tables.Table) -> tuple[pd.DataFrame, dict[str, str]]:
        rows, titles = table
        return rows.map(lambda value: render(value, self.language)), {
            name: render(title, self.language) for name, title in titles.items()
        }


def profile(
    published: Publication,
    key: tuple[str, str],
    period: Period = ALL,
    language: Language = "vi",
    *,
    verified_only: bool = True,
) -> Drawn:
    return Drawn(Query(published, period, key[0], (), verified_only), key[1], language)


def trends(
    published: Publication, key: tuple[str, str], period: Period, *, verified_only: bool = True
) -> dict[str, ward_trends.Trend]:
    found = profile(published, key, period, verified_only=verified_only).trends
    return {render(trend.name, "vi"): trend for trend in found.shown}


@pytest.mark.parametrize(
    ("key", "period", "verified_only", "vi", "en"),
    [
        (
            (OLD, "00003"),
            ALL,
            True,
            SAID["ward: a visit site"],
            SAID["ward: a visit site (en)"],
        ),
        (
            (OLD, "00002"),
            ALL,
            True,
            f"Phường {SCRIPT} được chọn thí điểm năm 2021–2023; được kiểm tra hai lần, "
            "gần nhất ngày 20/05/2024; sau đó chưa có thông tin; từ 01/07/2025 thuộc phường Đông",
            f"Phường {SCRIPT} was chosen for the pilot of 2021–2023; inspected two times, "
            "last on 20/05/2024; no information since; since 01/07/2025 in phường Đông",
        ),
        (
            (OLD, "00004"),
            YEAR,
            True,
            "Đến hết kỳ, thị trấn Núi Đèo chưa có thông tin trong chương trình; chưa ghi nhận lần kiểm tra "
            "nào trong kỳ; từ 01/07/2025 thuộc xã Núi Đèo",
            "Of thị trấn Núi Đèo nothing is on record in the programme up to the end of the period; "
            "no inspection on record in this period; since 01/07/2025 in xã Núi Đèo",
        ),
        (
            (OLD, "00002"),
            Period(datetime.date(2023, 1, 1), datetime.date(2024, 12, 31)),
            True,
            f"Phường {SCRIPT} được chọn thí điểm năm 2021–2023; được kiểm tra hai lần trong kỳ, gần nhất "
            "ngày 20/05/2024; sau đó đến hết kỳ chưa có thông tin; từ 01/07/2025 thuộc phường Đông",
            f"Phường {SCRIPT} was chosen for the pilot of 2021–2023; inspected two times in this period, "
            "last on 20/05/2024; no more information up to the end of the period; "
            "since 01/07/2025 in phường Đông",
        ),
        (
            (OLD, "00004"),
            ALL,
            False,
            "Minh họa: thị trấn Núi Đèo chưa có thông tin trong chương trình; được kiểm tra ngày 03/03/2023; "
            "từ 01/07/2025 thuộc xã Núi Đèo",
            "Illustrative: of thị trấn Núi Đèo nothing is known in the programme yet; inspected on "
            "03/03/2023; since 01/07/2025 in xã Núi Đèo",
        ),
        (
            (NEW, "00005"),
            ALL,
            True,
            "Phường Bắc chưa có thông tin trong chương trình; chưa ghi nhận lần kiểm tra nào",
            "Of phường Bắc nothing is known in the programme yet; no inspection on record",
        ),
    ],
)
def test_the_sentence_says_what_the_ward_is_and_became(
    published: Publication, key: tuple[str, str], period: Period, verified_only: bool, vi: str, en: str
) -> None:
    assert profile(published, key, period, verified_only=verified_only).headline == vi
    assert profile(published, key, period, "en", verified_only=verified_only).headline == en


def test_a_ward_made_of_others_tells_the_share_of_the_programme(published: Publication) -> None:
    # Đông has 2 km², of which Hoà Bình, the pilot ward, brought one.
    told = profile(published, (NEW, "00001")).headline
    assert told.startswith(
        "Theo chồng ghép ranh giới, 50\N{NO-BREAK SPACE}% diện tích của phường Đông nằm trong "
        "địa bàn thí điểm năm 2021–2023"
    )
    shown = profile(published, (NEW, "00001"))
    assert "chưa ghi nhận thông tin đã xác thực nào của riêng đơn vị" in shown.subline
    seen = replace(shown.model.ward, inspections=(), is_partly_inspected=True, inspected_area_pct=39.3)
    assert "thuộc địa bàn cũ của công an cấp xã được kiểm tra" in words.headline(seen, {}).render("vi")
    assert "các phường đó" not in shown.facts
    unknown = replace(shown.model.ward, shares={"pilot": (50.0, math.nan)})
    lines = render(words.programme_facts(unknown)[0].lines[0], "vi")
    assert "dân số" not in lines and "≈" not in lines


def test_a_ward_all_of_which_came_from_the_programme_is_not_in_it_itself(published: Publication) -> None:
    # Tây is three quarters of Thủy Tây, the visit site of 2022, and nothing else.
    told = profile(published, (NEW, "00002")).headline
    assert told.startswith(
        "Theo chồng ghép ranh giới, 100\N{NO-BREAK SPACE}% diện tích của xã Tây nằm trong "
        "địa bàn điểm tham quan năm 2022"
    )


def test_a_split_ward_names_both_successors_with_shares(published: Publication) -> None:
    # Thủy Tây (1 km², 2.000 residents) went 75 : 25; Tây is all of that, Núi Đèo 0,25 of 1,25 km² and
    # 500 of 500 + 800 residents.
    known = data.evidence(published, ALL, verified_only=True)
    rows = descent((OLD, "00003"), known)
    later = rows[rows["vintage"] == NEW].set_index("ward_code")
    assert later["moved_area_pct"].round(1).to_dict() == {"00002": 75.0, "00003": 25.0}
    assert later["area_pct"].round(1).to_dict() == {"00002": 100.0, "00003": 20.0}
    assert later["population_pct"].round(1).to_dict() == {"00002": 100.0, "00003": 38.5}
    assert not later["is_same"].any()
    assert rows.loc[rows["vintage"] == MID, "is_same"].all()


def test_a_joined_ward_names_its_predecessors_with_shares(published: Publication) -> None:
    # An Đông had 1.000 residents, Hoà Bình 1.500.
    known = data.evidence(published, ALL, verified_only=True)
    rows = descent((NEW, "00001"), known)
    earlier = rows[rows["vintage"] == OLD].set_index("ward_code")
    assert earlier["moved_area_pct"].round(1).to_dict() == {"00001": 100.0, "00002": 100.0}
    assert earlier["population_pct"].round(1).to_dict() == {"00001": 40.0, "00002": 60.0}


def test_links_lead_to_profiles_and_keep_the_rest_of_the_link(published: Publication) -> None:
    shown = profile(published, (OLD, "00003"))
    # Areas of this vintage may not be there in another one.
    assert f'href="?facts=all&amp;vintage={NEW}&amp;ward=00002"' in shown.descent
    assert f'href="?facts=all&amp;area=902&amp;vintage={OLD}&amp;ward=00004"' not in shown.neighbours
    linked = screen.profile_link((*LINK, ("vintage", OLD)), (OLD, "00004"))
    assert linked == f"?facts=all&area=902&vintage={OLD}&ward=00004"


def test_a_ward_without_kin_says_so(published: Publication) -> None:
    shown = profile(published, (NEW, "00005"))
    assert shown.descent.count("Chưa xác định được đơn vị tương ứng") == 2


def test_neighbours_touch_the_ward_in_the_order_of_the_alphabet(published: Publication) -> None:
    wards = data.of_vintage(published, "ward", NEW)
    assert neighbours((NEW, "00001"), wards) == ("00005", "00002")
    assert neighbours((NEW, "00005"), wards) == ("00001",)
    classes, numbers = locator_classes("00001", ("00005", "00002"), wards["ward_code"])
    assert dict(zip(wards["ward_code"], numbers, strict=True)) == {
        "00001": 0,
        "00002": 1,
        "00003": 2,
        "00005": 1,
    }
    assert [entry.outlined for entry in classes] == [True, False, False]
    # Of the colours of stages none: the ward need not be inspected.
    assert classes[0].colour not in STAGE_COLOURS.values()
    legend = filled("ward_locator_legend", "vi", classes=classes)
    assert legend.count("<i style=") == 3 and classes[0].colour in legend
    island = data.of_vintage(published, "ward", OLD)
    assert neighbours((OLD, "903"), island) == ()
    for vintage, outlines in ((NEW, wards), (OLD, island)):
        codes, pairs = outlines["ward_code"].to_numpy(), touching(outlines)
        for place, code in enumerate(codes):
            assert {*codes[pairs[1][pairs[0] == place]]} == {*neighbours((vintage, code), outlines)}


def test_months_stand_beside_those_of_the_year_before(published: Publication) -> None:
    fires = trends(published, (OLD, "00003"), YEAR)["Vụ cháy, nổ"]
    assert fires.values == tuple(2.0 * month for month in range(1, 13))
    assert fires.before[:2] == (1.0, 2.0)
    assert math.isnan(fires.before[2])
    assert fires.change_pct == pytest.approx(100)
    assert not fires.is_illustrative


def test_the_figure_of_the_range_is_its_own_and_the_last_month_is_named(published: Publication) -> None:
    shown = profile(published, (OLD, "00003"), YEAR)
    found = {render(trend.name, "vi"): trend for trend in shown.trends.shown}
    assert found["Vụ cháy, nổ"].total == ward_trends.Total(156.0, 100.0, None, False)
    assert found["Tổ liên gia"].total.as_of == datetime.date(2023, 6, 30)
    assert "<b>156</b>" in shown.html["trends"]
    assert " · <span>cùng kỳ" in shown.html["trends"]
    # Of Tổ liên gia June alone has a value, in a range that ends with December.
    told = trend_words.latest(found["Tổ liên gia"], shown.trends).render("vi")
    assert told.startswith("gần nhất có số liệu, tháng 06/2023: ")
    assert not trend_words.latest(found["Vụ cháy, nổ"], shown.trends).render("vi").startswith("gần nhất")
    assert "tháng 12/2023: 24" in shown.html["trends"]
    early = Period(datetime.date(2022, 1, 1), datetime.date(2022, 12, 31))
    block = profile(published, (OLD, "00003"), early).html["trends"]
    # March was not reported.
    assert "trong 91,5\u00a0% thời gian của kỳ" in block


def test_a_figure_of_a_small_part_of_the_range_is_flagged(published: Publication) -> None:
    fires = trends(published, (OLD, "00003"), YEAR)["Vụ cháy, nổ"]
    told = [
        render(trend_words.total_note(replace(fires, total=replace(fires.total, reported_pct=pct))), "vi")
        for pct in (13.2, 80.0)
    ]
    assert told[0].endswith(", báo cáo chưa đủ") and "chưa đủ" not in told[1]


def test_lines_break_where_the_ground_was_redrawn(published: Publication) -> None:
    layers = [data.layer(published, "crosswalk"), data.all_wards(published)]
    assert redrawings((OLD, "00003"), *layers) == (pd.Timestamp(NEW),)
    year = pd.date_range("2025-01-01", periods=12, freq="MS")
    spans = [(day, day + pd.offsets.MonthEnd(0)) for day in year]
    assert [
        at for at, is_broken in enumerate(ward_trends.breaks_of(spans, [pd.Timestamp(NEW)])) if is_broken
    ] == [6]
    # A year within which it was redrawn stands alone.
    years = [(pd.Timestamp(of, 1, 1), pd.Timestamp(of, 12, 31)) for of in (2024, 2025, 2026)]
    assert ward_trends.breaks_of(years, [pd.Timestamp(NEW)]) == (False, True, True)
    drawn = ward_charts.sparkline(
        [1, 2, 3, 4], [1] * 4, [False] * 4, from_zero=True, breaks=[False, False, True, False]
    )
    assert drawn.count('<path class="now"') == 2
    assert drawn.count('class="redrawn"') == 1


def test_figures_of_other_ground_are_not_compared(published: Publication) -> None:
    shown = profile(published, (OLD, "00003"), YEAR)
    fires = next(trend for trend in shown.trends.shown if render(trend.name, "vi") == "Vụ cháy, nổ")
    assert not fires.is_redrawn
    told = render(trend_words.compared(replace(fires, is_redrawn=True)), "vi")
    assert told.endswith("địa giới đã thay đổi, không so sánh trực tiếp được")
    assert "%" not in told


def test_the_line_below_the_headline_leads_with_the_newest_fact(published: Publication) -> None:
    assert (
        "thông tin mới nhất ngày 20/05/2024 · địa giới từ 01/02/2020"
        in profile(published, (OLD, "00002")).subline
    )
    silent = profile(published, (OLD, "00004")).subline
    assert "tính đến" not in silent and "31/12/2025" in silent


def test_the_line_below_an_illustrative_headline_names_the_newest_illustrative_fact(
    published: Publication,
) -> None:
    made = profile(published, (OLD, "00004"), verified_only=False).subline
    assert "chưa ghi nhận thông tin đã xác thực nào của riêng đơn vị đến ngày 31/12/2025" in made
    assert "thông tin minh họa mới nhất ngày 03/03/2023" in made


def test_small_counts_get_no_percentage(published: Publication) -> None:
    until_may = Period(datetime.date(2023, 1, 1), datetime.date(2023, 5, 31))
    fires = trends(published, (OLD, "00003"), until_may)["Vụ cháy, nổ"]
    assert (fires.values[fires.last], fires.before[fires.last]) == (10.0, 5.0)
    assert math.isnan(fires.change_pct)


def test_what_was_not_reported_is_a_gap_and_never_0(published: Publication) -> None:
    teams = trends(published, (OLD, "00003"), YEAR)["Tổ liên gia"]
    assert [at for at, value in enumerate(teams.values) if not math.isnan(value)] == [5]
    assert teams.last == 5
    early = Period(datetime.date(2022, 1, 1), datetime.date(2022, 12, 31))
    fires = trends(published, (OLD, "00003"), early)["Vụ cháy, nổ"]
    assert math.isnan(fires.values[2])
    assert 0.0 not in fires.values


def test_a_quarter_without_one_of_its_months_is_a_gap(published: Publication) -> None:
    fires = trends(published, (OLD, "00003"), ALL)["Vụ cháy, nổ"]
    spans = profile(published, (OLD, "00003")).trends.spans
    values = {
        f"{start:%Y}-{start.quarter}": value for (start, _), value in zip(spans, fires.values, strict=True)
    }
    assert math.isnan(values["2022-1"])
    assert values["2022-2"] == 4 + 5 + 6
    assert values["2023-1"] == 2 * (1 + 2 + 3)


def test_values_of_other_boundaries_are_marked_as_apportioned(published: Publication) -> None:
    fires = trends(published, (NEW, "00002"), YEAR)["Vụ cháy, nổ"]
    assert fires.values[-1] == pytest.approx(18)
    assert all(fires.apportioned)
    block = profile(published, (NEW, "00002"), YEAR).html["trends"]
    assert "Tháng 12/2023: ≈ 18" in block or "tháng 12/2023: ≈ 18" in block
    # The figure of the range comes first: three quarters of 2 · (1 + … + 12).
    assert "<b>≈ 117</b>" in block
    assert "ước tính từ địa giới khác theo dân cư" in block


def test_the_figures_of_a_ward_are_those_of_all_wards(published: Publication) -> None:
    index, _ = ward_index(
        data.layer(published, "indicator_value"),
        data.layer(published, "indicator"),
        data.all_wards(published),
        data.layer(published, "crosswalk"),
        (NEW, "00003"),
    )
    whole = data.indicator_index(published, verified_only=False)
    span = pd.Timestamp("2023-05-01"), pd.Timestamp("2023-05-31")
    one: Any
    all_: Any
    one, all_ = (
        indicator_values(one, "fires", *span, NEW).set_index("unit_code").loc["00003", "value"]
        for one in (index, whole)
    )
    # A quarter of Thủy Tây's 10, and all 3 of the old Núi Đèo.
    assert one == all_ == pytest.approx(5.5)


def test_illustrative_values_are_marked_and_left_out_of_the_verified(published: Publication) -> None:
    assert not trends(published, (OLD, "00004"), YEAR)
    shown = trends(published, (OLD, "00004"), YEAR, verified_only=False)
    assert shown["Vụ cháy, nổ"].is_illustrative
    assert "SỐ LIỆU MINH HỌA" in profile(published, (OLD, "00004"), YEAR, verified_only=False).subline


@pytest.mark.parametrize(
    ("since", "until", "months", "count"),
    [
        ((2023, 1, 1), (2023, 12, 31), 1, 12),
        ((2023, 1, 2), (2023, 12, 30), 1, 10),
        ((2023, 1, 2), (2023, 1, 31), 1, 0),
        ((2022, 2, 1), (2023, 12, 31), 3, 7),
        ((2021, 3, 17), (2025, 12, 31), 12, 4),
    ],
)
def test_steps_lie_whole_in_the_range(
    since: tuple[int, int, int], until: tuple[int, int, int], months: int, count: int
) -> None:
    period = Period(datetime.date(*since), datetime.date(*until))
    spans = ward_trends.spans_of(period, months)
    assert len(spans) == count
    for start, end in spans:
        assert start.day == 1 and end.is_month_end
        assert period.since <= start.date() and end.date() <= period.until


def test_without_values_the_charts_say_what_to_change(published: Publication) -> None:
    def told(period: Period, *, verified_only: bool) -> str:
        return profile(published, (OLD, "00001"), period, verified_only=verified_only).html["trends"]

    assert "số liệu minh họa" in told(YEAR, verified_only=True)
    assert "số liệu minh họa" not in told(YEAR, verified_only=False)
    days = Period(datetime.date(2023, 1, 2), datetime.date(2023, 1, 20))
    assert "không có trọn tháng nào" in told(days, verified_only=True)


def test_a_small_chart_breaks_its_line_where_values_are_missing() -> None:
    nan = float("nan")
    drawn = ward_charts.sparkline([1, 2, nan, 4, nan], [nan] * 5, [False] * 5, from_zero=True)
    assert drawn.count('class="missing"') == 2
    assert drawn.count('<path class="now"') == 1
    assert drawn.count('<circle class="now"') == 1
    assert "nan" not in drawn
    # 4, the most, stands at the top; 1 a quarter up from 0.
    assert 'class="last" cx="97.0" cy="4.0"' in drawn
    assert 'd="M4.0 25.0L35.0 18.0"' in drawn


def test_a_small_chart_of_one_value_or_none_is_drawn_too() -> None:
    nan = float("nan")
    assert 'class="last"' not in ward_charts.sparkline([nan], [nan], [False], from_zero=False)
    assert 'cy="18.0"' in ward_charts.sparkline([90.0], [nan], [False], from_zero=False)


def test_inspections_tell_criteria_and_recommendations_and_text_stays_text(published: Publication) -> None:
    table = profile(published, (OLD, "00003")).inspections
    assert ">2/3<" in table
    assert "bộ 3" in table
    assert "1 đã hoàn thành, 1 chưa thực hiện, 1 quá hạn" in table
    assert "Kiểm tra (1)" in table
    assert SCRIPT not in table
    assert "&lt;img src=x onerror=alert(1)&gt;" in table
    assert SCRIPT not in profile(published, (OLD, "00003")).neighbours


def test_an_empty_range_says_what_to_change(published: Publication) -> None:
    early = Period(datetime.date(2021, 3, 17), datetime.date(2021, 12, 31))
    told = profile(published, (OLD, "00003"), early).inspections
    assert "từ 17/03/2021 đến 31/12/2021" in told
    assert "số liệu minh họa" in told
    assert (
        "số liệu minh họa" not in profile(published, (OLD, "00003"), early, verified_only=False).inspections
    )


def test_facts_name_the_station_and_how_well_it_is_placed(published: Publication) -> None:
    shown = profile(published, (OLD, "00003"))
    facts, titles = shown.table(tables.facts_table(shown.model))
    station = facts.set_index("label").loc["Trụ sở công an"]
    assert "Thủy Tây" in station["text"]
    assert "điểm tham chiếu trong địa bàn" in station["text"]
    assert set(facts.columns) == set(titles)
    assert facts["text"].str.contains("<").sum() == 0


def test_exports_hold_all_inspections_and_every_month(published: Publication) -> None:
    shown = profile(published, (OLD, "00003"), YEAR)
    rows, titles = shown.table(tables.inspections_table(profile(published, (OLD, "00003")).model))
    assert list(rows["inspecting_body"]) == [FORMULA]
    assert titles["recommendations"] == "Kiến nghị"
    table, _ = shown.table(tables.trends_table(shown.trends))
    assert len(table) == 3 * 12
    december = table[
        (table["indicator"] == "Tỷ lệ hài lòng") & (table["since"] == pd.Timestamp("2023-12-01"))
    ]
    assert december[["value", "before"]].to_numpy().tolist() == [[90.0, 80.0]]


def test_sources_are_written_out_once(published: Publication) -> None:
    sources = profile(published, (OLD, "00003")).sources
    assert sources.count("Bài báo về thí điểm") == 1
    assert "Ranh giới phường, xã" in sources


def test_without_a_ward_those_of_the_programme_are_offered_within_the_areas(published: Publication) -> None:
    def offered(*areas: str) -> str:
        return screen.choice(Query(published, ALL, OLD, areas), LINK, "vi")

    every = offered()
    assert every.count("<li>") == 2
    assert SCRIPT not in every
    assert offered("902").count("<li>") == 1
    assert "Hãy chọn khu vực" in offered("903")
