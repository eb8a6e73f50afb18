"""Gives the wall its ground with the page itself: a white screen until Streamlit has drawn it would flash."""

import re
from functools import cache
from urllib.parse import parse_qsl

from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

from dashboard.screens.wall.settings import read_settings
from dashboard.shell.preloading import is_wall
from dashboard.ui.static_files import frontend_sources
from geodata.settings import settings as installation

_STYLE = (
    '<style id="wall-ground">@media screen {{ '
    "html, body, #root, .stApp {{ background: {colour} !important; }} "
    '[data-testid*="Skeleton"], [data-testid="stToolbar"], [data-testid="stHeader"] {{ opacity: 0; }} '
    "}}</style>"
)


async def with_ground(request: Request, answer: RequestResponseEndpoint) -> Response:
    """Write the ground of the wall into the head of its page."""
    if request.method != "GET" or not is_wall(request):
        return await answer(request)
    # Whole, as plain text: a browser's older copy, or one that is packed, could not be written into.
    left_out = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
    request.scope["headers"] = [one for one in request.headers.raw if one[0].lower() not in left_out]
    response = await answer(request)
    style = _STYLE.format(colour=_grounds()[_theme(request)]).encode()
    body = b"".join([part async for part in response.body_iterator])  # type: ignore[attr-defined]
    page = body.replace(b"<head>", b"<head>" + style, 1)
    response.headers["content-length"] = str(len(page))
    # The settings change without the page.
    for name in ("etag", "last-modified", "accept-ranges"):
        del response.headers[name]
    written = Response(page, response.status_code)
    written.raw_headers = response.raw_headers
    return written


def _theme(request: Request) -> str:
    return read_settings(dict(parse_qsl(request.url.query)), installation().wall)[0].theme


@cache
def _grounds() -> dict[str, str]:
    """Return the colour of the ground of each theme."""
    style = frontend_sources()["wall.css"].read_text(encoding="utf-8")
    return dict(zip(("light", "dark"), re.findall(r"--ground: (\S+);", style), strict=True))
