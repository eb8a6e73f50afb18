"""The city by pilot stage: which wards were ever in the programme, and how far they were known to come."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from dashboard.screens.wall.scene import Scene, View, source_line
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.programme.model import programme
from dashboard.subjects.programme.words import headline, with_verified, years_in_figures
from dashboard.ui.geometry import former_outlines
from geodata.language import joined, message
from geodata.language.numbers import number


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
            "share": joined(" / ", [number(shown.chosen.inspected_count), number(shown.chosen.count)]),
            "inspected": with_verified(message("of these wards were inspected"), shown.chosen),
            "classes": legend_classes(view.themed(shown.classes)),
            "former": former,
            "total": message("Of {count} commune-level units", count=number(shown.coverage.ward_count)),
            "source": source_line(sources, evidence.source),
        },
        replace(
            drawn, labels=shown.programme_codes, former=former_outlines(query.published, shown.former, former)
        ),
        is_illustrative=shown.is_illustrative,
    )


def legend_classes(classes: Sequence[MapClass]) -> list[MapClass]:
    """Return the classes of units that the legend explains, those of which there are any."""
    return [entry for entry in classes if not entry.faded and entry.count != number(0)]
