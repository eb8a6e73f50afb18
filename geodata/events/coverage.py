"""The security plan of an event: which cells of site, phase and field are assigned, and done."""

from dataclasses import dataclass

import pandas as pd

from geodata.contract.definition import Definition
from geodata.contract.events import FIELDS, PHASES
from geodata.language import message
from geodata.wards.units import percent_of

EVENT_COVERAGE = Definition(
    name=message("Event coverage"),
    formula=message(
        "The plan of an event has one cell for each of its sites × three phases (before, during, after) × "
        "three fields (ANTT, TTATGT, PCCC). Cells whose task is assigned or done ÷ all cells; cells whose "
        "task is done ÷ all cells. A cell without a task is not assigned"
    ),
    unit=message("% of cells"),
    source=message("layers event and event_task"),
)


def event_cells(event_task: pd.DataFrame) -> pd.DataFrame:
    """Return the whole plan of events: one row for each cell, whether it has a task or not.

    Parameters
    ----------
    event_task
        Rows of the layer of this name.

    Returns
    -------
    Keys: event_id, site, phase, field, by site in the order of the rows, then phase, then field; unit and
    state of the task, missing where there is none.
    """
    sites = event_task[["event_id", "site"]].drop_duplicates()
    grid = sites.merge(pd.DataFrame({"phase": PHASES}), how="cross").merge(
        pd.DataFrame({"field": FIELDS}), how="cross"
    )
    key = ["event_id", "site", "phase", "field"]
    return grid.merge(event_task[[*key, "unit", "state"]], on=key, how="left", validate="one_to_one")


@dataclass(frozen=True)
class EventCoverage:
    """How far the plan of an event is assigned and done.

    Attributes
    ----------
    cell_count
        Sites × phases × fields.
    assigned_count
        Cells whose task is assigned or done.
    done_count
        Cells whose task is done.
    assigned_pct, done_pct
        Of all cells; NaN for an event without sites.
    """

    cell_count: int
    assigned_count: int
    done_count: int
    assigned_pct: float
    done_pct: float


@EVENT_COVERAGE.documents
def event_coverage(cells: pd.DataFrame) -> EventCoverage:
    """Return the coverage of cells of a plan.

    Parameters
    ----------
    cells
        Rows of `event_cells`: of one event, or of one of its sites, phases or fields.
    """
    assigned = int(cells["state"].isin(["assigned", "done"]).sum())
    done = int(cells["state"].eq("done").sum())
    return EventCoverage(
        cell_count=len(cells),
        assigned_count=assigned,
        done_count=done,
        assigned_pct=percent_of(assigned, len(cells)),
        done_pct=percent_of(done, len(cells)),
    )
