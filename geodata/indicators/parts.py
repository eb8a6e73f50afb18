"""What each ward adds to the figures of its unit: sums over periods, and latest levels."""

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from geodata.indicators.bands import Split
from geodata.indicators.index import Bools, Floats, IndicatorIndex, Ints, Links, Rows
from geodata.wards.crosswalk import WHOLE


def day_number(date: pd.Timestamp) -> int:
    """Return the days from 1970 to a day."""
    return (date - pd.Timestamp(0)).days


def entry_of(index: IndicatorIndex, indicator_code: str) -> dict[Any, Any]:
    """Return what the catalogue says of an indicator, by column."""
    return dict(index.catalogue.loc[indicator_code])


@dataclass(frozen=True, eq=False)
class Parts:
    """What each ward of a vintage adds to the figures of its unit: one element a ward.

    ``amount`` is NaN for a ward that did not report. ``recorded`` is its one value, where that may stand as
    it is. ``numerator`` and ``denominator`` are NaN where no part of a percentage is known. ``latest`` counts
    days since 1970 and is -1 where there is none. ``split`` is what of all this was divided. ``cells`` holds
    by ward and period of the index which reports count, ``cell_amounts`` what they say and
    ``cell_is_illustrative`` which of them are generated; of a level none.
    """

    amount: Floats
    recorded: Floats
    numerator: Floats
    denominator: Floats
    days: Floats
    latest: Ints
    split: Split
    is_illustrative: Bools
    cells: Bools
    cell_amounts: Floats
    cell_is_illustrative: Bools


def parts_of(
    index: IndicatorIndex,
    code: str,
    start: pd.Timestamp,
    end: pd.Timestamp,
    vintage: str,
    among: Bools | None = None,
) -> Parts:
    """Return what each ward of a vintage adds to an indicator within a range; see `indicator_values`.

    Of sums only the reports ``among`` those of `Parts.cells` count, where these are given.
    """
    entry = entry_of(index, code)
    if entry["kind"] == "level":
        return _levels(index, code, day_number(end), vintage, adds_up=bool(entry["adds_up"]))
    span = day_number(start), day_number(end)
    return _sums(index, code, span, vintage, among, is_share=entry["kind"] == "share")


def _flows(links: Links, ward: Ints) -> tuple[Ints, Ints, Floats]:
    """Return a row for each link of each ward: its place in ``ward``, the target, and the weight."""
    counts = links.first[ward + 1] - links.first[ward]
    row = np.repeat(np.arange(len(ward)), counts)
    before = np.cumsum(counts) - counts
    link = np.arange(len(row)) - np.repeat(before - links.first[ward], counts)
    return row, links.to[link], links.weight[link]


def _sums(
    index: IndicatorIndex,
    code: str,
    span: tuple[int, int],
    vintage: str,
    among: Bools | None,
    *,
    is_share: bool,
) -> Parts:
    links, rows = index.links[vintage], index.rows[code]
    ward_count = links.parts.shape[1]
    used = np.zeros(len(index.first_day), dtype="bool")
    used[rows.period] = True
    periods = np.flatnonzero(used & (index.first_day >= span[0]) & (index.last_day <= span[1]))
    periods = periods[np.argsort(index.first_day[periods], kind="stable")]
    column = np.full(len(used), -1, dtype="int64")
    column[periods] = np.arange(len(periods))
    chosen = np.flatnonzero(column[rows.period] >= 0)
    row, to, weight = _flows(links, rows.ward[chosen])
    row = chosen[row]
    cell = to * len(periods) + column[rows.period[row]]

    def total(amounts: Any) -> Floats:
        sums = np.bincount(cell, weights=amounts, minlength=ward_count * len(periods))
        return sums.reshape(ward_count, len(periods)).astype("float64", copy=False)

    parts = links.parts[index.period_vintage[periods]].T
    is_same = links.is_same[index.period_vintage[periods]].T
    reported = total(None)
    # A ward into which anything of unknown count went has no count.
    present = (reported == parts) & (parts > 0)
    if among is not None:
        present &= among[:, periods]
    order = _order(index, vintage)[index.period_vintage[periods]]
    first, last = index.first_day[periods], index.last_day[periods]
    counted = present & ~_superseded(present, first, last, order)
    amounts = total(weight * rows.value[row])
    single = counted & is_same & (counted.sum(axis=1) == 1)[:, np.newaxis]
    recorded = np.where(single.any(axis=1), np.where(single, amounts, 0).sum(axis=1), np.nan)
    numerator = denominator = np.full(ward_count, np.nan)
    shown = counted
    if is_share:
        has_both = ~np.isnan(rows.numerator[row]) & ~np.isnan(rows.denominator[row])
        present &= total(has_both) == parts
        shown = pooled = present & ~_superseded(present, first, last, order)
        numerator, denominator = (
            _over_periods(total(np.where(has_both, weight * of[row], 0)), pooled)
            for of in (rows.numerator, rows.denominator)
        )
        # A percentage without its parts counts only where it may stand as it is.
        counted = np.where(np.isnan(recorded)[:, np.newaxis], pooled, counted)
    illustrative = counted & (total(rows.is_illustrative[row]) > 0)

    def by_period(of: Any) -> Any:
        cells = np.zeros((ward_count, len(used)), dtype=of.dtype)
        cells[:, periods] = of
        return cells

    return Parts(
        amount=_over_periods(amounts, counted),
        recorded=recorded,
        numerator=numerator,
        denominator=denominator,
        days=(counted * (last - first + 1)).sum(axis=1).astype("float64"),
        latest=np.full(ward_count, -1),
        split=_split(rows, row, to, weight, shown.ravel()[cell]),
        is_illustrative=illustrative.any(axis=1),
        cells=by_period(counted),
        cell_amounts=by_period(np.where(counted, amounts, 0)),
        cell_is_illustrative=by_period(illustrative),
    )


def _split(rows: Rows, row: Ints, to: Ints, weight: Floats, is_shown: Bools) -> Split:
    """Return what of the flows that show in a figure was divided."""
    at = np.flatnonzero(is_shown & (weight < WHOLE))
    divided = row[at]
    return Split(
        ward=to[at],
        row=divided,
        weight=weight[at],
        value=rows.value[divided],
        numerator=rows.numerator[divided],
        denominator=rows.denominator[divided],
    )


def _over_periods(amounts: Floats, counted: Bools) -> Floats:
    """Return the sum over the periods that count, NaN where none does.

    One period after the other, as a browser adds them up: other orders differ in the last digit.
    """
    sums = reduce(np.add, np.where(counted, amounts, 0).T, np.zeros(len(amounts)))
    return np.where(counted.any(axis=1), sums, np.nan)


def _order(index: IndicatorIndex, vintage: str) -> Ints:
    """Return the place of each vintage in the order in which one asks: itself, near ones, older first."""
    distance = np.abs(np.arange(len(index.vintages)) - index.vintages.index(vintage))
    return np.argsort(np.argsort(distance, kind="stable"))


def _superseded(present: Bools, first: Ints, last: Ints, order: Ints) -> Bools:
    """Return which cells of ward and period give way to a longer period that overlaps them.

    Of two of the same length the one from the vintage that comes first in the order counts, then the earlier.
    """
    gives_way = np.zeros_like(present)
    by_first = np.argsort(first, kind="stable")
    if (np.maximum.accumulate(last[by_first])[:-1] < first[by_first][1:]).all():
        return gives_way
    rank = np.empty(len(first), dtype="int64")
    rank[np.lexsort((first, order, first - last))] = np.arange(len(first))
    for at in range(len(first)):
        before = (first <= last[at]) & (last >= first[at]) & (rank < rank[at])
        gives_way[:, at] = present[:, before].any(axis=1)
    return gives_way


def _levels(index: IndicatorIndex, code: str, end: int, vintage: str, *, adds_up: bool) -> Parts:
    """Return the last known level of each ward; what can't cross a redrawing gives way to the one before."""
    links, rows = index.links[vintage], index.rows[code]
    latest = _latest_rows(rows, index.last_day, end)
    row, to, weight = _flows(links, rows.ward[latest])
    row = latest[row]
    shape = links.parts.shape
    from_vintage = index.ward_vintage[rows.ward[row]]
    cell = from_vintage * shape[1] + to

    def total(amounts: Any) -> Floats:
        sums = np.bincount(cell, weights=amounts, minlength=shape[0] * shape[1])
        return sums.reshape(shape).astype("float64", copy=False)

    present = (total(None) == links.parts) & (links.parts > 0)
    if not adds_up:
        has_parts = ~np.isnan(rows.numerator[row]) & ~np.isnan(rows.denominator[row])
        present &= links.is_same | (total(has_parts) == links.parts)
    day = np.full(shape[0] * shape[1], np.iinfo("int64").max)
    np.minimum.at(day, cell, index.last_day[rows.period[row]])
    day = np.where(present, day.reshape(shape), -1)
    # Of several vintages the one with the latest value; of the same day the first in their order.
    nearest = np.argsort(_order(index, vintage))
    chosen = (nearest[np.argmax(day[nearest], axis=0)], np.arange(shape[1]))
    is_there = present[chosen]

    def of_chosen(amounts: Any) -> Floats:
        return np.where(is_there, total(amounts)[chosen], np.nan)

    amount = of_chosen(weight * rows.value[row])
    none = np.zeros((shape[1], len(index.first_day)), dtype="bool")
    return Parts(
        amount=amount,
        recorded=np.where(links.is_same[chosen], amount, np.nan),
        numerator=of_chosen(weight * rows.numerator[row]),
        denominator=of_chosen(weight * rows.denominator[row]),
        days=np.full(shape[1], np.nan),
        latest=day[chosen],
        split=_split(rows, row, to, weight, is_there[to] & (from_vintage == chosen[0][to])),
        is_illustrative=is_there & (total(rows.is_illustrative[row])[chosen] > 0),
        cells=none,
        cell_amounts=none.astype("float64"),
        cell_is_illustrative=none,
    )


def _latest_rows(rows: Rows, last_day: Ints, end: int) -> Ints:
    """Return the row of each ward whose period is the last to end by a day; of several the shortest."""
    if not len(rows.ward):
        return np.zeros(0, dtype="int64")
    blocks = np.flatnonzero(np.diff(rows.ward, prepend=-1))
    by_then = np.where(last_day[rows.period] <= end, np.arange(len(rows.ward)), -1)
    latest = np.maximum.reduceat(by_then, blocks)
    return latest[latest >= 0]
