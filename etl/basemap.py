"""Adopts a basemap: checks a PMTiles file as far as its head tells, and copies it into the home."""

import gzip
import json
import shutil
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pmtiles.tile import Compression, TileType, deserialize_header

from etl.confined import confined
from etl.received import check_regular
from geodata.basemap import FOLDER, RECORD, Basemap
from geodata.contract.crs import CITY_BOUNDS
from geodata.contract.disk_faults import disk_fault
from geodata.contract.errors import Fault, SourceError
from geodata.disk import flush, sha256, write_whole
from geodata.language import Message, message, number
from geodata.settings import BASEMAP_SCRIPT

VERSION = b"\3"
HEAD_BYTES = 127
"""So long is the head of PMTiles 3 (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md)."""

STREETS_ZOOM = 12
"""From here on streets tell a ward from the next; the file has to have tiles of it."""

LAYERS = ("places", "roads")
"""What is drawn of it: layers of Protomaps' basemap, each with the attribute ``kind``."""

READABLE = {Compression.NONE, Compression.GZIP}
"""What the browser unpacks."""

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
        check_regular(file, file.name)
        (head, metadata), _ = confined(_opened, file, file=file.name)
        faults = [Fault(file.name, *fault) for fault in _faults(head, metadata)]
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
        raise SourceError([disk_fault(error, file)]) from error
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


def _opened(file: Path) -> tuple[tuple[dict[str, Any], dict[str, Any]], list[Any]]:
    return _read(file), []


def _read(file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the head of a file and its metadata, which are empty where they can't be read.

    Raises
    ------
    SourceError
        It is none of PMTiles 3, or cut off.
    """
    with file.open("rb") as opened:
        head = _head(opened.read(HEAD_BYTES), file.name)
        size = file.stat().st_size
        needed = max(HEAD_BYTES, *(head[f"{one}_offset"] + head[f"{one}_length"] for one in SECTIONS))
        if size < needed:
            problem = message("is cut off: {count} bytes", count=number(size))
            expected = message("{count} bytes, as its head says; copy it anew", count=number(needed))
            raise SourceError.of(file.name, "", problem, expected)
        opened.seek(head["metadata_offset"])
        packed = opened.read(head["metadata_length"])
    try:
        is_packed = head["internal_compression"] is Compression.GZIP
        metadata = json.loads(gzip.decompress(packed) if is_packed else packed)
    except (OSError, EOFError, ValueError, zlib.error):
        metadata = None
    return head, metadata if isinstance(metadata, dict) else {}


def _head(start: bytes, name: str) -> dict[str, Any]:
    """Return what the first bytes of a file say; versions 1 and 2 wrote less of their name."""
    is_old = start[:4] in (b"PM\1\0", b"PM\2\0")
    version = start[7:8] if start.startswith(b"PMTiles") else start[2:3] if is_old else b""
    problem = message("is no PMTiles file")
    if version == VERSION:
        with suppress(ValueError):  # a type or packing that no version knows
            return dict(deserialize_header(start.ljust(HEAD_BYTES, b"\0")))
    elif version:
        problem = message("is PMTiles version {version}", version=str(version[0]))
    raise SourceError.of(name, "", problem, message("a basemap of Protomaps, PMTiles version 3"))


def _faults(head: dict[str, Any], metadata: dict[str, Any]) -> list[tuple[str, Message, Message]]:
    """Return value, problem and remedy of each fault."""
    west, south, east, north = (
        head[f"{one}_e7"] / E7 for one in ("min_lon", "min_lat", "max_lon", "max_lat")
    )
    is_outside = (
        west > CITY_BOUNDS[2] or east < CITY_BOUNDS[0] or south > CITY_BOUNDS[3] or north < CITY_BOUNDS[1]
    )
    given = [one for one in metadata.get("vector_layers") or () if isinstance(one, dict)]
    usable = {one.get("id") for one in given if "kind" in (one.get("fields") or ())}
    missing = ", ".join(one for one in LAYERS if one not in usable)
    unpacked = message("no browser unpacks this"), message("packed by gzip")
    found = (
        (
            head["tile_type"] is not TileType.MVT,
            head["tile_type"].name,
            message("tiles of this type are pictures or unknown"),
            message("vector tiles (MVT), which can be drawn in grey"),
        ),
        (head["tile_compression"] not in READABLE, head["tile_compression"].name, *unpacked),
        (head["internal_compression"] not in READABLE, head["internal_compression"].name, *unpacked),
        (
            is_outside,
            " / ".join(f"{side:.4f}" for side in (west, south, east, north)),
            message("lies outside the city"),
            message("an extract that meets {bounds} degrees", bounds=" / ".join(map(str, CITY_BOUNDS))),
        ),
        (
            not head["min_zoom"] <= STREETS_ZOOM <= head["max_zoom"],
            f"{head['min_zoom']}–{head['max_zoom']}",
            message("these zooms have no streets for a ward"),
            message("tiles of zoom {zoom} among them, usually 0–15", zoom=str(STREETS_ZOOM)),
        ),
        (
            bool(missing),
            ", ".join(sorted(str(one.get("id")) for one in given)),
            message("lacks layers of Protomaps' basemap: {names}", names=missing),
            message("the layers {names}, each with the field kind", names=", ".join(LAYERS)),
        ),
    )
    return [(value, problem, expected) for is_so, value, problem, expected in found if is_so]
