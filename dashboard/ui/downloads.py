"""Buttons that hand over what a page shows, as files; a file is made when its button is pressed."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from dashboard.query.query import Query
from dashboard.subjects.filters import active_filters
from dashboard.ui.exports import MapEnding, Titles, map_file, table_csv, table_xlsx
from dashboard.ui.geometry import outlines
from dashboard.ui.markdown import plain
from geodata.language import Language, Words, message, render, translate
from geodata.language.spelling import without_marks

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MAP_FORMATS: dict[MapEnding, tuple[Words, str]] = {
    "gpkg": (message("GeoPackage (QGIS, ArcGIS)"), "application/geopackage+sqlite3"),
    "parquet": (message("GeoParquet (Python, R)"), "application/vnd.apache.parquet"),
    "fgb": (message("FlatGeobuf (maps on the web)"), "application/flatgeobuf"),
}
"""What each format of a map is called and who reads it, and its type."""

LONGEST_NAME = 90
"""Letters of what a file shows, in its name: some systems refuse long names."""


def file_name(shown: Words | str, query: Query, language: Language, vintage: str | None = None) -> str:
    """Return the name of a file without its ending; see `dated_name`.

    Parameters
    ----------
    shown
        What it shows, and by which measure.
    query
        What is asked.
    language
        Language of the reader.
    vintage
        Of the boundaries, where it is not the one asked for.
    """
    days, is_illustrative = (query.period.since, query.period.until), not query.verified_only
    return dated_name(shown, days, vintage or query.vintage, language, is_illustrative=is_illustrative)


def dated_name(
    shown: Words | str,
    days: Sequence[datetime.date],
    vintage: str,
    language: Language,
    *,
    is_illustrative: bool,
) -> str:
    """Return the name of a file without its ending: what it shows, when, on which boundaries.

    It is in the reader's language without diacritics. One with illustrative figures is called so: it leaves
    the page, which says it too.
    """
    parts = [
        _shortened(_plain(render(shown, language).partition(". ")[0])),
        *(f"{one:%Y%m%d}" for one in days),
        _plain(translate("boundaries", language)),
        vintage.replace("-", ""),
        *([_plain(translate("illustrative", language))] if is_illustrative else []),
    ]
    return "-".join(parts)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", without_marks(text).lower()).strip("-")


def _shortened(name: str) -> str:
    """Return whole words of a name."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME + 1].rpartition("-")[0]


@dataclass(frozen=True)
class MapFiles:
    """What a page hands over of its map.

    Attributes
    ----------
    layer
        Makes the wards with their figures.
    is_in_menu
        The downloads stand in a menu already, where the formats are listed; elsewhere they have one.
    """

    layer: Callable[[], gpd.GeoDataFrame]
    is_in_menu: bool = False


def _nobody_notes() -> Callable[[str], None]:
    return lambda _: None


downloading: Callable[[], Callable[[str], None]] = _nobody_notes
"""Returns what notes that who reads the page takes a file. A server with accounts puts its own here."""


def download(
    label: str, make: Callable[[], bytes | str], file: str, mime: str, key: str, *, is_hindered: bool = False
) -> None:
    """Draw a button that hands over a file, made when it is pressed; greyed where something hinders that."""
    note = downloading()

    def noted() -> bytes | str:
        made = make()
        note(file)
        return made

    look: Any = {"on_click": "ignore", "type": "tertiary", "icon": ":material/download:"}
    st.download_button(label, noted, file, mime, key=key, disabled=is_hindered, **look)


def draw_downloads(
    query: Query,
    language: Language,
    name: str,
    about: Words | str,
    table: Callable[[], tuple[pd.DataFrame, Titles]],
    of_map: MapFiles | None = None,
    shown: Words | str = "",
    vintage: str | None = None,
) -> None:
    """Draw the buttons for a table, and for a map where there is one.

    Parameters
    ----------
    query
        What is asked: it stands in the files and in their names.
    language
        Language of the reader.
    name
        Name of the buttons, unique on the page.
    about
        What the files show, and what they are called after unless ``shown`` is shorter.
    table
        Makes the table, and the headings of the columns that are written.
    of_map
        What there is of a map.
    shown
        What the files are called.
    vintage
        Of the boundaries of rows and map, where it is not the one asked for.
    """
    filters = active_filters(query, vintage)
    file = file_name(shown or about, query, language, vintage)

    def button(label: str, ending: str, mime: str, make: Callable[[], bytes]) -> None:
        download(label, make, f"{file}.{ending}", mime, f"download_{name}_{ending}")

    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"downloads_{name}"):
        button("Excel", "xlsx", XLSX, lambda: table_xlsx(*table(), about, filters, language))
        button("CSV", "csv", "text/csv", lambda: table_csv(*table(), about, filters, language))
        if of_map is None:
            return
        title, layer = translate("Map", language), of_map.layer
        menu = None if of_map.is_in_menu else st.popover(title, type="tertiary", icon=":material/download:")
    with (menu or st).container(gap=None):
        if menu is None:
            st.caption(plain(title))
        notes = outlines(query.published, vintage or query.vintage).notes
        told = [*filters, *((message("Outlines"), line) for line in notes.lines)]

        def made(ending: MapEnding) -> bytes:
            return map_file(layer(), table()[1], about, told, language, ending)

        for ending, (label, mime) in MAP_FORMATS.items():
            button(render(label, language), ending, mime, partial(made, ending))
        if notes.notice is not None:
            st.caption(plain(render(notes.notice, language)))
