"""How the distance of two figures is said: from the city's, or from that of another period."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.subjects.comparison.measures import ComparedMeasure
from dashboard.subjects.comparison.words import count_words, figure_words
from geodata.language import Words, joined, message
from geodata.language.numbers import MISSING, is_missing, number, percent
from geodata.period import Period

_SAME_MONTHS = message("over the same months of {count} wards: {now} against {before}")
_KNOWN_TWICE = message("last known values of {count} wards: {now} against {before}")


@dataclass(frozen=True)
class Difference:
    """How far a figure lies from another one.

    Attributes
    ----------
    told
        The distance, or what stands instead of it.
    is_rise
        Whether it is an upward one; neither where there is no distance.
    is_better
        Whether that is better; neither where it is no matter.
    basis
        What it was reckoned from: it stands beside it.
    is_quiet
        Written faintly: it says why there is no distance.
    """

    told: Words
    is_rise: bool | None = None
    is_better: bool | None = None
    basis: Words | None = None
    is_quiet: bool = False


def difference(distance: float, measure: ComparedMeasure, *, is_clear: bool = True) -> Difference:
    """Return how far a figure lies from the city's, and whether that is better, where it is clear."""
    if is_missing(distance):
        return Difference(MISSING)
    if abs(distance) < 1e-9:
        return Difference(message("the same"))
    is_rise = distance > 0
    size = _points(distance) if measure.is_percentage else figure_words(abs(distance), measure)
    said = message("{size} higher", size=size) if is_rise else message("{size} lower", size=size)
    return Difference(said, is_rise, _is_better(measure, is_rise=is_rise) if is_clear else None)


def change(
    distance: float,
    change_pct: float,
    measure: ComparedMeasure,
    basis: Words | None = None,
    *,
    is_clear: bool = True,
    is_carried: bool = False,
) -> Difference:
    """Return a change of a value, with a percentage where one is given; judged only where it is clear."""
    if abs(distance) < 1e-9:
        return Difference(message("unchanged"), basis=basis)
    is_rise = distance > 0
    size = (
        _points(distance)
        if measure.is_percentage
        else count_words(abs(distance), measure, is_carried=is_carried)
    )
    if not is_missing(change_pct):
        size = joined("", [size, " (", percent(abs(change_pct)), ")"])
    said: Words = message("up by {size}", size=size) if is_rise else message("down by {size}", size=size)
    if not is_clear:
        return Difference(joined(" · ", [said, message("no clear difference")]), is_rise, basis=basis)
    return Difference(said, is_rise, _is_better(measure, is_rise=is_rise), basis)


def year_change(row: Mapping[Any, Any], measure: ComparedMeasure, period: Period) -> Difference:
    """Return a figure's change against the same period a year before, and over which wards."""
    if not measure.has_year_before(period):
        return Difference(message("for a range of up to a year"), is_quiet=True)
    return paired_change(row, measure)


def paired_change(row: Mapping[Any, Any], measure: ComparedMeasure) -> Difference:
    """Return a figure's change against the other period, over the same months of both, with both values.

    Where either period was reported too little it is no change, though both values stand.
    """
    distance = row.get("difference", math.nan)
    if is_missing(distance):
        return Difference(MISSING)
    is_carried = bool(row["compared_is_apportioned"])
    now, before = (
        percent(row[name])
        if measure.is_percentage
        else count_words(row[name], measure, is_carried=is_carried)
        for name in ("compared_value", "compared_previous_value")
    )
    pair = _KNOWN_TWICE if measure.kind == "level" else _SAME_MONTHS
    basis = pair.of(now=now, before=before, count=number(row["compared_count"]))
    if not row["is_comparable"]:
        return Difference(
            message("one of the two periods was reported too little"), basis=basis, is_quiet=True
        )
    change_pct = row.get("change_pct", math.nan)
    is_clear = bool(row["is_clear"])
    return change(distance, change_pct, measure, basis, is_clear=is_clear, is_carried=is_carried)


def _points(distance: float) -> Words:
    size = abs(distance)
    shown = number(size, 2 if size < 1 else 1) if size >= 0.01 else joined("< ", ["", number(0.01, 2)])
    return message("{count} percentage points", count=shown)


def _is_better(measure: ComparedMeasure, *, is_rise: bool) -> bool | None:
    return None if measure.direction == "context" else (measure.direction == "higher") == is_rise
