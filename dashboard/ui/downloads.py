"""Buttons that hand over what a page shows, as files; a file is made when its button is pressed."""

from collections.abc import Callable, Mapping

import geopandas as gpd
import pandas as pd
import streamlit as st

from dashboard.query import layers as data
from dashboard.query.units import area_titles
from dashboard.shell.selection import current
from dashboard.ui.exports import map_gpkg, table_csv, table_xlsx
from dashboard.ui.filters import Filters, active_filters
from geodata.language import translate

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page_filters() -> Filters:
    """Return what is chosen on this page, in words."""
    published, selection = current()
    titles = area_titles(published, selection.vintage, selection.language)
    return active_filters(selection, titles, data.layer(published, "build")["as_of"].max())


def download_buttons(
    name: str,
    about: str,
    table: Callable[[], tuple[pd.DataFrame, Mapping[str, str]]],
    map_layer: Callable[[], gpd.GeoDataFrame] | None = None,
) -> None:
    """Draw the buttons for a table, and for a map where there is one.

    Parameters
    ----------
    name
        Name of the files without their ending, unique on the page.
    about
        What they show, in the reader's language.
    table
        Makes the table, and the headings of the columns that are written.
    map_layer
        Makes the wards with their figures.
    """
    _, selection = current()
    language, filters = selection.language, page_filters()
    file = f"{name}-{selection.period.since:%Y%m%d}-{selection.period.until:%Y%m%d}"

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
                label, "gpkg", "application/geopackage+sqlite3", lambda: map_gpkg(map_layer(), about, filters)
            )
