"""The map of the sheet to print: an inline SVG in millimetres of paper, drawn in EPSG:9210."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from markupsafe import Markup

from geodata.contract.crs import STORAGE_CRS, to_metric
from geodata.itinerary.files.wording import kilometres, place, way
from geodata.language import Language, number, translate

_RADIUS_MM = 2.6
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


def map_svg(
    team: dict[str, Any],
    language: Language,
    width: float,
    height: float,
    wards: gpd.GeoDataFrame | None = None,
) -> Markup:
    """Return the way of a team with its numbered stops as SVG.

    Parameters
    ----------
    team
        See `geodata.itinerary.document`.
    language
        Language of the reader.
    width, height
        Millimetres of paper.
    wards
        Boundaries with the column ``ward_code``, of the itinerary's vintage; those of the stops are filled.
    """
    stops = team["stops"]
    points = _metres([(stop["lon"], stop["lat"]) for stop in stops])
    ways = [_metres(way(stops, leg)) for leg in team["legs"]]
    frame = _frame(np.vstack([points, *ways]), width, height)
    marks = _marks(stops, frame.on_paper(points), language)
    spread = _apart(marks, frame)
    parts = [
        _wards(wards, {stop["ward_code"] for stop in stops if stop["ward_code"]}, frame),
        *(_leg(leg, frame.on_paper(line)) for leg, line in zip(team["legs"], ways, strict=True)),
        *(_leader(mark, at) for mark, at in zip(marks, spread, strict=True)),
        *(_disc(mark, at) for mark, at in zip(marks, spread, strict=True)),
        *_names(marks, spread, frame, [frame.on_paper(line) for line in ways]),
        _scale(frame, language),
        _north(frame, language),
    ]
    about = translate("Map of the way with the stops by number", language)
    return Markup(
        '<svg class="map" role="img" aria-label="{about}" viewBox="0 0 {width:.0f} {height:.0f}"'
        ' width="{width:.0f}mm" height="{height:.0f}mm">'
        '<rect class="ground" width="{width:.0f}" height="{height:.0f}"/>{parts}'
        '<rect class="edge" x="0.15" y="0.15" width="{inner_width:.1f}" height="{inner_height:.1f}"/></svg>'
    ).format(
        inner_width=width - 0.3,
        inner_height=height - 0.3,
        about=about,
        width=width,
        height=height,
        parts=Markup("").join(parts),
    )


def start_sign(language: Language) -> str:
    """Return what marks the start on map and list."""
    return translate("S", language)


def end_sign(language: Language) -> str:
    """Return what marks the end on map and list."""
    return translate("E", language)


@dataclass(frozen=True)
class _Mark:
    """A disc on the map: where, what stands in it, and the name beside it."""

    at: tuple[float, float]
    sign: str
    name: str
    is_visit: bool


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


def _wards(wards: gpd.GeoDataFrame | None, visited: set[str], frame: _Frame) -> Markup:
    if wards is None or wards.empty:
        return Markup("")
    inside = shapely.clip_by_rect(to_metric(wards.geometry).to_numpy(), *frame.box)
    drawn = Markup("")
    for shape, code in zip(inside, wards["ward_code"], strict=True):
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
        data = "".join(
            _path(frame.on_paper(shapely.get_coordinates(ring)), is_ring=True)
            for ring in rings
            if not ring.is_empty
        )
        if data:
            look = "ward visited" if code in visited else "ward"
            drawn += Markup('<path class="{look}" d="{data}"/>').format(look=look, data=data)
    return drawn


def _leg(leg: dict[str, Any], paper: np.ndarray) -> Markup:
    look = "leg estimate" if leg["method"] == "straight_line" else "leg"
    data = _path(paper)
    line = shapely.LineString(paper)
    drawn = Markup('<path class="halo" d="{data}"/><path class="{look}" d="{data}"/>').format(
        look=look, data=data
    )
    if line.length < 4 * _RADIUS_MM:
        return drawn
    before, tip = (line.interpolate(line.length / 2 + step) for step in (-0.8, 0.8))
    angle = math.degrees(math.atan2(tip.y - before.y, tip.x - before.x))
    return drawn + Markup(
        '<path class="arrow" d="M1.5 0L-1.1 1.3L-1.1 -1.3Z"'
        ' transform="translate({x:.2f} {y:.2f}) rotate({angle:.0f})"/>'
    ).format(x=(before.x + tip.x) / 2, y=(before.y + tip.y) / 2, angle=angle)


def _marks(stops: Sequence[dict[str, Any]], paper: np.ndarray, language: Language) -> list[_Mark]:
    """Return the discs of the stops; start and end are one where they are one place."""
    marks = [
        _Mark(
            at=(float(x), float(y)),
            sign={"start": start_sign(language), "end": end_sign(language)}.get(
                stop["kind"], str(stop["number"])
            ),
            name=place(stop),
            is_visit=stop["kind"] == "visit",
        )
        for stop, (x, y) in zip(stops, paper, strict=True)
    ]
    ends = len(marks) > 1 and stops[-1]["kind"] == "end" and math.dist(marks[0].at, marks[-1].at) < 0.5
    if ends and stops[0]["kind"] == "start":
        both = _Mark(marks[0].at, f"{marks[0].sign}, {marks[-1].sign}", marks[0].name, is_visit=False)
        marks = [both, *marks[1:-1]]
    return marks


def _apart(marks: Sequence[_Mark], frame: _Frame) -> np.ndarray:
    """Return where discs stand that would cover each other at their own places: pushed apart."""
    turns = np.arange(len(marks)) * _GOLDEN_ANGLE
    # Stops at one place have no direction in which to part: each is moved a hair's breadth in one of its own.
    at = np.array([mark.at for mark in marks]) + 0.02 * np.column_stack([np.cos(turns), np.sin(turns)])
    reach = np.array([_half_width(mark) for mark in marks])
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
    inset = _RADIUS_MM + 0.5
    inside: np.ndarray = np.clip(at, inset, [frame.width - inset, frame.height - inset])
    return inside


def _half_width(mark: _Mark) -> float:
    return max(_RADIUS_MM, len(mark.sign) * 0.72 + 0.9)


def _leader(mark: _Mark, at: np.ndarray) -> Markup:
    if math.dist(mark.at, at) < 0.8:
        return Markup("")
    return Markup(
        '<path class="leader" d="M{x:.2f} {y:.2f}L{to_x:.2f} {to_y:.2f}"/>'
        '<circle class="dot" cx="{x:.2f}" cy="{y:.2f}" r="0.6"/>'
    ).format(x=mark.at[0], y=mark.at[1], to_x=at[0], to_y=at[1])


def _disc(mark: _Mark, at: np.ndarray) -> Markup:
    half = _half_width(mark)
    return Markup(
        '<rect class="disc {look}" x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height}"'
        ' rx="{round}"/>'
        '<text class="sign" x="{middle:.2f}" y="{base:.2f}">{sign}</text>'
    ).format(
        look="visit" if mark.is_visit else "terminus",
        x=at[0] - half,
        y=at[1] - _RADIUS_MM,
        width=2 * half,
        height=2 * _RADIUS_MM,
        round=_RADIUS_MM if mark.is_visit else 0.8,
        middle=at[0],
        base=at[1] + 1.05,
        sign=mark.sign,
    )


def _names(
    marks: Sequence[_Mark], spread: np.ndarray, frame: _Frame, ways: Sequence[np.ndarray]
) -> list[Markup]:
    """Return the names that find room beside their discs, clear of the ways where they can be.

    The list below the map holds them all.
    """
    drawn = shapely.MultiLineString([shapely.LineString(line) for line in ways])
    taken = [
        shapely.box(x - _half_width(mark), y - _RADIUS_MM, x + _half_width(mark), y + _RADIUS_MM)
        for mark, (x, y) in zip(marks, spread, strict=True)
    ]
    taken += [
        shapely.box(0, frame.height - 9, 52, frame.height),
        shapely.box(frame.width - 10, 0, frame.width, 14),
    ]
    sheet = shapely.box(1, 1, frame.width - 1, frame.height - 1)
    written = []
    for mark, (x, y) in zip(marks, spread, strict=True):
        room = [
            (box, anchor, at)
            for box, anchor, at in _beside(mark, x, y)
            if sheet.contains(box) and not any(box.intersects(other) for other in taken)
        ]
        if room:
            box, anchor, at = min(room, key=lambda each: each[0].intersection(drawn).length)
            taken.append(box)
            written.append(
                Markup(
                    '<text class="name" text-anchor="{anchor}" x="{x:.2f}" y="{y:.2f}">{name}</text>'
                ).format(anchor=anchor, x=at[0], y=at[1] + 1.1, name=mark.name)
            )
    return written


def _beside(mark: _Mark, x: float, y: float) -> list[tuple[shapely.Polygon, str, tuple[float, float]]]:
    """Return where a name may stand at its disc, the best first: its box, its anchor and where that lies."""
    length, side = len(mark.name) * _LETTER_MM, _half_width(mark) + 0.8
    up = _RADIUS_MM + 2.2
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


def _scale(frame: _Frame, language: Language) -> Markup:
    widest = 45 / frame.mm_per_m
    power = 10 ** math.floor(math.log10(widest))
    length_m = next(factor * power for factor in (5, 2, 1) if factor * power <= widest)
    text = kilometres(length_m, language) if length_m >= 1000 else f"{number(length_m).render(language)} m"
    return Markup(
        '<path class="scale" d="M4 {top:.1f}V{base:.1f}H{end:.2f}V{top:.1f}"/>'
        '<text class="small" x="4" y="{text_at:.1f}">{text}</text>'
    ).format(
        top=frame.height - 5.2,
        base=frame.height - 4,
        end=4 + length_m * frame.mm_per_m,
        text_at=frame.height - 6,
        text=text,
    )


def _north(frame: _Frame, language: Language) -> Markup:
    return Markup(
        '<path class="north" d="M{x} 3L{right} 10L{x} 8.4L{left} 10Z"/>'
        '<text class="small" text-anchor="middle" x="{x}" y="13.2">{text}</text>'
    ).format(x=frame.width - 5, right=frame.width - 3, left=frame.width - 7, text=translate("N", language))
