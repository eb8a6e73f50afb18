"""Notes in the audit log who looked at what, and who took which file, where not everybody may.

A page is noted once it is sent, and a person's page once in `ANEW_AFTER` seconds, however often it runs.
"""

from collections.abc import Callable
from threading import Lock

import streamlit as st
from cachetools import TTLCache
from starlette.requests import HTTPConnection
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.gate import identity
from dashboard.gate.identity import Identity
from etl.store import audit
from etl.store.audit import Actor
from geodata.settings import settings

ANEW_AFTER = 600
"""Seconds after which a page that is looked at again is noted again."""

FIRST = "overview"

_noted: TTLCache[tuple[str, str], bool] = TTLCache(10_000, ANEW_AFTER)
_lock = Lock()


def page_of(asked: HTTPConnection, path: str) -> str:
    """Return the page whose figures a request asks for; empty where it asks for none."""
    if path.startswith("app/ahead/"):
        return path.removeprefix("app/ahead/")
    if path == "app/months":
        return "ward_map"
    return (path or FIRST) if "text/html" in asked.headers.get("accept", "") else ""


def note_view(who: Identity, page: str) -> None:
    """Note that somebody looks at a page."""
    if who.session is None or settings().is_public:
        return
    key = (who.session.token_hash, page)
    with _lock:
        if key in _noted:
            return
        _noted[key] = True
    _note(who, "view", f"page:{page}")


def downloading() -> Callable[[str], None]:
    """Return what notes that who reads this page takes a file of a name."""
    if get_script_run_ctx(suppress_warning=True) is None or not identity.has_accounts():
        return lambda _: None
    token = identity.token_of(st.context.cookies)

    def note(name: str) -> None:
        who = identity.identity_of(token)
        if who is not None and not settings().is_public:
            _note(who, "download", f"file:{name}")

    return note


def _note(who: Identity, action: str, thing: str) -> None:
    # That of a screen is where its token was made.
    address = who.session.address if who.session and not who.is_wall else ""
    with identity.store().write() as connection:
        audit.append(connection, Actor(who.name, address), action, thing)
