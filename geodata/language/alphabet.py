"""The order of the Vietnamese alphabet."""

import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"
"""The tones in the order of the alphabet: huyền, hỏi, ngã, sắc, nặng."""


def alphabet_key(text: str) -> list[tuple[int, int, str]]:
    """Return the key that sorts names by the Vietnamese alphabet: letters first, then their tones."""
    key = []
    for letter in unicodedata.normalize("NFC", text).lower():
        marks = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in marks if mark in _TONES), "")
        base = unicodedata.normalize("NFC", marks.replace(tone, ""))
        key.append((_ALPHABET.find(base), _TONES.find(tone) + 1 if tone else 0, base))
    letters = [(place, 0, base) for place, _, base in key]
    return [*letters, (-1, 0, ""), *key]
