"""The app and its server, which warms up before its first visitor comes.

Run: python -m dashboard.server [--address ADDRESS] [--port PORT]
"""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Route
from streamlit import config

from dashboard.gate.connections import MOST_CONNECTIONS, Punctual
from dashboard.gate.daily import check_daily
from dashboard.gate.doors import Doors
from dashboard.gate.identity import current_scope, has_accounts
from dashboard.gate.logs import set_up_logs
from dashboard.gate.notes import downloading
from dashboard.gate.origins import LOOPBACK, Hardened
from dashboard.gate.pages import gate_routes
from dashboard.query import publication
from dashboard.screens.overview import screen as overview
from dashboard.screens.wall.first import first_wall
from dashboard.screens.ward_map import screen as ward_map
from dashboard.shell.ahead import ahead_route, months_route
from dashboard.shell.first_view import HOST, first_of, framed, with_first_view
from dashboard.shell.navigation import FIRST
from dashboard.shell.preloading import OnPages, with_preloads
from dashboard.shell.warm_up import warm_up
from dashboard.ui import downloads
from dashboard.ui.basemap import basemap_route
from dashboard.ui.static_files import StreamlitsFiles, base_address, static_route, written
from geodata.language import message
from geodata.settings import settings

SWITCH_SECONDS = 0.0005
SCRIPT = Path(__file__).with_name("app.py")
# Arrow's own allocator keeps what was freed.
pa.set_memory_pool(pa.system_memory_pool())
# Our options stand in .streamlit beside the script. The route asks for one before the App says so itself.
config._main_script_path = str(SCRIPT)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Begin to warm up as the server starts, and check the store each day that it runs."""
    warm_up(partial(first_of, OVERVIEW, {}))
    checking = asyncio.create_task(check_daily())
    yield
    checking.cancel()


publication.scope_of_asker = current_scope
downloads.downloading = downloading

OVERVIEW = framed("overview", overview.opening)
FIRST_VIEWS = {
    "": OVERVIEW,
    "ward_map": framed("ward_map", ward_map.opening),
    "wall": first_wall,
}

app = st.App(
    SCRIPT,
    lifespan=lifespan,
    routes=[
        ahead_route({"overview": overview.view, "ward_map": ward_map.view}),
        months_route(ward_map.packed_months),
        static_route(),
        basemap_route(),
        *gate_routes(),
        Route(f"{base_address()}/{FIRST}", lambda asked: RedirectResponse(f"./?{asked.url.query}")),
    ],
    middleware=[
        Middleware(Hardened, settings().hosts, (HOST, written("first_view.js"))),
        Middleware(Doors),
        Middleware(StreamlitsFiles),
        *(Middleware(OnPages, dispatch=one) for one in (with_first_view(FIRST_VIEWS), with_preloads)),
    ],
)


def main() -> None:
    """Serve the app until it is told to stop.

    Not by ``streamlit run``: the socket that it opens does not name its protocol, so asyncio takes it for
    another than TCP and leaves Nagle's algorithm on. Each of the 120 files of a page, and each message of a
    run, then waits for the browser to acknowledge the one before, up to 40 ms.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--address", default=st.get_option("server.address"), help="where to listen (%(default)s)"
    )
    parser.add_argument("--port", type=int, default=st.get_option("server.port"), help="(%(default)s)")
    parser.add_argument(
        "--open", action="store_true", help="let other machines in although nobody has an account"
    )
    asked = parser.parse_args()
    if asked.open:
        os.environ["PILOT_WARDS_OPEN"] = "yes"
    if asked.address not in LOOPBACK and not settings().may_be_open and not has_accounts():
        told = message("nobody has an account yet: “pilot-wards account add” makes the first, or add --open")
        parser.error(told.render(settings().language))
    # As `dashboard.query.layers` holds text; of the whole process, so set by what the process is for.
    pd.set_option("mode.string_storage", "python")
    # Not after 5 ms: each message of a run waits so long for every run that reckons beside it.
    sys.setswitchinterval(SWITCH_SECONDS)
    set_up_logs(settings().log)
    uvicorn.run(
        app,
        host=asked.address,
        port=asked.port,
        ssl_certfile=st.get_option("server.sslCertFile"),
        ssl_keyfile=st.get_option("server.sslKeyFile"),
        ws_per_message_deflate=st.get_option("server.enableWebsocketCompression"),
        access_log=False,
        http=Punctual,
        limit_concurrency=MOST_CONNECTIONS,
        # Who is behind a proxy is for the gate to find out, of the proxies that it trusts.
        proxy_headers=False,
        server_header=False,
        # Streamlit has set up uvicorn's loggers, and uvicorn's own set-up would leave them without an output.
        log_config=None,
    )


if __name__ == "__main__":
    main()
