"""Sources and methods as their reader sees them: sections, search, links, whole hashes, every screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from geodata.definitions import DEFINITIONS
from tests.browser.conftest import Open, serious
from tests.browser.test_overview_in_browser import SCREENS, title
from tests.browser.test_progress_in_browser import FORMULA, SCRIPT, hostile_app

__all__ = ["hostile_app"]


def opened(open_page: Open, app: str, query: str = "", **size: int) -> Page:
    return open_page(app, query, path="methods", ready=".hp-sheet, .hp-statements, .hp-none", **size)


def test_sources_show_licence_and_rows_and_imported_names_stay_text(
    hostile_app: str,
    open_page: Open,
) -> None:
    page = opened(open_page, hostile_app)
    title(page).to_have_text(re.compile("Số liệu lấy từ.*đã nhập một tệp$"))
    row = page.locator(".hp-sheet tbody tr").filter(has_text="Ranh giới phường, xã").first
    expect(row).to_contain_text("MIT")
    expect(row).to_contain_text("phường 5")
    batch = page.locator(".hp-sheet tbody tr").filter(has_text=FORMULA).first
    expect(batch).to_contain_text("tệp được nhập")
    expect(batch).to_contain_text(SCRIPT)
    assert page.locator("img[src='x']").count() == 0


def test_search_and_section_stand_in_a_link_that_opens_the_same_and_back_returns(
    small_app: str, open_page: Open
) -> None:
    page = opened(open_page, small_app)
    page.get_by_role("radio", name="Định nghĩa").click()
    expect(page.locator(".hp-statements > li")).to_have_count(len(DEFINITIONS) + 3)
    search = page.get_by_role("textbox", name="Tìm trong tất cả các mục")
    search.fill("tram tuoi")
    search.press("Enter")
    expect(page.locator(".hp-none")).to_contain_text("tram tuoi")
    search.fill("chi tieu")
    search.press("Enter")
    expect(page).to_have_url(re.compile(r"/methods\?.*section=definitions"))
    expect(page.locator(".hp-none")).to_have_count(0)
    expect(page.locator(".hp-statements > li")).not_to_have_count(0)
    count = page.locator(".hp-statements > li").count()
    other = opened(open_page, small_app, page.evaluate("location.search"))
    expect(other.locator(".hp-statements > li")).to_have_count(count)
    page.go_back()
    expect(page.locator(".hp-none")).to_contain_text("tram tuoi")
    page.go_forward()
    expect(page.locator(".hp-statements > li")).to_have_count(count)


def test_a_hash_is_cut_by_its_looks_only(small_app: str, open_page: Open) -> None:
    page = opened(open_page, small_app, "?section=build&lang=en")
    told = page.locator(".hp-sha").first
    assert re.fullmatch("[0-9a-f]{64}", told.inner_text())
    assert told.get_attribute("title") == told.inner_text()
    box = told.bounding_box()
    assert box is not None and box["width"] < 120


@pytest.mark.parametrize("section", ["sources", "definitions", "faults"])
def test_axe_finds_nothing_serious(small_app: str, open_page: Open, section: str) -> None:
    assert serious(opened(open_page, small_app, f"?section={section}")) == []


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_nothing_is_wider_than_the_screen(small_app: str, open_page: Open, width: int, height: int) -> None:
    page = opened(open_page, small_app, width=width, height=height)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    page.get_by_role("radio", name="Hạn chế đã biết").click()
    expect(page.locator(".hp-statements > li").first).to_be_visible()
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
