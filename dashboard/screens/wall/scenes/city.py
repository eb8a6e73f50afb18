"""The city by pilot stage: which wards are in the programme, and how far they are."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from markupsafe import Markup

from dashboard.screens.wall.parts import big_number, column, legend, source_line
from dashboard.screens.wall.scene import Scene, View, on_theme, wall_map
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.programme.overview import describe_city
from dashboard.ui.formats import day, number
from geodata.language import translate
from geodata.programme.coverage import pilot_coverage
from geodata.programme.pilot_wards import former_pilot_wards, pilot_wards
from geodata.wards.units import KEY

COUNTED_CLASSES = 4
"""Of more classes than these the legend has no counts: a scene has seven numbers at most."""


def scene(view: View) -> Scene | None:
    """Return the scene; none where no ward is in the programme."""
    known, vintage, language = view.known, view.vintage, view.language
    city = describe_city(known, vintage, language, view.areas)
    if not city.programme_codes:
        return None
    shown = legend_classes(city.classes)
    body = column(
        _numbers(view),
        legend(on_theme(shown, view.theme)),
        source_line(_sources(view), known.source, language),
    )
    return Scene(
        "city",
        city.headline,
        body,
        wall_map(view, city.classes, city.class_numbers, city.headline, labels=city.programme_codes),
        is_illustrative=city.badge != "",
    )


def legend_classes(classes: Sequence[MapClass]) -> list[MapClass]:
    """Return the classes that the legend explains, with counts where they are few.

    Parameters
    ----------
    classes
        See `dashboard.ui.map.programme_classes`: the last one that is not faded is what nothing is known of,
        which is told without a count.
    """
    held = [entry for entry in classes if entry.pattern != "dots" and not entry.faded]
    missing = [
        replace(entry, count="") for entry in classes if entry.pattern == "dots" and entry.count != "0"
    ]
    if len(held) > COUNTED_CLASSES:
        held = [replace(entry, count="") for entry in held]
    return [*held, *missing]


def _numbers(view: View) -> Markup:
    known, language = view.known.of_areas(view.vintage, list(view.areas)), view.language
    wards = known.of_vintage(view.vintage)
    coverage = pilot_coverage(wards)
    units = number(coverage.ward_count, language)
    if not coverage.pilot_ward_count:
        former = former_pilot_wards(known.wards, known.crosswalk, view.vintage)
        return big_number(
            number(coverage.partly_ward_count, language),
            translate("units that hold parts of former pilot wards", language),
            units,
        ) + big_number(number(len(former), language), translate("former pilot wards", language))
    numbers = big_number(
        number(coverage.pilot_ward_count, language), translate("units in the pilot", language), units
    )
    seen = coverage_of_inspections(view)
    return numbers + (seen or Markup(""))


def coverage_of_inspections(view: View) -> Markup | None:
    """Return how many pilot wards were inspected, and when last; nothing where none was."""
    known, language = view.known.of_areas(view.vintage, list(view.areas)), view.language
    wards = known.of_vintage(view.vintage)
    pilots = pilot_wards(wards)
    rows = known.inspections_within().merge(pilots, on=KEY, how="inner", validate="many_to_one")
    if rows.empty:
        return None
    days = rows["inspection_date"].unique()
    caption = (
        translate("pilot wards inspected on {day}", language, day=day(days[0], language))
        if len(days) == 1
        else translate("pilot wards inspected, last on {day}", language, day=day(max(days), language))
    )
    return big_number(number(int(wards.loc[pilots.index, "is_inspected"].sum()), language), caption)


def _sources(view: View) -> list[object]:
    known = view.known.of_areas(view.vintage, list(view.areas))
    recorded = known.pilot_status
    statuses = recorded[recorded["vintage"] == view.vintage]
    # Roles of former wards are shown by the wards that hold parts of them.
    statuses = recorded if statuses.empty else statuses
    inspections = known.inspections_within().merge(
        pilot_wards(known.of_vintage(view.vintage)), on=KEY, how="inner", validate="many_to_one"
    )
    return list(pd.concat([statuses["source"], inspections["source"]]).unique())
