"""The page that compares as Streamlit runs it, without a browser: its question, links, areas and vintages."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.settings import ROOT
from tests.compared_city import write_compared_city
from tests.pages.opened import boundaries, html
from tests.small_city import NEW, OLD
from tests.wording import SAID

DAYS = {"from": "2024-01-01", "to": "2024-12-31"}
OF_FIRES = SAID["compare: one district"]


@pytest.fixture(scope="module")
def compared_gpkg(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compared") / "haiphong.gpkg"
    write_compared_city(small_gpkg, path)
    return path


def app_on(gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    app.query_params["vintage"] = OLD
    app.switch_page(str(ROOT / "pages" / "compare.py"))
    return app


@pytest.fixture
def app(compared_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    return app_on(compared_gpkg, monkeypatch)


def chosen(app: AppTest) -> list[str]:
    return list(app.multiselect(key="page_units").value)


def test_the_districts_of_the_programme_are_compared_with_their_peers(app: AppTest) -> None:
    app.query_params.update(DAYS)
    app.run()
    assert not app.exception
    assert app.title[0].value == OF_FIRES
    assert chosen(app) == ["901", "902", "903"]
    assert "2/2 phường, xã" in html(app)
    assert not app.warning


def test_a_link_is_restored_and_follows_what_is_chosen(app: AppTest) -> None:
    app.query_params.update({**DAYS, "units": "902,901", "indicator": "satisfaction_pct", "lang": "en"})
    app.run()
    assert not app.exception
    assert app.title[0].value == "Satisfied: too few data to compare units"
    app.button_group(key="page_view").set_value("maps").run()
    assert app.title[0].value == "Of two districts only Quận Đông has a figure on record of satisfied: 83.3%"
    assert chosen(app) == ["902", "901"]
    app.selectbox(key="page_indicator").set_value("pilot_coverage").run()
    assert app.query_params["indicator"] == "pilot_coverage"
    assert app.query_params["units"] == "902,901"
    assert app.title[0].value.startswith("Share of wards ever chosen for the pilot: Quận Đông 50%")
    app.button_group(key="page_per").set_value("population_pct").run()
    assert app.query_params["per"] == "population_pct"
    assert "Share of residents where the pilot was ever chosen" in app.title[0].value


def test_a_wrong_link_says_so_and_falls_back(app: AppTest) -> None:
    app.query_params.update({**DAYS, "units": "901,<b>", "indicator": "x", "against": "y"})
    app.run()
    assert not app.exception
    assert len(app.warning) == 3
    assert app.title[0].value == OF_FIRES


def test_the_areas_of_the_frame_are_the_set(app: AppTest) -> None:
    app.query_params.update({**DAYS, "area": "00001,00003"})
    app.run()
    assert chosen(app) == ["00001", "00003"]
    assert app.title[0].value == SAID["compare: two districts"]
    app.session_state["choosing_areas"] = True
    app.run()
    app.multiselect(key="areas").set_value(["902"]).run()
    assert chosen(app) == ["902", "903", "901"]


def test_codes_of_wards_do_not_pass_into_another_vintage(app: AppTest) -> None:
    app.query_params.update({**DAYS, "units": "901,902,00003"})
    app.run()
    boundaries(app).set_value(NEW).run()
    assert not app.exception
    assert chosen(app) == ["901", "902"]
    assert "Quận Đông (cũ)" in html(app)


@pytest.mark.parametrize("units", [[], ["901"]])
def test_fewer_units_than_two_says_what_to_choose(app: AppTest, units: list[str]) -> None:
    app.query_params.update(DAYS)
    app.run()
    app.multiselect(key="page_units").set_value(units).run()
    assert not app.exception
    assert app.title[0].value == "Chọn từ hai đến sáu quận, huyện hoặc phường, xã để so sánh"
    assert not app.get("plotly_chart")
    app.button(key="compare_like").click().run()
    assert chosen(app) == [*units, "902" if units else "901"]


def test_one_district_in_two_periods(app: AppTest) -> None:
    app.query_params.update({**DAYS, "against": "year", "unit": "901"})
    app.run()
    assert not app.exception
    assert app.title[0].value == (SAID["compare: with a year before"])
    assert "Giảm 50 vụ (41,8" in html(app)
    app.button_group(key="page_against").set_value("days").run()
    assert app.title[0].value == (SAID["compare: with a year before"])
    app.text_input(key="page_since2").set_value("01/02/2023").run()
    app.text_input(key="page_until2").set_value("2023-03-31").run()
    assert app.query_params["since2"] == "01/02/2023"
    assert "không có tháng nào cả hai kỳ đều có số liệu" in app.title[0].value
    assert "hai kỳ dài ngắn khác nhau: 366 ngày và 59 ngày" in html(app)
    app.text_input(key="page_until2").set_value("01/01/2024").run()
    assert "Hai kỳ chồng lên nhau" in app.warning[0].value
    app.text_input(key="page_until2").set_value("31/02/2024").run()
    assert "“31/02/2024” không phải là ngày" in app.warning[0].value


def test_a_long_range_falls_back_to_the_last_whole_year(app: AppTest) -> None:
    app.query_params.update({"against": "year", "unit": "901"})
    app.run()
    assert not app.exception
    assert "năm trọn vẹn gần nhất" in app.info[0].value
    assert app.title[0].value == (SAID["compare: with a year before"])
    assert "01/01/2024" in html(app)


def test_illustrative_figures_are_told(app: AppTest) -> None:
    app.query_params.update({**DAYS, "facts": "all"})
    app.run()
    assert app.title[0].value == f"Minh họa: {SAID['compare: two districts']}"
    assert "SỐ LIỆU MINH HỌA" in html(app)


def test_all_figures_are_shown_on_demand(app: AppTest) -> None:
    app.query_params.update(DAYS)
    app.run()
    assert len(app.get("plotly_chart")) == 2
    app.toggle(key="page_all").set_value(True).run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 3
    assert app.query_params["all"] == "yes"


def test_without_indicator_values_coverage_is_compared(
    small_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_on(small_gpkg, monkeypatch)
    app.run()
    assert not app.exception
    assert app.title[0].value == (
        "Tỷ lệ phường, xã từng được chọn thí điểm: Quận Đông 50\N{NO-BREAK SPACE}%; 2 đơn vị chưa ghi nhận"
    )
    assert "Chưa có số liệu chỉ số nào" in html(app)
    assert "pilot-wards import" in html(app)
    app.selectbox(key="page_indicator").set_value("fires").run()
    assert not app.exception
    assert app.title[0].value == (SAID["compare: nothing of three districts"])
