"""The ward map as Streamlit runs it, without a browser: on the small city, by links, without figures."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.settings import ROOT
from tests.pages.opened import headline, html
from tests.small_city import NEW, OLD
from tests.wording import SAID


@pytest.fixture
def app(inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(inspected_gpkg))
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    app.query_params["vintage"] = OLD
    return app.switch_page("../pages/ward_map.py")


def test_a_plain_page_shows_the_programme(app: AppTest) -> None:
    app.run()
    assert not app.exception and not app.warning
    assert headline(app) == SAID["map: four units, until 2024"]
    assert "Chọn một phường, xã trên bản đồ" in html(app)


def test_a_figure_is_chosen_and_stands_in_the_link(app: AppTest) -> None:
    app.run()
    app.selectbox(key="page_figure").set_value("days_since").run()
    assert not app.exception
    # An Đông was inspected on 10/6/2022, which is 1.300 days before 31/12/2025.
    expected = SAID["map: days since the last inspection"]
    assert headline(app) == expected
    assert app.query_params["figure"] == "days_since"


def test_a_count_can_be_shown_per_residents_and_a_percentage_can_not(app: AppTest) -> None:
    app.query_params.update({"figure": "fires", "per": "per_km2"})
    app.run()
    assert app.button_group(key="page_per").value == "per_km2"
    app.button_group(key="page_per").set_value("value").run()
    assert not app.exception
    assert app.query_params["per"] == "value"
    app.selectbox(key="page_figure").set_value("satisfaction_pct").run()
    assert "page_per" not in {box.key for box in app.button_group}


def test_a_link_is_restored_with_its_days_area_and_ward(app: AppTest) -> None:
    link = {"from": "2024-01-01", "to": "2024-12-31", "area": "901", "ward": "00002", "vintage": OLD}
    own = {"figure": "days_since", "method": "own", "bounds": "0; 100; 200"}
    app.query_params.update({**link, **own})
    app.run()
    assert not app.exception and not app.warning
    assert "cao nhất ở" in headline(app)
    assert "Phường Hòa Bình" in html(app) and "Hạng 2/2" in html(app)
    assert dict(app.query_params) == {**link, **own}


def test_wrong_choices_in_a_link_say_so_and_fall_back(app: AppTest) -> None:
    app.query_params.update({"figure": "<b>", "play": "maybe"})
    app.run()
    assert not app.exception
    assert len(app.warning) == 2
    assert headline(app) == SAID["map: four units, until 2024"]


def test_bounds_that_are_none_say_how_to_write_them(app: AppTest) -> None:
    app.query_params.update({"figure": "days_since", "method": "own", "bounds": "much"})
    app.session_state["map_options"] = True
    app.run()
    assert not app.exception
    assert "hai đến sáu số tăng dần" in app.info[0].value


def test_a_second_figure_takes_the_place_of_the_division(app: AppTest) -> None:
    app.query_params.update({"figure": "days_since", "second": "inspections"})
    app.run()
    assert not app.exception
    assert "nhóm màu đậm nhất của cả hai chỉ số" in headline(app)
    assert "page_method" not in {box.key for box in app.selectbox}


def test_the_search_opens_the_facts_of_a_ward_in_the_link(app: AppTest) -> None:
    app.session_state["ward_search"] = True
    app.run()
    app.selectbox(key="ward_choice").set_value("00003").run()
    assert app.session_state["ward_search"] is False
    assert app.query_params["ward"] == "00003"
    assert "Xã Thủy Tây" in html(app)


def test_without_figures_the_page_says_so(app: AppTest) -> None:
    app.query_params.update({"figure": "fires", "ward": "00003"})
    app.run()
    assert not app.exception
    assert headline(app) == SAID["map: no fires on record"]
    assert "0/4 đơn vị có số liệu" in html(app)


def test_the_other_language_and_the_other_vintage(app: AppTest) -> None:
    app.query_params.update({"lang": "en", "vintage": NEW, "figure": "days_since", "facts": "all"})
    app.run()
    assert not app.exception
    # A part of it, Núi Đèo of before, was inspected on 3/3/2023: 1,034 days before 31/12/2025.
    assert headline(app) == (
        "Illustrative: Days since the last inspection on record: highest in xã Núi Đèo, at 1,034 days"
    )
