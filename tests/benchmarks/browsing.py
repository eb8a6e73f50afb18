"""Serve apps, drive them in Chromium with every other host blocked, and measure what a user sees."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import psutil
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from etl.build import Illustrative, build
from geodata.settings import ROOT, SHIPPED_BOUNDARIES, SOURCES
from tests.conftest import REAL_BOUNDARIES
from tests.serving import answered, free_port

START_SECONDS = 60
QUIET_MS = 300
"""When nothing has changed for so long a change is over."""
AS_OF = pd.Timestamp("2025-12-31")

LAUNCH: dict[str, Any] = {
    "executable_path": shutil.which("chromium") or shutil.which("chromium-browser"),
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        # Blocked here and not by a route of Playwright, which would switch the browser's cache off.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
    ],
}
VIEWPORT: ViewportSize = {"width": 1366, "height": 768}


IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
"""A page of Streamlit's once all of it was sent."""


@dataclass(frozen=True)
class Look:
    """What is looked at.

    Attributes
    ----------
    at
        Selector of the elements that it depends on: nothing is looked at for a change of others.
    script
        Returns it as text; nothing as long as it is not there.
    idle
        Selector of what is there once all of the page was sent.
    """

    at: str
    script: str
    idle: str = IDLE


_LINES = '[data-testid="stMarkdownContainer"] p'
_SHAPES = "path.leaflet-interactive, path.pw-ward"

TEXT = Look(_LINES, f"""() => [...document.querySelectorAll('{_LINES}')].pop()?.textContent""")
"""The last line of text."""

SHAPES = Look(
    f"{_SHAPES}, iframe",
    f"""() => [document, ...[...document.querySelectorAll("iframe")].map((one) => one.contentDocument)]
  .flatMap((where) => [...(where?.querySelectorAll("{_SHAPES}") ?? [])])
  .map((path) => path.style.fill || path.getAttribute("fill")).join()""",
)
"""The fill of every shape of a map, in the page or in a frame of it."""

PEER_SHAPES = replace(SHAPES, idle=".leaflet-container")
"""Likewise, of a page of another toolkit's."""

_WORDS = "h1, [data-testid=stHtml], .pw-legend"

WORDS = Look(
    _WORDS,
    f"""() => [...document.querySelectorAll("{_WORDS}")].map((one) => one.textContent).join()""",
)
"""What is said of a map: headline, lines, legend."""

SCENE = Look(
    f"{SHAPES.at}, .hw-wall",
    f"""() => {{
  const shown = document.querySelector(".hw-wall")?.dataset.shown;
  return shown && shown + ({SHAPES.script})();
}}""",
)
"""Which scene is shown, and its map."""

_WATCH = """(() => {
  if (window !== top) return;
  const [at, look, idle] = [AT, LOOK, IDLE];
  const told = { first: null, whole: null, last: 0, begun: null, changed: false, wake: null };
  let seen = "";
  let waits = false;
  const holds = (node) => node.nodeType === 1 && (node.matches(at) || node.querySelector(at));
  const concerns = ({ type, target, addedNodes, removedNodes }) =>
    (type === "characterData"
      ? target.parentElement?.closest(at)
      : target.nodeType === 1 && target.matches(at)) ||
    (type === "childList" && [...addedNodes, ...removedNodes].some(holds));
  // After such a change the next frame is looked at, and the time taken once it is on the screen.
  const watcher = new MutationObserver((changes) => {
    if (waits || !changes.some(concerns)) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      const now = look();
      if (!now || now === seen) return;
      seen = now;
      setTimeout(() => {
        told.last = performance.now();
        told.first ??= told.last;
        told.changed = told.begun !== null;
        told.wake?.();
      });
    });
  });
  const every = { subtree: true, childList: true, characterData: true, attributes: true };
  const watch = (where) => where && watcher.observe(where, every);
  watch(document);
  document.addEventListener("load", ({ target }) => watch(target.contentDocument), true);
  const until = (holds, act) => new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${act}: nothing after 30 s`)), 30000);
    const ask = () => {
      if (!holds()) return;
      clearTimeout(late);
      told.wake = null;
      resolve();
    };
    told.wake = ask;
    ask();
  });
  const quiet = async (ms) => {
    let rest;
    while ((rest = told.last + ms - performance.now()) > 0) await new Promise((go) => setTimeout(go, rest));
  };
  window.bench = {
    painted: () => until(() => told.first !== null, "painted"),
    quiet,
    first: () => told.first,
    last: () => told.last,
    sent: () => new Promise((resolve) => {
      const ask = () => {
        if (!document.querySelector(idle)) return;
        told.whole = performance.now();
        waiting.disconnect();
        resolve();
      };
      const waiting = new MutationObserver(ask);
      waiting.observe(document, { subtree: true, childList: true, attributes: true });
      ask();
    }),
    whole: () =>
      Math.max(told.whole, ...performance.getEntriesByType("resource").map(({ responseEnd }) => responseEnd)),
    arm: (event) => {
      Object.assign(told, { begun: null, changed: false });
      addEventListener(event, ({ timeStamp }) => (told.begun ??= timeStamp), { capture: true, once: true });
    },
    changed: () => until(() => told.changed, "changed"),
    taken: () => told.last - told.begun,
  };
})()"""
"""Time from the navigation, or from the event that begins a change, to the frame with the last change."""


@dataclass
class Server:
    """A Streamlit app that is served.

    Attributes
    ----------
    address
        Where it is.
    process
        Its process.
    """

    address: str
    process: psutil.Process

    @property
    def megabytes(self) -> float:
        """Its resident memory."""
        return sum(float(one.memory_info().rss) for one in self._processes()) / 1e6

    @property
    def processor_ms(self) -> float:
        """What it has taken of the processor so far."""
        return sum(1000 * sum(one.cpu_times()[:2]) for one in self._processes())

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def served(script: Path | None = None, *rest: str, gpkg: Path | None = None) -> Iterator[Server]:
    """Serve our app on a free port, on a GeoPackage, or another script of Streamlit's."""
    static = ["--server.enableStaticServing", "true"]
    other = ["-m", "streamlit", "run", str(script), "--server.port", "PORT", *static, *rest]
    ours = ["-m", "dashboard.server", "--port", "PORT"]
    environment = {} if gpkg is None else {"PILOT_WARDS_GPKG": str(gpkg)}
    # Where our configuration of Streamlit lies: the others are served under it too.
    folder = ROOT if script is None else ROOT / "dashboard"
    command = [sys.executable, *(ours if script is None else other)]
    with serving(command, folder, environment, "/_stcore/health") as server:
        yield server


@contextmanager
def serving(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] = MappingProxyType({}),
    path: str = "",
) -> Iterator[Server]:
    """Run a server on a free port, which its command names ``PORT``, and yield it once a path answers."""
    port = str(free_port())
    parts = [part.replace("PORT", port) for part in command]
    with subprocess.Popen(
        parts,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            answered(address + path, server)
            yield Server(address, psutil.Process(server.pid))
        finally:
            server.terminate()


def watching(look: Look) -> str:
    """Return the script that watches for a change of what is looked at."""
    return _WATCH.replace(
        "AT, LOOK, IDLE", f"{json.dumps(look.at)}, {look.script}, {json.dumps(look.idle)}", 1
    )


def chromium(playwright: Playwright) -> Browser:
    """Start Debian's Chromium; nothing but this machine can be reached from it."""
    return playwright.chromium.launch(**LAUNCH)


@contextmanager
def visited_city(gpkg: Path | None) -> Iterator[tuple[Path, Server, BrowserContext]]:
    """Serve a city, built where none is given; yield its file, its server and a browser."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        city = gpkg or build_city(Path(name) / "haiphong.gpkg")
        with (
            served(gpkg=city) as server,
            chromium(playwright) as browser,
            browser.new_context(bypass_csp=True, viewport=VIEWPORT) as context,
        ):
            yield city, server, context


def build_city(out: Path, as_of: pd.Timestamp = AS_OF) -> Path:
    """Build the city with illustrative figures: from the real boundaries, or those that ship without them."""
    folders = [REAL_BOUNDARIES, SHIPPED_BOUNDARIES]
    build(folders, SOURCES, out, as_of, illustrative=Illustrative(as_of))
    return out


@dataclass
class Visit:
    """A page that is watched.

    Attributes
    ----------
    page
        The page, painted.
    look
        What is looked at.
    painted_ms
        From the navigation to the first frame in which it was painted.
    shaped_ms
        From the navigation to the last frame in which it looked otherwise.
    whole_ms
        From the navigation until all of it was sent and every file that it asked for was there.
    received
        Bytes of each message that came over the socket since it was last emptied.
    """

    page: Page
    look: Look
    painted_ms: float = 0
    shaped_ms: float = 0
    whole_ms: float = 0
    received: list[int] = field(default_factory=list)

    @property
    def kilobytes(self) -> float:
        """What came over the socket."""
        return sum(self.received) / 1000

    def settle(self) -> None:
        """Wait until the page no longer runs and nothing changes any more."""
        self.page.wait_for_selector(self.look.idle)
        self.page.evaluate("ms => bench.quiet(ms)", QUIET_MS)
        self.page.wait_for_timeout(QUIET_MS)

    def change(self, event: str, act: Callable[[], None]) -> float:
        """Act, and return the milliseconds from the event that the act begins with to the last new colour."""
        self.settle()
        self.page.evaluate("event => bench.arm(event)", event)
        self.received.clear()
        act()
        self.page.evaluate("bench.changed()")
        self.settle()
        return float(self.page.evaluate("bench.taken()"))

    def heap(self) -> dict[str, float]:
        """Return the browser's figures after a collection: megabytes, nodes, listeners."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Performance.enable")
        session.send("HeapProfiler.collectGarbage")
        found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        session.detach()
        return {
            "megabytes": found["JSHeapUsedSize"] / 1e6,
            "nodes": found["Nodes"],
            "listeners": found["JSEventListeners"],
        }


def visit(context: BrowserContext, address: str, look: Look) -> Visit:
    """Open a page and return it once it is painted, as `look` sees it, and settled."""
    visited = Visit(context.new_page(), look)
    visited.page.add_init_script(watching(look))
    visited.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda payload: visited.received.append(len(payload))),
    )
    visited.page.goto(address, wait_until="commit")
    visited.page.evaluate("bench.painted()")
    visited.page.evaluate("bench.sent()")
    visited.settle()
    visited.painted_ms = float(visited.page.evaluate("bench.first()"))
    visited.shaped_ms = float(visited.page.evaluate("bench.last()"))
    visited.whole_ms = float(visited.page.evaluate("bench.whole()"))
    return visited
