"""The charts of the page that compares units, as pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.subjects.comparison.measures import ComparedMeasure
from dashboard.subjects.comparison.units import CITY
from dashboard.subjects.comparison.words import figure_or_why, figure_words, rank_words, shown_unit
from dashboard.ui.chart_style import BLUE, escaped
from geodata.language import Language, Words, joined, message, render
from geodata.programme.symbols import INK, LINE, SECONDARY

CITY_COLOUR = "#B45F06"
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "star")
"""Of the units in the chart of all indicators, in their order: colour alone would not tell them apart."""
COLOURS = (BLUE, "#B45F06", "#5B6679", "#0B3C78", "#8A5A9E", "#2E7D6B")
ROW_PX = 50


def dot_plot(rows: pd.DataFrame, measure: ComparedMeasure, language: Language) -> go.Figure:
    """Return a row for each unit or period, with a dot at its figure and a line at the city's.

    Parameters
    ----------
    rows
        See `dashboard.subjects.comparison.model.compared_rows`; the first one stands on top.
    measure
        What is compared.
    language
        Language of the reader.
    """
    figure, write = go.Figure(), _writer(language)
    titles = [
        f"{write(row['title'])}<br><b>{write(_figure_and_rank(row, measure))}</b>"
        for row in rows.to_dict("records")
    ]
    places = list(range(len(rows)))
    values = rows["shown"].astype("float64")
    for place, (value, city) in enumerate(zip(values, rows["city"].astype("float64"), strict=True)):
        if pd.notna(value) and pd.notna(city):
            figure.add_shape(
                type="line",
                x0=city,
                x1=value,
                y0=place,
                y1=place,
                line={"color": LINE, "width": 4},
                layer="below",
            )
    cities = rows["city"].astype("float64")
    if cities.notna().any():
        figure.add_scatter(
            x=[end for one in cities for end in (one, one, None)],
            y=[end for place in places for end in (place - 0.5, place + 0.5, None)],
            mode="lines",
            line={"color": CITY_COLOUR, "width": 2, "dash": "dot"},
            name=write(message("City's mean: {value}", value=_of_city(cities, measure))),
            hoverinfo="skip",
        )
    for column, name, symbol in (
        ("shown", measure.name, SYMBOLS[0]),
        *(
            (part, name, symbol)
            for (part, name), symbol in zip(measure.parts.items(), SYMBOLS[1:], strict=False)
        ),
    ):
        is_first = column == "shown"
        shown = rows[column].astype("float64") if column in rows else values * float("nan")
        figure.add_scatter(
            x=list(shown),
            y=places,
            mode="markers",
            marker={
                "symbol": symbol,
                "size": 13 if is_first else 9,
                "color": BLUE if is_first else "rgba(255,255,255,0.9)",
                "line": {"color": INK if is_first else SECONDARY, "width": 1.2},
            },
            cliponaxis=False,
            name=write(name),
            error_x=_error_bars(rows) if is_first and measure.has_limits else None,
            customdata=[render(figure_words(value, measure), language) for value in shown],
            hovertemplate=f"%{{y}}<br>{write(name)}: %{{customdata}}<extra></extra>",
            showlegend=bool(measure.parts),
        )
    figure.update_yaxes(
        tickvals=places, ticktext=titles, range=[len(rows) - 0.4, -0.75], showgrid=False, zeroline=False
    )
    figure.update_xaxes(
        showticklabels=bool(values.notna().any()),
        range=_range(
            rows,
            ["shown", "city", *(["low", "high"] if measure.has_limits else []), *measure.parts],
            is_percentage=measure.is_percentage,
        ),
    )
    return figure


def _error_bars(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the interval of each figure, as bars on either side of its dot."""
    shown, low, high = (rows[name].astype("float64") for name in ("shown", "low", "high"))
    return {
        "type": "data",
        "symmetric": False,
        "array": list(high - shown),
        "arrayminus": list(shown - low),
        "color": INK,
        "thickness": 1.2,
        "width": 5,
    }


def dot_plot_height(rows: pd.DataFrame, measure: ComparedMeasure) -> int:
    """Return the height of `dot_plot` in pixels: that of its rows, its legend and its caption."""
    return 165 + 22 * len(measure.parts) + ROW_PX * len(rows)


def _range(rows: pd.DataFrame, columns: Sequence[str], *, is_percentage: bool) -> list[float]:
    known = pd.concat([rows[column].astype("float64") for column in columns if column in rows]).dropna()
    if known.empty:
        return [0, 1]
    least, most = float(known.min()), float(known.max())
    # Percentages that lie close together far from 0 would be one dot; all else is seen from 0.
    begin = least if is_percentage and least > most / 2 else 0
    room = 0.08 * ((most - begin) or most or 1)
    return [begin - room if begin else 0, most + room]


def _writer(language: Language) -> Callable[[Words | str], str]:
    """Return what writes words as a chart shows them in one language, letter by letter."""
    return lambda words: escaped(render(words, language))


def _of_city(city: pd.Series, measure: ComparedMeasure) -> Words:
    figures = joined(" · ", [figure_words(value, measure) for value in city.drop_duplicates()])
    return figures if measure.is_percentage else joined(" ", [figures, shown_unit(measure)])


def _figure_and_rank(row: Mapping[Any, Any], measure: ComparedMeasure, *, has_unit: bool = False) -> Words:
    """Return the figure and the rank of a unit, as they stand beside a dot, where they cover nothing."""
    figure, rank = figure_or_why(row, measure), rank_words(row)
    if has_unit and not measure.is_percentage:
        figure = joined("", [figure, " (", shown_unit(measure), ")"])
    return joined(" · ", [figure, message("rank {rank}", rank=rank)]) if rank else figure


@dataclass(frozen=True)
class IndicatorRow:
    """One row of the chart of all indicators: the measure, and the figures of all units."""

    measure: ComparedMeasure
    figures: pd.DataFrame


def profile_plot(
    indicators: Sequence[IndicatorRow], names: Mapping[str, Words | str], language: Language
) -> go.Figure:
    """Return a row for each indicator, a dot for each unit, and a line at the city's figure.

    Indicators have units of their own, so a row runs from the least figure of all units of the level to the
    greatest; the letters beside the dots are those of the legend.

    Parameters
    ----------
    indicators
        Top to bottom.
    names
        Names of the units by code.
    language
        Language of the reader.
    """
    figure, write, codes = go.Figure(), _writer(language), list(names)
    points: dict[str, list[tuple[float, float, str, str]]] = {code: [] for code in codes}
    cities: list[tuple[float, float]] = []
    for place, one in enumerate(indicators):
        by_code = one.figures.drop_duplicates("unit_code").set_index("unit_code")
        chosen = by_code.reindex(codes)
        # Of a level that nobody compares here nothing stands in the row.
        levels = set(chosen["level"].dropna())
        of_level = one.figures.loc[one.figures["level"].isin(levels), "shown"].dropna()
        if not chosen["shown"].notna().any():
            figure.add_annotation(
                text=write(message("no figure on record")),
                x=0.5,
                y=place,
                showarrow=False,
                font={"size": 13, "color": SECONDARY},
            )
        if of_level.empty:
            continue
        least, most = float(of_level.min()), float(of_level.max())

        def at(value: float, least: float = least, most: float = most) -> float:
            return (value - least) / (most - least) if most > least else 0.5

        city = float(by_code["shown"].get(CITY, float("nan")))
        if pd.notna(city):
            cities.append((min(max(at(city), 0), 1), place))
        for order, code in enumerate(codes):
            row = dict(chosen.loc[code])
            if pd.notna(row["shown"]):
                told = write(_figure_and_rank(row, one.measure, has_unit=True))
                points[code].append((at(float(row["shown"])), place, chr(65 + order), told))
    figure.add_scatter(
        x=[end for x, _ in cities for end in (x, x, None)],
        y=[end for _, y in cities for end in (y - 0.42, y + 0.42, None)],
        mode="lines",
        line={"color": INK, "width": 2, "dash": "dot"},
        name=write(message("City's mean")),
        hoverinfo="skip",
    )
    for order, code in enumerate(codes):
        title = write(names[code])
        figure.add_scatter(
            x=[x for x, _, _, _ in points[code]],
            y=[y for _, y, _, _ in points[code]],
            text=[letter for _, _, letter, _ in points[code]],
            customdata=[told for _, _, _, told in points[code]],
            mode="markers+text",
            textposition="top center" if order % 2 == 0 else "bottom center",
            textfont={"size": 12, "color": INK},
            marker={"symbol": SYMBOLS[order], "size": 10, "color": COLOURS[order]},
            cliponaxis=False,
            name=f"{chr(65 + order)} · {title}",
            hovertemplate=f"{title}<br>%{{customdata}}<extra></extra>",
        )
    figure.update_yaxes(
        tickvals=list(range(len(indicators))),
        ticktext=[_row_title(one.measure, write) for one in indicators],
        range=[len(indicators) - 0.4, -0.6],
        showgrid=True,
        zeroline=False,
    )
    figure.update_xaxes(
        range=[-0.03, 1.03],
        tickvals=[0, 1],
        ticktext=[write(message("lowest of all units")), write(message("highest of all units"))],
        zeroline=False,
    )
    return figure


def _row_title(measure: ComparedMeasure, write: Callable[[Words | str], str]) -> str:
    arrow = {
        "higher": message("▲ higher is better"),
        "lower": message("▼ lower is better"),
    }.get(measure.direction)
    below = joined(" · ", [shown_unit(measure), *([arrow] if arrow else [])])
    return f"{write(measure.name)}<br><span style='font-size:12px'>{write(below)}</span>"
