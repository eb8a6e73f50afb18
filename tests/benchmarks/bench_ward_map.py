"""How fast our maps are beside the least that Streamlit needs, the usual way, and two peers: ``make bench``.

The floor app is a slider and a line of text; the naive app rebuilds a folium map of 114 wards at each change;
the peers show the same choropleth with the two fastest toolkits that were found. Ours are the ward map, for
several figures and all vintages, its words, the overview, the wall, and the ward map of a country of 3.321
wards. All are driven in Chromium in turn, visit by visit and change by change, each on a warm server of its
own, so that what slows the machine for a while slows all of them. *First* runs from the navigation to the
frame in which a shape has its colour, *last* to the one in which the last has, in a fresh profile (cold) and
with what the browser kept (warm); *complete* until all of it was sent and every file that it asked for was
there; *change* from the key or click to the frame in which the last shape is given its new colour;
*processor* what the server takes for it.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from geodata.settings import ROOT
from tests.benchmarks.browsing import (
    PEER_SHAPES,
    SCENE,
    SHAPES,
    TEXT,
    VIEWPORT,
    WORDS,
    Look,
    Server,
    Visit,
    build_city,
    chromium,
    served,
    serving,
    visit,
)
from tests.benchmarks.country import write_country
from tests.conftest import REAL_BOUNDARIES

BENCH = ROOT.parent / "shared" / "bench"
WARM_UP = 3
MOST_OF_PEER, MOST_OF_PAINT, MOST_WORDS, MOST_COUNTRY = 0.8, 0.6, 1.5, 1.5
MOST_KB, MOST_CPU_MS, MOST_MB = 10.0, 10.0, 300.0
RANGES = [
    (f"{day}/{month:02}/2023", until)
    for day in ("01", "11", "21")
    for month in range(1, 10)
    for until in ("31/10/2023", "31/12/2023")
]
"""Ranges of days that differ in figures and, since some end before 23/11/2023, in stages."""

PEERS_AS_OF = pd.Timestamp("2026-10-31")

LEAFLET = Path(str(files("js_lib_leaflet"))) / "static" / "js_lib_leaflet"
OFFENCES = "ward_map?facts=all&figure=crime_cases"
MAPS = {
    "overview": "",
    "map: programme": "ward_map",
    "map: offences, 2020": OFFENCES,
    "map: offences, 1/2025": f"{OFFENCES}&vintage=2025-01-01",
    "map: offences, 7/2025": f"{OFFENCES}&vintage=2025-07-01",
    "map: offences a resident": f"{OFFENCES}&per=per_1000",
    "map: two figures": f"{OFFENCES}&second=satisfaction_pct",
}
FLOOR, NAIVE, NICEGUI, DASH = "floor", "naive", "NiceGUI + Leaflet", "Dash + dash-leaflet"
WALL, COUNTRY, SAID = "wall: next scene", "map: 3.321 wards", "words: offences a resident"
COMPARED = (FLOOR, NAIVE, NICEGUI, DASH)
MONTHS_AT = {
    NICEGUI: (".q-select .q-field__control", ".q-menu .q-item"),
    DASH: ("#since", ".dash-dropdown-option"),
}
"""Where a peer's page has its first month: what opens the choice, and its options."""

Act = Callable[[Visit, int], Callable[[], None]]
"""Takes a page and the number of the change."""


@dataclass(frozen=True)
class App:
    """What is measured.

    Attributes
    ----------
    act
        Prepares a change and returns what begins it.
    serve
        Serves it.
    path
        The page of it.
    look
        What is looked at.
    event
        What begins a change.
    """

    act: Act
    serve: Callable[[], AbstractContextManager[Server]]
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
        First shape, ms.
    shaped
        Last shape on a cold visit, ms.
    whole_cold, whole_warm
        Until the page was complete, ms.
    change
        From a change to new colours, ms.
    sent, loaded
        What came over the socket, kB: at a change, and at first.
    processor
        What a change took of the server's processor, ms.
    """

    app: App
    server: Server
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    shaped: list[float] = field(default_factory=list)
    whole_cold: list[float] = field(default_factory=list)
    whole_warm: list[float] = field(default_factory=list)
    change: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def open(self, context: BrowserContext) -> Visit:
        """Open the page."""
        return visit(context, f"{self.server.address}/{self.app.path}", self.app.look)

    def visit(self, browser: Browser) -> None:
        """Open the page in a fresh profile, and once more in the same."""
        with browser.new_context(bypass_csp=True, viewport=VIEWPORT) as context:
            first = self.open(context)
            self.cold.append(first.painted_ms)
            self.shaped.append(first.shaped_ms)
            self.whole_cold.append(first.whole_ms)
            self.loaded.append(first.kilobytes)
            first.page.close()
            again = self.open(context)
            self.warm.append(again.painted_ms)
            self.whole_warm.append(again.whole_ms)

    def act(self, visited: Visit, number: int) -> None:
        """Change what is shown on an open page; the first few changes do not count."""
        visited.page.bring_to_front()
        act = self.app.act(visited, number)
        visited.settle()
        before = self.server.processor_ms
        milliseconds = visited.change(self.app.event, act)
        if number >= WARM_UP:
            self.processor.append(self.server.processor_ms - before)
            self.change.append(milliseconds)
            self.sent.append(visited.kilobytes)


@dataclass(frozen=True)
class Line:
    """What was measured of one app: medians of `Run`, of the processor the mean, and memory in MB.

    Attributes
    ----------
    cold, warm, shaped, whole_cold, whole_warm, change, sent, loaded, processor
        See `Run`.
    heap
        Of the page's scripts after a collection.
    server
        Of the server.
    """

    cold: float
    warm: float
    shaped: float
    whole_cold: float
    whole_warm: float
    change: float
    sent: float
    loaded: float
    processor: float
    heap: float
    server: float


def measure(browser: Browser, apps: Mapping[str, App], times: int) -> dict[str, Line]:
    """Measure apps in turn: first paints, a third as many as changes, then changes on one page of each."""
    with ExitStack() as stack:
        runs = {}
        for name, app in apps.items():
            server = stack.enter_context(app.serve())
            runs[name] = Run(app, server)
            with browser.new_context(bypass_csp=True, viewport=VIEWPORT) as context:
                runs[name].open(context)
        for number in range(max(times // 3, 1)):
            print(f"visit {number + 1}", flush=True)
            for run in runs.values():
                run.visit(browser)
        pages = {}
        for name, run in runs.items():
            pages[name] = run.open(
                stack.enter_context(browser.new_context(bypass_csp=True, viewport=VIEWPORT))
            )
        for number in range(WARM_UP + times):
            print(f"change {number + 1}", flush=True)
            for name, run in runs.items():
                run.act(pages[name], number)
        return {
            name: Line(
                cold=statistics.median(run.cold),
                warm=statistics.median(run.warm),
                shaped=statistics.median(run.shaped),
                whole_cold=statistics.median(run.whole_cold),
                whole_warm=statistics.median(run.whole_warm),
                change=statistics.median(run.change),
                sent=statistics.median(run.sent),
                loaded=statistics.median(run.loaded),
                # The system counts it in steps of 10 ms.
                processor=statistics.mean(run.processor),
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


def choose_boundaries(visited: Visit, number: int) -> Callable[[], None]:
    """Choose other boundaries on the ward map: the next ones."""
    return visited.page.locator(".st-key-vintage [role=radio]").nth(number % 3).click


def choose_figure(visited: Visit, number: int) -> Callable[[], None]:
    """Choose another figure on the ward map: the next of the catalogue."""
    visited.page.locator(".st-key-page_figure input").click()
    return visited.page.get_by_role("option").nth(6 + number % 12).click


def next_scene(visited: Visit, _: int) -> Callable[[], None]:
    """Go to the next scene of the wall."""
    return lambda: visited.page.keyboard.press("ArrowRight")


def choose_month(opener: str, option: str) -> Act:
    """Return what chooses another first month on a peer's page: the next of the first nine."""

    def act(visited: Visit, number: int) -> Callable[[], None]:
        visited.page.locator(opener).first.click()
        return visited.page.locator(option).nth((number + 1) % 9).click

    return act


def peers(apps: Path, python: Path, folder: Path) -> dict[str, App]:
    """Return the peers, on a copy of their folder; they show months of the latest boundaries alone."""
    shutil.copytree(apps, folder)
    city = build_city(folder / "city.gpkg", PEERS_AS_OF)
    subprocess.run([python, "prepare.py", city], cwd=folder, check=True)
    nicegui = [str(python), "nicegui_app.py", "PORT"]
    dash = [
        str(python),
        "-m",
        "gunicorn",
        "--threads",
        "8",
        "-b",
        "127.0.0.1:PORT",
        "dash_leaflet_app:server",
    ]
    return {
        NICEGUI: App(
            choose_month(*MONTHS_AT[NICEGUI]),
            partial(serving, nicegui, folder),
            look=PEER_SHAPES,
            event="click",
        ),
        DASH: App(
            choose_month(*MONTHS_AT[DASH]),
            partial(serving, dash, folder),
            look=PEER_SHAPES,
            event="click",
        ),
    }


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


def limits(name: str, line: Line, lines: Mapping[str, Line]) -> dict[str, bool]:
    """Return whether a line keeps the limits that hold for it, by the column of `Line`."""
    floor, nicegui, dash = (lines[one] for one in (FLOOR, NICEGUI, DASH))
    if name in COMPARED:
        return {}
    if name == SAID:
        return {"change": line.change <= MOST_WORDS * floor.change}
    if name == COUNTRY:
        of_city = statistics.median(lines[one].change for one in MAPS if one in lines)
        return {"change": line.change <= MOST_COUNTRY * of_city}
    painted = {"cold": line.cold <= MOST_OF_PAINT * dash.cold}
    if name == WALL:
        return painted
    return painted | {
        "change": line.change <= MOST_OF_PEER * nicegui.change,
        "processor": line.processor <= MOST_CPU_MS,
        "sent": line.sent <= MOST_KB,
        "server": line.server <= MOST_MB,
    }


COLUMNS = {
    "cold": ("first", "cold"),
    "shaped": ("last", "cold"),
    "warm": ("first", "warm"),
    "whole_cold": ("complete", "cold"),
    "whole_warm": ("complete", "warm"),
    "change": ("change", "ms"),
    "processor": ("processor", "ms"),
    "sent": ("socket kB", "a change"),
    "loaded": ("socket kB", "at first"),
    "heap": ("scripts", "MB"),
    "server": ("server", "MB"),
}


def report(lines: Mapping[str, Line]) -> bool:
    """Print the table and return whether every limit was kept."""
    for at in (0, 1):
        print(f"{('medians', '')[at]:28}" + "".join(f"{names[at]:>11}" for names in COLUMNS.values()))
    is_kept = True
    for name, line in lines.items():
        kept = limits(name, line, lines)
        is_kept &= all(kept.values())
        signs = {key: "✓" if held else "✗" for key, held in kept.items()}
        cells = (
            f"{getattr(line, key):.{1 if key in ('sent', 'heap', 'processor') else 0}f}{signs.get(key, ' ')}"
            for key in COLUMNS
        )
        print(f"{name:28}" + "".join(f"{cell:>11}" for cell in cells))
    print(
        f"\n✓ kept, ✗ broken. Limits: first shape at most {MOST_OF_PAINT} × that of Dash; change at most "
        f"{MOST_OF_PEER} × that of NiceGUI, with 3.321 wards {MOST_COUNTRY} × the city's; words {MOST_WORDS} "
        f"× the floor's change; {MOST_CPU_MS:.0f} ms of the processor and {MOST_KB:.0f} kB a change; "
        f"{MOST_MB:.0f} MB."
    )
    return is_kept


def add_peers(parser: argparse.ArgumentParser) -> None:
    """Let a command be told where the peers lie, and what runs them."""
    parser.add_argument("--peers", type=Path, default=BENCH / "peers")
    parser.add_argument("--peers-python", type=Path, default=ROOT / ".venv" / "peers" / "bin" / "python")


def main() -> None:
    """Measure all apps, print the table and fail where a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--floor-app", type=Path, default=BENCH / "floor_app.py")
    parser.add_argument("--naive-app", type=Path, default=BENCH / "naive_app.py")
    parser.add_argument("--naive-wards", type=Path, default=REAL_BOUNDARIES / "wards_2020-02-01.gpkg")
    add_peers(parser)
    parser.add_argument("--times", type=int, default=15, help="changes of each app that count")
    parser.add_argument("--only", default="", help="measure only those of our apps whose name holds this")
    asked = parser.parse_args()
    needed = (
        asked.floor_app,
        asked.naive_app,
        asked.naive_wards,
        asked.peers / "prepare.py",
        asked.peers_python,
    )
    if missing := [str(path) for path in needed if not path.is_file()]:
        sys.exit(f"missing: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        print("building the city and the country", flush=True)
        city, country = build_city(folder / "haiphong.gpkg"), write_country(folder / "country")
        ours = {
            name: App(choose_days, partial(served, gpkg=city), path, event="click")
            for name, path in MAPS.items()
        } | {
            "map: boundaries": App(
                choose_boundaries, partial(served, gpkg=city), OFFENCES, event="pointerup"
            ),
            "map: figure": App(choose_figure, partial(served, gpkg=city), OFFENCES, event="pointerup"),
            SAID: App(choose_days, partial(served, gpkg=city), f"{OFFENCES}&per=per_1000", WORDS, "click"),
            WALL: App(
                next_scene, partial(served, gpkg=city), "wall?facts=all&hours=always&seconds=600", SCENE
            ),
            COUNTRY: App(choose_days, partial(served, gpkg=country), OFFENCES, event="click"),
        }
        naive = with_leaflet(asked.naive_app, folder / "naive")
        apps = {
            FLOOR: App(slide, partial(served, asked.floor_app), look=TEXT),
            NAIVE: App(slide, partial(served, naive, "--", str(asked.naive_wards))),
            **peers(asked.peers, asked.peers_python, folder / "peers"),
            **{name: app for name, app in ours.items() if asked.only in name},
        }
        with chromium(playwright) as browser:
            lines = measure(browser, apps, asked.times)
    if not report(lines):
        sys.exit(1)


if __name__ == "__main__":
    main()
