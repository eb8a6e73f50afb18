"""The frame of every page: navigation, shared widgets, one error boundary.

Run: python -m dashboard.server
"""

import streamlit as st

from dashboard.query.publication import publication
from dashboard.shell import link, selection
from dashboard.shell.manual import draw_manual
from dashboard.shell.navigation import BARE, FIRST, all_pages, draw_links
from dashboard.shell.warm_up import exempt_from_collection
from dashboard.ui.static_files import frontend_address
from geodata.contract.errors import GeodataError
from geodata.language import Language, translate


def main() -> None:
    """Draw the frame and run the page in it."""
    st.set_page_config(
        page_title="Công an phường kiểu mẫu Hải Phòng", layout="wide", initial_sidebar_state=232
    )
    st.html(f'<style>@import url("{frontend_address("page.css")}");</style>')
    is_new = link.link_is_new()
    language, notices = selection.read_language(is_new=is_new)
    pages = all_pages(language)
    page = st.navigation(pages, position="hidden")
    if page.url_path == BARE:
        link.leave()
        page.run()
        exempt_from_collection()
        return
    link.enter(page.url_path or FIRST)
    bar = st.container(key="bar", horizontal=True, vertical_alignment="bottom")
    filters = bar.container(key="filters", horizontal=True, vertical_alignment="center")
    try:
        notices += selection.choose(publication(), language, is_new=is_new)
        for notice in notices:
            st.warning(notice.render(language))
        try:
            page.run()
        except GeodataError as error:
            show_faults(error, language)
        else:
            link.write()
        with filters:
            selection.draw_filters()
        exempt_from_collection()
        is_shown = True
    except GeodataError as error:
        show_faults(error, language)
        is_shown = False
    with bar:
        selection.draw_language_switch(language)
    with st.sidebar:
        draw_links(pages, page.url_path, language)
        if is_shown:
            selection.draw_areas()
        draw_manual(page.url_path or FIRST, language)


def show_faults(error: GeodataError, language: Language) -> None:
    """Show what is wrong with the data, every fault on its own line."""
    st.error(translate("The data can't be shown.", language))
    for fault in error.faults:
        st.text(fault.render(language))


main()
