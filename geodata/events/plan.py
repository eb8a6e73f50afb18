"""The security plan of an event: who secures which site, and the gaps of one that is complete."""

from dataclasses import dataclass

import pandas as pd

from geodata.contract.events import WHOLE_EVENT
from geodata.events.coverage import HELD, EventCoverage, event_cells, event_coverage
from geodata.language.alphabet import alphabet_key
from geodata.wards.units import KEY, are_among


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
        (missing where its place is not known), phase, field, unit, state, is_stated, is_gap (see
        `event_cells`), note and source.
    sites
        One row a site: site, vintage, ward_code, gaps, stated, cells; the event as a whole first where
        tasks are given for it, then those with most gaps, then by name.
    is_complete
        Its author marked it as complete: only then are there gaps.
    elsewhere_count
        Sites of the plan outside the areas.
    placeless_count
        Sites of the plan that lie in no ward, left out where areas are chosen.
    """

    cells: pd.DataFrame
    sites: pd.DataFrame
    is_complete: bool
    elsewhere_count: int
    placeless_count: int

    @property
    def coverage(self) -> EventCoverage:
        """Return how far it is stated, assigned and done."""
        return event_coverage(self.cells)

    @property
    def open_site_count(self) -> int:
        """Return how many sites have a gap."""
        return int((self.sites["gaps"] > 0).sum())

    @property
    def silent_sites(self) -> list[str]:
        """Return the sites of which the source states no task at all."""
        return self.sites.loc[self.sites["stated"] == 0, "site"].tolist()

    @property
    def whole_unit(self) -> str | None:
        """Return who secures the event as a whole, where one unit or group of units is given all of it."""
        whole = self.cells[self.cells["site"] == WHOLE_EVENT]
        units = set(whole["unit"].dropna())
        is_given = len(whole) and whole["state"].isin(HELD).all() and whole["unit"].notna().all()
        return units.pop() if is_given and len(units) == 1 else None


def plan_of(
    event_task: pd.DataFrame, event: pd.DataFrame, event_id: str, wards: pd.DataFrame | None
) -> SecurityPlan:
    """Return the plan of an event; one without a plan has no cells.

    Parameters
    ----------
    event_task, event
        The layers of these names.
    event_id
        The event.
    wards
        Vintage and ward_code of the wards, of every vintage, in which sites are looked at; ``None`` for all
        sites. What is given for the event as a whole stands with any of its sites.
    """
    tasks = event_task[event_task["event_id"] == event_id]
    places = tasks.drop_duplicates("site")[["site", *KEY]]
    elsewhere = placeless = 0
    if wards is not None:
        is_whole = places["site"] == WHOLE_EVENT
        has_place = places["ward_code"].notna()
        inside = are_among(places[KEY], wards[KEY])
        elsewhere = int((has_place & ~inside).sum())
        placeless = int((~has_place & ~is_whole).sum())
        is_shown = has_place & inside
        places = places[is_shown | is_whole] if is_shown.any() else places[:0]
        tasks = tasks[tasks["site"].isin(places["site"])]
    cells = (
        event_cells(tasks, event)
        .merge(places, on="site", how="left", validate="many_to_one")
        .merge(
            tasks[["site", "phase", "field", "note", "source"]],
            on=["site", "phase", "field"],
            how="left",
            validate="one_to_one",
        )
    )
    counted = cells.groupby("site", sort=False).agg(
        gaps=("is_gap", "sum"), stated=("is_stated", "sum"), cells=("is_gap", "size")
    )
    sites = places.merge(counted.reset_index(), on="site", how="left", validate="one_to_one")
    order = sorted(
        range(len(sites)),
        key=lambda at: (
            sites["site"].iloc[at] != WHOLE_EVENT,
            -sites["gaps"].iloc[at],
            alphabet_key(sites["site"].iloc[at]),
        ),
    )
    is_complete = bool(event.loc[event["event_id"] == event_id, "is_plan_complete"].any())
    return SecurityPlan(cells, sites.iloc[order].reset_index(drop=True), is_complete, elsewhere, placeless)


def map_vintage(plan: SecurityPlan, fallback: str) -> str:
    """Return the vintage in which most sites of a plan were recorded, of equal ones the latest."""
    counts = plan.sites.dropna(subset=["ward_code"])["vintage"].value_counts()
    if counts.empty:
        return fallback
    return str(max(counts.index[counts == counts.max()]))
