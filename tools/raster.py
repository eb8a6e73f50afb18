"""The city as a raster: cells that units claim by their extents, outlines from labelled cells."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer
from scipy import ndimage

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS

REACH = 2.0
"""How far from its middle a unit competes for cells, in half extents."""

BEYOND = 4.0
"""Extra cost of a cell outside the extent, per half extent of distance."""

FURTHEST_KM = 1.0
"""Land further than this from any unit's reach stays outside the map."""

ISLET_KM2 = 0.1
"""Smaller islands are left out."""

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
    segments = np.asarray(shapely.linestrings([grid.west, grid.south] + corners * float(grid.cell)))
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(segments)))
    polygons = shapely.get_parts(shapely.polygonize(lines))
    inside = shapely.get_coordinates(shapely.point_on_surface(polygons))
    column, row = ((inside - [grid.west, grid.south]) / grid.cell).astype(int).T
    label = labels[row, column]
    series = gpd.GeoSeries(polygons[label >= 0], index=label[label >= 0], crs=METRIC_CRS)
    return gpd.GeoSeries(series.sort_index(kind="stable"))
