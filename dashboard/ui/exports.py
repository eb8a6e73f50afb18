"""Tables and maps as files, each with the filters that it was made with.

Text that a spreadsheet would take for a formula stays text: in Excel by the type of its cell, in CSV, which
has no types, behind an apostrophe.
"""

import csv
import datetime
import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from dashboard.subjects.filters import Filters
from geodata.contract.crs import STORAGE_CRS
from geodata.feature_tables import described, feature_table
from geodata.language import Language, Words, message, render, translate
from geodata.language.numbers import number
from geodata.workbook import HEADING, neutral, workbook, write_table

Titles = Mapping[str, Words | str]
"""Headings of the columns that are written, by their names in the frame, in their order."""

MapEnding = Literal["gpkg", "parquet", "fgb"]
"""The formats of maps, by the ending of a file's name."""

_DIGITS = 6


def table_xlsx(
    frame: pd.DataFrame, titles: Titles, about: Words | str, filters: Filters, language: Language
) -> bytes:
    """Return a table as an Excel workbook; a second sheet says what it shows and with which filters.

    Parameters
    ----------
    frame
        Text, numbers, dates and flags; missing values become empty cells.
    titles
        The columns that are written, in their order, with their headings.
    about
        What the table shows.
    filters
        See `dashboard.subjects.filters.active_filters`.
    language
        Language of the reader.
    """
    buffer = io.BytesIO()
    heads = [render(heading, language) for heading in titles.values()]
    columns = [[_plain(value, language) for value in frame[name]] for name in titles]
    with workbook(buffer) as book:
        sheet = write_table(
            book, translate("Table", language), [heads, *zip(*columns, strict=True)], widest=60
        )
        if len(frame):
            sheet.autofilter(0, 0, len(frame), len(titles) - 1)
        told = book.add_worksheet(translate("About this table", language))
        told.set_column(0, 0, 24)
        told.set_column(1, 1, 90)
        bold = book.add_format(HEADING)
        for row, (label, said) in enumerate([(message("Shows"), about), *filters]):
            told.write_string(row, 0, render(label, language), bold)
            told.write_string(row, 1, render(said, language))
    return buffer.getvalue()


def table_csv(
    frame: pd.DataFrame, titles: Titles, about: Words | str, filters: Filters, language: Language
) -> bytes:
    """Return a table as CSV in UTF-8, which Excel opens by a double click; parameters as of `table_xlsx`.

    Semicolons separate cells in either language: where Windows is Vietnamese, Excel splits at nothing else,
    and a line ``sep=`` would make it forget that the text is UTF-8. The first lines say what the table shows
    and with which filters; an empty line follows.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerows([[neutral(render(value, language)) for value in row] for row in [("", about), *filters]])
    writer.writerow([])
    writer.writerow([neutral(render(title, language)) for title in titles.values()])
    columns = [[_written(value, language) for value in frame[name]] for name in titles]
    writer.writerows(zip(*columns, strict=True))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def map_file(
    wards: gpd.GeoDataFrame,
    titles: Titles,
    about: Words | str,
    filters: Filters,
    language: Language,
    ending: MapEnding,
) -> bytes:
    """Return the wards of a map with their figures, in EPSG:4326.

    What it shows and with which filters is the description of the layer, ``map``, in GeoPackage and
    FlatGeobuf; the former has the layer ``about`` too, GeoParquet 1.1 the same rows as JSON in its metadata.

    Parameters
    ----------
    wards
        The wards; every column is written.
    titles
        What columns are called beside their names, where they are called anything.
    about, filters, language
        As of `table_xlsx`.
    ending
        Ending of the file's name: it says which format.
    """
    rows = [(render(name, language), render(value, language)) for name, value in [("map", about), *filters]]
    heads = {name: render(title, language) for name, title in titles.items()}
    if ending == "parquet":
        return _geoparquet(wards, heads, rows)
    # Imported here: it brings GDAL, which nothing else needs that the server does.
    import pyogrio

    title = rows[0][1]
    description = "\n".join([title, *(": ".join(row) for row in rows[1:])])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"map.{ending}"
        pyogrio.write_arrow(
            described(feature_table(wards), heads, {}),
            path,
            layer="map",
            driver="GPKG" if ending == "gpkg" else "FlatGeobuf",
            geometry_name="geometry",
            geometry_type="MultiPolygon",
            crs=STORAGE_CRS,
            dataset_options={"VERSION": "1.3"} if ending == "gpkg" else None,
            layer_options={"DESCRIPTION": description} | ({} if ending == "gpkg" else {"TITLE": title}),
        )
        if ending == "gpkg":
            told = pd.DataFrame(rows, columns=["name", "value"])
            pyogrio.write_dataframe(told, path, layer="about", append=True)
        return path.read_bytes()


def _geoparquet(wards: gpd.GeoDataFrame, heads: Mapping[str, str], rows: list[tuple[str, str]]) -> bytes:
    import pyarrow.parquet

    made, told = io.BytesIO(), io.BytesIO()
    wards.to_parquet(made, index=False, schema_version="1.1.0", write_covering_bbox=True)
    table = described(pyarrow.parquet.read_table(made), heads, {})
    about = {"about": json.dumps(rows, ensure_ascii=False)}
    pyarrow.parquet.write_table(table.replace_schema_metadata({**table.schema.metadata, **about}), told)
    return told.getvalue()


def _plain(value: Any, language: Language) -> datetime.date | float | str:
    if isinstance(value, Words):
        return value.render(language)
    if not pd.api.types.is_scalar(value) or pd.isna(value):
        return ""
    if pd.api.types.is_bool(value):
        return translate("yes", language) if value else translate("no", language)
    if isinstance(value, datetime.date):
        return datetime.date(value.year, value.month, value.day)
    if pd.api.types.is_number(value):
        return float(str(value))
    return str(value)


def _written(value: Any, language: Language) -> str:
    plain = _plain(value, language)
    if isinstance(plain, datetime.date):
        return f"{plain:%d/%m/%Y}"
    if isinstance(plain, float):
        # Without marks between thousands: a spreadsheet would read text. And the dot of English never before
        # three digits, or where the comma is the decimal mark 12.345 were twelve thousand.
        text = number(plain, _DIGITS).render(language).replace("." if language == "vi" else ",", "")
        return f"{text}0" if text[-4:-3] == "." else text
    return neutral(plain)
