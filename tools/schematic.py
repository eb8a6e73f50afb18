"""Schematic boundaries that ship with the program, computed from published figures alone.

``python -m tools.schematic`` writes ``wards_2025-01-01.gpkg`` and ``wards_2025-07-01.gpkg`` into
``geodata/boundaries`` and prints their rows of ``boundary_file.csv``. It is for those who maintain these
files and needs the packages of the dependency group ``sources``. What goes in:

- vietnamadminunits: reference point and extent (a box of latitudes and longitudes) of each unit of
  2025-01-01, of Hải Phòng, of former Hải Dương and of the provinces around; point and official area of each
  unit of 2025-07-01; the mapping from the former to the latter;
- roaring-landmask: OpenStreetMap's land polygons, for the coast.

The land is a raster. Each cell goes to the unit of 2025-01-01 whose extent it is most central to, measured
in units of that extent; units of other provinces compete, so that the border of the city comes out between
them. As in a power diagram every unit and ward has a weight, and a tilt east and north besides: they are
moved until each ward of 2025-07-01 covers its official area around its published point, and each unit its
usual share of its extent around the middle of it. A unit that was split in 2025 is drawn in its parts; those
dissolve to the units of one vintage and to the wards of the other, whose borders therefore agree.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.contract.errors import Fault, GeodataError, SourceError
from geodata.disk import sha256
from geodata.language import message
from geodata.settings import SHIPPED_BOUNDARIES, SOURCES, settings
from tools.balance import balanced, labelled, unit_aims, ward_aims
from tools.official_lists import data_folder
from tools.published_figures import (
    CITY,
    JOINED,
    UNITS,
    WARDS,
    placed,
    read_parts,
    read_units,
    read_wards,
    swapped_points,
    with_points_exchanged,
    without_strays,
)
from tools.raster import (
    FURTHEST_KM,
    Booleans,
    Claim,
    Grid,
    Integers,
    claimed_land,
    claims,
    extents_touch,
    filled,
    fragments,
    grid_over,
    land_cells,
    outlines,
)

ISLAND = "318"
"""Bạch Long Vĩ lies 60 km off and is drawn by itself."""


BALANCE_CELL, DRAW_CELL = 100, 50
"""Sides of the cells in metres: for moving the weights, for the outlines."""


TOLERANCE = 150
"""Tolerance of the simplification in metres: the root of the area by which a corner may be cut."""


def draw(folder: Path) -> gpd.GeoDataFrame:
    """Return the polygons of the parts of units, in EPSG:4326, with their ``unit_code`` and ``ward_code``.

    Parameters
    ----------
    folder
        vietnamadminunits' data folder.
    """
    units, wards = read_units(folder), read_wards(folder)
    parts = read_parts(folder, units, wards)
    wards, parts = with_points_exchanged(wards, parts, swapped_points(units, wards, parts))
    units = placed(without_strays(units, wards, parts), wards, parts)

    is_island = units["ward_code"] == ISLAND
    city = units[units["province_code"].isin([CITY, JOINED]) & ~is_island]
    coarse, fine = grid_over(city, BALANCE_CELL), grid_over(city, DRAW_CELL)
    is_near = (units["basis"] == "extent") & ~is_island & extents_touch(units, coarse)
    competing = parts[parts["unit"].isin(city.index) | parts["unit"].isin(units.index[is_near])]

    asked = claims(coarse, land_cells(coarse), units, wards, competing)
    weights = balanced(coarse, asked, unit_aims(units, coarse), ward_aims(wards, coarse))
    land = claimed_land(land_cells(fine), fine, units.loc[competing["unit"].unique()])
    asked = claims(fine, land, units, wards, competing)
    labels = labelled(fine, asked, unit_aims(units, fine), ward_aims(wards, fine), *weights)
    labels = whole_pieces(np.where(land, labels, -1), land, asked, len(wards), fine)
    drawn = [_named(outlines(_in_city(labels, asked), fine), asked)]

    far = parts[parts["unit"].isin(units.index[is_island])]
    own = grid_over(units[is_island], DRAW_CELL, margin=1000)
    alone = claims(own, land_cells(own), units, wards, far)
    island_land = claimed_land(land_cells(own), own, units[is_island])
    drawn.append(_named(outlines(np.where(island_land, 0, -1).astype(np.int32), own), alone))

    polygons = pd.concat(drawn, ignore_index=True)
    outline = shapely.coverage_simplify(polygons.geometry.to_numpy(), TOLERANCE)
    simplified = gpd.GeoSeries(outline, index=polygons.index, crs=METRIC_CRS).to_crs(STORAGE_CRS)
    return gpd.GeoDataFrame(
        {
            "unit_code": polygons["unit"].map(units["ward_code"]),
            "ward_code": polygons["ward"].map(wards["ward_code"]),
        },
        # Six decimals are 0,1 m; the last digits of a float depend on the version of PROJ.
        geometry=shapely.transform(simplified.to_numpy(), lambda xy: np.round(xy, 6)),
        crs=STORAGE_CRS,
    )


def whole_pieces(
    labels: Integers, land: Booleans, asked: Sequence[Claim], wards: int, grid: Grid
) -> Integers:
    """Return the labels with all land in reach labelled, and no unit or ward in scattered pieces.

    A unit that lies apart from its ward keeps its place. Other provinces' land counts as one ward more.
    """
    unit_of = np.array([claim.unit for claim in asked] + [-1], dtype=np.int32)
    ward_of = np.array([claim.ward if claim.ward >= 0 else wards for claim in asked] + [-1], dtype=np.int32)
    limit = FURTHEST_KM * 1000 / grid.cell
    labels = filled(labels, land & (labels < 0), limit)
    for _ in range(2):
        labels = filled(labels, fragments(unit_of[labels]), np.inf)
        scattered = fragments(ward_of[labels])
        # Đông Hải 1 does not touch Đông Hải 2, by their extents, and yet both are the ward Đông Hải.
        cells, lost = (np.bincount(unit_of[labels][at] + 1) for at in (land, scattered))
        is_lost = np.pad(lost, (0, len(cells) - len(lost))) > cells / 2
        labels = filled(labels, scattered & ~is_lost[unit_of[labels] + 1], np.inf)
    return labels


def _in_city(labels: Integers, asked: Sequence[Claim]) -> Integers:
    in_city = np.array([claim.ward >= 0 for claim in asked] + [False])
    return np.where(in_city[labels], labels, -1).astype(np.int32)


def _named(polygons: gpd.GeoSeries, asked: Sequence[Claim]) -> gpd.GeoDataFrame:
    rows = [asked[label] for label in polygons.index]
    return gpd.GeoDataFrame(
        {"unit": [claim.unit for claim in rows], "ward": [claim.ward for claim in rows]},
        geometry=polygons.to_numpy(),
        crs=polygons.crs,
    )


def dissolved(parts: gpd.GeoDataFrame, column: str) -> gpd.GeoSeries:
    """Return the parts of a coverage joined by a column of codes, as multipolygons, in order of the codes."""
    joined: dict[Any, Any] = {
        code: shapely.coverage_union_all(rows.geometry.to_numpy()) for code, rows in parts.groupby(column)
    }
    polygons = [
        shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
        for shape in joined.values()
    ]
    return gpd.GeoSeries(polygons, index=pd.Index(joined, name=column), crs=parts.crs)


def layer(official: pd.DataFrame, polygons: gpd.GeoSeries, vintage: str) -> gpd.GeoDataFrame:
    """Return the official list of a vintage with its polygons, in the columns of a boundary file.

    Raises
    ------
    SourceError
        With a fault for each unit of the list that has no polygon.
    """
    columns = ["ward_code", "ward_name", "ward_kind", "district_code", "district_name"]
    listed = official.loc[official["vintage"] == vintage, columns].dropna(axis="columns", how="all")
    missing = listed[~listed["ward_code"].isin(polygons.index)]
    faults = [
        Fault(
            f"wards_{vintage}.gpkg",
            f"{row.ward_code} {row.ward_name}",
            message("has no geometry"),
            message("a polygon"),
        )
        for row in missing.itertuples()
    ]
    if faults:
        raise SourceError(faults)
    listed = listed.sort_values("ward_code", ignore_index=True)
    return gpd.GeoDataFrame(
        listed, geometry=np.asarray(polygons.reindex(listed["ward_code"])), crs=polygons.crs
    )


def write(wards: gpd.GeoDataFrame, path: Path) -> None:
    """Write a boundary file, the same bytes for the same wards.

    The small pages save 80 kB a file: GeoPackage has some twenty tables, each with a page at least.
    """
    pyogrio.set_gdal_config_options(
        {"OGR_CURRENT_DATE": "2025-07-01T00:00:00Z", "OGR_SQLITE_PRAGMA": "page_size=1024"}
    )
    path.unlink(missing_ok=True)
    pyogrio.write_dataframe(
        wards,
        path,
        layer="ward",
        driver="GPKG",
        geometry_type="MultiPolygon",
        dataset_options={"VERSION": "1.3"},
        layer_options={"SPATIAL_INDEX": "NO"},
    )
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None, "OGR_SQLITE_PRAGMA": None})


def make() -> dict[str, gpd.GeoDataFrame]:
    """Return the boundary files by vintage."""
    folder = data_folder("vietnamadminunits")
    official = pd.read_csv(SOURCES / "unit.csv", dtype="str")
    parts = draw(folder)
    areas = read_wards(folder).set_index("ward_code")["area_km2"]
    units = layer(official, dissolved(parts, "unit_code"), UNITS)
    wards = layer(official, dissolved(parts, "ward_code"), WARDS)
    return {UNITS: units, WARDS: wards.assign(area_km2_official=wards["ward_code"].map(areas))}


def main() -> int:
    """Write the boundary files; on a fault print it and write nothing."""
    try:
        files = make()
    except GeodataError as error:
        for fault in error.faults:
            print(fault.render(settings().language), file=sys.stderr)
        return 2
    SHIPPED_BOUNDARIES.mkdir(exist_ok=True)
    for vintage, wards in files.items():
        path = SHIPPED_BOUNDARIES / f"wards_{vintage}.gpkg"
        write(wards, path)
        print(f"{sha256(path)},{path.name},schematic,schematic")
    return 0


if __name__ == "__main__":
    sys.exit(main())
