"""The two languages of the project: English sentences in the code, Vietnamese in ``locale/vi.po``.

Vietnamese is what users read by default, so every sentence that can reach one has an entry in
``locale/vi.po``; a test extracts the sentences from the code and fails on one that is missing there.
"""

import os

from geodata.language.messages import (
    DEFAULT_LANGUAGE,
    Bilingual,
    Language,
    Message,
    Words,
    capitalised,
    joined,
    message,
    render,
    translate,
    uncapitalised,
)
from geodata.language.numbers import number

__all__ = [
    "DEFAULT_LANGUAGE",
    "Bilingual",
    "Language",
    "Message",
    "Words",
    "capitalised",
    "joined",
    "message",
    "number",
    "render",
    "terminal_language",
    "translate",
    "uncapitalised",
]


def terminal_language() -> Language:
    """Return the language of the command line: ``PILOT_WARDS_LANG`` if it is ``en``, else Vietnamese."""
    return "en" if os.environ.get("PILOT_WARDS_LANG", "").lower().startswith("en") else DEFAULT_LANGUAGE
