"""Which figures may be compared, and with which days."""

import pandas as pd

from geodata.indicators.indicators import year_before
from geodata.period import Period


def period_a_year_before(period: Period) -> Period:
    """Return the same range a year before (`geodata.indicators.indicators.year_before`)."""
    start, end = year_before(pd.Timestamp(period.since), pd.Timestamp(period.until))
    return Period(start.date(), end.date())
