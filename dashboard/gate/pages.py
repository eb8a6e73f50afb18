"""The pages that need no session: to sign in, and what is said to who can't. They work without scripts."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.gate.administration import administration_routes
from dashboard.gate.audit_log import audit_route
from dashboard.gate.frame import page, read_form
from dashboard.gate.own_account import own_account_route
from dashboard.gate.signing_in import TOLD, end_session, keep_token, signed_in
from dashboard.ui.static_files import base_address
from geodata.language import Words, message


def gate_routes() -> list[Route]:
    """Return the routes of these pages."""
    return [
        Route(f"{base_address()}/sign-in", _sign_in, methods=["GET", "POST"]),
        Route(f"{base_address()}/sign-out", _sign_out, methods=["POST"]),
        own_account_route(),
        *administration_routes(),
        audit_route(),
    ]


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
        told, status = TOLD[outcome], 403
    title = message("Sign in")
    return page(
        request, "gate_sign_in", title, status, told=told, name=fields.get("name", ""), next=_next_of(fields)
    )


async def _sign_out(request: Request) -> Response:
    await run_in_threadpool(end_session, request, "sign-out")
    answer = RedirectResponse(f"{base_address()}/sign-in", 303)
    keep_token(answer.headers, "", request)
    return answer
