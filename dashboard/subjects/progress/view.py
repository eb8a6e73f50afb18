"""What all views of progress have, and why a view has no ward to show."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from dashboard.query.query import Query
from dashboard.subjects.progress.wards import programme_wards
from dashboard.subjects.sources.citations import Citation
from geodata.evidence import Evidence

Citations = tuple[Citation, ...]
Absence = Literal["in_areas", "on_record"]
"""Where there is no ward of the programme: in the areas that are looked at, or on record at all."""


@dataclass(frozen=True, kw_only=True)
class ProgressView:
    """What all views have.

    Attributes
    ----------
    evidence
        What is known within the range of days.
    rows
        What the chart draws; empty where there is nothing to draw.
    table
        The rows of the table behind it; what is not known is none.
    absence
        Why there is no ward of the programme; none where there is one.
    is_illustrative
        It rests on an illustrative row.
    citations
        Sources of the rows.
    """

    evidence: Evidence
    rows: pd.DataFrame
    table: list[dict[Any, Any]]
    absence: Absence | None
    is_illustrative: bool = False
    citations: Citations


def records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of a frame; what is missing is none."""
    return frame.astype("object").where(frame.notna(), None).to_dict("records")


def absence_of(query: Query) -> Absence | None:
    """Return why there is no ward of the programme to show; none where there is one."""
    if len(programme_wards(query.wards())):
        return None
    is_elsewhere = query.areas and len(programme_wards(replace(query, areas=()).wards()))
    return "in_areas" if is_elsewhere else "on_record"
