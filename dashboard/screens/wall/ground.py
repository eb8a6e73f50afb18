"""Gives the wall its ground with the page itself: a white screen until Streamlit has drawn it would flash."""

from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.screens.wall.settings import read_settings
from geodata.settings import settings as installation

GROUNDS = {"dark": "#0c1520", "light": "#fafaf7"}
"""Colour of the ground of each theme, as in ``wall.css``."""

_STYLE = (
    '<style id="wall-ground">@media screen {{ '
    "html, body, #root, .stApp {{ background: {colour} !important; }} "
    '[data-testid*="Skeleton"], [data-testid="stToolbar"], [data-testid="stHeader"] {{ opacity: 0; }} '
    "}}</style>"
)


class WallGround:
    """ASGI middleware that writes the ground of the wall into the head of its page.

    Parameters
    ----------
    app
        What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI states it."""
        is_wall = scope["type"] == "http" and scope["method"] == "GET" and scope["path"].endswith("/wall")
        if not is_wall or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        # Whole, as plain text: a browser's older copy, or one that is packed, could not be written into.
        left_out = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
        asked = {**scope, "headers": [one for one in scope["headers"] if one[0].lower() not in left_out]}
        style = ground_style(scope["query_string"].decode("latin-1"))
        start: Message = {}
        body = b""

        async def with_ground(part: Message) -> None:
            nonlocal start, body
            if part["type"] == "http.response.start":
                start = part
            elif part["type"] == "http.response.body":
                body += part.get("body", b"")
                if not part.get("more_body", False):
                    page = body.replace(b"<head>", b"<head>" + style, 1)
                    headers = MutableHeaders(raw=start["headers"])
                    headers["content-length"] = str(len(page))
                    # The settings change without the page.
                    for name in ("etag", "last-modified", "accept-ranges"):
                        del headers[name]
                    await send(start)
                    await send({"type": "http.response.body", "body": page})

        await self.app(asked, receive, with_ground)


def ground_style(query: str) -> bytes:
    """Return the style of the ground that an address asks for, by its query."""
    theme = read_settings(dict(parse_qsl(query)), installation().wall)[0].theme
    return _STYLE.format(colour=GROUNDS[theme]).encode()
