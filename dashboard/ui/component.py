"""Hosts the map in Streamlit: as an element of the page, without an iframe.

Streamlit sends a component's script with every rerun unless a manifest in the installed distribution
declares it as a file, and of an editable installation it does not find the manifest. So the script that it
sends is two lines, which import the real one from ``app/static``, where the browser keeps it.
"""

import json
import time
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st

from dashboard.ui.static_files import publish_frontend

KEY = "ward_map"

FIRST_HEAD_START_S, HEAD_START_S = 0.4, 0.03
"""What a browser needs to draw a map when it has just started Streamlit, and to repaint one."""

STARTED = "is_started"
"""Where it stands in the session that a first page was sent whole."""


def static_address(name: str) -> str:
    """Return the address of a file below ``app/static``, from the server's root."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'/' + base if base else ''}/app/static/{name}"


def module_script(name: str) -> str:
    """Return the script of a component that is a module of the frontend."""
    module = static_address(f"{publish_frontend()}/{name}")
    # A component's script is a blob, which has no address that a relative import could start from.
    return (
        f'const module = import(new URL("{module}", location.origin));\n'
        "export default async (component) => (await module).default(component);\n"
    )


@cache
def _component() -> Callable[..., Any]:
    script = module_script("map.js")
    return st.components.v2.component("haiphong_ward_map", js=script, isolate_styles=False)


def ward_map(state: dict[str, Any], on_ward: Callable[[str], None], key: str = KEY) -> None:
    """Draw a map.

    Parameters
    ----------
    state
        From `dashboard.ui.map.map_state`.
    on_ward
        Called with the code of a ward that was clicked, before the page runs anew.
    key
        Name of the map, unique on the page.
    """

    def clicked() -> None:
        on_ward(str(st.session_state[key]["ward"]))

    _component()(key=key, data=packed(state), on_ward_change=clicked)


def give_head_start() -> None:
    """Let the browser draw a map before it is sent what else is on the page.

    Drawing the other elements takes it as long as the map, and it draws together what comes together.
    """
    time.sleep(HEAD_START_S if STARTED in st.session_state else FIRST_HEAD_START_S)


def packed(state: Mapping[str, Any]) -> bytes:
    """Return a state as it is sent: Streamlit's own JSON spells every Vietnamese letter in six characters."""
    text = json.dumps(dict(state), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode())
