"""Whether a file of outlines is what its name says and no more, before GDAL opens it.

GDAL looks at a file's bytes, not its name, and some of what it knows are lists of other sources, on disk or
on other hosts. A GeoJSON can name its reference system by an address, and a layer of a GeoPackage can be a
query that never ends.
"""

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.parsers import expat

from etl.received import shortened
from geodata.contract.errors import SourceError
from geodata.language import Message, message

QUERY_SECONDS = 5.0
"""So long may the queries in a GeoPackage take that stand in place of tables."""

_PLAIN_CRS = re.compile(
    r"\[?(urn:(x-)?ogc:def:crs:|https?://www\.opengis\.net/def/crs/|epsg:|ogc:|crs84)[\w:./\-]*\]?",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]")


def check_json(dataset: Path, shown: str) -> None:
    """Check that a file is well-formed JSON and names no reference system by an address.

    Raises
    ------
    SourceError
        It does not, or holds what GDAL would take for a list of other sources.
    """
    raw = dataset.read_bytes()
    _check_no_other_sources(raw, shown)

    def checked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # A key may stand there twice, and programs differ in which one they believe: both are looked at.
        # Coordinates are not kept: a file may be large.
        kept: dict[str, Any] = {}
        for key, value in pairs:
            name = key.casefold()
            if name == "coordrefsys" or (name == "crs" and isinstance(value, dict)):
                _check_crs(value, shown)
            if name != "coordinates":
                kept[f"{name}\0{len(kept)}"] = value
        return kept

    try:
        json.loads(raw.decode("utf-8-sig"), object_pairs_hook=checked)
    except (ValueError, RecursionError) as error:
        raise _malformed(shown, error, "JSON") from error


def _check_crs(value: object, shown: str) -> None:
    """Check that what names a reference system is a code: programs fetch what lies at an address."""
    for key, text in _texts(value):
        is_address = re.search(r"[:/\\]", text) and not _PLAIN_CRS.fullmatch(text.strip())
        if is_address or (key == "type" and text.strip().casefold() in {"link", "url"}):
            raise SourceError.of(
                shown,
                shortened(text),
                message("names its reference system by an address, which is not followed"),
                message("a code such as EPSG:9210, or none: then it is EPSG:4326"),
            )


def _texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Give the texts within what was read of a file, each with its key in lower case."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, name.partition("\0")[0])
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, key)


def check_kml(dataset: Path, shown: str) -> None:
    """Check that a file is well-formed KML without declarations of its own, which can swell without bound.

    Raises
    ------
    SourceError
        It is none.
    """
    raw = dataset.read_bytes()
    _check_no_other_sources(raw, shown)
    roots: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        if not roots:
            roots.append(name.rpartition(":")[2])

    def declared(*_declaration: object) -> None:
        raise SourceError.of(
            shown, "<!DOCTYPE", message("declares entities of its own"), message("plain KML")
        )

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = declared
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError) as error:
        raise _malformed(shown, error, "KML") from error
    if roots != ["kml"]:
        raise SourceError.of(
            shown,
            shortened(", ".join(roots)),
            message("is no {format}", format="KML"),
            message("a file of the format that its name says"),
        )


def _check_no_other_sources(raw: bytes, shown: str) -> None:
    # Of VRT, WFS and their like this is the first element; GDAL looks for it anywhere in a text.
    if b"<OGR" in raw or b"<VRTDataset" in raw:
        raise SourceError.of(
            shown,
            "",
            message("holds a list of other sources, which are not opened"),
            message("a file of the format that its name says"),
        )


def _malformed(shown: str, error: Exception, title: str) -> SourceError:
    reason = message("can't be read: {reason}", reason=str(error)[:200] or type(error).__name__)
    return SourceError.of(shown, "", reason, message("a whole {format}", format=title))


def check_geopackage(dataset: Path, shown: str) -> None:
    """Check that the layers of a GeoPackage are tables, or queries that end.

    A query is run in plain SQLite, without the functions of GDAL, which open files and ask other hosts.

    Parameters
    ----------
    dataset
        A copy: SQLite may write to it.
    shown
        What it is called.

    Raises
    ------
    SourceError
        They are not, or the file is damaged.
    """
    with closing(sqlite3.connect(dataset)) as database:
        database.text_factory = lambda raw: raw.decode("utf-8", "replace")
        database.execute("PRAGMA trusted_schema = OFF")
        database.set_progress_handler(_out_of_time(), 100_000)
        try:
            schema = {
                str(name).casefold(): (str(kind), str(sql or ""))
                for name, kind, sql in database.execute("SELECT name, type, sql FROM sqlite_master")
                if kind in {"table", "view"}
            }
            layers = {str(name) for (name,) in database.execute("SELECT table_name FROM gpkg_contents")}
        except sqlite3.Error as error:
            raise _malformed(shown, error, "GeoPackage") from error
        for name in sorted(layers | {name for name in schema if name.startswith("gpkg_")}):
            kind, sql = schema.get(name.casefold(), ("", ""))
            if kind == "table" and re.match(r"\s*create\s+virtual", sql, re.IGNORECASE):
                raise _no_table(shown, name, message("is no plain table"))
            if kind == "view":
                _check_view(database, name, sql, shown)


def _check_view(database: sqlite3.Connection, name: str, sql: str, shown: str) -> None:
    words = re.findall(
        r"\w+", _QUOTED.sub(" ", re.sub(r"--[^\n]*|/\*.*?\*/", " ", sql, flags=re.DOTALL)).lower()
    )
    if name.lower().startswith("gpkg_") or {"with", "recursive"} & set(words):
        raise _no_table(shown, name, message("is no plain table"))
    quoted = name.replace('"', '""')
    try:
        for _row in database.execute(f'SELECT 1 FROM "{quoted}"'):
            pass
        database.execute(f'SELECT * FROM "{quoted}" LIMIT 1').fetchone()
    except sqlite3.Error as error:
        problem = message("is a query that can't be run: {reason}", reason=str(error)[:200])
        raise _no_table(shown, name, problem) from error


def _no_table(shown: str, layer: str, problem: Message) -> SourceError:
    return SourceError.of(shown, shortened(layer), problem, message("layers that are tables"))


def _out_of_time() -> Callable[[], int]:
    until = time.monotonic() + QUERY_SECONDS
    return lambda: int(time.monotonic() > until)
