"""The city by pilot stage: which wards are in the programme, and how far they are."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from dashboard.screens.wall.scene import Scene, View, source_line
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.programme.model import programme
from dashboard.subjects.programme.words import headline
from geodata.evidence import Evidence
from geodata.language.numbers import number
from geodata.programme.pilot_wards import inspections_of_pilots

COUNTED_CLASSES = 4
"""Of more classes than these the legend has no counts: a scene has seven numbers at most."""


def scene(view: View) -> Scene | None:
    """Return the scene; none where no ward is in the programme."""
    query, shown = view.query, programme(view.query)
    if not shown.programme_codes:
        return None
    told, evidence = headline(shown), query.evidence()
    drawn = view.map(told, shown.classes, shown.class_numbers)
    return Scene(
        "city",
        told,
        {
            "shown": shown,
            "classes": legend_classes(view.themed(shown.classes)),
            "source": source_line(
                _sources(evidence.of_areas(query.vintage, query.areas), query.vintage), evidence.source
            ),
        },
        replace(drawn, labels=shown.programme_codes),
        is_illustrative=shown.is_illustrative,
    )


def legend_classes(classes: Sequence[MapClass]) -> list[MapClass]:
    """Return the classes that the legend explains, with counts where they are few.

    Parameters
    ----------
    classes
        See `dashboard.subjects.programme.classes.programme_classes`: the last one that is not faded is what
        nothing is known of, which is told without a count.
    """
    held = [entry for entry in classes if entry.pattern != "dots" and not entry.faded]
    missing = [
        replace(entry, count="") for entry in classes if entry.pattern == "dots" and entry.count != number(0)
    ]
    if len(held) > COUNTED_CLASSES:
        held = [replace(entry, count="") for entry in held]
    return [*held, *missing]


def _sources(evidence: Evidence, vintage: str) -> list[object]:
    recorded = evidence.pilot_status
    statuses = recorded[recorded["vintage"] == vintage]
    # Roles of former wards are shown by the wards that hold parts of them.
    statuses = recorded if statuses.empty else statuses
    inspections = inspections_of_pilots(evidence.inspections_within(), evidence.of_vintage(vintage))
    return list(pd.concat([statuses["source"], inspections["source"]]).unique())
