"""How a map of figures is said: figures, classes, headlines, legends, the facts of one ward."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from dashboard.subjects.figures.choices import STAGE, Measure
from dashboard.subjects.figures.model import SQUARE_SIDE, WardClasses, WardFigure
from dashboard.subjects.programme.classes import MapClass, outside_class
from geodata.language import Words, joined, message, uncapitalised
from geodata.language.dates import day
from geodata.language.numbers import is_missing, number, percent, unit_name
from geodata.programme.symbols import SECONDARY

PER_NAMES = {
    "value": message("Total"),
    "per_1000": message("Per 1,000 residents"),
    "per_km2": message("Per km²"),
}
METHOD_NAMES = {
    "quantiles": message("Equal counts (quantiles)"),
    "natural": message("Natural breaks (Jenks)"),
    "equal": message("Equal intervals"),
    "deviation": message("Standard deviations"),
    "own": message("Own bounds"),
}
_SPANS = {"M": message("month"), "Q": message("quarter"), "Y": message("year")}
_PER_UNIT = {"per_1000": message("{unit} per 1,000 residents"), "per_km2": message("{unit} per km²")}
_DARKER = {
    "lower": message("The darker, the higher and the worse"),
    "higher": message("The darker, the lower and the worse"),
    "context": message("The darker, the higher"),
}


def figure_words(value: float, measure: Measure, per: str) -> Words | str:
    """Return a figure with its unit; never a missing one as 0."""
    if is_missing(value):
        return message("no figure")
    plain = plain_words(value, measure, per)
    return plain if measure.unit == "%" else joined(" ", [plain, unit_words(measure.unit, per)])


def plain_words(value: float, measure: Measure, per: str) -> Words | str:
    """Return a figure without its unit, but for the sign of a percentage; empty where it is missing."""
    if is_missing(value):
        return ""
    if measure.unit == "%":
        return percent(value)
    return number(value, 1 if per == "value" else 2 if value >= 0.1 else 3)


def unit_words(unit: str, per: str) -> Words:
    """Return a unit of the catalogue, with what the figure is set against."""
    name = unit_name(unit)
    return _PER_UNIT[per].of(unit=name) if per in _PER_UNIT else name


def bound_words(bound: float, measure: Measure) -> Words:
    """Return a bound as the legend writes it, with all of its digits."""
    text = number(bound, 3)
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
        labels = _square_labels(shown) if len(shown.measures) > 1 else _labels(shown)[0]
        classes = [
            MapClass(label, count, colour, outlined=False)
            for label, count, colour in zip(labels, counts, shown.palette, strict=False)
        ]
        missing = message("No figure")
        classes.append(MapClass(missing, counts[-1], SECONDARY, pattern="dots", outlined=False))
    return classes if shown.inside.all() else [*classes, outside_class()]


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
        return [plain_words(float(amount), measure, per) for amount in shown.amounts[0]]
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


def month_words(shown: WardClasses) -> list[str]:
    """Return the months that are played."""
    return [f"{month.since:%m/%Y}" for month in shown.months]


def headline(shown: WardClasses) -> Words:
    """Return the sentence of the map; with a generated figure it begins by saying so."""
    told = _headline(shown)
    is_marked = shown.is_illustrative and (bool(shown.months) or shown.measure.code != STAGE)
    return message("Illustrative: {told}", told=told) if is_marked else told


_WORST_IN_BOTH = message("{first} and {second}: {count} units do badly in both")
_DARKEST_IN_BOTH = message("{first} and {second}: {count} units are in the darkest class of both")
"""Which units stand out in two figures; of what is neither good nor bad none does badly."""


def _headline(shown: WardClasses) -> Words:
    name = shown.measure.name
    if shown.months:
        months = month_words(shown)
        return message(
            "{name}, month by month from {since} to {until}", name=name, since=months[0], until=months[-1]
        )
    if shown.measure.code == STAGE:
        return _of_programme(shown)
    if len(shown.measures) > 1:
        have_sides = all(measure.direction != "context" for measure in shown.measures)
        said = _WORST_IN_BOTH if have_sides else _DARKEST_IN_BOTH
        second = uncapitalised(shown.measures[1].name)
        return said.of(first=name, second=second, count=number(shown.darkest_count()))
    highest = shown.highest()
    if highest is None:
        return message("{name}: no figure in this range of days", name=name)
    values = {
        "name": name,
        "value": figure_words(highest.value, shown.measure, shown.pers[0]),
        "count": number(highest.count),
    }
    if highest.is_of_all:
        return message("{name}: {value} in all {count} units with a figure", **values)
    if highest.count > 1:
        return message("{name}: highest in {count} units, at {value}", **values)
    ward = f"{highest.ward['ward_kind']} {highest.ward['ward_name']}"
    return message("{name}: highest in {ward}, at {value}", **values, ward=ward)


def _of_programme(shown: WardClasses) -> Words:
    coverage = shown.coverage()
    counts = {
        "pilots": number(coverage.pilot_ward_count),
        "partly": number(coverage.partly_ward_count),
        "visits": number(coverage.visit_site_count),
        "count": number(coverage.ward_count),
    }
    if coverage.partly_ward_count:
        return message(
            "Of {count} units {pilots} are in the pilot wholly, {partly} in part, {visits} are visit sites",
            **counts,
        )
    return message("Of {count} units {pilots} are in the pilot, {visits} are visit sites", **counts)


def subline(shown: WardClasses) -> Words:
    """Return the line under the headline: days, boundaries, and how many wards reported."""
    period = shown.query.period
    parts: list[Words] = [
        message("{since} to {until}", since=day(period.since), until=day(period.until)),
        message("boundaries of {vintage}", vintage=day(shown.query.vintage)),
    ]
    reported, count, days_pct = shown.reported()
    if shown.measure.code != STAGE:
        parts.append(
            message(
                "figures from {reported} of {count} units ({share})",
                reported=number(reported),
                count=number(count),
                share=percent(100 * reported / count if count else math.nan),
            )
        )
    if not is_missing(days_pct):
        parts.append(message("{share} of their days", share=percent(days_pct)))
    return joined(" · ", parts)


def shown_figure(shown: WardClasses) -> Words:
    """Return which figures a map shows, each with what it is set against."""
    pairs = zip(shown.measures, shown.pers, strict=True)
    return joined(
        ", ",
        [
            joined(" ", [measure.name, PER_NAMES[per]]) if measure.adds_up else measure.name
            for measure, per in pairs
        ],
    )


def legend(shown: WardClasses) -> dict[str, Any]:
    """Return the words and the histogram of the legend, as `dashboard.ui.map.MapView.key` has them."""
    if len(shown.measures) > 1:
        return _square_legend(shown)
    measure, per = shown.measure, shown.pers[0]
    if measure.code == STAGE:
        return {"title": measure.name, "unit": "", "about": []}
    bars = shown.histogram()
    return {
        "title": measure.name,
        "unit": unit_words(measure.unit, per),
        "about": [_DARKER[measure.direction], _division(shown)],
        "histogram": bars | {"ends": [figure_words(end, measure, per) for end in bars["ends"]]},
        "histogramLabel": message("How many wards have which figure"),
    }


def _division(shown: WardClasses) -> Words:
    """Return how the classes were made, and that their bounds stay when dates move."""
    method = METHOD_NAMES[shown.choice.method]
    if shown.choice.method == "own":
        return method
    if shown.span:
        return message(
            "{method}; bounds from each whole {span} of the data, so they stay when the dates move",
            method=method,
            span=_SPANS[shown.span],
        )
    return message("{method}; bounds from all days of the data", method=method)


def _square_legend(shown: WardClasses) -> dict[str, Any]:
    """Return the legend of two figures: ``rows`` by the first, ``columns`` by the second."""
    rows, columns = (
        {
            "title": measure.name,
            "unit": "" if measure.unit == "%" else unit_words(measure.unit, per),
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


def ward_value(shown: WardClasses, figure: WardFigure) -> Words | str:
    """Return the figure of one ward, or its class in the programme."""
    if shown.measure.code == STAGE:
        return shown.stages[int(figure.ward["class_number"])].label
    return figure_words(figure.ward["value"], shown.measure, shown.pers[0])


def ward_lines(figure: WardFigure, measures: Sequence[Measure], pers: Sequence[str]) -> list[Words]:
    """Return what is known of the figure of one ward, a line each: rank, share of days, day, second figure.

    Parameters
    ----------
    figure
        The ward.
    measures, pers
        See `dashboard.subjects.figures.model.WardClasses`.
    """
    ward, lines = figure.ward, list[Words]()
    if not is_missing(ward["rank"]):
        is_lowest = measures[0].direction == "lower"
        lines.append(
            message(
                "Rank {rank} of {count} ({order})",
                rank=number(ward["rank"]),
                count=number(figure.ranked_count),
                order=message("1 is the lowest") if is_lowest else message("1 is the highest"),
            )
        )
    if not is_missing(ward["days_pct"]):
        lines.append(message("Reported {share} of the days", share=percent(ward["days_pct"])))
    if not is_missing(ward["latest_day"]):
        lines.append(message("Figure of {day}", day=day(ward["latest_day"])))
    if ward["is_apportioned"]:
        lines.append(message("Divided among wards by area: not a count of its own"))
    if len(measures) > 1:
        lines.append(joined(": ", [measures[1].name, figure_words(ward["second"], measures[1], pers[1])]))
    return lines


def table_titles(shown: WardClasses) -> dict[str, Words | str]:
    """Return the headings of the columns of the table that is handed over."""

    def titled(measure: Measure, per: str) -> Words:
        if not measure.unit:
            return measure.name
        return joined("", [measure.name, " (", unit_words(measure.unit, per), ")"])

    measured = [titled(*one) for one in zip(shown.measures, shown.pers, strict=True)]
    titles: dict[str, Words | str] = {
        "ward_code": message("Code"),
        "ward_kind": message("Kind of unit"),
        "ward_name": message("Unit"),
        "district_name": message("District"),
    }
    if shown.measure.code != STAGE:
        titles |= {"value": measured[0], "rank": message("Rank")}
    titles["class_label"] = message("Class")
    if len(measured) > 1:
        titles["second"] = measured[1]
    return titles | {
        "days_pct": message("Share of days reported (%)"),
        "latest_day": message("Day of the figure"),
        "is_apportioned": message("Divided by area"),
        "is_illustrative": message("Illustrative"),
    }
