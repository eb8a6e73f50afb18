"""The whole city as a sketch: true units, names and codes, and outlines that are made up.

The units of the shipped sketch of 2025-01-01 are cut into strips, from west to east, among the wards of
2020-02-01 that they were made of; the wards of 2025-07-01 are those of the shipped sketch. Files and columns
are those in which the real outlines are delivered.
"""

import re
from itertools import product
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.settings import SHIPPED_BOUNDARIES, SOURCES
from tests.small_city import MID, NEW, OLD

ISLAND = "318"
"""The district of 2020-02-01 without a ward: files give it no code of a ward."""

APART = ("11296", "11299")
"""Units of one district that the shipped sketch sets apart; a strip of land of the second joins them."""

TONES = {"òa": "oà", "óa": "oá", "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ụy": "uỵ"}
"""Where the tone mark stands in the official lists, and where it stands in older files."""

RESIDENTS_PER_KM2 = 1000

LANDMARKS = (
    ("ubnd", "UBND thành phố (trụ sở cũ)", 106.6826, 20.8567),
    ("station", "Ga xe lửa", 106.6872, 20.8556),
)
"""Key, name and place, roughly."""

RIVERS = (("Cấm", 620, 20.885), ("Lạch Tray", 300, 20.81), ("Tam Bạc", 55, 20.862))
"""Name, width in metres and latitude of rivers that run straight from west to east."""

STRETCHES = ((106.55, 106.65), (106.65, 106.7), (106.7, 106.8))
"""Longitudes between which each river is drawn: a file holds it in several lines."""


def write_sketched_city(folder: Path) -> Path:
    """Write the files of 2020-02-01 and 2025-07-01, of landmarks and of rivers into a folder; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for vintage, wards in ((OLD, _old_wards()), (NEW, _new_wards())):
        wards.to_crs(STORAGE_CRS).to_file(folder / f"wards_{vintage}.gpkg", layer="ward")
    gpd.GeoDataFrame(
        {"key": [row[0] for row in LANDMARKS], "name": [row[1] for row in LANDMARKS], "kind": "landmark"},
        geometry=gpd.GeoSeries.from_xy([row[2] for row in LANDMARKS], [row[3] for row in LANDMARKS]),
        crs=STORAGE_CRS,
    ).to_file(folder / "osm_landmarks.gpkg", layer="landmark")
    parts = list(product(RIVERS, STRETCHES))
    gpd.GeoDataFrame(
        {"river": [river[0] for river, _ in parts], "width_m": [river[1] for river, _ in parts]},
        geometry=[shapely.LineString([(west, river[2]), (east, river[2])]) for river, (west, east) in parts],
        crs=STORAGE_CRS,
    ).to_file(folder / "osm_roads_rivers.gpkg", layer="rivers")
    return folder


def _shipped(vintage: str) -> gpd.GeoDataFrame:
    return gpd.read_file(SHIPPED_BOUNDARIES / f"wards_{vintage}.gpkg").to_crs(METRIC_CRS)


def _old_wards() -> gpd.GeoDataFrame:
    """Return the wards of 2020-02-01 in the columns of the file that is delivered, EPSG:9210."""
    units = pd.read_csv(SOURCES / "unit.csv", dtype="str")
    wards = units[units["vintage"] == OLD].set_index("ward_code")
    outlines = gpd.GeoSeries(_old_outlines().reindex(wards.index), crs=METRIC_CRS)
    km2 = outlines.area / 1e6
    names = wards["ward_name"].map(_in_old_spelling)
    return gpd.GeoDataFrame(
        {
            "gso_code": wards.index.where(wards.index != ISLAND),
            "ward": wards["ward_kind"].str.capitalize() + " " + names,
            "ward_name": names,
            "district_code": wards["district_code"],
            "district": wards["district_name"].map(_in_old_spelling),
            "pop_2019": (km2 * RESIDENTS_PER_KM2).round().astype("int64"),
            "area_km2": km2,
        },
        geometry=outlines,
    )


def _old_outlines() -> gpd.GeoSeries:
    """Return the outlines of the wards of 2020-02-01 by their code, EPSG:9210."""
    steps = pd.read_csv(SOURCES / "unit_succession.csv", dtype="str")
    made_of = steps[steps["to_vintage"] == MID].groupby("to_ward_code")["from_ward_code"].apply(list)
    shipped = _shipped(MID)
    outlines: dict[str, Any] = dict(zip(shipped["ward_code"], shipped.geometry, strict=True))
    cuts = [
        line.intersection(outline.buffer(1))
        for code, outline in outlines.items()
        for line in _cuts(outline, len(made_of[code]))
    ]
    strip = shapely.shortest_line(outlines[APART[0]], outlines[APART[1]]).buffer(100)
    # All lines meet in nodes, so that neighbours share every vertex of their border.
    lines = shapely.union_all([*shipped.boundary, *cuts, strip.boundary])
    faces = shapely.get_parts(shapely.polygonize([lines]))
    points = shapely.point_on_surface(faces)
    found, units = shapely.STRtree(list(outlines.values())).query(points, "within").tolist()
    codes = []
    for point, code in zip(points[found], shipped["ward_code"].iloc[units], strict=True):
        unit = APART[1] if strip.contains(point) and code != APART[0] else code
        west, _, east, _ = outlines[unit].bounds
        place = int((point.x - west) / (east - west) * len(made_of[unit]))
        codes.append(made_of[unit][min(max(0, place), len(made_of[unit]) - 1)])
    pieces: dict[str, Any] = {}
    for face, code in zip(faces[found], codes, strict=True):
        pieces.setdefault(code, []).append(face)
    joined: list[Any] = [
        shapely.multipolygons(shapely.get_parts(shapely.union_all(each))) for each in pieces.values()
    ]
    return gpd.GeoSeries(joined, index=list(pieces), crs=METRIC_CRS)


def _cuts(outline: shapely.MultiPolygon, count: int) -> list[shapely.LineString]:
    """Return the lines that cut an outline into so many strips."""
    west, south, east, north = outline.bounds
    xs = np.linspace(west, east, count + 1)[1:-1]
    return [shapely.LineString([(x, south - 1), (x, north + 1)]) for x in xs]


def _new_wards() -> gpd.GeoDataFrame:
    """Return the wards of 2025-07-01 in the columns of the file that is delivered, EPSG:9210."""
    shipped = _shipped(NEW)
    km2 = shipped.area / 1e6
    return gpd.GeoDataFrame(
        {
            "gso_code": shipped["ward_code"],
            "ward": shipped["ward_kind"].str.capitalize() + " " + shipped["ward_name"],
            "ward_name": shipped["ward_name"],
            "loai": shipped["ward_kind"],
            "population_2025": (km2 * RESIDENTS_PER_KM2).round().astype("int64"),
            "area_km2_official": shipped["area_km2_official"],
            "area_km2_geom": km2,
        },
        geometry=shipped.geometry,
    )


def _in_old_spelling(name: str) -> str:
    return re.sub(rf"(?<![Qq])({'|'.join(TONES)})\b", lambda found: TONES[found[0]], name)
