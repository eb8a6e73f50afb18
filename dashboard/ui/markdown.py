"""Text from outside as Markdown that shows it letter by letter: the one place where it is escaped."""

_SIGNS = frozenset(r"\`*_{}[]()<>#+-.!|~$:")


def plain(text: str) -> str:
    """Return a text as Markdown that shows it as it is."""
    return "".join(f"\\{letter}" if letter in _SIGNS else letter for letter in text)
