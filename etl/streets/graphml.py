"""Reads a GraphML that OSMnx saved: every direction of a street is an edge of its own there.

OSMnx itself reads the files of its own version alone: numbers, flags and reference systems are written in
another way by others.
"""

import ast
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

_AS_TAGGED = {"yes", "no", "-1", "reversible", "alternating"}
"""Values of ``oneway`` as OpenStreetMap has them; they stand in graphs in which every way is one-way."""


def read_graphml(path: Path) -> Streets:
    """Return the streets of a graph, the two directions of a street as one way.

    Raises
    ------
    SourceError
        It is damaged, none of OSMnx, or holds no streets.
    """
    import networkx  # takes long to load

    expected = message("a GraphML that osmnx.save_graphml wrote")
    try:
        graph = networkx.read_graphml(path, node_type=str, edge_key_type=str, force_multigraph=True)
        crs = _literal(graph.graph["crs"])
        crs = crs.get("init", crs) if isinstance(crs, dict) else crs  # as pyproj 1 had it
        to_metres = pyproj.Transformer.from_crs(crs, METRIC_CRS, always_xy=True)
        at = {node: (float(data["x"]), float(data["y"])) for node, data in graph.nodes(data=True)}
        if not np.isfinite(list(at.values())).all():
            raise ValueError("x, y")
        edges = [
            (tail, head, _line(at, tail, head, data), data) for tail, head, data in graph.edges(data=True)
        ]
        if not edges:
            raise SourceError.of(path.name, "", message("holds no street"), message("edges between nodes"))
        if not graph.is_directed():
            raise SourceError.of(
                path.name, "", message("does not say which way its streets are driven"), expected
            )
        streets = _both_directions_as_one(edges)
        lines = streets["line"].to_numpy()
        xy, way = shapely.get_coordinates(lines, return_index=True)
        metric = np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1]))
        if not np.isfinite(metric).all():
            raise ValueError("geometry")
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
            expected,
        ) from error
    first = np.searchsorted(way, np.arange(len(lines)))
    last = np.searchsorted(way, np.arange(len(lines)), side="right") - 1
    nodes = {node: number for number, node in enumerate(at)}
    # Streets meet at nodes alone: every other vertex is a place of its own.
    place = len(nodes) + np.arange(len(xy))
    place[first] = streets["tail"].map(nodes)
    place[last] = streets["head"].map(nodes)
    tags = pd.DataFrame(streets["tags"].tolist(), columns=list(KEYS))
    return Streets(tags, way, metric, place, is_openstreetmap=True)


def _line(
    at: dict[str, tuple[float, float]], tail: str, head: str, data: dict[str, Any]
) -> shapely.LineString:
    line = shapely.from_wkt(data["geometry"]) if data.get("geometry") else None
    if line is not None and (line.is_empty or not isinstance(line, shapely.LineString)):
        raise ValueError(f"{tail} → {head}: {line}"[:100])
    return shapely.LineString([at[tail], at[head]]) if line is None else line


def _literal(value: object) -> object:
    """Return what a text stands for that was written as Python has it, such as ``['40', '50']``."""
    text = str(value).strip()
    if text[:1] not in ("[", "{"):
        return value
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return value


def _both_directions_as_one(edges: list[tuple[Any, Any, shapely.LineString, dict[str, Any]]]) -> pd.DataFrame:
    """Return the streets: ``tail``, ``head``, ``line``, and ``tags`` that say whether both directions occur.

    The graph itself says which directions are open, roundabouts and reversed ways included, so that its
    ``oneway`` isn't read; but where every way has one edge alone, along its line (``all_oneway``).
    """
    table = pd.DataFrame(edges, columns=["tail", "head", "line", "data"])
    forward = shapely.to_wkb(table["line"].to_numpy())
    backward = shapely.to_wkb(shapely.reverse(table["line"].to_numpy()))
    table["is_turned"] = backward < forward
    table["shape"] = np.where(table["is_turned"], backward, forward)
    ends = zip(table["tail"], table["head"], strict=True)
    table["ends"] = [tuple(sorted((str(tail), str(head)))) for tail, head in ends]
    directions = table.groupby(["ends", "shape"], sort=False)["is_turned"].transform("nunique")
    is_as_tagged = any(str(data.get("oneway")) in _AS_TAGGED for data in table["data"])
    tags: list[dict[str, str | None]] = []
    for data, count in zip(table["data"], directions, strict=True):
        oneway = _text(data.get("oneway")) if is_as_tagged else "yes"
        tags.append({key: _text(data.get(key)) for key in KEYS} | {"oneway": "no" if count > 1 else oneway})
    table["tags"] = pd.Series(tags, index=table.index, dtype=object)
    return table.drop_duplicates(["ends", "shape"], ignore_index=True)


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    several = _literal(value)
    return ";".join(map(str, several)) if isinstance(several, list) else str(value)
