"""Where stations stand: degrees or VN-2000 metres, held against the outline of their ward."""

import re
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from etl.spreadsheets.cell_rules import Wrong
from etl.spreadsheets.cells import Cell, read_number, read_text
from etl.spreadsheets.reading import Reading
from etl.spreadsheets.ward_cells import unit_title
from geodata.contract.crs import CITY_BOUNDS, STORAGE_CRS
from geodata.language import message

PLANE_CRS = ("EPSG:9210", "EPSG:3405")
"""VN-2000 as stations come in it: TM-3 105-45 of the city, UTM zone 48N of national maps."""


def positions(reading: Reading, wards: pd.DataFrame) -> gpd.GeoSeries:
    """Return the points of stations in EPSG:4326; one outside its ward, or outside the city, is a fault.

    Degrees are WGS 84. X and Y are VN-2000 metres, northing and easting in either order, in the first of
    `PLANE_CRS` in which the point lies in its ward, else in the city. Without outlines the city is its
    bounds, and a point that lies within them in both systems is a fault.
    """
    group = reading.position_columns()
    chosen: list[Any] = [None] * len(reading)
    if not group:
        return gpd.GeoSeries(chosen, crs=STORAGE_CRS)
    reader = _degrees if group == ("latitude", "longitude") else _metres
    first, second = (reading.numbers(key, reader) for key in group)
    options: list[pd.Series]
    if group == ("latitude", "longitude"):
        options = [gpd.GeoSeries(gpd.points_from_xy(second, first), crs=STORAGE_CRS)]
    else:
        north, east = first.where(first >= second, second), second.where(first >= second, first)
        options = [
            gpd.GeoSeries(gpd.points_from_xy(east, north), crs=crs).to_crs(STORAGE_CRS) for crs in PLANE_CRS
        ]
    outlines = reading.context.outlines
    for row in range(len(reading)):
        if pd.isna(first[row]) or pd.isna(second[row]):
            continue
        points = [option.iloc[row] for option in options if _in_city(option.iloc[row])]
        vintage, code = wards["vintage"][row], wards["ward_code"][row]
        units = None if outlines is None else outlines[outlines["vintage"] == vintage]
        if not points:
            west, south, east_side, north_side = (f"{side:.1f}".replace(".", ",") for side in CITY_BOUNDS)
            reading.fault(
                row,
                group[0],
                Wrong(
                    message("lies outside the city"),
                    message(
                        "latitude {south} to {north}, longitude {west} to {east}",
                        south=south,
                        north=north_side,
                        west=west,
                        east=east_side,
                    ),
                ),
            )
        elif units is None or units.empty:
            if len(points) > 1:
                reading.fault(row, group[0], _TWO_PLACES)
            else:
                chosen[row] = points[0]
        elif not pd.isna(code):
            chosen[row] = _in_ward(reading, row, group[0], points, units, code)
    return gpd.GeoSeries(chosen, crs=STORAGE_CRS)


_TWO_PLACES = Wrong(
    message("lies in the city in EPSG:9210 and in EPSG:3405"),
    message("latitude and longitude, or build the GeoPackage first: the outlines then tell which"),
)


def _in_ward(
    reading: Reading, row: int, key: str, points: Sequence[shapely.Point], units: gpd.GeoDataFrame, code: str
) -> shapely.Point | None:
    outline = units.loc[units["ward_code"] == code, "geometry"]
    for point in points:
        if outline.intersects(point).any():
            return point
    listed = units.loc[units.intersects(points[0]) | units.intersects(points[-1])]
    if listed.empty:
        problem = message("lies in no ward")
    else:
        titles = ", ".join(unit_title(unit) for _, unit in listed.iterrows())
        problem = message("lies in {ward}", ward=titles)
    reading.fault(row, key, Wrong(problem, message("a point in the ward of this row")))
    return None


def _in_city(point: shapely.Point) -> bool:
    west, south, east, north = CITY_BOUNDS
    return bool(west <= point.x <= east and south <= point.y <= north)


def _degrees(cell: Cell) -> object:
    text = read_text(cell)
    # 106.682 has three decimals and is no count of thousands.
    plain = re.fullmatch(r"(\d{1,3})[.,](\d+)°?", text, re.ASCII)
    value = float(f"{plain[1]}.{plain[2]}") if isinstance(cell, str) and plain else read_number(cell)
    if value is None or not 0 <= value <= 180:
        return Wrong(message("is no angle in degrees"), message("degrees with decimals, such as 20,8561"))
    return value


def _metres(cell: Cell) -> object:
    value = read_number(cell)
    if value is None or not 100_000 <= value <= 10_000_000:
        return Wrong(message("is no coordinate in metres"), message("metres in VN-2000, such as 2306123,5"))
    return value
