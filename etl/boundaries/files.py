"""The files of outlines that a path stands for: one, those of a zip, or a folder.

None is trusted before it is checked: what it is by its first bytes, what a zip claims to hold, whether a
Shapefile is whole. What was delivered is never written to: SQLite would, so a GeoPackage is read from a copy.
"""

import glob
import hashlib
import lzma
import os
import re
import shutil
import stat
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

from etl.boundaries.harmless import check_geopackage, check_json, check_kml
from etl.received import check_regular, is_stranger, shortened
from geodata.contract.errors import SourceError
from geodata.disk import sha256
from geodata.language import Message, message, number

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
    check
        Raises a fault where GDAL must not open a file of this format; takes it and what it is called.
    """

    title: str
    driver: str
    is_one: Callable[[bytes], bool]
    check: Callable[[Path, str], None] = lambda dataset, shown: None


def _is_json(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _is_kml(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


FORMATS: dict[str, Format] = {
    ".gpkg": Format("GeoPackage", "GPKG", lambda head: head.startswith(_SQLITE), check_geopackage),
    ".geojson": Format("GeoJSON", "GeoJSON", _is_json, check_json),
    ".json": Format("GeoJSON", "GeoJSON", _is_json, check_json),
    ".topojson": Format("TopoJSON", "TopoJSON", _is_json, check_json),
    ".shp": Format("Shapefile", "ESRI Shapefile", lambda head: head.startswith(b"\x00\x00\x27\x0a")),
    ".kml": Format("KML", "LIBKML", _is_kml, check_kml),
    ".fgb": Format("FlatGeobuf", "FlatGeobuf", lambda head: head.startswith(b"fgb")),
    ".gdb": Format("File Geodatabase", "OpenFileGDB", lambda head: True),
}
"""The formats by the ending of a file's name. A File Geodatabase is a folder."""

ZIPPED = (".zip", ".kmz", ".shz")

_SHAPEFILE_PARTS = (".dbf", ".shx")


_JOURNALS = ("-wal", "-journal")
"""What SQLite writes beside a file that is open: rows may stand there alone."""


def parts_of(path: Path) -> dict[str, Path]:
    """Return the files that a path stands for, by their names within it.

    A Shapefile is several files of one name, a File Geodatabase a folder, another folder what its files stand
    for; a GeoPackage may have its last rows in a file beside it. Any other is one file.
    """
    if path.is_dir() and path.suffix.lower() == ".gdb":
        return {part.relative_to(path).as_posix(): part for part in sorted(path.rglob("*")) if part.is_file()}
    if path.is_dir():
        return {
            part.relative_to(path).as_posix(): part
            for dataset in _datasets_in(path)
            for part in parts_of(dataset).values()
        }
    if path.suffix.lower() == ".gpkg":
        beside = [path.with_name(path.name + journal) for journal in _JOURNALS]
        return {part.name: part for part in [path, *beside] if part == path or part.is_file()}
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
    """Give the files of outlines that a path stands for: itself, or those of a folder or zip.

    A zip is unpacked for the while, and a GeoPackage copied.

    Raises
    ------
    SourceError
        It is missing, of no known format, not at rest, or a zip that can't be unpacked safely.
    """
    path = path.absolute()  # a relative name could be read as a connection, as in ``PG:…``
    ending = path.suffix.lower()
    with tempfile.TemporaryDirectory(prefix="pilot-wards-") as temporary:
        folder = Path(temporary)
        if path.is_dir() and ending != ".gdb":
            yield _all_whole(path, folder, path.name, message("the folder holds no file of outlines"))
            return
        if not os.path.lexists(path):
            problem, expected = message("is missing"), message("a file with ward outlines")
            raise SourceError.of(path.name, shortened(str(path)), problem, expected)
        if not path.is_dir():
            check_regular(path, path.name)
        if ending in ZIPPED and path.is_file():
            _unpack(path, folder / "zip")
            empty = message("the zip holds no file of outlines")
            yield _all_whole(folder / "zip", folder, path.name, empty)
        elif ending not in FORMATS or path.is_dir() != (ending == ".gdb"):
            raise SourceError.of(
                path.name,
                "",
                message("is of no known format"),
                message("a file that ends in one of: {values}", values=_known_endings()),
            )
        else:
            yield [_whole(path, folder, path.name)]


def _all_whole(root: Path, folder: Path, shown: str, empty: Message) -> list[Path]:
    """Return the files of outlines below a folder, each checked."""
    inside = _datasets_in(root)
    if not inside:
        raise SourceError.of(shown, "", empty, message("one of: {values}", values=", ".join(FORMATS)))
    return [
        _whole(dataset, folder / str(number), f"{shown}/{dataset.relative_to(root).as_posix()}")
        for number, dataset in enumerate(inside)
    ]


def _whole(dataset: Path, folder: Path, shown: str) -> Path:
    """Return a file of outlines as GDAL may open it: checked, and a copy where reading would write to it."""
    _check_whole(dataset, shown)
    form = FORMATS[dataset.suffix.lower()]
    if form.driver == "GPKG":
        folder.mkdir(exist_ok=True)
        for name, part in parts_of(dataset).items():
            check_regular(part, name)
            shutil.copyfile(part, folder / name)
        dataset = folder / dataset.name
    form.check(dataset, shown)
    return dataset


_ENCODED_NAME_BYTES = 255
"""The longest name of a file that disks hold."""


def _unpack(path: Path, folder: Path) -> None:
    """Unpack a zip into a folder, its claims checked first; what it holds can't exceed what it claims."""
    expected = message("a whole zip of at most {limit} MB unpacked", limit=number(MAX_UNPACKED_BYTES / 1e6))
    folder.mkdir()
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
                _check_member(member, path.name)
            for member in members:
                if not is_stranger(PurePosixPath(member.filename)):
                    archive.extract(member, folder)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        # zipfile tells of a password by a RuntimeError and of an unknown compression by NotImplementedError;
        # a file below a name that is a file already is an OSError, which would name the folder.
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError.of(
            path.name, "", message("the zip can't be unpacked: {reason}", reason=reason[:200]), expected
        ) from error


def _check_member(member: zipfile.ZipInfo, file: str) -> None:
    """Check that a file in a zip is one, and has a name that stays within the zip's folder."""
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or re.match(r"[A-Za-z]:", member.filename):
        problem = message("the zip holds a file that would lie outside its folder")
    elif stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        problem = message("the zip holds a link or a device")
    elif any(len(part.encode("utf-8", "replace")) > _ENCODED_NAME_BYTES for part in name.parts):
        problem = message(
            "the zip holds a file with a name of {count} characters", count=len(member.filename)
        )
    else:
        return
    raise SourceError.of(file, shortened(member.filename), problem, message("a zip with plain names"))


def _datasets_in(folder: Path) -> list[Path]:
    """Return the files of outlines below a folder, a File Geodatabase as one; strangers are passed over."""
    within = [path for path in folder.rglob("*") if not is_stranger(path.relative_to(folder))]
    geodatabases = [path for path in within if path.is_dir() and path.suffix.lower() == ".gdb"]
    files = [
        path
        for path in within
        if path.is_file()
        and path.suffix.lower() in FORMATS
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
        for part in dataset.rglob("*"):
            if not part.is_dir():
                check_regular(part, f"{shown}/{part.name}")
        return
    for part in dataset.parent.glob(f"{glob.escape(dataset.stem)}.*"):
        # GDAL looks at files of the same name too.
        if not part.is_dir():
            check_regular(part, part.name)
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
