"""Like with like: figures of those who reported enough, and of two ranges the same months of each ward."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from geodata.contract.definition import Definition
from geodata.indicators.bands import is_band_wide
from geodata.indicators.index import Bools, Floats, IndicatorIndex, Ints
from geodata.indicators.indicators import UnitLevel, unit_columns
from geodata.indicators.parts import Parts, day_number, entry_of, parts_of
from geodata.indicators.statistics import LEAST_EVENTS, byar, rates_differ, shares_differ, wilson
from geodata.language import message
from geodata.period import Period

LEAST_REPORTED_PCT = 75
"""A unit that reported less of the days has no rank and no part in headlines, means and bounds."""

Span = tuple[pd.Timestamp, pd.Timestamp]


REPORTED_ENOUGH = Definition(
    name=message("Reported enough"),
    formula=message(
        "A unit whose reports cover at least {least}% of the days of the range. The others are hatched and "
        "have no rank; headlines, means, limits and bounds of classes leave them out. Of a district or the "
        "city its wards that reported enough count. Fewer than {few} events give no percentage, no rank and "
        "no headline; nor does a carried figure whose band, which unknown shares leave, is wider than itself",
        least=LEAST_REPORTED_PCT,
        few=LEAST_EVENTS,
    ),
    unit=message("% of days"),
    source=message("layers indicator_value, ward and crosswalk"),
)

YEAR_BEFORE = Definition(
    name=message("Compared with another period"),
    formula=message(
        "Value − value of the other range, in the same vintage, ward by ward over the same months of both in "
        "which both reported: January with January. The change in % is that of the figures per reported "
        "ward-day; it is given for numbers only, and only where both are at least 10 and both ranges were "
        "reported enough. The difference of two percentages is in percentage points. The year before ends "
        "with its month where the range does. A change that chance may explain (95%) is said to be unclear"
    ),
    unit=message("the indicator's unit; percentage points; %"),
    source=message("layers indicator_value, indicator, ward and crosswalk; Wilson 1927; Newcombe 1998"),
)


def period_a_year_before(period: Period) -> Period:
    """Return the same range a year before (`geodata.indicators.comparison.year_before`)."""
    start, end = year_before(pd.Timestamp(period.since), pd.Timestamp(period.until))
    return Period(start.date(), end.date())


def year_before(start: pd.Timestamp, end: pd.Timestamp) -> Span:
    """Return first and last day of the same range a year before.

    29 February becomes the 28th; a last day that ends its month ends that month a year before too.
    """
    year = pd.DateOffset(years=1)
    last = end - year
    return start - year, last + pd.offsets.MonthEnd(0) if end.is_month_end else last


@REPORTED_ENOUGH.documents
def comparable_values(
    index: IndicatorIndex,
    indicator_code: str,
    start: pd.Timestamp,
    end: pd.Timestamp,
    vintage: str,
    by: UnitLevel = "ward",
) -> pd.DataFrame:
    """Return the figures of an indicator as they can be set beside each other.

    Parameters and errors are those of `geodata.indicators.indicators.indicator_values`.

    Returns
    -------
    Its columns; those of a district and of the city rest on the wards that reported enough. Further

    is_reported
        The unit reported enough; of a level, it has a value.
    is_few
        It rests on fewer than 10 events; of a share, it is out of fewer than 10.
    is_rankable
        Neither too little reported, nor too few, nor less certain than its own size.
    """
    parts = parts_of(index, indicator_code, start, end, vintage)
    return _comparable(index, indicator_code, parts, (start, end), vintage, by)


def _comparable(
    index: IndicatorIndex, code: str, parts: Parts, span: Span, vintage: str, by: UnitLevel
) -> pd.DataFrame:
    own = unit_columns(index, code, parts, span, vintage, by)
    kind = entry_of(index, code)["kind"]
    if kind == "level":
        is_reported, is_few = ~np.isnan(own["value"]), np.zeros(len(own["value"]), dtype="bool")
    else:
        is_reported = own["days_pct"] >= LEAST_REPORTED_PCT
        if by != "ward":
            days = day_number(span[1]) - day_number(span[0]) + 1
            is_enough = 100 * parts.days / days >= LEAST_REPORTED_PCT
            of_enough = unit_columns(index, code, _only(parts, is_enough), span, vintage, by)
            told = ("wards_pct", "days_pct", "reported_days")
            own = of_enough | {column: own[column] for column in told}
            # The city is no unit among others: it is the mean of those that reported enough.
            is_reported = ~np.isnan(own["value"]) if by == "city" else is_reported
        is_few = own["denominator" if kind == "share" else "value"] < LEAST_EVENTS
    if kind == "share":
        # Out of so few it is no percentage, nor is there one between bounds.
        own |= {name: np.where(is_few, np.nan, own[name]) for name in ("value", "least", "most")}
    own |= {
        "is_reported": is_reported,
        "is_few": is_few,
        "is_rankable": ~np.isnan(own["value"]) & is_reported & ~is_few & ~is_band_wide(own),
    }
    return pd.DataFrame(own)


def interval(figures: pd.DataFrame, kind: str, column: str) -> tuple[Floats, Floats]:
    """Return the 95 % interval of a column of figures, see `geodata.indicators.statistics.INTERVAL`.

    Parameters
    ----------
    figures
        See `comparable_values`.
    kind
        Of the indicator; a level has no interval: NaN.
    column
        ``value``, ``per_1000`` or ``per_km2``.
    """
    if kind == "share":
        low, high = wilson(figures["numerator"], figures["denominator"])
        known = figures["value"].notna().to_numpy()
        return np.where(known, 100 * low, np.nan), np.where(known, 100 * high, np.nan)
    if kind == "level":
        missing = np.full(len(figures), np.nan)
        return missing, missing
    low, high = byar(figures["value"])
    if column == "value":
        return low, high
    of = figures["thousand_resident_years" if column == "per_1000" else "km2_years"].to_numpy("float64")
    known = figures[column].notna().to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(known, low / of, np.nan), np.where(known, high / of, np.nan)


@YEAR_BEFORE.documents
def compare_periods(
    index: IndicatorIndex,
    indicator_code: str,
    spans: Sequence[Span],
    vintage: str,
    levels: Sequence[UnitLevel] = ("ward",),
) -> pd.DataFrame:
    """Return the figures of an indicator beside those of another range of days.

    Parameters
    ----------
    index, indicator_code, vintage
        See `geodata.indicators.indicators.indicator_values`.
    spans
        First and last day of the range, and of the other one.
    levels
        What rows stand for, one level after the other.

    Returns
    -------
    The rows of `comparable_values` of the range with its ``level`` and

    previous, previous_wards_pct, previous_days_pct, previous_is_reported
        The value of the other range, and what reported then.
    compared_count
        Wards that reported in the same months of both; the columns that follow are of these months alone.
    compared_value, compared_previous_value
        The two values.
    compared_is_apportioned
        Either of them was carried across a redrawing.
    compared_per_1000, compared_previous_per_1000, compared_per_km2, compared_previous_per_km2
        The two rates.
    difference
        The first value − the second, in the indicator's unit; in percentage points for a percentage.
    change_pct
        The change per reported ward-day in % of the one before; NaN for percentages, unless both values are
        at least 10, and where either range was reported too little.
    is_clear
        Whether chance alone does not explain the difference (95 %); of a level, whether there is one.
    """
    parts = [parts_of(index, indicator_code, *span, vintage) for span in spans]
    if entry_of(index, indicator_code)["kind"] == "level":
        pair = [_known_anew(parts[0], parts[1]), _known_anew(parts[1], parts[0])]
    else:
        cells = _same_months(index, (parts[0].cells, parts[1].cells), [span[0] for span in spans])
        pair = [
            parts_of(index, indicator_code, *span, vintage, among)
            for span, among in zip(spans, cells, strict=True)
        ]
    found = [
        _beside(index, indicator_code, [*zip(spans, parts, pair, strict=True)], vintage, level)
        for level in levels
    ]
    return pd.concat(found, ignore_index=True) if len(found) > 1 else found[0]


def _beside(
    index: IndicatorIndex,
    code: str,
    ranges: Sequence[tuple[Span, Parts, Parts]],
    vintage: str,
    by: UnitLevel,
) -> pd.DataFrame:
    """Return the figures of one level; each range comes with all of its parts, and with those that pair."""
    own, other = (_comparable(index, code, parts, span, vintage, by) for span, parts, _ in ranges)
    first, second = (
        pd.DataFrame(unit_columns(index, code, paired, span, vintage, by)) for span, _, paired in ranges
    )
    entry = entry_of(index, code)
    if entry["kind"] == "share":
        first, second = _out_of_enough(first), _out_of_enough(second)
    difference = first["value"] - second["value"]
    now, before = (
        figures["value"] if entry["kind"] == "level" else figures["value"] / figures["reported_days"]
        for figures in (first, second)
    )
    is_large = first["value"].ge(LEAST_EVENTS) & second["value"].ge(LEAST_EVENTS)
    is_told = is_large & own["is_reported"] & other["is_reported"] & (entry["unit"] != "%")
    # Units are in one order everywhere: that of their codes.
    return own.assign(
        level=by,
        previous=other["value"],
        previous_wards_pct=other["wards_pct"],
        previous_days_pct=other["days_pct"],
        previous_is_reported=other["is_reported"],
        compared_count=first["reporting_count"].where(difference.notna(), 0),
        **{
            f"compared_{prefix}{column}": figures[column]
            for figures, prefix in ((first, ""), (second, "previous_"))
            for column in ("value", "per_1000", "per_km2")
        },
        compared_is_apportioned=first["is_apportioned"] | second["is_apportioned"],
        difference=difference,
        change_pct=(100 * (now / before - 1)).where(is_told),
        is_clear=_is_clear(str(entry["kind"]), first, second),
    )


def compare_with_year_before(
    index: IndicatorIndex,
    indicator_code: str,
    start: pd.Timestamp,
    end: pd.Timestamp,
    vintage: str,
    by: UnitLevel = "ward",
) -> pd.DataFrame:
    """Return `compare_periods` of a range and of the same one a year before."""
    return compare_periods(index, indicator_code, ((start, end), year_before(start, end)), vintage, (by,))


def _out_of_enough(figures: pd.DataFrame) -> pd.DataFrame:
    """Return shares without those out of fewer than 10, which are no percentages."""
    return figures.assign(value=figures["value"].mask(figures["denominator"].lt(LEAST_EVENTS)))


def _is_clear(kind: str, first: pd.DataFrame, second: pd.DataFrame) -> Bools:
    if kind == "level":
        return (first["value"] - second["value"]).abs().gt(0).to_numpy()
    columns = ("numerator", "denominator") if kind == "share" else ("value", "reported_days")
    above, below = (
        (first[column].to_numpy("float64"), second[column].to_numpy("float64")) for column in columns
    )
    return shares_differ(above, below) if kind == "share" else rates_differ(above, below)


def _only(parts: Parts, wards: Bools) -> Parts:
    """Return parts without those wards that are left out."""

    def masked(amounts: Floats) -> Floats:
        return np.where(wards, amounts, np.nan)

    return replace(
        parts,
        amount=masked(parts.amount),
        recorded=masked(parts.recorded),
        numerator=masked(parts.numerator),
        denominator=masked(parts.denominator),
    )


def _known_anew(parts: Parts, other: Parts) -> Parts:
    """Return levels that are known at both times, and not from the same report."""
    return _only(parts, ~np.isnan(other.amount) & (parts.latest != other.latest))


def _same_months(
    index: IndicatorIndex, cells: tuple[Bools, Bools], starts: Sequence[pd.Timestamp]
) -> tuple[Bools, Bools]:
    """Return which reports of two ranges are of the same months, from wards that reported both times.

    Parameters
    ----------
    index
        Its periods are the columns of the cells.
    cells
        Of each range, see `geodata.indicators.parts.Parts.cells`.
    starts
        First day of each range: the months of its first year pair with those of the other's first year.
    """
    # Periods of several vintages may have the same days; a ward's months then come from either.
    days = (index.first_day << 24) | index.last_day
    keys = [
        _month_keys(np.unique(days[own.any(axis=0)]), start) for own, start in zip(cells, starts, strict=True)
    ]
    paired = np.zeros_like(cells[0]), np.zeros_like(cells[1])
    for key in keys[0].keys() & keys[1].keys():
        columns = [np.flatnonzero(days == of_range[key]) for of_range in keys]
        reported = [own[:, at].any(axis=1, keepdims=True) for own, at in zip(cells, columns, strict=True)]
        both = np.asarray(reported[0]) & np.asarray(reported[1])
        for one, own, at in zip(paired, cells, columns, strict=True):
            one[:, at] = own[:, at] & both
    return paired


def _month_keys(days: Ints, start: pd.Timestamp) -> dict[tuple[int, ...], int]:
    """Return periods by what they are of any year: their months and days, and how many years after a start.

    A period that ends with its month does so in a leap year too.
    """
    keys: dict[tuple[int, ...], int] = {}
    for packed in days.tolist():
        first, last = (pd.Timestamp(number, unit="D") for number in (packed >> 24, packed & 0xFFFFFF))
        end = 31 if last.is_month_end else last.day
        years = first.year - start.year - ((first.month, first.day) < (start.month, start.day))
        keys[first.month, first.day, last.month, end, last.year - first.year, years] = packed
    return keys
