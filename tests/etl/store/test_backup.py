"""Copies of the store: made amid writes, whole or refused, and never put over what is there."""

import os
import stat
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from etl.store import audit, verify
from etl.store.accounts import Accounts, Right
from etl.store.audit import Actor
from etl.store.backup import NOWHERE, back_up, drill, restore, table_digests
from etl.store.database import Database, open_database
from etl.store.sealed_file import PIECE, is_sealed, seal, unseal
from etl.store.second_factor import enrol
from etl.store.secret import decrypt
from etl.store.submissions import Store
from etl.store.tables import account, setting, submission
from geodata.contract.errors import SourceError
from tests.batch_files import fires, write_file
from tests.conftest import NewPlace

ME = Actor("system:tester")


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Database:
    """Return a store with a bit of everything."""
    file = write_file(tmp_path / "a.csv", "x", indicator_value=fires(("2024-03", 7)))
    Store(database).add(*file, ME)
    accounts = Accounts(database)
    found = accounts.add("a", [Right("view")], ME)
    enrol(accounts, found, ME)
    return database


@pytest.mark.parametrize("passphrase", [None, "một câu dài"])
def test_what_is_restored_is_what_was_backed_up(
    filled: Database, tmp_path: Path, passphrase: str | None, new_place: NewPlace
) -> None:
    copy = tmp_path / "copy"
    back_up(filled, copy, ME, passphrase)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert is_sealed(copy) == (passphrase is not None)
    url, home = new_place()
    restore(copy, url, home, ME, passphrase)
    with closing(open_database(url, home)) as restored:
        assert verify.store_faults(restored, NOWHERE) == []
        with restored.read() as there, filled.read() as here:
            after, before = table_digests(there)[1], table_digests(here)[1]
            changed = {name for name in before if after[name] != before[name]}
            secret = there.scalar(sa.select(account.c.totp_secret))
        assert changed == {"audit"}  # which tells of the backup and of the restoring
        assert decrypt(home, str(secret))
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith(".")} == set()


def test_a_copy_made_amid_writes_is_of_one_moment(
    filled: Database, tmp_path: Path, new_place: NewPlace
) -> None:
    stop, begun = Event(), Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            keep_logged(filled, f"{number:06}")
            begun.set()

    writer = Thread(target=write)
    writer.start()
    begun.wait()
    copy = back_up(filled, tmp_path / "copy", ME)
    stop.set()
    writer.join()
    url, home = new_place()
    restore(tmp_path / "copy", url, home, ME)
    with closing(open_database(url, home)) as restored, restored.read() as connection:
        names = connection.scalars(sa.select(setting.c.name).order_by(setting.c.name)).all()
    assert list(names) == [f"{number:06}" for number in range(1, copy.counts["setting"] + 1)]


def keep_logged(database: Database, name: str) -> None:
    with audit.changing(database, f"setting:{name}") as connection:
        connection.execute(setting.insert().values(name=name, value="", at="", by_account=""))
        audit.append(connection, ME, "setting.set", f"setting:{name}")


def test_nothing_is_restored_over_a_store(filled: Database, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "copy", ME)
    url = "" if filled.is_sqlite else filled.url.render_as_string(hide_password=False)
    with pytest.raises(SourceError, match="an empty place to restore into"):
        restore(tmp_path / "copy", url, filled.home if filled.is_sqlite else tmp_path / "new", ME)
    with pytest.raises(SourceError, match="is there already"):
        back_up(filled, tmp_path / "copy", ME)


@pytest.mark.parametrize("at", [0.02, 0.3, 0.6, 0.98])
@pytest.mark.parametrize("passphrase", [None, "một câu dài"])
def test_a_copy_that_was_changed_is_refused_and_leaves_nothing(
    tmp_path: Path, at: float, passphrase: str | None
) -> None:
    with closing(open_database("", tmp_path / "home")) as database:
        Store(database).add(
            *write_file(tmp_path / "a.csv", "x" * 9999, indicator_value=fires(("2024-03", 7))), ME
        )
        back_up(database, tmp_path / "copy", ME, passphrase)
    content = bytearray((tmp_path / "copy").read_bytes())
    # In the middle of what tar leaves empty at the end of a part there is nothing to change.
    place = next(i for i in range(int(len(content) * at), len(content)) if content[i] or passphrase)
    content[place] ^= 1
    (tmp_path / "copy").write_bytes(content)
    home = tmp_path / "new"
    try:
        restore(tmp_path / "copy", "", home, ME, passphrase)
    except SourceError:
        assert list(home.iterdir()) == []
    else:
        # A bit of what describes a part, such as its time: the parts themselves are compared.
        assert passphrase is None
        with closing(open_database("", home)) as restored:
            assert verify.store_faults(restored, NOWHERE) == []


def test_a_copy_of_a_store_with_a_fault_is_refused(
    filled: Database, tmp_path: Path, new_place: NewPlace
) -> None:
    with filled.write() as connection:
        connection.execute(submission.update().values(file=b"?"))
    back_up(filled, tmp_path / "copy", ME)
    url, home = new_place()
    for _ in range(2):  # the place is as empty as it was
        with pytest.raises(SourceError, match="was changed past the program"):
            restore(tmp_path / "copy", url, home, ME)


def test_an_encrypted_copy_needs_its_passphrase(filled: Database, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "copy", ME, "đúng")
    with pytest.raises(SourceError, match="is encrypted"):
        restore(tmp_path / "copy", "", tmp_path / "new", ME)
    with pytest.raises(SourceError, match="can't be decrypted"):
        restore(tmp_path / "copy", "", tmp_path / "new", ME, "sai")
    assert b"system:tester" not in (tmp_path / "copy").read_bytes()


def test_a_drill_leaves_nothing_but_its_minutes(filled: Database, tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    minutes = drill(filled, tmp_path / "room", ME, "x")
    assert minutes["rows_compared"]["submission"] == 1
    assert minutes["is_encrypted"]
    assert list((tmp_path / "room").iterdir()) == []


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_what_is_sealed_comes_back_and_no_piece_can_be_left_out(tmp_path: Path, size: int) -> None:
    plain, sealed, back = (tmp_path / name for name in ("plain", "sealed", "back"))
    plain.write_bytes(os.urandom(size))
    seal(plain, sealed, "x")
    unseal(sealed, back, "x")
    assert back.read_bytes() == plain.read_bytes()
    content = sealed.read_bytes()
    for cut in {len(content) - 1, len(content) - PIECE - 16} - {-1}:
        if cut > 60:
            sealed.write_bytes(content[:cut])
            with pytest.raises(SourceError, match="can't be decrypted"):
                unseal(sealed, tmp_path / f"cut{cut}", "x")
