"""What all charts have in common: type, colours, numbers and words of the reader's language."""

import textwrap
from html import escape
from typing import Any

import plotly.graph_objects as go

from dashboard.subjects.filters import Filters
from geodata.language import Language, render, translate
from geodata.programme.symbols import BORDER, INK, LINE, SECONDARY

FONT = "Be Vietnam Pro, sans-serif"
BLUE = "#2F6FB3"
CAPTION_LETTERS = 54
"""Letters in a line below a chart that a phone shows whole."""
CAPTION_PX = 50
"""Height below a chart for its filters, which a picture of it then shows too."""
CAPTION_LINE_PX = 17
"""What each further line of them takes."""
LEGEND_LETTERS = 44
"""Letters of an entry of a legend that a phone shows whole."""
TICKS = [
    {"dtickrange": [None, "M6"], "value": "%m/%Y"},
    {"dtickrange": ["M12", None], "value": "%Y"},
]
"""Days below a chart: the years alone where there are several."""

_WEEKDAYS = ("Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy")
_SHORT_WEEKDAYS = ("CN", "T2", "T3", "T4", "T5", "T6", "T7")


def styled(figure: go.Figure, filters: Filters, language: Language, height: int) -> go.Figure:
    """Return a figure in the look of the pages, with the filters as lines below it.

    Parameters
    ----------
    figure
        Changed in place and returned.
    filters
        See `dashboard.subjects.filters.active_filters`.
    language
        Language of the reader.
    height
        Height in pixels.
    """
    lines = in_lines(filters, language)
    caption_px = CAPTION_PX + CAPTION_LINE_PX * (len(lines) - 1)
    figure.update_layout(
        template="none",
        font={"family": FONT, "size": 14, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=",." if language == "vi" else ".,",
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": caption_px},
        hoverlabel={
            "font": {"family": FONT, "size": 14, "color": INK},
            "bgcolor": "#FFFFFF",
            "bordercolor": LINE,
        },
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": SECONDARY, "activecolor": INK},
    )
    axis = {
        "gridcolor": LINE,
        "linecolor": BORDER,
        "zerolinecolor": BORDER,
        "automargin": True,
        "tickfont": {"size": 13},
    }
    figure.for_each_trace(
        lambda trace: trace.update(name="<br>".join(_halves(trace.name))),
        lambda trace: bool(trace.name) and len(trace.name) > LEGEND_LETTERS,
    )
    figure.update_xaxes(**axis, autotickangles=[0])
    figure.update_yaxes(**axis)
    figure.update_layout(
        title={
            "text": "<br>".join(map(escaped, lines)),
            "font": {"size": 13, "color": SECONDARY},
            "xref": "container",
            "yref": "container",
            "x": 0,
            # Plotly holds the first of several lines, a line's half above where it is told.
            "y": (CAPTION_LINE_PX * len(lines) - 8) / height,
            "xanchor": "left",
            "yanchor": "top",
            "pad": {"l": 8},
        }
    )
    return figure


def escaped(text: str) -> str:
    """Return a text as a chart shows it letter by letter: Plotly reads some of HTML in every text."""
    return escape(text, quote=False)


def _halves(text: str) -> list[str]:
    """Return a text in lines of about the same length, two where it fits in them."""
    count = -(-len(text) // LEGEND_LETTERS)
    return textwrap.wrap(text, len(text) // count + 6)


def chart_config(file_name: str, language: Language) -> dict[str, Any]:
    """Return how Plotly shows a chart: words and dates in the language, and a picture as the only button.

    The words are part of it: Plotly knows English alone unless it is told.
    """
    config: dict[str, Any] = {
        "displaylogo": False,
        "displayModeBar": "hover",
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": file_name, "scale": 2},
        "locale": language,
    }
    if language == "vi":
        months = [f"Tháng {month}" for month in range(1, 13)]
        config["locales"] = {
            "vi": {
                "dictionary": {
                    "Download plot as a PNG": translate("Download the chart as a picture", language),
                    "Snapshot succeeded": translate("The picture is saved", language),
                    "Taking snapshot - this may take a few seconds": translate(
                        "Making the picture", language
                    ),
                },
                "format": {
                    "days": list(_WEEKDAYS),
                    "shortDays": list(_SHORT_WEEKDAYS),
                    "months": months,
                    "shortMonths": [f"Th{month}" for month in range(1, 13)],
                    "date": "%d/%m/%Y",
                    "decimal": ",",
                    "thousands": ".",
                },
            }
        }
    return config


def in_lines(filters: Filters, language: Language) -> list[str]:
    """Return filters as lines of `CAPTION_LETTERS` at most; only one that is longer by itself is parted."""
    lines: list[str] = []
    for text in [": ".join(render(one, language) for one in pair) for pair in filters]:
        if lines and len(lines[-1]) + len(text) + 3 <= CAPTION_LETTERS:
            lines[-1] += f" · {text}"
        else:
            lines += textwrap.wrap(text, CAPTION_LETTERS)
    return lines
