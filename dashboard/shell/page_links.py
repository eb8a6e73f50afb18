"""Hosts the links to all pages in Streamlit, as `dashboard.ui.component` hosts the map.

Nine elements of Streamlit's own would be sent and drawn anew at each change of a filter, as their addresses
change with it. This one takes what is shown from the page's address, so that it stays as it is.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from dashboard.shell.host_words import host_words
from dashboard.shell.link import FRAME
from dashboard.ui.component import component
from dashboard.ui.control_state import LinksState, SignedIn
from geodata.language import Language, translate


def page_links(
    titles: Mapping[str, str],
    current: str,
    chosen: Mapping[str, Mapping[str, str]],
    language: Language,
    carried: Mapping[str, Sequence[str]],
    account: SignedIn | None,
) -> None:
    """Draw the name of the program and the links to its pages.

    Parameters
    ----------
    titles
        Title of each page by its path, that of the first page being empty.
    current
        Path of the page that is shown.
    chosen
        What was last chosen on each page, as parameters of its link.
    language
        Language of the reader, which becomes that of the document.
    carried
        By their paths the pages whose links carry less of the frame than others, and what they carry.
    account
        Who is signed in.
    """
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    state: LinksState = {
        "language": language,
        "words": host_words(language),
        "name": [translate("Model ward police", language), "Hải Phòng"],
        "label": translate("Pages", language),
        "root": f"/{base}/" if base else "/",
        "current": current,
        "pages": [
            # What is chosen on the page that is shown stands in its address.
            {
                "path": path,
                "title": title,
                "own": "" if path == current else urlencode(chosen.get(path, {})),
                "frame": carried.get(path, FRAME),
            }
            for path, title in titles.items()
        ],
        "account": account,
    }
    component("links.js")(key="links_to_pages", data=state)
