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

import hashlib
import json
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely
from pyproj import Transformer
from scipy import ndimage

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.contract.errors import Fault, GeodataError, SourceError
from geodata.language import message
from geodata.settings import SHIPPED_BOUNDARIES, SOURCES, settings
from tools.official_units import data_folder, read_mapping, without_namesakes

UNITS, WARDS = "2025-01-01", "2025-07-01"
"""The vintages: *unit* means one of the first here, *ward* one of the second."""

CITY, JOINED = "31", "30"
"""Hải Phòng, and Hải Dương that joined it."""

AROUND = ("22", "24", "27", "33", "34")
"""The provinces around: Quảng Ninh, Bắc Giang, Bắc Ninh, Hưng Yên, Thái Bình."""

ISLAND = "318"
"""Bạch Long Vĩ lies 60 km off and is drawn by itself."""

FILL = 0.55
"""The usual share of its extent that a unit covers: an ellipse would cover 0.79, a triangle 0.5."""

MAIN_SHARE = 0.6
"""Share of a split unit that is taken to go to its main successor, before anything is drawn."""

SMALLEST_KM2 = {"xã": 1.0, "thị trấn": 1.0, "phường": 0.15}
"""A smaller extent is that of a street or a house within the unit."""

REACH = 2.0
"""How far from its middle a unit competes for cells, in half extents."""

BEYOND = 4.0
"""Extra cost of a cell outside the extent, per half extent of distance."""

BALANCE_CELL, DRAW_CELL = 100, 50
"""Sides of the cells in metres: for moving the weights, for the outlines."""

ROUNDS = 80
WARD_STEP, UNIT_STEP = 0.3, 0.15
"""How often the weights are moved, and how far at first. A ward's area is official; a unit's is a guess."""

STRAY_RADII = 2.0
"""A point further than this from its ward's, in radii of the ward, is that of another place."""

FURTHEST_KM = 1.0
"""Land further than this from any unit's reach stays outside the map."""

ISLET_KM2 = 0.1
"""Smaller islands are left out."""

TOLERANCE = 150
"""Tolerance of the simplification in metres: the root of the area by which a corner may be cut."""

EDGE = -2
"""What lies outside of a grid; -1 is what lies outside of the map."""

Integers: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float64]
Booleans: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """A raster of square cells in EPSG:9210; row 0 is the southern one.

    Attributes
    ----------
    west, south
        Its corner, metres.
    columns, rows
        How many cells it has.
    cell
        The side of a cell, metres.
    """

    west: float
    south: float
    columns: int
    rows: int
    cell: float

    @property
    def x(self) -> Floats:
        """The middle of each column, metres."""
        return np.asarray(self.west + (np.arange(self.columns) + 0.5) * self.cell, dtype=np.float64)

    @property
    def y(self) -> Floats:
        """The middle of each row, metres."""
        return np.asarray(self.south + (np.arange(self.rows) + 0.5) * self.cell, dtype=np.float64)

    @property
    def cell_km2(self) -> float:
        """The area of a cell in km²."""
        return self.cell**2 / 1e6

    def window(self, west: float, south: float, east: float, north: float) -> tuple[slice, slice]:
        """Return rows and columns of the cells that a box touches."""
        start = np.floor((np.array([south, west]) - [self.south, self.west]) / self.cell).astype(int)
        stop = np.ceil((np.array([north, east]) - [self.south, self.west]) / self.cell).astype(int)
        first, last = np.maximum(start, 0), np.minimum(stop, [self.rows, self.columns])
        return slice(first[0], max(first[0], last[0])), slice(first[1], max(first[1], last[1]))


def grid_over(units: pd.DataFrame, cell: float, margin: float = 2000) -> Grid:
    """Return a grid that holds the extents of units with a margin in metres, its corner on a full km."""
    west, south = (
        np.floor((units[at] - units[half]).min() / 1000 - margin / 1000) * 1000
        for at, half in (("x", "half_width"), ("y", "half_height"))
    )
    east, north = ((units["x"] + units["half_width"]).max(), (units["y"] + units["half_height"]).max())
    columns, rows = (
        int(np.ceil((end + margin - start) / cell)) for start, end in ((west, east), (south, north))
    )
    return Grid(west, south, columns, rows, cell)


def extents_touch(units: pd.DataFrame, grid: Grid) -> pd.Series:
    """Return which units' extents reach into a grid."""
    return (
        (units["x"] + units["half_width"]).ge(grid.west)
        & (units["x"] - units["half_width"]).le(grid.x[-1])
        & (units["y"] + units["half_height"]).ge(grid.south)
        & (units["y"] - units["half_height"]).le(grid.y[-1])
    )


def metres(longitude: pd.Series, latitude: pd.Series) -> tuple[Floats, Floats]:
    """Return degrees as metres in EPSG:9210."""
    transformer = Transformer.from_crs(STORAGE_CRS, METRIC_CRS, always_xy=True)
    x, y = transformer.transform(longitude.to_numpy(dtype=float), latitude.to_numpy(dtype=float))
    return np.asarray(x), np.asarray(y)


def read_units(folder: Path) -> pd.DataFrame:
    """Return the units of 2025-01-01 of the city, of Hải Dương and around, from vietnamadminunits' data.

    Columns: ``province_code``, ``ward_code``, ``key`` (in the mapping), ``ward_name``, ``ward_kind``; the
    extent's ``half_width``, ``half_height`` and middle ``x``, ``y``, metres in EPSG:9210; and ``basis``:

    - ``extent``: these are of the unit's extent;
    - ``point``: the extent is that of a house or street in it; the middle is the unit's reference point;
    - ``none``: extent and point are its district's or another unit's.

    ``is_merged``: the unit took over others. Its figures are of before that, so it is larger than they tell.
    """
    provinces = (CITY, JOINED, *AROUND)
    with sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True) as connection:
        rows = pd.read_sql_query(
            f"SELECT * FROM admin_units_legacy WHERE provinceCode IN ({','.join('?' * len(provinces))}) "
            "ORDER BY provinceCode, districtCode, wardCode",
            connection,
            params=provinces,
        )
    connection.close()
    is_ward = rows["wardCode"].notna()
    bounds = rows["wardBounds"].where(is_ward, rows["districtBounds"])
    degrees = bounds.str.extract(r"([\d.]+),([\d.]+) – ([\d.]+),([\d.]+)").astype(float)
    west, south = metres(degrees[1], degrees[0])
    east, north = metres(degrees[3], degrees[2])
    point_x, point_y = metres(rows["wardLon"], rows["wardLat"])
    kind = rows["wardType"].where(is_ward, rows["districtType"]).str.lower()
    half_width, half_height = (east - west) / 2, (north - south) / 2
    is_small = 4 * half_width * half_height / 1e6 < kind.map(SMALLEST_KM2).fillna(0).to_numpy()
    units = pd.DataFrame(
        {
            "province_code": rows["provinceCode"],
            "ward_code": rows["wardCode"].where(is_ward, rows["districtCode"]),
            "key": rows["provinceKey"] + "_" + rows["districtKey"] + "_" + rows["wardKey"].fillna(""),
            "ward_name": rows["wardShort"].where(is_ward, rows["districtShort"]),
            "ward_kind": kind,
            "x": np.where(is_small, point_x, (west + east) / 2),
            "y": np.where(is_small, point_y, (south + north) / 2),
            "half_width": half_width,
            "half_height": half_height,
            "is_merged": rows["wardAlias"].fillna("[]") != "[]",
        }
    )
    is_district = is_ward & (rows["wardBounds"] == rows["districtBounds"])
    # Two units of one name, or of like names, were given the place of one of them.
    twice = is_ward & rows.duplicated(["wardLat", "wardLon"], keep=False)
    address = rows["wardGeoAddress"].fillna("").str.split(", ")
    is_own = pd.Series(
        [
            parts[:1] == [name] and district in parts
            for parts, name, district in zip(address, rows["wardShort"], rows["districtShort"], strict=True)
        ],
        index=rows.index,
    )
    basis = pd.Series("extent", index=units.index).mask(is_small, "point")
    return units.assign(basis=basis.mask(is_district | (twice & ~is_own), "none"))


def box_km2(units: pd.DataFrame) -> pd.Series:
    """Return the area of each unit's extent in km²."""
    return 4 * units["half_width"] * units["half_height"] / 1e6


def read_wards(folder: Path) -> pd.DataFrame:
    """Return the wards of 2025-07-01 from vietnamadminunits' data.

    Columns: ``ward_code``, ``key``, ``ward_name``, ``area_km2`` (official), and the point ``x``, ``y``,
    metres in EPSG:9210.
    """
    with sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True) as connection:
        rows = pd.read_sql_query(
            "SELECT wardCode, wardKey, wardShort, wardAreaKm2, wardLon, wardLat FROM admin_units "
            "WHERE provinceCode = ? ORDER BY wardCode",
            connection,
            params=(CITY,),
        )
    connection.close()
    x, y = metres(rows["wardLon"], rows["wardLat"])
    names = {"wardCode": "ward_code", "wardKey": "key", "wardShort": "ward_name", "wardAreaKm2": "area_km2"}
    return rows.rename(columns=names)[list(names.values())].assign(x=x, y=y)


def read_parts(folder: Path, units: pd.DataFrame, wards: pd.DataFrame) -> pd.DataFrame:
    """Return what became of each unit: a row for each ward that took it over or a part of it.

    Columns: ``unit``, ``ward`` (rows of the frames given; ward -1 for a unit of another province) and
    ``is_main`` (the unit went there whole, or the package's mapping prefers this successor).
    """
    divided = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    others = {
        (old, part["newWardKey"])
        for old, successors in divided["DICT_PROVINCE_WARD_DIVIDED"]["thanhphohaiphong"].items()
        for part in successors
        if not part["isDefaultNewWard"]
    }
    mapping = without_namesakes(read_mapping(folder))
    is_other = [pair in others for pair in zip(mapping["from_key"], mapping["to_key"], strict=True)]
    # A unit whose successors were put right may have lost the preferred one: the first stands for it.
    order = mapping.assign(is_other=is_other).sort_values(["is_other", "to_key"], kind="stable")
    order = order.assign(is_main=~order.duplicated("from_key"))
    rows = (
        units.reset_index(names="unit")[["unit", "key"]]
        .merge(order, left_on="key", right_on="from_key", how="left", validate="one_to_many")
        .merge(
            wards.reset_index(names="ward")[["ward", "key"]],
            left_on="to_key",
            right_on="key",
            how="left",
            validate="many_to_one",
        )
    )
    parts = rows[["unit", "ward", "is_main"]].sort_values(["unit", "ward"], ignore_index=True)
    return parts.assign(
        ward=parts["ward"].fillna(-1).astype(int), is_main=parts["is_main"].fillna(True).astype(bool)
    )


def swapped_points(units: pd.DataFrame, wards: pd.DataFrame, parts: pd.DataFrame) -> list[tuple[int, int]]:
    """Return pairs of wards whose points the package confuses.

    Its mapping prefers the successor whose point is nearer. If of two split units each goes by preference
    to the namesake of the other rather than to its own, the points of these two wards are exchanged: Gia Lộc
    and Gia Phúc.
    """
    split = parts[parts.duplicated("unit", keep=False)]
    main = split[split["is_main"]].set_index("unit")["ward"]
    is_namesake = units["ward_name"].reindex(split["unit"]).to_numpy() == (
        wards["ward_name"].reindex(split["ward"]).to_numpy()
    )
    passed_over = split[is_namesake & ~split["is_main"]]
    pairs = set(zip(passed_over["ward"], main.reindex(passed_over["unit"]), strict=True))
    return sorted((one, other) for one, other in pairs if one < other and (other, one) in pairs)


def with_points_exchanged(
    wards: pd.DataFrame, parts: pd.DataFrame, pairs: Sequence[tuple[int, int]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return wards and parts with the points of each pair, and the preference between the two, exchanged."""
    wards, parts = wards.copy(), parts.copy()
    for one, other in pairs:
        wards.loc[[one, other], ["x", "y"]] = wards.loc[[other, one], ["x", "y"]].to_numpy()
        both = parts[parts["ward"].isin([one, other])]
        both = both[both.duplicated("unit", keep=False)]
        for _, rows in both.groupby("unit"):
            parts.loc[rows.index, "is_main"] = rows["is_main"].to_numpy()[::-1]
    return wards, parts


def shares(parts: pd.DataFrame) -> pd.Series:
    """Return the share of its unit that each part is taken to be, before anything is drawn."""
    count = parts.groupby("unit")["ward"].transform("size")
    other = (1 - MAIN_SHARE) / (count - 1).clip(lower=1)
    return other.where(~parts["is_main"], MAIN_SHARE).where(count > 1, 1.0)


def without_strays(units: pd.DataFrame, wards: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return the units with no point taken for theirs that lies in another place than their main ward."""
    main = parts[parts["is_main"] & (parts["ward"] >= 0)].set_index("unit")["ward"]
    points = units.loc[units["basis"] == "point", ["x", "y"]].join(main, how="inner")
    ward = wards.loc[points["ward"]].set_axis(points.index)
    radii = np.hypot(points["x"] - ward["x"], points["y"] - ward["y"]) / radius_m(ward)
    return units.assign(basis=units["basis"].mask(units.index.isin(radii.index[radii > STRAY_RADII]), "none"))


def radius_m(wards: pd.DataFrame) -> pd.Series:
    """Return the radius in metres of a circle of each ward's official area."""
    radius: pd.Series = np.sqrt(wards["area_km2"] * 1e6 / np.pi)
    return radius


def placed(units: pd.DataFrame, wards: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return the units with an extent each, and ``area_km2`` where their own extent tells it.

    A unit without a useful extent gets a square one, for the area that is left of its main ward's official
    area, shared among such units. It lies around the unit's point; or, where there is none, so that all
    units of the ward together have the ward's point in their middle, though not further from that point
    than the radius of the ward. Several such units of one ward stand in one place: only the ward is drawn.
    """
    has_extent = units["basis"] == "extent"
    told = (FILL * box_km2(units)).where(has_extent)
    inside = parts[parts["ward"] >= 0].assign(share=shares(parts))
    inside = inside.assign(basis=inside["unit"].map(units["basis"]), area=inside["unit"].map(told))
    left = wards["area_km2"] - (inside["area"] * inside["share"]).groupby(inside["ward"]).sum()
    vague = inside[(inside["basis"] != "extent") & inside["is_main"]]
    guessed = vague["ward"].map(left) / vague.groupby("ward")["unit"].transform("size")
    least = vague["unit"].map(units["ward_kind"]).map(SMALLEST_KM2)
    area = told.fillna(guessed.clip(lower=least).set_axis(vague["unit"]))

    middle = units[["x", "y"]].copy()
    for ward, rows in vague[vague["basis"] == "none"].groupby("ward"):
        own = rows["unit"]
        rest = inside[(inside["ward"] == ward) & (inside["basis"] != "none")]
        weight = (rest["unit"].map(area) * rest["share"]).to_numpy()
        point = wards.loc[ward, ["x", "y"]].to_numpy(dtype=float)
        offset = -weight @ (units.loc[rest["unit"], ["x", "y"]].to_numpy() - point) / area[own].sum()
        radius = radius_m(wards.loc[[ward]]).iloc[0]
        middle.loc[own] = point + offset * min(1.0, radius / max(float(np.hypot(*offset)), 1.0))
        area[own] = area[own].sum()
    half = np.sqrt(area * 1e6 / FILL) / 2
    return units.assign(
        x=middle["x"],
        y=middle["y"],
        half_width=units["half_width"].where(has_extent, half),
        half_height=units["half_height"].where(has_extent, half),
        area_km2=told,
    )


def land_cells(grid: Grid) -> Booleans:
    """Return which cells are land by OpenStreetMap; water that the sea does not reach counts as land."""
    # Imported here, for the package is 110 MB large and nothing else needs it.
    from roaring_landmask import LandmaskProvider, RoaringLandmask

    transformer = Transformer.from_crs(METRIC_CRS, STORAGE_CRS, always_xy=True)
    x, y = np.meshgrid(grid.x, grid.y)
    longitude, latitude = transformer.transform(x.ravel(), y.ravel())
    # The polygons themselves: the mask before them has steps of 460 m, and loses land at the coast.
    polygons = RoaringLandmask.new_with_provider(LandmaskProvider.Osm).shapes
    land = np.asarray(polygons.contains_many(longitude, latitude)).reshape(grid.rows, grid.columns)
    return np.asarray(ndimage.binary_fill_holes(land))


def eccentricity(x: Floats, y: Floats, unit: Any) -> Floats:
    """Return how far from the middle of a unit's extent the cells of columns x and rows y lie.

    The square of the distance in half extents (0 in the middle, 1 where the ellipse in the extent ends), and
    `BEYOND` more per half extent outside of the extent.
    """
    across = np.abs(x - unit.x)[None, :] / unit.half_width
    along = np.abs(y - unit.y)[:, None] / unit.half_height
    outside = np.maximum(np.maximum(across, along) - 1, 0)
    return np.asarray(across**2 + along**2 + BEYOND * outside)


def detour(x: Floats, y: Floats, unit: Any, ward: Any, whole: pd.DataFrame) -> Floats:
    """Return how far the cells of a split unit lie from a ward that took over a part of it.

    The distance to the middle of the nearest unit that the ward took over whole (or to the ward's point,
    where it has none), less 0.6 of that unit's half extent, in mean half extents of the split unit.
    """
    cores: list[Any] = list(whole.itertuples()) or [ward]
    distances = [
        np.hypot(
            np.maximum(np.abs(x - core.x) - 0.6 * getattr(core, "half_width", 0), 0)[None, :],
            np.maximum(np.abs(y - core.y) - 0.6 * getattr(core, "half_height", 0), 0)[:, None],
        )
        for core in cores
    ]
    return np.asarray(np.min(distances, axis=0) / np.sqrt(unit.half_width * unit.half_height))


@dataclass(frozen=True)
class Claim:
    """What a part of a unit asks for: its window of the grid, and the cost of each cell there."""

    unit: int
    ward: int
    rows: slice
    columns: slice
    cost: Floats


def claims(
    grid: Grid, land: Booleans, units: pd.DataFrame, wards: pd.DataFrame, parts: pd.DataFrame
) -> list[Claim]:
    """Return the claim of each part, in their order.

    Water is claimed within the extents alone, since official areas count it; `outlines` are of land.
    """
    count = parts.groupby("unit")["ward"].transform("size")
    is_whole = (count == 1) & (parts["ward"] >= 0)
    whole = {ward: units.loc[rows["unit"]] for ward, rows in parts[is_whole].groupby("ward")}
    made: list[Claim] = []
    for index, rows in parts.groupby("unit", sort=True):
        unit: Any = next(units.loc[[index]].itertuples())
        reach_x, reach_y = REACH * unit.half_width, REACH * unit.half_height
        window = grid.window(unit.x - reach_x, unit.y - reach_y, unit.x + reach_x, unit.y + reach_y)
        x, y = grid.x[window[1]], grid.y[window[0]]
        inside = (np.abs(x - unit.x) <= unit.half_width)[None, :] & (np.abs(y - unit.y) <= unit.half_height)[
            :, None
        ]
        cost = np.where(land[window] | inside, eccentricity(x, y, unit), np.inf)
        detours = [np.zeros(cost.shape)]
        if len(rows) > 1:
            detours = [
                detour(x, y, unit, wards.loc[ward], whole.get(ward, units.head(0))) for ward in rows["ward"]
            ]
        nearest = np.min(detours, axis=0)
        made += [
            Claim(unit.Index, ward, *window, cost + way - nearest)
            for ward, way in zip(rows["ward"].tolist(), detours, strict=True)
        ]
    return made


@dataclass(frozen=True)
class Aims:
    """What the weights of units, or of wards, aim at.

    Attributes
    ----------
    x, y
        The middle that each should have, and the origin of its tilt, metres.
    scale_x, scale_y
        The lengths in which a distance from there counts.
    cells
        How many cells each should have; NaN where that is unknown.
    is_least
        Whether it may have more cells than that.
    has_middle
        Whether the middle is known.
    step
        How far a weight moves at first for a whole area, or a whole length, that is missing.
    """

    x: Floats
    y: Floats
    scale_x: Floats
    scale_y: Floats
    cells: Floats
    is_least: Booleans
    has_middle: Booleans
    step: float


def tilt(aims: Aims, weights: Floats, index: int, x: Floats, y: Floats) -> Floats:
    """Return by how much the cells of columns x and rows y are made cheaper for a unit or ward."""
    level, east, north = weights[index]
    along_x = east * (x - aims.x[index]) / aims.scale_x[index]
    along_y = north * (y - aims.y[index]) / aims.scale_y[index]
    return np.asarray(level + along_x[None, :] + along_y[:, None])


def labelled(
    grid: Grid, asked: Sequence[Claim], units: Aims, wards: Aims, unit_weights: Floats, ward_weights: Floats
) -> Integers:
    """Return the claim that each cell goes to, the cheapest one; -1 where there is none."""
    best = np.full((grid.rows, grid.columns), np.inf)
    labels = np.full((grid.rows, grid.columns), -1, dtype=np.int32)
    for number, claim in enumerate(asked):
        x, y = grid.x[claim.columns], grid.y[claim.rows]
        cost = claim.cost - tilt(units, unit_weights, claim.unit, x, y)
        if claim.ward >= 0:
            cost = cost - tilt(wards, ward_weights, claim.ward, x, y)
        window = (claim.rows, claim.columns)
        cheaper = cost < best[window]
        best[window][cheaper] = cost[cheaper]
        labels[window][cheaper] = number
    return labels


def measured(labels: Integers, grid: Grid, count: int) -> tuple[Floats, Floats, Floats]:
    """Return number of cells, and mean x and y in metres (NaN without cells), of each label below count."""
    rows, columns = np.nonzero(labels >= 0)
    label = labels[rows, columns]
    cells = np.bincount(label, minlength=count).astype(float)
    with np.errstate(invalid="ignore"):
        x = np.bincount(label, grid.x[columns], minlength=count) / cells
        y = np.bincount(label, grid.y[rows], minlength=count) / cells
    return cells, x, y


def moved(weights: Floats, aims: Aims, labels: Integers, grid: Grid, damping: float) -> Floats:
    """Return the weights a step nearer to their aims. The larger the weight, the more cells."""
    cells, x, y = measured(labels, grid, len(weights))
    missing = np.column_stack(
        [
            np.clip((aims.cells - cells) / aims.cells, np.where(aims.is_least, 0, -1), 1),
            np.where(aims.has_middle, np.clip(2 * (aims.x - x) / aims.scale_x, -1, 1), 0),
            np.where(aims.has_middle, np.clip(2 * (aims.y - y) / aims.scale_y, -1, 1), 0),
        ]
    )
    forward = weights + aims.step * damping * np.nan_to_num(missing)
    return np.asarray(np.clip(forward, [-2, -1, -1], [2, 1, 1]))


def balanced(
    grid: Grid, asked: Sequence[Claim], units: Aims, wards: Aims, rounds: int = ROUNDS
) -> tuple[Floats, Floats]:
    """Return the weights of units and wards that bring each nearest to what it aims at.

    A ward whose point lies further from what it covers at first than its radius is not moved towards it:
    the point is then that of an office at its edge (Cát Hải).
    """
    unit_of = np.array([claim.unit for claim in asked] + [-1], dtype=np.int32)
    ward_of = np.array([claim.ward for claim in asked] + [-1], dtype=np.int32)
    unit_weights, ward_weights = np.zeros((len(units.x), 3)), np.zeros((len(wards.x), 3))
    for number in range(rounds):
        labels = labelled(grid, asked, units, wards, unit_weights, ward_weights)
        if number == 0:
            _, x, y = measured(ward_of[labels], grid, len(wards.x))
            is_near = np.hypot(x - wards.x, y - wards.y) < wards.scale_x
            wards = replace(wards, has_middle=wards.has_middle & is_near)
        damping = 1 / (1 + number / 20)
        unit_weights = moved(unit_weights, units, unit_of[labels], grid, damping)
        ward_weights = moved(ward_weights, wards, ward_of[labels], grid, damping)
    return unit_weights, ward_weights


def unit_aims(units: pd.DataFrame, grid: Grid) -> Aims:
    """Return what the units aim at: the usual share of their extents, around the middle of these."""
    is_merged = units["is_merged"].to_numpy()
    return Aims(
        units["x"].to_numpy(),
        units["y"].to_numpy(),
        units["half_width"].to_numpy(),
        units["half_height"].to_numpy(),
        cells=units["area_km2"].to_numpy() / grid.cell_km2,
        is_least=is_merged,
        has_middle=units["area_km2"].notna().to_numpy() & ~is_merged,
        step=UNIT_STEP,
    )


def ward_aims(wards: pd.DataFrame, grid: Grid) -> Aims:
    """Return what the wards aim at: their official areas, around their points."""
    radius = radius_m(wards).to_numpy()
    return Aims(
        wards["x"].to_numpy(),
        wards["y"].to_numpy(),
        radius,
        radius,
        cells=wards["area_km2"].to_numpy() / grid.cell_km2,
        is_least=np.full(len(wards), False),
        has_middle=np.full(len(wards), True),
        step=WARD_STEP,
    )


def filled(labels: Integers, holes: Booleans, limit: float) -> Integers:
    """Return the labels with each hole given the label of the nearest cell that has one.

    Parameters
    ----------
    limit
        How far that may be, in cells; holes further off stay -1.
    """
    is_empty = holes | (labels < 0)
    distance, (row, column) = ndimage.distance_transform_edt(is_empty, return_indices=True)
    return np.where(holes, np.where(distance <= limit, labels[row, column], -1), labels).astype(np.int32)


def fragments(groups: Integers) -> Booleans:
    """Return the cells of each group that are cut off from the rest of it by other groups.

    The largest piece of a group stays, and so does one of a quarter of its size (Vạn Hương has a peninsula
    and an island), an island, or what the edge of the grid cuts off.
    """
    framed = np.pad(groups, 1, constant_values=EDGE)
    cut_off = np.zeros(framed.shape, dtype=np.bool_)
    for number, window in enumerate(ndimage.find_objects(np.maximum(framed, -1) + 1), start=1):
        if window is None:
            continue
        rows, columns = (slice(side.start - 1, side.stop + 1) for side in window)
        around = framed[rows, columns]
        pieces, count = ndimage.label(around == number - 1)
        sizes = np.bincount(pieces.ravel(), minlength=count + 1)
        for piece in np.nonzero(sizes[1:] < sizes[1:].max() / 4)[0] + 1:
            cells = pieces == piece
            rim = around[ndimage.binary_dilation(cells) & ~cells]
            if (rim >= 0).any() and (rim != EDGE).all():
                cut_off[rows, columns] |= cells
    return cut_off[1:-1, 1:-1]


def claimed_land(land: Booleans, grid: Grid, units: pd.DataFrame) -> Booleans:
    """Return the land without its islets, and without islands that lie mostly outside of all extents."""
    inside = np.zeros(land.shape, dtype=np.bool_)
    for x, y, half_width, half_height in units[["x", "y", "half_width", "half_height"]].to_numpy():
        inside[grid.window(x - half_width, y - half_height, x + half_width, y + half_height)] = True
    pieces, count = ndimage.label(land)
    sizes, claimed = (np.bincount(pieces[at], minlength=count + 1) for at in (land, land & inside))
    stays = (sizes * grid.cell_km2 >= ISLET_KM2) & (claimed > sizes / 2)
    return np.asarray(stays[pieces])


def outlines(labels: Integers, grid: Grid) -> gpd.GeoSeries:
    """Return the polygons of each label of 0 or more, in EPSG:9210, indexed by label.

    They meet in common corners: two neighbours share every vertex of the edge between them.
    """
    framed = np.pad(labels, 1, constant_values=-1)
    framed = np.where(framed < 0, -1, framed)
    across = np.nonzero(framed[1:, 1:-1] != framed[:-1, 1:-1])
    along = np.nonzero(framed[1:-1, 1:] != framed[1:-1, :-1])
    corners = np.concatenate(
        [
            np.stack([across[1], across[0], across[1] + 1, across[0]], axis=1),
            np.stack([along[1], along[0], along[1], along[0] + 1], axis=1),
        ]
    ).reshape(-1, 2, 2)
    segments = shapely.linestrings([grid.west, grid.south] + corners * float(grid.cell))
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(segments)))
    polygons = shapely.get_parts(shapely.polygonize(lines))
    inside = shapely.get_coordinates(shapely.point_on_surface(polygons))
    column, row = ((inside - [grid.west, grid.south]) / grid.cell).astype(int).T
    label = labels[row, column]
    series = gpd.GeoSeries(polygons[label >= 0], index=label[label >= 0], crs=METRIC_CRS)
    return series.sort_index(kind="stable")


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
    joined = {
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
        listed, geometry=polygons.reindex(listed["ward_code"]).to_numpy(), crs=polygons.crs
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
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()},{path.name},schematic,schematic")
    return 0


if __name__ == "__main__":
    sys.exit(main())
