"""The charts of the page that compares units, as pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.subjects.comparison.measures import Measure
from dashboard.subjects.comparison.units import CITY
from dashboard.subjects.comparison.words import figure_text, rank_text
from dashboard.ui.chart_style import BLUE, escaped
from geodata.language import Language, translate
from geodata.programme.symbols import INK, LINE, SECONDARY

CITY_COLOUR = "#B45F06"
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "star")
"""Of the units in the chart of all indicators, in their order: colour alone would not tell them apart."""
COLOURS = (BLUE, "#B45F06", "#5B6679", "#0B3C78", "#8A5A9E", "#2E7D6B")
ROW_PX = 50


def dot_plot(rows: pd.DataFrame, measure: Measure, language: Language) -> go.Figure:
    """Return a row for each unit or period, with a dot at its figure and a line at the city's.

    Parameters
    ----------
    rows
        See `dashboard.subjects.comparison.figures.compared_rows`; the first one stands on top.
    measure
        What is compared.
    language
        Language of the reader.
    """
    figure = go.Figure()
    titles = [_named(row, measure, language) for row in rows.to_dict("records")]
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
            name=translate("City's mean: {value}", language, value=_of_city(cities, measure, language)),
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
            name=escaped(name),
            customdata=[figure_text(value, measure, language) for value in shown],
            hovertemplate=f"%{{y}}<br>{escaped(name)}: %{{customdata}}<extra></extra>",
            showlegend=bool(measure.parts),
        )
    figure.update_yaxes(
        tickvals=places, ticktext=titles, range=[len(rows) - 0.4, -0.75], showgrid=False, zeroline=False
    )
    figure.update_xaxes(
        showticklabels=bool(values.notna().any()),
        range=_range(rows, ["shown", "city", *measure.parts], is_percentage=measure.is_percentage),
    )
    return figure


def dot_plot_height(rows: pd.DataFrame, measure: Measure) -> int:
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


def _of_city(city: pd.Series, measure: Measure, language: Language) -> str:
    told = " · ".join(figure_text(value, measure, language) for value in city.drop_duplicates())
    return escaped(told if measure.is_percentage else f"{told} {measure.unit}")


def _named(row: Mapping[Any, Any], measure: Measure, language: Language) -> str:
    """Return the words beside a row, where they cover nothing: the unit, its figure and its rank."""
    rank = rank_text(row, language)
    told = figure_text(row["shown"], measure, language)
    if rank:
        told += " · " + translate("rank {rank}", language, rank=rank)
    return f"{escaped(str(row['title']))}<br><b>{escaped(told)}</b>"


@dataclass(frozen=True)
class IndicatorRow:
    """One row of the chart of all indicators: the measure, and the figures of all units."""

    measure: Measure
    figures: pd.DataFrame


def profile_plot(
    indicators: Sequence[IndicatorRow], codes: Sequence[str], titles: Mapping[str, str], language: Language
) -> go.Figure:
    """Return a row for each indicator, a dot for each unit, and a line at the city's figure.

    Indicators have units of their own, so a row runs from the least figure of all units of the level to the
    greatest; the letters beside the dots are those of the legend.

    Parameters
    ----------
    indicators
        Top to bottom.
    codes
        The units.
    titles
        Names of the units by code.
    language
        Language of the reader.
    """
    figure = go.Figure()
    points: dict[str, list[tuple[float, float, str, str]]] = {code: [] for code in codes}
    cities: list[tuple[float, float]] = []
    for place, one in enumerate(indicators):
        by_code = one.figures.drop_duplicates("unit_code").set_index("unit_code")
        chosen = by_code.reindex(list(codes))
        # Of a level that nobody compares here nothing stands in the row.
        levels = set(chosen["level"].dropna())
        of_level = one.figures.loc[one.figures["level"].isin(levels), "shown"].dropna()
        if not chosen["shown"].notna().any():
            figure.add_annotation(
                text=translate("no figure on record", language),
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
                letter = chr(65 + order)
                rank = rank_text(row, language)
                told = f"{figure_text(float(row['shown']), one.measure, language)}"
                told += f" ({one.measure.unit})" if not one.measure.is_percentage else ""
                told += f" · {translate('rank {rank}', language, rank=rank)}" if rank else ""
                points[code].append((at(float(row["shown"])), place, letter, told))
    figure.add_scatter(
        x=[end for x, _ in cities for end in (x, x, None)],
        y=[end for _, y in cities for end in (y - 0.42, y + 0.42, None)],
        mode="lines",
        line={"color": INK, "width": 2, "dash": "dot"},
        name=translate("City's mean", language),
        hoverinfo="skip",
    )
    for order, code in enumerate(codes):
        title = escaped(str(titles[code]))
        figure.add_scatter(
            x=[x for x, _, _, _ in points[code]],
            y=[y for _, y, _, _ in points[code]],
            text=[letter for _, _, letter, _ in points[code]],
            customdata=[escaped(told) for _, _, _, told in points[code]],
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
        ticktext=[_row_title(one.measure, language) for one in indicators],
        range=[len(indicators) - 0.4, -0.6],
        showgrid=True,
        zeroline=False,
    )
    figure.update_xaxes(
        range=[-0.03, 1.03],
        tickvals=[0, 1],
        ticktext=[translate("lowest of all units", language), translate("highest of all units", language)],
        zeroline=False,
    )
    return figure


def _row_title(measure: Measure, language: Language) -> str:
    arrow = {
        "higher": translate("▲ higher is better", language),
        "lower": translate("▼ lower is better", language),
    }.get(measure.direction, "")
    below = " · ".join(one for one in (measure.unit if not measure.is_percentage else "%", arrow) if one)
    return f"{escaped(measure.name)}<br><span style='font-size:12px'>{escaped(below)}</span>"
