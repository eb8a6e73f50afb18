"""What a page shows of what is chosen. It runs without its frame where the frame stays as it is."""

from collections.abc import Callable

import streamlit as st

from dashboard.query.publication import publication, setback
from dashboard.shell import link, selection
from dashboard.shell.frame_link import Selection
from dashboard.shell.warm_up import exempt_from_collection
from dashboard.subjects.sources.setback import setback_notices
from dashboard.ui.markdown import plain
from geodata.contract.errors import GeodataError
from geodata.language import Language, translate


@st.fragment(key=selection.PAGE)
def show(draw: Callable[[Selection], None]) -> None:
    """Draw a page of what its frame has chosen, with one error boundary."""
    language: Language = st.session_state["language"]
    try:
        published = publication()
        notices = selection.choose(published, language)
        for notice in [*setback_notices(setback(published)), *notices]:
            st.warning(plain(notice.render(language)))
        draw(selection.selected())
    except GeodataError as error:
        st.error(translate("The data can't be shown.", language))
        for fault in error.faults:
            st.text(fault.render(language))
    else:
        link.write()
    if selection.is_made():
        selection.draw_days()
    exempt_from_collection()
