"""Progress as Streamlit runs it, without a browser: its views, links, areas, and empty ranges."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.subjects.progress.model import VIEWS
from dashboard.ui.markdown import plain
from geodata.settings import ROOT
from tests.pages.opened import html
from tests.small_city import NEW, OLD
from tests.wording import SAID


@pytest.fixture
def app(inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(inspected_gpkg))
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    app.query_params["vintage"] = OLD
    app.switch_page("../pages/progress.py")
    return app


def test_the_page_opens_with_stages_against_the_target(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert app.title[0].value.startswith("Một phường từng được chọn thí điểm (năm 2021–2023)")
    assert "chỉ tiêu toàn quốc là" in app.title[0].value
    assert len(app.get("plotly_chart")) == 2
    assert "view" not in app.query_params


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("facts", ["verified", "all"])
def test_each_view_is_restored_from_its_link(app: AppTest, view: str, facts: str) -> None:
    app.query_params.update({"view": view, "facts": facts})
    app.run()
    assert not app.exception
    assert not app.warning
    assert app.button_group(key="page_view").value == view
    assert app.title[0].value


def test_a_view_is_chosen_and_stands_in_the_link(app: AppTest) -> None:
    app.query_params.update({"vintage": OLD})
    app.run()
    app.button_group(key="page_view").set_value("timeline").run()
    assert app.query_params["view"] == "timeline"
    assert app.title[0].value == (SAID["progress: what changed"])


def test_days_change_the_figures(app: AppTest) -> None:
    app.query_params.update({"view": "changes", "from": "2023-11-01", "to": "2023-11-30"})
    app.run()
    assert app.title[0].value == "Trong kỳ có 1 lần chuyển giai đoạn, 1 lượt kiểm tra"


def test_an_empty_range_explains_itself_and_a_wrong_link_falls_back(app: AppTest) -> None:
    app.query_params.update({"view": "changes", "from": "2024-06-01", "to": "2024-06-30"})
    app.run()
    assert "Hãy chọn khoảng thời gian dài hơn" in app.info[0].value
    app.query_params.update({"view": "<b>graph</b>"})
    app.run()
    assert not app.exception
    assert plain("<b>graph</b>") in app.warning[0].value
    assert app.button_group(key="page_view").value == "stages"


def test_illustrative_figures_bear_their_badge_and_english_is_whole(app: AppTest) -> None:
    app.query_params.update({"view": "criteria", "outside": "yes", "facts": "all", "lang": "en"})
    app.query_params.update({"to": "2023-12-31", "from": "2021-03-17"})
    app.run()
    assert app.title[0].value.startswith("Illustrative: at their latest inspection three wards met 6 of 8")
    assert html(app).count("ILLUSTRATIVE FIGURES") >= 2
    assert app.toggle(key="page_outside").value


def test_areas_and_boundaries_hold(app: AppTest) -> None:
    app.query_params.update({"area": "902", "vintage": OLD})
    app.run()
    assert app.title[0].value.startswith("Chưa ghi nhận giai đoạn của phường nào")
    app.query_params.clear()
    app.query_params.update({"vintage": NEW})
    app.run()
    assert app.title[0].value.startswith("Một phường từng được chọn thí điểm (năm 2021–2023)")
