"""The page of routes as Streamlit runs it, without a browser: lists, terms, links and faults."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.query.caching import forget
from dashboard.screens.routes import plans
from dashboard.subjects.visits import model
from geodata.settings import ROOT
from tests.pages.opened import html, opened
from tests.small_city import MID, OLD
from tests.wording import SAID

DAY = "23/11/2023"
ALL = "00001,00003,00004"
EMPTY = SAID["routes: empty"]
REFUSED = "Chưa lập được lộ trình này"


@pytest.fixture
def app(small_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(small_gpkg))
    return AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)


def planned(app: AppTest, **link: str) -> AppTest:
    return opened(app, "routes", **{"day": DAY, "start": "00002", "stops": ALL} | link)


def test_an_empty_page_offers_the_real_visits_and_loads_one(app: AppTest) -> None:
    opened(app, "routes")
    assert app.title[0].value == EMPTY
    assert "Bấm vào phường trên bản đồ" in html(app)
    assert dict(app.query_params) == {"vintage": OLD}
    app.button(key="route_case_empty_visit-2022").click().run()
    assert not app.exception
    assert app.title[0].value.startswith("2 phường, xã trong ")
    assert "Ngày 12/09/2022 (giả định), theo địa giới từ 01/02/2020" in html(app)
    assert SAID["routes: reckoned, no history"] in html(app)
    assert dict(app.query_params) == {"vintage": OLD, "case": "visit-2022"}
    assert len(app.get("download_button")) == 7


def test_a_link_to_a_real_visit_restores_it_and_what_was_changed(app: AppTest) -> None:
    opened(app, "routes", case="visit-2022", service="45")
    assert "thăm 1 giờ 30 phút" in html(app)
    assert "không phải thứ tự thực tế" not in html(app).split("</p>")[0]
    assert dict(app.query_params) == {"vintage": OLD, "case": "visit-2022", "service": "45"}


def test_a_real_visit_lists_what_no_source_states_as_assumed(app: AppTest) -> None:
    opened(app, "routes", case="visit-2022")
    told = re.sub("<[^>]+>", "", html(app))
    for assumed in (
        "Nơi xuất phát: Công an xã Thủy Tây (giả định)",
        "Giờ xuất phát: 08:00 (giả định)",
        "Số xe đi cùng một đoàn: 3 (giả định)",
        "Ngày 12/09/2022 (giả định), theo địa giới",
        "Ngày đi các điểm: 12/09/2022 (giả định)",
        "Số đại biểu cùng đi các điểm: 100 (giả định)",
    ):
        assert assumed in told
    assert "Số đại biểu dự kiến: 100 (giả định)" not in told
    assert app.title[0].value.endswith(" (giờ giả định)")


def test_stops_and_terms_stand_in_the_link(app: AppTest) -> None:
    planned(app)
    said = r"3 phường, xã trong 1 giờ \d\d phút, [\d,]+ km; xuất phát 08:00, về 09:\d\d"
    assert re.fullmatch(said, app.title[0].value)
    app.number_input(key="page_service").set_value(10).run()
    app.selectbox(key="page_end").set_value("open").run()
    assert app.query_params["service"] == "10" and app.query_params["end"] == "open"
    assert "điểm cuối xong lúc" in app.title[0].value
    app.selectbox(key="route_add").set_value("00002").run()
    assert app.query_params["stops"] == f"{ALL},00002"
    assert app.title[0].value.startswith("4 phường, xã")


def test_a_locked_order_says_what_it_costs(app: AppTest) -> None:
    planned(app, stops="00004,00001,00003")
    assert "So với thứ tự đã nêu: ngắn hơn" in html(app)
    best = app.title[0].value
    app.toggle(key="page_lock").set_value(True).run()
    assert app.query_params["lock"] == "yes"
    assert app.title[0].value != best
    assert SAID["routes: the locked order is longer"] in html(app)
    app.toggle(key="page_lock").set_value(False).run()
    assert app.title[0].value == best and "lock" not in app.query_params


def test_several_teams_and_who_finds_no_place(app: AppTest) -> None:
    planned(app, stops="00001:30::may:5,00003:::may:5,00004:::may:5", teams="2", capacity="5")
    assert not app.exception
    assert "1 điểm đã chọn chưa xếp được" in app.title[0].value


def test_every_fault_is_told_at_once_and_the_page_lives_on(app: AppTest) -> None:
    planned(app, start="10.5,106.7", stops="00001,99999")
    assert app.title[0].value == REFUSED
    assert len(app.error) == 1
    assert "10.5,106.7" in app.error[0].value and "99999" in app.error[0].value
    app.selectbox(key="page_start").set_value("00002").run()
    assert app.title[0].value == REFUSED and len(app.error) == 1
    app.button(key="route_case_empty_visit-2022").click().run()
    assert app.title[0].value.startswith("2 phường, xã") and not app.error


@pytest.mark.parametrize("day", ["31/02/2023", "<b>", "01/01/1999"])
def test_a_day_that_is_none_is_told(app: AppTest, day: str) -> None:
    planned(app, day=day)
    assert app.title[0].value == REFUSED
    assert len(app.error) == 1 and "<b>" not in app.error[0].value
    assert not app.exception


def test_a_wrong_link_is_told(app: AppTest) -> None:
    planned(app, stops="00001:<i>", teams="99", depart="25:00")
    assert len(app.warning) == 3
    assert app.title[0].value == EMPTY


def test_wards_of_another_vintage_are_never_taken_for_these(app: AppTest) -> None:
    planned(app)
    app.text_input(key="page_day").set_value("01/02/2025").run()
    assert app.query_params["stops"] == "00003,00004"
    assert "An Đông" in app.info[0].value and "Thủy Tây" not in app.info[0].value
    assert f"từ {MID[8:]}/01/2025" in html(app)


def test_a_real_visit_on_another_day_leaves_wards_behind_that_are_others_then(app: AppTest) -> None:
    opened(app, "routes", case="visit-2022", day="01/08/2025")
    # Núi Đèo is 00003 by then, and 00004 is no longer given.
    assert "Thủy Tây, Núi Đèo" in app.info[0].value
    assert app.title[0].value == EMPTY


def test_the_areas_of_the_frame_bound_what_is_offered(app: AppTest) -> None:
    planned(app, area="902", stops="00001")
    assert app.selectbox(key="route_add").options == [
        "Thị trấn Núi Đèo (00004)",
        "Xã Thủy Tây (00003)",
    ]
    assert OLD not in app.query_params


def test_wards_not_inspected_for_long_are_loaded(app: AppTest) -> None:
    # The wards of that day are still units on the last day of the range.
    opened(app, "routes", day=DAY, start="00001", **{"from": "2021-03-17", "to": "2024-12-31"})
    app.number_input(key="route_late_days").set_value(300).run()
    app.text_input(key="route_late_basis").set_value("Kế hoạch kiểm tra").run()
    button = next(one for one in app.button if one.label.startswith("Đưa "))
    assert button.label == "Đưa 1/1 phường, xã vào danh sách"
    button.click().run()
    assert app.query_params["stops"] == "00002"
    assert app.title[0].value.startswith("1 phường trong ")


@pytest.fixture
def short_first_search(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cut the search that a page makes by itself at once, and the longer one on no machine."""
    monkeypatch.setattr(model, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(plans, "LONGER_SECONDS", 3600)
    forget()
    yield
    forget()


@pytest.mark.usefixtures("short_first_search")
def test_a_longer_search_that_ends_by_itself_says_so_and_offers_no_more_time(
    shipped_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(shipped_gpkg))
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    thirteen = "11296,11299,11302,11305,11311,11320,11323,11329,11335,11338,11341,11344,11350"
    opened(app, "routes", day="01/02/2025", stops=thirteen, start="11296")
    app.button(key="route_search_begin").click().run()
    # It may have ended before the page that began it was drawn.
    if "route_search" in app.session_state:
        app.session_state["route_search"][1].result()
        app.run()
    assert not app.exception
    assert [one.value for one in app.caption] == ["Dừng sớm: không tìm được phương án tốt hơn."]
    assert not [one for one in app.button if one.key == "route_search_begin"]
