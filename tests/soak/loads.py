"""What page loads and cut connections leave in the server's memory: ``python -m tests.soak.loads``.

Each load is the page itself and its WebSocket with one whole run, after which the reader leaves; of those
that are cut, the connection breaks amid the run. Sessions of those who left are kept for a while in case they
come back, so the memory is read again once that time is over.
"""

import argparse
import asyncio
import sys
import tempfile
import urllib.request
from datetime import date, timedelta
from pathlib import Path

from streamlit import config

from tests.benchmarks.browsing import Server, build_city, served
from tests.soak.clients import Reader

MOST_MB = 30
WARM_UP = 300
"""Loads before the first figure counts: the server keeps what it reckoned of the last 32 ranges of days of
each page, and the sessions of up to 128 people who left in the last two minutes."""
AT_ONCE = 4
PAGES = ("overview", "ward_map", "progress", "events", "inspections", "compare", "methods")


def days(number: int) -> str:
    """Return a range of days as it stands in a link: another for each load."""
    since, until = date(2022, 1, 1) + timedelta(days=number % 700), date(2024, 6, 30)
    return f"from={since}&to={until}"


async def load(address: str, number: int) -> None:
    """Load a page and leave it."""
    page = PAGES[number % len(PAGES)]
    await asyncio.to_thread(fetch, f"{address}/{page}")
    async with Reader(address) as reader:
        await reader.read(page, f"facts=all&{days(number)}&lang={('vi', 'en')[number % 2]}")


async def cut(address: str, number: int) -> None:
    """Begin to load a page and lose the connection."""
    async with Reader(address) as reader:
        await reader.ask(PAGES[number % len(PAGES)], "facts=all")
        await asyncio.sleep(0.01 * (number % 20))
        reader.cut()


def fetch(address: str) -> bytes:
    """Return what an address answers."""
    with urllib.request.urlopen(address) as answer:
        return bytes(answer.read())


async def many(server: Server, act: object, count: int) -> None:
    """Do something so often, a few at once."""
    numbers = iter(range(count))

    async def go_on() -> None:
        for number in numbers:
            await act(server.address, number)  # type: ignore[operator]
            if number and number % 250 == 0:
                print(f"{number:6} {server.megabytes:8.1f} MB", flush=True)

    await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))


async def measure(server: Server, loads: int, cuts: int, wait: float) -> float:
    """Return by how many megabytes the server has grown."""
    await many(server, load, WARM_UP)
    before = server.megabytes
    print(f"begins at {before:.1f} MB", flush=True)
    await many(server, load, loads)
    print(f"after {loads} loads: {server.megabytes - before:+.1f} MB", flush=True)
    await many(server, cut, cuts)
    print(f"after {cuts} cuts: {server.megabytes - before:+.1f} MB", flush=True)
    await asyncio.sleep(wait)
    await many(server, load, 2 * len(PAGES))
    grown = server.megabytes - before
    print(f"after {wait:.0f} s and {2 * len(PAGES)} more loads: {grown:+.1f} MB (at most {MOST_MB})")
    return grown


def main() -> None:
    """Load pages, print the memory and fail where too much stays."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--loads", type=int, default=2000)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--gpkg", type=Path, help="what is served; built where it is left out")
    asked = parser.parse_args()
    kept = float(config.get_option("server.disconnectedSessionTTL")) + 5
    with tempfile.TemporaryDirectory() as name:
        city = asked.gpkg or build_city(Path(name) / "haiphong.gpkg")
        with served(gpkg=city) as server:
            grown = asyncio.run(measure(server, asked.loads, asked.cuts, kept))
    if grown > MOST_MB:
        sys.exit(f"{grown:.0f} MB stay")


if __name__ == "__main__":
    main()
