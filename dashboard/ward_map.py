"""What the ward map shows, as pure functions: figures of wards, their classes, legend, sentence and panel.

The bounds between classes rest on the figures of whole calendar months, quarters or years, not on the days
that are chosen (`yardstick`), so colours mean the same when the dates move.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from markupsafe import Markup

from dashboard import classification, data
from dashboard.abbreviations import meanings
from dashboard.classification import METHODS, MISSING, Bools, Floats, Ints
from dashboard.data import Publication, cached
from dashboard.formats import day, number, percent, sentence
from dashboard.known import Known, within_areas
from dashboard.maps import MapClass, frame_bounds, programme_classes
from dashboard.notes import badge, badge_text, source_notes
from dashboard.period import Period
from dashboard.static_files import FAR_M
from geodata.language import Language, Message, message, translate
from geodata.metrics import (
    STATION_DISTANCE_M,
    days_since,
    indicator_values,
    is_commune,
    pilot_coverage,
    with_criteria_shares,
)
from geodata.symbols import LAND, SECONDARY

STAGE = "stage"
"""The measure that is no figure: role and stage in the programme."""

NONE = "none"
"""What stands in a link for no second figure."""

PER = {
    "value": message("Total"),
    "per_1000": message("Per 1,000 residents"),
    "per_km2": message("Per km²"),
}
"""What a figure is set against, by the column of `geodata.metrics.indicator_values`."""

_PER_UNIT = {"per_1000": message("{unit} per 1,000 residents"), "per_km2": message("{unit} per km²")}

UNITS = {
    "vụ": message("cases"),
    "lượt": message("actions"),
    "tổ": message("teams"),
    "điểm": message("points"),
    "tiêu chí": message("criteria"),
    "ngày": message("days"),
}
"""The catalogue's units in words of both languages."""

SPANS = {"M": 30.4, "Q": 91.3, "Y": 365.25}
"""Calendar spans by pandas' name, and their length in days."""

MOST_WINDOWS = 24
"""So many of the latest spans make the bounds of classes."""

SQUARE_SIDE = 3
"""Classes of each of two figures."""

SHORT = {"M": message("month"), "Q": message("quarter"), "Y": message("year")}


@dataclass(frozen=True)
class Measure:
    """A figure that a map can show.

    Attributes
    ----------
    code
        Its name in a link: an indicator of the catalogue, or a key of `COVERAGE`.
    name, unit
        Vietnamese and English text.
    direction, kind, adds_up
        As in the catalogue of indicators.
    """

    code: str
    name: tuple[str, str]
    unit: str
    direction: str
    kind: str
    adds_up: bool = False

    def title(self, language: Language) -> str:
        """Return its name."""
        return self.name[language == "en"]


_COVERAGE: dict[str, tuple[Message, str, str, str]] = {
    STAGE: (message("Role and stage in the programme"), "", "context", "level"),
    "days_since": (message("Days since the last inspection"), "ngày", "lower", "level"),
    "inspections": (message("Inspections within the range"), "lượt", "context", "count"),
    "criteria": (message("Criteria met of those assessed"), "%", "higher", "level"),
    "station_access": (
        message("Area within {distance} km of a station", distance=round(STATION_DISTANCE_M / 1000)),
        "%",
        "higher",
        "level",
    ),
    "inspected_area": (message("Area inspected within the range"), "%", "higher", "share"),
}

COVERAGE = {
    code: Measure(code, (name.render("vi"), name.render("en")), unit, direction, kind)
    for code, (name, unit, direction, kind) in _COVERAGE.items()
}
"""Figures of the programme and of its coverage."""


@dataclass(frozen=True)
class Choice:
    """What the page itself lets its reader choose.

    Attributes
    ----------
    measure, second
        Codes of one figure, and of the one it is set against or `NONE`.
    per
        A key of `PER`.
    method, class_count, own
        See `dashboard.classification.bounds`.
    is_played
        Whether the months of the range are played.
    """

    measure: str
    second: str = NONE
    per: str = "value"
    method: str = "quantiles"
    class_count: int = 5
    own: tuple[float, ...] = ()
    is_played: bool = False


@dataclass(frozen=True)
class Shown:
    """What the page shows; texts are in the reader's language, HTML is marked as such.

    Attributes
    ----------
    headline, subline, notes
        The sentence, the line under it and the line under the map; the latter two are HTML.
    classes, numbers, values, outlined, labels, badge, key, frames
        See `dashboard.maps.map_state`.
    figures
        One row a ward that is shown: the ward, value, rank, class and what is known of the figure.
    """

    headline: str
    subline: Markup
    notes: Markup
    classes: list[MapClass]
    numbers: list[int]
    values: list[str]
    outlined: list[str]
    labels: list[str]
    badge: str
    key: dict[str, Any]
    frames: dict[str, Any] | None
    figures: pd.DataFrame


def measures_of(catalogue: pd.DataFrame) -> dict[str, Measure]:
    """Return every figure that a map can show, by its code; the programme's own come first.

    Parameters
    ----------
    catalogue
        The layer ``indicator``.
    """
    return COVERAGE | {
        row["indicator_code"]: Measure(
            row["indicator_code"],
            (row["indicator_name"], row["indicator_name_en"]),
            row["unit"],
            row["direction"],
            row["kind"],
            bool(row["adds_up"]),
        )
        for row in catalogue.to_dict("records")
    }


def yardstick(period: Period, extent: Period, kind: str) -> tuple[str, list[Period]]:
    """Return the ranges of days whose figures make the bounds of classes, and the name of their length.

    They are the latest whole calendar months, quarters or years of the data, whichever comes nearest in
    length to the range that is chosen; only counts grow with it, everything else takes years. Where the whole
    of the data comes nearest, or no such span is whole, it is all of them; its name is empty.

    Parameters
    ----------
    period
        The range that is chosen.
    extent
        All days there are.
    kind
        The measure's kind.
    """

    def length(one: Period) -> int:
        return (one.until - one.since).days + 1

    lengths = {**SPANS, "": float(length(extent))}
    span = (
        min(lengths, key=lambda name: abs(math.log(length(period) / lengths[name])))
        if kind == "count"
        else "Y"
    )
    found = whole_spans(extent, span)[-MOST_WINDOWS:] if span else []
    return (span, found) if found else ("", [extent])


def whole_spans(period: Period, span: str) -> list[Period]:
    """Return the calendar months, quarters or years that lie whole within a range of days."""
    spans = pd.period_range(pd.Timestamp(period.since), pd.Timestamp(period.until), freq=span)
    ranges = [Period(one.start_time.date(), one.end_time.date()) for one in spans]
    return [one for one in ranges if one.since >= period.since and one.until <= period.until]


def coverage_figures(
    code: str, known: Known, vintage: str, summary: pd.DataFrame, criteria_set: pd.DataFrame
) -> pd.DataFrame:
    """Return a figure of the programme for each ward of a vintage, in the order of their codes.

    Parameters
    ----------
    code
        A key of `COVERAGE`.
    known
        What is known within the range.
    vintage
        The vintage of the wards.
    summary
        The rows of ``ward_summary`` of this vintage, for what has no date.
    criteria_set
        The layer of this name.

    Returns
    -------
    ``value`` (NaN where missing), ``is_illustrative``.
    """
    wards = known.of_vintage(vintage)
    codes = wards["ward_code"]
    illustrative = wards["is_illustrative"].astype("bool")
    if code == "days_since":
        values = days_since(pd.Timestamp(known.period.until), wards["last_inspection"])
    elif code == "inspected_area":
        values = wards["inspected_area_pct"]
    elif code == "station_access":
        values = summary["station_access_pct"]
        illustrative = pd.Series(False, index=wards.index)
    elif code == "inspections":
        rows = known.inspections_within()
        rows = rows[rows["vintage"] == vintage]
        values = codes.map(rows["ward_code"].value_counts()).fillna(0)
        illustrative = codes.isin(rows.loc[rows["is_illustrative"], "ward_code"])
    else:
        rows = known.inspection[known.inspection["vintage"] == vintage].drop_duplicates("ward_code")
        last = with_criteria_shares(rows, criteria_set).set_index("ward_code")
        values = codes.map(last["criteria_met_pct"])
        illustrative = codes.isin(last.index[last["is_illustrative"]])
    found = values.to_numpy("float64", na_value=np.nan)
    return pd.DataFrame(
        {"value": found, "is_illustrative": illustrative.to_numpy("bool") & np.isfinite(found)}
    )


def figure_text(value: float, measure: Measure, per: str, language: Language) -> str:
    """Return a figure with its unit; never a missing one as 0."""
    if math.isnan(value):
        return translate("no figure", language)
    if measure.unit == "%":
        return plain_text(value, measure, per, language)
    return f"{plain_text(value, measure, per, language)} {unit_text(measure, per, language)}"


def plain_text(value: float, measure: Measure, per: str, language: Language) -> str:
    """Return a figure without its unit, but for the sign of a percentage; empty where it is missing."""
    if math.isnan(value):
        return ""
    if measure.unit == "%":
        return percent(value, language)
    return number(value, language, _digits(value, per))


def _digits(value: float, per: str) -> int:
    return 1 if per == "value" else 2 if value >= 0.1 else 3


def unit_text(measure: Measure, per: str, language: Language) -> str:
    """Return the unit of a figure, with what it is set against."""
    unit = measure.unit
    if language == "en" and unit in UNITS:
        unit = UNITS[unit].render(language)
    return translate(_PER_UNIT[per].sentence, language, unit=unit) if per in _PER_UNIT else unit


def ranks(values: Floats, direction: str) -> pd.Series:
    """Return the rank of each figure, 1 for the best, or where none is better for the highest."""
    return pd.Series(values).rank(method="min", ascending=direction == "lower").astype("Int64")


def bound_text(bound: float, measure: Measure, language: Language) -> str:
    """Return a bound as the legend writes it, with all of its digits."""
    text = number(bound, language, 3)
    return (
        f"{text}\N{NO-BREAK SPACE}%"
        if measure.unit == "%" and language == "vi"
        else (f"{text}%" if measure.unit == "%" else text)
    )


def class_labels(between: Sequence[float], measure: Measure, language: Language) -> list[str]:
    """Return what each class holds, in words, from the lowest to the highest."""
    texts = [bound_text(bound, measure, language) for bound in between]
    if not texts:
        return [translate("all that are known", language)]
    middle = [
        translate("over {low} to {high}", language, low=low, high=high) for low, high in pairwise(texts)
    ]
    # No figure is below 0.
    lowest = texts[0] if between[0] == 0 else translate("up to {high}", language, high=texts[0])
    return [
        lowest,
        *middle,
        translate("over {low}", language, low=texts[-1]),
    ]


def missing_class(count: int, language: Language) -> MapClass:
    """Return the class of wards without a figure, which stands in each legend."""
    return MapClass(
        translate("No figure", language), number(count, language), SECONDARY, pattern="dots", outlined=False
    )


def outside_class(language: Language) -> MapClass:
    """Return the class of wards outside the chosen area, which are shown for their place only."""
    return MapClass(translate("Outside the chosen area", language), "", LAND, outlined=False, faded=True)


def legend_key(
    measure: Measure,
    per: str,
    figures: Floats,
    between: Sequence[float],
    span: str,
    method: str,
    language: Language,
) -> dict[str, Any]:
    """Return the legend of one figure as the map draws it.

    Returns
    -------
    ``title``, ``unit``, ``about`` (which end is dark, and what the bounds rest on), ``histogram`` (see
    `dashboard.classification.histogram`, its ends as text) and ``histogramLabel`` for those who can't see it.
    """
    bars = classification.histogram(figures, between)
    bars["ends"] = [figure_text(end, measure, per, language) for end in bars["ends"]]
    return {
        "title": measure.title(language),
        "hint": meanings(measure.title(language), language),
        "unit": unit_text(measure, per, language),
        "about": [darker_text(measure, language), bounds_text(method, span, language)],
        "histogram": bars,
        "histogramLabel": translate("How many wards have which figure", language),
    }


def darker_text(measure: Measure, language: Language) -> str:
    """Return what dark means."""
    return {
        "lower": translate("The darker, the higher and the worse", language),
        "higher": translate("The darker, the lower and the worse", language),
        "context": translate("The darker, the higher", language),
    }[measure.direction]


def bounds_text(method: str, span: str, language: Language) -> str:
    """Return how the classes were made, and that their bounds stay when dates move."""
    if method == "own":
        return translate("Own bounds", language)
    name = METHODS[method].render(language)
    if span:
        return translate(
            "{method}; bounds from each whole {span} of the data, so they stay when the dates move",
            language,
            method=name,
            span=SHORT[span].render(language),
        )
    return translate("{method}; bounds from all days of the data", language, method=name)


def bivariate_key(
    pair: Sequence[Measure], pers: Sequence[str], labels: Sequence[Sequence[str]], language: Language
) -> dict[str, Any]:
    """Return the square legend of two figures: ``rows`` by the first, ``columns`` by the second."""

    def axis(measure: Measure, per: str, texts: Sequence[str]) -> dict[str, Any]:
        unit = unit_text(measure, per, language)
        return {
            "title": measure.title(language),
            "unit": "" if unit == "%" else unit,
            "labels": list(texts),
        }

    return {
        "rows": axis(pair[0], pers[0], labels[0]),
        "columns": axis(pair[1], pers[1], labels[1]),
        "about": [
            translate("Darkest where both are worse", language)
            if "context" not in (pair[0].direction, pair[1].direction)
            else translate("The darker, the worse; without better or worse, the higher", language)
        ],
    }


def headline(
    measure: Measure, per: str, wards: pd.DataFrame, language: Language, *, is_illustrative: bool
) -> str:
    """Return the sentence that says where the figure is highest, or that there is none.

    Parameters
    ----------
    measure, per
        The figure.
    wards
        The wards that are shown with ``value``.
    language
        Language of the reader.
    is_illustrative
        Whether any of these figures was generated; the sentence then begins with that word.
    """
    name = measure.title(language)
    values = wards["value"]
    if not values.notna().any():
        return translate("{name}: no figure in this range of days", language, name=name)
    most = float(values.max())
    text = figure_text(most, measure, per, language)
    at_most = wards[values == most]
    if values.min() == most and len(at_most) > 1:
        told = translate(
            "{name}: {value} in all {count} units with a figure",
            language,
            name=name,
            value=text,
            count=number(len(at_most), language),
        )
    elif len(at_most) > 1:
        told = translate(
            "{name}: highest in {count} units, at {value}",
            language,
            name=name,
            count=number(len(at_most), language),
            value=text,
        )
    else:
        told = translate(
            "{name}: highest in {ward}, at {value}",
            language,
            name=name,
            ward=ward_name(at_most.iloc[0]),
            value=text,
        )
    return translate("Illustrative: {told}", language, told=told) if is_illustrative else told


def ward_name(ward: Any) -> str:
    """Return kind and name of a ward."""
    return f"{ward['ward_kind']} {ward['ward_name']}"


def stage_headline(wards: pd.DataFrame, language: Language) -> str:
    """Return the sentence of the map of roles and stages."""
    coverage = pilot_coverage(wards)
    counts = {
        "pilots": number(coverage.pilot_ward_count, language),
        "partly": number(coverage.partly_ward_count, language),
        "visits": number(coverage.visit_site_count, language),
        "count": number(coverage.ward_count, language),
    }
    if coverage.partly_ward_count:
        return translate(
            "Of {count} units {pilots} are in the pilot wholly, {partly} in part, {visits} are visit sites",
            language,
            **counts,
        )
    return translate(
        "Of {count} units {pilots} are in the pilot, {visits} are visit sites", language, **counts
    )


def subline(
    wards: pd.DataFrame,
    period: Period,
    vintage: str,
    language: Language,
    measure: Measure,
    *,
    is_illustrative: bool,
) -> Markup:
    """Return the line under the headline: days, boundaries, and how many wards reported.

    Parameters
    ----------
    wards
        The wards that are shown with ``value`` and ``days_pct``.
    period, vintage, language, measure
        What is chosen.
    is_illustrative
        Whether any of these figures was generated.
    """
    span = {"since": day(period.since, language), "until": day(period.until, language)}
    parts = [
        translate("{since} to {until}", language, **span),
        translate("boundaries of {vintage}", language, vintage=day(vintage, language)),
    ]
    wards = wards[is_commune(wards)]
    if measure.code != STAGE:
        reported = int(wards["value"].notna().sum())
        share = 100 * reported / len(wards) if len(wards) else math.nan
        parts.append(
            translate(
                "figures from {reported} of {count} units ({share})",
                language,
                reported=number(reported, language),
                count=number(len(wards), language),
                share=percent(share, language),
            )
        )
    covered = wards.loc[wards["value"].notna(), "days_pct"].mean()
    if pd.notna(covered):
        parts.append(translate("{share} of their days", language, share=percent(float(covered), language)))
    mark = badge(language) if is_illustrative else Markup("")
    return Markup('<p class="hp-sub">{} {}</p>').format(mark, " · ".join(parts))


def ward_panel(
    ward: pd.Series,
    measure: Measure,
    per: str,
    second: Measure | None,
    ranked: int,
    sources: Markup,
    language: Language,
) -> Markup:
    """Return what is known of the figure of one ward, as HTML.

    Parameters
    ----------
    ward
        Its row of `Shown.figures`.
    measure, per, second
        The figure, and the one it is set against.
    ranked
        How many wards have one.
    sources
        Where it comes from.
    language
        Language of the reader.
    """
    lines = []
    if pd.notna(ward["rank"]):
        order = {
            "lower": translate("1 is the lowest", language),
            "higher": translate("1 is the highest", language),
            "context": translate("1 is the highest", language),
        }[measure.direction]
        lines.append(
            translate(
                "Rank {rank} of {count} ({order})",
                language,
                rank=number(ward["rank"], language),
                count=number(ranked, language),
                order=order,
            )
        )
    if pd.notna(ward["days_pct"]):
        lines.append(
            translate(
                "Reported {share} of the days", language, share=percent(float(ward["days_pct"]), language)
            )
        )
    if pd.notna(ward["latest_day"]):
        lines.append(translate("Figure of {day}", language, day=day(ward["latest_day"], language)))
    if ward["is_apportioned"]:
        lines.append(translate("Divided among wards by area: not a count of its own", language))
    if second is not None:
        lines.append(f"{second.title(language)}: {ward['second_text']}")
    district = ward["district_name"] if isinstance(ward["district_name"], str) else ""
    value = (
        ward["class_label"] if measure.code == STAGE else figure_text(ward["value"], measure, per, language)
    )
    return Markup(
        '<h2 class="hp-ward">{} <span>{}</span></h2><p class="pw-figure">{} {}</p>{}<div>{}</div>'
    ).format(
        sentence(ward_name(ward)),
        district,
        value,
        badge(language) if ward["is_illustrative"] else "",
        Markup("").join(Markup('<p class="pw-line">{}</p>').format(line) for line in lines),
        sources,
    )


def table_titles(measure: Measure, per: str, second: Measure | None, language: Language) -> dict[str, str]:
    """Return the headings of the columns of the table that is handed over."""

    def titled(one: Measure, per: str) -> str:
        unit = unit_text(one, per, language)
        return f"{one.title(language)} ({unit})" if unit else one.title(language)

    titles = {
        "ward_code": translate("Code", language),
        "ward_kind": translate("Kind of unit", language),
        "ward_name": translate("Unit", language),
        "district_name": translate("District", language),
    }
    if measure.code != STAGE:
        titles |= {"value": titled(measure, per), "rank": translate("Rank", language)}
    titles["class_label"] = translate("Class", language)
    if second is not None:
        titles["second"] = titled(second, per if second.adds_up else "value")
    return titles | {
        "days_pct": translate("Share of days reported (%)", language),
        "latest_day": translate("Day of the figure", language),
        "is_apportioned": translate("Divided by area", language),
        "is_illustrative": translate("Illustrative", language),
    }


# Cached views.


@cached
def measures(published: Publication) -> dict[str, Measure]:
    """Return every figure that a map can show, by its code."""
    return measures_of(data.layer(published, "indicator"))


@cached
def figures(
    published: Publication, code: str, period: Period, vintage: str, *, verified_only: bool
) -> pd.DataFrame:
    """Return a figure of each ward of a vintage, in the order of the geometry.

    Returns
    -------
    value, per_1000, per_km2, days_pct (%), latest_day, is_apportioned, is_illustrative.
    """
    if code not in COVERAGE:
        index = data.indicator_index(published, verified_only=verified_only)
        ends = pd.Timestamp(period.since), pd.Timestamp(period.until)
        found = indicator_values(index, code, *ends, vintage)
        columns = ["value", "per_1000", "per_km2", "days_pct", "latest_day", "is_apportioned"]
        return pd.DataFrame(found[[*columns, "is_illustrative"]])
    found = coverage_figures(
        code,
        data.known(published, period, verified_only=verified_only),
        vintage,
        data.of_vintage(published, "ward_summary", vintage),
        data.layer(published, "criteria_set"),
    )
    return found.assign(
        per_1000=np.nan,
        per_km2=np.nan,
        days_pct=np.nan,
        latest_day=np.datetime64("NaT", "ns"),
        is_apportioned=False,
    )


@cached
def pool(
    published: Publication,
    code: str,
    per: str,
    windows: tuple[Period, ...],
    vintage: str,
    *,
    verified_only: bool,
) -> Floats:
    """Return the figures of all wards in several ranges of days: what the bounds of classes rest on."""
    reckon = figures.__wrapped__  # type: ignore[attr-defined]  # once only: not worth a place in the cache
    found = [
        reckon(published, code, window, vintage, verified_only=verified_only)[per].to_numpy()
        for window in windows
    ]
    return np.concatenate(found)


@cached
def bounds_of(
    published: Publication,
    measure: Measure,
    per: str,
    period: Period,
    vintage: str,
    method: str,
    class_count: int,
    own: tuple[float, ...],
    *,
    verified_only: bool,
) -> tuple[list[float], str]:
    """Return the bounds of classes, and the name of the spans that they rest on."""
    span, windows = yardstick(period, data.extent(published), measure.kind)
    pooled = pool(published, measure.code, per, tuple(windows), vintage, verified_only=verified_only)
    found = classification.bounds(pooled, method, class_count, own)
    if method != "own" and measure.unit != "%" and per == "value":
        # Counts of wards that a redrawing divided are broken, bounds need not be.
        found = sorted({float(round(bound)) for bound in found})
    return found, span


@cached
def city_frame(
    published: Publication, vintage: str, areas: tuple[str, ...]
) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the chosen areas; of the whole city without islands far off."""
    wards = data.of_vintage(published, "ward", vintage)
    chosen = within_areas(wards, areas)
    return frame_bounds(chosen, chosen["ward_code"].notna(), math.inf if areas else FAR_M)


@cached
def _sources_of(published: Publication, code: str, *, verified_only: bool) -> pd.DataFrame:
    rows = data.layer(published, "indicator_value")
    rows = rows[rows["indicator_code"] == code]
    if verified_only:
        rows = rows[~rows["is_illustrative"]]
    columns = ["vintage", "ward_code", "period_start", "period_end", "source"]
    return pd.DataFrame(rows[columns]).reset_index(drop=True)


def source_ids(
    published: Publication,
    measure: Measure,
    period: Period,
    vintage: str,
    *,
    verified_only: bool,
    ward: str | None = None,
) -> list[str]:
    """Return the sources of a figure within a range of days, of all wards or of one."""
    known = data.known(published, period, verified_only=verified_only)
    if measure.code == "station_access":
        rows = data.of_vintage(published, "station", vintage)
    elif measure.code == STAGE:
        rows = known.pilot_status
    elif measure.code in COVERAGE:
        rows = known.inspection
    else:
        rows = _sources_of(published, measure.code, verified_only=verified_only)
        ends = rows["period_end"] <= pd.Timestamp(period.until)
        begins = rows["period_start"] >= pd.Timestamp(period.since)
        rows = rows[ends if measure.kind == "level" else ends & begins]
    if ward is not None:
        own = rows[(rows["vintage"] == vintage) & (rows["ward_code"] == ward)]
        # A figure that came from another vintage rests on the sources of that one.
        rows = own if len(own) else rows
    return [str(source) for source in rows["source"].unique()]


@dataclass(frozen=True)
class _Asked:
    """What is asked for; see `Choice` and the frame's selection."""

    published: Publication
    choice: Choice
    period: Period
    vintage: str
    areas: tuple[str, ...]
    language: Language
    verified_only: bool

    def measure(self) -> Measure:
        """Return the figure that is shown."""
        return measures(self.published)[self.choice.measure]

    def second(self) -> Measure | None:
        """Return the figure it is set against."""
        return None if self.choice.second == NONE else measures(self.published)[self.choice.second]

    def per(self, measure: Measure) -> str:
        """Return what a figure is set against; of what does not add up it is the value itself."""
        return self.choice.per if measure.adds_up else "value"

    def known(self, period: Period) -> Known:
        """Return what is known within a range of days."""
        return data.known(self.published, period, verified_only=self.verified_only)

    def figures(self, measure: Measure, period: Period) -> pd.DataFrame:
        """Return a figure of each ward within a range of days."""
        return figures(self.published, measure.code, period, self.vintage, verified_only=self.verified_only)

    def amounts(self, measure: Measure, period: Period) -> Floats:
        """Return the figures as they are shown."""
        return self.figures(measure, period)[self.per(measure)].to_numpy("float64")

    def bounds(self, measure: Measure, period: Period) -> tuple[list[float], str]:
        """Return bounds and span; of two figures each has three classes, with alike many wards."""
        is_one = self.choice.second == NONE
        method, class_count = (
            (self.choice.method, self.choice.class_count) if is_one else ("quantiles", SQUARE_SIDE)
        )
        return bounds_of(
            self.published,
            measure,
            self.per(measure),
            period,
            self.vintage,
            method,
            class_count,
            self.choice.own if is_one else (),
            verified_only=self.verified_only,
        )

    def moments(self) -> list[Period]:
        """Return the whole months of the range, or of the data where the range has fewer than two."""
        within = whole_spans(self.period, "M")
        return within if len(within) > 1 else whole_spans(data.extent(self.published), "M")

    def moment(self) -> Period:
        """Return the range that is shown: the chosen one, or its last month where months are played."""
        return self.moments()[-1] if self.choice.is_played else self.period


@dataclass(frozen=True)
class _Painted:
    """The classes of all wards; ``numbers`` are `MISSING` where there is no figure."""

    labels: list[str]
    palette: list[str]
    numbers: Ints
    key: dict[str, Any]
    values: list[str]
    rows: pd.DataFrame


def _paint_one(asked: _Asked, rows: pd.DataFrame, inside: Bools) -> _Painted:
    measure, language = asked.measure(), asked.language
    per, amounts = asked.per(measure), rows["value"].to_numpy("float64")
    between, span = asked.bounds(measure, asked.moment())
    has_classes = bool(between) or bool(np.isfinite(amounts).any())
    labels = class_labels(between, measure, language) if has_classes else []
    return _Painted(
        labels,
        classification.colours(measure.direction, len(labels)),
        classification.class_numbers(amounts, between),
        legend_key(measure, per, amounts[inside], between, span, asked.choice.method, language),
        [plain_text(float(amount), measure, per, language) for amount in amounts],
        rows,
    )


def _paint_two(asked: _Asked, second: Measure, rows: pd.DataFrame) -> _Painted:
    language, pair = asked.language, (asked.measure(), second)
    pers = [asked.per(one) for one in pair]
    amounts = [asked.amounts(one, asked.period) for one in pair]
    betweens = [asked.bounds(one, asked.period)[0] for one in pair]
    labels = [class_labels(between, one, language) for between, one in zip(betweens, pair, strict=True)]
    first, other = (classification.class_numbers(*one) for one in zip(amounts, betweens, strict=True))
    texts = [
        [figure_text(float(amount), one, per, language) for amount in of_one]
        for of_one, one, per in zip(amounts, pair, pers, strict=True)
    ]
    darkest = (first == _worst(pair[0], len(labels[0]))) & (other == _worst(pair[1], len(labels[1])))
    illustrative = rows["is_illustrative"] | asked.figures(second, asked.period)["is_illustrative"].to_numpy()
    return _Painted(
        square_labels(pair, labels, language),
        classification.two_colours(pair[0].direction, pair[1].direction),
        np.where((first != MISSING) & (other != MISSING), SQUARE_SIDE * first + other, MISSING),
        bivariate_key(pair, pers, labels, language),
        [f"{one} · {two}" for one, two in zip(*texts, strict=True)],
        rows.assign(
            second=amounts[1], second_text=texts[1], is_illustrative=illustrative, is_darkest=darkest
        ),
    )


def _worst(measure: Measure, class_count: int) -> int:
    return 0 if measure.direction == "higher" else class_count - 1


def headline_of_two(
    pair: tuple[Measure, Measure], darkest: int, language: Language, *, is_illustrative: bool
) -> str:
    """Return the sentence that says how many wards are in the darkest class of both figures."""
    name = pair[1].title(language)
    told = translate(
        "{first} and {second}: {count} units are in the darkest class of both",
        language,
        first=pair[0].title(language),
        second=name[:1].lower() + name[1:],
        count=number(darkest, language),
    )
    return translate("Illustrative: {told}", language, told=told) if is_illustrative else told


def square_labels(pair: Sequence[Measure], labels: Sequence[Sequence[str]], language: Language) -> list[str]:
    """Return what each of the nine classes of two figures holds, in words, in their order."""

    def told(which: int, at: int) -> str:
        text = labels[which][at] if at < len(labels[which]) else translate("none", language)
        return f"{pair[which].title(language)}: {text}"

    return [
        f"{told(0, row)} · {told(1, column)}" for row in range(SQUARE_SIDE) for column in range(SQUARE_SIDE)
    ]


def _with_figures(asked: _Asked, rows: pd.DataFrame) -> pd.DataFrame:
    found = asked.figures(asked.measure(), asked.moment())
    columns = ["days_pct", "latest_day", "is_apportioned", "is_illustrative"]
    return rows.assign(
        value=found[asked.per(asked.measure())].to_numpy("float64"),
        **{column: found[column].to_numpy() for column in columns},
    )


def _classes_of(painted: _Painted, inside: Bools, language: Language) -> tuple[list[MapClass], Ints]:
    """Return the classes with their counts, missing and outside ones last, and the class of each ward."""
    numbers = painted.numbers
    counts = np.bincount(numbers[inside & (numbers != MISSING)], minlength=len(painted.labels))
    classes = [
        MapClass(label, number(count, language), colour, outlined=False)
        for label, count, colour in zip(painted.labels, counts, painted.palette, strict=True)
    ]
    classes.append(missing_class(int((numbers[inside] == MISSING).sum()), language))
    if not inside.all():
        classes.append(outside_class(language))
    return classes, _placed(numbers, len(painted.labels), inside)


def _placed(numbers: Ints, missing_at: int, inside: Bools) -> Ints:
    return np.where(inside, np.where(numbers == MISSING, missing_at, numbers), missing_at + 1)


def _frames(asked: _Asked, painted: _Painted, inside: Bools) -> dict[str, Any]:
    """Return the months of a figure as they are played; see `dashboard.maps.map_state`."""
    moments, measure = asked.moments(), asked.measure()
    between, _ = asked.bounds(measure, asked.moment())
    missing_at = len(painted.labels)
    numbers = [
        _placed(classification.class_numbers(asked.amounts(measure, one), between), missing_at, inside)
        for one in moments
    ]
    return played(moments, numbers, inside, missing_at + 1, asked.language)


def played(
    moments: Sequence[Period], numbers: Sequence[Ints], inside: Bools, class_count: int, language: Language
) -> dict[str, Any]:
    """Return moments as the map plays them: a digit a ward, and how many wards each class has.

    Parameters
    ----------
    moments
        Their ranges of days, months.
    numbers
        The class of each ward at each moment.
    inside
        The wards that count.
    class_count
        How many classes are counted.
    language
        Language of the reader.
    """
    return {
        "labels": [f"{one.since:%m/%Y}" for one in moments],
        "classes": ["".join(np.base_repr(at, 36).lower() for at in of_one) for of_one in numbers],
        "counts": [
            [
                number(count, language)
                for count in np.bincount(of_one[inside], minlength=class_count)[:class_count]
            ]
            for of_one in numbers
        ],
    }


def _programme(asked: _Asked, inside: Bools) -> tuple[list[MapClass], Ints, dict[str, Any] | None]:
    """Return the classes of roles and stages, the class of each ward, and the months that are played."""
    language = asked.language
    moments = asked.moments() if asked.choice.is_played else [asked.period]
    drawn = []
    for moment in reversed(moments):
        wards = asked.known(moment).of_vintage(asked.vintage)
        drawn.append(programme_classes(wards[inside], language))
    # The classes of the last moment come first; what was before and is no more, behind them.
    found = {entry.label: entry for classes, _ in drawn for entry in reversed(classes[:-1])}
    order = list(dict.fromkeys(entry.label for classes, _ in drawn for entry in classes[:-1]))
    classes = [found[label] for label in order] + [drawn[0][0][-1]]
    place = {entry.label: at for at, entry in enumerate(classes)}
    numbers = []
    for own, of_wards in drawn:
        at = np.full(len(inside), len(classes), dtype="int64")
        at[inside] = [place[own[one].label] for one in of_wards]
        numbers.append(at)
    counts = np.bincount(numbers[0][inside], minlength=len(classes))
    classes = [
        replace(entry, count=number(count, language), outlined=False)
        for entry, count in zip(classes, counts, strict=True)
    ]
    frames = (
        played(moments, numbers[::-1], inside, len(classes), language) if asked.choice.is_played else None
    )
    if not inside.all():
        classes.append(outside_class(language))
    return classes, numbers[0], frames


def show(asked: _Asked) -> Shown:
    """Return the map of a figure, of two figures, or of the programme."""
    language, measure, second = asked.language, asked.measure(), asked.second()
    moment = asked.moment()
    wards = asked.known(moment).of_vintage(asked.vintage)
    inside = wards["ward_code"].isin(within_areas(wards, asked.areas)["ward_code"]).to_numpy("bool")
    rows = wards[["ward_code", "ward_kind", "ward_name", "district_name"]].assign(
        second=np.nan, second_text=None
    )
    values: list[str] = []
    frames = None
    if measure.code == STAGE:
        classes, numbers, frames = _programme(asked, inside)
        rows = rows.assign(
            value=np.where(wards["role"].notna(), 1.0, np.nan),
            days_pct=np.nan,
            latest_day=np.datetime64("NaT", "ns"),
            is_apportioned=False,
            # Roles and stages are facts; that a ward outside the programme was inspected may be none.
            is_illustrative=wards["role"].isna()
            & (wards["is_inspected"] | wards["is_partly_inspected"])
            & wards["is_illustrative"],
        )
        key: dict[str, Any] = {"title": measure.title(language), "unit": "", "about": []}
    else:
        rows = _with_figures(asked, rows)
        painted = _paint_one(asked, rows, inside) if second is None else _paint_two(asked, second, rows)
        classes, numbers = _classes_of(painted, inside, language)
        rows, values, key = painted.rows, painted.values, painted.key
        if asked.choice.is_played:
            frames = _frames(asked, painted, inside)
    labels = np.array([entry.label for entry in classes], dtype="object")
    rows = rows[inside].assign(class_label=labels[numbers[inside]])
    ranked = rows["value"] if measure.code != STAGE else rows["value"] * np.nan
    rows = rows.assign(rank=ranks(ranked.to_numpy("float64"), measure.direction).to_numpy())
    is_illustrative = bool(rows["is_illustrative"].any())
    marked = wards["role"].notna() if measure.code == STAGE else wards["role"].eq("pilot").fillna(False)
    pilots = wards.loc[inside & marked.to_numpy("bool"), "ward_code"]
    return Shown(
        headline=_sentence(
            asked, wards[inside], rows, is_illustrative=is_illustrative and measure.code != STAGE
        ),
        subline=subline(rows, moment, asked.vintage, language, measure, is_illustrative=is_illustrative),
        notes=Markup('<div class="hp-notes">{}</div>').format(
            source_notes(_all_sources(asked), data.layer(asked.published, "source"), language)
        ),
        classes=classes,
        numbers=[int(at) for at in numbers],
        values=values,
        outlined=list(pilots),
        labels=list(pilots),
        badge=badge_text(language) if is_illustrative else "",
        key=key,
        frames=frames,
        figures=rows,
    )


def _sentence(asked: _Asked, wards: pd.DataFrame, rows: pd.DataFrame, *, is_illustrative: bool) -> str:
    """Return the headline."""
    measure, language = asked.measure(), asked.language
    if asked.choice.is_played:
        moments = asked.moments()
        told = translate(
            "{name}, month by month from {since} to {until}",
            language,
            name=measure.title(language),
            since=f"{moments[0].since:%m/%Y}",
            until=f"{moments[-1].since:%m/%Y}",
        )
        return translate("Illustrative: {told}", language, told=told) if is_illustrative else told
    if measure.code == STAGE:
        return stage_headline(wards, language)
    second = asked.second()
    if second is not None:
        return headline_of_two(
            (measure, second), int(rows["is_darkest"].sum()), language, is_illustrative=is_illustrative
        )
    return headline(measure, asked.per(measure), rows, language, is_illustrative=is_illustrative)


def _all_sources(asked: _Asked) -> list[str]:
    """Return the sources of all figures that are shown, each once."""
    period = asked.moment()
    ids = [
        one
        for measure in (asked.measure(), asked.second())
        if measure is not None
        for one in source_ids(
            asked.published, measure, period, asked.vintage, verified_only=asked.verified_only
        )
    ]
    return list(dict.fromkeys(ids))


@cached
def shown(
    published: Publication,
    choice: Choice,
    period: Period,
    vintage: str,
    areas: tuple[str, ...],
    language: Language,
    *,
    verified_only: bool,
) -> Shown:
    """Return the map of a figure, of two figures, or of the programme."""
    return show(_Asked(published, choice, period, vintage, areas, language, verified_only))


def map_layer(published: Publication, vintage: str, rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the wards of the table with their outlines, for a GeoPackage."""
    wards = data.of_vintage(published, "ward", vintage)[["vintage", "ward_code", "geometry"]]
    text = rows.assign(second_text=rows["second_text"].astype("str"))
    joined: gpd.GeoDataFrame = wards.merge(
        text.drop(columns="second_text"), on="ward_code", how="inner", validate="one_to_one"
    )
    return joined


@cached
def panel(
    published: Publication,
    choice: Choice,
    period: Period,
    vintage: str,
    areas: tuple[str, ...],
    ward: str,
    language: Language,
    *,
    verified_only: bool,
) -> Markup:
    """Return what is known of the figure of one ward, as HTML."""
    facts = {"verified_only": verified_only}
    rows = shown(published, choice, period, vintage, areas, language, **facts).figures
    measure = measures(published)[choice.measure]
    ids = source_ids(published, measure, period, vintage, ward=ward, **facts)
    return ward_panel(
        rows[rows["ward_code"] == ward].iloc[0],
        measure,
        choice.per if measure.adds_up else "value",
        None if choice.second == NONE else measures(published)[choice.second],
        int(rows["rank"].notna().sum()),
        source_notes(ids, data.layer(published, "source"), language),
        language,
    )


def no_panel(language: Language) -> Markup:
    """Return what stands in place of the panel while no ward is chosen."""
    return Markup('<p class="hp-none">{}</p>').format(
        translate("Choose a ward on the map for its figure, rank and sources.", language)
    )
