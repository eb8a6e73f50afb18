"""What the upper half of the page says: the sentence, the key figures, and what belongs to them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from dashboard.screens.inspections.charts import by_month
from dashboard.screens.inspections.small_map import labelled, map_classes, map_legend
from dashboard.subjects.inspections.listing import latest_of_each, named_rows
from dashboard.subjects.programme.overview import Figure, FigureGroup, figure_cards, subline
from dashboard.ui.citations import badge_text, source_notes
from dashboard.ui.formats import day, in_words, missing, number, percent, sentence
from dashboard.ui.map import MapClass
from geodata.evidence import Evidence
from geodata.language import Language, message, translate
from geodata.programme.criteria import CriteriaMet, criteria_met
from geodata.programme.inspections import inspection_coverage
from geodata.wards.units import is_commune

VIEWS = {
    "list": message("List"),
    "matrix": message("Criteria × ward"),
    "overdue": message("Overdue"),
    "recommendations": message("Recommendations"),
}
"""What the lower half of the page may show."""


@dataclass(frozen=True)
class Inspections:
    """What the page says within a range of days, in some areas of one vintage, in one language.

    Attributes
    ----------
    rows
        The inspections within the range, each once, under the ward that was inspected; see `named_rows`.
    months
        The inspections of all days by month; see `dashboard.screens.inspections.charts.by_month`.
    wards
        The wards of the vintage with the day of their last inspection; see `geodata.evidence.Evidence`.
    headline
        The sentence that says what the screen shows.
    subline, cards, legend
        HTML.
    classes, class_numbers, values
        Classes of the map, and the class and the tooltip of each ward in the order of the layer.
    labels
        Codes of the wards of the map that bear a label.
    is_illustrative
        An inspection of the range is illustrative.
    known
        What is known of the areas.
    """

    rows: pd.DataFrame
    months: pd.DataFrame
    wards: pd.DataFrame
    headline: str
    subline: Markup
    cards: Markup
    legend: Markup
    classes: list[MapClass]
    class_numbers: list[int]
    values: list[str]
    labels: list[str]
    is_illustrative: bool
    known: Evidence


def view_title(view: str, counts: Mapping[str, int], language: Language) -> str:
    """Return the name of a view, with the number of rows in it where it is known."""
    name = VIEWS[view].render(language)
    return f"{name} ({number(counts[view], language)})" if view in counts else name


def describe(
    known: Evidence,
    every: Evidence,
    vintage: str,
    areas: Mapping[str, str],
    criteria_set: pd.DataFrame,
    language: Language,
) -> Inspections:
    """Return what the page says.

    Parameters
    ----------
    known
        What is known within the range of days.
    every
        What is known of all days.
    vintage
        Vintage shown.
    areas
        Names of the districts and wards that are looked at, by their code; none for the whole city.
    criteria_set
        The layer of this name.
    language
        Language of the reader.
    """
    city = known.of_vintage(vintage)
    known = known.of_areas(vintage, list(areas))
    wards, rows = known.of_vintage(vintage), named_rows(known)
    is_illustrative = known.is_illustrative()
    classes, class_numbers, values = map_classes(city, wards, rows, known, language)
    all_rows = every.of_areas(vintage, list(areas)).inspection.drop_duplicates("inspection_id")
    return Inspections(
        rows=rows,
        months=by_month(all_rows, every.period),
        wards=wards,
        headline=headline(rows, ward_count(rows, wards), known, language),
        subline=subline(known, vintage, int(is_commune(wards).sum()), language, list(areas.values())),
        cards=figure_cards([figures(rows, wards, known, criteria_set, language)], language),
        legend=map_legend(classes, language),
        classes=classes,
        class_numbers=class_numbers,
        values=values,
        labels=labelled(wards),
        is_illustrative=is_illustrative,
        known=known,
    )


def ward_count(rows: pd.DataFrame, wards: pd.DataFrame) -> int:
    """Return how many wards were inspected: those of the register, or of a vintage where they are of several.

    Parameters
    ----------
    rows
        See `listing.named_rows`.
    wards
        Wards of the vintage shown: of those inspected a part of whose area was counts too.
    """
    if len(rows["vintage"].drop_duplicates()) <= 1:
        return len(latest_of_each(rows))
    seen = wards["is_inspected"] | wards["is_partly_inspected"]
    return int((seen & is_commune(wards)).sum()) or len(latest_of_each(rows))


def headline(rows: pd.DataFrame, wards: int, known: Evidence, language: Language) -> str:
    """Return the sentence that says how many inspections there were, where, and when the last one was.

    Parameters
    ----------
    rows
        See `listing.named_rows`.
    wards
        See `ward_count`.
    known
        What is known of the areas within the range of days.
    language
        Language of the reader.
    """
    if rows.empty:
        if known.is_all:
            return translate("No inspection on record yet", language)
        return translate("No inspection on record in this period", language)
    last = day(rows["inspection_date"].max(), language)
    counts = {"wards": in_words(wards, language), "count": in_words(len(rows), language), "day": last}
    if len(rows) == 1:
        told = translate("one inspection, on {day}", language, day=last)
    elif wards == 1:
        told = translate("{count} inspections of one ward, the last one on {day}", language, **counts)
    elif rows["inspection_date"].min() == rows["inspection_date"].max():
        told = translate("{count} inspections of {wards} wards, all on {day}", language, **counts)
    else:
        told = translate("{count} inspections of {wards} wards, the last one on {day}", language, **counts)
    if rows["is_illustrative"].any():
        return translate("Illustrative: {told}", language, told=told)
    return sentence(told)


def figures(
    rows: pd.DataFrame, wards: pd.DataFrame, known: Evidence, criteria_set: pd.DataFrame, language: Language
) -> FigureGroup:
    """Return the key figures: inspections, units inspected, and criteria met at the last ones."""
    coverage = inspection_coverage(pd.Timestamp(known.period.until), wards)
    met = criteria_met(latest_of_each(rows).assign(inspection_count=1), criteria_set)
    partly = coverage.partly_inspected_count
    return FigureGroup(
        translate("Inspected", language) if known.is_all else translate("Inspected in this period", language),
        [
            Figure(
                number(len(rows), language),
                translate("inspections", language),
                translate("Inspections on record", language),
            ),
            Figure(
                f"{number(coverage.inspected_count, language)} / {number(coverage.ward_count, language)}",
                translate("units; {count} in part", language, count=number(partly, language))
                if partly
                else translate("units", language),
                translate("Commune-level units inspected at least once", language),
            ),
            _criteria_figure(met, language),
        ],
        known.is_illustrative(),
    )


def _criteria_figure(met: CriteriaMet, language: Language) -> Figure:
    hint = translate(
        "At the last inspection of each ward in the range; not assessed is not “not met”", language
    )
    caption = translate("criteria met of those assessed", language)
    if not met.assessed:
        return Figure(missing(language), caption, hint)
    counts = f"{number(met.met, language)}/{number(met.assessed, language)}"
    return Figure(percent(met.of_assessed_pct, language), f"{caption} ({counts})", hint)


def map_badge(shown: Inspections, language: Language) -> str:
    """Return what stands in the map's corner."""
    return badge_text(language) if shown.is_illustrative else ""


def data_sources(rows: pd.DataFrame, known: Evidence, language: Language) -> Markup:
    """Return the sources of what is shown, as links that open in place."""
    return Markup('<div class="hp-notes">{}</div>').format(
        source_notes(rows["source"].unique(), known.source, language)
    )
