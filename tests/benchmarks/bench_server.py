"""What the server takes of memory and processor: ``python -m tests.benchmarks.bench_server``.

The city is served; one page visits overview, ward map and comparison, then changes the days on the ward map,
of the programme and of two figures in turn. Memory is what the process holds (RSS); of the processor a change
takes what answers it ahead and the run of the page that follows.
"""

import argparse
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.browsing import IDLE, SHAPES, VIEWPORT, Server, build_city, chromium, served, visit

MOST_MB, MOST_GROWTH_MB = 300, 10
PAGES = ("overview?facts=all", "ward_map?facts=all", "compare?facts=all")
FIGURES = ("", "&figure=crime_cases", "&figure=satisfaction_pct")


def change_often(page: Page, server: Server, changes: int) -> float:
    """Change the days so often, to a range that is new each time; return the processor's ms a change."""
    before = server.processor_ms
    for number in range(changes):
        since = date(2022, 1, 1) + timedelta(days=number % 700)
        until = date(2024, 1, 1) + timedelta(days=number // 700)
        page.locator(".hp-chip").click()
        for field, day in zip(page.locator(".hp-ends input").all(), (since, until), strict=True):
            field.fill(f"{day:%d/%m/%Y}")
        page.locator(".hp-apply").click()
        page.wait_for_url(f"**from={since}&to={until}**")
        page.wait_for_selector(IDLE)
        if number % 200 == 199:
            print(f"{number + 1:6} changes{server.megabytes:8.0f} MB", flush=True)
    return (server.processor_ms - before) / changes


def main() -> None:
    """Measure, print and fail where a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--changes", type=int, default=200, help="of each of three figures (%(default)s)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        city = build_city(Path(name) / "haiphong.gpkg")
        with served(gpkg=city) as server, chromium(playwright) as browser:
            context = browser.new_context(bypass_csp=True, viewport=VIEWPORT)
            for page in PAGES:
                visited = context.new_page()
                visited.goto(f"{server.address}/{page}")
                visited.wait_for_selector(IDLE)
                visited.close()
                print(f"{page:40}{server.megabytes:8.0f} MB")
            held = []
            for figure in FIGURES:
                opened = visit(context, f"{server.address}/ward_map?facts=all{figure}", SHAPES)
                taken = change_often(opened.page, server, asked.changes)
                held.append(server.megabytes)
                print(f"{asked.changes} changes{figure:30}{held[-1]:8.0f} MB{taken:8.0f} ms a change")
                opened.page.close()
    if held[-1] > MOST_MB or held[-1] - held[0] > MOST_GROWTH_MB:
        sys.exit(f"more than {MOST_MB} MB, or grown by more than {MOST_GROWTH_MB} MB")


if __name__ == "__main__":
    main()
