"""Damaged spreadsheets: each is read or refused with faults, never a traceback, and nothing on disk changes.

``python -m tests.soak.mutate --count 10000`` tries so many; each is made from a number, so that one that
fails can be made again with ``--first``. They are read in a process of their own, since damage might end it.
"""

import argparse
import hashlib
import io
import multiprocessing
import random
import re
import resource
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from etl.spreadsheets.fault_report import csv_report, fault_table, marked_copy
from etl.spreadsheets.importing import check_files, read_rows
from etl.spreadsheets.reading import Context
from etl.store.database import open_database
from etl.store.submissions import Store
from geodata.contract.errors import GeodataError
from tests.sheet_files import clerks_sheets, real_context, write_csv_file, write_ods, write_xlsx

MEMORY = 4 << 30
"""Bytes that reading may take."""

SECONDS = 30.0
"""Longest that one file may take."""


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


def flip(content: bytes, rng: random.Random) -> bytes:
    """Change some bytes."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 12)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def cut(content: bytes, rng: random.Random) -> bytes:
    """Leave the end out, as a copy that stopped."""
    return content[: rng.randrange(len(content))]


def move(content: bytes, rng: random.Random) -> bytes:
    """Put a piece in another's place."""
    start, length = rng.randrange(len(content)), rng.randint(1, 200)
    at = rng.randrange(len(content))
    return content[:at] + content[start : start + length] + content[at + rng.randint(0, 200) :]


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def damage_member(content: bytes, rng: random.Random) -> bytes:
    """Damage one file inside the archive, which itself stays whole."""
    members = _members(content)
    name = rng.choice(sorted(members))
    members[name] = rng.choice((flip, cut, move))(members[name] or b"x", rng)
    return _packed(members)


def drop_member(content: bytes, rng: random.Random) -> bytes:
    """Leave one file out of the archive."""
    members = _members(content)
    del members[rng.choice(sorted(members))]
    return _packed(members)


_SHEET = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "content.xml")
_TOKENS = (
    b"99999999",
    b"-1",
    b"1e308",
    b"NaN",
    b"&#0;",
    b"A1048576",
    b"XFD1",
    b"=1+1",
    b"\xc3",
    b"<c/>",
    b"0",
)


_VALUE = re.compile(rb'>([^<>]+)<| (?:r|s|t|office:value|office:date-value|table:name)="([^"]*)"')


def swap_values(content: bytes, rng: random.Random) -> bytes:
    """Swap or replace texts, numbers and references of cells; what holds them stays well formed."""
    members = _members(content)
    name = rng.choice([name for name in members if name in _SHEET])
    text = members[name]
    for _ in range(rng.randint(1, 6)):
        spans = [found.span(found.lastindex or 0) for found in _VALUE.finditer(text)]
        first, second = sorted(rng.sample(spans, 2))
        left, right = text[slice(*first)], text[slice(*second)]
        if rng.random() < 0.15:
            left = rng.choice((*_TOKENS[:-2], b"M\xe1\xba\xadt", b"031085001234", b"T\xe1\xbb\x95ng"))
        text = text[: first[0]] + right + text[first[1] : second[0]] + left + text[second[1] :]
    members[name] = text
    return _packed(members)


def swap_tags(content: bytes, rng: random.Random) -> bytes:
    """Swap, repeat or replace pieces between the marks of the text inside."""
    members = _members(content)
    name = rng.choice([name for name in members if name in _SHEET])
    parts = members[name].split(b">")
    for _ in range(rng.randint(1, 5)):
        first, second = rng.randrange(len(parts)), rng.randrange(len(parts))
        parts[first], parts[second] = parts[second], parts[first]
        if rng.random() < 0.5:
            parts[first] = rng.choice(_TOKENS) + b"<" + parts[first].rpartition(b"<")[2]
        if rng.random() < 0.3:
            parts[second] = parts[second].replace(b"1", rng.choice(_TOKENS), 1)
    members[name] = b">".join(parts)
    return _packed(members)


def swap_text(content: bytes, rng: random.Random) -> bytes:
    """Swap cells of a csv file, and put odd ones in."""
    separator = next((mark for mark in (b"\t\0", b";", b",") if mark in content), b",")
    parts = content.split(separator)
    for _ in range(rng.randint(1, 6)):
        first, second = rng.randrange(len(parts)), rng.randrange(len(parts))
        parts[first], parts[second] = parts[second], parts[first]
        if rng.random() < 0.4:
            parts[first] = rng.choice((*_TOKENS, b'"', b"\r\n", b"\x00", b"031085001234", b"M\xe1\xba\xadt"))
    return separator.join(parts)


ZIPPED: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flip,
    cut,
    move,
    damage_member,
    drop_member,
    swap_tags,
    *[swap_values] * 6,
)
PLAIN: tuple[Callable[[bytes, random.Random], bytes], ...] = (flip, cut, move, swap_text, swap_text)


def mutant(number: int, files: list[Path]) -> tuple[str, bytes]:
    """Return the name and the bytes of the damaged file of a number."""
    rng = random.Random(number)
    path = files[number % len(files)]
    content = path.read_bytes()
    return path.name, rng.choice(PLAIN if path.suffix == ".csv" else ZIPPED)(content, rng)


def try_one(number: int, files: list[Path], folder: Path, context: Context, store: Store) -> str:
    """Read one damaged file as the commands do, tell its faults in every form; return what became of it."""
    name, content = mutant(number, files)
    path = folder / name
    path.write_bytes(content)
    before = snapshot(folder)
    checked = check_files([path], context, store)
    for faults in checked.faults.values():
        assert faults, "refused without a fault"
        for language in ("vi", "en"):
            csv_report(faults, language)
            fault_table(faults, language)
        if number % 21 == 0:
            with suppress(GeodataError):
                marked_copy(path, faults, "vi")
    assert snapshot(folder) == before, "the disk has changed"
    return "read" if checked.good else "refused"


def snapshot(folder: Path) -> dict[str, str]:
    """Return the files below a folder with their SHA-256."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _work(first: int, last: int, folder: Path, told: Connection) -> None:
    """Try the files of some numbers; tell each number before, and what became of it after."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    made, tried = folder / "originals", folder / "tried"
    made.mkdir(exist_ok=True)
    tried.mkdir(exist_ok=True)
    files = originals(made)
    context, store = real_context(), Store(open_database("", tried / "store"))
    for file in files:
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
    spawn = multiprocessing.get_context("forkserver")
    last = first + count
    while first < last:
        receiving, sending = spawn.Pipe(duplex=False)
        worker = spawn.Process(target=_work, args=(first, last, folder, sending))
        worker.start()
        sending.close()
        at = first
        try:
            while receiving.poll(SECONDS):
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
                outcomes.failures[at] = f"took longer than {SECONDS} s"
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
    parser.add_argument("--count", type=int, default=10_000)
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
