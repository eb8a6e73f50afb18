"""Debian's nginx in front, configured as the docs say; and no word to any outside host."""

import json
import os
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from websockets.exceptions import InvalidHandshake, InvalidMessage
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from etl.store.accounts import Accounts, Right
from etl.store.audit import Actor
from etl.store.database import database_of
from geodata.settings import ROOT, settings
from tests.serving import answered, free_port

NAME = "wards.example"
WATCHED = """
import sys
def hook(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        place = args[1] if event in ("socket.connect", "socket.sendto") else args[0]
        with open(OUT, "a") as out:
            print(event, place, file=out)
sys.addaudithook(hook)
from dashboard.server import main
main()
"""


@dataclass
class Front:
    """A server behind nginx."""

    port: int
    behind: int
    told: Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proxy")


@pytest.fixture(scope="module")
def front(folder: Path, inspected_gpkg: Path) -> Iterator[Front]:
    behind, port = free_port(), free_port()
    told = folder / "connections.txt"
    told.touch()
    environment = {
        **os.environ,
        "PILOT_WARDS_HOME": str(folder),
        "PILOT_WARDS_GPKG": str(inspected_gpkg),
        "PILOT_WARDS_PROXIES": "127.0.0.1",
        "PILOT_WARDS_HOSTS": NAME,
        "PYTHONPATH": str(ROOT),
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PILOT_WARDS_HOME", str(folder))
        store = database_of(settings())
        Accounts(store).add("an", [Right("view")], Actor("system:test"))
        store.close()
    script = WATCHED.replace("OUT", repr(str(told)))
    command = [sys.executable, "-c", script, "--port", str(behind)]
    with (
        subprocess.Popen(command, env=environment, cwd=ROOT) as server,
        subprocess.Popen(nginx(folder, port, behind)) as proxy,
    ):
        try:
            answered(f"http://127.0.0.1:{behind}/sign-in", server)
            until_open(port, proxy)
            yield Front(port, behind, told)
        finally:
            proxy.terminate()
            server.terminate()


def nginx(folder: Path, port: int, behind: int) -> list[str]:
    """Write the configuration of the docs for a test; return the command that runs it."""
    text = (ROOT / "docs/en/how-to/proxy.md").read_text("utf-8")
    of_docs = text.partition("```nginx\n")[2].partition("```")[0]
    assert of_docs.count("8501") == 2 and 'X-Forwarded-User "";' in of_docs
    places = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "127.0.0.1:8501": f"127.0.0.1:{behind}",
        "/etc/nginx/": f"{folder}/",
        # A user whom the proxy knows, if the test says so in a header that clients have no business with.
        'X-Forwarded-User ""': "X-Forwarded-User $http_test_signed_in",
    }
    for ours, of_test in places.items():
        of_docs = of_docs.replace(ours, of_test)
    parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{part}_temp_path {folder}/{part};\n" for part in parts)
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{of_docs}}}\n",
        "utf-8",
    )
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-keyout", folder / "wards.key", "-out", folder / "wards.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    return ["/usr/sbin/nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]


def until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
    raise RuntimeError("nginx has ended")


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def said(front: Front, request: str) -> str:
    """Return what the proxy answers to a request, word for word; its lines are as they are typed here."""
    raw = request.replace("\n", "\r\n").encode()
    with (
        socket.create_connection(("127.0.0.1", front.port), 30) as plain,
        trusting().wrap_socket(plain, server_hostname=NAME) as secure,
    ):
        secure.sendall(raw)
        found = b""
        with suppress(TimeoutError, ConnectionError):
            while part := secure.recv(65536):
                found += part
    return found.decode("utf-8", "replace")


def get(front: Front, *headers: str, target: str = "/ward_map") -> str:
    lines = [f"GET {target} HTTP/1.1", f"Host: {NAME}", "Accept: text/html", "Connection: close", *headers]
    return said(front, "\n".join([*lines, "", ""]))


SMUGGLED = (
    ("X-Forwarded-User: an",),
    ("X_Forwarded_User: an",),
    ("x-forwarded-user: an", "X-Forwarded-User: an"),
    ("X-Forwarded-User : an",),
    ("X-Forwarded-For: 127.0.0.1", "X-Forwarded-User: an"),
    ("Forwarded: for=127.0.0.1", "X-Forwarded-User:\tan"),
    ("Cookie: X-Forwarded-User=an",),
)


def test_a_name_that_a_client_smuggles_past_the_proxy_counts_for_nothing(front: Front) -> None:
    for headers in SMUGGLED:
        answer = get(front, *headers)
        assert re.match(r"HTTP/1.1 (303|400)", answer), headers
        assert "pw-session" not in answer
    body = "0\n\nGET /ward_map HTTP/1.1\nHost: wards.example\nX-Forwarded-User: an\nAccept: text/html\n\n"
    for framing in (
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding: xchunked",),
        ("Content-Length: 5", "Content-Length: 100"),
    ):
        lines = [f"POST /sign-in HTTP/1.1\nHost: {NAME}\nConnection: close", *framing, "", body]
        answer = said(front, "\n".join(lines))
        assert re.match(r"HTTP/1.1 (400|501|421)", answer), framing
        assert "HTTP/1.1 200" not in answer and "pw-session" not in answer


def test_whom_the_proxy_names_has_a_session_whose_cookie_needs_tls(front: Front) -> None:
    answer = get(front, "Test-Signed-In: an")
    assert answer.startswith("HTTP/1.1 200")
    cookie = next(line for line in answer.splitlines() if line.lower().startswith("set-cookie: __host-"))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(
        cookie.split("; ")
    ) and "Domain" not in cookie
    assert "strict-transport-security" in answer.lower() and "uvicorn" not in answer
    session = cookie.partition(": ")[2].partition(";")[0]
    assert opened(front, session, f"https://{NAME}") == "ready"
    assert opened(front, session, "https://evil.example") == "refused"
    assert opened(front, "", f"https://{NAME}") == "refused"
    assert get(front, "Test-Signed-In: nobody").startswith("HTTP/1.1 403")
    # Past the proxy the cookie of TLS is worth nothing more, nor is a name from an address that is none.
    refused = get(front, "Test-Signed-In: an", "Origin: https://evil.example")
    assert refused.startswith("HTTP/1.1 421")


def opened(front: Front, session: str, origin: str) -> str:
    headers = {"Test-Signed-In": "an" if session else "", "Cookie": session}
    try:
        with connect(
            f"wss://{NAME}/_stcore/stream",
            sock=socket.create_connection(("127.0.0.1", front.port), 30),
            ssl=trusting(),
            origin=Origin(origin),
            subprotocols=[Subprotocol("streamlit")],
            additional_headers=headers,
            proxy=None,
        ):
            return "ready"
    except (InvalidHandshake, InvalidMessage):
        return "refused"


def test_no_request_leaves_the_machine_at_start_nor_on_a_handshake(front: Front) -> None:
    get(front, "Test-Signed-In: an")
    for origin in ("https://evil.example", "https://x.streamlit.app", "null"):
        assert opened(front, "", origin) == "refused"
    lines = front.told.read_text().splitlines()
    ours = re.compile(r"socket\.\w+ (\('(127\.0\.0\.1|::1)', .*|127\.0\.0\.1|localhost|::1|b?'?/.*)")
    assert [line for line in lines if not ours.match(line)] == []


def test_no_other_site_may_steer_a_page(front: Front) -> None:
    answer = get(front, "Test-Signed-In: an", target="/_stcore/host-config")
    assert json.loads(answer[answer.index("{") : answer.rindex("}") + 1])["allowedOrigins"] == []
