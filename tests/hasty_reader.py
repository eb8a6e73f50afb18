"""A reader who chooses at random and in haste: what tests and ``make soak-choices`` drive.

Whatever was chosen, and however late an answer came: what stands on the page at the end is what a fresh page
of its address shows.
"""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from playwright.sync_api import Page, TimeoutError

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

BROUGHT = """() => {
  const { pathname, searchParams } = new URL(location.href);
  searchParams.sort();
  const link = `${pathname.split("/").pop() || "overview"}?${searchParams}`;
  return document.querySelector(".pw-map[data-link]")?.dataset.link === link;
}"""
"""Whether the page has brought the map of the link that its address is."""

SETTLED = f"""() => {{
  const isBrought = document.querySelector('{IDLE}') && !document.querySelector("#pw-first") && ({BROUGHT})();
  // Between two runs the page rests for a moment, with all of the first: what was chosen then is to come.
  if (!isBrought || window.settledAt !== location.href) window.settledSince = performance.now();
  window.settledAt = location.href;
  return performance.now() - window.settledSince > 1000;
}}"""
"""Whether it has brought all of it, its first view is gone, and no other run has followed."""

LINKS = (
    "ward_map?facts=all&figure=crime_cases",
    "ward_map?facts=all&figure=days_since&from=2023-01-01&to=2024-06-30",
    "ward_map?lang=en",
    "?facts=all&from=2022-03-15&to=2025-03-01",
    "?lang=en",
)

RANGES = [
    (f"{since:02}/{month:02}/{year}", f"28/{later:02}/{year + 1}")
    for year in (2022, 2023, 2024)
    for since, month, later in ((1, 1, 12), (15, 3, 6), (1, 7, 11))
]


def shown(page: Page) -> dict[str, Any]:
    """Return what a page shows once it has brought what its address says."""
    page.evaluate("window.settledSince = performance.now()")
    page.wait_for_function(SETTLED)
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
    options.first.wait_for()
    options.nth(at.randrange(options.count())).click()


def choose_figure(page: Page, at: random.Random) -> None:
    """Choose a figure, where the page has several."""
    figure = page.locator(".st-key-page_figure input")
    if not figure.count():
        return
    figure.click()
    options = page.get_by_role("option")
    options.first.wait_for()
    options.nth(at.randrange(options.count())).click()


def choose_per(page: Page, at: random.Random) -> None:
    """Choose what the figure is set against, where it can be."""
    options = page.locator(".st-key-page_per [role=radio]")
    if options.count():
        options.nth(at.randrange(options.count())).click()


def choose_facts(page: Page, _: random.Random) -> None:
    """Choose verified facts only, or all."""
    page.locator(".st-key-verified_only label").click()


def choose_language(page: Page, at: random.Random) -> None:
    """Choose a language."""
    page.locator(".st-key-language [role=radio]").nth(at.randrange(2)).click()


def turn(page: Page, at: random.Random) -> None:
    """Turn to a page by the frame's link."""
    page.locator(at.choice(["nav a[href*=ward_map]", "nav a >> nth=0"])).click()


def open_link(page: Page, at: random.Random) -> None:
    """Open a link that was sent."""
    page.goto(f"{page.url.rpartition('/')[0]}/{at.choice(LINKS)}", wait_until="commit")


def step(page: Page, at: random.Random) -> None:
    """Step back and, mostly, forward again, once the address says what was chosen."""
    page.wait_for_function(BROUGHT)
    if page.evaluate("navigation.currentEntry.index"):
        page.go_back(wait_until="commit")
        if at.random() < 0.7:
            page.go_forward(wait_until="commit")


CHOICES: tuple[Callable[[Page, random.Random], None], ...] = (
    choose_days,
    choose_days,
    choose_boundaries,
    choose_figure,
    choose_per,
    choose_facts,
    choose_language,
    turn,
    open_link,
    step,
)


def haste(pages: Sequence[Page], at: random.Random, count: int) -> None:
    """Make so many choices on open pages, most of them before the page has answered the one before."""
    for _ in range(count):
        page = at.choice(pages)
        page.set_default_timeout(10_000)
        # What a run took away under the pointer is let go; a page that hangs fails when it is looked at.
        with suppress(TimeoutError):
            at.choice(CHOICES)(page, at)
        page.set_default_timeout(30_000)
        if at.random() < 0.3:
            page.wait_for_selector(IDLE)
