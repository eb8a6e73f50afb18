"""The charts of progress, as pure functions: frames in, Plotly figures out."""

import datetime
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.subjects.progress.happenings import KINDS, programme_label
from dashboard.ui.chart_style import BLUE, escaped
from dashboard.ui.formats import day, number, percent
from geodata.language import Language, translate
from geodata.period import Period
from geodata.programme.symbols import (
    INK,
    LAND,
    LINE,
    SECONDARY,
    STAGE_COLOURS,
    STAGE_NAMES,
    VISIT_SITE_COLOUR,
)

ROW_PX = 27
"""Height of a ward's row."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid")
"""Strokes of the lines, so that stages are told apart without colour."""

PARTLY_DASHES = ("dot", "dashdot", "2px,6px", "longdashdot", "8px,8px", "1px,4px", "dot")
"""Strokes of the lines of wards that are at a stage in part."""

SYMBOLS = {
    "stage": "square",
    "visit": "diamond",
    "ministry": "triangle-up",
    "inspection": "circle-open",
    "event": "star",
}
YEAR_ONLY_SYMBOL = "square-x"
"""The mark of a stage of which only the year is published."""

KIND_COLOURS = {
    "stage": BLUE,
    "visit": VISIT_SITE_COLOUR,
    "ministry": INK,
    "inspection": SECONDARY,
    "event": INK,
}
BESIDE = {"stage": -0.2, "visit": -0.2, "ministry": 0.22, "inspection": 0.22, "event": 0.0}
"""How far from the middle of its row a mark stands: a stage often begins on the day of an inspection."""
NOT_MET = "#E9B7A8"


def stage_steps(counts: pd.DataFrame, language: Language) -> go.Figure:
    """Return the number of wards at each stage or a later one over time, as steps.

    Parameters
    ----------
    counts
        See `geodata.programme.targets.stage_counts`.
    language
        Language of the reader.
    """
    figure = go.Figure()
    most = 0
    for place, (stage, rows) in enumerate(counts.groupby("stage", sort=False)):
        name = STAGE_NAMES[str(stage)].render(language)
        for column, title in (
            ("reached_count", translate("“{stage}” or later", language, stage=name)),
            ("partly_count", translate("partly “{stage}” or later", language, stage=name)),
        ):
            if not rows[column].any():
                continue
            most = max(most, int(rows[column].max()))
            is_whole = column == "reached_count"
            figure.add_scatter(
                x=rows["day"],
                y=rows[column],
                name=escaped(title),
                mode="lines+text",
                line={
                    "shape": "hv",
                    "color": INK if is_whole else SECONDARY,
                    "width": 2 if is_whole else 1.5,
                    "dash": DASHES[place] if is_whole else PARTLY_DASHES[place],
                },
                fill="tozeroy" if is_whole else None,
                fillcolor=STAGE_COLOURS[str(stage)],
                text=["" for _ in rows[:-1].index] + [number(rows[column].iloc[-1], language)],
                textposition="top left",
                hovertemplate=f"%{{x|%d/%m/%Y}}: <b>%{{y}}</b><extra>{escaped(title)}</extra>",
            )
    figure.update_yaxes(
        title={"text": translate("wards", language), "font": {"size": 13}},
        range=[0, most * 1.15 + 0.2],
        tickformat="d",
        nticks=6,
        **({"dtick": 1} if most <= 6 else {}),
    )
    figure.update_xaxes(tickformat="%m/%Y", nticks=7)
    return figure


def target_lines(
    of_wards: pd.DataFrame, target: pd.DataFrame, first: datetime.date, language: Language
) -> go.Figure:
    """Return the share of phường at each stage over time, and a straight line to each target in per cent.

    Parameters
    ----------
    of_wards
        See `geodata.programme.targets.stage_counts`, of phường alone.
    target
        The layer ``target``; a row without a value, a unit of % or a date has no line.
    first
        The programme's first day, from which the lines run.
    language
        Language of the reader.
    """
    figure = go.Figure()
    for place, (stage, rows) in enumerate(of_wards.groupby("stage", sort=False)):
        name = translate("“{stage}” or later", language, stage=STAGE_NAMES[str(stage)].render(language))
        figure.add_scatter(
            x=rows["day"],
            y=rows["reached_pct"],
            name=escaped(name),
            mode="lines",
            showlegend=False,
            line={"shape": "hv", "color": INK, "width": 2, "dash": DASHES[place]},
            fill="tozeroy",
            fillcolor=STAGE_COLOURS[str(stage)],
            customdata=rows[["reached_count", "ward_count"]],
            hovertemplate="%{x|%d/%m/%Y}: <b>%{y:.1f} %</b> (%{customdata[0]} / %{customdata[1]})"
            f"<extra>{escaped(name)}</extra>",
        )
        if rows["partly_count"].any():
            partly = translate("{stage}, with those partly", language, stage=name)
            figure.add_scatter(
                x=rows["day"],
                y=100 * (rows["reached_count"] + rows["partly_count"]) / rows["ward_count"],
                name=escaped(partly),
                mode="lines",
                showlegend=False,
                line={"shape": "hv", "color": SECONDARY, "width": 1.5, "dash": PARTLY_DASHES[place]},
                hovertemplate=f"%{{x|%d/%m/%Y}}: <b>%{{y:.1f}} %</b><extra>{escaped(partly)}</extra>",
            )
    lines = target[target["value"].notna() & target["unit"].eq("%") & target["due_date"].notna()]
    names = "target_name" if language == "vi" else "target_name_en"
    for row in lines.to_dict("records"):
        told = f"{percent(row['value'], language)} · {day(row['due_date'], language)}"
        scope = (
            translate("national", language)
            if row["scope"] == "national"
            else translate("of the city", language)
        )
        figure.add_scatter(
            x=[pd.Timestamp(first), row["due_date"]],
            y=[0, row["value"]],
            name=escaped(translate("straight line to the target, no plan", language)),
            mode="lines+markers",
            line={"color": "#B9482F", "width": 2, "dash": "dash"},
            marker={"symbol": ["circle-open", "star"], "size": [6, 12]},
            hovertemplate=f"{escaped(row[names])}<br>%{{x|%d/%m/%Y}}: %{{y:.0f}} %<extra></extra>",
        )
        figure.add_annotation(
            x=row["due_date"],
            y=row["value"],
            text=escaped(f"{told} ({scope})"),
            showarrow=False,
            xanchor="right",
            yanchor="middle",
            xshift=-12,
            font={"size": 13},
        )
    figure.update_yaxes(range=[0, 108], ticksuffix=" %", nticks=6)
    figure.update_xaxes(tickformat="%Y", nticks=6)
    return figure


def criteria_bullets(rows: pd.DataFrame, language: Language) -> go.Figure:
    """Return bullets of the criteria that wards met, against those assessed and their set.

    Parameters
    ----------
    rows
        `criteria.latest_inspections` with known counts, and ``label``; the first comes on
        top.
    language
        Language of the reader.
    """
    bands: list[tuple[str, str, dict[str, Any]]] = [
        ("criteria_met", translate("met", language), {"color": BLUE}),
        (
            "not_met",
            translate("not met", language),
            {"color": NOT_MET, "pattern": _pattern("/", STAGE_COLOURS["not_met"])},
        ),
        (
            "not_assessed",
            translate("not assessed", language),
            {"color": "#FFFFFF", "pattern": _pattern(".", SECONDARY)},
        ),
    ]
    hover = [
        "<br>".join(
            [
                f"<b>{escaped(str(row['ward_name']))}</b>, {day(row['inspection_date'], language)}",
                escaped(str(row["inspecting_body"])),
                translate(
                    "met {met}, not met {not_met}, not assessed {left} of {count}",
                    language,
                    met=number(row["criteria_met"], language),
                    not_met=number(row["not_met"], language),
                    left=number(row["not_assessed"], language),
                    count=number(row["criteria_count"], language),
                ),
            ]
        )
        for row in rows.to_dict("records")
    ]
    figure = go.Figure()
    for column, name, marker in bands:
        figure.add_bar(
            x=rows[column].astype("float64"),
            y=[escaped(label) for label in rows["label"]],
            orientation="h",
            name=escaped(name),
            width=0.64,
            marker={**marker, "line": {"color": INK, "width": 1}},
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
    most = float(rows["criteria_count"].fillna(rows["criteria_assessed"]).max())
    for label, row in zip(rows["label"], rows.to_dict("records"), strict=True):
        figure.add_annotation(
            x=most,
            y=escaped(label),
            # Short, for a phone: what is not met and not assessed shows in the bar.
            text=f"<b>{number(row['criteria_met'], language)}</b>/"
            f"{number(row['criteria_assessed'], language)}",
            showarrow=False,
            xanchor="left",
            xshift=8,
            font={"size": 13},
        )
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
        See `dashboard.subjects.progress.headquarters.headquarters_rows`, with ``label``.
    language
        Language of the reader.
    """
    ordered = rows.sort_values("value", ascending=False, na_position="last", kind="stable")
    told = ordered["value"].notna()
    labels = [
        escaped(f"{label} · {day(of, language)}" if is_told else label)
        for label, of, is_told in zip(ordered["label"], ordered["latest_day"], told, strict=True)
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
        customdata=[day(of, language) for of in ordered["latest_day"]],
        hovertemplate="<b>%{y}</b>: %{x:.1f} %, %{customdata}<extra></extra>",
    )
    for label, row, is_told in zip(labels, ordered.to_dict("records"), told, strict=True):
        figure.add_annotation(
            x=100 if is_told else 0,
            y=label,
            text=f"<b>{percent(row['value'], language)}</b>"
            if is_told
            else escaped(translate("not reported", language)),
            showarrow=False,
            xanchor="left",
            xshift=8,
            font={"size": 13},
        )
    figure.update_layout(barmode="overlay")
    ticks = [0, 25, 50, 75, 100]
    figure.update_xaxes(
        range=[0, 135], tickvals=ticks, ticktext=[percent(tick, language) for tick in ticks], zeroline=False
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, categoryorder="array", categoryarray=labels)
    return figure


def ward_timeline(rows: pd.DataFrame, labels: list[str], period: Period, language: Language) -> go.Figure:
    """Return what happened by ward and day, each kind with a mark of its own.

    Parameters
    ----------
    rows
        See `dashboard.subjects.progress.happenings.happenings`, with events of the whole programme.
    labels
        The wards from the top; what concerns the whole programme comes above them.
    period
        The range of days.
    language
        Language of the reader.
    """
    figure = go.Figure()
    order = [programme_label(language), *labels]
    at = {label: place for place, label in enumerate(order)}
    for kind, symbol in SYMBOLS.items():
        of_kind = rows[rows["kind"] == kind]
        for is_year_only, marks in of_kind.groupby("is_year_only", sort=True):
            name = KINDS[kind].render(language)
            if is_year_only:
                name = translate("{kind}, only the year known", language, kind=name)
            colours = [
                STAGE_COLOURS[str(stage)] if isinstance(stage, str) else KIND_COLOURS[kind]
                for stage in marks["stage"]
            ]
            figure.add_scatter(
                x=marks["day"],
                y=[at[label] + BESIDE[kind] for label in marks["label"]],
                name=escaped(name),
                mode="markers",
                marker={
                    "symbol": YEAR_ONLY_SYMBOL if is_year_only else symbol,
                    "size": 9 if kind == "inspection" else 12,
                    "color": colours,
                    "line": {"color": INK, "width": 1.5},
                },
                customdata=[_mark_text(row, language) for row in marks.to_dict("records")],
                hovertemplate="%{customdata}<extra></extra>",
            )
    figure.update_yaxes(
        range=[len(order) - 0.4, -0.6],
        tickvals=list(at.values()),
        ticktext=[escaped(label) for label in order],
        zeroline=False,
    )
    figure.update_xaxes(range=_with_margin(period), tickformat="%m/%Y", nticks=8)
    return figure


def _with_margin(period: Period) -> list[pd.Timestamp]:
    margin = max((period.until - period.since) / 60, datetime.timedelta(days=1))
    return [pd.Timestamp(period.since) - margin, pd.Timestamp(period.until) + margin]


def _mark_text(row: dict[Any, Any], language: Language) -> str:
    when = str(row["day"].year) if row["is_year_only"] else day(row["day"], language)
    lines = [f"<b>{escaped(str(row['label']))}</b>, {when}", escaped(str(row["what"]))]
    if isinstance(row["of_ward"], str):
        lines.append(escaped(translate("former ward: {name}", language, name=row["of_ward"])))
    if row["is_illustrative"]:
        lines.append(translate("illustrative", language))
    return "<br>".join(lines)
