"""A map as SVG, as it stands in a page before the scripts that draw it have loaded.

It is drawn from what is sent to the live map and from the same geometry, on a grid finer than a screen.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from dashboard.query.caching import cached_up_to
from dashboard.subjects.lines import GEOMETRY_SCALE
from dashboard.ui.static_files import published_file
from geodata.programme.symbols import DARK, LAND

WORLD_PX = 256
"""Across the world at zoom 0, of which Leaflet makes its pixels."""

STEPS = 2048
"""Steps of the grid across the frame: more than pixels across a map."""

REACH = np.array([1.7, 1])
"""How far from its middle the map is drawn, to the sides and up and down, in lengths of the frame.

No screen is so much wider or higher.
"""

LEAST_STEPS = 0.5
"""What a vertex must stand off the line without it."""

_EQUATOR_M = 40_075_017
_LANDS = {LAND.lower(), DARK[LAND].lower()}


@dataclass(frozen=True)
class Outline:
    """A ward, and its outline as a path on the grid."""

    ward: Mapping[str, Any]
    path: str


@dataclass(frozen=True)
class Sheet:
    """The geometry of a vintage on the grid of a frame.

    Attributes
    ----------
    place
        Left and top of the frame and a step of the grid, in pixels of zoom 0.
    size
        Width and height of the frame in steps.
    wards
        In the order of the geometry.
    rivers
        Their width in steps, 0 where unknown, and their path.
    """

    place: tuple[float, float, float]
    size: tuple[float, float]
    wards: list[Outline]
    rivers: list[tuple[float, str]]


def _projected(degrees: Any) -> np.ndarray:
    """Return longitudes and latitudes in the Mercator projection, in pixels of zoom 0."""
    lon, lat = np.asarray(degrees, dtype="float64").T
    north = np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi)
    return WORLD_PX * np.column_stack([lon / 360 + 0.5, 0.5 - north])


@cached_up_to(8)
def sheet(address: str, focus: tuple[float, float, float, float]) -> Sheet:
    """Return the geometry that is served under an address, on the grid of a frame.

    Parameters
    ----------
    address
        From `dashboard.ui.geometry.geometry_address`.
    focus
        West, south, east, north in degrees of what the map is framed on.
    """
    document = json.loads(gzip.decompress(published_file(address)))
    west, south, east, north = focus
    first, last = _projected([(west, north), (east, south)])
    step = max(last - first) / STEPS
    middle, reach = (first + last) / 2, REACH * STEPS * step

    def path(line: list[int], end: str) -> str:
        degrees = np.cumsum(np.reshape(line, (-1, 2)), axis=0) / document["scale"]
        near = np.clip(_projected(degrees), middle - reach, middle + reach)
        kept = shapely.simplify(shapely.linestrings((near - first) / step), LEAST_STEPS)
        points = np.rint(shapely.get_coordinates(kept)).astype("int64")
        moves = np.diff(points, axis=0)
        moves = moves[moves.any(axis=1)]
        # A ring of less encloses nothing.
        if len(moves) < (2 if end else 1):
            return ""
        told = " ".join(map(str, moves.ravel().tolist())).replace(" -", "-")
        return f"M{points[0][0]} {points[0][1]}l{told}{end}"

    metre = WORLD_PX / _EQUATOR_M / np.cos(np.radians((south + north) / 2)) / step
    return Sheet(
        (float(first[0]), float(first[1]), float(step)),
        (float((last - first)[0] / step), float((last - first)[1] / step)),
        [
            Outline(
                # Without its polygons, which are large.
                {name: ward[name] for name in ("code", "name", "kind", "at")},
                "".join(path(ring, "z") for rings in ward["polygons"] for ring in rings),
            )
            for ward in document["wards"]
        ],
        [(round(river["width"] * metre, 1), path(river["line"], "")) for river in document["water"]],
    )


@dataclass(frozen=True)
class FirstMap:
    """What the template ``first_map`` draws.

    Attributes
    ----------
    state
        What is sent to the live map (`dashboard.ui.map.MapView.as_sent`), in the reader's language.
    sheet
        The wards.
    classes
        The class of each ward, of months that are played that of the first one.
    order
        The numbers of the wards below the rivers, and of those above them, as they are drawn.
    former
        Wards of other boundaries, and the number of the class of each.
    """

    state: Mapping[str, Any]
    sheet: Sheet
    classes: list[int]
    order: tuple[list[int], list[int]]
    former: list[tuple[Outline, int]]

    @property
    def circles(self) -> list[tuple[str, float]]:
        """Return where circles stand, the largest first, and their share of the largest one's diameter."""
        shown = self.state.get("circles")
        if not shown or not shown["most"]:
            return []
        values = shown["frames"][0] if self.state["frames"] else shown["values"]
        order = sorted((at for at, value in enumerate(values) if value > 0), key=lambda at: -values[at])
        return [(self.at(at), (values[at] / shown["most"]) ** 0.5) for at in order]

    def at(self, number: int) -> str:
        """Return the point inside a ward, on the grid."""
        left, top, step = self.sheet.place
        x, y = _projected([np.divide(self.sheet.wards[number].ward["at"], GEOMETRY_SCALE)])[0]
        return f"{(x - left) / step:.0f} {(y - top) / step:.0f}"


def first_map(state: Mapping[str, Any]) -> FirstMap:
    """Return what draws a map.

    Parameters
    ----------
    state
        See `FirstMap`.
    """
    west, south, east, north = state["focus"]
    focus = (west, south, east, north)
    shown = sheet(state["geometry"], focus)
    palette, frames = state["palette"], state["frames"]
    classes = [int(digit, 36) for digit in frames["classes"][0]] if frames else list(state["classes"])

    def height(number: int) -> int:
        """Return how far above the land a ward is drawn, as the live map does it."""
        entry, code = palette[classes[number]], shown.wards[number].ward["code"]
        if code == state["selected"]:
            return 3
        if entry["outlined"] or code in state["outlined"]:
            return 2
        is_land = not entry["pattern"] and entry["colour"].lower() in _LANDS
        return 0 if entry["faded"] or entry["is_land"] or entry["pattern"] == "dots" or is_land else 1

    order = sorted(range(len(classes)), key=height)
    former = [
        (outline, ward["number"])
        for vintage in state.get("former", {"vintages": []})["vintages"]
        for ward in vintage["wards"]
        for outline in sheet(vintage["geometry"], focus).wards
        if outline.ward["code"] == ward["code"]
    ]
    return FirstMap(
        state,
        shown,
        classes,
        ([at for at in order if not height(at)], [at for at in order if height(at)]),
        former,
    )
