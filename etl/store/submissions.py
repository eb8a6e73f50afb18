"""Submissions: every file that was imported, byte for byte, with its tidy rows; nothing is lost.

A change is checked first, which may take long, and made afterwards in one short transaction, which refuses it
where somebody else has changed meanwhile what it was checked against.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import sqlalchemy as sa

from etl.store import audit, seals
from etl.store.audit import Actor
from etl.store.batch import RECEIVED, Batch, packed, rows_of
from etl.store.database import Database, stamp
from etl.store.entering import imported_before, refuse_doubles, with_sources
from etl.store.tables import submission, submission_rows, submission_step
from etl.version import program_version
from geodata.clock import now
from geodata.contract.errors import JoinError, SourceError
from geodata.contract.layers import check
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

TAKEN_IN = ("published", "withdrawn")
"""The states of a submission whose rows count or have counted: those of a batch."""


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
class Step:
    """One step of a submission: what it became, by whom, when and why."""

    state: str
    by: str
    at: str
    comment: str


Accept = Callable[[Sequence[Batch]], object]
"""Told of the batches that would be in force, before they are; what it raises calls the change off."""


def _accept_all(_: Sequence[Batch]) -> None:
    return None


class Store:
    """The submissions of a store.

    Parameters
    ----------
    database
        The store's database.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def batches(self) -> list[Batch]:
        """Return every batch that was ever imported, by id."""
        return self._found(submission.c.state.in_(TAKEN_IN))

    def active(self) -> list[Batch]:
        """Return the batches whose rows count, by id."""
        return self._found(submission.c.state == "published")

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
        for batch in self._found(submission.c.submission_id == batch_id):
            return batch
        problem, expected = message("is no batch"), message("an id that “pilot-wards batches” lists")
        raise SourceError.of(batch_id, "", problem, expected)

    def find_by_sha256(self, sha256: str) -> Batch | None:
        """Return the batch of a file by the file's SHA-256, withdrawn or not."""
        return next(iter(self._found(submission.c.sha256 == sha256)), None)

    def history(self, batch_id: str) -> list[Step]:
        """Return what became of a batch, its import first."""
        asked = sa.select(submission_step).where(submission_step.c.submission_id == batch_id)
        with self.database.read() as connection:
            rows = connection.execute(asked.order_by(submission_step.c.number))
            return [Step(row.state, row.by_account, row.at, row.comment) for row in rows]

    def add(
        self, path: Path, imported: Imported, by: Actor, accept: Accept = _accept_all, body: str = ""
    ) -> str:
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
        body
            The body that delivers it.

        Raises
        ------
        SourceError
            The file is no longer the one that was read, or the store has changed meanwhile.
        JoinError
            The same file was imported before, or a batch in force holds one of the keys.
        SchemaError
            The rows break the contract.
        """
        received = path.read_bytes()
        sha256 = hashlib.sha256(received).hexdigest()
        if sha256 != imported.sha256:
            problem, expected = message("has changed while it was read"), message("a file at rest")
            raise SourceError.of(path.name, "", problem, expected)
        if (before := self.find_by_sha256(sha256)) is not None:
            raise JoinError([imported_before(path.name, before)])
        moment = now()
        while self._found(submission.c.submission_id == (batch_id := f"{moment:%Y%m%d-%H%M%S}-{sha256[:4]}")):
            moment += timedelta(seconds=1)
        rows = {name: check(name, frame) for name, frame in imported.rows.items() if len(frame)}
        batch = Batch(
            batch_id=batch_id,
            # A name that is no text would break every table that shows it.
            file=os.fsencode(path.name).decode("utf-8", "replace"),
            sha256=sha256,
            by=by.account,
            body=body,
            at=stamp(moment),
            program_version=program_version(),
            row_counts={},
            content=_nothing,
        )
        active = self.active()
        refuse_doubles(path.name, rows, active)
        rows = with_sources(rows, batch)
        contents = packed(rows)
        batch = replace(
            batch,
            row_counts={name: len(frame) for name, frame in rows.items()},
            content=partial(in_memory, {RECEIVED: received, **contents}),
        )
        accept([*active, batch])
        with audit.changing(self.database, _thing(batch)) as connection:
            _refuse_changed(connection, active)
            insert(connection, batch, received, contents, [Step("published", by.account, batch.at, "")])
            audit.append(connection, by, "submission.add", _thing(batch), detail=f"{batch.file} {sha256}")
        return batch_id

    def withdraw(self, batch_id: str, reason: str, by: Actor, accept: Accept = _accept_all) -> None:
        """Let a batch's rows no longer count; the batch stays.

        Raises
        ------
        SourceError
            There is no such batch, it is withdrawn already, or no reason is given.
        """
        batch = self.batch(batch_id)
        if batch.is_withdrawn:
            problem, expected = message("is withdrawn already"), message("a batch that is in force")
            raise SourceError.of(batch.title, "", problem, expected)
        if not reason.strip():
            problem, expected = message("is withdrawn without a reason"), message("why, in a few words")
            raise SourceError.of(batch.title, reason, problem, expected)
        active = self.active()
        accept([other for other in active if other.batch_id != batch_id])
        self._step(batch, active, "withdrawn", by, reason.strip())

    def restore(self, batch_id: str, by: Actor, accept: Accept = _accept_all) -> None:
        """Let the rows of a batch that was withdrawn count again.

        Raises
        ------
        SourceError
            There is no such batch, or it is in force.
        JoinError
            A batch in force holds one of its keys.
        """
        batch = self.batch(batch_id)
        if not batch.is_withdrawn:
            problem, expected = message("is in force already"), message("a batch that was withdrawn")
            raise SourceError.of(batch.title, "", problem, expected)
        active = self.active()
        rows = {name: batch.keys(name) for name in batch.row_counts}
        refuse_doubles(batch.title, rows, active)
        restored = replace(batch, is_withdrawn=False)
        accept(sorted([*active, restored], key=lambda one: one.batch_id))
        self._step(batch, active, "published", by, "")

    def _step(self, batch: Batch, active: Sequence[Batch], state: str, by: Actor, comment: str) -> None:
        with audit.changing(self.database, _thing(batch)) as connection:
            _refuse_changed(connection, active)
            own = (submission.c.submission_id == batch.batch_id) & (submission.c.version == batch.version)
            moved = connection.execute(
                submission.update().where(own).values(state=state, version=batch.version + 1)
            )
            if not moved.rowcount:
                raise _changed(batch.title)
            step = _step_row(batch.batch_id, batch.version + 1, Step(state, by.account, stamp(), comment))
            connection.execute(submission_step.insert().values(step))
            audit.append(connection, by, f"submission.{state}", _thing(batch), detail=comment)

    def _found(self, condition: sa.ColumnElement[bool]) -> list[Batch]:
        columns = [column for column in submission.c if column is not submission.c.file]
        asked = sa.select(*columns).where(condition, submission.c.state.in_(TAKEN_IN))
        own = sa.select(submission.c.submission_id).where(condition)
        counted = sa.select(
            submission_rows.c.submission_id, submission_rows.c.layer, submission_rows.c.row_count
        )
        counts: dict[str, dict[str, int]] = {}
        with self.database.read() as connection:
            found = connection.execute(asked.order_by(submission.c.submission_id)).all()
            for row in connection.execute(counted.where(submission_rows.c.submission_id.in_(own))):
                counts.setdefault(row.submission_id, {})[row.layer] = row.row_count
        return [
            Batch(
                batch_id=row.submission_id,
                file=row.file_name,
                sha256=row.sha256,
                by=row.by_account,
                body=row.body,
                at=row.at,
                program_version=row.program_version,
                row_counts=counts.get(row.submission_id, {}),
                content=partial(_stored, self.database, row.submission_id),
                is_withdrawn=row.state == "withdrawn",
                version=row.version,
            )
            for row in found
        ]


def insert(
    connection: sa.Connection,
    batch: Batch,
    received: bytes,
    contents: Mapping[str, bytes],
    steps: Sequence[Step],
) -> None:
    """Write the rows of a new batch and what became of it."""
    connection.execute(
        submission.insert().values(
            submission_id=batch.batch_id,
            kind="file",
            state=steps[-1].state,
            version=len(steps),
            file_name=batch.file,
            file=received,
            sha256=batch.sha256,
            by_account=batch.by,
            body=batch.body,
            at=batch.at,
            program_version=batch.program_version,
        )
    )
    for layer, content in contents.items():
        connection.execute(
            submission_rows.insert().values(
                submission_id=batch.batch_id,
                layer=layer,
                content=content,
                sha256=hashlib.sha256(content).hexdigest(),
                row_count=batch.row_counts[layer],
            )
        )
    rows = [_step_row(batch.batch_id, number, step) for number, step in enumerate(steps, start=1)]
    connection.execute(submission_step.insert(), rows)


def _step_row(batch_id: str, number: int, step: Step) -> dict[str, Any]:
    told = {"state": step.state, "by_account": step.by, "at": step.at, "comment": step.comment}
    return {"submission_id": batch_id, "number": number, **told}


def _refuse_changed(connection: sa.Connection, active: Sequence[Batch]) -> None:
    """Check that the batches in force are still those that a change was checked against."""
    asked = sa.select(submission.c.submission_id, submission.c.version)
    rows = connection.execute(asked.where(submission.c.state == "published"))
    if {(row.submission_id, row.version) for row in rows} != {(one.batch_id, one.version) for one in active}:
        raise _changed("store")


def _changed(what: str) -> SourceError:
    problem = message("was changed by somebody else meanwhile")
    return SourceError.of(what, "", problem, message("the same once more"))


def _thing(batch: Batch) -> str:
    return seals.name_of("submission", batch.batch_id)


def _stored(database: Database, batch_id: str, name: str) -> tuple[bytes, str]:
    """Return a content of a batch from the database, and its SHA-256 as it stands there."""
    if name == RECEIVED:
        asked = sa.select(submission.c.file, submission.c.sha256)
        asked = asked.where(submission.c.submission_id == batch_id)
    else:
        asked = sa.select(submission_rows.c.content, submission_rows.c.sha256)
        asked = asked.where(submission_rows.c.submission_id == batch_id, submission_rows.c.layer == name)
    with database.read() as connection:
        row = connection.execute(asked).one()
    return bytes(row[0]), str(row[1])


def in_memory(contents: Mapping[str, bytes], name: str) -> tuple[bytes, str]:
    """Return a content of a batch that is not in the store yet, and its SHA-256."""
    return contents[name], hashlib.sha256(contents[name]).hexdigest()


def _nothing(name: str) -> tuple[bytes, str]:
    raise KeyError(name)
