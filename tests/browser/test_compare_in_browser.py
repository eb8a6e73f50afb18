"""The page that compares as its user sees it: small maps, dots, a table, links, names that are no code."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, downloaded, serious, served
from tests.browser.test_overview_in_browser import SCREENS, title
from tests.browser.test_period_in_browser import choose
from tests.compared_city import FORMULA, SCRIPT, write_compared_city
from tests.wording import SAID

QUERY = "?from=2024-01-01&to=2024-12-31&facts=all&view=maps"
DRAWN = ".cp-table"
PAINTED = ".st-key-compare_map_2 .pw-map[data-paints]"
OF_FIRES = f"Minh họa: {SAID['compare: two districts']}"


def of_city(small_gpkg: Path, folder: Path, *, is_hostile: bool) -> Iterator[str]:
    path = folder / "haiphong.gpkg"
    write_compared_city(small_gpkg, path, is_hostile=is_hostile)
    with served(path) as address:
        yield address


@pytest.fixture(scope="module")
def compared_app(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from of_city(small_gpkg, tmp_path_factory.mktemp("compared"), is_hostile=False)


@pytest.fixture(scope="module")
def hostile_app(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from of_city(small_gpkg, tmp_path_factory.mktemp("hostile"), is_hostile=True)


def fills(page: Page) -> Any:
    """Return the colour of An Đông on the first small map."""
    node = page.locator(".pw-map").first.locator('path[data-ward="00001"]')
    return node.evaluate("node => getComputedStyle(node).fill")


def test_districts_are_compared_on_maps_dots_and_a_table(compared_app: str, open_page: Open) -> None:
    page = open_page(compared_app, QUERY, path="compare", ready=PAINTED)
    title(page).to_have_text(OF_FIRES)
    expect(page.locator(".hp-sub .hp-badge")).to_have_text("SỐ LIỆU MINH HỌA")
    maps = page.locator(".pw-map[data-paints]")
    expect(maps).to_have_count(3)
    expect(page.locator(".cp-caption b")).to_have_text(["27,94", "35,64", "chưa có thông tin"])
    expect(page.locator(".js-plotly-plot .ytick")).to_contain_text(
        [re.compile("Quận Đông.*27,94 · hạng 1/2")]
    )
    expect(page.locator(".cp-table tbody tr")).to_have_count(4)
    expect(page.locator(".cp-table .cp-city td").first).to_contain_text("32,01 (")
    first = page.locator(".cp-table tbody tr").first
    expect(first).to_contain_text("27,94 (21,78–35,30)")
    expect(first).to_contain_text("Thấp hơn 4,07")
    expect(first).to_contain_text("Giảm 50 vụ (41,8")


def test_the_funnel_shows_all_units_within_the_limits(compared_app: str, open_page: Open) -> None:
    query = "?from=2024-01-01&to=2024-12-31&facts=all"
    page = open_page(compared_app, query, path="compare", ready=".js-plotly-plot .legendtext")
    title(page).to_have_text(OF_FIRES)
    expect(page.locator(".js-plotly-plot").first).to_contain_text("trong giới hạn (2)")
    expect(page.locator(".cp-note").first).to_contain_text("Spiegelhalter")


def test_days_change_headline_maps_and_table_together_and_back(compared_app: str, open_page: Open) -> None:
    page = open_page(compared_app, QUERY, path="compare", ready=PAINTED)
    coloured = fills(page)
    choose(page, "01/02/2024", "31/12/2024")
    title(page).to_have_text(re.compile("^Chưa có số liệu về số vụ cháy, nổ"))
    expect(page.locator(".cp-table tbody td").first).to_have_text("chưa có thông tin")
    expect(page.locator(".pw-map").first.locator('path[data-ward="00001"]')).to_have_css(
        "fill", re.compile("url")
    )
    expect(page).to_have_url(re.compile("from=2024-02-01&to=2024-12-31"))
    page.go_back()
    title(page).to_have_text(OF_FIRES)
    expect(page.locator(".pw-map").first.locator('path[data-ward="00001"]')).to_have_css("fill", coloured)
    page.go_forward()
    title(page).to_have_text(re.compile("^Chưa có số liệu"))


def test_a_link_copied_opens_the_same_page_elsewhere(compared_app: str, open_page: Open) -> None:
    page = open_page(compared_app, QUERY, path="compare", ready=PAINTED)
    page.get_by_role("radio", name="Với cùng kỳ").click()
    title(page).to_have_text(re.compile("Quận Đông: .* là 27,94, giảm từ 48,03 của cùng kỳ năm trước"))
    page.get_by_role("radio", name="km²").click()
    title(page).to_have_text(re.compile("trên km² và năm là 34,93, giảm từ 60,04"))
    expect(page).to_have_url(re.compile("per=per_km2"))
    query = page.evaluate("location.search")
    said, table = page.locator("h1").inner_text(), page.locator(DRAWN).inner_text()
    other = open_page(compared_app, query, path="compare", ready=DRAWN)
    title(other).to_have_text(said)
    expect(other.locator(DRAWN)).to_have_text(re.compile("01/01/2023 – 31/12/2023"))
    assert other.locator(DRAWN).inner_text() == table
    expect(other.locator(".pw-map[data-paints]")).to_have_count(2)


def test_there_is_room_on_every_screen(compared_app: str, open_page: Open) -> None:
    page = open_page(compared_app, QUERY, path="compare", ready=PAINTED)
    expect(page.locator(".pw-map[data-paints]")).to_have_count(3)
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".stMain").evaluate("node => node.scrollWidth <= node.clientWidth")
        if width > 1000:
            # The maps and the dots answer without scrolling.
            for box in (page.locator(".pw-stage").last, page.locator(".js-plotly-plot .ytick").last):
                seen = box.bounding_box()
                assert seen is not None
                assert seen["y"] + seen["height"] < height


def test_it_speaks_english_and_has_no_serious_barriers(compared_app: str, open_page: Open) -> None:
    page = open_page(compared_app, f"{QUERY}&all=yes&lang=en", path="compare", ready=DRAWN)
    title(page).to_have_text(
        "Illustrative: Fires per 1,000 residents and year: units differ no more than chance explains"
    )
    expect(page.locator(".cp-table tbody tr").first).to_contain_text("4.07 lower")
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    assert serious(page) == []


def test_names_are_text_on_maps_in_charts_tables_and_files(
    hostile_app: str, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(hostile_app, f"{QUERY}&units=901,00001,902&all=yes", path="compare", ready=DRAWN)
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    expect(page.locator(".cp-table tbody th")).to_contain_text([FORMULA, SCRIPT])
    expect(page.locator(".cp-caption")).to_contain_text([FORMULA, SCRIPT])
    expect(page.locator(".js-plotly-plot").first).to_contain_text(SCRIPT)
    assert page.locator("img[src=x]").count() == 0
    path = tmp_path / "compare.xlsx"
    downloaded(page, "Excel").save_as(path)
    cells = [cell for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
    named = [cell for cell in cells if FORMULA in str(cell.value)]
    assert named
    assert {cell.data_type for cell in named} == {"s"}
