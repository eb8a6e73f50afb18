"""The register: the real one holds, and every way to break it is told by file, row, column and value."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from etl.register.tables import TABLES, read_register
from geodata.contract.errors import GeodataError
from geodata.contract.layers import LAYERS
from geodata.language import render
from geodata.language.numbers import unit_name
from geodata.quality import LAYER_NAMES
from geodata.settings import SOURCES
from tests.small_city import SmallCity


@pytest.fixture
def sources(small_city: SmallCity, tmp_path: Path) -> Path:
    """Return a copy of the small city's register that a test may break."""
    return Path(shutil.copytree(small_city.sources, tmp_path / "sources"))


def faults(folder: Path) -> list[str]:
    with pytest.raises(GeodataError) as caught:
        read_register(folder)
    return [fault.render("en") for fault in caught.value.faults]


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def test_the_programs_own_register_is_whole() -> None:
    register = read_register(SOURCES)
    assert set(register) == set(TABLES)
    assert set(register["pilot_status"]["ward_code"]) == {
        "11296",
        "11299",
        "11305",
        "11359",
        "11404",
        "11405",
        "11407",
        "11422",
        "11455",
    }
    assert register["criterion"].groupby("criteria_set").size().to_dict() == {"v1": 22, "v2": 20}


def test_cells_get_the_types_of_the_contract(sources: Path) -> None:
    register: Any = read_register(sources)
    inspection = register["inspection"].iloc[0]
    assert inspection["inspection_date"] == pd.Timestamp("2023-11-23")
    assert inspection["criteria_met"] == 2
    assert not inspection["is_illustrative"]
    assert pd.isna(register["target"].set_index("target_id").loc["city", "value"])
    assert register["pilot_status"]["stage"].isna().tolist() == [False, False, True]
    assert register["pilot_status"]["ward_code"].tolist() == ["00002", "00002", "00003"]


def test_a_byte_order_mark_and_blank_lines_do_no_harm(sources: Path) -> None:
    path = sources / "event.csv"
    path.write_text("\ufeff" + path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert len(read_register(sources)["event"]) == 1


def test_text_is_composed_and_loses_outer_spaces(sources: Path) -> None:
    replace("event", "Hội trường", " Ho\u0323\u0302i trường ")(sources)
    assert read_register(sources)["event"]["place"].tolist() == ["Hội trường"]


BREACHES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing file": (
        lambda folder: (folder / "fact.csv").unlink(),
        "fact.csv: is missing → a csv file of the register",
    ),
    "empty file": (
        lambda folder: (folder / "fact.csv").write_text(""),
        "fact.csv: is empty → a header and its rows",
    ),
    "not UTF-8": (
        lambda folder: (folder / "fact.csv").write_bytes("năm".encode("utf-16")),
        "fact.csv: is no UTF-8 text → csv saved as UTF-8",
    ),
    "a cell too many": (
        replace("event", "Hội trường", "Hội trường,số 1"),
        "event.csv, row 2 “review-2022,2022-09-12,city,Hội nghị sơ kết,Review conferenc”: has 9 cells",
    ),
    "date": (
        replace("pilot_status", "2022-09-12", "12/13/2022"),
        "pilot_status.csv, row 4, valid_from “12/13/2022”: can't be read → a date such as 2023-11-23",
    ),
    "number": (
        replace("target", ",100,", ",trăm,"),
        "target.csv, row 2, value “trăm”: can't be read → a number such as 12.5",
    ),
    "negative": (
        replace("target", ",100,", ",-1,"),
        "target.csv, row 2, value “-1”: is too small → at least 0",
    ),
    "count": (
        replace("criteria_set", ",3,", ",3.5,"),
        "criteria_set.csv, row 2, criteria_count “3.5”: can't be read → a whole number",
    ),
    "flag": (
        replace("inspection", "false", "không"),
        "inspection.csv, row 2, is_illustrative “không”: can't be read → true or false",
    ),
    "empty flag": (
        replace("inspection", "false", ""),
        "inspection.csv, row 2, is_illustrative: can't be read → true or false",
    ),
    "value of a list": (
        replace("pilot_status", "visit_site", "visited"),
        "pilot_status.csv, row 4, role “visited”: is not among the values of this column"
        " → one of: pilot, visit_site",
    ),
    "empty cell": (
        replace("event", "Hội nghị sơ kết", ""),
        "event.csv, row 2, event_name: is empty → a value",
    ),
    "key twice": (
        replace("pilot_status", "2023-11-23", "2021-03-17"),
        "pilot_status.csv, row 3, vintage, ward_code, valid_from, role “2020-02-01/00002/2021-03-17/pilot”:"
        " stands in an earlier row already",
    ),
    "source": (
        replace("event", "article", "hearsay"),
        "event.csv, row 2, source “hearsay”: is not in source.csv → a value of its column source_id",
    ),
    "event": (
        replace("event_task", "review-2022", "review-2021"),
        "event_task.csv, row 2, event_id “review-2021”: is not in event.csv → a value of its column event_id",
    ),
    "criteria set": (
        replace("inspection", "v1", "v9"),
        "inspection.csv, row 2, criteria_set “v9”: is not in criteria_set.csv",
    ),
    "successor without vintage": (
        replace("official_successor", "2025-07-01", ""),
        "official_successor.csv, row 2, to_vintage: is empty → a value",
    ),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_each_breach_is_one_clear_fault(sources: Path, breach: str) -> None:
    change, told = BREACHES[breach]
    change(sources)
    found = faults(sources)
    assert len(found) == 1
    assert found[0].startswith(told)


def test_a_misspelt_column_is_both_missing_and_unknown(sources: Path) -> None:
    replace("event", "place", "where")(sources)
    columns = (
        "the columns event_id, event_date, scope, event_name, event_name_en, place, is_plan_complete, source"
    )
    assert faults(sources) == [
        f"event.csv, row 1 “place”: the column is missing → {columns}",
        f"event.csv, row 1 “where”: the column is not known → {columns}",
    ]


def test_all_faults_of_all_files_come_at_once_in_the_order_of_rows(sources: Path) -> None:
    for name, old, new in (
        ("pilot_status", "visit_site", "visited"),
        ("pilot_status", "2021-03-17", "tháng ba"),
        ("event", "article", "hearsay"),
    ):
        replace(name, old, new)(sources)
    (sources / "fact.csv").unlink()
    assert [told.split(" “")[0].split(":")[0] for told in faults(sources)] == [
        "pilot_status.csv, row 2, valid_from",
        "pilot_status.csv, row 4, role",
        "fact.csv",
        "event.csv, row 2, source",
    ]


def test_every_ward_of_the_register_must_be_in_the_list_of_its_vintage(sources: Path) -> None:
    # 00005 is a ward of 2025, 00004 one of before.
    replace("pilot_status", ",00003,", ",00005,")(sources)
    replace("official_successor", "2025-07-01,00001", "2025-07-01,00004")(sources)
    assert faults(sources) == [
        "pilot_status.csv, row 4, ward_code “00005”: is no ward of the vintage 2020-02-01"
        " → a ward code of that vintage",
        "official_successor.csv, row 2, to_ward_code “00004”: is no ward of the vintage 2025-07-01"
        " → a ward code of that vintage",
    ]


def test_the_page_of_sources_counts_the_rows_of_each_published_layer() -> None:
    published = {name for name, table in TABLES.items() if name in LAYERS and "source" in table.columns}
    assert published - set(LAYER_NAMES) == set()


def test_each_unit_of_the_catalogue_has_an_english_name() -> None:
    units = set(pd.read_csv(SOURCES / "indicator.csv")["unit"]) - {"%"}
    assert [unit for unit in sorted(units) if render(unit_name(unit), "en") == unit] == []
