"""Streets made in code: whatever network a test wants, in metres from the corner of the small city."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.itinerary.network import Network, NetworkSource
from tests.small_city import CORNER

SOURCE = NetworkSource("đường.osm", "0" * 64, "2025-12-31", "© OpenStreetMap (ODbL)")


@dataclass(frozen=True)
class Street:
    """A street between the ends of its line; two streets meet where their ends do."""

    line: tuple[tuple[float, float], ...]
    is_forward: bool = True
    is_backward: bool = True
    maxspeed_kmh: float = float("nan")
    highway: str = "residential"


def network(streets: Sequence[Street]) -> Network:
    """Return the network of some streets."""
    lines = [np.array(street.line, dtype=float) + CORNER for street in streets]
    ends = np.array([[line[0], line[-1]] for line in lines]).reshape(-1, 2)
    nodes, node = np.unique(ends, axis=0, return_inverse=True)
    node = node.reshape(-1, 2)
    classes = sorted({street.highway for street in streets})
    vertices = np.concatenate(lines)
    return Network(
        x=nodes[:, 0],
        y=nodes[:, 1],
        from_node=node[:, 0],
        to_node=node[:, 1],
        is_forward=np.array([street.is_forward for street in streets]),
        is_backward=np.array([street.is_backward for street in streets]),
        length_m=np.array([shapely.LineString(line).length for line in lines]),
        maxspeed_kmh=np.array([street.maxspeed_kmh for street in streets]),
        highway=np.array([classes.index(street.highway) for street in streets]),
        classes=tuple(classes),
        line_starts=np.r_[0, np.cumsum([len(line) for line in lines])],
        line_x=vertices[:, 0],
        line_y=vertices[:, 1],
        source=SOURCE,
    )


def points(*places: tuple[float, float]) -> gpd.GeoSeries:
    """Return places, in EPSG:4326."""
    return gpd.GeoSeries(shapely.points(np.array(places) + CORNER), crs=METRIC_CRS).to_crs(STORAGE_CRS)


def metres(line: shapely.LineString) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the vertices of a line in EPSG:4326 in metres from the corner of the small city."""
    metric = gpd.GeoSeries([line], crs=STORAGE_CRS).to_crs(METRIC_CRS).iloc[0]
    places: np.ndarray[tuple[int, int], np.dtype[np.float64]] = shapely.get_coordinates(metric) - CORNER
    return places


def grid(side: int, step_m: float, seed: int) -> Network:
    """Return a square grid of streets; three in ten may be driven one way only."""
    node = np.arange(side * side).reshape(side, side)
    tail = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    head = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    x = (CORNER[0] + np.arange(side * side) % side * step_m).astype(np.float64)
    y = (CORNER[1] + np.arange(side * side) // side * step_m).astype(np.float64)
    count = len(tail)
    return Network(
        x=x,
        y=y,
        from_node=tail,
        to_node=head,
        is_forward=np.ones(count, dtype=bool),
        is_backward=np.random.default_rng(seed).random(count) > 0.3,
        length_m=np.full(count, step_m),
        maxspeed_kmh=np.full(count, np.nan),
        highway=np.zeros(count, dtype=np.int64),
        classes=("residential",),
        line_starts=np.arange(count + 1) * 2,
        line_x=np.column_stack([x[tail], x[head]]).ravel(),
        line_y=np.column_stack([y[tail], y[head]]).ravel(),
        source=SOURCE,
    )
