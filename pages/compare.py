"""Compare: two to six districts or wards, or one of them in two periods, on one scale and beside the city."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, maps
from dashboard.chart_component import draw_chart
from dashboard.comparison import cached, charts, headlines, measures, small_maps, tables
from dashboard.comparison.figures import best_first, city_rows, compared_rows
from dashboard.comparison.measures import Measure
from dashboard.comparison.periods import has_year_before, period_a_year_before, read_day
from dashboard.comparison.units import (
    LEAST_UNITS,
    MOST_UNITS,
    WARD,
    default_units,
    of_unit,
    remaining_units,
    short_titles,
)
from dashboard.downloads import download_buttons
from dashboard.map_component import static_address, ward_map
from dashboard.page_link import flag, linked, one_of, some_of
from dashboard.period import Period
from dashboard.selection import current, select_ward
from dashboard.static_files import publish_frontend
from geodata.language import translate

published, selection = current()
language, vintage, period = selection.language, selection.vintage, selection.period
facts = {"verified_only": selection.verified_only}
units = cached.comparable_units(published, vintage)
wards = data.of_vintage(published, "ward", vintage)
of_day = data.known(published, period, **facts).of_vintage(vintage)
catalogue = data.indicator_index(published, **facts).catalogue
with_values = cached.indicators_with_values(published, period, **facts)
is_partly = measures.only_partly(of_day)


def choose_measure() -> tuple[str, str]:
    """Draw the choice of what is compared; return its code and what it is set against."""
    titles = measures.measure_titles(catalogue, language)
    usual = next((one for one in catalogue.index if one in with_values), measures.COVERAGES[0])
    code = linked(
        st.selectbox,
        "indicator",
        usual,
        one_of(list(titles)),
        language,
        label=translate("What is compared", language),
        options=list(titles),
        format_func=titles.__getitem__,
    )
    rates = measures.rates_of(code, catalogue, is_only_partly=is_partly)
    if not rates:
        return code, "value"
    rate = linked(
        st.segmented_control,
        "per",
        rates[0],
        one_of(rates),
        language,
        label=translate("Per", language),
        options=list(rates),
        format_func=lambda name: measures.RATE_NAMES[name].render(language),
        required=True,
    )
    return code, rate


def choose_against() -> str:
    """Draw the choice of what stands beside what: several units, or two periods of one."""
    names = {
        "units": translate("Several units", language),
        "year": translate("With a year before", language),
        "days": translate("With other days", language),
    }
    return linked(
        st.segmented_control,
        "against",
        "units",
        one_of(list(names)),
        language,
        label=translate("Compare", language),
        options=list(names),
        format_func=names.__getitem__,
        required=True,
    )


def usual_units() -> list[str]:
    """Return the units of a plain link; lead the chosen ones along with the frame's areas and vintage."""
    default = default_units(units, of_day, selection.areas)
    before = st.session_state.get("compared_in")
    if before is not None and not st.session_state["link_is_new"] and "page_units" in st.session_state:
        if before[1] != selection.areas:
            st.session_state["page_units"] = default
        elif before[0] != vintage:
            kept = remaining_units(units.index, st.session_state["page_units"], is_other_vintage=True)
            st.session_state["page_units"] = kept if len(kept) > 1 else default
    st.session_state["compared_in"] = vintage, selection.areas
    return default


def choose_units(default: list[str], titles: dict[str, str]) -> list[str]:
    """Draw the choice of several units, and the button that adds the one most like the first."""
    with st.container(horizontal=True, key="compare_units", vertical_alignment="center"):
        codes = linked(
            st.multiselect,
            "units",
            default,
            some_of(list(units.index)),
            language,
            label=translate("Districts and wards, two to six", language),
            label_visibility="collapsed",
            placeholder=translate("Districts and wards, two to six", language),
            options=list(titles),
            format_func=titles.__getitem__,
            max_selections=MOST_UNITS,
        )
        others = [one for one in titles if one not in codes]
        st.button(
            translate("Add a like unit", language),
            key="compare_like",
            icon=":material/add:",
            on_click=lambda: st.session_state.update(page_units=[*codes, others[0]]),
            disabled=len(codes) >= MOST_UNITS or not others,
            help=translate(
                "Adds the unit most like the first one: of its kind, with as many residents and as large. "
                "The list of units is in that order too.",
                language,
            ),
        )
    return codes


def choose_periods(first: str, titles: dict[str, str], against: str) -> tuple[str, tuple[str, str]]:
    """Draw the choice of one unit, and of the other period's days as they are written."""
    ends = ("", "")
    with st.container(horizontal=True, key="compare_days", vertical_alignment="bottom"):
        unit = linked(
            st.selectbox,
            "unit",
            first,
            one_of(list(units.index)),
            language,
            label=translate("District or ward", language),
            options=list(titles),
            format_func=titles.__getitem__,
        )
        if against == "days":
            usual = period_a_year_before(period)
            since, until = (
                linked(
                    st.text_input,
                    name,
                    f"{end:%d/%m/%Y}",
                    str,
                    language,
                    label=label,
                    placeholder=translate("dd/mm/yyyy", language),
                    width=220,
                )
                for name, end, label in (
                    ("since2", usual.since, translate("Other range: first day", language)),
                    ("until2", usual.until, translate("Other range: last day", language)),
                )
            )
            ends = since, until
    return unit, ends


def other_period(measure: Measure, against: str, ends: tuple[str, str]) -> list[Period]:
    """Return the period that stands beside the frame's; say why where there is none."""
    if against == "units":
        return []
    if against == "year":
        if measure.kind == "coverage" or has_year_before(measure, period):
            return [period_a_year_before(period)]
        st.info(
            translate(
                "The range is longer than a year and would overlap the one a year before: choose a shorter "
                "one above, or two ranges by their days.",
                language,
            )
        )
        return []
    days = [read_day(text) for text in ends]
    for text, read in zip(ends, days, strict=True):
        if read is None:
            st.warning(
                translate(
                    "“{value}” is no day. Write it as dd/mm/yyyy, such as 23/11/2023.", language, value=text
                )
            )
    since, until = days
    if since is None or until is None:
        return []
    if since > until:
        st.warning(translate("The last day lies before the first.", language))
        return []
    return [Period(since, until)]


def draw_maps(
    rows: pd.DataFrame, figures: list[pd.DataFrame], measure: Measure, code: str, rate: str
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
            inside = of_unit(wards, row["unit_code"], units)
            ticks: list[maps.Tick] = []
            lines: list[str] = []
            if measure.kind == "coverage":
                on_day = data.known(published, row["period"], **facts).of_vintage(vintage)
                classes, numbers = small_maps.programme_map(on_day, inside, language)
                ticks = maps.inspection_ticks(on_day[inside], language)
            else:
                between, labels = cached.class_bounds(
                    published, period, vintage, code, rate, language, **facts
                )
                values = small_maps.ward_values(figures[place % len(figures)], wards)
                classes = small_maps.map_classes(between, labels, measure.direction, language)
                numbers = small_maps.class_numbers(values, inside, between)
                lines = small_maps.value_lines(values, inside, measure, language)
            used |= set(numbers)
            with st.container(key=f"compare_map_{place}"):
                st.html(small_maps.map_caption(row, measure, language))
                ward_map(
                    maps.map_state(
                        static_address(data.geometry_path(published, vintage)),
                        classes,
                        numbers,
                        labels=[one for tick in ticks for one in tick.codes],
                        ticks=ticks,
                        badge="",
                        selected=selection.ward_code,
                        focus=cached.unit_bounds(published, vintage, row["unit_code"]),
                        height=height,
                        texts=maps.map_texts(f"{measure.name}, {row['title']}", language),
                        values=lines,
                        is_compact=True,
                    ),
                    on_ward=select_ward,
                    key=f"compare_ward_map_{place}",
                )
    unit = "" if measure.kind == "coverage" else measure.unit
    st.html(small_maps.legend(classes, used, unit, language))


def draw_all(codes: list[str], names: dict[str, str], rate: str, ward_codes: tuple[str, ...]) -> None:
    """Draw every figure of the units, one row each."""
    title = translate("All figures of these units, one row each", language)
    if not linked(st.toggle, "all", False, flag, language, label=title):
        return
    indicators = []
    for one in (*measures.COVERAGES, *(known for known in catalogue.index if known in with_values)):
        own = measures.rates_of(one, catalogue, is_only_partly=is_partly)
        per = rate if rate in own else own[0] if own else "value"
        measure = measures.measure_of(one, per, catalogue, language)
        found = cached.figures_of(published, period, vintage, one, per, language, ward_codes, **facts)
        indicators.append(charts.IndicatorRow(measure, found))
    draw_chart(
        charts.profile_plot(indicators, codes, names, language),
        "compare_all",
        title,
        height=100 + charts.ROW_PX * len(indicators),
    )


def show(codes: list[str], periods: list[Period], measure: Measure, code: str, rate: str) -> None:
    """Show what the figures say: sentence, maps, dots, table, sources and files."""
    ward_codes = tuple(one for one in codes if units.loc[one, "level"] == WARD)
    figures = [
        cached.figures_of(published, one, vintage, code, rate, language, ward_codes, **facts)
        for one in periods
    ]
    spans = list(zip(periods, figures, strict=True))
    names = short_titles(codes, units, data.area_titles(published, vintage, language))
    rows = compared_rows(spans, codes, names, language)
    city = city_rows(spans, language)
    is_illustrative = any(row.get("is_illustrative") is True for row in [*rows.to_dict("records"), *city])
    said_of: dict[str, Any] = {"is_illustrative": is_illustrative}
    if len(periods) > 1:
        said_of["is_year_before"] = periods[1] == period_a_year_before(period)
        said = headlines.period_headline(rows, names[codes[0]], measure, language, **said_of)
    else:
        said = headlines.headline(rows, units.loc[codes], measure, language, **said_of)
        # The best stands on top; of what is missing nobody knows where it would stand.
    by_rank = best_first(rows, measure) if len(periods) == 1 else rows
    heading.title(said, anchor=False)
    under.html(headlines.subline(periods, measure, language, is_illustrative=is_illustrative))
    if not with_values:
        has_illustrative = data.has_illustrative(published)
        st.html(headlines.no_figures_note(language, has_illustrative=has_illustrative, **facts))
    left, right = st.columns([0.58, 0.42], gap="medium")
    with left:
        draw_maps(rows, figures, measure, code, rate)
    with right:
        draw_chart(
            charts.dot_plot(by_rank, measure, language),
            "compare",
            said,
            height=charts.dot_plot_height(rows, measure),
        )
    st.html(tables.table_html(by_rank, city, measure, language))
    sources = cached.sources_of(published, code, period, vintage, **facts)
    st.html(headlines.sources_html(sources, wards, data.layer(published, "source"), language))
    download_buttons(
        "compare",
        said,
        lambda: tables.export_table(by_rank, units, measure, language),
        lambda: tables.export_map(wards, units, codes, figures[0]),
    )
    draw_all(codes, names, rate, ward_codes)


stylesheet = static_address(f"{publish_frontend()}/compare.css")
st.html(f'<style>@import url("{stylesheet}");</style>')
heading, under = st.empty(), st.empty()
usual = usual_units()
with st.container(key="compare_choices", horizontal=True, vertical_alignment="bottom"):
    against = choose_against()
    code, rate = choose_measure()
measure = measures.measure_of(code, rate, catalogue, language)
chosen = st.session_state.get("page_units") or usual
first = chosen[0] if chosen[0] in units.index else usual[0]
titles = cached.unit_titles(published, vintage, language, first)
if against == "units":
    codes, ends = choose_units(usual, titles), ("", "")
else:
    unit, ends = choose_periods(first, titles, against)
    codes = [unit]
periods = [period, *other_period(measure, against, ends)]
if against == "units" and len(codes) < LEAST_UNITS:
    heading.title(translate("Choose two to six districts or wards to compare", language), anchor=False)
else:
    show(codes, periods, measure, code, rate)
