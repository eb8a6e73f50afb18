"""The basemap of all maps: what the frontend has to know of it, and its file, sent in ranges."""

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboard.ui.frontend_state import BasemapState
from dashboard.ui.static_files import KEPT_FOR_GOOD, address
from geodata.basemap import FOLDER, adopted_basemap
from geodata.language import message
from geodata.settings import BASEMAP_SCRIPT, settings


def basemap_state() -> BasemapState | None:
    """Return what a map needs to draw the basemap, if there are one and what draws it."""
    adopted = adopted_basemap(settings().home)
    if adopted is None or not BASEMAP_SCRIPT.is_file():
        return None
    credit = adopted.attribution or message("not stated")
    return {
        "address": address(f"basemap/{adopted.name}"),
        "zoom": adopted.max_zoom,
        "credit": message("Basemap: {credit}", credit=credit),
    }


def basemap_route() -> Route:
    """Return the route that serves the file of the basemap, whose name changes with its content."""
    return Route(address("basemap/{name}"), _serve)


async def _serve(request: Request) -> Response:
    home = settings().home
    adopted = adopted_basemap(home)
    if adopted is None or adopted.name != request.path_params["name"]:
        return PlainTextResponse("There is no such file.", 404)
    return FileResponse(
        home / FOLDER / adopted.name, media_type="application/octet-stream", headers=KEPT_FOR_GOOD
    )
