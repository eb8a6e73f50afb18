"""The files from OpenStreetMap beside the boundaries, and what a build tells of them, as the licence asks."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio.errors

from etl.confined import confined
from etl.frames import Outlines, frame_of, table_of
from geodata.contract.crs import CITY_BOUNDS, STORAGE_CRS
from geodata.contract.errors import SourceError
from geodata.contract.layers import LAYERS
from geodata.disk import sha256
from geodata.language import Message, message


def find_file(directories: Sequence[Path], name: str) -> Path | None:
    """Return a file in the first folder that has it; ``None`` where none has."""
    return next((folder / name for folder in directories if (folder / name).is_file()), None)


def read_shapes(
    path: Path,
    layer: str | None,
    columns: set[str],
    kinds: set[str],
    problem: Message,
    expected: Message,
) -> gpd.GeoDataFrame:
    """Return what of a file lies in the bounds of the city, EPSG:4326.

    Parameters
    ----------
    path, layer
        The file, and the layer in it; its first one by default.
    columns, kinds
        The columns that it must have, and the kinds of its shapes.
    problem, expected
        What is wrong with a file that has others, and what would be right.

    Raises
    ------
    SourceError
        The file can't be read, or has not these columns, shapes and a reference system.
    """
    about, (table,) = confined(_read, path, layer, expected, file=path.name)
    raw = frame_of(about, table)
    is_fit = isinstance(raw, gpd.GeoDataFrame) and raw.crs is not None and columns <= set(raw)
    if not is_fit or not raw.geom_type.isin(kinds).all():
        raise SourceError.of(path.name, "", problem, expected)
    west, south, east, north = CITY_BOUNDS
    within: gpd.GeoDataFrame = gpd.GeoDataFrame(raw).to_crs(STORAGE_CRS).cx[west:east, south:north]
    return within


def _read(path: Path, layer: str | None, expected: Message) -> tuple[Outlines, list[pa.Table]]:
    try:
        raw = gpd.read_file(path, layer=layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise SourceError.of(path.name, "", message("can't be read"), expected) from error
    about, table = table_of(raw)
    return about, [table]


def openstreetmap_source(source_id: str, title: str, path: Path | None) -> pd.DataFrame:
    """Return the row of the layer ``source`` for such a file; none where there is no file."""
    rows = []
    if path is not None:
        rows.append(
            {
                "source_id": source_id,
                "title": title,
                "publisher": "Những người đóng góp OpenStreetMap",
                "licence": "ODbL",
                "redistribution": "allowed",
                "locator": f"{path.name}, SHA-256 {sha256(path)}",
            }
        )
    return pd.DataFrame(rows, columns=list(LAYERS["source"].columns))
