"""The classes of the map in words, and the legend of one figure or of two."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from dashboard.subjects.figures import classification
from dashboard.subjects.figures.choices import Measure
from dashboard.subjects.figures.classification import METHODS, Floats
from dashboard.subjects.figures.spans import SHORT
from dashboard.subjects.figures.words import bound_text, figure_text, unit_text
from dashboard.ui.abbreviations import meanings
from dashboard.ui.formats import number
from dashboard.ui.map import MapClass
from geodata.language import Language, translate
from geodata.programme.symbols import SECONDARY

SQUARE_SIDE = 3
"""Classes of each of two figures."""


def class_labels(between: Sequence[float], measure: Measure, language: Language) -> list[str]:
    """Return what each class holds, in words, from the lowest to the highest."""
    texts = [bound_text(bound, measure, language) for bound in between]
    if not texts:
        return [translate("all that are known", language)]
    middle = [
        translate("over {low} to {high}", language, low=low, high=high) for low, high in pairwise(texts)
    ]
    # No figure is below 0.
    lowest = texts[0] if between[0] == 0 else translate("up to {high}", language, high=texts[0])
    return [
        lowest,
        *middle,
        translate("over {low}", language, low=texts[-1]),
    ]


def missing_class(count: int, language: Language) -> MapClass:
    """Return the class of wards without a figure, which stands in each legend."""
    return MapClass(
        translate("No figure", language), number(count, language), SECONDARY, pattern="dots", outlined=False
    )


def legend_key(
    measure: Measure,
    per: str,
    figures: Floats,
    between: Sequence[float],
    span: str,
    method: str,
    language: Language,
) -> dict[str, Any]:
    """Return the legend of one figure as the map draws it.

    Returns
    -------
    ``title``, ``unit``, ``about`` (which end is dark, and what the bounds rest on), ``histogram`` (see
    `classification.histogram`, its ends as text) and ``histogramLabel`` for those who can't see it.
    """
    bars = classification.histogram(figures, between)
    bars["ends"] = [figure_text(end, measure, per, language) for end in bars["ends"]]
    return {
        "title": measure.title(language),
        "hint": meanings(measure.title(language), language),
        "unit": unit_text(measure, per, language),
        "about": [darker_text(measure, language), bounds_text(method, span, language)],
        "histogram": bars,
        "histogramLabel": translate("How many wards have which figure", language),
    }


def darker_text(measure: Measure, language: Language) -> str:
    """Return what dark means."""
    return {
        "lower": translate("The darker, the higher and the worse", language),
        "higher": translate("The darker, the lower and the worse", language),
        "context": translate("The darker, the higher", language),
    }[measure.direction]


def bounds_text(method: str, span: str, language: Language) -> str:
    """Return how the classes were made, and that their bounds stay when dates move."""
    if method == "own":
        return translate("Own bounds", language)
    name = METHODS[method].render(language)
    if span:
        return translate(
            "{method}; bounds from each whole {span} of the data, so they stay when the dates move",
            language,
            method=name,
            span=SHORT[span].render(language),
        )
    return translate("{method}; bounds from all days of the data", language, method=name)


def bivariate_key(
    pair: Sequence[Measure], pers: Sequence[str], labels: Sequence[Sequence[str]], language: Language
) -> dict[str, Any]:
    """Return the square legend of two figures: ``rows`` by the first, ``columns`` by the second."""

    def axis(measure: Measure, per: str, texts: Sequence[str]) -> dict[str, Any]:
        unit = unit_text(measure, per, language)
        return {
            "title": measure.title(language),
            "unit": "" if unit == "%" else unit,
            "labels": list(texts),
        }

    return {
        "rows": axis(pair[0], pers[0], labels[0]),
        "columns": axis(pair[1], pers[1], labels[1]),
        "about": [
            translate("Darkest where both are worse", language)
            if "context" not in (pair[0].direction, pair[1].direction)
            else translate("The darker, the worse; without better or worse, the higher", language)
        ],
    }


def square_labels(pair: Sequence[Measure], labels: Sequence[Sequence[str]], language: Language) -> list[str]:
    """Return what each of the nine classes of two figures holds, in words, in their order."""

    def told(which: int, at: int) -> str:
        text = labels[which][at] if at < len(labels[which]) else translate("none", language)
        return f"{pair[which].title(language)}: {text}"

    return [
        f"{told(0, row)} · {told(1, column)}" for row in range(SQUARE_SIDE) for column in range(SQUARE_SIDE)
    ]
