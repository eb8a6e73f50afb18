"""How the programme's standing is said."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from dashboard.subjects.cards import Card, CardGroup, inspected_units
from dashboard.subjects.programme.model import InspectionEntry, LatestFact, Programme
from geodata.language import Message, Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.language.numbers import MISSING, in_words, number, percent
from geodata.period import Period
from geodata.programme.coverage import Coverage
from geodata.programme.criteria import criteria_words
from geodata.programme.pilot_wards import ChosenWards
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

# Of what is known to the day, and to the year.
_LATEST = (message("latest fact of {day}"), message("latest fact of the year {year}"))
_LATEST_VERIFIED = (
    message("latest verified fact of {day}"),
    message("latest verified fact of the year {year}"),
)


def headline(shown: Programme) -> Words:
    """Return the one sentence that says how the programme stands, with its figures in words."""
    return sentence(
        shown.chosen,
        shown.latest,
        shown.period,
        is_all=shown.is_all,
        is_illustrative=shown.is_illustrative,
    )


def sentence(
    chosen: ChosenWards, latest: LatestFact, period: Period, *, is_all: bool, is_illustrative: bool
) -> Words:
    """Return the sentence of the headline: up to which day what is known, and that no more is.

    Parameters
    ----------
    chosen
        The wards that were ever chosen for the pilot.
    latest
        The latest facts.
    period
        The range of days.
    is_all, is_illustrative
        See `geodata.evidence.Evidence`. A sentence that rests on illustrative inspections begins with that
        word, since it may be quoted without its page, and names nobody who inspected.
    """
    if not chosen.count:
        return message("No ward on record as chosen for the pilot up to {day}", day=day(period.until))
    if is_illustrative:
        chosen = replace(chosen, ministry_count=0, on_site_count=0)
    told: Words = joined(", ", [chosen_clause(chosen), inspected_clause(chosen, is_all=is_all)])
    if is_illustrative:
        return message("Illustrative: {told}", told=told)
    if latest.verified is None:
        return capitalised(told)
    told = joined("; ", [told, *unknown_since(latest, period.until, is_all=is_all)])
    if latest.verified.is_exact:
        return message("As of {day}, {told}", day=day(latest.verified.day), told=told)
    return message("As of the year {year}, {told}", year=str(latest.verified.day.year), told=told)


def chosen_clause(chosen: ChosenWards) -> Words:
    """Return how many wards were ever chosen for the pilot, and for which years each of them.

    No source counts them at one moment, so their number never stands without the years.
    """
    years = years_of_choice(chosen)
    if chosen.count == 1:
        told: Words = message("one ward has been chosen for the pilot")
    else:
        told = message("{count} wards have been chosen for the pilot", count=in_words(chosen.count))
    return joined("", [told, " (", years, ")"]) if years else told


def years_of_choice(chosen: ChosenWards) -> Words | None:
    """Return for which years how many wards were chosen; nothing where no record names any."""
    if not any(years for years, _ in chosen.by_years):
        return None
    if len(chosen.by_years) == 1:
        return message("for {years}", years=chosen.by_years[0][0])
    return joined(
        ", ",
        [
            message("{count} for {years}", count=in_words(count), years=years)
            if years
            else message("{count} of an unknown year", count=in_words(count))
            for years, count in chosen.by_years
        ],
    )


def years_in_figures(chosen: ChosenWards) -> Words | None:
    """Return `years_of_choice` in figures, for what is short."""
    if len(chosen.by_years) <= 1:
        return years_of_choice(chosen)
    return joined(
        ", ",
        [
            message("{count} in {years}", count=number(count), years=years)
            if years
            else message("{count}, year unknown", count=number(count))
            for years, count in chosen.by_years
        ],
    )


def inspected_clause(chosen: ChosenWards, *, is_all: bool) -> Message:
    """Return how many of the wards that were ever chosen were inspected, and by whom.

    Of those inspected by illustrative figures too it is told how many are by verified facts.
    """
    if not chosen.inspected_count:
        return (
            message("no inspection on record")
            if is_all
            else message("no inspection on record in this period")
        )
    count = in_words(chosen.inspected_count)
    if chosen.inspected_count == chosen.count > 1:
        count = message("all {count}", count=count)
    if chosen.on_site_count == chosen.inspected_count:
        by = _ON_SITE
    elif chosen.ministry_count == chosen.inspected_count:
        by = _BY_MINISTRY
    else:
        by = _PARTLY_BY_MINISTRY if chosen.ministry_count else _BY_OTHERS
    told = by[0 if is_all else 1].of(count=count, ministry=in_words(chosen.ministry_count))
    if not is_mixed(chosen):
        return told
    return message("{told} ({count} by verified facts)", told=told, count=in_words(chosen.verified_count))


def is_mixed(chosen: ChosenWards) -> bool:
    """Return whether verified facts say of some wards that they were inspected, illustrative ones of more."""
    return 0 < chosen.verified_count < chosen.inspected_count


def with_verified(caption: Words, chosen: ChosenWards) -> Words:
    """Return what stands below the number of wards inspected, with how many are so by verified facts."""
    if not is_mixed(chosen):
        return caption
    return message("{told}; {count} by verified facts", told=caption, count=number(chosen.verified_count))


def unknown_since(latest: LatestFact, until: datetime.date, *, is_all: bool) -> list[Words]:
    """Return that nothing is known after the latest verified fact; nothing where the range ends with it.

    Of a range that is not all there is it is said of the range: after it more may be known.
    """
    if latest.verified is None or latest.verified.day >= until:
        return []
    if is_all:
        return [message("no information since")]
    return [message("no more information up to the end of the period")]


def subline(shown: Programme) -> Words:
    """Return the line under the headline."""
    return as_of(shown.period.until, shown.vintage, shown.coverage.ward_count, shown.latest)


def as_of(until: datetime.date, vintage: str, unit_count: int, latest: LatestFact) -> Words:
    """Return how far the facts reach, and by which boundaries they are shown.

    Parameters
    ----------
    until
        Last day of the range.
    vintage, unit_count
        The boundaries shown, and how many commune-level units are looked at.
    latest
        The latest facts: where illustrative ones are shown, both days are told apart.
    """
    boundaries = message(
        "boundaries of {vintage} with {count} commune-level units",
        vintage=day(vintage),
        count=number(unit_count),
    )
    return joined(" · ", [capitalised(latest_words(until, latest)), boundaries])


def latest_words(until: datetime.date, latest: LatestFact) -> Words:
    """Return the day of the latest fact; of illustrative ones besides, where they are shown."""
    of_day, of_year = _LATEST if latest.illustrative is None else _LATEST_VERIFIED
    if latest.verified is None:
        told = message("no fact on record up to {day}", day=day(until))
    elif latest.verified.is_exact:
        told = of_day.of(day=day(latest.verified.day))
    else:
        told = of_year.of(year=str(latest.verified.day.year))
    if latest.illustrative is None:
        return told
    return joined(", ", [told, message("latest illustrative figure of {day}", day=day(latest.illustrative))])


def cards(shown: Programme) -> list[CardGroup]:
    """Return the key figures."""
    return [pilot_cards(shown.chosen, shown.coverage, shown.population_years), inspection_cards(shown)]


_EVER_CHOSEN = message("Ever chosen for the pilot")
_PILOT_CAPTIONS = (
    (message("wards"), message("Wards that were ever chosen, of all commune-level units")),
    (
        message("of area"),
        message(
            "Share of the area that is in the pilot or lies in former pilot wards, by overlay of outlines"
        ),
    ),
    (message("of residents"), message("Share of the residents, likewise; in brackets the year of the count")),
)
_INSPECTED_CAPTIONS = (
    (
        message("wards ever chosen"),
        message("Wards ever chosen for the pilot, and those of them inspected at least once"),
    ),
    (message("units"), message("Commune-level units inspected at least once")),
    (message("inspections"), message("Inspections on record")),
)


def _not_on_record(words: tuple[Words, Words]) -> Card:
    """Return a card of which nothing is on record: that is no zero."""
    return Card(message("not on record"), *words)


def pilot_cards(chosen: ChosenWards, coverage: Coverage, population_years: Sequence[int]) -> CardGroup:
    """Return pilot coverage as three shares, of wards, of area and of residents, never as one alone.

    Parameters
    ----------
    chosen
        The wards that were ever chosen for the pilot.
    coverage
        Coverage of the vintage shown.
    population_years
        Years of the population figures.
    """
    if not chosen.count:
        return CardGroup(_EVER_CHOSEN, [_not_on_record(one) for one in _PILOT_CAPTIONS])
    is_whole = coverage.pilot_ward_count == chosen.count
    value = number(chosen.count)
    years_of = years_in_figures(chosen)
    if is_whole:
        value = joined(" / ", [value, number(coverage.ward_count)])
    years = joined(", ", map(str, population_years)) if population_years else MISSING
    return CardGroup(
        _EVER_CHOSEN,
        [
            Card(
                value,
                message("wards: {years}", years=years_of) if years_of else message("wards"),
                _PILOT_CAPTIONS[0][1]
                if is_whole
                else message(
                    "Wards that were ever chosen, as they were then; whether they still are is not known"
                ),
            ),
            Card(percent(coverage.area_pct), *_PILOT_CAPTIONS[1]),
            Card(
                percent(coverage.population_pct),
                message("of residents ({years})", years=years),
                _PILOT_CAPTIONS[2][1],
            ),
        ],
    )


def inspection_cards(shown: Programme) -> CardGroup:
    """Return how many wards were inspected: of those ever chosen, and of all units."""
    chosen = shown.chosen
    heading = message("Inspected") if shown.is_all else message("Inspected in this period")
    if not shown.inspection_count:
        return CardGroup(heading, [_not_on_record(one) for one in _INSPECTED_CAPTIONS])
    return CardGroup(
        heading,
        [
            Card(
                joined(" / ", [number(chosen.inspected_count), number(chosen.count)]),
                with_verified(_INSPECTED_CAPTIONS[0][0], chosen),
                _INSPECTED_CAPTIONS[0][1],
            )
            if chosen.inspected_count
            else _not_on_record(_INSPECTED_CAPTIONS[0]),
            inspected_units(shown.inspection),
            Card(number(shown.inspection_count), *_INSPECTED_CAPTIONS[2]),
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
    """Return what the map rests on: its outlines, what they do not count, and whether all is verified."""
    parts: list[Words] = [QUALITY_NAMES[one] for one in shown.qualities]
    if shown.former.vintages:
        days = joined(", ", [day(one) for one in shown.former.vintages])
        parts.append(message("hatched: former wards by the boundaries of {days}", days=days))
    if shown.uncounted:
        names = joined(", ", shown.uncounted)
        parts.append(message("{names}: without communes, not counted among commune-level units", names=names))
    verified = (
        message("verified facts only")
        if shown.verified_only
        else message("roles and stages are verified, some inspections are illustrative")
    )
    return capitalised(joined(" · ", [*parts, verified]))
