"""The store of submissions: nothing that entered is lost, changed or counted twice, whatever happens."""

import hashlib
import io
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from etl.store import verify
from etl.store.audit import Actor
from etl.store.batch import Batch
from etl.store.database import Database, open_database
from etl.store.submissions import Store
from etl.store.tables import audit, submission, submission_rows, submission_step
from geodata.contract.errors import GeodataError, JoinError, SchemaError, SourceError
from geodata.contract.layers import check
from tests.batch_files import Rows, fires, inspections, write_file
from tests.small_city import OLD

A, B, C = Actor("A"), Actor("B"), Actor("C")
HOME = "Công an phường"


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


def file_of(tmp_path: Path, name: str = "kiểm tra.csv", **rows: pd.DataFrame) -> tuple[Path, Rows]:
    return write_file(tmp_path / name, f"content of {name}", **rows)


def held(store: Store) -> list[tuple[object, ...]]:
    """Return all that the tables of submissions hold."""
    with store.database.read() as connection:
        return [
            tuple(row)
            for table in (submission, submission_rows, submission_step, audit)
            for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
        ]


def contents(batch: Batch) -> tuple[bytes, ...]:
    return batch.received(), *(batch.content(layer)[0] for layer in sorted(batch.row_counts))


def told(error: pytest.ExceptionInfo[GeodataError]) -> list[str]:
    return [fault.render("en") for fault in error.value.faults]


def test_a_file_comes_back_byte_for_byte_and_its_rows_as_they_were(store: Store, tmp_path: Path) -> None:
    path, imported = file_of(
        tmp_path, inspection=inspections(("2023-05-04", "00001")), indicator_value=fires(("2022-03", 2.5))
    )
    batch_id = store.add(path, imported, Actor("nguyễn.a"), body=HOME)
    [batch] = store.active()
    assert (batch.file, batch.received()) == ("kiểm tra.csv", path.read_bytes())
    assert (batch.batch_id, batch.by, batch.sha256) == (batch_id, "nguyễn.a", imported.sha256)
    assert batch.at.endswith("+00:00")
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
    batch_id = store.add(path, imported, Actor("nguyễn.a"), body=HOME)
    assert store.rows("inspection")["source"].tolist() == [f"batch-{batch_id}", *[f"batch-{batch_id}-1"] * 2]
    sources = store.rows("source").set_index("source_id")[["title", "publisher"]].T.to_dict("list")
    assert sources == {
        f"batch-{batch_id}": ["kiểm tra.csv", HOME],
        f"batch-{batch_id}-1": ["Báo cáo 12/BC-CA", "Chưa khai báo"],
    }


def test_rows_from_before_a_column_was_added_to_the_contract_leave_it_empty(
    store: Store, tmp_path: Path
) -> None:
    store.add(*file_of(tmp_path, inspection=inspections(("2023-05-04", "00001"))), A)
    kept = io.BytesIO()
    store.rows("inspection").drop(columns="classification").to_parquet(kept)
    content = kept.getvalue()
    with store.database.write() as connection:
        connection.execute(
            submission_rows.update()
            .where(submission_rows.c.layer == "inspection")
            .values(content=content, sha256=hashlib.sha256(content).hexdigest())
        )
    assert check("inspection", store.rows("inspection"))["classification"].isna().all()


def test_a_store_that_was_never_written_is_empty(store: Store) -> None:
    assert store.batches() == []
    assert store.rows("inspection").empty


@pytest.mark.parametrize(("table", "column"), [(submission, "file"), (submission_rows, "content")])
def test_content_that_is_not_what_entered_is_a_fault_wherever_it_is_read(
    store: Store, tmp_path: Path, table: sa.Table, column: str
) -> None:
    batch_id = store.add(*file_of(tmp_path, indicator_value=fires(("2022-03", 2))), A)
    with store.database.write() as connection:
        connection.execute(table.update().values({column: b"?"}))
    with pytest.raises(SourceError, match=f"{batch_id}/.*: can't be read .* from a backup"):
        contents_read = store.batch(batch_id).received(), store.rows("indicator_value")
        assert not contents_read


def test_a_change_is_refused_where_what_it_was_checked_against_has_changed(
    store: Store, tmp_path: Path
) -> None:
    first = store.add(*file_of(tmp_path, "1.csv", indicator_value=fires(("2022-03", 2))), A)

    def meanwhile(_: object) -> None:
        store.withdraw(first, "x", B)

    with pytest.raises(SourceError, match="was changed by somebody else meanwhile"):
        store.add(*file_of(tmp_path, "2.csv", indicator_value=fires(("2022-04", 2))), A, meanwhile)
    assert store.active() == []
    with pytest.raises(SourceError, match="was changed by somebody else meanwhile"):
        store.restore(first, A, lambda _: store.restore(first, B))
    assert [step.by for step in store.history(first)] == ["A", "B", "B"]


def test_withdrawing_hides_a_batch_and_keeps_it_and_restoring_shows_it(store: Store, tmp_path: Path) -> None:
    path, imported = file_of(tmp_path, indicator_value=fires(("2022-03", 2)))
    batch_id = store.add(path, imported, A)
    kept = contents(store.batch(batch_id))

    store.withdraw(batch_id, " nhập nhầm ", B)
    assert store.active() == []
    assert store.rows("indicator_value").empty
    assert store.batch(batch_id).is_withdrawn
    assert contents(store.batch(batch_id)) == kept

    store.restore(batch_id, C)
    assert [batch.batch_id for batch in store.active()] == [batch_id]
    assert contents(store.batch(batch_id)) == kept
    assert [(step.state, step.by, step.comment) for step in store.history(batch_id)] == [
        ("published", "A", ""),
        ("withdrawn", "B", "nhập nhầm"),
        ("published", "C", ""),
    ]


def test_what_can_not_be_withdrawn_or_restored_is_said(store: Store, tmp_path: Path) -> None:
    batch_id = store.add(*file_of(tmp_path, indicator_value=fires(("2022-03", 2))), A)
    with pytest.raises(SourceError, match="is no batch"):
        store.withdraw("20200101-000000-abcd", "x", A)
    with pytest.raises(SourceError, match="without a reason"):
        store.withdraw(batch_id, "  ", A)
    with pytest.raises(SourceError, match="is in force already"):
        store.restore(batch_id, A)
    store.withdraw(batch_id, "x", A)
    with pytest.raises(SourceError, match="is withdrawn already"):
        store.withdraw(batch_id, "x", A)
    assert len(store.history(batch_id)) == 2


def test_the_same_file_is_noticed_under_any_name(store: Store, tmp_path: Path) -> None:
    path, imported = file_of(tmp_path, indicator_value=fires(("2022-03", 2)))
    batch_id = store.add(path, imported, A)
    again = Path(shutil.copy(path, tmp_path / "again.csv"))
    with pytest.raises(JoinError) as error:
        store.add(again, imported, A)
    assert f"as batch {batch_id} → a file that has not been imported yet" in told(error)[0]
    store.withdraw(batch_id, "x", A)
    with pytest.raises(JoinError) as error:
        store.add(again, imported, A)
    assert told(error)[0].startswith("again.csv: was imported on ")
    assert told(error)[0].endswith(
        f"as batch {batch_id} and withdrawn since → “pilot-wards restore {batch_id}”, if it is to count again"
    )
    assert len(store.batches()) == 1


def test_a_file_that_changed_since_it_was_read_is_refused(store: Store, tmp_path: Path) -> None:
    path, imported = file_of(tmp_path, indicator_value=fires(("2022-03", 2)))
    path.write_text("saved again meanwhile", encoding="utf-8")
    with pytest.raises(SourceError, match="has changed while it was read"):
        store.add(path, imported, A)
    assert store.batches() == []


def test_two_batches_in_force_never_hold_one_key(store: Store, tmp_path: Path) -> None:
    march = fires(("2022-03", 2))
    first = store.add(*file_of(tmp_path, "first.csv", indicator_value=march), A)
    second_file = file_of(tmp_path, "second.csv", indicator_value=fires(("2022-03", 3), ("2022-04", 1)))
    before = held(store)
    with pytest.raises(JoinError) as error:
        store.add(*second_file, A)
    assert told(error) == [
        f"second.csv, vintage, ward_code, indicator_code, period_start, period_end"
        f" “{OLD}/00002/fires/2022-03-01/2022-03-31”: rows of indicator_value that batch {first} first.csv"
        " holds already: 1 → rows that are new; withdraw that batch first to replace it"
    ]
    assert held(store) == before

    store.withdraw(first, "thay bằng second.csv", A)
    second = store.add(*second_file, A)
    assert sorted(store.rows("indicator_value")["value"]) == [1, 3]
    with pytest.raises(JoinError, match="holds already"):
        store.restore(first, A)
    assert [batch.batch_id for batch in store.active()] == [second]


def test_rows_that_break_the_contract_leave_no_trace(store: Store, tmp_path: Path) -> None:
    path, imported = file_of(tmp_path, indicator_value=fires(("2022-03", -1)))
    before = held(store)
    with pytest.raises(SchemaError):
        store.add(path, imported, A)
    assert held(store) == before


class NotBuiltError(Exception):
    """The build that is to accept a change fails."""


def refuse(_: object) -> None:
    raise NotBuiltError


def test_a_change_that_is_not_accepted_is_called_off(store: Store, tmp_path: Path) -> None:
    first = store.add(*file_of(tmp_path, "first.csv", indicator_value=fires(("2022-03", 2))), A)
    second_file = file_of(tmp_path, "second.csv", indicator_value=fires(("2022-04", 2)))
    before = held(store)
    with pytest.raises(NotBuiltError):
        store.add(*second_file, A, refuse)
    with pytest.raises(NotBuiltError):
        store.withdraw(first, "x", A, refuse)
    assert held(store) == before
    store.withdraw(first, "x", A)
    with pytest.raises(NotBuiltError):
        store.restore(first, A, refuse)
    assert store.active() == []


def test_who_accepts_a_change_sees_the_batches_that_it_leads_to(store: Store, tmp_path: Path) -> None:
    seen: list[list[float]] = []

    def look(batches: Sequence[Batch]) -> None:
        seen.append([value for batch in batches for value in batch.rows("indicator_value")["value"]])

    first = store.add(*file_of(tmp_path, "1.csv", indicator_value=fires(("2022-03", 1))), A, look)
    store.add(*file_of(tmp_path, "2.csv", indicator_value=fires(("2022-04", 2))), A, look)
    store.withdraw(first, "x", A, look)
    store.restore(first, A, look)
    assert [sorted(values) for values in seen] == [[1], [1, 2], [2], [1, 2]]


def test_a_file_whose_name_is_no_text_is_kept_too(store: Store, tmp_path: Path) -> None:
    path = tmp_path / b"ki\xeam.csv".decode("utf-8", "surrogateescape")
    batch_id = store.add(*write_file(path, "x", indicator_value=fires(("2022-03", 2))), A)
    assert store.batch(batch_id).received() == path.read_bytes()
    assert store.batch(batch_id).file == "ki�m.csv"


MONTHS = [f"2022-{month:02}" for month in range(1, 7)]


class AnyOrderOfChanges(RuleBasedStateMachine):
    """Add, withdraw and restore in any order; a dict is the model."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.store = Store(open_database("", self.folder))
        self.months: dict[str, list[str]] = {}
        self.withdrawn: set[str] = set()
        self.files = 0

    def teardown(self) -> None:
        assert verify.faults(self.store.database, self.folder / "none.gpkg") == []
        self.store.database.close()
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
                self.store.add(path, imported, A)
        else:
            self.months[self.store.add(path, imported, A)] = months

    @precondition(lambda self: self.months.keys() - self.withdrawn)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        batch_id = data.draw(st.sampled_from(sorted(self.months.keys() - self.withdrawn)))
        self.store.withdraw(batch_id, "x", A)
        self.withdrawn.add(batch_id)

    @precondition(lambda self: self.withdrawn)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        batch_id = data.draw(st.sampled_from(sorted(self.withdrawn)))
        if self.taken() & set(self.months[batch_id]):
            with pytest.raises(JoinError):
                self.store.restore(batch_id, A)
        else:
            self.store.restore(batch_id, A)
            self.withdrawn.remove(batch_id)

    @invariant()
    def the_store_holds_what_the_model_holds(self) -> None:
        opened = self.store
        assert {b.batch_id: b.is_withdrawn for b in opened.batches()} == {
            name: name in self.withdrawn for name in self.months
        }
        months = opened.rows("indicator_value")["period_start"].dt.strftime("%Y-%m")
        assert sorted(months) == sorted(self.taken())


AnyOrderOfChanges.TestCase.settings = settings(max_examples=15, stateful_step_count=12)
TestAnyOrderOfChanges = AnyOrderOfChanges.TestCase
