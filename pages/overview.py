"""Overview: how far the programme is, where its wards lie, what happened, and what is known of one ward."""

import streamlit as st

from dashboard import data, maps, overview
from dashboard.formats import alphabet_key
from dashboard.map_component import static_address, ward_map
from dashboard.selection import current, select_ward
from geodata.language import translate
from geodata.metrics import pilot_coverage

MAP_HEIGHT = "clamp(20rem, min(100dvh - 15.5rem, 105vw), 60rem)"

published, selection = current()
language, vintage = selection.language, selection.vintage
layers = {name: data.layer(published, name) for name in overview.LAYERS}
summary = data.of_vintage(published, "ward_summary", vintage)
wards = data.of_vintage(published, "ward", vintage)

coverage = pilot_coverage(summary)
former = overview.former_pilot_wards(layers["ward_summary"], layers["crosswalk"], vintage)
seen = overview.inspected(layers["inspection"], summary)
headline = overview.headline(coverage, seen, len(former), language)
known_to = overview.last_fact_day(
    layers["event"]["event_date"],
    layers["inspection"]["inspection_date"],
    layers["pilot_status"]["valid_from"],
)

st.title(headline, anchor=False)
st.html(overview.subline(known_to, vintage, coverage.ward_count, language))
city, side = st.columns([0.65, 0.35], gap="medium")

with city:
    classes, numbers = maps.programme_classes(summary, language)
    ward_map(
        maps.map_state(
            static_address(data.geometry_path(published, vintage)),
            classes,
            numbers,
            labels=list(summary.loc[summary["role"].notna(), "ward_code"]),
            selected=selection.ward_code,
            focus=data.programme_frame(published, vintage),
            height=MAP_HEIGHT,
            texts=maps.map_texts(headline, language),
        ),
        on_ward=select_ward,
    )
    illustrative = bool(layers["inspection"]["is_illustrative"].any())
    st.html(overview.data_notes(wards, layers["source"], illustrative, language))

with side, st.container(key="side"):
    seen_count = overview.inspected(
        layers["inspection"], layers["ward_summary"].merge(former) if len(former) else summary
    ).ward_count
    years = wards["population_year"].dropna()
    st.html(overview.figure_cards(overview.figures(coverage, seen_count, years, language)))
    titles = {ward["ward_code"]: overview.ward_title(ward) for _, ward in wards.iterrows()}
    st.session_state["ward_choice"] = selection.ward_code
    st.selectbox(
        translate("Facts of a ward", language),
        sorted(titles, key=lambda code: alphabet_key(titles[code].split(" ", 1)[1])),
        format_func=lambda code: f"{titles[code]} ({code})",
        key="ward_choice",
        on_change=lambda: select_ward(st.session_state["ward_choice"]),
        placeholder=translate("Choose a ward here or on the map", language),
        index=None,
    )
    if selection.ward_code is not None:
        st.html(overview.ward_heading((vintage, selection.ward_code), layers, language))
        st.html(overview.fact_list(overview.ward_facts((vintage, selection.ward_code), layers, language)))
    st.subheader(translate("Events", language), anchor=False)
    st.html(overview.event_list(layers["event"], layers["source"], language))
