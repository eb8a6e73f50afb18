"""The indicators of one ward: of a whole range, and over its months, quarters or years."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan

import pandas as pd

from dashboard.query.caching import cached, cached_up_to
from dashboard.query.layers import all_wards, layer
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from geodata.indicators.comparison import compare_with_year_before, year_before
from geodata.indicators.index import IndicatorIndex, ward_index
from geodata.indicators.indicators import indicator_values
from geodata.language import Bilingual, Words
from geodata.period import Period
from geodata.wards.redrawing import redrawings

Span = tuple[pd.Timestamp, pd.Timestamp]

STEPS = {1: "MS", 3: "QS", 12: "YS"}
"""Months of a step and how pandas calls its beginning: months, quarters, years."""

MOST_STEPS = 24
"""More points than this can't be told apart in a small chart."""

LEFT_OUT = ("criteria_met",)
"""Stands with the inspections, at which criteria are assessed."""

_KEPT_VALUES = 8192
"""Steps begin with the calendar, so another range of days asks for most of them again: some 20 profiles."""

WHOLE_PCT = 99.9
"""Least share of a step's days that reported for its count to be one: a month less is no fall."""


@dataclass(frozen=True)
class Total:
    """The figure of the whole range.

    Attributes
    ----------
    value
        Σ of counts, a percentage of sums, or the last known level.
    reported_pct
        Share of the days that were reported; NaN for a level.
    as_of
        Day of the level; none for what is added up.
    is_apportioned
        It was reckoned from units of other boundaries by their share.
    """

    value: float
    reported_pct: float
    as_of: datetime.date | None
    is_apportioned: bool


@dataclass(frozen=True)
class Trend:
    """One indicator of one ward.

    Attributes
    ----------
    name, unit, direction, kind
        As the catalogue has them.
    total
        Of the whole range.
    values, before
        One value a step, NaN where missing, and those of the same steps a year before.
    last
        The last step that has a value.
    change_pct
        Its change against the year before in %; NaN for percentages, small counts, and where the ground of
        the ward was redrawn between the two.
    is_redrawn
        Its ground was redrawn between the last step and the same one a year before.
    is_before_apportioned
        Whether the value a year before the last step was reckoned from units of other boundaries.
    apportioned
        Whether each value was reckoned from units of other boundaries by their share.
    is_illustrative
        One of the values was generated.
    """

    name: Words
    unit: str
    direction: str
    kind: str
    total: Total
    values: tuple[float, ...]
    before: tuple[float, ...]
    apportioned: tuple[bool, ...]
    last: int
    change_pct: float
    is_redrawn: bool
    is_before_apportioned: bool
    is_illustrative: bool


@dataclass(frozen=True)
class Trends:
    """The indicators of one ward over the steps of a range.

    Attributes
    ----------
    months
        Months of a step: 1, 3 or 12.
    spans
        First and last day of each step.
    redrawn
        Days from which the ground of the ward was another one.
    shown
        The indicators that have a value, in the order of the catalogue.
    sources
        Ids of the sources of the values that reach the ward, where an indicator is shown.
    """

    months: int
    spans: tuple[Span, ...]
    redrawn: tuple[pd.Timestamp, ...]
    shown: tuple[Trend, ...]
    sources: tuple[str, ...] = ()

    @property
    def breaks(self) -> tuple[bool, ...]:
        """Whether each step stands on other ground than the one before it, or on more than one."""
        return breaks_of(self.spans, self.redrawn)

    @property
    def breaks_before(self) -> tuple[bool, ...]:
        """The same of the steps a year before."""
        return breaks_of([year_before(*span) for span in self.spans], self.redrawn)

    @property
    def is_illustrative(self) -> bool:
        """Whether one of the values was generated."""
        return any(trend.is_illustrative for trend in self.shown)

    @property
    def is_apportioned(self) -> bool:
        """Whether one of the values was reckoned from units of other boundaries."""
        return any(any(trend.apportioned) for trend in self.shown)


def spans_of(period: Period, months: int) -> tuple[Span, ...]:
    """Return first and last day of the whole months, quarters or years within a range."""
    last = pd.Timestamp(period.until)
    starts = pd.date_range(pd.Timestamp(period.since), last, freq=STEPS[months])
    day_before = pd.Timedelta(days=1)
    spans = [(start, start + pd.DateOffset(months=months) - day_before) for start in starts]
    return tuple(span for span in spans if span[1] <= last)


def breaks_of(spans: Sequence[Span], redrawn: Sequence[pd.Timestamp]) -> tuple[bool, ...]:
    """Return which steps a line must not reach from the one before: between them the ground was redrawn.

    A step within which it was redrawn stands alone.
    """
    starts = [start for start, _ in (*spans[:1], *spans[:-1])]
    return tuple(
        any(before < day <= end for day in redrawn) for before, (_, end) in zip(starts, spans, strict=True)
    )


@cached
def ward_trends(query: Query, code: str) -> Trends:
    """Return the indicators of a ward over the shortest steps that fit in a small chart and have a value."""
    key = query.vintage, code
    index, values = _index(query.published, key, verified_only=query.verified_only)
    redrawn = redrawings(key, layer(query.published, "crosswalk"), all_wards(query.published))
    found = Trends(1, (), (), ())
    for months in STEPS:
        spans = spans_of(query.period, months)
        if 0 < len(spans) <= MOST_STEPS:
            drawn = (
                _trend(index, code, key, query.period, spans, redrawn)
                for code in index.catalogue.index
                if code not in LEFT_OUT and len(index.rows[code].ward)
            )
            found = Trends(months, spans, redrawn, tuple(trend for trend in drawn if trend is not None))
            if found.shown:
                return replace(found, sources=tuple(sorted(values["source"].unique())))
    return found


@cached
def _index(
    published: Publication, key: tuple[str, str], *, verified_only: bool
) -> tuple[IndicatorIndex, pd.DataFrame]:
    values = layer(published, "indicator_value")
    if verified_only:
        values = values[~values["is_illustrative"]]
    return ward_index(
        values, layer(published, "indicator"), all_wards(published), layer(published, "crosswalk"), key
    )


def _trend(
    index: IndicatorIndex,
    code: str,
    key: tuple[str, str],
    period: Period,
    spans: Sequence[Span],
    redrawn: Sequence[pd.Timestamp],
) -> Trend | None:
    entry = index.catalogue.loc[code]
    earlier = [year_before(*span) for span in spans]
    known = {span: _value(index, code, key, span, str(entry["kind"])) for span in {*spans, *earlier}}
    values = tuple(known[span][0] for span in spans)
    last = max((at for at, value in enumerate(values) if not isnan(value)), default=None)
    if last is None:
        return None
    before = tuple(known[span][0] for span in earlier)
    change = float("nan")
    is_redrawn = any(earlier[last][0] < day <= spans[last][1] for day in redrawn)
    if not isnan(before[last]) and not is_redrawn:
        compared = compare_with_year_before(index, code, *spans[last], key[0])
        change = float(compared.loc[compared["unit_code"] == key[1], "change_pct"].iloc[0])
    return Trend(
        name=Bilingual(str(entry["indicator_name"]), str(entry["indicator_name_en"])),
        unit=str(entry["unit"]),
        direction=str(entry["direction"]),
        kind=str(entry["kind"]),
        total=_total(index, code, key, period),
        values=values,
        before=before,
        apportioned=tuple(known[span][1] for span in spans),
        last=last,
        change_pct=change,
        is_redrawn=is_redrawn,
        is_before_apportioned=known[earlier[last]][1],
        is_illustrative=any(is_illustrative for *_, is_illustrative in known.values()),
    )


def _total(index: IndicatorIndex, code: str, key: tuple[str, str], period: Period) -> Total:
    ends = pd.Timestamp(period.since), pd.Timestamp(period.until)
    # Of its vintage the index holds this ward alone.
    row = indicator_values(index, code, *ends, key[0]).iloc[0]
    as_of = row["latest_day"]
    return Total(
        value=float(row["value"]),
        reported_pct=float(row["days_pct"]),
        as_of=None if pd.isna(as_of) else as_of.date(),
        is_apportioned=bool(row["is_apportioned"]),
    )


@cached_up_to(_KEPT_VALUES)
def _value(
    index: IndicatorIndex, code: str, key: tuple[str, str], span: Span, kind: str
) -> tuple[float, bool, bool]:
    """Return the value of a step, NaN where missing or not whole; if it is apportioned, and illustrative."""
    figures = indicator_values(index, code, *span, key[0])
    # Of its vintage the index holds this ward alone.
    columns = ("value", "latest_day", "days_pct", "is_apportioned", "is_illustrative")
    row = {column: figures[column].iloc[0] for column in columns}
    # A level reported long ago still holds, but this step has none of its own.
    is_old = kind == "level" and not row["latest_day"] >= span[0]
    is_short = kind == "count" and row["days_pct"] < WHOLE_PCT
    if pd.isna(row["value"]) or is_old or is_short:
        return float("nan"), False, False
    return float(row["value"]), bool(row["is_apportioned"]), bool(row["is_illustrative"])
