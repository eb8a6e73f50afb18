"""Files that the browser fetches once: our frontend, Leaflet, the font, vintages' geometry, Streamlit's own.

Each is served under an address that holds the hash of its content: a browser may keep it for good, and a new
version is a new address.
"""

import gzip
import hashlib
import mimetypes
import re
from collections import OrderedDict
from functools import cache
from importlib.resources import files
from pathlib import Path

import streamlit as st
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from geodata.settings import BASEMAP_SCRIPT

FRONTEND = Path(__file__).parent.parent / "frontend"
FONT_WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")

KEPT_FILES = 64
"""So many published files stay in memory: pages that are open may still ask for those of a build before."""

KEPT_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}

_HEADERS = {**KEPT_FOR_GOOD, "Content-Encoding": "gzip"}

_published: OrderedDict[str, bytes] = OrderedDict()


@cache
def frontend_sources() -> dict[str, Path]:
    """Return the files of the frontend by the name under which they are served."""
    leaflet = Path(str(files("js_lib_leaflet"))) / "static" / "js_lib_leaflet"
    font = Path(str(files("fontpkg_be_vietnam_pro"))) / "files"
    return {
        **{path.name: path for path in sorted(FRONTEND.iterdir()) if path.suffix in (".js", ".css")},
        "leaflet.js": leaflet / "leaflet-src.esm.js",
        "leaflet.css": leaflet / "leaflet.css",
        **({BASEMAP_SCRIPT.name: BASEMAP_SCRIPT} if BASEMAP_SCRIPT.is_file() else {}),
        **{name: font / name for weight in FONT_WEIGHTS for name in [f"BeVietnamPro-{weight}.ttf"]},
    }


@cache
def _frontend() -> tuple[str, dict[str, bytes]]:
    """Return the name of the frontend's folder, and its files, packed, by the path below it."""
    digest = hashlib.sha256()
    contents = {name: path.read_bytes() for name, path in frontend_sources().items()}
    for name, content in contents.items():
        digest.update(name.encode() + b"\0" + content)
    return f"frontend-{digest.hexdigest()[:12]}", {name: gzip.compress(one) for name, one in contents.items()}


def address(path: str) -> str:
    """Return the address of what is served beside Streamlit, from the server's root."""
    return f"{base_address()}/app/{path}"


def base_address() -> str:
    """Return the address of the first page without its slash, from the server's root."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def _address(path: str) -> str:
    return address(f"static/{path}")


def frontend_address(name: str) -> str:
    """Return the address of a file of the frontend, from the server's root."""
    return _address(f"{_frontend()[0]}/{name}")


def publish(name: str, ending: str, content: bytes) -> str:
    """Serve a content from now on; return its address, from the server's root.

    The `KEPT_FILES` that were published last stay.
    """
    path = f"{name}-{hashlib.sha256(content).hexdigest()[:12]}{ending}"
    if path not in _published:
        _published[path] = gzip.compress(content)
    _published.move_to_end(path)
    while len(_published) > KEPT_FILES:
        _published.popitem(last=False)
    return _address(path)


def published_file(address: str) -> bytes:
    """Return what is served under an address that `publish` returned, packed."""
    return _published[address.removeprefix(_address(""))]


@cache
def written(*names: str) -> Markup:
    """Return files of the frontend as they are written into a page: without what they import, and remarks."""
    text = "\n".join(frontend_sources()[name].read_text(encoding="utf-8") for name in names)
    text = re.sub(r"^@import [^\n]*\n|/\*.*?\*/|^ *//[^\n]*\n", "", text, flags=re.M | re.S)
    return Markup(text.replace('url("./', f'url("{frontend_address("")}'))


def static_route() -> Route:
    """Return the route that serves these files."""
    return Route(_address("{path:path}"), _serve)


async def _serve(request: Request) -> Response:
    path = request.path_params["path"]
    folder, contents = _frontend()
    where, _, name = path.partition("/")
    packed = contents.get(name) if where == folder else _published.get(path)
    return PlainTextResponse("There is no such file.", 404) if packed is None else _answer(request, packed)


def _answer(request: Request, packed: bytes) -> Response:
    kind = mimetypes.guess_type(request.url.path)[0] or "application/octet-stream"
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, media_type=kind, headers=_HEADERS)
    return Response(gzip.decompress(packed), media_type=kind, headers=KEPT_FOR_GOOD)


class StreamlitsFiles:
    """Middleware that answers for Streamlit's own hundred files from memory, and packed.

    Streamlit reads each anew, in 3 ms of the server, and sends 3 MB where 1 is enough.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI states it."""
        is_asked = scope["type"] == "http" and scope["method"] == "GET"
        if is_asked and (path := scope["path"]) in streamlits_files():
            await _answer(Request(scope), _streamlits(path))(scope, receive, send)
        else:
            await self.app(scope, receive, send)


@cache
def streamlits_files() -> dict[str, Path]:
    """Return Streamlit's scripts, styles and fonts by the path under which they are served."""
    folder = Path(get_static_dir())
    return {
        f"{base_address()}/{one.relative_to(folder).as_posix()}": one for one in folder.glob("static/*/*")
    }


@cache
def _streamlits(path: str) -> bytes:
    return gzip.compress(streamlits_files()[path].read_bytes(), 6)
