"""Ward map: one figure of every ward, or two against each other, on the city."""

import streamlit as st

from dashboard import data, maps, page_link
from dashboard.classification import LEAST_CLASSES, METHODS, MOST_CLASSES, read_bounds
from dashboard.downloads import download_buttons, page_filters
from dashboard.filters import in_one_line
from dashboard.map_component import static_address
from dashboard.map_component import ward_map as draw_map
from dashboard.page_link import flag, linked, number_from, one_of, value_of
from dashboard.selection import current, select_ward
from dashboard.ward_map import cached, figures, panels
from dashboard.ward_map.choices import NONE, PER, STAGE, Choice
from geodata.language import translate

MAP_HEIGHT = "clamp(20rem, calc(100dvh - 20.75rem), 62rem)"

published, selection = current()
language, vintage, areas = selection.language, selection.vintage, selection.areas
facts = {"verified_only": selection.verified_only}
measures = figures.measures(published)
heading = st.container(gap="xsmall")
controls = st.container(key="map_controls")
map_area = st.container(key="map_area")


def seek() -> None:
    """Open the facts of the ward that was searched for, and bring it into view."""
    select_ward(st.session_state["sought_ward"])
    st.session_state["map_seeks"] = st.session_state["sought_ward"]


def click(code: str) -> None:
    """Open the facts of a ward that is in view already."""
    select_ward(code)
    st.session_state["map_seeks"] = None


def chosen_figures() -> Choice:
    """Return what the controls below stand at; the map goes to the browser before them."""
    code = value_of("figure", STAGE, one_of(list(measures)), language)
    per = value_of("per", "value", one_of(list(PER)), language) if measures[code].adds_up else "value"
    second = value_of("second", NONE, one_of(second_figures(code)), language) if code != STAGE else NONE
    method, class_count = "quantiles", 5
    own: tuple[float, ...] = ()
    if second == NONE and code != STAGE:
        method = value_of("method", "quantiles", one_of(list(METHODS)), language)
        if method == "own":
            own = own_bounds(value_of("bounds", "", str, language))
            method = "own" if own else "quantiles"
        else:
            class_count = value_of("classes", 5, number_from(LEAST_CLASSES, MOST_CLASSES), language)
    is_played = second == NONE and value_of("play", False, flag, language)
    return Choice(code, second, per, method, class_count, own, is_played)


def second_figures(code: str) -> list[str]:
    """Return what a figure may be set against."""
    return [NONE, *(one for one in measures if one not in (code, STAGE))]


def own_bounds(typed: str) -> tuple[float, ...]:
    """Return the bounds that were typed; none where they are no rising numbers."""
    try:
        return tuple(read_bounds(typed))
    except ValueError:
        return ()


def draw_division() -> None:
    """Draw how figures are divided into classes."""
    method = linked(
        st.selectbox,
        "method",
        "quantiles",
        one_of(list(METHODS)),
        language,
        label=translate("Division into classes", language),
        options=list(METHODS),
        format_func=lambda method: METHODS[method].render(language),
    )
    if method != "own":
        linked(
            st.segmented_control,
            "classes",
            5,
            number_from(LEAST_CLASSES, MOST_CLASSES),
            language,
            label=translate("Number of classes", language),
            options=list(range(LEAST_CLASSES, MOST_CLASSES + 1)),
            required=True,
        )
        return
    label = translate("Bounds between classes, such as 10; 20; 50", language)
    if not own_bounds(linked(st.text_input, "bounds", "", str, language, label=label)):
        st.info(translate("Write two to six rising numbers with semicolons between them.", language))


choice = chosen_figures()
shown = cached.shown(published, choice, selection.period, vintage, areas, language, **facts)
chosen = shown.figures[shown.figures["ward_code"] == selection.ward_code]
state = maps.map_state(
    static_address(data.geometry_path(published, vintage)),
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
        "subtitle": in_one_line(page_filters()),
        "name": f"{choice.measure}-{selection.period.since:%Y%m%d}-{selection.period.until:%Y%m%d}.png",
    },
)
with map_area:
    draw_map(state, on_ward=click)
with heading:
    st.title(shown.headline, anchor=False)
    st.html(shown.subline)

figure, search, more = controls.columns([2.6, 2.6, 1.2], gap="small", vertical_alignment="bottom")
linked(
    figure.selectbox,
    "figure",
    STAGE,
    one_of(list(measures)),
    language,
    label=translate("Figure", language),
    options=list(measures),
    format_func=lambda code: measures[code].title(language),
)
measure = measures[choice.measure]
with search:
    titles = data.ward_titles(published, vintage)
    st.session_state["sought_ward"] = selection.ward_code
    st.selectbox(
        translate("Find a ward", language),
        list(titles),
        format_func=titles.__getitem__,
        key="sought_ward",
        on_change=seek,
        placeholder=translate("Name or code", language),
        index=None,
    )
# What a closed popover holds costs the browser nothing at a change of the filter.
with more.popover(translate("Options", language), width="stretch"):
    if measure.adds_up:
        linked(
            st.selectbox,
            "per",
            "value",
            one_of(list(PER)),
            language,
            label=translate("Shown as", language),
            options=list(PER),
            format_func=lambda per: PER[per].render(language),
        )
    if choice.measure != STAGE:
        others = second_figures(choice.measure)
        linked(
            st.selectbox,
            "second",
            NONE,
            one_of(others),
            language,
            label=translate("Against a second figure", language),
            options=others,
            format_func=lambda one: (
                translate("none", language) if one == NONE else measures[one].title(language)
            ),
        )
    if choice.second == NONE:
        if choice.measure != STAGE:
            draw_division()
        linked(
            st.toggle,
            "play",
            False,
            flag,
            language,
            label=translate("Play the months of the range", language),
        )
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
            "../pages/ward.py",
            label=translate("Profile of this ward", language),
            icon=":material/arrow_forward:",
            query_params=page_link.links(["ward"])["ward"],
        )
    else:
        st.html(panels.no_panel(language))
with st.container(horizontal=True, vertical_alignment="center", key="under_map"):
    st.html(shown.notes)
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
