"""Progress as its user sees it: views, links, days, back and forward, names that stay text, every screen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from geodata.contract.layers import LAYERS, read_layer, write_layers
from tests.browser.conftest import IDLE, Open, downloaded, serious, served
from tests.browser.test_overview_in_browser import SCREENS, title
from tests.browser.test_period_in_browser import choose
from tests.inspected_city import BATCH
from tests.small_city import OLD
from tests.wording import SAID

SCRIPT = "<img src=x onerror=alert(1)>"
FORMULA = "=cmd|' /C calc'!A0"


def write_hostile_city(inspected_gpkg: Path, path: Path) -> None:
    """Write the inspected city with hostile names, a file imported within its days, and a headquarters."""
    layers = {name: read_layer(inspected_gpkg, name) for name in LAYERS}
    ward = layers["ward"]
    is_pilot = (ward["vintage"] == OLD) & (ward["ward_code"] == "00002")
    layers["ward"] = ward.assign(ward_name=ward["ward_name"].mask(is_pilot, SCRIPT))
    source = layers["source"]
    is_batch = source["source_id"] == BATCH
    layers["source"] = source.assign(
        title=source["title"].mask(is_batch, FORMULA),
        publisher=source["publisher"].mask(is_batch, SCRIPT),
        published=source["published"].mask(is_batch, pd.Timestamp("2025-06-01")),
    )
    layers["indicator_value"] = pd.DataFrame(
        [
            {
                "vintage": OLD,
                "ward_code": "00002",
                "indicator_code": "headquarters_ready_pct",
                "period_start": pd.Timestamp("2023-12-01"),
                "period_end": pd.Timestamp("2023-12-31"),
                "value": 55.5,
                "numerator": None,
                "denominator": None,
                "source": BATCH,
                "is_illustrative": False,
            }
        ]
    )
    write_layers(path, layers)


@pytest.fixture(scope="module")
def hostile_app(inspected_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("hostile") / "haiphong.gpkg"
    write_hostile_city(inspected_gpkg, path)
    with served(path) as address:
        yield address


def opened(open_page: Open, app: str, query: str = "", **size: int) -> Page:
    # What a page draws last: a choice made while it is still drawn for the first time is lost.
    return open_page(app, query, path="progress", ready=".stExpander", **size)


def test_the_question_is_answered_on_one_screen(inspected_app: str, open_page: Open) -> None:
    page = opened(open_page, inspected_app, f"?vintage={OLD}")
    title(page).to_have_text(re.compile("^Một phường từng được chọn thí điểm .* 100\\s% đến năm 2030$"))
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    first_line = SAID["progress: the line to the target"].partition(",")[0]
    expect(page.get_by_text(first_line)).to_be_visible()
    expect(page.locator(".hp-card b")).to_have_text(["1", "1 / 1", "2030"])
    for figure in (".js-plotly-plot >> nth=1", ".hp-cards"):
        box = page.locator(figure).bounding_box()
        assert box is not None and box["y"] + box["height"] <= 768


def test_days_change_title_chart_table_and_figures_and_back_and_forward_return(
    inspected_app: str, open_page: Open
) -> None:
    page = opened(open_page, inspected_app, f"?vintage={OLD}")
    page.get_by_role("radio", name="Dòng thời gian").click()
    title(page).to_have_text(SAID["progress: what changed"])
    expect(page.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(5)
    # The one of the view before goes only when the page has run to its end.
    page.wait_for_selector(IDLE)
    expect(page.locator(".stExpander summary")).to_have_count(1)
    page.locator(".stExpander summary").click()
    expect(page.locator(".hp-sheet tbody tr")).to_have_count(5)
    choose(page, "01/01/2024", "31/12/2024")
    title(page).to_have_text(re.compile("không lần chuyển giai đoạn và một lượt kiểm tra$"))
    expect(page.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(1)
    expect(page.locator(".hp-sheet tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/progress\?from=2024-01-01&to=2024-12-31&view=timeline$"))
    page.go_back()
    expect(page.locator(".hp-sheet tbody tr")).to_have_count(5)
    page.go_forward()
    expect(page.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(1)


def test_a_link_opens_the_same_page_elsewhere_in_english(inspected_app: str, open_page: Open) -> None:
    page = opened(open_page, inspected_app, "?lang=en&facts=all&to=2023-12-31&from=2021-03-17")
    page.get_by_role("radio", name="Criteria met").click()
    expect(page).to_have_url(re.compile("view=criteria"))
    page.get_by_text("Also wards outside the programme").click()
    told = "Illustrative: at their latest inspection three wards met 6 of 8 criteria assessed (75%)"
    title(page).to_have_text(told)
    expect(page).to_have_url(re.compile("outside=yes"))
    query = page.evaluate("location.search")
    other = opened(open_page, inspected_app, query)
    title(other).to_have_text(told)
    expect(other.locator(".js-plotly-plot .barlayer .trace")).to_have_count(3)
    expect(other.locator(".js-plotly-plot .ytick")).to_have_count(3)


def test_names_from_files_show_as_text_in_charts_tables_and_lists(hostile_app: str, open_page: Open) -> None:
    page = opened(open_page, hostile_app, f"?vintage={OLD}&view=headquarters")
    expect(page.locator(".js-plotly-plot .ytick").filter(has_text=SCRIPT)).to_have_count(1)
    expect(page.get_by_text("55,5\u00a0%").first).to_be_visible()
    page.get_by_role("radio", name="Thay đổi trong kỳ").click()
    expect(page.locator(".hp-list li").filter(has_text=FORMULA)).to_contain_text(SCRIPT)
    # The one of the view before goes only when the page has run to its end.
    expect(page.locator(".stExpander summary")).to_have_count(1)
    page.wait_for_selector(IDLE)
    page.locator(".stExpander summary").click()
    expect(page.locator(".hp-sheet").get_by_text(SCRIPT).first).to_be_visible()
    text = downloaded(page, "CSV").path().read_text(encoding="utf-8-sig")
    assert SCRIPT in text
    assert not re.search(r"(^|;)=", text, re.M)
    assert page.locator("img[src='x']").count() == 0


@pytest.mark.parametrize("query", ["", "?view=criteria&to=2023-12-31&from=2021-03-17", "?view=changes"])
def test_axe_finds_nothing_serious(inspected_app: str, open_page: Open, query: str) -> None:
    page = opened(open_page, inspected_app, query)
    # The one of the view before goes only when the page has run to its end.
    expect(page.locator(".stExpander summary")).to_have_count(1)
    page.locator(".stExpander summary").click()
    expect(page.locator(".hp-sheet")).to_be_visible()
    assert serious(page) == []


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_nothing_is_wider_than_the_screen(
    inspected_app: str, open_page: Open, width: int, height: int
) -> None:
    page = opened(open_page, inspected_app, "?facts=all", width=width, height=height)
    expect(page.locator(".js-plotly-plot .scatterlayer").first).to_be_visible()
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    page.get_by_role("radio", name="Thay đổi trong kỳ").click()
    expect(page.locator(".hp-list li").first).to_be_visible()
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
