"""The spans of the calendar whose figures make the bounds of classes, and the months that are played."""

import math

import pandas as pd

from geodata.language import message
from geodata.period import Period

SPANS = {"M": 30.4, "Q": 91.3, "Y": 365.25}
"""Calendar spans by pandas' name, and their length in days."""

SHORT = {"M": message("month"), "Q": message("quarter"), "Y": message("year")}

MOST_WINDOWS = 24
"""So many of the latest spans make the bounds of classes."""


def yardstick(period: Period, extent: Period, kind: str) -> tuple[str, list[Period]]:
    """Return the ranges of days whose figures make the bounds of classes, and the name of their length.

    They are the latest whole calendar months, quarters or years of the data, whichever comes nearest in
    length to the range that is chosen; only counts grow with it, everything else takes years. Where the whole
    of the data comes nearest, or no such span is whole, it is all of them; its name is empty.

    Parameters
    ----------
    period
        The range that is chosen.
    extent
        All days there are.
    kind
        The measure's kind.
    """

    def length(one: Period) -> int:
        return (one.until - one.since).days + 1

    lengths = {**SPANS, "": float(length(extent))}
    span = (
        min(lengths, key=lambda name: abs(math.log(length(period) / lengths[name])))
        if kind == "count"
        else "Y"
    )
    found = whole_spans(extent, span)[-MOST_WINDOWS:] if span else []
    return (span, found) if found else ("", [extent])


def whole_spans(period: Period, span: str) -> list[Period]:
    """Return the calendar months, quarters or years that lie whole within a range of days."""
    spans = pd.period_range(pd.Timestamp(period.since), pd.Timestamp(period.until), freq=span)
    ranges = [Period(one.start_time.date(), one.end_time.date()) for one in spans]
    return [one for one in ranges if one.since >= period.since and one.until <= period.until]
