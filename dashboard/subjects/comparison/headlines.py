"""The sentences that say what a comparison shows, and the lines under and after it."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from dashboard.subjects.comparison.measures import Measure
from dashboard.subjects.comparison.units import DISTRICT, WARD
from dashboard.subjects.comparison.words import figure_text, with_unit
from dashboard.ui.citations import badge, source_notes
from dashboard.ui.formats import day, in_words, number, sentence
from geodata.definitions import DEFINITIONS
from geodata.language import Language, message, translate
from geodata.period import Period

_NOUNS = {
    frozenset({"quận"}): message("urban districts"),
    frozenset({"huyện"}): message("rural districts"),
    frozenset({"phường"}): message("urban wards"),
    frozenset({"xã"}): message("communes"),
}


def noun_of(units: pd.DataFrame, language: Language) -> str:
    """Return what units are called together: by their kind where they share one, else by their level."""
    noun = _NOUNS.get(frozenset(units["kind"]))
    if noun is None:
        levels = set(units["level"])
        noun = (
            message("districts")
            if levels == {DISTRICT}
            else message("wards and communes")
            if levels == {WARD}
            else message("units")
        )
    return noun.render(language)


_OUTSTANDING = {
    (True, False): message("{unit} is lowest of {count} {noun} in {measure}"),
    (True, True): message("{unit} are jointly lowest of {count} {noun} in {measure}"),
    (False, False): message("{unit} is highest of {count} {noun} in {measure}"),
    (False, True): message("{unit} are jointly highest of {count} {noun} in {measure}"),
}
"""By whether it is the lowest, and whether there are several."""


def headline(
    rows: pd.DataFrame, units: pd.DataFrame, measure: Measure, language: Language, *, is_illustrative: bool
) -> str:
    """Return the sentence that says which unit stands out, and how it stands to the city.

    Parameters
    ----------
    rows
        See `figures.compared_rows`, of one period.
    units
        Those of `units.units_of` that are compared.
    measure
        What is compared.
    language
        Language of the reader.
    is_illustrative
        A figure of it was generated: the sentence then begins with that word, since it may be quoted alone.
    """
    noun = noun_of(units, language)
    told = rows[rows["shown"].notna()]
    of = {"measure": measure.told, "count": in_words(len(rows), language), "noun": noun}
    if told.empty:
        return translate("No figure on record of {measure} for these {count} {noun}", language, **of)
    if len(told) == 1:
        text = translate(
            "Of {count} {noun} only {unit} has a figure on record of {measure}: {value}",
            language,
            **of,
            unit=told["title"].iloc[0],
            value=with_unit(told["shown"].iloc[0], measure, language),
        )
        return _marked(text, language, is_illustrative=is_illustrative)
    is_lowest = measure.direction == "lower"
    end = told["shown"].min() if is_lowest else told["shown"].max()
    first = told[np.isclose(told["shown"].astype("float64"), end, rtol=1e-9, atol=0)]
    if len(first) == len(told):
        text = translate(
            "{measure} is the same in all {count} {noun}: {value}",
            language,
            **{
                **of,
                "count": in_words(len(told), language),
            },
            value=with_unit(end, measure, language),
        )
        return _marked(sentence(text), language, is_illustrative=is_illustrative)
    of["count"] = in_words(len(told), language)
    names = _listed([str(title) for title in first["title"]], language)
    told_of = _OUTSTANDING[is_lowest, len(first) > 1]
    text = translate(told_of.sentence, language, **of, unit=names)
    text += _against_city(end, first["city"].iloc[0], language)
    return _marked(text, language, is_illustrative=is_illustrative)


def _against_city(value: float, city: float, language: Language) -> str:
    if pd.isna(city):
        return ""
    if np.isclose(value, city, rtol=1e-9):
        return ", " + translate("equal to the city's mean", language)
    if value < city:
        return ", " + translate("below the city's mean", language)
    return ", " + translate("above the city's mean", language)


def _listed(names: Sequence[str], language: Language) -> str:
    if len(names) == 1:
        return names[0]
    return translate("{names} and {last}", language, names=", ".join(names[:-1]), last=names[-1])


def _marked(text: str, language: Language, *, is_illustrative: bool) -> str:
    return translate("Illustrative: {told}", language, told=text) if is_illustrative else text


def period_headline(
    rows: pd.DataFrame,
    unit: str,
    measure: Measure,
    language: Language,
    *,
    is_year_before: bool,
    is_illustrative: bool,
) -> str:
    """Return the sentence that says how a figure of one unit differs between two periods.

    Parameters
    ----------
    rows
        See `figures.compared_rows`, of two periods, the one of the page first.
    unit
        Name of the unit.
    measure, language, is_illustrative
        See `headline`.
    is_year_before
        The other period is the same one a year before.
    """
    now, before = (float(value) for value in rows["shown"].iloc[:2])
    of = {"unit": unit, "measure": measure.told}
    if pd.isna(now) or pd.isna(before):
        known_count = int(rows["shown"].notna().sum())
        text = (
            translate("{unit}: {measure} is on record for one of the two periods only", language, **of)
            if known_count
            else translate("{unit}: no figure on record of {measure} in either period", language, **of)
        )
        return _marked(text, language, is_illustrative=is_illustrative and bool(known_count))
    of |= {"now": figure_text(now, measure, language), "before": figure_text(before, measure, language)}
    if np.isclose(now, before, rtol=1e-9):
        text = translate("{unit}: {measure} is {now}, as in the other period", language, **of)
    elif now > before:
        text = translate("{unit}: {measure} is {now}, up from {before}", language, **of)
    else:
        text = translate("{unit}: {measure} is {now}, down from {before}", language, **of)
    if is_year_before:
        text += " " + translate("in the same period a year before", language)
    return _marked(text, language, is_illustrative=is_illustrative)


def subline(
    spans: Sequence[Period], measure: Measure, language: Language, *, is_illustrative: bool
) -> Markup:
    """Return the line under the headline: which days, and what the figure means."""
    mark = badge(language) if is_illustrative else Markup("")
    line = " · ".join(
        translate(
            "from {since} to {until}",
            language,
            since=day(one.since, language),
            until=day(one.until, language),
        )
        for one in spans
    )
    lengths = [(one.until - one.since).days + 1 for one in spans]
    if measure.kind == "count" and len(set(lengths)) > 1 and abs(lengths[0] - lengths[-1]) > 1:
        line += " · " + translate(
            "the periods differ in length: {now} and {before} days",
            language,
            now=number(lengths[0], language),
            before=number(lengths[1], language),
        )
    definition = DEFINITIONS[measure.code if measure.kind == "coverage" else f"indicator_{measure.kind}"]
    how = Markup('<abbr tabindex="0" title="{}">{}</abbr>').format(
        definition.formula.render(language), translate("How it is reckoned", language)
    )
    return Markup('<p class="hp-sub">{} {} · {}</p>').format(mark, sentence(line), how)


def no_figures_note(language: Language, *, verified_only: bool, has_illustrative: bool) -> Markup:
    """Return why no indicator has a figure and what to do about it."""
    told = translate("No indicator values are on record with these filters.", language)
    if verified_only and has_illustrative:
        told += " " + translate(
            "Illustrative figures come with the switch “Verified facts only” above turned off.", language
        )
    told += " " + translate(
        "Staff bring in real ones with “pilot-wards template” and “pilot-wards import”.", language
    )
    return Markup('<p class="hp-none">{}</p>').format(told)


def sources_html(
    sources: Iterable[str], wards: pd.DataFrame, source: pd.DataFrame, language: Language
) -> Markup:
    """Return the sources of figures and outlines, as links that open in place."""
    return Markup('<div class="hp-notes">{}</div>').format(
        source_notes([*sources, *wards["boundary_source"].unique()], source, language)
    )
