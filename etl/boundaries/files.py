"""The files of outlines that a path stands for: one, those of a zip, or a folder.

None is trusted before it is checked: what it is by its first bytes, what a zip claims to hold, whether a
Shapefile is whole.
"""

import glob
import hashlib
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pyogrio
import pyogrio.errors

from geodata.contract.errors import SourceError
from geodata.disk import sha256
from geodata.language import message, number

MAX_UNPACKED_BYTES = 250_000_000
"""What a zip may hold unpacked. The detailed outlines of the city's 114 units take 2 MB."""

MAX_ZIP_MEMBERS = 10_000

_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Format:
    """A file format of outlines.

    Attributes
    ----------
    title
        What it is called.
    driver
        GDAL's driver that reads it.
    is_one
        Whether the first 4096 bytes of a file can be those of this format.
    """

    title: str
    driver: str
    is_one: Callable[[bytes], bool]


def _is_json(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _is_kml(head: bytes) -> bool:
    # GDAL takes any XML with this element for a list of other sources, and would open them.
    return b"<kml" in head and b"<OGRVRT" not in head


FORMATS: dict[str, Format] = {
    ".gpkg": Format("GeoPackage", "GPKG", lambda head: head.startswith(_SQLITE)),
    ".geojson": Format("GeoJSON", "GeoJSON", _is_json),
    ".json": Format("GeoJSON", "GeoJSON", _is_json),
    ".topojson": Format("TopoJSON", "TopoJSON", _is_json),
    ".shp": Format("Shapefile", "ESRI Shapefile", lambda head: head.startswith(b"\x00\x00\x27\x0a")),
    ".kml": Format("KML", "LIBKML", _is_kml),
    ".fgb": Format("FlatGeobuf", "FlatGeobuf", lambda head: head.startswith(b"fgb")),
    ".gdb": Format("File Geodatabase", "OpenFileGDB", lambda head: True),
}
"""The formats by the ending of a file's name. A File Geodatabase is a folder."""

ZIPPED = (".zip", ".kmz", ".shz")

_SHAPEFILE_PARTS = (".dbf", ".shx")


def parts_of(path: Path) -> dict[str, Path]:
    """Return the files that a path stands for, by their names within it.

    A Shapefile is several files of one name, a File Geodatabase a folder; any other is one file.
    """
    if path.is_dir():
        return {part.relative_to(path).as_posix(): part for part in sorted(path.rglob("*")) if part.is_file()}
    if path.suffix.lower() == ".shp":
        siblings = sorted(path.parent.glob(f"{glob.escape(path.stem)}.*"))
        return {part.name: part for part in siblings if part.is_file()}
    return {path.name: path}


def fingerprint(parts: Mapping[str, Path]) -> str:
    """Return the SHA-256 of a file; of several, that of the list of their names and SHA-256."""
    each = {name: sha256(part) for name, part in sorted(parts.items())}
    if len(each) == 1:
        return next(iter(each.values()))
    return hashlib.sha256(
        "".join(f"{sha256}  {name}\n" for name, sha256 in each.items()).encode()
    ).hexdigest()


def _known_endings() -> str:
    return ", ".join([*FORMATS, *ZIPPED])


@contextmanager
def datasets(path: Path) -> Iterator[list[Path]]:
    """Give the files of outlines that a path stands for: itself, or those of a zip, unpacked for the while.

    Raises
    ------
    SourceError
        It is missing, of no known format, or a zip that can't be unpacked safely.
    """
    if not path.exists():
        raise SourceError.of(
            path.name, str(path), message("is missing"), message("a file with ward outlines")
        )
    ending = path.suffix.lower()
    if ending in ZIPPED and path.is_file():
        with tempfile.TemporaryDirectory(prefix="pilot-wards-") as folder:
            _unpack(path, Path(folder))
            inside = _datasets_in(Path(folder))
            if not inside:
                raise SourceError.of(
                    path.name,
                    "",
                    message("the zip holds no file of outlines"),
                    message("one of: {values}", values=", ".join(FORMATS)),
                )
            for dataset in inside:
                _check_whole(dataset, f"{path.name}/{dataset.relative_to(folder).as_posix()}")
            yield inside
    elif ending not in FORMATS or path.is_dir() != (ending == ".gdb"):
        raise SourceError.of(
            path.name,
            "",
            message("is of no known format"),
            message("a file that ends in one of: {values}", values=_known_endings()),
        )
    else:
        _check_whole(path, path.name)
        yield [path]


def _unpack(path: Path, folder: Path) -> None:
    """Unpack a zip into a folder, its claims checked first; what it holds can't exceed what it claims."""
    expected = message("a whole zip of at most {limit} MB unpacked", limit=number(MAX_UNPACKED_BYTES / 1e6))
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            claimed = sum(member.file_size for member in members)
            if claimed > MAX_UNPACKED_BYTES or len(members) > MAX_ZIP_MEMBERS:
                problem = message(
                    "the zip claims {size} MB unpacked in {count} files",
                    size=number(claimed / 1e6),
                    count=len(members),
                )
                raise SourceError.of(path.name, "", problem, expected)
            for member in members:
                name = PurePosixPath(member.filename.replace("\\", "/"))
                if name.is_absolute() or ".." in name.parts or re.match(r"[A-Za-z]:", member.filename):
                    raise SourceError.of(
                        path.name,
                        member.filename,
                        message("the zip holds a file that would lie outside its folder"),
                        message("a zip with plain names"),
                    )
            for member in members:
                archive.extract(member, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        # zipfile tells of a password by a RuntimeError and of an unknown compression by NotImplementedError.
        raise SourceError.of(
            path.name, "", message("the zip can't be unpacked: {reason}", reason=str(error)), expected
        ) from error


def _datasets_in(folder: Path) -> list[Path]:
    """Return the files of outlines below a folder, a File Geodatabase as one; what macOS adds is left out."""
    geodatabases = [path for path in folder.rglob("*") if path.is_dir() and path.suffix.lower() == ".gdb"]
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix.lower() in FORMATS
        and not path.name.startswith(".")
        and "__MACOSX" not in path.parts
        and not any(geodatabase in path.parents for geodatabase in geodatabases)
    ]
    return sorted([*geodatabases, *files])


def _check_whole(dataset: Path, shown: str) -> None:
    """Check by its own bytes that a file is of its format, and that a Shapefile is whole."""
    form = FORMATS[dataset.suffix.lower()]
    if form.driver not in pyogrio.list_drivers():
        raise SourceError.of(
            shown,
            "",
            message("this installation can't read the format {format}", format=form.title),
            message("a file that ends in one of: {values}", values=_known_endings()),
        )
    if dataset.is_dir():
        return
    with dataset.open("rb") as file:
        head = file.read(4096)
    if not form.is_one(head):
        raise SourceError.of(
            shown,
            head[:24].decode("ascii", errors="replace").strip() if head else "",
            message("is no {format}", format=form.title),
            message("a file of the format that its name says"),
        )
    if form.title == "Shapefile":
        _check_shapefile(dataset, shown, head)


def _check_shapefile(dataset: Path, shown: str, head: bytes) -> None:
    siblings = {
        path.suffix.lower(): path
        for path in dataset.parent.iterdir()
        if path.stem == dataset.stem and path.is_file()
    }
    missing = [part for part in _SHAPEFILE_PARTS if part not in siblings]
    if missing:
        raise SourceError.of(
            shown,
            "",
            message("its {parts} is missing", parts=", ".join(f"{dataset.stem}{part}" for part in missing)),
            message("a Shapefile with its .dbf and .shx beside it"),
        )
    # GDAL takes the outlines that a cut file still has and says nothing of the others.
    table = siblings[".dbf"].read_bytes()[:32]
    if len(head) < 100 or len(table) < 32:
        claims = [(shown, 1, 0)]
    else:
        rows, header_size, row_size = struct.unpack("<IHH", table[4:12])
        claims = [
            (shown, 2 * struct.unpack(">I", head[24:28])[0], dataset.stat().st_size),
            (siblings[".dbf"].name, header_size + rows * row_size, siblings[".dbf"].stat().st_size),
        ]
    for name, claimed, size in claims:
        if size < claimed:
            raise SourceError.of(
                name,
                "",
                message(
                    "is cut off: it holds {size} of {claimed} bytes",
                    size=number(size),
                    claimed=number(claimed),
                ),
                message("the whole file"),
            )
