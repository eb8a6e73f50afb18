"""The indicators of one ward over the months, quarters or years of a range, as pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import pandas as pd
from markupsafe import Markup

from dashboard.query.caching import cached_up_to
from dashboard.subjects.ward.sparklines import as_image, sparkline
from dashboard.ui.abbreviations import explained
from dashboard.ui.citations import badge
from dashboard.ui.formats import day, number, unit_name
from geodata.indicators.comparison import compare_with_year_before, year_before
from geodata.indicators.index import IndicatorIndex
from geodata.indicators.indicators import indicator_values
from geodata.language import Language, message, translate
from geodata.period import Period

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

_STEP_NAMES = {1: message("by month"), 3: message("by quarter"), 12: message("by year")}
_QUARTERS = ("I", "II", "III", "IV")
_DIRECTIONS = {
    "higher": ("▲", message("higher is better")),
    "lower": ("▼", message("lower is better")),
    "context": ("", message("neither higher nor lower is better")),
}


@dataclass(frozen=True)
class Trend:
    """One indicator of one ward.

    Attributes
    ----------
    name, unit, direction, kind
        As the catalogue has them; the name in the reader's language.
    values, before
        One value a step, NaN where missing, and those of the same steps a year before.
    last
        The last step that has a value.
    change_pct
        Its change against the year before in %; NaN for percentages and small counts.
    apportioned
        Whether each value was reckoned from units of other boundaries by their share.
    is_illustrative
        One of the values was generated.
    """

    name: str
    unit: str
    direction: str
    kind: str
    values: tuple[float, ...]
    before: tuple[float, ...]
    apportioned: tuple[bool, ...]
    last: int
    change_pct: float
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
    shown
        The indicators that have a value, in the order of the catalogue.
    """

    months: int
    spans: tuple[Span, ...]
    shown: tuple[Trend, ...]

    @property
    def is_illustrative(self) -> bool:
        """Whether one of the values was generated."""
        return any(trend.is_illustrative for trend in self.shown)


def spans_of(period: Period, months: int) -> tuple[Span, ...]:
    """Return first and last day of the whole months, quarters or years within a range."""
    last = pd.Timestamp(period.until)
    starts = pd.date_range(pd.Timestamp(period.since), last, freq=STEPS[months])
    day_before = pd.Timedelta(days=1)
    spans = [(start, start + pd.DateOffset(months=months) - day_before) for start in starts]
    return tuple(span for span in spans if span[1] <= last)


def ward_trends(index: IndicatorIndex, key: tuple[str, str], period: Period, language: Language) -> Trends:
    """Return the indicators of a ward over the shortest steps that fit in a small chart and have a value.

    Parameters
    ----------
    index
        See `ward_index`.
    key
        Vintage and code of the ward.
    period
        The range; steps lie in it whole.
    language
        Language of the reader.
    """
    found = Trends(1, (), ())
    for months in STEPS:
        spans = spans_of(period, months)
        if 0 < len(spans) <= MOST_STEPS:
            drawn = (
                _trend(index, code, key, spans, language)
                for code in index.catalogue.index
                if code not in LEFT_OUT and len(index.rows[code].ward)
            )
            found = Trends(months, spans, tuple(trend for trend in drawn if trend is not None))
            if found.shown:
                break
    return found


def _trend(
    index: IndicatorIndex, code: str, key: tuple[str, str], spans: Sequence[Span], language: Language
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
    if not isnan(before[last]):
        compared = compare_with_year_before(index, code, *spans[last], key[0])
        change = float(compared.loc[compared["unit_code"] == key[1], "change_pct"].iloc[0])
    return Trend(
        name=str(entry["indicator_name" if language == "vi" else "indicator_name_en"]),
        unit=str(entry["unit"]),
        direction=str(entry["direction"]),
        kind=str(entry["kind"]),
        values=values,
        before=before,
        apportioned=tuple(known[span][1] for span in spans),
        last=last,
        change_pct=change,
        is_illustrative=any(is_illustrative for *_, is_illustrative in known.values()),
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


def step_name(span: Span, months: int, language: Language) -> str:
    """Return the name of a step: 10/2026, quý III/2026, 2026."""
    start = span[0]
    if months == 1:
        return f"{start:%m/%Y}"
    if months == 3:
        return translate(
            "quarter {quarter}/{year}", language, quarter=_QUARTERS[start.quarter - 1], year=start.year
        )
    return f"{start:%Y}"


def _short_name(span: Span, months: int) -> str:
    start = span[0]
    return f"{_QUARTERS[start.quarter - 1]}/{start:%Y}" if months == 3 else step_name(span, months, "vi")


def trends_block(trends: Trends, period: Period, language: Language, *, verified_only: bool) -> Markup:
    """Return the small charts of a ward with their legend; without any value, what may be changed."""
    if not trends.shown:
        return Markup('<h2 class="hp-group">{}</h2><p class="hp-none">{}</p>').format(
            translate("Indicators", language), _nothing(trends, period, language, verified_only=verified_only)
        )
    cards = Markup("").join(_card(trend, trends, language) for trend in trends.shown)
    ends = {
        "first": step_name(trends.spans[0], trends.months, language),
        "last": step_name(trends.spans[-1], trends.months, language),
    }
    heading = translate(
        "Indicators {step}, {first} to {last}",
        language,
        step=_STEP_NAMES[trends.months].render(language),
        **ends,
    )
    return Markup(
        '<h2 class="hp-group">{} {}</h2><div class="hp-trends">{}</div><p class="hp-notes">{}</p>'
    ).format(heading, badge(language) if trends.is_illustrative else "", cards, _legend(trends, language))


def _nothing(trends: Trends, period: Period, language: Language, *, verified_only: bool) -> str:
    span = {"since": day(period.since, language), "until": day(period.until, language)}
    if not trends.spans:
        return translate(
            "From {since} to {until} there is no whole month: choose a longer range of days.",
            language,
            **span,
        )
    if verified_only:
        return translate(
            "No indicator of this ward is on record from {since} to {until}. Choose other days, or show "
            "illustrative figures too where there are any.",
            language,
            **span,
        )
    return translate(
        "No indicator of this ward is on record from {since} to {until}. Choose other days.", language, **span
    )


def _legend(trends: Trends, language: Language) -> Markup:
    apportioned = Markup("")
    if any(any(trend.apportioned) for trend in trends.shown):
        apportioned = Markup(' <span><i class="hp-line hp-thin"></i>≈ {}</span>').format(
            translate("apportioned from other boundaries", language)
        )
    return Markup(
        '<span><i class="hp-line"></i>{}</span> <span><i class="hp-line hp-dashed"></i>{}</span> '
        "<span>× {}</span> <span>▲ {}</span> <span>▼ {}</span>{}"
    ).format(
        translate("within the range", language),
        translate("same period a year before", language),
        translate("not known", language),
        _DIRECTIONS["higher"][1].render(language),
        _DIRECTIONS["lower"][1].render(language),
        apportioned,
    )


def _card(trend: Trend, trends: Trends, language: Language) -> Markup:
    sign, meaning = _DIRECTIONS[trend.direction]
    latest = ""
    if trend.last < len(trends.spans) - 1:
        latest = translate(
            "up to {step}", language, step=_short_name(trends.spans[trend.last], trends.months)
        )
    values = "; ".join(
        f"{_short_name(span, trends.months)}: {_written(at, trend, language)}"
        for at, span in enumerate(trends.spans)
    )
    about = translate("{indicator}, {values}", language, indicator=trend.name, values=values)
    drawing = sparkline(trend.values, trend.before, trend.apportioned, from_zero=trend.unit != "%")
    # A sign that wraps alone would belong to nothing.
    name = Markup("\N{NO-BREAK SPACE}").join(
        [
            explained(trend.name, language),
            Markup('<abbr title="{}">{}</abbr>').format(meaning.render(language), sign),
        ]
        if sign
        else [explained(trend.name, language)]
    )
    return Markup(
        '<figure class="hp-trend"><figcaption>{}</figcaption>'
        "<p><b>{}</b> {} <span>{}</span></p>{}<p><span>{}</span></p></figure>"
    ).format(
        name,
        _written(trend.last, trend, language),
        unit_name(trend.unit, language),
        latest,
        as_image(drawing, about),
        _compared(trend, language),
    )


def _written(at: int, trend: Trend, language: Language) -> str:
    """Return the value of a step; an apportioned one behind the sign of what is about right."""
    told = number(trend.values[at], language, 1)
    return f"≈ {told}" if trend.apportioned[at] else told


def _compared(trend: Trend, language: Language) -> str:
    before = trend.before[trend.last]
    if isnan(before):
        return translate("a year before: not known", language)
    told = translate("a year before: {value}", language, value=number(before, language, 1))
    if isnan(trend.change_pct):
        return told
    sign = "+" if trend.change_pct > 0 else ""
    space = "\N{NO-BREAK SPACE}" if language == "vi" else ""
    change = number(trend.change_pct, language, 1).replace("-", "\N{MINUS SIGN}")
    return f"{told} ({sign}{change}{space}%)"


def trends_table(trends: Trends, language: Language) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """Return every value of the charts, one row an indicator and step, and the headings."""
    rows = [
        {
            "indicator": trend.name,
            "unit": unit_name(trend.unit, language),
            "since": start,
            "until": end,
            "value": value,
            "before": before,
            "apportioned": apportioned,
        }
        for trend in trends.shown
        for (start, end), value, before, apportioned in zip(
            trends.spans, trend.values, trend.before, trend.apportioned, strict=True
        )
    ]
    titles = {
        "indicator": translate("Indicator", language),
        "unit": translate("Unit of measure", language),
        "since": translate("First day", language),
        "until": translate("Last day", language),
        "value": translate("Value", language),
        "before": translate("Same period a year before", language),
        "apportioned": translate("Apportioned from other boundaries", language),
    }
    return pd.DataFrame(rows, columns=list(titles)), titles
