"""Whether the store is what this program wrote: every fault, with what it touches.

The database itself, the SHA-256 of every file and of all rows, the chain of the audit log and the digests in
it, the newest entry as it stands outside the database, and the published file.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from etl.store import audit, publications, seals, tables, triggers
from etl.store.audit import BEGINNING, Entry, Head
from etl.store.database import HEAD_FILE, Database, stamp
from geodata.contract.errors import Fault
from geodata.language import Message, message

CHANGED = message("was changed past the program")
AS_WRITTEN = message("what the program wrote, from a backup")
UNREADABLE = (sa.exc.DBAPIError, ValueError, TypeError)
"""What comes of reading what was damaged."""

PRUNED = "audit.prune"
"""The action of the entry that tells up to which other one the log was pruned."""


def faults(database: Database, published: Path) -> list[Fault]:
    """Return every fault of the store and of the published file.

    Parameters
    ----------
    database
        The store.
    published
        The GeoPackage.
    """
    return [*store_faults(database, published), *_file_faults(database, published)]


def store_faults(database: Database, published: Path) -> list[Fault]:
    """Return every fault of the store; what is published only tells how far its log has to reach."""
    found: list[Fault] = []
    # Others go on adding entries: what was noted before the log is read has to be in it.
    chain = Chain(_noted(database, published))
    checks: tuple[tuple[str, Callable[[sa.Connection], Iterator[Fault]]], ...] = (
        ("database", _database_faults),
        ("audit", chain.read),
        ("audit", chain.outside),
        ("database", chain.things),
        ("submission", _content_faults),
        ("session", _session_faults),
    )
    try:
        with database.read() as connection:
            for name, check in checks:
                try:
                    found += check(connection)
                except UNREADABLE as error:
                    found.append(_unreadable(name, error))
    except UNREADABLE as error:
        found.append(_unreadable("database", error))
    return found


def _unreadable(name: str, error: Exception) -> Fault:
    told = str(error.orig if isinstance(error, sa.exc.DBAPIError) else error)
    return Fault(name, told, message("can't be read"), AS_WRITTEN)


def _noted(database: Database, published: Path) -> dict[str, Head | None]:
    """Return the newest entry as it was noted elsewhere, by where; ``None`` where that is missing."""
    noted = database.home / HEAD_FILE
    heads: dict[str, Head | None] = {}
    if noted.is_file():
        heads[HEAD_FILE] = Head.read(noted.read_text("utf-8", "replace"))
    elif database.is_sqlite:
        heads[HEAD_FILE] = None
    head = published_head(published)
    return heads if head is None else heads | {published.name: head}


def _database_faults(connection: sa.Connection) -> Iterator[Fault]:
    if connection.dialect.name == "sqlite":
        for told in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
            if told != "ok":
                yield Fault("database", told, message("is damaged"), AS_WRITTEN)
    for name in triggers.missing(connection):
        yield Fault("database", name, message("is no trigger as it was made"), AS_WRITTEN)
    for table in tables.metadata.sorted_tables:
        for key in table.foreign_keys:
            other = key.column
            lost = sa.select(key.parent).where(key.parent.not_in(sa.select(other))).distinct()
            for value in connection.scalars(lost):
                problem = message("is not in {file}", file=other.table.name)
                yield Fault(table.name, str(value), problem, AS_WRITTEN, column=key.parent.name)


class Chain:
    """The audit log as it stands: its hashes, and what it says of each thing.

    Parameters
    ----------
    noted
        The newest entries as they were noted elsewhere, by where.
    """

    def __init__(self, noted: Mapping[str, Head | None]) -> None:
        self.noted = noted
        self.first = Head(1, BEGINNING)
        """Number of the first entry that is kept, and the hash of the one before it."""
        self.last = Head(0, BEGINNING)
        self.hashes: dict[int, str] = {}
        self.digests: dict[str, str] = {}
        """The newest digest of each thing, by its name; empty for one that went."""

    def read(self, connection: sa.Connection) -> Iterator[Fault]:
        """Read the log and return what is wrong within it."""
        pruned = Head(0, BEGINNING)
        for entry in audit.entries(connection):
            if not self.hashes:
                self.first = Head(entry.number, entry.previous)
                self.last = Head(entry.number - 1, entry.previous)
            yield from self._entry_faults(entry)
            self.last = Head(entry.number, entry.hash)
            self.hashes[entry.number] = entry.hash
            if entry.object.partition(":")[0] in {*seals.THINGS, seals.SCHEMA}:
                self.digests[entry.object] = entry.digest
            if entry.action == PRUNED:
                pruned = Head.read(entry.detail.partition("; ")[0])
        if self.first != Head(pruned.number + 1, pruned.hash):
            yield _entry_fault(
                self.first.number, message("is the first, but the log was not pruned up to it")
            )

    def _entry_faults(self, entry: Entry) -> Iterator[Fault]:
        if entry.number != self.last.number + 1:
            yield _entry_fault(entry.number, message("does not follow the entry before it"))
        if entry.own_hash != entry.hash or entry.previous != self.last.hash:
            yield _entry_fault(entry.number, CHANGED)

    def outside(self, connection: sa.Connection) -> Iterator[Fault]:
        """Return what the newest entries that were noted elsewhere say against the log."""
        for where, head in self.noted.items():
            if head is not None:
                yield from self._reaches(head, where)
            elif self.last.number > 1:
                yield Fault(where, "", message("is missing"), AS_WRITTEN)
        table = tables.publication.c
        for row in connection.execute(sa.select(table.publication_id, table.audit_head)):
            where = seals.name_of("publication", row.publication_id)
            yield from self._reaches(Head.read(row.audit_head), where)

    def _reaches(self, head: Head, where: str) -> Iterator[Fault]:
        if 0 <= head.number < self.first.number - 1 or head == Head(0, BEGINNING):
            return
        known = self.first.hash if head.number == self.first.number - 1 else self.hashes.get(head.number)
        if known != head.hash:
            problem = message("names an entry of the audit log that the store does not have")
            expected = message("the log up to it, from a backup; where a new store is meant, no older file")
            yield Fault(where, str(head), problem, expected)

    def things(self, connection: sa.Connection) -> Iterator[Fault]:
        """Return the things that are not what the log says of them."""
        there = {audit.SCHEMA: seals.digest(connection, audit.SCHEMA)}
        for kind in seals.THINGS:
            there |= seals.digests(connection, kind)
        for name, digest in there.items():
            if name not in self.digests:
                yield Fault(name, "", message("came past the program"), AS_WRITTEN)
            elif self.digests[name] != digest:
                yield Fault(name, "", CHANGED, AS_WRITTEN)
        for name, digest in self.digests.items():
            if digest and name not in there:
                yield Fault(name, "", message("went past the program"), AS_WRITTEN)


def _content_faults(connection: sa.Connection) -> Iterator[Fault]:
    """Return the files and rows whose SHA-256 is another one; each is read by itself, for it may be large."""
    for table, column in ((tables.submission, "file"), (tables.submission_rows, "content")):
        keys = list(table.primary_key.columns)
        for key in connection.execute(sa.select(*keys)).all():
            own = sa.and_(*(one == value for one, value in zip(keys, key, strict=True)))
            content, sha256 = connection.execute(sa.select(table.c[column], table.c.sha256).where(own)).one()
            if hashlib.sha256(content).hexdigest() != sha256:
                yield Fault("/".join(["submission:" + key[0], *key[1:]]), column, CHANGED, AS_WRITTEN)


def _session_faults(connection: sa.Connection) -> Iterator[Fault]:
    """Return the sessions that were seen before they began, or are yet to be seen."""
    session = tables.session.c
    asked = sa.select(session.token_hash).where(
        (session.seen_at < session.created_at)
        | (session.seen_at > stamp())
        | (session.seen_at > session.expires_at)
    )
    for key in connection.scalars(asked):
        yield Fault(seals.name_of("session", key), "", CHANGED, AS_WRITTEN, column="seen_at")


def _file_faults(database: Database, published: Path) -> Iterator[Fault]:
    """Return whether the published file is not the one that was published last."""
    known = publications.latest(database, published)
    if not published.is_file():
        if any(one.state == "published" for one in known):
            yield Fault(published.name, "", message("is missing"), message("“pilot-wards build”"))
        return
    if not known and published_head(published) is None:
        return  # of version 0.2
    if not publications.is_published(database, published):
        problem = message("is not the file that was published last")
        yield Fault(published.name, "", problem, message("“pilot-wards build”"))


def published_head(published: Path) -> Head | None:
    """Return the newest entry of the audit log that a published file names, if it names one."""
    if not published.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{published.absolute().as_uri()}?mode=ro", uri=True)) as file:
            named = file.execute("SELECT audit_head FROM build WHERE audit_head IS NOT NULL").fetchone()
    except sqlite3.DatabaseError:
        return None  # another file, or one of version 0.2
    return Head.read(str(named[0])) if named else None


def _entry_fault(number: int, problem: Message) -> Fault:
    return Fault("audit", str(number), problem, AS_WRITTEN)
