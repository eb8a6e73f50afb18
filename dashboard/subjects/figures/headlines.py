"""The sentence that says what the map shows, and the line under it."""

import math

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.figures.choices import STAGE, Measure
from dashboard.subjects.figures.words import figure_text, ward_name
from dashboard.ui.citations import badge
from dashboard.ui.formats import day, number, percent
from geodata.language import Language, translate
from geodata.period import Period
from geodata.programme.coverage import pilot_coverage
from geodata.wards.units import is_commune


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
