"""The funnel plot: units by how much stands behind their figure, within the limits of chance."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.subjects.figures.chance import Chance
from dashboard.subjects.figures.panel_words import outside_words
from dashboard.subjects.figures.words import digits_of, figure_words, unit_words
from dashboard.ui.chart_style import BLUE, escaped
from geodata.indicators.comparison import LEAST_REPORTED_PCT
from geodata.indicators.statistics import LEAST_EVENTS, SIDES
from geodata.language import Language, Words, joined, message, render
from geodata.language.numbers import interval_words, is_missing, number, percent
from geodata.programme.symbols import INK, SECONDARY

HEIGHT = 560
MEAN_COLOUR = "#B45F06"
_OUTSIDE = {
    2: ("triangle-up", "#B9482F", "#7A2B16"),
    1: ("triangle-up", "#E7A08F", "#7A2B16"),
    0: ("circle", "#A9B1BF", "#FFFFFF"),
    -1: ("triangle-down", "#9CC4EA", "#1D5695"),
    -2: ("triangle-down", BLUE, "#0B3C78"),
}
"""Sign, fill and rim by how a unit stands to the limits: form and fill tell without colour."""

MOST_NAMED = 14
_ROOM = 1.08


def funnel_plot(
    shown: Chance, names: Mapping[str, Words | str], chosen: Collection[str], language: Language
) -> go.Figure:
    """Return the funnel plot of all units of a level.

    Parameters
    ----------
    shown
        The units and the limits.
    names
        Names of the units by code.
    chosen
        Codes of units that are named and ringed wherever they lie; those outside 99,8 % are named anyway.
    language
        Language of the reader.
    """
    figure = go.Figure()
    _draw_limits(figure, shown, language)
    units = shown.units[shown.units["figure"].notna() & shown.units["unit_code"].isin(names)]
    is_few = units["is_few"] & units["is_reported"]
    is_shown = units["is_reported"] & ~is_few
    for outside, (symbol, fill, rim) in _OUTSIDE.items():
        rows = units[is_shown & units["outside"].eq(outside)]
        marker: dict[str, object] = {
            "symbol": symbol,
            "size": 12 if outside else 9,
            "color": fill,
            "line": {"color": rim, "width": 1},
        }
        _draw_units(figure, shown, rows, names, outside_words(outside), marker, language)
    few = {"symbol": "square-open", "size": 8, "color": SECONDARY}
    told = message("fewer than {few}", few=LEAST_EVENTS)
    _draw_units(figure, shown, units[is_few], names, told, few, language)
    hollow = {"symbol": "circle-x-open", "size": 9, "color": SECONDARY}
    told = message("reported below {least}% of days", least=LEAST_REPORTED_PCT)
    _draw_units(figure, shown, units[~units["is_reported"]], names, told, hollow, language)
    top = float(units.loc[is_shown, "figure"].max()) if is_shown.any() else float(shown.mean)
    bottom = float(units.loc[is_shown, "figure"].min()) if is_shown.any() else 0.0
    is_share = shown.funnel.kind == "share"
    least = max(bottom - 0.25 * (top - bottom) - 1, 0) if is_share else 0
    most = min(top + 0.25 * (top - least) + 1, 101) if is_share else 1.3 * max(top, shown.mean)
    figure.update_yaxes(range=[least, most], zeroline=False, showgrid=True)
    figure.update_xaxes(
        range=[0, _ROOM * float(units["exposure"].max())] if len(units) else None, zeroline=False
    )
    _name_units(figure, units, names, chosen, language)
    # Axes are named within the plot: below it stand the filters.
    for text, x, y, anchors in (
        (_axis(shown), 0.01, 1, ("left", "top")),
        (_exposure(shown), 1, 0.01, ("right", "bottom")),
    ):
        figure.add_annotation(
            text=escaped(render(text, language)),
            **{
                "xref": "paper",
                "yref": "paper",
                "x": x,
                "y": y,
                "xanchor": anchors[0],
                "yanchor": anchors[1],
            },
            showarrow=False,
            font={"size": 13, "color": SECONDARY},
            bgcolor=_GROUND,
        )
    return figure


def _axis(shown: Chance) -> Words:
    if shown.per == "value":
        return shown.measure.name
    return joined(": ", [shown.measure.name, unit_words(shown.measure.unit, shown.per, shown.measure.kind)])


def _exposure(shown: Chance) -> Words:
    """Return what stands along the plot: how much is behind each figure."""
    if shown.per == "value":
        return message("out of how many")
    if shown.per == "per_1000":
        return message("1,000 residents × reported years")
    return message("km² × reported years")


def _draw_limits(figure: go.Figure, shown: Chance, language: Language) -> None:
    if is_missing(shown.mean) or not shown.funnel.mean:
        return
    for side, dash, text in zip(SIDES, ("dash", "solid"), ("95%", "99.8%"), strict=True):
        below, low, above, high = shown.lines(side)
        name = render(message("limit of {share}", share=percent(float(text.rstrip("%")))), language)
        line = {"color": SECONDARY, "width": 1.3, "dash": dash}
        for x, y in ((above, high), (below, low)):
            figure.add_scatter(
                x=np.round(x, 4),
                y=np.round(y, 4),
                mode="lines",
                line=line,
                name=name,
                legendgroup=name,
                showlegend=x is above,
                hoverinfo="skip",
            )
    mean = message("mean {value}", value=figure_words(shown.mean, shown.measure, shown.per))
    most = _ROOM * float(shown.units["exposure"].max())
    figure.add_scatter(
        x=[0, most],
        y=[shown.mean, shown.mean],
        mode="lines",
        line={"color": MEAN_COLOUR, "width": 2, "dash": "dot"},
        name=escaped(render(mean, language)),
        hoverinfo="skip",
    )


def _draw_units(
    figure: go.Figure,
    shown: Chance,
    rows: pd.DataFrame,
    names: Mapping[str, Words | str],
    told: Words,
    marker: dict[str, object],
    language: Language,
) -> None:
    if rows.empty:
        return
    hover = [
        "<br>".join(
            escaped(render(line, language)) for line in (names[row["unit_code"]], *_lines(shown, row), told)
        )
        for row in rows.to_dict("records")
    ]
    figure.add_scatter(
        x=rows["exposure"],
        y=rows["figure"],
        mode="markers",
        marker=marker,
        name=escaped(render(joined(" ", [told, f"({len(rows)})"]), language)),
        customdata=hover,
        hovertemplate="%{customdata}<extra></extra>",
    )


def _lines(shown: Chance, row: Mapping[object, object]) -> list[Words]:
    """Return what is told of a unit at its point: figure, interval, events, rank."""
    value, low, high, rank = (float(row[name]) for name in ("figure", "low", "high", "rank"))  # type: ignore[arg-type]
    figure = figure_words(value, shown.measure, shown.per)
    digits = 1 if shown.per == "value" else digits_of(high, shown.per)
    lines: list[Words] = [joined(" ", [figure, interval_words(low, high, digits)])]
    if not is_missing(rank):
        lines.append(message("rank {rank}", rank=number(rank)))
    return lines


def _name_units(
    figure: go.Figure,
    units: pd.DataFrame,
    names: Mapping[str, Words | str],
    chosen: Collection[str],
    language: Language,
) -> None:
    """Name the units that are chosen, and those outside the limits, the furthest first."""
    is_chosen = units["unit_code"].isin(list(chosen))
    is_outside = units["outside"].abs().eq(2) & units["is_rankable"]
    wanted = pd.concat([units[is_chosen], units[is_outside & ~is_chosen]])[:MOST_NAMED]
    if wanted.empty:
        return
    least, most = figure.layout.yaxis.range
    widest = _ROOM * float(units["exposure"].max())

    def places(rows: pd.DataFrame) -> list[tuple[float, float]]:
        x, y = rows["exposure"] / widest, (most - rows["figure"]) / (most - least)
        return [*zip(_SIZE[0] * x, _SIZE[1] * y, strict=True)]

    points, boxes = places(units), [(80.0, 10.0, 160.0), (_SIZE[0] - 110.0, _SIZE[1] - 10.0, 220.0)]
    wanted = wanted.sort_values("exposure")
    for row, place in zip(wanted.to_dict("records"), places(wanted), strict=True):
        text = escaped(render(names[row["unit_code"]], language))
        ax, ay = free_offset(place, 8.0 * len(text), points, boxes)
        boxes.append((place[0] + ax, place[1] + ay, 8.0 * len(text)))
        figure.add_annotation(
            x=row["exposure"],
            y=row["figure"],
            text=text,
            showarrow=True,
            arrowhead=0,
            arrowwidth=1,
            arrowcolor=SECONDARY,
            ax=ax,
            ay=ay,
            # The lines of the limits do not run through the name.
            bgcolor=_GROUND,
            borderpad=1,
            font={"size": 13, "color": INK, "weight": 600 if row["outside"] in (-2, 2) else 400},
        )


_SIZE = 620.0, 400.0
"""About how wide and high the plot is on a screen, in pixels."""

_TEXT_PX = 20.0
_GROUND = "rgba(250, 250, 247, 0.9)"


def free_offset(
    place: tuple[float, float],
    width: float,
    points: Collection[tuple[float, float]],
    boxes: Collection[tuple[float, float, float]],
) -> tuple[int, int]:
    """Return how far from its point a name stands, in pixels, so that it covers as little as it can.

    Parameters
    ----------
    place, width
        Of the point and of its name, in pixels.
    points
        What is not to be covered.
    boxes
        Texts that are there, each with its centre and its width.
    """

    def covered(offset: tuple[int, int]) -> int:
        x, y = place[0] + offset[0], place[1] + offset[1]
        is_out = not (width / 2 <= x <= _SIZE[0] - width / 2 and _TEXT_PX / 2 <= y <= _SIZE[1] - _TEXT_PX / 2)
        on_points = sum(
            abs(x - left) < width / 2 + 7 and abs(y - top) < _TEXT_PX / 2 + 7 for left, top in points
        )
        on_boxes = sum(
            abs(x - left) < (width + other) / 2 and abs(y - top) < _TEXT_PX for left, top, other in boxes
        )
        return on_points + 2 * on_boxes + 3 * is_out

    sides = [(x, y) for reach in (24, 46, 68) for x in (30, -40, 80, -90) for y in (-reach, reach)]
    return min(sides, key=covered)
