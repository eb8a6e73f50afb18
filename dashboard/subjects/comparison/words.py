"""How a comparison is said: figures, differences, ranks, headlines and the lines around it."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.subjects.comparison.measures import ComparedMeasure
from dashboard.subjects.comparison.model import Comparison, Standing
from dashboard.subjects.comparison.units import DISTRICT, WARD
from dashboard.subjects.figures.words import beyond_chance, digits_of, unit_words
from geodata.definitions import DEFINITIONS
from geodata.indicators.comparison import LEAST_REPORTED_PCT
from geodata.language import Bilingual, Words, capitalised, joined, message, uncapitalised
from geodata.language.dates import day
from geodata.language.numbers import (
    MISSING,
    approximately,
    in_words,
    interval_words,
    is_missing,
    number,
    percent,
    unit_name,
)
from geodata.period import Period

RATE_NAMES = {
    "per_1000": message("1,000 residents"),
    "per_km2": message("km²"),
    "wards_pct": message("By wards"),
    "pilot_wards_pct": message("By pilot wards"),
    "area_pct": message("By area"),
    "population_pct": message("By residents"),
}
_AGAINST = {
    ("per_1000", True): message("{measure} per 1,000 residents and year"),
    ("per_km2", True): message("{measure} per km² and year"),
    ("per_1000", False): message("{measure} per 1,000 residents"),
    ("per_km2", False): message("{measure} per km²"),
}
"""By what a figure is set against, and whether it is a count, which grows with time."""
_NOUNS = {
    frozenset({"quận"}): message("urban districts"),
    frozenset({"huyện"}): message("rural districts"),
    frozenset({"phường"}): message("urban wards"),
    frozenset({"xã"}): message("communes"),
}
_OUTSTANDING = {
    (True, False): message("{unit} is lowest of {count} {noun} in {measure}"),
    (True, True): message("{unit} are jointly lowest of {count} {noun} in {measure}"),
    (False, False): message("{unit} is highest of {count} {noun} in {measure}"),
    (False, True): message("{unit} are jointly highest of {count} {noun} in {measure}"),
}
"""By whether it is the lowest, and whether there are several."""


def within_sentence(measure: ComparedMeasure) -> Words:
    """Return the name of what is compared as it stands within a sentence, with what it is set against."""
    if not isinstance(measure.name, Bilingual):
        return uncapitalised(measure.name)
    vi, en = _small(measure.name.vi), _small(measure.name.en)
    # In Vietnamese a number is told as one (“số vụ cháy, nổ”) and a percentage as one (“tỷ lệ hồ sơ …”),
    # which the catalogue's names leave out.
    if not vi.startswith(("số ", "tỷ lệ ", "tiến độ ")):
        if measure.unit == "%":
            vi = f"tỷ lệ {vi}"
        else:
            vi = f"số {vi}" if vi.startswith(measure.unit) else f"số {measure.unit} {vi}"
    name = Bilingual(vi, en)
    return _AGAINST[measure.column, measure.kind == "count"].of(measure=name) if measure.is_rate else name


def _small(name: str) -> str:
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def shown_unit(measure: ComparedMeasure) -> Words:
    """Return the unit of the figure that is compared."""
    return unit_words(measure.unit, measure.column, measure.kind)


def figure_words(value: float, measure: ComparedMeasure) -> Words:
    """Return a figure as it is written; what is not 0 never shows as 0."""
    if is_missing(value):
        return MISSING
    if measure.is_percentage:
        return percent(value)
    if 0 < value < 0.001:
        return joined("< ", ["", number(0.001, 3)])
    return number(value, digits_of(value, measure.column))


def figure_with_interval(row: Mapping[Any, Any], measure: ComparedMeasure) -> Words:
    """Return the figure of a unit with its interval of 95 %, where it has one."""
    figure = figure_words(row["shown"], measure)
    if is_missing(row["shown"]) or is_missing(row.get("low", math.nan)):
        return figure
    digits = 1 if measure.is_percentage else digits_of(row["high"], measure.column)
    return joined(" ", [figure, interval_words(row["low"], row["high"], digits)])


def figure_or_why(row: Mapping[Any, Any], measure: ComparedMeasure) -> Words:
    """Return the figure of a unit, and that too little was reported of it where that is so."""
    figure = figure_words(row["shown"], measure)
    if is_missing(row["shown"]) or row["is_reported"]:
        return figure
    return joined(" · ", [figure, message("reported too little")])


def with_unit(row: Mapping[Any, Any], measure: ComparedMeasure) -> Words:
    """Return the figure of a unit with its interval, where it has one, and its unit."""
    text = figure_with_interval(row, measure)
    return text if measure.is_percentage else joined(" ", [text, shown_unit(measure)])


def count_words(value: float, measure: ComparedMeasure, *, is_carried: bool = False) -> Words:
    """Return a number of cases with its unit; one that was divided at a redrawing is rounded and marked."""
    if is_missing(value):
        return MISSING
    return joined(" ", [approximately(value) if is_carried else number(value, 1), unit_name(measure.unit)])


def rank_words(row: Mapping[Any, Any]) -> Words | str:
    """Return a unit's rank among all of its level; nothing where it has none."""
    if is_missing(row.get("rank", math.nan)) or row["rank_count"] < 2:
        return ""
    return message("{rank} of {count}", rank=number(row["rank"]), count=number(row["rank_count"]))


def headline(shown: Comparison) -> Words:
    """Return what the comparison shows; with a generated figure it begins by saying so."""
    is_paired = len(shown.periods) > 1 and not any(map(is_missing, shown.paired()))
    if is_paired and not shown.is_reported:
        text = message(
            "{unit}: too little was reported in one of the two periods to compare {measure}",
            unit=shown.names[shown.codes[0]],
            measure=within_sentence(shown.measure),
        )
        return marked(text, is_illustrative=shown.is_illustrative)
    if len(shown.periods) == 1:
        return of_units(shown.standing(), shown.measure, is_illustrative=shown.is_illustrative)
    return of_periods(
        shown.paired(),
        shown.names[shown.codes[0]],
        shown.measure,
        is_year_before=shown.is_year_before,
        is_clear=shown.is_clear,
        is_illustrative=shown.is_illustrative,
    )


def of_units(standing: Standing, measure: ComparedMeasure, *, is_illustrative: bool) -> Words:
    """Return which unit stands out, and how it stands to the city.

    Parameters
    ----------
    standing
        Which unit that is.
    measure
        What is compared.
    is_illustrative
        A figure of it was generated: the sentence then begins with that word, since it may be quoted alone.
    """
    of = {"measure": within_sentence(measure), "count": in_words(standing.count), "noun": _noun(standing)}
    if not standing.known_count:
        return message("No figure on record of {measure} for these {count} {noun}", **of)
    if measure.kind == "coverage":
        return marked(_on_record(standing, measure), is_illustrative=is_illustrative)
    value = with_unit({"shown": standing.value}, measure)
    if standing.known_count == 1:
        text: Words = message(
            "Of {count} {noun} only {unit} has a figure on record of {measure}: {value}",
            **of,
            unit=standing.leading[0],
            value=value,
        )
        return marked(text, is_illustrative=is_illustrative)
    if standing.has_chance:
        return marked(_beyond_chance(standing, measure), is_illustrative=is_illustrative)
    of["count"] = in_words(standing.known_count)
    if len(standing.leading) == standing.known_count:
        text = capitalised(message("{measure} is the same in all {count} {noun}: {value}", **of, value=value))
        return marked(text, is_illustrative=is_illustrative)
    sentence = _OUTSTANDING[measure.direction == "lower", len(standing.leading) > 1]
    text = sentence.of(**of, unit=_listed(standing.leading))
    if not is_missing(standing.city):
        text = joined(", ", [text, _against_city(standing)])
    return marked(text, is_illustrative=is_illustrative)


def _on_record(standing: Standing, measure: ComparedMeasure) -> Words:
    """Return the shares of those units of which anything is on record; to rank so few would say too much."""
    told = [joined(" ", [name, figure_words(value, measure)]) for name, value in standing.known]
    of = {"name": capitalised(within_sentence(measure)), "units": joined(", ", told)}
    silent = standing.count - standing.known_count
    if not silent:
        return message("{name}: {units}", **of)
    return message("{name}: {units}; nothing on record of {count} of the units", **of, count=number(silent))


def _beyond_chance(standing: Standing, measure: ComparedMeasure) -> Words:
    """Return which of the units lie outside the limits of chance, or that none does."""
    name = capitalised(within_sentence(measure))
    if not standing.enough_count:
        return message(
            "{name}: no unit reported at least {least}% of the days", name=name, least=LEAST_REPORTED_PCT
        )
    if is_missing(standing.city) or standing.enough_count < 2:
        return message("{name}: too few data to compare units", name=name)
    high, low, near = (
        [uncapitalised(one) for one in names] for names in (standing.high, standing.low, standing.near)
    )
    if near and not high and not low:
        return message(
            "{name}: no unit outside 99.8%; outside 95% {units}", name=name, units=joined(", ", near)
        )
    return beyond_chance(name, high, low)


def _noun(standing: Standing) -> Words:
    """Return what units are called together: by their kind where they share one, else by their level."""
    if standing.kinds in _NOUNS:
        return _NOUNS[standing.kinds]
    if standing.levels == {DISTRICT}:
        return message("districts")
    return message("wards and communes") if standing.levels == {WARD} else message("units")


def _against_city(standing: Standing) -> Words:
    if math.isclose(standing.value, standing.city, rel_tol=1e-9, abs_tol=1e-8):
        return message("equal to the city's mean")
    if standing.value < standing.city:
        return message("below the city's mean")
    return message("above the city's mean")


def _listed(names: Sequence[Words | str]) -> Words | str:
    if len(names) == 1:
        return names[0]
    return message("{names} and {last}", names=joined(", ", names[:-1]), last=names[-1])


def marked(text: Words, *, is_illustrative: bool) -> Words:
    """Return a sentence that begins with that word where a figure of it was generated."""
    return message("Illustrative: {told}", told=text) if is_illustrative else text


def of_periods(
    figures: tuple[float, float],
    unit: Words | str,
    measure: ComparedMeasure,
    *,
    is_year_before: bool,
    is_clear: bool,
    is_illustrative: bool,
) -> Words:
    """Return how a figure of one unit differs between two periods, over the same months of both.

    Parameters
    ----------
    figures
        Of the page's period, and of the other one.
    unit
        Name of the unit.
    measure, is_illustrative
        See `of_units`.
    is_year_before
        The other period is the same one a year before.
    is_clear
        Chance alone does not explain the difference.
    """
    now, before = figures
    of: dict[str, Any] = {"unit": unit, "measure": within_sentence(measure)}
    if measure.kind == "coverage" and (is_missing(now) or is_missing(before)):
        of |= {"now": figure_words(now, measure), "before": figure_words(before, measure)}
        alone = message("{unit}: {measure} is {now} against {before}", **of)
        return marked(alone, is_illustrative=is_illustrative)
    if is_missing(now) or is_missing(before):
        alone = message("{unit}: no month of both periods has figures of {measure}", **of)
        return marked(alone, is_illustrative=is_illustrative)
    of |= {"now": figure_words(now, measure), "before": figure_words(before, measure)}
    if math.isclose(now, before, rel_tol=1e-9, abs_tol=1e-8):
        text: Words = message("{unit}: {measure} is {now}, as in the other period", **of)
    elif not is_clear:
        text = message("{unit}: {measure} is {now} against {before}, no clear difference", **of)
    elif now > before:
        text = message("{unit}: {measure} is {now}, up from {before}", **of)
    else:
        text = message("{unit}: {measure} is {now}, down from {before}", **of)
    if is_year_before and is_clear:
        text = joined(" ", [text, message("in the same period a year before")])
    return marked(text, is_illustrative=is_illustrative)


def subline(periods: Sequence[Period], measure: ComparedMeasure) -> Words:
    """Return which days are compared."""
    parts: list[Words] = [
        message("from {since} to {until}", since=day(one.since), until=day(one.until)) for one in periods
    ]
    lengths = [(one.until - one.since).days + 1 for one in periods]
    if len(periods) > 1 and measure.kind in ("count", "share"):
        parts.append(message("the same months of both are compared, ward by ward"))
    if measure.kind == "count" and abs(lengths[0] - lengths[-1]) > 1:
        parts.append(
            message(
                "the periods differ in length: {now} and {before} days",
                now=number(lengths[0]),
                before=number(lengths[1]),
            )
        )
    return capitalised(joined(" · ", parts))


def formula(measure: ComparedMeasure) -> Words:
    """Return how the figure is reckoned."""
    code = measure.code if measure.kind == "coverage" else f"indicator_{measure.kind}"
    return DEFINITIONS[code].formula


def no_figures(*, verified_only: bool, has_illustrative: bool) -> Words:
    """Return why no indicator has a figure and what to do about it."""
    parts: list[Words] = [message("No indicator values are on record with these filters.")]
    if verified_only and has_illustrative:
        parts.append(
            message("Illustrative figures come with the switch “Verified facts only” above turned off.")
        )
    parts.append(message("Staff bring in real ones with “pilot-wards template” and “pilot-wards import”."))
    return joined(" ", parts)
