"""The pilot wards of a vintage, those that went into it, and how many of them were inspected."""

from dataclasses import dataclass

import pandas as pd

from geodata.period import Period
from geodata.programme.status import is_pilot
from geodata.wards.crosswalk import links_between
from geodata.wards.units import KEY


@dataclass(frozen=True)
class Inspected:
    """How many pilot wards of one vintage were inspected within a range of days.

    Attributes
    ----------
    ward_count
        Pilot wards that were inspected at least once.
    ministry_count
        Those of them that the Ministry inspected.
    on_site_count
        Those that it inspected on site.
    days
        From the first to the last inspection; none without any.
    """

    ward_count: int
    ministry_count: int = 0
    on_site_count: int = 0
    days: Period | None = None


def pilot_wards(wards: pd.DataFrame) -> pd.DataFrame:
    """Return vintage and ward_code of the wards that are pilot wards wholly."""
    return wards.loc[is_pilot(wards) & ~wards["is_partly"], KEY]


def inspections_of_pilots(inspection: pd.DataFrame, wards: pd.DataFrame) -> pd.DataFrame:
    """Return the inspections of pilot wards; parameters as those of `inspected`."""
    pilots = pilot_wards(wards)
    of_pilots = inspection["vintage"].isin(pilots["vintage"]) & inspection["ward_code"].isin(
        pilots["ward_code"]
    )
    rows: pd.DataFrame = inspection[of_pilots]
    return rows


def inspected(inspection: pd.DataFrame, wards: pd.DataFrame) -> Inspected:
    """Return how many pilot wards were inspected.

    Parameters
    ----------
    inspection
        See `Evidence.inspections_within`.
    wards
        Wards of one vintage, see `Evidence.of_vintage`.
    """
    rows = inspections_of_pilots(inspection, wards)
    dates = rows["inspection_date"]
    ministry = rows[rows["inspecting_body"].str.startswith("Bộ Công an")]
    return Inspected(
        ward_count=int(wards.loc[pilot_wards(wards).index, "is_inspected"].sum()),
        ministry_count=ministry["ward_code"].nunique(),
        on_site_count=ministry.loc[ministry["kind"].eq("thực địa"), "ward_code"].nunique(),
        days=None if rows.empty else Period(dates.min().date(), dates.max().date()),
    )


def former_pilot_wards(wards: pd.DataFrame, crosswalk: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Return vintage and ward_code of the former pilot wards that went to wards of a vintage.

    They are those of one other vintage, the nearest that has pilot wards: a ward that went through several
    vintages unchanged is still one.
    """
    others = pilot_wards(wards[wards["vintage"] != vintage])
    order = sorted(wards["vintage"].unique())
    if others.empty or vintage not in order:
        return others
    nearest = min(
        others["vintage"].unique(), key=lambda other: abs(order.index(other) - order.index(vintage))
    )
    came = links_between(crosswalk, nearest, vintage)["from_ward_code"]
    former: pd.DataFrame = others[(others["vintage"] == nearest) & others["ward_code"].isin(came)]
    return former
