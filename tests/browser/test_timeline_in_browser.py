"""The timeline as its user moves it: the map follows without the server, the page when the handle is left."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, serious, served
from tests.browser.test_overview_in_browser import title
from tests.browser.test_period_in_browser import choose
from tests.monthly_city import write_monthly_city
from tests.small_city import NEW, OLD

QUERY = f"?vintage={OLD}&facts=all&figure=fires"


@pytest.fixture(scope="module")
def monthly_app(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("monthly") / "haiphong.gpkg"
    write_monthly_city(small_gpkg, path)
    with served(path) as address:
        yield address


def opened(open_page: Open, address: str, query: str = QUERY, **size: int) -> Page:
    page = open_page(address, query, path="ward_map", **size)
    expect(handles(page).last).to_have_attribute("aria-valuetext", re.compile(r"^\d\d/\d{4}$"))
    return page


def handles(page: Page) -> Locator:
    return page.locator(".pw-timeline input")


def shown(page: Page) -> Any:
    """Return what a reader sees of the map."""
    return page.evaluate(
        """() => {
          const all = (selector, told) => [...document.querySelectorAll(selector)].map(told);
          return {
            fills: Object.fromEntries(all("path.pw-ward", (node) => [node.dataset.ward, node.style.fill])),
            outlined: all("path.pw-outlined", (node) => node.dataset.ward),
            legend: document.querySelector(".pw-legend").innerText,
            badge: document.querySelector(".pw-badge").checkVisibility(),
            circles: all(".pw-circles circle", (node) => [node.dataset.circle, node.getAttribute("r")]),
            sizes: document.querySelector(".pw-sizes")?.outerHTML,
          };
        }"""
    )


def settled(page: Page) -> None:
    """Wait until the page has said what the timeline was left at."""
    expect(page.locator(".pw-swept")).to_have_count(0)


@pytest.mark.parametrize("per", ["per_1000", "value"])
def test_a_drag_asks_nobody_and_shows_what_the_page_then_says(
    monthly_app: str, open_page: Open, per: str
) -> None:
    page = opened(open_page, monthly_app, f"{QUERY}&per={per}")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    box = handles(page).first.bounding_box()
    assert box is not None
    y, before = box["y"] + box["height"] / 2, shown(page)
    page.mouse.move(box["x"] + 12, y)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(box["x"] + 12 + 0.04 * step * box["width"], y)
    expect(handles(page).first).to_have_attribute("aria-valuetext", re.compile("2024|2025"))
    during = shown(page)
    assert during != before
    assert sent == []
    assert "from=" not in page.url
    page.mouse.up()
    page.wait_for_url(re.compile(r"from=20\d\d-\d\d-01&to=2025-12-31"))
    settled(page)
    assert shown(page) == during
    assert [url for url in sent if "/app/" in url] == []
    fresh = opened(open_page, monthly_app, page.url.partition("ward_map")[2])
    assert shown(fresh) == during
    title(fresh).to_have_text(page.locator("h1").inner_text())


def test_keys_move_a_handle_by_a_month_and_stop_at_the_other(monthly_app: str, open_page: Open) -> None:
    page = opened(open_page, monthly_app, f"{QUERY}&from=2025-03-01&to=2025-05-31")
    first, last = page.get_by_role("slider", name="Từ tháng"), page.get_by_role("slider", name="Đến tháng")
    expect(first).to_have_attribute("aria-valuetext", "03/2025")
    expect(last).to_have_attribute("aria-valuetext", "05/2025")
    for _ in range(4):
        first.press("ArrowRight")
    expect(first).to_have_attribute("aria-valuetext", "05/2025")
    page.wait_for_url(re.compile("from=2025-05-01&to=2025-05-31"))
    expect(page.locator(".hp-chip")).to_have_text("Từ 01/05/2025 đến 31/05/2025")
    first.press("ArrowLeft")
    page.wait_for_url(re.compile("from=2025-04-01&to=2025-05-31"))
    page.go_back()
    expect(first).to_have_attribute("aria-valuetext", "05/2025")


def test_a_handle_that_comes_back_leaves_all_as_it_was(monthly_app: str, open_page: Open) -> None:
    page = opened(open_page, monthly_app)
    address, before = page.url, shown(page)
    first = handles(page).first
    first.press("ArrowRight")
    first.press("ArrowLeft")
    expect(first).to_have_attribute("aria-valuetext", "03/2021")
    settled(page)
    assert (page.url, shown(page)) == (address, before)


def test_boundaries_that_follow_the_days_change_when_the_handle_is_left(
    monthly_app: str, open_page: Open
) -> None:
    page = opened(open_page, monthly_app, "?facts=all&figure=fires&from=2025-01-01&to=2025-07-31")
    figure = page.locator(".pw-map")
    expect(figure).to_have_attribute("data-vintage", NEW)
    handles(page).last.press("ArrowLeft")
    page.wait_for_url(re.compile("to=2025-06-30"))
    expect(figure).to_have_attribute("data-vintage", "2025-01-01")
    settled(page)
    moved = shown(page)
    assert moved == shown(opened(open_page, monthly_app, page.url.partition("ward_map")[2]))


def test_days_chosen_elsewhere_move_the_handles_and_a_cut_month_is_left_to_the_page(
    monthly_app: str, open_page: Open
) -> None:
    page = opened(open_page, monthly_app)
    choose(page, "1/2/2025", "30/4/2025")
    expect(handles(page).first).to_have_attribute("aria-valuetext", "02/2025")
    expect(handles(page).last).to_have_attribute("aria-valuetext", "04/2025")
    choose(page, "10/2/2025", "30/4/2025")
    page.wait_for_url(re.compile("from=2025-02-10"))
    settled(page)
    assert shown(page) == shown(opened(open_page, monthly_app, page.url.partition("ward_map")[2]))


def test_it_is_told_to_everybody_and_not_printed(monthly_app: str, open_page: Open) -> None:
    page = opened(open_page, monthly_app, f"{QUERY}&lang=en", width=390, height=844)
    expect(page.get_by_role("slider", name="First month")).to_be_visible()
    assert serious(page) == []
    page.emulate_media(media="print")
    expect(page.locator(".pw-timeline")).to_be_hidden()
    stages = open_page(monthly_app, f"?vintage={OLD}", path="ward_map")
    expect(stages.locator(".pw-timeline")).to_be_hidden()
