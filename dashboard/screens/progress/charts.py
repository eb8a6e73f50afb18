"""The charts of criteria, headquarters and the timeline, as pure functions: frames in, Plotly figures out."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.screens.progress.chart_parts import YEAR_ONLY_SYMBOL, note, text
from dashboard.subjects.progress.happening_words import KINDS, WHOLE_PROGRAMME, what, when, whose
from dashboard.subjects.progress.view import records
from dashboard.ui.chart_style import BLUE, TICKS, escaped
from geodata.language import Language, Words, message, render
from geodata.language.dates import day
from geodata.language.numbers import number, percent
from geodata.period import Period
from geodata.programme.symbols import (
    INK,
    LAND,
    LINE,
    SECONDARY,
    STAGE_COLOURS,
    VISIT_SITE_COLOUR,
)

Say = Callable[[Words | str], str]
"""What writes words in the language of a chart."""

ROW_PX = 27
"""Height of a ward's row."""

MARKS = {
    "stage": ("square", BLUE, -0.2),
    "visit": ("diamond", VISIT_SITE_COLOUR, -0.2),
    "ministry": ("triangle-up", INK, 0.22),
    "inspection": ("circle-open", SECONDARY, 0.22),
    "event": ("star", INK, 0.0),
}
"""The mark of each kind: symbol, colour, and how far from the middle of its row it stands: a stage often
begins on the day of an inspection."""

NOT_MET = "#E9B7A8"


def criteria_bullets(rows: pd.DataFrame, language: Language) -> go.Figure:
    """Return bullets of the criteria that wards met, against those assessed and their set.

    Parameters
    ----------
    rows
        `geodata.programme.criteria.latest_inspections` with known counts, and ``label``, the distinct name
        of the ward; the first comes on top.
    language
        Language of the reader.
    """
    bands: list[tuple[str, Words, dict[str, Any]]] = [
        ("criteria_met", message("met"), {"color": BLUE}),
        (
            "not_met",
            message("not met"),
            {"color": NOT_MET, "pattern": _pattern("/", STAGE_COLOURS["not_met"])},
        ),
        (
            "not_assessed",
            message("not assessed"),
            {"color": "#FFFFFF", "pattern": _pattern(".", SECONDARY)},
        ),
    ]
    labels = [escaped(label) for label in rows["label"]]
    hover = [
        "<br>".join(
            [
                f"<b>{escaped(str(row['ward_name']))}</b>, {text(day(row['inspection_date']), language)}",
                escaped(str(row["inspecting_body"])),
                text(
                    message(
                        "met {met}, not met {not_met}, not assessed {left} of {count}",
                        met=number(row["criteria_met"]),
                        not_met=number(row["not_met"]),
                        left=number(row["not_assessed"]),
                        count=number(row["criteria_count"]),
                    ),
                    language,
                ),
            ]
        )
        for row in rows.to_dict("records")
    ]
    figure = go.Figure()
    for column, name, marker in bands:
        figure.add_bar(
            x=rows[column].astype("float64"),
            y=labels,
            orientation="h",
            name=text(name, language),
            width=0.64,
            marker={**marker, "line": {"color": INK, "width": 1}},
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
    most = float(rows["criteria_count"].fillna(rows["criteria_assessed"]).max())
    for label, row in zip(labels, rows.to_dict("records"), strict=True):
        counts = [render(number(row[name]), language) for name in ("criteria_met", "criteria_assessed")]
        # Short, for a phone: what is not met and not assessed shows in the bar.
        note(figure, most, label, "<b>{}</b>/{}".format(*counts))
    figure.update_layout(barmode="stack", bargap=0, legend={"traceorder": "normal"})
    figure.update_xaxes(range=[0, most * 1.38], tickvals=_ticks(most), zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def _ticks(most: float) -> list[int]:
    step = 5 if most > 10 else 1
    return sorted({*range(0, int(most) + 1, step), int(most)})


def _pattern(shape: str, colour: str) -> dict[str, Any]:
    return {"shape": shape, "fgcolor": colour, "size": 5, "solidity": 0.25}


def headquarters_dots(rows: pd.DataFrame, language: Language) -> go.Figure:
    """Return how far the headquarters of wards are, in per cent; a ward without a value says so.

    Parameters
    ----------
    rows
        See `dashboard.subjects.progress.model.headquarters_rows`, with ``label``, the distinct name.
    language
        Language of the reader.
    """
    ordered = rows.sort_values("value", ascending=False, na_position="last", kind="stable")
    is_known = ordered["value"].notna()
    days = [render(day(of), language) for of in ordered["latest_day"]]
    labels = [
        f"{label} · {of}" if known else label
        for label, of, known in zip(map(escaped, ordered["label"]), days, is_known, strict=True)
    ]
    figure = go.Figure()
    figure.add_bar(
        x=[100] * len(ordered),
        y=labels,
        orientation="h",
        width=0.36,
        marker={"color": LAND, "line": {"color": LINE, "width": 1}},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_bar(
        x=ordered["value"],
        y=labels,
        orientation="h",
        width=0.36,
        marker={"color": BLUE},
        showlegend=False,
        customdata=days,
        hovertemplate="<b>%{y}</b>: %{x:.1f} %, %{customdata}<extra></extra>",
    )
    for label, value, known in zip(labels, ordered["value"], is_known, strict=True):
        if known:
            note(figure, 100, label, f"<b>{render(percent(value), language)}</b>")
        else:
            note(figure, 0, label, text(message("not reported"), language))
    figure.update_layout(barmode="overlay")
    ticks = [0, 50, 100]
    figure.update_xaxes(
        range=[0, 135],
        tickvals=ticks,
        ticktext=[render(percent(tick), language) for tick in ticks],
        zeroline=False,
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, categoryorder="array", categoryarray=labels)
    return figure


def ward_timeline(rows: pd.DataFrame, labels: Sequence[str], period: Period, language: Language) -> go.Figure:
    """Return what happened by ward and day, each kind with a mark of its own.

    Parameters
    ----------
    rows
        See `dashboard.subjects.progress.happenings.happenings`, with events.
    labels
        The wards from the top; what concerns the whole programme comes above them.
    period
        The range of days.
    language
        Language of the reader.
    """
    figure = go.Figure()
    order = [text(WHOLE_PROGRAMME, language), *map(escaped, labels)]
    at = {label: place for place, label in enumerate(order)}
    for kind, (symbol, colour, beside) in MARKS.items():
        of_kind = rows[rows["kind"] == kind]
        for is_year_only, marks in of_kind.groupby("is_year_only", sort=True):
            name = KINDS[kind]
            if is_year_only:
                name = message("{kind}, only the year known", kind=name)
            shown = records(marks)
            colours = [STAGE_COLOURS.get(row["stage"], colour) for row in shown]
            figure.add_scatter(
                x=marks["day"],
                y=[at[text(whose(row) or "", language)] + beside for row in shown],
                name=text(name, language),
                mode="markers",
                marker={
                    "symbol": YEAR_ONLY_SYMBOL if is_year_only else symbol,
                    "size": 9 if kind == "inspection" else 12,
                    "color": colours,
                    "line": {"color": INK, "width": 1.5},
                },
                customdata=[_mark_text(row, partial(text, language=language)) for row in shown],
                hovertemplate="%{customdata}<extra></extra>",
            )
    figure.update_yaxes(
        range=[len(order) - 0.4, -0.6],
        tickvals=list(at.values()),
        ticktext=order,
        zeroline=False,
    )
    figure.update_xaxes(range=_with_margin(period), tickformatstops=TICKS, nticks=8)
    return figure


def _with_margin(period: Period) -> list[pd.Timestamp]:
    margin = max((period.until - period.since) / 60, datetime.timedelta(days=1))
    return [pd.Timestamp(period.since) - margin, pd.Timestamp(period.until) + margin]


def _mark_text(row: Mapping[Any, Any], say: Say) -> str:
    lines = [what(row)]
    if row["is_illustrative"]:
        lines.append(message("illustrative"))
    heading = f"<b>{say(whose(row) or '')}</b>, {say(when(row))}"
    return "<br>".join([heading, *(say(line) for line in lines)])
