"""Random questions to the planner, the same for the same seed."""

from typing import Any

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.floating[Any]]


def city(count: int, seed: int, *, is_symmetric: bool = True, end_elsewhere: bool = False) -> Matrix:
    """Return minutes between so many stops, a start and an end in a square that takes an hour to cross."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 60, (count + 2, 2))
    if not end_elsewhere:
        points[count + 1] = points[count]
    minutes: Matrix = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    if not is_symmetric:
        minutes = minutes * rng.uniform(0.7, 1.3, minutes.shape)
    return minutes


def loads(count: int, seed: int) -> list[int]:
    """Return loads of 5 to 25."""
    return [int(load) for load in np.random.default_rng(seed).integers(5, 26, count)]


def windows(count: int, seed: int) -> list[tuple[float, float]]:
    """Return windows of one and a half to four hours within a day from 07:00 to 17:00."""
    rng = np.random.default_rng(seed)
    begins = np.round(rng.uniform(7 * 60, 13 * 60, count))
    return [
        (float(begin), float(begin + length))
        for begin, length in zip(begins, np.round(rng.uniform(90, 240, count)), strict=True)
    ]
