"""Progress to target: wards at a stage by day, against the national target."""

from collections.abc import Sequence

import pandas as pd

from dashboard.screens.wall.scene import Scene, View, source_line
from dashboard.screens.wall.scenes.step_chart import Line, step_chart
from dashboard.subjects.progress.stages import StageCount, Target, stage_progress
from dashboard.subjects.progress.words import stage_headline
from geodata.language import Words, capitalised, message
from geodata.language.dates import day
from geodata.language.numbers import in_words, number, percent
from geodata.programme.symbols import STAGE_COLOURS, STAGE_NAMES

SHOWN_STAGES = 2
"""So many stages have a line, the furthest ones."""


def scene(view: View) -> Scene | None:
    """Return the scene; none where no ward is at a stage."""
    query, shown = view.query, stage_progress(view.query)
    held = [one for one in shown.phuong if one.reached_count or one.partly_count]
    if not held:
        return None
    national, stages = shown.national, held[-SHOWN_STAGES:]
    told = headline(held, national) or stage_headline(shown)
    days_left = None if national is None or national.due is None else national.due.date() - query.period.until
    rows = shown.of_phuong
    lines = [
        line_of(one.stage, rows[rows["stage"] == one.stage], view.colour(STAGE_COLOURS[one.stage]))
        for one in stages
    ]
    evidence = query.evidence()
    sources = [
        *([national.source] if national is not None else []),
        *evidence.pilot_status["source"].unique(),
    ]
    has_city_target = any(one.scope == "city" and one.value is not None for one in shown.targets)
    return Scene(
        "progress",
        told,
        {
            "chart": step_chart(lines, national, pd.Timestamp(query.period.since)),
            "about": told,
            "stages": stages,
            "stage_names": STAGE_NAMES,
            "days_left": None if days_left is None or days_left.days < 0 else days_left.days,
            "is_of_nation": national is not None and not has_city_target,
            "source": source_line(sources, evidence.source),
        },
    )


def headline(held: Sequence[StageCount], national: Target | None) -> Words | None:
    """Return how many phường hold the furthest stage, and the national target; none where none does wholly.

    Parameters
    ----------
    held
        Phường at each stage on the last day.
    national
        The national target.
    """
    whole = [one for one in held if one.reached_count]
    if not whole:
        return None
    told = message(
        "{count} of {all} phường at “{stage}” or further",
        count=in_words(whole[-1].reached_count),
        all=number(whole[-1].ward_count),
        stage=STAGE_NAMES[whole[-1].stage],
    )
    if national is not None and national.value is not None:
        told = message(
            "{told}; the national target is {target} by {day}",
            told=told,
            target=percent(national.value) if national.unit == "%" else number(national.value),
            day=day(national.due),
        )
    return capitalised(told)


def line_of(stage: str, rows: pd.DataFrame, colour: str) -> Line:
    """Return the line of a stage: of the wards that hold it, or where none does wholly, of those partly.

    Parameters
    ----------
    stage
        The stage.
    rows
        `geodata.programme.targets.stage_counts` of it, of phường.
    colour
        Of the line.
    """
    last = rows.iloc[-1]
    is_partly = not last["reached_count"] and last["partly_count"] > 0
    if is_partly:
        label = message("“{stage}”, in part", stage=STAGE_NAMES[stage])
        share = 100 * rows["partly_count"] / rows["ward_count"]
    else:
        label = message("“{stage}” or later", stage=STAGE_NAMES[stage])
        share = rows["reached_pct"].astype("float64")
    return Line(label, colour, list(zip(rows["day"], share, strict=True)), is_partly)
