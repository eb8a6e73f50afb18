"""What a build adds for the ground of the map: rivers."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from etl.boundaries.openstreetmap import find_file, openstreetmap_source, read_shapes
from geodata.contract.crs import STORAGE_CRS
from geodata.contract.layers import WATER_SOURCE, check, empty
from geodata.language import message

WATER_FILE = "osm_roads_rivers.gpkg"
"""The file of rivers, in the folders of the boundaries."""

WATER_LAYER = "rivers"


def find_water(directories: Sequence[Path]) -> Path | None:
    """Return the file of rivers in the first folder that has it; ``None`` where none has."""
    return find_file(directories, WATER_FILE)


def read_water(path: Path | None) -> gpd.GeoDataFrame:
    """Return the layer ``water``; empty where there is no file.

    Raises
    ------
    SourceError
        The file can't be read or lacks lines, their names and widths, or a reference system.
    """
    if path is None:
        return empty("water")
    expected = message("a GeoPackage with a layer “rivers” of lines with the columns river and width_m")
    columns, kinds = {"river", "width_m"}, {"LineString", "MultiLineString"}
    rivers = read_shapes(path, WATER_LAYER, columns, kinds, message("holds no rivers"), expected)
    lines = rivers.explode(ignore_index=True)
    return check(
        "water",
        gpd.GeoDataFrame(
            {
                "water_id": [f"{number:04}" for number in range(1, len(lines) + 1)],
                "water_name": lines["river"],
                "width_m": lines["width_m"].astype("float64"),
                "source": WATER_SOURCE,
            },
            geometry=lines.geometry,
            crs=STORAGE_CRS,
        ),
    )


def water_sources(path: Path | None) -> pd.DataFrame:
    """Return the row of the layer ``source`` for the file of rivers; none where there is no file."""
    return openstreetmap_source(WATER_SOURCE, "Sông ngòi, lấy từ OpenStreetMap", path)
