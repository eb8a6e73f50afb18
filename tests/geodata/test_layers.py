"""The contract: what it refuses, and that a file gives back what was written to it."""

import os
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geodata.contract.errors import SchemaError, SourceError
from geodata.contract.layers import LAYERS, check, empty, read_layer, write_layers


def districts(**changes: Any) -> gpd.GeoDataFrame:
    row = {
        "vintage": "2020-02-01",
        "district_code": "901",
        "district_name": "Quận Đông",
        "area_km2": 1.0,
        "outline_area_km2": 1.0,
        "population": 10,
        "is_former": False,
        "geometry": shapely.box(106.6, 20.8, 106.7, 20.9),
    }
    return gpd.GeoDataFrame([row | changes], crs="EPSG:4326")


def problems(frame: pd.DataFrame) -> list[str]:
    with pytest.raises(SchemaError) as caught:
        check("district", frame)
    return [fault.render("en") for fault in caught.value.faults]


@pytest.mark.parametrize("name", LAYERS)
def test_each_key_names_columns_of_its_layer(name: str) -> None:
    assert set(LAYERS[name].key) <= set(LAYERS[name].columns)


@pytest.mark.parametrize("name", LAYERS)
def test_an_empty_layer_keeps_the_contract(name: str) -> None:
    frame = empty(name)
    assert list(frame.drop(columns="geometry", errors="ignore")) == list(LAYERS[name].columns)
    assert len(frame) == 0


def test_rows_come_in_the_order_of_the_key() -> None:
    frame = pd.concat([districts(district_code="903"), districts(), districts(district_code="902")])
    assert list(check("district", frame)["district_code"]) == ["901", "902", "903"]


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (districts(vintage="2020"), "district, row 1, vintage “2020”: breaks the contract"),
        (districts(district_name=None), "district, row 1, district_name"),
        (districts(area_km2=-1.0), "district, row 1, area_km2 “-1.0”"),
        (districts().drop(columns="is_former"), "is_former"),
        (districts(colour="red"), "colour"),
        (pd.concat([districts(), districts()]), "2020-02-01/901”: occurs 2 times → once"),
        (districts().to_crs("EPSG:9210"), "district “EPSG:9210”: has another reference system → EPSG:4326"),
        (districts(geometry=shapely.Polygon()), "“2020-02-01/901”: has an invalid or empty geometry"),
        (
            districts(geometry=shapely.Polygon([(106, 20), (107, 21), (107, 20), (106, 21)])),
            "“2020-02-01/901”: has an invalid or empty geometry",
        ),
    ],
)
def test_each_breach_of_the_contract_is_one_fault(frame: gpd.GeoDataFrame, told: str) -> None:
    found = problems(frame)
    assert len(found) == 1
    assert told in found[0]


def test_all_faults_come_at_once() -> None:
    assert len(problems(districts(vintage="2020", area_km2=-1.0, geometry=shapely.Polygon()))) == 3


def test_a_bad_layer_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    write_layers(path, {"district": districts()})
    before = path.read_bytes()
    with pytest.raises(SchemaError):
        write_layers(path, {"district": districts(vintage="x")})
    assert path.read_bytes() == before
    # Hidden leavings count too.
    assert sorted(os.listdir(tmp_path)) == ["city.gpkg", "city.gpkg.sha256"]  # noqa: PTH208


def test_a_failure_while_writing_leaves_the_old_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "city.gpkg"
    write_layers(path, {"district": districts()})
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_layers(path, {"district": districts(district_name="Quận Tây")})
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["city.gpkg", "city.gpkg.sha256"]


def test_a_layer_without_data_is_empty_and_one_that_is_not_there_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    write_layers(path, {"district": districts()})
    for name in LAYERS:
        frame = read_layer(path, name)
        assert len(frame) == (1 if name == "district" else 0)
        assert list(frame.dtypes) == list(empty(name).dtypes) or name == "district"
    write_layers(path, {"district": districts()}, is_published=False)
    with pytest.raises(SourceError, match="lacks ward"):
        read_layer(path, "ward")


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_a_file_that_is_no_geopackage_is_told_apart(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "city.gpkg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read_layer(path, "ward")
    assert caught.value.faults[0].place("en") == "city.gpkg"


def test_polygons_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    whole = districts(geometry=shapely.MultiPolygon([shapely.box(106.6, 20.8, 106.7, 20.9)]))
    write_layers(path, {"district": whole})
    back = read_layer(path, "district")
    assert back.crs == "EPSG:4326"
    assert back.geometry.geom_equals_exact(whole.geometry, tolerance=0).all()
    assert_frame_equal(
        pd.DataFrame(back.drop(columns="geometry")),
        pd.DataFrame(check("district", whole).drop(columns="geometry")),
    )


text = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20)
targets = st.lists(
    st.fixed_dictionaries(
        {
            "target_id": text,
            "scope": st.sampled_from(["city", "national"]),
            "target_name": text,
            "target_name_en": text,
            "value": st.none() | st.floats(0, 1e9),
            "unit": st.none() | text,
            "due_date": st.none()
            | st.dates(pd.Timestamp("1945-09-02").date(), pd.Timestamp("2100-01-01").date()),
            "note": st.none() | text,
            "source": st.none() | text,
        }
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row["target_id"],
)


@given(targets)
def test_a_table_comes_back_as_it_was_written(rows: list[dict[str, Any]]) -> None:
    frame = pd.DataFrame(rows, columns=list(LAYERS["target"].columns))
    frame["due_date"] = pd.to_datetime(frame["due_date"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.gpkg"
        write_layers(path, {"target": frame})
        assert_frame_equal(read_layer(path, "target"), check("target", frame))
