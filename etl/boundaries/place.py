"""Whether the outlines of a file are polygons of numbers, and lie where the city lies."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from pyproj.transformer import TransformerGroup

from etl.boundaries.read import Delivered, has_finite_coordinates
from etl.boundaries.vintages import read_boundary, tidy_boundary
from etl.received import some
from geodata.contract.crs import CITY_BOUNDS, METRIC_CRS, STORAGE_CRS
from geodata.contract.errors import Fault
from geodata.language import Message, message, number
from geodata.wards.names import fold

NEAR_ZONES = {
    **{"105-00": "EPSG:5897", "107-00": "EPSG:9214", "107-15": "EPSG:9215", "107-30": "EPSG:9216"},
    **{"104-30": "EPSG:9207", "104-45": "EPSG:9208", "106-00": "EPSG:9211", "106-15": "EPSG:9212"},
    **{"106-30": "EPSG:9213", "107-45": "EPSG:5899"},
}
"""Zones of VN-2000 / TM-3 near the city's own, which files of neighbours and of the whole country are in."""

USUAL_CRS = (STORAGE_CRS, METRIC_CRS, "EPSG:9209", "EPSG:3405", "EPSG:4756", "EPSG:32648")
"""Reference systems in which outlines of the city arrive."""

PLACE_LIMIT_M = 10_000.0
"""Median distance from the known places beyond which a reference system is likely the wrong one.

Neighbouring zones of VN-2000 lie 26 km apart here; a schematic outline's middle is some 2 km off.
"""

LEAST_PLACES = 3
"""So many units with a known place it takes to judge a reference system."""

Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def geometry_faults(delivered: Delivered, shown: pd.Series) -> list[Fault]:
    """Return a fault for each row that is no polygon of numbers; a single one where no row is a polygon.

    Parameters
    ----------
    delivered
        The layer.
    shown
        What each row is called.
    """
    geometry, file = delivered.frame.geometry, delivered.file
    absent = geometry.isna() | geometry.is_empty
    polygonal = geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    if not absent.all() and not polygonal.any():
        kinds = ", ".join(sorted(geometry.geom_type[~absent].unique()))
        return [Fault(file, kinds, message("holds no polygons"), message("polygons"))]
    unreadable = message("has no outline, or one that can't be read: open, too short, or not of numbers")
    problems: dict[int, Message] = {
        **{
            row: message("has coordinates that are no numbers")
            for row in _rows(~has_finite_coordinates(geometry))
        },
        **{
            row: message("is a {geometry_type}", geometry_type=geometry[row].geom_type)
            for row in _rows(~polygonal & ~absent)
        },
        **dict.fromkeys(_rows(absent), unreadable),
    }
    return [
        Fault(file, shown[row], problem, message("a polygon"), row=row + 1)
        for row, problem in sorted(problems.items())
    ]


def _rows(mask: pd.Series) -> list[int]:
    return [int(str(row)) for row in mask.index[mask]]


def place_faults(
    delivered: Delivered, taken: pd.Series, shown: pd.Series, places: gpd.GeoSeries
) -> list[Fault]:
    """Return a fault where the outlines don't lie where the city lies, with what would put them there.

    Parameters
    ----------
    delivered
        The layer; all rows are polygons of numbers.
    taken
        The ward code of each row, missing where unknown.
    shown
        What each row is called.
    places
        Points in EPSG:9210 near which units are known to lie, by ward code; they tell apart reference
        systems that all put the outlines inside the city's bounds. May be empty.
    """
    geometry = delivered.frame.geometry
    corners, rows = shapely.get_coordinates(shapely.envelope(geometry.to_numpy()), return_index=True)
    outside = np.unique(rows[~_is_inside(corners, delivered.crs)])
    is_known = taken.isin(places.index) & ~taken.duplicated(keep=False)
    middles = gpd.GeoSeries(shapely.centroid(geometry.to_numpy()[is_known]), index=taken[is_known])
    distance = _distance_m(middles, places, delivered.crs)
    if not len(outside) and distance < PLACE_LIMIT_M:
        return []
    if len(outside):
        problem = message(
            "{count} of {rows} units lie outside the city in {crs}: a wrong system, or swapped axes",
            count=len(outside),
            rows=len(geometry),
            crs=crs_name(delivered.crs),
        )
    else:
        problem = message(
            "the units lie {distance} km from where they are known to be in {crs}: a wrong system",
            distance=number(distance / 1000),
            crs=crs_name(delivered.crs),
        )
    fitting = _fitting(corners, middles, places, delivered.crs)
    expected = (
        message(
            "{systems} would fit; --crs sets it, swapped axes (x ↔ y) are to be mended in the file",
            systems=fitting,
        )
        if fitting
        else message("coordinates within {bounds} degrees", bounds=" / ".join(map(str, CITY_BOUNDS)))
    )
    return [Fault(delivered.file, some(shown.iloc[outside].tolist(), 3), problem, expected)]


def crs_name(crs: pyproj.CRS) -> str:
    """Return a reference system's code, or its name where it has none."""
    authority = crs.to_authority()
    return ":".join(authority) if authority else crs.name


def has_unknown_shift(crs: pyproj.CRS) -> bool:
    """Return whether nothing is known of a datum's shift to WGS 84, for VN-2000 some 200 m."""
    if crs.is_bound:  # it states the shift itself
        return False
    operations = TransformerGroup(crs, STORAGE_CRS, always_xy=True).transformers
    return all(operation.accuracy == -1 for operation in operations)


def _is_inside(points: Points, crs: pyproj.CRS) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    transformer = pyproj.Transformer.from_crs(crs, STORAGE_CRS, always_xy=True)
    x, y = transformer.transform(points[:, 0], points[:, 1])
    west, south, east, north = CITY_BOUNDS
    return np.asarray((west <= x) & (x <= east) & (south <= y) & (y <= north))


def _distance_m(
    middles: pd.Series, places: gpd.GeoSeries, crs: pyproj.CRS, *, is_swapped: bool = False
) -> float:
    """Return the median distance of units from their known places; 0 where too few are known to tell."""
    if len(middles) < LEAST_PLACES:
        return 0.0
    points = shapely.get_coordinates(middles.to_numpy())[:, :: -1 if is_swapped else 1]
    transformer = pyproj.Transformer.from_crs(crs, METRIC_CRS, always_xy=True)
    there = np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
    known = shapely.get_coordinates(np.asarray(places.loc[middles.index]))
    return float(np.median(np.hypot(*(there - known).T)))


def _fitting(corners: Points, middles: pd.Series, places: gpd.GeoSeries, stated: pyproj.CRS) -> str:
    """Return the reference systems that put nearly all outlines inside the city, near known places.

    The usual ones; where none does, the zones near the city's own.
    """

    def fits(code: str, *, is_swapped: bool) -> bool:
        crs = pyproj.CRS.from_user_input(code)
        turned = corners[:, :: -1 if is_swapped else 1]
        return (crs != stated or is_swapped) and bool(
            # A few stray units don't tell against a system.
            np.mean(_is_inside(turned, crs)) > 0.9
            and _distance_m(middles, places, crs, is_swapped=is_swapped) < PLACE_LIMIT_M
        )

    fitting: list[str] = []
    for codes in (USUAL_CRS, NEAR_ZONES.values()):
        fitting = [code for code in codes if fits(code, is_swapped=False)]
        fitting += [f"{code} (x ↔ y)" for code in codes if fits(code, is_swapped=True)]
        if fitting:
            break
    return ", ".join(fitting)


def known_places(folder: Path) -> gpd.GeoDataFrame:
    """Return a point inside each unit of the outlines ``wards_<vintage>.gpkg`` in a folder.

    Returns
    -------
    vintage, ward_code, ward_name, area_km2_official (missing where the file has none) and a point in
    EPSG:9210. Empty where the folder has no outlines.

    Raises
    ------
    GeodataError
        Outlines that break the contract.
    """
    columns = ["vintage", "ward_code", "ward_name", "area_km2_official"]
    places = [gpd.GeoDataFrame(columns=[*columns, "geometry"], geometry="geometry", crs=METRIC_CRS)]
    for path in sorted(folder.glob("wards_*.gpkg")):
        raw = read_boundary(path)
        wards = tidy_boundary(raw, path.stem.removeprefix("wards_"), path.name).to_crs(METRIC_CRS)
        wards["area_km2_official"] = raw.get("area_km2_official", float("nan"))
        places.append(wards.set_geometry(wards.representative_point())[[*columns, "geometry"]])
    return pd.concat(places[1:] or places, ignore_index=True)


def places_of(known: gpd.GeoDataFrame, vintage: str, units: pd.DataFrame) -> gpd.GeoSeries:
    """Return the known places of the units of a vintage, by ward code.

    For a vintage without any, those of the units that another one, the oldest first, has under the same code
    and name.
    """
    own = known[known["vintage"] == vintage]
    if own.empty:
        listed = set(zip(units["ward_code"], units["ward_name"].map(fold), strict=True))
        pairs = zip(known["ward_code"], known["ward_name"].map(fold), strict=True)
        kept = known[pd.Series([pair in listed for pair in pairs], index=known.index, dtype="bool")]
        own = kept.sort_values("vintage").drop_duplicates("ward_code")
    return own.set_index("ward_code").geometry
