"""The page of events as Streamlit runs it, without a browser: links, areas, and events without a plan."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.contract.layers import LAYERS, empty, read_layer, write_layers
from geodata.settings import ROOT
from tests.pages.opened import html, opened
from tests.small_city import NEW, OLD
from tests.wording import SAID


@pytest.fixture
def app(judged_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(judged_gpkg))
    return AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)


def test_a_plain_link_shows_the_plan_of_the_conference(app: AppTest) -> None:
    opened(app, "events")
    assert app.title[0].value == (SAID["events: the plan of 12/09/2022"])
    assert SAID["events: unassigned"] in html(app)
    assert not app.warning and dict(app.query_params) == {"vintage": OLD}


def test_an_event_without_a_plan_is_offered_and_explains_itself(app: AppTest) -> None:
    opened(app, "events", event="milestone-2024", lang="en")
    assert app.title[0].value == SAID["events: no plan (en)"]
    assert "Choose an event with a plan above" in html(app)
    assert app.query_params["event"] == "milestone-2024"
    app.selectbox(key="page_event").select("review-2022").run()
    assert "event" not in app.query_params and "hp-plan" in html(app)


def test_an_event_outside_the_range_is_shown_and_told(app: AppTest) -> None:
    opened(app, "events", **{"from": "2024-01-01", "to": "2024-12-31"})
    assert app.title[0].value.startswith("Sự kiện 12/09/2022")
    assert SAID["events: outside the range"] in html(app)
    assert any("ngoài khoảng ngày đang chọn" in option for option in app.selectbox(key="page_event").options)


def test_areas_and_vintages_hold_for_sites_too(app: AppTest) -> None:
    opened(app, "events", area="902")
    assert "đã phân công 2/9" in app.title[0].value
    opened(app, "events", area="00003", vintage=NEW)
    assert "đã phân công 2/9" in app.title[0].value
    assert SAID["events: map of 2020"] in html(app)
    opened(app, "events", area="901")
    assert app.title[0].value == "Sự kiện 12/09/2022: không có điểm nào của phương án trong khu vực đã chọn"
    assert "hp-plan" not in html(app) and "Hãy chọn khu vực khác" in html(app)


def test_units_notes_and_sources_open_by_link(app: AppTest) -> None:
    opened(app, "events")
    assert "Công an huyện Tây<td>" not in html(app)
    opened(app, "events", tasks="yes")
    assert "Công an huyện Tây<td>" in html(app)
    assert app.query_params["tasks"] == "yes"


def test_a_wrong_event_in_a_link_is_told(app: AppTest) -> None:
    opened(app, "events", event="<i>")
    assert len(app.warning) == 1 and r"\<i\>" in app.warning[0].value
    assert app.title[0].value.startswith("Sự kiện 12/09/2022")


def test_without_any_event_the_page_says_so(
    judged_gpkg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = {name: read_layer(judged_gpkg, name) for name in LAYERS}
    layers |= {name: empty(name) for name in ("event", "event_task")}
    path = tmp_path / "haiphong.gpkg"
    write_layers(path, layers)
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(path))
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    opened(app, "events")
    assert app.title[0].value == "Chưa ghi nhận sự kiện nào"
    assert "hp-none" in html(app)
