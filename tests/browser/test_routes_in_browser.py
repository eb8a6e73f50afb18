"""The page of routes as its user works in it: a real visit, its files, another order, a longer search."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import gpxpy
import icalendar
import openpyxl
import pytest
import shapely
from lxml import etree
from playwright.sync_api import Page, expect

from tests.browser import endless_search
from tests.browser.conftest import IDLE, Open, downloaded, serious, served
from tests.browser.test_overview_in_browser import SCREENS, title
from tests.compared_city import SCRIPT, write_compared_city
from tests.wording import SAID

PATH = {"path": "routes"}
OF_2023 = "?case=2023-11-23"
DOWNLOADS = ".st-key-downloads_route button >> nth=0"
STOPS = ".rt-visit th"
FIVE = {"Hùng Vương", "Dư Hàng Kênh", "Kênh Dương", "Cát Bi", "Ngọc Xuyên"}
MANY = (
    "?day=23/11/2023&lunch=yes&teams=3&stops=11296,11299,11305:30:0900-1100,11359,11404:30:1300-,11405,"
    "11407,11422,11455,11302,11311,11365,11368,11329,11332,11338"
)

SIXTEEN = (
    "?day=01/02/2025&start=11296&teams=2&stops=11296,11299,11302,11305,11311,11320,11323,11329,11335,11338,"
    "11341,11344,11350,11359,11365,11371"
)
"""Wards of the shipped boundaries, more than can be weighed whole."""


@pytest.fixture(scope="module")
def hostile_app(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    gpkg = tmp_path_factory.mktemp("hostile") / "haiphong.gpkg"
    write_compared_city(small_gpkg, gpkg, is_hostile=True)
    with served(gpkg) as address:
        yield address


@pytest.fixture(scope="module")
def searching_app(shipped_gpkg: Path) -> Iterator[str]:
    with served(shipped_gpkg, module=endless_search.__name__) as address:
        yield address


def stops(page: Page) -> list[str]:
    expect(page.locator(STOPS).first).to_be_visible()
    return page.locator(STOPS).all_inner_texts()


def content(page: Page, button: str) -> bytes:
    return Path(downloaded(page, button, exact=True).path()).read_bytes()


def test_the_visit_of_2023_is_loaded_numbered_timed_and_handed_over(city_app: str, open_page: Open) -> None:
    page = open_page(city_app, **PATH)
    title(page).to_have_text(SAID["routes: empty"])
    page.get_by_role("button", name="kiểm tra thực địa năm phường").click()
    title(page).to_have_text(
        re.compile(
            r"^5 phường trong \d giờ \d\d phút, [\d,]+ km; xuất phát 08:00, về \d\d:\d\d \(giờ giả định\)$"
        )
    )
    expect(page.locator(".hp-sub")).to_contain_text(SAID["routes: reckoned, no history"])
    assert set(stops(page)) == FIVE
    signs = page.locator(".pw-labels .pw-stop text")
    expect(signs).to_have_count(5)
    assert sorted(signs.all_text_contents()) == list("12345")
    # All legs are straight lines here, and look so.
    expect(page.locator("path.pw-estimate")).to_have_count(6)
    expect(page.locator(".pw-legend")).to_contain_text(SAID["routes: straight lines"])
    expect(page.locator(".st-key-route_timeline .bars .point")).to_have_count(11)
    expect(page.get_by_text(SAID["routes: proven best"])).to_be_visible()

    points = gpxpy.parse(content(page, "GPX").decode()).waypoints
    assert len(points) == 7
    kml = etree.fromstring(content(page, "KML"))
    assert kml.tag == "{http://www.opengis.net/kml/2.2}kml"
    calendar = icalendar.Calendar.from_ical(content(page, "Lịch (ICS)"))
    assert len(calendar.walk("VEVENT")) >= 5
    book = openpyxl.load_workbook(io.BytesIO(content(page, "Excel")))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert all(any(name in cell for cell in cells) for name in FIVE)
    sheet = content(page, "Bản in (A4)").decode()
    assert sheet.lower().startswith("<!doctype html") and "ước tính" in sheet
    assert 'class="ward visited"' in sheet
    told = json.loads(content(page, "JSON"))
    assert [stop["kind"] for stop in told["stops"]] == ["start", *["visit"] * 5, "end"]
    assert all(shapely.geometry.shape(leg["geometry"]).is_valid for leg in told["legs"])


def test_a_link_restores_the_route_and_back_and_forward_work(city_app: str, open_page: Open) -> None:
    page = open_page(city_app, OF_2023, **PATH)
    title(page).to_have_text(re.compile("^5 phường"))
    page.locator('path[data-ward="11407"]').click()
    title(page).to_have_text(re.compile("^6 phường"))
    expect(page).to_have_url(re.compile("stops=.*11407"))
    query, said = page.evaluate("location.search"), page.locator("h1").inner_text()
    order = stops(page)
    page.go_back()
    title(page).to_have_text(re.compile("^5 phường"))
    page.go_forward()
    title(page).to_have_text(said)
    other = open_page(city_app, query, ready=".rt-visit", **PATH)
    title(other).to_have_text(said)
    assert stops(other) == order


def test_an_order_is_changed_by_key_and_by_drag_and_its_cost_is_told(city_app: str, open_page: Open) -> None:
    page = open_page(city_app, OF_2023, ready=".rt-visit", **PATH)
    best = stops(page)
    down = page.get_by_role("button", name=f"Đưa xuống muộn hơn: {best[0]}")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator(STOPS)).to_have_text([best[1], best[0], *best[2:]])
    expect(page.get_by_text(SAID["routes: the locked order is longer"])).to_be_visible()
    expect(page).to_have_url(re.compile("lock=yes"))
    # The one that was moved keeps the focus, so that it can be moved on.
    expect(page.get_by_role("button", name=f"Đưa xuống muộn hơn: {best[0]}")).to_be_focused()
    page.locator(".rt-visit", has_text=best[0]).drag_to(page.locator(".rt-visit").first)
    expect(page.locator(STOPS)).to_have_text(best)
    expect(page.get_by_text("Thứ tự đã khóa: ngắn bằng thứ tự tốt nhất")).to_be_visible()
    page.get_by_role("button", name=f"Bỏ khỏi lộ trình: {best[4]}").click()
    expect(page.locator(STOPS)).to_have_text(best[:4])


def test_a_longer_search_shows_how_far_it_is_leaves_the_page_usable_and_stops(
    searching_app: str, open_page: Open
) -> None:
    page = open_page(searching_app, SIXTEEN, ready=".rt-visit", **PATH)
    expect(page.locator(".rt-team")).to_have_count(2)
    expect(page.get_by_text("chưa chứng minh là không có phương án tốt hơn")).to_be_visible()
    page.get_by_role("button", name="Tìm thêm 3600 giây").click()
    expect(page.get_by_text(re.compile(r"Đang tìm: [1-9]\d*/3600 giây"))).to_be_visible()
    # The page answers meanwhile.
    page.get_by_role("radio", name="EN").click()
    expect(page.get_by_text(re.compile("Searching: .* of 3600 s"))).to_be_visible()
    title(page).to_have_text(re.compile("^16 wards by"))
    page.get_by_role("button", name="Stop and show the best so far").click()
    expect(page.get_by_text("The longer search has ended; the best it found is shown.")).to_be_visible()
    expect(page.get_by_text(re.compile("Searching:"))).to_have_count(0)


def test_there_is_room_on_every_screen(city_app: str, open_page: Open) -> None:
    page = open_page(city_app, OF_2023, ready=".rt-visit", **PATH)
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(".pw-stop").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".stMain").evaluate("node => node.scrollWidth <= node.clientWidth")
        if width > 1000:
            # Map, list, timeline and files answer without scrolling.
            for name in (".pw-stage", ".rt-list", ".st-key-route_timeline", DOWNLOADS):
                box = page.locator(name).bounding_box()
                assert box is not None and box["y"] + box["height"] <= height, name


@pytest.mark.parametrize("query", [OF_2023, MANY])
def test_there_are_no_serious_barriers(city_app: str, open_page: Open, query: str) -> None:
    page = open_page(city_app, query, **PATH)
    expect(page.locator("h1")).to_be_visible()
    assert serious(page) == []


def test_names_are_text_on_the_map_in_the_list_and_in_the_sentences(
    hostile_app: str, open_page: Open
) -> None:
    page = open_page(hostile_app, "?day=23/11/2023&start=00001&stops=00001,00003&edit=yes", **PATH)
    expect(page.locator(STOPS).filter(has_text=SCRIPT)).to_have_count(1)
    expect(page.locator(".pw-labels text").filter(has_text=SCRIPT)).to_have_count(1)
    # What is typed while the page is still drawn for the first time is lost.
    page.wait_for_selector(IDLE)
    page.get_by_role("textbox", name="Ngày").fill(SCRIPT)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(SCRIPT)
    assert page.locator("img[src=x]").count() == 0
