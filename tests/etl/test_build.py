"""The build on the small city: what a reader of the GeoPackage finds in it, figures reckoned by hand."""

import csv
import hashlib
import re
import shutil
import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest
from pandas.testing import assert_frame_equal

from etl.build import STEPS, build, is_current
from geodata.contract.descriptions import in_vietnamese
from geodata.contract.errors import GeodataError
from geodata.contract.layers import LAYERS, read_layer
from geodata.language import Message
from tests.conftest import AS_OF
from tests.ogrinfo import ogrinfo
from tests.small_city import MID, NEW, OLD, REGISTER, SmallCity, old_wards, write_csv


@pytest.fixture(scope="module")
def summary(small_gpkg: Path) -> Any:
    """Return ``ward_summary`` by (vintage, ward_code)."""
    return read_layer(small_gpkg, "ward_summary").set_index(["vintage", "ward_code"])


def test_every_layer_keeps_the_contract(small_gpkg: Path) -> None:
    rows = {name: len(read_layer(small_gpkg, name)) for name in LAYERS}
    assert {name: count for name, count in rows.items() if count} == {
        "ward_summary": 13,
        "ward": 13,
        "district": 9,
        "crosswalk": 28,
        "pilot_status": 3,
        "inspection_round": 1,
        "inspection": 1,
        "event": 1,
        "event_task": 3,
        "target": 2,
        "fact": 1,
        "criteria_set": 1,
        "criterion": 3,
        "indicator": 5,
        "station": 11,
        "source": 4,
        "itinerary_case": 1,
        "itinerary_case_stop": 2,
        "itinerary_stop": 4,
        "itinerary_leg": 2,
        "build": 19,
    }


def test_wards_of_the_register_hold_their_own_status(summary: Any) -> None:
    pilot = summary.loc[(OLD, "00002")]
    assert pilot[["ward_name", "role", "stage", "is_partly"]].tolist() == [
        "Hòa Bình",
        "pilot",
        "inspected",
        False,
    ]
    assert pilot["stage_from"] == pd.Timestamp("2023-11-23")
    assert pilot[["pilot_area_pct", "pilot_population_pct"]].tolist() == [100, 100]
    visited = summary.loc[(OLD, "00003")]
    assert visited["role"] == "visit_site"
    assert pd.isna(visited["stage"])


def test_a_merged_ward_holds_a_part_with_the_shares_of_its_predecessor(summary: Any) -> None:
    merged = summary.loc[(NEW, "00001")]
    assert merged["is_partly"]
    assert merged["pilot_area_pct"] == pytest.approx(50)  # 1 of 2 km²
    assert merged["pilot_population_pct"] == pytest.approx(60)  # 1500 of 2500
    assert merged["from_wards"] == "Hòa Bình (00002)"


def test_a_split_ward_is_whole_in_one_successor_and_partly_in_the_other(summary: Any) -> None:
    west, east = summary.loc[(NEW, "00002")], summary.loc[(NEW, "00003")]
    assert west[["role", "is_partly"]].tolist() == ["visit_site", False]
    assert west["visit_site_area_pct"] == pytest.approx(100)
    assert east["is_partly"]
    assert east["visit_site_area_pct"] == pytest.approx(20)  # 0,25 of 1,25 km²
    assert east["visit_site_population_pct"] == pytest.approx(100 * 500 / 1300)


def test_a_reused_code_does_not_hand_its_status_on(summary: Any) -> None:
    # 00002 was Hoà Bình, the pilot ward; in 2025 it is Tây.
    assert summary.loc[(NEW, "00002"), "ward_name"] == "Tây"
    assert summary.loc[(NEW, "00002"), "pilot_area_pct"] == 0


def test_the_vintage_without_a_file_is_derived_from_the_one_before(small_gpkg: Path, summary: Any) -> None:
    wards = read_layer(small_gpkg, "ward").set_index(["vintage", "ward_code"]).loc[MID]
    assert wards["ward_name"].to_dict() == {
        "00001": "Đông",
        "00003": "Thủy Tây",
        "00004": "Núi Đèo",
        "903": "Hòn Vọng",
    }
    assert wards["outline_area_km2"].tolist() == pytest.approx([2, 1, 1, 1])
    assert wards["area_km2"].isna().all()
    assert wards["population"].tolist() == [2500, 2000, 800, 100]
    assert set(wards["population_year"]) == {2019}
    assert set(wards["boundary_quality"]) == {"derived"}
    assert set(wards["boundary_source"]) == {"derived-outlines"}
    source = read_layer(small_gpkg, "source").set_index("source_id").loc["derived-outlines"]
    assert source["title"] == "Suy ra từ “Ranh giới phường, xã”: gộp nguyên vẹn các đơn vị cũ"
    assert source["licence"] == "MIT"
    assert summary.loc[(MID, "00003"), ["role", "is_partly", "visit_site_area_pct"]].tolist() == [
        "visit_site",
        False,
        100,
    ]
    assert summary.loc[(MID, "00001"), "pilot_population_pct"] == pytest.approx(60)  # 1500 of 2500


def test_districts_of_a_vintage_without_any_are_the_last_ones_before_it(
    small_gpkg: Path, summary: Any
) -> None:
    layer = read_layer(small_gpkg, "district")
    assert layer.groupby("vintage")["is_former"].agg(["size", "all"]).to_numpy().tolist() == [
        [3, False],
        [3, False],
        [3, True],
    ]
    assert summary.loc[NEW, "district_code"].fillna("none").to_dict() == {
        "00001": "901",
        "00002": "902",
        "00003": "902",
        "00005": "none",  # nothing of the old city lies in it
    }


def test_a_file_of_the_derived_vintage_is_taken_before_deriving_it(
    small_city: SmallCity, tmp_path: Path
) -> None:
    folder = with_file_of_mid(small_city, tmp_path)
    layers = build([folder], small_city.sources, tmp_path / "a.gpkg", AS_OF)
    assert set(layers["ward"].query("vintage == @MID")["boundary_quality"]) == {"public"}


def test_a_schematic_file_is_taken_only_where_nothing_better_is_there(
    small_city: SmallCity, tmp_path: Path
) -> None:
    folder = with_file_of_mid(small_city, tmp_path)
    sources = Path(shutil.copytree(small_city.sources, tmp_path / "sources"))
    declare(sources, folder / f"wards_{MID}.gpkg", "schematic")
    out = tmp_path / "a.gpkg"
    layers = build([folder], sources, out, AS_OF)
    assert set(layers["ward"].query("vintage == @MID")["boundary_quality"]) == {"derived"}
    assert f"wards_{MID}.gpkg" not in set(layers["build"]["input"])
    assert is_current([folder], sources, out, AS_OF)
    declare(sources, folder / f"wards_{OLD}.gpkg", "schematic")
    layers = build([folder], sources, out, AS_OF)
    assert set(layers["ward"]["boundary_quality"]) == {"schematic", "public"}


def test_facts_move_with_wards_that_pass_undivided_where_their_own_boundaries_are_missing(
    small_city: SmallCity, tmp_path: Path
) -> None:
    folder = with_file_of_mid(small_city, tmp_path)
    (folder / f"wards_{OLD}.gpkg").unlink()
    with pytest.raises(GeodataError) as caught:
        build([folder], small_city.sources, tmp_path / "a.gpkg", AS_OF)
    # Hòa Bình was joined into a ward of another name.
    assert {(fault.file, fault.value) for fault in caught.value.faults} == {
        ("pilot_status.csv", "00002"),
        ("inspection.csv", "00002"),
    }
    assert caught.value.faults[0].render("en") == (
        "pilot_status.csv, row 2, ward_code “00002”: there are no boundaries of 2020-02-01, and the ward did"
        " not pass undivided and under its name into later ones that are there"
        " → the file wards_2020-02-01.gpkg in a folder of boundaries"
    )

    sources = Path(shutil.copytree(small_city.sources, tmp_path / "sources"))
    for name in ("pilot_status", "inspection"):
        write_csv(
            sources / f"{name}.csv",
            [row | {"ward_code": "00003", "valid_from": "2022-09-12"} for row in REGISTER[name][-1:]]
            if name == "pilot_status"
            else [REGISTER[name][0] | {"ward_code": "00003"}],
        )
    layers = build([folder], sources, tmp_path / "a.gpkg", AS_OF)
    assert set(layers["ward"]["vintage"]) == {MID, NEW}
    for name in ("pilot_status", "inspection", "event_task"):
        assert set(zip(layers[name]["vintage"], layers[name]["ward_code"], strict=True)) == {(MID, "00003")}
    summary = layers["ward_summary"].set_index(["vintage", "ward_code"])
    assert summary.loc[(MID, "00003"), "inspection_count"] == 1
    assert summary.loc[(NEW, "00003"), "visit_site_area_pct"] == pytest.approx(20)  # 0,25 of 1,25 km²


def test_a_ward_of_the_register_without_an_outline_is_a_fault(small_city: SmallCity, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(small_city.boundaries, tmp_path / "boundaries"))
    old_wards().drop(index=1).to_file(folder / f"wards_{OLD}.gpkg", layer="ward")
    with pytest.raises(GeodataError) as caught:
        build([folder], small_city.sources, tmp_path / "a.gpkg", AS_OF)
    assert [fault.place("en") for fault in caught.value.faults] == [
        "pilot_status.csv, row 2, ward_code",
        "pilot_status.csv, row 3, ward_code",
        "inspection.csv, row 2, ward_code",
    ]


def with_file_of_mid(small_city: SmallCity, tmp_path: Path) -> Path:
    """Return a copy of the boundaries with a file of the vintage that is derived otherwise."""
    folder = Path(shutil.copytree(small_city.boundaries, tmp_path / "boundaries"))
    old_wards().drop(index=1).to_file(folder / f"wards_{MID}.gpkg", layer="ward")
    return folder


def declare(sources: Path, file: Path, quality: str) -> None:
    """Say in the register how good a boundary file is, beside what it says of others."""
    path = sources / "boundary_file.csv"
    table = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    rows = [row for row in table if row["file"] != file.name]
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    write_csv(path, [*rows, {"sha256": sha256, "file": file.name, "source": "outlines", "quality": quality}])


@pytest.mark.parametrize("key", [(OLD, "903"), (NEW, "00005")])
def test_a_ward_with_no_match_has_no_role(summary: Any, key: tuple[str, str]) -> None:
    assert pd.isna(summary.loc[key, "role"])
    assert not summary.loc[key, "is_partly"]


@pytest.mark.parametrize("key", [(MID, "00001"), (NEW, "00001"), (NEW, "00003")])
def test_a_ward_that_holds_a_part_of_former_ground_has_no_role(summary: Any, key: tuple[str, str]) -> None:
    held = summary.loc[key]
    assert held["is_partly"]
    assert held["from_wards"]
    assert held[["role", "stage", "stage_from", "period", "source"]].isna().all()


def test_inspections_of_former_wards_are_those_of_a_part_and_without_findings(summary: Any) -> None:
    told = ["inspection_count", "days_since_inspection", "last_inspection_date"]
    is_known = summary[told].notna()
    assert is_known.all(axis="columns").tolist() == is_known.any(axis="columns").tolist()
    seen = summary[is_known["inspection_count"]]
    assert seen.index[~seen["is_last_inspection_partly"]].tolist() == [(OLD, "00002")]
    assert seen.index[seen["is_last_inspection_partly"]].tolist() == [(MID, "00001"), (NEW, "00001")]
    assert seen["inspection_count"].tolist() == [1, 1, 1]
    inspected = summary.loc[(OLD, "00002")]
    assert inspected["last_inspection_date"] == pd.Timestamp("2023-11-23")
    assert inspected[["criteria_met", "criteria_assessed"]].tolist() == [2, 3]
    assert summary["criteria_met"].isna().sum() == 12


def test_wards_name_where_their_outlines_come_from(small_gpkg: Path) -> None:
    wards = read_layer(small_gpkg, "ward")
    origin = wards.drop_duplicates("vintage").set_index("vintage")["boundary_source"]
    assert origin[OLD] == "outlines"
    assert origin[NEW].startswith("boundary-")
    assert set(origin) <= set(read_layer(small_gpkg, "source")["source_id"])


def test_the_build_names_its_inputs(small_gpkg: Path) -> None:
    rows = read_layer(small_gpkg, "build")
    assert {"wards_2020-02-01.gpkg", "wards_2025-07-01.gpkg", "pilot_status.csv"} <= set(rows["input"])
    assert rows["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert rows["built_at"].str.endswith("+07:00").all()
    assert set(rows["as_of"]) == {AS_OF}


def test_the_day_of_the_build_decides_the_stage(small_city: SmallCity, tmp_path: Path) -> None:
    layers = build(
        [small_city.boundaries], small_city.sources, tmp_path / "a.gpkg", pd.Timestamp("2022-01-01")
    )
    summary: Any = layers["ward_summary"].set_index(["vintage", "ward_code"])
    assert summary.loc[(OLD, "00002"), "stage"] == "building"
    assert pd.isna(summary.loc[(OLD, "00003"), "role"])
    assert summary["inspection_count"].isna().all()
    assert summary["inspected_12m_area_pct"].isna().all()


def test_the_same_inputs_give_the_same_rows_in_the_same_order(
    small_city: SmallCity, small_gpkg: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.gpkg"
    build([small_city.boundaries], small_city.sources, again, AS_OF)
    for name, _ in pyogrio.list_layers(small_gpkg):
        one, other = (
            pd.DataFrame(pyogrio.read_dataframe(path, layer=name)).drop(
                columns=["build_id", "built_at", "update_time"], errors="ignore"
            )
            for path in (small_gpkg, again)
        )
        assert_frame_equal(one, other)


def test_progress_tells_each_step_once(small_city: SmallCity, tmp_path: Path) -> None:
    told: list[Message] = []
    build([small_city.boundaries], small_city.sources, tmp_path / "a.gpkg", AS_OF, told.append)
    assert told == list(STEPS)


def test_a_build_is_current_until_an_input_or_the_day_changes(small_city: SmallCity, tmp_path: Path) -> None:
    sources = Path(shutil.copytree(small_city.sources, tmp_path / "sources"))
    out = tmp_path / "city.gpkg"
    inputs = ([small_city.boundaries], sources, out)
    assert not is_current(*inputs, AS_OF)
    build(*inputs, AS_OF)
    assert is_current(*inputs, AS_OF)
    assert not is_current(*inputs, AS_OF + pd.Timedelta(days=1))
    with (sources / "fact.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert not is_current(*inputs, AS_OF)
    (sources / "fact.csv").unlink()
    assert not is_current(*inputs, AS_OF)


def test_faults_of_boundaries_and_register_come_together(small_city: SmallCity, tmp_path: Path) -> None:
    sources = Path(shutil.copytree(small_city.sources, tmp_path / "sources"))
    (sources / "fact.csv").unlink()
    with pytest.raises(GeodataError) as caught:
        build([tmp_path], sources, tmp_path / "a.gpkg", AS_OF)
    assert [fault.place("en") for fault in caught.value.faults] == [
        "fact.csv",
        "wards_<vintage>.gpkg",
    ]
    assert not (tmp_path / "a.gpkg").exists()


def test_ogrinfo_reads_every_layer_without_a_warning(small_gpkg: Path) -> None:
    told = ogrinfo(small_gpkg)
    filled = [name for name in LAYERS if len(read_layer(small_gpkg, name))]
    for name in [*filled, "layer_styles"]:
        assert f"Layer name: {name}\n" in told


def test_the_file_itself_says_what_its_layers_and_columns_hold(small_gpkg: Path) -> None:
    """GDAL reads it from the schema extension of GeoPackage, and hands it to QGIS as alias and comment."""
    with closing(sqlite3.connect(small_gpkg)) as database:
        layers = dict(database.execute("select table_name, description from gpkg_contents"))
        registered = database.execute(
            "select table_name, definition from gpkg_extensions where extension_name = 'gpkg_schema'"
        ).fetchall()
    assert "gpkg_data_columns" in dict(registered)
    assert all(definition.endswith("#extension_schema") for _, definition in registered)
    for name in layers.keys() & LAYERS.keys():
        layer = LAYERS[name]
        assert layers[name] == in_vietnamese(layer.title) != layer.title
        schema = pyogrio.read_arrow(small_gpkg, layer=name)[1].schema
        told = {field.name: field.metadata or {} for field in schema}
        for column, held in layer.columns.items():
            comment = told[column][b"GDAL:OGR:comment"].decode()
            assert comment == in_vietnamese(held.description)
            assert comment.lower().startswith(told[column][b"GDAL:OGR:alternative_name"].decode().lower())


def test_qgis_finds_a_style_for_ward_summary(small_gpkg: Path) -> None:
    """QGIS asks for the row with an empty schema, the table's name and its geometry column."""
    with sqlite3.connect(small_gpkg) as database:
        geometry = database.execute(
            "select column_name from gpkg_geometry_columns where table_name = 'ward_summary'"
        ).fetchone()[0]
        found = database.execute(
            "select styleQML, useAsDefault from layer_styles"
            " where f_table_schema = '' and f_table_name = 'ward_summary' and f_geometry_column = ?",
            [geometry],
        ).fetchall()
    database.close()
    [(qml, is_default)] = found
    assert is_default == 1
    rules = ET.fromstring(qml).findall("renderer-v2/rules/rule")
    symbols = {symbol.get("name") for symbol in ET.fromstring(qml).findall("renderer-v2/symbols/symbol")}
    assert {rule.get("symbol") for rule in rules} == symbols
    assert rules[-1].get("filter") == "ELSE"
    tip = ET.fromstring(qml).findtext("mapTip") or ""
    columns = set(re.findall(r'"(\w+)"', tip))
    assert {"pilot_area_pct", "visit_site_area_pct", "area_km2", "outline_area_km2"} <= columns
    assert columns <= set(LAYERS["ward_summary"].columns)


def test_the_rules_of_the_style_share_out_every_ward(small_gpkg: Path) -> None:
    with sqlite3.connect(small_gpkg) as database:
        qml = database.execute("select styleQML from layer_styles").fetchone()[0]
        rules = ET.fromstring(qml).findall("renderer-v2/rules/rule")[:-1]
        painted = {
            rule.get("label"): database.execute(
                f"select vintage || ' ' || ward_code from ward_summary where {rule.get('filter')} order by 1"
            ).fetchall()
            for rule in rules
        }
    database.close()
    assert {label: [row[0] for row in rows] for label, rows in painted.items() if rows} == {
        "Đã kiểm tra": ["2020-02-01 00002"],
        "Điểm tham quan": ["2020-02-01 00003", "2025-01-01 00003", "2025-07-01 00002"],
        "Gồm một phần địa bàn cũ của chương trình": [
            "2025-01-01 00001",
            "2025-07-01 00001",
            "2025-07-01 00003",
        ],
    }
