"""Cached loads of the published GeoPackage. Frames are shared between sessions: nobody changes them.

Streamlit's caches hash their arguments by value, about a millisecond a call, and a rerun makes some twenty
calls. These look their arguments up by equality.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from threading import RLock
from typing import Any, ParamSpec, TypeVar

from dashboard import overview
from dashboard.maps import frame_bounds
from dashboard.static_files import publish_geometry
from geodata.language import Language
from geodata.layers import read_layer
from geodata.paths import published_file

_KEPT = 64
"""Results of each function that stay in memory: those of the last few builds."""

_LOCK = RLock()

P = ParamSpec("P")
R = TypeVar("R")


def _cached(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function returns; sessions that ask for the same at once wait for one of them."""
    kept = lru_cache(_KEPT)(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        with _LOCK:
            return kept(*args, **kwargs)  # type: ignore[arg-type]

    return call


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


@_cached
def layer(published: Publication, name: str) -> Any:
    """Return a layer of the contract; one with geometry is a ``GeoDataFrame`` in EPSG:4326."""
    return read_layer(published.path, name)


def layers(published: Publication, names: Iterable[str]) -> dict[str, Any]:
    """Return layers by name."""
    return {name: layer(published, name) for name in names}


@_cached
def of_vintage(published: Publication, name: str, vintage: str) -> Any:
    """Return the rows of a layer of one vintage, in the order of its key."""
    frame = layer(published, name)
    return frame[frame["vintage"] == vintage].reset_index(drop=True)


@_cached
def vintages(published: Publication) -> list[str]:
    """Return the vintages of the file, oldest first."""
    return sorted(layer(published, "ward_summary")["vintage"].unique())


@_cached
def geometry_path(published: Publication, vintage: str) -> str:
    """Return the path below ``app/static`` of a vintage's geometry, writing it where it is not there yet."""
    return publish_geometry(of_vintage(published, "ward", vintage))


@_cached
def programme_frame(published: Publication, vintage: str) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the largest group of wards in the programme."""
    summary = of_vintage(published, "ward_summary", vintage)
    return frame_bounds(summary, summary["role"].notna())


@_cached
def city_overview(published: Publication, vintage: str, language: Language) -> overview.Overview:
    """Return what the overview says of the city."""
    return overview.describe_city(layers(published, overview.LAYERS), vintage, language)


@_cached
def ward_overview(published: Publication, vintage: str, code: str, language: Language) -> str:
    """Return what the overview says of a ward, as HTML."""
    return overview.describe_ward(layers(published, overview.LAYERS), (vintage, code), language)
