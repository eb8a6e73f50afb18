"""Copies of the store that can be restored: made while others write, compared row by row before their use.

A copy is a tar of the database – SQLite's own copy, or what ``pg_dump`` writes – the key of the home, and a
manifest with a digest of every table; all of one moment.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from etl.store import audit, tables, verify
from etl.store.audit import Actor
from etl.store.database import HEAD_FILE, SQLITE_FILE, Database, open_database, stamp
from etl.store.sealed_file import is_sealed, seal, unseal
from etl.store.seals import canonical
from etl.store.secret import KEY_FILE
from etl.version import program_version
from geodata.contract.errors import SourceError
from geodata.disk import flush, sha256
from geodata.language import message

MANIFEST, DUMP = "manifest.json", "store.dump"
NOWHERE = Path("no published file")


@dataclass(frozen=True)
class Copy:
    """What a copy holds.

    Attributes
    ----------
    made_at
        The moment that it is of, as `etl.store.database.stamp` writes it.
    program_version
        The version that made it.
    head
        The newest entry of the audit log in it.
    counts, digests
        Rows of each table, and a digest of them all.
    sha256
        Of the copy of the database.
    """

    made_at: str
    program_version: str
    head: str
    counts: Mapping[str, int]
    digests: Mapping[str, str]
    sha256: str


def back_up(database: Database, target: Path, actor: Actor, passphrase: str | None = None) -> Copy:
    """Copy the store as it is at this moment into a file that is not there yet.

    Parameters
    ----------
    target
        The file.
    actor
        Who asked for it.
    passphrase
        With it the file is encrypted.

    Raises
    ------
    SourceError
        The file is there already, or the database can't be copied.
    """
    if target.exists():
        raise SourceError.of(target.name, "", message("is there already"), message("a new file"))
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backing-up-") as name:
        folder = Path(name)
        part = folder / DUMP
        with database.read() as connection:
            counts, digests = table_digests(connection)
            head = str(audit.head(connection))
            made_at = stamp()
            _dump(database, connection, part)
        copy = Copy(made_at, program_version(), head, counts, digests, sha256(part))
        (folder / MANIFEST).write_text(json.dumps(vars(copy), indent=1), encoding="utf-8")
        packed = folder / "packed.tar"
        with tarfile.open(packed, "w") as tar:
            for path in (folder / MANIFEST, part, database.home / KEY_FILE):
                if path.is_file():
                    tar.add(path, path.name)
        part.unlink()
        if passphrase is not None:
            seal(packed, folder / "sealed", passphrase)
            packed = folder / "sealed"
        packed.chmod(0o600)
        flush(packed)
        packed.rename(target)
    flush(target.parent)
    with database.write() as connection:
        audit.append(connection, actor, "store.backup", "", detail=f"{target.name} up to {head}")
    return copy


def restore(source: Path, url: str, home: Path, actor: Actor, passphrase: str | None = None) -> Copy:
    """Put a copy into a place that is empty, once all of it is verified.

    Parameters
    ----------
    source
        The copy.
    url, home
        The place; see `etl.store.database.open_database`.
    actor
        Who asked for it.
    passphrase
        Of a copy that is encrypted.

    Raises
    ------
    SourceError
        The place is not empty, or the copy is not what was written; the place is empty then.
    """
    _refuse_used(url, home)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restoring-") as name:
        folder = Path(name)
        copy = _unpacked(source, folder, passphrase)
        place = folder / "home"
        place.mkdir()
        if (folder / KEY_FILE).exists():
            (folder / KEY_FILE).rename(place / KEY_FILE)
        if url:
            options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
            _run("pg_restore", *options, "-d", _libpq(url), folder / DUMP)
        else:
            (folder / DUMP).rename(place / SQLITE_FILE)
        (place / HEAD_FILE).write_text(f"{copy.head}\n", encoding="ascii")
        with closing(open_database(url, place)) as restored:
            faults = verify.store_faults(restored, NOWHERE)
            with restored.read() as connection:
                counts, digests = table_digests(connection)
            is_same = (counts, digests) == (copy.counts, copy.digests)
            if faults or not is_same:
                if url:
                    _empty(restored)
                raise SourceError(faults or [_broken(source)])
            with restored.write() as connection:
                detail = f"{source.name} of {copy.made_at}"
                audit.append(connection, actor, "store.restore", "", detail=detail)
        for path in sorted(place.iterdir()):
            if not path.name.endswith((".lock", "-wal", "-shm")):
                flush(path)
                path.rename(home / path.name)
        flush(home)
    return copy


def drill(database: Database, folder: Path, actor: Actor, passphrase: str | None = None) -> dict[str, Any]:
    """Back up, restore into an empty place, compare every row; return the minutes of it.

    Parameters
    ----------
    folder
        Where there is room for it; nothing stays there.

    Raises
    ------
    SourceError
        The copy is not what the store is, or can't be restored.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(dir=folder, prefix="drill-") as name:
        place = Path(name)
        copy = back_up(database, place / "copy", actor, passphrase)
        backed_up = time.monotonic()
        size = (place / "copy").stat().st_size
        url = "" if database.is_sqlite else _new_database(database)
        try:
            restore(place / "copy", url, place / "home", actor, passphrase)
        finally:
            if url:
                _drop_database(database, url)
        restored = time.monotonic()
    with database.write() as connection:
        audit.append(connection, actor, "store.drill", "", detail=f"up to {copy.head}")
    return {
        "made_at": copy.made_at,
        "program_version": copy.program_version,
        "database": "SQLite" if database.is_sqlite else "PostgreSQL",
        "is_encrypted": passphrase is not None,
        "bytes": size,
        "audit_head": copy.head,
        "seconds_of_backup": round(backed_up - begun, 1),
        "seconds_of_restore": round(restored - backed_up, 1),
        "rows_compared": dict(copy.counts),
    }


def table_digests(connection: sa.Connection) -> tuple[dict[str, int], dict[str, str]]:
    """Return the rows of each table, and a digest over them all."""
    counts, digests = {}, {}
    for table in tables.metadata.sorted_tables:
        rows = []
        for row in connection.execute(sa.select(table).execution_options(yield_per=20)).mappings():
            cells = {
                name: hashlib.sha256(value).digest() if isinstance(value, bytes) else value
                for name, value in row.items()
            }
            rows.append(hashlib.sha256(canonical(table.name, cells).encode()).digest())
        # How texts are ordered is the database's own matter.
        counts[table.name] = len(rows)
        digests[table.name] = hashlib.sha256(b"".join(sorted(rows))).hexdigest()
    return counts, digests


def _dump(database: Database, connection: sa.Connection, target: Path) -> None:
    """Write the state that a connection reads into a file."""
    if database.is_sqlite:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        with closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    else:
        snapshot = connection.scalar(sa.select(sa.func.pg_export_snapshot()))
        url = database.url.render_as_string(hide_password=False)
        _run("pg_dump", "-Fc", "-Z0", f"--snapshot={snapshot}", "-f", target, "-d", _libpq(url))


def _unpacked(source: Path, folder: Path, passphrase: str | None) -> Copy:
    """Unpack a copy into a folder.

    Raises
    ------
    SourceError
        It is encrypted and no passphrase is given, or it is not what was written.
    """
    if not source.is_file():
        raise SourceError.of(source.name, "", message("is missing"), message("a backup"))
    if is_sealed(source):
        if passphrase is None:
            raise SourceError.of(source.name, "", message("is encrypted"), message("its passphrase"))
        unseal(source, folder / "packed.tar", passphrase)
        source = folder / "packed.tar"
    try:
        with tarfile.open(source) as tar:
            # By their names: what else an archive holds, and where that is to lie, does not count.
            for name in sorted({MANIFEST, DUMP, KEY_FILE} & set(tar.getnames())):
                part = tar.extractfile(name)
                if part is not None:
                    with part, (folder / name).open("wb") as file:
                        shutil.copyfileobj(part, file)
        copy = Copy(**json.loads((folder / MANIFEST).read_bytes()))
    except (OSError, tarfile.TarError, ValueError, TypeError) as error:
        raise SourceError([_broken(source)]) from error
    if not (folder / DUMP).is_file() or sha256(folder / DUMP) != copy.sha256:
        raise SourceError([_broken(source)])
    return copy


def _broken(source: Path) -> Any:
    return SourceError.of(
        source.name, "", message("is not a backup as it was written"), message("another backup")
    ).faults[0]


def _refuse_used(url: str, home: Path) -> None:
    used = [name for name in (SQLITE_FILE, HEAD_FILE, KEY_FILE) if (home / name).exists()]
    if url and not used:
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            used = sa.inspect(connection).get_table_names()
        engine.dispose()
    if used:
        problem, expected = message("is there already"), message("an empty place to restore into")
        raise SourceError.of(str(home), used[0], problem, expected)


def _libpq(url: str) -> str:
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _empty(restored: Database) -> None:
    """Take away what was restored into a database that was empty before."""
    found = sa.MetaData()
    found.reflect(restored.engine)
    found.drop_all(restored.engine)
    with restored.engine.begin() as connection:
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS audit_refuse()")


def _new_database(database: Database) -> str:
    name = f"drill_{os.getpid()}_{time.time_ns()}"
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return database.url.set(database=name).render_as_string(hide_password=False)


def _drop_database(database: Database, url: str) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"DROP DATABASE {sa.make_url(url).database}")


def _run(program: str, *arguments: object) -> None:
    """Run a program of PostgreSQL.

    Raises
    ------
    SourceError
        It is not there, or it failed.
    """
    found = shutil.which(program)
    if found is None:
        expected = message("PostgreSQL's client programs")
        raise SourceError.of(program, "", message("is missing"), expected)
    done = subprocess.run([found, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        problem, expected = message("has failed"), message("a database that answers")
        raise SourceError.of(program, done.stderr.strip(), problem, expected)
