"""Boundary files as people have them: cut texts, a layer a district, points among outlines, a wrong datum."""

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from etl.boundaries.examine import AdoptionRequest, Examination, examine
from etl.boundaries.files import fingerprint, parts_of
from etl.boundaries.read import Delivered, read_delivered
from geodata.contract.errors import GeodataError, Note
from tests.etl.boundary_files import NO_PLACES, UNITS, city, disk, write_shapefile, zipped
from tests.small_city import NEW, OLD, new_wards, old_wards

ZERO_SHIFT = "+proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +ellps=WGS84 +towgs84=0,0,0 +units=m"
"""How VN-2000 is often typed in: without its shift to WGS 84."""


def look(path: Path, day: str = NEW, folders: tuple[Path, ...] = (), **options: str) -> Examination:
    return examine(AdoptionRequest(path, day, **options), UNITS, NO_PLACES, folders)  # type: ignore[arg-type]


def notes(found: Examination | Delivered) -> list[str]:
    of = found.delivered if isinstance(found, Examination) else found
    assert all(isinstance(note, Note) and note.file == of.file for note in of.notes)
    return [note.render("en").removeprefix(of.file) for note in of.notes]


def faults(found: Examination) -> list[str]:
    return [fault.render("en").removeprefix(found.delivered.file) for fault in found.faults]


# --- texts that a table cut


def test_texts_and_headings_that_a_table_cut_within_a_character_lose_the_half(tmp_path: Path) -> None:
    frame = city().assign(note="x" * 90, TEN_PHUONG_="y")
    path = write_shapefile(tmp_path / "w.shp", frame, encoding="utf-8", cpg="UTF-8")
    table = path.with_suffix(".dbf")
    raw = table.read_bytes()
    raw = raw.replace(b"x" * 90, b"x" * 88 + "ờ".encode()[:2]).replace(
        b"TEN_PHUONG", "TÊN_XÃ_".encode() + b"\xe1"
    )
    table.write_bytes(raw)
    delivered = read_delivered(path)
    assert delivered.frame["note"].tolist() == ["x" * 88] * 4
    assert "TÊN_XÃ_" in delivered.frame
    assert (delivered.encoding, notes(delivered)) == (
        "UTF-8",
        [": 5 texts end within a character, whose half was dropped"],
    )
    # In a cell with room to spare nothing is cut: these bytes are no UTF-8, and the others no Windows-1258.
    table.write_bytes(raw.replace(b"x" * 88 + "ờ".encode()[:2], b"x" * 87 + "ờ".encode()[:2] + b" "))
    with pytest.raises(GeodataError, match="in no encoding that is known for sure"):
        read_delivered(path)


# --- a layer a district


def _as_kml(districts: dict[str, gpd.GeoDataFrame], folder: Path) -> Path:
    body = ""
    for name, wards in districts.items():
        rows = "".join(
            f"<Placemark><name>{ward.ward}</name>{_kml(ward.geometry)}</Placemark>"
            for ward in wards.itertuples()
        )
        body += f"<Folder><name>{name}</name>{rows}</Folder>"
    path = folder / "w.kml"
    path.write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>')
    return path


def _kml(outline: Any) -> str:
    def ring(polygon: Any) -> str:
        points = " ".join(f"{x},{y},0" for x, y in polygon.exterior.coords)
        return (
            f"<outerBoundaryIs><LinearRing><coordinates>{points}</coordinates></LinearRing></outerBoundaryIs>"
        )

    polygons = "".join(f"<Polygon>{ring(part)}</Polygon>" for part in shapely.get_parts(outline))
    return f"<MultiGeometry>{polygons}</MultiGeometry>"


def _as_geopackage(districts: dict[str, gpd.GeoDataFrame], folder: Path) -> Path:
    for name, wards in districts.items():
        wards.to_file(folder / "w.gpkg", layer=name)
    return folder / "w.gpkg"


def _as_shapefiles(districts: dict[str, gpd.GeoDataFrame], folder: Path) -> Path:
    root = folder / "quan_huyen"
    for name, wards in districts.items():
        (root / name).mkdir(parents=True)
        write_shapefile(root / name / "xa.shp", wards, encoding="utf-8", cpg=None)
    (root / "lost+found").mkdir()
    (root / ".DS_Store").write_bytes(b"\0")
    return root


def _as_zip(districts: dict[str, gpd.GeoDataFrame], folder: Path) -> Path:
    root = _as_shapefiles(districts, folder)
    (root / "__MACOSX").mkdir()
    (root / "__MACOSX" / "._xa.shp").write_bytes(b"?")
    return zipped(folder / "w.zip", [path for path in root.rglob("*") if path.is_file()], root=root)


@pytest.mark.parametrize("write", [_as_kml, _as_geopackage, _as_shapefiles, _as_zip])
def test_a_layer_a_district_is_one_map_and_its_name_the_district(write: Any, tmp_path: Path) -> None:
    wards = old_wards()[["ward", "district", "geometry"]]
    wards.loc[3, "ward"] = "An Đông"  # as in the district in the west: the layer alone tells them apart
    units = UNITS.copy()
    units.loc[units["ward_code"] == "00004", "ward_name"] = "An Đông"
    districts = {str(name): rows[["ward", "geometry"]] for name, rows in wards.groupby("district")}
    path = write(districts, tmp_path)
    found = examine(AdoptionRequest(path, OLD), units, NO_PLACES)
    assert found.faults == ()
    assert (len(found.wards), found.columns["district"].name) == (5, "layer")
    assert notes(found)[-1].endswith("”: 3 layers taken together")


def test_layers_that_show_the_same_ground_are_asked_about_and_others_left_out(tmp_path: Path) -> None:
    path = tmp_path / "w.gpkg"
    wards = city()
    wards.to_file(path, layer="ward")
    middles = wards.set_geometry(wards.to_crs(9210).representative_point().to_crs(4326))
    middles.to_file(path, layer="place")
    assert notes(read_delivered(path)) == [" “place”: 1 layers left out, which are no part of the map"]
    wards.dissolve().to_file(path, layer="city")
    with pytest.raises(GeodataError, match="has 2 layers: ward, city → one of them, as in --layer “ward”"):
        read_delivered(path)
    assert len(read_delivered(path, layer="ward").frame) == 4


# --- what is no outline of a unit


def overpass(folder: Path, *more: dict[str, Any]) -> Path:
    """Write the small city as overpass turbo exports it, with features before its own."""
    collection = json.loads(city().rename(columns={"ward": "name"}).to_json(drop_id=True))
    collection["features"] = [*more, *collection["features"]]
    path = folder / "export.geojson"
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return path


def feature(name: str, geometry: Any) -> dict[str, Any]:
    shape = None if geometry is None else shapely.geometry.mapping(geometry)
    return {"type": "Feature", "properties": {"name": name}, "geometry": shape}


def test_points_the_citys_own_outline_and_total_rows_are_left_out_and_told(tmp_path: Path) -> None:
    whole = city().union_all()
    path = overpass(
        tmp_path,
        *(feature(name, shapely.Point(106.68, 20.86)) for name in ("Phường Đông", "Xã Tây")),
        feature("Thành phố", whole),
        feature("Tổng cộng", None),
        feature("Xã Tây", None),
    )
    found = look(path)
    assert found.faults == ()
    assert notes(found) == [
        ": 2 rows left out that are no polygons: Point",
        " “Tổng cộng, Xã Tây”: 2 rows without outline left out",
        " “Thành phố”: 1 outlines of no unit of the list left out",
    ]
    assert (len(found.delivered.frame), found.delivered.row_count) == (4, 9)


def test_what_may_be_a_missing_unit_is_not_left_out(tmp_path: Path) -> None:
    frame = city()
    frame.loc[3, "ward"] = "Xã Trời"
    path = tmp_path / "w.gpkg"
    frame.to_file(path)
    told = faults(look(path))
    assert told[0].startswith(", row 4 “Xã Trời”: is not on the official list")
    assert told[1].startswith(" “Phường Bắc”: 1 units of the official list are missing")
    lone = city()
    lone.loc[3, "geometry"] = None
    lone.to_file(path)
    assert [sentence.partition(":")[0] for sentence in faults(look(path))] == [", row 4 “Phường Bắc”"]


def test_rows_are_counted_as_in_the_file(tmp_path: Path) -> None:
    path = overpass(tmp_path, feature("Xã Tây", shapely.Point(106.68, 20.86)))
    path.write_text(path.read_text(encoding="utf-8").replace("Xã Núi Đèo", "Núi Đéo"), encoding="utf-8")
    assert faults(look(path))[0].startswith(
        ", row 4 “Núi Đéo”: is not on the official list; near: Xã Núi Đèo"
    )


def test_of_a_collection_the_polygons_are_taken(tmp_path: Path) -> None:
    frame = city()
    parts = [*shapely.get_parts(frame.geometry[3]), shapely.Point(106.68, 20.86)]
    nested = shapely.GeometryCollection([shapely.GeometryCollection(parts)])
    frame = frame.set_geometry(gpd.GeoSeries([*frame.geometry[:3], nested], crs=frame.crs))
    path = tmp_path / "w.geojson"
    frame.to_file(path)
    found = look(path)
    assert found.faults == ()
    assert notes(found) == [": of 1 collections the polygons were taken, points and lines left out"]
    assert found.wards.to_crs(9210).area.round(-2).tolist() == [2e6, 0.75e6, 1.25e6, 1e6]


# --- attributes of a KML


def test_the_table_in_the_descriptions_of_a_kml_is_read(tmp_path: Path) -> None:
    rows = "".join(
        f"<Placemark><name>{number}</name><description><![CDATA[<html><body><table><tr><td>{ward.ward}</td></tr>"
        f"<tr><td><table><tr><td>MA_XA</td><td>{ward.gso_code}</td></tr><tr><th>TEN_XA</th><td>{ward.ward}"
        "</td></tr><tr><td>GHI_CHU</td><td>&lt;Null&gt;</td></tr></table></td></tr></table></body></html>]]>"
        f"</description>{_kml(ward.geometry)}</Placemark>"
        for number, ward in enumerate(new_wards().itertuples())
    )
    path = tmp_path / "w.kml"
    path.write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{rows}</Document></kml>')
    found = look(path)
    assert found.faults == ()
    assert {role: column.name for role, column in found.columns.items()} == {
        "code": "MA_XA",
        "name": "TEN_XA",
    }
    assert "GHI_CHU" not in found.delivered.frame


# --- where they lie, to metres


def held(folder: Path, frame: gpd.GeoDataFrame, vintage: str = NEW) -> tuple[Path, ...]:
    folder.mkdir()
    frame.to_file(folder / f"wards_{vintage}.gpkg", layer="ward")
    return (folder,)


@pytest.mark.parametrize(
    ("stated", "drawn_in", "likely"),
    [
        (ZERO_SHIFT, "EPSG:9210", "VN-2000 / TM-3 105-45: --crs EPSG:9210"),
        (ZERO_SHIFT.replace("105.75", "107.75"), "EPSG:5899", "VN-2000 / TM-3 107-45: --crs EPSG:5899"),
        ("EPSG:32648", "EPSG:3405", "VN-2000 / UTM zone 48N: --crs EPSG:3405"),
        ("EPSG:9210", ZERO_SHIFT, "WGS 84 / TM 105°45′: --crs '+proj=tmerc"),
        ("EPSG:4326", "EPSG:4756", "VN-2000: --crs EPSG:4756"),
    ],
)
def test_a_datum_without_its_shift_is_noticed_by_the_outlines_that_are_held(
    stated: str, drawn_in: str, likely: str, tmp_path: Path
) -> None:
    path = tmp_path / "w.gpkg"
    new_wards().to_crs(drawn_in).set_crs(stated, allow_override=True).to_file(path)
    (told,) = faults(look(path, folders=held(tmp_path / "held", new_wards())))
    assert told.startswith(
        f": place, to metres: all borders lie 224 m from those of wards_{NEW}.gpkg, moved one way"
    )
    assert f"→ likely {likely}" in told
    assert look(path, folders=(tmp_path / "held",), crs=drawn_in).faults == ()


def test_a_shift_that_no_system_explains_is_told_with_its_way(tmp_path: Path) -> None:
    frame = new_wards().to_crs(9210)
    path = tmp_path / "w.gpkg"
    frame.set_geometry(frame.translate(60, -80)).to_file(path)
    (told,) = faults(look(path, folders=held(tmp_path / "held", new_wards())))
    assert "lie 100 m from" in told
    assert "moved one way: +60 m east, -80 m north → coordinates in the system that the file states" in told


def test_outlines_that_differ_every_way_are_no_shift(tmp_path: Path) -> None:
    frame = new_wards().to_crs(9210)
    path = tmp_path / "w.gpkg"
    frame.set_geometry(frame.scale(1.03, 1.03, origin=frame.union_all().centroid)).to_file(path)
    assert faults(look(path, folders=held(tmp_path / "held", new_wards()))) == []
    frame.to_file(path)
    # Those of before 2025 share some of their borders.
    assert faults(look(path, folders=held(tmp_path / "old", old_wards(), OLD))) == []


# --- what was delivered is not touched


def test_rows_in_the_journal_of_a_geopackage_are_read_and_nothing_of_it_changes(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / "w.gpkg"
    city().iloc[:3].to_file(path, layer="ward")
    open_elsewhere = sqlite3.connect(path)
    with closing(open_elsewhere):
        open_elsewhere.execute("PRAGMA journal_mode = WAL")
        open_elsewhere.execute("DROP TRIGGER IF EXISTS rtree_ward_geom_insert")
        for (name,) in open_elsewhere.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            open_elsewhere.execute(f'DROP TRIGGER "{name}"')
        open_elsewhere.execute("DELETE FROM ward WHERE fid = 1")
        open_elsewhere.commit()
        copied = tmp_path / "copy"
        copied.mkdir()
        for name, raw in disk(folder).items():
            (copied / name).write_bytes(raw)
    before = disk(copied)
    assert set(before) == {"w.gpkg", "w.gpkg-wal", "w.gpkg-shm"}
    delivered = read_delivered(copied / "w.gpkg")
    assert delivered.frame["ward"].tolist() == ["Xã Tây", "Xã Núi Đèo"]
    assert disk(copied) == before
    assert set(parts_of(copied / "w.gpkg")) == {"w.gpkg", "w.gpkg-wal"}
    assert fingerprint(parts_of(copied / "w.gpkg")) == delivered.fingerprint
    archive = tmp_path / "w.zip"
    with zipfile.ZipFile(archive, "w") as zipping:
        for name, raw in before.items():
            zipping.writestr(name, raw)
    assert len(read_delivered(archive).frame) == 2


# --- encodings from before Unicode


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("TCVN3", ["Ph­êng §«ng", "X· T©y", "X· Nói §Ìo", "Ph­êng B¾c"]),
        ("VNI", ["Phöôøng Ñoâng", "Xaõ Taây", "Xaõ Nuùi Ñeøo", "Phöôøng Baéc"]),
    ],
)
def test_names_in_encodings_from_before_unicode_are_converted_and_told(
    encoding: str, names: list[str], tmp_path: Path
) -> None:
    frame = city().assign(ward=names)
    frame.to_file(tmp_path / "w.gpkg")
    found = look(tmp_path / "w.gpkg")
    assert found.faults == ()
    assert notes(found)[0].startswith(
        f": the column ward was converted from {encoding}: “{names[0]}” is “Phường Đông”"
    )
    path = write_shapefile(tmp_path / "s.shp", frame, encoding="latin-1", cpg=None)
    assert read_delivered(path).encoding == encoding
    assert look(path).faults == ()
