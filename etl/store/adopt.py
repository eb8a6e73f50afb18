"""Takes in the batches that version 0.2 kept in a folder, each checked: file, rows, what became of it.

``journal.jsonl`` tells what was withdrawn and restored, a line each; each batch is a folder by its id, with
``manifest.json``, ``received/<file>`` and ``rows/<layer>.parquet``. The folder itself is left as it is.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from etl.store import audit, seals
from etl.store.audit import Actor
from etl.store.batch import RECEIVED, Batch, packed
from etl.store.database import Database, stamp
from etl.store.entering import NOT_STATED
from etl.store.submissions import Step, Store, in_memory, insert
from etl.store.tables import submission
from geodata.contract.errors import Fault, SourceError
from geodata.contract.layers import LAYERS
from geodata.language import message

_BATCH_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}", re.ASCII)

STATE_AFTER = {"withdraw": "withdrawn", "restore": "published"}


def refuse_unadopted(folder: Path, database: Database) -> None:
    """Check that a folder of version 0.2 holds no batch that the store lacks.

    Raises
    ------
    SourceError
        It does; a build would leave their rows out.
    """
    waiting = [one.name for one in _folders(folder) if one.name not in _known(database)]
    if waiting:
        problem = message("holds batches that are not in the store: {count}", count=len(waiting))
        expected = message("“pilot-wards store adopt {folder}”", folder=str(folder))
        raise SourceError.of(str(folder), "", problem, expected)


def adopt(folder: Path, database: Database, by: Actor, body: str = "") -> list[str]:
    """Take in every batch of a folder that the store lacks, and return their ids.

    Parameters
    ----------
    folder
        The folder.
    by
        Who adopts them.
    body
        The body that delivered them, where it was one: it stands where a person's name was published.

    Raises
    ------
    SourceError
        With all faults of all batches; none is taken in then.
    """
    known = _known(database)
    journal = list(_journal(folder))
    faults: list[Fault] = []
    adopted: list[tuple[Batch, list[Step]]] = []
    if not folder.is_dir():
        raise SourceError.of(str(folder), "", message("is missing"), message("a folder of batches"))
    for place in _folders(folder):
        if place.name in known:
            continue
        try:
            batch = _batch(place, body)
        except SourceError as error:
            faults += error.faults
            continue
        steps = [Step("published", batch.by, batch.at, "")]
        steps += [
            Step(STATE_AFTER[line["action"]], line["by"], _utc(line["at"]), line["reason"])
            for line in journal
            if line["batch_id"] == place.name
        ]
        adopted.append((batch, steps))
    if faults:
        raise SourceError(faults)
    things = [seals.name_of("submission", batch.batch_id) for batch, _ in adopted]
    with audit.changing(database, *things) as connection:
        for batch, steps in adopted:
            contents = {layer: batch.content(layer)[0] for layer in batch.row_counts}
            insert(connection, batch, batch.content(RECEIVED)[0], contents, steps)
            thing = seals.name_of("submission", batch.batch_id)
            detail = f"{batch.file} {batch.sha256}"
            audit.append(connection, by, "submission.adopt", thing, detail=detail)
    for batch, _ in adopted:
        _compare(folder / batch.batch_id, Store(database).batch(batch.batch_id))
    return [batch.batch_id for batch, _ in adopted]


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and _BATCH_ID.fullmatch(path.name))


def _known(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.scalars(sa.select(submission.c.submission_id)))


def _batch(folder: Path, body: str) -> Batch:
    """Return the batch of a folder, its contents in memory.

    Raises
    ------
    SourceError
        It is not as it was imported.
    """
    path = folder / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        file = _received(folder, str(manifest["file"]))
        content = file.read_bytes()
        rows = {layer: _rows(folder, layer) for layer in manifest["rows"]}
        at = _utc(manifest["at"])
        file_name, digest, by, version = (
            str(manifest[name]) for name in ("file", "sha256", "by", "program_version")
        )
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise _damaged(path, message("can't be read")) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise _damaged(file, message("has another SHA-256 than its manifest says"))
    for layer, count in manifest["rows"].items():
        if len(rows[layer]) != count:
            raise _damaged(folder / "rows" / layer, message("has other rows than its manifest says"))
    contents = packed({layer: _with_body(layer, frame, folder.name, body) for layer, frame in rows.items()})
    return Batch(
        batch_id=folder.name,
        file=file_name,
        sha256=digest,
        by=by,
        program_version=version,
        body=body,
        at=at,
        row_counts=manifest["rows"],
        content=partial(in_memory, {RECEIVED: content, **contents}),
    )


def _rows(folder: Path, layer: str) -> pd.DataFrame:
    path = folder / "rows" / f"{layer}.parquet"
    return gpd.read_parquet(path) if LAYERS[layer].geometry else pd.read_parquet(path)


def _received(folder: Path, name: str) -> Path:
    """Return the file as it came: its name may be no text, and a file manager leaves files beside it."""
    return min((folder / "received").iterdir(), key=lambda path: path.name != name)


def _with_body(layer: str, frame: pd.DataFrame, batch_id: str, body: str) -> pd.DataFrame:
    """Return rows with a body where version 0.2 published who had imported them."""
    if layer != "source":
        return frame
    own = frame["source_id"] == f"batch-{batch_id}"
    return frame.assign(publisher=frame["publisher"].mask(own, body or NOT_STATED))


def _compare(folder: Path, batch: Batch) -> None:
    """Check row by row that the store holds what the folder holds.

    Raises
    ------
    SourceError
        It does not.
    """
    for layer in batch.row_counts:
        frame = _with_body(layer, _rows(folder, layer), batch.batch_id, batch.body)
        if not frame.equals(batch.rows(layer)[list(frame.columns)]):
            raise _damaged(folder / "rows" / layer, message("is not in the store as it stands there"))
    file = _received(folder, batch.file)
    if file.read_bytes() != batch.received():
        raise _damaged(file, message("is not in the store as it stands there"))


def _journal(folder: Path) -> Iterator[Mapping[str, str]]:
    """Return the lines of the journal; the last one may be cut, for its writer was killed."""
    path = folder / "journal.jsonl"
    if not path.is_file():
        return
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            try:
                told = json.loads(line)
                yield {name: str(told[name]) for name in ("batch_id", "action", "at", "by", "reason")}
            except (ValueError, KeyError, TypeError) as error:
                raise _damaged(path, message("can't be read")) from error


def _utc(at: str) -> str:
    return stamp(datetime.fromisoformat(at))


def _damaged(path: Path, problem: Any) -> SourceError:
    expected = message("the batch as it was imported, from a backup")
    return SourceError.of(f"{path.parent.name}/{path.name}", "", problem, expected)
