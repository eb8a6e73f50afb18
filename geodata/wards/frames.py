"""Where a map of wards is framed: the group of wards that lie together, without islands far off."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS

CLUSTER_GAP_M = 5_000
"""Wards nearer to each other than this belong to one group, metres; the frame shows the largest group."""

OUTLINE_TOLERANCE_M = 100
"""How much coarser outlines may be where only the distance between wards counts, metres."""

FAR_M = 20_000
"""Islands farther from all other wards than this are left out of a frame of the city, metres."""


def frame_bounds(
    wards: gpd.GeoDataFrame, framed: pd.Series, gap_m: float = CLUSTER_GAP_M
) -> tuple[float, float, float, float]:
    """Return west, south, east, north in degrees of the largest group of wards.

    Of the wards in ``framed`` (a mask) those that lie within ``gap_m`` metres of each other form groups; the
    group with most wards is taken, of equal ones the one with more area. Without such wards it is the whole
    frame.
    """
    if not framed.any():
        return _bounds(wards.geometry)
    metric = wards[framed].geometry.to_crs(METRIC_CRS)
    group_of = pd.Series(_groups(metric, gap_m), index=metric.index)
    sizes = metric.area.groupby(group_of).agg(["size", "sum"]).sort_values(["size", "sum"])
    return _bounds(metric[group_of == sizes.index[-1]].to_crs(STORAGE_CRS))


def _groups(metric: gpd.GeoSeries, gap_m: float) -> np.ndarray:
    """Return the number of the group of each shape: shapes are chained that lie within ``gap_m`` metres."""
    outlines = metric.simplify(OUTLINE_TOLERANCE_M).to_numpy()
    near = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=gap_m)
    group = np.arange(len(outlines))
    while True:
        before = group.copy()
        np.minimum.at(group, near[0], before[near[1]])
        if np.array_equal(group, before):
            return group


def _bounds(geometry: gpd.GeoSeries) -> tuple[float, float, float, float]:
    west, south, east, north = (float(side) for side in geometry.total_bounds)
    return west, south, east, north
