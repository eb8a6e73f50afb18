"""Ward: what is known of one ward, how its figures went, what it was and what became of it; fit to print."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from dashboard.query import layers as data
from dashboard.query.units import ward_titles
from dashboard.shell import link as page_link
from dashboard.shell.selection import choose_ward, current, select_ward
from dashboard.subjects.filters import active_filters, in_one_line
from dashboard.subjects.ward import profile as ward_profile
from dashboard.subjects.ward import trends as ward_trends
from dashboard.ui import map as maps
from dashboard.ui.component import ward_map
from dashboard.ui.downloads import download_buttons
from dashboard.ui.geometry import geometry_address
from geodata.evidence import within_areas
from geodata.language import render, translate

MAP_HEIGHT = "210px"
MOST_LINES_ABOVE_MAP = 4
PRINT = Markup(
    '<button type="button" class="hp-print">{}</button>'
    "<script>document.currentScript.previousElementSibling.onclick = () => window.print()</script>"
)

published, selection = current()
language, vintage, code = selection.language, selection.vintage, selection.ward_code
wards = data.of_vintage(published, "ward", vintage)
offered = set(within_areas(wards, selection.areas)["ward_code"]) | {code}
titles = {one: title for one, title in ward_titles(published, vintage).items() if one in offered}
link = tuple(page_link.links(["ward"])["ward"].items())
heading = st.container(key="ward_heading")
with st.container(key="ward_choice_bar", horizontal=True, vertical_alignment="center"):
    choose_ward(
        titles,
        code,
        translate("Facts of a ward", language),
        translate("Choose a ward", language),
        label_visibility="collapsed",
        width=340,
    )
    if code is not None:
        st.html(PRINT.format(translate("Print", language)), unsafe_allow_javascript=True, width="content")

if code is None:
    heading.title(translate("Choose a ward to see what is known of it", language), anchor=False)
    hint = translate(
        "Choose it in the list, or among the wards of the programme: role, figures, inspections, "
        "predecessors.",
        language,
    )
    heading.html(Markup('<p class="hp-sub">{}</p>').format(hint))
    known = data.evidence(published, selection.period, verified_only=selection.verified_only)
    st.html(ward_profile.programme_links(known.of_vintage(vintage), selection.areas, link, language))
else:
    key = vintage, code
    facts = {"verified_only": selection.verified_only}
    shown = ward_profile.ward_profile(published, selection.period, key, link, language, **facts)
    trends = ward_profile.trends_of(published, selection.period, key, language, **facts)
    heading.title(shown.headline, anchor=False)
    heading.html(shown.subline)
    with st.container(key="ward_profile"):
        left, right = st.columns([0.35, 0.65], gap="medium")
        with left:
            st.html(shown.facts)
            st.html(shown.descent)
        with right:
            st.html(ward_trends.trends_block(trends, selection.period, language, **facts))
            st.html(shown.inspections)
        # Where there is room: charts make the right side the longer one, many predecessors the left.
        is_below = bool(trends.shown) and shown.line_count <= MOST_LINES_ABOVE_MAP
        with left if is_below else right, st.container(key="ward_place", horizontal=not is_below):
            classes, numbers = ward_profile.locator_classes(key, shown.neighbour_codes, wards, language)
            with st.container(key="ward_locator", width=300):
                state = maps.map_state(
                    geometry_address(published, vintage),
                    classes,
                    numbers,
                    labels=[code],
                    ticks=[],
                    badge="",
                    selected=code,
                    focus=ward_profile.locator_frame(published, vintage, (code, *shown.neighbour_codes)),
                    height=MAP_HEIGHT,
                    texts=maps.map_texts(titles[code], language),
                    is_compact=True,
                )
                ward_map(state, on_ward=select_ward)
            st.html(shown.neighbours)
    st.html(shown.sources)
    with st.expander(translate("Download what is known of this ward", language)):
        titled = {"facts": translate("Facts", language), "inspections": translate("Inspections", language)}
        for name, title in titled.items():
            st.caption(title)
            about = f"{titles[code]}: {title}"
            download_buttons(f"ward-{code}-{name}", about, table=partial(shown.tables.__getitem__, name))
        st.caption(translate("Indicators", language))
        download_buttons(
            f"ward-{code}-indicators",
            f"{titles[code]}: {translate('Indicators', language)}",
            table=lambda: ward_trends.trends_table(trends, language),
        )
    st.html(
        Markup('<p class="hp-print-foot">{}</p>').format(
            render(in_one_line(active_filters(selection.query)), language)
        )
    )
