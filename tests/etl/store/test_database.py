"""The database itself: its tables are those that are declared, its changes whole, its files its owner's."""

import stat
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from etl.store import migrations, triggers
from etl.store.audit import Actor, append, head
from etl.store.database import REVISION, Database, open_database, stamp
from etl.store.tables import metadata, setting
from geodata.contract.errors import SourceError

ME = Actor("system:tester")


def keep(database: Database, name: str) -> None:
    with database.write() as connection:
        connection.execute(setting.insert().values(name=name, value="", at=stamp(), by_account="a"))


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(sa.select(setting.c.name).order_by(setting.c.name)))


def test_the_steps_lead_to_the_tables_that_are_declared(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert triggers.missing(connection) == []
    [folder] = migrations.__path__
    assert ScriptDirectory(folder).get_current_head() == REVISION


def test_tables_of_sqlite_are_strict(tmp_path: Path) -> None:
    database = open_database("", tmp_path)
    with database.read() as connection:
        listed = connection.exec_driver_sql(
            "SELECT name, strict FROM pragma_table_list WHERE schema = 'main'"
        )
        strict = {name for name, is_strict in listed if is_strict}
    assert strict == set(metadata.tables)
    database.close()


def test_sqlite_waits_for_the_disk(tmp_path: Path) -> None:
    script = """
import pathlib, sys
from etl.store.database import open_database
with open_database("", pathlib.Path(sys.argv[1])).read() as connection:
    for pragma in ("journal_mode", "synchronous", "foreign_keys"):
        print(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar())
"""
    told = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["wal", "2", "1"]


def test_a_change_is_whole_or_has_not_happened(database: Database) -> None:
    keep(database, "before")
    with pytest.raises(RuntimeError), database.write() as connection:
        append(connection, ME, "x", "")
        connection.execute(setting.insert().values(name="lost", value="", at="", by_account=""))
        raise RuntimeError
    assert names(database) == ["before"]
    with database.read() as connection:
        assert head(connection).number == 1  # of the tables


def test_a_reader_sees_one_state_whatever_others_write(database: Database) -> None:
    keep(database, "1")
    with database.read() as connection:
        count = sa.select(sa.func.count()).select_from(setting)
        assert connection.scalar(count) == 1
        keep(database, "2")
        assert connection.scalar(count) == 1
    assert names(database) == ["1", "2"]


def test_writers_at_once_wait_for_each_other(database: Database) -> None:
    def write(name: str) -> None:
        for number in range(5):
            keep(database, f"{name}{number}")
            with database.write() as connection:
                append(connection, ME, "x", f"setting:{name}{number}")

    threads = [Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(database)) == 20
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT max(number), count(*) FROM audit").one() == (21, 21)


def test_a_second_builder_waits_and_is_told_so(database: Database) -> None:
    told: list[str] = []
    holder = database.build_lock()
    holder.__enter__()

    def let_go() -> None:
        told.append("told")
        holder.__exit__(None, None, None)

    other = open_database(database.url.render_as_string(hide_password=False), database.home)
    with other.build_lock(let_go):
        assert told == ["told"]
    other.close()


def test_a_store_of_a_newer_program_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SourceError, match=r"9999”: is of a newer program"):
        open_database(database.url.render_as_string(hide_password=False), database.home)


def test_only_who_may_makes_the_tables(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is older than this program"):
        open_database("", tmp_path, may_upgrade=False)


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"?" * 5000)
    with pytest.raises(SourceError, match="file is not a database"):
        open_database("", tmp_path)


def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    database = open_database("", home)
    with database.write() as connection:
        append(connection, ME, "x", "")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()}
    assert {name: mode for name, mode in modes.items() if mode != 0o600} == {}
    assert {"store.sqlite", "store.sqlite-wal", "audit_head"} <= modes.keys()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    database.close()


@pytest.mark.parametrize(
    "change",
    ["UPDATE audit SET account = 'x'", "DELETE FROM audit", "INSERT INTO audit SELECT * FROM audit"],
)
def test_the_audit_log_takes_no_change(database: Database, change: str) -> None:
    with database.write() as connection:
        append(connection, ME, "x", "")
    with pytest.raises(sa.exc.DBAPIError), database.write() as connection:
        connection.exec_driver_sql(change)
