"""Sixty requests by hand, of a kind that no browser makes: none gets anything but the way in."""

import logging
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard.gate import connections
from dashboard.gate.logs import OneLine, set_up_logs
from dashboard.gate.origins import _name_of
from etl.store.accounts import Accounts, Right
from etl.store.audit import Actor
from etl.store.database import database_of
from geodata.settings import ROOT, settings
from tests.serving import answered, free_port

HEADERS_SECONDS = 1
SERVE = f"""
from dashboard.gate import connections
connections.HEADERS_SECONDS = {HEADERS_SECONDS}
connections.MOST_FROM_ONE_ADDRESS = 40
from dashboard.server import main
main()
"""


@dataclass
class Site:
    """A server that has accounts."""

    port: int
    home: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, inspected_gpkg: Path) -> Iterator[Site]:
    home, port = tmp_path_factory.mktemp("hostile"), free_port()
    named = {
        "PILOT_WARDS_HOME": str(home),
        "PILOT_WARDS_GPKG": str(inspected_gpkg),
        "PYTHONPATH": str(ROOT),
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PILOT_WARDS_HOME", str(home))
        store = database_of(settings())
        Accounts(store).add("an", [Right("view")], Actor("system:test"))
        store.close()
    environment = {name: value for name, value in os.environ.items() if name != "JOURNAL_STREAM"}
    command = [sys.executable, "-c", SERVE, "--port", str(port)]
    with subprocess.Popen(command, env={**environment, **named}, cwd=ROOT) as server:
        try:
            answered(f"http://127.0.0.1:{port}/sign-in", server)
            yield Site(port, home)
        finally:
            server.terminate()


def said(site: Site, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", site.port), 3) as plain:
        plain.sendall(request)
        found = b""
        with suppress(ConnectionError, TimeoutError):
            while part := plain.recv(65536):
                found += part
    return found


def asked(target: str = "/ward_map", *headers: str, host: str | None = "127.0.0.1:PORT") -> str:
    """Return a request; a method of its own may stand before the target."""
    line = target if " " in target else f"GET {target}"
    named = [] if host is None else [f"Host: {host}"]
    return "\n".join([f"{line} HTTP/1.1", *named, "Connection: close", *headers, "", ""])


OURS = "Origin: http://127.0.0.1:PORT"
WEBSOCKET = (
    "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)  # fmt: skip
STREAM = "/_stcore/stream"

REFUSED: dict[str, tuple[str, ...]] = {
    # Not ours by its host: no word of what it asked for.
    "400|421": (
        *(asked(host=host) for host in (
            "evil.example", "evil.example:PORT", "127.0.0.1.evil.example", "127.0.0.1:PORT@evil.example",
            "evil.example@127.0.0.1:PORT", "127.0.0.1:PORT/sign-in?",
            "127.0.0.1:PORT#", "127.0.0.1:99999", "127.0.0.1:x", "127.0.0.1:", "[::2]:PORT", "[::1", "[::1]x",
            "", "127.0.0.2:PORT", "0x7f.1:PORT", "2130706433:PORT", "localhost.evil.example",
            "localhost,evil.example", "127.0.0.1:PORT evil.example", "lоcalhost",
            "%6cocalhost", "localhost\\@evil.example",
        )),
        asked(host=None),
        asked("/ward_map", "Host: evil.example"),
        asked("/ward_map", "Host: 127.0.0.1:PORT"),
        asked("http://evil.example/ward_map"),
        asked("http://127.0.0.1:PORT/sign-in"),
        asked("https://127.0.0.1:PORT/ward_map"),
        asked("OPTIONS *"),
        asked("CONNECT evil.example:443"),
        asked("wards/sign-in"),
        *(asked("POST /sign-in", f"Origin: {origin}", "Content-Length: 0") for origin in (
            "null", "http://evil.example", "https://x.streamlit.app", "http://127.0.0.1:1", "http://127.0.0.1",
            "file://", "http://127.0.0.1:PORT.evil.example", "ftp://127.0.0.1:PORT", "",
        )),
        asked("POST /sign-in", "Sec-Fetch-Site: cross-site", "Content-Length: 0"),
        asked("POST /sign-in", OURS, "Origin: http://evil.example", "Content-Length: 0"),
        asked("POST /sign-in", OURS, "Content-Length: 3", "Content-Length: 5"),
        asked("POST /sign-in", OURS, "Transfer-Encoding: gzip, chunked"),
        asked("/ward_map", "Bad Name: x"),
        "\x16\x03\x01\x02\n\n",
    ),
    # Nobody needs it.
    "404": tuple(asked(f"/{path}") for path in (
        "_stcore/metrics", "_stcore/agent/openapi.json", "_stcore/agent/mcp", "_stcore/script-health-check",
        "component/x/index.html", "auth/login", "oauth2callback", "//_stcore/metrics", "_stcore/%6detrics",
    )),
    # Not without a session, by whatever spelling.
    "303|401|403|400": (
        *(asked(f"/{path}") for path in (
            "", "ward_map", "_stcore/health", "_stcore/host-config", "media/x.csv", "static/index.html",
            "sign-in%3f/../ward_map", "%2e%2e/ward_map", "app/ahead/overview", "ward_map%00", "WARD_MAP",
        )),
        asked("/ward_map"),
        asked("//ward_map"),
        asked("/ward_map", "Cookie: pw-session=x; __Host-pw-session=y"),
        asked("/ward_map", "X-Forwarded-User: an", "X-Forwarded-For: 127.0.0.1"),
        asked("/ward_map", "X-Original-URL: /sign-in", "X-Rewrite-URL: /sign-in"),
        asked("PUT /_stcore/upload_file/a/b", OURS, "Content-Length: 99999999"),
        asked(STREAM, *WEBSOCKET, OURS),
        asked(STREAM, *WEBSOCKET, "Origin: https://x.streamlit.app"),
        asked(STREAM, *WEBSOCKET),
        asked(STREAM, *WEBSOCKET, OURS, host="evil.example"),
        asked("DELETE /ward_map", OURS),
        # Odd, but readable: whoever sends it has no session either.
        asked("/ward_map", " folded: yes"),
        asked("/ward_map", f"Cookie: {'x' * 100_000}"),
        "GET /ward_map HTTP/9.9\nHost: 127.0.0.1:PORT\n\n",
    ),
}  # fmt: skip


def test_more_than_sixty_requests_get_nothing_but_the_way_in(site: Site) -> None:
    assert sum(map(len, REFUSED.values())) >= 60
    wrong = []
    for status, requests in REFUSED.items():
        for request in requests:
            raw = request.replace("PORT", str(site.port)).replace("\n", "\r\n").encode("utf-8")
            answer = said(site, raw)
            is_refused = re.match(rb"HTTP/1.1 (%s) " % status.encode(), answer)
            if not is_refused or b"data-test" in answer or b"\r\nserver:" in answer.lower():
                wrong.append((status, request[:120], answer[:60]))
    assert wrong == []


def test_the_names_of_this_machine_are_let_in_however_they_are_written(site: Site) -> None:
    for host in (
        "127.0.0.1",
        "localhost:PORT",
        "LOCALHOST",
        "[::1]:PORT",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
    ):
        answer = said(
            site,
            asked("/sign-in", host=host).replace("PORT", str(site.port)).replace("\n", "\r\n").encode(),
        )
        assert answer.startswith(b"HTTP/1.1 200"), host
    assert _name_of("::ffff:10.0.0.7") == _name_of("10.0.0.7")


def test_headers_have_to_come_in_time_and_one_address_holds_a_share(site: Site) -> None:
    for begun in (b"", b"GET / HT", b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\nGET / H"):
        with socket.create_connection(("127.0.0.1", site.port), 30) as plain:
            plain.sendall(begun)
            found = b""
            while part := plain.recv(65536):
                found += part
            assert (b"200 OK" in found) == (b"\r\n\r\n" in begun)
    held = [socket.create_connection(("127.0.0.1", site.port), 30) for _ in range(45)]
    assert sum(one.recv(1) == b"" for one in held[-5:]) == 5
    for one in held:
        one.close()


def test_a_line_of_the_log_stays_one_line(site: Site, tmp_path: Path) -> None:
    assert (site.home / "logs" / "server.log").stat().st_mode & 0o777 == 0o600
    record = logging.makeLogRecord(
        {"msg": "asked %s", "args": ("a\r\nb\x1b[31m\u202e\u2028c\u0085",), "levelname": "INFO"}
    )
    line = OneLine("%(message)s").format(record)
    assert line == r"asked a\r\nb\x1b[31m\u202e\u2028c\x85"
    file = tmp_path / "logs" / "a.log"
    one = logging.getLogger("hostile")
    one.propagate = False
    one.addHandler(logging.NullHandler())
    set_up_logs(file)
    kept = one.handlers[-1]
    try:
        one.warning("a\nb")
        assert file.read_text("utf-8").endswith("WARNING hostile: a\\nb\n")
    finally:
        for logger in (logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)):
            logger.removeHandler(kept)
        kept.close()


def test_limits_are_those_of_the_docs() -> None:
    text = (ROOT / "docs/en/how-to/proxy.md").read_text("utf-8")
    assert f"{connections.MOST_CONNECTIONS:,}".replace(",", ".") + " connections" in text
    assert f"{connections.MOST_FROM_ONE_ADDRESS} from one address" in text
    assert f"{connections.HEADERS_SECONDS} s\n  for headers" in text
