"""The text of a boundary file: decoded from a Shapefile's table, and read out of a KML's descriptions."""

import glob
import struct
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geodata.contract.errors import SourceError
from geodata.language import message

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

    Vietnamese in Windows-1258 is never valid UTF-8, so what is valid UTF-8 is that, whatever a .cpg says. A
    table cuts its texts by bytes: a full cell or heading may end within a character, which is dropped.

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
        No encoding fits.
    """
    widths = _widths(dataset, [str(column) for column in frame.columns if column != "geometry"])
    for codec, title in (("utf-8", "UTF-8"), ("cp1258", "Windows-1258")):
        try:
            decoded, cut = _decoded_frame(frame, widths, codec)
        except UnicodeDecodeError:
            continue
        return decoded, title, cut
    raise SourceError.of(
        file, "", message("its text is neither UTF-8 nor Windows-1258"), message("one of the two")
    )


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


def _decoded_frame(
    frame: gpd.GeoDataFrame, widths: dict[str, int], codec: str
) -> tuple[gpd.GeoDataFrame, int]:
    cut = 0

    def decoded(text: str, width: int) -> str:
        nonlocal cut
        value = text.encode("latin-1")
        try:
            return value.decode(codec)
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data" or len(value) < width:
                raise
            cut += 1
            return value[: error.start].decode(codec)

    cells = {
        column: frame[column].map(lambda text, width=widths[column]: decoded(text, width), na_action="ignore")
        for column in text_columns(frame)
    }
    headings = {column: decoded(column, _HEADING_BYTES) for column in widths}
    return frame.assign(**cells).rename(columns=headings), cut


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
