"""The folder in which version 0.2 kept batches is taken in whole and row by row, or not at all."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from etl.store import verify
from etl.store.adopt import adopt, refuse_unadopted
from etl.store.audit import Actor
from etl.store.database import Database
from etl.store.submissions import Store
from geodata.contract.errors import SourceError
from tests.batch_files import fires, inspections

ME = Actor("system:tester")
FIRST, SECOND = "20261121-101530-ab12", "20261122-101530-cd34"


def write_batch(folder: Path, batch_id: str, file: str, **rows: pd.DataFrame) -> None:
    """Write a batch as version 0.2 did."""
    place = folder / batch_id
    (place / "received").mkdir(parents=True)
    (place / "rows").mkdir()
    (place / "received" / file).write_text(f"content of {file}", encoding="utf-8")
    source = pd.DataFrame(
        {
            "source_id": [f"batch-{batch_id}", f"batch-{batch_id}-1"],
            "title": [file, "Báo cáo 12"],
            "publisher": ["Nguyễn Văn A", "Chưa khai báo"],
        }
    )
    frames = {"source": source} | rows
    for layer, frame in frames.items():
        frame.to_parquet(place / "rows" / f"{layer}.parquet", index=False)
    manifest = {
        "file": file,
        "sha256": hashlib.sha256(f"content of {file}".encode()).hexdigest(),
        "by": "Nguyễn Văn A",
        "at": "2026-11-21T10:15:30+07:00",
        "program_version": "0.2.0",
        "rows": {layer: len(frame) for layer, frame in frames.items()},
    }
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "batches"
    write_batch(place, FIRST, "một.csv", indicator_value=fires(("2024-03", 2), ("2024-04", 3)))
    write_batch(place, SECOND, "hai.csv", inspection=inspections(("2024-05-04", "00001")))
    lines = [
        {
            "batch_id": FIRST,
            "action": action,
            "at": f"2026-11-2{day}T10:00:00+07:00",
            "by": "B",
            "reason": "x",
        }
        for day, action in ((3, "withdraw"), (4, "restore"), (5, "withdraw"))
    ]
    torn = b'{"batch_id": "20'  # of a writer that was killed
    (place / "journal.jsonl").write_bytes("".join(json.dumps(one) + "\n" for one in lines).encode() + torn)
    (place / ".adding-x").mkdir()
    (place / "lock").touch()
    return place


def test_every_batch_is_taken_in_with_its_file_its_rows_and_its_past(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=r"that are not in the store: 2 → “pilot-wards store adopt"):
        refuse_unadopted(folder, database)
    assert adopt(folder, database, ME, "Công an phường") == [FIRST, SECOND]
    refuse_unadopted(folder, database)
    store = Store(database)
    first, second = store.batches()
    assert (first.is_withdrawn, second.is_withdrawn) == (True, False)
    assert first.received() == "content of một.csv".encode()
    assert first.rows("indicator_value")["value"].tolist() == [2, 3]
    assert store.active() == [second]
    assert [tuple(vars(step).values())[:3] for step in store.history(FIRST)] == [
        ("published", "Nguyễn Văn A", "2026-11-21T03:15:30.000000+00:00"),
        ("withdrawn", "B", "2026-11-23T03:00:00.000000+00:00"),
        ("published", "B", "2026-11-24T03:00:00.000000+00:00"),
        ("withdrawn", "B", "2026-11-25T03:00:00.000000+00:00"),
    ]
    # What is published names no person.
    assert first.rows("source")["publisher"].tolist() == ["Công an phường", "Chưa khai báo"]
    assert verify.faults(database, tmp_path / "none.gpkg") == []
    assert adopt(folder, database, ME) == []


@pytest.mark.parametrize(
    ("spoiled", "problem"),
    [
        (f"{FIRST}/manifest.json", "can't be read"),
        (f"{FIRST}/rows/indicator_value.parquet", "can't be read"),
        (f"{FIRST}/received/một.csv", "has another SHA-256 than its manifest says"),
        ("journal.jsonl", "can't be read"),
    ],
)
def test_on_one_fault_nothing_is_taken_in(
    database: Database, folder: Path, spoiled: str, problem: str
) -> None:
    (folder / spoiled).write_bytes(b"{\n")
    with pytest.raises(SourceError, match=problem):
        adopt(folder, database, ME)
    assert Store(database).batches() == []


def test_rows_that_are_missing_are_a_fault(database: Database, folder: Path) -> None:
    fires(("2024-03", 2)).to_parquet(folder / FIRST / "rows" / "indicator_value.parquet", index=False)
    with pytest.raises(SourceError, match="has other rows than its manifest says"):
        adopt(folder, database, ME)


def test_a_folder_that_is_not_there_is_said(database: Database, tmp_path: Path) -> None:
    refuse_unadopted(tmp_path / "nowhere", database)
    with pytest.raises(SourceError, match="is missing"):
        adopt(tmp_path / "nowhere", database, ME)
