"""The small maps, one for each unit or period, in the same classes, with their legend."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from dashboard.subjects.comparison.measures import Measure
from dashboard.subjects.comparison.units import WARD
from dashboard.subjects.comparison.words import figure_text, with_unit
from dashboard.subjects.figures import classification
from dashboard.ui.abbreviations import explained
from dashboard.ui.map import MapClass, programme_classes
from geodata.language import Language, translate
from geodata.programme.symbols import BORDER, LAND

MAP_CLASSES = 5


def map_classes(
    between: Sequence[float], labels: Sequence[str], direction: str, language: Language
) -> list[MapClass]:
    """Return the classes that all small maps share; those without a figure, and other units, come last.

    Parameters
    ----------
    between
        The bounds between the classes (`dashboard.subjects.figures.classification.bounds`).
    labels
        What each class holds.
    direction
        See `measures.Measure`.
    language
        Language of the reader.
    """
    colours = classification.colours(direction, len(between) + 1)
    return [
        *(MapClass(label, "", colour, outlined=False) for label, colour in zip(labels, colours, strict=True)),
        MapClass(translate("no figure on record", language), "", BORDER, pattern="dots", outlined=False),
        _other_units(language),
    ]


def _other_units(language: Language) -> MapClass:
    return MapClass(translate("another unit", language), "", LAND, outlined=False, faded=True)


def class_numbers(values: pd.Series, is_inside: pd.Series, between: Sequence[float]) -> list[int]:
    """Return the class of each ward (`map_classes`); wards outside the unit have the last one."""
    numbers = classification.class_numbers(values.to_numpy("float64"), between)
    without = len(between) + 1
    numbers = np.where(numbers == classification.MISSING, without, numbers)
    return [int(one) for one in np.where(is_inside, numbers, without + 1)]


def programme_map(
    wards: pd.DataFrame, is_inside: pd.Series, language: Language
) -> tuple[list[MapClass], list[int]]:
    """Return the classes of a map of the programme, and the class of each ward, likewise."""
    classes, numbers = programme_classes(wards, language)
    classes = [replace(one, count="") for one in classes]
    inside = [number if is_in else len(classes) for number, is_in in zip(numbers, is_inside, strict=True)]
    return [*classes, _other_units(language)], inside


def ward_values(figures: pd.DataFrame, wards: pd.DataFrame) -> pd.Series:
    """Return the figure of each ward in the order of the layer.

    Parameters
    ----------
    figures
        See `figures.indicator_figures`.
    wards
        Rows of the layer ``ward`` of one vintage.
    """
    by_code = figures[figures["level"] == WARD].set_index("unit_code")["shown"]
    return wards["ward_code"].map(by_code).astype("float64")


def value_lines(values: pd.Series, is_inside: pd.Series, measure: Measure, language: Language) -> list[str]:
    """Return what the tooltip says of each ward of a unit; nothing of the others."""
    return [
        with_unit(value, measure, language) if inside and pd.notna(value) else ""
        for value, inside in zip(values, is_inside, strict=True)
    ]


def legend(classes: Sequence[MapClass], used: Collection[int], unit: str, language: Language) -> Markup:
    """Return the legend that all small maps share.

    Parameters
    ----------
    classes
        See `map_classes` and `programme_map`; the last one, of other units, needs no entry.
    used
        Numbers of the classes that occur; missing and hatched ones stand in the legend only then.
    unit
        Unit of the figures.
    language
        Language of the reader.
    """
    has_figures = any(not classes[number].pattern for number in used if number < len(classes) - 1)
    swatch = Markup('<li><i class="cp-swatch cp-{}" style="--cp-colour:{}"></i>{}</li>')
    return Markup('<ul class="cp-legend">{}{}</ul>').format(
        Markup('<li class="cp-unit">{}</li>').format(explained(unit, language)) if unit else "",
        Markup("").join(
            swatch.format(entry.pattern or "plain", entry.colour, entry.label)
            for number, entry in enumerate(classes[:-1])
            if number in used or (has_figures and not (entry.pattern or entry.outlined))
        ),
    )


def map_caption(row: Mapping[Any, Any], measure: Measure, language: Language) -> Markup:
    """Return what stands above a small map: the unit or the period, and its figure."""
    return Markup('<p class="cp-caption">{} <b>{}</b></p>').format(
        row["title"], figure_text(row["shown"], measure, language)
    )
