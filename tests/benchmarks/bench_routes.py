"""How long it takes from a change of the day's terms to the new plan on the screen, with twelve stops.

Run: ``python -m tests.benchmarks.bench_routes``. The app is driven in Chromium with every other host blocked,
on the published GeoPackage and the street network beside it, if there is one. The time runs from the key that
changes the minutes of each visit to a number that no plan before has had, so that all is planned anew, to the
frame in which the map, the list or the timeline is new. The first case is weighed whole, in the
second the windows of two stops bind.
"""

import statistics
import sys

from playwright.sync_api import sync_playwright

from tests.benchmarks.browsing import START_SECONDS, VIEWPORT, Visit, chromium, served, visit

STOPS = [
    "11296", "11299", "11305", "11359", "11404", "11405", "11407", "11422", "11455", "11302", "11311", "11365"
]  # fmt: skip
CASES = {
    "order alone": ",".join(STOPS),
    "with windows": ",".join([*STOPS[:10], f"{STOPS[10]}:30:0900-1100", f"{STOPS[11]}:30:1300-"]),
}
WATCHED = {
    "map": """() => document.querySelector(".pw-map[data-paints]")?.dataset.paints""",
    "list": """() => document.querySelector(".rt-table")?.textContent""",
    "timeline": """() => [...document.querySelectorAll(".st-key-route_timeline .bars .point path")]
      .pop()?.getAttribute("d")""",
}
WARM_UP, CHANGES = 2, 9
MOST_MS = 1000


def measure(visited: Visit, first: int) -> tuple[float, float]:
    """Return the median and the longest of several changes from ``first`` minutes on, milliseconds."""
    taken = []
    field = visited.page.locator(".st-key-page_service input")
    for number in range(WARM_UP + CHANGES):
        visited.settle()
        field.fill(str(first + number))
        milliseconds = visited.change("keydown", lambda: visited.page.keyboard.press("Enter"))
        if number >= WARM_UP:
            taken.append(milliseconds)
    return statistics.median(taken), max(taken)


def main() -> None:
    """Measure the cases and print them."""
    slow = False
    with (
        sync_playwright() as playwright,
        chromium(playwright) as browser,
        served() as server,
        browser.new_context(viewport=VIEWPORT) as context,
    ):
        for name, stops in CASES.items():
            for place, (what, look) in enumerate(WATCHED.items()):
                visited = visit(context, f"{server.address}/routes?day=23/11/2023&stops={stops}", look)
                visited.page.wait_for_selector(".rt-visit", timeout=START_SECONDS * 1000)
                median, longest = measure(visited, 15 + 20 * place)
                slow |= median >= MOST_MS
                print(f"{name:16}{what:10}{median:6.0f} ms, {longest:.0f} ms at most", flush=True)
                visited.page.close()
    if slow:
        sys.exit(f"beyond {MOST_MS} ms")


if __name__ == "__main__":
    main()
