"""How long a change of filter takes on the ward map, beside the least that Streamlit needs and the usual way.

Run: ``python -m tests.benchmarks.bench_ward_map FLOOR_APP NAIVE_APP WARDS_GPKG``. The floor app is a slider
and a line of text; the naive app rebuilds a folium map of the wards in the file at each change. All are
driven in Chromium one after the other, each alone, with every other host blocked. The time runs from the key
or click to the new text or picture, of the naive app to the line under its map; the bytes are those that came
over the websocket meanwhile. Each range of days of the ward map is one that nobody has asked for before.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from geodata.paths import ROOT

PORT = 8619
START_SECONDS = 60
WARM_UP, CHANGES = 3, 15
HALFWAY = (WARM_UP + CHANGES) // 2
MOST_RATIO, MOST_KB = 1.8, 15.0
MONTH_ENDS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
RANGES = [
    (f"01/{first:02}/2023", f"{MONTH_ENDS[last - 1]}/{last:02}/2023")
    for last in (12, 11, 10)
    for first in range(1, 8)
]
"""Ranges of days, all within a year in which there are figures."""

MAPS = {
    "programme": "ward_map",
    "offences": "ward_map?facts=all&figure=crime_cases",
    "offences per resident": "ward_map?facts=all&figure=crime_cases&per=per_1000",
    "offences, satisfaction": "ward_map?facts=all&figure=crime_cases&second=satisfaction_pct",
}

WATCH = """([selector, attribute]) => {
  const seen = () => {
    const node = [...document.querySelectorAll(selector)].pop();
    return node && (attribute ? node.getAttribute(attribute) : node.textContent);
  };
  const before = seen();
  window.begun = null;
  window.changed = new Promise((resolve, reject) => {
    const watcher = new MutationObserver(() => {
      if (window.begun === null || !seen() || seen() === before) return;
      watcher.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - window.begun));
    });
    watcher.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    setTimeout(reject, 20000, new Error("nothing changed"));
  });
  const begin = (event) => (window.begun ??= event.timeStamp);
  addEventListener(window.starts, begin, { capture: true, once: true });
}"""
"""Time from the event that begins a change to the frame in which an element is new."""


@contextmanager
def served(script: Path | str, *rest: str) -> Iterator[str]:
    """Serve a Streamlit app; yield its address."""
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(PORT)]
    command += ["--server.headless", "true", "--server.fileWatcherType", "none", *rest]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ}, stdout=subprocess.DEVNULL) as server:
        try:
            address = f"http://127.0.0.1:{PORT}"
            _wait_for(f"{address}/_stcore/health")
            yield address
        finally:
            server.terminate()


def _wait_for(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(address)


def settle(page: Page) -> None:
    """Wait until the page no longer runs."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def measure(
    page: Page,
    prepare: Callable[[int], None],
    act: Callable[[int], None],
    watched: tuple[str, str],
    starts: str,
) -> tuple[float, float]:
    """Return the medians of milliseconds and kilobytes over several changes."""
    received: list[int] = []

    def listen(payload: str | bytes) -> None:
        received.append(len(payload))

    page.on("websocket", lambda socket: socket.on("framereceived", listen))
    page.reload()
    page.wait_for_selector(watched[0], timeout=START_SECONDS * 1000)
    settle(page)
    taken, sizes = [], []
    for number in range(WARM_UP + CHANGES):
        prepare(number)
        settle(page)
        page.evaluate("starts => { window.starts = starts; }", starts)
        page.evaluate(WATCH, list(watched))
        received.clear()
        act(number)
        milliseconds = float(page.evaluate("window.changed"))
        settle(page)
        page.wait_for_timeout(150)
        if number >= WARM_UP:
            taken.append(milliseconds)
            sizes.append(sum(received) / 1000)
    return statistics.median(taken), statistics.median(sizes)


def measure_slider(page: Page, watched: tuple[str, str]) -> tuple[float, float]:
    """Measure an app that has a slider."""
    slider = page.get_by_role("slider")

    def focus(number: int) -> None:
        slider.focus()
        if number == HALFWAY:
            # From here back on other values: the browser keeps what it has seen.
            page.keyboard.press("ArrowLeft")
            page.wait_for_timeout(1500)

    def press(number: int) -> None:
        # Ten steps at once: fewer may leave no ward out.
        page.keyboard.press("PageUp" if number < HALFWAY else "PageDown")

    return measure(page, focus, press, watched, "keydown")


def measure_days(page: Page) -> tuple[float, float]:
    """Measure the ward map: another range of days."""

    def fill(number: int) -> None:
        since, until = RANGES[number % len(RANGES)]
        page.locator(".hp-chip").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Từ ngày").fill(since)
        dialog.get_by_label("Đến ngày").fill(until)

    def show(_: int) -> None:
        page.get_by_role("dialog").get_by_role("button", name="Xem").click()

    return measure(page, fill, show, (".pw-map[data-paints]", "data-paints"), "click")


def main() -> None:
    """Measure all apps and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("floor_app", type=Path)
    parser.add_argument("naive_app", type=Path)
    parser.add_argument("wards_gpkg", type=Path)
    asked = parser.parse_args()
    rows: dict[str, tuple[float, float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        )
        written = ('[data-testid="stMarkdownContainer"] p', "")
        for name, command in (
            ("floor", (asked.floor_app,)),
            ("naive", (asked.naive_app, "--", str(asked.wards_gpkg))),
        ):
            with served(*command) as address:
                page = browser.new_page(viewport={"width": 1366, "height": 768})
                page.goto(address)
                page.wait_for_selector(written[0], timeout=START_SECONDS * 1000)
                rows[name] = measure_slider(page, written)
                page.close()
        with served("dashboard/app.py") as address:
            for name, path in MAPS.items():
                page = browser.new_page(viewport={"width": 1366, "height": 768})
                page.goto(f"{address}/{path}")
                page.wait_for_selector(".pw-map[data-paints]", timeout=START_SECONDS * 1000)
                rows[f"ward map: {name}"] = measure_days(page)
                page.close()
        browser.close()
    floor = rows["floor"][0]
    print(f"{'':34}{'ms':>8}{'× floor':>9}{'kB':>8}")
    for name, (milliseconds, kilobytes) in rows.items():
        print(f"{name:34}{milliseconds:8.0f}{milliseconds / floor:9.2f}{kilobytes:8.1f}")
    ours = [value for name, value in rows.items() if name.startswith("ward map")]
    if any(taken > MOST_RATIO * floor or size >= MOST_KB for taken, size in ours):
        sys.exit(f"beyond {MOST_RATIO} × the floor or {MOST_KB} kB")


if __name__ == "__main__":
    main()
