"""The ward map: its sentence, the map with its legend, the choices, the facts of one ward, files."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st
from markupsafe import Markup

from dashboard.query.caching import cached
from dashboard.query.layers import layer
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.query.units import area_names, ward_titles
from dashboard.screens.ward_map import widgets
from dashboard.shell import link
from dashboard.shell.ahead import ahead, controls_address, gzipped
from dashboard.shell.first_view import Opening
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import Read, flag, kept, page_value
from dashboard.shell.selection import choose_ward, select_period, select_ward
from dashboard.subjects.figures import legend_words, panel_words, words
from dashboard.subjects.figures.alike import seconds_of, settled
from dashboard.subjects.figures.choices import PER, Choice, measures
from dashboard.subjects.figures.model import WardClasses, classify, ward_figure
from dashboard.subjects.figures.months import has_months, months
from dashboard.subjects.figures.values import city_frame
from dashboard.subjects.filters import active_filters, in_one_line
from dashboard.subjects.programme.words import ILLUSTRATIVE
from dashboard.subjects.sources.citations import cite, credit
from dashboard.ui.abbreviations import meanings
from dashboard.ui.chart import show_chart
from dashboard.ui.component import draw_map, said
from dashboard.ui.downloads import MapFiles, download, draw_downloads, file_name
from dashboard.ui.fetched_state import Control
from dashboard.ui.funnel import HEIGHT, funnel_plot
from dashboard.ui.geometry import former_outlines, outlines
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from dashboard.ui.markdown import plain
from dashboard.ui.one_file_map import MapSheet, draw_map_file
from dashboard.ui.qgis_project import QgisProject
from geodata.language import Language, Words, message, render, translate
from geodata.language.numbers import is_missing, number
from geodata.wards.names import ward_title

LOOK_SECONDS = 1
"""So often it is asked whether what is worked out beside the page is there."""

MAP_HEIGHT = "clamp(20rem, calc(100dvh - 20.75rem), 62rem)"


@dataclass(frozen=True)
class Drawn:
    """A map as it stands on the page, in the reader's language, kept while it is shown."""

    view: MapView
    headline: str
    subline: Markup
    notes: Markup


@cached
def _sources(published: Publication, ids: tuple[str, ...], language: Language) -> tuple[Markup, str]:
    """Return the line of sources under the map, and who answers for them."""
    sources = layer(published, "source")
    notes = html("source_notes", language, cited=cite(ids, sources))
    return notes, render(credit(ids, sources), language)


@cached
def painted(query: Query, choice: Choice, language: Language) -> MapView:
    """Return the map of a figure, of two figures, or of the programme: its classes, without its words."""
    shown = classify(query, choice)
    key = legend_words.legend(shown)
    if "histogram" in key:
        key["hint"] = meanings(render(key["title"], language), language)
    former = legend_words.former_of(shown)
    return MapView(
        "",
        outlines(query.published, query.vintage, () if former is None else former.vintages),
        legend_words.map_classes(shown),
        shown.numbers.tolist(),
        city_frame(query.published, query.vintage, query.areas),
        MAP_HEIGHT,
        labels=shown.pilots,
        outlined=shown.pilots,
        badge=ILLUSTRATIVE if shown.is_illustrative else "",
        key=key,
        frames=_frames(shown) if shown.months else None,
        circles=legend_words.circles(shown),
        former=None if former is None else former_outlines(query.published, former),
    )


@cached
def drawn(query: Query, choice: Choice, language: Language) -> Drawn:
    """Return the map with its words."""
    shown = classify(query, choice)
    headline = render(words.headline(shown), language)
    notes, credited = _sources(query.published, shown.sources(), language)
    return Drawn(
        replace(
            painted(query, choice, language),
            about=headline,
            values=[render(value, language) for value in legend_words.ward_words(shown)],
            picture={
                "title": headline,
                "subtitle": render(in_one_line(active_filters(query)), language),
                "credit": credited,
                "name": f"{file_name(words.shown_figure(shown), query, language)}.png",
            },
        ),
        headline,
        html("subline", language, is_marked=shown.is_illustrative, text=words.subline(shown), chosen=None),
        notes,
    )


def _frames(shown: WardClasses) -> dict[str, Any]:
    """Return the months as the map plays them: a digit a ward, and how many wards each class has."""
    return {
        "labels": words.month_words(shown),
        "classes": ["".join(np.base_repr(at, 36).lower() for at in one) for one in shown.month_numbers],
        "counts": [[number(count) for count in one] for one in shown.month_counts],
        "about": words.month_sublines(shown),
    }


@cached
def panel(query: Query, choice: Choice, ward: str | None, language: Language) -> Markup | None:
    """Return what is known of the figure of one ward, as HTML; nothing of one that is not shown."""
    shown, figure = classify(query, choice), ward_figure(query, choice, ward)
    if figure is None:
        return None
    lines = panel_words.ward_lines(figure, shown.measures, shown.pers)
    if shown.is_alike:
        lines = [legend_words.map_classes(shown)[figure.ward["class_number"]].label, *lines]
    return html(
        "figures_ward",
        language,
        title=ward_title(figure.ward),
        district=_district(query, figure.ward["ward_code"]),
        is_illustrative=figure.ward["is_illustrative"],
        value=panel_words.ward_value(shown, figure),
        lines=lines,
        cited=cite(figure.sources, query.layer("source")),
    )


def _district(query: Query, code: str) -> Words | str:
    """Return the district of a ward, or the former one in whose area it lies; of a ward without none."""
    wards = query.wards()
    own = wards.loc[wards["ward_code"] == code, "district_code"].iloc[0]
    return "" if is_missing(own) else area_names(query.published, query.vintage)[own]


def draw(selection: Selection) -> None:
    """Draw the page; its map goes to the browser before all else."""
    query, language = selection.query, selection.language
    own: dict[str, str] = {}
    asked = widgets.chosen_figures(query.published, kept(page_value, own))
    choice = settled(query, asked)
    shown = drawn(query, choice, language)
    st.html(Markup("<h1>{}</h1>{}").format(shown.headline, shown.subline))
    controls = st.container(key="map_controls", horizontal=True, vertical_alignment="bottom")
    view = replace(
        shown.view,
        selected=selection.ward_code,
        sought=st.session_state.get("map_seeks"),
        ahead=ahead(
            "ward_map",
            selection,
            own,
            _controls(query.published, language),
            has_months=not asked.is_alike and has_months(classify(query, choice)),
        ),
    )
    draw_map(view, _click, language, on_period=select_period)
    # What stands in no widget stands in the link.
    for name, value in own.items():
        link.keep(name, value, None)
    with controls:
        is_funnel = _draw_controls(asked, selection)
    if choice != asked:
        _draw_waiting(selection, asked)
    facts = panel(query, choice, selection.ward_code, language)
    profile = f"ward?{urlencode(link.links(['ward'])['ward'])}"
    st.html(html("map_notes", language, facts=facts, profile=profile, notes=shown.notes))
    # What a closed popover holds costs a change of the filter nothing.
    menu = st.popover(
        translate("Download", language),
        type="tertiary",
        icon=":material/download:",
        key="downloads_menu",
        on_change=link.act,
    )
    if menu.open:
        with menu:
            _draw_downloads(classify(query, choice), shown.headline, selection)
            draw_map_file(MapSheet(view, language))
    if is_funnel:
        _draw_funnel(classify(query, choice), shown.headline, selection)


def view(selection: Selection, value: Read) -> MapView | None:
    """Return the map of a link before its page is drawn; nothing of what is played or still worked out."""
    choice = widgets.chosen_figures(selection.query.published, value)
    if choice.is_played or choice != settled(selection.query, choice):
        return None
    return painted(selection.query, choice, selection.language)


def packed_months(selection: Selection, value: Read) -> bytes | None:
    """Return the months from which the map of a link follows, packed; nothing where it does not."""
    choice = widgets.chosen_figures(selection.query.published, value)
    return None if choice.is_alike else _packed_months(selection, choice)


@cached
def _packed_months(selection: Selection, choice: Choice) -> bytes | None:
    shown, language = classify(selection.query, choice), selection.language
    if not has_months(shown):
        return None
    texts = {
        "first": message("First month"),
        "last": message("Last month"),
        "illustrative": ILLUSTRATIVE,
    }
    return gzipped(said({"language": language, "texts": texts, **months(shown)}, language))


def map_sheet(selection: Selection, value: Read) -> MapSheet:
    """Return the map of a link as it leaves the page."""
    choice = widgets.chosen_figures(selection.query.published, value)
    shown = drawn(selection.query, choice, selection.language).view
    return MapSheet(replace(shown, selected=selection.ward_code), selection.language)


def opening(selection: Selection, value: Read) -> Opening:
    """Return what the page shows first of a link."""
    choice = settled(selection.query, widgets.chosen_figures(selection.query.published, value))
    shown = drawn(selection.query, choice, selection.language)
    return Opening(shown.headline, shown.subline, replace(shown.view, selected=selection.ward_code))


@st.fragment(run_every=LOOK_SECONDS)
def _draw_waiting(selection: Selection, choice: Choice) -> None:
    """Say how long the classes have been worked out for, until they are there for the page to draw."""
    query, language = selection.query, selection.language
    if settled(query, choice) == choice:
        st.rerun()
    told = message(
        "Where neighbouring units are alike is being worked out: {seconds} seconds so far",
        seconds=number(seconds_of(query, choice)),
    )
    st.caption(plain(render(told, language)))


@cached
def _controls(published: Publication, language: Language) -> str:
    """Return where the map learns which widgets hold its figure, and what that is set against."""
    names = {render(one.name, language): code for code, one in measures(published).items()}
    figure: Control = {"key": "page_figure", "values": names}
    return controls_address(published, {"figure": figure, "per": {"key": "page_per", "values": PER}})


def _draw_funnel(shown: WardClasses, headline: str, selection: Selection) -> None:
    """Draw the wards within the limits of what chance explains."""
    language = selection.language
    if shown.chance is None:
        return
    names = dict(zip(shown.rows["ward_code"], shown.rows["ward_name"], strict=True))
    chosen = [code for code in names if code == selection.ward_code]
    chart = funnel_plot(shown.chance, names, chosen, language)
    show_chart(chart, shown.query, language, "map_funnel", headline, HEIGHT)


def _seek() -> None:
    """Bring the ward that was searched for into view, and close the search."""
    st.session_state["map_seeks"] = st.session_state["ward_choice"]
    st.session_state["ward_search"] = False


def _click(code: str) -> None:
    """Open the facts of a ward that is in view already."""
    select_ward(code)
    st.session_state["map_seeks"] = None


def _draw_controls(choice: Choice, selection: Selection) -> bool:
    """Draw the choices; return whether the funnel plot is wanted."""
    query, language = selection.query, selection.language
    widgets.choose_figure(choice, selection)
    title = translate("Find a ward", language)
    search = st.popover(title, key="ward_search", on_change=link.act)
    if search.open:
        with search:
            choose_ward(
                ward_titles(query.published, query.vintage),
                selection.ward_code,
                title,
                translate("Name or code", language),
                then=_seek,
            )
    options = st.popover(translate("Options", language), key="map_options", on_change=link.act)
    if options.open:
        with options:
            widgets.choose_division(choice, selection)
            return widgets.wants_funnel(choice, selection)
    is_funnel = widgets.may_have_funnel(choice, selection) and page_value("funnel", False, flag)
    link.keep("funnel", is_funnel, False)
    return is_funnel


def _draw_downloads(shown: WardClasses, headline: str, selection: Selection) -> None:
    language = selection.language
    labels = [render(entry.label, language) for entry in legend_words.map_classes(shown)]
    draw_downloads(
        selection.query,
        language,
        shown.choice.measure,
        headline,
        table=lambda: (panel_words.with_limits(shown.table(labels)), panel_words.table_titles(shown)),
        of_map=MapFiles(lambda: shown.map_layer(labels), is_in_menu=True),
        shown=words.shown_figure(shown),
    )
    query = selection.query
    project = QgisProject(query.published, query.period, query.verified_only, language)
    name = file_name(message("Project for QGIS"), query, language)
    hindrance = project.hindrance()
    label = translate("Project for QGIS, with all figures", language)
    is_hindered = hindrance is not None
    file = (f"{name}.zip", "application/zip")
    download(label, lambda: project.zipped(name), *file, "download_qgis", is_hindered=is_hindered)
    if hindrance is not None:
        st.caption(plain(render(hindrance, language)))
