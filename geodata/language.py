"""The two languages of the project: English sentences in the code, Vietnamese in ``locale/vi.po``.

Vietnamese is what users read by default, so every sentence that can reach one has an entry in
``locale/vi.po``; a test extracts the sentences from the code and fails on one that is missing there.
"""

import gettext
import io
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

Language = Literal["vi", "en"]
DEFAULT_LANGUAGE: Language = "vi"


@cache
def _catalog(language: Language) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with (Path(__file__).parent / "locale" / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(sentence: str, language: Language, **values: Any) -> str:
    """Return an English sentence of the code in a language, its ``{placeholders}`` filled.

    A value that is itself a :class:`Message` is rendered in the same language.
    """
    text = _catalog(language).gettext(sentence) if sentence else ""
    shown = {k: v.render(language) if isinstance(v, Message) else v for k, v in values.items()}
    return text.format(**shown) if shown else text


@dataclass(frozen=True)
class Message:
    """A sentence of the code with its values, to be read in either language later."""

    sentence: str
    values: dict[str, Any] = field(default_factory=dict)

    def render(self, language: Language) -> str:
        """Return the sentence in a language."""
        return translate(self.sentence, language, **self.values)


def message(sentence: str, **values: Any) -> Message:
    """Return a :class:`Message`; the extraction of sentences looks for calls of this name."""
    return Message(sentence, values)


@dataclass(frozen=True)
class Figure(Message):
    """A number inside a sentence, with the decimal mark and the grouping of the language."""

    def render(self, language: Language) -> str:
        """Return the number in a language."""
        return format_decimal(self.values["value"], self.values["pattern"], locale=language)


def figure(value: float, digits: int = 0, *, is_signed: bool = False) -> Figure:
    """Return a number with at most so many digits after the decimal mark, for a value of a message."""
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return Figure("", {"value": float(value), "pattern": f"+{pattern};-{pattern}" if is_signed else pattern})


def terminal_language() -> Language:
    """Return the language of the command line: ``PILOT_WARDS_LANG`` if it is ``en``, else Vietnamese."""
    return "en" if os.environ.get("PILOT_WARDS_LANG", "").lower().startswith("en") else DEFAULT_LANGUAGE
