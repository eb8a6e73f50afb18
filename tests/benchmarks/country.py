"""A country of 3.321 wards in 297 districts, as many communes as Việt Nam has; all of it is made up.

A lattice of points, jittered, so that neighbours share every vertex of their border. It is squeezed into the
bounds of Hải Phòng, which the build checks, and built by the program like any city, with illustrative
figures of two indicators for every ward.
"""

import csv
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.build import Illustrative, build
from geodata.contract.crs import CITY_BOUNDS, STORAGE_CRS
from geodata.settings import SOURCES
from tests.small_city import OLD, REGISTER, write_csv

COLUMNS, ROWS = 81, 41
DISTRICT = (3, 4)
"""Columns and rows of wards in a district."""
STEPS = 8
"""Stretches of a ward's side: 32 vertices around each."""
JITTER = 0.3
"""How far a vertex may lie from its place, in stretches; below a half no borders cross."""
INDICATORS = ("crime_cases", "satisfaction_pct")
AS_OF = pd.Timestamp("2024-01-31")


def country_wards(columns: int = COLUMNS, rows: int = ROWS) -> gpd.GeoDataFrame:
    """Return the wards in EPSG:4326, in the columns of a delivered file, one column after the other."""
    random = np.random.default_rng(7)
    west, south, east, north = CITY_BOUNDS
    shape = (columns * STEPS + 1, rows * STEPS + 1, 2)
    place = np.stack(np.meshgrid(*map(np.arange, shape[:2]), indexing="ij"), axis=-1)
    moved = 1 + place + random.uniform(-JITTER, JITTER, shape)
    points = np.array([west, south]) + moved / (np.array(shape[:2]) + 1) * [east - west, north - south]
    found = []
    for number in range(columns * rows):
        column, row = divmod(number, rows)
        district = 100 + column // DISTRICT[0] * (rows // DISTRICT[1] + 1) + row // DISTRICT[1]
        found.append(
            {
                "gso_code": f"{number + 1:05}",
                "ward": f"{'Phường' if number % 3 else 'Xã'} Số {number + 1}",
                "district_code": str(district),
                "district": f"Huyện Số {district}",
                "pop_2019": int(random.integers(2_000, 30_000)),
                "geometry": _block(points, column * STEPS, row * STEPS),
            }
        )
    return gpd.GeoDataFrame(found, crs=STORAGE_CRS)


def _block(points: np.ndarray, x: int, y: int) -> shapely.MultiPolygon:
    """Return the outline of a ward: one square of the lattice, whose corner has these numbers."""
    sides = np.arange(STEPS)
    ring = np.concatenate(
        [
            points[x + sides, y],
            points[x + STEPS, y + sides],
            points[x + STEPS - sides, y + STEPS],
            points[x, y + STEPS - sides],
        ]
    )
    return shapely.MultiPolygon([shapely.Polygon(ring)])


def write_country(folder: Path, columns: int = COLUMNS, rows: int = ROWS) -> Path:
    """Build the country, or a smaller one, below a folder and return its GeoPackage."""
    boundaries, sources = folder / "boundaries", folder / "sources"
    for place in (boundaries, sources):
        place.mkdir(parents=True)
    wards = country_wards(columns, rows)
    wards.to_file(boundaries / f"wards_{OLD}.gpkg", layer="ward")
    # The register of the small city, whose facts are on three of these codes; nothing was ever redrawn.
    for name, entries in REGISTER.items():
        write_csv(sources / f"{name}.csv", entries)
    for name in ("official_successor", "unit_succession"):
        _write_header(sources / f"{name}.csv", list(REGISTER[name][0]))
    _write_header(sources / "boundary_file.csv", ["sha256", "file", "source", "quality"])
    write_csv(sources / "unit.csv", _units(wards))
    with (SOURCES / "indicator.csv").open(encoding="utf-8", newline="") as file:
        known = [row for row in csv.DictReader(file) if row["indicator_code"] in INDICATORS]
    write_csv(sources / "indicator.csv", known)
    out = folder / "country.gpkg"
    build([boundaries], sources, out, AS_OF, illustrative=Illustrative(AS_OF))
    return out


def _write_header(path: Path, columns: list[str]) -> None:
    path.write_text(",".join(columns) + "\n", encoding="utf-8")


def _units(wards: gpd.GeoDataFrame) -> list[dict[str, str]]:
    kinds = wards["ward"].str.split(" ", n=1, expand=True)
    return [
        {
            "vintage": OLD,
            "ward_code": code,
            "ward_name": name,
            "ward_kind": kind.lower(),
            "district_code": district_code,
            "district_name": district,
            "valid_from": OLD,
            "valid_to": "",
            "instrument": "1/NQ",
            "source": "article",
        }
        for code, name, kind, district_code, district in zip(
            wards["gso_code"], kinds[1], kinds[0], wards["district_code"], wards["district"], strict=True
        )
    ]
