"""Sources and methods as Streamlit runs it, without a browser: sections, search, links."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.subjects.sources.words import SECTION_NAMES
from geodata.settings import ROOT
from tests.pages.opened import html
from tests.wording import SAID


@pytest.fixture
def app(inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(inspected_gpkg))
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    app.switch_page("../pages/methods.py")
    return app


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("sources", "Bài báo về thí điểm"),
        ("definitions", "Cách tính"),
        ("build", "SHA-256"),
        ("boundaries", "01/02/2020"),
        ("faults", "tiêu chí mang tên mặc định"),
        ("unknown", SAID["methods: a target"]),
    ],
)
def test_each_section_is_restored_from_its_link(app: AppTest, section: str, told: str) -> None:
    assert section in SECTION_NAMES
    app.query_params["section"] = section
    app.run()
    assert not app.exception
    assert not app.warning
    assert app.button_group(key="page_section").value == section
    assert told in html(app)
    assert "Số liệu lấy từ" in app.title[0].value
    # The newest facts, not the day of the build, which is the last of 2025.
    assert "thông tin đã xác thực mới nhất ngày 20/05/2024" in html(app)
    assert "31/12/2025" not in html(app).split("</p>")[0]


def test_a_search_stands_in_the_link_and_counts_what_each_section_holds(app: AppTest) -> None:
    app.run()
    app.text_input(key="page_q").set_value("ranh gioi").run()
    assert app.query_params["q"] == "ranh gioi"
    assert "Ranh giới phường, xã" in html(app)
    assert "Bài báo về thí điểm" not in html(app)
    assert "Phiên bản dữ liệu (0)" in [
        option.content for option in app.button_group(key="page_section").proto.options
    ]


def test_the_page_is_of_all_data_whatever_is_chosen(app: AppTest) -> None:
    app.run()
    title = app.title[0].value
    app.query_params.update({"from": "2024-06-01", "to": "2024-06-30", "area": "902", "lang": "vi"})
    app.run()
    assert app.title[0].value == title
    assert "không phụ thuộc ngày, địa giới hay khu vực" in html(app)


def test_english_is_whole(app: AppTest) -> None:
    app.query_params.update({"lang": "en", "section": "unknown"})
    app.run()
    assert "sources carry all figures" in app.title[0].value
    assert "A target of Hải Phòng." in html(app)
