"""How a map of figures is said: figures, classes, headlines, legends, the facts of one ward."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.subjects.figures import alike_words
from dashboard.subjects.figures.choices import DAYS_SINCE, STAGE, Measure
from dashboard.subjects.figures.model import WardClasses
from dashboard.subjects.programme.map_words import map_headline
from geodata.indicators.comparison import LEAST_REPORTED_PCT
from geodata.indicators.statistics import LEAST_EVENTS
from geodata.language import Words, joined, message, uncapitalised
from geodata.language.dates import day
from geodata.language.numbers import interval_words, is_missing, number, percent, unit_name
from geodata.period import Period
from geodata.wards.units import is_commune

PER_NAMES = {
    "per_1000": message("Per 1,000 residents"),
    "per_km2": message("Per km²"),
    "value": message("Total"),
}
NAMED = 2
"""So many units outside the limits of chance are named on either side; of more their number is told."""
_PER_UNIT = {
    ("per_1000", True): message("{unit} per 1,000 residents and year"),
    ("per_km2", True): message("{unit} per km² and year"),
    ("per_1000", False): message("{unit} per 1,000 residents"),
    ("per_km2", False): message("{unit} per km²"),
}
"""By what a figure is set against, and whether it is a count, which grows with time."""


def figure_words(value: float, measure: Measure, per: str) -> Words | str:
    """Return a figure with its unit; never a missing one as 0."""
    if is_missing(value):
        return message("no figure")
    plain = plain_words(value, measure, per)
    return plain if measure.unit == "%" else joined(" ", [plain, unit_words(measure.unit, per, measure.kind)])


def plain_words(value: float, measure: Measure, per: str) -> Words | str:
    """Return a figure without its unit, but for the sign of a percentage; empty where it is missing."""
    if is_missing(value):
        return ""
    if measure.unit == "%" and per == "value":
        return percent(value)
    return number(value, digits_of(value, per))


def digits_of(value: float, per: str) -> int:
    """Return how many digits after the decimal mark a figure has on every page.

    `dashboard.subjects.figures.values.as_shown` rounds so for ranks.
    """
    return 1 if per == "value" else 2 if abs(value) >= 0.1 else 3


def with_interval(value: float, low: float, high: float, measure: Measure, per: str) -> Words | str:
    """Return a figure with its interval of 95 %, without unit; the figure alone where it has none."""
    plain = plain_words(value, measure, per)
    if is_missing(value) or is_missing(low):
        return plain
    return joined(" ", [plain, interval_words(low, high, digits_of(high, per))])


def unit_words(unit: str, per: str, kind: str) -> Words:
    """Return a unit of the catalogue, with what a figure of a kind is set against."""
    name = unit_name(unit)
    told = _PER_UNIT.get((per, kind == "count"))
    return told.of(unit=name) if told else name


def month_words(shown: WardClasses) -> list[str]:
    """Return the months that are played."""
    return [f"{month.since:%m/%Y}" for month in shown.months]


def headline(shown: WardClasses) -> Words:
    """Return the sentence of the map; with a generated figure it begins by saying so."""
    told = alike_words.headline(shown) if shown.is_alike and shown.reported().enough else _headline(shown)
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
        return map_headline(shown.programme(), is_city=not shown.query.areas)
    if len(shown.measures) > 1:
        have_sides = all(measure.direction != "context" for measure in shown.measures)
        said = _WORST_IN_BOTH if have_sides else _DARKEST_IN_BOTH
        second = uncapitalised(shown.measures[1].name)
        return said.of(first=name, second=second, count=number(shown.darkest_count()))
    reported = shown.reported()
    if not reported.enough:
        if not reported.too_little:
            return message("{name}: no figure in this range of days", name=name)
        return message(
            "{name}: no unit reported at least {least}% of the days", name=name, least=LEAST_REPORTED_PCT
        )
    if shown.totals:
        return message(
            "{name}: {total} in all, of {count} units that reported enough",
            name=name,
            total=figure_words(shown.total(), shown.measure, "value"),
            count=number(reported.enough),
        )
    if shown.chance is not None and is_missing(shown.chance.mean):
        return message("{name}: too few data to compare units", name=name)
    if shown.chance is not None:
        return beyond_chance(name, *([_names(shown.outside(side)) for side in (1, -1)]))
    highest = shown.highest()
    if highest is None:
        return message("{name}: too few data to compare units", name=name)
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


def _names(wards: Sequence[Mapping[Any, Any]]) -> list[str]:
    return [f"{ward['ward_kind']} {ward['ward_name']}" for ward in wards]


def beyond_chance(name: Words | str, high: Sequence[Words | str], low: Sequence[Words | str]) -> Words:
    """Return which units lie outside the limits of 99,8 %, or that none does.

    Parameters
    ----------
    name
        Of the figure.
    high, low
        Names of the units above and below.
    """
    values = {"name": name, "high": _some(high), "low": _some(low)}
    if high and low:
        return message("{name}: only {high} above and {low} below what chance explains", **values)
    if high:
        return message("{name}: only {high} above what chance explains", **values)
    if low:
        return message("{name}: only {low} below what chance explains", **values)
    return message("{name}: units differ no more than chance explains", **values)


def _some(names: Sequence[Words | str]) -> Words | str:
    if len(names) > NAMED:
        return message("{count} units", count=number(len(names)))
    return joined(", ", names)


def subline(shown: WardClasses) -> Words:
    """Return the line under the headline: days, boundaries, and how many wards reported."""
    period = shown.query.period
    if shown.months:
        period = Period(shown.months[0].since, shown.months[-1].until)
    parts: list[Words] = [
        message("{since} to {until}", since=day(period.since), until=day(period.until)),
        message("boundaries of {vintage}", vintage=day(shown.query.vintage)),
    ]
    if shown.measure.code != STAGE and not shown.months:
        parts += _reported(shown)
    return joined(" · ", parts)


def shown_figure(shown: WardClasses) -> Words:
    """Return which figures a map shows, each with what it is set against."""
    pairs = zip(shown.measures, shown.pers, strict=True)
    named = [
        joined(" ", [measure.name, PER_NAMES[per]]) if measure.adds_up else measure.name
        for measure, per in pairs
    ]
    return joined(", ", [*named, alike_words.ALIKE] if shown.is_alike else named)


def _reported(shown: WardClasses) -> list[Words]:
    reported = shown.reported()
    parts: list[Words] = [
        message(
            "figures from {reported} of {count} units ({share})",
            reported=number(reported.enough),
            count=number(reported.count),
            share=percent(100 * reported.enough / reported.count if reported.count else math.nan),
        )
    ]
    if not is_missing(reported.days_pct):
        parts.append(message("{share} of their days", share=percent(reported.days_pct)))
    if reported.too_little:
        parts.append(message("{count} units reported too little", count=number(reported.too_little)))
    partly = int((shown.rows["is_apportioned"] & is_commune(shown.rows)).sum())
    if shown.measure.code == DAYS_SINCE and partly:
        parts.append(message("of {count} of them a part only was inspected", count=number(partly)))
    days = shown.rows["latest_day"].dropna()
    if len(days):
        parts.append(
            message("last known values, of {first} to {last}", first=day(days.min()), last=day(days.max()))
        )
    return parts


_REPORTING_UNITS = message("figures from {reported} of {count} units ({share})")
_SHOWN_UNITS = message("{reported} of {count} units ({share}) reported enough and at least {few} events")


def month_sublines(shown: WardClasses) -> list[Words]:
    """Return what stands with each month that is played: how many wards have a figure that is shown."""
    communes = sum(shown.counts)
    told = _SHOWN_UNITS if shown.chance is not None and not shown.totals else _REPORTING_UNITS
    return [
        told.of(
            few=LEAST_EVENTS,
            reported=number(communes - sum(counts[-1 - shown.has_reports :])),
            count=number(communes),
            share=percent(
                100 - 100 * sum(counts[-1 - shown.has_reports :]) / communes if communes else math.nan
            ),
        )
        for counts in shown.month_counts
    ]
