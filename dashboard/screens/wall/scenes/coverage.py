"""Coverage: the ground that was ever chosen for the pilot, and its share of the city."""

from dataclasses import replace

from dashboard.screens.wall.scene import Scene, View, source_line
from dashboard.subjects.programme.area_words import area_label, base, headline, size
from dashboard.subjects.programme.areas import PilotAreas, pilot_areas
from dashboard.ui.geometry import former_outlines
from geodata.language import Words, message
from geodata.language.numbers import number

LISTED = 6
"""So many areas are listed, the largest ones."""


def scene(view: View) -> Scene | None:
    """Return the scene; none where no ward was ever chosen."""
    query, shown = view.query, pilot_areas(view.query)
    if not shown.areas:
        return None
    told, classes = headline(shown), view.themed(shown.classes)
    sources = query.layer("source")
    return Scene(
        "coverage",
        told,
        {
            "areas": [(area_label(one), size(one)) for one in shown.areas[:LISTED]],
            "rest": _rest(shown),
            "coverage": shown.coverage,
            "base": base(shown, query.vintage),
            "classes": classes[:-1],
            "source": source_line(shown.sources, sources),
        },
        replace(
            view.map(told, shown.classes, shown.numbers),
            labels=shown.labels,
            former=former_outlines(query.published, shown.former, classes),
        ),
    )


def _rest(shown: PilotAreas) -> Words | None:
    """Return how many areas are not listed, and how large they are together."""
    others = shown.areas[LISTED:]
    if not others:
        return None
    return message(
        "and {count} more, together {km2} km²",
        count=number(len(others)),
        km2=number(sum(one.area_km2 for one in others), 2),
    )
