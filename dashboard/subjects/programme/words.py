"""How the programme's standing is said."""

import datetime
from collections.abc import Sequence

from dashboard.subjects.cards import Card, CardGroup
from dashboard.subjects.programme.model import InspectionEntry, Programme
from geodata.language import Message, Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.language.numbers import MISSING, in_words, number, percent
from geodata.programme.coverage import Coverage
from geodata.programme.criteria import criteria_words
from geodata.programme.pilot_wards import Inspected
from geodata.quality import QUALITY_NAMES

ILLUSTRATIVE = message("ILLUSTRATIVE FIGURES")
"""What stands on the badge of what is illustrative."""

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


def headline(shown: Programme) -> Words:
    """Return the one sentence that says how the programme stands, with its figures in words."""
    return sentence(
        shown.coverage,
        shown.seen,
        len(shown.former_inspected),
        is_all=shown.is_all,
        is_illustrative=shown.is_illustrative,
    )


def sentence(
    coverage: Coverage, seen: Inspected, former_count: int, *, is_all: bool, is_illustrative: bool
) -> Words:
    """Return the sentence of the headline.

    Parameters
    ----------
    coverage
        Coverage of the vintage shown.
    seen
        Inspections of its pilot wards.
    former_count
        Pilot wards of other vintages whose area went to wards of this one.
    is_all, is_illustrative
        See `geodata.evidence.Evidence`. A sentence that rests on illustrative inspections begins with that
        word, since it may be quoted without its page, and names nobody who inspected.
    """
    pilots, partly = coverage.pilot_ward_count, coverage.partly_ward_count
    if not pilots and partly:
        return capitalised(_partly_clause(partly, former_count))
    if not pilots:
        return message("No pilot ward yet")
    if is_illustrative:
        seen = Inspected(seen.ward_count)
    clauses = [_pilot_clause(pilots), _inspected_clause(seen, pilots, is_all=is_all)]
    if partly:
        clauses.append(_partly_clause(partly, former_count))
    clause = joined(", ", clauses)
    return message("Illustrative: {told}", told=clause) if is_illustrative else capitalised(clause)


def _pilot_clause(count: int) -> Message:
    if count == 1:
        return message("one pilot ward")
    return message("{count} pilot wards", count=in_words(count))


def _inspected_clause(seen: Inspected, pilots: int, *, is_all: bool) -> Message:
    if not seen.ward_count:
        return message("none inspected yet") if is_all else message("none inspected in this period")
    count = in_words(seen.ward_count)
    if seen.ward_count == pilots > 1:
        count = message("all {count}", count=count)
    if seen.on_site_count == seen.ward_count:
        by = _ON_SITE
    elif seen.ministry_count == seen.ward_count:
        by = _BY_MINISTRY
    else:
        by = _PARTLY_BY_MINISTRY if seen.ministry_count else _BY_OTHERS
    return by[0 if is_all else 1].of(count=count, ministry=in_words(seen.ministry_count))


def _partly_clause(count: int, former_count: int) -> Message:
    words = {"count": in_words(count), "former": in_words(former_count)}
    if count == 1:
        if former_count == 1:
            return message("one ward holds a part of one former pilot ward")
        return message("one ward holds parts of {former} former pilot wards", **words)
    if former_count == 1:
        return message("{count} wards hold parts of one former pilot ward", **words)
    return message("{count} wards hold parts of {former} former pilot wards", **words)


def subline(shown: Programme) -> Words:
    """Return the line under the headline."""
    return as_of(shown.period.until, shown.vintage, shown.coverage.ward_count, shown.latest_fact)


def as_of(until: datetime.date, vintage: str, unit_count: int, latest_fact: datetime.date | None) -> Words:
    """Return for which day and boundaries something is said, and how far the facts reach."""
    line = message(
        "As of {day}, by the boundaries of {vintage} with {count} commune-level units",
        day=day(until),
        vintage=day(vintage),
        count=number(unit_count),
    )
    if latest_fact is None:
        return line
    return joined(" · ", [line, message("latest fact of {day}", day=day(latest_fact))])


def cards(shown: Programme) -> list[CardGroup]:
    """Return the key figures."""
    return [pilot_cards(shown.coverage, shown.population_years), inspection_cards(shown)]


def pilot_cards(coverage: Coverage, population_years: Sequence[int]) -> CardGroup:
    """Return pilot coverage as three shares, of wards, of area and of residents, never as one alone.

    Parameters
    ----------
    coverage
        Coverage of the vintage shown.
    population_years
        Years of the population figures.
    """
    only_partly = not coverage.pilot_ward_count and coverage.partly_ward_count > 0
    pilots = coverage.partly_ward_count if only_partly else coverage.pilot_ward_count
    years = joined(", ", map(str, population_years)) if population_years else MISSING
    share = percent(coverage.wards_pct)
    return CardGroup(
        message("Partly in the pilot") if only_partly else message("In the pilot"),
        [
            Card(
                joined(" / ", [number(pilots), number(coverage.ward_count)]),
                message("units; {share} wholly", share=share)
                if only_partly
                else message("units ({share})", share=share),
                message("Commune-level units, and the share of them that is in the pilot wholly"),
            ),
            Card(
                percent(coverage.area_pct),
                message("of area"),
                message("Share of the area that is in the pilot or came from pilot wards"),
            ),
            Card(
                percent(coverage.population_pct),
                message("of residents ({years})", years=years),
                message("Share of the residents, likewise; in brackets the year of the count"),
            ),
        ],
    )


def inspection_cards(shown: Programme) -> CardGroup:
    """Return how many wards were inspected: of the former pilot wards where the vintage holds them partly."""
    coverage, former = shown.inspection, shown.former_inspected
    only_partly = not coverage.pilot_ward_count and coverage.partly_pilot_count > 0
    seen, pilots = (
        (sum(former), len(former))
        if only_partly
        else (coverage.pilot_inspected_count, coverage.pilot_ward_count)
    )
    partly = coverage.partly_inspected_count
    return CardGroup(
        message("Inspected") if shown.is_all else message("Inspected in this period"),
        [
            Card(
                joined(" / ", [number(seen), number(pilots)]),
                message("former pilot wards") if only_partly else message("pilot wards"),
                message("Pilot wards on the last day, and those of them inspected at least once"),
            ),
            Card(
                joined(" / ", [number(coverage.inspected_count), number(coverage.ward_count)]),
                message("units; {count} in part", count=number(partly)) if partly else message("units"),
                message("Commune-level units inspected at least once"),
            ),
            Card(number(shown.inspection_count), message("inspections"), message("Inspections on record")),
        ],
        shown.is_illustrative,
    )


def inspection_line(entry: InspectionEntry) -> Words:
    """Return who inspected, and what was found."""
    return joined(" · ", [entry.body, *criteria_words(entry.criteria)])


def no_inspection(shown: Programme) -> Words:
    """Return what stands where no inspection lies within the range."""
    span = {"since": day(shown.period.since), "until": day(shown.period.until)}
    if shown.last_inspection is None:
        return message("No inspection is on record from {since} to {until}.", **span)
    return message(
        "No inspection is on record from {since} to {until}; the last one before was on {day}.",
        **span,
        day=day(shown.last_inspection),
    )


def no_event(shown: Programme) -> Words:
    """Return what stands where no event lies within the range."""
    since, until = day(shown.period.since), day(shown.period.until)
    return message("No event is on record from {since} to {until}.", since=since, until=until)


def rests_on(shown: Programme) -> Words:
    """Return what the map rests on: its outlines, and whether all facts are verified."""
    verified = (
        message("verified facts only") if shown.verified_only else message("some figures are illustrative")
    )
    return capitalised(joined(" · ", [*(QUALITY_NAMES[one] for one in shown.qualities), verified]))
