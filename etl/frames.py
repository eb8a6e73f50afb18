"""Tables of a file from outside, outlines included, as Arrow and back, for `etl.confined`."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely


@dataclass(frozen=True)
class Outlines:
    """What a table of Arrow does not say of the frame that it was made of.

    Attributes
    ----------
    geometry
        Name of the column of shapes; empty where there is none.
    crs
        Its reference system as WKT; empty where none is stated.
    columns
        The columns in their order.
    """

    geometry: str
    crs: str
    columns: tuple[str, ...]


def table_of(frame: pd.DataFrame) -> tuple[Outlines, pa.Table]:
    """Return a frame as a table of Arrow, its shapes as WKB."""
    geometry = str(frame.geometry.name) if isinstance(frame, gpd.GeoDataFrame) else ""
    plain = pd.DataFrame(frame.drop(columns=geometry)) if geometry else frame
    try:
        table = pa.Table.from_pandas(plain)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # GDAL gives some columns as lists of anything
        mixed = plain.select_dtypes("object").columns
        texts = {column: plain[column].map(str, na_action="ignore").astype("str") for column in mixed}
        table = pa.Table.from_pandas(plain.assign(**texts))
    about = Outlines(geometry, frame.crs.to_wkt() if geometry and frame.crs else "", tuple(frame.columns))
    if geometry:
        shapes = shapely.to_wkb(frame[geometry].to_numpy(), output_dimension=4, flavor="iso")
        table = table.append_column(geometry, pa.array(shapes, pa.large_binary()))
    return about, table


def frame_of(about: Outlines, table: pa.Table) -> pd.DataFrame:
    """Return the frame of which `table_of` made a table."""
    if not about.geometry:
        plain: pd.DataFrame = table.to_pandas()
        return plain
    frame = table.drop_columns([about.geometry]).to_pandas()
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers are told of later
        shapes = shapely.from_wkb(table[about.geometry].to_numpy())
    crs = pyproj.CRS.from_wkt(about.crs) if about.crs else None
    made = gpd.GeoDataFrame(
        frame.assign(**{about.geometry: gpd.GeoSeries(shapes, index=frame.index, crs=crs)}),
        geometry=about.geometry,
    )
    return made[list(about.columns)]
