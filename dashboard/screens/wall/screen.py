"""Hosts the wall in Streamlit: one element that shows it, and a beat that tells that the server lives.

The element gets the whole wall and rotates its scenes in the browser. The server looks every few seconds
whether the wall has changed and sends it anew only then; each look sends a beat, by which the browser knows
that it is still connected.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.query.publication import publication
from dashboard.screens.wall.scene import Scene
from dashboard.screens.wall.settings import Settings, read_settings
from dashboard.screens.wall.state import KEYS, TEXTS, wall_state, with_key
from dashboard.ui.component import component, packed, said
from geodata.clock import VIETNAM
from geodata.clock import today as the_day
from geodata.contract.errors import GeodataError
from geodata.language import DEFAULT_LANGUAGE, Words, message, without_full_stop
from geodata.programme.symbols import DARK
from geodata.settings import settings as installation

LOOK_SECONDS = 5
"""How often the server looks for a change; a new build has 15 s to appear."""

SHOWN = "wall_shown"
"""Where the wall that a session shows stands in it."""

LIGHTS = {dark: light for light, dark in DARK.items()}
"""The light colour for each on dark ground: on paper the wall is light."""

LOG = logging.getLogger(__name__)


def draw() -> None:
    """Draw the wall that the file of settings and the page's address ask for."""
    wall = _shown_now()
    st.session_state[SHOWN] = wall
    component("wall.js")(key="wall", data=packed({**wall, "lights": LIGHTS}, DEFAULT_LANGUAGE))
    _watch()


@st.fragment(run_every=LOOK_SECONDS)
def _watch() -> None:
    if _shown_now()["key"] != st.session_state[SHOWN]["key"]:
        st.rerun()
    component("wall_beat.js")(key="wall_beat", data=time.time())


def _shown_now() -> dict[str, Any]:
    return current(st.query_params.to_dict(), st.session_state.get(SHOWN))


def current(link: Mapping[str, str], shown: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the wall of this moment; where it can't be made, the last one with a badge that says so.

    Nobody stands at the wall to load it anew, so an error of the program must not end it: it goes to the log.

    Parameters
    ----------
    link
        Parameters of the page's address.
    shown
        The last one.
    """
    settings, wrong = read_settings(link, installation().wall)
    faults: Sequence[Words | str]
    try:
        return wall_state(publication(), settings, the_day(), wrong)
    except GeodataError as error:
        faults = [fault.render(settings.language) for fault in error.faults]
    except Exception:
        LOG.exception("The wall can't be made.")
        faults = [message("The program met an error; its log tells which.")]
    return failed_wall(shown, faults, settings)


def failed_wall(
    shown: dict[str, Any] | None, faults: Sequence[Words | str], settings: Settings
) -> dict[str, Any]:
    """Return the wall that is shown where none can be made.

    Parameters
    ----------
    shown
        The wall shown so far, which stays with a badge; ``None`` where there is none: then the faults are
        shown.
    faults
        What is wrong, in sentences.
    settings
        How the wall runs.
    """
    told = message("The data can't be shown.")
    if shown is not None and shown["footer"]:
        others = [badge for badge in shown["badges"] if badge["kind"] != "failed"]
        wall = {**shown, "badges": [*others, {"kind": "failed", "text": without_full_stop(told)}]}
    else:
        wall = {
            "exit": "",
            "keys": KEYS,
            "lang": settings.language,
            "zone": VIETNAM.key,
            "theme": settings.theme,
            "texts": TEXTS,
            "hours": None,
            "badges": [],
            "footer": [],
            "notices": [],
            "scenes": [Scene("fault", told, {"faults": faults}).as_sent(settings.seconds, settings.language)],
        }
    return with_key(said(wall, settings.language))
