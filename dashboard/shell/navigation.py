"""The pages, and the links to them."""

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.shell import link
from dashboard.shell.page_links import page_links
from dashboard.ui.control_state import SignedIn
from geodata import settings
from geodata.language import DEFAULT_LANGUAGE, Language, message, translate

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
    "wall": message("Command display"),
}
"""The pages by the file in ``pages/`` that draws them, which is their path too."""

FIRST = "overview"

BARE = "wall"
"""The page without a frame: it fills the screen, and settings of its own say what it shows."""

CARRIED = ("lang", "facts", "vintage", "area")
"""What a link to it carries of the frame: it always shows all days up to today."""


def all_pages(language: Language) -> list[Page]:
    """Return the pages, their titles in the language of the reader."""
    return [
        st.Page(
            settings.PAGES / f"{name}.py", title=title.render(language), url_path=name, default=name == FIRST
        )
        for name, title in PAGES.items()
    ]


def draw_links(
    pages: Sequence[Page], current: str, account: str | None, language: Language, *, administers: bool
) -> None:
    """Draw the name of the program, the links to its pages, and who is signed in.

    Parameters
    ----------
    pages
        The pages.
    current
        Path of the one that is shown.
    account
        Name of who is signed in; ``None`` for nobody.
    language
        Language of the reader.
    administers
        Whether they administer accounts.
    """
    chosen = {page.url_path: link.remembered(page.url_path or FIRST) for page in pages}
    # A plain address leaves the usual boundaries out, and those of the wall are others.
    vintage = st.session_state.get("vintage")
    page_links(
        {page.url_path: page.title for page in pages},
        current,
        {**chosen, BARE: {"vintage": vintage} if vintage else {}},
        language,
        carried={BARE: CARRIED},
        account=None if account is None else _signed_in(account, language, administers=administers),
    )


def _signed_in(account: str, language: Language, *, administers: bool) -> SignedIn:
    links = {"account": message("Own account")}
    if administers:
        links |= {"accounts": message("Accounts"), "audit": message("Audit log")}
    return {
        "label": translate("Account", language),
        "name": account,
        "links": [(path, title.render(language)) for path, title in links.items()],
        "query": "" if language == DEFAULT_LANGUAGE else f"?lang={language}",
        "leave": translate("Sign out", language),
    }
