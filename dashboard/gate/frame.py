"""The frame of the gate's pages: they work without scripts, and carry their language in their addresses."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import parse_qsl, urlencode

from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from dashboard.gate.identity import IDENTITY
from dashboard.ui.html import html
from dashboard.ui.static_files import base_address, frontend_address
from geodata.contract.errors import Fault
from geodata.language import DEFAULT_LANGUAGE, Language, Words

MOST_TYPED = 20_000
"""Bytes of a form."""


def language_of(asked: HTTPConnection) -> Language:
    """Return the language that a page of the gate is asked for in."""
    return "en" if asked.query_params.get("lang") == "en" else DEFAULT_LANGUAGE


def at(asked: HTTPConnection, path: str, **parameters: str) -> str:
    """Return the address of another page of the gate, in the same language."""
    language = language_of(asked)
    chosen = {**({"lang": language} if language != DEFAULT_LANGUAGE else {}), **parameters}
    return f"{base_address()}/{path}{f'?{urlencode(chosen)}' if chosen else ''}"


def page(
    asked: HTTPConnection,
    template: str,
    title: Words | str,
    status: int = 200,
    *,
    faults: Sequence[Fault] = (),
    **values: object,
) -> Response:
    """Return a page of the gate: a template's content in the frame that all of them share.

    Parameters
    ----------
    asked
        The request.
    template
        Name of the template.
    title
        Of the page.
    status
        Of the answer.
    faults
        Of what was typed.
    values
        What the template names.
    """
    language = language_of(asked)
    to, who = partial(at, asked), IDENTITY.get()
    inner = html(template, language, root=base_address(), at=to, **values)
    other = "vi" if language == "en" else "en"
    frame = html(
        "gate_frame",
        language,
        title=title,
        inner=inner,
        at=to,
        path=asked.url.path.removeprefix(base_address()).strip("/"),
        who=who if who is not None and who.session is not None and not who.is_wall else None,
        faults=[fault.render(language) for fault in faults],
        style=frontend_address("gate.css"),
        icon=f"{base_address()}/favicon.png",
        other=str(asked.url.include_query_params(lang=other).query),
        other_language=other,
    )
    return HTMLResponse(f"<!doctype html>\n{frame}", status, {"Cache-Control": "no-store"})


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form, of which the last of each name counts."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_TYPED:
            return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
