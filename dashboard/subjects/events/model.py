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
from geodata.contract.layers import FIELDS, PHASES
from geodata.events.coverage import EventCoverage, event_coverage
from geodata.events.plan import SecurityPlan, plan_of
from geodata.language import Bilingual
from geodata.wards.frames import frame_bounds
from geodata.wards.units import KEY

FULL, GAPS, EMPTY, OTHER = range(4)
"""Classes of the map: wards whose sites have all tasks assigned, some, none; and those without a site."""


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
    return plan_of(query.layer("event_task"), event_id, wards)


@dataclass(frozen=True)
class SitePlan:
    """The part of a plan that is one site's.

    Attributes
    ----------
    site
        Its name.
    cells
        One each: phase, field, unit, state and is_gap, in the order of phases and fields.
    """

    site: str
    cells: list[dict[Hashable, Any]]

    @property
    def gaps(self) -> list[dict[Hashable, Any]]:
        """Return the cells that nobody has yet."""
        return [cell for cell in self.cells if cell["is_gap"]]


def site_plans(plan: SecurityPlan) -> list[SitePlan]:
    """Return a plan by site, those with most gaps first."""
    of_site = dict(iter(plan.cells.groupby("site", sort=False)))
    return [SitePlan(site, of_site[site].to_dict("records")) for site in plan.sites["site"]]


def assigned_counts(plan: SecurityPlan) -> list[int]:
    """Return at how many sites each phase and field is assigned, in the order of these."""
    assigned = (~plan.cells["is_gap"]).groupby([plan.cells["phase"], plan.cells["field"]]).sum()
    return [int(assigned[phase, field]) for phase in PHASES for field in FIELDS]


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
        Class of each ward in the order of the layer: `FULL`, `GAPS`, `EMPTY` or `OTHER`.
    held
        The sites of each of these wards, and how far they are assigned; none for a ward without a site.
    codes
        The wards with sites.
    placeless, others
        Sites that are not on it: their address is not known, or they were recorded in other boundaries.
    """

    vintage: str
    class_numbers: list[int]
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
    sites, has_place = plan.sites, plan.sites["ward_code"].notna()
    held = [of_ward.get(code) for code in wards["ward_code"]]
    return SiteMap(
        vintage=vintage,
        class_numbers=[OTHER if one is None else _class_number(one[1]) for one in held],
        held=held,
        codes=tuple(code for code in wards["ward_code"] if code in of_ward),
        placeless=sites.loc[~has_place, "site"].tolist(),
        others=sites.loc[has_place & sites["vintage"].ne(vintage), "site"].tolist(),
    )


def _class_number(coverage: EventCoverage) -> int:
    if coverage.assigned_count == coverage.cell_count:
        return FULL
    return GAPS if coverage.assigned_count else EMPTY


@cached
def sites_frame(
    published: Publication, vintage: str, codes: tuple[str, ...]
) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the largest group of wards with sites."""
    wards = of_vintage(published, "ward", vintage)
    return frame_bounds(wards, wards["ward_code"].isin(codes))


def map_layer(plan: SecurityPlan, wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the wards of the sites with their tasks counted, for a GeoPackage."""
    counted = (
        plan.cells.dropna(subset=["ward_code"])
        .assign(is_done=lambda cells: cells["state"].eq("done"))
        .groupby(KEY)
        .agg(
            sites=("site", lambda names: ", ".join(dict.fromkeys(names))),
            cells=("is_gap", "size"),
            gaps=("is_gap", "sum"),
            done=("is_done", "sum"),
        )
        .reset_index()
    )
    joined: gpd.GeoDataFrame = wards.merge(counted, on=KEY, how="inner", validate="one_to_one")
    return joined
