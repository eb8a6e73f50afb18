"""The city by pilot stage: which wards were ever in the programme, and how far they were known to come."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from dashboard.screens.wall.scene import Scene, View, source_line
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.programme.model import programme
from dashboard.subjects.programme.words import headline, years_in_figures
from dashboard.ui.geometry import former_outlines
from geodata.language.numbers import number

COUNTED_CLASSES = 4
"""Of more classes than these the legend has no counts: a scene has seven numbers at most."""


def scene(view: View) -> Scene | None:
    """Return the scene; none where no ward was ever in the programme."""
    query, shown = view.query, programme(view.query)
    if not shown.programme_codes and not shown.former.wards:
        return None
    told, evidence = headline(shown), query.evidence().of_areas(query.vintage, query.areas)
    drawn, former = view.map(told, shown.classes, shown.class_numbers), view.themed(shown.former.classes)
    sources = pd.concat([evidence.pilot_status["source"], evidence.inspections_within()["source"]]).unique()
    return Scene(
        "city",
        told,
        {
            "shown": shown,
            "years": years_in_figures(shown.chosen),
            "classes": legend_classes([*former, *view.themed(shown.classes)]),
            "source": source_line(sources, evidence.source),
        },
        replace(
            drawn, labels=shown.programme_codes, former=former_outlines(query.published, shown.former, former)
        ),
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
