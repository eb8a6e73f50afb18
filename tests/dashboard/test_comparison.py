"""What is compared: units like one another, figures worked out by hand, words, classes and charts."""

import dataclasses
import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.query import layers as data
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.screens.compare import small_maps
from dashboard.screens.compare.charts import IndicatorRow, dot_plot, profile_plot
from dashboard.subjects.comparison import difference_words, funnel_words, measures, model, table_words, words
from dashboard.subjects.comparison.basis import basis, unit_titles
from dashboard.subjects.comparison.measures import ComparedMeasure, periods_beside
from dashboard.subjects.comparison.model import compare, compared_rows
from dashboard.subjects.comparison.unit_figures import (
    class_bounds,
    comparable_units,
    data_extent,
    map_measure,
    unit_figures,
)
from dashboard.subjects.comparison.units import (
    CITY,
    by_nearness,
    default_units,
    of_unit,
    remaining_units,
    units_of,
)
from dashboard.subjects.figures.choices import Measure
from dashboard.subjects.figures.legend_words import class_labels
from dashboard.ui.funnel import free_offset, funnel_plot
from dashboard.ui.html import html
from geodata.contract.layers import LAYERS, read_layer, write_layers
from geodata.indicators.comparison import period_a_year_before
from geodata.language import Bilingual, Language, message, render
from geodata.language.dates import read_day
from geodata.period import Period
from geodata.programme.symbols import LAND
from geodata.wards.units import area_basis
from tests.compared_city import FORMULA, SCRIPT, write_compared_city
from tests.small_city import NEW, OLD
from tests.wording import SAID

YEAR = Period(datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
LEAP = 366 / 365.25
"""Years that it has."""


@pytest.fixture(scope="module")
def published(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    path = tmp_path_factory.mktemp("compared") / "haiphong.gpkg"
    write_compared_city(small_gpkg, path)
    return Publication(path, 1, 1)


def asked(published: Publication, period: Period = YEAR, *, verified_only: bool = False) -> Query:
    return Query(published, period, OLD, verified_only=verified_only)


def measure(published: Publication, code: str, rate: str = "per_1000") -> ComparedMeasure:
    catalogue = data.indicator_index(published, verified_only=False).catalogue
    return measures.measure_of(code, rate, catalogue)


def figures(
    published: Publication, code: str, rate: str = "per_1000", *, verified_only: bool = False
) -> pd.DataFrame:
    wards = ("00001", "00002", "00003")
    return unit_figures(asked(published, verified_only=verified_only), measure(published, code, rate), wards)


def rows(
    published: Publication, codes: list[str], code: str, rate: str = "per_1000", **known: bool
) -> pd.DataFrame:
    titles = unit_titles(published, OLD, codes[0])
    return compared_rows([(YEAR, figures(published, code, rate, **known))], codes, titles)


def change_html(change: difference_words.Difference) -> str:
    return html("comparison_difference", "vi", one=change)


def test_units_are_districts_and_wards_each_once(published: Publication) -> None:
    units: Any = comparable_units(published, OLD)
    assert list(units.index) == ["901", "902", "903", "00001", "00002", "00003", "00004"]
    assert units.loc["901", ["name", "kind", "population"]].tolist() == ["Quận Đông", "quận", 2500.0]
    assert units.loc["00003", "name"] == "Xã Thủy Tây"


def test_units_of_like_kind_and_size_come_first() -> None:
    units = pd.DataFrame(
        [
            ("a", "district", "quận", 100.0, 10.0),
            ("huge", "district", "quận", 900.0, 90.0),
            ("near", "district", "quận", 110.0, 9.0),
            ("rural", "district", "huyện", 100.0, 10.0),
            ("unknown", "district", "quận", np.nan, 10.0),
            ("ward", "ward", "phường", 100.0, 10.0),
        ],
        columns=["code", "level", "kind", "population", "area_km2"],
    ).set_index("code")
    assert by_nearness(units, "a") == ["a", "near", "huge", "unknown", "rural", "ward"]


def test_the_usual_set_is_what_is_looked_at_or_the_districts_of_the_programme(
    published: Publication,
) -> None:
    units = comparable_units(published, OLD)
    wards = data.evidence(published, YEAR, verified_only=True).of_vintage(OLD)
    # Only Quận Đông has a pilot ward: the districts most like it stand beside it.
    assert default_units(units, wards, ()) == ["901", "902", "903"]
    assert default_units(units, wards, ("00003", "902")) == ["00003", "902"]
    assert default_units(units, wards, ("00001",)) == ["00001", "00004", "00002", "00003"]


def test_codes_of_wards_are_left_behind_with_their_vintage() -> None:
    there = ["901", "902", "00001"]
    assert remaining_units(there, ["901", "00001"], is_other_vintage=True) == ["901"]
    assert remaining_units(there, ["901", "00001", "x"], is_other_vintage=False) == [
        "901",
        "00001",
    ]


def test_rates_ranks_and_the_city_as_worked_out_by_hand(published: Publication) -> None:
    found: Any = rows(published, ["901", "902", "903"], "fires").set_index("unit_code")
    assert found["shown"].tolist()[:2] == pytest.approx([70 / 2.5 / LEAP, 100 / 2.8 / LEAP])
    assert np.isnan(found.loc["903", "shown"])
    assert found["rank"].tolist()[:2] == [1, 2]
    assert found.loc["901", "rank_count"] == 2
    # The city's figure is of all that reported, 170 fires among 5.300 residents, and no mean of districts.
    assert found["city"].tolist() == pytest.approx([170 / 5.3 / LEAP] * 3)
    assert found.loc["901", "city_difference"] == pytest.approx((28 - 170 / 5.3) / LEAP)
    # Byar's interval of 70 fires.
    assert found.loc["901", ["low", "high"]].tolist() == pytest.approx([21.782, 35.304], abs=0.001)
    assert found["is_illustrative"].tolist() == [False, True, False]


def test_verified_facts_leave_out_what_is_illustrative(published: Publication) -> None:
    found: Any = rows(published, ["901", "902"], "fires", verified_only=True).set_index("unit_code")
    assert found.loc["902", ["shown", "reporting_count", "ward_count"]].tolist() == [
        pytest.approx(40 / LEAP),
        1,
        2,
    ]
    # One of its two wards is half of its days: too little for a rank, and no part in the city's mean.
    assert not found.loc["902", "is_reported"] and np.isnan(found.loc["902", "rank"])
    assert not found["is_illustrative"].any()


def test_a_share_is_reckoned_from_its_parts(published: Publication) -> None:
    found: Any = rows(published, ["901", "902"], "satisfaction_pct", "value")
    assert found.loc[0, "shown"] == pytest.approx(100 * 125 / 150)
    assert np.isnan(found.loc[1, "shown"])
    # Where more is better the highest is first.
    assert rows(published, ["00002", "00001"], "satisfaction_pct", "value")["rank"].tolist() == [1, 2]


def test_coverage_compares_one_of_three_shares(published: Publication) -> None:
    by_wards = rows(published, ["901", "902", "00002"], "pilot_coverage", "wards_pct")
    # Nothing on record is no zero, and so few wards have no rank and nothing that is better.
    assert by_wards["shown"].tolist() == [50, pytest.approx(np.nan, nan_ok=True), 100]
    assert by_wards["rank"].isna().all()
    coverage = measure(published, "pilot_coverage", "wards_pct")
    assert difference_words.difference(19.9, coverage).is_better is None
    told = table_words.table(by_wards.to_dict("records"), [], coverage)
    assert "Hạng" not in [render(heading.text, "vi") for heading in told["headings"]]
    assert render(told["rows"][1][1][3], "vi") == "chưa ghi nhận"
    assert not {"rank", "rank_count"} & set(table_words.export_titles(coverage, by_wards.columns))
    assert by_wards["reached_count"].tolist() == [1, 0, 1]
    by_residents = rows(published, ["901", "902"], "pilot_coverage", "population_pct")
    assert by_residents["shown"].tolist() == pytest.approx([60, np.nan], nan_ok=True)
    assert list(measure(published, "pilot_coverage", "population_pct").parts) == ["wards_pct", "area_pct"]
    inspected = rows(published, ["901"], "inspection_coverage", "pilot_wards_pct")
    # It was inspected in 2023, not within the range.
    assert inspected["shown"].isna().all()


def test_where_wards_are_in_the_pilot_in_part_only_area_leads(published: Publication) -> None:
    catalogue = data.indicator_index(published, verified_only=False).catalogue
    until_now = Period(YEAR.since, datetime.date(2025, 12, 31))
    known = data.evidence(published, until_now, verified_only=True)
    assert measures.only_partly(known.of_vintage(NEW))
    assert not measures.only_partly(known.of_vintage(OLD))
    assert measures.rates_of("pilot_coverage", catalogue, is_only_partly=True)[0] == "area_pct"
    assert measures.rates_of("pilot_coverage", catalogue, is_only_partly=False)[0] == "wards_pct"
    assert measures.rates_of("fires", catalogue, is_only_partly=False) == ("per_1000", "per_km2")
    assert measures.rates_of("satisfaction_pct", catalogue, is_only_partly=False) == ()


@pytest.mark.parametrize(
    ("code", "rate", "vi", "en"),
    [
        ("fires", "per_1000", "số vụ cháy, nổ trên 1.000 dân và năm", "fires per 1,000 residents and year"),
        ("fire_safety_teams", "per_km2", "số tổ liên gia trên km²", "fire safety teams per km²"),
        ("satisfaction_pct", "value", "tỷ lệ hài lòng", "satisfied"),
        ("headquarters_ready_pct", "value", "tiến độ trụ sở", "headquarters"),
        (
            "pilot_coverage",
            "wards_pct",
            "tỷ lệ phường, xã từng được chọn thí điểm",
            "share of wards ever chosen for the pilot",
        ),
    ],
)
def test_names_stand_within_a_sentence(
    published: Publication, code: str, rate: str, vi: str, en: str
) -> None:
    told = words.within_sentence(measure(published, code, rate))
    assert render(told, "vi") == vi
    assert render(told, "en") == en


def headline(published: Publication, found: pd.DataFrame, code: str, rate: str, language: Language) -> Any:
    units = comparable_units(published, OLD).loc[found["unit_code"]]
    compared = measure(published, code, rate)
    told = words.of_units(
        model.standing(found, units, compared),
        compared,
        is_illustrative=bool(found["is_illustrative"].any()),
    )
    return render(told, language)


def test_the_headline_names_no_unit_that_chance_explains(published: Publication) -> None:
    found = rows(published, ["901", "902", "903"], "fires")
    assert (
        headline(published, found, "fires", "per_1000", "vi") == f"Minh họa: {SAID['compare: two districts']}"
    )
    assert headline(published, found, "fires", "per_1000", "en") == (
        "Illustrative: Fires per 1,000 residents and year: units differ no more than chance explains"
    )
    beyond = found.assign(outside=[2, -2, 0])
    assert headline(published, beyond, "fires", "per_1000", "vi").endswith(
        "chỉ quận Đông cao hơn, huyện Tây thấp hơn mức ngẫu nhiên"
    )
    near = found.assign(outside=[1, 0, 0])
    assert headline(published, near, "fires", "per_1000", "vi").endswith(
        "không đơn vị nào ngoài giới hạn 99,8 %; ngoài giới hạn 95 % có quận Đông"
    )
    # What reported too little lies no distance from the city.
    row = found.iloc[0].to_dict() | {"is_reported": False}
    cells = table_words.table([row], [], measure(published, "fires"))["rows"][0][1]
    assert render(cells[4].told, "vi") == "báo cáo chưa đủ" and cells[4].is_better is None
    # Verified, only one of them reported enough.
    alone = rows(published, ["901", "902"], "fires", verified_only=True)
    assert headline(published, alone, "fires", "per_1000", "vi") == SAID["compare: one district"]


def test_the_headline_says_what_is_illustrative_alone_or_missing(published: Publication) -> None:
    alone = rows(published, ["901", "902"], "satisfaction_pct", "value")
    assert headline(published, alone, "satisfaction_pct", "value", "vi") == (
        "Trong hai quận, huyện, chỉ Quận Đông có số liệu về tỷ lệ hài lòng: 83,3\N{NO-BREAK SPACE}%"
    )
    none = rows(published, ["902", "903"], "satisfaction_pct", "value")
    assert headline(published, none, "satisfaction_pct", "value", "vi") == (
        "Chưa có số liệu về tỷ lệ hài lòng của hai huyện này"
    )


def test_equal_figures_share_the_place(published: Publication) -> None:
    found = rows(published, ["902", "903"], "fire_safety_teams", "per_km2").assign(shown=1.0)
    assert headline(published, found, "fire_safety_teams", "per_km2", "vi") == (
        "Số tổ liên gia trên km² của cả hai huyện bằng nhau: 1 tổ/km²"
    )
    three = pd.concat([found, found[:1].assign(unit_code="901", title="Quận Đông", shown=0.5)])
    assert headline(published, three, "fire_safety_teams", "per_km2", "vi").startswith(
        "Huyện Tây và Huyện Hòn Vọng (903) cùng có số tổ liên gia trên km² cao nhất trong ba quận, huyện"
    )


def test_the_headline_of_a_coverage_ranks_nobody_and_tells_silence(published: Publication) -> None:
    found = rows(published, ["901", "902", "903"], "pilot_coverage", "wards_pct")
    assert headline(published, found, "pilot_coverage", "wards_pct", "vi") == (
        "Tỷ lệ phường, xã từng được chọn thí điểm: Quận Đông 50\N{NO-BREAK SPACE}%; 2 đơn vị chưa ghi nhận"
    )
    assert headline(published, found[:1], "pilot_coverage", "wards_pct", "en") == (
        "Share of wards ever chosen for the pilot: Quận Đông 50%"
    )
    compared = measure(published, "pilot_coverage", "wards_pct")
    known = {"is_year_before": False, "is_clear": True, "is_illustrative": False}
    assert render(words.of_periods((50.0, np.nan), "Quận Đông", compared, **known), "vi") == (
        "Quận Đông: tỷ lệ phường, xã từng được chọn thí điểm 50\N{NO-BREAK SPACE}%, "
        "kỳ đối chiếu chưa có thông tin"
    )


def test_two_periods_of_one_unit(published: Publication) -> None:
    before = period_a_year_before(YEAR)
    assert before == Period(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31))
    shown = compare(
        asked(published, verified_only=True), measure(published, "fires"), (YEAR, before), ("901",)
    )
    found = shown.rows
    assert [render(title, "vi") for title in found["title"]] == [
        "01/01/2024 – 31/12/2024",
        "01/01/2023 – 31/12/2023",
    ]
    assert found["shown"].tolist() == pytest.approx([28 / LEAP, 48 * 365.25 / 365])
    assert found["other_difference"].tolist()[0] == pytest.approx(28 / LEAP - 48 * 365.25 / 365)
    assert shown.is_year_before and shown.is_clear
    assert render(words.headline(shown), "vi") == SAID["compare: with a year before"]

    def told(pair: tuple[float, float], *, is_clear: bool) -> Any:
        said = words.of_periods(
            pair,
            "Quận Đông",
            measure(published, "fires"),
            is_year_before=False,
            is_clear=is_clear,
            is_illustrative=False,
        )
        return render(said, "vi")

    assert told((2.8, np.nan), is_clear=True) == (
        "Quận Đông: không có tháng nào cả hai kỳ đều có số liệu về số vụ cháy, nổ trên 1.000 dân và năm"
    )
    assert told((2.8, 3.0), is_clear=False).endswith("là 2,8, kỳ đối chiếu 3, chưa khác biệt rõ")


def test_periods_beside_each_other_neither_overlap_nor_lie_before_the_data(published: Publication) -> None:
    fires = measure(published, "fires")
    data_days = data_extent(asked(published), fires)
    assert data_days == Period(datetime.date(2022, 1, 1), datetime.date(2024, 12, 31))
    last = (YEAR, period_a_year_before(YEAR))

    def beside(since: str, until: str, *, is_of_page: bool) -> Any:
        period = Period(datetime.date.fromisoformat(since), datetime.date.fromisoformat(until))
        return periods_beside(period, data_days, fires, is_of_page=is_of_page)

    assert beside("2021-03-17", "2025-12-31", is_of_page=True) == last
    assert beside("2022-02-01", "2022-02-28", is_of_page=True) == last, "a year before there are no data"
    assert beside("2024-01-01", "2025-01-01", is_of_page=True) == last, "one day would be in both"
    march = Period(datetime.date(2024, 3, 1), datetime.date(2024, 3, 31))
    assert beside("2024-03-01", "2024-03-31", is_of_page=True) == (march, period_a_year_before(march))
    assert beside("2024-03-01", "2024-03-31", is_of_page=False) == last
    short = Period(datetime.date(2024, 1, 1), datetime.date(2025, 3, 31))
    assert periods_beside(short, short, fires, is_of_page=False) is None


def test_a_change_in_a_year_has_no_percentage_on_small_counts(published: Publication) -> None:
    fires = measure(published, "fires")
    found = rows(published, ["901", "902"], "fires").to_dict("records")
    # 70 after 120, in a year with one day more. Núi Đèo did not report the year before, so 80 after 110 of
    # half the wards: too little for a change.
    text = change_html(difference_words.year_change(found[0], fires, YEAR))
    assert "Giảm 50 vụ (41,8\N{NO-BREAK SPACE}%) (<b" in text
    assert "<small>trên cùng tháng của 2 phường, xã: 70 vụ so với 120 vụ</small>" in text
    text = change_html(difference_words.year_change(found[1], fires, YEAR))
    assert "một trong hai kỳ báo cáo chưa đủ" in text
    assert "trên cùng tháng của 1 phường, xã: 80 vụ so với 110 vụ" in text
    assert "Giảm" not in text and ">tốt<" not in text
    few = change_html(difference_words.change(-5, np.nan, fires, is_clear=False))
    assert "Giảm 5 vụ · chưa khác biệt rõ" in few and ">tốt<" not in few
    large = change_html(difference_words.change(6, 50, fires))
    assert "Tăng 6 vụ (50\N{NO-BREAK SPACE}%)" in large
    assert ">không tốt<" in large


def test_a_change_is_no_change_where_too_little_was_reported_and_carried_ones_are_rounded(
    published: Publication,
) -> None:
    fires = measure(published, "fires")
    found = rows(published, ["901"], "fires").to_dict("records")[0]
    text = change_html(difference_words.paired_change(found | {"is_comparable": False}, fires))
    assert "một trong hai kỳ báo cáo chưa đủ" in text
    assert "70 vụ so với 120 vụ" in text
    assert "Giảm" not in text and "41,8" not in text and "tốt" not in text
    carried = found | {"compared_is_apportioned": True, "difference": -49.7, "compared_value": 70.3}
    text = change_html(difference_words.paired_change(carried, fires))
    assert "Giảm ≈ 50 vụ" in text and "≈ 70 vụ so với ≈ 120 vụ" in text


def test_a_city_of_which_too_little_was_reported_has_no_change_though_its_wards_pair(
    published: Publication, tmp_path: Path
) -> None:
    fires = measure(published, "fires")
    whole = figures(published, "fires").set_index("unit_code").loc[CITY]
    assert whole["is_comparable"] and not np.isnan(whole["change_pct"])
    layers = {name: read_layer(published.path, name) for name in LAYERS}
    values = layers["indicator_value"]
    layers["indicator_value"] = values[values["ward_code"].isin(["00001", "00002"])]
    path = tmp_path / "haiphong.gpkg"
    write_layers(path, layers)
    half = figures(Publication(path, 1, 1), "fires").set_index("unit_code").loc[CITY].to_dict()
    assert half["is_reported"] and (half["days_pct"], half["previous_days_pct"]) == (50, 50)
    assert not half["is_comparable"] and np.isnan(half["change_pct"])
    text = change_html(difference_words.paired_change(half, fires))
    assert "một trong hai kỳ báo cáo chưa đủ" in text and "70 vụ so với 120 vụ" in text
    assert "%" not in text and "tốt" not in text


def test_a_range_longer_than_a_year_is_not_set_beside_the_year_before(published: Publication) -> None:
    fires, teams = measure(published, "fires"), measure(published, "fire_safety_teams")
    long = Period(datetime.date(2022, 1, 1), datetime.date(2024, 12, 31))
    assert fires.has_year_before(YEAR)
    assert not fires.has_year_before(long)
    assert teams.has_year_before(long)
    row = rows(published, ["901"], "fires").to_dict("records")[0]
    assert "không quá một năm" in change_html(difference_words.year_change(row, fires, long))


@pytest.mark.parametrize(
    ("code", "difference", "expected"),
    [
        ("fires", 0.5, "Cao hơn 0,5|>không tốt<"),
        ("fires", -0.5, "Thấp hơn 0,5|>tốt<"),
        ("satisfaction_pct", 2.25, "Cao hơn 2,2 điểm phần trăm|>tốt<"),
        ("satisfaction_pct", 0.0, "Bằng nhau"),
        ("satisfaction_pct", np.nan, "Chưa có thông tin"),
    ],
)
def test_better_and_worse_stand_in_words(
    published: Publication, code: str, difference: float, expected: str
) -> None:
    text = change_html(difference_words.difference(difference, measure(published, code, "per_1000")))
    for part in expected.split("|"):
        assert part in text


def test_what_is_neither_better_nor_worse_is_not_judged(published: Publication) -> None:
    neutral = ComparedMeasure("x", "value", message("Wards"), "lượt", "context", "count")
    text = change_html(difference_words.difference(1.0, neutral))
    assert "Cao hơn" in text
    assert "tốt" not in text


def test_what_is_not_0_never_shows_as_0(published: Publication) -> None:
    fires = measure(published, "fires")
    assert render(words.figure_words(0.0004, fires), "vi") == "< 0,001"
    assert render(words.figure_words(0.0, fires), "vi") == "0"
    assert render(words.figure_words(float("nan"), fires), "vi") == "chưa có thông tin"


def test_the_table_holds_the_figures_and_escapes_names(published: Publication) -> None:
    found = rows(published, ["901", "902", "903"], "fires")
    found.loc[0, "title"] = SCRIPT
    city_row = figures(published, "fires").iloc[0].to_dict()
    city = [{**city_row, "title": "Toàn thành phố", "period": YEAR, "is_first": True}]
    told = table_words.table(found.to_dict("records"), city, measure(published, "fires"))
    table = html("comparison_table", "vi", **told)
    assert "&lt;img src=x onerror=alert(1)&gt;" in table
    assert "<img" not in table
    for cell in (
        "<td>27,94 (21,78–35,30)</td>",
        "<td>70 vụ</td>",
        "<td>1/2</td>",
        "<td>trong giới hạn</td>",
        "2/2 phường, xã · phủ 100",
    ):
        assert cell in table
    assert "<td>chưa có thông tin</td>" in table


def test_all_maps_share_classes_missing_is_dotted_and_others_are_faded(published: Publication) -> None:
    fires, query = measure(published, "fires"), asked(published)
    between = class_bounds(query, fires)
    classes = small_maps.map_classes(between, class_labels(between, map_measure(query, fires)), "lower")
    assert len(classes) == len(between) + 4
    assert len({one.colour for one in classes[:-3]}) == len(between) + 1
    assert (classes[-3].pattern, render(classes[-3].label, "vi")) == (
        "hatch",
        "Báo cáo chưa đủ, dưới 75 % số ngày",
    )
    assert (classes[-2].pattern, render(classes[-2].label, "vi")) == ("dots", "chưa có số liệu")
    assert (classes[-1].faded, classes[-1].colour) == (True, LAND)
    wards = data.of_vintage(published, "ward", OLD)
    units = comparable_units(published, OLD)
    inside = of_unit(wards, "901", units)
    found = small_maps.ward_rows(figures(published, "fires"), wards)
    values = found["shown"]
    assert values.tolist()[:3] == pytest.approx([30 / LEAP, 40 / 1.5 / LEAP, 40 / LEAP])
    is_missing, is_reported = wards["ward_code"] == "00002", wards["ward_code"] != "00001"
    numbers = small_maps.class_numbers(values.mask(is_missing), is_reported, inside, between)
    assert numbers[:2] == [len(between) + 1, len(between) + 2]
    assert numbers[2:] == [len(between) + 3] * 3
    lines = [render(line, "vi") for line in small_maps.value_lines(found, inside, fires)]
    assert lines[0] == "29,94 (20,20–42,74) vụ trên 1.000 dân và năm"
    assert lines[2:] == ["", "", ""]


def test_the_legend_names_patterns_only_where_they_occur(published: Publication) -> None:
    labels = [Bilingual("thấp", "low"), Bilingual("cao", "high")]
    classes = small_maps.map_classes([1.0], labels, "lower")

    def legend(used: set[int]) -> str:
        entries = small_maps.legend_entries(classes, used)
        return html("comparison_legend", "vi", unit="vụ", entries=entries, ticks=[])

    without = legend({0})
    assert "thấp" in without
    assert "cao" in without
    assert "chưa có số liệu" not in without
    assert "chưa có số liệu" in legend({0, 3})
    assert "Báo cáo chưa đủ" in legend({0, 2})
    # Where nothing is known no colour stands for anything.
    assert "thấp" not in legend({3, 4})


def test_a_colour_means_the_same_whatever_the_range(published: Publication) -> None:
    fires = measure(published, "fires")
    short = Period(datetime.date(2024, 5, 1), datetime.date(2024, 5, 31))
    assert class_bounds(asked(published, short), fires) == class_bounds(asked(published), fires)


def test_a_dot_stands_at_each_figure_and_a_line_at_the_city(published: Publication) -> None:
    found = rows(published, ["901", "902", "903"], "fires")
    found.loc[0, "title"] = SCRIPT
    chart = dot_plot(found, measure(published, "fires"), "vi")
    city, dots = chart.data
    assert list(dots.x)[:2] == pytest.approx([28 / LEAP, 100 / 2.8 / LEAP])
    assert dots.x[0] - dots.error_x.arrayminus[0] == pytest.approx(21.782, abs=0.001)
    assert np.isnan(dots.x[2])
    assert city.x[0] == pytest.approx(170 / 5.3 / LEAP)
    assert "32,01 vụ trên 1.000 dân và năm" in city.name
    names = chart.layout.yaxis.ticktext
    assert names[0].startswith("&lt;img")
    assert "27,94 · hạng 1/2" in names[0]
    assert "chưa có thông tin" in names[2]


def test_a_coverage_shows_all_three_shares(published: Publication) -> None:
    found = rows(published, ["901", "902"], "pilot_coverage", "wards_pct")
    chart = dot_plot(found, measure(published, "pilot_coverage", "wards_pct"), "vi")
    assert [trace.name for trace in chart.data[1:]] == [
        "Tỷ lệ phường, xã từng được chọn thí điểm",
        "Tỷ lệ diện tích từng được chọn thí điểm",
        "Tỷ lệ dân số trên địa bàn từng được chọn thí điểm",
    ]
    assert len({trace.marker.symbol for trace in chart.data[1:]}) == 3


def test_all_indicators_stand_in_rows_of_their_own(published: Publication) -> None:
    shown = [
        IndicatorRow(measure(published, "fires"), figures(published, "fires")),
        IndicatorRow(
            measure(published, "satisfaction_pct", "value"), figures(published, "satisfaction_pct", "value")
        ),
    ]
    chart = profile_plot(shown, {"901": "Quận Đông", "902": FORMULA}, "vi")
    city, first, second = chart.data
    assert list(first.y) == [0, 1]
    assert list(second.y) == [0]
    # Of two districts one is the lowest of all and one the highest; 32,1 lies between 28 and 35,7.
    assert (first.x[0], second.x[0]) == (0, 1)
    assert city.x[0] == pytest.approx((170 / 5.3 - 28) / (100 / 2.8 - 28))
    assert "hạng 1/2" in first.customdata[0]
    assert second.name == f"B · {FORMULA}"


def test_exports_hold_what_the_page_says_and_what_it_rests_on(published: Publication) -> None:
    fires = measure(published, "fires")
    shown = compare(asked(published), fires, (YEAR,), ("901", "902"))
    frame, titles = table_words.exported(model.export_rows(shown), fires)
    assert frame["shown"].tolist()[:2] == pytest.approx([28 / LEAP, 100 / 2.8 / LEAP])
    assert render(titles["value"], "vi") == "Vụ cháy, nổ (vụ)"
    assert "other_difference" not in titles
    # The city stands on the page too, last.
    assert frame["unit_code"].tolist() == ["901", "902", CITY]
    assert frame["population"].tolist() == [2500, 2800, 5400]
    assert frame["population_year"].notna().all() and "population_year" in titles
    # No official area is known of the wards of that day.
    assert frame["outline_area_km2"].tolist() == pytest.approx([2, 2, 5]) and "area_km2" not in titles
    told = frame.loc[0]
    assert told["value"] / told["thousand_resident_years"] == pytest.approx(told["shown"])
    assert render(told["limits"], "vi") == "trong giới hạn"
    page = table_words.table(shown.rows.to_dict("records"), shown.city, fires)
    assert render(page["rows"][0][1][0], "vi") == "27,94 (21,78–35,30)"
    assert (told["low"], told["high"]) == (pytest.approx(21.782, abs=0.001), pytest.approx(35.304, abs=0.001))
    wards = model.export_map(basis(asked(published)), ["902", "00001"], figures(published, "fires"))
    assert wards["ward_code"].tolist() == ["00001", "00003", "00004"]
    assert wards["figure"].tolist() == pytest.approx([30 / LEAP, 40 / LEAP, 25 / LEAP])


def test_exports_give_no_change_that_the_page_does_not_and_round_what_was_carried(
    published: Publication,
) -> None:
    fires = measure(published, "fires")
    long = Period(datetime.date(2022, 1, 1), datetime.date(2024, 12, 31))
    beside = ["compared_value", "compared_previous_value", "difference", "change_pct"]
    told = model.export_rows(compare(asked(published, long), fires, (long,), ("901", "902")))
    assert told[beside].isna().all(axis=None)
    told = model.export_rows(compare(asked(published), fires, (YEAR,), ("901", "902")))
    assert told[beside[:3]].iloc[0].tolist() == [70, 120, -50]
    # Of the other district and of the city too little was reported a year before.
    assert told.loc[1, "compared_value"] == 80 and told["difference"].isna()[1]
    assert told.loc[2, ["rank", "rank_count", "is_reported"]].isna().all()
    shown = compare(asked(published), fires, (YEAR,), ("901", "902"))
    carried = shown.rows.assign(is_apportioned=True, compared_is_apportioned=[True, False])
    carried = carried.assign(value=[64.665509, 0.2], difference=[-49.7, -29.6])
    told = model.export_rows(dataclasses.replace(shown, rows=carried))
    by_code = told.set_index("unit_code")
    assert by_code.loc[["901", "902"], "value"].tolist() == [65, 0.2]
    assert by_code.loc["901", "difference"] == -50


def test_the_denominators_of_a_district_are_those_of_its_wards(published: Publication) -> None:
    wards = data.of_vintage(published, "ward", OLD)
    districts = data.of_vintage(published, "district", OLD).assign(population=1, area_km2=1.0)
    units: Any = units_of(wards, districts)
    assert units.loc["901", "population"] == 2500
    areas = wards.loc[wards["district_code"] == "901", area_basis(wards)]
    assert units.loc["901", "area_km2"] == pytest.approx(areas.sum())


def test_the_funnel_tells_who_lies_outside_and_how_it_was_made(published: Publication) -> None:
    shown = compare(asked(published), measure(published, "fires"), (YEAR,), ("00001", "00002"))
    of_level = model.funnel(shown)
    assert of_level is not None
    assert of_level.units["unit_code"].tolist() == ["00001", "00002", "00003", "00004", "903"]
    assert of_level.mean == pytest.approx(170 / 5.3 / LEAP)
    told = render(funnel_words.funnel_headline(of_level, shown), "vi")
    assert told == f"Minh họa: {SAID['compare: two districts']}"
    beyond = dataclasses.replace(of_level, units=of_level.units.assign(outside=[2, 0, 0, 0, 0]))
    assert "trong toàn bộ 4 đơn vị báo cáo đủ: chỉ " in render(
        funnel_words.funnel_headline(beyond, shown), "vi"
    )
    note = render(funnel_words.funnel_note(of_level), "vi")
    no_mean = dataclasses.replace(of_level, funnel=dataclasses.replace(of_level.funnel, mean=np.nan))
    without = render(funnel_words.funnel_note(no_mean), "vi")
    assert note.startswith(without) and "Giới hạn quanh" not in without
    assert note.startswith("Trong 5 đơn vị có 4 đơn vị báo cáo đủ") and "4 đơn vị được xếp hạng" in note
    assert "có 0 trong 4 đơn vị" in note and "khoảng 0" in note and "φ = 1" in note and "Byar" in note
    names = {"00001": SCRIPT, "00002": "Hòa Bình", "00003": "Thủy Tây", "00004": "Núi Đèo"}
    chart = funnel_plot(of_level, names, ["00001"], "vi")
    points = next(trace for trace in chart.data if trace.name.startswith("trong giới hạn"))
    assert points.name == "trong giới hạn (4)" and "<img" not in points.customdata[0]
    assert "29,94 vụ trên 1.000 dân và năm (20,20–42,74)" in points.customdata[0]
    assert "&lt;img" in chart.layout.annotations[0].text
    share = compare(
        asked(published), measure(published, "satisfaction_pct", "value"), (YEAR,), ("00001", "00002")
    )
    shares = model.funnel(share)
    assert shares is not None and shares.mean == pytest.approx(100 * 125 / 150)
    funnel_plot(shares, names, [], "vi")


def test_a_name_in_the_funnel_covers_neither_points_nor_other_names() -> None:
    alone = free_offset((300.0, 200.0), 80.0, [(300.0, 200.0)], [])
    assert alone == (30, -24)
    other = free_offset((300.0, 200.0), 80.0, [(300.0, 200.0), (330.0, 176.0)], [])
    assert other != alone
    third = free_offset((300.0, 200.0), 80.0, [(300.0, 200.0)], [(330.0, 176.0, 80.0)])
    assert third != alone
    assert free_offset((610.0, 200.0), 80.0, [], [])[0] < 0, "it would leave the plot"


def test_days_are_read_as_written_or_as_in_a_link() -> None:
    day = datetime.date(2024, 2, 29)
    assert read_day(" 29/02/2024") == read_day("2024-02-29") == day
    assert read_day("31/02/2024") is None
    assert read_day("<b>") is None


def test_the_city_has_its_own_row(published: Publication) -> None:
    assert figures(published, "fires").iloc[0]["unit_code"] == CITY


def test_a_bound_is_never_rounded_to_another() -> None:
    fires = Measure("fires", message("Fires"), "vụ", "lower", "count", adds_up=True)
    told = [render(one, "vi") for one in class_labels([0.0, 0.000312, 0.0948, 12.5], fires)]
    assert told[1:3] == ["trên 0 đến 0,000312", "trên 0,000312 đến 0,0948"]
    assert told[-1] == "trên 12,5"
