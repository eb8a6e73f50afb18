"""Frames as Arrow tables whose columns say what they hold, as GDAL and GeoParquet write them into files."""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import shapely


def feature_table(frame: pd.DataFrame) -> pa.Table:
    """Return a frame as an Arrow table: geometry as WKB, every polygon as one of several parts."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return pa.Table.from_pandas(frame, preserve_index=False)
    parts = [
        shapely.MultiPolygon([one]) if isinstance(one, shapely.Polygon) else one for one in frame.geometry
    ]
    multi = frame.set_geometry(gpd.GeoSeries(parts, frame.index, crs=frame.crs))
    return pa.table(multi.to_arrow(geometry_encoding="WKB", index=False))


def described(table: pa.Table, titles: Mapping[str, str], descriptions: Mapping[str, str]) -> pa.Table:
    """Return a table whose columns carry titles and descriptions where GDAL looks for them.

    GDAL writes them to ``gpkg_data_columns`` and to the header of FlatGeobuf; QGIS shows them as alias and
    comment. A title that an earlier column has is left out: in a GeoPackage each may stand once a layer.

    Parameters
    ----------
    table
        Its columns without any value become text, which every format can hold.
    titles, descriptions
        By the column's name; a column may lack either.
    """
    fields, taken = [], set()
    for field in table.schema:
        told = dict(field.metadata or {})
        title = titles.get(field.name)
        if title and title not in taken:
            taken.add(title)
            told["GDAL:OGR:alternative_name"] = title
        if field.name in descriptions:
            told["GDAL:OGR:comment"] = descriptions[field.name]
        kind = pa.string() if pa.types.is_null(field.type) else field.type
        fields.append(pa.field(field.name, kind, metadata=told))
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))
