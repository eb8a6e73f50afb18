"""The commands on batches: what they list, what they change, and what they refuse."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import etl.cli
import geodata.settings
from etl.publish import publishing
from etl.store.audit import Actor, system
from etl.store.database import database_of
from etl.store.submissions import Store
from etl.store.tables import submission
from geodata.contract.layers import read_layer
from geodata.settings import settings
from tests.batch_files import fires, write_file
from tests.small_city import SmallCity

ME = system().account.removeprefix("system:")


@pytest.fixture(autouse=True)
def small_site(small_city: SmallCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands work on the small city, with a store and a GeoPackage of their own."""
    monkeypatch.setattr(geodata.settings, "SOURCES", small_city.sources)
    monkeypatch.setattr(geodata.settings, "SHIPPED_BOUNDARIES", small_city.boundaries)
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PILOT_WARDS_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(tmp_path / "city.gpkg"))
    monkeypatch.setenv("PILOT_WARDS_LANG", "en")
    monkeypatch.setenv("COLUMNS", "160")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(etl.cli.app, arguments)


def cells(text: str) -> list[list[str]]:
    """Return the cells of the tables in what was printed, row by row."""
    return [
        [cell.strip() for cell in line.strip("│┃").split("│")] for line in text.splitlines() if "│" in line
    ]


@pytest.fixture
def batch_id(tmp_path: Path) -> str:
    path, imported = write_file(tmp_path / "cháy [2024].csv", "x", indicator_value=fires(("2024-03", 7)))
    with publishing(settings(), pd.Timestamp("2025-12-31"), with_illustrative=False) as publisher:
        return publisher.add(path, imported, Actor("trần.b"))


def values() -> list[float]:
    return [float(value) for value in read_layer(settings().published, "indicator_value")["value"]]


def test_an_empty_store_says_so() -> None:
    result = run("batches")
    assert (result.exit_code, result.stdout) == (0, "Nothing has been imported yet.\n")


def test_batches_are_listed_with_their_state(batch_id: str) -> None:
    [[name, _, who, file, rows, state]] = cells(run("batches").stdout)
    assert [name, who, file, rows, state] == [batch_id, "trần.b", "cháy [2024].csv", "1", "in force"]
    run("withdraw", batch_id, "--reason", "x")
    assert cells(run("batches").stdout)[0][-1] == "withdrawn"


def test_withdrawing_and_restoring_publish_and_stand_in_the_history(batch_id: str) -> None:
    assert values() == [7]
    result = run("withdraw", batch_id, "--reason", "nhập [nhầm]", "--by", ME)
    assert result.exit_code == 0
    assert f"Batch {batch_id} no longer counts; it is kept." in result.stdout
    assert values() == []
    result = run("restore", batch_id, "--by", ME)
    assert f"Batch {batch_id} counts again." in result.stdout
    assert values() == [7]
    shown = cells(run("show", batch_id).stdout)
    assert ["indicator_value", "1"] in shown
    assert ["SHA-256", Store(database_of(settings())).batch(batch_id).sha256] in shown
    assert [row[1:] for row in shown if len(row) == 4] == [
        [f"system:{ME}", "withdrawn", "nhập [nhầm]"],
        [f"system:{ME}", "restored", ""],
    ]


def test_who_does_it_is_the_user_of_the_machine_whatever_is_said(
    batch_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "canbo1")
    result = run("withdraw", batch_id, "--reason", "x", "--by", "canbo1")
    assert result.exit_code == 2
    assert f"--by “canbo1”: is not the user who runs this → “{ME}”, or nothing" in result.stderr
    run("withdraw", batch_id, "--reason", "x")
    steps = Store(database_of(settings())).history(batch_id)
    assert [step.by for step in steps] == ["trần.b", f"system:{ME}"]


def test_the_file_as_it_was_received_is_given_back(batch_id: str, tmp_path: Path) -> None:
    assert run("show", batch_id, "--save", str(tmp_path / "back.csv")).exit_code == 0
    assert (tmp_path / "back.csv").read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize("arguments", [("show",), ("withdraw", "--reason", "x"), ("restore",)])
def test_an_unknown_batch_is_one_fault_and_code_2(arguments: tuple[str, ...]) -> None:
    command, *options = arguments
    result = run(command, "20200101-000000-abcd", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[1:] == [
        "- 20200101-000000-abcd: is no batch → an id that “pilot-wards batches” lists"
    ]


def test_nothing_is_withdrawn_without_a_reason(batch_id: str) -> None:
    assert run("withdraw", batch_id).exit_code == 2
    result = run("withdraw", batch_id, "--reason", " ")
    assert result.exit_code == 2
    assert "Nothing was changed. Faults: 1" in result.stderr
    assert values() == [7]


def test_a_damaged_store_is_a_fault_of_what_reads_it_and_of_every_build(batch_id: str) -> None:
    with database_of(settings()).write() as connection:
        connection.execute(submission.update().values(file=b"?"))
    result = run("show", batch_id)
    assert result.exit_code == 2
    assert f"{batch_id}/received: can't be read" in result.stderr
    for command in (["restore", batch_id], ["build", "--quiet"]):
        result = run(*command)
        assert result.exit_code == 2
        assert f"submission:{batch_id} “file”: was changed past the program" in result.stderr
