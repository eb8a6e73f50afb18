"""The small city with landmarks, for itineraries."""

from pathlib import Path

import geopandas as gpd

from etl.register.itineraries import read_landmarks
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.contract.layers import read_layer
from geodata.itinerary.places import Gazetteer, gazetteer
from tests.small_city import CORNER

LANDMARKS = (
    ("ubnd", "UBND thành phố (trụ sở cũ)", 0.5, 0.9),
    ("opera", "Nhà hát lớn", 1.5, 0.9),
    ("station", "Ga xe lửa", 3.5, 0.9),
    ("cinema", "Rạp 78?", 2.5, 0.9),
)
"""Key, name, km east and north of the city's corner."""


def write_landmarks(folder: Path) -> Path:
    """Write the file of landmarks into a folder of boundaries."""
    x, y = CORNER
    rows = gpd.GeoDataFrame(
        {"key": [row[0] for row in LANDMARKS], "name": [row[1] for row in LANDMARKS], "kind": "landmark"},
        geometry=gpd.GeoSeries.from_xy(
            [x + 1000 * row[2] for row in LANDMARKS], [y + 1000 * row[3] for row in LANDMARKS]
        ),
        crs=METRIC_CRS,
    )
    path = folder / "osm_landmarks.gpkg"
    rows.to_crs(STORAGE_CRS).to_file(path, layer="landmark")
    return path


def read_gazetteer(gpkg: Path, landmarks: Path | None = None) -> Gazetteer:
    """Return the gazetteer of a GeoPackage, with the landmarks of a file instead of its own."""
    layers = {name: read_layer(gpkg, name) for name in ("ward", "station", "landmark", "crosswalk")}
    if landmarks is not None:
        layers["landmark"] = read_landmarks(landmarks)
    return gazetteer(layers)
