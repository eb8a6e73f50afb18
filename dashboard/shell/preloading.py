"""Tells the browser with each page which of our files the page will ask for.

A page asks for our modules only when Streamlit has drawn the elements that they belong to, and for the
modules that those import only after that. Named in the answer itself, all of them come while the browser
still starts Streamlit.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dashboard.ui.static_files import frontend_address, frontend_sources, streamlits_files

PAGE = ("page.css", "map.js", "links.js", "period.js", "map.css", "leaflet.css")
"""What a page asks for: modules, which import others, and the stylesheets that they load."""

FONTS = ("BeVietnamPro-Regular.ttf", "BeVietnamPro-SemiBold.ttf", "BeVietnamPro-Bold.ttf")
"""What every page is written in: text that is drawn in another font first may break into other lines."""

WALL = ("page.css", "wall.js", "wall_beat.js", "wall.css", "wall_scenes.css", "map.css", "leaflet.css")
"""What the wall asks for."""

STREAMLITS = ("BidiComponent", "Button", "ButtonGroup", "Checkbox", "Html", "Selectbox")
"""What Streamlit loads once a page has sent its first elements."""

_KINDS = {
    ".js": "rel=modulepreload",
    ".css": "rel=preload; as=style",
    ".ttf": "rel=preload; as=font; crossorigin",
}

_IMPORT = re.compile(r'^(?:import .* from |@import url\()"\./([^"]+)"', re.MULTILINE)
_STREAMLITS_IMPORT = re.compile(r"""(?:from|import)[`"']\./([^`"']+)[`"']""")


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
    return _with_imports(list(names), frontend_sources(), _IMPORT)


def _with_imports(names: list[str], sources: Mapping[str, Path], pattern: re.Pattern[str]) -> list[str]:
    # The list grows while it is gone through.
    for name in names:
        text = sources[name].read_text(encoding="utf-8")
        names += [one for one in dict.fromkeys(pattern.findall(text)) if one not in names]
    return names


@cache
def streamlits_parts() -> list[str]:
    """Return the addresses of `STREAMLITS`, and of what they import and Streamlit's page does not name."""
    addresses = {Path(one).name: one for one in streamlits_files() if one.endswith(".js")}
    sources = {name: streamlits_files()[one] for name, one in addresses.items()}
    own = _with_imports([one for one in sources if one.startswith("index.")], sources, _STREAMLITS_IMPORT)
    parts = [one for one in sources if one.partition(".")[0] in STREAMLITS]
    return [addresses[one] for one in _with_imports(parts, sources, _STREAMLITS_IMPORT) if one not in own]
