"""The view of stages: how many wards hold which one on each day, against the national target."""

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.programme.overview import Figure, FigureGroup, figure_cards
from dashboard.subjects.progress.views import View, note_list
from dashboard.ui.citations import source_notes
from dashboard.ui.formats import day, in_words, number, percent, sentence
from geodata.contract.layers import STAGES
from geodata.evidence import Evidence
from geodata.language import Language, translate
from geodata.period import Period
from geodata.programme.symbols import STAGE_NAMES
from geodata.programme.targets import against_targets, recorded_stages

STEPS_AT_MOST = 60
"""So many days of change are told one by one; of more than these the last one of each month."""


def progress_days(changes: pd.Series, period: Period) -> list[pd.Timestamp]:
    """Return the days on which to count: both ends of the range and the days of change in it.

    Of more than `STEPS_AT_MOST` changes the last one of each month.
    """
    ends = pd.Timestamp(period.since), pd.Timestamp(period.until)
    days = changes[changes.between(*ends)].drop_duplicates().sort_values()
    if len(days) > STEPS_AT_MOST:
        days = days.groupby(days.dt.to_period("M")).max()
    return sorted({*days, *ends})


def describe_stages(
    known: Evidence,
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


def _stage_notes(known: Evidence, target: pd.DataFrame, language: Language) -> Markup:
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
    return note_list(lines)
