"""Keeping an adopted boundary file, whole or not at all: as received, and as wards that a build finds."""

import csv
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pyogrio

from etl.boundaries.adopted import ADOPTED, FILE, adopted_files
from etl.boundaries.examine import Examination
from etl.boundaries.files import fingerprint, parts_of
from etl.boundaries.vintages import read_boundary, tidy_boundary
from geodata.contract.errors import SourceError
from geodata.disk import flush, sha256
from geodata.language import message

RECEIVED = "received"
"""The folder, beside the tidied files, of the files as they were received."""


@dataclass(frozen=True)
class Origin:
    """Where a file comes from, as the user declares it; ``""`` where unknown."""

    title: str = ""
    publisher: str = ""
    licence: str = ""
    quality: Literal["official", "public"] = "public"


@dataclass(frozen=True)
class Kept:
    """What lies on disk after an adoption: the tidied file, and the received one."""

    tidied: Path
    received: Path


def keep(examination: Examination, origin: Origin, folder: Path, today: date) -> Kept:
    """Keep a file that was examined without faults, and return where it lies.

    Everything is written beside its place, flushed and read back before anything is put in place. Files that
    were received before stay; the vintage's tidied file is replaced.

    Parameters
    ----------
    examination
        Without faults.
    origin
        Where the file comes from.
    folder
        Where adopted files are kept; made where it is missing.
    today
        Day of the adoption.

    Raises
    ------
    SourceError
        The file is no longer the one that was examined.
    GeodataError
        What was kept before breaks its contract. Nothing has changed on disk.
    """
    source = examination.request.path
    name = f"wards_{examination.vintage}.gpkg"
    with _staging(folder) as staging:
        staged = _copy(source, staging / "received")
        if (received_sha256 := fingerprint(parts_of(staged))) != examination.delivered.fingerprint:
            problem, expected = message("has changed while it was examined"), message("a file at rest")
            raise SourceError.of(source.name, "", problem, expected)
        tidied = staging / name
        pyogrio.write_dataframe(
            examination.wards,
            tidied,
            layer="ward",
            driver="GPKG",
            geometry_type="MultiPolygon",
            # Debian's GDAL 3.6 warns of any GeoPackage newer than this.
            dataset_options={"VERSION": "1.3"},
        )
        tidy_boundary(read_boundary(tidied), examination.vintage, name)
        # A Shapefile is several files side by side; they get a folder.
        is_several = source.is_file() and len(parts_of(staged)) > 1
        unit, unit_name = (staged.parent, source.stem) if is_several else (staged, source.name)
        received = Path(RECEIVED) / f"{received_sha256[:12]}-{unit_name}"
        row = {
            "vintage": examination.vintage,
            "file": name,
            "sha256": sha256(tidied),
            "received": received.as_posix(),
            "received_sha256": received_sha256,
            "title": origin.title,
            "publisher": origin.publisher,
            "licence": origin.licence,
            "quality": origin.quality,
            "adopted": today.isoformat(),
        }
        table = staging / FILE
        _write_table(table, folder / FILE, row)
        for path in [*staging.rglob("*"), staging]:
            flush(path)
        # The table comes before the wards: should the machine stop in between, the old ones still have a row.
        _put([(unit, folder / received), (table, folder / FILE), (tidied, folder / name)], staging / "before")
    return Kept(folder / name, folder / received)


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Give a new folder inside a folder, for one process at a time; nothing is left of it or of a failure."""
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".adopting-") as staging:
            yield Path(staging)
        os.fsync(handle)
    finally:
        os.close(handle)
        if is_new and not any(folder.iterdir()):
            folder.rmdir()


def _copy(source: Path, folder: Path) -> Path:
    """Copy a file, or all files that it stands for, into a new folder; return it as it lies there."""
    copy = folder / source.name
    for name, part in parts_of(source).items():
        target = (copy if source.is_dir() else folder) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(part, target)
    return copy


def _write_table(path: Path, before: Path, row: dict[str, str]) -> None:
    """Write the table of adopted files with one row more; a row of the same tidied file is replaced."""
    adopted_files([before.parent])
    rows: list[dict[str, str]] = []
    if before.is_file():
        with before.open(encoding="utf-8-sig", newline="") as file:
            rows = [old for old in csv.DictReader(file) if old["sha256"] != row["sha256"]]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(ADOPTED.columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, row])


def _put(moves: list[tuple[Path, Path]], before: Path) -> None:
    """Put new files in their places, or put everything back; what was received before stays as it is.

    Parameters
    ----------
    moves
        Each new file with its place.
    before
        A folder to make for what was in these places.
    """
    before.mkdir()
    done: list[tuple[Path, Path | None]] = []
    try:
        for new, place in moves:
            if place.parent.name == RECEIVED and place.exists():
                continue
            if not place.parent.exists():
                place.parent.mkdir()
                done.append((place.parent, None))
            saved = before / place.name if place.exists() else None
            if saved is not None:
                shutil.copyfile(place, saved)
            new.replace(place)
            done.append((place, saved))
    except BaseException:
        for place, saved in reversed(done):
            if saved is not None:
                saved.replace(place)
            elif place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink()
        raise
