"""The digest of each thing in the store, which the audit log keeps: what was changed past the program shows.

A thing is a row and the rows that hang on it. Its digest is over the columns of all of them but contents, for
which their SHA-256 stands, and empty cells, so that a column that a later version adds changes none.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from etl.store import tables

THINGS: Mapping[str, tuple[sa.Table, ...]] = {
    "submission": (tables.submission, tables.submission_rows, tables.submission_step),
    "account": (tables.account, tables.account_right, tables.password_history, tables.recovery_code),
    "session": (tables.session,),
    "publication": (tables.publication, tables.publication_input),
    "setting": (tables.setting,),
}
"""By the kind of a thing: its table and those that hang on it by its key."""

SCHEMA = "schema"
"""The kind of the one thing that is the tables themselves."""

LEFT_OUT = {"submission.file", "submission_rows.content", "session.seen_at"}
"""Contents have a SHA-256 of their own; when a session was last seen changes without an entry."""


def name_of(kind: str, key: str) -> str:
    """Return what the audit log calls a thing."""
    return f"{kind}:{key}"


def digest(connection: sa.Connection, thing: str) -> str:
    """Return the digest of a thing by its name; empty where there is none of that name."""
    kind, _, key = thing.partition(":")
    if kind == SCHEMA:
        return hashlib.sha256(_schema(connection).encode()).hexdigest()
    if kind not in THINGS:
        return ""
    return next((found for _, found in _digests(connection, kind, key)), "")


def digests(connection: sa.Connection, kind: str) -> dict[str, str]:
    """Return the digest of every thing of a kind, by its name."""
    return dict(_digests(connection, kind))


def _digests(connection: sa.Connection, kind: str, key: str | None = None) -> Iterator[tuple[str, str]]:
    own, *hanging = THINGS[kind]
    key_column = next(iter(own.primary_key.columns)).name
    parts: dict[str, list[str]] = {}
    for table in (own, *hanging):
        columns = [column for column in table.columns if str(column) not in LEFT_OUT]
        asked = sa.select(*columns).order_by(*table.primary_key.columns)
        if key is not None:
            asked = asked.where(table.c[key_column] == key)
        rows = connection.execute(asked).mappings()
        for found, group in groupby(rows, key=lambda row: str(row[key_column])):
            if table is own:
                parts[found] = []
            # Rows that hang on nothing are told by the foreign keys.
            if found in parts:
                parts[found] += [canonical(table.name, row) for row in group]
    for found, lines in parts.items():
        yield name_of(kind, found), hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _schema(connection: sa.Connection) -> str:
    """Return the tables, their columns and what they are held to, as one text."""
    if connection.dialect.name == "sqlite":
        asked = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
        return str(connection.exec_driver_sql(asked).all())
    asked = (
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = current_schema() UNION ALL SELECT conrelid::regclass::text, conname::text,"
        " contype::text, convalidated::text FROM pg_constraint"
        " WHERE connamespace = current_schema()::regnamespace AND contype <> 'n' ORDER BY 1, 2, 3"
    )
    return str(connection.exec_driver_sql(asked).all())


def canonical(table: str, row: Mapping[Any, Any]) -> str:
    """Return a row as one text that no other row has."""
    cells = {
        str(column): value.hex() if isinstance(value, bytes) else value
        for column, value in sorted(row.items())
        if value is not None
    }
    return json.dumps([table, cells], ensure_ascii=False, separators=(",", ":"))
