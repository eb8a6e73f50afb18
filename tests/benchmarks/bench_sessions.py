"""Twenty people at once on the ward map, each choosing other days every 3 s: ``make bench-sessions``.

Each has a page in a profile of its own in one Chromium; times run from the click to the frame in which the
last shape is given its new colour. 20 people bring 20 machines, but here all pages share the processor with
the server. No range of days is asked for twice. Beside the times stands what a change takes of the processor,
by the server and by the pages.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import psutil
from playwright.async_api import Browser, Page, async_playwright

from tests.benchmarks.browsing import LAUNCH, QUIET_MS, SHAPES, VIEWPORT, Server, build_city, served, watching

EVERY_SECONDS = 3
MOST_MS, SHARE = 1000, 0.95
FIGURES = (
    {"figure": "crime_cases"},
    {"figure": "crime_cases", "per": "per_1000"},
    {"figure": "crime_cases", "second": "satisfaction_pct"},
    {"figure": "satisfaction_pct"},
)
FAULTS = '[data-testid="stException"], [data-testid="stAlertContentError"]'

CHOOSE = """async ([since, until, quiet]) => {
  document.querySelector(".hp-chip").click();
  const [from, to] = document.querySelectorAll(".hp-period .hp-ends input");
  for (const [field, day] of [[from, since], [to, until]]) {
    field.value = day;
    field.dispatchEvent(new Event("input"));
  }
  bench.arm("click");
  document.querySelector(".hp-apply").click();
  await bench.changed();
  await bench.quiet(quiet);
  return bench.taken();
}"""

Change = Callable[[date, date], Coroutine[None, None, float]]
"""Chooses days and returns how many milliseconds it took."""


def days_of(number: int) -> tuple[date, date]:
    """Return a range of days; neighbours differ in half a year, none comes twice in 1.338."""
    return date(2022, 1, 1) + timedelta(days=number // 2), date(2024, 6, 30) if number % 2 else date(
        2023, 12, 31
    )


@asynccontextmanager
async def browsing(browser: Browser, address: str, faults: list[str]) -> AsyncIterator[Change]:
    """Open a page in a profile of its own; yield what changes its days."""
    async with await browser.new_context(viewport=VIEWPORT) as context:
        page: Page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        page.on(
            "console",
            lambda message: (
                faults.append(f"console: {message.text}")
                if message.type == "error" and "/_stcore/" not in message.location["url"]
                else None
            ),
        )
        await page.add_init_script(watching(SHAPES))
        await page.goto(address, wait_until="commit")
        await page.evaluate("bench.painted()")

        async def change(since: date, until: date) -> float:
            asked = [f"{since:%d/%m/%Y}", f"{until:%d/%m/%Y}", QUIET_MS]
            taken = float(await page.evaluate(CHOOSE, asked))
            faults.extend(await page.locator(FAULTS).all_inner_texts())
            return taken

        yield change


async def change_often(
    change: Change, session: int, sessions: int, changes: int, faults: list[str]
) -> list[float]:
    """Change the days every few seconds, the sessions one after the other; return the milliseconds."""
    taken = []
    began = time.monotonic() + EVERY_SECONDS * session / sessions
    for number in range(changes):
        await asyncio.sleep(max(0.0, began + EVERY_SECONDS * number - time.monotonic()))
        try:
            taken.append(await asyncio.wait_for(change(*days_of(session * changes + number)), 60))
        except Exception as error:  # whatever ends a change is what is counted here
            faults.append(f"session {session}, change {number}: {error!r}"[:300])
    return taken


def processor_ms(server: psutil.Process) -> tuple[float, float]:
    """Return what the server and the browser have taken of the processor so far."""
    used = {one.pid: 1000 * sum(one.cpu_times()[:2]) for one in psutil.Process().children(recursive=True)}
    of_server = used.pop(server.pid)
    return of_server, sum(used.values())


async def drive(
    server: Server, sessions: int, changes: int, faults: list[str]
) -> tuple[list[float], tuple[float, ...]]:
    """Open all sessions, then let them change at once.

    Returns
    -------
    The milliseconds of every change, and those of the processor by the server and by the browser.
    """
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await stack.enter_async_context(await playwright.chromium.launch(**LAUNCH))
        changing = []
        for number in range(sessions):
            link = urlencode({"facts": "all", **FIGURES[number % len(FIGURES)]})
            opened = browsing(browser, f"{server.address}/ward_map?{link}", faults)
            changing.append(await stack.enter_async_context(opened))
        print(f"{sessions} pages are open", flush=True)
        before = processor_ms(server.process)
        by_session = await asyncio.gather(
            *(change_often(change, n, sessions, changes, faults) for n, change in enumerate(changing))
        )
        used = tuple(now - then for now, then in zip(processor_ms(server.process), before, strict=True))
    return [one for taken in by_session for one in taken], used


def main() -> None:
    """Drive the sessions, print what was measured and fail where a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=180)
    asked = parser.parse_args()
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        city = build_city(Path(name) / "haiphong.gpkg")
        with served(gpkg=city) as server:
            changes = asked.seconds // EVERY_SECONDS
            taken, used = asyncio.run(drive(server, asked.sessions, changes, faults))
            memory = server.megabytes
    for fault in faults[:20]:
        print(fault)
    asked_for = asked.sessions * changes
    quick = sum(one < MOST_MS for one in taken) / asked_for
    print(
        f"{len(taken)} of {asked_for} changes, {len(faults)} errors; {100 * quick:.1f} % under {MOST_MS} ms"
    )
    if some := sorted(taken):
        p50, p95 = (some[int(share * (len(some) - 1))] for share in (0.5, SHARE))
        print(f"p50 {p50:.0f}, p95 {p95:.0f}, max {some[-1]:.0f} ms")
    print(f"of the processor a change: server {used[0] / asked_for:.0f}, pages {used[1] / asked_for:.0f} ms")
    print(f"server {memory:.0f} MB")
    if faults or quick < SHARE:
        sys.exit(f"an error, or fewer than {100 * SHARE:.0f} % under {MOST_MS} ms")


if __name__ == "__main__":
    main()
