"""An indicator beside itself a year before: over the same days, and the wards that reported both times."""

from dataclasses import replace

import numpy as np
import pandas as pd

from geodata.contract.definition import Definition
from geodata.indicators.index import IndicatorIndex
from geodata.indicators.indicators import UnitLevel, by_unit
from geodata.indicators.parts import Parts, entry_of, parts_of
from geodata.language import message
from geodata.period import Period


def period_a_year_before(period: Period) -> Period:
    """Return the same range a year before (`geodata.indicators.comparison.year_before`)."""
    start, end = year_before(pd.Timestamp(period.since), pd.Timestamp(period.until))
    return Period(start.date(), end.date())


LEAST_COUNT_FOR_PERCENT = 10
"""A count below this changes by so many percent at each single case that a percentage misleads."""


YEAR_BEFORE = Definition(
    name=message("Compared with the same period a year before"),
    formula=message(
        "Value − value of the range a year earlier, in the same vintage, over the wards of the unit that "
        "reported both times; a range that ends with its month ends with that month a year earlier too. A "
        "percentage, 100 × difference ÷ value a year earlier, is given for numbers only, and only where both "
        "are at least 10. The difference of two percentages is in percentage points"
    ),
    unit=message("the indicator's unit; percentage points; %"),
    source=message("layers indicator_value, indicator, ward and crosswalk"),
)


def year_before(start: pd.Timestamp, end: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return first and last day of the same range a year before.

    29 February becomes the 28th; a last day that ends its month ends that month a year before too.
    """
    year = pd.DateOffset(years=1)
    last = end - year
    return start - year, last + pd.offsets.MonthEnd(0) if end.is_month_end else last


@YEAR_BEFORE.documents
def compare_with_year_before(
    index: IndicatorIndex,
    indicator_code: str,
    start: pd.Timestamp,
    end: pd.Timestamp,
    vintage: str,
    by: UnitLevel = "ward",
) -> pd.DataFrame:
    """Return the figures of an indicator beside those of the same period a year before.

    Parameters and errors are those of `indicator_values`.

    Returns
    -------
    The rows of `indicator_values` with

    previous, previous_wards_pct, previous_days_pct
        The value a year before, and what reported then.
    compared_count
        Wards that reported both times; the columns that follow are of these alone.
    compared_value, compared_previous
        The two values.
    difference
        The first − the second, in the indicator's unit; in percentage points for a percentage.
    change_pct
        The difference in % of the value before; NaN for percentages, and unless both values are at least 10.
    """
    spans = (start, end), year_before(start, end)
    now, before = (parts_of(index, indicator_code, *span, vintage) for span in spans)

    def figures(*pair: Parts) -> list[pd.DataFrame]:
        return [
            by_unit(index, indicator_code, parts, *span, vintage, by)
            for parts, span in zip(pair, spans, strict=True)
        ]

    own = figures(now, before)
    # A ward that reported once only has no difference anyway.
    both = own if by == "ward" else figures(_reported_too(now, before), _reported_too(before, now))
    difference = both[0]["value"] - both[1]["value"]
    is_large = both[0]["value"].ge(LEAST_COUNT_FOR_PERCENT) & both[1]["value"].ge(LEAST_COUNT_FOR_PERCENT)
    is_number = entry_of(index, indicator_code)["unit"] != "%"
    # Units are in one order everywhere: that of their codes.
    return own[0].assign(
        previous=own[1]["value"],
        previous_wards_pct=own[1]["wards_pct"],
        previous_days_pct=own[1]["days_pct"],
        compared_count=both[0]["reporting_count"].where(difference.notna(), 0),
        compared_value=both[0]["value"],
        compared_previous=both[1]["value"],
        difference=difference,
        change_pct=(100 * difference / both[1]["value"]).where(is_large & is_number),
    )


def _reported_too(parts: Parts, other: Parts) -> Parts:
    """Return parts without the wards that did not report the other time."""
    is_there = ~np.isnan(other.amount)
    has_parts = is_there & ~np.isnan(other.numerator)
    return replace(
        parts,
        amount=np.where(is_there, parts.amount, np.nan),
        recorded=np.where(is_there, parts.recorded, np.nan),
        numerator=np.where(has_parts, parts.numerator, np.nan),
        denominator=np.where(has_parts, parts.denominator, np.nan),
    )
