"""The pages that need no session: to sign in, and what is said to who can't. They work without scripts."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.gate.signing_in import end_session, keep_token, signed_in
from dashboard.ui.html import html
from dashboard.ui.static_files import base_address, frontend_address
from etl.store.accounts import Outcome
from geodata.language import DEFAULT_LANGUAGE, Language, Words, message

MOST_TYPED = 20_000
"""Bytes of a form."""

_TOLD: dict[Outcome, Words] = {
    "wrong": message("Name, password or code is wrong."),
    "locked": message("Too many wrong attempts. Try again in 15 minutes."),
    "disabled": message("This account is disabled. Ask whoever administers the accounts."),
}


def gate_routes() -> list[Route]:
    """Return the routes of these pages."""
    return [
        Route(f"{base_address()}/sign-in", _sign_in, methods=["GET", "POST"]),
        Route(f"{base_address()}/sign-out", _sign_out, methods=["POST"]),
    ]


def language_of(asked: HTTPConnection) -> Language:
    """Return the language that a page of the gate is asked for in."""
    return "en" if asked.query_params.get("lang") == "en" else DEFAULT_LANGUAGE


def page(asked: HTTPConnection, template: str, title: Words, status: int = 200, **values: object) -> Response:
    """Return a page of the gate: a template's form in the frame that all of them share."""
    language = language_of(asked)
    inner = html(template, language, root=base_address(), **values)
    other = "vi" if language == "en" else "en"
    frame = html(
        "gate_frame",
        language,
        title=title,
        inner=inner,
        style=frontend_address("gate.css"),
        other=str(asked.url.include_query_params(lang=other).query),
        other_language=other,
    )
    return HTMLResponse(f"<!doctype html>\n{frame}", status, {"Cache-Control": "no-store"})


def ended_wall(asked: HTTPConnection) -> Response:
    """Return what a screen shows whose token has ended: that, and no way in. It asks again by itself."""
    answer = page(asked, "gate_wall_ended", message("The token of this screen has ended"), 403)
    answer.headers["Refresh"] = "60"
    return answer


def nobody_yet(asked: HTTPConnection) -> Response:
    """Return what is said on other machines while nobody has an account."""
    return page(asked, "gate_nobody", message("Nobody has an account yet"), 503)


def no_account(asked: HTTPConnection) -> Response:
    """Return what is said to somebody whom the proxy names and who has no account."""
    return page(asked, "gate_no_account", message("You have no account here"), 403)


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form, of which the last of each name counts."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_TYPED:
            return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _next_of(fields: Mapping[str, str]) -> str:
    """Return where somebody wanted to go: an address of this server alone."""
    asked = fields.get("next", "")
    is_ours = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if is_ours else f"{base_address()}/"


async def _sign_in(request: Request) -> Response:
    told: Words | None = None
    fields: Mapping[str, str] = request.query_params
    status = 200
    if request.method == "POST":
        fields = await read_form(request)
        outcome, _, token = await run_in_threadpool(signed_in, request, fields)
        if outcome == "right":
            answer = RedirectResponse(_next_of(fields), 303)
            keep_token(answer.headers, token, request)
            return answer
        told, status = _TOLD[outcome], 403
    title = message("Sign in")
    return page(
        request, "gate_sign_in", title, status, told=told, name=fields.get("name", ""), next=_next_of(fields)
    )


async def _sign_out(request: Request) -> Response:
    await run_in_threadpool(end_session, request, "sign-out")
    answer = RedirectResponse(f"{base_address()}/sign-in", 303)
    keep_token(answer.headers, "", request)
    return answer
