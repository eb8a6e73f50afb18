"""The audit log: who did what to which thing when, and what came of it; entries are only ever added.

Each entry carries the hash of the one before it, and the digest of the thing that it tells of. The newest
hash also stands in the home, in the system's log and in each published GeoPackage, so that a cut tail shows.
"""

import hashlib
import json
import logging
import logging.handlers
import os
import pwd
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from etl.store import seals, tables
from etl.store.database import Database, stamp

Result = Literal["done", "refused", "failed"]

BEGINNING = "0" * 64
"""What stands as the hash before the first entry."""

FIELDS = ("number", "at", "account", "address", "action", "object", "result", "detail", "digest", "previous")
"""What the hash of an entry is over."""

LONGEST = 2000
"""Characters of a text of an entry; what comes from outside may be longer."""

SCHEMA = f"{seals.SCHEMA}:store"
"""The thing that is the tables themselves."""

SYSTEM_LOG = Path("/dev/log")

log = logging.getLogger("pilot-wards.audit")


@dataclass(frozen=True)
class Actor:
    """Who acts.

    Attributes
    ----------
    account
        Name of the account; of a user of this machine with ``system:`` before it; empty for nobody.
    address
        From where, as an IP address; empty for this machine's command line.
    """

    account: str
    address: str = ""


def system() -> Actor:
    """Return the user of this machine as whom this process runs, whatever its environment says."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a user without a name, as in a container
        name = str(os.getuid())
    return Actor(f"system:{name}")


@dataclass(frozen=True)
class Entry:
    """One entry of the log; see `etl.store.tables.audit`."""

    number: int
    at: str
    account: str
    address: str
    action: str
    object: str
    result: str
    detail: str
    digest: str
    previous: str
    hash: str

    @property
    def own_hash(self) -> str:
        """The hash that follows from the other fields."""
        return _hash(vars(self))


@dataclass(frozen=True)
class Head:
    """The newest entry: its number and hash; number 0 where there is none."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"

    @classmethod
    def read(cls, text: str) -> "Head":
        """Return what was written; number -1 where it is none."""
        number, _, found = text.strip().partition(" ")
        return cls(int(number), found) if number.isdecimal() else cls(-1, text)


@contextmanager
def changing(database: Database, *things: str) -> Iterator[sa.Connection]:
    """Change things, in one transaction; each is looked at first.

    One that is not as the log says, for somebody changed it past the program, is changed all the same, but
    the log goes on saying what it should be: no later entry may cover that up.
    """
    with database.write() as connection:
        connection.info["changing"] = {thing for thing in things if is_intact(connection, thing)}
        try:
            yield connection
        finally:
            connection.info.pop("changing", None)


def is_intact(connection: sa.Connection, thing: str) -> bool:
    """Return whether a thing is as the newest entry on it says."""
    return seals.digest(connection, thing) == (_last_digest(connection, thing) or "")


def append(
    connection: sa.Connection,
    actor: Actor,
    action: str,
    thing: str,
    result: Result = "done",
    detail: str = "",
) -> Head:
    """Add an entry, in the transaction of what it tells of and after it.

    Parameters
    ----------
    connection
        Of `etl.store.database.Database.write`, or of `changing` where a thing was changed.
    actor
        Who did it.
    action
        What was done, as in ``submission.add``.
    thing
        To what: ``kind:key``; of those that `etl.store.seals` knows the digest is kept.
    result
        What came of it.
    detail
        More of it, for people.
    """
    last = head(connection)
    if thing in connection.info.get("changing", ()):
        digest = seals.digest(connection, thing)
    else:
        digest = _last_digest(connection, thing) or ""
    fields: dict[str, Any] = {
        "number": last.number + 1,
        "at": stamp(),
        "account": _clean(actor.account),
        "address": _clean(actor.address),
        "action": _clean(action),
        "object": _clean(thing),
        "result": result,
        "detail": _clean(detail),
        "digest": digest,
        "previous": last.hash,
    }
    fields["hash"] = _hash(fields)
    connection.execute(tables.audit.insert().values(fields))
    new = Head(fields["number"], fields["hash"])
    connection.info["audit_head"] = new
    return new


def head(connection: sa.Connection) -> Head:
    """Return the newest entry's number and hash."""
    newest = tables.audit.c.number.desc()
    row = connection.execute(
        sa.select(tables.audit.c.number, tables.audit.c.hash).order_by(newest).limit(1)
    ).first()
    return Head(0, BEGINNING) if row is None else Head(row.number, row.hash)


def entries(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> Iterator[Entry]:
    """Return the entries that meet conditions on `etl.store.tables.audit`, the oldest first."""
    asked = sa.select(tables.audit).where(*conditions).order_by(tables.audit.c.number)
    for row in connection.execute(asked.execution_options(yield_per=1000)):
        yield Entry(*row)


def tell_system(found: Head) -> None:
    """Write the newest hash to the system's log, where there is one."""
    if SYSTEM_LOG.exists() and not log.handlers:
        handler = logging.handlers.SysLogHandler(str(SYSTEM_LOG), logging.handlers.SysLogHandler.LOG_AUTH)
        handler.setFormatter(logging.Formatter("pilot-wards: %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
    log.info("audit head %s", found)


def _last_digest(connection: sa.Connection, thing: str) -> str | None:
    newest = tables.audit.c.number.desc()
    asked = sa.select(tables.audit.c.digest).where(tables.audit.c.object == _clean(thing))
    return connection.scalar(asked.order_by(newest).limit(1)) if thing else None


def _hash(fields: Mapping[str, Any]) -> str:
    told = json.dumps([fields[name] for name in FIELDS], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _clean(text: str) -> str:
    """Return a text without what would break a line, or the database."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)[:LONGEST]
