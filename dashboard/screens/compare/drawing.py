"""Draws a comparison: its sentence, small maps in one scale, dots, table, sources and files."""

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.query import layers as data
from dashboard.query.units import area_titles
from dashboard.screens.compare import charts, small_maps
from dashboard.shell.link import flag, linked
from dashboard.shell.selection import select_ward
from dashboard.subjects.comparison import cached, headlines, measures, tables
from dashboard.subjects.comparison.asked import Asked
from dashboard.subjects.comparison.figures import best_first, city_rows, compared_rows
from dashboard.subjects.comparison.measures import Measure
from dashboard.subjects.comparison.units import WARD, of_unit, short_titles
from dashboard.ui import map as maps
from dashboard.ui.chart import draw_chart
from dashboard.ui.component import ward_map
from dashboard.ui.downloads import download_buttons
from dashboard.ui.geometry import geometry_address
from geodata.indicators.comparison import period_a_year_before
from geodata.language import translate
from geodata.period import Period


def draw_maps(
    asked: Asked, rows: pd.DataFrame, figures: list[pd.DataFrame], measure: Measure, code: str, rate: str
) -> None:
    """Draw a small map for each row, all in one scale, and the legend that they share."""
    columns = {1: 1, 2: 2, 4: 2}.get(len(rows), 3)
    is_high = len(rows) <= columns
    height = (
        "clamp(17rem, calc(100dvh - 31rem), 40rem)"
        if is_high
        else "clamp(9rem, calc((100dvh - 29rem) / 2), 20rem)"
    )
    st.html(f"<style>.st-key-compare_maps {{ --cp-columns: {columns} }}</style>")
    used: set[int] = set()
    with st.container(key="compare_maps"):
        for place, row in enumerate(rows.to_dict("records")):
            inside = of_unit(asked.wards, row["unit_code"], asked.units)
            ticks: list[maps.Tick] = []
            lines: list[str] = []
            if measure.kind == "coverage":
                on_day = data.evidence(asked.published, row["period"], **asked.facts).of_vintage(
                    asked.vintage
                )
                classes, numbers = small_maps.programme_map(on_day, inside, asked.language)
                ticks = maps.inspection_ticks(on_day[inside], asked.language)
            else:
                between, labels = cached.class_bounds(
                    asked.published, asked.period, asked.vintage, code, rate, asked.language, **asked.facts
                )
                values = small_maps.ward_values(figures[place % len(figures)], asked.wards)
                classes = small_maps.map_classes(between, labels, measure.direction, asked.language)
                numbers = small_maps.class_numbers(values, inside, between)
                lines = small_maps.value_lines(values, inside, measure, asked.language)
            used |= set(numbers)
            with st.container(key=f"compare_map_{place}"):
                st.html(small_maps.map_caption(row, measure, asked.language))
                ward_map(
                    maps.map_state(
                        geometry_address(asked.published, asked.vintage),
                        classes,
                        numbers,
                        labels=[one for tick in ticks for one in tick.codes],
                        ticks=ticks,
                        badge="",
                        selected=asked.selection.ward_code,
                        focus=cached.unit_bounds(asked.published, asked.vintage, row["unit_code"]),
                        height=height,
                        texts=maps.map_texts(f"{measure.name}, {row['title']}", asked.language),
                        values=lines,
                        is_compact=True,
                    ),
                    on_ward=select_ward,
                    key=f"compare_ward_map_{place}",
                )
    unit = "" if measure.kind == "coverage" else measure.unit
    st.html(small_maps.legend(classes, used, unit, asked.language))


def draw_all(
    asked: Asked, codes: list[str], names: dict[str, str], rate: str, ward_codes: tuple[str, ...]
) -> None:
    """Draw every figure of the units, one row each."""
    title = translate("All figures of these units, one row each", asked.language)
    if not linked(st.toggle, "all", False, flag, asked.language, label=title):
        return
    indicators = []
    for one in (
        *measures.COVERAGES,
        *(known for known in asked.catalogue.index if known in asked.with_values),
    ):
        own = measures.rates_of(one, asked.catalogue, is_only_partly=asked.is_partly)
        per = rate if rate in own else own[0] if own else "value"
        measure = measures.measure_of(one, per, asked.catalogue, asked.language)
        found = cached.figures_of(
            asked.published, asked.period, asked.vintage, one, per, asked.language, ward_codes, **asked.facts
        )
        indicators.append(charts.IndicatorRow(measure, found))
    draw_chart(
        charts.profile_plot(indicators, codes, names, asked.language),
        "compare_all",
        title,
        height=100 + charts.ROW_PX * len(indicators),
    )


def show(
    asked: Asked,
    heading: DeltaGenerator,
    under: DeltaGenerator,
    codes: list[str],
    periods: list[Period],
    measure: Measure,
    code: str,
    rate: str,
) -> None:
    """Show what the figures say: sentence, maps, dots, table, sources and files."""
    ward_codes = tuple(one for one in codes if asked.units.loc[one, "level"] == WARD)
    figures = [
        cached.figures_of(
            asked.published, one, asked.vintage, code, rate, asked.language, ward_codes, **asked.facts
        )
        for one in periods
    ]
    spans = list(zip(periods, figures, strict=True))
    names = short_titles(codes, asked.units, area_titles(asked.published, asked.vintage, asked.language))
    rows = compared_rows(spans, codes, names, asked.language)
    city = city_rows(spans, asked.language)
    is_illustrative = any(row.get("is_illustrative") is True for row in [*rows.to_dict("records"), *city])
    said_of: dict[str, Any] = {"is_illustrative": is_illustrative}
    if len(periods) > 1:
        said_of["is_year_before"] = periods[1] == period_a_year_before(asked.period)
        said = headlines.period_headline(rows, names[codes[0]], measure, asked.language, **said_of)
    else:
        said = headlines.headline(rows, asked.units.loc[codes], measure, asked.language, **said_of)
        # The best stands on top; of what is missing nobody knows where it would stand.
    by_rank = best_first(rows, measure) if len(periods) == 1 else rows
    heading.title(said, anchor=False)
    under.html(headlines.subline(periods, measure, asked.language, is_illustrative=is_illustrative))
    if not asked.with_values:
        has_illustrative = data.has_illustrative(asked.published)
        st.html(headlines.no_figures_note(asked.language, has_illustrative=has_illustrative, **asked.facts))
    left, right = st.columns([0.58, 0.42], gap="medium")
    with left:
        draw_maps(asked, rows, figures, measure, code, rate)
    with right:
        draw_chart(
            charts.dot_plot(by_rank, measure, asked.language),
            "compare",
            said,
            height=charts.dot_plot_height(rows, measure),
        )
    st.html(tables.table_html(by_rank, city, measure, asked.language))
    sources = cached.sources_of(asked.published, code, asked.period, asked.vintage, **asked.facts)
    st.html(
        headlines.sources_html(sources, asked.wards, data.layer(asked.published, "source"), asked.language)
    )
    download_buttons(
        "compare",
        said,
        lambda: tables.export_table(by_rank, asked.units, measure, asked.language),
        lambda: tables.export_map(asked.wards, asked.units, codes, figures[0]),
    )
    draw_all(asked, codes, names, rate, ward_codes)
