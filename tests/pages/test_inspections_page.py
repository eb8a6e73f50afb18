"""The page of inspections as Streamlit runs it, without a browser: links, filters, views, and no data."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ui.markdown import plain
from geodata.settings import ROOT
from tests.pages.opened import html, opened
from tests.small_city import NEW, OLD
from tests.wording import SAID


@pytest.fixture
def app(judged_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(judged_gpkg))
    return AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)


def test_a_plain_link_shows_the_list_of_all_days(app: AppTest) -> None:
    opened(app, "inspections")
    assert app.title[0].value == SAID["inspections: three at two wards"]
    assert app.button_group(key="page_view").value == "list"
    assert html(app).count("<tr><th scope=row>") == 3
    assert not app.warning and dict(app.query_params) == {"vintage": OLD}
    assert "MINH HỌA" not in html(app)


def test_a_link_is_restored_and_filters_title_table_and_figures(app: AppTest) -> None:
    days = {"from": "2022-01-01", "to": "2022-12-31"}
    opened(app, "inspections", lang="en", order="ward", search="an dong", **days)
    assert app.title[0].value == "One inspection, on 10/06/2022"
    assert html(app).count("<tr><th scope=row>") == 1 and "<b>1 / 4</b>" in html(app)
    assert app.text_input(key="page_search").value == "an dong"
    assert app.query_params["order"] == "ward" and app.query_params["search"] == "an dong"
    assert not app.warning


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ("matrix", "chưa có thông tin ("),
        ("overdue", SAID["inspections: no limit"]),
        ("recommendations", "quá hạn 549 ngày"),
    ],
)
def test_each_view_stands_in_the_link(app: AppTest, view: str, told: str) -> None:
    opened(app, "inspections", view=view)
    assert told in html(app)
    assert app.query_params["view"] == view


def test_a_limit_needs_its_basis_and_both_stand_in_the_link(app: AppTest) -> None:
    until_2024 = {"from": "2021-03-17", "to": "2024-12-31"}
    opened(app, "inspections", view="overdue", limit="200", **until_2024)
    assert SAID["inspections: no limit"] in html(app) and "hp-late" not in html(app)
    app.text_input(key="page_basis").set_value("Kế hoạch 1").run()
    assert app.query_params["limit"] == "200" and app.query_params["basis"] == "Kế hoạch 1"
    assert "quá 25 ngày" in html(app) and "căn cứ: Kế hoạch 1" in html(app)
    opened(app, "inspections", view="overdue", limit="300", basis="<b>", **until_2024)
    assert "quá 635 ngày" in html(app) and "quá 25" not in html(app) and "&lt;b&gt;" in html(app)


def test_states_of_recommendations_are_chosen_and_stand_in_the_link(app: AppTest) -> None:
    opened(app, "inspections", view="recommendations", state="done")
    assert "Niêm yết thủ tục" in html(app) and "Lắp máy lấy số" not in html(app)
    assert app.query_params["state"] == "done"


def test_a_wrong_choice_in_a_link_is_told_and_the_usual_one_stands(app: AppTest) -> None:
    opened(app, "inspections", view="<b>none</b>")
    assert len(app.warning) == 1 and plain("<b>none</b>") in app.warning[0].value
    assert app.button_group(key="page_view").value == "list"


def test_illustrative_figures_and_areas_of_another_vintage(app: AppTest) -> None:
    opened(app, "inspections", facts="all", vintage=NEW, area="00001")
    assert app.title[0].value == SAID["inspections: three at two wards"]
    opened(app, "inspections", facts="all", vintage=NEW, area="00002")
    assert app.title[0].value.startswith("Minh họa: một lượt kiểm tra, ngày 09/09/2025")
    assert "SỐ LIỆU MINH HỌA" in html(app)


def test_an_empty_range_and_an_empty_search_say_what_to_change(app: AppTest) -> None:
    for view in ("list", "matrix"):
        opened(app, "inspections", view=view, **{"from": "2025-01-01", "to": "2025-12-31"})
        assert app.title[0].value == SAID["inspections: none in the range"]
        assert "lần gần nhất trước đó ngày 20/05/2024. Hãy chọn khoảng ngày khác" in html(app)
    opened(app, "inspections", view="recommendations", **{"from": "2025-01-01", "to": "2025-12-31"})
    assert "Hãy chọn khoảng ngày khác" in html(app)
    opened(app, "inspections", search="<i>x")
    assert "“&lt;i&gt;x”" in html(app)


def test_a_city_without_results_says_so(small_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(small_gpkg))
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    opened(app, "inspections", view="recommendations")
    assert "Chưa ghi nhận nội dung kiến nghị nào theo lựa chọn này." in html(app)
    opened(app, "inspections", view="matrix")
    assert "chưa có thông tin (3)" in html(app)
