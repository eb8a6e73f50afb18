"""Ward map: one figure of every ward, or two against each other, on the city."""

import streamlit as st

from dashboard.query.units import ward_titles
from dashboard.screens.ward_map import widgets
from dashboard.shell import link as page_link
from dashboard.shell.selection import choose_ward, current, select_ward
from dashboard.subjects.figures import cached, figures, panels
from dashboard.subjects.figures.choices import NONE
from dashboard.subjects.filters import active_filters, in_one_line
from dashboard.ui import map as maps
from dashboard.ui.component import give_head_start
from dashboard.ui.component import ward_map as draw_map
from dashboard.ui.downloads import download_buttons
from dashboard.ui.geometry import geometry_address
from geodata.language import render, translate
from geodata.settings import PAGES

MAP_HEIGHT = "clamp(20rem, calc(100dvh - 20.75rem), 62rem)"

published, selection = current()
language, vintage, areas = selection.language, selection.vintage, selection.areas
facts = {"verified_only": selection.verified_only}
measures = figures.measures(published)
heading = st.container(gap="xsmall")
controls = st.container(key="map_controls", horizontal=True, vertical_alignment="bottom")
map_area = st.container(key="map_area")


def seek() -> None:
    """Bring the ward that was searched for into view, and close the search."""
    st.session_state["map_seeks"] = st.session_state["ward_choice"]
    st.session_state["ward_search"] = False


def click(code: str) -> None:
    """Open the facts of a ward that is in view already."""
    select_ward(code)
    st.session_state["map_seeks"] = None


choice = widgets.chosen_figures(measures, language)
shown = cached.shown(published, choice, selection.period, vintage, areas, language, **facts)
chosen = shown.figures[shown.figures["ward_code"] == selection.ward_code]
state = maps.map_state(
    geometry_address(published, vintage),
    shown.classes,
    shown.numbers,
    labels=shown.labels,
    ticks=(),
    badge=shown.badge,
    selected=selection.ward_code,
    focus=figures.city_frame(published, vintage, areas),
    height=MAP_HEIGHT,
    texts=maps.map_texts(shown.headline, language),
    values=shown.values,
    outlined=shown.outlined,
    sought=st.session_state.get("map_seeks"),
    key=shown.key,
    frames=shown.frames,
    picture={
        "title": shown.headline,
        "subtitle": render(in_one_line(active_filters(selection.query)), language),
        "credit": shown.credit,
        "name": f"{choice.measure}-{selection.period.since:%Y%m%d}-{selection.period.until:%Y%m%d}.png",
    },
)
with heading:
    st.title(shown.headline, anchor=False)
    st.html(shown.subline)
with map_area:
    draw_map(state, on_ward=click)
give_head_start()
measure = measures[choice.measure]
with controls:
    widgets.choose_figure(measures, language)
    search = st.popover(translate("Find a ward", language), key="ward_search", on_change=page_link.act)
    if search.open:
        with search:
            choose_ward(
                ward_titles(published, vintage),
                selection.ward_code,
                translate("Find a ward", language),
                translate("Name or code", language),
                then=seek,
            )
    # What a closed popover holds costs the browser nothing at a change of the filter.
    with st.popover(translate("Options", language)):
        widgets.choose_division(choice, measures, language)
with map_area, st.container(key="ward_panel"):
    if len(chosen):
        st.html(
            cached.panel(
                published,
                choice,
                selection.period,
                vintage,
                areas,
                selection.ward_code,
                language,
                **facts,
            )
        )
        st.page_link(
            PAGES / "ward.py",
            label=translate("Profile of this ward", language),
            icon=":material/arrow_forward:",
            query_params=page_link.links(["ward"])["ward"],
        )
    else:
        st.html(panels.no_panel(language))
with st.container(horizontal=True, vertical_alignment="center", key="under_map"):
    st.html(shown.notes)
    with st.popover(
        translate("Download", language), type="tertiary", icon=":material/download:", key="downloads_menu"
    ):
        download_buttons(
            choice.measure,
            shown.headline,
            table=lambda: (
                shown.figures.sort_values("rank"),
                panels.table_titles(
                    measure, choice.per, None if choice.second == NONE else measures[choice.second], language
                ),
            ),
            map_layer=lambda: cached.map_layer(published, vintage, shown.figures),
        )
