"""How the small charts of a ward are said: steps, values, and what may be changed where there are none."""

from math import isnan

from dashboard.query.query import Query
from dashboard.subjects.ward.trends import WHOLE_PCT, Span, Trend, Trends
from geodata.indicators.comparison import LEAST_REPORTED_PCT
from geodata.language import Bilingual, Words, joined, message
from geodata.language.dates import day
from geodata.language.numbers import approximately, number, percent

DIRECTIONS = {
    "higher": ("▲", message("higher is better")),
    "lower": ("▼", message("lower is better")),
    "context": ("", message("neither higher nor lower is better")),
}
"""Sign of each direction, and what it means."""

_STEP_NAMES = {1: message("by month"), 3: message("by quarter"), 12: message("by year")}
_QUARTERS = ("I", "II", "III", "IV")
_PER_CENT = Bilingual("\N{NO-BREAK SPACE}%", "%")


def step_name(span: Span, months: int) -> Words | str:
    """Return the name of a step: 10/2026, quý III/2026, 2026."""
    start = span[0]
    if months == 3:
        return message("quarter {quarter}/{year}", quarter=_QUARTERS[start.quarter - 1], year=start.year)
    return _short_name(span, months)


def _short_name(span: Span, months: int) -> str:
    start = span[0]
    if months == 1:
        return f"{start:%m/%Y}"
    return f"{_QUARTERS[start.quarter - 1]}/{start:%Y}" if months == 3 else f"{start:%Y}"


def heading(shown: Trends) -> Words:
    """Return what stands above the charts."""
    ends = (step_name(shown.spans[at], shown.months) for at in (0, -1))
    first, last = ends
    return message(
        "Indicators {step}, {first} to {last}", step=_STEP_NAMES[shown.months], first=first, last=last
    )


def nothing(shown: Trends, query: Query) -> Words:
    """Return what stands where there is no value, and what may be changed."""
    span = {"since": day(query.period.since), "until": day(query.period.until)}
    if not shown.spans:
        return message(
            "From {since} to {until} there is no whole month: choose a longer range of days.", **span
        )
    if query.verified_only:
        return message(
            "No indicator of this ward is on record from {since} to {until}. Choose other days, or show "
            "illustrative figures too where there are any.",
            **span,
        )
    return message(
        "No indicator of this ward is on record from {since} to {until}. Choose other days.", **span
    )


def total(trend: Trend) -> Words:
    """Return the figure of the whole range; an apportioned one behind the sign of what is about right."""
    return _figure(trend, trend.total.value, is_apportioned=trend.total.is_apportioned)


def is_known(trend: Trend) -> bool:
    """Return whether there is a figure of the whole range."""
    return not isnan(trend.total.value)


def total_note(trend: Trend) -> Words | str:
    """Return what the figure of the range is of: the range, what share of it was reported, or its day."""
    of = trend.total
    if of.as_of is not None:
        return message("on {day}", day=day(of.as_of))
    if isnan(of.value):
        return ""
    if isnan(of.reported_pct) or of.reported_pct >= WHOLE_PCT:
        return message("in the range")
    told = message("in {share} of the range", share=percent(of.reported_pct))
    if of.reported_pct >= LEAST_REPORTED_PCT:
        return told
    return joined(", ", [told, message("reported too little")])


def total_hint(trend: Trend) -> Words | str:
    """Return what share of the range the figure rests on, in full."""
    pct = trend.total.reported_pct
    return "" if isnan(pct) else message("reports cover {share} of the time", share=percent(pct))


def latest(trend: Trend, shown: Trends) -> Words:
    """Return the value of the last step that has one, with the name of the step."""
    step = step_name(shown.spans[trend.last], shown.months)
    name = {1: message("month {step}", step=step), 12: message("year {step}", step=step)}.get(
        shown.months, step
    )
    if trend.last < len(shown.spans) - 1:
        name = message("last on record, {step}", step=name)
    return joined(": ", [name, written(trend, trend.last)])


def written(trend: Trend, at: int) -> Words:
    """Return the value of a step; an apportioned one behind the sign of what is about right."""
    return _figure(trend, trend.values[at], is_apportioned=trend.apportioned[at])


def _figure(trend: Trend, value: float, *, is_apportioned: bool) -> Words:
    if not is_apportioned:
        return number(value, 1)
    # Tenths of a case are no more exact than whole ones.
    return approximately(value, 1 if trend.unit == "%" else 0)


def read_out(trend: Trend, shown: Trends) -> Words:
    """Return every value of a chart, for those who can't see it."""
    values = [
        joined(": ", [_short_name(span, shown.months), written(trend, at)])
        for at, span in enumerate(shown.spans)
    ]
    return message("{indicator}, {values}", indicator=trend.name, values=joined("; ", values))


def compared(trend: Trend) -> Words:
    """Return the value a year before, and the change since then where both are of the same ground."""
    before = trend.before[trend.last]
    if isnan(before):
        return message("a year before: not known")
    told = message(
        "a year before: {value}",
        value=_figure(trend, before, is_apportioned=trend.is_before_apportioned),
    )
    if trend.is_redrawn:
        return joined(", ", [told, message("redrawn since, not directly comparable")])
    change = trend.change_pct
    if isnan(change):
        return told
    sign = "+" if change > 0 else "\N{MINUS SIGN}" if change < 0 else ""
    return joined("", [told, f" ({sign}", number(abs(change), 1), _PER_CENT, ")"])
