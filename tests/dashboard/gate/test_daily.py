"""The running server finds what somebody changed in its store past the program."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboard.gate import identity
from dashboard.gate.daily import check_store
from etl.store.accounts import Accounts, Right
from etl.store.audit import Actor
from etl.store.tables import account_right


def test_a_right_that_was_forged_is_logged(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # Nothing was published from this store.
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(home / "none.gpkg"))
    assert check_store() == 0
    Accounts(identity.store()).add("an", [Right("view")], Actor("system:test"))
    assert check_store() == 0
    with identity.store().write() as connection:
        connection.execute(sa.update(account_right).values(role="administer"))
    assert check_store() >= 1
    assert "store: " in caplog.text
