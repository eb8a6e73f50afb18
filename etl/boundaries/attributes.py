"""The text of a boundary file: decoded from a Shapefile's table, and read out of a KML's descriptions."""

import glob
import struct
import unicodedata
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import pandas as pd

from etl import text_encoding
from geodata.contract.errors import SourceError
from geodata.language import Message, message

_HEADING_BYTES = 10
_LONGEST_CELL_BYTES = 254


def text_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns of a frame that hold text."""
    return [
        column
        for column in frame.columns
        if column != "geometry" and pd.api.types.is_string_dtype(frame[column])
    ]


def in_nfc(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a frame with its texts and headings in NFC, without outer spaces."""

    def tidy(text: str) -> str:
        return unicodedata.normalize("NFC", text).strip()

    nfc = {column: frame[column].map(tidy, na_action="ignore") for column in text_columns(frame)}
    return frame.assign(**nfc).rename(columns={column: tidy(column) for column in frame.columns})


def decode_table(frame: gpd.GeoDataFrame, dataset: Path, file: str) -> tuple[gpd.GeoDataFrame, str, int]:
    """Return a Shapefile's rows, whose text stands for bytes, with that text decoded.

    Vietnamese in another encoding is never valid UTF-8, so what is valid UTF-8 is that, whatever a .cpg says.
    A table cuts its texts by bytes: a full cell or heading may end within a character, which is dropped.

    Parameters
    ----------
    frame
        Each character of its texts and headings stands for a byte.
    dataset
        The Shapefile.
    file
        What it is called.

    Returns
    -------
    The rows, the encoding that fits, and how many texts ended within a character.

    Raises
    ------
    SourceError
        No encoding fits for sure.
    """
    widths = _widths(dataset, [str(column) for column in frame.columns if column != "geometry"])
    cells = [text for column in text_columns(frame) for text in frame[column].dropna()]
    raw = "\n".join([*widths, *cells]).encode("latin-1")

    def decode(codec: Callable[[bytes, int], str]) -> gpd.GeoDataFrame:
        def of(text: str, width: int) -> str:
            return codec(text.encode("latin-1"), width)

        decoded = {
            column: frame[column].map(partial(of, width=widths[column]), na_action="ignore")
            for column in text_columns(frame)
        }
        headings = {column: of(column, _HEADING_BYTES) for column in widths}
        return frame.assign(**decoded).rename(columns=headings)

    utf_8 = _Utf8()
    try:
        return decode(utf_8), "UTF-8", utf_8.cut_count
    except UnicodeDecodeError:
        pass
    try:
        _, title = text_encoding.decoded(raw)
    except text_encoding.UnknownEncodingError as error:
        found = error.name or "–"
        raise SourceError.of(
            file,
            found,
            message("its text is in no encoding that is known for sure"),
            message("text in UTF-8 or Windows-1258"),
        ) from error
    if title in (text_encoding.TCVN3, text_encoding.VNI):
        return decode(lambda value, _: text_encoding.from_encoding(value.decode("latin-1"), title)), title, 0
    return decode(lambda value, _: value.decode("cp1258", "replace")), title, 0


class _Utf8:
    """Decodes cells, and counts those that end within a character, the half of which it drops."""

    def __init__(self) -> None:
        self.cut_count = 0

    def __call__(self, value: bytes, width: int) -> str:
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data" or len(value) < width:
                raise
            self.cut_count += 1
            return value[: error.start].decode("utf-8")


def _widths(dataset: Path, columns: list[str]) -> dict[str, int]:
    """Return the width of a table's cells in bytes, by column."""
    table = next(
        path
        for path in dataset.parent.glob(f"{glob.escape(dataset.stem)}.*")
        if path.suffix.lower() == ".dbf"
    )
    with table.open("rb") as file:
        head = file.read(struct.unpack("<H", file.read(32)[8:10])[0] - 32)
    fields = [head[start + 16] for start in range(0, len(head) - 31, 32) if head[start] != 0x0D]
    if len(fields) != len(columns):
        return dict.fromkeys(columns, _LONGEST_CELL_BYTES)
    return dict(zip(columns, fields, strict=True))


def in_unicode(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Message]]:
    """Return a frame whose columns in TCVN3 or VNI are in Unicode, where that is sure, and notes."""
    notes = []
    headings = {}
    for column in frame.columns:
        headings[column], _ = text_encoding.repaired(str(column))
    for column in text_columns(frame):
        texts = [text for text in frame[column].dropna().unique() if not text.isascii()]
        if not any(map(text_encoding.is_odd, texts)):
            continue
        names = {text_encoding.reading(text)[1] for text in texts} - {"", text_encoding.EITHER}
        if len(names) != 1 or not names <= {text_encoding.TCVN3, text_encoding.VNI}:
            continue
        (name,) = names
        exchange = {
            text: text_encoding.from_encoding(text, name) for text in texts if text_encoding.reading(text)[1]
        }
        frame = frame.assign(**{column: frame[column].replace(exchange)})
        before, after = next(iter(exchange.items()))
        notes.append(
            message(
                "the column {column} was converted from {encoding}: “{before}” is “{after}”",
                column=headings[column],
                encoding=name,
                before=before,
                after=after,
            )
        )
    return frame.rename(columns=headings), notes


def with_described(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a frame with the attributes as columns that stand as a table in its descriptions.

    So ArcGIS writes a KML: a row of the table has a heading and a value.
    """
    if "description" not in frame:
        return frame
    described = frame["description"].map(_table_of, na_action="ignore")
    rows = [row if isinstance(row, dict) else {} for row in described]
    table = pd.DataFrame(rows, index=frame.index)
    new = [column for column in table.columns if column not in frame.columns]
    return frame.assign(**{str(column): table[column].astype("str") for column in new})


def _table_of(html: str) -> dict[str, str]:
    if "<t" not in html.lower():
        return {}
    parser = _Tables()
    parser.feed(html)
    parser.close()
    empty = {"", "<Null>"}
    return {row[0]: row[1] for row in parser.rows if len(row) == 2 and row[0] and row[1] not in empty}


class _Tables(HTMLParser):
    """Reads the rows of tables, of those within cells too."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._is_cell = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        self._is_cell = tag in {"td", "th"} or (self._is_cell and tag not in {"tr", "table"})
        if tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_cell = self._is_cell and tag not in {"td", "th", "tr", "table"}

    def handle_data(self, data: str) -> None:
        if self._is_cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data.strip()}".strip()
