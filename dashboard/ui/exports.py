"""Tables and maps as files: Excel, CSV and GeoPackage, each with the filters that it was made with.

Text that a spreadsheet would take for a formula stays text: in Excel by the type of its cell, in CSV, which
has no types, behind an apostrophe.
"""

import csv
import datetime
import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from dashboard.subjects.filters import Filters
from geodata.language import Language, Words, message, render, translate
from geodata.language.numbers import number
from geodata.workbook import HEADING, neutral, workbook, write_table

Titles = Mapping[str, Words | str]
"""Headings of the columns that are written, by their names in the frame, in their order."""

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

    Semicolons separate cells in Vietnamese, where the comma is the decimal mark. The first lines say what
    the table shows and with which filters; an empty line follows.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if language == "vi" else ",")
    writer.writerows([[neutral(render(value, language)) for value in row] for row in [("", about), *filters]])
    writer.writerow([])
    writer.writerow([neutral(render(title, language)) for title in titles.values()])
    columns = [[_written(value, language) for value in frame[name]] for name in titles]
    writer.writerows(zip(*columns, strict=True))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def map_gpkg(wards: gpd.GeoDataFrame, about: Words | str, filters: Filters, language: Language) -> bytes:
    """Return the wards of a map with their figures as a GeoPackage.

    The layer ``map`` holds the wards in EPSG:4326, the layer ``about`` what it shows and with which filters.
    """
    rows = [[render(one, language) for one in row] for row in [("map", about), *filters]]
    told = pd.DataFrame(rows, columns=["name", "value"])
    # Imported here: it brings GDAL, which nothing else needs that the server does.
    import pyogrio

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.gpkg"
        pyogrio.write_dataframe(wards, path, layer="map", VERSION="1.3")
        pyogrio.write_dataframe(told, path, layer="about", append=True)
        return path.read_bytes()


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
        # Without dots between thousands: a spreadsheet would read text.
        return number(plain, _DIGITS).render(language).replace("." if language == "vi" else ",", "")
    return neutral(plain)
