"""Which ranges of days are compared: the same a year before, one a reader wrote, and ranges alike."""

import datetime
from typing import Literal

from dashboard.subjects.comparison.measures import Measure
from dashboard.ui.formats import day
from geodata.language import Language
from geodata.period import Period

Against = Literal["units", "year", "days"]


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
