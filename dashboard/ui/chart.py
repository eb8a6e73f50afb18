"""Draws charts in a page."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboard.query.query import Query
from dashboard.subjects.filters import active_filters
from dashboard.ui.chart_style import chart_config, styled
from dashboard.ui.downloads import file_name
from geodata.language import Language, Words, render


def show_chart(
    figure: go.Figure,
    query: Query,
    language: Language,
    key: str,
    about: Words | str,
    height: int,
    on_select: Callable[[], None] | None = None,
) -> Any:
    """Draw a chart in the look of the pages, with what is asked as lines below it.

    Parameters
    ----------
    figure
        It is styled here.
    query
        What is asked.
    language
        Language of the reader.
    key
        Name of the chart, unique on the page.
    about
        What it shows, for those who can't see it; its picture is called after it.
    height
        Height in pixels.
    on_select
        Called before the page runs anew when the reader drags over a part of it; what was chosen then stands
        in ``st.session_state[key]``.
    """
    selecting: dict[str, Any] = {}
    if on_select is not None:
        figure.update_layout(dragmode="select", selectdirection="h")
        selecting = {"on_select": on_select, "selection_mode": ["box", "points"]}
    return st.plotly_chart(
        styled(figure, active_filters(query), language, height),
        theme=None,
        key=key,
        config=chart_config(file_name(about, query, language), language),
        alt=render(about, language),
        **selecting,
    )
