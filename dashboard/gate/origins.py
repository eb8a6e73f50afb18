"""Refuses foreign hosts and origins before anything else sees them, and tells browsers what a page may do.

A name that is resolved to this machine by somebody else (DNS rebinding), or a page of another site that opens
our WebSocket, is turned away here: Streamlit's own check of an origin asks a host outside.
"""

import base64
import hashlib
import ipaddress
import re
import socket
from collections.abc import Iterable
from pathlib import Path

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.ui.static_files import base_address

LOOPBACK = ("localhost", "127.0.0.1", "::1")

CLOSED = (
    "_stcore/metrics",
    "_stcore/agent",
    "_stcore/script-health-check",
    "_stcore/allowed-message-origins",
    "component",
    "auth",
    "oauth2callback",
)
"""What Streamlit would answer and nobody here needs: counts of sessions, an interface for agents, components
of its first kind, its own sign-in."""

_HOST = re.compile(
    r"(?P<name>[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?", re.I
)
"""A host, and maybe a port, as they may stand in a header: nothing that could be read as a path."""

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), fullscreen=(self)",
}


def content_policy(scripts: Iterable[str]) -> str:
    """Return the policy of every answer (CSP level 3).

    Scripts are files of ours, and those that stand in a page, by their hashes; Streamlit makes modules of
    components as ``blob:``, which none but a script that runs can. It writes styles into the page as it runs,
    so styles may stand anywhere in it.

    Parameters
    ----------
    scripts
        What we write into pages, besides what stands in Streamlit's own.
    """
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    inline = [*_INLINE.findall(index), *scripts]
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in inline)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


class Hardened:
    """Middleware that answers requests to this server alone, from its own pages or from none.

    Parameters
    ----------
    app
        What stands behind.
    hosts
        Names by which this server is reached, besides those of the machine and the address a request came to.
    scripts
        See `content_policy`.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], scripts: Iterable[str]) -> None:
        self.app = app
        self.policy = content_policy(scripts)
        self.hosts = {*LOOPBACK, socket.gethostname().lower(), *(name.lower() for name in hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI states it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if not self._is_ours(Headers(scope=scope), scope):
            await _refuse(scope, receive, send, 421)
            return
        path = scope["path"].removeprefix(base_address()).lstrip("/")
        if path.startswith(tuple(f"{one}/" for one in CLOSED)) or path in CLOSED:
            await _refuse(scope, receive, send, 404)
            return

        async def answer(event: Message) -> None:
            if event["type"] in ("http.response.start", "websocket.http.response.start"):
                told = MutableHeaders(scope=event)
                for name, value in HEADERS.items():
                    told[name] = value
                told["Content-Security-Policy"] = self.policy
                del told["server"]
            await send(event)

        await self.app(scope, receive, answer)

    def _is_ours(self, headers: Headers, scope: Scope) -> bool:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        # A target with a host of its own (``GET http://…``) would be another word for whom it is meant.
        if len(hosts) != 1 or len(origins) > 1 or not scope["path"].startswith("/"):
            return False
        name = _name_of(hosts[0])
        if name is None or not (name in self.hosts or name == _name_of((scope.get("server") or ("",))[0])):
            return False
        if not origins:
            # Browsers name the origin of every form: one that names none is no form of ours.
            return scope.get("method", "GET") in ("GET", "HEAD") or headers.get("sec-fetch-site") is None
        scheme, _, rest = origins[0].partition("://")
        return scheme in ("http", "https") and rest.lower() == hosts[0].lower()


def _name_of(address: str) -> str | None:
    """Return the name or address in a header or of a socket, as it is compared; ``None`` if it is none."""
    try:
        return str(_plain(address))
    except ValueError:
        pass
    found = _HOST.fullmatch(address)
    if found is None or int(found["port"] or 0) > 65535:
        return None
    name = found["name"].lower()
    if not name.startswith("["):
        return name
    try:
        return str(_plain(name.strip("[]")))
    except ValueError:
        return None


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return an address; one of version 4 that a socket of version 6 names, as what it is."""
    found = ipaddress.ip_address(address)
    return getattr(found, "ipv4_mapped", None) or found


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    told = {404: "404 Not Found", 421: "421 Misdirected Request"}[status]
    answer = PlainTextResponse(told, status)
    end_unless_read(answer, scope)
    await answer(scope, receive, send)


def end_unless_read(answer: Response, scope: Scope) -> None:
    """Let a connection end after an answer to a request whose content nobody reads: it may be long."""
    sent = Headers(scope=scope)
    if sent.get("content-length", "0") != "0" or "transfer-encoding" in sent:
        answer.headers["Connection"] = "close"
