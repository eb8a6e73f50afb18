"""Hosts our modules in Streamlit: as elements of the page, without an iframe.

Streamlit sends a component's script with every rerun unless a manifest in the installed distribution
declares it as a file, and of an editable installation it does not find the manifest. So the script that it
sends is two lines, which import the real one from where the browser keeps it.
"""

import datetime
import json
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st

from dashboard.ui.map import MapView
from dashboard.ui.static_files import frontend_address
from geodata.language import Language, render
from geodata.period import Period


@cache
def component(module: str) -> Callable[..., Any]:
    """Return the component whose script is a module of the frontend, by the name of its file."""
    address = frontend_address(module)
    # A component's script is a blob, which has no address that a relative import could start from.
    script = (
        f'const module = import(new URL("{address}", location.origin));\n'
        "export default async (component) => (await module).default(component);\n"
    )
    name = f"haiphong_{module.removesuffix('.js')}"
    return st.components.v2.component(name, js=script, isolate_styles=False)


def period_of(ends: Mapping[str, str]) -> Period:
    """Return a range of days that a component sends."""
    return Period(*(datetime.date.fromisoformat(ends[end]) for end in ("since", "until")))


def draw_map(
    view: MapView,
    on_ward: Callable[[str], None],
    language: Language,
    key: str = "ward_map",
    on_period: Callable[[Period], None] = lambda _: None,
) -> None:
    """Draw a map.

    Parameters
    ----------
    view
        What it shows.
    on_ward
        Called with the code of a ward that was clicked, before the page runs anew.
    language
        Language of the reader.
    key
        Name of the map, unique on the page.
    on_period
        Called likewise with the months that its timeline was left at.
    """

    def clicked() -> None:
        on_ward(str(st.session_state[key]["ward"]))

    def left() -> None:
        on_period(period_of(st.session_state[key]["period"]))

    component("map.js")(
        key=key,
        data=packed(view.as_sent(), language),
        on_ward_change=clicked,
        on_period_change=left,
    )


def said(state: Mapping[str, Any], language: Language) -> Any:
    """Return a state as plain data, its `Words` in the language of the reader."""
    return json.loads(_text(state, language))


def packed(state: Mapping[str, Any], language: Language) -> bytes:
    """Return a state as it is sent where much is: Streamlit spells a Vietnamese letter in six characters."""
    return zlib.compress(_text(state, language).encode())


def _text(state: Mapping[str, Any], language: Language) -> str:
    return json.dumps(
        dict(state),
        ensure_ascii=False,
        separators=(",", ":"),
        default=lambda words: render(words, language),
    )
