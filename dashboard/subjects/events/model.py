"""What is true of the events on record, and of the security plan of one of them."""

import datetime
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import of_vintage
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from geodata.contract.events import FIELDS, PHASES, WHOLE_EVENT
from geodata.events.coverage import HELD, EventCoverage, event_coverage
from geodata.events.plan import SecurityPlan, plan_of
from geodata.language import Bilingual
from geodata.wards.frames import frame_bounds
from geodata.wards.units import KEY, class_counts

FULL, GAPS, EMPTY, SILENT, OTHER = range(5)
"""Classes of the map: wards whose sites have all tasks assigned; some, none, in a plan that its author marked
as complete; those of whose tasks the source does not state all; and those without a site."""


@dataclass(frozen=True)
class RecordedEvent:
    """An event; ``is_within``: it lies in the range of days; ``place`` is none where it is not published."""

    event_id: str
    day: datetime.date
    name: Bilingual
    place: str | None
    scope: str
    source: str
    has_plan: bool
    is_within: bool


@cached
def recorded_events(query: Query) -> list[RecordedEvent]:
    """Return all events, those with a plan first, then the latest first."""
    event = query.layer("event")
    rows = event.assign(
        has_plan=event["event_id"].isin(query.layer("event_task")["event_id"]),
        is_within=query.period.holds(event["event_date"]),
    ).sort_values(["has_plan", "event_date", "event_id"], ascending=[False, False, True])
    return [
        RecordedEvent(
            event_id=str(row["event_id"]),
            day=row["event_date"].date(),
            name=Bilingual(str(row["event_name"]), str(row["event_name_en"])),
            place=row["place"] if isinstance(row["place"], str) else None,
            scope=str(row["scope"]),
            source=row["source"],
            has_plan=row["has_plan"],
            is_within=row["is_within"],
        )
        for row in rows.to_dict("records")
    ]


@cached
def security_plan(query: Query, event_id: str) -> SecurityPlan:
    """Return the plan of an event in the areas that are looked at."""
    wards = query.evidence().of_areas(query.vintage, query.areas).wards if query.areas else None
    return plan_of(query.layer("event_task"), query.layer("event"), event_id, wards)


@dataclass(frozen=True)
class SitePlan:
    """The part of a plan that is one site's.

    Attributes
    ----------
    site
        Its name.
    cells
        One each: phase, field, unit, state, is_stated and is_gap, in the order of phases and fields.
    """

    site: str
    cells: list[dict[Hashable, Any]]

    @property
    def is_whole(self) -> bool:
        """Return whether it is the event as a whole."""
        return self.site == WHOLE_EVENT

    @property
    def assigned_count(self) -> int:
        """Return how many of its tasks are assigned."""
        return sum(cell["state"] in HELD for cell in self.cells)

    @property
    def stated_count(self) -> int:
        """Return how many of its tasks the source states."""
        return sum(cell["is_stated"] for cell in self.cells)

    @property
    def gaps(self) -> list[dict[Hashable, Any]]:
        """Return the cells that nobody has yet."""
        return [cell for cell in self.cells if cell["is_gap"]]


def site_plans(plan: SecurityPlan) -> list[SitePlan]:
    """Return a plan by site, in the order of its sites."""
    of_site = dict(iter(plan.cells.groupby("site", sort=False)))
    return [SitePlan(site, of_site[site].to_dict("records")) for site in plan.sites["site"]]


def site_counts(plan: SecurityPlan) -> list[EventCoverage]:
    """Return the coverage of each phase and field over the sites, in the order of these.

    What is given for the event as a whole is no site; a plan of nothing else has none of these.
    """
    cells = plan.cells[plan.cells["site"] != WHOLE_EVENT]
    if cells.empty:
        return []
    of_column = dict(iter(cells.groupby(["phase", "field"])))
    return [event_coverage(of_column[phase, field]) for phase in PHASES for field in FIELDS]


def shares(plan: SecurityPlan) -> dict[str, EventCoverage]:
    """Return the coverage of the whole plan, which has no name, of each field and of each phase."""
    return {
        "": plan.coverage,
        **{field: event_coverage(plan.cells[plan.cells["field"] == field]) for field in FIELDS},
        **{phase: event_coverage(plan.cells[plan.cells["phase"] == phase]) for phase in PHASES},
    }


@dataclass(frozen=True)
class SiteMap:
    """The sites of a plan on the map of one vintage.

    Attributes
    ----------
    vintage
        That of the map.
    class_numbers
        Class of each ward in the order of the layer: `FULL`, `GAPS`, `EMPTY`, `SILENT` or `OTHER`.
    class_counts
        How many commune-level units each of these classes has.
    held
        The sites of each of these wards, and how far they are assigned; none for a ward without a site.
    codes
        The wards with sites.
    placeless, others
        Sites that are not on it: their address is not known, or they were recorded in other boundaries.
    """

    vintage: str
    class_numbers: list[int]
    class_counts: list[int]
    held: list[tuple[list[str], EventCoverage] | None]
    codes: tuple[str, ...]
    placeless: list[str]
    others: list[str]


def site_map(plan: SecurityPlan, wards: pd.DataFrame) -> SiteMap:
    """Return where the sites of a plan lie.

    Parameters
    ----------
    plan
        The plan.
    wards
        The wards of `geodata.events.plan.map_vintage`, in the order of the layer.
    """
    vintage = str(wards["vintage"].iloc[0])
    of_ward = {
        code: (list(cells["site"].unique()), event_coverage(cells))
        for code, cells in plan.cells[plan.cells["vintage"] == vintage].groupby("ward_code")
    }
    sites = plan.sites[plan.sites["site"] != WHOLE_EVENT]
    has_place = sites["ward_code"].notna()
    held = [of_ward.get(code) for code in wards["ward_code"]]
    class_numbers = [OTHER if one is None else _class_number(one[1]) for one in held]
    return SiteMap(
        vintage=vintage,
        class_numbers=class_numbers,
        class_counts=class_counts(class_numbers, wards, OTHER + 1),
        held=held,
        codes=tuple(code for code in wards["ward_code"] if code in of_ward),
        placeless=sites.loc[~has_place, "site"].tolist(),
        others=sites.loc[has_place & sites["vintage"].ne(vintage), "site"].tolist(),
    )


def _class_number(coverage: EventCoverage) -> int:
    if coverage.assigned_count == coverage.cell_count:
        return FULL
    if not coverage.gap_count:
        return SILENT
    return GAPS if coverage.assigned_count else EMPTY


@cached
def sites_frame(
    published: Publication, vintage: str, codes: tuple[str, ...]
) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the largest group of wards with sites."""
    wards = of_vintage(published, "ward", vintage)
    return frame_bounds(wards, wards["ward_code"].isin(codes))


def map_layer(plan: SecurityPlan, wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the wards of the sites with their tasks counted, for a GeoPackage.

    Gaps are missing in a plan that its author did not mark as complete, and tasks done where nobody reported
    any.
    """
    counted = (
        plan.cells.dropna(subset=["ward_code"])
        .assign(
            is_done=lambda cells: cells["state"].eq("done"),
            is_assigned=lambda cells: cells["state"].isin(HELD),
        )
        .groupby(KEY)
        .agg(
            sites=("site", lambda names: ", ".join(dict.fromkeys(names))),
            cells=("is_gap", "size"),
            stated=("is_stated", "sum"),
            assigned=("is_assigned", "sum"),
            gaps=("is_gap", "sum"),
            done=("is_done", "sum"),
        )
        .reset_index()
    )
    counted = counted.assign(
        gaps=counted["gaps"].astype("Int64") if plan.is_complete else None,
        done=counted["done"].astype("Int64").where(counted["done"] > 0),
    )
    joined: gpd.GeoDataFrame = wards.merge(counted, on=KEY, how="inner", validate="one_to_one")
    return joined
