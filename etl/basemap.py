"""Adopts a basemap: checks a PMTiles file as far as its head tells, and copies it into the home."""

import gzip
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pmtiles.tile import Compression, TileType, deserialize_header

from geodata.basemap import FOLDER, RECORD, Basemap
from geodata.contract.crs import CITY_BOUNDS
from geodata.contract.errors import Fault, SourceError
from geodata.disk import flush, sha256, write_whole
from geodata.language import Message, message, number
from geodata.settings import BASEMAP_SCRIPT

VERSION = 3
HEAD_BYTES = 127
"""So long is the head of PMTiles 3 (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md)."""

STREETS_ZOOM = 12
"""From here on streets tell a ward from the next; the file has to have tiles of it."""

LAYERS = ("places", "roads")
"""What is drawn of it: layers of Protomaps' basemap, each with the attribute ``kind``."""

READABLE = {Compression.NONE, Compression.GZIP}
"""What the browser unpacks."""

BASEMAP_OF_PROTOMAPS = message("a basemap of Protomaps, PMTiles version 3")
SECTIONS = ("root", "metadata", "leaf_directory", "tile_data")
E7 = 10_000_000


def adopt_basemap(file: Path, home: Path) -> Basemap:
    """Check a file and copy it into a home, in place of the basemap that was there.

    Parameters
    ----------
    file
        PMTiles version 3 with vector tiles in the layers of Protomaps' basemap. It is only read.
    home
        See `geodata.settings.Settings`.

    Raises
    ------
    SourceError
        With every fault of the file; the home is as it was.
    """
    folder = home / FOLDER
    try:
        head, metadata = _read(file)
        faults = [
            Fault(file.name, value, problem, expected)
            for value, problem, expected in (*_faults_of_head(head), *_faults_of_layers(metadata))
        ]
        if not BASEMAP_SCRIPT.is_file():
            missing = message("is missing from this installation, so that nothing could draw a basemap")
            remedy = message(
                "in a checkout “make node_modules/.installed”, or a wheel that was built after it"
            )
            faults.append(Fault("protomaps-leaflet", "", missing, remedy))
        if faults:
            raise SourceError(faults)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as part:
            copy = Path(shutil.copyfile(file, Path(part) / file.name))
            flush(copy)
            attribution = Markup(str(metadata.get("attribution") or "")).striptags()
            adopted = Basemap(f"{sha256(copy)[:12]}.pmtiles", head["max_zoom"], attribution)
            copy.replace(folder / adopted.name)
        write_whole(folder / RECORD, adopted.as_json())
    except OSError as error:
        problem = message("can't be read or copied: {reason}", reason=str(error.strerror))
        raise SourceError.of(
            str(error.filename or file), "", problem, message("a file and a folder that may be used")
        ) from error
    _clear(folder, adopted.name)
    return adopted


def remove_basemap(home: Path) -> None:
    """Take the basemap of a home away, if there is one."""
    (home / FOLDER / RECORD).unlink(missing_ok=True)
    _clear(home / FOLDER, "")


def _clear(folder: Path, kept: str) -> None:
    for file in folder.glob("*.pmtiles"):
        if file.name != kept:
            file.unlink()


def _read(file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the head of a file and its metadata.

    Raises
    ------
    SourceError
        It is none of PMTiles 3, or cut off.
    """
    with file.open("rb") as opened:
        start = opened.read(HEAD_BYTES)
        version = _version(start)
        if version is None:
            raise SourceError.of(file.name, "", message("is no PMTiles file"), BASEMAP_OF_PROTOMAPS)
        if version != VERSION:
            problem = message("is PMTiles version {version}", version=str(version))
            raise SourceError.of(file.name, "", problem, BASEMAP_OF_PROTOMAPS)
        head = _head(start, file.name) if len(start) == HEAD_BYTES else {}
        ends = [head[f"{one}_offset"] + head[f"{one}_length"] for one in SECTIONS] if head else [HEAD_BYTES]
        size = file.stat().st_size
        if size < max(ends):
            problem = message("is cut off: {count} bytes", count=number(size))
            expected = message("{count} bytes, as its head says; copy it anew", count=number(max(ends)))
            raise SourceError.of(file.name, "", problem, expected)
        opened.seek(head["metadata_offset"])
        packed = opened.read(head["metadata_length"])
    try:
        is_packed = head["internal_compression"] is Compression.GZIP
        metadata = json.loads(gzip.decompress(packed) if is_packed else packed)
    except (OSError, EOFError, ValueError):
        metadata = None
    return head, metadata if isinstance(metadata, dict) else {}


def _version(start: bytes) -> int | None:
    """Return the version of PMTiles by the first bytes of a file; the first two wrote less of their name."""
    if start.startswith(b"PMTiles") and len(start) > len(b"PMTiles"):
        return start[len(b"PMTiles")]
    return start[2] if start[:4] in (b"PM\1\0", b"PM\2\0") else None


def _head(start: bytes, name: str) -> dict[str, Any]:
    try:
        return dict(deserialize_header(start))
    except ValueError as error:
        problem = message("has a head that can't be read: {reason}", reason=str(error))
        raise SourceError.of(name, "", problem, BASEMAP_OF_PROTOMAPS) from error


def _faults_of_head(head: dict[str, Any]) -> list[tuple[str, Message, Message]]:
    faults: list[tuple[str, Message, Message]] = []
    if head["tile_type"] is not TileType.MVT:
        expected = message("vector tiles (MVT), which can be drawn in grey")
        faults.append(
            (head["tile_type"].name, message("tiles of this type are pictures or unknown"), expected)
        )
    for part in ("tile_compression", "internal_compression"):
        if head[part] not in READABLE:
            faults.append((head[part].name, message("no browser unpacks this"), message("packed by gzip")))
    west, south, east, north = (
        head[f"{end}_e7"] / E7 for end in ("min_lon", "min_lat", "max_lon", "max_lat")
    )
    if west > CITY_BOUNDS[2] or east < CITY_BOUNDS[0] or south > CITY_BOUNDS[3] or north < CITY_BOUNDS[1]:
        bounds = " / ".join(f"{side:.4f}" for side in (west, south, east, north))
        expected = message("an extract that meets {bounds} degrees", bounds=" / ".join(map(str, CITY_BOUNDS)))
        faults.append((bounds, message("lies outside the city"), expected))
    if not head["min_zoom"] <= STREETS_ZOOM <= head["max_zoom"]:
        zooms = f"{head['min_zoom']}–{head['max_zoom']}"
        expected = message("tiles of zoom {zoom} among them, usually 0–15", zoom=str(STREETS_ZOOM))
        faults.append((zooms, message("these zooms have no streets for a ward"), expected))
    return faults


def _faults_of_layers(metadata: dict[str, Any]) -> list[tuple[str, Message, Message]]:
    given = [one for one in metadata.get("vector_layers") or () if isinstance(one, dict)]
    usable = {one.get("id") for one in given if "kind" in (one.get("fields") or ())}
    missing = [one for one in LAYERS if one not in usable]
    if not missing:
        return []
    names = ", ".join(sorted(str(one.get("id")) for one in given))
    problem = message("lacks layers of Protomaps' basemap: {names}", names=", ".join(missing))
    return [
        (names, problem, message("the layers {names}, each with the field kind", names=", ".join(LAYERS)))
    ]
