"""Text from files and links as Markdown that shows it letter by letter: the one place where it is escaped."""

import re

# Bare addresses become links and names between colons icons, escaped or not: a word joiner keeps them text.
_JOINED = re.compile(r"(?<=[A-Za-z])(?=://)|(?<=www)(?=\.)|(?<=\S)(?=@)|(?<=:)(?=[A-Za-z])", re.IGNORECASE)
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$&])|(?m:^([ \t]*\d*)(?=[-+.)=]))")


def plain(text: str) -> str:
    """Return what Streamlit draws as this text: no link, picture, formula, icon or colour is made of it."""
    return _MARKS.sub(lambda mark: f"{mark[2] or ''}\\{mark[1] or ''}", _JOINED.sub("\N{WORD JOINER}", text))
