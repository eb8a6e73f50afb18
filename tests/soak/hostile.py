"""Twenty readers beside twelve hostile clients: ``python -m tests.soak.hostile``.

The readers each choose other days on the ward map every 3 s. The time of a change runs from the message that
asks for it until all of the page was sent. In phases of equal length they are first alone, then the hostile
clients do their worst beside them: ask for one route after another, open sockets as a foreign page, guess
passwords, leave connections half open, send big files. In the last phase all twelve ask for routes alone.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from dashboard.gate.identity import COOKIE
from etl.store.accounts import Accounts, Right
from etl.store.audit import Actor
from etl.store.database import database_of
from etl.store.sessions import Sessions
from geodata.settings import ROOT, settings
from tests.benchmarks.bench_sessions import EVERY_SECONDS, FIGURES, days_of
from tests.benchmarks.browsing import Server, build_city, serving
from tests.soak.clients import Reader

READERS, HOSTILE, MOST_TIMES = 20, 12, 1.5
WARDS = (
    "11296", "11299", "11302", "11305", "11311", "11359", "11365", "11404", "11405", "11407", "11422", "11455"
)  # fmt: skip
BIG = 8 << 20
PAUSE = 0.05

Attack = Callable[[str, str, random.Random, Counter[str]], Awaitable[None]]


def signed_in(count: int) -> list[str]:
    """Make accounts that may read; return the cookie of a session of each."""
    store, by = database_of(settings()), Actor("system:test")
    cookies = []
    for number in range(count):
        account = Accounts(store).add(f"n{number}", [Right("view")], by)
        cookies.append(f"{COOKIE}={Sessions(store).begin(account, 'proxy', '127.0.0.1', '')}")
    store.close()
    return cookies


def change(session: int, number: int) -> str:
    """Return the link of a change: no range of days is asked for twice."""
    since, until = days_of(session * 500 + number)
    figure = FIGURES[session % len(FIGURES)]
    return urlencode({"facts": "all", **figure, "from": f"{since}", "to": f"{until}"})


async def read_on(reader: Reader, session: int, numbers: range, seconds: float) -> list[float]:
    """Make changes for a while; return the milliseconds of each."""
    taken = []
    begun = time.monotonic() + EVERY_SECONDS * session / READERS
    for count, number in enumerate(numbers):
        at = begun + EVERY_SECONDS * count
        if at - begun > seconds:
            break
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        taken.append(await reader.read("ward_map", change(session, number)))
    return taken


async def ask_for_routes(address: str, cookie: str, at: random.Random, told: Counter[str]) -> None:
    """Ask for one route after another, none of which was asked for before."""
    async with Reader(address, cookie) as reader:
        while True:
            stops = ",".join(f"{one}:{at.randint(5, 200)}" for one in at.sample(WARDS, at.randint(8, 12)))
            asked = {"facts": "all", "day": "2024-03-04", "stops": stops, "teams": at.randint(1, 4)}
            await reader.read("routes", urlencode(asked))
            told["routes"] += 1
            told["told their place"] += "xếp thứ".encode() in reader.received


async def open_as_foreign(address: str, _: str, _at: random.Random, told: Counter[str]) -> None:
    """Open a WebSocket as a page of another site would."""
    while True:
        with suppress(WebSocketException):
            async with connect(
                f"ws://{urlsplit(address).netloc}/_stcore/stream",
                origin=Origin("https://x.streamlit.app"),
                proxy=None,
            ):
                told["foreign sockets let in"] += 1
        told["foreign sockets"] += 1
        await asyncio.sleep(PAUSE)


async def guess(address: str, _: str, at: random.Random, told: Counter[str]) -> None:
    """Guess a password."""
    while True:
        fields = urlencode({"name": "n0", "password": f"{at.random()}"}).encode()
        asked = urllib.request.Request(f"{address}/sign-in", fields, {"Origin": address})
        with suppress(urllib.error.HTTPError):
            await asyncio.to_thread(urllib.request.urlopen, asked, timeout=60)
        told["guesses"] += 1
        await asyncio.sleep(PAUSE)


async def leave_half_open(address: str, _cookie: str, _at: random.Random, told: Counter[str]) -> None:
    """Begin requests that never end."""
    where = urlsplit(address)
    while True:
        kept = []
        for _ in range(50):
            _, writer = await asyncio.open_connection(where.hostname, where.port)
            writer.write(b"GET / HTTP/1.1\r\nHost: ")
            kept.append(writer)
            told["half-open"] += 1
        await asyncio.sleep(12)
        for writer in kept:
            writer.close()


async def send_big(address: str, _: str, _at: random.Random, told: Counter[str]) -> None:
    """Send big files to a session that is no one's."""
    while True:
        asked = urllib.request.Request(
            f"{address}/_stcore/upload_file/x/y", bytes(BIG), {"Origin": address}, method="PUT"
        )
        with suppress(urllib.error.URLError, ConnectionError):
            await asyncio.to_thread(urllib.request.urlopen, asked, timeout=60)
        told["big files"] += 1
        await asyncio.sleep(PAUSE)


ATTACKS: tuple[Attack, ...] = (
    *(4 * (ask_for_routes,)),
    *(2 * (open_as_foreign,)),
    *(2 * (guess,)),
    *(2 * (leave_half_open,)),
    *(2 * (send_big,)),
)


async def persist(attack: Attack, address: str, cookie: str, at: random.Random, told: Counter[str]) -> None:
    """Go on with an attack whenever it is thrown out."""
    while True:
        with suppress(OSError, WebSocketException):
            await attack(address, cookie, at, told)
        told["thrown out"] += 1
        await asyncio.sleep(PAUSE)


async def drive(
    server: Server, seconds: float, told: Counter[str], cookies: list[str]
) -> dict[str, list[float]]:
    """Return the milliseconds of the readers' changes of each phase."""
    phases: dict[str, tuple[Attack, ...]] = {
        "idle": (),
        "hostile": ATTACKS,
        "routes": HOSTILE * (ask_for_routes,),
    }
    readers = [Reader(server.address, cookie) for cookie in cookies[:READERS]]
    found: dict[str, list[float]] = {}
    for one in readers:
        await one.__aenter__()
    await asyncio.gather(*(one.read("ward_map", change(n, 499)) for n, one in enumerate(readers)))
    for count, (name, attacks) in enumerate(phases.items()):
        clients = [
            asyncio.create_task(
                persist(attack, server.address, cookies[READERS + number], random.Random(number), told)
            )
            for number, attack in enumerate(attacks)
        ]
        numbers = range(150 * count, 150 * (count + 1))
        changes = await asyncio.gather(
            *(read_on(one, n, numbers, seconds / len(phases)) for n, one in enumerate(readers))
        )
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
        found[name] = [one for taken in changes for one in taken]
        print(f"{name}: {described(found[name])}, server {server.megabytes:.0f} MB", flush=True)
    for one in readers:
        await one.__aexit__(None, None, None)
    return found


def p95(taken: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(taken, n=20)[-1]


def described(taken: list[float]) -> str:
    """Return what is told of the changes of a phase."""
    half = statistics.median(taken)
    return f"{len(taken)} changes, p50 {half:.0f}, p95 {p95(taken):.0f}, max {max(taken):.0f} ms"


def main() -> None:
    """Drive all, print what was measured and fail where the readers suffer."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--gpkg", type=Path, help="what is served; built where it is left out")
    asked = parser.parse_args()
    told: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        os.environ["PILOT_WARDS_HOME"] = name
        cookies = signed_in(READERS + HOSTILE)
        city = asked.gpkg or build_city(Path(name) / "haiphong.gpkg")
        command = [sys.executable, "-m", "dashboard.server", "--port", "PORT"]
        with serving(command, ROOT, {"PILOT_WARDS_GPKG": str(city)}, "/sign-in") as server:
            found = asyncio.run(drive(server, asked.seconds, told, cookies))
    print(", ".join(f"{count} {what}" for what, count in sorted(told.items())))
    times = {name: p95(taken) / p95(found["idle"]) for name, taken in found.items()}
    print(", ".join(f"{name} {one:.2f} × idle" for name, one in times.items()))
    if told["foreign sockets let in"] or max(times.values()) > MOST_TIMES:
        sys.exit(f"more than {MOST_TIMES} × idle, or a foreign page was let in")


if __name__ == "__main__":
    main()
