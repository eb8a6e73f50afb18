"""Whether outlines lie, to metres, where those lie that are already held: a wrong datum moves them all.

Both may differ: drawn coarsely, or of another date. Differences go every way, a wrong system moves all the
same way, so the vector is searched that brings most of the new borders onto held ones (iterated closest
points, distances at right angles to the held border).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pyogrio.errors
import pyproj
import shapely

from etl.boundaries.checks import Finding
from etl.boundaries.place import NEAR_ZONES
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.language import Message, message, number

LEAST_SHIFT_M = 25.0
"""A shift below this is not told from how outlines are drawn. The city's two files lie 4 to 10 m apart."""

ROUGHNESS_FACTOR = 2.0
"""A shift below so many times the distance that remains is not told either: hand-drawn outlines, from which a
quarter of all borders keep 70 m and more, are placed to within 35 m."""

REACH_M = 600.0
"""Borders farther from any held one are not shared; the shift of a datum is at most some 500 m here."""

LEAST_POINTS = 100
"""So many points on shared borders it takes to judge."""

LEAST_OUTLINES = 50
"""So many outlines it takes where the shift does not bring borders onto each other: of few that have nothing
in common some vector always brings some nearer."""

LEAST_GAIN = 0.3
"""Borders are brought onto each other where the distance of the nearest quarter shrinks to this share."""

_STEP_M = 100.0
_POINTS = 1500
_FAR_M = 300.0
_ROUNDS = 20

_NO_SHIFT = "+proj=tmerc +lat_0=0 +lon_0={} +k=0.9999 +x_0=500000 +y_0=0 +datum=WGS84 +units=m"

LIKELY_CRS: dict[str, str] = {
    "VN-2000 / TM-3 105-45": "EPSG:9210",
    "VN-2000 / TM-3 105-30": "EPSG:9209",
    "VN-2000 / UTM zone 48N": "EPSG:3405",
    "VN-2000": "EPSG:4756",
    "WGS 84": STORAGE_CRS,
    "WGS 84 / UTM zone 48N": "EPSG:32648",
    "WGS 84 / TM 105°45′": _NO_SHIFT.format(105.75),
    "Hanoi 1972 / Gauss-Kruger zone 18": "EPSG:2044",
    "Indian 1960 / UTM zone 48N": "EPSG:3148",
    **{f"VN-2000 / TM-3 {zone}": code for zone, code in NEAR_ZONES.items()},
}
"""Reference systems in which outlines of the city are drawn, by name."""

Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Outlines = np.ndarray[tuple[int], np.dtype[np.object_]]


@dataclass(frozen=True)
class Shift:
    """How far new borders lie from held ones.

    Attributes
    ----------
    east_m, north_m
        What would bring them there.
    left_m
        The distance within which a quarter of the borders then lie.
    is_sure
        Whether borders are brought onto each other, or outlines are many.
    """

    east_m: float
    north_m: float
    left_m: float
    is_sure: bool

    @property
    def length_m(self) -> float:
        """Its length."""
        return float(np.hypot(self.east_m, self.north_m))

    @property
    def is_clear(self) -> bool:
        """Whether it is more than the outlines' own differences make."""
        return self.is_sure and self.length_m > max(LEAST_SHIFT_M, ROUGHNESS_FACTOR * self.left_m)


class Held:
    """Borders that are already held, as segments in EPSG:9210 that are quickly searched."""

    def __init__(self, outlines: Outlines) -> None:
        ends = [
            np.stack([corners[:-1], corners[1:]], axis=1)
            for ring in _rings(outlines)
            for corners in [shapely.get_coordinates(ring)]
        ]
        self._ends = np.concatenate(ends)
        self._tree = shapely.STRtree(np.asarray(shapely.linestrings(self._ends)))

    def distances(self, points: Points) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """Return how far each point lies from a border, in metres."""
        return self._tree.query_nearest(shapely.points(points), return_distance=True, all_matches=False)[1]

    def shared_count(self, points: Points) -> int:
        """Return how many points lie within reach of a border."""
        return int((self.distances(points) < REACH_M).sum())

    def shift(self, points: Points, outline_count: int) -> Shift | None:
        """Return what brings points on the borders of some outlines onto these; none where few are shared."""
        near = points[self.distances(points) < REACH_M]
        if len(near) < LEAST_POINTS:
            return None
        moved = self._start(near)
        for _ in range(_ROUNDS):
            found, distance = self._tree.query_nearest(
                shapely.points(near + moved), return_distance=True, all_matches=False
            )
            start, end = self._ends[found[1], 0], self._ends[found[1], 1]
            normal = np.column_stack([start[:, 1] - end[:, 1], end[:, 0] - start[:, 0]])
            normal /= np.maximum(np.hypot(*normal.T), 1e-9)[:, None]
            away = ((start - near - moved) * normal).sum(axis=1)
            # Borders that only one of both has would draw the vector off.
            is_shared = distance <= np.quantile(distance, 0.6)
            step = np.linalg.lstsq(normal[is_shared], away[is_shared], rcond=None)[0]
            moved += step
            if np.hypot(*step) < 0.5:
                break
        before, left = (float(np.quantile(self.distances(at), 0.25)) for at in (near, near + moved))
        is_sure = left < LEAST_GAIN * before or outline_count >= LEAST_OUTLINES
        return Shift(float(moved[0]), float(moved[1]), left, is_sure)

    def _start(self, points: Points) -> Points:
        """Return the vector of a coarse grid that brings points nearest: steps from afar may go astray."""
        some_points = points[:: max(1, len(points) // 200)]
        steps = np.arange(-300.0, 301.0, 100.0)
        grid = [np.array([east, north]) for east in steps for north in steps]
        return min(
            grid, key=lambda vector: float(np.minimum(self.distances(some_points + vector), _FAR_M).mean())
        )


def _rings(outlines: Outlines) -> list[shapely.LineString]:
    rings = shapely.get_parts(shapely.boundary(np.asarray(outlines)))
    return [ring for ring in rings if isinstance(ring, shapely.LineString) and not ring.is_empty]


def points_along(outlines: Outlines) -> Points:
    """Return points along all borders, in EPSG:9210, evenly spread."""
    rings = _rings(outlines)
    step = max(_STEP_M, sum(ring.length for ring in rings) / _POINTS)
    along = [
        shapely.line_interpolate_point(ring, np.arange(step / 2 * (ring.length > step), ring.length, step))
        for ring in rings
    ]
    return shapely.get_coordinates(np.concatenate(along))


def held_file(folders: Sequence[Path], shipped: Path, vintage: str) -> Path | None:
    """Return the file to measure against: one's own rather than a schematic one, then one of this vintage."""
    files = [path for folder in folders for path in sorted(folder.glob("wards_*.gpkg"))]
    name = f"wards_{vintage}.gpkg"
    return min(files, key=lambda path: (path.parent == shipped, path.name != name), default=None)


def check_shift(outlines: gpd.GeoSeries, crs: pyproj.CRS, held: Path | None) -> Finding:
    """Return how far outlines lie from those that are already held, and which system would put them there.

    Parameters
    ----------
    outlines
        In EPSG:4326.
    crs
        The reference system in which they were delivered.
    held
        The file to measure against.
    """
    check = message("place, to metres")
    if held is None:
        return Finding(check, message("not checked: no outlines are held"), "passed")
    try:
        known = pyogrio.read_dataframe(held, columns=[]).to_crs(METRIC_CRS).geometry.to_numpy()
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, AttributeError, ValueError):
        return Finding(check, message("not checked: {file} can't be read", file=held.name), "noted")
    borders = Held(known)
    points = points_along(outlines.to_crs(METRIC_CRS).to_numpy())
    shift = borders.shift(points, len(outlines))
    if shift is None:
        return Finding(check, message("not checked: {file} shares no borders", file=held.name), "passed")
    if not shift.is_clear:
        told = message("{distance} m from {file}", distance=number(shift.length_m), file=held.name)
        return Finding(check, told, "passed")
    told = message(
        "all borders lie {distance} m from those of {file}, moved one way: {east} m east, {north} m north",
        distance=number(shift.length_m),
        file=held.name,
        east=number(-shift.east_m, is_signed=True),
        north=number(-shift.north_m, is_signed=True),
    )
    return Finding(check, told, "failed", expected=_expected(points, len(outlines), crs, borders, shift))


@cache  # PROJ looks long for its ways from one datum to another
def _between(source: str, target: str | pyproj.CRS) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _expected(points: Points, outline_count: int, crs: pyproj.CRS, borders: Held, shift: Shift) -> Message:
    """Return which reference systems would bring points onto the held borders."""
    x, y = _between(STORAGE_CRS, crs).transform(*_between(METRIC_CRS, STORAGE_CRS).transform(*points.T))
    least_shared = 0.9 * borders.shared_count(points)
    fitting = []
    for name, code in LIKELY_CRS.items():
        there = np.column_stack(_between(code, METRIC_CRS).transform(x, y))
        if not np.isfinite(there).all() or borders.shared_count(there) < least_shared:
            continue
        other = borders.shift(there, outline_count)
        if other is not None and other.length_m < max(
            LEAST_SHIFT_M, ROUGHNESS_FACTOR * other.left_m, 0.3 * shift.length_m
        ):
            fitting.append(f"{name}: --crs {repr(code) if ' ' in code else code}")
    if fitting:
        return message("likely {systems}", systems="; ".join(fitting))
    return message("coordinates in the system that the file states, or --crs with the true one")
