"""What a file names is no reason to call another host: commands on hostile files, as strace sees them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import geopandas as gpd

from tests.sheet_files import write_csv_file, write_xlsx
from tests.small_city import NEW, new_wards
from tests.soak.damage import members_of, packed

COMMANDS = """
import sys, json
from etl.cli import app
codes = []
for arguments in json.loads(sys.argv[1]):
    try:
        app(arguments)
    except SystemExit as end:
        codes.append(end.code)
print(codes)
"""
HOST = "http://named-by-a-file.example.net/a"
ENTITY = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{HOST}">]>'
LINK = f"<kml><Document><NetworkLink><Link><href>{HOST}</href></Link></NetworkLink></Document></kml>"
VRT = f'<kml/><OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{HOST}</SrcDataSource>'


def hostile_files(folder: Path) -> dict[str, list[Path]]:
    """Write files that name another host, by the command that they are for."""
    folder.mkdir()
    wards = new_wards()[["ward", "geometry"]]
    link = {"type": "link", "properties": {"href": HOST, "type": "proj4"}}
    told = json.loads(wards.to_json())
    geojson = folder / "a.geojson"
    geojson.write_text(json.dumps(told | {"crs": link}), encoding="utf-8")
    for name, text in {"a.kml": LINK, "b.kml": VRT, "c.kml": ENTITY + LINK}.items():
        (folder / name).write_text(text, encoding="utf-8")
    shapes = gpd.GeoDataFrame(wards)
    shapes.to_file(folder / "a.shp")
    (folder / "a.prj").write_text(HOST, encoding="utf-8")
    workbook = members_of(write_xlsx(folder / "a.xlsx", {"A": [["Từ ngày", HOST]]}).read_bytes())
    sheet = "xl/worksheets/sheet1.xml"
    workbook[sheet] = workbook[sheet].replace(b"?>", b"?>" + ENTITY.encode(), 1).replace(b"<v>", b"<v>&e;", 1)
    (folder / "a.xlsx").write_bytes(packed(workbook))
    write_csv_file(folder / "a.csv", [["Từ ngày"], [f'=WEBSERVICE("{HOST}")']])
    osm = f'<?xml version="1.0"?>{ENTITY}<osm version="0.6"><node id="1">&e;</node></osm>'
    for name in ("a.osm", "a.graphml"):
        (folder / name).write_text(osm, encoding="utf-8")
    return {
        "outlines": [folder / name for name in ("a.geojson", "a.kml", "b.kml", "c.kml", "a.shp")],
        "spreadsheets": [folder / "a.xlsx", folder / "a.csv"],
        "streets": [folder / "a.osm", folder / "a.graphml", geojson],
    }


def test_no_command_calls_another_host(tmp_path: Path) -> None:
    """No look-up and no connection but to this machine; every file is refused in its turn."""
    files = hostile_files(tmp_path / "files")
    found = tmp_path / "boundaries"
    found.mkdir()
    (found / f"wards_{NEW}.gpkg").symlink_to(files["outlines"][0])
    commands = [
        ["check", *map(str, files["spreadsheets"])],
        ["import", *map(str, files["spreadsheets"])],
        *(["boundaries", str(file), "--valid-from", NEW] for file in files["outlines"]),
        *(["network", str(file)] for file in files["streets"]),
        ["build"],
    ]
    trace = tmp_path / "trace"
    environment = {
        **{"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path), "PILOT_WARDS_LANG": "en"},
        **{"PILOT_WARDS_HOME": str(tmp_path / "home"), "PILOT_WARDS_BOUNDARIES": str(found)},
    }
    run = subprocess.run(
        [
            *("strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=%network", "-o", trace),
            *(sys.executable, "-c", COMMANDS, json.dumps(commands)),
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout.splitlines()[-1]) == [2] * len(commands), run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    calls = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    assert any("AF_UNIX" in call for call in calls), "strace saw nothing"
    addressed = [call for call in calls if re.search(r"AF_INET6?\b.*(sin6?_port|sin_addr|sin6_addr)", call)]
    assert [call for call in addressed if "127.0.0.1" not in call and '"::1"' not in call] == []
