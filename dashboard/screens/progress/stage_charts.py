"""The charts of stages: what is known of them as steps, which fade where nobody has recorded more."""

import datetime
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.screens.progress.chart_parts import YEAR_ONLY_SYMBOL, note, text
from dashboard.subjects.progress.phrases import LINE_NAMES
from dashboard.subjects.progress.runs import Run, known_runs, unknown_since
from dashboard.subjects.progress.stages import Target
from dashboard.subjects.progress.words import is_year_only
from dashboard.ui.chart_style import TICKS
from geodata.language import Language, message, render
from geodata.language.dates import day
from geodata.language.numbers import percent
from geodata.programme.symbols import BORDER, INK, LAND, SECONDARY, STAGE_COLOURS

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid")
"""Strokes of the lines, so that stages are told apart without colour."""

PARTLY_DASHES = ("dot", "dashdot", "2px,6px", "longdashdot", "8px,8px", "1px,4px", "dot")
"""Strokes of the lines of wards that are at a stage in part."""

FADE_STEPS = 8

UNKNOWN = message("No information yet")


def _draw_runs(
    figure: go.Figure, runs: Sequence[Run], name: str, colour: str, line: dict[str, Any], hover: str
) -> None:
    """Draw what is known as steps that fade where nobody has recorded more."""
    for place, run in enumerate(runs):
        figure.add_scatter(
            x=run.days,
            y=run.values,
            name=name,
            legendgroup=name,
            showlegend=place == 0,
            mode="lines+markers",
            line={"shape": "hv", **line},
            # Some are known of a single day.
            marker={
                "color": line["color"],
                "symbol": [YEAR_ONLY_SYMBOL if is_vague else "circle" for is_vague in run.is_year_only],
                "size": [10 if is_vague else 5 for is_vague in run.is_year_only],
            },
            fill="tozeroy",
            fillcolor=colour,
            customdata=run.told,
            hovertemplate=f"%{{customdata}}: <b>{hover}</b><extra>{name}</extra>",
        )
        if run.fades_until is None:
            continue
        ends = pd.date_range(run.days[-1], run.fades_until, periods=FADE_STEPS + 1)
        for step, (begin, end) in enumerate(pairwise(ends)):
            figure.add_scatter(
                x=[begin, end],
                y=[run.values[-1]] * 2,
                mode="lines",
                line={**line, "dash": "dot"},
                opacity=1 - (step + 0.5) / FADE_STEPS,
                showlegend=False,
                hoverinfo="skip",
            )


def _unknown_since(figure: go.Figure, counts: pd.DataFrame, top: float, name: str) -> None:
    """Mark the days of which nothing is known with dots and words, after the last one that is known."""
    since, until = unknown_since(counts), counts["day"].max()
    if since is None:
        return
    figure.add_scatter(
        x=[since, until, until, since, since],
        y=[0, 0, top, top, 0],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillpattern={"shape": ".", "fgcolor": BORDER, "bgcolor": LAND, "size": 9, "solidity": 0.1},
        name=name,
        hoverinfo="skip",
    )
    place: dict[str, object] = {"xanchor": "center", "xshift": 0, "bgcolor": LAND}
    note(figure, since + (until - since) / 2, top * 0.88, name, **place)


def stage_steps(counts: pd.DataFrame, language: Language) -> go.Figure:
    """Return the number of wards known to be at each stage or a later one over time, as steps.

    Parameters
    ----------
    counts
        See `dashboard.subjects.progress.stages.counts_over_time`.
    language
        Language of the reader.
    """
    figure = go.Figure()
    top = 1.3 * max(int(counts[["reached_count", "partly_count"]].to_numpy().max(initial=0)), 1)
    _unknown_since(figure, counts, top, text(UNKNOWN, language))
    for place, (stage, rows) in enumerate(counts.groupby("stage", sort=False)):
        name = LINE_NAMES[str(stage)]
        for column, words, colour, dashes in (
            ("reached_count", message("“{stage}” or later", stage=name), INK, DASHES),
            ("partly_count", message("partly “{stage}” or later", stage=name), SECONDARY, PARTLY_DASHES),
        ):
            _draw_runs(
                figure,
                known_runs(rows, column),
                text(words, language),
                STAGE_COLOURS[str(stage)] if column == "reached_count" else "rgba(0,0,0,0)",
                {"color": colour, "width": 2, "dash": dashes[place]},
                "%{y}",
            )
    figure.update_yaxes(
        title={"text": text(message("wards"), language), "font": {"size": 13}},
        range=[0, top],
        tickformat="d",
        nticks=6,
        **({"dtick": 1} if top <= 8 else {}),
    )
    figure.update_xaxes(tickformatstops=TICKS, nticks=6)
    return figure


def target_lines(
    of_phuong: pd.DataFrame, targets: Sequence[Target], first: datetime.date, language: Language
) -> go.Figure:
    """Return the share of phường known to be at each stage over time, and a straight line to each target.

    Parameters
    ----------
    of_phuong
        See `dashboard.subjects.progress.stages.counts_over_time`, of phường alone.
    targets
        One without a value, a unit of % or a date has no line.
    first
        The programme's first day, from which the lines run.
    language
        Language of the reader.
    """
    figure = go.Figure()
    _unknown_since(figure, of_phuong, 100, text(UNKNOWN, language))
    for place, (stage, rows) in enumerate(of_phuong.groupby("stage", sort=False)):
        _draw_runs(
            figure,
            known_runs(rows, "reached_pct"),
            text(message("“{stage}” or later", stage=LINE_NAMES[str(stage)]), language),
            STAGE_COLOURS[str(stage)],
            {"color": INK, "width": 2, "dash": DASHES[place]},
            "%{y:.1f} %",
        )
    for target in targets:
        if target.value is None or target.unit != "%" or target.due is None:
            continue
        scope = message("national") if target.scope == "national" else message("of the city")
        due = str(target.due.year) if is_year_only(target) else day(target.due)
        about = [text(one, language) for one in (percent(target.value), due, scope)]
        figure.add_scatter(
            x=[pd.Timestamp(first), target.due],
            y=[0, target.value],
            name=text(message("straight line to the target, no plan"), language),
            mode="lines+markers",
            line={"color": "#B9482F", "width": 2, "dash": "dash"},
            marker={"symbol": ["circle-open", "star"], "size": [6, 12]},
            hovertemplate=f"{text(target.name, language)}<br>{about[1]}: %{{y:.0f}} %<extra></extra>",
        )
        # Above its end, where the line never comes.
        above: dict[str, object] = {"xanchor": "right", "yanchor": "bottom", "xshift": 8, "yshift": 9}
        note(figure, target.due, target.value, "{} · {} ({})".format(*about), **above)
    ticks = [0, 25, 50, 75, 100]
    figure.update_yaxes(
        range=[0, 135], tickvals=ticks, ticktext=[render(percent(tick), language) for tick in ticks]
    )
    figure.update_xaxes(tickformat="%Y", nticks=6)
    return figure
