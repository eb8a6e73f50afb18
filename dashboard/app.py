"""The frame of every page: navigation and shared widgets.

Run: python -m dashboard.server
"""

import streamlit as st

from dashboard.gate.identity import current
from dashboard.gate.notes import note_view
from dashboard.shell import link, selection
from dashboard.shell.manual import draw_manual
from dashboard.shell.navigation import BARE, FIRST, all_pages, draw_links
from dashboard.shell.warm_up import exempt_from_collection
from dashboard.ui.markdown import plain
from dashboard.ui.static_files import frontend_address


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
    who = current()
    if page.url_path == BARE:
        link.leave()
        page.run()
        note_view(who, BARE)
        exempt_from_collection()
        return
    if who.is_wall:
        # Its token reads the wall alone, whatever page a message asks for.
        st.stop()
    link.enter(page.url_path or FIRST)
    selection.renew(is_new=is_new)
    bar = st.container(key="bar", horizontal=True, vertical_alignment="bottom")
    filters = bar.container(key="filters", horizontal=True, vertical_alignment="center")
    filters.html('<div class="hp-days"></div>')
    for notice in notices:
        st.warning(plain(notice.render(language)))
    page.run()
    if selection.is_made():
        with filters:
            selection.draw_filters()
    with bar:
        selection.draw_language_switch(language)
    with st.sidebar:
        name = who.name if who.session is not None else None
        draw_links(pages, page.url_path, name, language, administers=who.may_administer)
        if selection.is_made():
            selection.draw_areas()
        draw_manual(page.url_path or FIRST, language)
    note_view(who, page.url_path or FIRST)


main()
