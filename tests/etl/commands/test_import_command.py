"""The commands template, check and import: exit codes, what they tell, and what they leave alone."""

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

import etl.cli
import geodata.settings
from etl.spreadsheets.cells import Cell
from etl.store.audit import entries, system
from etl.store.database import database_of
from etl.store.submissions import Store
from geodata.contract.layers import read_layer
from geodata.settings import settings
from tests.sheet_files import write_xlsx
from tests.small_city import SmallCity

HEADINGS = ["Ngày kiểm tra", "Phường/xã", "Đơn vị kiểm tra", "Hình thức", "Bộ tiêu chí", "Số tiêu chí đạt"]


@pytest.fixture(autouse=True)
def small_site(small_city: SmallCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands work on the small city, with a store and a GeoPackage of their own."""
    monkeypatch.setattr(geodata.settings, "SOURCES", small_city.sources)
    monkeypatch.setattr(geodata.settings, "SHIPPED_BOUNDARIES", small_city.boundaries)
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PILOT_WARDS_STORE", str(tmp_path / "site" / "store"))
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(tmp_path / "site" / "city.gpkg"))
    monkeypatch.setenv("PILOT_WARDS_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(etl.cli.app, list(map(str, arguments)))


def workbook(path: Path, *rows: list[Cell], headings: list[str] = HEADINGS) -> Path:
    return write_xlsx(path, {path.stem: [headings, *rows]})


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return workbook(tmp_path / "kiểm tra.xlsx", ["8/9/2024", "P. Hoà Bình", "CATP", "định kỳ", "v1", 2])


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return workbook(
        tmp_path / "sai.xlsx", ["8/9/2024", "Hòa Binhh", "CATP"], ["9/9/2024", "An Đông", "", "", "v1", 4]
    )


def published() -> list[str]:
    inspections = read_layer(settings().published, "inspection")
    return list(inspections.loc[~inspections["is_illustrative"], "inspection_id"])


def test_a_check_writes_nothing(good: Path, bad: Path, tmp_path: Path) -> None:
    def kept() -> dict[Path, bytes]:
        files = (
            path for path in tmp_path.rglob("*") if path.is_file() and tmp_path / "home" not in path.parents
        )
        return {path: path.read_bytes() for path in files}

    before = kept()
    result = run("check", good)
    assert result.exit_code == 0
    assert "No fault was found. Nothing was written." in result.stdout
    result = run("check", good, bad)
    assert result.exit_code == 2
    assert "Nothing enters. Faults: 3" in result.stderr
    assert kept() == before
    with database_of(settings()).read() as connection:
        assert [entry.action for entry in entries(connection)] == ["store.upgrade"]


def test_an_import_keeps_the_file_and_publishes_it(good: Path) -> None:
    result = run("import", good, "--body", "Công an phường Hòa Bình")
    assert result.exit_code == 0, result.stderr
    (batch,) = Store(database_of(settings())).active()
    assert (batch.file, batch.by, batch.received()) == (good.name, system().account, good.read_bytes())
    sources = read_layer(settings().published, "source").set_index("source_id")
    assert sources.loc[f"batch-{batch.batch_id}", "publisher"] == "Công an phường Hòa Bình"
    assert f"{good.name} is batch {batch.batch_id}." in result.stdout
    assert "2024-09-08-2020-02-01-00002-dinh-ky" in published()


def test_with_one_faulty_file_no_file_enters(good: Path, bad: Path, tmp_path: Path) -> None:
    result = run("import", good, bad, "--report", tmp_path / "lỗi.csv")
    assert result.exit_code == 2
    assert not Store(database_of(settings())).batches()
    assert not settings().published.exists()
    lines = (tmp_path / "lỗi.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[:3] for line in lines[1:]] == [
        ["sai", "2", "B (Phường/xã)"],
        ["sai", "3", "C (Đơn vị kiểm tra)"],
        ["sai", "3", "F (Số tiêu chí đạt)"],
    ]


def test_the_same_file_twice_is_noticed(good: Path, tmp_path: Path) -> None:
    run("import", good)
    (batch,) = Store(database_of(settings())).batches()
    copy = tmp_path / "bản sao.xlsx"
    copy.write_bytes(good.read_bytes())
    result = run("import", copy, good)
    assert result.exit_code == 0
    assert result.stdout.count(f"was imported before, as batch {batch.batch_id}; it is left as it is.") == 2
    run("withdraw", batch.batch_id, "--reason", "x")
    result = run("import", copy)
    assert result.exit_code == 2
    assert f"pilot-wards restore {batch.batch_id}" in result.stderr
    assert len(Store(database_of(settings())).batches()) == 1


def test_files_may_name_inspections_of_one_another_in_any_order(good: Path, tmp_path: Path) -> None:
    results = workbook(
        tmp_path / "a.xlsx",
        ["8/9/2024", "Hòa Bình", "v1", 1, "đạt"],
        headings=["Ngày kiểm tra", "Phường/xã", "Bộ tiêu chí", "Tiêu chí số", "Kết quả"],
    )
    assert run("check", results).exit_code == 2
    result = run("import", results, good)
    assert result.exit_code == 0, result.stderr
    kept = read_layer(settings().published, "criterion_result")
    assert "2024-09-08-2020-02-01-00002-dinh-ky" in set(kept["inspection_id"])


def test_rows_of_another_file_are_not_counted_twice(good: Path, tmp_path: Path) -> None:
    again = workbook(
        tmp_path / "b.xlsx", ["8/9/2024", "Hoà Bình", "CATP", "Định kỳ"], ["9/9/2024", "Hoà Bình", "CATP"]
    )
    result = run("check", good, again)
    assert result.exit_code == 2
    assert "is recorded already" in result.stderr
    run("import", good)
    assert "is recorded already" in run("import", again).stderr


def test_templates_are_written_once(tmp_path: Path) -> None:
    result = run("template", tmp_path / "mau")
    assert result.exit_code == 0
    assert len(result.stdout.split()) == len(list((tmp_path / "mau").iterdir())) == 9
    result = run("template", tmp_path / "mau")
    assert result.exit_code == 2
    assert "is there already" in result.stderr


def test_a_missing_file_and_a_strange_report_are_told(bad: Path, tmp_path: Path) -> None:
    result = run("import", tmp_path / "nowhere.xlsx")
    assert result.exit_code == 2
    assert "nowhere.xlsx" in result.stderr
    result = run("check", bad, "--report", tmp_path / "r.pdf")
    assert result.exit_code == 2
    assert "is no report that can be written" in result.stderr
    assert "Faults: 3" in result.stderr


def test_hidden_rows_are_asked_about_and_notes_stand_apart_from_faults(
    good: Path, bad: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(good)
    book.worksheets[0].append(["9/9/2024", "P. Hoà Bình", "nháp"])
    book.worksheets[0].append(["Tổng", "", 2])
    book.worksheets[0].row_dimensions[3].hidden = True
    book.create_sheet("Lịch trực").append(["Thứ hai", "Thứ ba"])
    book.save(good)
    asked = run("check", good)
    assert asked.exit_code == 2
    assert "1 rows with data are hidden: 3" in asked.stderr
    assert "Lịch trực" in asked.stderr
    report = tmp_path / "r.xlsx"
    left = run("check", good, "--hidden", "skip", "--skip", "--report", report)
    assert left.exit_code == 0, left.stderr
    assert "Notes, no faults: 3" in left.stdout
    notes = openpyxl.load_workbook(report)["Ghi chú khi đọc"]
    assert [row[4] for row in notes.iter_rows(min_row=2, values_only=True)] == [
        "left out: a hidden row",
        "left out: a total",
        "left out: is no table that is known",
    ]
    kept = run("import", good, "--hidden", "include", "--skip")
    assert kept.exit_code == 0, kept.stderr
    assert "2024-09-09-2020-02-01-00002" in published()


def test_each_fault_is_one_line_with_its_cell(bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    told = run("check", bad).stderr.splitlines()
    assert told[1].startswith(
        "- sai.xlsx, sheet sai, B2 (Phường/xã) “Hòa Binhh”: is no ward of the units from"
    )
    assert len(told) == 4
