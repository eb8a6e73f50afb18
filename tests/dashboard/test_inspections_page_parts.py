"""What the page of inspections says and draws, worked out by hand on the small city."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.query.publication import Publication, publication
from dashboard.query.query import Query
from dashboard.screens.inspections.charts import chosen_months, month_chart
from dashboard.screens.inspections.exports import LIST_TITLES, criteria_export, standing_export
from dashboard.subjects.inspections import words
from dashboard.subjects.inspections.criteria import CriteriaMatrix, criteria_matrix, default_set
from dashboard.subjects.inspections.model import (
    InspectionFindings,
    by_month,
    inspection_findings,
    map_layer,
    matching,
    met_of_set,
    ordered,
    rounds_of,
    standing,
)
from dashboard.subjects.inspections.recommendations import by_owner, in_state, recommendations
from dashboard.ui.chart_style import styled
from dashboard.ui.html import html as filled
from dashboard.ui.tables import listed
from geodata.language import Language, render
from geodata.period import Period
from geodata.programme.overdue import LastInspections, Limit, last_inspections, limit_of
from tests.judged_city import FORMULA, MARKUP
from tests.small_city import NEW, OLD
from tests.wording import SAID

ALL = Period(datetime.date(2021, 3, 17), datetime.date(2025, 12, 31))
SPACE = "\N{NO-BREAK SPACE}"
LIMIT = Limit(365, "Kế hoạch 1")


@pytest.fixture
def published(judged_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> Publication:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(judged_gpkg))
    return publication()


def shown(
    published: Publication,
    *ends: str,
    vintage: str = OLD,
    areas: tuple[str, ...] = (),
    verified_only: bool = True,
) -> InspectionFindings:
    period = Period(*(datetime.date.fromisoformat(end) for end in ends)) if ends else ALL
    return inspection_findings(Query(published, period, vintage, areas, verified_only))


def headline(of: InspectionFindings, language: Language = "vi") -> str:
    return str(render(words.headline(of), language))


def cards(of: InspectionFindings) -> str:
    return filled("cards", "vi", groups=[words.cards(of, met_of_set(of, "v1"), "Bộ tiêu chí 1")])


def counts(of: InspectionFindings) -> list[str]:
    return [render(entry.count, "vi") for entry in words.map_classes(of)]


def as_html(
    template: str, of: InspectionFindings, rows: pd.DataFrame, source: str = "source", **more: Any
) -> str:
    table = listed(rows, of.query.layer("source"), source)
    language = more.pop("language", "vi")
    return filled(template, language, table=table, vintage=of.query.vintage, words=words, **more)


def table(of: InspectionFindings, rows: pd.DataFrame | None = None) -> str:
    rows = of.rows if rows is None else rows
    return as_html("inspections_list", of, rows, rounds=rounds_of(rows))


def standing_table(of: InspectionFindings, standing: LastInspections, limit: Limit | None) -> str:
    more = {"standing": standing, "limit": limit, "until": of.query.period.until}
    return as_html("inspections_overdue", of, standing.rows, "inspection_source", **more)


def matrix_table(of: InspectionFindings, matrix: CriteriaMatrix, language: Language) -> str:
    return as_html("inspections_criteria", of, matrix.rows, matrix=matrix, language=language)


def test_the_headline_counts_inspections_wards_and_the_last_day(published: Publication) -> None:
    assert headline(shown(published)) == SAID["inspections: three at two wards"]
    english = headline(shown(published), "en")
    assert english == "Three inspections of two wards, the last one on 20/05/2024"
    of = shown(published)
    wards = of.evidence.wards
    kinds = wards["ward_kind"].mask(wards["ward_code"].eq(of.rows["ward_code"].iloc[0]), "xã")
    mixed = replace(of, evidence=replace(of.evidence, wards=wards.assign(ward_kind=kinds)))
    assert headline(mixed) == "Ba lượt kiểm tra tại hai phường, xã, gần nhất 20/05/2024"
    year = shown(published, "2022-01-01", "2022-12-31")
    assert headline(year) == SAID["inspections: one on 10/06/2022"]
    every = shown(published, verified_only=False)
    assert headline(every) == "Minh họa: năm lượt kiểm tra tại bốn phường, xã, gần nhất 09/09/2025"
    empty = shown(published, "2025-01-01", "2025-12-31")
    assert headline(empty) == SAID["inspections: none in the range"]


def test_days_change_chart_map_figures_and_list_together(published: Publication) -> None:
    every, year = shown(published), shown(published, "2022-01-01", "2022-12-31")
    assert counts(every) == ["2", "0", "2"]
    assert counts(year) == ["1", "0", "3"]
    assert "<b>3</b>" in cards(every) and "<b>2 / 4</b>" in cards(every)
    assert "<b>1</b>" in cards(year) and "<b>1 / 4</b>" in cards(year)
    assert "Hòa Bình" in table(every) and "Hòa Bình" not in table(year)
    assert year.labels == ["00001"]
    # The chart shows all days; the range is marked in it.
    pd.testing.assert_frame_equal(every.months, year.months)


def test_criteria_met_are_those_of_a_set_at_the_last_inspection_by_it_of_each_ward(
    published: Publication,
) -> None:
    # Hoà Bình 1 of 1, the second criterion not being assessed; by which set An Đông met 1 of 2 nobody says.
    assert f"100{SPACE}%" in cards(shown(published)) and "(1/1)" in cards(shown(published))
    assert "tiêu chí đạt trên số đã đánh giá, Bộ tiêu chí 1" in cards(shown(published))
    assert met_of_set(shown(published), "v2").assessed == 0
    year = shown(published, "2023-01-01", "2023-12-31")
    assert f"66,7{SPACE}%" in cards(year)
    nothing = shown(published, "2025-01-01", "2025-12-31")
    assert "chưa có thông tin" in cards(nothing) and "0 %" not in cards(nothing)


def test_an_area_holds_the_inspections_of_its_wards_in_other_boundaries_too(
    published: Publication,
) -> None:
    old = shown(published, areas=("00001",))
    assert old.rows["inspection_id"].tolist() == ["imported-1"]
    assert counts(old) == ["1", "0", "0", ""]
    # An Đông and Hoà Bình were joined into Đông.
    new = shown(published, vintage=NEW, areas=("00001",))
    assert len(new.rows) == 3
    assert "địa giới từ 01/02/2020" in table(new)
    assert int(new.months["verified"].sum()) == 3 and int(old.months["verified"].sum()) == 1


def test_the_map_tells_counts_and_the_last_day(published: Publication) -> None:
    found = shown(published)
    assert found.class_numbers == [0, 0, 2, 2, 2]
    assert [render(text, "vi") for text in words.tooltips(found)[:3]] == [
        "10/06/2022",
        "2 lượt, gần nhất 20/05/2024",
        "",
    ]
    part = shown(published, "2023-01-01", "2023-12-31", vintage=NEW)
    assert [entry.pattern for entry in words.map_classes(part)] == ["", "", "dots"]
    assert part.class_numbers[0] == 1
    [former] = part.former
    assert (former.vintage, former.label) == (OLD, "Hòa Bình 2023") and part.labels == []
    assert [entry.pattern for entry in words.former_classes(part)] == ["hatch"]
    assert words.former_classes(found) == []
    legend = filled(
        "inspections_legend", "vi", classes=words.map_classes(part), former=words.former_classes(part)
    )
    assert "Gồm một phần địa bàn được kiểm tra (1)" in legend
    assert "Địa bàn được kiểm tra, theo địa giới khi đó (1)" in legend
    layer = map_layer(found.query.of_vintage("ward"), found.wards)
    assert layer["is_inspected"].tolist() == [True, True, False, False, False]


def test_months_hold_every_month_and_tell_illustrative_inspections_apart(published: Publication) -> None:
    months = shown(published, verified_only=False).months
    assert len(months) == 58 and str(months["month"].iloc[0].date()) == "2021-03-01"
    held: Any = months.set_index(months["month"].dt.strftime("%Y-%m"))[["verified", "illustrative"]]
    assert held.loc["2022-06"].tolist() == [1, 0] and held.loc["2023-03"].tolist() == [0, 1]
    assert held.sum().tolist() == [3, 2]
    chart = month_chart(months, ALL, "vi", is_all=True)
    assert [(bar.name, bar.marker.pattern.shape) for bar in chart.data] == [
        ("Đã xác thực (3)", None),
        ("Minh họa (2)", "/"),
    ]
    assert not chart.layout.shapes


def test_the_chosen_range_is_marked_and_an_empty_chart_has_a_scale(published: Publication) -> None:
    filters: Any = [("Area", "x" * 40), ("Facts", "y" * 40)]
    months = shown(published).months
    year = Period(datetime.date(2022, 1, 1), datetime.date(2022, 12, 31))
    chart = styled(month_chart(months, year, "en", is_all=False), filters, "en", 250)
    assert [(shape.x0, shape.x1) for shape in chart.layout.shapes] == [("2022-01-01", "2023-01-01")]
    assert [bar.name for bar in chart.data] == ["Verified (3)"]
    assert chart.layout.title.text.count("<br>") == 1
    none = by_month(shown(published).rows[:0], ALL)
    assert none[["verified", "illustrative"]].sum().sum() == 0
    assert month_chart(none, ALL, "vi", is_all=True).layout.yaxis.range == (0, 1)


@pytest.mark.parametrize(
    ("selection", "ends"),
    [
        ({"box": [{"x": ["2022-05-20 10:00", "2022-07-05"]}]}, ("2022-06-01", "2022-06-30")),
        ({"box": [{"x": ["2022-07-05", "2022-05-01"]}]}, ("2022-05-01", "2022-06-30")),
        ({"box": [{"x": ["2022-05-20", "2022-05-25"]}]}, ("2022-05-01", "2022-05-31")),
        ({"box": [{"x": ["2019-01-01", "2021-04-20"]}]}, ("2021-03-17", "2021-04-30")),
        ({"box": [{"x": ["2025-11-10", "2027-02-01"]}]}, ("2025-11-01", "2025-12-31")),
        ({"points": [{"x": "2024-02-01"}]}, ("2024-02-01", "2024-02-29")),
    ],
)
def test_dragging_over_months_chooses_whole_months_within_the_data(
    selection: dict[str, Any], ends: tuple[str, str]
) -> None:
    found = chosen_months({"selection": selection}, ALL)
    assert found == Period(*(datetime.date.fromisoformat(end) for end in ends))


@pytest.mark.parametrize(
    "selected",
    [
        None,
        {},
        {"selection": {"box": [], "points": []}},
        {"selection": {"box": [{"x": ["2019-01-01", "2019-02-01"]}]}},
    ],
)
def test_a_selection_of_nothing_chooses_nothing(selected: Any) -> None:
    assert chosen_months(selected, ALL) is None


def test_the_search_needs_no_diacritics_and_looks_in_ward_body_and_verdict(
    published: Publication,
) -> None:
    rows = shown(published, verified_only=False).rows
    assert set(matching(rows, "hoa binh")["ward_code"]) == {"00002"}
    assert len(matching(rows, "HOÀ BÌNH")) == len(matching(rows, "Hòa Bình")) == 2
    assert matching(rows, "bo cong an")["inspection_id"].tolist() == ["2023-11-23-00002"]
    assert matching(rows, "đạt yêu cầu")["inspection_id"].tolist() == ["2023-11-23-00002"]
    assert len(matching(rows, "  ")) == 5
    assert matching(rows, "(.*").empty is False
    assert matching(rows, "không có").empty


def test_orders_of_the_list(published: Publication) -> None:
    rows = shown(published, verified_only=False).rows
    days = ordered(rows, "date")["inspection_date"]
    assert days.is_monotonic_decreasing
    assert ordered(rows, "ward")["ward_name"].tolist() == [
        "An Đông",
        "Hòa Bình",
        "Hòa Bình",
        "Núi Đèo",
        "Tây",
    ]
    assert ordered(rows, "criteria")["inspection_id"].tolist() == [
        "imported-1",  # 1 of 2
        "illustrative-2",  # 2 of 3
        "2023-11-23-00002",  # 2 of 3
        "imported-2",  # 1 of 1
        "illustrative-1",  # 3 of 3
    ]


def the_matrix(found: InspectionFindings) -> CriteriaMatrix:
    return criteria_matrix(found.rows, found.query, "v1")


def test_the_matrix_shows_the_latest_results_of_each_ward_and_what_is_missing(
    published: Publication,
) -> None:
    found = shown(published, verified_only=False)
    matrix = the_matrix(found)
    wide = matrix.rows
    assert wide["inspection_id"].tolist() == ["illustrative-2", "imported-2", "illustrative-1", "imported-1"]
    cells = wide[["01", "02", "03"]].astype("object").where(wide[["01", "02", "03"]].notna(), None)
    assert cells.to_numpy().tolist() == [
        [None, None, None],
        ["met", "not_assessed", None],
        ["met", "met", "met"],
        [None, None, None],
    ]
    html = matrix_table(found, matrix, "vi")
    assert "<td class=m>✓<td class=n>–<td class=u>·" in html
    assert html.count("<td class=u>·") == 7
    assert "Tiêu chí 1 (tên mặc định, chưa công bố tên chính thức)" in html and ">1*<" in html
    legend = filled("inspections_criteria_legend", "vi", matrix=matrix, words=words)
    for entry in ("đạt (4)", "chưa đạt (0)", "chưa đánh giá (1)", "chưa có thông tin (7)", "* tên mặc định"):
        assert entry in legend


def test_a_range_before_the_latest_results_shows_those_of_the_range(published: Publication) -> None:
    found = shown(published, "2023-01-01", "2023-12-31")
    matrix = the_matrix(found)
    wide = matrix.rows
    assert wide[["01", "02", "03"]].to_numpy().tolist() == [["met", "met", "not_met"]]
    html = matrix_table(found, matrix, "en")
    assert "<td class=s>2/3<td class=m>✓<td class=m>✓<td class=f>✗" in html
    told, titles = criteria_export(matrix)
    assert [render(told[code].iloc[0], "vi") for code in ("01", "03")] == ["đạt", "chưa đạt"]
    assert render(titles["03"], "vi").startswith("Tiêu chí 3")


def test_the_set_of_the_latest_results_is_shown_first(published: Publication) -> None:
    rows = shown(published).rows
    results = pd.DataFrame({"inspection_id": ["imported-2"]})
    sets = pd.DataFrame({"criteria_set": ["v0", "v1"]})
    assert default_set(rows, results, sets) == "v1"
    assert default_set(rows, results[:0], sets) == "v0"


def test_without_a_limit_and_its_basis_nothing_is_overdue(published: Publication) -> None:
    found = shown(published)
    told = last_inspections(found.wards, found.evidence, None)
    assert told.late.empty and told.in_time_count == 0
    assert told.rows["ward_code"].tolist() == ["00002", "00001"]
    html = standing_table(found, told, None)
    assert "quá hạn</th>" not in html and "hp-late" not in html and "Chưa đặt thời hạn" in html
    assert "20/05/2024; sau đó chưa ghi nhận lần nào đến 31/12/2025" in html
    assert limit_of(365, "  ") is None and limit_of(None, "Kế hoạch 1") is None
    assert limit_of(365, " Kế hoạch 1 ") == LIMIT
    rows, titles = standing_export(told, None)
    assert "over" not in titles and len(rows) == 2


def test_overdue_units_by_a_limit_that_the_reader_sets_with_its_basis(published: Publication) -> None:
    found = shown(published, "2021-03-17", "2024-12-31")
    # From 20/5/2024 to 31/12/2024 are 225 days, from 10/6/2022 are 935; An Đông and Hòa Bình were units then.
    told = last_inspections(found.wards, found.evidence, LIMIT)
    assert told.rows[["ward_code", "group", "days", "is_late"]].to_numpy().tolist() == [
        ["00002", 0, 225, False],
        ["00001", 2, 935, True],
    ]
    # Nobody says that Thủy Tây and Núi Đèo were not inspected.
    assert (len(told.late), told.in_time_count, told.unknown_count) == (1, 1, 2)
    html = standing_table(found, told, LIMIT)
    assert "quá 570 ngày theo ghi nhận" in html and "trong hạn" in html and "căn cứ: Kế hoạch 1" in html
    assert html.count("<summary>") == 2
    rows, titles = standing_export(told, LIMIT)
    assert rows["over"].tolist() == [pd.NA, 570] and set(rows["basis"]) == {"Kế hoạch 1"}
    assert render(titles["over"], "vi") == "Số ngày quá hạn 365 ngày"


def test_a_unit_that_a_redrawing_ended_is_not_overdue_after_it(published: Publication) -> None:
    found = shown(published)
    told = last_inspections(found.wards, found.evidence, LIMIT)
    # Of the units of 2020 none is one of 31/12/2025 by name and ground.
    assert told.late.empty and not told.rows["exists"].any() and told.unknown_count == 0
    assert "không phải đơn vị hành chính vào 31/12/2025" in standing_table(found, told, LIMIT)


def test_a_pilot_ward_without_an_inspection_on_record_is_not_late(published: Publication) -> None:
    found = shown(published, "2021-03-17", "2022-01-31")
    told = last_inspections(found.wards, found.evidence, LIMIT)
    assert told.rows["ward_code"].tolist() == ["00002"] and told.rows["days"].isna().all()
    html = standing_table(found, told, LIMIT)
    assert "chưa ghi nhận lần kiểm tra nào đến 31/01/2022" in html and "hp-late" not in html


def test_a_ward_made_of_inspected_ones_counts_from_their_last_inspection_and_says_that_it_is_a_part(
    published: Publication,
) -> None:
    found = shown(published, vintage=NEW)
    told = last_inspections(found.wards, found.evidence, LIMIT)
    first = told.late.iloc[0]
    assert "ngày theo ghi nhận (một phần)" in standing_table(found, told, LIMIT)
    districts = {render(name, "vi") for name in standing(found.query, LIMIT).rows["district_name"]}
    assert districts and all(name.endswith(" (cũ)") for name in districts), districts
    assert (first["ward_code"], first["group"], first["days"]) == ("00001", 1, 590)
    assert first["inspection_source"].startswith("batch-") and first["is_last_partly"]
    html = standing_table(found, told, LIMIT)
    assert "gồm một phần địa bàn thí điểm cũ" in html and "(một phần)" in html


def test_what_was_said_of_a_round_is_no_verdict_on_a_ward(published: Publication) -> None:
    found = shown(published)
    said = "Thành phố triển khai đúng tiến độ"
    assert [one["round_verdict"] for one in rounds_of(found.rows)] == [said]
    html = table(found)
    assert html.count(said) == 1 and "nhận xét chung về công tác của thành phố" in html
    of_ward = found.rows[found.rows["round_id"].notna()]
    assert of_ward["verdict"].tolist() == ["Đạt yêu cầu"] and "round_verdict" in LIST_TITLES


def test_recommendations_with_what_is_overdue_first(published: Publication) -> None:
    found = shown(published)
    rows = recommendations(found.query)
    assert rows["recommendation_id"].tolist() == ["r1", "r2", "r4", "r3"]
    # From 30/6/2024 to 31/12/2025.
    assert rows["days_late"].tolist()[:1] == [549] and rows["days_late"].isna().tolist() == [
        False,
        True,
        True,
        True,
    ]
    html = as_html("inspections_recommendations", found, rows)
    assert "quá hạn 549 ngày" in html and html.count("quá hạn") == 1
    assert "chưa rõ đơn vị thực hiện" in html and "Chưa rõ tình trạng" in html
    assert in_state(rows, "overdue")["recommendation_id"].tolist() == ["r1"]
    assert in_state(rows, "done")["recommendation_id"].tolist() == ["r3"]
    assert len(in_state(rows, "all")) == 4
    owners = filled("inspections_owners", "vi", owners=by_owner(rows), words=words)
    assert owners.count("<tr><th scope=row>") == 3
    assert "<th scope=row>Công an thành phố<td>0<td>1<td>1<td>0" in owners


def test_recommendations_follow_the_range_and_the_search(published: Publication) -> None:
    assert recommendations(shown(published, "2022-01-01", "2022-12-31").query)[
        "recommendation_id"
    ].tolist() == ["r4"]
    every = recommendations(shown(published, verified_only=False).query)
    assert set(every["recommendation_id"]) == {"r1", "r2", "r3", "r4", "r5"}
    assert matching(every, "nui deo")["recommendation_id"].tolist() == ["r5"]


def test_an_empty_table_says_why_and_what_to_change(published: Publication) -> None:
    empty = shown(published, "2025-01-01", "2025-12-31")
    told = render(words.why_empty(empty, ""), "vi")
    assert "từ 01/01/2025 đến 31/12/2025; lần gần nhất trước đó ngày 20/05/2024" in told
    assert "Hãy chọn khoảng ngày khác" in told
    assert "“&lt;b&gt;”" in filled("nothing", "vi", text=words.why_empty(empty, " <b> "))


def test_illustrative_rows_bear_the_badge_and_verified_ones_do_not(published: Publication) -> None:
    assert "MINH HỌA" not in table(shown(published)) + cards(shown(published))
    every = shown(published, verified_only=False)
    assert table(every).count("SỐ LIỆU MINH HỌA") == 2
    assert "SỐ LIỆU MINH HỌA" in cards(every) and every.is_illustrative
    told = last_inspections(every.wards, every.evidence, None)
    assert standing_table(every, told, None).count("SỐ LIỆU MINH HỌA") == 2


def test_a_long_list_is_cut_and_counted(published: Publication) -> None:
    found = shown(published)
    many = pd.concat([found.rows] * 10, ignore_index=True)
    html = table(found, many)
    assert html.count("<tr><th scope=row>") == 20
    assert "và 10 dòng khác; xem đầy đủ trong tệp tải về" in html


def test_text_of_the_data_stays_text(published: Publication) -> None:
    found = shown(published)
    rows = recommendations(found.query)
    html = (
        table(found)
        + as_html("inspections_recommendations", found, rows)
        + filled("inspections_owners", "vi", owners=by_owner(rows), words=words)
    )
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert MARKUP in set(found.rows["inspecting_body"]) and "inspecting_body" in LIST_TITLES
    assert FORMULA in set(rows["owner_unit"])
