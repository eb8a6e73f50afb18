"""Lines as the frontend decodes them: outlines of wards, rivers, and the ways of visits."""

import numpy as np

GEOMETRY_SCALE = 100_000
"""Coordinates are stored as integers of 1/100.000 degree, about a metre."""


def steps(vertices: np.ndarray) -> list[int]:
    """Return a line as the frontend decodes it: lon, lat … in units of `GEOMETRY_SCALE`, each as its step."""
    units = np.rint(vertices * GEOMETRY_SCALE).astype("int64")
    return list(np.diff(units, axis=0, prepend=0).ravel().tolist())
