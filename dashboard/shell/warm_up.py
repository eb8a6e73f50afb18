"""What the server does before its first visitor comes, and with what it has loaded by then."""

import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from threading import Thread

from dashboard.query import layers
from dashboard.query.publication import publication
from dashboard.ui.geometry import outlines
from dashboard.ui.static_files import frontend_address
from geodata.contract.errors import GeodataError


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


def warm_up(first: Callable[[], object]) -> Thread:
    """Begin to load all that a plain link to the first page needs; return what does so.

    Parameters
    ----------
    first
        Makes what that page shows first, and with it nearly all that the page needs.
    """
    thread = Thread(target=_warm_up, args=(first,), daemon=True)
    thread.start()
    return thread


def _warm_up(first: Callable[[], object]) -> None:
    frontend_address("map.js")
    first()
    # The page tells what is wrong with the data.
    with suppress(GeodataError):
        published = publication()
        for vintage in layers.vintages(published):
            outlines(published, vintage)
