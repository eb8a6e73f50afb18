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
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from etl.program import VIETNAM, program_version
from etl.store.disk import flush
from geodata.contract.errors import Fault, JoinError, SourceError
from geodata.contract.layers import LAYERS, check, empty
from geodata.language import message

THIS_BATCH = "batch"
"""What stands in the column ``source`` of an imported row that names no source of its own."""

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
class Batch:
    """One file that was imported.

    Attributes
    ----------
    batch_id
        Time of the import and the first digits of the SHA-256: ids sort by time.
    folder
        Where it lies.
    file
        Name of the file as it came.
    sha256
        SHA-256 of the file.
    by, at
        Who imported it, and when: ISO 8601 with offset.
    program_version
        The version of the program that read it.
    row_counts
        Rows by layer.
    is_withdrawn
        Its rows don't count at present.
    """

    batch_id: str
    folder: Path
    file: str
    sha256: str
    by: str
    at: str
    program_version: str
    row_counts: Mapping[str, int]
    is_withdrawn: bool = False

    @property
    def title(self) -> str:
        """The batch as a fault names it."""
        return f"{self.batch_id} {self.file}"

    @property
    def received(self) -> Path:
        """The file as it came, byte for byte."""
        return next((self.folder / "received").iterdir())

    def rows(self, layer: str) -> pd.DataFrame:
        """Return its rows of a layer, in the contract's types; none is an empty frame.

        Raises
        ------
        SourceError
            The rows can't be read.
        """
        if layer not in self.row_counts:
            return empty(layer)
        path = self.folder / "rows" / f"{layer}.parquet"
        try:
            frame = gpd.read_parquet(path) if LAYERS[layer].geometry else pd.read_parquet(path)
        except (OSError, pa.ArrowException) as error:
            raise SourceError([_damaged(self.folder.name, path)]) from error
        # What a column that the contract has gained since would say of old rows is not known.
        return frame.assign(**{column: None for column in LAYERS[layer].columns if column not in frame})

    def keys(self, layer: str) -> pd.DataFrame:
        """Return the key of each of its rows of a layer."""
        key = list(LAYERS[layer].key)
        if layer not in self.row_counts:
            return empty(layer)[key]
        try:
            return pd.read_parquet(self.folder / "rows" / f"{layer}.parquet", columns=key)
        except (OSError, pa.ArrowException) as error:
            raise SourceError([_damaged(self.folder.name, self.folder)]) from error


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
        with (self.folder / "lock").open("ab") as file:
            _wait_for(file.fileno(), self._waiting)
            self._depth = 1
            try:
                for leftover in self.folder.glob(".adding-*"):
                    shutil.rmtree(leftover)
                yield
            finally:
                self._depth = 0

    def batches(self) -> list[Batch]:
        """Return every batch that was ever imported, by id.

        Raises
        ------
        SourceError
            A manifest or a line of the journal that can't be read.
        """
        if not self.folder.is_dir():
            return []
        last = {entry.batch_id: entry.action for entry in self.journal()}
        folders = sorted(
            path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith(".")
        )
        return [
            replace(_read_manifest(path), is_withdrawn=last.get(path.name) == "withdraw") for path in folders
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
        raise SourceError([Fault(batch_id, "", problem, expected)])

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
                raise SourceError([Fault(path.name, "", problem, expected)])
            if (before := self.find_by_sha256(sha256)) is not None:
                raise JoinError([_imported_before(path.name, before)])
            now = datetime.now(VIETNAM)
            while (self.folder / (batch_id := f"{now:%Y%m%d-%H%M%S}-{sha256[:4]}")).exists():
                now += timedelta(seconds=1)
            rows = {name: check(name, frame) for name, frame in imported.rows.items() if len(frame)}
            batch = Batch(
                batch_id=batch_id,
                folder=self.folder / f".adding-{batch_id}",
                # A name that is no text would break every table that shows it; the file keeps it.
                file=os.fsencode(path.name).decode("utf-8", "replace"),
                sha256=sha256,
                by=by,
                at=now.isoformat(timespec="seconds"),
                program_version=program_version(),
                row_counts={name: len(frame) for name, frame in rows.items()},
            )
            active = self.active()
            _refuse_doubles(path.name, rows, active)
            rows = with_sources(rows, batch)
            batch = replace(batch, row_counts={name: len(frame) for name, frame in rows.items()})
            try:
                _write_batch(batch, path.name, content, rows)
                accept([*active, batch])
                batch.folder.rename(self.folder / batch_id)
            except BaseException:
                shutil.rmtree(batch.folder, ignore_errors=True)
                raise
            flush(self.folder)
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
                raise SourceError([Fault(batch.title, "", problem, expected)])
            if not reason.strip():
                problem, expected = message("is withdrawn without a reason"), message("why, in a few words")
                raise SourceError([Fault(batch.title, reason, problem, expected)])
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
                raise SourceError([Fault(batch.title, "", problem, expected)])
            active = self.active()
            rows = {name: batch.keys(name) for name in batch.row_counts}
            _refuse_doubles(batch.title, rows, active)
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
                raise SourceError([Fault(path.name, "", problem, expected, row=number)]) from error
            if line.endswith(b"\n"):
                entries.append((entry, end))
        return entries

    def _append(self, batch_id: str, action: Action, by: str, reason: str) -> None:
        path = self.folder / "journal.jsonl"
        lines = self._lines()
        at = datetime.now(VIETNAM).isoformat(timespec="seconds")
        entry = Entry(batch_id=batch_id, action=action, at=at, by=by, reason=reason)
        with path.open("ab") as file:
            file.truncate(lines[-1][1] if lines else 0)
            file.write(json.dumps(vars(entry)).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        flush(self.folder)


def rows_of(batches: Sequence[Batch], layer: str) -> pd.DataFrame:
    """Return the rows of a layer of several batches, one after the other."""
    frames = [batch.rows(layer) for batch in batches if layer in batch.row_counts]
    return pd.concat(frames, ignore_index=True) if frames else empty(layer)


def shown_value(value: object) -> str:
    """Return a value of a key as a fault shows it."""
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def with_sources(rows: Mapping[str, pd.DataFrame], batch: Batch) -> dict[str, pd.DataFrame]:
    """Return rows whose ``source`` names rows of the layer ``source``, these included.

    The batch itself is one source, and every text that rows give as theirs is one more.

    Parameters
    ----------
    rows
        Tidy rows by layer, as `Imported` has them.
    batch
        The batch that they are to be.
    """
    texts = pd.concat([frame["source"] for frame in rows.values()] or [pd.Series(dtype="str")])
    named = [text for text in texts.dropna().unique() if text != THIS_BATCH]
    own = f"batch-{batch.batch_id}"
    ids = {THIS_BATCH: own} | {text: f"{own}-{number}" for number, text in enumerate(named, start=1)}
    sources = pd.DataFrame(
        {
            "source_id": list(ids.values()),
            "title": [batch.file, *named],
            "publisher": batch.by,
            "published": pd.Timestamp(datetime.fromisoformat(batch.at).date()),
            "locator": f"{batch.file}, SHA-256 {batch.sha256}",
        }
    ).reindex(columns=list(LAYERS["source"].columns))
    # What a row cites was published by somebody else, on a day that the file does not say.
    cited = sources["source_id"] != own
    sources.loc[cited, "publisher"] = "Chưa khai báo"
    sources.loc[cited, "published"] = pd.NaT
    pointed = {name: frame.assign(source=frame["source"].map(ids)) for name, frame in rows.items()}
    return pointed | {"source": check("source", sources)}


def _imported_before(file: str, batch: Batch) -> Fault:
    day = f"{datetime.fromisoformat(batch.at):%d/%m/%Y %H:%M}"
    if batch.is_withdrawn:
        return Fault(
            file,
            "",
            message(
                "was imported on {day} as batch {batch} and withdrawn since", day=day, batch=batch.batch_id
            ),
            message("“pilot-wards restore {batch}”, if it is to count again", batch=batch.batch_id),
        )
    problem = message("was imported on {day} as batch {batch}", day=day, batch=batch.batch_id)
    return Fault(file, "", problem, message("a file that has not been imported yet"))


def _refuse_doubles(file: str, rows: Mapping[str, pd.DataFrame], active: Sequence[Batch]) -> None:
    """Check that no batch in force holds a key of these rows.

    Raises
    ------
    JoinError
        With a fault for each batch and layer; it names the first of the keys.
    """
    faults: list[Fault] = []
    for name, frame in rows.items():
        key = list(LAYERS[name].key)
        ours = frame[key]
        for batch in active:
            theirs = batch.keys(name)
            double = pd.concat([theirs, ours], ignore_index=True).duplicated(key).iloc[len(theirs) :]
            if double.any():
                first = ours.loc[double.to_numpy()].iloc[0]
                faults.append(
                    Fault(
                        file,
                        "/".join(map(shown_value, first)),
                        message(
                            "rows of {layer} that batch {batch} holds already: {count}",
                            layer=name,
                            batch=batch.title,
                            count=int(double.sum()),
                        ),
                        message("rows that are new; withdraw that batch first to replace it"),
                        column=", ".join(key),
                    )
                )
    if faults:
        raise JoinError(faults)


def _write_batch(batch: Batch, name: str, content: bytes, rows: Mapping[str, pd.DataFrame]) -> None:
    """Write the folder of a batch, flushed to disk whole."""
    received, tidy = batch.folder / "received", batch.folder / "rows"
    for folder in (batch.folder, received, tidy):
        folder.mkdir()
    (received / name).write_bytes(content)
    for layer, frame in rows.items():
        frame.to_parquet(tidy / f"{layer}.parquet", index=False)
    manifest = {
        "file": batch.file,
        "sha256": batch.sha256,
        "by": batch.by,
        "at": batch.at,
        "program_version": batch.program_version,
        "rows": dict(batch.row_counts),
    }
    (batch.folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="ascii")
    for path in [*batch.folder.rglob("*"), batch.folder]:
        flush(path)


def _read_manifest(folder: Path) -> Batch:
    path = folder / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        return Batch(
            batch_id=folder.name,
            folder=folder,
            file=manifest["file"],
            sha256=manifest["sha256"],
            by=manifest["by"],
            at=manifest["at"],
            program_version=manifest["program_version"],
            row_counts=manifest["rows"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SourceError([_damaged(folder.name, path)]) from error


def _damaged(batch_id: str, path: Path) -> Fault:
    problem, expected = message("can't be read"), message("the batch as it was imported, from a backup")
    return Fault(f"{batch_id}/{path.name}", "", problem, expected)


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
