"""The commands on the store: what they write, what they tell, and their exit codes."""

import json
import stat
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import etl.cli
from etl.store import audit
from etl.store.database import database_of
from etl.store.submissions import Store
from etl.store.tables import submission
from geodata.settings import settings
from tests.batch_files import fires, write_file


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the commands a home with a store of one batch."""
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PILOT_WARDS_LANG", "en")
    with closing(database_of(settings())) as database:
        rows = fires(("2024-03", 7))
        Store(database).add(*write_file(tmp_path / "a.csv", "x", indicator_value=rows), audit.Actor("an"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(etl.cli.app, ["store", *map(str, arguments)])


def actions() -> list[str]:
    with closing(database_of(settings())) as database, database.read() as connection:
        return [entry.action for entry in audit.entries(connection)]


def test_a_check_tells_the_newest_entry_or_every_fault() -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert result.stdout.startswith("No fault was found. Newest entry of the audit log: 3 ")
    with closing(database_of(settings())) as database, database.write() as connection:
        connection.execute(submission.update().values(body="x"))
    result = run("verify")
    assert result.exit_code == 2
    assert "The store is not what was written. Faults: 1" in result.stderr
    assert actions()[2:] == ["store.verify", "store.verify"]


def test_a_backup_is_restored_into_another_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("một câu dài\n", encoding="utf-8")
    monkeypatch.setenv("PILOT_WARDS_BACKUP_PASSPHRASE_FILE", str(tmp_path / "key"))
    copy = tmp_path / "copy"
    assert run("backup", copy, "--encrypt").exit_code == 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    result = run("restore", copy)
    assert result.exit_code == 2
    assert "an empty place to restore into" in result.stderr
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path / "other"))
    result = run("restore", copy)
    assert result.exit_code == 0, result.stderr
    assert "every row was compared" in result.stdout
    with closing(database_of(settings())) as database:
        [batch] = Store(database).batches()
        assert batch.received() == b"x"
    assert run("verify").exit_code == 0


def test_a_drill_leaves_minutes_that_can_be_filed(tmp_path: Path) -> None:
    result = run("drill", tmp_path / "minutes.json")
    assert result.exit_code == 0, result.stderr
    minutes = json.loads((tmp_path / "minutes.json").read_bytes())
    assert minutes["rows_compared"]["submission"] == 1
    assert minutes["by"] == audit.system().account


def test_the_log_is_written_out_and_pruned_of_nothing_that_is_young(tmp_path: Path) -> None:
    assert run("export-audit", tmp_path / "log.csv").exit_code == 0
    assert len((tmp_path / "log.csv").read_text(encoding="utf-8").splitlines()) == 3
    result = run("prune-audit", tmp_path / "old.csv")
    assert "Entries that were pruned: 0" in result.stdout
    assert run("export-audit", tmp_path / "log.csv").exit_code == 2


def test_a_folder_is_adopted_by_the_user_of_the_machine_alone(tmp_path: Path) -> None:
    (tmp_path / "batches").mkdir()
    assert "Batches taken in: 0" in run("adopt", tmp_path / "batches").stdout
    result = run("adopt", tmp_path / "batches", "--by", "somebody else")
    assert result.exit_code == 2
    assert "is not the user who runs this" in result.stderr
