"""How a figure, a difference, a change, a rank and a share that reported are written."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from dashboard.subjects.comparison.measures import Measure
from dashboard.subjects.comparison.periods import has_year_before
from dashboard.ui.formats import day, missing, number, percent
from geodata.language import Language, message, translate
from geodata.period import Period


def figure_text(value: float, measure: Measure, language: Language) -> str:
    """Return a figure as it is written; what is not 0 never shows as 0."""
    if pd.isna(value):
        return missing(language)
    if measure.is_percentage:
        return percent(value, language)
    digits = 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 3
    if 0 < value < 0.001:
        return f"< {number(0.001, language, 3)}"
    return number(value, language, digits)


def count_text(value: float, measure: Measure, language: Language) -> str:
    """Return a number of cases with its unit; parts of one come from wards that were divided."""
    if pd.isna(value):
        return missing(language)
    return f"{number(value, language, 1)} {measure.count_unit}"


_JUDGED = {
    ("higher", True): message("better"),
    ("higher", False): message("worse"),
    ("lower", True): message("worse"),
    ("lower", False): message("better"),
}


def difference_text(difference: float, measure: Measure, language: Language) -> Markup:
    """Return how far a figure lies from the city's: an arrow, the distance, and whether that is better."""
    if pd.isna(difference):
        return Markup("{}").format(missing(language))
    if abs(difference) < 1e-9:
        return Markup("{}").format(translate("the same", language))
    size = figure_text(abs(difference), measure, language)
    if measure.is_percentage:
        size = _points(difference, language)
    told = (
        translate("{size} higher", language, size=size)
        if difference > 0
        else translate("{size} lower", language, size=size)
    )
    return _judged(difference, told, measure, language)


def year_text(row: Mapping[Any, Any], measure: Measure, period: Period, language: Language) -> Markup:
    """Return a figure's change against the same period a year before, and over which wards."""
    if not has_year_before(measure, period):
        return Markup('<span class="cp-quiet">{}</span>').format(
            translate("for a range of up to a year", language)
        )
    difference = row.get("difference", np.nan)
    if pd.isna(difference):
        return Markup("{}").format(missing(language))
    change = change_text(difference, row.get("change_pct", np.nan), measure, language)
    hint = translate(
        "{before} a year before, {now} now, over the {count} wards that reported both times",
        language,
        before=_plain(row["compared_previous"], measure, language),
        now=_plain(row["compared_value"], measure, language),
        count=number(row["compared_count"], language),
    )
    return Markup('<span title="{}">{}</span>').format(hint, change)


def _plain(value: float, measure: Measure, language: Language) -> str:
    return percent(value, language) if measure.is_percentage else count_text(value, measure, language)


def change_text(difference: float, change_pct: float, measure: Measure, language: Language) -> Markup:
    """Return a change of a value: an arrow, the words, a percentage where one is given, and a judgement."""
    if abs(difference) < 1e-9:
        return Markup("{}").format(translate("unchanged", language))
    size = (
        _points(difference, language)
        if measure.is_percentage
        else count_text(abs(difference), measure, language)
    )
    if pd.notna(change_pct):
        size += f" ({percent(abs(change_pct), language)})"
    told = (
        translate("up by {size}", language, size=size)
        if difference > 0
        else translate("down by {size}", language, size=size)
    )
    return _judged(difference, told, measure, language)


def _points(difference: float, language: Language) -> str:
    size = abs(difference)
    shown = number(size, language, 2 if size < 1 else 1) if size >= 0.01 else f"< {number(0.01, language, 2)}"
    return translate("{count} percentage points", language, count=shown)


def _judged(difference: float, told: str, measure: Measure, language: Language) -> Markup:
    judged = _JUDGED.get((measure.direction, difference > 0))
    arrow = "▲" if difference > 0 else "▼"
    if judged is None:
        return Markup('<span aria-hidden="true">{}</span> {}').format(arrow, told)
    name = {"better": "cp-better", "worse": "cp-worse"}[judged.sentence]
    return Markup('<span aria-hidden="true">{}</span> {} · <b class="{}">{}</b>').format(
        arrow, told, name, judged.render(language)
    )


def rank_text(row: Mapping[Any, Any], language: Language) -> str:
    """Return a unit's rank among all of its level; nothing where it has none."""
    if pd.isna(row.get("rank", np.nan)) or row["rank_count"] < 2:
        return ""
    return translate(
        "{rank} of {count}",
        language,
        rank=number(row["rank"], language),
        count=number(row["rank_count"], language),
    )


def reported_text(row: Mapping[Any, Any], measure: Measure, language: Language) -> str:
    """Return what of a unit stands behind its figure: wards and days that reported."""
    if measure.kind == "coverage":
        return ""
    if pd.isna(row.get("reporting_count", np.nan)):
        return missing(language)
    wards = translate(
        "{count} of {all} wards",
        language,
        count=number(row["reporting_count"], language),
        all=number(row["ward_count"], language),
    )
    if measure.kind == "level":
        if pd.isna(row["latest_day"]):
            return wards
        return f"{wards} · " + translate("oldest of {day}", language, day=day(row["latest_day"], language))
    share = row["days_pct"]
    return (
        wards
        if pd.isna(share)
        else f"{wards} · " + translate("{share} of days", language, share=percent(share, language))
    )


def with_unit(value: float, measure: Measure, language: Language) -> str:
    """Return a figure with its unit as it stands within a sentence."""
    text = figure_text(value, measure, language)
    return text if measure.is_percentage else f"{text} {measure.unit}"
