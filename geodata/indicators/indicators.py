"""Indicator values of any unit, date range and vintage, from an index that is made once per publication.

Missing is never 0: where no row says anything the value is NaN, and every figure says what
share of its wards and days reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from geodata.contract.definition import Definition
from geodata.indicators.index import Bools, Floats, IndicatorIndex, Ints, Links, Rows
from geodata.language import message
from geodata.wards.crosswalk import WHOLE
from geodata.wards.units import is_commune

UnitLevel = Literal["ward", "district", "city"]

LEAST_COUNT_FOR_PERCENT = 10
"""A count below this changes by so many percent at each single case that a percentage misleads."""

INDICATOR_COUNT = Definition(
    name=message("Counts: cases, fires, inspections"),
    formula=message(
        "Σ of the values whose whole period lies within the range, over the unit's wards. A period that "
        "begins before the range or ends after it is left out; where periods overlap the longest one within "
        "the range counts. Into another vintage a count moves by crosswalk weight: Σ (weight × count) over "
        "what went into a ward, missing for that ward and period where a part did not report. Per 1,000 "
        "residents and per km²: Σ ÷ residents or area of the wards that reported. No row at all is missing, "
        "not 0; the share of wards and of their days that reported stands beside each figure"
    ),
    unit=message("cases or actions; per 1,000 residents; per km²"),
    source=message("layers indicator_value, indicator, ward and crosswalk"),
)

INDICATOR_SHARE = Definition(
    name=message("Shares: percentages with numerator and denominator"),
    formula=message(
        "100 × Σ numerator ÷ Σ denominator over the unit's wards and the periods that lie whole within the "
        "range, both carried by crosswalk weight; percentages are never averaged. Where neither is reported, "
        "only the percentage of one ward in one period stands, as it was recorded; everything else is missing"
    ),
    unit=message("%"),
    source=message("layers indicator_value, indicator and crosswalk"),
)

INDICATOR_LEVEL = Definition(
    name=message("Levels: teams, points, progress"),
    formula=message(
        "The latest value of each ward whose period ends on or before the last day of the range, however "
        "long ago, and its day. Numbers of teams and points add up over wards, and move by crosswalk weight; "
        "percentages are recomputed as 100 × Σ numerator ÷ Σ denominator; the number of criteria met is told "
        "of single wards only"
    ),
    unit=message("as the catalogue says; per 1,000 residents and per km² where values add up"),
    source=message("layers indicator_value, indicator, ward and crosswalk"),
)

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


def _day(date: pd.Timestamp) -> int:
    return (date - pd.Timestamp(0)).days


def _entry(index: IndicatorIndex, indicator_code: str) -> dict[Any, Any]:
    """Return what the catalogue says of an indicator, by column."""
    return dict(index.catalogue.loc[indicator_code])


def indicator_values(
    index: IndicatorIndex,
    indicator_code: str,
    start: pd.Timestamp,
    end: pd.Timestamp,
    vintage: str,
    by: UnitLevel = "ward",
) -> pd.DataFrame:
    """Return the figures of an indicator for every ward, every district or the city.

    Reckoned by the kind of the indicator, see `INDICATOR_COUNT`, `INDICATOR_SHARE` and `INDICATOR_LEVEL`.

    Parameters
    ----------
    index
        See `index_indicators`.
    indicator_code
        An indicator of the catalogue.
    start, end
        First and last day of the range; of a level only the last counts.
    vintage
        The vintage of the wards.
    by
        What a row stands for: a ward; a district, or former one, leaving out wards without; the city.

    Returns
    -------
    One row a unit, by its code in ``unit_code`` (``""`` for the city), in the order of the codes:

    value
        In the indicator's unit, NaN where missing.
    per_1000, per_km2
        Where values add up, else NaN: by the residents, and the km², of the wards that reported.
    numerator, denominator
        Σ of the parts of a percentage; NaN where none are reported.
    ward_count, reporting_count
        Wards of the unit, and those whose rows count here.
    wards_pct, days_pct
        Share of wards that reported; share of all their days within the range (NaN for a level).
    latest_day
        Of a level the day of the oldest value that counts, else NaT.
    is_apportioned
        Part of the value was divided by a weight below 1, so it need not be a whole number.
    is_illustrative
        Part of it was generated.

    Raises
    ------
    KeyError
        The indicator or the vintage is not there.
    """
    parts = _parts(index, indicator_code, start, end, vintage)
    return _by_unit(index, indicator_code, parts, start, end, vintage, by)


INDICATOR_COUNT.documents(indicator_values)
INDICATOR_SHARE.documents(indicator_values)
INDICATOR_LEVEL.documents(indicator_values)


_NEVER = np.iinfo("int64").max


@dataclass(frozen=True, eq=False)
class _Parts:
    """What each ward of a vintage adds to the figures of its unit: one element a ward.

    ``amount`` is NaN for a ward that did not report. ``recorded`` is its one value, where that may stand as
    it is. ``numerator`` and ``denominator`` are NaN where no part of a percentage is known. ``latest`` counts
    days since 1970 and is -1 where there is none.
    """

    amount: Floats
    recorded: Floats
    numerator: Floats
    denominator: Floats
    days: Floats
    latest: Ints
    is_apportioned: Bools
    is_illustrative: Bools


def _parts(index: IndicatorIndex, code: str, start: pd.Timestamp, end: pd.Timestamp, vintage: str) -> _Parts:
    kind = _entry(index, code)["kind"]
    if kind == "level":
        return _levels(index, code, _day(end), vintage)
    return _sums(index, code, _day(start), _day(end), vintage, is_share=kind == "share")


def _flows(links: Links, ward: Ints) -> tuple[Ints, Ints, Floats]:
    """Return a row for each link of each ward: its place in ``ward``, the target, and the weight."""
    counts = links.first[ward + 1] - links.first[ward]
    row = np.repeat(np.arange(len(ward)), counts)
    before = np.cumsum(counts) - counts
    link = np.arange(len(row)) - np.repeat(before - links.first[ward], counts)
    return row, links.to[link], links.weight[link]


def _sums(index: IndicatorIndex, code: str, start: int, end: int, vintage: str, *, is_share: bool) -> _Parts:
    links, rows = index.links[vintage], index.rows[code]
    ward_count = links.parts.shape[1]
    used = np.zeros(len(index.first_day), dtype="bool")
    used[rows.period] = True
    periods = np.flatnonzero(used & (index.first_day >= start) & (index.last_day <= end))
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
    order = _order(index, vintage)[index.period_vintage[periods]]
    first, last = index.first_day[periods], index.last_day[periods]
    counted = present & ~_superseded(present, first, last, order)
    amounts = total(weight * rows.value[row])
    single = counted & is_same & (counted.sum(axis=1) == 1)[:, np.newaxis]
    recorded = np.where(single.any(axis=1), np.where(single, amounts, 0).sum(axis=1), np.nan)
    numerator = denominator = np.full(ward_count, np.nan)
    if is_share:
        has_both = ~np.isnan(rows.numerator[row]) & ~np.isnan(rows.denominator[row])
        present = (total(has_both) == parts) & (parts > 0)
        pooled = present & ~_superseded(present, first, last, order)
        numerator, denominator = (
            _over_periods(total(np.where(has_both, weight * of[row], 0)), pooled)
            for of in (rows.numerator, rows.denominator)
        )
        # A percentage without its parts counts only where it may stand as it is.
        counted = np.where(np.isnan(recorded)[:, np.newaxis], pooled, counted)
    is_split = total(weight < WHOLE) > 0
    illustrative = total(rows.is_illustrative[row]) > 0
    return _Parts(
        amount=_over_periods(amounts, counted),
        recorded=recorded,
        numerator=numerator,
        denominator=denominator,
        days=(counted * (last - first + 1)).sum(axis=1).astype("float64"),
        latest=np.full(ward_count, -1),
        is_apportioned=(is_split & counted).any(axis=1),
        is_illustrative=(illustrative & counted).any(axis=1),
    )


def _over_periods(amounts: Floats, counted: Bools) -> Floats:
    """Return the sum over the periods that count, NaN where none does."""
    sums = np.where(counted, amounts, 0).sum(axis=1)
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


def _levels(index: IndicatorIndex, code: str, end: int, vintage: str) -> _Parts:
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
    return _Parts(
        amount=amount,
        recorded=np.where(links.is_same[chosen], amount, np.nan),
        numerator=of_chosen(weight * rows.numerator[row]),
        denominator=of_chosen(weight * rows.denominator[row]),
        days=np.full(shape[1], np.nan),
        latest=day[chosen],
        is_apportioned=is_there & (total(weight < WHOLE)[chosen] > 0),
        is_illustrative=is_there & (total(rows.is_illustrative[row])[chosen] > 0),
    )


def _latest_rows(rows: Rows, last_day: Ints, end: int) -> Ints:
    """Return the row of each ward whose period is the last to end by a day; of several the shortest."""
    if not len(rows.ward):
        return np.zeros(0, dtype="int64")
    blocks = np.flatnonzero(np.diff(rows.ward, prepend=-1))
    by_then = np.where(last_day[rows.period] <= end, np.arange(len(rows.ward)), -1)
    latest = np.maximum.reduceat(by_then, blocks)
    return latest[latest >= 0]


def _by_unit(
    index: IndicatorIndex,
    code: str,
    parts: _Parts,
    start: pd.Timestamp,
    end: pd.Timestamp,
    vintage: str,
    by: UnitLevel,
) -> pd.DataFrame:
    """Return the figures of units from what their wards add to them; see `indicator_values`."""
    entry = _entry(index, code)
    is_percentage = entry["unit"] == "%"
    wards = index.wards[index.ward_vintage == index.vintages.index(vintage)]
    names = {"ward": wards["ward_code"], "district": wards["district_code"]}
    unit, unit_codes = pd.factorize(names[by] if by in names else np.repeat("", len(wards)), sort=True)
    in_unit = unit >= 0

    def total(amounts: Any) -> Floats:
        """Return the sum of each unit, NaN where an amount is."""
        amounts = np.asarray(amounts, dtype="float64")
        sums = np.bincount(unit[in_unit], weights=amounts[in_unit], minlength=len(unit_codes))
        return sums.astype("float64", copy=False)

    has_parts = ~np.isnan(parts.numerator) & ~np.isnan(parts.denominator)
    counts = ~np.isnan(parts.amount)
    is_alone = np.append(total(in_unit), 0)[unit] == 1  # a ward without a unit is the 0 at the end
    if not entry["adds_up"]:
        among_others = has_parts if is_percentage else counts
        counts = np.where(is_alone, has_parts | ~np.isnan(parts.recorded), among_others)
    reporting = total(counts)
    numerator, denominator = (
        _or_nan(total(np.where(has_parts, of, 0)), total(has_parts))
        for of in (parts.numerator, parts.denominator)
    )
    added = _or_nan(total(np.where(counts, parts.amount, 0)), reporting)
    if entry["adds_up"]:
        value, rated = added, added
    else:
        rated = np.full(len(unit_codes), np.nan)
        value = 100 * numerator / _or_nan(denominator, denominator) if is_percentage else rated
        recorded = total(np.where(is_alone, parts.recorded, np.nan))
        value = np.where(np.isnan(recorded), value, recorded)
    residents, km2 = (
        total(np.where(counts, wards[column].to_numpy(dtype="float64", na_value=np.nan), 0))
        for column in ("population", "area_km2")
    )
    is_ward = is_commune(wards).to_numpy()
    ward_count = total(is_ward)
    reporting_count = total(is_ward & counts)
    reported_days = total(np.where(is_ward & counts, parts.days, 0))
    days = np.nan if entry["kind"] == "level" else _day(end) - _day(start) + 1
    oldest = np.full(len(unit_codes), _NEVER)
    dated = in_unit & counts & (parts.latest >= 0)
    np.minimum.at(oldest, unit[dated], parts.latest[dated])
    return pd.DataFrame(
        {
            "unit_code": unit_codes,
            "value": value,
            "per_1000": 1000 * rated / _or_nan(residents, residents),
            "per_km2": rated / _or_nan(km2, km2),
            "numerator": numerator,
            "denominator": denominator,
            "ward_count": ward_count.astype("int64"),
            "reporting_count": reporting_count.astype("int64"),
            "wards_pct": 100 * reporting_count / _or_nan(ward_count, ward_count),
            "days_pct": 100 * reported_days / _or_nan(ward_count * days, ward_count),
            "latest_day": pd.to_datetime(np.where(oldest == _NEVER, np.nan, oldest), unit="D"),
            "is_apportioned": total(counts & parts.is_apportioned) > 0,
            "is_illustrative": total(counts & parts.is_illustrative) > 0,
        }
    )


def _or_nan(amounts: Floats, count: Floats) -> Floats:
    """Return amounts where a count is above 0, else NaN."""
    return np.where(count > 0, amounts, np.nan)


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
    now, before = (_parts(index, indicator_code, *span, vintage) for span in spans)

    def figures(*pair: _Parts) -> list[pd.DataFrame]:
        return [
            _by_unit(index, indicator_code, parts, *span, vintage, by)
            for parts, span in zip(pair, spans, strict=True)
        ]

    own = figures(now, before)
    # A ward that reported once only has no difference anyway.
    both = own if by == "ward" else figures(_reported_too(now, before), _reported_too(before, now))
    difference = both[0]["value"] - both[1]["value"]
    is_large = both[0]["value"].ge(LEAST_COUNT_FOR_PERCENT) & both[1]["value"].ge(LEAST_COUNT_FOR_PERCENT)
    is_number = _entry(index, indicator_code)["unit"] != "%"
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


def _reported_too(parts: _Parts, other: _Parts) -> _Parts:
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


def latest_known(values: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return of each unit the first of several figures that is known.

    A percentage without its parts does not cross a redrawing, so on a day after it the ward of before has
    none, even where it had one the day before.

    Parameters
    ----------
    values
        `geodata.indicators.indicators.indicator_values` of several days, the latest first.
    """
    every = pd.concat([*(frame[frame["value"].notna()] for frame in values), values[0]], ignore_index=True)
    return every.drop_duplicates("unit_code").sort_values("unit_code", ignore_index=True)
