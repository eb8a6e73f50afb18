"""Streets from outside, read in a process of their own."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from etl.boundaries.files import FORMATS, ZIPPED
from etl.confined import confined
from etl.frames import frame_of, table_of
from etl.streets.delivered import Streets
from etl.streets.extract import is_overpass_json, read_extract
from etl.streets.graphml import read_graphml
from etl.streets.layer import read_lines
from geodata.contract.errors import SourceError
from geodata.language import message

EXTRACTS = (".osm", ".osm.pbf", ".pbf", ".osm.gz", ".osm.bz2")


def opened_streets(path: Path, layer: str | None) -> Streets:
    """Do as `read_streets`, in a process of its own.

    Raises
    ------
    GeodataError
        As there, or `confined` ended it.
    """
    (about, facts), (tags, vertices) = confined(_read, path, layer, file=path.name)
    of = {name: vertices[name].to_numpy() for name in vertices.column_names}
    xy = np.column_stack([of["x"], of["y"]])
    return Streets(frame_of(about, tags), of["way"], xy, of.get("place"), **facts)


def _read(path: Path, layer: str | None) -> tuple[Any, list[pa.Table]]:
    streets = read_streets(path, layer)
    about, tags = table_of(streets.tags)
    vertices = {"way": streets.way, "x": streets.xy[:, 0], "y": streets.xy[:, 1]}
    if streets.place is not None:
        vertices["place"] = streets.place
    facts = {
        "is_openstreetmap": streets.is_openstreetmap,
        "left_out": dict(streets.left_out),
        "notes": streets.notes,
    }
    return (about, facts), [tags, pa.table(vertices)]


def read_streets(path: Path, layer: str | None) -> Streets:
    """Return the streets of a file in any of the usual formats.

    Raises
    ------
    GeodataError
        It can't be read.
    """
    graphs = (*EXTRACTS, ".graphml")
    known = (*graphs, *FORMATS, *ZIPPED)
    expected = message("a file that ends in one of: {values}", values=", ".join(known))
    if not path.exists():
        raise SourceError.of(path.name, str(path), message("is missing"), expected)
    name = path.name.lower()
    if not path.is_file() and (name.endswith(graphs) or not path.is_dir()):
        raise SourceError.of(path.name, "", message("is no file"), expected)
    if name.endswith(EXTRACTS) or is_overpass_json(path):
        return read_extract(path)
    if name.endswith(".graphml"):
        return read_graphml(path)
    if not name.endswith(known):
        raise SourceError.of(path.name, "", message("is of no known format"), expected)
    return read_lines(path, layer)
