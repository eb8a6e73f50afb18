"""Writes basemaps: PMTiles with streets and names of places, in the layers of Protomaps' basemap."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import mapbox_vector_tile
import numpy as np
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

from geodata.contract.crs import STORAGE_CRS

MERCATOR = "EPSG:3857"
HALF_M = 20_037_508.342789244
"""From the middle of the Mercator projection to its edge."""

ATTRIBUTION = '<a href="https://openstreetmap.org/copyright">© OpenStreetMap</a> <b>ODbL</b>'
E7 = 10_000_000
EXTENT = 4096
"""Across a tile, in units of its own."""


def write_basemap(
    path: Path,
    layers: Mapping[str, gpd.GeoDataFrame],
    zooms: Sequence[int] = (10, 11, 12),
    *,
    attribution: str = ATTRIBUTION,
    **head: Any,
) -> Path:
    """Write a basemap and return where it lies.

    Parameters
    ----------
    path
        The file.
    layers
        Lines or points by the name of their layer, with columns ``kind`` and ``name``.
    zooms
        Of its tiles.
    attribution
        Whose data it is.
    head
        What its head says instead of what is so.
    """
    west, south, east, north = shapely.total_bounds(
        np.concatenate([frame.to_crs(STORAGE_CRS).geometry for frame in layers.values()])
    )
    flat = {name: frame.to_crs(MERCATOR) for name, frame in layers.items()}
    with write(str(path)) as writer:
        for zoom in zooms:
            side = 2 * HALF_M / 2**zoom
            total = shapely.total_bounds(np.concatenate([frame.geometry for frame in flat.values()]))
            first, last = ((total.reshape(2, 2) + HALF_M) // side).astype(int)
            cells = [(x, y) for x in range(first[0], last[0] + 1) for y in range(first[1], last[1] + 1)]
            ids = {zxy_to_tileid(zoom, x, 2**zoom - 1 - y): (x, y) for x, y in cells}
            for number, (x, y) in sorted(ids.items()):
                if tile := _tile(flat, np.array([x, y]) * side - HALF_M, side):
                    writer.write_tile(number, tile)
        says = {
            "tile_type": TileType.MVT,
            "tile_compression": Compression.GZIP,
            **{"min_lon_e7": round(west * E7), "min_lat_e7": round(south * E7)},
            **{"max_lon_e7": round(east * E7), "max_lat_e7": round(north * E7)},
            **head,
        }
        fields = {"kind": "String", "name": "String"}
        given = [{"id": name, "fields": fields} for name in layers]
        writer.finalize(says, {"attribution": attribution, "vector_layers": given})
    return path


def _tile(layers: Mapping[str, gpd.GeoDataFrame], corner: np.ndarray, side: float) -> bytes:
    """Return what lies in a square of the projection as a vector tile, packed; nothing of an empty one."""
    around = shapely.box(*(corner - side / 64), *(corner + side + side / 64))

    def placed(points: np.ndarray) -> np.ndarray:
        tile: np.ndarray = np.round((points - corner) / side * EXTENT)
        return tile

    content = [
        {
            "name": name,
            "features": [
                {"geometry": shapely.transform(shape, placed), "properties": {"kind": kind, "name": called}}
                for shape, kind, called in zip(
                    frame.geometry.intersection(around), frame["kind"], frame["name"], strict=True
                )
                if not shape.is_empty
            ],
        }
        for name, frame in layers.items()
    ]
    if not any(layer["features"] for layer in content):
        return b""
    return gzip.compress(mapbox_vector_tile.encode(content, default_options={"extents": EXTENT}), mtime=0)
