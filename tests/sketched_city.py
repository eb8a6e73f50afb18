"""The whole city as a sketch: true units, names and codes, and outlines that are made up.

The shipped sketch of 2025-01-01 is cut into strips: west to east among the wards of 2020-02-01 that a unit
was made of, south to north among those of 2025-07-01 that it went to. So the wards of all vintages meet as the
official lists say; where they lie is roughly right, how large they are is not. Files and columns are those in
which the real outlines are delivered.
"""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.paths import SHIPPED_BOUNDARIES, SOURCES
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


def write_sketched_city(folder: Path) -> Path:
    """Write the files of 2020-02-01 and 2025-07-01, of landmarks and of rivers into a folder; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    units, pieces = _units(), _pieces()
    old, new = _wards(pieces, OLD, units), _wards(pieces, NEW, units)
    for vintage, wards in ((OLD, _delivered_old(old)), (NEW, _delivered_new(new))):
        wards.to_crs(STORAGE_CRS).to_file(folder / f"wards_{vintage}.gpkg", layer="ward")
    gpd.GeoDataFrame(
        {"key": [row[0] for row in LANDMARKS], "name": [row[1] for row in LANDMARKS], "kind": "landmark"},
        geometry=gpd.GeoSeries.from_xy([row[2] for row in LANDMARKS], [row[3] for row in LANDMARKS]),
        crs=STORAGE_CRS,
    ).to_file(folder / "osm_landmarks.gpkg", layer="landmark")
    gpd.GeoDataFrame(
        {"river": [row[0] for row in RIVERS], "width_m": [row[1] for row in RIVERS]},
        geometry=[shapely.LineString([(106.55, row[2]), (106.8, row[2])]) for row in RIVERS],
        crs=STORAGE_CRS,
    ).to_file(folder / "osm_roads_rivers.gpkg", layer="rivers")
    return folder


def _units() -> pd.DataFrame:
    return pd.read_csv(SOURCES / "unit.csv", dtype="str").set_index(["vintage", "ward_code"])


def _pieces() -> gpd.GeoDataFrame:
    """Return what each unit of 2025-01-01 is cut into: the ward before and the ward after, EPSG:9210."""
    steps = pd.read_csv(SOURCES / "unit_succession.csv", dtype="str")
    made_of = steps[steps["to_vintage"] == MID].groupby("to_ward_code")["from_ward_code"].apply(list)
    went_to = steps[steps["to_vintage"] == NEW].groupby("from_ward_code")["to_ward_code"].apply(list)
    shipped = gpd.read_file(SHIPPED_BOUNDARIES / f"wards_{MID}.gpkg").to_crs(METRIC_CRS)
    outlines = shipped.set_index("ward_code").geometry
    cuts = [
        shapely.intersection(line, outlines[code].buffer(1))
        for code in outlines.index
        for line in _cuts(outlines[code], len(made_of[code]), len(went_to[code]))
    ]
    strip = shapely.shortest_line(*outlines[list(APART)]).buffer(100)
    # All lines meet in nodes, so that neighbours share every vertex of their border.
    lines = shapely.union_all([*outlines.boundary, *cuts, strip.boundary])
    faces = shapely.get_parts(shapely.polygonize([lines]))
    points = shapely.point_on_surface(faces)
    found, units = shapely.STRtree(outlines.to_numpy()).query(points, "within").tolist()
    rows = []
    for face, point, code in zip(faces[found], points[found], outlines.index[units], strict=True):
        unit = APART[1] if strip.contains(point) and code != APART[0] else code
        west, south, east, north = outlines[unit].bounds
        rows.append(
            {
                OLD: _share(made_of[unit], (point.x - west) / (east - west)),
                NEW: _share(went_to[unit], (point.y - south) / (north - south)),
                "geometry": face,
            }
        )
    return gpd.GeoDataFrame(rows, crs=METRIC_CRS)


def _share(wards: list[str], place: float) -> str:
    return wards[min(max(0, int(place * len(wards))), len(wards) - 1)]


def _cuts(outline: shapely.MultiPolygon, columns: int, rows: int) -> list[shapely.LineString]:
    west, south, east, north = outline.bounds
    xs, ys = np.linspace(west, east, columns + 1)[1:-1], np.linspace(south, north, rows + 1)[1:-1]
    return [
        *(shapely.LineString([(x, south - 1), (x, north + 1)]) for x in xs),
        *(shapely.LineString([(west - 1, y), (east + 1, y)]) for y in ys),
    ]


def _wards(pieces: gpd.GeoDataFrame, vintage: str, units: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return code, kind, name, district and outline of the wards of a vintage."""
    outlines = {
        code: shapely.coverage_union_all(group.to_numpy())
        for code, group in pieces.groupby(vintage)["geometry"]
    }
    if vintage == NEW:
        shipped = gpd.read_file(SHIPPED_BOUNDARIES / f"wards_{NEW}.gpkg").to_crs(METRIC_CRS)
        beside = shipped[~shipped["ward_code"].isin(outlines)].set_index("ward_code").geometry
        outlines |= beside.difference(shapely.union_all(list(outlines.values()))).to_dict()
    wards = units.loc[vintage].loc[sorted(outlines)].reset_index()
    multi = [shapely.MultiPolygon(shapely.get_parts(outlines[code]).tolist()) for code in wards["ward_code"]]
    return gpd.GeoDataFrame(wards, geometry=multi, crs=METRIC_CRS)


def _delivered_old(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    km2 = wards.area / 1e6
    names = wards["ward_name"].map(_in_old_spelling)
    return gpd.GeoDataFrame(
        {
            "gso_code": wards["ward_code"].where(wards["ward_code"] != ISLAND),
            "ward": wards["ward_kind"].str.capitalize() + " " + names,
            "ward_name": names,
            "district_code": wards["district_code"],
            "district": wards["district_name"].map(_in_old_spelling),
            "pop_2019": (km2 * RESIDENTS_PER_KM2).round().astype("int64"),
            "area_km2": km2,
        },
        geometry=wards.geometry,
    )


def _delivered_new(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    km2 = wards.area / 1e6
    return gpd.GeoDataFrame(
        {
            "gso_code": wards["ward_code"],
            "ward": wards["ward_kind"].str.capitalize() + " " + wards["ward_name"],
            "ward_name": wards["ward_name"],
            "loai": wards["ward_kind"],
            "population_2025": (km2 * RESIDENTS_PER_KM2).round().astype("int64"),
            "area_km2_official": km2.round(2),
            "area_km2_geom": km2,
        },
        geometry=wards.geometry,
    )


def _in_old_spelling(name: str) -> str:
    return re.sub(rf"(?<![Qq])({'|'.join(TONES)})\b", lambda found: TONES[found[0]], name)
