"""Shares over time as steps, and the straight line to a target: where everything stands in the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.subjects.progress.stages import Target
from geodata.language import Words

WIDTH, HEIGHT = 1040, 640
LEFT, RIGHT, TOP, BOTTOM = 96, 24, 40, 56
"""Room around the lines, for what is written there."""
ROOMY_SHARE = 0.66
"""Up to this share of the width labels stand after today."""
LABEL_STEP = 38
"""Labels stand so far apart at least."""

Point = tuple[float, float]


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

    label: Words | str
    colour: str
    points: Sequence[tuple[pd.Timestamp, float]]
    is_partly: bool = False


@dataclass(frozen=True)
class Steps:
    """A line as it is drawn: its path, the height of its end, and of its label."""

    line: Line
    path: str
    left: float
    end: float
    label: float


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
    side
        1 where labels stand after today, -1 before it.
    steps
        The lines, the lowest one first.
    goal
        Share in per cent of the target, where the line to it begins and where it ends; none without one.
    """

    grid: list[tuple[int, float]]
    years: list[tuple[int, float]]
    last_year: int
    now: float
    side: int
    steps: list[Steps]
    goal: tuple[float, Point, Point] | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    foot: int = HEIGHT - BOTTOM


def step_chart(drawn: Sequence[Line], target: Target | None, first: pd.Timestamp) -> StepChart:
    """Return the share of phường at each stage over time, and the straight line to a target.

    Parameters
    ----------
    drawn
        The lines, the furthest stage last.
    target
        One that is not in % has no line.
    first
        The programme's first day, from which the line to the target runs.
    """
    last = max(line.points[-1][0] for line in drawn)
    due = target.due if target is not None and target.unit == "%" else None
    start = pd.Timestamp(first.year, 1, 1)
    end = pd.Timestamp((last if due is None else max(last, due)).year + 1, 1, 1)

    def x(when: pd.Timestamp) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * ((when - start) / (end - start))

    def y(share: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share / 100

    goal = None
    if due is not None and target is not None and target.value is not None:
        goal = target.value, (x(first), y(0)), (x(due), y(target.value))
    years = range(start.year, end.year + 1, max(1, (end.year - start.year) // 5))
    steps, floor = [], y(0) - 14
    # The furthest stage is the lowest line.
    for line in reversed(drawn):
        points = [(x(on), y(share)) for on, share in line.points]
        label = min(points[-1][1] - 10, floor)
        floor = label - LABEL_STEP
        steps.append(Steps(line, _path(points), points[0][0], points[-1][1], label))
    return StepChart(
        grid=[(share, y(share)) for share in (0, 100)],
        years=[(one, x(pd.Timestamp(one, 1, 1))) for one in years],
        last_year=end.year,
        now=x(last),
        # Late in the time shown there is no room for labels after today.
        side=1 if x(last) < ROOMY_SHARE * WIDTH else -1,
        steps=steps,
        goal=goal,
    )


def _path(points: Sequence[Point]) -> str:
    (left, height), *others = points
    return f"M{left:.1f} {height:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in others)
