"""Abbreviations that officials use, with what they mean for whoever points at them."""

import re

from markupsafe import Markup

from geodata.language import Language, message

ABBREVIATIONS = {
    "ANTT": message("security and order"),
    "TTATGT": message("traffic order and safety"),
    "PCCC": message("fire prevention and fire-fighting"),
    "BCA": message("Ministry of Public Security"),
    "V05": message("Department for the People's Movement to Protect National Security"),
}

_MADE = "Minh họa"
"""The label of illustrative rows in the data, whatever the reader's language."""

_WORD = re.compile(rf"\b({'|'.join(ABBREVIATIONS)})\b")


def explained(text: str, language: Language) -> Markup:
    """Return a text as HTML in which abbreviations say what they mean when one points at them."""
    text = re.sub(rf"^{_MADE}\b", message("Illustrative").render(language), text)
    told = Markup('<abbr title="{}">{}</abbr>')
    return Markup("").join(
        told.format(ABBREVIATIONS[part].render(language), part) if part in ABBREVIATIONS else part
        for part in _WORD.split(text)
    )


def meanings(text: str, language: Language) -> str:
    """Return what the abbreviations of a text mean, as plain text; empty if it has none."""
    return "; ".join(f"{word}: {ABBREVIATIONS[word].render(language)}" for word in _WORD.findall(text))
