"""Answers what a map shows of a link, so that it repaints before the page that it stands on has run anew.

A rerun of Streamlit takes longer than all that a change of a map needs. So the map asks here for what was
chosen as soon as it was; the rerun follows with the words, and puts right what did not come.
"""

import gzip
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.query import layers
from dashboard.query.publication import Publication, publication
from dashboard.shell.frame_link import (
    LANGUAGES,
    VERIFIED,
    WITH_ILLUSTRATIVE,
    Plain,
    Selection,
    link_to,
    plain_of,
    read_selection,
)
from dashboard.shell.link import Read, asked_of, kept
from dashboard.ui.component import said
from dashboard.ui.fetched_state import AheadAnswer, Control
from dashboard.ui.frontend_state import Ahead
from dashboard.ui.map import MapView
from dashboard.ui.static_files import address, publish
from geodata.contract.errors import GeodataError

ROUTE = "ahead"
MONTHS = "months"

View = Callable[[Selection, Read], MapView | None]
"""Returns the map of a page; nothing where it can't be shown ahead."""


def ahead_route(pages: Mapping[str, View]) -> Route:
    """Return the route that answers for these pages, by their paths."""

    def answer(request: Request) -> Response:
        view = pages.get(request.path_params["page"])
        # The page tells what is wrong with the data.
        with suppress(GeodataError):
            told = None if view is None else answered(view, dict(request.query_params))
            if told is not None:
                return _response(gzipped(told))
        return Response(status_code=404)

    return Route(address(f"{ROUTE}/{{page}}"), answer)


def months_route(packed: Callable[[Selection, Read], bytes | None]) -> Route:
    """Return the route that answers with the months from which a map of a link follows.

    Parameters
    ----------
    packed
        Returns them as `gzipped`; nothing for a map that does not follow from months.
    """

    def answer(request: Request) -> Response:
        with suppress(GeodataError):
            selection, _ = read_selection(publication(), request.query_params)
            told = packed(selection, asked_of(request.query_params))
            if told is not None:
                return _response(told)
        return Response(status_code=404)

    return Route(address(MONTHS), answer)


def gzipped(told: Any) -> bytes:
    """Return plain data as a route answers with them."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)


def _response(packed: bytes) -> Response:
    headers = {"Content-Encoding": "gzip", "Cache-Control": "no-store"}
    return Response(packed, media_type="application/json", headers=headers)


def answered(view: View, link: Mapping[str, str]) -> AheadAnswer | None:
    """Return what a map shows of a link; nothing where it can't be shown ahead."""
    selection, _ = read_selection(publication(), link)
    plain = plain_of(selection.query.published, selection.query.period)
    own: dict[str, str] = {}
    shown = view(selection, kept(asked_of(link), own))
    if shown is None:
        return None
    state = shown.as_sent()
    told = {name: state.get(name) for name in AheadAnswer.__annotations__} | {
        "asks": _asks(selection, plain, own),
        "follows": selection.query.vintage == plain.vintage,
    }
    plainly: AheadAnswer = said(told, selection.language)
    return plainly


def ahead(
    page: str, selection: Selection, own: Mapping[str, str], controls: str, *, has_months: bool = False
) -> Ahead:
    """Return what the map of a page needs to show what is chosen ahead.

    Parameters
    ----------
    page
        Path of the page.
    selection
        What the frame has chosen.
    own
        Parameters of the page's own link.
    controls
        See `controls_address`.
    has_months
        Whether `months_route` answers for the page.
    """
    query = selection.query
    plain = plain_of(query.published, query.period)
    asks = _asks(selection, plain, own)
    # Neither days nor the ward that is open change them, another build does.
    of_months = {name: value for name, value in asks.items() if name not in ("from", "to", "ward")}
    of_months |= {"vintage": query.vintage, "of": str(query.published.mtime_ns)}
    return {
        "route": address(f"{ROUTE}/{page}"),
        "asks": asks,
        "follows": query.vintage == plain.vintage,
        "controls": controls,
        "months": f"{address(MONTHS)}?{urlencode(of_months)}" if has_months else None,
    }


def controls_address(published: Publication, own: Mapping[str, Control]) -> str:
    """Return the address of the widgets from whose place in the page a choice is read, by parameter.

    Parameters
    ----------
    published
        What is published now.
    own
        Those of the page; those of the frame are added.
    """
    frame: dict[str, Control] = {
        "lang": {"key": "language", "values": LANGUAGES},
        "vintage": {"key": "vintage", "values": layers.vintages(published)},
        # Off and on.
        "facts": {"key": "verified_only", "values": [WITH_ILLUSTRATIVE, VERIFIED]},
    }
    text = json.dumps({**frame, **own}, ensure_ascii=False, separators=(",", ":"))
    return publish("controls", ".json", text.encode())


def _asks(selection: Selection, plain: Plain, own: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of a link in one order, so that of two links the same parameters are one text."""
    return dict(sorted({**link_to(selection, plain), **own}.items()))
