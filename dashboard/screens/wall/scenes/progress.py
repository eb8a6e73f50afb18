"""Progress to target: wards at a stage by day, against the national target."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from dashboard.screens.wall.parts import beside, big_number, column, note, source_line
from dashboard.screens.wall.scene import Scene, View, themed
from dashboard.subjects.progress.stages import StageProgress
from dashboard.subjects.progress.words import stage_headline
from dashboard.ui.formats import day, in_words, number, percent, sentence
from geodata.language import Language, translate
from geodata.programme.symbols import STAGE_COLOURS, STAGE_NAMES
from geodata.programme.targets import against_targets

SHOWN_STAGES = 2
"""So many stages have a line, the furthest ones."""

WIDTH, HEIGHT = 1040, 640
LEFT, RIGHT, TOP, BOTTOM = 96, 24, 40, 56
"""Room around the lines, for what is written there."""
ROOMY_SHARE = 0.66
"""Up to this share of the width labels stand after today."""
LABEL_STEP = 38
"""Labels stand so far apart at least."""


def scene(view: View, shown: StageProgress, target: pd.DataFrame, first: pd.Timestamp) -> Scene | None:
    """Return the scene; none where no ward is at a stage.

    Parameters
    ----------
    view
        What every scene is made from.
    shown
        How many wards hold which stage on each day.
    target
        The layer ``target``.
    first
        The programme's first day.
    """
    language = view.language
    of_wards = shown.of_phuong
    last = of_wards[of_wards["day"] == of_wards["day"].max()].set_index("stage")
    held = last[(last["reached_count"] > 0) | (last["partly_count"] > 0)]
    if held.empty:
        return None
    national = target[target["scope"].eq("national") & target["value"].notna() & target["due_date"].notna()]
    stages = [str(stage) for stage in held.index[-SHOWN_STAGES:]]
    told = headline(held, national, language)
    if told is None:
        told = stage_headline(shown).render(language)
    numbers = [_stage_number(stage, held, language) for stage in stages]
    sources = list(view.known.pilot_status["source"].unique())
    if len(national):
        furthest = of_wards[(of_wards["stage"] == stages[-1]) & (of_wards["day"] == of_wards["day"].max())]
        gap = against_targets(furthest, national.head(1)).iloc[0]
        if pd.notna(gap["days_left"]) and gap["days_left"] >= 0:
            caption = translate("days to the national target", language)
            numbers.append(big_number(number(gap["days_left"], language), caption))
        sources = [*national["source"].head(1), *sources]
    chart = step_chart(
        [
            line_of(
                stage,
                of_wards[of_wards["stage"] == stage],
                themed(STAGE_COLOURS[stage], view.theme),
                language,
            )
            for stage in stages
        ],
        national.head(1),
        first,
        told,
        language,
    )
    nation = translate(
        "The target is of all ward police nationwide; none of the city's is published.", language
    )
    has_city_target = bool((target["scope"].eq("city") & target["value"].notna()).any())
    return Scene(
        "progress",
        told,
        beside(
            chart,
            column(
                *numbers,
                *([] if has_city_target or national.empty else [note(nation)]),
                source_line(sources, view.known.source, language),
            ),
        ),
    )


def headline(held: pd.DataFrame, national: pd.DataFrame, language: Language) -> str | None:
    """Return how many phường hold the furthest stage, and the national target; none where none does wholly.

    Parameters
    ----------
    held
        Rows of `geodata.programme.targets.stage_counts` of phường, of the last day, by stage.
    national
        The national target, at most one row counts.
    language
        Language of the reader.
    """
    whole = held[held["reached_count"] > 0]
    if whole.empty:
        return None
    row = whole.iloc[-1]
    told = translate(
        "{count} of {all} phường at “{stage}” or further",
        language,
        count=in_words(int(row["reached_count"]), language),
        all=number(row["ward_count"], language),
        stage=STAGE_NAMES[str(whole.index[-1])].render(language),
    )
    if len(national):
        goal = national.iloc[0]
        value = percent(goal["value"], language) if goal["unit"] == "%" else number(goal["value"], language)
        told = translate(
            "{told}; the national target is {target} by {day}",
            language,
            told=told,
            target=value,
            day=day(goal["due_date"], language),
        )
    return sentence(told)


def _stage_number(stage: str, held: pd.DataFrame, language: Language) -> Markup:
    row = held.loc[stage]
    name = STAGE_NAMES[stage].render(language)
    if not row["reached_count"]:
        caption = translate("phường hold parts of wards “{stage}” or later", language, stage=name)
        return big_number(number(row["partly_count"], language), caption)
    return big_number(
        number(row["reached_count"], language),
        translate("phường “{stage}” or later", language, stage=name),
        number(row["ward_count"], language),
    )


@dataclass(frozen=True)
class Line:
    """A line of the chart.

    Attributes
    ----------
    label, colour
        What stands at its end, and its colour.
    points
        Days and shares in per cent.
    is_partly
        Wards that hold the stage in part only.
    """

    label: str
    colour: str
    points: Sequence[tuple[pd.Timestamp, float]]
    is_partly: bool = False


def line_of(stage: str, rows: pd.DataFrame, colour: str, language: Language) -> Line:
    """Return the line of a stage: of the wards that hold it, or where none does wholly, of those partly.

    Parameters
    ----------
    stage
        The stage.
    rows
        `geodata.programme.targets.stage_counts` of it, of phường.
    colour
        Of the line.
    language
        Language of the reader.
    """
    label = translate("“{stage}” or later", language, stage=STAGE_NAMES[stage].render(language))
    last = rows.iloc[-1]
    is_partly = not last["reached_count"] and last["partly_count"] > 0
    share = rows["reached_pct"].astype("float64")
    if is_partly:
        label = translate("“{stage}”, in part", language, stage=STAGE_NAMES[stage].render(language))
        share = 100 * rows["partly_count"] / rows["ward_count"]
    return Line(label, colour, list(zip(rows["day"], share, strict=True)), is_partly)


def step_chart(
    drawn: Sequence[Line], target: pd.DataFrame, first: pd.Timestamp, about: str, language: Language
) -> Markup:
    """Return the share of phường at each stage over time, and the straight line to a target, as SVG.

    Parameters
    ----------
    drawn
        The lines, the furthest stage last.
    target
        At most one row of the layer; one that is not in % has no line.
    first
        The programme's first day, from which the line to the target runs.
    about
        What it shows, for those who can't see it.
    language
        Language of the reader.
    """
    last = max(line.points[-1][0] for line in drawn)
    goals = target[target["unit"].eq("%")]
    end = max(last, *goals["due_date"]) if len(goals) else last
    start = pd.Timestamp(first.year, 1, 1)
    end = pd.Timestamp(end.year + 1, 1, 1)

    def x(when: pd.Timestamp) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * ((when - start) / (end - start))

    def y(share: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share / 100

    parts = [_grid(share, y(share), language) for share in (0, 100)]
    years = range(start.year, end.year + 1, max(1, (end.year - start.year) // 5))
    year = Markup('<text x="{:.0f}" y="{}" text-anchor="{}">{}</text>')
    parts += [
        year.format(x(pd.Timestamp(one, 1, 1)), HEIGHT - 12, "end" if one == end.year else "middle", one)
        for one in years
    ]
    now = Markup(
        '<path class="hw-now" d="M{x:.0f} {top}V{foot}"/>'
        '<text x="{x:.0f}" y="{above}" text-anchor="middle">{told}</text>'
    )
    parts.append(
        now.format(
            x=x(last), top=TOP, foot=HEIGHT - BOTTOM, above=TOP - 12, told=translate("Today", language)
        )
    )
    for goal in goals.to_dict("records"):
        parts.append(
            Markup('<path class="hw-goal" d="M{:.0f} {:.0f}L{:.0f} {:.0f}"/>').format(
                x(first), y(0), x(goal["due_date"]), y(goal["value"])
            )
        )
        parts.append(
            Markup('<circle class="hw-goal-end" cx="{:.0f}" cy="{:.0f}" r="10"/>').format(
                x(goal["due_date"]), y(goal["value"])
            )
        )
        parts.append(
            Markup('<text class="hw-strong" x="{:.0f}" y="{:.0f}" text-anchor="end">{}</text>').format(
                x(goal["due_date"]) - 24,
                y(goal["value"]) + 42,
                translate("National target {target}", language, target=percent(goal["value"], language)),
            )
        )
    floor = y(0) - 14
    # Late in the time shown there is no room for labels after today.
    side, anchor = (1, "start") if x(last) < ROOMY_SHARE * WIDTH else (-1, "end")
    # The furthest stage is the lowest line.
    for line in reversed(drawn):
        held = line.points[-1][1]
        parts.append(_steps(line, [(x(on), y(share)) for on, share in line.points], y(0)))
        at = min(y(held) - 10, floor)
        floor = at - LABEL_STEP
        parts.append(
            Markup(
                '<path class="hw-lead" d="M{:.0f} {:.0f}L{:.0f} {:.0f}"/>'
                '<text class="hw-strong" x="{:.0f}" y="{:.0f}" text-anchor="{}">{}</text>'
            ).format(
                x(last), y(held), x(last) + 18 * side, at - 9, x(last) + 24 * side, at, anchor, line.label
            )
        )
    return Markup('<svg class="hw-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, about, Markup("").join(parts)
    )


def _steps(line: Line, points: Sequence[tuple[float, float]], foot: float) -> Markup:
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}" + "".join(f"H{px:.1f}V{py:.1f}" for px, py in points[1:])
    area = f"{path}V{foot:.1f}H{points[0][0]:.1f}Z"
    return Markup(
        '<path class="hw-area" style="fill: {}" d="{}"/><path class="hw-step {}" style="stroke: {}" d="{}"/>'
    ).format(line.colour, area, "hw-partly" if line.is_partly else "", line.colour, path)


def _grid(share: float, height: float, language: Language) -> Markup:
    return Markup(
        '<path class="hw-grid" d="M{} {:.0f}H{}"/><text x="{}" y="{:.0f}" text-anchor="end">{}</text>'
    ).format(LEFT, height, WIDTH - RIGHT, LEFT - 12, height + 9, percent(share, language))
