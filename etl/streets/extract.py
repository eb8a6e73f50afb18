"""Reads an extract of OpenStreetMap: XML (``.osm``) or PBF (``.osm.pbf``), in which ways name their nodes."""

from pathlib import Path

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


def read_extract(path: Path) -> Streets:
    """Return the ways of an extract that have a key ``highway`` and touch the city.

    Raises
    ------
    SourceError
        It is damaged or holds none.
    """
    tags: list[dict[str, str | None]] = []
    runs: list[list[_Position]] = []
    outside = broken = 0
    try:
        processor = osmium.FileProcessor(path, osmium.osm.NODE | osmium.osm.WAY).with_locations()
        processor.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        for way in processor.with_filter(osmium.filter.KeyFilter("highway")):
            assert isinstance(way, osmium.osm.Way)  # by the filter of entities
            known, lacks_nodes = _runs(way)
            if known and not _touches_city(known):
                outside += 1
                continue
            broken += lacks_nodes
            tags += [{key: way.tags.get(key) for key in KEYS}] * max(len(known), 1)
            runs += known or [[]]
    except (RuntimeError, OSError, ValueError, osmium.InvalidLocationError) as error:
        raise SourceError.of(
            path.name,
            "",
            message("can't be read: {reason}", reason=str(error)),
            message("a whole extract of OpenStreetMap, .osm or .osm.pbf"),
        ) from error
    if not tags and outside:
        raise SourceError.of(
            path.name,
            "",
            message("none of its {count} streets lies in the city", count=number(outside)),
            message("an extract that covers Hải Phòng"),
        )
    if not tags:
        raise SourceError.of(
            path.name, "", message("holds no street"), message("ways with the key “highway”")
        )
    way_of_vertex = np.repeat(np.arange(len(runs)), [len(run) for run in runs])
    positions = np.array([position for run in runs for position in run], dtype=float).reshape(-1, 3)
    to_metres = pyproj.Transformer.from_crs(STORAGE_CRS, METRIC_CRS, always_xy=True)
    xy = np.column_stack(to_metres.transform(positions[:, 1], positions[:, 2]))
    _, place = np.unique(positions[:, 0], return_inverse=True)
    sentence = message("{count} ways lack positions of nodes: cut there.", count=number(broken))
    return Streets(
        pd.DataFrame(tags, columns=list(KEYS)),
        way_of_vertex,
        xy,
        place,
        is_openstreetmap=True,
        left_out={"outside": outside},
        notes=(sentence,) if broken else (),
    )


def _runs(way: osmium.osm.Way) -> tuple[list[list[_Position]], bool]:
    """Return the nodes of a way whose positions are known, in runs of two or more, and whether any is not."""
    runs: list[list[_Position]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            runs[-1].append((node.ref, node.lon, node.lat))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1], sum(len(run) for run in runs) < len(way.nodes)


def _touches_city(runs: list[list[_Position]]) -> bool:
    west, south, east, north = CITY_BOUNDS
    return any(west <= lon <= east and south <= lat <= north for run in runs for _, lon, lat in run)
