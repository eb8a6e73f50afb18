"""Overview: how far the programme is, where its wards lie, what happened, and what is known of one ward."""

import streamlit as st

from dashboard.query.units import programme_frame, ward_titles
from dashboard.shell.selection import choose_ward, current, select_ward
from dashboard.subjects.programme.cached import city_overview, ward_overview
from dashboard.ui import map as maps
from dashboard.ui.component import give_head_start, ward_map
from dashboard.ui.geometry import geometry_address
from geodata.language import translate

MAP_HEIGHT = "clamp(20rem, min(100dvh - 15.5rem, 105vw), 60rem)"

published, selection = current()
language, vintage = selection.language, selection.vintage
known = {"verified_only": selection.verified_only}
areas = selection.areas
shown = city_overview(published, selection.period, vintage, language, areas, **known)

st.title(shown.headline, anchor=False)
st.html(shown.subline)
city, side = st.columns([0.65, 0.35], gap="medium")

with city:
    state = maps.map_state(
        geometry_address(published, vintage),
        shown.classes,
        shown.class_numbers,
        labels=shown.programme_codes,
        ticks=shown.ticks,
        badge=shown.badge,
        selected=selection.ward_code,
        focus=programme_frame(published, vintage, areas),
        height=MAP_HEIGHT,
        texts=maps.map_texts(shown.headline, language),
    )
    ward_map(state, on_ward=select_ward)
    st.html(shown.notes)
give_head_start()

with side, st.container(key="side"):
    st.html(shown.cards)
    choose_ward(
        ward_titles(published, vintage),
        selection.ward_code,
        translate("Facts of a ward", language),
        translate("Choose a ward here or on the map", language),
    )
    if selection.ward_code is not None:
        key = (vintage, selection.ward_code)
        st.html(ward_overview(published, selection.period, key, language, **known))
    st.html(shown.inspections)
    st.subheader(translate("Events", language), anchor=False)
    st.html(shown.events)
