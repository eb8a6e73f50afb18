"""Buttons that hand over what a page shows, as files; a file is made when its button is pressed."""

from collections.abc import Callable

import geopandas as gpd
import pandas as pd
import streamlit as st

from dashboard.query.query import Query
from dashboard.subjects.filters import active_filters
from dashboard.ui.exports import Titles, map_gpkg, table_csv, table_xlsx
from geodata.language import Language, Words, translate

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_downloads(
    query: Query,
    language: Language,
    name: str,
    about: Words | str,
    table: Callable[[], tuple[pd.DataFrame, Titles]],
    map_layer: Callable[[], gpd.GeoDataFrame] | None = None,
) -> None:
    """Draw the buttons for a table, and for a map where there is one.

    Parameters
    ----------
    query
        What is asked: it stands in the files and in their names.
    language
        Language of the reader.
    name
        Name of the files without their ending, unique on the page.
    about
        What they show.
    table
        Makes the table, and the headings of the columns that are written.
    map_layer
        Makes the wards with their figures.
    """
    filters = active_filters(query)
    file = f"{name}-{query.period.since:%Y%m%d}-{query.period.until:%Y%m%d}"

    def button(label: str, ending: str, mime: str, make: Callable[[], bytes]) -> None:
        st.download_button(
            label,
            make,
            f"{file}.{ending}",
            mime,
            key=f"download_{name}_{ending}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )

    with st.container(horizontal=True, gap="small", key=f"downloads_{name}"):
        button("Excel", "xlsx", XLSX, lambda: table_xlsx(*table(), about, filters, language))
        button("CSV", "csv", "text/csv", lambda: table_csv(*table(), about, filters, language))
        if map_layer is not None:
            label = translate("Map (GeoPackage)", language)
            button(
                label,
                "gpkg",
                "application/geopackage+sqlite3",
                lambda: map_gpkg(map_layer(), about, filters, language),
            )
