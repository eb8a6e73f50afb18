"""Whatever is handed in as a boundary file: read right in any format and encoding, or refused in a word."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely

import etl.boundaries.files
from etl.boundaries.files import FORMATS, fingerprint, parts_of
from etl.boundaries.read import Delivered, read_delivered
from geodata.contract.crs import METRIC_CRS
from geodata.contract.errors import CrsError, GeodataError
from tests.etl.boundary_files import city, write_shapefile, write_topojson, zipped
from tests.small_city import new_wards

NAMES = ["Phường Đông", "Xã Tây", "Xã Núi Đèo", "Phường Bắc"]


def refused(path: Path, **options: str) -> str:
    """Return the one sentence with which a file is refused."""
    with pytest.raises(GeodataError) as caught:
        read_delivered(path, **options)
    (fault,) = caught.value.faults
    assert str(path.parent) not in fault.render("en") or fault.value == str(path)
    return fault.render("en")


def gpkg(path: Path, frame: gpd.GeoDataFrame, layer: str = "ward") -> Path:
    frame.to_file(path, layer=layer, driver="GPKG")
    return path


def shapefile(folder: Path) -> Path:
    return write_shapefile(folder / "w.shp", city(), encoding="utf-8", cpg="UTF-8")


WRITERS: dict[str, Callable[[Path], Path]] = {
    "GeoPackage": lambda folder: gpkg(folder / "w.gpkg", city()),
    "GeoJSON": lambda folder: _written(folder / "w.geojson", "GeoJSON"),
    "Shapefile": shapefile,
    "KML": lambda folder: _written(folder / "w.kml", "KML"),
    "FlatGeobuf": lambda folder: _written(folder / "w.fgb", "FlatGeobuf"),
    "File Geodatabase": lambda folder: _written(folder / "w.gdb", "OpenFileGDB"),
    "TopoJSON": lambda folder: write_topojson(folder / "w.topojson", city()),
}


def _written(path: Path, driver: str) -> Path:
    city().to_file(path, driver=driver)
    return path


@pytest.mark.parametrize("title", WRITERS)
def test_each_format_is_read_plain_and_zipped(title: str, tmp_path: Path) -> None:
    path = WRITERS[title](tmp_path)
    crs = "EPSG:4326" if title == "TopoJSON" else None  # it has no place for a reference system
    archive = zipped(tmp_path / "all.zip", parts_of(path).values(), root=tmp_path)
    for delivered in (read_delivered(path, crs=crs), read_delivered(archive, crs=crs)):
        assert sorted(delivered.frame["ward"]) == sorted(NAMES)
        assert delivered.title == title
        assert delivered.crs.to_epsg() == 4326
        read = delivered.frame.to_crs(METRIC_CRS).set_index("ward").geometry
        original = city().to_crs(METRIC_CRS).set_index("ward").geometry
        assert original.hausdorff_distance(gpd.GeoSeries(read.loc[original.index])).max() < 0.001


def test_each_format_of_the_list_has_a_driver_here() -> None:
    drivers = pyogrio.list_drivers()
    assert {form.driver for form in FORMATS.values()} <= set(drivers)


@pytest.mark.parametrize("cpg", [None, "UTF-8", "1258", "windows-1258", "ISO-8859-1"])
@pytest.mark.parametrize(("encoding", "title"), [("utf-8", "UTF-8"), ("cp1258", "Windows-1258")])
def test_the_text_of_a_shapefile_is_decoded_by_what_it_is(
    encoding: str, title: str, cpg: str | None, tmp_path: Path
) -> None:
    path = write_shapefile(tmp_path / "w.shp", city(), encoding=encoding, cpg=cpg)
    delivered = read_delivered(path)
    assert delivered.frame["ward"].tolist() == NAMES
    assert delivered.encoding == title


def test_a_cell_that_ends_within_a_character_does_not_make_the_file_another_encoding(tmp_path: Path) -> None:
    def cut_note(length: int) -> Delivered:
        frame = city().assign(note="x" * length)
        path = write_shapefile(tmp_path / f"w{length}.shp", frame, encoding="utf-8", cpg=None)
        table = path.with_suffix(".dbf")
        half_a_letter = b"x" * (length - 1) + "Đ".encode()[:1]
        table.write_bytes(table.read_bytes().replace(b"x" * length, half_a_letter))
        return read_delivered(path)

    full = cut_note(254)
    assert (full.encoding, full.frame["note"][0]) == ("UTF-8", "x" * 253)


def test_text_is_in_nfc_and_column_names_too(tmp_path: Path) -> None:
    path = gpkg(tmp_path / "w.gpkg", city().rename(columns={"ward": "Te\u0302n"}))
    assert "Tên" in read_delivered(path).frame


def test_one_layer_of_several_is_asked_for(tmp_path: Path) -> None:
    path = gpkg(gpkg(tmp_path / "w.gpkg", city(), "ward"), city(), "district")
    assert refused(path) == "w.gpkg: has 2 layers: ward, district → one of them, as in --layer “ward”"
    assert refused(path, layer="road").startswith("w.gpkg “road”: has no layer of this name → one of: ward")
    assert read_delivered(path, layer="district").layer == "district"


def test_tables_without_outlines_are_no_layers_to_choose_from(tmp_path: Path) -> None:
    path = gpkg(tmp_path / "w.gpkg", city())
    pyogrio.write_dataframe(city().drop(columns="geometry"), path, layer="layer_styles", append=True)
    assert read_delivered(path).layer == "ward"


def test_two_files_in_a_zip_are_two_layers(tmp_path: Path) -> None:
    files = [gpkg(tmp_path / "a.gpkg", city(), "a"), gpkg(tmp_path / "b.gpkg", city(), "b")]
    path = zipped(tmp_path / "all.zip", files, root=tmp_path)
    assert "has 2 layers: a, b" in refused(path)
    assert read_delivered(path, layer="b").layer == "b"


def test_rows_are_chosen_by_a_value_in_any_spelling(tmp_path: Path) -> None:
    province: list[Any] = ["HảiPhòng", "Hải Phòng", "Thái Bình", None]
    frame = city().assign(province=province)
    path = gpkg(tmp_path / "w.gpkg", frame)
    delivered = read_delivered(path, only="province=Hải Phòng")
    assert (delivered.frame["ward"].tolist(), delivered.row_count) == (NAMES[:2], 4)
    assert "no row has this value in the column province" in refused(path, only="province=Hà Nội")
    assert "has no column of this name" in refused(path, only="city=Hải Phòng")
    assert "is no choice of rows" in refused(path, only="province")


def test_a_file_without_reference_system_is_refused_unless_one_is_given(tmp_path: Path) -> None:
    path = write_topojson(tmp_path / "w.topojson", city())
    sentence = "states no coordinate reference system → the one of its coordinates, as in --crs EPSG:4326"
    assert refused(path) == f"w.topojson: {sentence}"
    metres = write_topojson(tmp_path / "m.topojson", city().to_crs(METRIC_CRS))
    assert "as in --crs EPSG:9210" in refused(metres)
    assert read_delivered(path, crs="EPSG:4326").crs.to_epsg() == 4326
    with pytest.raises(CrsError, match="--crs “EPSG:0”: is no coordinate reference system"):
        read_delivered(path, crs="EPSG:0")


def test_a_given_reference_system_outranks_the_stated_one(tmp_path: Path) -> None:
    path = gpkg(tmp_path / "w.gpkg", city().to_crs(9210).set_crs(9209, allow_override=True))
    delivered = read_delivered(path, crs="EPSG:9210")
    assert delivered.stated_crs is not None
    assert (delivered.crs.to_epsg(), delivered.stated_crs.to_epsg()) == (9210, 9209)


def _claiming_zip(path: Path, size: int) -> Path:
    """Write a small zip whose directory claims a size for its one file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("w.geojson", "{}")
        archive.infolist()[0].file_size = size
    return path


def _without(path: Path, ending: str) -> Path:
    path.with_suffix(ending).unlink()
    return path


def _cut(path: Path, share: float) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return path


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _slipping_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../w.geojson", "{}")
    return path


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "w.gpkg", "is missing"),
    "unknown ending": (lambda folder: _text(folder / "w.xlsx", "?"), "is of no known format"),
    "folder": (lambda folder: folder, "the folder holds no file of outlines"),
    "text named .gpkg": (lambda folder: _text(folder / "w.gpkg", "Phường"), "is no GeoPackage"),
    "nothing at all": (lambda folder: _text(folder / "w.geojson", ""), "is no GeoJSON"),
    "a list of other sources": (
        lambda folder: _text(folder / "w.kml", "<!-- <kml --><OGRVRTDataSource></OGRVRTDataSource>"),
        "holds a list of other sources, which are not opened",
    ),
    "cut GeoPackage": (lambda folder: _cut(gpkg(folder / "w.gpkg", city()), 0.5), "can't be read"),
    "cut FlatGeobuf": (lambda folder: _cut(_written(folder / "w.fgb", "FlatGeobuf"), 0.7), "can't be read"),
    "cut KML": (lambda folder: _cut(_written(folder / "w.kml", "KML"), 0.7), "can't be read"),
    "cut GeoJSON": (lambda folder: _cut(_written(folder / "w.geojson", "GeoJSON"), 0.7), "can't be read"),
    "cut Shapefile": (lambda folder: _cut(shapefile(folder), 0.7), "is cut off: it holds"),
    "cut .dbf": (
        lambda folder: _cut(shapefile(folder).with_suffix(".dbf"), 0.7).with_suffix(".shp"),
        "w.dbf: is cut off",
    ),
    "Shapefile without .dbf": (lambda folder: _without(shapefile(folder), ".dbf"), "its w.dbf is missing"),
    "Shapefile without .shx": (lambda folder: _without(shapefile(folder), ".shx"), "its w.shx is missing"),
    "empty layer": (lambda folder: gpkg(folder / "w.gpkg", city().iloc[:0]), "holds no rows"),
    "no geometry": (lambda folder: _table(folder / "w.gpkg"), "holds no geometry"),
    "300 MB in a zip": (
        lambda folder: _claiming_zip(folder / "w.zip", 300_000_000),
        "the zip claims 300 MB unpacked in 1 files → a whole zip of at most 250 MB unpacked",
    ),
    "zip that lies about its size": (
        lambda folder: _claiming_zip(folder / "w.zip", 1),
        "the zip can't be unpacked",
    ),
    "zip that leads out": (
        lambda folder: _slipping_zip(folder / "w.zip"),
        "“../w.geojson”: the zip holds a file that would lie outside its folder",
    ),
    "no zip": (lambda folder: _text(folder / "w.zip", "?"), "the zip can't be unpacked"),
    "empty zip": (
        lambda folder: zipped(folder / "w.zip", [], root=folder),
        "the zip holds no file of outlines",
    ),
    "zipped Shapefile without .dbf": (
        lambda folder: zipped(folder / "w.zip", [shapefile(folder), folder / "w.shx"], root=folder),
        "w.zip/w.shp: its w.dbf is missing",
    ),
}


def _table(path: Path) -> Path:
    pyogrio.write_dataframe(city().drop(columns="geometry"), path, layer="ward", driver="GPKG")
    return path


@pytest.mark.parametrize("fault", REFUSED)
def test_bad_files_are_refused_in_one_sentence(fault: str, tmp_path: Path) -> None:
    make, sentence = REFUSED[fault]
    assert sentence in refused(make(tmp_path))


def test_the_limit_of_a_zip_holds_for_all_its_files_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(etl.boundaries.files, "MAX_UNPACKED_BYTES", 1000)
    files = [_text(tmp_path / f"{name}.json", "x" * 600) for name in "ab"]
    assert "the zip claims 0 MB unpacked in 2 files" in refused(
        zipped(tmp_path / "w.zip", files, root=tmp_path)
    )


def test_unclosed_rings_are_closed(tmp_path: Path) -> None:
    collection = json.loads(city().to_json())
    for feature in collection["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            del polygon[0][-1]
    delivered = read_delivered(_text(tmp_path / "w.geojson", json.dumps(collection)))
    assert delivered.frame.geometry.is_valid.all()
    assert delivered.frame.to_crs(9210).area.round(-2).tolist() == [2e6, 0.75e6, 1.25e6, 1e6]


def test_the_fingerprint_covers_every_part(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    assert set(parts_of(path)) == {"w.shp", "w.shx", "w.dbf", "w.prj", "w.cpg"}
    before = fingerprint(parts_of(path))
    path.with_suffix(".cpg").write_text("1258")
    assert fingerprint(parts_of(path)) != before


def test_measures_on_points_are_dropped_without_a_word(tmp_path: Path) -> None:
    frame = new_wards()
    lifted = shapely.force_3d(frame.geometry.to_numpy(), 5.0)
    delivered: Delivered = read_delivered(
        gpkg(tmp_path / "w.gpkg", frame.set_geometry(lifted, crs=frame.crs))
    )
    assert delivered.frame.has_z.all()
    assert delivered.notes == ()
