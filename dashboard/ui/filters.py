"""What is chosen, in words: what stands in every export and beside every chart."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from dashboard.ui.formats import day
from geodata.language import translate

if TYPE_CHECKING:
    from dashboard.shell.selection import Selection

Filters = list[tuple[str, str]]
"""Name and value of each filter, in the reader's language."""


def active_filters(selection: "Selection", area_titles: Mapping[str, str], as_of: pd.Timestamp) -> Filters:
    """Return what is chosen, in words.

    Parameters
    ----------
    selection
        What all pages show.
    area_titles
        Names of districts and wards by their code.
    as_of
        Day of the data.
    """
    language = selection.language
    since, until = (day(end, language) for end in (selection.period.since, selection.period.until))
    areas = ", ".join(area_titles[code] for code in selection.areas)
    return [
        (
            translate("Range of days", language),
            translate("from {since} to {until}", language, since=since, until=until),
        ),
        (translate("Boundaries from", language), day(selection.vintage, language)),
        (translate("Area", language), areas or translate("Whole city", language)),
        (
            translate("Facts", language),
            translate("verified facts only", language)
            if selection.verified_only
            else translate("some figures are illustrative", language),
        ),
        (translate("Data as of", language), day(as_of, language)),
    ]


def in_lines(filters: Filters, line_length: int) -> list[str]:
    """Return filters as lines of about so many letters at most; no filter is parted."""
    lines: list[str] = []
    for text in [f"{name}: {value}" for name, value in filters]:
        if lines and len(lines[-1]) + len(text) + 3 <= line_length:
            lines[-1] += f" · {text}"
        else:
            lines.append(text)
    return lines


def in_one_line(filters: Filters) -> str:
    """Return filters as one line."""
    return " · ".join(f"{name}: {value}" for name, value in filters)
