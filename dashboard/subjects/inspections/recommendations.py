"""What inspections recommended, who owns it, and whether it is done or overdue."""

import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.query import Query
from dashboard.subjects.inspections.criteria import shown_rows
from dashboard.subjects.inspections.model import inspection_findings
from geodata.programme.inspections import days_since
from geodata.wards.units import KEY

OVERDUE = "overdue"
"""What may be asked of recommendations beside their state."""

STATES = ("open", "in_progress", "done", "")
"""The states of recommendations; the last one stands for a state that is missing."""


@cached
def recommendations(query: Query) -> pd.DataFrame:
    """Return what the inspections recommend: first what is overdue, then what is not settled, by due date.

    Returns
    -------
    The columns of the layer, its state empty where it is missing, with those of the inspection, and
    days_late: days from the due date to the last day where it is not settled; missing where it is, or has no
    due date, or is not due yet.
    """
    columns = ["inspection_id", *KEY, "inspection_date", "ward_kind", "ward_name"]
    columns += ["district_name", "searched"]
    joined = shown_rows(query, "recommendation").merge(
        inspection_findings(query).rows[columns], on="inspection_id", how="inner", validate="many_to_one"
    )
    state = joined["state"].astype("object").where(joined["state"].notna(), "")
    days = days_since(pd.Timestamp(query.period.until), joined["due_date"])
    return (
        joined.assign(
            state=state, days_late=days.where((days > 0) & state.ne("done")), is_done=state.eq("done")
        )
        .sort_values(
            ["days_late", "is_done", "due_date", "recommendation_id"], ascending=[False, True, True, True]
        )
        .reset_index(drop=True)
    )


def in_state(rows: pd.DataFrame, state: str) -> pd.DataFrame:
    """Return recommendations in a state, the overdue ones for `OVERDUE`, all of them for ``all``."""
    if state == "all":
        return rows
    chosen: pd.DataFrame = rows[rows["days_late"].notna() if state == OVERDUE else rows["state"].eq(state)]
    return chosen


def by_owner(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how many recommendations each owner has, those with most unsettled ones first.

    Returns
    -------
    owner_unit, empty where it is not known; a column for each of `STATES`, that of the missing one only where
    there is any; and late, those of them that are overdue.
    """
    owners = rows["owner_unit"].astype("object").where(rows["owner_unit"].notna(), "")
    counts = pd.crosstab(owners, rows["state"]).reindex(columns=list(STATES), fill_value=0)
    unsettled = counts.drop(columns="done").sum(axis="columns").sort_values(ascending=False, kind="stable")
    counts = counts.assign(late=rows["days_late"].notna().groupby(owners).sum()).loc[unsettled.index]
    shown = counts if counts[""].any() else counts.drop(columns="")
    return shown.reset_index()
