"""The comparison: its choices, its sentence, small maps in one scale, dots, table, sources and files."""

from dataclasses import replace

import streamlit as st

from dashboard.query.layers import has_illustrative
from dashboard.query.units import area_names
from dashboard.screens.compare import charts, widgets
from dashboard.screens.compare.small_maps import column_count, small_maps
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import Read, flag, linked
from dashboard.shell.selection import select_ward
from dashboard.subjects.comparison import funnel_words, measures, table_words, words
from dashboard.subjects.comparison.basis import Basis, basis, redrawn, unit_titles
from dashboard.subjects.comparison.measures import measure_of
from dashboard.subjects.comparison.model import (
    Comparison,
    compare,
    export_map,
    export_rows,
    funnel,
    ward_codes,
)
from dashboard.subjects.comparison.unit_figures import source_ids, unit_figures
from dashboard.subjects.comparison.units import LEAST_UNITS, short_titles
from dashboard.subjects.figures.chance import Chance
from dashboard.subjects.programme.words import ILLUSTRATIVE
from dashboard.subjects.sources.citations import cite
from dashboard.ui.chart import show_chart
from dashboard.ui.component import draw_map
from dashboard.ui.downloads import MapFiles, draw_downloads
from dashboard.ui.funnel import HEIGHT as FUNNEL_HEIGHT
from dashboard.ui.funnel import funnel_plot
from dashboard.ui.html import html
from dashboard.ui.markdown import plain
from dashboard.ui.one_file_map import MapSheet, draw_map_file, sheet_of
from dashboard.ui.static_files import frontend_address
from geodata.language import joined, message, render, translate
from geodata.period import Period


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
        is_funnel = against == "units" and measure.has_limits and widgets.choose_view(selection) == "funnel"
    chosen = st.session_state.get("page_units") or usual
    first = chosen[0] if chosen[0] in start.units.index else usual[0]
    named = unit_titles(query.published, query.vintage, first)
    titles = {one: render(name, language) for one, name in named.items()}
    periods: tuple[Period, ...] = (query.period,)
    if against == "units":
        codes = widgets.choose_units(usual, titles, selection)
    else:
        beside = widgets.periods_of(against, measure, start, language)
        if beside is None:
            heading.title(translate("No two periods to compare", language), anchor=False)
            return
        unit, ranges = widgets.choose_periods(first, titles, against, beside, selection)
        codes, periods = [unit], ranges or beside
    if against == "units" and len(codes) < LEAST_UNITS:
        heading.title(translate("Choose two to six districts or wards to compare", language), anchor=False)
        return
    shown = compare(query, measure, periods, tuple(codes))
    of_level = funnel(shown) if is_funnel else None
    told = words.headline(shown) if of_level is None else funnel_words.funnel_headline(of_level, shown)
    said = render(told, language)
    heading.title(plain(said), anchor=False)
    line = {"text": words.subline(periods, measure), "formula": words.formula(measure)}
    under.html(html("comparison_subline", language, is_marked=shown.is_illustrative, **line))
    _draw_figures(shown, of_level, said, selection)
    _draw_all(shown, rate, selection)


def _draw_figures(shown: Comparison, of_level: Chance | None, said: str, selection: Selection) -> None:
    """Draw what the figures say: funnel or maps, dots, table, sources and files."""
    query, language, start, measure = selection.query, selection.language, shown.basis, shown.measure
    if not start.with_values:
        is_illustrative = has_illustrative(query.published)
        text = words.no_figures(verified_only=query.verified_only, has_illustrative=is_illustrative)
        st.html(html("nothing", language, text=text))
    rows = shown.ordered()
    left, right = st.columns([0.58, 0.42], gap="medium")
    with left:
        if of_level is None:
            _draw_maps(shown, selection)
        else:
            _draw_funnel(of_level, shown, selection)
    with right:
        on_days = query.within(shown.periods[0])
        height = charts.dot_plot_height(rows, measure)
        show_chart(charts.dot_plot(rows, measure, language), on_days, language, "compare", said, height)
        if of_level is not None:
            _draw_outside(of_level, shown, selection)
    table = table_words.table(rows.to_dict("records"), shown.city, measure)
    st.html(html("comparison_table", language, **table))
    grounds = {code: redrawn(query.published, query.vintage, code) for code in shown.codes}
    changed = funnel_words.ground_note(grounds, shown.names)
    if changed is not None:
        st.html(html("comparison_note", language, text=changed))
    ids = [*source_ids(query.of_city(), measure.code), *start.wards["boundary_source"].unique()]
    st.html(html("source_notes", language, cited=cite(ids, query.layer("source"))))
    exported = export_rows(shown)
    draw_downloads(
        query.within(shown.periods[0]),
        language,
        "compare",
        said,
        lambda: table_words.exported(exported, measure),
        MapFiles(lambda: export_map(start, shown.codes, shown.figures[0])),
        shown=joined(" ", [message("Compare"), measure.name, words.shown_unit(measure)]),
    )
    if of_level is None:
        draw_map_file(_sheet(shown, selection))


def map_sheet(selection: Selection, value: Read) -> MapSheet | None:
    """Return the small maps of a link as they leave the page; nothing where it compares nothing."""
    chosen = widgets.asked(basis(selection.query), selection, value)
    return None if chosen is None else _sheet(compare(selection.query, *chosen), selection)


def _sheet(shown: Comparison, selection: Selection) -> MapSheet:
    query, measure, language = selection.query, shown.measure, selection.language
    drawn = small_maps(query, measure, shown.periods, shown.codes, language)
    badge, chosen = ILLUSTRATIVE if shown.is_illustrative else "", selection.ward_code
    first, *beside = [replace(view, selected=chosen, badge=badge) for _, view in drawn.maps]
    ids, title = source_ids(query.of_city(), measure.code), words.headline(shown)
    within = query.within(shown.periods[0])
    return sheet_of(first, within, language, ids, title=title, beside=beside)


def _draw_funnel(of_level: Chance, shown: Comparison, selection: Selection) -> None:
    """Draw all units of the level of those compared, within the limits of what chance explains."""
    query, language = selection.query, selection.language
    codes = [*of_level.units["unit_code"]]
    every = short_titles(
        [one for one in codes if one in shown.basis.units.index],
        shown.basis.units,
        area_names(query.published, query.vintage),
    )
    chart = funnel_plot(of_level, every, shown.codes, language)
    show_chart(
        chart,
        query,
        language,
        "compare_funnel",
        funnel_words.funnel_headline(of_level, shown),
        FUNNEL_HEIGHT,
    )
    st.html(html("comparison_note", language, text=funnel_words.funnel_note(of_level)))


def _draw_outside(of_level: Chance, shown: Comparison, selection: Selection) -> None:
    """Draw the units of the level that lie outside the limits, the highest first."""
    rows = funnel_words.outside_rows(of_level, shown)
    if rows:
        language = selection.language
        st.html(html("comparison_outside", language, headings=funnel_words.OUTSIDE_HEADINGS, rows=rows))


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
