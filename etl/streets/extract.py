"""Reads an extract of OpenStreetMap, in which ways name their nodes: XML, PBF, or the JSON of Overpass."""

import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pandas as pd
import pyproj

from etl.streets.delivered import Streets
from etl.streets.tags import KEYS
from geodata.contract.crs import CITY_BOUNDS, METRIC_CRS, STORAGE_CRS
from geodata.contract.errors import SourceError
from geodata.language import message, number

_Position = tuple[int, float, float]
"""A node: its number, longitude and latitude."""

_Way = tuple[dict[str, str | None], list[_Position | None]]
"""The tags of a way and its nodes; ``None`` for one whose position the file does not hold."""

_TAIL_BYTES = 4096


def read_extract(path: Path) -> Streets:
    """Return the ways of an extract that have a key ``highway`` and touch the city.

    Nodes may stand behind the ways that name them.

    Raises
    ------
    SourceError
        It is damaged, or holds none, or none of their positions.
    """
    try:
        if is_overpass_json(path):
            return _streets(_ways_of_json(path), path.name)
        _refuse_broken_off(path)
        return _streets(_ways_of_extract(path), path.name)
    except (
        *(RuntimeError, OSError, ValueError, LookupError, TypeError, AttributeError),
        osmium.InvalidLocationError,
    ) as error:
        raise SourceError.of(
            path.name,
            "",
            message("can't be read: {reason}", reason=str(error)),
            message("a whole extract of OpenStreetMap: .osm, .osm.pbf, or the JSON of Overpass"),
        ) from error


def is_overpass_json(path: Path) -> bool:
    """Return whether a file begins as the JSON that Overpass answers with, whatever its name ends in."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_TAIL_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") and (b'"elements"' in head or b'"osm3s"' in head)


def _ways_of_extract(path: Path) -> Iterator[_Way]:
    if any(any(nodes) for _, nodes in itertools.islice(_ways(path), 1)):
        # As “out geom” of Overpass has it, or “add-locations-to-ways” of osmium.
        yield from _ways(path)
        return
    locations = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    locations.ignore_errors()
    # The nodes first, in a pass of their own: Overpass writes them behind the ways, and in any order.
    with osmium.io.Reader(str(path), osmium.osm.NODE) as nodes:
        osmium.apply(nodes, locations)
    yield from _ways(path, locations)


def _ways(path: Path, *handlers: osmium.NodeLocationsForWays) -> Iterator[_Way]:
    is_street = osmium.filter.KeyFilter("highway")  # osmium does not keep it alive
    with osmium.io.Reader(str(path), osmium.osm.WAY) as reader:
        for way in osmium.OsmFileIterator(reader, is_street, *handlers):
            assert isinstance(way, osmium.osm.Way)  # by the entities that are read
            yield (
                {key: way.tags.get(key) for key in KEYS},
                [(node.ref, node.lon, node.lat) if node.location.valid() else None for node in way.nodes],
            )


def _refuse_broken_off(path: Path) -> None:
    """Refuse XML in which Overpass says that it broke off: it ends as if it were whole."""
    if path.suffix.lower() != ".osm":
        return
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        _, mark, remark = file.read().rpartition(b"<remark>")
    if mark and b"error" in remark:
        raise _broken_off(path, remark.partition(b"</remark>")[0].decode(errors="replace"))


def _broken_off(path: Path, remark: str) -> SourceError:
    return SourceError.of(
        path.name,
        remark.strip()[:200],
        message("Overpass broke off: it is not whole"),
        message("the answer to a query that ran to its end, with a longer time or a smaller area"),
    )


def _ways_of_json(path: Path) -> Iterator[_Way]:
    """Return the ways of the JSON of Overpass, with nodes (``out body``) or positions (``out geom``)."""
    try:
        answer = json.loads(path.read_bytes())
    except RecursionError as error:
        raise ValueError(str(error)) from error
    if "error" in str(answer.get("remark", "")).lower():
        raise _broken_off(path, str(answer["remark"]))
    elements: list[dict[str, Any]] = answer["elements"]
    nodes = {one["id"]: one for one in elements if one["type"] == "node"}
    at_position: dict[tuple[float, float], int] = {}
    for way in elements:
        tags = way.get("tags") or {}
        if way["type"] != "way" or "highway" not in tags:
            continue
        named = way.get("nodes") or []
        # Without numbers of nodes those of one position are one, as they are in OpenStreetMap.
        drawn = way.get("geometry") or [nodes.get(node) for node in named]
        found = [_position(point) for point in drawn]
        if len(named) != len(found):
            named = [point and at_position.setdefault(point, -1 - len(at_position)) for point in found]
        yield (
            {key: None if tags.get(key) is None else str(tags[key]) for key in KEYS},
            [point and (int(node), *point) for node, point in zip(named, found, strict=True)],
        )


def _position(point: dict[str, Any] | None) -> tuple[float, float] | None:
    if point is None or "lon" not in point:
        return None
    lon, lat = float(point["lon"]), float(point["lat"])
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _streets(ways: Iterable[_Way], file: str) -> Streets:
    tags: list[dict[str, str | None]] = []
    runs: list[list[_Position]] = []
    outside = broken = 0
    for of_way, nodes in ways:
        known = _runs(nodes)
        if known and not _touches_city(known):
            outside += 1
            continue
        broken += None in nodes or not nodes
        tags += [of_way] * max(len(known), 1)
        runs += known or [[]]
    if not any(runs):
        raise _without_streets(file, outside, len(tags))
    way_of_vertex = np.repeat(np.arange(len(runs)), [len(run) for run in runs])
    positions = [position for run in runs for position in run]
    lonlat = np.array([position[1:] for position in positions], dtype=float)
    to_metres = pyproj.Transformer.from_crs(STORAGE_CRS, METRIC_CRS, always_xy=True)
    _, place = np.unique([position[0] for position in positions], return_inverse=True)
    sentence = message("{count} ways lack positions of nodes: cut there.", count=number(broken))
    return Streets(
        pd.DataFrame(tags, columns=list(KEYS)),
        way_of_vertex,
        np.column_stack(to_metres.transform(lonlat[:, 0], lonlat[:, 1])),
        place,
        is_openstreetmap=True,
        left_out={"outside": outside},
        notes=(sentence,) if broken else (),
    )


def _without_streets(file: str, outside: int, unplaced: int) -> SourceError:
    if unplaced:
        return SourceError.of(
            file,
            "",
            message(
                "lacks the nodes of its {count} streets, which hold the positions", count=number(unplaced)
            ),
            message("ways with their nodes; in Overpass “out body; >; out skel qt;” or “out geom;”"),
        )
    if outside:
        return SourceError.of(
            file,
            "",
            message("none of its {count} streets lies in the city", count=number(outside)),
            message("an extract that covers Hải Phòng"),
        )
    return SourceError.of(file, "", message("holds no street"), message("ways with the key “highway”"))


def _runs(nodes: list[_Position | None]) -> list[list[_Position]]:
    """Return the nodes of a way whose positions are known, in runs of two or more."""
    runs: list[list[_Position]] = [[]]
    for node in nodes:
        if node is not None:
            runs[-1].append(node)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _touches_city(runs: list[list[_Position]]) -> bool:
    west, south, east, north = CITY_BOUNDS
    return any(west <= lon <= east and south <= lat <= north for run in runs for _, lon, lat in run)
