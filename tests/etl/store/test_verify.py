"""What the store says of itself: nothing where it is whole, and what is touched where it is not."""

import csv
import shutil
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from etl.store import audit, pruning, publications, triggers, verify
from etl.store.accounts import Accounts, Right
from etl.store.audit import Actor
from etl.store.database import HEAD_FILE, Database, stamp
from etl.store.sessions import Sessions
from etl.store.tables import audit as log
from etl.store.tables import session, setting
from geodata.clock import now
from geodata.contract.errors import SourceError
from tests.etl.store.conftest import Clock
from tests.soak.store import Place, fill, publish

ME = Actor("system:tester")


@pytest.fixture
def published(database: Database) -> Path:
    """Fill the store, and return its published file."""
    url = "" if database.is_sqlite else database.url.render_as_string(hide_password=False)
    place = Place(url, database.home)
    fill(place)
    return place.published


def told(database: Database, published: Path) -> list[str]:
    return [fault.render("en").partition(" →")[0] for fault in verify.faults(database, published)]


def test_a_store_as_it_was_written_has_no_fault(database: Database, published: Path) -> None:
    assert told(database, published) == []


def test_each_fault_names_what_it_touches(database: Database, published: Path) -> None:
    account = Accounts(database).named("an")
    assert account is not None
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET body = 'x' WHERE name = 'an'")
        connection.exec_driver_sql("UPDATE setting SET name = 'y' WHERE name = 'basis'")
    assert told(database, published) == [
        f"account:{account.account_id}: was changed past the program",
        "setting:y: came past the program",
        "setting:basis: went past the program",
    ]


def test_a_published_file_that_is_another_one_is_told_and_so_is_none(
    database: Database, published: Path
) -> None:
    shutil.copy(published.with_name("older.gpkg"), published)
    assert told(database, published) == ["built.gpkg: is not the file that was published last"]
    published.unlink()
    assert told(database, published) == ["built.gpkg: is missing"]


@pytest.mark.parametrize("has_come", [True, False])
def test_a_publication_that_was_killed_is_settled(
    database: Database, published: Path, has_come: bool
) -> None:
    part = published.with_name("other.gpkg")
    publication_id = publications.prepare(database, ME, published, part, "build 9", [("a", "b")])
    if has_come:
        shutil.copy(part, published)
    assert told(database, published) == []
    publications.settle(database, ME, published)
    assert publications.latest(database)[0].publication_id == publication_id
    assert publications.latest(database)[0].state == ("published" if has_come else "abandoned")
    assert told(database, published) == []


def test_a_cut_tail_shows_by_each_of_the_places_that_name_it(database: Database, published: Path) -> None:
    publish(database, published, 3)
    with database.read() as connection:
        head = audit.head(connection)
    with database.engine.begin() as connection:
        triggers.drop(connection)
        connection.execute(log.delete().where(log.c.number > head.number - 3))
        triggers.make(connection)
    faults = told(database, published)
    for where in (HEAD_FILE, published.name):
        assert [one for one in faults if one.startswith(where) and "names an entry of the audit log" in one]


def test_pruned_entries_are_exported_and_what_they_said_still_holds(
    database: Database, published: Path, later: Clock, tmp_path: Path
) -> None:
    with database.read() as connection:
        before = [entry.hash for entry in audit.entries(connection)]
    later.ahead += timedelta(days=400)
    found = Accounts(database).add("dung", [Right("view")], ME)
    Sessions(database).begin(found, "password", "")
    assert pruning.prune(database, tmp_path / "old.csv", ME) == len(before)
    with (tmp_path / "old.csv").open(encoding="utf-8", newline="") as file:
        assert [row["hash"] for row in csv.DictReader(file)] == before
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(session)) == 1
        actions = [entry.action for entry in audit.entries(connection)]
    assert actions[:4] == ["account.add", "session.begin", "audit.export", "audit.prune"]
    assert told(database, published) == []
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET body = 'x' WHERE name = 'bình'")
    assert len(told(database, published)) == 1
    with pytest.raises(SourceError, match="is there already"):
        pruning.prune(database, tmp_path / "old.csv", ME)
    later.ahead += timedelta(days=400)
    pruning.prune(database, tmp_path / "next.csv", ME)
    assert len(told(database, published)) == 1


def test_entries_that_vanish_without_pruning_show(database: Database, published: Path) -> None:
    with database.engine.begin() as connection:
        triggers.drop(connection)
        connection.execute(log.delete().where(log.c.number <= 3))
        triggers.make(connection)
    assert "audit “4”: is the first, but the log was not pruned up to it" in told(database, published)


def test_a_session_that_is_yet_to_be_seen_is_a_fault(database: Database, published: Path) -> None:
    with database.write() as connection:
        connection.execute(session.update().values(seen_at=stamp(now() + timedelta(days=1))))
    assert len(told(database, published)) == 3


def test_a_trigger_that_is_away_is_a_fault(database: Database, published: Path) -> None:
    with database.engine.begin() as connection:
        triggers.drop(connection)
    assert [one for one in told(database, published) if "is no trigger as it was made" in one]


def test_the_newest_hash_goes_to_the_systems_log(
    database: Database, published: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="pilot-wards.audit"):
        publish(database, published, 4)
    with database.read() as connection:
        assert caplog.messages == [f"audit head {audit.head(connection)}"]


def test_what_comes_from_outside_breaks_no_line(database: Database) -> None:
    with database.write() as connection:
        audit.append(connection, Actor("a\nb\x00", "1\r2"), "x", "", "refused", "z" * 5000)
    with database.read() as connection:
        [*_, entry] = audit.entries(connection)
    assert (entry.account, entry.address, len(entry.detail)) == ("a\ufffdb\ufffd", "1\ufffd2", 2000)


def test_a_check_amid_changes_tells_of_no_fault(database: Database, published: Path) -> None:
    stop = Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            name = f"n{number}"
            with audit.changing(database, f"setting:{name}") as connection:
                connection.execute(setting.insert().values(name=name, value="", at="", by_account=""))
                audit.append(connection, ME, "setting.set", f"setting:{name}")
            if number % 5 == 0:
                publish(database, published, number)

    writer = Thread(target=write)
    writer.start()
    faults = [told(database, published) for _ in range(10)]
    stop.set()
    writer.join()
    assert faults == [[]] * 10
