"""Which wards touch each other."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from geodata.contract.crs import METRIC_CRS
from geodata.language.alphabet import alphabet_key

TOUCH_M = 20
"""Wards nearer than this touch each other, metres: outlines from several sources do not meet exactly."""


def neighbours(key: tuple[str, str], outlines: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Return the codes of the wards that touch a ward, in the order of the Vietnamese alphabet.

    Parameters
    ----------
    key
        Vintage and code of the ward.
    outlines
        The layer ``ward`` of its vintage.
    """
    metric = outlines.geometry.to_crs(METRIC_CRS)
    own = outlines["ward_code"] == key[1]
    near = metric.dwithin(metric[own].iloc[0], TOUCH_M) & ~own
    touching = outlines.loc[near, ["ward_code", "ward_name"]].to_dict("records")
    ordered = sorted(touching, key=lambda ward: (alphabet_key(ward["ward_name"]), ward["ward_code"]))
    return tuple(ward["ward_code"] for ward in ordered)


def touching(outlines: gpd.GeoDataFrame) -> npt.NDArray[np.int64]:
    """Return which wards of a vintage touch each other, as `neighbours` has it.

    Parameters
    ----------
    outlines
        See `neighbours`.

    Returns
    -------
    Two rows: the place of a ward, rising, and that of a ward that touches it; each pair both ways.
    """
    metric = outlines.geometry.to_crs(METRIC_CRS)
    pairs = metric.sindex.query(metric, predicate="dwithin", distance=TOUCH_M, sort=True)
    found: npt.NDArray[np.int64] = pairs[:, pairs[0] != pairs[1]]
    return found
