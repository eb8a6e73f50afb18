"""Ranges of days: the one that is looked at, all that the data cover, and the boundaries that go with one."""

import datetime
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


def default_vintage(vintages: list[str], pilot_status: pd.DataFrame, period: Period) -> str:
    """Return the vintage that a range of days is shown in, unless another one is chosen.

    It is the one in which the latest stage of the range was recorded; without any the one in force on the
    last day, or the oldest there is.
    """
    recorded = pilot_status[pilot_status["vintage"].isin(vintages) & period.holds(pilot_status["valid_from"])]
    if len(recorded):
        return str(recorded.sort_values("valid_from")["vintage"].iloc[-1])
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
