"""Reads a GraphML that OSMnx saved: every direction of a street is an edge of its own there."""

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd
import pyproj
import shapely
from pyproj.exceptions import CRSError as UnknownCrsError

from etl.streets.delivered import Streets
from etl.streets.tags import KEYS
from geodata.contract.crs import METRIC_CRS
from geodata.contract.errors import SourceError
from geodata.language import message


def read_graphml(path: Path) -> Streets:
    """Return the streets of a graph, the two directions of a street as one way.

    Raises
    ------
    SourceError
        It is damaged, none of OSMnx, or holds no streets.
    """
    import networkx  # these take a second to load
    import osmnx

    try:
        graph = osmnx.load_graphml(path, edge_dtypes=dict.fromkeys(("oneway", "reversed", "osmid"), str))
        to_metres = pyproj.Transformer.from_crs(graph.graph["crs"], METRIC_CRS, always_xy=True)
        edges = [
            (tail, head, _line(graph, tail, head, data), data) for tail, head, data in graph.edges(data=True)
        ]
    except (
        ParseError,
        OSError,
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        networkx.NetworkXError,
        UnknownCrsError,
        shapely.GEOSException,
    ) as error:
        raise SourceError.of(
            path.name,
            "",
            message("can't be read: {reason}", reason=f"{type(error).__name__}: {error}"),
            message("a GraphML that osmnx.save_graphml wrote"),
        ) from error
    if not edges:
        raise SourceError.of(path.name, "", message("holds no street"), message("edges between nodes"))
    streets = _both_directions_as_one(edges)
    tags = pd.DataFrame(streets["tags"].tolist(), columns=list(KEYS))
    lines = streets["line"].to_numpy()
    xy, way = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(way, np.arange(len(lines)))
    last = np.searchsorted(way, np.arange(len(lines)), side="right") - 1
    nodes = {node: number for number, node in enumerate(graph.nodes)}
    # Streets meet at nodes alone: every other vertex is a place of its own.
    place = len(nodes) + np.arange(len(xy))
    place[first] = streets["tail"].map(nodes)
    place[last] = streets["head"].map(nodes)
    metric = np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1]))
    return Streets(tags, way, metric, place, is_openstreetmap=True)


def _line(graph: Any, tail: int, head: int, data: dict[str, Any]) -> shapely.LineString:
    if "geometry" in data:
        line: shapely.LineString = data["geometry"]
        return line
    return shapely.LineString([(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in (tail, head)])


def _both_directions_as_one(edges: list[tuple[Any, Any, shapely.LineString, dict[str, Any]]]) -> pd.DataFrame:
    """Return the streets: ``tail``, ``head``, ``line``, and ``tags`` that say whether both directions occur.

    The graph itself says which directions are open, roundabouts and reversed ways included, so that its
    ``oneway`` isn't read.
    """
    table = pd.DataFrame(edges, columns=["tail", "head", "line", "data"])
    forward = shapely.to_wkb(table["line"].to_numpy())
    backward = shapely.to_wkb(shapely.reverse(table["line"].to_numpy()))
    table["is_turned"] = backward < forward
    table["shape"] = np.where(table["is_turned"], backward, forward)
    ends = zip(table["tail"], table["head"], strict=True)
    table["ends"] = [tuple(sorted((str(tail), str(head)))) for tail, head in ends]
    directions = table.groupby(["ends", "shape"], sort=False)["is_turned"].transform("nunique")
    tags: list[dict[str, str | None]] = [
        {**{key: _text(data.get(key)) for key in KEYS}, "oneway": "yes" if count == 1 else "no"}
        for data, count in zip(table["data"], directions, strict=True)
    ]
    table["tags"] = pd.Series(tags, index=table.index, dtype=object)
    return table.drop_duplicates(["ends", "shape"], ignore_index=True)


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)
