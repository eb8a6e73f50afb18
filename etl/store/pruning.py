"""What becomes of old entries of the audit log: written to a file, then pruned; both are logged in turn."""

import csv
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from etl.store import audit, seals, triggers
from etl.store.audit import Actor, Entry, Head
from etl.store.database import Database, stamp
from etl.store.tables import audit as log
from etl.store.tables import session
from etl.store.verify import PRUNED
from geodata.clock import now
from geodata.contract.errors import SourceError
from geodata.disk import flush, sha256
from geodata.language import message

KEPT_MONTHS = 12


def export(database: Database, target: Path, actor: Actor, before: str | None = None) -> Head:
    """Write entries to a CSV file that is not there yet, and return the last one; its SHA-256 is logged.

    Parameters
    ----------
    before
        Only those of before that time; by default all.

    Raises
    ------
    SourceError
        The file is there already.
    """
    last = Head(0, audit.BEGINNING)
    names = [field.name for field in fields(Entry)]
    try:
        with target.open("x", encoding="utf-8", newline="") as file, database.read() as connection:
            writer = csv.writer(file)
            writer.writerow(names)
            for entry in audit.entries(connection, *_earlier(connection, before)):
                writer.writerow([getattr(entry, name) for name in names])
                last = Head(entry.number, entry.hash)
    except FileExistsError as error:
        raise SourceError.of(target.name, "", message("is there already"), message("a new file")) from error
    flush(target)
    with database.write() as connection:
        detail = f"{last}; {target.name} SHA-256 {sha256(target)}"
        audit.append(connection, actor, "audit.export", "", detail=detail)
    return last


def prune(database: Database, target: Path, actor: Actor, months: int = KEPT_MONTHS) -> int:
    """Export the entries that are older than so many months, then delete them; return how many.

    What they say of things that are still there is said once more, so that those stay sealed. Sessions that
    ended before go with them.

    Raises
    ------
    SourceError
        The file is there already.
    """
    before = stamp(now() - timedelta(days=round(months * 365.25 / 12)))
    last = export(database, target, actor, before)
    if last.number == 0:
        return 0
    with audit.changing(database) as connection:
        digests = _last_digests(connection)
        gone = _old_sessions(connection, before, last.number)
        connection.execute(session.delete().where(session.c.token_hash.in_(gone)))
        triggers.drop(connection)
        deleted = connection.execute(log.delete().where(log.c.number <= last.number)).rowcount
        triggers.make(connection)
        audit.append(connection, actor, PRUNED, "", detail=f"{last}; {target.name} SHA-256 {sha256(target)}")
        told = set(connection.scalars(sa.select(log.c.object).distinct()))
        there = [name for kind in seals.THINGS for name in seals.digests(connection, kind)]
        for name in [audit.SCHEMA, *there]:
            if name not in told:
                # What was changed past the program is not carried, and is told by every check from then on.
                if seals.digest(connection, name) == digests.get(name):
                    connection.info["changing"].add(name)
                audit.append(connection, actor, "audit.carry", name)
    return deleted


def _earlier(connection: sa.Connection, before: str | None) -> list[sa.ColumnElement[bool]]:
    """Return what holds of the entries up to the first one that is not of before a time."""
    # A clock that was set back must not leave a gap.
    kept = sa.select(sa.func.min(log.c.number)).where(log.c.at >= (before or ""))
    first = connection.scalar(kept) if before is not None else None
    return [] if first is None else [log.c.number < first]


def _old_sessions(connection: sa.Connection, before: str, last: int) -> list[str]:
    """Return the sessions that ended before a time and of which no later entry tells."""
    later = set(connection.scalars(sa.select(log.c.object).where(log.c.number > last)))
    ended = sa.func.coalesce(session.c.ended_at, session.c.expires_at) < before
    old = connection.scalars(sa.select(session.c.token_hash).where(ended))
    return [one for one in old if seals.name_of("session", one) not in later]


def _last_digests(connection: sa.Connection) -> dict[str, str]:
    rows = connection.execute(sa.select(log.c.object, log.c.digest).order_by(log.c.number))
    return {row.object: row.digest for row in rows}
