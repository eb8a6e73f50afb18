"""Outlines from outside, read in a process of their own."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow as pa
import pyproj

from etl.boundaries.read import Delivered, read_delivered
from etl.confined import confined
from etl.frames import frame_of, table_of


def opened_outlines(
    path: Path, layer: str | None = None, crs: str | None = None, only: str | None = None
) -> Delivered:
    """Do as `read_delivered`, in a process of its own.

    Raises
    ------
    GeodataError
        As there, or `confined` ended it.
    """
    (about, facts), (table,) = confined(_read, path, layer, crs, only, file=path.name)
    systems: dict[str, Any] = {
        name: wkt and pyproj.CRS.from_wkt(wkt) for name, wkt in facts.pop("systems").items()
    }
    return Delivered(frame=gpd.GeoDataFrame(frame_of(about, table)), **facts, **systems)


def _read(path: Path, layer: str | None, crs: str | None, only: str | None) -> tuple[Any, list[pa.Table]]:
    delivered = read_delivered(path, layer, crs, only)
    about, table = table_of(delivered.frame)
    facts = {one.name: getattr(delivered, one.name) for one in fields(delivered) if one.name != "frame"}
    facts["systems"] = {name: (of := facts.pop(name)) and of.to_wkt() for name in ("crs", "stated_crs")}
    return (about, facts), [table]
