"""Hosts the list of stops in Streamlit, as `dashboard.ui.component` hosts the map."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.ui.component import component, said
from geodata.language import Language, Words

KEY = "route_stops"


def stop_list(
    rows: Sequence[Mapping[str, Any]],
    texts: Mapping[str, Words],
    language: Language,
    *,
    is_movable: bool,
    on_order: Callable[[list[str]], None],
    on_remove: Callable[[str], None],
) -> None:
    """Draw the stops.

    Parameters
    ----------
    rows
        See `dashboard.screens.routes.stop_rows.stop_rows`.
    texts
        See `dashboard.screens.routes.stop_rows.list_texts`.
    language
        Language of the reader.
    is_movable
        The reader may put them in another order.
    on_order
        Called with the keys of all visits when one was moved, before the page runs anew.
    on_remove
        Called with the key of the visit that is left out.
    """

    def ordered() -> None:
        on_order([str(key) for key in st.session_state[KEY]["order"]])

    def removed() -> None:
        on_remove(str(st.session_state[KEY]["remove"]))

    component("stops.js")(
        key=KEY,
        data=said({"rows": list(rows), "texts": dict(texts), "movable": is_movable}, language),
        on_order_change=ordered,
        on_remove_change=removed,
    )
