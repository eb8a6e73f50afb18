"""A reader who chooses on the ward map at random and in haste: what tests and ``make soak-choices`` drive.

Whatever was chosen, and however late an answer came: what stands on the page at the end is what a fresh page
of its address shows.
"""

import random
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import IDLE

SAID_BY_MAP = """() => {
  const text = (selector) => [...document.querySelectorAll(selector)].map((one) => one.innerText.trim());
  const fills = [...document.querySelectorAll("path.pw-ward")]
    .filter((path) => path.getAttribute("d") && path.isConnected)
    .map((path) => [path.dataset.ward, path.style.fill.replace(/pw\\d+-/, "")]).sort();
  return {
    fills,
    legend: text(".pw-legend li, .pw-key"),
    circles: [...document.querySelectorAll(".pw-circles circle")].map((one) => one.dataset.circle),
    headline: text("h1"),
    lines: text(".stMainBlockContainer [data-testid=stHtml]").filter(Boolean),
    vintage: document.querySelector(".pw-map").dataset.vintage,
  };
}"""
"""What the page shows: of a map the fills of its wards by code, whatever they are drawn with."""

RANGES = [
    (f"{since:02}/{month:02}/{year}", f"28/{later:02}/{year + 1}")
    for year in (2022, 2023, 2024)
    for since, month, later in ((1, 1, 12), (15, 3, 6), (1, 7, 11))
]


def shown(page: Page) -> dict[str, Any]:
    """Return what a page shows once it rests."""
    told: dict[str, Any] = {}
    # The page rests where two looks with a run's time between them see the same.
    while (now := _look(page)) != told:
        told = now
        page.wait_for_timeout(400)
    return told


def _look(page: Page) -> dict[str, Any]:
    page.wait_for_selector(IDLE)
    page.wait_for_selector(".pw-map[data-paints]")
    found: dict[str, Any] = page.evaluate(SAID_BY_MAP)
    return found


def choose_days(page: Page, at: random.Random) -> None:
    """Choose a range of days."""
    since, until = at.choice(RANGES)
    page.locator(".hp-chip").click()
    fields = page.locator(".hp-period .hp-ends input")
    fields.nth(0).fill(since)
    fields.nth(1).fill(until)
    page.locator(".hp-apply").click()


def choose_boundaries(page: Page, at: random.Random) -> None:
    """Choose boundaries."""
    options = page.locator(".st-key-vintage [role=radio]")
    options.nth(at.randrange(options.count())).click()


def choose_figure(page: Page, at: random.Random) -> None:
    """Choose a figure."""
    page.locator(".st-key-page_figure input").click()
    options = page.get_by_role("option")
    options.nth(at.randrange(options.count())).click()


def choose_per(page: Page, at: random.Random) -> None:
    """Choose what the figure is set against, where it can be."""
    options = page.locator(".st-key-page_per [role=radio]")
    if options.count():
        options.nth(at.randrange(options.count())).click()


def choose_facts(page: Page, _: random.Random) -> None:
    """Choose verified facts only, or all."""
    page.locator(".st-key-verified_only label").click()


CHOICES: tuple[Callable[[Page, random.Random], None], ...] = (
    choose_days,
    choose_days,
    choose_boundaries,
    choose_figure,
    choose_per,
    choose_facts,
)


def haste(page: Page, at: random.Random, count: int) -> None:
    """Make so many choices, most of them before the page has answered the one before."""
    for _ in range(count):
        at.choice(CHOICES)(page, at)
        if at.random() < 0.3:
            page.wait_for_selector(IDLE)
