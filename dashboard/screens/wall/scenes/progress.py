"""Progress: how many wards are known to have come how far, and the national target."""

import pandas as pd

from dashboard.query.layers import extent
from dashboard.screens.wall.scene import Scene, View, source_line
from dashboard.screens.wall.scenes.step_chart import Line, step_chart
from dashboard.subjects.progress.runs import known_runs, unknown_since
from dashboard.subjects.progress.stages import stage_progress
from dashboard.subjects.progress.words import (
    base_of_shares,
    chosen_caption,
    furthest_known,
    known_of,
    line_name,
    stages_known,
    target_words,
)
from geodata.language import capitalised
from geodata.programme.symbols import STAGE_COLOURS

SHOWN_STAGES = 2
"""So many stages have a line, the furthest ones."""


def scene(view: View) -> Scene | None:
    """Return the scene; none where no stage of a ward is on record."""
    query, shown = view.query, stage_progress(view.query)
    if not shown.every:
        return None
    told, national, rows = capitalised(stages_known(shown)), shown.national, shown.of_phuong
    lines = [_line(view, one.stage, rows[rows["stage"] == one.stage]) for one in shown.every[-SHOWN_STAGES:]]
    evidence = query.evidence()
    sources = [
        *([national.source] if national is not None else []),
        *evidence.pilot_status["source"].unique(),
    ]
    days = pd.Timestamp(extent(query.published).since), pd.Timestamp(query.period.until)
    has_city_target = any(one.scope == "city" and one.value is not None for one in shown.targets)
    return Scene(
        "progress",
        told,
        {
            "chart": step_chart(lines, national, days, unknown_since(rows)),
            "about": told,
            "goal_name": None if national is None else capitalised(target_words(national)),
            "chosen": chosen_caption(shown),
            "chosen_count": shown.chosen.count,
            "known": [(one.reached_count, *known_of(shown, one)) for one in furthest_known(shown)[:1]],
            "base": base_of_shares(shown),
            "is_of_nation": national is not None and not has_city_target,
            "source": source_line(sources, evidence.source),
        },
    )


def _line(view: View, stage: str, rows: pd.DataFrame) -> Line:
    """Return the line of a stage: of wards known to hold it, or where none did wholly, in part."""
    is_partly = bool(not rows["reached_count"].any() and rows["partly_count"].any())
    shares = rows.assign(
        share=100 * rows["partly_count" if is_partly else "reached_count"] / rows["ward_count"]
    )
    colour = view.colour(STAGE_COLOURS[stage])
    return Line(line_name(stage, is_partly=is_partly), colour, known_runs(shares, "share"), is_partly)
