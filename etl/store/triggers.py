"""What refuses to change or delete an entry of the audit log, on either database; and what may prune it."""

import sqlalchemy as sa

REFUSAL = "the audit log is append-only"

SQLITE = {
    "audit_no_update": f"""CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    "audit_no_delete": f"""CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    "audit_no_replace": f"""CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number OR hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
}

FUNCTION = f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END"
POSTGRESQL = {
    "audit_no_change": "BEFORE UPDATE OR DELETE ON audit FOR EACH ROW",
    "audit_no_truncate": "BEFORE TRUNCATE ON audit FOR EACH STATEMENT",
}


def make(connection: sa.Connection) -> None:
    """Make the triggers."""
    if connection.dialect.name == "sqlite":
        for sql in SQLITE.values():
            connection.exec_driver_sql(sql)
        return
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $${FUNCTION}$$"
    )
    for name, when in POSTGRESQL.items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION audit_refuse()")


def drop(connection: sa.Connection) -> None:
    """Take the triggers away, within the transaction of who prunes; `make` puts them back."""
    on = "" if connection.dialect.name == "sqlite" else " ON audit"
    for name in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: sa.Connection) -> list[str]:
    """Return the triggers that are not there, are switched off, or are others than ours."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        there = {row.name: row.sql for row in rows}
        return sorted(
            {name for name in SQLITE if there.get(name) != SQLITE[name]} | (there.keys() - SQLITE.keys())
        )
    rows = connection.exec_driver_sql(
        "SELECT tgname, tgenabled::text, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " WHERE tgrelid = 'audit'::regclass AND NOT tgisinternal"
    )
    good = {name for name, enabled, source in rows if enabled in "OA" and source == FUNCTION}
    return sorted(POSTGRESQL.keys() - good)
