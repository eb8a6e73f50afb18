"""The frame as its user goes through it: from page to page, with what is chosen on each."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import START_SECONDS, Open
from tests.browser.test_overview_in_browser import title


def test_the_choice_goes_along_from_page_to_page(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app, "?lang=en&facts=all&from=2024-01-01&to=2024-12-31")
    pages = {"Ward map": "ward_map", "Sources and methods": "methods", "Progress": "progress"}
    for name, path in pages.items():
        page.get_by_test_id("stSidebar").get_by_role("link", name=name).click()
        expect(page).to_have_url(
            re.compile(rf"/{path}\?(?=.*lang=en)(?=.*facts=all)(?=.*from=2024-01-01)(?=.*to=2024-12-31)")
        )
        # What a page needs is loaded at its first visit.
        title(page).not_to_be_empty(timeout=1000 * START_SECONDS)
        expect(page.locator(".hp-chip")).to_have_text("From 01/01/2024 to 31/12/2024")
    page.go_back()
    expect(page).to_have_url(re.compile("/methods"))
    expect(page.locator(".hp-chip")).to_have_text("From 01/01/2024 to 31/12/2024")


def test_areas_are_chosen_beside_the_pages_and_stand_in_the_link(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app)
    headline = page.locator("h1").inner_text()
    areas = page.get_by_test_id("stSidebar").get_by_role("button", name="Khu vực")
    expect(areas).to_have_text(re.compile("Khu vực: toàn thành phố"))
    areas.press("Enter")
    page.get_by_role("combobox", name="Quận, huyện và phường, xã").click()
    page.get_by_role("option", name="Phường An Đông (00001)").click()
    expect(page).to_have_url(re.compile(r"\?area=00001$"))
    expect(areas).to_have_text(re.compile("Khu vực: phường An Đông", re.IGNORECASE))
    title(page).not_to_have_text(headline)
    # Closed, the list is gone, and what was chosen stays.
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(areas).to_have_attribute("aria-expanded", "false")
    expect(page).to_have_url(re.compile(r"\?area=00001$"))
    title(page).not_to_have_text(headline)
    page.go_back()
    title(page).to_have_text(headline)
    expect(areas).to_have_text(re.compile("Khu vực: toàn thành phố"))
