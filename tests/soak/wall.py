"""A month of the wall in a quarter of an hour: ``make soak-wall``.

One page turns 2.000 scenes, by its key for the next one, and takes 50 rebuilds, each of another day with
other figures. The heap after a collection and the memory of the server must stay flat, every build must be
shown within 15 s, the console stay free of errors, and at the end the wall must still turn by its own clock.
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, ViewportSize, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from etl.build import Ground, Illustrative, assemble, publish, read_ground
from geodata.settings import SHIPPED_BOUNDARIES, SOURCES
from tests.benchmarks.browsing import AS_OF, SCENE, Server, Visit, chromium, served, visit
from tests.conftest import REAL_BOUNDARIES

MOST_HEAP_MB, MOST_SERVER_MB, MOST_SHOWN_S = 15, 40, 15
WARM_UP = 2
"""Rebuilds before the first figure counts: until then the server fills what it keeps of builds."""
PAUSE_MS = 50
SCREEN: ViewportSize = {"width": 1920, "height": 1080}

TURN = """async ([times, pause]) => {
  const root = document.querySelector(".hw-wall");
  for (let turned = 0; turned < times; turned++) {
    const before = root.dataset.shown;
    dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("no further scene")), 20000);
      const watcher = new MutationObserver(() => {
        if (root.dataset.shown === before) return;
        watcher.disconnect();
        clearTimeout(late);
        setTimeout(resolve, pause);
      });
      watcher.observe(root, { attributes: true });
    });
  }
}"""
"""Turn so many scenes, each when the one before has been shown for a while, ms."""


@dataclass(frozen=True)
class Measured:
    """The state after a rebuild and its scenes.

    Attributes
    ----------
    scenes
        So many have been shown.
    heap, nodes, listeners
        Of the page after a collection: MB, and counts.
    server
        Memory of the server, MB.
    shown
        From the publication of the build to its being shown, s.
    """

    scenes: int
    heap: float
    nodes: float
    listeners: float
    server: float
    shown: float


def rebuild(wall: Visit, ground: Ground, out: Path, number: int) -> float:
    """Publish a build of another day and other figures; return the seconds until the wall shows it."""
    before = wall.page.evaluate("document.querySelector('.hw-wall').dataset.key")
    day = AS_OF + pd.Timedelta(days=number)
    publish(assemble(ground, day, illustrative=Illustrative(AS_OF, seed=number)), out)
    wall.page.wait_for_function(
        "before => document.querySelector('.hw-wall').dataset.key !== before", arg=before, timeout=60_000
    )
    # The build takes its place by a rename, which sets this time.
    return time.time() - out.stat().st_ctime


def state(wall: Visit, server: Server, shown: float) -> Measured:
    """Measure the page and the server."""
    scenes = int(wall.page.evaluate("document.querySelector('.hw-wall').dataset.shown"))
    heap = wall.heap()
    return Measured(scenes, heap["megabytes"], heap["nodes"], heap["listeners"], server.megabytes, shown)


def soak(browser: Browser, folder: Path, scenes: int, rebuilds: int) -> tuple[list[Measured], list[str]]:
    """Turn scenes and rebuild; return what was measured from the warm-up on, and what went wrong."""
    faults: list[str] = []
    out = folder / "haiphong.gpkg"
    ground = read_ground([REAL_BOUNDARIES, SHIPPED_BOUNDARIES], SOURCES, out.with_name("network.npz"))
    publish(assemble(ground, AS_OF, illustrative=Illustrative(AS_OF)), out)
    curve = []
    with (
        served(gpkg=out) as server,
        browser.new_context(
            bypass_csp=True, viewport=SCREEN, screen={"width": 1920, "height": 1080}
        ) as context,
    ):
        wall = visit(context, f"{server.address}/wall?facts=all&hours=always&seconds=1", SCENE)
        wall.page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        wall.page.on(
            "console", lambda told: faults.append(f"console: {told.text}") if told.type == "error" else None
        )
        print(" rebuild  scenes  heap MB   nodes listeners server MB  shown s")
        for number in range(1, WARM_UP + rebuilds + 1):
            shown = rebuild(wall, ground, out, number)
            wall.page.evaluate(TURN, [scenes // rebuilds, PAUSE_MS])
            if number < WARM_UP:
                continue
            one = state(wall, server, shown)
            curve.append(one)
            print(
                f"{number - WARM_UP:8}{one.scenes:8}{one.heap:9.1f}{one.nodes:8.0f}{one.listeners:10.0f}"
                f"{one.server:10.0f}{one.shown:9.1f}",
                flush=True,
            )
        last = wall.page.evaluate("document.querySelector('.hw-wall').dataset.shown")
        try:
            wall.page.wait_for_function(
                "last => document.querySelector('.hw-wall').dataset.shown > last + 2", arg=int(last)
            )
        except PlaywrightTimeout:
            faults.append("the wall does not turn by itself any more")
    return curve, faults


def main() -> None:
    """Run the soak, print its curve and fail where a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--scenes", type=int, default=2000)
    parser.add_argument("--rebuilds", type=int, default=50)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        sync_playwright() as playwright,
        chromium(playwright) as browser,
    ):
        curve, faults = soak(browser, Path(name), asked.scenes, asked.rebuilds)
    heap, server = (getattr(curve[-1], what) - getattr(curve[0], what) for what in ("heap", "server"))
    slowest = max(one.shown for one in curve)
    print(
        f"{curve[-1].scenes - curve[0].scenes} scenes, {asked.rebuilds} rebuilds: heap {heap:+.1f} MB "
        f"(less than {MOST_HEAP_MB}), server {server:+.0f} MB (less than {MOST_SERVER_MB}), "
        f"shown within {slowest:.1f} s ({MOST_SHOWN_S}), {len(faults)} errors"
    )
    for fault in faults[:20]:
        print(fault)
    if faults or heap >= MOST_HEAP_MB or server >= MOST_SERVER_MB or slowest > MOST_SHOWN_S:
        sys.exit("a limit is broken")


if __name__ == "__main__":
    main()
