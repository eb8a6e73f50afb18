"""The one button by which a page hands a file over: it is made, and noted, when the button is pressed."""

from collections.abc import Callable
from typing import Any

import streamlit as st


def _nobody_notes() -> Callable[[str], None]:
    return lambda _: None


downloading: Callable[[], Callable[[str], None]] = _nobody_notes
"""Returns what notes that who reads the page takes a file. A server with accounts puts its own here."""


def download_button(
    label: str, make: Callable[[], bytes | str], file: str, mime: str, key: str, **more: Any
) -> None:
    """Draw a button that hands over a file without a run of the page.

    Parameters
    ----------
    label
        What it says.
    make
        Makes the file.
    file
        Its name.
    mime
        Its type.
    key
        Of the button, unique on the page.
    more
        As ``st.download_button`` takes it.
    """
    note = downloading()

    def noted() -> bytes | str:
        made = make()
        note(file)
        return made

    st.download_button(
        label,
        noted,
        file,
        mime,
        key=key,
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        **more,
    )
