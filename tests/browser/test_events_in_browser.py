"""The page of events as its user works in it: gaps first, matrix and map, links, both languages, a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, serious
from tests.browser.test_overview_in_browser import VISITS, title
from tests.judged_city import MARKUP
from tests.small_city import NEW, OLD
from tests.wording import SAID

OF_ALL = SAID["events: the plan of 12/09/2022"]
PATH = {"path": "events"}


def test_gaps_stand_first_in_list_and_matrix_and_the_map_shows_the_sites(
    judged_app: str, open_page: Open
) -> None:
    page = open_page(judged_app, **PATH)
    title(page).to_have_text(OF_ALL)
    expect(page.locator(".hp-gaps li").first).to_contain_text(MARKUP)
    matrix = page.locator(".hp-plan tbody tr")
    expect(matrix.first.locator("th")).to_have_text(f"Hội trường {MARKUP}")
    expect(matrix.nth(1).locator("td").first).to_have_text("✓xong")
    expect(matrix.nth(1).locator("abbr").first).to_have_attribute(
        "title", "Đã hoàn thành · Công an huyện Tây"
    )
    expect(page.locator(".pw-labels text")).to_have_text(["Thủy Tây"])
    page.locator('path[data-ward="00003"]').hover()
    expect(page.locator(".pw-tip")).to_contain_text(SAID["events: a site"])
    expect(page.get_by_text("Không có trên bản đồ, địa chỉ chưa biết")).to_contain_text(MARKUP)
    assert page.locator("img[src=x]").count() == 0


def test_event_area_and_language_stand_in_the_link_and_back_and_forward_work(
    judged_app: str, open_page: Open
) -> None:
    page = open_page(judged_app, f"?vintage={NEW}", **PATH)
    expect(page.locator(".pw-map")).to_have_attribute("data-vintage", OLD)
    expect(page.get_by_text(SAID["events: map of 2020"])).to_be_visible()
    page.get_by_role("combobox", name="Sự kiện").click()
    page.get_by_role("option", name="05/01/2024").click()
    title(page).to_have_text("Sự kiện 05/01/2024: chưa ghi nhận phương án bảo đảm an ninh, trật tự")
    expect(page.locator(".hp-plan")).to_have_count(0)
    expect(page).to_have_url(re.compile("event="))
    page.go_back()
    title(page).to_have_text(OF_ALL)
    page.go_forward()
    title(page).to_have_text(re.compile("^Sự kiện 05/01/2024"))
    page.get_by_role("radio", name="EN").click()
    title(page).to_have_text(SAID["events: no plan (en)"])
    expect(page).to_have_url(re.compile(r"\?lang=en&event=milestone-2024$"))
    query = page.evaluate("location.search")
    other = open_page(judged_app, query, ready="h1", **PATH)
    title(other).to_have_text(SAID["events: no plan (en)"])


def test_days_outside_the_event_are_told(judged_app: str, open_page: Open) -> None:
    page = open_page(judged_app, "?from=2024-01-01&to=2024-12-31", **PATH)
    title(page).to_have_text(OF_ALL)
    expect(page.locator(".hp-sub")).to_contain_text(SAID["events: outside the range"])


def test_axe_finds_nothing_serious_with_tasks_and_events_open(judged_app: str, open_page: Open) -> None:
    page = open_page(judged_app, "?tasks=yes", **PATH)
    expect(page.get_by_role("region", name="Các phần việc của phương án và nguồn")).to_be_visible()
    page.get_by_text("Sự kiện không có phương án").click()
    expect(page.locator(".hp-events li").first).to_be_visible()
    page.locator(".hp-plan").focus()
    expect(page.locator(".hp-plan")).to_be_focused()
    assert serious(page) == []


@pytest.mark.parametrize("screens", VISITS)
def test_the_page_fits_on_every_screen(
    judged_app: str, open_page: Open, screens: list[tuple[int, int]]
) -> None:
    page = open_page(judged_app, width=screens[0][0], height=screens[0][1], **PATH)
    expect(page.locator(".hp-plan")).to_be_visible()
    for width, height in screens:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
        if width > 1000:
            box = page.locator(".hp-plan").bounding_box()
            assert box is not None and box["y"] + box["height"] < height
