"""Station access: the share of area and residents within a distance of a ward police station."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geodata.contract.crs import to_metric
from geodata.contract.definition import Definition
from geodata.contract.programme import LOCATION_PRECISIONS
from geodata.language import message
from geodata.wards.units import KEY, is_commune, weighted_percent

STATION_DISTANCE_M = 2000.0
"""Distance within which a station is near, in a straight line."""

REFERENCE_POINT = "ward_reference_point"

STATION_ACCESS = Definition(
    name=message("Station access"),
    formula=message(
        "The part of each ward within 2,000 m (another distance can be chosen) of a ward police station of "
        "the same vintage, in a straight line, ÷ the area of its outline. Of the unit: Σ (area × share) ÷ Σ "
        "area, and Σ (residents × share) ÷ Σ residents, residents being spread evenly within a ward. "
        "Stations of neighbouring wards count. Where some wards have no station on record the share is the "
        "least that it can be, and says so; where none has, it is missing. A point that only stands for a "
        "ward, and is no station's place, is marked"
    ),
    unit=message("% of area, % of residents"),
    source=message("layers station and ward; distances and areas in EPSG:9210"),
)


@STATION_ACCESS.documents
def station_access_of_wards(
    wards: Any, stations: Any, distance_m: float = STATION_DISTANCE_M
) -> pd.DataFrame:
    """Return the share of each ward that lies within a distance of a station of its vintage.

    Parameters
    ----------
    wards
        The layer ``ward`` in EPSG:4326, any vintages.
    stations
        The layer ``station`` in EPSG:4326: all stations of these vintages, those of neighbours too.
    distance_m
        Distance in a straight line, metres in EPSG:9210.

    Returns
    -------
    One row a ward, in the order of ``wards``: vintage, ward_code; station_count (on record of the ward);
    station_precision, how exactly the best known of them is placed (missing without a station); near_pct, the
    share of area and so of residents within the distance, and near_placed_pct, the same by stations whose
    place is known and no mere reference point: %, NaN in a vintage without stations; is_illustrative, whether
    a station of the vintage is.
    """
    areas = to_metric(wards.geometry)
    points = to_metric(stations.geometry)
    near = pd.Series(float("nan"), index=wards.index)
    near_placed = near.copy()
    illustrative = pd.Series(False, index=wards.index)
    for vintage in sorted(set(wards["vintage"]) & set(stations["vintage"])):
        here, of_vintage = wards["vintage"] == vintage, stations["vintage"] == vintage
        is_placed = stations["location_precision"] != REFERENCE_POINT
        near[here] = _near_pct(areas[here], points[of_vintage], distance_m)
        near_placed[here] = _near_pct(areas[here], points[of_vintage & is_placed], distance_m)
        illustrative[here] = bool(stations.loc[of_vintage, "is_illustrative"].any())
    own = stations.assign(rank=stations["location_precision"].map(LOCATION_PRECISIONS.index).astype("int64"))
    counts = own.groupby(KEY).agg(station_count=("station_id", "size"), best=("rank", "min")).reset_index()
    frame = pd.DataFrame(wards[KEY]).merge(counts, on=KEY, how="left", validate="one_to_one")
    return frame[KEY].assign(
        station_count=frame["station_count"].fillna(0).astype("Int64"),
        station_precision=frame["best"].map(dict(enumerate(LOCATION_PRECISIONS))).astype("str"),
        near_pct=near.to_numpy(),
        near_placed_pct=near_placed.to_numpy(),
        is_illustrative=illustrative.to_numpy(),
    )


def _near_pct(areas: gpd.GeoSeries, points: gpd.GeoSeries, distance_m: float) -> pd.Series:
    # 128 corners a circle: its area is 0,04 % too small; the default of 32 would lose 0,6 %.
    near = shapely.union_all(shapely.buffer(points.to_numpy(), distance_m, quad_segs=32))
    shapely.prepare(near)
    inside: pd.Series = areas.intersection(near).area / areas.area
    return 100 * inside.clip(upper=1)


@dataclass(frozen=True)
class StationAccess:
    """Station access of a unit in one vintage.

    Attributes
    ----------
    ward_count
        Wards of the unit.
    without_station_count
        Those without a station on record; where there are any, the shares are the least that they can be.
    reference_point_count
        Wards of which only a reference point is on record.
    area_pct, population_pct
        Shares within the distance; NaN where no ward of the unit has a station on record, or a weight is
        unknown.
    placed_area_pct
        The share of area by stations whose place is known.
    """

    ward_count: int
    without_station_count: int
    reference_point_count: int
    area_pct: float
    population_pct: float
    placed_area_pct: float


@STATION_ACCESS.documents
def station_access(summary: pd.DataFrame) -> StationAccess:
    """Return the station access of a unit.

    Parameters
    ----------
    summary
        The rows of the unit (`geodata.wards.units.Unit.rows`) in the layer ``ward``, joined with
        `station_access_of_wards`.
    """
    is_ward = is_commune(summary)
    has_station = summary["station_count"] > 0
    known = summary[["near_pct", "near_placed_pct"]]
    if not has_station.any():
        known = known * float("nan")
    return StationAccess(
        ward_count=int(is_ward.sum()),
        without_station_count=int((is_ward & ~has_station).sum()),
        reference_point_count=int(summary["station_precision"].eq(REFERENCE_POINT).sum()),
        area_pct=weighted_percent(known["near_pct"], summary["outline_area_km2"]),
        population_pct=weighted_percent(known["near_pct"], summary["population"]),
        placed_area_pct=weighted_percent(known["near_placed_pct"], summary["outline_area_km2"]),
    )
