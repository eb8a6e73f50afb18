"""The range of days as its user chooses it: by name, by typing, on the calendar, in links and back again."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, serious
from tests.browser.test_overview_in_browser import SCREENS, fill_of, repainted, title
from tests.small_city import NEW, OLD
from tests.wording import SAID

ALL = "Từ 17/03/2021 đến 31/12/2025"
OF_ALL = SAID["overview: one pilot ward, inspected until 2024"]
OF_2022 = SAID["overview: one pilot ward, none inspected in the range"]
OF_2024 = SAID["overview: one pilot ward, inspected in the range"]


def opened(page: Page) -> Locator:
    page.locator(".hp-chip").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def choose(page: Page, since: str, until: str) -> None:
    dialog = opened(page)
    dialog.get_by_label("Từ ngày").fill(since)
    dialog.get_by_label("Đến ngày").fill(until)
    dialog.get_by_role("button", name="Xem").click()
    expect(dialog).to_be_hidden()


def test_days_change_headline_map_figures_and_lists_together(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app, f"?vintage={OLD}")
    expect(page.locator(".hp-chip")).to_have_text(ALL)
    title(page).to_have_text(OF_ALL)
    blue = fill_of(page, "00002")
    choose(page, "1/1/2022", "31-12-2022")
    title(page).to_have_text(OF_2022)
    expect(page.locator(".hp-chip")).to_have_text("Từ 01/01/2022 đến 31/12/2022")
    expect(page).to_have_url(re.compile(r"\?from=2022-01-01&to=2022-12-31$"))
    expect(page.locator(".pw-legend li")).to_have_text(
        [
            "Thí điểm 2021–2023 (1)",
            SAID["legend: visit sites"],
            "Chưa ghi nhận trong chương trình, đã kiểm tra (1)",
            "Chưa có thông tin (1)",
        ]
    )
    expect(page.locator('path[data-ward="00002"]')).not_to_have_css("fill", blue)
    expect(page.locator(".hp-card b")).to_contain_text(["chưa ghi nhận", "1 / 4", "1"], use_inner_text=True)
    page.get_by_text("Danh sách kiểm tra (1)").click()
    expect(page.locator(".hp-list li")).to_contain_text(["Phường An Đông"])
    expect(page.locator(".hp-events li")).to_have_count(1)


def test_a_tick_stands_on_what_was_inspected_in_the_range(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app, "?from=2024-01-01&to=2024-12-31")
    title(page).to_have_text(OF_2024)
    expect(page.locator(".pw-labels .pw-tick")).to_have_count(1)
    expect(page.locator(".pw-legend li").last).to_have_text(SAID["legend: inspected in the range"])
    choose(page, "01012022", "2022-12-31")
    title(page).to_have_text(OF_2022)
    expect(page.locator(".pw-labels .pw-tick")).to_have_count(0)


def test_a_range_by_name_and_the_way_back_and_forward(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app, f"?vintage={OLD}")
    opened(page).get_by_role("button", name="Từ 12/09/2022").click()
    expect(page).to_have_url(re.compile("from=2022-09-12&to=2025-12-31"))
    choose(page, "01/01/2024", "31/12/2024")
    title(page).to_have_text(OF_2024)
    expect(page).to_have_url(re.compile("from=2024-01-01&to=2024-12-31"))
    page.go_back()
    expect(page.locator(".hp-chip")).to_have_text("Từ 12/09/2022 đến 31/12/2025")
    page.go_back()
    expect(page.locator(".hp-chip")).to_have_text(ALL)
    title(page).to_have_text(OF_ALL)
    page.go_forward()
    expect(page.locator(".hp-chip")).to_have_text("Từ 12/09/2022 đến 31/12/2025")
    page.go_forward()
    title(page).to_have_text(OF_2024)
    dialog = opened(page)
    expect(dialog.get_by_label("Từ ngày")).to_have_value("01/01/2024")
    dialog.get_by_role("button", name="Tất cả").click()
    title(page).to_have_text(OF_ALL)
    expect(page).to_have_url(re.compile(r"/[^?]*$"))


def test_a_link_with_days_and_illustrative_figures_opens_the_same_page_elsewhere(
    inspected_app: str, open_page: Open
) -> None:
    page = open_page(inspected_app)
    page.get_by_text(SAID["frame: verified facts only"], exact=True).click()
    expect(page.locator(".pw-badge")).to_have_text("SỐ LIỆU MINH HỌA")
    title(page).to_have_text(re.compile("^Minh họa: "))
    choose(page, "01/07/2025", "31/12/2025")
    repainted(page, NEW)
    page.get_by_role("radio", name="01/02/2020").click()
    repainted(page, OLD)
    query = "?from=2025-07-01&to=2025-12-31&facts=all&vintage=2020-02-01"
    expect(page).to_have_url(re.compile(re.escape(query) + "$"))
    other = open_page(inspected_app, query)
    repainted(other, OLD)
    expect(other.locator(".hp-chip")).to_have_text("Từ 01/07/2025 đến 31/12/2025")
    expect(other.locator(".hp-sub .hp-badge")).to_have_text("SỐ LIỆU MINH HỌA")


def test_wrong_days_are_told_and_nothing_changes(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app)
    dialog = opened(page)
    since, until = dialog.get_by_label("Từ ngày"), dialog.get_by_label("Đến ngày")
    for wrong, told in (
        ("31/02/2023", "“31/02/2023” không phải là ngày"),
        ("$& soon", "“$& soon” không phải là ngày"),
        ("01/01/1999", "Dữ liệu có từ 17/03/2021 đến 31/12/2025."),
        ("31/12/2025", "Ngày cuối đứng trước ngày đầu."),
    ):
        until.fill("01/06/2025")
        since.fill(wrong)
        since.press("Enter")
        expect(dialog.get_by_role("alert")).to_contain_text(told)
    expect(until).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(".hp-chip")).to_have_text(ALL)
    title(page).to_have_text(OF_ALL)


def test_a_wrong_link_says_so_and_shows_all_days(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app, "?from=2023-02-31")
    expect(page.get_by_role("alert")).to_contain_text("2023-02-31")
    expect(page.locator(".hp-chip")).to_have_text(ALL)


def test_the_calendar_speaks_vietnamese_and_english(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app)
    dialog = opened(page)
    expect(dialog.get_by_role("combobox").first.locator("option").nth(8)).to_have_text("Tháng 9")
    expect(dialog.get_by_role("columnheader")).to_have_text(["T2", "T3", "T4", "T5", "T6", "T7", "CN"])
    expect(dialog.get_by_role("grid")).to_have_attribute("aria-label", re.compile("tháng 3 năm 2021", re.I))
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="EN").click()
    expect(page.locator(".hp-chip")).to_have_text("From 17/03/2021 to 31/12/2025")
    dialog = opened(page)
    expect(dialog.get_by_role("combobox").first.locator("option").nth(8)).to_have_text("September")
    expect(dialog.get_by_role("button", name="Wednesday, March 17, 2021")).to_be_visible()


def test_the_keyboard_alone_chooses_a_range_on_the_calendar(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app)
    page.locator(".hp-chip").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Tất cả")).to_be_focused()
    first = dialog.get_by_role("grid").get_by_role("button", name=re.compile("17 tháng 3"))
    first.focus()
    # From 17 March to 1 April, 1 May, the end of its week, and a day back.
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "PageDown", "End", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(dialog.get_by_label("Từ ngày")).to_have_value("01/05/2021")
    for key in ("PageDown", "PageUp", "ArrowUp", "ArrowDown", "ArrowRight", "Home", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(dialog.get_by_label("Đến ngày")).to_have_value("03/05/2021")
    dialog.get_by_role("button", name="Xem").press("Enter")
    expect(page.locator(".hp-chip")).to_have_text("Từ 01/05/2021 đến 03/05/2021")
    expect(page).to_have_url(re.compile("from=2021-05-01&to=2021-05-03"))


def test_the_calendar_picks_two_days_in_either_order(inspected_app: str, open_page: Open) -> None:
    page = open_page(inspected_app, "?from=2024-05-06&to=2024-05-20")
    dialog = opened(page)
    day = dialog.get_by_role("grid").get_by_text
    day("27", exact=True).click()
    expect(dialog.get_by_label("Từ ngày")).to_have_value("27/05/2024")
    day("2", exact=True).click()
    dialog.get_by_role("button", name="Xem").click()
    expect(page.locator(".hp-chip")).to_have_text("Từ 02/05/2024 đến 27/05/2024")


def test_axe_finds_nothing_serious_with_the_calendar_and_the_badges_open(
    inspected_app: str, open_page: Open
) -> None:
    page = open_page(inspected_app, f"?facts=all&vintage={OLD}&ward=00004")
    page.locator(".hp-list > summary").first.click()
    opened(page)
    assert serious(page) == []


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_the_calendar_fits_on_every_screen(
    inspected_app: str, open_page: Open, width: int, height: int
) -> None:
    page = open_page(inspected_app, "?facts=all", width=width, height=height)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    box = opened(page).bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert box["y"] >= 0 and box["y"] + box["height"] <= height
