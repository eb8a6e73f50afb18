"""How progress is said: the headline, figures, notes and table of each view."""

from collections.abc import Mapping
from typing import Any

from dashboard.subjects.cards import Card, CardGroup
from dashboard.subjects.programme.words import chosen_clause, years_in_figures
from dashboard.subjects.progress.happening_words import changes_words, timeline_words
from dashboard.subjects.progress.model import Changes, CriteriaProgress, HeadquartersProgress, Timeline
from dashboard.subjects.progress.phrases import (
    ILLUSTRATIVE,
    LINE_NAMES,
    NO_WARD,
    REACHED,
    REACHED_CAPTIONS,
    YEAR_ONLY,
    Note,
    ProgressWords,
    Titles,
    as_they_were,
    marked,
    names_in_line,
    no_ward,
    span,
    when_known,
)
from dashboard.subjects.progress.stages import StageCount, StageProgress, Target
from dashboard.subjects.progress.view import ProgressView
from geodata.language import Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.language.numbers import in_words, number, percent
from geodata.period import FactDay
from geodata.programme.criteria import set_name
from geodata.programme.status import PILOT_STAGES
from geodata.programme.symbols import STAGE_NAMES

VIEW_NAMES = {
    "stages": message("Stages and target"),
    "criteria": message("Criteria met"),
    "headquarters": message("Headquarters"),
    "timeline": message("Timeline of wards"),
    "changes": message("What changed"),
}


def describe(shown: ProgressView) -> ProgressWords:
    """Return what is said of a view."""
    match shown:
        case StageProgress():
            return _stages(shown)
        case CriteriaProgress():
            return _criteria(shown)
        case HeadquartersProgress():
            return _headquarters(shown)
        case Timeline():
            return timeline_words(shown)
        case Changes():
            return changes_words(shown)
    raise TypeError(shown)


# Stages ----------------------------------------------------------------------------------------------------

NOT_ON_RECORD = message("not on record")
NO_INFORMATION = message("No information yet")


def _stages(shown: StageProgress) -> ProgressWords:
    titles: Titles = {
        "when": message("Day"),
        "stage_name": message("Stage, or a later one"),
        "reached": message("Units known to hold it"),
        "partly": message("Units known to hold it in part"),
        "unknown_count": message("Units of which nothing is known since their last record"),
        "phuong": message("Phường known to hold it"),
        "phuong_ward_count": message("Phường in all"),
        "phuong_pct": message("% of phường"),
    }
    if not any(row["partly_count"] for row in shown.table):
        del titles["partly"]
    return ProgressWords(
        headline=stage_headline(shown),
        nothing=no_ward(shown),
        titles=titles,
        entries=[{**row, **_stage_cells(row)} for row in shown.table],
        notes=_stage_notes(shown),
        cards=_stage_cards(shown),
    )


def _stage_cells(row: Mapping[Any, Any]) -> dict[str, Words | str]:
    """Return what a row of the table says: that nobody recorded a ward is not that there was none."""
    silence = NO_INFORMATION if row["unknown_count"] else NOT_ON_RECORD
    is_held = bool(row["phuong_reached_count"])
    return {
        "when": when_known(FactDay(row["day"].date(), not row["is_year_only"])),
        "stage_name": LINE_NAMES[row["stage"]],
        "reached": number(row["reached_count"]) if row["reached_count"] else silence,
        "partly": number(row["partly_count"]) if row["partly_count"] else silence,
        "phuong": number(row["phuong_reached_count"]) if is_held else silence,
        "phuong_pct": percent(row["phuong_reached_pct"]) if is_held else silence,
    }


def stage_headline(shown: StageProgress) -> Words:
    """Return how many wards were chosen and how far they were known to come, and the national target."""
    clause, national = stages_known(shown), shown.national
    if national is not None and national.value is not None:
        clause = message("{told}; {target}", told=clause, target=target_words(national))
    return capitalised(clause)


def stages_known(shown: StageProgress) -> Words:
    """Return how many wards were chosen, how far they were known to come, and that no more is known."""
    if shown.absence:
        return NO_WARD
    clause: Words = joined(", ", _reached_clauses(shown))
    # Stages are recorded facts alone; other pages count the illustrative inspections that are shown.
    if not shown.evidence.verified_only:
        clause = message("by verified facts alone, {told}", told=clause)
    if not shown.is_unknown_since or shown.known_until is None:
        return clause
    until = when_known(shown.known_until)
    text = message("{told}; nothing known of stages after {day} up to the end of the period")
    if shown.evidence.is_all:
        text = message("{told}; nothing known of stages after {day}")
    return text.of(told=clause, day=until)


def target_words(national: Target) -> Words:
    """Return the national target, and by when it is to be reached."""
    value = 0 if national.value is None else national.value
    return message(
        "the national target is {target} by {day}",
        target=percent(value) if national.unit == "%" else number(value),
        day=due_words(national),
    )


def _reached_clauses(shown: StageProgress) -> list[Words]:
    told: list[Words] = [chosen_clause(shown.chosen)] if shown.chosen.count else []
    for one in shown.every:
        # Those chosen are those that began to build.
        if one.reached_count and not (told and one.stage == "building"):
            told.append(REACHED[one.stage].of(count=in_words(one.reached_count)))
    return told or [message("no stage of a ward is on record")]


def due_words(target: Target) -> Words | str:
    """Return by when a target is to be reached: its year where no day is published."""
    if target.due is not None and is_year_only(target):
        return message("the year {year}", year=target.due.year)
    return day(target.due)


def is_year_only(target: Target) -> bool:
    """Return whether of a target's date the year alone is known."""
    return target.due_precision == "year"


def chosen_caption(shown: StageProgress) -> Words:
    """Return what stands below the number of wards that were ever chosen: for which years they were."""
    years = years_in_figures(shown.chosen)
    if years is None:
        return message("wards ever chosen for the pilot")
    return message("wards ever chosen for the pilot: {years}", years=years)


def furthest_known(shown: StageProgress) -> list[StageCount]:
    """Return of which stages it is known how many phường reached them, the furthest first.

    Those chosen are those that began to build.
    """
    return [
        one
        for one in reversed(shown.phuong)
        if one.reached_count and not (shown.chosen.count and one.stage == "building")
    ]


def known_of(shown: StageProgress, one: StageCount) -> tuple[int, Words]:
    """Return of how many wards the number is that reached a stage, and its caption: when that was known.

    A stage of the pilot is one of the wards ever chosen, as on all pages; another one of all phường.
    """
    told: Words = REACHED_CAPTIONS[one.stage]
    of = one.ward_count
    if one.stage in PILOT_STAGES and shown.chosen.count:
        of, told = shown.chosen.count, message("{reached}, of the wards ever chosen", reached=told)
    return of, joined(", ", [told, when_known(one.last_known)])


def base_of_shares(shown: StageProgress) -> Words | None:
    """Return of how many phường the shares of the chart are; none where no phường held a stage."""
    if not shown.phuong:
        return None
    last = shown.phuong[-1]
    return message(
        "Shares are of all phường of the city: {count} on {day}.",
        count=number(last.ward_count),
        day=when_known(last.last_known),
    )


def line_name(stage: str, *, is_partly: bool) -> Words:
    """Return the name of a stage's line."""
    if is_partly:
        return message("“{stage}”, in part", stage=LINE_NAMES[stage])
    return message("“{stage}” or later", stage=LINE_NAMES[stage])


def _stage_cards(shown: StageProgress) -> list[CardGroup]:
    cards = []
    if shown.chosen.count:
        hint = message("No source counts them at one moment: they were chosen for several years")
        cards.append(Card(number(shown.chosen.count), chosen_caption(shown), hint))
    hint = message("Phường known to hold the stage or a later one on the last day that is known")
    for one in furthest_known(shown)[:1]:
        of, caption = known_of(shown, one)
        cards.append(Card(joined(" / ", [number(one.reached_count), number(of)]), caption, hint))
    if shown.national is not None and shown.national.due is not None:
        cards.append(
            Card(
                str(shown.national.due.year) if is_year_only(shown.national) else day(shown.national.due),
                message("by when the national target is to be reached"),
                message("It is of all ward police nationwide; none of the city's is published."),
            )
        )
    return [CardGroup(message("When last known"), cards)] if cards else []


def _stage_notes(shown: StageProgress) -> list[Note]:
    notes = [_target_note(one) for one in shown.targets]
    notes.append((message("Each day counts the units of the boundaries in force on it."), ()))
    if any(row["is_year_only"] for row in shown.table):
        notes.append((YEAR_ONLY, ()))
    if shown.is_unknown_since and shown.known_until is not None:
        text = message(
            "After {day} nobody has recorded if these wards still hold their stage: there the lines fade."
        )
        notes.append((text.of(day=when_known(shown.known_until)), ()))
    if shown.unrecorded:
        names = joined(", ", [STAGE_NAMES[stage] for stage in shown.unrecorded])
        notes.append((message("On record for no ward, so without a line: {stages}.", stages=names), ()))
    if shown.citations:
        notes.append((message("Stages as recorded:"), shown.citations))
    return notes


def _target_note(target: Target) -> Note:
    if target.value is None:
        return message("{name}: not published, so it has no line.", name=target.name), ()
    if target.scope == "national":
        text = message(
            "National target: {name}, by {day}. It is of all ward police nationwide and none of the city's."
        )
    else:
        text = message("Target of the city: {name}, by {day}.")
    return text.of(name=target.name, day=due_words(target)), target.citations


# Criteria and headquarters ---------------------------------------------------------------------------------


def _criteria(shown: CriteriaProgress) -> ProgressWords:
    figures, nothing = shown.figures, no_ward(shown)
    headline: Words
    if nothing:
        headline = NO_WARD
    elif not shown.inspected_count:
        headline = message("No inspection of these wards is on record in this period")
        nothing = message(
            "No inspection of these wards is on record from {since} to {until}. Choose a longer range of "
            "days.",
            **span(shown.evidence.period),
        )
    elif not figures.ward_count:
        headline = message("one ward inspected, how many criteria it met is not published")
        if shown.inspected_count > 1:
            headline = message(
                "{count} wards inspected, how many criteria each met is not published",
                count=in_words(shown.inspected_count),
            )
        nothing = message(
            "No number of criteria is published of these inspections. A number of "
            "criteria appears here once a file with results is imported."
        )
    else:
        headline = message(
            "at its latest inspection one ward met {met} of {assessed} criteria assessed ({share})"
        )
        if figures.ward_count > 1:
            headline = message(
                "at their latest inspection {count} wards met {met} of {assessed} criteria assessed ({share})"
            )
        headline = headline.of(
            count=in_words(figures.ward_count),
            met=number(figures.met),
            assessed=number(figures.assessed),
            share=percent(figures.of_assessed_pct),
        )
    titles: Titles = {
        "ward": message("Ward"),
        "inspection_date": message("Inspected on"),
        "inspecting_body": message("Inspected by"),
        "verdict": message("Verdict"),
        "criteria_met": message("Criteria met"),
        "not_met": message("Not met"),
        "not_assessed": message("Not assessed"),
        "criteria_count": message("Criteria of the set"),
        "criteria_set": message("Criteria set"),
        "is_illustrative": ILLUSTRATIVE,
    }
    return ProgressWords(
        marked(capitalised(headline), shown), nothing, titles, shown.table, _criteria_notes(shown)
    )


def _criteria_notes(shown: CriteriaProgress) -> list[Note]:
    notes: list[Note] = [
        (text.of(wards=names_in_line(names)), ())
        for names, text in (
            (shown.uninspected, message("No inspection on record in this period: {wards}.")),
            (shown.uncounted, message("Inspected, without a published number of criteria: {wards}.")),
        )
        if names
    ]
    notes += as_they_were(shown.former_vintages)
    notes += [
        (message("{name}: {count} criteria.", name=set_name(name), count=number(count)), citations)
        for name, count, citations in shown.sets
    ]
    if shown.citations:
        notes.append((message("Inspections as recorded:"), shown.citations))
    return notes


def _headquarters(shown: HeadquartersProgress) -> ProgressWords:
    nothing = no_ward(shown)
    headline: Words
    if nothing:
        headline = NO_WARD
    elif not shown.reported_count:
        headline = message("How far the headquarters of these units are is not on record")
        nothing = message(
            "No progress of headquarters is on record up to {day} for the {count} units with ground of the "
            "programme. It appears here once a file with the indicator “{name}” is imported.",
            day=day(shown.evidence.period.until),
            count=number(shown.ward_count),
            name=message("Progress of the headquarters"),
        )
    else:
        headline = message(
            "headquarters of {count} of {all} units with ground of the programme reported: {least} ready"
        )
        if shown.least != shown.most:
            headline = message(
                "headquarters of {count} of {all} units with ground of the programme reported: between "
                "{least} and {most} ready"
            )
        headline = headline.of(
            count=in_words(shown.reported_count),
            all=in_words(shown.ward_count),
            least=percent(shown.least),
            most=percent(shown.most),
        )
    notes: list[Note] = [
        (
            message(
                "The latest value of each unit on or before the last day of the range, of one that was "
                "redrawn the last one before; values of several units are never averaged."
            ),
            (),
        )
    ]
    if shown.holders:
        text = message("Not chosen themselves, they hold former ground of the programme in part: {wards}.")
        notes.append((text.of(wards=names_in_line(shown.holders)), ()))
    if shown.unreported and shown.reported_count:
        notes.append((message("Not reported: {wards}.", wards=names_in_line(shown.unreported)), ()))
    if shown.citations:
        notes.append((None, shown.citations))
    titles: Titles = {
        "ward": message("Ward"),
        "value": message("Headquarters ready, %"),
        "latest_day": message("As of"),
        "is_illustrative": ILLUSTRATIVE,
    }
    return ProgressWords(marked(capitalised(headline), shown), nothing, titles, shown.table, notes)
