"""Twenty people at once on the ward map, each choosing other days every 3 s: ``make bench-sessions``.

Each has a profile of its own in one Chromium; times run from the click to the frame in which the last shape
has its new colour. 20 people bring 20 machines, but here all pages share the processor with the server: so
``--pages 2`` gives only two of them a page, and the others speak Streamlit's protocol, on the map of the
programme, from the message to the end of the run. No range of days is asked for twice. Beside the times
stands what a change takes of the processor, by the server and by the pages.
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
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

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


@asynccontextmanager
async def speaking(address: str, link: str, faults: list[str]) -> AsyncIterator[Change]:
    """Open a session without a browser; yield what changes its days, as a link that is pasted does."""
    async with connect(f"{address.replace('http', 'ws', 1)}/_stcore/stream", max_size=None) as connection:

        async def change(since: date, until: date) -> float:
            began = time.perf_counter()
            query = f"{link}&{urlencode({'from': since.isoformat(), 'to': until.isoformat()})}"
            await run_page(connection, query, faults)
            return 1000 * (time.perf_counter() - began)

        await run_page(connection, link, faults)
        yield change


async def run_page(connection: ClientConnection, query: str, faults: list[str]) -> None:
    """Run the ward map for the parameters of an address, to its end."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = "ward_map"
    await connection.send(message.SerializeToString())
    async for answer in connection:
        told = ForwardMsg.FromString(answer)
        if told.delta.new_element.HasField("exception"):
            faults.append(told.delta.new_element.exception.message)
        if told.HasField("script_finished") and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return


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
    server: Server, sessions: int, changes: int, pages: int, faults: list[str]
) -> tuple[list[list[float]], tuple[float, ...]]:
    """Open all sessions, then let them change at once.

    Returns
    -------
    The milliseconds of every change by session, those with a page last, and those of the processor by the
    server and by the browser.
    """
    async with AsyncExitStack() as stack:
        opened = [speaking(server.address, "facts=all", faults) for _ in range(sessions - pages)]
        if pages:
            playwright = await stack.enter_async_context(async_playwright())
            browser = await stack.enter_async_context(await playwright.chromium.launch(**LAUNCH))
            links = [urlencode({"facts": "all", **FIGURES[n % len(FIGURES)]}) for n in range(pages)]
            opened += [browsing(browser, f"{server.address}/ward_map?{link}", faults) for link in links]
        changing = [await stack.enter_async_context(one) for one in opened]
        print(f"{sessions} sessions are open, {pages} of them with a page", flush=True)
        before = processor_ms(server.process)
        taken = await asyncio.gather(
            *(change_often(change, n, sessions, changes, faults) for n, change in enumerate(changing))
        )
        used = tuple(now - then for now, then in zip(processor_ms(server.process), before, strict=True))
    return taken, used


def main() -> None:
    """Drive the sessions, print what was measured and fail where a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--pages", type=int, default=20, help="so many of the sessions have a page")
    asked = parser.parse_args()
    pages = min(asked.pages, asked.sessions)
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        city = build_city(Path(name) / "haiphong.gpkg")
        with served(gpkg=city) as server:
            changes = asked.seconds // EVERY_SECONDS
            driving = drive(server, asked.sessions, changes, pages, faults)
            by_session, used = asyncio.run(driving)
            memory = server.megabytes
    for fault in faults[:20]:
        print(fault)
    bare = asked.sessions - pages
    for title, group in (("without a page", by_session[:bare]), ("with a page", by_session[bare:])):
        if some := sorted(one for session in group for one in session):
            p50, p95 = (some[int(share * (len(some) - 1))] for share in (0.5, SHARE))
            print(f"{title}: p50 {p50:.0f}, p95 {p95:.0f}, max {some[-1]:.0f} ms")
    taken = [one for session in by_session for one in session]
    quick = sum(one < MOST_MS for one in taken) / (asked.sessions * changes)
    print(
        f"{len(taken)} of {asked.sessions * changes} changes, {len(faults)} errors; "
        f"{100 * quick:.1f} % under {MOST_MS} ms; server {memory:.0f} MB; of the processor a change: server "
        f"{used[0] / (asked.sessions * changes):.0f}, pages {used[1] / max(pages * changes, 1):.0f} ms"
    )
    if faults or quick < SHARE:
        sys.exit(f"an error, or fewer than {100 * SHARE:.0f} % under {MOST_MS} ms")


if __name__ == "__main__":
    main()
