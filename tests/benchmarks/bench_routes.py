"""How long a plan takes to reckon, and from a change of the day's terms to the new plan on the screen.

Run: ``python -m tests.benchmarks.bench_routes``. The app is driven in Chromium with every other host blocked,
on the published GeoPackage and the street network beside it, if there is one. The time runs from the key that
changes the minutes of each visit to a number that no plan before has had, so that all is planned anew, to the
frame in which the map, the list or the timeline is new. The first case is weighed whole, in the
second the windows of two stops bind. Before that two parts are timed alone, on data made in code: the proven
plan of twelve stops, and the ways between thirty places on a city graph of 100.000 edges.
"""

import datetime
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from playwright.sync_api import sync_playwright

from geodata.itinerary.planner import Stop, Terms, plan
from geodata.itinerary.travel import matrix
from tests.benchmarks.browsing import START_SECONDS, VIEWPORT, Look, Visit, chromium, served, visit
from tests.geodata.itinerary.instances import city
from tests.street_grid import grid, points

STOPS = [
    "11296", "11299", "11305", "11359", "11404", "11405", "11407", "11422", "11455", "11302", "11311", "11365"
]  # fmt: skip
CASES = {
    "order alone": ",".join(STOPS),
    "with windows": ",".join([*STOPS[:10], f"{STOPS[10]}:30:0900-1100", f"{STOPS[11]}:30:1300-"]),
}
WATCHED = {
    "map": Look(".pw-map", """() => document.querySelector(".pw-map[data-paints]")?.dataset.paints"""),
    "list": Look(".rt-table", """() => document.querySelector(".rt-table")?.textContent"""),
    "timeline": Look(
        ".st-key-route_timeline",
        """() => [...document.querySelectorAll(".st-key-route_timeline .bars .point path")]
      .pop()?.getAttribute("d")""",
    ),
}
WARM_UP, CHANGES = 2, 9
MOST_MS = 1000


def twelve_stops() -> Callable[[], object]:
    """Return what plans twelve stops whose order alone counts."""
    minutes = city(12, 12, is_symmetric=False)
    stops = [Stop(str(stop), 20) for stop in range(12)]
    return lambda: plan(stops, minutes, minutes * 500, Terms(480))


def thirty_places() -> Callable[[], object]:
    """Return what finds the ways between thirty places, and draws each to the next."""
    streets, side_m = grid(224, 100, seed=1), 22_300
    places = points(*np.random.default_rng(2).uniform(0, side_m, (30, 2)))

    def find() -> object:
        ways = matrix(places, datetime.datetime(2023, 11, 23, 8), streets)
        return [ways.leg(place, place + 1) for place in range(29)]

    return find


PARTS = {"twelve stops": (twelve_stops, 100), "thirty places": (thirty_places, 2000)}
"""What prepares each part, and the most milliseconds of the processor that it may take."""


def processor_ms(work: Callable[[], object], times: int = 3) -> float:
    """Return the least milliseconds of the processor that a piece of work takes."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - begun))
    return min(taken)


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
    for name, (prepare, most_ms) in PARTS.items():
        milliseconds = processor_ms(prepare())
        slow |= milliseconds >= most_ms
        print(f"{name:26}{milliseconds:6.0f} ms, at most {most_ms} ms are allowed", flush=True)
    with (
        sync_playwright() as playwright,
        chromium(playwright) as browser,
        served() as server,
        browser.new_context(bypass_csp=True, viewport=VIEWPORT) as context,
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
        sys.exit(f"beyond what is allowed, {MOST_MS} ms of a change")


if __name__ == "__main__":
    main()
