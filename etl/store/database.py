"""The database that is the store: SQLite beside all else by default, PostgreSQL by one setting.

Every change is a short transaction that no other one overlaps, on either database; none is open while a
file is read, checked or built. What serialises builds is a lock of its own.
"""

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout

from geodata.clock import now
from geodata.contract.errors import SourceError
from geodata.disk import keep_private, write_whole
from geodata.language import message
from geodata.settings import Settings

REVISION = "0001"
"""The newest revision of the tables, in ``migrations/``."""

PATIENCE = 1.0
"""Seconds after which one who waits for a build is told so."""

WRITING, BUILDING = 6_104_221_101, 6_104_221_102
"""Advisory locks of PostgreSQL: of a change, and of a build."""

SQLITE_FILE = "store.sqlite"

PRAGMAS = {"journal_mode": "WAL", "synchronous": "FULL", "foreign_keys": "ON", "recursive_triggers": "ON"}
"""How SQLite keeps what was acknowledged, and what belongs together."""

ERRORS = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
"""What SQLite says of the disk, as the system says it."""

HEAD_FILE = "audit_head"
"""In the home: number and hash of the newest entry of the audit log, so that a cut tail shows."""


class Database:
    """The store's database; made by `open_database`.

    Parameters
    ----------
    url
        Of SQLAlchemy.
    home
        Folder of what is kept beside it: keys and locks.
    """

    def __init__(self, url: sa.URL, home: Path) -> None:
        self.url = url
        self.home = home
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url, is_sqlite=self.is_sqlite)

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database or "") if self.is_sqlite else None

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Read one state of the database, whatever others write meanwhile."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Change the database: all that happens within, or nothing. Others that change it wait."""
        with self._naming_disk(), self.engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                if not self.is_sqlite:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITING)))
                connection.info.pop("audit_head", None)
                connection.info.pop("changing", None)
                yield connection
            head = connection.info.pop("audit_head", None)
            if head is not None:
                # The change is made; an older entry in the file is as true.
                with suppress(OSError):
                    self.keep_head(str(head))

    @contextmanager
    def _naming_disk(self) -> Iterator[None]:
        """Let what SQLite says of the disk be the error that the system would have given."""
        try:
            yield
        except sa.exc.OperationalError as error:
            code = ERRORS.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
            if code is None:
                raise
            raise OSError(code, str(error.orig), str(self.file)) from error

    def keep_head(self, head: str) -> None:
        """Note the newest entry of the audit log outside the database: its number and hash."""
        write_whole(self.home / HEAD_FILE, f"{head}\n".encode(), is_durable=False)

    @contextmanager
    def build_lock(self, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
        """Hold alone what only one build at a time may do.

        Parameters
        ----------
        waiting
            Called once when the lock has been another's for longer than `PATIENCE`.
        """
        if self.is_sqlite:
            lock = FileLock(self.home / "build.lock", mode=0o600)
            try:
                lock.acquire(timeout=PATIENCE, poll_interval=0.02)
            except Timeout:
                waiting()
                lock.acquire(poll_interval=0.05)
            try:
                yield
            finally:
                lock.release()
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            until = time.monotonic() + PATIENCE
            while not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(BUILDING))):
                if time.monotonic() > until:
                    waiting()
                    connection.execute(sa.select(sa.func.pg_advisory_lock(BUILDING)))
                    break
                time.sleep(0.02)
            try:
                yield
            finally:
                # Where the connection is lost, so is the lock.
                with suppress(sa.exc.DBAPIError):
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(BUILDING)))

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def database_of(site: Settings, *, may_upgrade: bool = True) -> Database:
    """Return the database of an installation; see `open_database`."""
    return open_database(site.database, site.home, may_upgrade=may_upgrade)


def open_database(url: str, home: Path, *, may_upgrade: bool = True) -> Database:
    """Return a database, its tables made or brought up to date.

    Parameters
    ----------
    url
        As SQLAlchemy writes it: ``postgresql+psycopg://…``; empty for ``store.sqlite`` in the home.
    home
        Folder of what is kept beside it; made where it is missing, for the owner alone.
    may_upgrade
        Whether the caller is one that may make or change tables: a command, or a server that starts.

    Raises
    ------
    SourceError
        The database can't be opened, is older and may not be upgraded, or is of a newer program.
    """
    keep_private()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    in_home = sa.URL.create("sqlite", database=str(home.absolute() / SQLITE_FILE))
    database = Database(sa.make_url(url) if url else in_home, home)
    if database.file is not None:
        _keep_alone(database.file)
    try:
        found = _revision(database)
        if found != REVISION and not may_upgrade:
            problem = message("is older than this program")
            expected = message("“pilot-wards store verify”, which brings it up to date")
            raise SourceError.of(_shown(database), found, problem, expected)
        if found != REVISION:
            _upgrade(database, found)
    except SourceError:
        database.close()
        raise
    # A flipped bit may stand in what SQLite would say.
    except (sa.exc.DBAPIError, UnicodeDecodeError) as error:
        database.close()
        problem = message("can't be opened")
        expected = message("a database that answers, from a backup if need be")
        told = str(error.orig if isinstance(error, sa.exc.DBAPIError) else error).strip()
        raise SourceError.of(_shown(database), told, problem, expected) from error
    return database


def stamp(moment: datetime | None = None) -> str:
    """Return a moment, by default this one, as the store writes it."""
    return (moment or now()).astimezone(UTC).isoformat(timespec="microseconds")


def _shown(database: Database) -> str:
    return database.url.render_as_string(hide_password=True)


def _keep_alone(file: Path) -> None:
    """Make the file for its owner alone; SQLite gives its companions the same mode.

    One that is there is not opened: as it is closed, all locks of this process on it would go, those of
    SQLite's connections among them, and another process would take the store for one that nobody uses.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    if file.stat().st_uid == os.geteuid():
        file.chmod(0o600)


def _engine(url: sa.URL, *, is_sqlite: bool) -> sa.Engine:
    if not is_sqlite:
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"timeout": 60})

    @sa.event.listens_for(engine, "connect")
    def opened(connection: Any, _: object) -> None:
        connection.isolation_level = None  # sqlite3 would begin transactions of its own
        for pragma, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {pragma}={value}")

    @sa.event.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _revision(database: Database) -> str:
    """Return the revision of a database's tables; empty where there are none."""
    with database.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")) or "")


def _upgrade(database: Database, found: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found and found not in known:
        problem, expected = message("is of a newer program"), message("that program, or a newer one")
        raise SourceError.of(_shown(database), found, problem, expected)
    with database.write() as connection:
        # Another one may have done it while we waited.
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        from etl.store import audit

        connection.info["changing"] = {audit.SCHEMA}
        audit.append(connection, audit.system(), "store.upgrade", audit.SCHEMA, detail=REVISION)
