"""Accounts, second factors and sessions: who may sign in, when they may not, and that all of it is logged."""

from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from etl.store import accounts as accounts_module
from etl.store import second_factor, sessions, verify
from etl.store.accounts import Account, Accounts, Right
from etl.store.audit import Actor, entries
from etl.store.database import Database, stamp
from etl.store.sessions import Sessions
from geodata.clock import now
from geodata.contract.errors import SourceError
from tests.etl.store.conftest import Clock

ADMIN = Actor("system:root")
PASSWORD, OTHER = "Hoa-phượng-đỏ-2026", "Hoa-phượng-đỏ-2027"


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database)


@pytest.fixture
def clerk(accounts: Accounts) -> Account:
    return accounts.add("  Nguyễn.A ", [Right("submit", "ward", "v", "00001")], ADMIN, password=PASSWORD)


def logged(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as connection:
        all_but_the_first = list(entries(connection))[1:]  # which tells of the tables
        return [(entry.account, entry.action, entry.result) for entry in all_but_the_first]


def test_an_account_is_found_by_its_name_however_it_is_written(accounts: Accounts, clerk: Account) -> None:
    assert accounts.named("NGUYỄN.a") == clerk == accounts.of(clerk.account_id)
    assert clerk.roles == {"submit"}
    assert clerk.must_change_password
    assert accounts.all() == [clerk]
    with pytest.raises(SourceError, match="is taken"):
        accounts.add("nguyễn.a", [Right("view")], ADMIN)
    with pytest.raises(SourceError, match="has no right"):
        accounts.add("b", [], ADMIN)


def test_rights_are_what_was_set_last(accounts: Accounts, clerk: Account) -> None:
    rights = (Right("administer"), Right("view", "district", "v", "3"))
    accounts.set_rights(clerk.account_id, rights, ADMIN)
    found = accounts.of(clerk.account_id)
    assert found is not None
    assert (found.rights, found.is_administrator) == (rights, True)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("Ngắn-1", "is too short"),
        ("khôngcóchữhoa-12345", "has too few kinds of characters"),
        ("Nguyễn.A-Nguyễn.A-12", "holds the name of the account"),
        ("Aa-1" * 100, "is too long"),
    ],
)
def test_a_weak_password_is_refused_without_being_told(
    accounts: Accounts, clerk: Account, password: str, problem: str
) -> None:
    with pytest.raises(SourceError, match=problem) as error:
        accounts.set_password(clerk.account_id, password, ADMIN)
    assert password not in str(error.value)


def test_none_of_the_last_ten_passwords_may_be_chosen(accounts: Accounts, clerk: Account) -> None:
    with pytest.raises(SourceError, match="one of the last 10"):
        accounts.set_password(clerk.account_id, PASSWORD, ADMIN)
    for number in range(10):
        accounts.set_password(clerk.account_id, f"{OTHER}-{number}", ADMIN)
    with pytest.raises(SourceError, match="one of the last 10"):
        accounts.set_password(clerk.account_id, f"{OTHER}-0", ADMIN)
    accounts.set_password(clerk.account_id, PASSWORD, ADMIN)
    assert accounts.sign_in(clerk.name, PASSWORD, "")[0] == "right"


def test_five_wrong_attempts_lock_an_account_for_a_while(
    accounts: Accounts, clerk: Account, later: Clock
) -> None:
    tried = [accounts.sign_in(clerk.name, "wrong", "10.0.0.9")[0] for _ in range(5)]
    assert tried == ["wrong"] * 4 + ["locked"]
    assert accounts.sign_in(clerk.name, PASSWORD, "10.0.0.9") == ("locked", None)
    later.ahead += accounts_module.LOCKED_FOR + timedelta(seconds=1)
    outcome, found = accounts.sign_in(clerk.name, PASSWORD, "10.0.0.9")
    assert outcome == "right"
    assert found is not None
    assert found.failed_count == 0
    assert logged(accounts.database)[1:] == [
        *[(clerk.name, "sign-in", "refused")] * 6,
        (clerk.name, "sign-in", "done"),
    ]


def test_nobody_learns_whether_a_name_is_known(accounts: Accounts) -> None:
    assert accounts.sign_in("nobody", PASSWORD, "10.0.0.9") == ("wrong", None)
    assert logged(accounts.database) == [("", "sign-in", "refused")]


def test_an_account_that_is_long_unused_or_disabled_signs_nobody_in(
    accounts: Accounts, clerk: Account, later: Clock
) -> None:
    later.ahead += timedelta(days=46)
    assert accounts.sign_in(clerk.name, PASSWORD, "")[0] == "disabled"
    accounts.enable(clerk.account_id, ADMIN)
    assert accounts.sign_in(clerk.name, PASSWORD, "")[0] == "right"
    accounts.disable(clerk.account_id, ADMIN, "left the service")
    assert accounts.sign_in(clerk.name, PASSWORD, "")[0] == "disabled"


def test_a_code_counts_once_and_a_recovery_code_too(accounts: Accounts, clerk: Account) -> None:
    uri = second_factor.enrol(accounts, clerk, ADMIN)
    totp = pyotp.parse_uri(uri)
    assert isinstance(totp, pyotp.TOTP)
    assert second_factor.confirm(accounts, clerk, "000000" if totp.now() != "000000" else "1", ADMIN) == []
    used = totp.now()
    codes = second_factor.confirm(accounts, clerk, used, ADMIN)
    assert len(set(codes)) == 10
    found = accounts.of(clerk.account_id)
    assert found is not None
    assert found.has_second_factor
    assert second_factor.check_code(accounts, found, used, "")[0] == "wrong"  # replayed
    assert second_factor.check_code(accounts, found, codes[0].upper(), "")[0] == "right"
    assert second_factor.check_code(accounts, found, codes[0], "")[0] == "wrong"
    accounts.set_password(clerk.account_id, "ngắn-mà-đủ", ADMIN)
    second_factor.remove(accounts, found, ADMIN)
    assert second_factor.check_code(accounts, found, codes[1], "")[0] == "wrong"


def test_wrong_codes_lock_although_the_password_is_right(accounts: Accounts, clerk: Account) -> None:
    totp = pyotp.parse_uri(second_factor.enrol(accounts, clerk, ADMIN))
    assert isinstance(totp, pyotp.TOTP)
    second_factor.confirm(accounts, clerk, totp.now(), ADMIN)
    outcomes = []
    for _ in range(5):
        outcome, found = accounts.sign_in(clerk.name, PASSWORD, "")
        assert (outcome, found is not None) == ("right", True)
        assert found is not None
        outcomes.append(second_factor.check_code(accounts, found, "nope", "")[0])
    assert outcomes == ["wrong"] * 4 + ["locked"]
    assert accounts.sign_in(clerk.name, PASSWORD, "")[0] == "locked"


def test_a_session_holds_until_it_is_idle_old_or_ended(
    accounts: Accounts, clerk: Account, later: Clock
) -> None:
    kept = Sessions(accounts.database)
    token = kept.begin(clerk, "password", "10.0.0.9", "Firefox")
    assert kept.find("another") is None
    for _ in range(5):
        later.ahead += timedelta(minutes=14)
        found = kept.find(token)
        assert found is not None
        assert found.account == clerk
    later.ahead += timedelta(minutes=14)
    assert kept.find(token, is_used=False) is not None
    later.ahead += timedelta(minutes=2)
    assert kept.find(token) is None

    token = kept.begin(clerk, "password", "10.0.0.9")
    kept.end(sessions.hashed(token), Actor(clerk.name))
    assert kept.find(token) is None

    wall = kept.begin_wall(clerk, "tầng 2", ADMIN)
    token = kept.begin(clerk, "password", "10.0.0.9")
    later.ahead += timedelta(hours=13)
    assert kept.find(token) is None
    assert kept.find(wall) is not None
    later.ahead += timedelta(days=365)
    assert kept.find(wall) is None


def test_an_administrators_session_is_idle_sooner(accounts: Accounts, clerk: Account, later: Clock) -> None:
    accounts.set_rights(clerk.account_id, [Right("administer")], ADMIN)
    kept = Sessions(accounts.database)
    token = kept.begin(clerk, "second", "")
    later.ahead += timedelta(minutes=6)
    assert kept.find(token) is None


def test_what_befalls_an_account_ends_its_sessions(accounts: Accounts, clerk: Account) -> None:
    kept = Sessions(accounts.database)
    tokens = [kept.begin(clerk, "password", "") for _ in range(3)]
    assert len(kept.of(clerk.account_id)) == 3
    kept.end_all(clerk.account_id, ADMIN, but=(sessions.hashed(tokens[0]),))
    assert [kept.find(token) is not None for token in tokens] == [True, False, False]
    accounts.set_password(clerk.account_id, OTHER, ADMIN)
    assert kept.find(tokens[0]) is None
    token = kept.begin(clerk, "password", "")
    accounts.disable(clerk.account_id, ADMIN)
    accounts.enable(clerk.account_id, ADMIN)
    assert kept.find(token) is None


def test_the_store_holds_neither_passwords_nor_tokens(accounts: Accounts, clerk: Account) -> None:
    token = Sessions(accounts.database).begin(clerk, "password", "")
    uri = second_factor.enrol(accounts, clerk, ADMIN)
    secret = pyotp.parse_uri(uri).secret
    with accounts.database.read() as connection:
        for table in ("account", "session", "password_history", "audit"):
            text = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            assert not [one for one in (PASSWORD, token, secret) if one in text]


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE account SET password_hash = (SELECT password_hash FROM account WHERE name = 'own')",
        "INSERT INTO account_right SELECT account_id, 'administer', 'city', '', '' FROM account",
    ],
)
def test_what_is_written_past_the_program_opens_no_door_and_is_never_covered_up(
    accounts: Accounts, clerk: Account, tmp_path: Path, forged: str
) -> None:
    accounts.add("own", [Right("view")], ADMIN, password=OTHER)
    kept = Sessions(accounts.database)
    token = kept.begin(clerk, "password", "")
    assert kept.find(token) is not None
    with accounts.database.engine.begin() as connection:
        connection.exec_driver_sql(forged)
    assert kept.find(token) is None
    for password in (PASSWORD, OTHER):
        assert accounts.sign_in(clerk.name, password, "")[0] == "disabled"
    accounts.review(clerk.account_id, ADMIN)
    accounts.set_password(clerk.account_id, OTHER + "!", ADMIN)
    faults = verify.faults(accounts.database, tmp_path / "none.gpkg")
    assert f"account:{clerk.account_id}" in {fault.file for fault in faults}


def test_a_session_that_was_written_past_the_program_opens_no_door(
    accounts: Accounts, clerk: Account
) -> None:
    forged = "INSERT INTO session VALUES ('{}', '{}', 'person', 'second', '', '{}', '{}', '{}', NULL, '', '')"
    moment = stamp()
    with accounts.database.engine.begin() as connection:
        row = (sessions.hashed("x"), clerk.account_id, moment, moment, stamp(now() + timedelta(hours=1)))
        connection.exec_driver_sql(forged.format(*row))
    assert len(Sessions(accounts.database).of(clerk.account_id)) == 1
    assert Sessions(accounts.database).find("x") is None
