"""The overview as Streamlit runs it, without a browser: on the small city, with links, and without data."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.period import Period
from geodata.settings import ROOT
from tests.pages.opened import boundaries, html
from tests.small_city import MID, NEW, OLD
from tests.wording import SAID


@pytest.fixture
def app(small_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(small_gpkg))
    return AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)


@pytest.fixture
def inspected_app(inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(inspected_gpkg))
    return AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)


def test_the_headline_speaks_vietnamese_by_default(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert app.title[0].value == SAID["overview: one pilot ward, inspected"]
    assert not app.warning


def test_the_switch_of_languages_changes_every_sentence(app: AppTest) -> None:
    app.run()
    app.button_group(key="language").set_value("en").run()
    assert app.title[0].value == SAID["overview: one pilot ward, inspected (en)"]
    assert app.query_params["lang"] == "en"
    assert app.selectbox[0].label == "Facts of a ward"


def test_the_switch_of_vintages_changes_the_figures_and_closes_the_ward(app: AppTest) -> None:
    app.query_params.update({"ward": "00003", "vintage": OLD})
    app.run()
    assert "Xã Thủy Tây" in html(app) and "địa giới từ 01/02/2020, 4 đơn vị" in html(app)
    boundaries(app).set_value(NEW).run()
    assert app.title[0].value == SAID["overview: one pilot ward, inspected"]
    assert "địa giới từ 01/07/2025, 4 đơn vị" in html(app)
    assert "vintage" not in app.query_params
    assert "ward" not in app.query_params
    assert "hp-facts" not in html(app)


def test_a_plain_page_shows_the_boundaries_of_the_last_day(app: AppTest) -> None:
    app.run()
    assert boundaries(app).value == NEW


def test_a_ward_in_a_link_stands_with_its_boundaries(app: AppTest) -> None:
    app.query_params["ward"] = "00003"
    app.run()
    assert "theo địa giới từ 01/07/2025" in app.warning[0].value
    assert dict(app.query_params) == {"ward": "00003", "vintage": NEW}
    app.run()
    assert not app.warning


def test_a_ward_is_chosen_from_the_list_in_the_order_of_the_alphabet(app: AppTest) -> None:
    app.query_params["vintage"] = OLD
    app.run()
    wards = app.selectbox[0]
    assert wards.options[:2] == ["Phường An Đông (00001)", "Phường Hòa Bình (00002)"]
    wards.select("00002").run()
    assert app.query_params["ward"] == "00002"
    assert "đạt 2/3 tiêu chí đã đánh giá" in html(app)


def test_a_link_is_restored(app: AppTest) -> None:
    app.query_params.update({"lang": "en", "vintage": NEW, "ward": "00002"})
    app.run()
    assert app.title[0].value == SAID["overview: one pilot ward, inspected (en)"]
    assert "Xã Tây" in html(app)
    assert not app.warning


def test_a_wrong_link_says_so_and_falls_back(app: AppTest) -> None:
    app.query_params.update({"lang": "<b>fr</b>", "vintage": "1999-01-01", "ward": "99999"})
    app.run()
    assert not app.exception
    assert len(app.warning) == 3
    assert app.title[0].value == SAID["overview: one pilot ward, inspected"]


def test_a_link_to_a_range_is_restored_and_filters_the_page(inspected_app: AppTest) -> None:
    app = inspected_app
    app.query_params.update({"from": "2024-01-01", "to": "2024-12-31"})
    app.run()
    assert not app.exception
    assert app.title[0].value == SAID["overview: one pilot ward, inspected in the range"]
    assert SAID["overview: no event in 2024"] in html(app)
    assert app.query_params["from"] == "2024-01-01"
    assert app.query_params["to"] == "2024-12-31"
    assert not app.warning


def test_the_boundaries_follow_the_days_until_others_are_chosen(inspected_app: AppTest) -> None:
    app = inspected_app
    app.query_params.update({"from": "2025-07-01", "to": "2025-12-31"})
    app.run()
    assert boundaries(app).value == NEW
    assert "vintage" not in app.query_params
    boundaries(app).set_value(OLD).run()
    assert app.query_params["vintage"] == OLD
    app.session_state["period"] = None
    app.run()
    assert boundaries(app).value == OLD
    assert app.query_params["vintage"] == OLD
    app.query_params.clear()
    app.query_params.update({"from": "2025-01-01", "to": "2025-06-30"})
    app.run()
    assert boundaries(app).value == MID


def test_what_is_chosen_beside_the_days_does_not_choose_the_boundaries_before(inspected_app: AppTest) -> None:
    app = inspected_app
    app.query_params.update({"from": "2025-07-01", "to": "2025-12-31"})
    app.run()
    before = boundaries(app)
    app.session_state["period"] = Period(date(2025, 1, 1), date(2025, 6, 30))
    app.run()
    # A browser that still stands at the boundaries before speaks of a widget that is no more.
    assert boundaries(app).id != before.id
    assert boundaries(app).value == MID
    app.button_group(key="language").set_value("en").run()
    assert boundaries(app).value == MID
    assert "vintage" not in app.query_params
    shown = boundaries(app)
    shown.set_value(NEW).run()
    assert app.query_params["vintage"] == NEW
    assert boundaries(app).id == shown.id


def test_the_switch_brings_illustrative_figures_and_their_badge(inspected_app: AppTest) -> None:
    app = inspected_app
    app.run()
    switch = app.toggle(key="verified_only")
    assert switch.value
    assert "SỐ LIỆU MINH HỌA" not in html(app)
    switch.set_value(False).run()
    assert app.query_params["facts"] == "all"
    assert "SỐ LIỆU MINH HỌA" in html(app)
    assert app.title[0].value.startswith("Minh họa: ")


def test_a_file_without_illustrative_figures_has_no_switch(app: AppTest) -> None:
    app.query_params["facts"] = "all"
    app.run()
    assert not app.toggle
    assert "minh họa" in app.warning[0].value
    assert "facts" not in app.query_params


def test_wrong_days_in_a_link_say_so_and_fall_back(inspected_app: AppTest) -> None:
    app = inspected_app
    app.query_params.update({"from": "<b>soon</b>", "facts": "some"})
    app.run()
    assert not app.exception
    assert len(app.warning) == 2
    assert app.title[0].value == SAID["overview: one pilot ward, inspected until 2024"]


def test_a_range_before_the_programme_says_so_and_shows_nothing_of_it(inspected_app: AppTest) -> None:
    app = inspected_app
    app.query_params.update({"from": "2019-01-01", "to": "2020-12-31"})
    app.run()
    assert not app.exception
    assert "ghi nhận từ ngày 17/03/2021" in app.warning[0].value
    assert app.title[0].value == "Đến ngày 31/12/2020 chưa ghi nhận phường nào được chọn thí điểm"
    assert "Chưa ghi nhận thông tin nào đến ngày 31/12/2020" in html(app)
    assert boundaries(app).value == OLD


def test_without_data_the_page_says_which_command_makes_it(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(tmp_path / "none.gpkg"))
    app.run()
    assert not app.exception
    assert app.error[0].value == "Không hiển thị được dữ liệu."
    assert "pilot-wards build" in app.text[0].value


def test_a_new_build_is_shown_without_a_restart(
    app: AppTest, small_gpkg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "haiphong.gpkg"
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(path))
    app.run()
    assert app.error
    path.write_bytes(small_gpkg.read_bytes())
    app.run()
    assert not app.error
    assert app.title[0].value == SAID["overview: one pilot ward, inspected"]
