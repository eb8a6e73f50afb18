"""Gives the wall its ground and its first scene with the page itself.

A white screen until Streamlit has drawn it would flash.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markupsafe import Markup

from dashboard.query.caching import cached_up_to
from dashboard.screens.wall.screen import current
from dashboard.ui.first_map import first_map
from dashboard.ui.html import html
from dashboard.ui.static_files import frontend_sources, written
from geodata.clock import now

_GROUND = Markup(
    '<style id="wall-ground">@media screen {{ '
    "html, body, #root, .stApp {{ background: {colour} !important; }} "
    '[data-testid*="Skeleton"], [data-testid="stToolbar"], [data-testid="stHeader"] {{ opacity: 0; }} '
    "}}</style>"
)


@dataclass(frozen=True)
class _Shown:
    """A wall, told from others by its key."""

    key: str
    is_night: bool
    wall: Mapping[str, Any] = field(compare=False)


def first_wall(link: Mapping[str, str]) -> Markup:
    """Return what the wall shows first of the parameters of its address."""
    wall = current(link)
    return _first(_Shown(wall["key"], is_night(f"{now():%H:%M}", wall["hours"]), wall))


def is_night(time: str, hours: Mapping[str, str] | None) -> bool:
    """Return whether a time, as HH:MM, lies outside the hours, which may run over midnight."""
    if hours is None:
        return False
    since, until = hours["from"], hours["to"]
    return not since <= time < until if since < until else until <= time < since


@cached_up_to(8)
def _first(shown: _Shown) -> Markup:
    wall = shown.wall
    scene = wall["scenes"][0]
    made = html(
        "first_wall",
        wall["lang"],
        drawn=first_map(scene["map"]) if scene["map"] else None,
        wall=wall,
        scene=scene,
        body=Markup(scene["body"]),
        is_night=shown.is_night,
        style=written("page.css", "map.css", "wall.css", "wall_scenes.css", "first_view.css"),
        script=written("first_view.js"),
    )
    return _GROUND.format(colour=Markup(_grounds()[wall["theme"]])) + made


@cache
def _grounds() -> dict[str, str]:
    """Return the colour of the ground of each theme."""
    style = frontend_sources()["wall.css"].read_text(encoding="utf-8")
    return dict(zip(("light", "dark"), re.findall(r"--ground: (\S+);", style), strict=True))
