"""Pilot coverage on a day: the share of wards, of area and of residents."""

from dataclasses import dataclass

import pandas as pd

from geodata.contract.definition import Definition
from geodata.language import message
from geodata.programme.status import is_pilot
from geodata.wards.units import is_commune, percent_of, weighted_percent

PILOT_COVERAGE = Definition(
    name=message("Pilot coverage"),
    formula=message(
        "Wards of the unit whose stage on the day is “building” or later, as three shares: wards ÷ all "
        "wards; Σ (area × share in the pilot) ÷ Σ area; Σ (residents × share in the pilot) ÷ Σ residents. A "
        "ward that a redrawing made in part of pilot wards counts as “partly” among wards, and with the "
        "share of its outline that lies in theirs and of its residents that came from them. The share of "
        "residents is missing where a ward's residents are unknown. A huyện without communes is no ward, but "
        "has an area"
    ),
    unit=message("% of wards, % of area, % of residents"),
    source=message("layers pilot_status, ward and crosswalk; areas of outlines, in EPSG:9210"),
)


@dataclass(frozen=True)
class Coverage:
    """Pilot coverage of a unit in one vintage on one day: three shares, never one alone.

    Attributes
    ----------
    ward_count
        Units of commune level; a huyện without communes is none.
    pilot_ward_count
        Wards whose stage is `building` or later.
    partly_ward_count
        Wards made in part of such wards.
    wards_pct
        pilot_ward_count / ward_count.
    area_pct
        Σ (area × share in the pilot) / Σ area.
    population_pct
        Σ (residents × share in the pilot) / Σ residents; missing if a ward's residents are unknown.
    """

    ward_count: int
    pilot_ward_count: int
    partly_ward_count: int
    wards_pct: float
    area_pct: float
    population_pct: float


@PILOT_COVERAGE.documents
def pilot_coverage(summary: pd.DataFrame) -> Coverage:
    """Return the pilot coverage of a unit on a day.

    All shares are NaN for a frame without wards.

    Parameters
    ----------
    summary
        The rows of the unit (`geodata.wards.units.Unit.rows`) in a ``ward_summary``, or in the layer ``ward``
        joined with `geodata.programme.status.status_on` of the day; one vintage.
    """
    pilot, partly = is_pilot(summary).to_numpy("bool"), summary["is_partly"].to_numpy("bool")
    ward_count = int(is_commune(summary).sum())
    pilot_ward_count = int((pilot & ~partly).sum())
    return Coverage(
        ward_count=ward_count,
        pilot_ward_count=pilot_ward_count,
        partly_ward_count=int((pilot & partly).sum()),
        wards_pct=percent_of(pilot_ward_count, ward_count),
        area_pct=weighted_percent(summary["pilot_area_pct"], summary["outline_area_km2"]),
        population_pct=weighted_percent(summary["pilot_population_pct"], summary["population"]),
    )
