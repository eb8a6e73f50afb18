"""Counts of each month, from which those of any whole months follow by addition.

The browser adds them up (``dashboard/frontend/months.js``), one month after the other as
`geodata.indicators.parts` does, so that both come to the same figures to the last digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.indicators.index import Bools, Floats, IndicatorIndex, Ints
from geodata.indicators.indicators import units_of
from geodata.indicators.parts import entry_of, parts_of
from geodata.period import Period


@dataclass(frozen=True, eq=False)
class Months:
    """The counts of the months of a range, of which the first and the last may be cut off.

    Attributes
    ----------
    starts
        Their first days as days since 1970, and the day after the last.
    counts
        By month and ward, NaN where it did not report.
    is_illustrative
        Likewise, whether a part of it was generated.
    exposures
        What each ward's count is set against in a year, by column of `geodata.indicators.indicators`.
    """

    starts: Ints
    counts: Floats
    is_illustrative: Bools
    exposures: Mapping[str, Floats]


def are_monthly(index: IndicatorIndex, code: str) -> bool:
    """Return whether an indicator is a count that adds up, known, and of whole calendar months only."""
    entry, rows = entry_of(index, code), index.rows[code]
    if entry["kind"] != "count" or not entry["adds_up"] or not len(rows.value) or np.isnan(rows.value).any():
        return False
    used = np.unique(rows.period)
    first, after = (day[used].astype("datetime64[D]") for day in (index.first_day, index.last_day + 1))
    month = first.astype("datetime64[M]")
    return bool((month == first).all() and (month + 1 == after).all())


def monthly_counts(index: IndicatorIndex, code: str, extent: Period, vintage: str) -> Months:
    """Return the counts of an indicator that is monthly (`are_monthly`) by month and ward of a vintage."""
    ends = pd.Timestamp(extent.since), pd.Timestamp(extent.until)
    months = pd.period_range(*ends, freq="M")
    days = [ends[0], *(month.start_time for month in months[1:]), ends[1] + pd.Timedelta(days=1)]
    starts = np.array(days, dtype="datetime64[D]").astype("int64")
    parts = parts_of(index, code, *ends, vintage)
    counts = np.full((len(months), len(parts.cells)), np.nan)
    is_illustrative = np.zeros(counts.shape, dtype="bool")
    # Of a month that several vintages report, a ward counts the reports of one.
    for period in np.flatnonzero(parts.cells.any(axis=0)):
        counted = parts.cells[:, period]
        month = np.searchsorted(starts, index.first_day[period], side="right") - 1
        counts[month, counted] = parts.cell_amounts[counted, period]
        is_illustrative[month] |= parts.cell_is_illustrative[:, period]
    units = units_of(index, vintage, "ward")
    exposures = {"per_1000": units.population, "per_km2": units.area_km2}
    return Months(starts, counts, is_illustrative, exposures)
