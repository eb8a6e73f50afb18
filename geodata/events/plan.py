"""The security plan of an event: who secures which site, and where its gaps are."""

from dataclasses import dataclass

import pandas as pd

from geodata.events.coverage import EventCoverage, event_cells, event_coverage
from geodata.language.alphabet import alphabet_key
from geodata.wards.units import KEY

HELD = ("assigned", "done")
"""The states in which a cell is no gap."""


def default_event(event: pd.DataFrame, event_task: pd.DataFrame) -> str:
    """Return the latest event with a plan, or the latest one where none has."""
    with_plan = event[event["event_id"].isin(event_task["event_id"])]
    rows = with_plan if len(with_plan) else event
    return str(rows.sort_values(["event_date", "event_id"])["event_id"].iloc[-1])


@dataclass(frozen=True)
class SecurityPlan:
    """The security plan of one event, or the part of it that lies in some areas.

    Attributes
    ----------
    cells
        One row a cell, in the order of sites, phases and fields: site, vintage and ward_code of the site
        (missing where its place is not known), phase, field, unit, state (empty without a task), note,
        source and is_gap.
    sites
        One row a site, those with most gaps first, then by name: site, vintage, ward_code, gaps, cells.
    elsewhere_count
        Sites of the plan outside the areas.
    placeless_count
        Sites of the plan that lie in no ward, left out where areas are chosen.
    """

    cells: pd.DataFrame
    sites: pd.DataFrame
    elsewhere_count: int
    placeless_count: int

    @property
    def coverage(self) -> EventCoverage:
        """Return how far it is assigned and done."""
        return event_coverage(self.cells)

    @property
    def open_site_count(self) -> int:
        """Return how many sites have a gap."""
        return int((self.sites["gaps"] > 0).sum())


def plan_of(event_task: pd.DataFrame, event_id: str, wards: pd.DataFrame | None) -> SecurityPlan:
    """Return the plan of an event; one without a plan has no cells.

    Parameters
    ----------
    event_task
        The layer of this name.
    event_id
        The event.
    wards
        Vintage and ward_code of the wards, of every vintage, in which sites are looked at; ``None`` for all
        sites.
    """
    tasks = event_task[event_task["event_id"] == event_id]
    places = tasks.drop_duplicates("site")[["site", *KEY]]
    elsewhere = placeless = 0
    if wards is not None:
        has_place = places["ward_code"].notna()
        inside = pd.MultiIndex.from_frame(places[KEY]).isin(pd.MultiIndex.from_frame(wards[KEY]))
        elsewhere, placeless = int((has_place & ~inside).sum()), int((~has_place).sum())
        places = places[has_place & inside]
        tasks = tasks[tasks["site"].isin(places["site"])]
    cells = (
        event_cells(tasks)
        .merge(places, on="site", how="left", validate="many_to_one")
        .merge(
            tasks[["site", "phase", "field", "note", "source"]],
            on=["site", "phase", "field"],
            how="left",
            validate="one_to_one",
        )
    )
    state = cells["state"].astype("object").where(cells["state"].notna(), "")
    cells = cells.assign(state=state, is_gap=~state.isin(HELD))
    counted = cells.groupby("site", sort=False).agg(gaps=("is_gap", "sum"), cells=("is_gap", "size"))
    sites = places.merge(counted.reset_index(), on="site", how="left", validate="one_to_one")
    order = sorted(
        range(len(sites)), key=lambda at: (-sites["gaps"].iloc[at], alphabet_key(sites["site"].iloc[at]))
    )
    return SecurityPlan(cells, sites.iloc[order].reset_index(drop=True), elsewhere, placeless)


def map_vintage(plan: SecurityPlan, fallback: str) -> str:
    """Return the vintage in which most sites of a plan were recorded, of equal ones the latest."""
    counts = plan.sites.dropna(subset=["ward_code"])["vintage"].value_counts()
    if counts.empty:
        return fallback
    return str(max(counts.index[counts == counts.max()]))
