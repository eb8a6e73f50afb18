"""The small maps, one for each unit or period, in the same classes, with their legend."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from dashboard.query.caching import cached
from dashboard.query.query import Query
from dashboard.subjects.comparison import words
from dashboard.subjects.comparison.basis import unit_bounds
from dashboard.subjects.comparison.measures import ComparedMeasure
from dashboard.subjects.comparison.model import Comparison, compare
from dashboard.subjects.comparison.unit_figures import class_bounds, map_measure
from dashboard.subjects.comparison.units import WARD, of_unit
from dashboard.subjects.figures import classification
from dashboard.subjects.figures.legend_words import TOO_LITTLE, TOO_LITTLE_COLOUR, class_labels
from dashboard.subjects.programme.classes import MapClass, Tick, inspection_ticks, programme_classes
from dashboard.subjects.programme.former import FormerGround, former_ground
from dashboard.ui.geometry import former_outlines, outlines
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from geodata.language import Language, Words, joined, message, render
from geodata.language.numbers import is_missing
from geodata.period import Period
from geodata.programme.symbols import BORDER, LAND

_NO_GROUND = FormerGround((), (), pd.DataFrame())
_OTHER_UNITS = MapClass(message("another unit"), "", LAND, outlined=False, faded=True)


def map_classes(bounds: Sequence[float], labels: Sequence[Words], direction: str) -> list[MapClass]:
    """Return the classes that all small maps share; too little reported, no figure and other units come last.

    Parameters
    ----------
    bounds
        The bounds between the classes (`dashboard.subjects.figures.classification.bounds`).
    labels
        What each class holds.
    direction
        See `dashboard.subjects.comparison.measures.ComparedMeasure`.
    """
    colours = classification.colours(direction, len(bounds) + 1)
    return [
        *(MapClass(label, "", colour, outlined=False) for label, colour in zip(labels, colours, strict=True)),
        MapClass(TOO_LITTLE, "", TOO_LITTLE_COLOUR, pattern="hatch", outlined=False),
        MapClass(message("no figure on record"), "", BORDER, pattern="dots", outlined=False),
        _OTHER_UNITS,
    ]


def class_numbers(
    values: pd.Series, is_reported: pd.Series, is_inside: pd.Series, bounds: Sequence[float]
) -> list[int]:
    """Return the class of each ward (`map_classes`); wards outside the unit have the last one."""
    numbers = classification.class_numbers(values.to_numpy("float64"), bounds)
    too_little = len(bounds) + 1
    without = too_little + 1
    numbers = np.where(numbers == classification.MISSING, without, np.where(is_reported, numbers, too_little))
    return [int(one) for one in np.where(is_inside, numbers, without + 1)]


def programme_map(wards: pd.DataFrame, is_inside: pd.Series) -> tuple[list[MapClass], list[int]]:
    """Return the classes of a map of the programme, and the class of each ward, likewise."""
    classes, numbers = programme_classes(wards)
    inside = [number if is_in else len(classes) for number, is_in in zip(numbers, is_inside, strict=True)]
    return [*(replace(one, count="") for one in classes), _OTHER_UNITS], inside


def ward_rows(figures: pd.DataFrame, wards: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of each ward in the order of the layer.

    Parameters
    ----------
    figures
        See `dashboard.subjects.comparison.unit_figures.unit_figures`.
    wards
        Rows of the layer ``ward`` of one vintage.
    """
    by_code = figures[figures["level"] == WARD].set_index("unit_code")
    return by_code.reindex(wards["ward_code"]).reset_index()


def value_lines(rows: pd.DataFrame, is_inside: pd.Series, measure: ComparedMeasure) -> list[Words | str]:
    """Return what the tooltip says of each ward of a unit; nothing of the others."""
    columns = [rows[name].tolist() for name in ("shown", "low", "high")]
    return [
        words.with_unit({"shown": value, "low": low, "high": high}, measure)
        if inside and not is_missing(value)
        else ""
        for value, low, high, inside in zip(*columns, is_inside, strict=True)
    ]


def legend_entries(classes: Sequence[MapClass], used: Collection[int]) -> list[MapClass]:
    """Return the classes that stand in the legend of all small maps.

    Parameters
    ----------
    classes
        See `map_classes` and `programme_map`; the last one, of other units, needs no entry.
    used
        Numbers of the classes that occur; missing and hatched ones stand in the legend only then.
    """
    has_figures = any(not classes[number].pattern for number in used if number < len(classes) - 1)
    return [
        entry
        for number, entry in enumerate(classes[:-1])
        if number in used or (has_figures and not (entry.pattern or entry.outlined))
    ]


@dataclass(frozen=True)
class SmallMaps:
    """The maps with what stands above each, and the legend below them all."""

    maps: tuple[tuple[Markup, MapView], ...]
    legend: Markup


@cached
def small_maps(
    query: Query,
    measure: ComparedMeasure,
    periods: tuple[Period, ...],
    codes: tuple[str, ...],
    language: Language,
) -> SmallMaps:
    """Return a small map for each row of a comparison, all in one scale."""
    shown = compare(query, measure, periods, codes)
    height = (
        "clamp(17rem, calc(100dvh - 31rem), 40rem)"
        if len(shown.rows) <= column_count(shown)
        else "clamp(9rem, calc((100dvh - 29rem) / 2), 20rem)"
    )
    used: set[int] = set()
    signs: dict[tuple[Words | str, bool], Tick] = {}
    over: dict[str, MapClass] = {}
    maps = []
    for place, row in enumerate(shown.rows.to_dict("records")):
        painted = _painted(shown, row, shown.figures[place % len(shown.figures)])
        painted["values"] = [render(value, language) for value in painted["values"]]
        used |= set(painted["numbers"])
        signs |= {(tick.label, tick.is_partly): tick for tick in painted["ticks"]}
        ground: FormerGround = painted.pop("ground")
        over |= {render(entry.label, language): entry for entry in ground.classes}
        value = words.figure_or_why(row, measure)
        view = MapView(
            joined(": ", [joined(", ", [measure.name, row["title"]]), value]),
            outlines(query.published, query.vintage, ground.vintages),
            focus=unit_bounds(query.published, query.vintage, row["unit_code"]),
            height=height,
            labels=[one for tick in painted["ticks"] for one in tick.codes],
            is_compact=True,
            former=former_outlines(query.published, ground),
            **painted,
        )
        maps.append((html("comparison_caption", language, title=row["title"], value=value), view))
    entries = [*legend_entries(painted["classes"], used), *over.values()]
    unit = "" if measure.kind == "coverage" else words.shown_unit(measure)
    legend = html("comparison_legend", language, unit=unit, entries=entries, ticks=signs.values())
    return SmallMaps(tuple(maps), legend)


def column_count(shown: Comparison) -> int:
    """Return how many small maps stand beside each other."""
    return {1: 1, 2: 2, 4: 2}.get(len(shown.rows), 3)


def _painted(shown: Comparison, row: dict[Any, Any], figures: pd.DataFrame) -> dict[str, Any]:
    """Return classes, numbers, ticks, values and former ground of the map of one unit or period."""
    basis, measure = shown.basis, shown.measure
    inside = of_unit(basis.wards, row["unit_code"], basis.units)
    query = basis.query.of_city()
    if measure.kind == "coverage":
        within = query.within(row["period"])
        on_day = within.wards()
        classes, numbers = programme_map(on_day, inside)
        # What was recorded on other boundaries is shown on them, signs too.
        ground = former_ground(within.evidence().of_areas(query.vintage, (row["unit_code"],)), query.vintage)
        ticks = inspection_ticks(on_day[inside & ~on_day["is_partly"]], ground.rows)
        return {"classes": classes, "numbers": numbers, "ticks": ticks, "values": [], "ground": ground}
    bounds = class_bounds(query, measure)
    rows = ward_rows(figures, basis.wards)
    is_reported = rows["is_reported"].eq(True)
    labels = class_labels(bounds, map_measure(query, measure))
    return {
        "classes": map_classes(bounds, labels, measure.direction),
        "numbers": class_numbers(rows["shown"].astype("float64"), is_reported, inside, bounds),
        "ticks": [],
        "values": value_lines(rows, inside, measure),
        "ground": _NO_GROUND,
    }
