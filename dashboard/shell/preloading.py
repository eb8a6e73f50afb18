"""Tells the browser with each page which of our files the page will ask for.

A page asks for our modules only when Streamlit has drawn the elements that they belong to, and for the
modules that those import only after that. Named in the answer itself, all of them come while the browser
still starts Streamlit.
"""

import re
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dashboard.ui.static_files import frontend_address, frontend_sources

PAGE = ("page.css", "map.js", "links.js", "period.js", "map.css", "leaflet.css")
"""What a page asks for: modules, which import others, and the stylesheets that they load."""

FONTS = ("BeVietnamPro-Regular.ttf", "BeVietnamPro-SemiBold.ttf", "BeVietnamPro-Bold.ttf")
"""What every page is written in: text that is drawn in another font first may break into other lines."""

WALL = ("page.css", "wall.js", "wall_beat.js", "wall.css", "wall_scenes.css", "map.css", "leaflet.css")
"""What the wall asks for."""

_KINDS = {
    ".js": "rel=modulepreload",
    ".css": "rel=preload; as=style",
    ".ttf": "rel=preload; as=font; crossorigin",
}

_IMPORT = re.compile(r'^(?:import .* from |@import url\()"\./([^"]+)"', re.MULTILINE)


class OnPages(BaseHTTPMiddleware):
    """Middleware that changes the answer to who asks for a page; its many files take no time in it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI states it."""
        is_page = scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", "")
        await (super().__call__ if is_page else self.app)(scope, receive, send)


def is_wall(request: Request) -> bool:
    """Return whether a request is for the wall."""
    return request.url.path.endswith("/wall")


async def with_preloads(request: Request, answer: RequestResponseEndpoint) -> Response:
    """Name our files in a header of a page (``Link``, RFC 8288)."""
    response = await answer(request)
    response.headers["link"] = preloads(is_wall=is_wall(request))
    return response


@cache
def preloads(*, is_wall: bool) -> str:
    """Return the header that names the files of the wall, or of another page."""
    return ", ".join(
        f"<{frontend_address(name)}>; fetchpriority=low; {_KINDS[Path(name).suffix]}"
        for name in (*with_imports(*(WALL if is_wall else PAGE)), *FONTS)
    )


def with_imports(*names: str) -> list[str]:
    """Return files of the frontend, and after them all that they import."""
    sources = frontend_sources()
    found = list(names)
    # The list grows while it is gone through.
    for name in found:
        text = sources[name].read_text(encoding="utf-8")
        found += [one for one in dict.fromkeys(_IMPORT.findall(text)) if one not in found]
    return found
