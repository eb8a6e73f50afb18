"""Between which bounds a carried figure lies: nobody knows what share of a divided ward's count went where.

The figure itself takes the share from the crosswalk. What goes whole is known; of what was divided, any part
from none to all may have gone to a unit, unless all its parts lie within that unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geodata.indicators.index import Bools, Floats, Ints
from geodata.wards.crosswalk import WHOLE


@dataclass(frozen=True, eq=False)
class Split:
    """What went to wards in part: one element a part, arrays of one length.

    ``ward`` is the ward that got it, ``row`` names the record that was divided, ``weight`` is the share that
    the figure takes of it; the others are what the record says, undivided.
    """

    ward: Ints
    row: Ints
    weight: Floats
    value: Floats
    numerator: Floats
    denominator: Floats


@dataclass(frozen=True, eq=False)
class Open:
    """Records of which a part went to a unit and another elsewhere; see `open_records`.

    ``unit`` is the unit, ``weight`` the share that its figure takes; the others are what the record says.
    """

    unit: Ints
    weight: Floats
    value: Floats
    numerator: Floats
    denominator: Floats


def open_records(split: Split, unit: Ints, counts: Bools) -> Open:
    """Return the records of which an unknown share went to a unit, one element a record and unit.

    Parameters
    ----------
    split
        What went to wards in part.
    unit
        The unit of each ward, from 0 on; below 0 for a ward of none.
    counts
        Whether each ward counts in the figure of its unit.
    """
    used = np.flatnonzero(counts[split.ward] & (unit[split.ward] >= 0))
    of_unit, row = unit[split.ward[used]], split.row[used]
    key = of_unit * (row.max(initial=0) + 1) + row
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    weight: Floats = np.bincount(group, weights=split.weight[used], minlength=len(first)).astype("float64")
    # A record all of whose parts lie within the unit is known there.
    is_open = weight < WHOLE
    at = used[first[is_open]]
    return Open(
        unit=of_unit[first[is_open]],
        weight=weight[is_open],
        value=split.value[at],
        numerator=split.numerator[at],
        denominator=split.denominator[at],
    )


def count_band(value: Floats, records: Open) -> tuple[Floats, Floats]:
    """Return the least and the most that each unit's count may be: none, or all, of each open record."""
    taken, left = (
        np.bincount(records.unit, weights=share * records.value, minlength=len(value))
        for share in (records.weight, 1 - records.weight)
    )
    # Rounding of floats must not bring the least below 0, where all of a count is open.
    return np.maximum(np.round(value - taken, 9), 0), np.round(value + left, 9)


def share_band(numerator: Floats, denominator: Floats, records: Open) -> tuple[Floats, Floats]:
    """Return the least and the most that each unit's percentage may be, by none or all of each open record.

    Numerator and denominator of a record are taken to have gone in one share. The greatest percentage takes
    in the records from the highest percentage on while it rises, the least from the lowest on.
    """
    known = ~np.isnan(records.numerator) & (records.denominator > 0)
    unit, weight = records.unit[known], records.weight[known]
    parts = [records.numerator[known], records.denominator[known]]
    base = [
        np.round(whole - np.bincount(unit, weights=weight * part, minlength=len(whole)), 9)
        for whole, part in zip((numerator, denominator), parts, strict=True)
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(base[1] > 0, base[0] / base[1], np.nan)
        low, high = own.copy(), own.copy()
        for sign, best, extreme in ((1, low, np.fmin), (-1, high, np.fmax)):
            order = np.lexsort((sign * parts[0] / parts[1], unit))
            of_unit = unit[order]
            begin = np.searchsorted(of_unit, of_unit)
            sums = [np.concatenate([[0.0], np.cumsum(part[order])]) for part in parts]
            with_base = [
                at_start[of_unit] + total[1:] - total[begin]
                for at_start, total in zip(base, sums, strict=True)
            ]
            extreme.at(best, of_unit, with_base[0] / with_base[1])
    return 100 * low, 100 * high


def is_band_wide(figures: Mapping[Any, Any] | pd.DataFrame) -> Any:
    """Return which figures lie within a band that is wider than they are: they tell nothing to rank by.

    Parameters
    ----------
    figures
        value, least and most, as in `geodata.indicators.indicators.indicator_values`: a frame, or arrays.
    """
    return figures["most"] - figures["least"] > figures["value"]
