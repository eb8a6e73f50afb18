"""What the overview says, as pure functions: a sentence, key figures, events and inspections.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.programme.classes import MapClass, Tick
from dashboard.ui.abbreviations import explained
from dashboard.ui.citations import badge, badge_text, source_note, source_notes, water_sources
from dashboard.ui.formats import day, in_words, missing, number, percent, sentence
from dashboard.ui.map import inspection_ticks, outside_class, programme_classes
from geodata.evidence import Evidence
from geodata.language import Language, message, translate
from geodata.programme.coverage import Coverage, pilot_coverage
from geodata.programme.criteria import criteria_of, criteria_words
from geodata.programme.inspections import InspectionCoverage, inspection_coverage
from geodata.programme.pilot_wards import Inspected, former_pilot_wards, inspected
from geodata.quality import QUALITY_NAMES
from geodata.wards.names import ward_title
from geodata.wards.units import KEY

LISTED_INSPECTIONS = 15
"""So many inspections stand in the list, the latest; the others are counted."""


# What is said of all there is, and of a range of days.
_ON_SITE = (
    message("{count} inspected on site by the Ministry"),
    message("{count} inspected on site by the Ministry in this period"),
)
_BY_MINISTRY = (
    message("{count} inspected by the Ministry"),
    message("{count} inspected by the Ministry in this period"),
)
_PARTLY_BY_MINISTRY = (
    message("{count} inspected, {ministry} of them by the Ministry"),
    message("{count} inspected in this period, {ministry} of them by the Ministry"),
)
_BY_OTHERS = (message("{count} inspected"), message("{count} inspected in this period"))


@dataclass(frozen=True)
class Overview:
    """What the overview says of the city in one vintage within a range of days, in one language.

    Attributes
    ----------
    headline
        The sentence that says how the programme stands.
    classes, class_numbers
        Classes of the map, and the class of each ward in the order of the layer.
    ticks
        Signs on the map's labelled wards.
    badge
        What stands in the map's corner.
    programme_codes
        Wards in the programme.
    subline, cards, inspections, events, notes
        HTML.
    """

    headline: str
    classes: list[MapClass]
    class_numbers: list[int]
    ticks: list[Tick]
    badge: str
    programme_codes: list[str]
    subline: Markup
    cards: Markup
    inspections: Markup
    events: Markup
    notes: Markup


def describe_city(
    known: Evidence, vintage: str, language: Language, areas: Mapping[str, str] = MappingProxyType({})
) -> Overview:
    """Return what the overview says of the city.

    Parameters
    ----------
    known
        What is known within the range of days.
    vintage
        Vintage shown.
    language
        Language of the reader.
    areas
        Names of the districts and wards that are looked at, by their code; none for the whole city.
    """
    every = known.of_vintage(vintage)
    known = known.of_areas(vintage, list(areas))
    wards = known.of_vintage(vintage)
    coverage = pilot_coverage(wards)
    inspection = inspection_coverage(pd.Timestamp(known.period.until), wards)
    former = former_pilot_wards(known.wards, known.crosswalk, vintage)
    within = known.inspections_within()
    classes, class_numbers = programme_classes(wards, language)
    if areas:
        number_of = dict(zip(wards["ward_code"], class_numbers, strict=True))
        class_numbers = [number_of.get(code, len(classes)) for code in every["ward_code"]]
        classes.append(outside_class(language))
    return Overview(
        headline=headline(
            coverage,
            inspected(within, wards),
            len(former),
            language,
            is_all=known.is_all,
            is_illustrative=known.is_illustrative(),
        ),
        classes=classes,
        class_numbers=class_numbers,
        ticks=inspection_ticks(wards, language),
        badge=badge_text(language) if known.is_illustrative() else "",
        programme_codes=list(wards.loc[wards["role"].notna(), "ward_code"]),
        subline=subline(known, vintage, coverage.ward_count, language, list(areas.values())),
        cards=figure_cards(
            [
                pilot_figures(coverage, wards["population_year"].dropna(), language),
                inspection_figures(
                    inspection,
                    known.wards.loc[former.index, "is_inspected"],
                    within["inspection_id"].nunique(),
                    language,
                    is_all=known.is_all,
                    is_illustrative=known.is_illustrative(),
                ),
            ],
            language,
        ),
        inspections=inspection_list(known, language),
        events=event_list(known, language),
        notes=data_notes(every, known, language),
    )


def headline(
    coverage: Coverage,
    seen: Inspected,
    former_count: int,
    language: Language,
    *,
    is_all: bool,
    is_illustrative: bool,
) -> str:
    """Return the one sentence that says how the programme stands, with its figures in words.

    Parameters
    ----------
    coverage
        Coverage of the vintage shown.
    seen
        Inspections of its pilot wards.
    former_count
        Pilot wards of other vintages whose area went to wards of this one.
    language
        Language of the reader.
    is_all, is_illustrative
        See `Evidence`. A sentence that rests on illustrative inspections begins with that word, since it may
        be quoted without its page, and names nobody who inspected.
    """
    pilots, partly = coverage.pilot_ward_count, coverage.partly_ward_count
    if not pilots and partly:
        return sentence(_partly_clause(partly, former_count, language))
    if not pilots:
        return translate("No pilot ward yet", language)
    if is_illustrative:
        seen = Inspected(seen.ward_count)
    clauses = [_pilot_clause(pilots, language), _inspected_clause(seen, pilots, language, is_all=is_all)]
    if partly:
        clauses.append(_partly_clause(partly, former_count, language))
    told = ", ".join(clauses)
    return translate("Illustrative: {told}", language, told=told) if is_illustrative else sentence(told)


def _pilot_clause(count: int, language: Language) -> str:
    if count == 1:
        return translate("one pilot ward", language)
    return translate("{count} pilot wards", language, count=in_words(count, language))


def _inspected_clause(seen: Inspected, pilots: int, language: Language, *, is_all: bool) -> str:
    if not seen.ward_count:
        if is_all:
            return translate("none inspected yet", language)
        return translate("none inspected in this period", language)
    count = in_words(seen.ward_count, language)
    if seen.ward_count == pilots > 1:
        count = translate("all {count}", language, count=count)
    by = {"count": count, "ministry": in_words(seen.ministry_count, language)}
    if seen.on_site_count == seen.ward_count:
        told = _ON_SITE
    elif seen.ministry_count == seen.ward_count:
        told = _BY_MINISTRY
    else:
        told = _PARTLY_BY_MINISTRY if seen.ministry_count else _BY_OTHERS
    return translate(told[0 if is_all else 1].sentence, language, **by)


def _partly_clause(count: int, former_count: int, language: Language) -> str:
    words = {"count": in_words(count, language), "former": in_words(former_count, language)}
    if count == 1:
        if former_count == 1:
            return translate("one ward holds a part of one former pilot ward", language)
        return translate("one ward holds parts of {former} former pilot wards", language, **words)
    if former_count == 1:
        return translate("{count} wards hold parts of one former pilot ward", language, **words)
    return translate("{count} wards hold parts of {former} former pilot wards", language, **words)


def subline(
    known: Evidence, vintage: str, ward_count: int, language: Language, areas: Sequence[str] = ()
) -> Markup:
    """Return the line under the headline: what is illustrative, areas, day, boundaries, latest fact."""
    line = translate(
        "As of {day}, by the boundaries of {vintage} with {count} commune-level units",
        language,
        day=day(known.period.until, language),
        vintage=day(vintage, language),
        count=number(ward_count, language),
    )
    verified = known.inspection[~known.inspection["is_illustrative"]]
    latest = last_fact_day(
        known.event["event_date"], verified["inspection_date"], known.pilot_status["valid_from"]
    )
    if pd.notna(latest):
        line += " · " + translate("latest fact of {day}", language, day=day(latest, language))
    mark = Markup("") if known.verified_only else badge(language)
    chosen = Markup("<b>{}</b> · ").format(", ".join(areas)) if areas else ""
    return Markup('<p class="hp-sub">{} {}{}</p>').format(mark, chosen, line)


def last_fact_day(*columns: pd.Series) -> pd.Timestamp:
    """Return the day of the latest dated fact; NaT if there is none."""
    latest: pd.Timestamp = pd.concat(columns).max()
    return latest


@dataclass(frozen=True)
class Figure:
    """A key figure.

    Attributes
    ----------
    value
        The figure as it is written.
    caption
        Of what it is.
    hint
        What exactly is counted, for those who ask.
    """

    value: str
    caption: str
    hint: str


@dataclass(frozen=True)
class FigureGroup:
    """Key figures under one heading."""

    heading: str
    figures: list[Figure]
    is_illustrative: bool = False


def pilot_figures(coverage: Coverage, population_years: Iterable[int], language: Language) -> FigureGroup:
    """Return pilot coverage as three shares, of wards, of area and of residents, never as one alone.

    Parameters
    ----------
    coverage
        Coverage of the vintage shown.
    population_years
        Years of the population figures.
    language
        Language of the reader.
    """
    only_partly = not coverage.pilot_ward_count and coverage.partly_ward_count > 0
    pilots = coverage.partly_ward_count if only_partly else coverage.pilot_ward_count
    years = ", ".join(str(year) for year in sorted(set(population_years)))
    share = percent(coverage.wards_pct, language)
    return FigureGroup(
        translate("Partly in the pilot", language) if only_partly else translate("In the pilot", language),
        [
            Figure(
                f"{number(pilots, language)} / {number(coverage.ward_count, language)}",
                translate("units; {share} wholly", language, share=share)
                if only_partly
                else translate("units ({share})", language, share=share),
                translate("Commune-level units, and the share of them that is in the pilot wholly", language),
            ),
            Figure(
                percent(coverage.area_pct, language),
                translate("of area", language),
                translate("Share of the area that is in the pilot or came from pilot wards", language),
            ),
            Figure(
                percent(coverage.population_pct, language),
                translate("of residents ({years})", language, years=years or missing(language)),
                translate("Share of the residents, likewise; in brackets the year of the count", language),
            ),
        ],
    )


def inspection_figures(
    coverage: InspectionCoverage,
    former_inspected: pd.Series,
    inspection_count: int,
    language: Language,
    *,
    is_all: bool,
    is_illustrative: bool,
) -> FigureGroup:
    """Return how many wards were inspected within the range.

    Parameters
    ----------
    coverage
        Inspection coverage of the vintage shown.
    former_inspected
        Whether each former pilot ward was inspected; counts where this vintage holds them partly.
    inspection_count
        Inspections within the range.
    language
        Language of the reader.
    is_all, is_illustrative
        See `Evidence`.
    """
    only_partly = not coverage.pilot_ward_count and coverage.partly_pilot_count > 0
    seen, pilots = (
        (int(former_inspected.sum()), len(former_inspected))
        if only_partly
        else (coverage.pilot_inspected_count, coverage.pilot_ward_count)
    )
    partly = coverage.partly_inspected_count
    return FigureGroup(
        translate("Inspected", language) if is_all else translate("Inspected in this period", language),
        [
            Figure(
                f"{number(seen, language)} / {number(pilots, language)}",
                translate("former pilot wards", language)
                if only_partly
                else translate("pilot wards", language),
                translate("Pilot wards on the last day, and those of them inspected at least once", language),
            ),
            Figure(
                f"{number(coverage.inspected_count, language)} / {number(coverage.ward_count, language)}",
                translate("units; {count} in part", language, count=number(partly, language))
                if partly
                else translate("units", language),
                translate("Commune-level units inspected at least once", language),
            ),
            Figure(
                number(inspection_count, language),
                translate("inspections", language),
                translate("Inspections on record", language),
            ),
        ],
        is_illustrative,
    )


def figure_cards(groups: Iterable[FigureGroup], language: Language) -> Markup:
    """Return groups of key figures as cards."""
    card = Markup('<div class="hp-card" title="{}"><b>{}</b><span>{}</span></div>')
    # That a figure is not known takes words, which do not fit in the size of figures.
    words = Markup('<div class="hp-card" title="{}"><b class="hp-words">{}</b><span>{}</span></div>')
    group = Markup('<h2 class="hp-group">{} {}</h2><div class="hp-cards">{}</div>')
    return Markup("").join(
        group.format(
            one.heading,
            badge(language) if one.is_illustrative else "",
            Markup("").join(
                (card if figure.value[:1].isdigit() or figure.value[:1] == "<" else words).format(
                    figure.hint, figure.value, figure.caption
                )
                for figure in one.figures
            ),
        )
        for one in groups
    )


def _criteria(row: Mapping[Hashable, Any], language: Language) -> list[str]:
    found = criteria_words(criteria_of(row["criteria_met"], row["criteria_assessed"]))
    return [words.render(language) for words in found]


def inspection_list(known: Evidence, language: Language) -> Markup:
    """Return the inspections within the range, latest first, as a list that opens."""
    # Each counts once, under the vintage in which it was recorded.
    rows = known.inspections_within().drop_duplicates("inspection_id")
    if rows.empty:
        return Markup('<p class="hp-none">{}</p>').format(_no_inspection(known, language))
    listed = rows[:LISTED_INSPECTIONS].merge(
        known.wards[[*KEY, "ward_kind", "ward_name"]], on=KEY, how="left", validate="many_to_one"
    )
    notes = {source: source_note(source, known.source, language) for source in listed["source"].unique()}
    line = Markup('<li><time datetime="{}">{}</time> <b>{}</b> {}<p>{}</p>{}</li>')
    lines = [
        line.format(
            f"{row['inspection_date']:%Y-%m-%d}",
            day(row["inspection_date"], language),
            ward_title(row),
            badge(language) if row["is_illustrative"] else "",
            explained(" · ".join([row["inspecting_body"], *_criteria(row, language)]), language),
            notes[row["source"]],
        )
        for row in listed.to_dict("records")
    ]
    others = len(rows) - len(lines)
    more = (
        Markup("<p>{}</p>").format(
            translate("and {count} earlier ones in this period", language, count=number(others, language))
        )
        if others
        else ""
    )
    return Markup('<details class="hp-list"><summary>{}</summary><ol>{}</ol>{}</details>').format(
        translate("List of inspections ({count})", language, count=number(len(rows), language)),
        Markup("").join(lines),
        more,
    )


def _no_inspection(known: Evidence, language: Language) -> str:
    last = known.inspection["inspection_date"].max()
    span = {"since": day(known.period.since, language), "until": day(known.period.until, language)}
    if pd.isna(last):
        return translate("No inspection is on record from {since} to {until}.", language, **span)
    return translate(
        "No inspection is on record from {since} to {until}; the last one before was on {day}.",
        language,
        **span,
        day=day(last, language),
    )


def event_list(known: Evidence, language: Language) -> Markup:
    """Return the events within the range, latest first, each with its day, place and source."""
    events = known.event
    if events.empty:
        span = {"since": day(known.period.since, language), "until": day(known.period.until, language)}
        return Markup('<p class="hp-none">{}</p>').format(
            translate("No event is on record from {since} to {until}.", language, **span)
        )
    name = "event_name" if language == "vi" else "event_name_en"
    item = Markup('<li class="hp-{}"><time datetime="{}">{}</time><p>{}</p>{}</li>')
    return Markup('<ol class="hp-events">{}</ol>').format(
        Markup("").join(
            item.format(
                event["scope"],
                f"{event['event_date']:%Y-%m-%d}",
                " · ".join(
                    [day(event["event_date"], language)]
                    + ([event["place"]] if isinstance(event["place"], str) else [])
                ),
                explained(event[name], language),
                source_note(event["source"], known.source, language),
            )
            for _, event in events.sort_values(["event_date", "event_id"], ascending=False).iterrows()
        )
    )


def data_notes(wards: pd.DataFrame, known: Evidence, language: Language) -> Markup:
    """Return the line that says what the map rests on: its outlines and whether all facts are verified."""
    qualities = [QUALITY_NAMES[quality].render(language) for quality in wards["boundary_quality"].unique()]
    verified = (
        translate("verified facts only", language)
        if known.verified_only
        else translate("some figures are illustrative", language)
    )
    return Markup('<div class="hp-notes"><span>{}</span> {}</div>').format(
        sentence(" · ".join([*qualities, verified])),
        source_notes(
            [*wards["boundary_source"].unique(), *water_sources(known.source)], known.source, language
        ),
    )
