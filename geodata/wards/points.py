"""A point that stands for a ward: well inside its outline."""

import geopandas as gpd
import shapely

from geodata.contract.crs import METRIC_CRS

TOLERANCE_M = 10
"""How near the point comes to the place that is farthest from the border, metres."""


def inner_points(outlines: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return for each outline the middle of the largest circle that fits into its largest part.

    It is reckoned in EPSG:9210 and given in the outlines' CRS. A representative point may lie at the rim.
    """
    points = gpd.GeoSeries(outlines.to_crs(METRIC_CRS).map(_middle), crs=METRIC_CRS)
    return points if outlines.crs is None else points.to_crs(outlines.crs)


def _middle(shape: shapely.MultiPolygon) -> shapely.Point:
    largest: shapely.Polygon = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    return shapely.maximum_inscribed_circle(largest, tolerance=TOLERANCE_M).interpolate(0)
