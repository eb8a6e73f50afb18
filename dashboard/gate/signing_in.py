"""Ways in: a name with a password and a second factor, a proxy that names the user, the token of a wall."""

from collections.abc import Mapping
from threading import Lock
from urllib.parse import urlencode

from cachetools import TTLCache
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from dashboard.gate import identity
from dashboard.gate.identity import COOKIE, SECURE_COOKIE, Identity
from dashboard.ui.static_files import base_address
from etl.store import second_factor
from etl.store.accounts import Account, Accounts, Outcome
from etl.store.audit import Actor
from etl.store.sessions import LONGEST, LONGEST_OF_WALLS, Factor, Sessions, hashed
from geodata.language import Words, message
from geodata.settings import settings

MOST_FROM_ONE_ADDRESS = 30
"""Attempts that failed, from one address within a quarter of an hour, after which it has to wait."""

WALL_COOKIE = "pw-wall"
"""Tells a screen on a wall, whose token has ended, from somebody who may sign in."""

TOLD: dict[Outcome, Words] = {
    "wrong": message("Name, password or code is wrong."),
    "locked": message("Too many wrong attempts. Try again in 15 minutes."),
    "disabled": message("This account is disabled. Ask whoever administers the accounts."),
}
"""What is said to somebody who is not let in."""

_one_at_a_time = Lock()
"""To check a password takes all cores for a moment, which is its point; several would take the pages'."""

_failed: TTLCache[str, int] = TTLCache(10_000, 15 * 60)


def forget() -> None:
    """Let every address try again, and ask the store anew for everyone."""
    _failed.clear()
    identity.forget()


def address_of(asked: HTTPConnection) -> str:
    """Return from where a request came, past a proxy that is trusted."""
    client = asked.client.host if asked.client else ""
    if client not in settings().proxies:
        return client
    return asked.headers.get("x-forwarded-for", client).rpartition(",")[2].strip()[:45]


def is_secure(asked: HTTPConnection) -> bool:
    """Return whether a request came by TLS, as far as its proxy or this server."""
    client = asked.client.host if asked.client else ""
    told = asked.headers.get("x-forwarded-proto") if client in settings().proxies else None
    return (told or asked.url.scheme) in ("https", "wss")


def signed_in(asked: HTTPConnection, form: Mapping[str, str]) -> tuple[Outcome, Account | None, str]:
    """Check what was typed; return the outcome and, where it is right, the account and its new token.

    An address that has failed too often is told to wait, whatever it types.
    """
    accounts, address = Accounts(identity.store()), address_of(asked)
    if _failed.get(address, 0) >= MOST_FROM_ONE_ADDRESS:
        accounts.refuse(Actor("", address), "sign-in", "", "too many attempts from this address")
        return "locked", None, ""
    with _one_at_a_time:
        outcome, found = accounts.sign_in(form.get("name", ""), form.get("password", ""), address)
    factor: Factor = "password"
    if found is not None and found.has_second_factor:
        outcome, found = second_factor.check_code(accounts, found, form.get("code", ""), address)
        factor = "second"
    if found is None:
        _failed[address] = _failed.get(address, 0) + 1
        return outcome, None, ""
    _failed.pop(address, None)
    # Whoever put a token into this browser before does not share the session.
    end_session(asked, "sign-in")
    token = Sessions(identity.store()).begin(found, factor, address, asked.headers.get("user-agent", ""))
    return "right", found, token


def end_session(asked: HTTPConnection, reason: str) -> None:
    """End the session of a browser, if it has one."""
    token = identity.token_of(asked.cookies)
    found = identity.identity_of(token, is_fresh=True)
    if found is not None and found.session is not None:
        Sessions(identity.store()).end(hashed(token), Actor(found.name, address_of(asked)), reason)
        identity.forget()


def by_proxy(asked: HTTPConnection) -> Identity | None:
    """Return whom a trusted proxy names, with a session of their own; ``None`` for who has no account.

    The token of a session that is new stands in ``scope["pw-token"]`` until the answer carries it.
    """
    name = asked.headers.get("x-forwarded-user", "")
    known = identity.identity_of(identity.token_of(asked.cookies), is_used=True)
    accounts = Accounts(identity.store())
    found = accounts.named(name)
    if found is None or found.state != "active":
        accounts.refuse(Actor(name[:200], address_of(asked)), "sign-in", "", "named by the proxy: no account")
        return None
    if known is not None and known.name == found.name:
        return known
    if "text/html" not in asked.headers.get("accept", ""):
        return Identity(found.name, found.rights)
    sessions = Sessions(identity.store())
    token = sessions.begin(found, "proxy", address_of(asked), asked.headers.get("user-agent", ""))
    asked.scope["pw-token"] = token
    return identity.identity_of(token, is_fresh=True)


def wall_by_token(asked: HTTPConnection) -> Response | None:
    """Return the wall's address without its token, which the browser then keeps; ``None`` if it has ended."""
    token = asked.query_params["token"]
    found = identity.identity_of(token, is_fresh=True)
    if found is None or not found.is_wall:
        Accounts(identity.store()).refuse(Actor("", address_of(asked)), "wall", "", "token has ended")
        return None
    rest = urlencode([(name, value) for name, value in asked.query_params.multi_items() if name != "token"])
    answer = RedirectResponse(f"{base_address()}/wall{f'?{rest}' if rest else ''}", 303)
    keep_token(answer.headers, token, asked, is_wall=True)
    return answer


def keep_token(headers: MutableHeaders, token: str, asked: HTTPConnection, *, is_wall: bool = False) -> None:
    """Let the browser keep the token of a session, where no script can read it; an empty one is let go."""
    secure = is_secure(asked)
    lasts = (LONGEST_OF_WALLS if is_wall else LONGEST) if token else None
    cookie = Response()
    for name, value in (
        (SECURE_COOKIE if secure else COOKIE, token),
        *([(WALL_COOKIE, "1")] if is_wall else []),
    ):
        cookie.set_cookie(
            name,
            value,
            max_age=int(lasts.total_seconds()) if lasts else 0,
            httponly=True,
            secure=secure,
            samesite="lax",
        )
    for value in cookie.headers.getlist("set-cookie"):
        headers.append("set-cookie", value)
