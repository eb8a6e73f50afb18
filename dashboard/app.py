"""The frame of every page: navigation, shared widgets, one error boundary.

Run: python -m dashboard.server
"""

import gc
from collections.abc import Sequence
from functools import cache

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.query.publication import publication
from dashboard.shell import link as page_link
from dashboard.shell import selection
from dashboard.shell.page_links import page_links
from dashboard.shell.warm_up import load_the_rest
from dashboard.ui.static_files import frontend_address
from geodata.contract.errors import GeodataError
from geodata.language import Language, message, translate

PAGES = {
    "overview": message("Overview"),
    "ward_map": message("Ward map"),
    "compare": message("Compare"),
    "inspections": message("Inspections"),
    "progress": message("Progress"),
    "routes": message("Routes"),
    "events": message("Events"),
    "ward": message("Ward"),
    "methods": message("Sources and methods"),
    "wall": message("Wall display"),
}
"""The pages by the file in ``pages/`` that draws them, which is their path too."""

FIRST = "overview"

BARE = "wall"
"""The page without a frame: it fills the screen, and settings of its own say what it shows."""


def main() -> None:
    """Draw the frame and run the page in it."""
    st.set_page_config(
        page_title="Công an phường kiểu mẫu Hải Phòng", layout="wide", initial_sidebar_state=232
    )
    stylesheet = frontend_address("page.css")
    st.html(f'<style>@import url("{stylesheet}");</style>')
    is_new = page_link.link_is_new()
    language, notices = selection.read_language(is_new=is_new)
    pages = [
        st.Page(f"../pages/{name}.py", title=title.render(language), url_path=name, default=name == FIRST)
        for name, title in PAGES.items()
    ]
    page = st.navigation(pages, position="hidden")
    if page.url_path == BARE:
        page_link.leave()
        page.run()
        exempt_from_collection()
        return
    page_link.enter(page.url_path or FIRST)
    with st.container(key="bar", horizontal=True, vertical_alignment="bottom"):
        filters = st.container(key="filters", horizontal=True, vertical_alignment="center")
        switch = st.container(key="language_switch", width="content")
    links, areas = st.sidebar.container(), st.sidebar.container()
    try:
        published = publication()
        notices += selection.choose(published, language, is_new=is_new)
        for notice in notices:
            st.warning(notice.render(language))
        try:
            page.run()
        except GeodataError as error:
            show_faults(error, language)
        else:
            page_link.write()
        with filters:
            selection.draw_filters(areas)
        exempt_from_collection()
        load_the_rest()
    except GeodataError as error:
        show_faults(error, language)
    with switch:
        selection.draw_language_switch(language)
    with links:
        draw_links(pages, page.url_path, language)


@cache
def exempt_from_collection() -> None:
    """Exempt from garbage collection what is loaded by now: libraries and frames, which stay anyway.

    Streamlit collects all garbage after each run, before it sends the rest of the page. With the libraries of
    geodata in memory that takes 120 ms, more than the run itself.
    """
    gc.collect()
    gc.freeze()


def draw_links(pages: Sequence[Page], current: str, language: Language) -> None:
    """Draw the name of the program and the links to its pages."""
    page_links(
        {page.url_path: page.title for page in pages},
        current,
        {page.url_path: page_link.remembered(page.url_path or FIRST) for page in pages},
        language,
        bare=[BARE],
    )


def show_faults(error: GeodataError, language: Language) -> None:
    """Show what is wrong with the data, every fault on its own line."""
    st.error(translate("The data can't be shown.", language))
    for fault in error.faults:
        st.text(fault.render(language))


main()
