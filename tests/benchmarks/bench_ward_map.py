"""How fast our maps are beside the least that Streamlit needs and the usual way: ``make bench``.

The floor app is a slider and a line of text; the naive app rebuilds a folium map of 114 wards at each change.
Ours are the ward map, for several figures and all vintages, the wall, and the ward map of a country of 3.321
wards. All are driven in Chromium in turn, visit by visit and change by change, each on a warm server of its
own, so that what slows the machine for a while slows all of them. *First paint* runs from the navigation to
the frame in which the shapes have their colours, in a fresh profile (cold) and with what the browser kept
(warm); *complete* until all of it was sent and every file that it asked for was there; *change* from the
key or click to the frame in which the last shape is given its new one.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from geodata.settings import ROOT
from tests.benchmarks.browsing import (
    SCENE,
    SHAPES,
    TEXT,
    VIEWPORT,
    Look,
    Server,
    Visit,
    build_city,
    chromium,
    served,
    visit,
)
from tests.benchmarks.country import write_country
from tests.conftest import REAL_BOUNDARIES

WARM_UP = 3
MOST_RATIO, MOST_COUNTRY_RATIO, LEAST_GAIN, MOST_KB = 1.5, 2.5, 4.0, 10.0
RANGES = [
    (f"{day}/{month:02}/2023", until)
    for day in ("01", "11", "21")
    for month in range(1, 10)
    for until in ("31/10/2023", "31/12/2023")
]
"""Ranges of days that differ in figures and, since some end before 23/11/2023, in stages."""

LEAFLET = Path(str(files("js_lib_leaflet"))) / "static" / "js_lib_leaflet"
OFFENCES = "ward_map?facts=all&figure=crime_cases"
MAPS = {
    "map: programme": "ward_map",
    "map: offences, 2020": OFFENCES,
    "map: offences, 1/2025": f"{OFFENCES}&vintage=2025-01-01",
    "map: offences, 7/2025": f"{OFFENCES}&vintage=2025-07-01",
    "map: offences a resident": f"{OFFENCES}&per=per_1000",
    "map: two figures": f"{OFFENCES}&second=satisfaction_pct",
}
FLOOR, NAIVE = "floor", "naive"
WALL, COUNTRY = "wall: next scene", "map: 3.321 wards"
COMPARED = (FLOOR, NAIVE)

Act = Callable[[Visit, int], Callable[[], None]]
"""Takes a page and the number of the change."""


@dataclass(frozen=True)
class App:
    """What is measured.

    Attributes
    ----------
    act
        Prepares a change and returns what begins it.
    script, arguments, gpkg
        What is served: without a script, our app.
    path
        The page of it.
    look
        What is looked at.
    event
        What begins a change.
    """

    act: Act
    script: Path | None = None
    arguments: tuple[str, ...] = ()
    gpkg: Path | None = None
    path: str = ""
    look: Look = SHAPES
    event: str = "keydown"


@dataclass
class Run:
    """An app that is served, and what is measured of it: from each visit or change one figure.

    Attributes
    ----------
    app, server
        What is served, and where.
    cold, warm
        First paint, ms.
    whole_cold, whole_warm
        Until the page was complete, ms.
    change
        From a change to new colours, ms.
    sent, loaded
        What came over the socket, kB: at a change, and at first.
    """

    app: App
    server: Server
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    whole_cold: list[float] = field(default_factory=list)
    whole_warm: list[float] = field(default_factory=list)
    change: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)

    def open(self, context: BrowserContext) -> Visit:
        """Open the page."""
        return visit(context, f"{self.server.address}/{self.app.path}", self.app.look)

    def visit(self, browser: Browser) -> None:
        """Open the page in a fresh profile, and once more in the same."""
        with browser.new_context(viewport=VIEWPORT) as context:
            first = self.open(context)
            self.cold.append(first.painted_ms)
            self.whole_cold.append(first.whole_ms)
            self.loaded.append(first.kilobytes)
            first.page.close()
            again = self.open(context)
            self.warm.append(again.painted_ms)
            self.whole_warm.append(again.whole_ms)

    def act(self, visited: Visit, number: int) -> None:
        """Change what is shown on an open page; the first few changes do not count."""
        visited.page.bring_to_front()
        milliseconds = visited.change(self.app.event, self.app.act(visited, number))
        if number >= WARM_UP:
            self.change.append(milliseconds)
            self.sent.append(visited.kilobytes)


@dataclass(frozen=True)
class Line:
    """What was measured of one app: medians of `Run`, and memory in MB.

    Attributes
    ----------
    cold, warm, whole_cold, whole_warm, change, sent, loaded
        See `Run`.
    heap
        Of the page's scripts after a collection.
    server
        Of the server.
    """

    cold: float
    warm: float
    whole_cold: float
    whole_warm: float
    change: float
    sent: float
    loaded: float
    heap: float
    server: float


def measure(browser: Browser, apps: Mapping[str, App], times: int) -> dict[str, Line]:
    """Measure apps in turn: first paints, a third as many as changes, then changes on one page of each."""
    with ExitStack() as stack:
        runs = {}
        for name, app in apps.items():
            server = stack.enter_context(served(app.script, *app.arguments, gpkg=app.gpkg))
            runs[name] = Run(app, server)
            with browser.new_context(viewport=VIEWPORT) as context:
                runs[name].open(context)
        for number in range(max(times // 3, 1)):
            print(f"visit {number + 1}", flush=True)
            for run in runs.values():
                run.visit(browser)
        pages = {}
        for name, run in runs.items():
            pages[name] = run.open(stack.enter_context(browser.new_context(viewport=VIEWPORT)))
        for number in range(WARM_UP + times):
            print(f"change {number + 1}", flush=True)
            for name, run in runs.items():
                run.act(pages[name], number)
        return {
            name: Line(
                cold=statistics.median(run.cold),
                warm=statistics.median(run.warm),
                whole_cold=statistics.median(run.whole_cold),
                whole_warm=statistics.median(run.whole_warm),
                change=statistics.median(run.change),
                sent=statistics.median(run.sent),
                loaded=statistics.median(run.loaded),
                heap=pages[name].heap()["megabytes"],
                server=run.server.megabytes,
            )
            for name, run in runs.items()
        }


def slide(visited: Visit, number: int) -> Callable[[], None]:
    """Move the slider by ten, first up and then down on values that are new."""
    visited.page.get_by_role("slider").focus()
    # Ten steps at once: fewer may leave no ward out. Up nine times, then one step aside, and down.
    turn = number % 18
    if number and turn in (0, 9):
        visited.page.keyboard.press("ArrowRight" if turn == 0 else "ArrowLeft")
        visited.page.wait_for_timeout(1500)
    return lambda: visited.page.keyboard.press("PageUp" if turn < 9 else "PageDown")


def choose_days(visited: Visit, number: int) -> Callable[[], None]:
    """Choose another range of days on the ward map."""
    visited.page.locator(".hp-chip").click()
    dialog = visited.page.get_by_role("dialog")
    for label, day in zip(("Từ ngày", "Đến ngày"), RANGES[number % len(RANGES)], strict=True):
        dialog.get_by_label(label).fill(day)
    return dialog.get_by_role("button", name="Xem").click


def next_scene(visited: Visit, _: int) -> Callable[[], None]:
    """Go to the next scene of the wall."""
    return lambda: visited.page.keyboard.press("ArrowRight")


def with_leaflet(naive_app: Path, folder: Path) -> Path:
    """Write the naive app so that it takes Leaflet from its own server, since other hosts are blocked.

    The three other libraries that folium asks for, and that this map does without, are left out.
    """
    place = folder / "static"
    place.mkdir(parents=True)
    for name in ("leaflet.js", "leaflet.css"):
        shutil.copyfile(LEAFLET / name, place / name)
    first = """import folium

folium.Map.default_js = [("leaflet", "/app/static/leaflet.js")]
folium.Map.default_css = [("leaflet_css", "/app/static/leaflet.css")]
"""
    script = folder / naive_app.name
    script.write_text(first + naive_app.read_text(encoding="utf-8"), encoding="utf-8")
    return script


def limits(name: str, line: Line, floor: float, naive: Line) -> dict[str, bool]:
    """Return whether a line keeps the limits that hold for it, by the column of `Line` or the ratio."""
    if name in COMPARED:
        return {}
    paints = {"cold": line.cold <= naive.cold, "warm": line.warm <= naive.warm}
    if name == COUNTRY:
        return {"floor": line.change <= MOST_COUNTRY_RATIO * floor}
    if name == WALL:
        return paints
    return paints | {
        "floor": line.change <= MOST_RATIO * floor,
        "naive": LEAST_GAIN * line.change <= naive.change,
        "sent": line.sent <= MOST_KB,
    }


def report(lines: Mapping[str, Line]) -> bool:
    """Print the table and return whether every limit was kept."""
    floor, naive = lines[FLOOR].change, lines[NAIVE]
    print(
        f"\n{'medians':26}{'first paint, ms':>18}{'complete, ms':>18}{'change, ms':>12}{'× floor':>10}"
        f"{'naive ×':>10}{'socket, kB':>20}{'memory, MB':>20}\n"
        f"{'':26}{'cold':>9}{'warm':>9}{'cold':>9}{'warm':>9}{'':32}"
        f"{'a change':>10}{'at first':>10}{'scripts':>10}{'server':>10}"
    )
    is_kept = True
    for name, line in lines.items():
        kept = limits(name, line, floor, naive)
        is_kept &= all(kept.values())

        def cell(key: str, text: str, width: int, kept: Mapping[str, bool] = kept) -> str:
            return f"{text}{' ' if key not in kept else '✓' if kept[key] else '✗'}".rjust(width)

        print(
            f"{name:26}"
            + cell("cold", f"{line.cold:.0f}", 9)
            + cell("warm", f"{line.warm:.0f}", 9)
            + cell("", f"{line.whole_cold:.0f}", 9)
            + cell("", f"{line.whole_warm:.0f}", 9)
            + cell("", f"{line.change:.0f}", 12)
            + cell("floor", f"{line.change / floor:.2f}", 10)
            + cell("naive", f"{naive.change / line.change:.2f}", 10)
            + cell("sent", f"{line.sent:.1f}", 10)
            + cell("", f"{line.loaded:.0f}", 10)
            + cell("", f"{line.heap:.1f}", 10)
            + cell("", f"{line.server:.0f}", 10)
        )
    print(
        f"\n✓ kept, ✗ broken. Limits: first paint no slower than naive; change at most {MOST_RATIO} × floor "
        f"({MOST_COUNTRY_RATIO} × with 3.321 wards), at least {LEAST_GAIN:.0f} × faster than naive; at most "
        f"{MOST_KB:.0f} kB a change."
    )
    return is_kept


def main() -> None:
    """Measure all apps, print the table and fail where a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    bench = ROOT.parent / "shared" / "bench"
    parser.add_argument("--floor-app", type=Path, default=bench / "floor_app.py")
    parser.add_argument("--naive-app", type=Path, default=bench / "naive_app.py")
    parser.add_argument("--naive-wards", type=Path, default=REAL_BOUNDARIES / "wards_2020-02-01.gpkg")
    parser.add_argument("--times", type=int, default=15, help="changes of each app that count")
    parser.add_argument("--only", default="", help="measure only those of our apps whose name holds this")
    asked = parser.parse_args()
    needed = (asked.floor_app, asked.naive_app, asked.naive_wards)
    if missing := [str(path) for path in needed if not path.is_file()]:
        sys.exit(f"missing: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        print("building the city and the country", flush=True)
        city, country = build_city(folder / "haiphong.gpkg"), write_country(folder / "country")
        ours = {
            name: App(choose_days, gpkg=city, path=path, event="click") for name, path in MAPS.items()
        } | {
            WALL: App(next_scene, gpkg=city, path="wall?facts=all&hours=always&seconds=600", look=SCENE),
            COUNTRY: App(choose_days, gpkg=country, path=OFFENCES, event="click"),
        }
        apps = {
            FLOOR: App(slide, asked.floor_app, look=TEXT),
            NAIVE: App(
                slide, with_leaflet(asked.naive_app, folder / "naive"), ("--", str(asked.naive_wards))
            ),
            **{name: app for name, app in ours.items() if asked.only in name},
        }
        with chromium(playwright) as browser:
            lines = measure(browser, apps, asked.times)
    if not report(lines):
        sys.exit(1)


if __name__ == "__main__":
    main()
