"""Compare: two to six districts or wards, or one of them in two periods, on one scale and beside the city."""

import streamlit as st

from dashboard import comparison, comparison_charts, data, maps
from dashboard.chart_component import draw_chart
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
stylesheet = static_address(f"{publish_frontend()}/compare.css")
st.html(f'<style>@import url("{stylesheet}");</style>')
heading, under = st.empty(), st.empty()

units = comparison.comparable_units(published, vintage)
of_day = data.known(published, period, **facts).of_vintage(vintage)
default = comparison.default_units(units, of_day, selection.areas)
# The set follows the areas of the frame, and codes of wards mean others in another vintage.
seen = st.session_state.get("compared_in")
if seen is not None and not st.session_state["link_is_new"] and "page_units" in st.session_state:
    if seen[1] != selection.areas:
        st.session_state["page_units"] = default
    elif seen[0] != vintage:
        kept = comparison.remaining_units(units.index, st.session_state["page_units"], is_other_vintage=True)
        st.session_state["page_units"] = kept if len(kept) > 1 else default
st.session_state["compared_in"] = vintage, selection.areas

catalogue = data.indicator_index(published, **facts).catalogue
measures = comparison.measure_titles(catalogue, language)
with_values = comparison.indicators_with_values(published, period, **facts)
usual = next((code for code in catalogue.index if code in with_values), comparison.COVERAGES[0])

with st.container(key="compare_choices", horizontal=True, vertical_alignment="bottom"):
    against = linked(
        st.segmented_control,
        "against",
        "units",
        one_of(("units", "year", "days")),
        language,
        label=translate("Compare", language),
        options=["units", "year", "days"],
        format_func={
            "units": translate("Several units", language),
            "year": translate("With a year before", language),
            "days": translate("With other days", language),
        }.__getitem__,
        required=True,
    )
    code = linked(
        st.selectbox,
        "indicator",
        usual,
        one_of(list(measures)),
        language,
        label=translate("What is compared", language),
        options=list(measures),
        format_func=measures.__getitem__,
    )
    rates = comparison.rates_of(code, catalogue, is_only_partly=comparison.only_partly(of_day))
    rate = "value"
    if rates:
        rate = linked(
            st.segmented_control,
            "per",
            rates[0],
            one_of(rates),
            language,
            label=translate("Per", language),
            options=list(rates),
            format_func=lambda name: comparison.RATE_NAMES[name].render(language),
            required=True,
        )
chosen = st.session_state.get("page_units") or default
first = chosen[0] if chosen[0] in units.index else default[0]
titles = comparison.unit_titles(published, vintage, language, first)
if against == "units":
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
        max_selections=comparison.MOST_UNITS,
        help=translate(
            "Below those chosen stand first the units most like the first one: of its kind, with as many "
            "residents and as large.",
            language,
        ),
    )
else:
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
            usual_other = comparison.period_a_year_before(period)
            ends = [
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
                    ("since2", usual_other.since, translate("Other range: first day", language)),
                    ("until2", usual_other.until, translate("Other range: last day", language)),
                )
            ]
    codes = [unit]
measure = comparison.measure_of(code, rate, catalogue, language)

periods = [period]
if against == "year":
    if measure.kind == "coverage" or comparison.has_year_before(measure, period):
        periods.append(comparison.period_a_year_before(period))
    else:
        st.info(
            translate(
                "The range is longer than a year and would overlap the one a year before: choose a shorter "
                "one above, or two ranges by their days.",
                language,
            )
        )
elif against == "days":
    days = [comparison.read_day(text) for text in ends]
    for text, read in zip(ends, days, strict=True):
        if read is None:
            st.warning(
                translate(
                    "“{value}” is no day. Write it as dd/mm/yyyy, such as 23/11/2023.", language, value=text
                )
            )
    if days[0] is not None and days[1] is not None:
        if days[0] > days[1]:
            st.warning(translate("The last day lies before the first.", language))
        else:
            periods.append(Period(days[0], days[1]))

if against == "units" and len(codes) < 2:
    heading.title(translate("Choose two to six districts or wards to compare", language), anchor=False)
    st.stop()

ward_codes = tuple(one for one in codes if units.loc[one, "level"] == comparison.WARD)
spans = [
    (
        one,
        comparison.figures_of(
            published,
            one,
            vintage,
            code,
            rate,
            language,
            ward_codes,
            **facts,
        ),
    )
    for one in periods
]

names = comparison.short_titles(codes, units, titles)
rows = comparison.compared_rows(spans, codes, names, language)
city = [
    {
        **figures[figures["unit_code"] == comparison.CITY].iloc[0].to_dict(),
        "title": translate("Whole city", language)
        if len(spans) == 1
        else f"{translate('Whole city', language)}, {comparison.period_text(one, language)}",
        "period": one,
    }
    for one, figures in spans
]
shown = [*rows.to_dict("records"), *city]
is_illustrative = any(row.get("is_illustrative") is True for row in shown)
if len(spans) > 1:
    said = comparison.period_headline(
        rows,
        names[codes[0]],
        measure,
        language,
        is_year_before=against == "year",
        is_illustrative=is_illustrative,
    )
else:
    said = comparison.headline(rows, units.loc[codes], measure, language, is_illustrative=is_illustrative)
heading.title(said, anchor=False)
under.html(
    comparison.subline(
        data.known(published, period, **facts), periods, measure, language, is_illustrative=is_illustrative
    )
)
if not with_values:
    st.html(
        comparison.no_figures_note(
            language,
            verified_only=selection.verified_only,
            has_illustrative=data.has_illustrative(published),
        )
    )

if against == "units":
    # The best stands on top; of what is missing nobody knows where it would stand.
    by_rank = rows.sort_values("shown", ascending=measure.direction == "lower", kind="stable")
else:
    by_rank = rows

wards = data.of_vintage(published, "ward", vintage)
left, right = st.columns([0.58, 0.42], gap="medium")
with left:
    columns = {1: 1, 2: 2, 4: 2}.get(len(rows), 3)
    height = (
        "clamp(9rem, calc((100dvh - 29rem) / 2), 20rem)"
        if len(rows) > 2
        else "clamp(17rem, calc(100dvh - 31rem), 40rem)"
    )
    st.html(f"<style>.st-key-compare_maps {{ --cp-columns: {columns} }}</style>")
    used: set[int] = set()
    with st.container(key="compare_maps"):
        for place, row in enumerate(rows.to_dict("records")):
            inside = comparison.of_unit(wards, row["unit_code"], units)
            if measure.kind == "coverage":
                on_day = data.known(published, row["period"], **facts).of_vintage(vintage)
                classes, numbers = comparison.programme_map(on_day, inside, language)
                ticks = maps.inspection_ticks(on_day[inside], language)
                lines = []
            else:
                between, labels = comparison.class_bounds(
                    published, period, vintage, code, rate, language, **facts
                )
                values = comparison.ward_values(spans[place if len(spans) > 1 else 0][1], wards)
                classes = comparison.map_classes(between, labels, measure.direction, language)
                numbers = comparison.class_numbers(values, inside, between)
                ticks = []
                lines = comparison.value_lines(values, inside, measure, language)
            used |= set(numbers)
            with st.container(key=f"compare_map_{place}"):
                st.html(comparison.map_caption(row, measure, language))
                ward_map(
                    maps.map_state(
                        static_address(data.geometry_path(published, vintage)),
                        classes,
                        numbers,
                        labels=[one for tick in ticks for one in tick.codes],
                        ticks=ticks,
                        badge="",
                        selected=selection.ward_code,
                        focus=comparison.unit_bounds(published, vintage, row["unit_code"]),
                        height=height,
                        texts=maps.map_texts(f"{measure.name}, {row['title']}", language),
                        values=lines,
                        is_compact=True,
                    ),
                    on_ward=select_ward,
                    key=f"compare_ward_map_{place}",
                )
    st.html(comparison.legend(classes, used, "" if measure.kind == "coverage" else measure.unit, language))
with right:
    draw_chart(
        comparison_charts.dot_plot(by_rank, measure, language),
        "compare",
        said,
        height=96 + 22 * len(measure.parts) + comparison_charts.ROW_PX * len(rows),
    )
st.html(comparison.table_html(by_rank, city, measure, language))
sources = comparison.sources_of(published, code, period, vintage, **facts)
st.html(comparison.sources_html(sources, wards, data.layer(published, "source"), language))
download_buttons(
    "compare",
    said,
    lambda: comparison.export_table(by_rank, units, measure, language),
    lambda: comparison.export_map(wards, units, codes, spans[0][1]),
)
if linked(
    st.toggle,
    "all",
    False,
    flag,
    language,
    label=translate("All figures of these units, one row each", language),
):
    indicators = []
    for one in (*comparison.COVERAGES, *(known for known in catalogue.index if known in with_values)):
        own = comparison.rates_of(one, catalogue, is_only_partly=comparison.only_partly(of_day))
        per = rate if rate in own else own[0] if own else "value"
        indicators.append(
            comparison_charts.IndicatorRow(
                comparison.measure_of(one, per, catalogue, language),
                comparison.figures_of(published, period, vintage, one, per, language, ward_codes, **facts),
            )
        )
    draw_chart(
        comparison_charts.profile_plot(indicators, codes, names, language),
        "compare_all",
        translate("All figures of these units, one row each", language),
        height=100 + comparison_charts.ROW_PX * len(indicators),
    )
