"""What a build adds for the ground of the map: rivers."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio.errors

from etl.boundaries.openstreetmap import openstreetmap_source
from geodata.contract.crs import CITY_BOUNDS, STORAGE_CRS
from geodata.contract.errors import SourceError
from geodata.contract.layers import WATER_SOURCE, check, empty
from geodata.language import message

WATER_FILE = "osm_roads_rivers.gpkg"
"""The file of rivers, in the folders of the boundaries."""

WATER_LAYER = "rivers"


def find_water(directories: Sequence[Path]) -> Path | None:
    """Return the file of rivers in the first folder that has it; ``None`` where none has."""
    return next((folder / WATER_FILE for folder in directories if (folder / WATER_FILE).is_file()), None)


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
    try:
        raw = gpd.read_file(path, layer=WATER_LAYER)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise SourceError.of(path.name, "", message("can't be read"), expected) from error
    is_fit = isinstance(raw, gpd.GeoDataFrame) and raw.crs is not None and {"river", "width_m"} <= set(raw)
    if not is_fit or not raw.geom_type.isin(["LineString", "MultiLineString"]).all():
        raise SourceError.of(path.name, "", message("holds no rivers"), expected)
    west, south, east, north = CITY_BOUNDS
    lines = raw.to_crs(STORAGE_CRS).cx[west:east, south:north].explode(ignore_index=True)
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
