"""The map of a scene of the wall as one file."""

from collections.abc import Mapping
from dataclasses import replace

from dashboard.query.publication import publication
from dashboard.screens.wall.scenes import SCENES
from dashboard.screens.wall.settings import read_settings
from dashboard.screens.wall.state import view_of
from dashboard.subjects.filters import active_filters, in_one_line
from dashboard.ui.downloads import file_name
from dashboard.ui.one_file_map import MapSheet
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
        query, vintage = view.query, scene.vintage or view.query.vintage
        picture = {
            "title": scene.headline,
            "subtitle": in_one_line(active_filters(query, vintage)),
            "credit": scene.values.get("source", ""),
            "name": file_name(scene.headline, query, settings.language, vintage),
        }
        return MapSheet(replace(scene.map, picture=picture), settings.language), [*wrong, *unknown]
    return None, [*wrong, *unknown]
