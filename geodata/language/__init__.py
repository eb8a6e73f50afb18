"""The two languages of the project: English sentences in the code, Vietnamese in ``locale/vi.po``.

Vietnamese is what users read by default, so every sentence that can reach one has an entry in
``locale/vi.po``; a test extracts the sentences from the code and fails on one that is missing there.
"""

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
    without_full_stop,
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
    "translate",
    "uncapitalised",
    "without_full_stop",
]
