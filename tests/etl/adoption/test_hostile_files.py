"""Boundary files that were made to do harm: refused before GDAL sees them, in one sentence and in no time."""

import json
import os
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import etl.boundaries.harmless
from etl.boundaries.read import read_delivered
from geodata.contract.errors import GeodataError
from tests.etl.boundary_files import city, write_shapefile

ADDRESS = "names its reference system by an address"
LINK = '{"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}}'
PLAIN = '{"type": "name", "properties": {"name": "EPSG:4326"}}'


def refused(path: Path) -> str:
    with pytest.raises(GeodataError) as caught:
        read_delivered(path)
    (fault,) = caught.value.faults
    return fault.render("en")


def geojson(folder: Path, members: str) -> Path:
    """Write the small city with members of JSON before its own."""
    collection = json.loads(city().to_json())
    path = folder / "w.geojson"
    path.write_text("{" + members + ", " + json.dumps(collection)[1:], encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "members",
    [
        f'"crs": {LINK}',
        f'"CRS": {LINK.replace("link", "LINK")}',
        f'"\\u0063rs": {LINK}',
        f'"crs": {LINK}, "crs": {PLAIN}',
        f'"crs": {PLAIN}, "crs": {LINK}',
        '"crs": {"type": "name", "properties": {"name": "http://127.0.0.1:9/crs"}}',
        '"crs": {"type": "name", "properties": {"name": "EPSG:4326"}, "properties": {"name": "/etc/hosts"}}',
        '"crs": {"type": "url", "properties": {"url": "crs"}}',
        f'"more": [{{"crs": {LINK}}}]',
        '"coordRefSys": "http://127.0.0.1:9/crs"',
    ],
)
def test_a_reference_system_is_not_asked_for_at_an_address(members: str, tmp_path: Path) -> None:
    assert ADDRESS in refused(geojson(tmp_path, members))


@pytest.mark.parametrize(
    "members",
    [
        f'"crs": {PLAIN}',
        '"crs": null',
        '"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}',
        '"note": {"crs": "VN-2000 / http://127.0.0.1:9"}',
    ],
)
def test_plain_reference_systems_of_geojson_are_read(members: str, tmp_path: Path) -> None:
    assert len(read_delivered(geojson(tmp_path, members)).frame) == 4


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("w.json", '{"a": "<OGRVRTDataSource></OGRVRTDataSource>"}', "holds a list of other sources"),
        ("w.json", "{'type': 'FeatureCollection'}", "can't be read"),
        ("w.json", '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "can't be read"),
        ("w.kml", "<kml/><!-- <OGRWFSDataSource/> -->", "holds a list of other sources"),
        ("w.kml", "<rss><kml/></rss>", "is no KML"),
        ("w.kml", '<!DOCTYPE kml [<!ENTITY a "aa">]><kml>&a;</kml>', "declares entities of its own"),
        ("w.kml", "<kml><Document></kml>", "can't be read: mismatched tag"),
    ],
)
def test_text_that_is_no_plain_map_is_refused(name: str, text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert sentence in refused(tmp_path / name)


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".kml", ".shp", ".zip"])
def test_pipes_and_devices_are_not_opened(ending: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / f"pipe{ending}")
    (tmp_path / f"zero{ending}").symlink_to("/dev/zero")
    for name in ("pipe", "zero"):
        assert "is no file, but a folder, a pipe or a device" in refused(tmp_path / f"{name}{ending}")


def test_pipes_beside_and_within_a_file_are_not_opened(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "w.shp", city(), encoding="utf-8", cpg=None)
    path.with_suffix(".prj").unlink()
    os.mkfifo(path.with_suffix(".prj"))
    assert refused(path).startswith("w.prj: is no file")
    city().to_file(tmp_path / "w.gdb", driver="OpenFileGDB")
    os.mkfifo(tmp_path / "w.gdb" / "a00000001.freelist")
    assert refused(tmp_path / "w.gdb").startswith("w.gdb/a00000001.freelist: is no file")


ENDLESS = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n)"
LAYER = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
    " VALUES ('v', 'features', 'v', 4326)",
    "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'MULTIPOLYGON', 4326, 0, 0)",
)


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (
            (f"CREATE VIEW v AS {ENDLESS} SELECT n AS fid, geom, ward FROM n, ward", *LAYER),
            "is no plain table",
        ),
        (
            (
                f"CREATE VIEW e AS {ENDLESS} SELECT n FROM n",
                "CREATE VIEW v AS SELECT n AS fid, geom, ward FROM e, ward",
                *LAYER,
            ),
            "is a query that can't be run: interrupted",
        ),
        (
            ("CREATE VIEW v AS SELECT fid, ogr_geocode('x') AS geom, ward FROM ward", *LAYER),
            "is a query that can't be run: no such function: ogr_geocode",
        ),
        (
            (
                "ALTER TABLE gpkg_contents RENAME TO c",
                f"CREATE VIEW gpkg_contents AS {ENDLESS} SELECT c.* FROM n, c",
            ),
            "can't be read: interrupted",
        ),
    ],
)
def test_queries_of_a_geopackage_that_may_not_end_are_not_run_by_gdal(
    statements: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(etl.boundaries.harmless, "QUERY_SECONDS", 0.2)
    path = tmp_path / "w.gpkg"
    city().to_file(path, layer="ward")
    with closing(sqlite3.connect(path)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            database.execute(statement)
        database.commit()
    before = path.read_bytes()
    assert sentence in refused(path)
    assert path.read_bytes() == before


def test_a_plain_query_of_a_geopackage_is_a_layer(tmp_path: Path) -> None:
    path = tmp_path / "w.gpkg"
    city().to_file(path, layer="ward")
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE VIEW v AS SELECT fid, geom, ward FROM ward")
        for statement in LAYER:
            database.execute(statement)
        database.commit()
    assert len(read_delivered(path, layer="v").frame) == 4


def _member(name: str, mode: int = stat.S_IFREG | 0o644, text: str = "{}") -> tuple[zipfile.ZipInfo, str]:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info, text


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ([_member("x" * 60_000 + ".geojson")], "the zip holds a file with a name of 60008 characters"),
        (
            [_member("/".join(["x" * 200] * 40) + "/w.geojson")],
            "the zip can't be unpacked: File name too long",
        ),
        ([_member("a", stat.S_IFLNK | 0o777, "/etc"), _member("a/w.geojson")], "the zip holds a link"),
        ([_member("a"), _member("a/w.geojson")], "the zip can't be unpacked: Not a directory"),
        ([_member("/etc/w.geojson")], "outside its folder"),
        ([_member("..\\w.geojson")], "outside its folder"),
        ([_member("C:\\w.geojson")], "outside its folder"),
        (
            [_member("\x1b[2J/../w.geojson")],
            "\N{REPLACEMENT CHARACTER}[2J/../w.geojson”: the zip holds a file",
        ),
    ],
)
def test_zips_with_odd_members_are_refused_in_a_short_sentence(
    members: list[tuple[zipfile.ZipInfo, str]], sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "w.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for info, text in members:
            archive.writestr(info, text)
    told = refused(path)
    assert sentence in told
    assert len(told) < 300
    assert [each.name for each in tmp_path.iterdir()] == ["w.zip"]


def test_what_systems_leave_in_zips_and_folders_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "w.zip"
    inside: dict[str, Callable[[], str]] = {
        **dict.fromkeys(
            ("lost+found/w.geojson", "__MACOSX/._w.geojson", "a/Thumbs.db", ".DS_Store"), lambda: "?"
        ),
        "a/w.geojson": lambda: city().to_json(),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in inside.items():
            archive.writestr(name, text())
            (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "folder" / name).write_text(text())
    assert len(read_delivered(path).frame) == len(read_delivered(tmp_path / "folder").frame) == 4
