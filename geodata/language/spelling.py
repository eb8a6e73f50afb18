"""What is left of a text for those who type without diacritics."""

import unicodedata


def without_marks(text: str) -> str:
    """Return a text without its diacritics, đ as d."""
    letters = unicodedata.normalize("NFD", text)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.replace("đ", "d").replace("Đ", "D")
