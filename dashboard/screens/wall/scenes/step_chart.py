"""Shares over time as steps, and the straight line to a target: where everything stands in the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.subjects.progress.runs import Run
from dashboard.subjects.progress.stages import Target
from geodata.language import Words

WIDTH, HEIGHT = 1040, 720
LEFT, RIGHT, TOP, BOTTOM = 96, 24, 96, 56
"""Room around the lines, for what is written there."""
LABEL_STEP = 38
"""Labels stand so far apart at least."""
LABELLED_SHARE = 64
"""At this share in per cent the line to the target is named, to its left: it rises to the right."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A line of the chart.

    Attributes
    ----------
    label, colour
        What stands at its end, and its colour.
    runs
        The stretches over which it is known, in per cent.
    is_partly
        Wards that hold the stage in part only.
    """

    label: Words | str
    colour: str
    runs: Sequence[Run]
    is_partly: bool = False


@dataclass(frozen=True)
class Stretch:
    """A stretch of a line as it is drawn: its path, where it begins and ends, and how far its end fades.

    ``year_only`` are the steps of which only the year is known.
    """

    path: str
    begin: float
    end: Point
    fades_to: float | None
    year_only: list[Point]


@dataclass(frozen=True)
class Steps:
    """A line as it is drawn: its stretches, and the height of its label at the end of the last one."""

    line: Line
    stretches: list[Stretch]
    label: float


@dataclass(frozen=True)
class Goal:
    """The line to a target.

    Attributes
    ----------
    begin, end
        Where it runs.
    named
        Where its name ends, to the left of the line.
    """

    begin: Point
    end: Point
    named: Point


@dataclass(frozen=True)
class StepChart:
    """The chart as it is drawn.

    Attributes
    ----------
    grid
        Heights of shares in per cent.
    years
        Years, and where each begins.
    last_year
        The last of all, at the edge of the drawing.
    now
        Where today is.
    unknown
        Where the days begin of which nothing is known; none without.
    steps
        The lines, the lowest one first.
    goal
        The line to the target; none without one in per cent.
    """

    grid: list[tuple[int, float]]
    years: list[tuple[int, float]]
    last_year: int
    now: float
    unknown: float | None
    steps: list[Steps]
    goal: Goal | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    foot: int = HEIGHT - BOTTOM

    @property
    def has_year_only(self) -> bool:
        """Return whether of a step only the year is known."""
        return any(stretch.year_only for step in self.steps for stretch in step.stretches)


def step_chart(
    drawn: Sequence[Line],
    target: Target | None,
    days: tuple[pd.Timestamp, pd.Timestamp],
    unknown: pd.Timestamp | None,
) -> StepChart:
    """Return the share of phường known to be at each stage, and the straight line to a target.

    Parameters
    ----------
    drawn
        The lines, the furthest stage last.
    target
        One that is not in % has no line.
    days
        The programme's first day, from which the line to the target runs, and today.
    unknown
        The day from which nothing is known; none without.
    """
    first, last = days
    due = target.due if target is not None and target.unit == "%" else None
    start = pd.Timestamp(first.year, 1, 1)
    end = pd.Timestamp((last if due is None else max(last, due)).year + 1, 1, 1)

    def x(when: pd.Timestamp) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * ((when - start) / (end - start))

    def y(share: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share / 100

    def stretch(run: Run) -> Stretch:
        points = [(x(on), y(share)) for on, share in zip(run.days, run.values, strict=True)]
        fades_to = None if run.fades_until is None else x(run.fades_until)
        year_only = [at for at, is_vague in zip(points, run.is_year_only, strict=True) if is_vague]
        return Stretch(_path(points), points[0][0], points[-1], fades_to, year_only)

    goal = None
    if due is not None and target is not None and target.value is not None:
        share = LABELLED_SHARE / target.value
        named = (x(first + share * (due - first)) - 28, y(LABELLED_SHARE))
        goal = Goal((x(first), y(0)), (x(due), y(target.value)), named)
    years = range(start.year, end.year + 1, max(1, (end.year - start.year) // 5))
    steps, floor = [], y(0) - 14
    # The furthest stage is the lowest line.
    for line in reversed([line for line in drawn if line.runs]):
        stretches = [stretch(run) for run in line.runs]
        label = min(stretches[-1].end[1] - 10, floor)
        floor = label - LABEL_STEP
        steps.append(Steps(line, stretches, label))
    return StepChart(
        grid=[(share, y(share)) for share in (0, 100)],
        years=[(one, x(pd.Timestamp(one, 1, 1))) for one in years],
        last_year=end.year,
        now=x(last),
        unknown=None if unknown is None else x(unknown),
        steps=steps,
        goal=goal,
    )


def _path(points: Sequence[Point]) -> str:
    (left, height), *others = points
    return f"M{left:.1f} {height:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in others)
