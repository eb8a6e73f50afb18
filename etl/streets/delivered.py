"""Streets as a file holds them, before anything is made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geodata.itinerary.network import Floats, Integers
from geodata.language import Message


@dataclass(frozen=True, eq=False)
class Streets:
    """The ways of a file.

    Attributes
    ----------
    tags
        One row a way, columns as in `etl.streets.tags.KEYS`; text or missing.
    way
        Of each vertex, as a position in ``tags``; the vertices of a way stand together, in their order.
    xy
        Of each vertex, in EPSG:9210.
    place
        Of each vertex; those of one number are one place, where ways meet. ``None`` where the file does not
        say where they do.
    is_openstreetmap
        Whether they come from OpenStreetMap.
    left_out
        How many ways were left out already, by the keys of `etl.streets.tags.LEFT_OUT`.
    notes
        What else is to be told.
    """

    tags: pd.DataFrame
    way: Integers
    xy: Floats
    place: Integers | None
    is_openstreetmap: bool
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()


def has_two(way: Integers, count: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Return of each way whether it has two vertices."""
    return np.asarray(np.bincount(way, minlength=count) >= 2)
