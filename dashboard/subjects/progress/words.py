"""How progress is said: the headline, figures, notes and table of each view."""

from collections.abc import Sequence

from dashboard.subjects.cards import Card, CardGroup
from dashboard.subjects.progress.happening_words import changes_words, timeline_words
from dashboard.subjects.progress.model import Changes, CriteriaProgress, HeadquartersProgress, Timeline
from dashboard.subjects.progress.phrases import (
    ILLUSTRATIVE,
    NO_WARD,
    Note,
    ProgressWords,
    Titles,
    marked,
    names_in_line,
    no_ward,
    span,
)
from dashboard.subjects.progress.stages import StageCount, StageProgress, Target
from dashboard.subjects.progress.view import ProgressView
from geodata.language import Words, capitalised, joined, message
from geodata.language.dates import day
from geodata.language.numbers import in_words, number, percent
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


def _stages(shown: StageProgress) -> ProgressWords:
    titles: Titles = {
        "day": message("Day"),
        "stage_name": message("Stage, or a later one"),
        "reached_count": message("Units at it"),
        "partly_count": message("Units partly at it"),
        "phuong_reached": message("Phường at it"),
        "ward_count": message("Phường in all"),
        "reached_pct": message("% of phường"),
    }
    if shown.national is not None:
        titles["gap_count"] = message("Phường short of the national target, if it held here")
    return ProgressWords(
        headline=stage_headline(shown),
        nothing=no_ward(shown),
        titles=titles,
        entries=[{**row, "stage_name": STAGE_NAMES[row["stage"]]} for row in shown.table],
        notes=_stage_notes(shown),
        cards=_stage_cards(shown),
    )


def stage_headline(shown: StageProgress) -> Words:
    """Return how many wards hold which stage, and what the national target is."""
    clause = NO_WARD if shown.absence or not shown.every else _stages_held(shown.every)
    national = shown.national
    if national is not None and national.value is not None:
        clause = message(
            "{told}; the national target is {target} by {day}",
            told=clause,
            target=percent(national.value) if national.unit == "%" else number(national.value),
            day=day(national.due),
        )
    return capitalised(clause)


def _stages_held(counts: Sequence[StageCount]) -> Words:
    whole = [
        message("{count} “{stage}” or later", count=in_words(one.reached_count), stage=STAGE_NAMES[one.stage])
        for one in counts
        if one.reached_count
    ]
    part = max(one.partly_count for one in counts)
    if whole:
        clause = message("wards at a stage: {stages}", stages=joined(", ", whole))
        return message("{told}; {count} more partly", told=clause, count=in_words(part)) if part else clause
    if not part:
        return message("No ward is at a stage of the programme yet")
    if part == 1:
        return message("one ward holds parts of wards at a stage, none is at one wholly")
    return message(
        "{count} wards hold parts of wards at a stage, none is at one wholly", count=in_words(part)
    )


def _stage_cards(shown: StageProgress) -> list[CardGroup]:
    totals = {one.stage: one.reached_count + one.partly_count for one in shown.every}
    cards = [
        Card(
            joined(" / ", [number(one.reached_count), number(one.ward_count)]),
            _stage_caption(one),
            message(
                "Phường that hold the stage or a later one on the last day, of all phường; {count} more "
                "units of other kinds or in part",
                count=number(totals[one.stage] - one.reached_count),
            ),
        )
        for one in shown.phuong
        if one.ward_count
    ][-2:]
    if shown.national is not None and shown.national.due is not None:
        left = shown.national.due.date() - shown.evidence.period.until
        cards.append(
            Card(
                number(max(left.days, 0)),
                message("days to the national target"),
                message("From the last day of the range to {day}", day=day(shown.national.due)),
            )
        )
    return [CardGroup(message("On the last day"), cards)] if cards else []


def _stage_caption(count: StageCount) -> Words:
    caption = message("phường “{stage}” or later", stage=STAGE_NAMES[count.stage])
    if not count.partly_count:
        return caption
    return message("{caption}; {count} in part", caption=caption, count=number(count.partly_count))


def _stage_notes(shown: StageProgress) -> list[Note]:
    notes = [_target_note(one) for one in shown.targets]
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
    return text.of(name=target.name, day=day(target.due)), target.citations


# Criteria and headquarters ---------------------------------------------------------------------------------


def _criteria(shown: CriteriaProgress) -> ProgressWords:
    figures, nothing = shown.figures, no_ward(shown)
    headline: Words
    if nothing:
        headline = NO_WARD
    elif not shown.inspected_count:
        headline = message("No ward of the programme was inspected in this period")
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
            (shown.uninspected, message("No inspection in this period: {wards}.")),
            (shown.uncounted, message("Inspected, without a published number of criteria: {wards}.")),
        )
        if names
    ]
    notes += [
        (message("{name}: {count} criteria.", name=name, count=number(count)), citations)
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
        headline = message("How far the headquarters of these wards are is not on record")
        nothing = message(
            "No progress of headquarters is on record up to {day} for the {count} wards of the programme. It "
            "appears here once a file with the indicator “{name}” is imported.",
            day=day(shown.evidence.period.until),
            count=number(shown.ward_count),
            name=message("Progress of the headquarters"),
        )
    else:
        headline = message("headquarters of {count} of {all} wards reported: {least} ready")
        if shown.least != shown.most:
            headline = message(
                "headquarters of {count} of {all} wards reported: between {least} and {most} ready"
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
                "The latest value of each ward on or before the last day of the range, of a ward that was "
                "redrawn the last one before; values of several wards are never averaged."
            ),
            (),
        )
    ]
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
