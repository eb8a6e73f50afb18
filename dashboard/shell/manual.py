"""The manual of a page, opened by its “?”: the same files as the documentation, carried with the program."""

from functools import cache

import streamlit as st

from geodata.language import Language, translate
from geodata.settings import DOCS


@cache
def page_manual(page: str, language: Language) -> str:
    """Return the manual of a page as Markdown, its title in the first line, what all pages share at its end.

    Parameters
    ----------
    page
        Its file in ``pages/``, without the ending.
    language
        Language of the reader.
    """
    own = DOCS / language / "pages" / f"{page}.md"
    shared = DOCS / language / "frame.md"
    return f"{own.read_text(encoding='utf-8')}\n#{shared.read_text(encoding='utf-8')}"


def draw_manual(page: str, language: Language) -> None:
    """Draw the “?” of a page; once pressed the manual lies over the page."""
    label = translate("How to read this page", language)
    if not st.button(f"? {label}", key="manual", type="tertiary"):
        return
    title, _, text = page_manual(page, language).partition("\n")
    st.dialog(title.removeprefix("# "), width="medium")(st.markdown)(text)
