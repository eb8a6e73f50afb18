"""What of inspections is handed over as files: rows, and the headings of the columns that are written."""

import pandas as pd

from dashboard.subjects.inspections.criteria import CriteriaMatrix
from dashboard.subjects.inspections.words import GROUPS, RESULTS, STATES, criterion_name
from dashboard.ui.exports import Titles
from geodata.language import message
from geodata.language.numbers import number
from geodata.programme.overdue import LastInspections, Limit

_CODE = {"vintage": message("Boundaries from"), "ward_code": message("Code")}
_NAME = {
    "ward_kind": message("Kind of unit"),
    "ward_name": message("Ward"),
    "district_name": message("District"),
    **_CODE,
}
_SOURCE = {"source": message("Source"), "is_illustrative": message("Illustrative")}

LIST_TITLES = {
    "inspection_date": message("Date"),
    **_NAME,
    "inspecting_body": message("Inspected by"),
    "kind": message("Kind"),
    "verdict": message("Verdict on the ward"),
    "round_verdict": message("Said of the city's work in the round as a whole"),
    "criteria_set": message("Criteria set"),
    "criteria_met": message("Criteria met"),
    "criteria_assessed": message("Criteria assessed"),
    **_SOURCE,
}


def standing_export(standing: LastInspections, limit: Limit | None) -> tuple[pd.DataFrame, Titles]:
    """Return the last inspection of each ward, with its role in words and, by a limit, the days over it."""
    rows = standing.rows
    rows = rows.assign(role_name=rows["group"].map(dict(enumerate(GROUPS))))
    over: Titles = {}
    if limit is not None:
        rows = rows.assign(over=(rows["days"] - limit.days).where(rows["is_late"]), basis=limit.basis)
        over = {
            "over": message("Days over the limit of {limit}", limit=number(limit.days)),
            "basis": message("Basis of the limit"),
        }
    return rows, {
        **_NAME,
        "role_name": message("Role"),
        "exists": message("A unit on the last day"),
        "last_inspection": message("Last inspection"),
        "is_last_partly": message("Of a part of it only"),
        "days": message("Days since"),
        **over,
        "inspection_source": message("Source"),
        "is_illustrative": message("Illustrative"),
    }


def recommendation_export(rows: pd.DataFrame) -> tuple[pd.DataFrame, Titles]:
    """Return recommendations, with their state in words."""
    return rows.assign(state_name=rows["state"].map(STATES)), {
        "due_date": message("Due"),
        "state_name": message("State"),
        "days_late": message("Days overdue"),
        "text": message("Recommendation"),
        "category": message("Category"),
        "owner_unit": message("Owner"),
        "ward_name": message("Ward"),
        **_CODE,
        "inspection_date": message("Date of the inspection"),
        **_SOURCE,
    }


def criteria_export(matrix: CriteriaMatrix) -> tuple[pd.DataFrame, Titles]:
    """Return the matrix of criteria, with results in words."""
    names = {result: name for result, (_, _, name) in RESULTS.items()}
    results = matrix.results()
    rows = matrix.rows.assign(**{code: results[code].map(names) for code in matrix.codes})
    return rows, {
        "ward_name": message("Ward"),
        **_CODE,
        "inspection_date": message("Date"),
        **{row["criterion_code"]: criterion_name(row) for row in matrix.criteria},
        **_SOURCE,
    }
