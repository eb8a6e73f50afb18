"""Words that are chosen inside and rendered at the edge: what is said is known before in which language.

Inner code returns `Words`; a page, a file or a terminal renders them in the language of its reader.
"""

import gettext
import io
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

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


class Words(ABC):
    """Anything that can be said in either language."""

    @abstractmethod
    def render(self, language: Language) -> str:
        """Return it in a language."""


def render(words: Any, language: Language) -> Any:
    """Return `Words` in a language, and anything else as it is."""
    return words.render(language) if isinstance(words, Words) else words


def translate(sentence: str, language: Language, **values: Any) -> str:
    """Return an English sentence of the code in a language, its ``{placeholders}`` filled.

    A value that is itself `Words` is rendered in the same language.
    """
    text = _catalog(language).gettext(sentence) if sentence else ""
    shown = {name: render(value, language) for name, value in values.items()}
    return text.format(**shown) if shown else text


@dataclass(frozen=True)
class Message(Words):
    """A sentence of the code with its values."""

    sentence: str
    values: dict[str, Any] = field(default_factory=dict)

    def render(self, language: Language) -> str:
        """Return the sentence in a language."""
        return translate(self.sentence, language, **self.values)

    def __hash__(self) -> int:
        # Values stand in a dict.
        return hash(self.sentence)

    def of(self, **values: Any) -> "Message":
        """Return the sentence with values in its placeholders."""
        return Message(self.sentence, self.values | values)


def message(sentence: str, **values: Any) -> Message:
    """Return a `Message`; the extraction of sentences looks for calls of this name."""
    return Message(sentence, values)


@dataclass(frozen=True)
class Bilingual(Words):
    """A name that the data give in both languages."""

    vi: str
    en: str

    def render(self, language: Language) -> str:
        """Return the name in a language."""
        return self.en if language == "en" else self.vi


@dataclass(frozen=True)
class _Joined(Words):
    separator: str
    parts: tuple[Words | str, ...]

    def render(self, language: Language) -> str:
        return self.separator.join(render(part, language) for part in self.parts)


def joined(separator: str, parts: Iterable[Words | str]) -> Words:
    """Return several words as one, with a separator between them."""
    return _Joined(separator, tuple(parts))


@dataclass(frozen=True)
class _Begun(Words):
    words: Words | str
    is_capital: bool

    def render(self, language: Language) -> str:
        text: str = render(self.words, language)
        return (text[:1].upper() if self.is_capital else text[:1].lower()) + text[1:]


def capitalised(words: Words | str) -> Words:
    """Return words whose first letter is a capital, as a sentence begins."""
    return _Begun(words, is_capital=True)


def uncapitalised(words: Words | str) -> Words:
    """Return words whose first letter is small, as they stand within a sentence."""
    return _Begun(words, is_capital=False)


@dataclass(frozen=True)
class _Unstopped(Words):
    words: Words | str

    def render(self, language: Language) -> str:
        text: str = render(self.words, language)
        return text.rstrip(".")


def without_full_stop(words: Words | str) -> Words:
    """Return a sentence as it stands among others in one line."""
    return _Unstopped(words)
