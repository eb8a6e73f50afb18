"""How far the programme is, as pure functions: sentences, frames for charts and tables, and notes.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from dashboard import data
from dashboard.data import (
    Publication,
    cached,
    extent,
    indicator_index,
    layer,
)
from dashboard.formats import alphabet_key, day, in_words, missing, number, percent, sentence
from dashboard.known import Known
from dashboard.maps import status_label
from dashboard.notes import BATCH, badge, source_notes
from dashboard.overview import Figure, FigureGroup, figure_cards
from dashboard.period import Period
from dashboard.ward_facts import ward_title
from geodata.language import Language, message, translate
from geodata.layers import STAGES
from geodata.metrics import (
    KEY,
    against_targets,
    criteria_met,
    has_reached,
    indicator_values,
    is_commune,
    with_criteria_shares,
)
from geodata.symbols import STAGE_NAMES

VIEWS = ("stages", "criteria", "headquarters", "timeline", "changes")
"""What the page shows, one at a time."""

VIEW_NAMES = {
    "stages": message("Stages and target"),
    "criteria": message("Criteria met"),
    "headquarters": message("Headquarters"),
    "timeline": message("Timeline of wards"),
    "changes": message("What changed"),
}

HEADQUARTERS = "headquarters_ready_pct"
"""The indicator of how far the headquarters are."""

STEPS_AT_MOST = 60
"""So many days of change are told one by one; of more than these the last one of each month."""

SHOWN_WARDS = 30
"""So many wards stand in a chart; the table and the download hold the others."""

KINDS = {
    "stage": message("Stage begins"),
    "visit": message("Visit of delegates"),
    "ministry": message("Inspection by the Ministry"),
    "inspection": message("Other inspection"),
    "event": message("Event of the programme"),
    "import": message("File imported"),
}
"""What can happen, in the order in which it is named."""


@dataclass(frozen=True)
class View:
    """What one view of the page shows.

    Attributes
    ----------
    headline
        The sentence that says what the view shows.
    rows
        What its chart draws; empty where there is nothing to draw.
    nothing
        Why there is nothing, and what to change; empty where there is something.
    cards
        Key figures, HTML.
    notes
        What the figures rest on, with their sources, HTML.
    table, titles
        The table behind the chart, and the headings of its columns.
    is_illustrative
        It rests on an illustrative row.
    """

    headline: str
    rows: pd.DataFrame
    nothing: str
    cards: Markup
    notes: Markup
    table: pd.DataFrame
    titles: Mapping[str, str]
    is_illustrative: bool = False


# Wards -----------------------------------------------------------------------------------------------------


def programme_wards(wards: pd.DataFrame) -> pd.DataFrame:
    """Return the wards in the programme, wholly or partly, in the order of the alphabet.

    Parameters
    ----------
    wards
        Wards of one vintage, see `Known.of_vintage`.
    """
    return _by_name(wards[wards["role"].notna()])


def _by_name(wards: pd.DataFrame) -> pd.DataFrame:
    order = sorted(range(len(wards)), key=lambda at: alphabet_key(str(wards["ward_name"].iloc[at])))
    return wards.iloc[order].reset_index(drop=True)


def ward_labels(wards: pd.DataFrame, language: Language) -> pd.Series:
    """Return the name of each ward as a chart's row; code where a name occurs twice; partly where it is."""
    twice = wards["ward_name"].duplicated(keep=False)
    names = wards["ward_name"].where(~twice, wards["ward_name"] + " (" + wards["ward_code"] + ")")
    part = translate("{ward} (part)", language, ward="{ward}")
    return pd.Series(
        [
            part.replace("{ward}", name) if is_partly else name
            for name, is_partly in zip(names, wards["is_partly"], strict=True)
        ],
        index=wards.index,
        dtype="str",
    )


def no_ward_text(known: Known, vintage: str, areas: Sequence[str], language: Language) -> str:
    """Return why there is no ward of the programme to show, and what to change."""
    if areas and len(programme_wards(known.of_vintage(vintage))):
        return translate(
            "No ward of the programme lies in the chosen districts and wards. Choose others, or the whole "
            "city.",
            language,
        )
    return translate(
        "No ward has a stage or role on record up to {day}. Choose a later last day.",
        language,
        day=day(known.period.until, language),
    )


# Stages ----------------------------------------------------------------------------------------------------


def progress_days(changes: pd.Series, period: Period) -> list[pd.Timestamp]:
    """Return the days on which to count: both ends of the range and the days of change in it.

    Of more than `STEPS_AT_MOST` changes the last one of each month.
    """
    ends = pd.Timestamp(period.since), pd.Timestamp(period.until)
    days = changes[changes.between(*ends)].drop_duplicates().sort_values()
    if len(days) > STEPS_AT_MOST:
        days = days.groupby(days.dt.to_period("M")).max()
    return sorted({*days, *ends})


def recorded_stages(pilot_status: pd.DataFrame) -> list[str]:
    """Return the stages that are on record of any ward, in their order."""
    held = set(pilot_status["stage"].dropna())
    return [stage for stage in STAGES if stage in held]


def stage_counts(
    wards_by_day: Mapping[pd.Timestamp, pd.DataFrame], stages: Sequence[str], kinds: Sequence[str] = ()
) -> pd.DataFrame:
    """Return how many wards hold a stage or a later one on each day; see `geodata.metrics.stage_progress`.

    Parameters
    ----------
    wards_by_day
        Wards of one vintage, those that are looked at, with `geodata.metrics.status_on` of each day.
    stages
        The stages that are counted.
    kinds
        Kinds of wards that count; all of them where none is named.

    Returns
    -------
    Keys: stage, day; ward_count, reached_count, partly_count, reached_pct (%, NaN without wards).
    """
    rows = []
    for on, wards in wards_by_day.items():
        of_kind = wards[wards["ward_kind"].isin(kinds)] if kinds else wards
        count = int(is_commune(of_kind).sum())
        partly = of_kind["is_partly"].astype("bool")
        for stage in stages:
            reached = has_reached(of_kind, stage)
            rows.append((stage, on, count, int((reached & ~partly).sum()), int((reached & partly).sum())))
    columns = ["stage", "day", "ward_count", "reached_count", "partly_count"]
    frame = pd.DataFrame(rows, columns=columns).sort_values(
        ["stage", "day"], key=lambda of: of.map(STAGES.index) if of.name == "stage" else of, ignore_index=True
    )
    return frame.assign(reached_pct=100 * frame["reached_count"] / frame["ward_count"].where(lambda n: n > 0))


def describe_stages(
    known: Known,
    counts: pd.DataFrame,
    of_wards: pd.DataFrame,
    target: pd.DataFrame,
    language: Language,
    nothing: str,
) -> View:
    """Return what is said of the stages.

    Parameters
    ----------
    known
        What is known within the range of days.
    counts
        `stage_counts` of all units that are looked at, for the stages on record.
    of_wards
        The same of phường alone, which the national target is about.
    target
        The layer ``target``.
    language
        Language of the reader.
    nothing
        Why there is no ward of the programme; empty where there is one.
    """
    last = of_wards[of_wards["day"] == of_wards["day"].max()].set_index("stage")
    every = counts[counts["day"] == counts["day"].max()].set_index("stage")
    national = target[target["scope"].eq("national") & target["value"].notna() & target["due_date"].notna()]
    titles = {
        "day": translate("Day", language),
        "stage_name": translate("Stage, or a later one", language),
        "reached_count": translate("Units at it", language),
        "partly_count": translate("Units partly at it", language),
        "phuong_reached": translate("Phường at it", language),
        "ward_count": translate("Phường in all", language),
        "reached_pct": translate("% of phường", language),
    }
    table = counts[["stage", "day", "reached_count", "partly_count"]].merge(
        of_wards[["stage", "day", "ward_count", "reached_count", "reached_pct"]].rename(
            columns={"reached_count": "phuong_reached"}
        ),
        on=["stage", "day"],
        how="left",
        validate="one_to_one",
    )
    table = table.assign(stage_name=[STAGE_NAMES[stage].render(language) for stage in table["stage"]])
    if len(national):
        gaps = against_targets(of_wards, national.head(1))[["gap_count"]].reset_index(drop=True)
        # Both are in the order of the counts.
        table = table.assign(gap_count=gaps["gap_count"])
        titles["gap_count"] = translate("Phường short of the national target, if it held here", language)
    return View(
        headline=stage_headline(every, last, national, language, is_empty=bool(nothing)),
        rows=counts,
        nothing=nothing,
        cards=_stage_cards(every, last, national, known.period, language),
        notes=_stage_notes(known, target, language),
        table=table.sort_values(["day", "stage"], ascending=[False, True], ignore_index=True),
        titles=titles,
    )


def stage_headline(
    every: pd.DataFrame, of_wards: pd.DataFrame, national: pd.DataFrame, language: Language, *, is_empty: bool
) -> str:
    """Return how many wards hold which stage, and what the national target is.

    Parameters
    ----------
    every, of_wards
        Rows of `stage_counts` of the last day by stage: of all units, and of phường alone.
    national
        The national target, at most one row counts.
    language
        Language of the reader.
    is_empty
        There is no ward of the programme.
    """
    if is_empty or every.empty:
        told = translate("No ward of the programme to show", language)
    else:
        held = every[(every["reached_count"] > 0) | (every["partly_count"] > 0)]
        whole = [
            translate(
                "{count} “{stage}” or later",
                language,
                count=in_words(int(row["reached_count"]), language),
                stage=STAGE_NAMES[str(stage)].render(language),
            )
            for stage, row in held[held["reached_count"] > 0].iterrows()
        ]
        part = int(held["partly_count"].max()) if len(held) else 0
        told = translate("wards at a stage: {stages}", language, stages=", ".join(whole)) if whole else ""
        if part and not whole:
            told = (
                translate("one ward holds parts of wards at a stage, none is at one wholly", language)
                if part == 1
                else translate(
                    "{count} wards hold parts of wards at a stage, none is at one wholly",
                    language,
                    count=in_words(part, language),
                )
            )
        elif part:
            told = translate(
                "{told}; {count} more partly", language, told=told, count=in_words(part, language)
            )
        told = told or translate("No ward is at a stage of the programme yet", language)
    if len(national):
        row = national.iloc[0]
        told = translate(
            "{told}; the national target is {target} by {day}",
            language,
            told=told,
            target=_target_text(row, language),
            day=day(row["due_date"], language),
        )
    return sentence(told)


def _target_text(target: pd.Series, language: Language) -> str:
    if target["unit"] == "%":
        return percent(float(target["value"]), language)
    return number(target["value"], language)


def _stage_cards(
    every: pd.DataFrame, of_wards: pd.DataFrame, national: pd.DataFrame, period: Period, language: Language
) -> Markup:
    totals = (every["reached_count"] + every["partly_count"]).to_dict()
    figures = [
        Figure(
            f"{number(row['reached_count'], language)} / {number(row['ward_count'], language)}",
            _stage_caption(str(stage), int(row["partly_count"]), language),
            translate(
                "Phường that hold the stage or a later one on the last day, of all phường; {count} more "
                "units of other kinds or in part",
                language,
                count=number(
                    totals[stage] - row["reached_count"],
                    language,
                ),
            ),
        )
        for stage, row in of_wards.iterrows()
        if row["ward_count"]
    ][-2:]
    if len(national):
        due = national.iloc[0]["due_date"]
        left = (due - pd.Timestamp(period.until)).days
        figures.append(
            Figure(
                number(max(left, 0), language),
                translate("days to the national target", language),
                translate("From the last day of the range to {day}", language, day=day(due, language)),
            )
        )
    if not figures:
        return Markup("")
    return figure_cards([FigureGroup(translate("On the last day", language), figures)], language)


def _stage_caption(stage: str, partly_count: int, language: Language) -> str:
    caption = translate("phường “{stage}” or later", language, stage=STAGE_NAMES[stage].render(language))
    if not partly_count:
        return caption
    return translate(
        "{caption}; {count} in part", language, caption=caption, count=number(partly_count, language)
    )


def _stage_notes(known: Known, target: pd.DataFrame, language: Language) -> Markup:
    name = "target_name" if language == "vi" else "target_name_en"
    lines = []
    for row in target.sort_values("scope", ascending=False).to_dict("records"):
        if pd.isna(row["value"]):
            text = Markup("{}").format(
                translate("{name}: not published, so it has no line.", language, name=row[name])
            )
        else:
            text = Markup("{} {}").format(
                translate(
                    "National target: {name}, by {day}. It is of all ward police nationwide and none of the "
                    "city's.",
                    language,
                    name=row[name],
                    day=day(row["due_date"], language),
                )
                if row["scope"] == "national"
                else translate(
                    "Target of the city: {name}, by {day}.",
                    language,
                    name=row[name],
                    day=day(row["due_date"], language),
                ),
                source_notes([row["source"]], known.source, language),
            )
        lines.append(text)
    absent = [stage for stage in STAGES if stage not in recorded_stages(known.pilot_status)]
    if absent:
        names = ", ".join(STAGE_NAMES[stage].render(language) for stage in absent)
        lines.append(
            Markup("{}").format(
                translate("On record for no ward, so without a line: {stages}.", language, stages=names)
            )
        )
    sources = known.pilot_status.loc[known.pilot_status["stage"].notna(), "source"].unique()
    if len(sources):
        lines.append(
            Markup("{} {}").format(
                translate("Stages as recorded:", language), source_notes(sources, known.source, language)
            )
        )
    return _lines(lines)


def _lines(lines: Sequence[Markup]) -> Markup:
    if not lines:
        return Markup("")
    return Markup('<ul class="hp-lines">{}</ul>').format(
        Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    )


# Criteria --------------------------------------------------------------------------------------------------


def latest_inspections(known: Known, wards: pd.DataFrame, criteria_set: pd.DataFrame) -> pd.DataFrame:
    """Return the latest inspection within the range of each ward, in the order of the wards.

    Parameters
    ----------
    known
        What is known within the range of days.
    wards
        Wards of one vintage.
    criteria_set
        The layer of this name.

    Returns
    -------
    The columns of ``wards`` and of the inspection, missing where there is none; criteria_count, the size of
    its set; not_met and not_assessed.
    """
    within = known.inspections_within()
    columns = ["inspection_date", "inspecting_body", "kind", "verdict", "criteria_set", "criteria_met"]
    columns += ["criteria_assessed", "is_illustrative", "source", "inspection_id"]
    latest = within.drop_duplicates(KEY)[[*KEY, *columns]]
    rows = wards[[*KEY, "ward_kind", "ward_name", "district_name", "role", "is_partly"]].merge(
        latest, on=KEY, how="left", validate="one_to_one"
    )
    rows = with_criteria_shares(rows, criteria_set)
    known_counts = rows["criteria_met"].notna() & rows["criteria_assessed"].notna()
    return rows.assign(
        is_illustrative=rows["is_illustrative"].astype("boolean").fillna(False).astype("bool"),
        not_met=(rows["criteria_assessed"] - rows["criteria_met"]).where(known_counts),
        not_assessed=(rows["criteria_count"] - rows["criteria_assessed"]).where(known_counts),
    )


def describe_criteria(
    known: Known, latest: pd.DataFrame, criteria_set: pd.DataFrame, language: Language, nothing: str
) -> View:
    """Return what is said of the criteria met.

    Parameters
    ----------
    known
        What is known within the range of days.
    latest
        See `latest_inspections`.
    criteria_set
        The layer of this name.
    language
        Language of the reader.
    nothing
        Why there is no ward of the programme; empty where there is one.
    """
    inspected = latest[latest["inspection_date"].notna()]
    counted = inspected[inspected["not_met"].notna()]
    is_illustrative = bool(inspected["is_illustrative"].any())
    if nothing:
        headline = translate("No ward of the programme to show", language)
    elif inspected.empty:
        headline = translate("No ward of the programme was inspected in this period", language)
        nothing = translate(
            "No inspection of these wards is on record from {since} to {until}. Choose a longer range of "
            "days.",
            language,
            since=day(known.period.since, language),
            until=day(known.period.until, language),
        )
    elif counted.empty:
        headline = sentence(
            translate("one ward inspected, how many criteria it met is not published", language)
            if len(inspected) == 1
            else translate(
                "{count} wards inspected, how many criteria each met is not published",
                language,
                count=in_words(len(inspected), language),
            )
        )
        nothing = translate(
            "The verdicts of these inspections are published in words only; the table has them. A number of "
            "criteria appears here once a file with results is imported.",
            language,
        )
    else:
        figures = criteria_met(counted.assign(inspection_count=1), criteria_set)
        values = {
            "count": in_words(len(counted), language),
            "met": number(figures.met, language),
            "assessed": number(figures.assessed, language),
            "share": percent(figures.of_assessed_pct, language),
        }
        headline = sentence(
            translate(
                "at its latest inspection one ward met {met} of {assessed} criteria assessed ({share})",
                language,
                **values,
            )
            if len(counted) == 1
            else translate(
                "at their latest inspection {count} wards met {met} of {assessed} criteria assessed "
                "({share})",
                language,
                **values,
            )
        )
    titles = {
        "ward": translate("Ward", language),
        "inspection_date": translate("Inspected on", language),
        "inspecting_body": translate("Inspected by", language),
        "verdict": translate("Verdict", language),
        "criteria_met": translate("Criteria met", language),
        "not_met": translate("Not met", language),
        "not_assessed": translate("Not assessed", language),
        "criteria_count": translate("Criteria of the set", language),
        "criteria_set": translate("Criteria set", language),
        "is_illustrative": translate("Illustrative", language),
    }
    table = latest.assign(ward=[ward_title(row) for row in latest.to_dict("records")])
    return View(
        headline=_marked(headline, language, is_illustrative=is_illustrative),
        rows=counted.assign(label=ward_labels(counted, language)),
        nothing=nothing,
        cards=Markup(""),
        notes=_criteria_notes(known, latest, counted, criteria_set, language),
        table=table,
        titles=titles,
        is_illustrative=is_illustrative,
    )


def _marked(headline: str, language: Language, *, is_illustrative: bool) -> str:
    if not is_illustrative:
        return headline
    # A sentence may be quoted without its page.
    return translate("Illustrative: {told}", language, told=headline[:1].lower() + headline[1:])


def _criteria_notes(
    known: Known,
    latest: pd.DataFrame,
    counted: pd.DataFrame,
    criteria_set: pd.DataFrame,
    language: Language,
) -> Markup:
    lines = []
    none = latest[latest["inspection_date"].isna()]
    words = latest[latest["inspection_date"].notna() & latest["not_met"].isna()]
    for rows, text in (
        (none, message("No inspection in this period: {wards}.")),
        (words, message("Inspected, without a published number of criteria: {wards}.")),
    ):
        if len(rows):
            lines.append(
                Markup("{}").format(translate(text.sentence, language, wards=_names(rows, language)))
            )
    sets = criteria_set[criteria_set["criteria_set"].isin(counted["criteria_set"].dropna())]
    for row in sets.to_dict("records"):
        lines.append(
            Markup("{} {}").format(
                translate(
                    "{name}: {count} criteria.",
                    language,
                    name=row["criteria_set_name"],
                    count=number(row["criteria_count"], language),
                ),
                source_notes([row["source"]], known.source, language),
            )
        )
    sources = latest["source"].dropna().unique()
    if len(sources):
        lines.append(
            Markup("{} {}").format(
                translate("Inspections as recorded:", language), source_notes(sources, known.source, language)
            )
        )
    return _lines(lines)


def _names(wards: pd.DataFrame, language: Language) -> str:
    names = list(wards["ward_name"])
    if len(names) <= SHOWN_WARDS // 2:
        return ", ".join(names)
    return translate(
        "{wards} and {count} more",
        language,
        wards=", ".join(names[: SHOWN_WARDS // 2]),
        count=number(len(names) - SHOWN_WARDS // 2, language),
    )


# Headquarters ----------------------------------------------------------------------------------------------


def latest_known(values: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return of each unit the first of several figures that is known.

    A percentage without its parts does not cross a redrawing, so on a day after it the ward of before has
    none, even where it had one the day before.

    Parameters
    ----------
    values
        `geodata.metrics.indicator_values` of several days, the latest first.
    """
    every = pd.concat([*(frame[frame["value"].notna()] for frame in values), values[0]], ignore_index=True)
    return every.drop_duplicates("unit_code").sort_values("unit_code", ignore_index=True)


def headquarters_rows(wards: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return how far the headquarters of wards are: value, latest_day and is_illustrative beside each ward.

    Parameters
    ----------
    wards
        Wards of one vintage.
    values
        `geodata.metrics.indicator_values` of the indicator `HEADQUARTERS`, by ward.
    """
    columns = {"unit_code": "ward_code"}
    told = values.rename(columns=columns)[["ward_code", "value", "latest_day", "is_illustrative"]]
    rows = wards[[*KEY, "ward_kind", "ward_name", "district_name", "role", "is_partly"]].merge(
        told, on="ward_code", how="left", validate="one_to_one"
    )
    is_missing = rows["value"].isna()
    return rows.assign(
        latest_day=rows["latest_day"].where(~is_missing),
        is_illustrative=rows["is_illustrative"].astype("boolean").fillna(False).astype("bool") & ~is_missing,
    )


def describe_headquarters(
    known: Known, rows: pd.DataFrame, sources: Sequence[str], language: Language, nothing: str
) -> View:
    """Return what is said of the headquarters.

    Parameters
    ----------
    known
        What is known within the range of days.
    rows
        See `headquarters_rows`.
    sources
        Sources of the values.
    language
        Language of the reader.
    nothing
        Why there is no ward of the programme; empty where there is one.
    """
    told = rows[rows["value"].notna()]
    is_illustrative = bool(told["is_illustrative"].any())
    if nothing:
        headline = translate("No ward of the programme to show", language)
    elif told.empty:
        headline = translate("How far the headquarters of these wards are is not on record", language)
        nothing = translate(
            "No progress of headquarters is on record up to {day} for the {count} wards of the programme. It "
            "appears here once a file with the indicator “{name}” is imported.",
            language,
            day=day(known.period.until, language),
            count=number(len(rows), language),
            name=translate("Progress of the headquarters", language),
        )
    else:
        least, most = told["value"].min(), told["value"].max()
        span = {
            "count": in_words(len(told), language),
            "all": in_words(len(rows), language),
            "least": percent(least, language),
            "most": percent(most, language),
        }
        headline = sentence(
            translate("headquarters of {count} of {all} wards reported: {least} ready", language, **span)
            if least == most
            else translate(
                "headquarters of {count} of {all} wards reported: between {least} and {most} ready",
                language,
                **span,
            )
        )
    without = rows[rows["value"].isna()]
    lines = [
        Markup("{}").format(
            translate(
                "The latest value of each ward on or before the last day of the range, of a ward that was "
                "redrawn the last one before; values of several wards are never averaged.",
                language,
            )
        )
    ]
    if len(without) and len(told):
        lines.append(
            Markup("{}").format(
                translate("Not reported: {wards}.", language, wards=_names(without, language))
            )
        )
    if len(sources):
        lines.append(source_notes(sources, known.source, language))
    return View(
        headline=_marked(headline, language, is_illustrative=is_illustrative),
        rows=rows.assign(label=ward_labels(rows, language)) if len(told) else rows[:0],
        nothing=nothing,
        cards=Markup(""),
        notes=_lines(lines),
        table=rows.assign(ward=[ward_title(row) for row in rows.to_dict("records")]),
        titles={
            "ward": translate("Ward", language),
            "value": translate("Headquarters ready, %", language),
            "latest_day": translate("As of", language),
            "is_illustrative": translate("Illustrative", language),
        },
        is_illustrative=is_illustrative,
    )


# Timeline and changes --------------------------------------------------------------------------------------


_HAPPENED = [
    "label",
    "day",
    "kind",
    "stage",
    "what",
    "of_ward",
    "is_year_only",
    "is_illustrative",
    "source",
    "fact",
]


def happenings(known: Known, wards: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return what happened to wards within the range: stages, visits and inspections, by day.

    Of a ward that is partly in the programme it is what happened to the wards of before that went into it.

    Parameters
    ----------
    known
        What is known within the range of days.
    wards
        Wards of one vintage.
    language
        Language of the reader.

    Returns
    -------
    Columns: vintage and ward_code of the ward shown, label, day, kind (see `KINDS`), stage, what, of_ward
    (the former ward concerned; missing where it is the ward itself), is_year_only, is_illustrative, source,
    fact (what tells one fact from another).
    """
    links = _own_and_former(known, wards)
    status = known.pilot_status[known.period.holds(known.pilot_status["valid_from"])]
    begun = status.assign(
        day=status["valid_from"],
        kind=np.where(status["role"].eq("visit_site"), "visit", "stage"),
        what=[
            status_label(row["role"], _text(row["stage"]), _text(row["period"]), language)
            for row in status.to_dict("records")
        ],
        is_year_only=status["valid_from_precision"].eq("year"),
        is_illustrative=False,
        fact=None,
    )
    within = known.inspections_within()
    seen = within.assign(
        day=within["inspection_date"],
        kind=np.where(within["inspecting_body"].str.startswith("Bộ Công an"), "ministry", "inspection"),
        stage=None,
        what=[
            " · ".join(
                dict.fromkeys([row["inspecting_body"], *([row["verdict"]] if _text(row["verdict"]) else [])])
            )
            for row in within.to_dict("records")
        ],
        is_year_only=False,
        fact=within["inspection_id"],
    )
    columns = [*KEY, "day", "kind", "stage", "what", "is_year_only", "is_illustrative", "source", "fact"]
    facts = pd.concat([begun[columns].astype("object"), seen[columns].astype("object")], ignore_index=True)
    found = links.merge(
        facts,
        left_on=["from_vintage", "from_ward_code"],
        right_on=KEY,
        how="inner",
        validate="many_to_many",
        suffixes=("", "_of_fact"),
    )
    # What is recorded of roles and stages has no id.
    found["fact"] = found["fact"].fillna(
        found["from_name"] + " " + found["day"].astype("str") + " " + found["kind"]
    )
    # A fact stands under every vintage in which its ward is the same; of these its own counts.
    found = found.sort_values("is_former", kind="stable").drop_duplicates([*KEY, "fact", "kind"])
    return (
        found.assign(
            day=pd.to_datetime(found["day"]),
            of_ward=found["from_name"].where(found["is_former"]),
            is_year_only=found["is_year_only"].astype("bool"),
            is_illustrative=found["is_illustrative"].astype("bool"),
        )
        .sort_values(["day", "ward_name", "kind", "fact"], ignore_index=True)
        .loc[
            :,
            [*KEY, *_HAPPENED],
        ]
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _own_and_former(known: Known, wards: pd.DataFrame) -> pd.DataFrame:
    """Return wards with themselves, and those held partly with the wards of before that went into them."""
    shown = wards[[*KEY, "ward_name", "is_partly"]].assign(label=ward_labels(wards, "vi"))
    own = shown.assign(
        from_vintage=shown["vintage"],
        from_ward_code=shown["ward_code"],
        from_name=shown["ward_name"],
        is_former=False,
    )
    names = known.wards[[*KEY, "ward_name"]].set_axis(
        ["from_vintage", "from_ward_code", "from_name"], axis="columns"
    )
    former = (
        shown[shown["is_partly"].astype("bool")]
        .merge(
            known.crosswalk[["from_vintage", "from_ward_code", "to_vintage", "to_ward_code"]],
            left_on=KEY,
            right_on=["to_vintage", "to_ward_code"],
            how="inner",
            validate="one_to_many",
        )
        .merge(names, on=["from_vintage", "from_ward_code"], how="inner", validate="many_to_one")
        .assign(is_former=True)
    )
    return pd.concat([own, former[own.columns]], ignore_index=True)


def describe_timeline(
    known: Known, wards: pd.DataFrame, marks: pd.DataFrame, language: Language, nothing: str
) -> View:
    """Return what is said of the timeline.

    Parameters
    ----------
    known
        What is known within the range of days.
    wards
        The wards of the programme that are looked at.
    marks
        See `happenings`; of the wards of the programme.
    language
        Language of the reader.
    nothing
        Why there is no ward of the programme; empty where there is one.
    """
    events = _events(known, language)
    rows = pd.concat([events, marks], ignore_index=True) if len(events) else marks
    is_illustrative = bool(marks["is_illustrative"].any())
    if nothing:
        headline = translate("No ward of the programme to show", language)
    elif marks.empty:
        headline = translate("Nothing is on record of the wards of the programme in this period", language)
        if rows.empty:
            nothing = translate(
                "No stage, visit, inspection or event is on record from {since} to {until}. Choose a longer "
                "range of days.",
                language,
                since=day(known.period.since, language),
                until=day(known.period.until, language),
            )
    else:
        facts = marks.drop_duplicates("fact")
        headline = sentence(
            translate(
                "in this period, wards of the programme with something on record: {wards}; stages begun: "
                "{stages}; inspections: {inspections}",
                language,
                wards=in_words(marks["ward_code"].nunique(), language),
                stages=in_words(int(facts["kind"].eq("stage").sum()), language),
                inspections=in_words(int(facts["kind"].isin(["ministry", "inspection"]).sum()), language),
            )
        )
    lines = []
    if marks["is_year_only"].any():
        lines.append(
            translate(
                "A crossed mark: only the year is published; the mark stands on the day that stands for it.",
                language,
            )
        )
    if marks["of_ward"].notna().any():
        lines.append(
            translate(
                "In a ward that is partly in the programme the marks are those of the former wards that it "
                "holds a part of; pointing at one names it.",
                language,
            )
        )
    silent = wards[~wards["ward_code"].isin(marks["ward_code"])]
    if len(silent) and len(marks):
        lines.append(translate("Nothing in this period: {wards}.", language, wards=_names(silent, language)))
    return View(
        headline=_marked(headline, language, is_illustrative=is_illustrative),
        rows=rows,
        nothing=nothing,
        cards=Markup(""),
        notes=_lines(
            [
                *(Markup("{}").format(line) for line in lines),
                source_notes(rows["source"].dropna().unique(), known.source, language),
            ]
        ),
        table=_told(rows.sort_values("day", ascending=False, kind="stable", ignore_index=True), language),
        titles=_happening_titles(language),
        is_illustrative=is_illustrative,
    )


def _happening_titles(language: Language) -> dict[str, str]:
    return {
        "when": translate("Day", language),
        "kind_name": translate("Kind", language),
        "label": translate("Ward", language),
        "what": translate("What", language),
        "of_ward": translate("Former ward concerned", language),
        "is_illustrative": translate("Illustrative", language),
        "source": translate("Source", language),
    }


def _told(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    when = [
        str(row["day"].year) if row["is_year_only"] else day(row["day"], language)
        for row in rows[["day", "is_year_only"]].to_dict("records")
    ]
    return rows.assign(when=when, kind_name=[KINDS[kind].render(language) for kind in rows["kind"]])


def programme_label(language: Language) -> str:
    """Return the name of the row of a timeline that holds what concerns all wards."""
    return translate("Whole programme", language)


def _events(known: Known, language: Language) -> pd.DataFrame:
    events = known.event
    return pd.DataFrame(
        {
            "vintage": None,
            "ward_code": None,
            "label": programme_label(language),
            "day": events["event_date"],
            "kind": "event",
            "stage": None,
            "what": events["event_name" if language == "vi" else "event_name_en"],
            "of_ward": None,
            "is_year_only": False,
            "is_illustrative": False,
            "source": events["source"],
            "fact": events["event_id"],
        }
    ).reset_index(drop=True)


def imports_within(known: Known, language: Language) -> pd.DataFrame:
    """Return the files that were imported within the range, in the columns of `happenings`."""
    source = known.source
    files = source[source["source_id"].str.startswith(BATCH) & known.period.holds(source["published"])]
    return pd.DataFrame(
        {
            "vintage": None,
            "ward_code": None,
            "label": None,
            "day": files["published"],
            "kind": "import",
            "stage": None,
            "what": [
                translate("{file}, by {name}", language, file=row["title"], name=row["publisher"])
                for row in files.to_dict("records")
            ],
            "of_ward": None,
            "is_year_only": False,
            "is_illustrative": False,
            "source": files["source_id"],
            "fact": files["source_id"],
        }
    ).reset_index(drop=True)


def as_recorded(known: Known, pilot_status: pd.DataFrame) -> Known:
    """Return what is known with each status and inspection once, under the vintage in which it was recorded.

    Parameters
    ----------
    known
        What is known within the range of days.
    pilot_status
        The layer of this name.
    """
    key = [*KEY, "valid_from", "role"]
    is_own = pd.MultiIndex.from_frame(known.pilot_status[key]).isin(
        pd.MultiIndex.from_frame(pilot_status[key])
    )
    return replace(
        known,
        pilot_status=known.pilot_status[is_own],
        inspection=known.inspection.drop_duplicates("inspection_id"),
    )


def recommendation_counts(recommendation: pd.DataFrame, inspection_ids: Sequence[str]) -> dict[str, int]:
    """Return how many recommendations some inspections made, and in which state they are now.

    Keys: all, done, in_progress, open, unknown.
    """
    rows = recommendation[recommendation["inspection_id"].isin(inspection_ids)]
    states = {state: int(rows["state"].eq(state).sum()) for state in ("done", "in_progress", "open")}
    return {"all": len(rows), **states, "unknown": int(rows["state"].isna().sum())}


def describe_changes(
    known: Known,
    marks: pd.DataFrame,
    recommendation: pd.DataFrame,
    language: Language,
) -> View:
    """Return what changed within the range.

    Parameters
    ----------
    known
        What is known within the range of days.
    marks
        See `happenings`; of all wards that are looked at.
    recommendation
        The layer of this name, the rows that are to be shown.
    language
        Language of the reader.
    """
    facts = marks
    imports = imports_within(known, language)
    inspected = facts[facts["kind"].isin(["ministry", "inspection"])]
    told = recommendation_counts(recommendation, list(inspected["fact"]))
    stages = int(facts["kind"].eq("stage").sum())
    is_illustrative = bool(facts["is_illustrative"].any())
    rows = pd.concat([part for part in (facts, imports) if len(part)] or [facts], ignore_index=True)
    rows = rows.sort_values(["day", "kind"], ascending=[False, True], kind="stable", ignore_index=True)
    nothing = ""
    if rows.empty:
        headline = translate("Nothing changed in this period", language)
        nothing = translate(
            "No stage began, nothing was inspected and no file was imported from {since} to {until} in what "
            "is shown. Choose a longer range of days or the whole city.",
            language,
            since=day(known.period.since, language),
            until=day(known.period.until, language),
        )
    else:
        headline = sentence(
            translate(
                "in this period: stages begun {stages}, inspections {inspections}, files imported {imports}",
                language,
                stages=number(stages, language),
                inspections=number(len(inspected), language),
                imports=number(len(imports), language),
            )
        )
    figures = [
        Figure(
            number(stages, language),
            translate("stages begun", language),
            translate("Stages of wards whose first day lies within the range", language),
        ),
        Figure(
            number(len(inspected), language),
            translate("inspections", language),
            translate("Inspections on record", language),
        ),
        Figure(
            f"{number(told['done'], language)} / {number(told['all'], language)}"
            if told["all"]
            else missing(language),
            translate("recommendations of these inspections closed", language),
            translate(
                "Recommendations of the inspections within the range that are done now; on which day one was "
                "closed is not recorded",
                language,
            ),
        ),
        Figure(
            number(len(imports), language),
            translate("files imported", language),
            translate("Spreadsheets of the whole city that entered the data within the range", language),
        ),
    ]
    lines = [
        Markup("{}").format(
            translate(
                "A recommendation has no day of closing on record, so its state is that of the data's day: "
                "{done} done, {going} in progress, {open} open, {unknown} not known.",
                language,
                done=number(told["done"], language),
                going=number(told["in_progress"], language),
                open=number(told["open"], language),
                unknown=number(told["unknown"], language),
            )
        )
    ] * bool(told["all"])
    return View(
        headline=_marked(headline, language, is_illustrative=is_illustrative),
        rows=rows,
        nothing=nothing,
        cards=figure_cards(
            [FigureGroup(translate("In this period", language), figures, is_illustrative)], language
        ),
        notes=_lines([*lines, source_notes(rows["source"].dropna().unique(), known.source, language)]),
        table=_told(rows, language),
        titles=_happening_titles(language),
        is_illustrative=is_illustrative,
    )


def changes_list(view: View, language: Language, shown: int = 12) -> Markup:
    """Return the latest changes as a list, by day; of more than are shown the others are counted."""
    item = Markup("<li><time>{}</time> <b>{}</b> {}<p>{}</p></li>")
    items = [
        item.format(
            row["when"],
            row["label"] if _text(row["label"]) else row["kind_name"],
            badge(language) if row["is_illustrative"] else "",
            " · ".join(
                [
                    *([row["kind_name"]] if _text(row["label"]) else []),
                    row["what"],
                    *([row["of_ward"]] if _text(row["of_ward"]) else []),
                ]
            ),
        )
        for row in view.table[:shown].to_dict("records")
    ]
    more = Markup("")
    if len(view.table) > shown:
        more = Markup("<p>{}</p>").format(
            translate(
                "and {count} more; the table holds them",
                language,
                count=number(len(view.table) - shown, language),
            )
        )
    return Markup('<div class="hp-list"><ol>{}</ol>{}</div>').format(Markup("").join(items), more)


def table_cells(view: View, shown: int, language: Language) -> list[list[object]]:
    """Return the first rows of a view's table as they are written."""
    return [
        [written(value, language) for value in row]
        for row in view.table[list(view.titles)][:shown].itertuples(index=False, name=None)
    ]


def written(value: Any, language: Language) -> str:
    """Return a value of a table as it is written; what is missing in words."""
    if not pd.api.types.is_scalar(value) or pd.isna(value):
        return Markup('<span class="hp-missing">{}</span>').format(missing(language))
    if pd.api.types.is_bool(value):
        return translate("yes", language) if value else translate("no", language)
    if isinstance(value, pd.Timestamp):
        return day(value, language)
    if pd.api.types.is_number(value):
        return number(value, language, 1)
    return str(value)


# What the page asks for, kept ------------------------------------------------------------------------------


@cached
def city_wards(
    published: Publication, period: Period, vintage: str, areas: tuple[str, ...], *, verified_only: bool
) -> pd.DataFrame:
    """Return the wards that are looked at, with roles and stages of the last day."""
    return data.known(published, period, verified_only=verified_only).of_vintage(vintage, areas)


@cached
def counts_over_time(
    published: Publication, period: Period, vintage: str, areas: tuple[str, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `stage_counts` over the range: of all units that are looked at, and of phường alone."""
    recorded = layer(published, "pilot_status")
    stages = recorded_stages(recorded[recorded["valid_from"] <= pd.Timestamp(period.until)])
    days = progress_days(recorded["valid_from"], period)
    since = extent(published).since
    wards = {
        on: city_wards(
            published, Period(min(since, on.date()), on.date()), vintage, areas, verified_only=True
        )
        for on in days
    }
    return stage_counts(wards, stages), stage_counts(wards, stages, ("phường",))


@cached
def view(
    published: Publication,
    name: str,
    period: Period,
    vintage: str,
    areas: tuple[str, ...],
    language: Language,
    *,
    verified_only: bool,
    every_ward: bool = False,
) -> View:
    """Return one of the `VIEWS`.

    ``every_ward`` shows the criteria of all wards that were inspected, those outside the programme too.
    """
    known = data.known(published, period, verified_only=verified_only)
    looked_at = known.of_vintage(vintage, areas)
    wards = programme_wards(looked_at)
    nothing = no_ward_text(known, vintage, areas, language) if wards.empty else ""
    if name == "stages":
        counts, of_wards = counts_over_time(published, period, vintage, areas)
        return describe_stages(known, counts, of_wards, layer(published, "target"), language, nothing)
    if name == "criteria":
        sets = layer(published, "criteria_set")
        if every_ward:
            seen = known.inspections_within()
            codes = seen.loc[seen["vintage"] == vintage, "ward_code"]
            wards = _by_name(looked_at[looked_at["ward_code"].isin(codes) | looked_at["role"].notna()])
            nothing = "" if len(wards) else nothing
        return describe_criteria(known, latest_inspections(known, wards, sets), sets, language, nothing)
    if name == "headquarters":
        reported = _headquarters(published, period, vintage, verified_only=verified_only)
        rows = headquarters_rows(wards, reported)
        values = layer(published, "indicator_value")
        behind = values[
            values["indicator_code"].eq(HEADQUARTERS)
            & values["period_end"].le(pd.Timestamp(period.until))
            & values["ward_code"].isin(rows.loc[rows["value"].notna(), "ward_code"])
            & ~(values["is_illustrative"] & verified_only)
        ]
        return describe_headquarters(known, rows, list(behind["source"].unique()), language, nothing)
    if name == "timeline":
        return describe_timeline(known, wards, happenings(known, wards, language), language, nothing)
    recommendation = layer(published, "recommendation")
    if verified_only:
        recommendation = recommendation[~recommendation["is_illustrative"]]
    recorded = as_recorded(known.of_areas(vintage, areas), layer(published, "pilot_status"))
    marks = happenings(recorded, recorded.wards.assign(is_partly=False), language)
    return describe_changes(known, marks, recommendation, language)


@cached
def _headquarters(
    published: Publication, period: Period, vintage: str, *, verified_only: bool
) -> pd.DataFrame:
    index = indicator_index(published, verified_only=verified_only)
    if HEADQUARTERS not in index.catalogue.index:
        return pd.DataFrame(columns=["unit_code", "value", "latest_day", "is_illustrative"])
    since, until = pd.Timestamp(period.since), pd.Timestamp(period.until)
    begins = [pd.Timestamp(other) for other in data.vintages(published) if other > vintage]
    ends = [until, *(begin - pd.Timedelta(days=1) for begin in reversed(begins) if begin <= until)]
    return latest_known(
        [indicator_values(index, HEADQUARTERS, min(since, end), end, vintage) for end in ends]
    )
