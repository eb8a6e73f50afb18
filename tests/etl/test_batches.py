"""The store of batches: nothing that entered is lost, changed or counted twice, whatever happens."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from etl.store.batch import Batch
from etl.store.batches import Store
from geodata.contract.errors import GeodataError, JoinError, SchemaError, SourceError
from geodata.contract.layers import check
from tests.batch_files import Rows, fires, inspections, write_file
from tests.small_city import OLD


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def file_of(tmp_path: Path, name: str = "kiểm tra.csv", **rows: pd.DataFrame) -> tuple[Path, Rows]:
    return write_file(tmp_path / name, f"content of {name}", **rows)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content; the empty lock besides."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def told(error: pytest.ExceptionInfo[GeodataError]) -> list[str]:
    return [fault.render("en") for fault in error.value.faults]


def test_a_file_comes_back_byte_for_byte_and_its_rows_as_they_were(store: Store, tmp_path: Path) -> None:
    path, imported = file_of(
        tmp_path, inspection=inspections(("2023-05-04", "00001")), indicator_value=fires(("2022-03", 2.5))
    )
    batch_id = store.add(path, imported, "Nguyễn Văn A")
    [batch] = store.active()
    assert batch.received.name == "kiểm tra.csv"
    assert batch.received.read_bytes() == path.read_bytes()
    assert (batch.batch_id, batch.by, batch.sha256) == (batch_id, "Nguyễn Văn A", imported.sha256)
    assert batch.at.endswith("+07:00")
    assert batch.row_counts == {"inspection": 1, "indicator_value": 1, "source": 1}
    inspection = store.rows("inspection").iloc[0]
    assert inspection["inspection_date"] == pd.Timestamp("2023-05-04")
    assert inspection[["ward_code", "criteria_met"]].tolist() == ["00001", 2]
    assert pd.isna(inspection["verdict"])
    assert store.rows("indicator_value")["value"].tolist() == [2.5]
    assert store.rows("station").empty


def test_rows_name_the_batch_or_the_source_that_they_give(store: Store, tmp_path: Path) -> None:
    own = inspections(("2023-05-04", "00001"))
    cited = inspections(("2023-05-05", "00001"), ("2023-05-06", "00001"), source="Báo cáo 12/BC-CA")
    path, imported = file_of(tmp_path, inspection=pd.concat([own, cited]))
    batch_id = store.add(path, imported, "Nguyễn Văn A")
    assert store.rows("inspection")["source"].tolist() == [f"batch-{batch_id}", *[f"batch-{batch_id}-1"] * 2]
    sources = store.rows("source").set_index("source_id")[["title", "publisher"]].T.to_dict("list")
    assert sources == {
        f"batch-{batch_id}": ["kiểm tra.csv", "Nguyễn Văn A"],
        f"batch-{batch_id}-1": ["Báo cáo 12/BC-CA", "Chưa khai báo"],
    }


def test_rows_from_before_a_column_was_added_to_the_contract_leave_it_empty(
    store: Store, tmp_path: Path
) -> None:
    batch_id = store.add(*file_of(tmp_path, inspection=inspections(("2023-05-04", "00001"))), "A")
    kept = store.folder / batch_id / "rows" / "inspection.parquet"
    pd.read_parquet(kept).drop(columns="classification").to_parquet(kept)
    assert check("inspection", store.rows("inspection"))["classification"].isna().all()


def test_a_store_that_was_never_written_is_empty_and_stays_away(store: Store) -> None:
    assert store.batches() == []
    assert store.rows("inspection").empty
    assert not store.folder.exists()


def test_withdrawing_hides_a_batch_and_keeps_it_and_restoring_shows_it(store: Store, tmp_path: Path) -> None:
    path, imported = file_of(tmp_path, indicator_value=fires(("2022-03", 2)))
    batch_id = store.add(path, imported, "A")
    kept = snapshot(store.folder / batch_id)

    store.withdraw(batch_id, " nhập nhầm ", "B")
    assert store.active() == []
    assert store.rows("indicator_value").empty
    assert store.batch(batch_id).is_withdrawn
    assert snapshot(store.folder / batch_id) == kept

    store.restore(batch_id, "C")
    assert [batch.batch_id for batch in store.active()] == [batch_id]
    assert snapshot(store.folder / batch_id) == kept
    assert [(entry.action, entry.by, entry.reason) for entry in store.history(batch_id)] == [
        ("withdraw", "B", "nhập nhầm"),
        ("restore", "C", ""),
    ]


def test_what_can_not_be_withdrawn_or_restored_is_said(store: Store, tmp_path: Path) -> None:
    batch_id = store.add(*file_of(tmp_path, indicator_value=fires(("2022-03", 2))), "A")
    with pytest.raises(SourceError, match="is no batch"):
        store.withdraw("20200101-000000-abcd", "x", "A")
    with pytest.raises(SourceError, match="without a reason"):
        store.withdraw(batch_id, "  ", "A")
    with pytest.raises(SourceError, match="is in force already"):
        store.restore(batch_id, "A")
    store.withdraw(batch_id, "x", "A")
    with pytest.raises(SourceError, match="is withdrawn already"):
        store.withdraw(batch_id, "x", "A")
    assert len(store.journal()) == 1


def test_the_same_file_is_noticed_under_any_name(store: Store, tmp_path: Path) -> None:
    path, imported = file_of(tmp_path, indicator_value=fires(("2022-03", 2)))
    batch_id = store.add(path, imported, "A")
    again = Path(shutil.copy(path, tmp_path / "again.csv"))
    with pytest.raises(JoinError) as error:
        store.add(again, imported, "A")
    assert f"as batch {batch_id} → a file that has not been imported yet" in told(error)[0]
    store.withdraw(batch_id, "x", "A")
    with pytest.raises(JoinError) as error:
        store.add(again, imported, "A")
    assert told(error)[0].startswith("again.csv: was imported on ")
    assert told(error)[0].endswith(
        f"as batch {batch_id} and withdrawn since → “pilot-wards restore {batch_id}”, if it is to count again"
    )
    assert len(store.batches()) == 1


def test_a_file_that_changed_since_it_was_read_is_refused(store: Store, tmp_path: Path) -> None:
    path, imported = file_of(tmp_path, indicator_value=fires(("2022-03", 2)))
    path.write_text("saved again meanwhile", encoding="utf-8")
    with pytest.raises(SourceError, match="has changed while it was read"):
        store.add(path, imported, "A")
    assert store.batches() == []


def test_two_batches_in_force_never_hold_one_key(store: Store, tmp_path: Path) -> None:
    march = fires(("2022-03", 2))
    first = store.add(*file_of(tmp_path, "first.csv", indicator_value=march), "A")
    second_file = file_of(tmp_path, "second.csv", indicator_value=fires(("2022-03", 3), ("2022-04", 1)))
    before = snapshot(store.folder)
    with pytest.raises(JoinError) as error:
        store.add(*second_file, "A")
    assert told(error) == [
        f"second.csv, vintage, ward_code, indicator_code, period_start, period_end"
        f" “{OLD}/00002/fires/2022-03-01/2022-03-31”: rows of indicator_value that batch {first} first.csv"
        " holds already: 1 → rows that are new; withdraw that batch first to replace it"
    ]
    assert snapshot(store.folder) == before

    store.withdraw(first, "thay bằng second.csv", "A")
    second = store.add(*second_file, "A")
    assert sorted(store.rows("indicator_value")["value"]) == [1, 3]
    with pytest.raises(JoinError, match="holds already"):
        store.restore(first, "A")
    assert [batch.batch_id for batch in store.active()] == [second]


def test_rows_that_break_the_contract_leave_no_trace(store: Store, tmp_path: Path) -> None:
    path, imported = file_of(tmp_path, indicator_value=fires(("2022-03", -1)))
    with pytest.raises(SchemaError):
        store.add(path, imported, "A")
    assert snapshot(store.folder) == {"lock": b""}


class NotBuiltError(Exception):
    """The build that is to accept a change fails."""


def refuse(_: object) -> None:
    raise NotBuiltError


def test_a_change_that_is_not_accepted_is_called_off(store: Store, tmp_path: Path) -> None:
    first = store.add(*file_of(tmp_path, "first.csv", indicator_value=fires(("2022-03", 2))), "A")
    second_file = file_of(tmp_path, "second.csv", indicator_value=fires(("2022-04", 2)))
    before = snapshot(store.folder)
    with pytest.raises(NotBuiltError):
        store.add(*second_file, "A", refuse)
    with pytest.raises(NotBuiltError):
        store.withdraw(first, "x", "A", refuse)
    assert snapshot(store.folder) == before
    store.withdraw(first, "x", "A")
    with pytest.raises(NotBuiltError):
        store.restore(first, "A", refuse)
    assert store.active() == []


def test_who_accepts_a_change_sees_the_batches_that_it_leads_to(store: Store, tmp_path: Path) -> None:
    seen: list[list[float]] = []

    def look(batches: Sequence[Batch]) -> None:
        seen.append([value for batch in batches for value in batch.rows("indicator_value")["value"]])

    first = store.add(*file_of(tmp_path, "1.csv", indicator_value=fires(("2022-03", 1))), "A", look)
    store.add(*file_of(tmp_path, "2.csv", indicator_value=fires(("2022-04", 2))), "A", look)
    store.withdraw(first, "x", "A", look)
    store.restore(first, "A", look)
    assert [sorted(values) for values in seen] == [[1], [1, 2], [2], [1, 2]]


@pytest.mark.parametrize("torn", [b'{"batch_id": "20', b"\x00\x00\x00", b'{"action": "restore"}'])
def test_a_line_of_the_journal_that_a_kill_cut_is_no_error_and_goes(
    store: Store, tmp_path: Path, torn: bytes
) -> None:
    batch_id = store.add(*file_of(tmp_path, indicator_value=fires(("2022-03", 2))), "A")
    store.withdraw(batch_id, "x", "A")
    journal = store.folder / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole + torn)
    assert store.batch(batch_id).is_withdrawn
    assert journal.read_bytes() == whole + torn  # reading changes nothing
    store.restore(batch_id, "A")
    assert not store.batch(batch_id).is_withdrawn
    lines = journal.read_bytes().splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["withdraw", "restore"]


def test_a_restoring_that_lacks_only_its_end_of_line_has_not_happened(store: Store, tmp_path: Path) -> None:
    batch_id = store.add(*file_of(tmp_path, indicator_value=fires(("2022-03", 2))), "A")
    store.withdraw(batch_id, "x", "A")
    store.restore(batch_id, "A")
    journal = store.folder / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-1])
    assert store.batch(batch_id).is_withdrawn
    store.restore(batch_id, "A")
    assert not store.batch(batch_id).is_withdrawn


def test_a_broken_line_amid_the_journal_is_a_fault_and_not_skipped(store: Store, tmp_path: Path) -> None:
    batch_id = store.add(*file_of(tmp_path, indicator_value=fires(("2022-03", 2))), "A")
    store.withdraw(batch_id, "x", "A")
    store.restore(batch_id, "A")
    journal = store.folder / "journal.jsonl"
    first, second = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(first[5:] + second)
    with pytest.raises(SourceError, match=r"journal\.jsonl, row 1: can't be read"):
        store.batches()


@pytest.mark.parametrize("broken", ["manifest.json", "rows/indicator_value.parquet"])
def test_a_batch_that_the_disk_spoiled_is_a_fault(store: Store, tmp_path: Path, broken: str) -> None:
    batch_id = store.add(*file_of(tmp_path, indicator_value=fires(("2022-03", 2))), "A")
    (store.folder / batch_id / broken).write_bytes(b"?")
    with pytest.raises(SourceError, match="from a backup"):
        store.rows("indicator_value")


def test_what_a_killed_import_left_is_not_seen_and_cleared_by_the_next_writer(
    store: Store, tmp_path: Path
) -> None:
    first = store.add(*file_of(tmp_path, "1.csv", indicator_value=fires(("2022-03", 2))), "A")
    leftover = store.folder / ".adding-20261121-101530-ab12"
    shutil.copytree(store.folder / first, leftover)
    (leftover / "manifest.json").write_bytes(b'{"file": "cut')
    assert [batch.batch_id for batch in store.batches()] == [first]
    assert leftover.exists()
    second = store.add(*file_of(tmp_path, "2.csv", indicator_value=fires(("2022-04", 2))), "A")
    assert not leftover.exists()
    assert {batch.batch_id for batch in store.batches()} == {first, second}


def test_a_second_writer_waits_and_is_told_so(store: Store, tmp_path: Path) -> None:
    """Two stores on one folder are as two processes: the lock belongs to the open file."""
    waited: list[str] = []
    path, imported = file_of(tmp_path, indicator_value=fires(("2022-03", 2)))
    holder = store.lock()
    holder.__enter__()

    def let_go() -> None:
        waited.append("told")
        holder.__exit__(None, None, None)

    Store(store.folder, let_go).add(path, imported, "B")
    assert waited == ["told"]
    assert len(store.batches()) == 1


def test_a_file_whose_name_is_no_text_is_kept_too(store: Store, tmp_path: Path) -> None:
    path = tmp_path / b"ki\xeam.csv".decode("utf-8", "surrogateescape")
    batch_id = store.add(*write_file(path, "x", indicator_value=fires(("2022-03", 2))), "A")
    assert store.batch(batch_id).received.name == path.name
    assert store.batch(batch_id).file == "ki�m.csv"


MONTHS = [f"2022-{month:02}" for month in range(1, 7)]


class AnyOrderOfChanges(RuleBasedStateMachine):
    """Add, withdraw and restore in any order, with torn lines and leftovers between; a dict is the model."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.store = Store(self.folder / "store")
        self.months: dict[str, list[str]] = {}
        self.withdrawn: set[str] = set()
        self.files = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def taken(self) -> set[str]:
        return {month for name in self.months.keys() - self.withdrawn for month in self.months[name]}

    @rule(months=st.lists(st.sampled_from(MONTHS), min_size=1, max_size=3, unique=True))
    def add(self, months: list[str]) -> None:
        self.files += 1
        rows = fires(*((month, self.files) for month in months))
        path, imported = write_file(
            self.folder / f"{self.files}.csv", f"file {self.files}", indicator_value=rows
        )
        if self.taken() & set(months):
            with pytest.raises(JoinError):
                self.store.add(path, imported, "A")
        else:
            self.months[self.store.add(path, imported, "A")] = months

    @precondition(lambda self: self.months.keys() - self.withdrawn)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        batch_id = data.draw(st.sampled_from(sorted(self.months.keys() - self.withdrawn)))
        self.store.withdraw(batch_id, "x", "A")
        self.withdrawn.add(batch_id)

    @precondition(lambda self: self.withdrawn)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        batch_id = data.draw(st.sampled_from(sorted(self.withdrawn)))
        if self.taken() & set(self.months[batch_id]):
            with pytest.raises(JoinError):
                self.store.restore(batch_id, "A")
        else:
            self.store.restore(batch_id, "A")
            self.withdrawn.remove(batch_id)

    @precondition(lambda self: self.months)
    @rule(cut=st.integers(min_value=1, max_value=40))
    def kill_amid_a_line(self, cut: int) -> None:
        line = json.dumps({"batch_id": sorted(self.months)[0], "action": "withdraw", "at": "", "by": ""})
        with (self.store.folder / "journal.jsonl").open("ab") as file:
            file.write(line.encode()[:cut])

    @precondition(lambda self: self.months)
    @rule()
    def kill_amid_an_import(self) -> None:
        shutil.copytree(
            self.store.folder / sorted(self.months)[0], self.store.folder / ".adding-x", dirs_exist_ok=True
        )

    @invariant()
    def the_store_holds_what_the_model_holds(self) -> None:
        opened = Store(self.folder / "store")
        assert {b.batch_id: b.is_withdrawn for b in opened.batches()} == {
            name: name in self.withdrawn for name in self.months
        }
        months = opened.rows("indicator_value")["period_start"].dt.strftime("%Y-%m")
        assert sorted(months) == sorted(self.taken())


AnyOrderOfChanges.TestCase.settings = settings(max_examples=15, stateful_step_count=12)
TestAnyOrderOfChanges = AnyOrderOfChanges.TestCase
