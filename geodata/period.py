"""Days of facts, ranges of days, whole spans of the calendar, and the boundaries that go with them."""

import datetime
from dataclasses import dataclass

import numpy as np
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
        # Of arrays: a third of the time that two comparisons of a column take.
        at, ends = days.to_numpy("datetime64[ns]"), (np.datetime64(self.since), np.datetime64(self.until))
        return pd.Series((at >= ends[0]) & (at <= ends[1]), index=days.index)


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


MOST_YEARS = 24
"""So many of the latest years make the bounds of classes."""


def yardstick(extent: Period) -> tuple[bool, list[Period]]:
    """Return the ranges of days whose figures make the bounds of classes, and whether they are whole years.

    They are the latest whole calendar years of the data; figures are rates per year, so bounds of years fit
    ranges of any length. Where no year is whole it is all of the data.

    Parameters
    ----------
    extent
        All days there are.
    """
    years = whole_spans(extent, "Y")[-MOST_YEARS:]
    return bool(years), years or [extent]


def whole_spans(period: Period, span: str) -> list[Period]:
    """Return the calendar months, quarters or years that lie whole within a range of days."""
    spans = pd.period_range(pd.Timestamp(period.since), pd.Timestamp(period.until), freq=span)
    ranges = [Period(one.start_time.date(), one.end_time.date()) for one in spans]
    return [one for one in ranges if one.since >= period.since and one.until <= period.until]


def last_whole_years(extent: Period) -> tuple[Period, Period] | None:
    """Return the last whole calendar year of the data and the one before; nothing without both."""
    years = whole_spans(extent, "Y")
    return (years[-1], years[-2]) if len(years) > 1 else None
