"""Files that were made to do harm, as the commands open them: each ends as one fault, within its limits.

What a reader refuses by itself its own tests tell; here stands what has to hold whatever a reader does.
"""

import gzip
import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.basemap import adopt_basemap
from etl.spreadsheets.importing import check_files
from etl.spreadsheets.reading import Context
from etl.store.database import open_database
from etl.store.submissions import Store
from etl.streets.network import make_network
from geodata.contract.errors import Fault, GeodataError
from tests.sheet_files import TODAY, real_context, write_ods, write_xlsx
from tests.soak.damage import members_of, packed

LONGEST = 45
"""Seconds that any of them may take here, on a machine that does other things as well."""

SHEET = "xl/worksheets/sheet1.xml"
ROWS = {"Sheet1": [["Từ ngày", "Phường/xã"], ["1/7/2025", "Hồng Bàng"]]}


@pytest.fixture(scope="module")
def against() -> Context:
    """Return what spreadsheets are read against."""
    return real_context()


def changed(path: Path, member: str, change: Callable[[bytes], bytes], new_name: str = "") -> None:
    """Change a file within a zip, and what it is called."""
    members = members_of(path.read_bytes())
    content = change(members.pop(member))
    path.write_bytes(packed(members | {new_name or member: content}))


def cut_table(folder: Path) -> Path:
    """Write what the mutator once made of 5001936: a paragraph begins where a table should end."""
    path = write_ods(folder / "a.ods", ROWS)
    changed(path, "content.xml", lambda text: text.replace(b"</table:table>", b"<text:p>"))
    return path


def endless_spaces(folder: Path) -> Path:
    """Write two thousand million spaces into a cell."""
    path = write_ods(folder / "a.ods", ROWS)
    spaces = b'<text:p><text:s text:c="2000000000"/>'
    changed(path, "content.xml", lambda text: text.replace(b"<text:p>", spaces, 1))
    return path


def far_cell(place: bytes) -> Callable[[Path], Path]:
    """Return what writes a workbook with text in the last corner, its place written in some way."""

    def write(folder: Path) -> Path:
        path = write_xlsx(folder / "a.xlsx", ROWS)
        cell = b'<row r="1048576"><c ' + place + b' t="inlineStr"><is><t>a</t></is></c></row></sheetData>'
        changed(path, SHEET, lambda text: text.replace(b"</sheetData>", cell))
        return path

    return write


def sheet_elsewhere(folder: Path) -> Path:
    """Write such a cell into a sheet in a folder of another name."""
    path = far_cell(b'r="XFD1048576"')(folder)
    changed(path, SHEET, bytes, "xl/pages/sheet1.xml")
    for member in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        changed(path, member, lambda text: text.replace(b"worksheets/sheet1.xml", b"pages/sheet1.xml"))
    return path


def huge_text(folder: Path) -> Path:
    """Write a shared text of 980 MB into a workbook of 1 MB."""
    path = write_xlsx(folder / "a.xlsx", ROWS)
    members = members_of(path.read_bytes())
    del members["xl/sharedStrings.xml"]
    target = io.BytesIO(packed(members))
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as file,
    ):
        file.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>')
        for _ in range(980):
            file.write(b"a" * 1_000_000)
        file.write(b"</t></si></sst>")
    path.write_bytes(target.getvalue())
    return path


def entities(folder: Path) -> Path:
    """Write entities that hold ten of the one before, ten deep."""
    path = write_xlsx(folder / "a.xlsx", ROWS)
    bomb = b"".join(b'<!ENTITY e%d "%s">' % (at, b"&e%d;" % (at - 1) * 10) for at in range(1, 11))
    head = b'?><!DOCTYPE a [<!ENTITY e0 "a">' + bomb + b"]>"
    changed(path, SHEET, lambda text: text.replace(b"?>", head, 1).replace(b"<v>", b"<v>&e10;", 1))
    return path


def one_line(folder: Path) -> Path:
    """Write 50 MB in one line."""
    path = folder / "a.csv"
    path.write_bytes(b"a,b\n" + b"x" * 50_000_000)
    return path


def pipe(name: str) -> Callable[[Path], Path]:
    """Return what makes a pipe into which nobody writes."""

    def make(folder: Path) -> Path:
        os.mkfifo(folder / name)
        return folder / name

    return make


def zeros(name: str) -> Callable[[Path], Path]:
    """Return what gives a device without end a name."""

    def make(folder: Path) -> Path:
        (folder / name).symlink_to("/dev/zero")
        return folder / name

    return make


def zipped_zeros(folder: Path) -> Path:
    """Write 2 GB of zeros as a small gz."""
    path = folder / "a.osm.gz"
    member = gzip.compress(bytes(100_000_000), 1)
    path.write_bytes(gzip.compress(b'<osm version="0.6"><node id="1" lat="') + member * 20)
    return path


def nested(folder: Path) -> Path:
    """Write elements a million deep."""
    path = folder / "a.graphml"
    path.write_bytes(b"<graphml>" + b"<graph>" * 1_000_000)
    return path


SPREADSHEETS = [
    *(cut_table, endless_spaces, far_cell(b"r='XFD1048576'"), far_cell(b'r="xfd1048576"')),
    *(far_cell(b'r = "XFD1048576"'), sheet_elsewhere, huge_text, entities, one_line),
    *(pipe("a.xlsx"), pipe("a.csv"), zeros("a.ods"), zeros("a.csv")),
]


@pytest.mark.parametrize("make", SPREADSHEETS)
def test_a_hostile_spreadsheet_is_one_fault(
    make: Callable[[Path], Path], tmp_path: Path, against: Context
) -> None:
    path = make(tmp_path)
    began = time.monotonic()
    faults = check_files([path], against, Store(open_database("", tmp_path / "store"))).faults[path]
    assert 1 <= len(faults) <= 2
    one_of(faults[0], began, path)


def one_of(fault: Fault, began: float, path: Path) -> None:
    """Check that a fault names its file in one short line in either language, and came in time."""
    assert time.monotonic() - began < LONGEST
    for text in (fault.render("vi"), fault.render("en")):
        assert path.name in text
        assert len(text) < 500
        assert "\n" not in text
        assert "Traceback" not in text


@pytest.mark.parametrize(
    "make", [pipe("a.osm"), zeros("a.osm.pbf"), zeros("a.graphml"), zeros("a.json"), zipped_zeros, nested]
)
def test_hostile_streets_are_one_fault(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path)
    began = time.monotonic()
    with pytest.raises(GeodataError) as caught:
        make_network(path, TODAY)
    (fault,) = caught.value.faults
    one_of(fault, began, path)


@pytest.mark.parametrize("make", [pipe("a.pmtiles"), zeros("a.pmtiles")])
def test_a_hostile_basemap_is_one_fault(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path)
    began = time.monotonic()
    with pytest.raises(GeodataError) as caught:
        adopt_basemap(path, tmp_path / "home")
    (fault,) = caught.value.faults
    one_of(fault, began, path)
    assert not (tmp_path / "home").exists()
