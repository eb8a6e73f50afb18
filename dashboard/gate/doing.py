"""What the forms of the gate's pages work with: who sent one, what stands in it, and how it is answered."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Literal

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from dashboard.gate import identity
from dashboard.gate.frame import at, language_of, read_form
from dashboard.gate.identity import IDENTITY, Identity
from dashboard.gate.signing_in import address_of
from dashboard.ui.static_files import base_address
from etl.store.accounts import Accounts
from etl.store.audit import Actor
from etl.store.sessions import Session, Sessions
from geodata.clock import VIETNAM, today
from geodata.language import Words, render
from geodata.workbook import neutral

MOST_IN_MEMORY = 8 << 20
"""Bytes of a file that is handed over, above which it is written to disk."""


@dataclass(frozen=True)
class Doing:
    """A request of somebody who is signed in.

    Attributes
    ----------
    request
        As it came.
    who, session
        Who sent it, in which session.
    fields
        Of the form; of the address where a page is asked for.
    """

    request: Request
    who: Identity
    session: Session
    fields: Mapping[str, str]

    @property
    def accounts(self) -> Accounts:
        """The accounts of the store."""
        return Accounts(identity.store())

    @property
    def sessions(self) -> Sessions:
        """The sessions of the store."""
        return Sessions(identity.store())

    @property
    def actor(self) -> Actor:
        """Who acts, as the audit log names them."""
        return Actor(self.who.name, address_of(self.request))

    def field(self, name: str) -> str:
        """Return what stands in a field; empty where it isn't there."""
        return self.fields.get(name, "").strip()

    def done(self, path: str, told: str = "") -> Response:
        """Return the way to a page, which tells what is done; what was known of people is forgotten."""
        identity.forget()
        return RedirectResponse(at(self.request, path, **({"told": told} if told else {})), 303)


Handler = Callable[[Doing], Response]


def form_route(path: str, show: Handler, acts: Mapping[str, Handler]) -> Route:
    """Return the route of a page whose forms name in the field ``do`` what they do.

    Parameters
    ----------
    path
        Below the root.
    show
        Draws the page.
    acts
        Do what a form asks for.
    """

    async def answer(request: Request) -> Response:
        who = IDENTITY.get()
        if who is None or who.session is None:
            return RedirectResponse(at(request, "sign-in", next=request.url.path), 303)
        is_form = request.method == "POST"
        fields = await read_form(request) if is_form else request.query_params
        handler = acts.get(fields.get("do", ""), show) if is_form else show
        return await run_in_threadpool(handler, Doing(request, who, who.session, fields))

    return Route(f"{base_address()}/{path}", answer, methods=["GET", "POST"])


def moment(at: str | None, width: Literal["minutes", "seconds"] = "minutes") -> str:
    """Return a time of the store as people of the city write it; empty for none."""
    if at is None:
        return ""
    form = "%d/%m/%Y %H:%M:%S" if width == "seconds" else "%d/%m/%Y %H:%M"
    return datetime.fromisoformat(at).astimezone(VIETNAM).strftime(form)


def csv_of(doing: Doing, name: str, rows: Iterable[Iterable[Words | str]]) -> Response:
    """Return rows as a CSV file that is called by a name and the day; no cell of it is a formula.

    It is written beside the memory, however long it is, and no transaction stays open while it is sent.
    """
    language = language_of(doing.request)
    file = SpooledTemporaryFile(MOST_IN_MEMORY, "w+b")  # noqa: SIM115 (closed once it is sent)
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";" if language == "vi" else ",")
    writer.writerows([neutral(render(cell, language)) for cell in row] for row in rows)
    text.detach()
    file.seek(0)
    return StreamingResponse(
        iter(partial(file.read, 1 << 16), b""),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{today():%Y%m%d}.csv"',
            "Cache-Control": "no-store",
        },
        background=BackgroundTask(file.close),
    )
