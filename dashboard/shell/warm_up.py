"""What the server loads before its first visitor comes: libraries, and what the first page shows."""

from contextlib import suppress
from functools import cache
from importlib import import_module
from threading import Thread

HEAVY = ()
"""Libraries that take long to load and that the first page does without."""


@cache
def load_the_rest() -> None:
    """Begin to load, in the background, the libraries that other pages need: up to three seconds."""
    Thread(target=_import_heavy, daemon=True).start()


def _import_heavy() -> None:
    for name in HEAVY:
        import_module(name)


def warm_up() -> Thread:
    """Begin to load all that a plain link to the first page needs, then the rest; return what does so."""
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
    _import_heavy()
