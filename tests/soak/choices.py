"""Five hundred choices at random and in haste, on two open pages: ``make soak-choices``.

Of ward map and overview, with links opened, back and forward. After each few both must show what a fresh page
of their address shows: map, legend, headline, lines, and the table that is downloaded.
"""

import argparse
import random
import sys
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from tests.benchmarks.browsing import visited_city
from tests.hasty_reader import haste, shown

LINK = "ward_map?facts=all&figure=crime_cases"


def table(page: Page) -> bytes:
    """Return the table of the page as it is downloaded; of the overview, which has none, nothing."""
    menu = page.locator(".st-key-downloads_menu button")
    if not menu.count():
        return b""
    menu.click()
    with page.expect_download() as file:
        page.get_by_role("button", name="CSV").click()
    page.keyboard.press("Escape")
    return Path(file.value.path()).read_bytes()


def opened(context: BrowserContext, address: str) -> Page:
    """Open a page and return it once its map is painted."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".pw-map[data-paints]")
    return page


def is_right(page: Page, context: BrowserContext) -> bool:
    """Return whether a page shows what a fresh one of its address does; print what differs."""
    told = {**shown(page), "table": table(page)}
    fresh = opened(context, page.url)
    should = {**shown(fresh), "table": table(fresh)}
    fresh.close()
    if told != should:
        print(f"differs: {page.url}")
    for part in told:
        if told[part] != should[part]:
            print(f"  {part}: {told[part]!s:.300}\n  should be {should[part]!s:.300}", flush=True)
    return told == should


def main() -> None:
    """Make the choices and fail where a page shows something else than a fresh one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--choices", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=10, help="choices between two looks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gpkg", type=Path, help="what is served; built where it is left out")
    asked = parser.parse_args()
    at, wrong = random.Random(asked.seed), 0
    with visited_city(asked.gpkg) as (_, server, context):
        pages = [opened(context, f"{server.address}/{LINK}") for _ in range(2)]
        for number in range(asked.choices // asked.at_once):
            haste(pages, at, asked.at_once)
            for page in pages:
                page.bring_to_front()
                wrong += not is_right(page, context)
            print(f"{(number + 1) * asked.at_once} choices, {server.megabytes:.0f} MB", flush=True)
    if wrong:
        sys.exit(f"{wrong} looks showed something else than a fresh page")


if __name__ == "__main__":
    main()
