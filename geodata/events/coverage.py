"""The security plan of an event: which cells of site, phase and field are stated, assigned, and done."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.contract.definition import Definition
from geodata.contract.events import FIELDS, PHASES
from geodata.language import message
from geodata.wards.units import percent_of

HELD = ("assigned", "done")
"""The states in which a cell is no gap."""

EVENT_COVERAGE = Definition(
    name=message("Event coverage"),
    formula=message(
        "The plan of an event has one cell for each of its sites, and for the event as a whole where tasks "
        "are given for it, × three phases (before, during, after) × three fields (ANTT, TTATGT, PCCC). "
        "Cells whose task is assigned or done ÷ cells that the source states. A cell that the source does "
        "not state is no gap: only in a plan that its author marked as complete are all cells stated, and "
        "one without an assigned task is a gap. Cells done ÷ cells stated, missing where nobody reported any"
    ),
    unit=message("% of cells stated"),
    source=message("layers event and event_task"),
)


def event_cells(event_task: pd.DataFrame, event: pd.DataFrame) -> pd.DataFrame:
    """Return the whole plan of events: one row for each cell, whether it has a task or not.

    Parameters
    ----------
    event_task, event
        Rows of the layers of these names.

    Returns
    -------
    Keys: event_id, site, phase, field, by site in the order of the rows, then phase, then field; unit of the
    task, missing where there is none; state, ``not_stated`` where the source is silent, and empty for a
    cell without a task in a plan marked as complete; is_stated; is_gap.
    """
    sites = event_task[["event_id", "site"]].drop_duplicates()
    grid = sites.merge(pd.DataFrame({"phase": PHASES}), how="cross").merge(
        pd.DataFrame({"field": FIELDS}), how="cross"
    )
    key = ["event_id", "site", "phase", "field"]
    cells = grid.merge(event_task[[*key, "unit", "state"]], on=key, how="left", validate="one_to_one")
    is_complete = cells["event_id"].isin(event.loc[event["is_plan_complete"].astype("bool"), "event_id"])
    is_silent = cells["state"].isna() | cells["state"].eq("not_stated")
    state = cells["state"].astype("object").mask(is_silent, np.where(is_complete, "", "not_stated"))
    return cells.assign(
        state=state, is_stated=~is_silent | is_complete, is_gap=is_complete & ~state.isin(HELD)
    )


@dataclass(frozen=True)
class EventCoverage:
    """How far the plan of an event is stated, assigned and done.

    Attributes
    ----------
    cell_count
        Sites × phases × fields.
    stated_count
        Cells of which the source says anything; in a plan marked as complete, all.
    assigned_count
        Cells whose task is assigned or done.
    gap_count
        Cells without an assigned task in a plan marked as complete.
    done_count
        Cells whose task is reported as done.
    assigned_pct, done_pct
        Of the cells stated; NaN where there is none, and of those done where nobody reported any.
    """

    cell_count: int
    stated_count: int
    assigned_count: int
    gap_count: int
    done_count: int
    assigned_pct: float
    done_pct: float

    @property
    def unstated_count(self) -> int:
        """Return of how many cells the source says nothing."""
        return self.cell_count - self.stated_count


@EVENT_COVERAGE.documents
def event_coverage(cells: pd.DataFrame) -> EventCoverage:
    """Return the coverage of cells of a plan.

    Parameters
    ----------
    cells
        Rows of `event_cells`: of one event, or of one of its sites, phases or fields.
    """
    stated = int(cells["is_stated"].sum())
    assigned = int(cells["state"].isin(HELD).sum())
    done = int(cells["state"].eq("done").sum())
    return EventCoverage(
        cell_count=len(cells),
        stated_count=stated,
        assigned_count=assigned,
        gap_count=int(cells["is_gap"].sum()),
        done_count=done,
        assigned_pct=percent_of(assigned, stated),
        done_pct=percent_of(done, stated) if done else float("nan"),
    )
