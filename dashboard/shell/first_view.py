"""Writes into a page what it shows first, so that it stands there before Streamlit's scripts have loaded."""

import gzip
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.middleware.base import DispatchFunction, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

from dashboard.query.caching import cached
from dashboard.query.publication import publication
from dashboard.shell.frame_link import Selection, read_selection
from dashboard.shell.link import FRAME, Read, asked_of
from dashboard.ui.component import said
from dashboard.ui.first_map import first_map
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from dashboard.ui.static_files import frontend_sources, styles
from geodata.contract.errors import GeodataError
from geodata.language import Language

STYLES = ("page.css", "map.css", "first_view.css")

LOG = logging.getLogger(__name__)

Write = Callable[[Mapping[str, str]], Markup]
"""Returns what a page shows first of the parameters of its link, as HTML."""

_ROOT = b'<div id="root"></div>'
_WITHOUT_SCRIPTS = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)


@dataclass(frozen=True)
class Opening:
    """What a page shows first: its sentence, what this is of, and the map."""

    headline: str
    subline: Markup
    view: MapView


def with_first_view(pages: Mapping[str, Write]) -> DispatchFunction:
    """Return what writes into each of these pages, by its path, what it shows first."""

    async def dispatch(request: Request, answer: RequestResponseEndpoint) -> Response:
        write = pages.get(request.url.path.rpartition("/")[2])
        if request.method != "GET" or write is None:
            return await answer(request)
        # Whole, as plain text: a browser's older copy, or one that is packed, could not be written into.
        left_out = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
        is_packed = "gzip" in request.headers.get("accept-encoding", "")
        request.scope["headers"] = [one for one in request.headers.raw if one[0].lower() not in left_out]
        response = await answer(request)
        body = b"".join([part async for part in response.body_iterator])  # type: ignore[attr-defined]
        page = await run_in_threadpool(_page, body, write, dict(request.query_params), is_packed=is_packed)
        # It changes with the data.
        stale = ("etag", "last-modified", "accept-ranges", "content-length")
        headers = {name: value for name, value in response.headers.items() if name not in stale}
        packing = {"content-encoding": "gzip"} if is_packed else {}
        return Response(page, response.status_code, {**headers, **packing, "vary": "accept-encoding"})

    return dispatch


def _page(body: bytes, write: Write, link: Mapping[str, str], *, is_packed: bool) -> bytes:
    return _written(body, _first(write, link), is_packed=is_packed)


def _first(write: Write, link: Mapping[str, str]) -> Markup:
    """Return what a page shows first; of faults nothing, since the page tells them."""
    try:
        return write(link)
    except GeodataError:
        pass
    except Exception:
        # The page meets it too; without its first view it can say so.
        LOG.exception("The first view can't be made.")
    return Markup()


@cached
def _written(body: bytes, first: Markup, *, is_packed: bool) -> bytes:
    page = body
    if first:
        page = _WITHOUT_SCRIPTS.sub(b"", body, count=1).replace(_ROOT, _ROOT + first.encode(), 1)
    return gzip.compress(page, 6, mtime=0) if is_packed else page


def framed(page: str, opening: Callable[[Selection, Read], Opening]) -> Write:
    """Return what writes a page with a frame, by its path, from what it shows first of a link."""

    def write(link: Mapping[str, str]) -> Markup:
        selection, notices = read_selection(publication(), link)
        own = tuple(sorted((name, value) for name, value in link.items() if name not in FRAME))
        told = tuple(notice.render(selection.language) for notice in notices)
        return _framed(page, opening, selection, own, told)

    return write


@cached
def _framed(
    page: str,
    opening: Callable[[Selection, Read], Opening],
    selection: Selection,
    own: tuple[tuple[str, str], ...],
    notices: tuple[str, ...],
) -> Markup:
    shown, language = opening(selection, asked_of(dict(own))), selection.language
    return first_html(
        "first_page",
        language,
        shown.view.as_sent(),
        page=page,
        headline=shown.headline,
        subline=shown.subline,
        notices=notices,
        style=styles(*STYLES),
    )


def first_html(template: str, language: Language, state: Mapping[str, Any] | None, **values: Any) -> Markup:
    """Return what stands in a page before its scripts have loaded.

    Parameters
    ----------
    template
        See `dashboard.ui.html.html`.
    language
        Language of the reader.
    state
        What is sent to the live map; ``None`` without one.
    values
        What the template names besides.
    """
    drawn = None if state is None else first_map(said(state, language))
    script = Markup(frontend_sources()["first_view.js"].read_text(encoding="utf-8"))
    return html(template, language, drawn=drawn, script=script, **values)
