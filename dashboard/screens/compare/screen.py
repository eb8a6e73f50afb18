"""The comparison: its choices, its sentence, small maps in one scale, dots, table, sources and files."""

from dataclasses import replace

import streamlit as st

from dashboard.query.layers import has_illustrative
from dashboard.screens.compare import charts, widgets
from dashboard.screens.compare.small_maps import column_count, small_maps
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import flag, linked
from dashboard.shell.selection import select_ward
from dashboard.subjects.comparison import measures, table_words, words
from dashboard.subjects.comparison.basis import Basis, basis, unit_titles
from dashboard.subjects.comparison.measures import measure_of
from dashboard.subjects.comparison.model import Comparison, compare, export_map, export_rows, ward_codes
from dashboard.subjects.comparison.unit_figures import source_ids, unit_figures
from dashboard.subjects.comparison.units import LEAST_UNITS
from dashboard.subjects.sources.citations import cite
from dashboard.ui.chart import show_chart
from dashboard.ui.component import draw_map
from dashboard.ui.downloads import draw_downloads
from dashboard.ui.html import html
from dashboard.ui.static_files import frontend_address
from geodata.language import joined, message, render, translate


def draw(selection: Selection) -> None:
    """Draw the page."""
    query, language = selection.query, selection.language
    start = basis(query)
    stylesheet = frontend_address("compare.css")
    st.html(f'<style>@import url("{stylesheet}");</style>')
    heading, under = st.empty(), st.empty()
    usual = widgets.usual_units(start)
    with st.container(key="compare_choices", horizontal=True, vertical_alignment="bottom"):
        against = widgets.choose_against(selection)
        code, rate = widgets.choose_measure(start, selection)
    measure = measure_of(code, rate, start.catalogue)
    chosen = st.session_state.get("page_units") or usual
    first = chosen[0] if chosen[0] in start.units.index else usual[0]
    named = unit_titles(query.published, query.vintage, first)
    titles = {one: render(name, language) for one, name in named.items()}
    if against == "units":
        codes, ends = widgets.choose_units(usual, titles, selection), ("", "")
    else:
        unit, ends = widgets.choose_periods(first, titles, against, selection)
        codes = [unit]
    if against == "units" and len(codes) < LEAST_UNITS:
        heading.title(translate("Choose two to six districts or wards to compare", language), anchor=False)
        return
    periods = [query.period, *widgets.other_period(measure, against, ends, selection)]
    shown = compare(query, measure, tuple(periods), tuple(codes))
    said = render(words.headline(shown), language)
    heading.title(said, anchor=False)
    line = {"text": words.subline(periods, measure), "formula": words.formula(measure)}
    under.html(html("comparison_subline", language, is_marked=shown.is_illustrative, **line))
    _draw_figures(shown, said, selection)
    _draw_all(shown, rate, selection)


def _draw_figures(shown: Comparison, said: str, selection: Selection) -> None:
    """Draw what the figures say: maps, dots, table, sources and files."""
    query, language, start, measure = selection.query, selection.language, shown.basis, shown.measure
    if not start.with_values:
        is_illustrative = has_illustrative(query.published)
        text = words.no_figures(verified_only=query.verified_only, has_illustrative=is_illustrative)
        st.html(html("nothing", language, text=text))
    rows = shown.ordered()
    left, right = st.columns([0.58, 0.42], gap="medium")
    with left:
        _draw_maps(shown, selection)
    with right:
        height = charts.dot_plot_height(rows, measure)
        show_chart(charts.dot_plot(rows, measure, language), query, language, "compare", said, height)
    table = table_words.table(rows.to_dict("records"), shown.city, measure)
    st.html(html("comparison_table", language, **table))
    ids = [*source_ids(query.of_city(), measure.code), *start.wards["boundary_source"].unique()]
    st.html(html("source_notes", language, cited=cite(ids, query.layer("source"))))
    exported = export_rows(rows, start.units)
    draw_downloads(
        query,
        language,
        "compare",
        said,
        lambda: (exported, table_words.export_titles(measure, exported.columns)),
        lambda: export_map(start, shown.codes, shown.figures[0]),
        shown=joined(" ", [message("Compare"), measure.name, words.shown_unit(measure)]),
    )


def _draw_maps(shown: Comparison, selection: Selection) -> None:
    """Draw a small map for each row, all in one scale, and the legend that they share."""
    query, language = selection.query, selection.language
    drawn = small_maps(query, shown.measure, shown.periods, shown.codes, language)
    st.html(f"<style>.st-key-compare_maps {{ --cp-columns: {column_count(shown)} }}</style>")
    with st.container(key="compare_maps"):
        for place, (caption, view) in enumerate(drawn.maps):
            with st.container(key=f"compare_map_{place}"):
                st.html(caption)
                on_page = replace(view, selected=selection.ward_code)
                draw_map(on_page, select_ward, language, key=f"compare_ward_map_{place}")
    st.html(drawn.legend)


def _draw_all(shown: Comparison, rate: str, selection: Selection) -> None:
    """Draw every figure of the units, one row each."""
    query, language, start = selection.query, selection.language, shown.basis
    title = translate("All figures of these units, one row each", language)
    if not linked(st.toggle, "all", False, flag, language, label=title):
        return
    codes = [*measures.COVERAGES, *(known for known in start.catalogue.index if known in start.with_values)]
    compared = [_in_its_rate(code, rate, start) for code in codes]
    of_wards = ward_codes(start, shown.codes)
    rows = [charts.IndicatorRow(one, unit_figures(query.of_city(), one, of_wards)) for one in compared]
    chart = charts.profile_plot(rows, shown.names, language)
    show_chart(chart, query, language, "compare_all", title, 100 + charts.ROW_PX * len(rows))


def _in_its_rate(code: str, rate: str, start: Basis) -> measures.ComparedMeasure:
    """Return a measure set against what is chosen, where it can be."""
    own = measures.rates_of(code, start.catalogue, is_only_partly=start.is_partly)
    return measure_of(code, rate if rate in own else own[0] if own else "value", start.catalogue)
