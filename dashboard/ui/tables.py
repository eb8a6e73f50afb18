"""Tables of the pages as HTML: a head that stays in sight, and a frame that scrolls by keyboard too.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.sources.citations import Citation, cite
from dashboard.ui.formats import number
from geodata.language import Language, translate

LISTED = 20
"""So many rows of a table are sent and shown; the others are counted, and the downloads hold all."""


@dataclass(frozen=True)
class ListedRows:
    """The first rows of a table, as a template reads them.

    Attributes
    ----------
    rows
        `LISTED` rows at most, each by its columns; a missing value is ``None``.
    count
        How many there are in all.
    cited
        The citation of each source of these rows, by its id.
    """

    rows: list[dict[Hashable, Any]]
    count: int
    cited: dict[str, tuple[Citation, ...]]


def listed(rows: pd.DataFrame, sources: pd.DataFrame, source: str = "source") -> ListedRows:
    """Return the first rows of a table.

    Parameters
    ----------
    rows
        All of them.
    sources
        The layer ``source``.
    source
        The column that names the source of a row.
    """
    first = rows[:LISTED]
    return ListedRows(
        [
            {name: None if pd.isna(value) else value for name, value in row.items()}
            for row in first.to_dict("records")
        ],
        len(rows),
        {name: cite([name], sources) for name in first[source].dropna().unique()},
    )


@dataclass(frozen=True)
class Heading:
    """The heading of a column.

    Attributes
    ----------
    text
        What stands there.
    hint
        What it means exactly, for those who point at it; empty for nothing.
    """

    text: str
    hint: str = ""

    def __html__(self) -> str:
        """Return it as HTML, which ``Markup.format`` asks for."""
        return abbreviation(self.text, self.hint) if self.hint else Markup("{}").format(self.text)


def abbreviation(text: str, meaning: str) -> Markup:
    """Return a text whose meaning shows on hover."""
    return Markup('<abbr title="{}">{}</abbr>').format(meaning, text)


def html_table(
    about: str, headings: Sequence[Heading], rows: Iterable[Sequence[object]], name: str = ""
) -> Markup:
    """Return a table in a frame that scrolls.

    Parameters
    ----------
    about
        What it shows, for those who can't see it.
    headings
        The columns.
    rows
        Their cells; the first one heads its row. What is no ``Markup`` is escaped.
    name
        Class of the frame beside ``hp-sheet``.
    """
    cells = [
        Markup("<tr><th scope=row>{}{}").format(
            first, Markup("").join(Markup("<td>{}").format(cell) for cell in others)
        )
        for first, *others in rows
    ]
    return framed_table(
        about,
        Markup("<tr>{}").format(
            Markup("").join(Markup("<th scope=col>{}").format(head) for head in headings)
        ),
        Markup("").join(cells),
        name,
    )


def framed_table(about: str, head: Markup, body: Markup, name: str = "") -> Markup:
    """Return a table of rows that are HTML already; parameters as those of `html_table`."""
    return Markup(
        '<div class="hp-sheet {}" role="region" tabindex="0" aria-label="{}">'
        "<table><thead>{}</thead><tbody>{}</tbody></table></div>"
    ).format(name, about, head, body)


def more_rows(count: int, language: Language) -> Markup:
    """Return the sentence that counts the rows of a table that are not shown; empty where all are."""
    if count <= LISTED:
        return Markup("")
    return Markup('<p class="hp-more">{}</p>').format(
        translate(
            "and {count} more rows; the downloads hold all of them",
            language,
            count=number(count - LISTED, language),
        )
    )


def nothing(text: str) -> Markup:
    """Return the sentence that stands where a table would be empty."""
    return Markup('<p class="hp-none">{}</p>').format(text)
