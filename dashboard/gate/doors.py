"""The gate itself: ASGI middleware before pages, `/_stcore`, files, uploads and downloads alike.

Whoever has no session gets the page to sign in and its files, and nothing else. Of a message on an open page
its session is looked up again too, so that an account that is locked or demoted loses its pages in seconds.
"""

import asyncio
import time
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.gate import identity
from dashboard.gate.identity import EVERYONE, IDENTITY, Identity
from dashboard.gate.notes import note_view, page_of
from dashboard.gate.origins import end_unless_read
from dashboard.gate.pages import ended_wall, no_account, nobody_yet
from dashboard.gate.signing_in import WALL_COOKIE, address_of, by_proxy, keep_token, wall_by_token
from dashboard.ui.static_files import base_address
from etl.store import audit
from etl.store.audit import Actor
from geodata.settings import settings

SIGN_IN = "sign-in"
PUBLIC = (SIGN_IN, "app/static/", "favicon.png")
"""What everybody gets: the page to sign in, and files of the program, which hold no facts."""
OF_WALLS = (
    "wall",
    "_stcore/stream",
    "_stcore/health",
    "_stcore/host-config",
    "app/static/",
    "static/",
    "favicon.png",
)
"""What a screen on a wall may ask for."""
OF_ADMINISTRATORS = ("accounts", "audit")
MOST_UPLOADED = 200 << 20
"""Bytes that a file may have."""
CHECKED_EVERY = 5.0
"""Seconds after which the session of an open page is looked up again."""
SIGNED_OUT = 4401
"""Code with which a WebSocket is closed whose session has ended."""


class Doors:
    """Middleware that lets in who has a session, and tells the rest where to sign in.

    Parameters
    ----------
    app
        What stands behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI states it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        # Not of `asked.url`: that is put together with a header, and a “?” in a path would cut it.
        path = scope["path"].removeprefix(base_address()).lstrip("/")
        found, answer = await self._identify(asked, path)
        if answer is None and found is None and not path.startswith(PUBLIC):
            answer = _turned_away(asked)
        if answer is None and found is not None:
            # In a thread: the entry in the log is written to the disk before it goes on.
            answer = await run_in_threadpool(_beyond_rights, found, path, asked)
        if answer is not None:
            await _answer(answer, scope, receive, send)
            return
        token = IDENTITY.set(found)
        try:
            if scope["type"] == "websocket" and found is not None and found.session is not None:
                await self._watched(found, asked, scope, receive, send)
            else:
                await self.app(scope, receive, _with_token(asked, send))
                page = page_of(asked, path)
                if (
                    found is not None
                    and page
                    and not _is_free(path)
                    and not path.startswith(OF_ADMINISTRATORS)
                ):
                    await run_in_threadpool(note_view, found, page)
        finally:
            IDENTITY.reset(token)

    async def _identify(self, asked: HTTPConnection, path: str) -> tuple[Identity | None, Response | None]:
        """Return who asks, or an answer that comes before that is of use."""
        if not await run_in_threadpool(identity.has_accounts):
            return (EVERYONE, None) if _is_open(asked) else (None, nobody_yet(asked))
        site = settings()
        client = asked.client.host if asked.client else ""
        if client in site.proxies and asked.headers.get("x-forwarded-user"):
            named = await run_in_threadpool(by_proxy, asked)
            return named, None if named else no_account(asked)
        if path == "wall" and "token" in asked.query_params:
            return None, await run_in_threadpool(wall_by_token, asked) or ended_wall(asked)
        token = identity.token_of(asked.cookies)
        is_fresh = asked.scope["type"] == "websocket" or "text/html" in asked.headers.get("accept", "")
        found = await run_in_threadpool(identity.identity_of, token, is_fresh=is_fresh, is_used=is_fresh)
        if found is None and path == "wall" and asked.cookies.get(WALL_COOKIE):
            return None, ended_wall(asked)
        return found or (EVERYONE if site.is_public and not path.startswith(SIGN_IN) else None), None

    async def _watched(
        self, found: Identity, asked: HTTPConnection, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Serve a WebSocket until its session ends, which closes it."""
        token = identity.token_of(asked.cookies)
        used_at = [time.monotonic()]
        rights = found.rights

        async def received() -> Message:
            event = await receive()
            if event["type"] == "websocket.receive" and _is_doing(event):
                used_at.append(time.monotonic())
            return event

        serving = asyncio.ensure_future(self.app(scope, received, send))
        looked_at = time.monotonic()
        try:
            while not serving.done():
                await asyncio.wait({serving}, timeout=CHECKED_EVERY)
                is_used, looked_at = used_at[-1] > looked_at, time.monotonic()
                del used_at[:-1]
                now = await run_in_threadpool(identity.identity_of, token, is_fresh=True, is_used=is_used)
                if not serving.done() and (now is None or now.rights != rights):
                    await send({"type": "websocket.close", "code": SIGNED_OUT})
                    return
            await serving
        finally:
            serving.cancel()


def _is_doing(event: Message) -> bool:
    """Return whether a message tells of a reader's doing; a page also asks by itself."""
    content = event.get("bytes")
    if not content:
        return False
    told = BackMsg()
    try:
        told.ParseFromString(content)
    except ValueError:
        return False
    return told.WhichOneof("type") == "rerun_script" and not told.rerun_script.is_auto_rerun


def _is_open(asked: HTTPConnection) -> bool:
    """Return whether a server without accounts answers: on its own machine, or where it was told to."""
    server = asked.scope.get("server") or ("", 0)
    site = settings()
    is_near = server[0] in ("127.0.0.1", "::1", "localhost", "testserver") and not site.proxies
    return is_near or site.may_be_open


def _turned_away(asked: HTTPConnection) -> Response:
    """Return the way to the page to sign in for a page, and no for anything else."""
    if asked.scope["type"] == "http" and "text/html" in asked.headers.get("accept", ""):
        back = asked.url.path + (f"?{asked.url.query}" if asked.url.query else "")
        return RedirectResponse(f"{base_address()}/{SIGN_IN}?next={quote(back)}", 303)
    return PlainTextResponse("401 Unauthorized", 401)


def _beyond_rights(found: Identity, path: str, asked: HTTPConnection) -> Response | None:
    """Return no where somebody who is known asks for what they may not have."""
    is_free = _is_free(path)
    if found.owes and not is_free:
        is_page = "text/html" in asked.headers.get("accept", "")
        return (
            RedirectResponse(f"{base_address()}/account", 303)
            if is_page
            else PlainTextResponse("403 Forbidden", 403)
        )
    if found.is_wall:
        is_allowed = path.startswith(OF_WALLS)
    elif path.startswith(OF_ADMINISTRATORS):
        is_allowed = found.may_administer
    elif path.startswith("_stcore/upload_file"):
        size = asked.headers.get("content-length", "")
        is_allowed = any(right.role == "submit" for right in found.rights) and (
            not size.isdigit() or int(size) <= MOST_UPLOADED
        )
    else:
        is_allowed = is_free or found.may_read
    if is_allowed:
        return None
    if found.session is None and settings().is_public:
        return _turned_away(asked)
    if path == "" and found.session is not None and not found.is_wall:
        return RedirectResponse(f"{base_address()}/account", 303)
    actor = Actor(found.name, address_of(asked))
    if found.session is not None:
        with identity.store().write() as connection:
            audit.append(connection, actor, "request", f"path:{path[:200]}", "refused", "beyond rights")
    return PlainTextResponse("403 Forbidden", 403)


def _is_free(path: str) -> bool:
    """Return whether whoever is signed in may ask for something, whatever their rights."""
    return path in ("account", "sign-out") or path.startswith((*PUBLIC, "static/"))


def _with_token(asked: HTTPConnection, send: Send) -> Send:
    """Return what sends an answer, with the token of a session that began with this request."""

    async def sending(event: Message) -> None:
        token = asked.scope.pop("pw-token", "")
        if token and event["type"] == "http.response.start":
            keep_token(MutableHeaders(scope=event), token, asked)
        await send(event)

    return sending


async def _answer(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": SIGNED_OUT})
        return
    end_unless_read(answer, scope)
    await answer(scope, receive, send)
