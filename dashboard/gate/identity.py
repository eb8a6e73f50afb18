"""Who asks, found out anew from the store at each request and at each run of a page.

Nothing that a browser holds says what its reader may do: it holds the token of a session, and the store knows
whose that is, whether it still holds, and what rights its account has now.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock

import streamlit as st
from cachetools import TTLCache
from streamlit.runtime.scriptrunner import get_script_run_ctx

from etl.store.accounts import Right
from etl.store.database import Database, database_of
from etl.store.rights import may, may_read, scope_of
from etl.store.sessions import Session, Sessions
from geodata.settings import settings
from geodata.wards.scope import Area

COOKIE, SECURE_COOKIE = "pw-session", "__Host-pw-session"
"""Names of the cookie with the token, without and with TLS."""

FRESH_SECONDS = 5
"""So long what was found out of a token may be used again: a page asks for a hundred files at once."""


@dataclass(frozen=True)
class Identity:
    """Who asks, and what they may do.

    Attributes
    ----------
    name
        Of the account; empty for nobody in particular.
    rights
        Its rights.
    session
        The session; ``None`` for who has none.
    """

    name: str
    rights: tuple[Right, ...]
    session: Session | None = None

    @property
    def may_read(self) -> bool:
        """Whether any published figure may be read."""
        return may_read(self.rights)

    @property
    def may_administer(self) -> bool:
        """Whether accounts, settings and the audit log may be administered."""
        return may(self.rights, "administer")

    @property
    def owes(self) -> bool:
        """Whether another password or a second factor has to come first."""
        if self.session is None or self.session.factor in ("proxy", "token"):
            return False
        account = self.session.account
        return account.must_change_password or (account.is_administrator and not account.has_second_factor)

    @property
    def is_wall(self) -> bool:
        """Whether this is a screen on a wall, which reads the wall alone."""
        return self.session is not None and self.session.kind == "wall"

    @property
    def scope(self) -> tuple[Area, ...] | None:
        """The districts and wards of which facts may be read; ``None`` for the whole city."""
        return scope_of(self.rights)


EVERYONE = Identity("", (Right("view"),))
"""Who reads where nobody has to sign in."""

IDENTITY: ContextVar[Identity | None] = ContextVar("identity", default=None)
"""Who sent the request that is answered."""

_known: TTLCache[str, Identity | None] = TTLCache(4096, FRESH_SECONDS)
_accounts: TTLCache[str, bool] = TTLCache(1, FRESH_SECONDS)
_lock = Lock()
_store: dict[tuple[str, str], Database] = {}


def store() -> Database:
    """Return the store of the installation, which is opened once."""
    site = settings()
    key = (site.database, str(site.home))
    with _lock:
        if key not in _store:
            _store[key] = database_of(site)
        return _store[key]


def has_accounts() -> bool:
    """Return whether anybody has an account: without any, the program runs open on its own machine."""
    site = settings()
    if not site.database and not (site.home / "store.sqlite").is_file():
        return False
    key = f"{site.database} {site.home}"
    with _lock:
        found = _accounts.get(key)
    if found is None:
        from etl.store.accounts import Accounts

        found = bool(Accounts(store()).all())
        with _lock:
            _accounts[key] = found
    return found


def token_of(cookies: Mapping[str, str]) -> str:
    """Return the token that a browser sent; empty where it sent none."""
    return cookies.get(SECURE_COOKIE) or cookies.get(COOKIE) or ""


def identity_of(token: str, *, is_fresh: bool = False, is_used: bool = False) -> Identity | None:
    """Return who has the session of a token, if it holds.

    Parameters
    ----------
    token
        As the browser sent it.
    is_fresh
        Ask the store, whatever was found out in the last `FRESH_SECONDS`.
    is_used
        A person does something, so the session is not idle.
    """
    if not token:
        return None
    with _lock:
        if not is_fresh and not is_used and token in _known:
            return _known[token]
    session = Sessions(store()).find(token, is_used=is_used)
    found = None
    if session is not None:
        found = Identity(session.account.name, session.account.rights, session)
    with _lock:
        _known[token] = found
    return found


def forget() -> None:
    """Ask the store again for everyone: accounts or sessions have changed here."""
    with _lock:
        _known.clear()
        _accounts.clear()


def current() -> Identity:
    """Return who reads the page that runs, or sent the request that is answered.

    Where a page runs for somebody whose session has ended, the run ends here.
    """
    asked = IDENTITY.get()
    if asked is not None:
        return asked
    if get_script_run_ctx(suppress_warning=True) is None or not has_accounts():
        return EVERYONE
    found = identity_of(token_of(st.context.cookies), is_fresh=True)
    if found is None and settings().is_public:
        return EVERYONE
    if found is None or not found.may_read:
        st.stop()
    return found


def current_scope() -> tuple[Area, ...] | None:
    """Return the areas of which the one who asks may read facts; see `current`."""
    return current().scope
