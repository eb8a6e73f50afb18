"""Which ranges of days are compared: the same a year before, one a reader wrote, and ranges alike."""

import datetime
from typing import Literal

import pandas as pd

from dashboard.subjects.comparison.measures import Measure
from dashboard.ui.formats import day
from geodata.indicators.indicators import year_before
from geodata.language import Language
from geodata.period import Period

Against = Literal["units", "year", "days"]

MOST_WINDOWS = 24
"""So many of the latest ranges make the bounds of classes."""

DAYS_A_MONTH = 30.4

LONGEST_FOR_YEAR = datetime.timedelta(days=366)
"""Longer ranges overlap the same range a year before."""


def period_text(period: Period, language: Language) -> str:
    """Return a range of days as it is written."""
    return f"{day(period.since, language)} – {day(period.until, language)}"


def has_year_before(measure: Measure, period: Period) -> bool:
    """Return whether a range can be set beside the same one a year before.

    A longer range than a year would overlap it. Of a level only the last day counts.
    """
    is_short = period.until - period.since <= LONGEST_FOR_YEAR
    return measure.kind == "level" or (measure.kind != "coverage" and is_short)


def period_a_year_before(period: Period) -> Period:
    """Return the same range a year before (`geodata.indicators.indicators.year_before`)."""
    start, end = year_before(pd.Timestamp(period.since), pd.Timestamp(period.until))
    return Period(start.date(), end.date())


def read_day(text: str) -> datetime.date | None:
    """Return the day that a reader wrote: dd/mm/yyyy, or as it stands in a link."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


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
    months = max(round(((period.until - period.since).days + 1) / DAYS_A_MONTH), 1)
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
