"""The coordinate reference systems of the project, and the only place where lengths and areas are made.

Everything is stored in EPSG:4326. Every length and area is computed in EPSG:9210 (VN-2000 / TM-3
105-45), whose area of use names Hải Phòng.
"""

import geopandas as gpd
import pandas as pd

STORAGE_CRS = "EPSG:4326"
METRIC_CRS = "EPSG:9210"

CITY_BOUNDS = (105.9, 20.1, 108.0, 21.4)
"""West, south, east, north in degrees: encloses today's city, Bạch Long Vĩ and former Hải Dương included."""


def to_metric(geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the geometry in metres, EPSG:9210."""
    return geometry.to_crs(METRIC_CRS)


def area_km2(geometry: gpd.GeoSeries) -> pd.Series:
    """Return the area of each polygon in km², measured in EPSG:9210."""
    area_m2: pd.Series = to_metric(geometry).area
    return area_m2 / 1e6
