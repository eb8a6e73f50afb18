"""Draws progress: the view that its reader chose, with its chart, figures, notes and table."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard.query.caching import cached
from dashboard.query.layers import extent
from dashboard.query.query import Query
from dashboard.query.units import area_names
from dashboard.screens.progress import charts, stage_charts
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import flag, linked, linked_choice
from dashboard.subjects.programme.model import latest_fact
from dashboard.subjects.programme.words import as_of
from dashboard.subjects.progress.model import Timeline, progress
from dashboard.subjects.progress.phrases import ProgressWords
from dashboard.subjects.progress.stages import StageProgress
from dashboard.subjects.progress.view import ProgressView
from dashboard.subjects.progress.words import VIEW_NAMES, describe
from dashboard.ui.chart import show_chart
from dashboard.ui.downloads import draw_downloads
from dashboard.ui.html import html
from dashboard.ui.markdown import plain
from dashboard.ui.published import draw_published_facts
from geodata.language import joined, message, render, translate
from geodata.wards.units import is_commune

SHOWN_WARDS = 30
"""So many wards stand in a chart of criteria; the table and the download hold the others."""


@cached
def _described(query: Query, view: str, *, every_ward: bool) -> ProgressWords:
    return describe(progress(query, view, every_ward=every_ward))


def draw(selection: Selection) -> None:
    """Draw the page."""
    query, language = selection.query, selection.language
    heading, choice = st.container(), st.container(horizontal=True, vertical_alignment="center")
    with choice:
        view = linked_choice(
            st.segmented_control,
            "view",
            VIEW_NAMES,
            message("What to show"),
            language,
            required=True,
            wrap=True,
            label_visibility="collapsed",
        )
        every_ward = view == "criteria" and linked(
            st.toggle,
            "outside",
            False,
            flag,
            language,
            label=translate("Also wards outside the programme", language),
        )
    shown = progress(query, view, every_ward=every_ward)
    words = _described(query, view, every_ward=every_ward)
    with heading:
        st.title(plain(render(words.headline, language)), anchor=False)
        names = area_names(query.published, query.vintage)
        unit_count = int(is_commune(query.wards()).sum())
        text = as_of(query.period.until, query.vintage, unit_count, latest_fact(shown.evidence))
        areas = joined(", ", [names[code] for code in query.areas]) if query.areas else None
        st.html(html("subline", language, is_marked=not query.verified_only, text=text, chosen=areas))
    if shown.is_illustrative and view != "changes":
        choice.html(html("badge", language), width="content")
    if words.nothing:
        st.info(plain(render(words.nothing, language)))
    elif view == "changes":
        with st.container(key="changes"):
            st.html(html("cards", language, groups=words.cards))
            st.html(html("progress_changes", language, entries=words.entries))
    else:
        _draw_charts(selection, view, shown, words)
    if words.notes:
        st.html(html("progress_notes", language, notes=words.notes))
    if words.entries:
        with st.expander(translate("Table and download", language), expanded=words.nothing is not None):
            values = {"about": words.headline, "titles": words.titles, "entries": words.entries}
            st.html(html("progress_table", language, **values))
            draw_downloads(
                query,
                language,
                f"progress-{view}",
                words.headline,
                lambda: (pd.DataFrame(words.entries), words.titles),
                shown=joined(" ", [message("Progress"), VIEW_NAMES[view]]),
            )
    draw_published_facts(query, "progress", language)


def _draw_charts(selection: Selection, view: str, shown: ProgressView, words: ProgressWords) -> None:
    query, language = selection.query, selection.language

    def show(figure: go.Figure, key: str, height: int) -> None:
        show_chart(figure, query, language, key, words.headline, height)

    def show_rows(figure: go.Figure, count: int) -> None:
        """Draw a chart that has a row for each ward."""
        show(figure, view, max(300, 180 + count * charts.ROW_PX))

    if isinstance(shown, StageProgress):
        steps, target = st.columns([0.55, 0.45], gap="medium")
        with steps:
            st.subheader(translate("Wards known to be at a stage", language), anchor=False)
            show(stage_charts.stage_steps(shown.rows, language), "stages", 380)
        with target:
            st.subheader(translate("Share of phường, against the national target", language), anchor=False)
            since = extent(query.published).since
            show(stage_charts.target_lines(shown.of_phuong, shown.targets, since, language), "target", 380)
        if words.cards:
            st.html(html("cards", language, groups=words.cards))
    elif isinstance(shown, Timeline):
        chart = charts.ward_timeline(shown.rows, shown.wards, query.period, language)
        show_rows(chart, len(shown.wards) + 1)
    elif view == "criteria":
        rows = shown.rows[:SHOWN_WARDS]
        show_rows(charts.criteria_bullets(rows, language), len(rows))
    else:
        show_rows(charts.headquarters_dots(shown.rows, language), len(shown.rows))
