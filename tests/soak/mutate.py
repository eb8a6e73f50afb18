"""Damaged files of all kinds: each is read or refused with faults, without a traceback or a trace on disk.

``python -m tests.soak.mutate --count 20000`` tries so many; each is made from a number, so that one that
fails can be made again with ``--first``. They are read as the commands read them. What reads them here is a
process of its own as well, so that it shows where damage reaches it.
"""

import argparse
import hashlib
import io
import json
import multiprocessing
import random
import resource
import shutil
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import osmnx

from etl.boundaries.examine import AdoptionRequest, examine
from etl.confined import SECONDS
from etl.spreadsheets.fault_report import csv_report, lines, marked_copy
from etl.spreadsheets.importing import check_files, read_rows
from etl.spreadsheets.reading import Context
from etl.store.database import open_database
from etl.store.submissions import Store
from etl.streets.network import make_network
from geodata.contract.crs import STORAGE_CRS
from geodata.contract.errors import Fault, GeodataError
from geodata.language import Language
from tests.etl.boundary_files import NO_PLACES, UNITS, zipped
from tests.etl.test_street_network import graph, overpass_json, write_extract
from tests.sheet_files import TODAY, clerks_sheets, real_context, write_csv_file, write_ods, write_xlsx
from tests.small_city import NEW, new_wards
from tests.soak.damage import (
    Damage,
    cut,
    drop_member,
    flip,
    geopackage_tables,
    inside,
    json_nodes,
    move,
    shapefile_numbers,
    sqlite_pages,
    swap_text,
    swap_values,
    xml,
    zip_headers,
    zip_names,
)

MEMORY = 4 << 30
"""Bytes that reading may take."""

OF_ONE_FILE = 20.0
"""Seconds that a file may take to be opened; the user's limit is longer."""

LONGEST = 60.0
"""Seconds that a file may take in all."""

OUTLINES = ("f.gpkg", "g.geojson", "h.kml", "i.zip")
STREETS = ("j.osm", "k.graphml", "l.json")
LANGUAGES: tuple[Language, ...] = ("vi", "en")


@dataclass
class Outcomes:
    """What became of the files.

    Attributes
    ----------
    counts
        Files that were read whole, and files that were refused.
    failures
        Numbers of files that did anything else, with what they did.
    slowest
        Longest time of one file, s.
    """

    counts: Counter[str] = field(default_factory=Counter)
    failures: dict[int, str] = field(default_factory=dict)
    slowest: float = 0.0


def originals(folder: Path) -> list[Path]:
    """Write the files that are damaged: a clerk's workbook in every kind of file."""
    sheets = clerks_sheets()
    sheets["Kết quả"] = [
        ["Ngày kiểm tra", "Phường", "Bộ tiêu chí", "Tiêu chí số", "Kết quả"],
        ["8/9/2022", "Dư Hàng Kênh", "v1", 6, "chưa đạt"],
        ["8/9/2022", "Dư Hàng Kênh", "v1", 7, "đạt"],
    ]
    sheets["Trụ sở"] = [
        ["Phường", "Tên trụ sở", "Vĩ độ", "Kinh độ", "Nguồn"],
        ["Hồng Bàng", "Trụ sở", "20,856", 106.682, "Báo cáo 1"],
    ]
    table = [
        [f"{cell:%d/%m/%Y}" if hasattr(cell, "strftime") else cell for cell in row]
        for row in sheets["Sheet1"]
    ]
    return [
        write_xlsx(folder / "a.xlsx", sheets),
        write_ods(folder / "b.ods", sheets),
        write_csv_file(folder / "c.csv", table),
        write_csv_file(folder / "d.csv", table, ";", "utf-8-sig"),
        write_csv_file(folder / "e.csv", table, "\t", "utf-16"),
    ]


def outlines(folder: Path) -> list[Path]:
    """Write the outlines of the small city in several formats."""
    wards = new_wards()[["ward", "geometry"]]
    shapes = folder / "shapes"
    shapes.mkdir(exist_ok=True)
    wards.to_file(shapes / "wards.shp", encoding="utf-8")
    wards.to_file(folder / "f.gpkg", layer="ward")
    wards.to_crs(STORAGE_CRS).to_file(folder / "g.geojson")
    wards.to_crs(STORAGE_CRS).rename(columns={"ward": "Name"}).to_file(folder / "h.kml", driver="LIBKML")
    zipped(folder / "i.zip", sorted(shapes.iterdir()), root=shapes)
    return [folder / name for name in ("f.gpkg", "g.geojson", "h.kml", "i.zip")]


def streets(folder: Path) -> list[Path]:
    """Write streets in several formats."""
    write_extract(folder / "j.osm")
    osmnx.save_graphml(graph(), folder / "k.graphml")
    answer = overpass_json(nodes=True, geometry=True)
    (folder / "l.json").write_text(json.dumps(answer), encoding="utf-8")
    return [folder / name for name in ("j.osm", "k.graphml", "l.json")]


BYTES: tuple[Damage, ...] = (flip, cut, move)
WHOLE_ZIP: tuple[Damage, ...] = (*BYTES, drop_member, zip_headers, zip_names)
WORKBOOK: tuple[Damage, ...] = (
    *WHOLE_ZIP,
    inside(flip, cut, move),
    *[inside(xml, names=r"sheet1\.xml|sharedStrings|content\.xml|workbook\.xml$|styles\.xml")] * 6,
    *[swap_values] * 3,
)
PLAIN: tuple[Damage, ...] = (*BYTES, swap_text, swap_text)
OF_XML: tuple[Damage, ...] = (*BYTES, *[xml] * 4)
OF_JSON: tuple[Damage, ...] = (*BYTES, *[json_nodes] * 4)
DAMAGES: dict[str, tuple[Damage, ...]] = {
    **{"a.xlsx": WORKBOOK, "b.ods": WORKBOOK, "c.csv": PLAIN, "d.csv": PLAIN, "e.csv": PLAIN},
    "f.gpkg": (*BYTES, *[sqlite_pages] * 3, *[geopackage_tables] * 3),
    **{"g.geojson": OF_JSON, "h.kml": OF_XML},
    "i.zip": (*WHOLE_ZIP, inside(flip, cut), *[inside(shapefile_numbers, names="shp|shx|dbf")] * 4),
    **{"j.osm": OF_XML, "k.graphml": OF_XML, "l.json": OF_JSON},
}


def mutant(number: int, files: list[Path]) -> tuple[str, bytes]:
    """Return the name and the bytes of the damaged file of a number."""
    rng = random.Random(number)
    path = files[number % len(files)]
    content = path.read_bytes()
    return path.name, rng.choice(DAMAGES[path.name])(content, rng)


def try_one(number: int, files: list[Path], folder: Path, context: Context, store: Store) -> str:
    """Read one damaged file as the commands do, tell its faults in every form; return what became of it."""
    name, content = mutant(number, files)
    path = folder / name
    path.write_bytes(content)
    before = snapshot(folder)
    faults: Sequence[Fault]
    try:
        if name in OUTLINES:
            faults = examine(AdoptionRequest(path, NEW), UNITS, NO_PLACES).faults
        elif name in STREETS:
            make_network(path, TODAY)
            faults = ()
        else:
            faults = spreadsheet_faults(path, context, store, is_marked=number % 21 == 0)
    except GeodataError as error:
        faults = error.faults
        assert faults, "refused without a fault"
    for fault in faults[:200]:
        fault.render("vi")
        fault.render("en")
    assert snapshot(folder) == before, "the disk has changed"
    path.unlink()
    return "refused" if faults else "read"


def spreadsheet_faults(path: Path, context: Context, store: Store, *, is_marked: bool) -> Sequence[Fault]:
    """Return the faults of a spreadsheet, told in every form."""
    checked = check_files([path], context, store)
    for faults in checked.faults.values():
        assert faults, "refused without a fault"
        for language in LANGUAGES:
            csv_report(faults, language)
            lines(faults, language)
        if is_marked:
            with suppress(GeodataError):
                marked_copy(path, faults, "vi")
        return faults
    return ()


def snapshot(folder: Path) -> dict[str, str]:
    """Return the files below a folder with their SHA-256."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        # What SQLite keeps beside an open database is no change of it.
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def _work(first: int, last: int, folder: Path, told: Connection) -> None:
    """Try the files of some numbers; tell each number before, and what became of it after."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    made, tried = folder / "originals", folder / "tried"
    shutil.rmtree(tried, ignore_errors=True)
    tried.mkdir()
    files = [made / name for name in DAMAGES]
    SECONDS.set(OF_ONE_FILE)
    context, store = real_context(), Store(open_database("", tried / "store"))
    for file in files:
        if file.name in OUTLINES:
            assert not examine(AdoptionRequest(file, NEW), UNITS, NO_PLACES).faults
        elif file.name in STREETS:
            make_network(file, TODAY)
        else:
            read_rows(file, context)
    # What Rust says of a panic goes to the screen by itself; what Python prints is no outcome.
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for number in range(first, last):
            told.send((number, None, 0.0))
            begun = time.monotonic()
            try:
                outcome = try_one(number, files, tried, context, store)
            except BaseException:
                outcome = traceback.format_exc()
            told.send((number, outcome, time.monotonic() - begun))


def run(first: int, count: int, folder: Path) -> Outcomes:
    """Try so many damaged files from a number on."""
    outcomes = Outcomes()
    made = folder / "originals"
    made.mkdir()
    for write in (originals, outlines, streets):
        write(made)
    spawn = multiprocessing.get_context("forkserver")
    last = first + count
    while first < last:
        receiving, sending = spawn.Pipe(duplex=False)
        worker = spawn.Process(target=_work, args=(first, last, folder, sending))
        worker.start()
        sending.close()
        at = first
        try:
            while receiving.poll(LONGEST):
                at, outcome, seconds = receiving.recv()
                if outcome is None:
                    continue
                outcomes.slowest = max(outcomes.slowest, seconds)
                if outcome in ("read", "refused"):
                    outcomes.counts[outcome] += 1
                else:
                    outcomes.failures[at] = outcome
            else:
                worker.kill()
                outcomes.failures[at] = f"took longer than {LONGEST} s"
        except EOFError:
            worker.join()
            if worker.exitcode:
                outcomes.failures[at] = f"the process ended with {worker.exitcode}"
        worker.join()
        first = at + 1
    return outcomes


def main() -> None:
    """Try damaged files and tell what became of them; the code is 1 if any did not come out well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = run(arguments.first, arguments.count, Path(folder))
    print(f"{dict(outcomes.counts)}, slowest {outcomes.slowest:.2f} s, failures: {len(outcomes.failures)}")
    for number, failure in outcomes.failures.items():
        print(f"--first {number}: {failure}")
    raise SystemExit(1 if outcomes.failures else 0)


if __name__ == "__main__":
    main()
