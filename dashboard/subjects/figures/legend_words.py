"""How the legend of a map of figures is said: classes, circles, what the tooltip tells of each ward."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from dashboard.subjects.figures import alike_words
from dashboard.subjects.figures.choices import DAYS_SINCE, STAGE, Measure
from dashboard.subjects.figures.class_parts import SQUARE_SIDE
from dashboard.subjects.figures.classification import DIGITS
from dashboard.subjects.figures.model import WardClasses
from dashboard.subjects.figures.words import figure_words, plain_words, unit_words, with_interval
from dashboard.subjects.inspections.model import inspection_findings
from dashboard.subjects.inspections.words import former_ground
from dashboard.subjects.programme.classes import MapClass, outside_class
from dashboard.subjects.programme.former import FormerGround
from geodata.indicators.comparison import LEAST_REPORTED_PCT
from geodata.indicators.statistics import LEAST_EVENTS
from geodata.language import Words, joined, message
from geodata.language.numbers import approximately, is_missing, number
from geodata.programme.symbols import SECONDARY

METHOD_NAMES = {
    "quantiles": message("Quantiles"),
    "natural": message("Natural breaks (Jenks)"),
    "equal": message("Equal intervals"),
    "deviation": message("Standard deviations"),
    "own": message("Own bounds"),
}
TOO_LITTLE_COLOUR = "#B3B8C2"
TOO_LITTLE_OR_FEW = message(
    "Reported too little, below {least}% of days, or fewer than {few} in the month",
    least=LEAST_REPORTED_PCT,
    few=LEAST_EVENTS,
)
TOO_LITTLE = message("Reported too little, below {least}% of days", least=LEAST_REPORTED_PCT)
_DARKER = {
    "lower": message("The darker, the higher and the worse"),
    "higher": message("The darker, the lower and the worse"),
    "context": message("The darker, the higher"),
}


def bound_words(bound: float, measure: Measure) -> Words:
    """Return a bound as the legend writes it, with all of its digits."""
    text = number(bound, max(3, DIGITS - 1 - math.floor(math.log10(bound))) if bound > 0 else 3)
    return message("{number}%", number=text) if measure.unit == "%" else text


def class_labels(bounds: Sequence[float], measure: Measure) -> list[Words]:
    """Return what each class holds, from the lowest to the highest."""
    texts = [bound_words(bound, measure) for bound in bounds]
    if not texts:
        return [message("all that are known")]
    return [
        # No figure is below 0.
        texts[0] if bounds[0] == 0 else message("up to {high}", high=texts[0]),
        *(message("over {low} to {high}", low=low, high=high) for low, high in pairwise(texts)),
        message("over {low}", low=texts[-1]),
    ]


def map_classes(shown: WardClasses) -> list[MapClass]:
    """Return the classes with their counts; wards without a figure and those outside the areas come last."""
    counts = [number(count) for count in shown.counts]
    if shown.stages:
        classes = [
            MapClass(entry.label, count, entry.colour, entry.pattern, outlined=False)
            for entry, count in zip(shown.stages, counts, strict=True)
        ]
    else:
        if shown.totals:
            labels: list[Words] = [message("A total is known")]
        elif shown.is_alike:
            labels = alike_words.LABELS
        else:
            labels = _square_labels(shown) if len(shown.measures) > 1 else _labels(shown)[0]
        classes = [
            MapClass(label, count, colour, outlined=False)
            for label, count, colour in zip(labels, counts, shown.palette, strict=False)
        ]
        if shown.has_reports:
            too_little = TOO_LITTLE_OR_FEW if shown.months and shown.chance is not None else TOO_LITTLE
            too_little = alike_words.LEFT_OUT if shown.is_alike else too_little
            classes.append(
                MapClass(too_little, counts[-2], TOO_LITTLE_COLOUR, pattern="hatch", outlined=False)
            )
        missing = message("No figure")
        classes.append(MapClass(missing, counts[-1], SECONDARY, pattern="dots", outlined=False))
    return classes if shown.inside.all() else [*classes, outside_class()]


def former_of(shown: WardClasses) -> FormerGround | None:
    """Return the former ground that is drawn over a map; of months that are played each has its own."""
    if shown.months or len(shown.measures) > 1:
        return None
    if shown.measure.code == STAGE:
        return shown.programme().former
    return former_ground(inspection_findings(shown.query)) if shown.measure.code == DAYS_SINCE else None


def _labels(shown: WardClasses) -> list[list[Words]]:
    return [class_labels(*one) for one in zip(shown.bounds, shown.measures, strict=True)]


def _square_labels(shown: WardClasses) -> list[Words]:
    """Return what each of the nine classes of two figures holds, in their order."""
    rows, columns = (
        [
            joined(": ", [measure.name, labels[at] if at < len(labels) else message("none")])
            for at in range(SQUARE_SIDE)
        ]
        for measure, labels in zip(shown.measures, _labels(shown), strict=True)
    )
    return [joined(" · ", [row, column]) for row in rows for column in columns]


def ward_words(shown: WardClasses) -> list[Words | str]:
    """Return what is said of each ward beside its class, in the order of the geometry."""
    if len(shown.amounts) == 1:
        measure, per = shown.measure, shown.pers[0]
        if shown.totals and shown.is_carried is not None:
            carried = zip(shown.amounts[0].tolist(), shown.is_carried.tolist(), strict=True)
            return [
                approximately(value)
                if is_about and not is_missing(value)
                else plain_words(value, measure, per)
                for value, is_about in carried
            ]
        if measure.code == DAYS_SINCE and shown.is_carried is not None:
            return [
                joined(" ", [plain_words(value, measure, per), message("(of a part of it)")])
                if is_partly and not is_missing(value)
                else plain_words(value, measure, per)
                for value, is_partly in zip(shown.amounts[0].tolist(), shown.is_carried.tolist(), strict=True)
            ]
        if shown.limits is None:
            return [plain_words(amount, measure, per) for amount in shown.amounts[0].tolist()]
        ends = (end.tolist() for end in (shown.amounts[0], *shown.limits))
        return [with_interval(value, low, high, measure, per) for value, low, high in zip(*ends, strict=True)]
    of_both = zip(*shown.amounts, strict=True)
    return [
        joined(
            " · ",
            [
                figure_words(float(amount), measure, per)
                for amount, measure, per in zip(amounts, shown.measures, shown.pers, strict=True)
            ],
        )
        for amounts in of_both
    ]


def circles(shown: WardClasses) -> dict[str, Any] | None:
    """Return what is drawn as circles: the total of each ward, and three sizes for the legend; or nothing.

    Returns
    -------
    As `dashboard.ui.frontend_state.Circles` has them.
    """
    if not shown.totals:
        return None
    frames = [[_tenths(value) if value > 0 else 0 for value in of.tolist()] for of in shown.totals]
    most = round_up(max(max(of, default=0) for of in frames))
    return {
        "values": frames[-1],
        "frames": frames if shown.months else [],
        "most": most,
        "sizes": _sizes(most, shown.measure),
    }


def circle_sizes(greatest: float, measure: Measure) -> list[dict[str, Any]]:
    """Return ``most`` and ``sizes`` of `circles` for totals up to the greatest one, rising."""
    mosts = [0.0]
    while mosts[-1] < greatest:
        mosts.append(round_up(max(1.01 * mosts[-1], 0.1)))
    return [{"most": most, "sizes": _sizes(most, measure)} for most in mosts]


def _sizes(most: float, measure: Measure) -> list[dict[str, Any]]:
    sizes = [size for size in (most, most / 4, most / 20) if size]
    return [{"value": size, "label": figure_words(size, measure, "value")} for size in sizes]


def _tenths(value: float) -> float:
    """Return a number rounded to tenths, as a browser does too: a half up."""
    return math.floor(10 * value + 0.5) / 10


def round_up(value: float) -> float:
    """Return the least of 1, 2, 4 and 10 times a power of ten that a value does not exceed; 0 of 0."""
    if value <= 0:
        return 0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 10) if value <= step * power * (1 + 1e-9))


def legend(shown: WardClasses) -> dict[str, Any]:
    """Return the words and the histogram of the legend, as `dashboard.ui.map.MapView.key` has them."""
    if len(shown.measures) > 1:
        return _square_legend(shown)
    measure, per = shown.measure, shown.pers[0]
    if measure.code == STAGE:
        return {"title": measure.name, "unit": "", "about": []}
    unit = unit_words(measure.unit, per, measure.kind)
    if shown.is_alike:
        return alike_words.legend(shown, unit)
    if shown.totals:
        about = message(
            "The area of a circle grows with the number; a circle says nothing of how many live there"
        )
        return {"title": measure.name, "unit": unit, "about": [about]}
    bars = shown.histogram()
    return {
        "title": measure.name,
        "unit": unit,
        "about": [_DARKER[measure.direction], _division(shown)],
        "histogram": bars | {"ends": [plain_words(end, measure, per) for end in bars["ends"]]},
        "histogramLabel": message("How many wards have which figure"),
    }


def _division(shown: WardClasses) -> Words:
    """Return how the classes were made, and that their bounds stay when dates move."""
    method = METHOD_NAMES[shown.choice.method]
    if shown.choice.method == "own":
        return method
    if shown.are_years:
        return message(
            "{method} of all whole years of the data: bounds stay when the dates move, so that classes may "
            "hold different numbers of units",
            method=method,
        )
    return message(
        "{method} of all days of the data: classes may hold different numbers of units", method=method
    )


def _square_legend(shown: WardClasses) -> dict[str, Any]:
    """Return the legend of two figures: ``rows`` by the first, ``columns`` by the second."""
    rows, columns = (
        {
            "title": measure.name,
            "unit": "" if measure.unit == "%" else unit_words(measure.unit, per, measure.kind),
            "labels": labels,
        }
        for measure, per, labels in zip(shown.measures, shown.pers, _labels(shown), strict=True)
    )
    is_judged = all(measure.direction != "context" for measure in shown.measures)
    about = (
        message("Darkest where both are worse")
        if is_judged
        else message("The darker, the worse; without better or worse, the higher")
    )
    return {"rows": rows, "columns": columns, "about": [about]}
