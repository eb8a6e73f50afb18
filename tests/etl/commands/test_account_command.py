"""The commands on accounts: the first administrator, rights in places, passwords, screens."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import etl.cli
from etl.store.accounts import Account, Accounts, Right
from etl.store.database import database_of
from etl.store.sessions import Sessions
from geodata.contract.layers import read_layer
from geodata.settings import settings

PASSWORD = "Xa lạ 2026 nhé!"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, small_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path))
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(small_gpkg))
    monkeypatch.setenv("PILOT_WARDS_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(etl.cli.app, ["account", *arguments], input=typed)


@contextmanager
def accounts() -> Iterator[Accounts]:
    with closing(database_of(settings())) as database:
        yield Accounts(database)


def known(name: str) -> Account:
    with accounts() as kept:
        found = kept.named(name)
    assert found is not None
    return found


def test_the_first_account_administers_and_its_password_is_asked_for_without_echo() -> None:
    result = run("add", typed=f"quản trị\n{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0 and PASSWORD not in result.output
    assert known("quản trị").rights == (Right("administer"),)
    assert known("quản trị").must_change_password
    with accounts() as kept:
        assert kept.sign_in("quản trị", PASSWORD, "")[0] == "right"
    # Only the first has a role that nobody named.
    assert run("add", "an", "--make").exit_code == 2
    assert run("add", "an", "--right", "view", typed="ngắn\nngắn\n").exit_code == 2


def test_rights_hold_in_published_places_alone() -> None:
    ward = read_layer(settings().published, "ward").iloc[0]
    right = f"view:ward:{ward['vintage']}:{ward['ward_code']}"
    made = run("add", "An", "--make", "--right", right)
    password = made.stdout.split("time: ")[1].strip()
    with accounts() as kept:
        assert kept.sign_in("an", password, "")[0] == "right"
    assert known("an").rights == (Right("view", "ward", ward["vintage"], ward["ward_code"]),)
    for wrong in ("view:ward:2025-07-01:no", "view:city:x", "view:ward", "emperor", "view:moon:2025:1", ""):
        assert run("rights", "an", "--right", wrong).exit_code == 2
    assert run("rights", "an").exit_code == 2
    assert run("rights", "an", "--right", "view", "--right", "wall").exit_code == 2
    assert run("rights", "an", "--right", "submit", "--right", right).exit_code == 0
    assert known("an").roles == {"submit", "view"}
    assert right in run("list").stdout


def test_accounts_are_disabled_enabled_and_given_another_password() -> None:
    run("add", "an", "--make", "--right", "view")
    assert run("disable", "an", "--reason", "nghỉ việc").exit_code == 0
    assert known("an").state == "disabled"
    assert run("enable", "an").exit_code == 0
    password = run("password", "an", "--make").stdout.split("time: ")[1].strip()
    with accounts() as kept:
        assert kept.sign_in("an", password, "")[0] == "right"
    assert run("second-factor-remove", "an").exit_code == 0
    for act in ("disable", "enable", "second-factor-remove"):
        assert run(act, "ai đó").exit_code == 2


def test_an_address_of_a_screen_holds_a_token_of_an_account_of_screens() -> None:
    run("add", "an", "--make", "--right", "view")
    assert run("wall", "an", "--place", "Phòng họp").exit_code == 2
    made = run("add", "màn hình", "--right", "wall")
    assert (made.exit_code, known("màn hình").password_state) == (0, "none")
    address = run("wall", "màn hình", "--place", "Phòng họp", "--server", "https://a.vn/").stdout.split()[-1]
    before, _, token = address.partition("token=")
    assert before == "https://a.vn/wall?"
    with accounts() as kept:
        session = Sessions(kept.database).find(token)
    assert session is not None and (session.kind, session.label) == ("wall", "Phòng họp")
