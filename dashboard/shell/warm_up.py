"""What the server does before its first visitor comes, and with what it has loaded by then."""

import gc
import sys
from contextlib import suppress
from functools import cache
from threading import Thread


def exempt_from_collection() -> None:
    """Exempt from garbage collection what is loaded by now: libraries and frames, which stay anyway.

    Streamlit collects all garbage after each run, before it sends the rest of the page. With the libraries of
    geodata in memory that takes 120 ms, more than the run itself.
    """
    _exempt(len(sys.modules))


@cache
def _exempt(_modules: int) -> None:
    gc.collect()
    gc.freeze()


def warm_up() -> Thread:
    """Begin to load all that a plain link to the first page needs; return what does so."""
    thread = Thread(target=_warm_up, daemon=True)
    thread.start()
    return thread


def _warm_up() -> None:
    # Imported here, so that the server answers before the two seconds that these take.
    from dashboard.query import layers
    from dashboard.query.publication import publication
    from dashboard.query.query import Query
    from dashboard.query.units import area_names, programme_frame
    from dashboard.subjects.programme.model import programme
    from dashboard.ui.geometry import outlines
    from dashboard.ui.static_files import frontend_address
    from geodata.contract.errors import GeodataError
    from geodata.period import default_vintage

    frontend_address("map.js")
    # The page tells what is wrong with the data.
    with suppress(GeodataError):
        published = publication()
        period = layers.extent(published)
        vintages = layers.vintages(published)
        vintage = default_vintage(vintages, period)
        layers.has_illustrative(published)
        area_names(published, vintage)
        programme_frame(published, vintage)
        programme(Query(published, period, vintage))
        for one in (vintage, *vintages):
            outlines(published, one)
