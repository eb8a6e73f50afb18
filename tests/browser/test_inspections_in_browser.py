"""The page of inspections as its user works in it: dragging over months, searching, links, by keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, serious
from tests.browser.test_overview_in_browser import VISITS, title
from tests.judged_city import FORMULA, MARKUP
from tests.small_city import OLD
from tests.wording import SAID

OF_ALL = SAID["inspections: three at two wards"]
OF_JUNE = SAID["inspections: one on 10/06/2022"]
PATH = {"path": "inspections"}


def rows(page: Page) -> Locator:
    return page.locator(".hp-sheet tbody tr")


def drag_over(page: Page, since: str, until: str) -> None:
    """Drag over the chart from one day to another."""
    surface = page.locator(".js-plotly-plot .nsewdrag")
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    assert box is not None
    ends = page.evaluate(
        """([since, until]) => {
            const axis = document.querySelector(".js-plotly-plot")._fullLayout.xaxis;
            return [axis.d2p(since), axis.d2p(until)];
        }""",
        [since, until],
    )
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + ends[0], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + ends[1], middle + 5, steps=8)
    page.mouse.up()


def test_dragging_over_months_changes_title_map_table_and_figures_and_goes_back_and_forward(
    judged_app: str, open_page: Open
) -> None:
    page = open_page(judged_app, f"?vintage={OLD}", **PATH)
    title(page).to_have_text(OF_ALL)
    expect(rows(page)).to_have_count(3)
    inspected = page.locator('path[data-ward="00002"]').evaluate("shape => shape.style.fill")
    drag_over(page, "2022-05-20", "2022-07-05")
    title(page).to_have_text(OF_JUNE)
    expect(page).to_have_url(re.compile(r"/inspections\?from=2022-06-01&to=2022-06-30$"))
    expect(page.locator(".hp-chip")).to_have_text("Từ 01/06/2022 đến 30/06/2022")
    expect(rows(page)).to_have_count(1)
    expect(page.locator(".hp-card b").first).to_have_text("1")
    expect(page.locator('path[data-ward="00002"]')).not_to_have_css("fill", inspected)
    expect(page.locator(".js-plotly-plot .shapelayer path")).to_have_count(1)
    page.go_back()
    title(page).to_have_text(OF_ALL)
    expect(rows(page)).to_have_count(3)
    page.go_forward()
    title(page).to_have_text(OF_JUNE)


def test_a_link_opens_the_same_page_elsewhere_in_both_languages(judged_app: str, open_page: Open) -> None:
    page = open_page(judged_app, "?facts=all", **PATH)
    page.get_by_role("radio", name="Tiêu chí × phường, xã").click()
    expect(page.locator(".hp-matrix tbody tr")).to_have_count(5)
    page.get_by_label("Tìm kiếm").fill("hoa binh")
    page.get_by_label("Tìm kiếm").press("Enter")
    expect(page.locator(".hp-matrix tbody tr")).to_have_count(2)
    expect(page.locator(".hp-matrix tbody tr").last.locator("td")).to_have_text(["1/1", "✓", "–", "·"])
    page.get_by_role("radio", name="EN").click()
    title(page).to_have_text(re.compile("^Illustrative: "))
    expect(page).to_have_url(
        re.compile(r"(?=.*lang=en)(?=.*facts=all)(?=.*view=matrix)(?=.*search=hoa\+binh)")
    )
    headline, query = page.locator("h1").inner_text(), page.evaluate("location.search")
    other = open_page(judged_app, query, **PATH)
    title(other).to_have_text(headline)
    expect(other.get_by_label("Search")).to_have_value("hoa binh")
    expect(other.locator(".hp-matrix tbody tr")).to_have_count(2)
    expect(other.locator(".pw-badge")).to_have_text("ILLUSTRATIVE FIGURES")


def test_the_keyboard_alone_goes_through_views_and_scrolls_the_table(
    judged_app: str, open_page: Open
) -> None:
    page = open_page(judged_app, **PATH)
    page.get_by_role("radio", name=re.compile("^Danh sách")).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("view=overdue"))
    expect(page.locator(".hp-silent")).to_contain_text(SAID["inspections: no limit"])
    expect(page.locator(".hp-late")).to_have_count(0)
    table = page.locator(".hp-sheet")
    table.focus()
    expect(table).to_be_focused()
    source = page.locator(".hp-sheet summary").first
    source.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".hp-sheet details[open] span")).to_be_visible()


def test_a_click_on_the_map_searches_for_the_ward(judged_app: str, open_page: Open) -> None:
    page = open_page(judged_app, f"?vintage={OLD}", **PATH)
    page.locator('path[data-ward="00002"]').click()
    expect(page.get_by_label("Tìm kiếm")).to_have_value("Hòa Bình")
    expect(rows(page)).to_have_count(2)


def test_hostile_names_are_text_and_axe_finds_nothing_serious(judged_app: str, open_page: Open) -> None:
    page = open_page(judged_app, "?view=recommendations", **PATH)
    page.get_by_text("Theo đơn vị thực hiện và tình trạng").click()
    expect(page.get_by_text(FORMULA).last).to_be_visible()
    expect(page.get_by_text(MARKUP).first).to_be_visible()
    assert serious(page) == []
    page.get_by_text(SAID["frame: verified facts only"], exact=True).click()
    # A view that is chosen by its name before its number of rows has changed is not known any more.
    expect(page.get_by_role("radio", name="Danh sách (5)")).to_be_visible()
    for view, table in (
        (re.compile("^Danh sách"), "Kiểm tra"),
        (re.compile("^Tiêu chí"), "Tiêu chí theo phường, xã"),
        (re.compile("^Lần kiểm tra gần nhất"), "Lần kiểm tra gần nhất của từng đơn vị"),
    ):
        page.get_by_role("radio", name=view).click()
        expect(page.get_by_role("region", name=table, exact=True)).to_be_visible()
        assert serious(page) == [], table
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("screens", VISITS)
def test_the_page_fits_on_every_screen(
    judged_app: str, open_page: Open, screens: list[tuple[int, int]]
) -> None:
    page = open_page(judged_app, "?facts=all", width=screens[0][0], height=screens[0][1], **PATH)
    expect(rows(page).first).to_be_attached()
    for width, height in screens:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
        if width > 1000:
            box = rows(page).first.bounding_box()
            assert box is not None and box["y"] + box["height"] < height
