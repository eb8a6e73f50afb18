"""The map of a scene of the wall as one file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboard.query.publication import publication
from dashboard.screens.wall.scenes import SCENES
from dashboard.screens.wall.settings import read_settings
from dashboard.screens.wall.state import view_of
from dashboard.ui.one_file_map import MapSheet, sheet_of
from geodata.clock import today
from geodata.language import Message
from geodata.settings import settings as installation


def map_sheet(link: Mapping[str, str]) -> tuple[MapSheet | None, list[Message]]:
    """Return the first map among the scenes of an address, in light colours, and what is wrong with that."""
    settings, wrong = read_settings(link, installation().wall)
    view, unknown = view_of(publication(), replace(settings, theme="light"), today())
    for name in settings.scenes:
        scene = SCENES[name](view)
        if scene is None or scene.map is None:
            continue
        told: Any = {"title": scene.headline, "notes": [scene.values.get("source", "")]}
        sheet = sheet_of(scene.map, view.query, settings.language, (), scene.vintage, **told)
        return sheet, [*wrong, *unknown]
    return None, [*wrong, *unknown]
