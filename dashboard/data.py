"""Cached loads of the published GeoPackage. Frames are shared between sessions: nobody changes them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import streamlit as st

from dashboard.maps import frame_bounds
from dashboard.static_files import publish_geometry
from geodata.layers import read_layer
from geodata.paths import published_file

_KEPT = 64
"""Frames that stay in memory: those of the last few builds."""


@dataclass(frozen=True)
class Publication:
    """One state of the published file; a new build has another one, so nothing cached outlives it.

    ``mtime_ns`` and ``size`` are -1 where there is no file: reading it then says so.
    """

    path: Path
    mtime_ns: int
    size: int


def publication() -> Publication:
    """Return the file that is published now."""
    path = published_file()
    try:
        state = path.stat()
    except FileNotFoundError:
        return Publication(path, -1, -1)
    return Publication(path, state.st_mtime_ns, state.st_size)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def layer(published: Publication, name: str) -> Any:
    """Return a layer of the contract; one with geometry is a ``GeoDataFrame`` in EPSG:4326."""
    return read_layer(published.path, name)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def of_vintage(published: Publication, name: str, vintage: str) -> Any:
    """Return the rows of a layer of one vintage, in the order of its key."""
    frame = layer(published, name)
    return frame[frame["vintage"] == vintage].reset_index(drop=True)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def geometry_path(published: Publication, vintage: str) -> str:
    """Return the path below ``app/static`` of a vintage's geometry, writing it where it is not there yet."""
    return publish_geometry(of_vintage(published, "ward", vintage))


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def programme_frame(published: Publication, vintage: str) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the largest group of wards in the programme."""
    summary: gpd.GeoDataFrame = of_vintage(published, "ward_summary", vintage)
    return frame_bounds(summary, summary["role"].notna())


def vintages(published: Publication) -> list[str]:
    """Return the vintages of the file, oldest first."""
    return sorted(layer(published, "ward_summary")["vintage"].unique())
