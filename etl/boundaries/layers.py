"""What of a file's layers and rows are outlines: parts of one map are put together, points left out."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from etl.received import some
from geodata.contract.errors import Note
from geodata.language import message

LAYER_COLUMN = "layer"
"""The column that names the layer of each row, where there are several: it may be the district."""

LEAST_SHARED_PCT = 20.0
"""Of a layer's outlines: so many lie in those of another where both show the same ground."""

POLYGONS = ("Polygon", "MultiPolygon")


def may_hold_polygons(geometry: str) -> bool:
    """Return whether a layer that states this kind of geometry may hold outlines."""
    return not any(kind in geometry for kind in ("Point", "LineString"))


def parts_of_one_map(frames: Sequence[gpd.GeoDataFrame]) -> list[int]:
    """Return which layers show one ground between them; empty where some show the same.

    A layer that covers two others or more, as the city's own outline does, is none of them.

    Parameters
    ----------
    frames
        The layers, in one reference system.
    """
    outlines = [
        shapely.make_valid(frame.geometry.to_numpy()[frame.geom_type.isin(POLYGONS)]) for frame in frames
    ]
    trees = [shapely.STRtree(outline) for outline in outlines]
    middles = [np.asarray(shapely.point_on_surface(outline)) for outline in outlines]
    shared = np.zeros((len(frames), len(frames)))
    for one, points in enumerate(middles):
        for other, tree in enumerate(trees):
            if one != other and len(points):
                found = tree.query(points, predicate="within")[0]
                shared[one, other] = 100 * len(np.unique(found)) / len(points)
    is_shared = shared > LEAST_SHARED_PCT
    kept = np.flatnonzero(is_shared.sum(axis=0) < 2)
    if is_shared[np.ix_(kept, kept)].any():
        return []
    return [int(each) for each in kept]


def in_system(frame: gpd.GeoDataFrame, crs: pyproj.CRS | None) -> gpd.GeoDataFrame:
    """Return a layer in a reference system; as it is where it or the system is not known."""
    return frame if crs is None or frame.crs is None else frame.to_crs(crs)


def together(
    frames: Sequence[gpd.GeoDataFrame], names: Sequence[str], folders: Sequence[str]
) -> gpd.GeoDataFrame:
    """Return the rows of layers as those of one, with the layer's name in a column of its own.

    Parameters
    ----------
    frames
        The layers; those in another reference system than the first are put into that.
    names, folders
        The name of each layer, and of the folder that its file lies in, which tells apart files of one name.
    """
    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    told = names if len(set(names)) == len(names) else folders
    column = LAYER_COLUMN
    while any(column in frame for frame in frames):
        column += "_"
    crs = frames[0].crs
    parts = [in_system(frame, crs).assign(**{column: name}) for frame, name in zip(frames, told, strict=True)]
    plain = pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
    return gpd.GeoDataFrame(plain, geometry="geometry", crs=crs)


def polygons_alone(frame: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Note]]:
    """Return the rows that are outlines or have none, and notes of what was left out.

    Of a collection its polygons are taken. Rows keep their index. Where nothing is a polygon all rows are
    returned as they are.
    """
    notes = []
    is_collection = frame.geom_type.eq("GeometryCollection")
    inner = gpd.GeoSeries(frame.geometry[is_collection].map(_polygons_of), crs=frame.crs)
    inner = gpd.GeoSeries(inner[~inner.is_empty], crs=frame.crs)
    if len(inner):
        geometry = frame.geometry.copy()
        geometry[inner.index] = inner
        frame = frame.set_geometry(geometry)
        told = message(
            "of {count} collections the polygons were taken, points and lines left out", count=len(inner)
        )
        notes.append(Note(file, "", told))
    is_outline = frame.geom_type.isin(POLYGONS)
    stray = ~is_outline & frame.geometry.notna() & ~frame.geometry.is_empty
    if not is_outline.any() or not stray.any():
        return frame, notes
    kinds = some(sorted(frame.geom_type[stray].unique()))
    told = message("{count} rows left out that are no polygons: {kinds}", count=int(stray.sum()), kinds=kinds)
    return frame[~stray], [*notes, Note(file, "", told)]


def _polygons_of(collection: shapely.Geometry) -> shapely.MultiPolygon:
    parts = shapely.get_parts(collection)
    while any(part.geom_type in ("MultiPolygon", "GeometryCollection") for part in parts):
        parts = shapely.get_parts(parts)
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])
