"""Refuses foreign hosts and origins before anything else sees them, and tells browsers what a page may do.

A name that is resolved to this machine by somebody else (DNS rebinding), or a page of another site that opens
our WebSocket, is turned away here: Streamlit's own check of an origin asks a host outside.
"""

import base64
import hashlib
import re
import socket
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")

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
        headers = Headers(scope=scope)
        if not self._is_ours(headers, scope):
            await _refuse(scope, receive, send)
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
        host, origin = headers.get("host", ""), headers.get("origin")
        name = _name_of(f"//{host}")
        if name is None or not (name in self.hosts or name == (scope.get("server") or ("",))[0]):
            return False
        if origin is None:
            # Browsers name the origin of every form: one that names none is no form of ours.
            return scope.get("method", "GET") in ("GET", "HEAD") or headers.get("sec-fetch-site") is None
        return urlsplit(origin).netloc.lower() == host.lower()


def _name_of(address: str) -> str | None:
    try:
        return (urlsplit(address).hostname or "").lower() or None
    except ValueError:
        return None


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse("421 Misdirected Request", 421)(scope, receive, send)
