"""The scenes of the wall, a module each: what it says of its subject, or nothing where that is empty."""

from collections.abc import Callable

from dashboard.screens.wall.scene import Scene, View
from dashboard.screens.wall.scenes import city, coverage, event, inspections, progress, visit, ward
from geodata.language import Words

SCENES: dict[str, Callable[[View], Scene | None]] = {
    "city": city.scene,
    "coverage": coverage.scene,
    "progress": progress.scene,
    "inspections": inspections.scene,
    "ward": ward.scene,
    "visit": visit.scene,
    "event": event.scene,
}
"""All scenes by their name; ``None`` where one has nothing to say."""

WHY_NOT: dict[str, Callable[[View], Words]] = {"visit": visit.why_not, "event": event.why_not}
"""Why a scene is not there that comes only near a day, for who asks for it."""
