"""The rows of long tables that a page shows; their frame stands in ``templates/macros.html.j2``."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.subjects.sources.citations import Citation, cite

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
