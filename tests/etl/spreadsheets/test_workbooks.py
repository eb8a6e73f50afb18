"""What stands in a file comes back cell by cell, each by its kind, or a fault names the cell."""

import hashlib
import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from etl.spreadsheets.cells import Cell, Unread
from etl.spreadsheets.workbooks import Grid, grids_of, read_workbook
from geodata.contract.errors import SourceError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Rows = Sequence[Sequence[Cell]]

ROWS: Rows = [["Ngày", "Phường", "Số vụ"], [date(2025, 11, 23), "Lê Chân", 14.0]]


def grid_of(name: str, content: bytes) -> Grid:
    """Return the first sheet of a file."""
    return grids_of(Path(name), content)[0]


def fault_of(name: str, content: bytes) -> str:
    """Return the one fault of a file."""
    with pytest.raises(SourceError) as caught:
        grids_of(Path(name), content)
    (fault,) = caught.value.faults
    return fault.render("en")


def plain(rows: Rows) -> list[list[Cell]]:
    """Return rows without the empty cells and rows at their ends."""
    found = []
    for row in rows:
        cells = [None if cell == "" else cell for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        found.append(cells)
    while found and not found[-1]:
        found.pop()
    return found


def packed(members: dict[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def changed(content: bytes, changes: dict[str, Callable[[str], str]]) -> bytes:
    """Return an archive with members rewritten, by a part of their names; one that is new is added."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    for part, change in changes.items():
        found = [name for name in members if part in name] or [part]
        for name in found:
            before = members.get(name, b"")
            members[name] = change(before.decode() if isinstance(before, bytes) else before)
    return packed(members)


def by_openpyxl(rows: Rows, is_1904: bool = False) -> bytes:
    """Return rows as openpyxl writes them."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900
    for row in rows:
        book.worksheets[0].append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def by_xlsxwriter(rows: Rows, is_1904: bool = False) -> bytes:
    """Return rows as XlsxWriter writes them."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"date_1904": is_1904, "in_memory": True}) as book:
        sheet = book.add_worksheet("x")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, datetime.combine(cell, time()), day)
                elif isinstance(cell, str):
                    sheet.write_string(r, c, cell)
                elif isinstance(cell, float):
                    sheet.write_number(r, c, cell)
    return target.getvalue()


def prefixed(content: bytes) -> bytes:
    """Return a workbook with the elements of its sheets and texts under a prefix, as Microsoft's SDK does."""

    def change(text: str) -> str:
        text = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", text)
        return text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')

    return changed(content, {"worksheets/sheet": change, "sharedStrings": change})


def unpacked(content: bytes) -> str:
    """Return the XML of an OpenDocument spreadsheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("content.xml").decode()


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">{styles}<office:body>'
    '<office:spreadsheet>{settings}<table:table table:name="x" table:style-name="t">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def ods(rows: str, styles: str = "", settings: str = "") -> bytes:
    """Return an OpenDocument spreadsheet of these rows."""
    return packed({"content.xml": ODS.format(rows=rows, styles=styles, settings=settings)})


def ods_rows(rows: Rows) -> str:
    """Return rows in OpenDocument's XML."""

    def cell(value: Cell) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, float):
            return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
        return (
            '<table:table-cell office:value-type="string" calcext:value-type="string">'
            f"<text:p>{escape(str(value))}</text:p></table:table-cell>"
        )

    return "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)


WORDS = st.sampled_from(
    [
        "Lê Chân",
        "Hồng Bàng",
        "đạt",
        "chưa đạt",
        "Trụ sở chưa được xây mới",
        "V05",
        "a & b < c",
        "“ngoặc”",
        "Thủy Nguyên",
        "Số 12",
    ]
)
CELLS = st.one_of(
    st.none(),
    WORDS,
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4) + 0.0),
)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8)


@given(TABLES, st.booleans(), st.booleans())
def test_a_workbook_comes_back_whoever_wrote_it(rows: Rows, is_1904: bool, is_prefixed: bool) -> None:
    for write in (by_openpyxl, by_xlsxwriter):
        content = write(rows, is_1904)
        grid = grid_of("a.xlsx", prefixed(content) if is_prefixed else content)
        assert plain(grid.rows) == plain(rows)
        assert grid.epoch == (date(1904, 1, 1) if is_1904 else date(1899, 12, 30))


@given(TABLES)
def test_an_ods_comes_back_with_the_usual_prefixes_and_with_others(rows: Rows) -> None:
    content = ods(ods_rows(rows))
    names = re.compile(r"(?<=[</ ])(table|office|text):|(?<=xmlns:)(table|office|text)(?==)")
    spelled = names.sub(lambda found: f"o-{found[1]}:" if found[1] else f"o-{found[2]}", unpacked(content))
    strange = packed({"content.xml": spelled})
    for one in (content, strange):
        assert plain(grid_of("a.ods", one).rows) == plain(rows)


def windows_1258(text: str) -> bytes:
    """Return text as Windows writes it: the tone after its vowel."""
    written = b""
    for letter in text:
        try:
            written += letter.encode("cp1258")
        except UnicodeEncodeError:
            base, *marks = list(unicodedata.normalize("NFD", letter))
            tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
            shape = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in tones))
            written += shape.encode("cp1258") + "".join(tones).encode("cp1258")
    return written


@given(
    st.lists(
        st.lists(WORDS.filter(lambda word: "“" not in word), min_size=2, max_size=4), min_size=2, max_size=6
    )
)
def test_csv_comes_back_in_every_encoding(rows: list[list[str]]) -> None:
    rows = [["Ngày kiểm tra", "Phường/xã"], *rows]
    text = "\r\n".join(";".join(row) for row in rows)
    encoders: list[Callable[[str], bytes]] = [
        *(lambda text, name=name: text.encode(name) for name in ("utf-8", "utf-8-sig", "utf-16")),
        *(lambda text, name=name: text.encode(name) for name in ("utf-16-le", "utf-16-be")),
        windows_1258,
    ]
    for encode in encoders:
        for name in ("a.csv", "a.txt"):
            assert plain(grid_of(name, encode(text)).rows) == plain(rows)


def formulas(formula: str, **options: object) -> bytes:
    """Return a workbook with a formula, and what XlsxWriter is told of its result."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("x")
        sheet.write_row(0, 0, [10, 4])
        sheet.write_formula(0, 2, formula, **options)
    return target.getvalue()


def test_a_formula_without_a_result_and_one_with_a_dummy_are_no_values() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append([10, 4, "=A1+B1"])
    target = io.BytesIO()
    book.save(target)
    assert grid_of("a.xlsx", target.getvalue()).rows[0][2] == Unread("no_result", "=A1+B1")
    dummy = formulas("=A1+B1")
    for content in (dummy, prefixed(dummy)):
        assert grid_of("a.xlsm", content).rows[0][2] == Unread("not_reckoned", "=A1+B1")
    # What another program has given as the result is one.
    assert grid_of("a.xlsx", formulas("=A1+B1", value=14)).rows[0][2] == 14


def test_a_true_nought_of_a_workbook_that_was_reckoned_passes() -> None:
    def saved(text: str) -> str:
        return text.replace(' fullCalcOnLoad="1"', "")

    content = changed(formulas("=A1-A1"), {"xl/workbook.xml": saved})
    assert grid_of("a.xlsx", content).rows[0][2] == 0
    # Apache POI writes a 0 for what it does not reckon, and its name.
    poi = changed(content, {"docProps/app.xml": lambda text: text.replace("Microsoft Excel", "Apache POI")})
    assert grid_of("a.xlsx", poi).rows[0][2] == Unread("not_reckoned", "=A1-A1")


def test_cells_in_error_are_told_in_each_kind_of_file() -> None:
    def broken(text: str) -> str:
        return re.sub(r'<c r="B1"><v>4</v>', '<c r="B1" t="e"><v>#REF!</v>', text)

    xlsx = changed(formulas("=A1", value=1), {"worksheets/sheet": broken})
    assert [grid_of("a.xlsx", one).rows[0][1] for one in (xlsx, prefixed(xlsx))] == [
        Unread("error", "#REF!")
    ] * 2
    assert grid_of("a.csv", b"1;#N/A;2\n1;2;3\n").rows[0][1] == Unread("error", "#N/A")


@pytest.mark.parametrize(
    "cell",
    [
        'table:formula="of:=NA()" office:value-type="string" calcext:value-type="error"',
        'table:formula="of:=NA()" office:value-type="string"',
        'table:formula="of:=NA()" office:value-type="float" office:value="0"',
        'office:value-type="float" office:value="0" calcext:value-type="error"',
        'office:value-type="float" office:value="NaN"',
        'office:value-type="string" office:string-value="#N/A"',
        'office:value-type="error"',
        "",
    ],
)
def test_an_error_of_an_ods_is_one_however_it_is_spelt(cell: str) -> None:
    content = ods(
        f"<table:table-row><table:table-cell {cell}><text:p>#N/A</text:p></table:table-cell>"
        "</table:table-row>"
    )
    assert grid_of("a.ods", content).rows[0][0] == Unread("error", "#N/A")


def test_an_error_in_the_words_of_vietnamese_and_a_day_with_a_zone_are_kept() -> None:
    cells = (
        '<table:table-cell table:formula="of:=F(1)" office:value-type="float" office:value="0">'
        "<text:p>Lỗi:508</text:p></table:table-cell>"
        '<table:table-cell office:value-type="date" office:date-value="2023-11-22T17:00:00Z"/>'
    )
    content = ods(f"<table:table-row>{cells}</table:table-row>")
    assert list(grid_of("a.ods", content).rows[0]) == [Unread("error", "Lỗi:508"), "2023-11-22T17:00:00Z"]
    xlsx = sheet_xml('<row r="1"><c r="A1" t="d"><v>2023-11-22T17:00:00+00:00</v></c></row>')
    assert grid_of("a.xlsx", xlsx).rows[0][0] == "2023-11-22T17:00:00+00:00"


@pytest.mark.parametrize(("shown", "is_percent"), [("0.0%", True), ('0.0"%"', False), ("0.0\\%", False)])
def test_a_sign_that_is_only_text_makes_no_percentage(shown: str, is_percent: bool) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet("x").write(0, 0, 97.5, book.add_format({"num_format": shown}))
    assert bool(grid_of("a.xlsx", target.getvalue()).percent_cells) == is_percent


def test_formulas_of_an_ods() -> None:
    cells = (
        '<table:table-cell table:formula="of:=[.A1]+1"/>'
        '<table:table-cell table:formula="of:=[.A1]" office:value-type="float" office:value="0"/>'
    )
    content = ods(f"<table:table-row>{cells}</table:table-row>")
    assert list(grid_of("a.ods", content).rows[0]) == [
        Unread("no_result", "=[.A1]+1"),
        Unread("not_reckoned", "=[.A1]"),
    ]
    meta = '<m xmlns:meta="urn:m"><meta:generator>LibreOffice/24.2</meta:generator></m>'
    assert grid_of("a.ods", changed(content, {"meta.xml": lambda _: meta})).rows[0][1] == 0


def test_comments_spaces_and_systems_of_days_of_an_ods() -> None:
    row = (
        '<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>xem'
        '</text:p></office:annotation><text:p>a<text:s text:c="2000000000"/>b</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="2" office:value-type="percentage"'
        ' office:value="0.5"/>'
        "</table:table-row>"
    )
    settings = '<table:null-date table:date-value="1904-01-01"/>'
    grid = grid_of("a.ods", ods(row, settings=settings))
    assert str(grid.rows[0][0]).split() == ["a", "b"]
    assert len(str(grid.rows[0][0])) < 200
    assert grid.epoch == date(1904, 1, 1)
    assert grid.percent_cells == {(1, 2), (1, 3)}


def test_what_a_sheet_says_besides_its_values() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["a", "b", "c"], [1, 2, 0.5], [3, 4, 5], [6, 7, 8]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.auto_filter.ref = "A1:C4"
    sheet.auto_filter.add_filter_column(0, ["1"])
    sheet.merge_cells("A6:B7")
    for cell in sheet[4]:
        cell.font = Font(strike=True)
    sheet["C2"].number_format = "0.0%"
    book.create_sheet("ẩn").sheet_state = "veryHidden"
    target = io.BytesIO()
    book.save(target)
    for content in (target.getvalue(), prefixed(target.getvalue())):
        grid, hidden = grids_of(Path("a.xlsx"), content)
        assert grid.has_filter
        assert grid.hidden_rows == {3}
        assert grid.hidden_columns == {2}
        assert grid.struck_rows == {4}
        assert grid.merged == ((6, 1, 7, 2),)
        assert grid.percent_cells == {(2, 3)}
        assert (grid.is_hidden, hidden.is_hidden) == (False, True)


def test_hidden_and_struck_rows_of_an_ods() -> None:
    styles = (
        '<office:automatic-styles><style:style style:name="t"><style:table-properties table:display="false"/>'
        '</style:style><style:style style:name="s"><style:text-properties '
        'style:text-line-through-style="solid"/>'
        "</style:style></office:automatic-styles>"
    )
    cell = '<table:table-cell office:value-type="float" office:value="1"{}/>'
    rows = (
        '<table:table-column table:visibility="collapse"/>'
        f"<table:table-row>{cell.format('')}</table:table-row>"
        f'<table:table-row table:visibility="filter">{cell.format("")}</table:table-row>'
        f"""<table:table-row>{cell.format(' table:style-name="s"')}</table:table-row>"""
    )
    grid = grid_of("a.ods", ods(rows, styles))
    assert (grid.is_hidden, grid.has_filter) == (True, True)
    assert grid.hidden_rows == {2}
    assert grid.struck_rows == {3}
    assert grid.hidden_columns == {1}


def sheet_xml(cells: str) -> bytes:
    """Return a workbook whose sheet lies at an unusual place and holds this XML of rows."""
    return packed(
        {
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="r"><sheets><sheet name="x" r:id="a"/>'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="r"><Relationship Id="a" Type="t/worksheet"'
            ' Target="../elsewhere/one.xml"/></Relationships>',
            "elsewhere/one.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
        }
    )


TABLE = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'


@pytest.mark.parametrize(
    "place", ["r='XFD1048576'", 'r="xfd1048576"', 'r = "XFD1048576"', 'r="&#88;FD1048576"']
)
def test_a_stray_cell_is_named_and_left_out_however_its_place_is_written(place: str) -> None:
    grid = grid_of("a.xlsx", sheet_xml(f"{TABLE}<row><c {place}><v>.5</v></c></row>"))
    assert [list(row) for row in grid.rows] == [[1.0, 2.0]]
    (note,) = grid.notes
    assert note.place("en") == "a.xlsx, sheet x, XFD1048576"
    # Words may be what the file must not hold.
    words = sheet_xml(f'{TABLE}<row><c {place} t="str"><v>Mật</v></c></row>')
    assert fault_of("a.xlsx", words).startswith("a.xlsx, sheet x, XFD1048576 “Mật”: stands far off")


def test_styled_cells_far_off_and_places_that_are_none() -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert [list(row) for row in grid_of("a.xlsx", sheet_xml(TABLE + far)).rows] == [[1.0, 2.0]]
    for place in ("A0", "A1048577", "XFE1", "A99999999999", "1", "A", "A-1", "A1 "):
        assert "readable workbook" in fault_of("a.xlsx", sheet_xml(f'<row><c r="{place}"><v>1</v></c></row>'))


def test_a_second_table_far_off_is_a_fault() -> None:
    cells = "".join(f'<row r="{row}"><c r="ZZ{row}"><v>1</v></c></row>' for row in range(2, 40))
    assert "ZZ2 “1”: stands far off the table" in fault_of("a.xlsx", sheet_xml(TABLE + cells))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            '<table:table-row table:number-rows-repeated="1048573">{cell}</table:table-row>',
            "row 1 “-”: is repeated",
        ),
        ("<table:table-row>{cell}", "no readable workbook"),
        ('<table:table-row table:number-rows-repeated="x">{cell}</table:table-row>', "no readable workbook"),
    ],
)
def test_an_ods_that_repeats_or_breaks_ends_at_once(rows: str, told: str) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>-</text:p></table:table-cell>'
    assert told in fault_of("a.ods", ods(rows.format(cell=cell)))


def test_an_ods_that_is_cut_off_is_refused() -> None:
    whole = ODS.format(rows=ods_rows(ROWS), styles="", settings="")
    for lost in ("</table:table>", "</office:spreadsheet>", whole[-40:]):
        assert "no readable workbook" in fault_of("a.ods", packed({"content.xml": whole.replace(lost, "")}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", sheet_xml(f'<row><c t="inlineStr"><is><t>{"a" * 3_000_000}</t></is></c></row>')),
        ("a.xlsx", sheet_xml(f'<row><c r="{"A" * 9_000_000}"><v>1</v></c></row>')),
        ("a.xlsx", sheet_xml("<row>" + "<c><v>1</v></c>" * 16_400 + "</row>")),
        (
            "a.ods",
            ods(f"<table:table-row><table:table-cell>{'a' * 3_000_000}</table:table-cell></table:table-row>"),
        ),
        (
            "a.xlsx",
            changed(sheet_xml(TABLE), {"one.xml": lambda text: '<!DOCTYPE a [<!ENTITY b "c">]>' + text}),
        ),
        ("a.csv", b"a," * 2_000_000),
        ("a.csv", b"a" * 3_000_000),
    ],
)
def test_what_would_not_fit_is_refused(name: str, content: bytes) -> None:
    assert fault_of(name, content)


def test_a_shared_text_of_gigabytes_is_refused_before_it_is_there() -> None:
    text = f'<sst xmlns="{MAIN}"><si><t>{"a" * 5_000_000}</t></si></sst>'
    content = changed(by_xlsxwriter([["a"]]), {"sharedStrings": lambda _: text})
    assert "no readable workbook" in fault_of("a.xlsx", content)


def test_xml_in_another_encoding_and_with_foreign_elements_is_read_alike() -> None:
    xml = (
        f'<?xml version="1.0" encoding="UTF-16"?><w:worksheet xmlns:w="{MAIN}" xmlns:y="{MAIN}"><w:sheetData>'
        '<y:row>\n<w:c r="B1" t="inlineStr">\n<w:is><w:r><w:t>Lê</w:t></w:r>\n<w:r><w:t> Chân</w:t></w:r>'
        '<w:rPh sb="0" eb="1"><w:t>x</w:t></w:rPh></w:is></w:c>\n<y:c><w:v> 3 </w:v>\n</y:c></y:row>'
        "</w:sheetData></w:worksheet>"
    )
    with zipfile.ZipFile(io.BytesIO(sheet_xml(""))) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    members["elsewhere/one.xml"] = xml.encode("utf-16")
    assert list(grid_of("a.xlsx", packed(members)).rows[0]) == [None, "Lê Chân", 3.0]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", OLE + "Workbook".encode("utf-16-le"), "is a workbook of Excel 97–2003 (xls)"),
        (
            "a.xls",
            OLE + "Workbook".encode("utf-16-le"),
            "is a workbook of Excel 97–2003 (xls) that can't be read",
        ),
        ("a.csv", OLE + "Workbook".encode("utf-16-le"), "is a workbook of Excel 97–2003 (xls)"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "is locked by a password"),
        ("a.xls", OLE + "EncryptedPackage".encode("utf-16-le"), "is locked by a password"),
        ("a.xlsx", b"<html><table><tr><td>a</td></tr></table>", "is a web page (HTML)"),
        ("a.xls", "\ufeff<!DOCTYPE html>".encode(), "is a web page (HTML)"),
        ("a.csv", b"\n<TABLE border=1>", "is a web page (HTML)"),
        (
            "a.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "Excel 2003",
        ),
        ("a.xlsx", b"%PDF-1.7", "is a PDF"),
        ("a.csv", by_xlsxwriter([["a"]]), "the name “a.xlsx”"),
        ("a.ods", by_xlsxwriter([["a"]]), "the name “a.xlsx”"),
        ("a.xlsx", ods(""), "the name “a.ods”"),
        ("a.xlsx", packed({"xl/workbook.bin": ""}), "xlsb"),
        ("a.xlsx", packed({"word/document.xml": ""}), "Word"),
        ("a.csv", packed({"x": ""}), "is a zip archive"),
        ("a.xlsx", packed({"x": ""}), "is no readable workbook"),
    ],
)
def test_a_file_under_a_wrong_name_is_named_for_what_it_is(name: str, content: bytes, told: str) -> None:
    assert told in fault_of(name, content)


def test_a_csv_under_the_name_of_a_workbook_is_named_for_what_it_is() -> None:
    told = "is a workbook (csv) with the name of another kind of file → the name “a.csv”"
    for encoding in ("utf-8-sig", "utf-16"):
        assert told in fault_of("a.xlsx", "Ngày;Phường\n4/5/2026;Lê Chân\n".encode(encoding))


def test_text_in_tcvn3_and_vni_is_converted_column_by_column_and_noted() -> None:
    rows = [
        ["Phường", "Ghi chú", "Nguồn"],
        ["Lê Chân", "§óng tiÕn ®é, ®¹t c¸c tiªu chÝ", "Coâng an thaønh phoá"],
        ["Hải An", "Sè", "Café Müller"],
    ]
    grid = grid_of("a.xlsx", by_xlsxwriter(rows))
    assert [list(row) for row in grid.rows[1:]] == [
        ["Lê Chân", "Đúng tiến độ, đạt các tiêu chí", "Công an thành phố"],
        ["Hải An", "Số", "Café Müller"],
    ]
    assert grid.is_encoding_converted == "TCVN3, VNI"
    assert [note.place("en") for note in grid.notes] == [
        "a.xlsx, sheet x, B2",
        "a.xlsx, sheet x, C2",
    ]


def test_text_that_only_seems_to_be_in_tcvn3_is_refused_by_its_name() -> None:
    rows = [["Ghi chú"], ["§óng tiÕn ®é XÿZÿ ®¹t"]]
    assert "A2 “§óng tiÕn ®é XÿZÿ ®¹t”: seems to be in TCVN3" in fault_of("a.xlsx", by_xlsxwriter(rows))


def test_a_csv_in_tcvn3_is_converted_and_noted() -> None:
    grid = grid_of("a.csv", "Ngµy;Ph\u00adêng/x·\r\n1;Lª Ch©n".encode("latin-1"))
    assert [list(row) for row in grid.rows] == [["Ngày", "Phường/xã"], ["1", "Lê Chân"]]
    assert (grid.is_encoding_converted, len(grid.notes)) == ("TCVN3", 1)


def record(kind: int, *parts: bytes) -> bytes:
    """Return a record of an xls."""
    body = b"".join(parts)
    return struct.pack("<HH", kind, len(body)) + body


def xls(cells: Iterable[bytes], is_1904: bool = False, besides: str = "") -> bytes:
    """Return a workbook of Excel 97 with one sheet."""
    begin = [record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0)) for kind in (5, 0x10)]
    name = record(0x85, struct.pack("<IBBBB", 0, 0, 0, 1, 0), b"x")
    fonts = [record(0x31, struct.pack("<HH", 200, 8 * struck), bytes(10), b"\1\0x") for struck in (0, 1)]
    styles = [
        record(0xE0, struct.pack("<HH", font, shown), bytes(16))
        for font, shown in ((0, 0), (0, 9), (1, 0), (0, 14))
    ]
    head = begin[0] + record(0x22, struct.pack("<H", is_1904)) + b"".join([*fonts, *styles])
    place = len(head) + len(name) + 4
    name = record(0x85, struct.pack("<IBBBB", place, 0, 0, 1, 0), b"x")
    stream = head + name + record(0x0A) + begin[1] + b"".join(cells) + record(0x0A)
    stream = stream.ljust(-(-max(len(stream), 4096) // 512) * 512, b"\0")
    count = len(stream) // 512

    def entry(label: str, kind: int, child: int, start: int, size: int) -> bytes:
        named = (label + "\0").encode("utf-16-le")
        head = named.ljust(64, b"\0") + struct.pack(
            "<HBBIII", len(named), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child
        )
        return head + bytes(36) + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    folder += bytes(256)
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = OLE[:8] + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + table + folder + stream + besides.encode("utf-16-le")


def test_an_xls_is_read_with_the_kinds_of_its_cells() -> None:
    def at(column: int, style: int = 0, row: int = 0) -> bytes:
        return struct.pack("<HHH", row, column, style)

    def formula(column: int, result: bytes) -> bytes:
        return record(0x06, at(column), result, bytes(6), struct.pack("<H", 3), b"\x1e\1\0")

    cells = [
        record(0x208, struct.pack("<HHHHHHI", 1, 0, 4, 255, 0, 0, 0x20)),
        record(0x203, at(0, 1), struct.pack("<d", 0.975)),
        record(0x205, at(1), b"\x2a\1"),
        formula(2, struct.pack("<d", 0.0)),
        formula(3, b"\2\0\x17\0\0\0\xff\xff"),
        formula(4, b"\3\0\0\0\0\0\xff\xff"),
        record(0x203, at(0, 2, 1), struct.pack("<d", 5.0)),
        record(0x203, at(0, 3, 2), struct.pack("<d", 44522.0)),
    ]
    grid = grid_of("a.xls", xls(cells, is_1904=True))
    assert [list(row) for row in grid.rows] == [
        [
            *(0.975, Unread("error", "#N/A"), Unread("not_reckoned", "="), Unread("error", "#REF!")),
            Unread("not_reckoned", "="),
        ],
        [5.0, "", "", "", ""],
        [date(2025, 11, 23), "", "", "", ""],
    ]
    assert grid.percent_cells == {(1, 1)}
    assert grid.hidden_rows == grid.struck_rows == {2}
    assert grid.epoch == date(1904, 1, 1)
    reckoned = xls(cells, besides="SummaryInformation")
    assert grid_of("a.xls", reckoned).rows[0][2] == 0


def test_a_file_is_read_from_disk_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content := by_xlsxwriter(ROWS))
    book = read_workbook(path)
    assert plain(book.grids[0].rows) == plain(ROWS)
    assert path.read_bytes() == content
    assert book.sha256 == hashlib.sha256(content).hexdigest()
