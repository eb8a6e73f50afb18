"""What every view of the page consists of, and how its table and notes are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.ui.formats import day, missing, number
from geodata.language import Language, message, translate

VIEWS = ("stages", "criteria", "headquarters", "timeline", "changes")
"""What the page shows, one at a time."""

VIEW_NAMES = {
    "stages": message("Stages and target"),
    "criteria": message("Criteria met"),
    "headquarters": message("Headquarters"),
    "timeline": message("Timeline of wards"),
    "changes": message("What changed"),
}

SHOWN_WARDS = 30
"""So many wards stand in a chart; the table and the download hold the others."""


@dataclass(frozen=True)
class View:
    """What one view of the page shows.

    Attributes
    ----------
    headline
        The sentence that says what the view shows.
    rows
        What its chart draws; empty where there is nothing to draw.
    nothing
        Why there is nothing, and what to change; empty where there is something.
    cards
        Key figures, HTML.
    notes
        What the figures rest on, with their sources, HTML.
    table, titles
        The table behind the chart, and the headings of its columns.
    is_illustrative
        It rests on an illustrative row.
    """

    headline: str
    rows: pd.DataFrame
    nothing: str
    cards: Markup
    notes: Markup
    table: pd.DataFrame
    titles: Mapping[str, str]
    is_illustrative: bool = False


def note_list(lines: Sequence[Markup]) -> Markup:
    """Return notes as a list; nothing where there are none."""
    if not lines:
        return Markup("")
    return Markup('<ul class="hp-lines">{}</ul>').format(
        Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    )


def marked_headline(headline: str, language: Language, *, is_illustrative: bool) -> str:
    """Return a headline that says so where it rests on illustrative rows."""
    if not is_illustrative:
        return headline
    # A sentence may be quoted without its page.
    return translate("Illustrative: {told}", language, told=headline[:1].lower() + headline[1:])


def table_cells(view: View, shown: int, language: Language) -> list[list[object]]:
    """Return the first rows of a view's table as they are written."""
    return [
        [written(value, language) for value in row]
        for row in view.table[list(view.titles)][:shown].itertuples(index=False, name=None)
    ]


def written(value: Any, language: Language) -> str:
    """Return a value of a table as it is written; what is missing in words."""
    if not pd.api.types.is_scalar(value) or pd.isna(value):
        return Markup('<span class="hp-missing">{}</span>').format(missing(language))
    if pd.api.types.is_bool(value):
        return translate("yes", language) if value else translate("no", language)
    if isinstance(value, pd.Timestamp):
        return day(value, language)
    if pd.api.types.is_number(value):
        return number(value, language, 1)
    return str(value)
