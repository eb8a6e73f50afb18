"""What the charts of progress consist of."""

import plotly.graph_objects as go

from dashboard.ui.chart_style import escaped
from geodata.language import Language, Words, render

YEAR_ONLY_SYMBOL = "square-x"
"""The mark of a fact of which only the year is published."""


def text(words: Words | str, language: Language) -> str:
    """Return words as a chart shows them letter by letter."""
    return escaped(render(words, language))


def note(figure: go.Figure, x: object, y: object, words: str, **place: object) -> None:
    """Write a text beside a point, to its right unless told otherwise."""
    figure.add_annotation(
        x=x, y=y, text=words, showarrow=False, font={"size": 13}, **{"xanchor": "left", "xshift": 8, **place}
    )
