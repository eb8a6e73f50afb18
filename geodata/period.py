"""Days of facts, ranges of days, whole spans of the calendar, and the boundaries that go with them."""

import datetime
import math
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Period:
    """A range of days, both ends included.

    Attributes
    ----------
    since, until
        First and last day; the last one is the day of reference for roles and stages.
    """

    since: datetime.date
    until: datetime.date

    def holds(self, days: pd.Series) -> pd.Series:
        """Return which days lie in the range."""
        return days.between(pd.Timestamp(self.since), pd.Timestamp(self.until))


@dataclass(frozen=True, order=True)
class FactDay:
    """The day of a fact, or the first day of its year where only that is known; of both the day is later."""

    day: datetime.date
    is_exact: bool = True


def default_vintage(vintages: list[str], period: Period) -> str:
    """Return the vintage in force on the last day of a range, or the oldest there is.

    Unless another one is chosen, a range of days is shown in it.
    """
    return max((v for v in vintages if v <= period.until.isoformat()), default=vintages[0])


def extent_of(as_of: pd.Timestamp, *days: pd.Series) -> Period:
    """Return the range that data cover: from their first day to the day for which they stand.

    Parameters
    ----------
    as_of
        Day of the build.
    days
        Columns of dated facts.
    """
    first = min((column.min() for column in days if column.notna().any()), default=as_of)
    return Period(min(first, as_of).date(), as_of.date())


SPANS = {"M": 30.4, "Q": 91.3, "Y": 365.25}
"""Calendar spans by pandas' name, and their length in days."""


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


def windows_like(period: Period, extent: Period) -> list[Period]:
    """Return the latest ranges of whole months that are about as long as a range, one after another.

    Where the data hold none of that length it is all of the data.

    Parameters
    ----------
    period
        The range.
    extent
        All days there are.
    """
    months = max(round(((period.until - period.since).days + 1) / SPANS["M"]), 1)
    last = pd.Timestamp(extent.until)
    end = pd.Period(last, "M") if last.is_month_end else pd.Period(last, "M") - 1
    found: list[Period] = []
    while len(found) < MOST_WINDOWS:
        first = end - (months - 1)
        if first.start_time.date() < extent.since:
            break
        found.append(Period(first.start_time.date(), end.end_time.date()))
        end = first - 1
    return found or [extent]
