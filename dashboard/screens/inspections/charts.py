"""The chart of inspections by month, as pure functions, and what a reader's dragging over it means."""

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.ui.chart_style import BLUE, TICKS, escaped
from geodata.language import Language, message, render
from geodata.language.numbers import number
from geodata.period import Period
from geodata.programme.symbols import INK

ILLUSTRATIVE_FILL = "#8DBBE0"
RANGE_FILL = "rgba(47, 111, 179, 0.1)"
NAMES = {"verified": message("Verified"), "illustrative": message("Illustrative")}
MIDDLE = pd.Timedelta(days=14)
"""From the first day of a month to the day where its bar has its middle."""


def month_chart(months: pd.DataFrame, period: Period, language: Language, *, is_all: bool) -> go.Figure:
    """Return the inspections by month as bars; what is illustrative is hatched and stands on what is not.

    Parameters
    ----------
    months
        See `dashboard.subjects.inspections.model.by_month`.
    period
        The range that is chosen; it is marked.
    language
        Language of the reader.
    is_all
        The range is all there is, which needs no mark.
    """
    figure = go.Figure()
    looks: dict[str, dict[str, Any]] = {
        "verified": {"color": BLUE},
        "illustrative": {
            "color": ILLUSTRATIVE_FILL,
            "line": {"color": BLUE, "width": 1},
            "pattern": {"shape": "/", "fgcolor": BLUE, "size": 5, "solidity": 0.35},
        },
    }
    for column, look in looks.items():
        if column == "verified" or months[column].any():
            name = render(NAMES[column], language)
            total = render(number(months[column].sum()), language)
            figure.add_bar(
                x=months["month"].dt.strftime("%Y-%m-%d").tolist(),
                y=months[column].tolist(),
                xperiod="M1",
                xperiodalignment="middle",
                name=escaped(f"{name} ({total})"),
                marker=look,
                hovertemplate=f"%{{x|%m/%Y}} · {escaped(name)}: %{{y}}<extra></extra>",
                unselected={"marker": {"opacity": 0.45}},
            )
    figure.update_layout(
        barmode="stack",
        bargap=0.15,
        showlegend=True,
        hovermode="x",
        yaxis={"rangemode": "tozero", "fixedrange": True, "tickformat": ",d", "nticks": 5},
        xaxis={"fixedrange": True, "tickformatstops": TICKS, "nticks": 6, "tickangle": 0},
    )
    if not months[["verified", "illustrative"]].any(axis=None):
        figure.update_yaxes(range=[0, 1], dtick=1)
    if not is_all:
        figure.add_vrect(
            x0=period.since.isoformat(),
            x1=(period.until + datetime.timedelta(days=1)).isoformat(),
            line={"color": INK, "width": 1.5, "dash": "dot"},
            fillcolor=RANGE_FILL,
            layer="below",
        )
    return figure


def chosen_months(selected: Mapping[str, Any] | None, extent: Period) -> Period | None:
    """Return the range of whole months that a reader dragged over or clicked; ``None`` where there is none.

    A month counts where the middle of its bar lies in the box; a box within one month stands for that month.

    Parameters
    ----------
    selected
        What Streamlit keeps of a chart: ``{"selection": {"box": […], "points": […]}}``.
    extent
        First and last day that there are.
    """
    selection = (selected or {}).get("selection", {})
    if selection.get("box"):
        ends = sorted(pd.Timestamp(end) for end in selection["box"][0]["x"])
    else:
        ends = sorted(pd.Timestamp(point["x"]) for point in selection.get("points", []))
    if not ends:
        return None
    # A point of a bar stands at the first day of its month, or at the middle.
    firsts = pd.date_range(ends[0].to_period("M").to_timestamp(), ends[-1], freq="MS")
    inside = [first for first in firsts if ends[0] <= first + MIDDLE <= ends[-1]]
    first, last = (inside[0], inside[-1]) if inside else (firsts[0], firsts[-1])
    since = max(first.date(), extent.since)
    until = min((last + pd.offsets.MonthEnd(1)).date(), extent.until)
    return Period(since, until) if since <= until else None
