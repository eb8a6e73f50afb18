"""What the server loads before its first visitor comes: libraries, and what the first page shows."""

from contextlib import suppress
from functools import cache
from importlib import import_module
from threading import Thread

from dashboard.query.publication import publication
from dashboard.query.units import area_titles, programme_frame
from dashboard.subjects.programme.cached import city_overview
from dashboard.ui.geometry import geometry_address

HEAVY = ("mapclassify", "cmcrameri.cm", "plotly.graph_objects", "geodata.itinerary.itinerary", "pyvrp")
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
    from dashboard.query import layers as data
    from dashboard.ui.static_files import frontend_address
    from geodata.contract.errors import GeodataError
    from geodata.language import DEFAULT_LANGUAGE
    from geodata.period import default_vintage

    frontend_address("map.js")
    # The page tells what is wrong with the data.
    with suppress(GeodataError):
        published = publication()
        period = data.extent(published)
        vintages = data.vintages(published)
        vintage = default_vintage(vintages, data.layer(published, "pilot_status"), period)
        data.has_illustrative(published)
        area_titles(published, vintage, DEFAULT_LANGUAGE)
        programme_frame(published, vintage)
        city_overview(published, period, vintage, DEFAULT_LANGUAGE, (), verified_only=True)
        for one in (vintage, *vintages):
            geometry_address(published, one)
    _import_heavy()
