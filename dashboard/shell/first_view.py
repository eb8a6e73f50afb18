"""Writes into a page what it shows first, so that it stands there before Streamlit's scripts have loaded."""

import gzip
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.middleware.base import DispatchFunction, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

from dashboard.query.caching import cached_up_to
from dashboard.query.publication import publication, setback
from dashboard.shell.frame_link import Selection, read_selection
from dashboard.shell.link import FRAME, Read, asked_of
from dashboard.shell.navigation import PAGES
from dashboard.shell.preloading import streamlits_parts
from dashboard.subjects.sources.setback import setback_notices
from dashboard.ui.component import said
from dashboard.ui.first_map import first_map
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from dashboard.ui.static_files import written
from geodata.contract.errors import GeodataError

KEPT = 16
"""So many pages stay in memory, each of some 300 kB."""

LOG = logging.getLogger(__name__)

Write = Callable[[Mapping[str, str]], Markup]
"""Returns what a page shows first of the parameters of its link, as HTML."""

_ROOT = '<div id="root"></div>'
HOST = (
    'window.__streamlit = {BACKEND_BASE_URL: new URL(".", location.href).href, HOST_CONFIG: '
    "{allowedOrigins: [location.origin], useExternalAuthToken: false}}"
)
"""Streamlit need not look for its server, which it does below the page's own address first."""
_WITHOUT_SCRIPTS = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_FILES = re.compile(
    r'<script type="module".*?</script>|<link\s+rel="(?:modulepreload|preload|stylesheet)".*?>', re.DOTALL
)
"""What a page asks for."""
_NAMED = re.compile(r"<(\S+)>; ([^,]+)(?:, )?")
"""A file in a header ``Link``."""


@dataclass(frozen=True)
class Opening:
    """What a page shows first: its sentence, what this is of, and the map."""

    headline: str
    subline: Markup
    view: MapView


def with_first_view(pages: Mapping[str, Write]) -> DispatchFunction:
    """Return what writes into each of these pages, by its path, what it shows first."""

    async def dispatch(request: Request, answer: RequestResponseEndpoint) -> Response:
        name = request.url.path.rpartition("/")[2]
        if request.method != "GET" or name not in ("", *PAGES):
            return await answer(request)
        write = pages.get(name, lambda _: Markup())
        # Whole, as plain text: a browser's older copy, or one that is packed, could not be written into.
        left_out = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
        is_packed = "gzip" in request.headers.get("accept-encoding", "")
        request.scope["headers"] = [one for one in request.headers.raw if one[0].lower() not in left_out]
        response = await answer(request)
        if response.status_code != 200 or "content-encoding" in response.headers:
            return response
        body = b"".join([part async for part in response.body_iterator])  # type: ignore[attr-defined]
        first = await run_in_threadpool(first_of, write, dict(request.query_params))
        named = response.headers.get("link", "")
        page = await run_in_threadpool(_written, body, first, named, is_packed=is_packed)
        response.headers["content-length"] = str(len(page))
        if "accept-encoding" not in response.headers.get("vary", "").lower():
            response.headers.add_vary_header("Accept-Encoding")
        if is_packed:
            response.headers["content-encoding"] = "gzip"
        # It changes with the data.
        for name in ("etag", "last-modified", "accept-ranges", *(["link"] if first else [])):
            del response.headers[name]
        made = Response(page, response.status_code)
        made.raw_headers = response.raw_headers
        return made

    return dispatch


def first_of(write: Write, link: Mapping[str, str]) -> Markup:
    """Return what a page shows first of the parameters of a link; of faults nothing, which the page tells."""
    try:
        return write(link)
    except GeodataError:
        pass
    except Exception:
        # The page meets it too; without its first view it can say so.
        LOG.exception("The first view can't be made.")
    return Markup()


@cached_up_to(KEPT)
def _written(body: bytes, first: Markup, named: str, *, is_packed: bool) -> bytes:
    page = body.decode().replace("<head>", f"<head><script>{HOST}</script>", 1)
    if first:
        page = _WITHOUT_SCRIPTS.sub("", page, count=1).replace(_ROOT, _ROOT + str(first), 1)
        # They wait for its first frame (`first_view.js`), from which they would take the browser.
        files = [one for one in _FILES.findall(page) if "SourceSans" not in one]
        files += [f'<link rel="modulepreload" href="{one}">' for one in streamlits_parts()]
        files += [_NAMED.sub(r'<link href="\1" \2>', named).replace(";", "")]
        later = "".join(files).replace("<script ", '<script fetchpriority="high" ')
        page = _FILES.sub("", page).replace(_ROOT, f'{_ROOT}<template id="pw-files">{later}</template>', 1)
    return gzip.compress(page.encode(), 6, mtime=0) if is_packed else page.encode()


def framed(page: str, opening: Callable[[Selection, Read], Opening]) -> Write:
    """Return what writes a page with a frame, by its path, from what it shows first of a link."""

    def write(link: Mapping[str, str]) -> Markup:
        published = publication()
        selection, wrong = read_selection(published, link)
        notices = [*setback_notices(setback(published)), *wrong]
        own = tuple(sorted((name, value) for name, value in link.items() if name not in FRAME))
        told = tuple(notice.render(selection.language) for notice in notices)
        return _framed(page, opening, selection, own, told)

    return write


@cached_up_to(KEPT)
def _framed(
    page: str,
    opening: Callable[[Selection, Read], Opening],
    selection: Selection,
    own: tuple[tuple[str, str], ...],
    notices: tuple[str, ...],
) -> Markup:
    shown, language = opening(selection, asked_of(dict(own))), selection.language
    return html(
        "first_page",
        language,
        page=page,
        headline=shown.headline,
        subline=shown.subline,
        notices=notices,
        drawn=first_map(said(shown.view.as_sent(), language)),
        style=written("page.css", "map.css", "first_view.css"),
        script=written("first_view.js"),
    )
