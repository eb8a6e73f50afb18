"""The map of the sheet to print: what ``sheet_map.svg.j2`` draws, in millimetres of paper, from EPSG:9210."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from geodata.contract.crs import STORAGE_CRS, to_metric
from geodata.itinerary.document import TeamDay, TimedLeg, TimedStop
from geodata.itinerary.files.wording import kilometres, place
from geodata.language import Language, Words, joined, message, number

RADIUS_MM = 2.6
"""Of a stop's disc."""
_MARGIN_MM = 9
_LEAST_SIDE_M = 2000
"""What the frame shows at least, metres: one street says nothing of where it lies."""
_LETTER_MM = 1.75
"""Width of a letter of a name, rather too wide."""
_LINE_MM = 3.6
_GOLDEN_ANGLE = 2.39996
"""Turns by it never come back to where one has been, radians."""


@dataclass(frozen=True)
class _Frame:
    """Part of EPSG:9210 on a piece of paper: metres to millimetres from its upper left corner."""

    west: float
    north: float
    mm_per_m: float
    width: float
    height: float

    def on_paper(self, metres: np.ndarray) -> np.ndarray:
        """Return points of EPSG:9210 as millimetres of paper."""
        paper: np.ndarray = (metres - [self.west, self.north]) * [self.mm_per_m, -self.mm_per_m]
        return paper

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres."""
        return (
            self.west,
            self.north - self.height / self.mm_per_m,
            self.west + self.width / self.mm_per_m,
            self.north,
        )


SIGNS = {"start": message("S"), "end": message("E")}
"""What marks the start and the end on map and list."""


@dataclass(frozen=True)
class _Mark:
    """A disc on the map: where it belongs, what stands in it, and the name beside it."""

    at: tuple[float, float]
    sign: str
    name: str
    is_visit: bool

    @property
    def half_width(self) -> float:
        """Half the width of the disc, millimetres."""
        return max(RADIUS_MM, len(self.sign) * 0.72 + 0.9)


@dataclass(frozen=True)
class _Ward:
    path: str
    is_visited: bool


@dataclass(frozen=True)
class _Way:
    """The way of a leg; its arrow has a place and an angle in degrees, a short way has none."""

    path: str
    is_estimate: bool
    arrow: tuple[float, float, float] | None


@dataclass(frozen=True)
class _Disc:
    """Where a mark is drawn, which is not where it belongs if it would cover another one."""

    mark: _Mark
    at: tuple[float, float]

    @property
    def is_moved(self) -> bool:
        """Whether a line leads from the disc to its place."""
        return math.dist(self.mark.at, self.at) >= 0.8


@dataclass(frozen=True)
class _Name:
    text: str
    anchor: str
    at: tuple[float, float]


@dataclass(frozen=True)
class Drawing:
    """The map of a team's way, in millimetres of paper; ``sheet_map.svg.j2`` draws it."""

    width: float
    height: float
    wards: list[_Ward]
    legs: list[_Way]
    discs: list[_Disc]
    names: list[_Name]
    scale: Words
    scale_mm: float


def draw_map(
    team: TeamDay, width: float, height: float, wards: gpd.GeoDataFrame | None, language: Language
) -> Drawing:
    """Return the way of a team with its numbered stops.

    Parameters
    ----------
    team
        See `geodata.itinerary.document`.
    width, height
        Millimetres of paper.
    wards
        Boundaries with the column ``ward_code``, of the itinerary's vintage; those of the stops are filled.
    language
        Language of the reader: a sign takes as much room as it has letters.
    """
    points = _metres([(stop.lon, stop.lat) for stop in team.stops])
    ways = [_metres(leg.way) for leg in team.legs]
    frame = _frame(np.vstack([points, *ways]), width, height)
    marks = _marks(team.stops, frame.on_paper(points), language)
    discs = [
        _Disc(mark, (float(x), float(y))) for mark, (x, y) in zip(marks, _apart(marks, frame), strict=True)
    ]
    drawn = [frame.on_paper(line) for line in ways]
    scale, scale_mm = _scale(frame)
    return Drawing(
        width=width,
        height=height,
        wards=_wards(wards, {stop.ward_code for stop in team.stops if stop.ward_code}, frame),
        legs=[_way(leg, line) for leg, line in zip(team.legs, drawn, strict=True)],
        discs=discs,
        names=_names(discs, frame, drawn),
        scale=scale,
        scale_mm=scale_mm,
    )


def _metres(lonlat: Sequence[tuple[float, float]]) -> np.ndarray:
    line = gpd.GeoSeries([shapely.MultiPoint(lonlat)], crs=STORAGE_CRS)
    found: np.ndarray = shapely.get_coordinates(to_metric(line).iloc[0])
    return found


def _frame(points: np.ndarray, width: float, height: float) -> _Frame:
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    mm_per_m = min(
        (width - 2 * _MARGIN_MM) / max(east - west, _LEAST_SIDE_M),
        (height - 2 * _MARGIN_MM) / max(north - south, _LEAST_SIDE_M),
    )
    return _Frame(
        west=(west + east) / 2 - width / 2 / mm_per_m,
        north=(south + north) / 2 + height / 2 / mm_per_m,
        mm_per_m=mm_per_m,
        width=width,
        height=height,
    )


def _path(paper: np.ndarray, *, is_ring: bool = False) -> str:
    """Return a line as the data of an SVG path, to a twentieth of a millimetre."""
    drawn = shapely.simplify(shapely.LineString(paper), 0.05)
    text = "L".join(f"{x:.2f} {y:.2f}" for x, y in shapely.get_coordinates(drawn))
    return f"M{text}Z" if is_ring else f"M{text}"


def _wards(wards: gpd.GeoDataFrame | None, visited: set[str], frame: _Frame) -> list[_Ward]:
    if wards is None or wards.empty:
        return []
    inside = shapely.clip_by_rect(to_metric(wards.geometry).to_numpy(), *frame.box)
    drawn = []
    for shape, code in zip(inside, wards["ward_code"], strict=True):
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
        path = "".join(
            _path(frame.on_paper(shapely.get_coordinates(ring)), is_ring=True)
            for ring in rings
            if not ring.is_empty
        )
        if path:
            drawn.append(_Ward(path, code in visited))
    return drawn


def _way(leg: TimedLeg, paper: np.ndarray) -> _Way:
    path, is_estimate = _path(paper), leg.method == "straight_line"
    line = shapely.LineString(paper)
    if line.length < 4 * RADIUS_MM:
        return _Way(path, is_estimate, None)
    before, tip = (line.interpolate(line.length / 2 + step) for step in (-0.8, 0.8))
    angle = math.degrees(math.atan2(tip.y - before.y, tip.x - before.x))
    return _Way(path, is_estimate, ((before.x + tip.x) / 2, (before.y + tip.y) / 2, angle))


def _marks(stops: Sequence[TimedStop], paper: np.ndarray, language: Language) -> list[_Mark]:
    """Return the discs of the stops; start and end are one where they are one place."""
    marks = [
        _Mark(
            at=(float(x), float(y)),
            sign=SIGNS[stop.kind].render(language) if stop.kind in SIGNS else str(stop.number),
            name=place(stop),
            is_visit=stop.kind == "visit",
        )
        for stop, (x, y) in zip(stops, paper, strict=True)
    ]
    ends = len(marks) > 1 and stops[-1].kind == "end" and math.dist(marks[0].at, marks[-1].at) < 0.5
    if ends and stops[0].kind == "start":
        both = _Mark(marks[0].at, f"{marks[0].sign}, {marks[-1].sign}", marks[0].name, is_visit=False)
        marks = [both, *marks[1:-1]]
    return marks


def _apart(marks: Sequence[_Mark], frame: _Frame) -> np.ndarray:
    """Return where discs stand that would cover each other at their own places: pushed apart."""
    turns = np.arange(len(marks)) * _GOLDEN_ANGLE
    # Stops at one place have no direction in which to part: each is moved a hair's breadth in one of its own.
    at = np.array([mark.at for mark in marks]) + 0.02 * np.column_stack([np.cos(turns), np.sin(turns)])
    reach = np.array([mark.half_width for mark in marks])
    least = reach[:, None] + reach + 0.4
    for _ in range(200):
        distance = np.hypot(*(at[:, None] - at[None]).T)
        np.fill_diagonal(distance, np.inf)
        if (distance >= least).all():
            break
        for one, other in np.argwhere(np.triu(distance < least)):
            apart = at[one] - at[other]
            length = float(np.hypot(*apart))
            step = apart / length * (max(least[one, other] - length, 0) / 2 + 0.02)
            at[one] += step
            at[other] -= step
    inset = RADIUS_MM + 0.5
    inside: np.ndarray = np.clip(at, inset, [frame.width - inset, frame.height - inset])
    return inside


def _names(discs: Sequence[_Disc], frame: _Frame, ways: Sequence[np.ndarray]) -> list[_Name]:
    """Return the names that find room beside their discs, clear of the ways where they can be.

    The list below the map holds them all.
    """
    drawn = shapely.MultiLineString([shapely.LineString(line) for line in ways])
    taken = [
        shapely.box(x - disc.mark.half_width, y - RADIUS_MM, x + disc.mark.half_width, y + RADIUS_MM)
        for disc in discs
        for x, y in [disc.at]
    ]
    taken += [
        shapely.box(0, frame.height - 9, 52, frame.height),
        shapely.box(frame.width - 10, 0, frame.width, 14),
    ]
    sheet = shapely.box(1, 1, frame.width - 1, frame.height - 1)
    written = []
    for disc in discs:
        room = [
            (box, anchor, at)
            for box, anchor, at in _beside(disc.mark, *disc.at)
            if sheet.contains(box) and not any(box.intersects(other) for other in taken)
        ]
        if room:
            box, anchor, at = min(room, key=lambda each: each[0].intersection(drawn).length)
            taken.append(box)
            written.append(_Name(disc.mark.name, anchor, at))
    return written


def _beside(mark: _Mark, x: float, y: float) -> list[tuple[shapely.Polygon, str, tuple[float, float]]]:
    """Return where a name may stand at its disc, the best first: its box, its anchor and where that lies."""
    length, side = len(mark.name) * _LETTER_MM, mark.half_width + 0.8
    up = RADIUS_MM + 2.2
    places = [
        *(("start", side, dy) for dy in (0.0, -up / 2, up / 2)),
        *(("end", -side, dy) for dy in (0.0, -up / 2, up / 2)),
        *(("middle", 0.0, dy) for dy in (-up, up)),
    ]
    before = {"start": 0.0, "middle": length / 2, "end": length}
    return [
        (
            shapely.box(
                x + dx - before[anchor],
                y + dy - _LINE_MM / 2,
                x + dx - before[anchor] + length,
                y + dy + _LINE_MM / 2,
            ),
            anchor,
            (x + dx, y + dy),
        )
        for anchor, dx, dy in places
    ]


def _scale(frame: _Frame) -> tuple[Words, float]:
    """Return what the bar of the scale says, and how long it is on paper."""
    widest = 45 / frame.mm_per_m
    power = 10 ** math.floor(math.log10(widest))
    length_m = next(factor * power for factor in (5, 2, 1) if factor * power <= widest)
    text = kilometres(length_m) if length_m >= 1000 else joined(" ", [number(length_m), "m"])
    return text, length_m * frame.mm_per_m
