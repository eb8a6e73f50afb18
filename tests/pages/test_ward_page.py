"""The page of a ward as Streamlit runs it, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.settings import ROOT
from tests.pages.opened import boundaries, html
from tests.small_city import NEW, OLD
from tests.ward_city import SCRIPT, write_ward_city
from tests.wording import SAID


@pytest.fixture(scope="module")
def ward_gpkg(inspected_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ward") / "haiphong.gpkg"
    write_ward_city(inspected_gpkg, path)
    return path


@pytest.fixture
def app(ward_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(ward_gpkg))
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    app.query_params["vintage"] = OLD
    app.switch_page("../pages/ward.py")
    return app


def test_without_a_ward_the_page_explains_itself_and_offers_those_of_the_programme(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert app.title[0].value == "Chọn một phường, xã để xem hồ sơ"
    assert f"vintage={OLD}&amp;ward=00003" in html(app)
    app.query_params.update({"vintage": OLD})
    app.run()
    app.selectbox(key="ward_choice").select("00003").run()
    assert app.query_params["ward"] == "00003"
    assert app.title[0].value.startswith("Xã Thủy Tây là điểm tham quan năm 2022")


def test_a_link_is_restored_with_both_successors(app: AppTest) -> None:
    app.query_params.update(
        {"ward": "00003", "vintage": OLD, "lang": "en", "from": "2023-01-01", "to": "2023-12-31"}
    )
    app.run()
    assert not app.exception
    assert not app.warning
    assert app.title[0].value == (SAID["ward: a visit site (en)"])
    told = html(app)
    assert "Indicators by month, 01/2023 to 12/2023" in told
    assert "75%" in told and "25%" in told
    assert f"from=2023-01-01&amp;to=2023-12-31&amp;vintage={NEW}&amp;ward=00002" in told
    assert SCRIPT not in told


def test_days_change_sentence_charts_and_inspections_together(app: AppTest) -> None:
    app.query_params.update({"ward": "00003", "from": "2022-01-01", "to": "2022-12-31"})
    app.run()
    assert SAID["ward: no inspection in the range"] in app.title[0].value
    assert "Kiểm tra (0)" in html(app)
    app.query_params.update({"from": "2023-01-01", "to": "2023-12-31"})
    app.run()
    assert "được kiểm tra ngày 05/05/2023" in app.title[0].value
    assert "Kiểm tra (1)" in html(app)
    assert "12/2023" in html(app)


def test_areas_narrow_what_is_offered_but_keep_the_ward_that_is_open(app: AppTest) -> None:
    app.query_params.update({"area": "902", "vintage": OLD})
    app.run()
    assert app.selectbox(key="ward_choice").options == ["Thị trấn Núi Đèo (00004)", "Xã Thủy Tây (00003)"]
    app.query_params.update({"area": "901", "ward": "00003"})
    app.run()
    assert not app.exception
    assert app.title[0].value.startswith("Xã Thủy Tây")
    assert "Xã Thủy Tây (00003)" in app.selectbox(key="ward_choice").options


def test_illustrative_figures_come_with_their_badge(app: AppTest) -> None:
    app.query_params.update({"ward": "00004", "vintage": OLD})
    app.run()
    assert "SỐ LIỆU MINH HỌA" not in html(app)
    app.toggle(key="verified_only").set_value(False).run()
    assert app.title[0].value.startswith("Minh họa: ")
    assert "SỐ LIỆU MINH HỌA" in html(app)


def test_another_vintage_closes_the_ward_whose_code_means_another_one(app: AppTest) -> None:
    app.query_params.update({"ward": "00003", "vintage": OLD})
    app.run()
    boundaries(app).set_value(NEW).run()
    assert not app.exception
    assert app.title[0].value == "Chọn một phường, xã để xem hồ sơ"
    assert "ward" not in app.query_params
