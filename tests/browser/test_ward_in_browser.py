"""The page of a ward as its user sees it: the sheet that is printed, links, charts, small screens."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, serious, served
from tests.browser.test_overview_in_browser import VISITS
from tests.small_city import NEW, OLD
from tests.ward_city import FORMULA, SCRIPT, write_ward_city
from tests.wording import SAID

SPLIT = f"?vintage={OLD}&ward=00003"
IN_2023 = f"?from=2023-01-01&to=2023-12-31&vintage={OLD}&ward=00003"


@pytest.fixture(scope="module")
def ward_app(inspected_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("ward") / "haiphong.gpkg"
    write_ward_city(inspected_gpkg, path)
    with served(path) as address:
        yield address


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def pages_of(page: Page) -> int:
    """Return on how many sheets of A4 the page is printed."""
    pdf = page.pdf(format="A4", print_background=True)
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_it_says_what_the_ward_is_and_both_successors_lead_to_theirs(ward_app: str, open_page: Open) -> None:
    page = open_page(ward_app, SPLIT, path="ward")
    expect(page.get_by_role("heading", level=1)).to_have_text(SAID["ward: a visit site"])
    rows = page.locator(".hp-descent tbody tr")
    expect(rows).to_have_text(
        [re.compile(r"^Xã Tây75\s%100\s%100\s%$"), re.compile(r"^Xã Núi Đèo25\s%20\s%38,5\s%$")]
    )
    expect(page.locator(".hp-trend")).to_have_count(3)
    # The verdict and who gave it come from a file.
    expect(page.locator(".hp-inspections")).to_contain_text(SCRIPT)
    expect(page.locator(".hp-inspections")).to_contain_text(FORMULA)
    expect(page.get_by_role("link", name=f"Phường {SCRIPT}")).to_be_visible()
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("xã Tây")
    expect(page).to_have_url(re.compile(f"vintage={NEW}&ward=00002"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Xã Thủy Tây")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_contain_text("xã Tây")


def test_a_link_opens_the_same_page_and_other_days_change_all_of_it(ward_app: str, open_page: Open) -> None:
    page = open_page(ward_app, IN_2023, path="ward")
    fires = page.locator(".hp-trend", has_text="Vụ cháy")
    expect(fires.locator("b")).to_have_text("156")
    expect(fires).to_contain_text("cùng kỳ: 12 (+100\N{NO-BREAK SPACE}%)")
    expect(fires.get_by_role("img")).to_have_attribute("alt", re.compile("01/2023: 2; 02/2023: 4;"))
    expect(page.locator(".hp-inspections tbody tr")).to_have_count(1)
    before = heading(page)
    other = open_page(ward_app, page.evaluate("location.search"), path="ward")
    assert heading(other) == before
    page.locator(".hp-chip").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Từ ngày").fill("01/01/2022")
    dialog.get_by_label("Đến ngày").fill("31/12/2022")
    dialog.get_by_role("button", name="Xem").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(SAID["ward: no inspection in the range"])
    expect(fires.locator("b")).to_have_text("75")
    expect(page.locator(".hp-inspections")).to_have_count(0)
    page.get_by_role("radio", name="EN").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("is a visit site of 2022")


def test_a_neighbour_opens_by_a_click_on_the_map_and_by_the_keyboard(ward_app: str, open_page: Open) -> None:
    page = open_page(ward_app, SPLIT, path="ward")
    expect(page).to_have_url(re.compile(rf"\?vintage={OLD}&ward=00003$"))
    page.locator(".pw-map").scroll_into_view_if_needed()
    # In its middle: at its rim lies the outline of the ward that is open.
    page.locator('path[data-ward="00004"]').click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thị trấn Núi Đèo")
    link = page.locator(".hp-neighbours a", has_text="Thủy Tây")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Xã Thủy Tây")


def test_it_is_printed_on_one_sheet_without_what_only_a_screen_needs(ward_app: str, open_page: Open) -> None:
    page = open_page(ward_app, SPLIT, path="ward")
    for query in (SPLIT, f"{SPLIT}&facts=all", f"?vintage={NEW}&ward=00001&facts=all"):
        page = open_page(ward_app, query, path="ward")
        assert pages_of(page) == 1
    page.emulate_media(media="print")
    for hidden in (".st-key-bar", ".st-key-ward_choice_bar", "[data-testid=stSidebar]", ".stExpander"):
        expect(page.locator(hidden)).to_be_hidden()
    foot = page.locator(".hp-print-foot")
    expect(foot).to_be_visible()
    expect(foot).to_contain_text("Phiên bản dữ liệu ngày: 31/12/2025")
    expect(foot).to_contain_text("Địa giới từ: 01/07/2025")


def test_the_button_prints(ward_app: str, open_page: Open) -> None:
    page = open_page(ward_app, SPLIT, path="ward")
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="In", exact=True).press("Enter")
    assert page.evaluate("window.printed")


def test_the_real_vinh_niem_and_a_ward_of_2025_are_printed_on_one_sheet(
    real_app: str, open_page: Open
) -> None:
    page = open_page(real_app, "?ward=11407&vintage=2020-02-01", path="ward")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Phường Vĩnh Niệm là điểm tham quan năm 2022; chưa ghi nhận lần kiểm tra nào; "
        "từ 01/07/2025 thuộc phường An Biên và phường Lê Chân"
    )
    expect(page.locator(".hp-descent tbody tr")).to_have_text(
        [re.compile(r"^Phường An Biên89,2\s%"), re.compile(r"^Phường Lê Chân10,8\s%")]
    )
    assert pages_of(page) == 1
    assert pages_of(open_page(real_app, "?ward=11383&vintage=2025-07-01", path="ward")) == 1


@pytest.mark.parametrize("screens", VISITS)
def test_nothing_is_wider_than_the_screen(
    ward_app: str, open_page: Open, screens: list[tuple[int, int]]
) -> None:
    page = open_page(ward_app, f"{SPLIT}&facts=all", path="ward", width=screens[0][0], height=screens[0][1])
    for width, height in screens:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
        for name in (".hp-facts", ".hp-trends", ".hp-inspections", ".hp-descent"):
            box = page.locator(name).bounding_box()
            assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width


def test_axe_finds_nothing_serious(ward_app: str, open_page: Open) -> None:
    page = open_page(ward_app, f"{SPLIT}&facts=all", path="ward")
    page.locator(".hp-advice > summary").click()
    assert serious(page) == []
