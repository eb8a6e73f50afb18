"""Reads a layer of lines, as a GIS keeps streets: no node joins them, only where they touch.

Programs that make layers of OpenStreetMap write its keys each in a way of their own: Geofabrik under other
names and letters, GDAL and overpass turbo with what has no column all in one text.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from etl.boundaries.files import datasets
from etl.boundaries.read import geometry_layers, has_finite_coordinates, is_real_crs, read_rows
from etl.streets.delivered import Streets
from etl.streets.tags import KEYS
from geodata.contract.crs import CITY_BOUNDS, METRIC_CRS, STORAGE_CRS
from geodata.contract.errors import Fault, SourceError
from geodata.language import Message, message, number

_GEOFABRIK = {"fclass", "oneway"}
"""Columns of a layer of roads as Geofabrik makes it; its railways and rivers have the first alone."""

_GEOFABRIK_ONEWAY = {"f": "yes", "t": "-1", "b": "no"}

_OF_OPENSTREETMAP = {"osm_id", "osm_type", "full_id", "@id", "other_tags", "tags"}
"""Columns that show that a layer is OpenStreetMap's: what has no ``highway`` there is no street."""

_HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


def read_lines(path: Path, layer: str | None) -> Streets:
    """Return the lines of a layer as ways.

    Parameters
    ----------
    path
        A file of any format that `etl.boundaries.read` knows.
    layer
        Its layer; may be left out where there is one of lines, or one that has a column ``highway``.

    Raises
    ------
    GeodataError
        With every fault: it is damaged, has no such layer, states no reference system, holds no lines, or
        none in the city.
    """
    with datasets(path) as found:
        layers = [(dataset, name) for dataset in found for name in geometry_layers(dataset, path.name)]
        dataset, name = _the_layer(layers, layer, path.name)
        frame, _, _ = read_rows(dataset, name, path.name)
    faults = _faults(frame, path.name)
    if faults:
        raise SourceError(faults)
    return _streets(frame, path.name)


def _the_layer(layers: Sequence[tuple[Path, str]], wanted: str | None, file: str) -> tuple[Path, str]:
    names = ", ".join(name for _, name in layers)
    if wanted is not None:
        chosen = [one for one in layers if one[1] == wanted]
        if len(chosen) != 1:
            raise SourceError.of(
                file, wanted, message("has no layer of this name"), message("one of: {values}", values=names)
            )
        return chosen[0]
    if len(layers) == 1:
        return layers[0]
    about = {one: pyogrio.read_info(one[0], layer=one[1]) for one in layers}
    lines = [one for one in layers if _may_be_lines(about[one]["geometry_type"])]
    fields = {one: {str(field).lower() for field in about[one]["fields"]} for one in lines}
    tagged = [one for one in lines if "highway" in fields[one] or fields[one] >= _GEOFABRIK]
    for candidates in (tagged, lines):
        if len(candidates) == 1:
            return candidates[0]
    if not lines:
        raise SourceError.of(file, "", message("holds no lines"), message("a layer of lines, one a street"))
    raise SourceError.of(
        file,
        "",
        message("has {count} layers: {names}", count=len(lines), names=names),
        message("one of them, as in --layer “{name}”", name=lines[0][1]),
    )


def _may_be_lines(geometry_type: str | None) -> bool:
    return "Line" in str(geometry_type) or str(geometry_type) in ("Unknown", "GeometryCollection")


def _faults(frame: gpd.GeoDataFrame, file: str) -> list[Fault]:
    """Return what is wrong with a layer, all of it."""
    faults = []
    kinds = frame.geometry.geom_type.dropna()
    lines = frame[frame.geometry.geom_type.isin(["LineString", "MultiLineString"])].geometry
    if frame.empty:
        faults.append(Fault(file, "", message("holds no rows"), message("a layer of lines, one a street")))
    elif lines.empty:
        shown = ", ".join(sorted(kinds.unique()))
        faults.append(
            Fault(file, shown, message("holds no lines"), message("a layer of lines, one a street"))
        )
    is_finite = has_finite_coordinates(lines)
    faults += [
        Fault(file, "", message("has coordinates that are no numbers"), message("a line"), row=int(row) + 1)
        for row in lines.index[~is_finite]
    ]
    if not is_real_crs(frame.crs):
        faults.append(
            Fault(
                file,
                "",
                message("states no coordinate reference system"),
                message("a layer that states the one of its coordinates"),
            )
        )
    elif not lines.empty and is_finite.all() and not _is_in_city(lines).any():
        faults.append(
            Fault(
                file,
                " / ".join(str(round(float(bound), 3)) for bound in lines.total_bounds),
                message("none of its {count} streets lies in the city", count=number(len(lines))),
                message("lines within {bounds} degrees", bounds=" / ".join(map(str, CITY_BOUNDS))),
            )
        )
    return faults


def _is_in_city(lines: gpd.GeoSeries) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return np.asarray(shapely.intersects(lines.to_crs(STORAGE_CRS).to_numpy(), shapely.box(*CITY_BOUNDS)))


def _with_keys(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer whose columns and values are those of OpenStreetMap where they were known by others."""
    found = dict(frame.items())
    for name in {"other_tags", "tags"} & set(found):
        packed = [_unpacked(text) for text in found[name]]
        for key in KEYS:
            values = pd.Series([tags.get(key) for tags in packed], frame.index, dtype="object")
            if values.notna().any():
                found[key] = found[key].where(found[key].notna(), values) if key in found else values
    is_geofabrik = set(found) >= _GEOFABRIK
    if is_geofabrik:
        found.setdefault("highway", found["fclass"])
    if "oneway" in found:
        letters = found["oneway"].map(lambda value: str(value).strip().lower())
        # T and F alone may stand for true and false.
        if is_geofabrik or (letters == "b").any():
            found["oneway"] = letters.map(_GEOFABRIK_ONEWAY).fillna(found["oneway"])
    if "maxspeed" in found:
        speed = pd.to_numeric(found["maxspeed"], errors="coerce")
        found["maxspeed"] = found["maxspeed"].astype("object").mask(speed <= 0, None)
    return gpd.GeoDataFrame(found, geometry=frame.geometry.name, crs=frame.crs)


def _unpacked(text: Any) -> dict[str, str]:
    """Return the keys and values of a cell: JSON, read or not, or GDAL's ``"key"=>"value"``."""
    if isinstance(text, str) and text.startswith("{"):
        try:
            text = json.loads(text)
        except (ValueError, RecursionError):
            return {}
    if isinstance(text, dict):
        return {str(key): str(value) for key, value in text.items()}
    return dict(_HSTORE.findall(text)) if isinstance(text, str) else {}


def _streets(frame: gpd.GeoDataFrame, file: str) -> Streets:
    frame = _with_keys(frame.rename(columns={column: str(column).lower() for column in frame.columns}))
    is_line = frame.geometry.geom_type.isin(["LineString", "MultiLineString"])
    lines = frame[is_line].explode(ignore_index=True)
    is_inside = _is_in_city(lines.geometry)
    inside = lines[is_inside].reset_index(drop=True)
    has_class = "highway" in inside.columns
    tags = pd.DataFrame(inside.reindex(columns=list(KEYS))).astype("object")
    if has_class and _OF_OPENSTREETMAP & set(inside.columns):
        tags["highway"] = tags["highway"].fillna("")
    unknown = int(tags["highway"].isna().sum())
    notes: list[Message] = []
    if unknown:
        sentence = message("{count} lines state no class: taken as “unclassified”.", count=number(unknown))
        notes.append(sentence)
    if not {"layer", "bridge", "tunnel"} & set(inside.columns):
        notes.append(message("No column tells of bridges: streets that cross are taken as junctions."))
    xy, way = shapely.get_coordinates(inside.geometry.to_crs(METRIC_CRS).to_numpy(), return_index=True)
    return Streets(
        tags.assign(highway=tags["highway"].fillna("unclassified")),
        way,
        xy,
        None,
        is_openstreetmap=has_class,
        left_out={"outside": int((~is_inside).sum()), "shape": int((~is_line).sum())},
        notes=tuple(notes),
    )
