"""The store of batches: every file that was imported, byte for byte, with its tidy rows; nothing is lost.

One folder a batch::

    store/lock                         held by whoever writes, builds included
    store/journal.jsonl                what was withdrawn and restored: a line each, only ever appended
    store/20261121-101530-ab12/        one batch; its name is its id
        manifest.json                  file, sha256, who, when, program version, rows of each layer
        received/<file>                the file as it came
        rows/<layer>.parquet           its tidy rows, in the contract's columns

A batch is written into a folder whose name begins with a dot, flushed to disk whole, and enters by one
renaming. A batch is in force unless the last line of the journal that names it withdraws it.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Literal, Protocol

import pandas as pd

from etl.store.batch import Batch, read_manifest, rows_of, write_batch
from etl.store.entering import imported_before, refuse_doubles, with_sources
from etl.version import program_version
from geodata.clock import now
from geodata.contract.errors import JoinError, SourceError
from geodata.contract.layers import check
from geodata.disk import flush, naming, write_all
from geodata.language import message

BATCH_LAYERS = (
    "inspection",
    "criterion_result",
    "recommendation",
    "indicator_value",
    "station",
    "event",
    "event_task",
    "pilot_status",
    "target",
)
"""The layers whose rows can be imported; each batch adds rows of ``source`` besides."""

_BATCH_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}", re.ASCII)

PATIENCE = 1.0
"""Seconds after which one who waits for the lock is told so."""

Action = Literal["withdraw", "restore"]


class Imported(Protocol):
    """What a file turned out to hold.

    Attributes
    ----------
    sha256
        SHA-256 of the file that was read.
    rows
        Tidy rows by layer, in exactly the contract's columns; layers among `BATCH_LAYERS`. In the column
        ``source`` stands the row's own text of its source, else `THIS_BATCH`: `Store.add` puts the
        source_id there and makes the rows of the layer ``source``.
    """

    @property
    def sha256(self) -> str:
        """SHA-256 of the file that was read."""

    @property
    def rows(self) -> Mapping[str, pd.DataFrame]:
        """Tidy rows by layer."""


@dataclass(frozen=True)
class Entry:
    """One line of the journal: who withdrew or restored which batch, when and why."""

    batch_id: str
    action: Action
    at: str
    by: str
    reason: str


Accept = Callable[[Sequence[Batch]], object]
"""Told of the batches that would be in force, before they are; what it raises calls the change off."""


def _accept_all(_: Sequence[Batch]) -> None:
    return None


class Store:
    """The batches below a folder. Reading takes no lock; every change does, and waits for its turn.

    Parameters
    ----------
    folder
        The store; made by the first change.
    waiting
        Called once when the lock has been another's for longer than `PATIENCE`.
    """

    def __init__(self, folder: Path, waiting: Callable[[], object] = lambda: None) -> None:
        self.folder = folder
        self._waiting = waiting
        self._depth = 0

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the store alone; within one `Store` it may be taken again.

        What a writer that was killed left unfinished is cleared away first.
        """
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        _make_folder(self.folder)
        with (self.folder / "lock").open("ab") as file, naming(self.folder):
            _wait_for(file.fileno(), self._waiting)
            self._depth = 1
            try:
                for leftover in self.folder.glob(".adding-*"):
                    shutil.rmtree(leftover, ignore_errors=True)
                yield
            finally:
                self._depth = 0

    def batches(self) -> list[Batch]:
        """Return every batch that was ever imported, by id. What else lies in the folder is passed over.

        Raises
        ------
        SourceError
            A manifest or a line of the journal that can't be read.
        """
        if not self.folder.is_dir():
            return []
        last = {entry.batch_id: entry.action for entry in self.journal()}
        folders = sorted(
            path for path in self.folder.iterdir() if path.is_dir() and _BATCH_ID.fullmatch(path.name)
        )
        return [
            replace(read_manifest(path), is_withdrawn=last.get(path.name) == "withdraw") for path in folders
        ]

    def active(self) -> list[Batch]:
        """Return the batches whose rows count, by id."""
        return [batch for batch in self.batches() if not batch.is_withdrawn]

    def rows(self, layer: str) -> pd.DataFrame:
        """Return the rows of a layer of all batches in force, batch by batch."""
        return rows_of(self.active(), layer)

    def batch(self, batch_id: str) -> Batch:
        """Return a batch by its id.

        Raises
        ------
        SourceError
            There is none.
        """
        for batch in self.batches():
            if batch.batch_id == batch_id:
                return batch
        problem, expected = message("is no batch"), message("an id that “pilot-wards batches” lists")
        raise SourceError.of(batch_id, "", problem, expected)

    def find_by_sha256(self, sha256: str) -> Batch | None:
        """Return the batch of a file by the file's SHA-256, withdrawn or not."""
        return next((batch for batch in self.batches() if batch.sha256 == sha256), None)

    def history(self, batch_id: str) -> list[Entry]:
        """Return what became of a batch after its import, first things first."""
        return [entry for entry in self.journal() if entry.batch_id == batch_id]

    def add(self, path: Path, imported: Imported, by: str, accept: Accept = _accept_all) -> str:
        """Keep a file and its rows as a new batch and return its id; all of it enters, or nothing.

        Parameters
        ----------
        path
            The file; it is kept byte for byte.
        imported
            Its rows.
        by
            Who imports it.
        accept
            See `Accept`; the build checks here whether it can be made with the batch.

        Raises
        ------
        SourceError
            The file is no longer the one that was read.
        JoinError
            The same file was imported before, or a batch in force holds one of the keys.
        SchemaError
            The rows break the contract.
        """
        with self.lock():
            content = path.read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            if sha256 != imported.sha256:
                problem, expected = message("has changed while it was read"), message("a file at rest")
                raise SourceError.of(path.name, "", problem, expected)
            if (before := self.find_by_sha256(sha256)) is not None:
                raise JoinError([imported_before(path.name, before)])
            moment = now()
            while (self.folder / (batch_id := f"{moment:%Y%m%d-%H%M%S}-{sha256[:4]}")).exists():
                moment += timedelta(seconds=1)
            rows = {name: check(name, frame) for name, frame in imported.rows.items() if len(frame)}
            batch = Batch(
                batch_id=batch_id,
                folder=self.folder / f".adding-{batch_id}",
                # A name that is no text would break every table that shows it; the file keeps it.
                file=os.fsencode(path.name).decode("utf-8", "replace"),
                sha256=sha256,
                by=by,
                at=moment.isoformat(timespec="seconds"),
                program_version=program_version(),
                row_counts={name: len(frame) for name, frame in rows.items()},
            )
            active = self.active()
            refuse_doubles(path.name, rows, active)
            rows = with_sources(rows, batch)
            batch = replace(batch, row_counts={name: len(frame) for name, frame in rows.items()})
            try:
                write_batch(batch, path.name, content, rows)
                accept([*active, batch])
                batch.folder.rename(self.folder / batch_id)
                flush(self.folder)
            except BaseException:
                with suppress(OSError):
                    (self.folder / batch_id).rename(batch.folder)
                shutil.rmtree(batch.folder, ignore_errors=True)
                raise
        return batch_id

    def withdraw(self, batch_id: str, reason: str, by: str, accept: Accept = _accept_all) -> None:
        """Let a batch's rows no longer count; the batch stays.

        Raises
        ------
        SourceError
            There is no such batch, it is withdrawn already, or no reason is given.
        """
        with self.lock():
            batch = self.batch(batch_id)
            if batch.is_withdrawn:
                problem, expected = message("is withdrawn already"), message("a batch that is in force")
                raise SourceError.of(batch.title, "", problem, expected)
            if not reason.strip():
                problem, expected = message("is withdrawn without a reason"), message("why, in a few words")
                raise SourceError.of(batch.title, reason, problem, expected)
            accept([other for other in self.active() if other.batch_id != batch_id])
            self._append(batch_id, "withdraw", by, reason.strip())

    def restore(self, batch_id: str, by: str, accept: Accept = _accept_all) -> None:
        """Let the rows of a batch that was withdrawn count again.

        Raises
        ------
        SourceError
            There is no such batch, or it is in force.
        JoinError
            A batch in force holds one of its keys.
        """
        with self.lock():
            batch = self.batch(batch_id)
            if not batch.is_withdrawn:
                problem, expected = message("is in force already"), message("a batch that was withdrawn")
                raise SourceError.of(batch.title, "", problem, expected)
            active = self.active()
            rows = {name: batch.keys(name) for name in batch.row_counts}
            refuse_doubles(batch.title, rows, active)
            restored = replace(batch, is_withdrawn=False)
            accept(sorted([*active, restored], key=lambda one: one.batch_id))
            self._append(batch_id, "restore", by, "")

    def journal(self) -> list[Entry]:
        """Return the lines of the journal. One that a kill left unfinished does not count.

        Raises
        ------
        SourceError
            A line that is whole but can't be read.
        """
        return [entry for entry, _ in self._lines()]

    def _lines(self) -> list[tuple[Entry, int]]:
        """Return the entries of the journal, each with the number of bytes up to its end."""
        path = self.folder / "journal.jsonl"
        if not path.is_file():
            return []
        entries: list[tuple[Entry, int]] = []
        end = 0
        content = path.read_bytes()
        for number, line in enumerate(content.splitlines(keepends=True), start=1):
            end += len(line)
            try:
                entry = Entry(**json.loads(line))
            except (ValueError, TypeError) as error:
                if end == len(content):
                    break
                problem, expected = message("can't be read"), message("a line that this program wrote")
                raise SourceError.of(path.name, "", problem, expected, row=number) from error
            if line.endswith(b"\n"):
                entries.append((entry, end))
        return entries

    def _append(self, batch_id: str, action: Action, by: str, reason: str) -> None:
        path = self.folder / "journal.jsonl"
        lines = self._lines()
        at = now().isoformat(timespec="seconds")
        entry = Entry(batch_id=batch_id, action=action, at=at, by=by, reason=reason)
        end = lines[-1][1] if lines else 0
        with path.open("ab", buffering=0) as file:
            try:
                file.truncate(end)
                write_all(file.fileno(), json.dumps(vars(entry)).encode() + b"\n")
                os.fsync(file.fileno())
                flush(self.folder)
            except BaseException:
                # The line may be whole, and the change is called off.
                with suppress(OSError):
                    file.truncate(end)
                raise


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        flush(folder.parent)


def _wait_for(handle: int, waiting: Callable[[], object]) -> None:
    """Take the lock on an open file; it is given back when the file is closed, or its process dies."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(0.02)
    waiting()
    fcntl.flock(handle, fcntl.LOCK_EX)
