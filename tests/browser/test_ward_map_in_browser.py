"""The ward map as its user sees it: classes, legend, search, panel, two figures, months, picture, links."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, downloaded, serious
from tests.browser.test_overview_in_browser import SCREENS, click_ward, fill_of, point_in, title
from tests.browser.test_period_in_browser import choose
from tests.small_city import OLD
from tests.wording import SAID

TOTALS = "figure=inspections"


def opened(open_page: Open, address: str, query: str = "", width: int = 1366, height: int = 768) -> Page:
    return open_page(address, f"?vintage={OLD}&{query}", path="ward_map", width=width, height=height)


def test_it_answers_where_a_figure_is_highest(inspected_app: str, open_page: Open) -> None:
    page = opened(open_page, inspected_app, "figure=days_since")
    title(page).to_have_text(SAID["map: days since the last inspection"])
    expect(page.locator(".pw-legend li")).to_have_text(
        [
            "đến 208 (0)",
            "trên 208 đến 363 (0)",
            "trên 363 đến 582 (0)",
            "trên 582 đến 866 (1)",
            "trên 866 (1)",
            "Chưa có số liệu (2)",
        ]
    )
    assert "url(" in fill_of(page, "00003")
    expect(page.locator("path.pw-outlined")).to_have_attribute("data-ward", "00002")
    expect(page.locator(".pw-histogram rect")).to_have_count(2)
    page.mouse.move(*point_in(page, "00001"))
    expect(page.locator(".pw-tip")).to_contain_text("1.300 ngày")
    expect(page.locator(".pw-tip")).to_contain_text("Quận Đông")


def test_days_change_map_legend_and_sentence_together_and_bounds_stay(
    inspected_app: str, open_page: Open
) -> None:
    page = opened(open_page, inspected_app, f"{TOTALS}&from=2022-01-01&to=2022-12-31")
    title(page).to_contain_text("tổng cộng 1 lượt")
    circle = page.locator(".pw-circles circle")
    expect(circle).to_have_attribute("data-circle", "00001")
    size = circle.get_attribute("r")
    legend = ["Có tổng số (4)", "Chưa có số liệu (0)"]
    expect(page.locator(".pw-legend li")).to_have_text(legend)
    choose(page, "1/1/2024", "31/12/2024")
    expect(circle).to_have_attribute("data-circle", "00002")
    expect(circle).to_have_attribute("r", str(size))
    expect(page.locator(".pw-legend li")).to_have_text(legend)
    assert fill_of(page, "00001") == fill_of(page, "00002")
    expect(page).to_have_url(re.compile("from=2024-01-01&to=2024-12-31"))
    page.go_back()
    expect(circle).to_have_attribute("data-circle", "00001")
    page.go_forward()
    expect(circle).to_have_attribute("data-circle", "00002")


def test_a_link_opens_the_same_page_elsewhere(inspected_app: str, open_page: Open) -> None:
    page = opened(open_page, inspected_app, f"{TOTALS}&area=901")
    click_ward(page, "00002")
    expect(page.locator(".hp-ward")).to_contain_text("Phường Hòa Bình")
    expect(page).to_have_url(re.compile("ward=00002"))
    other = open_page(inspected_app, page.evaluate("location.search"), path="ward_map")
    expect(other.locator(".hp-ward")).to_contain_text("Phường Hòa Bình")
    expect(other.locator("path.pw-faded")).to_have_count(3)
    title(other).to_have_text(str(page.get_by_role("heading", level=1).text_content()))


def test_the_search_marks_a_ward_brings_it_into_view_and_leads_to_its_profile(
    inspected_app: str, open_page: Open
) -> None:
    page = opened(open_page, inspected_app, "figure=inspections")
    before = page.locator('path[data-ward="00003"]').bounding_box()
    search = page.get_by_role("button", name="Tìm phường, xã")
    search.press("Enter")
    page.get_by_role("combobox", name="Tìm phường, xã").focus()
    page.keyboard.type("Thủy")
    expect(page.get_by_role("option").first).to_contain_text("Thủy Tây")
    page.keyboard.press("Enter")
    expect(page.locator("path.pw-selected")).to_have_attribute("data-ward", "00003")
    expect(search).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".pw-panel")).to_contain_text("0 lượt")
    page.wait_for_function(
        """width => document.querySelector('path[data-ward="00003"]').getBoundingClientRect().width
          > width * 1.2""",
        arg=before and before["width"],
    )
    link = page.get_by_role("link", name="Hồ sơ phường, xã này")
    expect(link).to_have_attribute("href", re.compile(r"ward\?.*ward=00003"))


def test_two_figures_stand_in_a_square_and_speak_english(inspected_app: str, open_page: Open) -> None:
    page = opened(open_page, inspected_app, "lang=en&figure=days_since&second=inspections")
    title(page).to_have_text(
        "Days since the last inspection on record and inspections within the range: "
        "1 units are in the darkest class of both"
    )
    expect(page.locator(".pw-square td.pw-cell")).to_have_count(6)
    expect(page.locator(".pw-legend li")).to_have_text(["No figure (2)"])


def test_months_are_played_paused_and_stepped_by_the_keyboard(inspected_app: str, open_page: Open) -> None:
    query = f"{TOTALS}&from=2022-01-01&to=2022-12-31&play=yes"
    page = opened(open_page, inspected_app, query)
    slider = page.get_by_role("slider", name="Tháng đang hiển thị")
    page.get_by_role("button", name="Tạm dừng").press("Enter")
    slider.press("Home")
    expect(page.locator(".pw-map")).to_have_attribute("data-moment", "01/2022")
    expect(page.locator(".pw-circles circle")).to_have_count(0)
    for _ in range(5):
        slider.press("ArrowRight")
    expect(page.locator(".pw-player output")).to_have_text("06/2022")
    expect(page.locator(".pw-circles circle")).to_have_attribute("data-circle", "00001")
    expect(page.locator(".pw-player-about")).to_contain_text("4/4 đơn vị có số liệu")
    still = opened(open_page, inspected_app)
    still.emulate_media(reduced_motion="reduce")
    still.goto(f"{inspected_app}/ward_map?{query}")
    expect(still.get_by_role("button", name="Chạy")).to_be_visible()
    expect(still.locator(".pw-map")).to_have_attribute("data-moment", "12/2022")


def test_the_map_is_saved_as_a_picture_and_the_table_as_files(
    inspected_app: str, open_page: Open, tmp_path: Path
) -> None:
    page = opened(open_page, inspected_app, "figure=days_since")
    saved = downloaded(page, "Lưu bản đồ thành ảnh")
    picture = tmp_path / "map.png"
    saved.save_as(picture)
    assert saved.suggested_filename == (
        "so-ngay-tu-lan-kiem-tra-gan-nhat-theo-ghi-nhan-20210317-20251231-dia-gioi-20200201.png"
    )
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG") and len(content) > 20_000
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert width > 1500 and height > 800
    page.get_by_role("button", name="Tải về", exact=True).click()
    for name in (
        "Excel",
        "CSV",
        "GeoPackage (QGIS, ArcGIS)",
        "GeoParquet (Python, R)",
        "FlatGeobuf (bản đồ trên web)",
    ):
        assert downloaded(page, name).suggested_filename.startswith(
            "so-ngay-tu-lan-kiem-tra-gan-nhat-theo-ghi-nhan-20210317-20251231-"
        )


@pytest.mark.parametrize("query", ["figure=days_since&ward=00002", "figure=days_since&second=inspections"])
def test_axe_finds_nothing_serious_in_what_we_draw(inspected_app: str, open_page: Open, query: str) -> None:
    page = opened(open_page, inspected_app, query)
    assert serious(page) == []


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_nothing_is_wider_than_the_screen(
    inspected_app: str, open_page: Open, width: int, height: int
) -> None:
    page = opened(open_page, inspected_app, "figure=days_since&ward=00002", width, height)
    expect(page.locator(".pw-canvas")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    if width > 1000:
        assert page.evaluate("document.querySelector('.stMain').scrollHeight") <= height


def test_the_map_is_printed_whole_on_one_sheet_without_its_controls(
    inspected_app: str, open_page: Open
) -> None:
    page = opened(open_page, inspected_app, "figure=days_since")
    stage = page.locator(".pw-stage")
    before = stage.bounding_box()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    box = stage.bounding_box()
    assert before and box and before["width"] > 700 and box["width"] <= 661
    assert box["width"] / box["height"] == pytest.approx(before["width"] / before["height"], rel=0.02)
    expect(page.locator(".pw-buttons")).to_be_hidden()
    expect(page.locator(".st-key-map_controls")).to_be_hidden()
    expect(page.locator(".pw-legend")).to_be_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".pw-buttons")).to_be_visible()
    assert stage.bounding_box() == before
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
