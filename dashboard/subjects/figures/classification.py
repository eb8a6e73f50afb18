"""Classes of a map of figures, as pure functions: bounds, colours, and which class a figure belongs to.

Bounds are upper bounds: a figure equal to one belongs to the class below it.
"""

import re
import warnings
from collections.abc import Sequence
from functools import cache
from importlib.metadata import files
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

METHODS = ("quantiles", "natural", "equal", "deviation", "own")
"""The ways to divide figures into classes, as a link names them."""

LEAST_CLASSES, MOST_CLASSES = 3, 7
MISSING = -1
"""Class number of a figure that is missing."""

DIGITS = 3
"""Significant digits of a bound: it is what the legend says it is."""

THINNED = 200
"""Natural breaks are sought among so many quantiles of the figures; on all of them it takes seconds."""

_PALETTES = {"lower": ("lajolla", 0.93, 0.2), "higher": ("oslo", 0.2, 0.9), "context": ("davos", 0.88, 0.2)}
"""A map of colours by what is better, and where on it the lowest and the highest class lie."""

BIVARIATE = (
    ("#e8e8e8", "#ace4e4", "#5ac8c8"),
    ("#dfb0d6", "#a5add3", "#5698b9"),
    ("#be64ac", "#8c62aa", "#3b4994"),
)
"""Colours of two figures (J. Stevens): rows by the first, columns by the second, both from light to dark."""


def bounds(figures: Floats, method: str, class_count: int, own: Sequence[float] = ()) -> list[float]:
    """Return the bounds between classes, rising; fewer than asked for where figures are alike.

    Parameters
    ----------
    figures
        The figures that are divided; missing ones are left out.
    method
        One of `METHODS`.
    class_count
        How many classes are wanted.
    own
        The bounds of the method ``own``, which are taken as they are.
    """
    if method == "own":
        return sorted(set(own))
    known = np.sort(figures[np.isfinite(figures)])
    if not len(known) or known[0] == known[-1]:
        return []
    if method == "deviation":
        steps = np.arange(class_count - 1) - (class_count - 2) / 2
        found = known.mean() + steps * known.std(ddof=1)
    elif method == "natural":
        thinned = np.unique(np.quantile(known, np.linspace(0, 1, THINNED), method="inverted_cdf"))
        found = _natural_breaks(thinned, min(class_count, len(thinned)))
    elif method == "equal":
        found = np.linspace(known[0], known[-1], class_count + 1)[1:]
    else:
        found = np.quantile(known, np.linspace(0, 1, class_count + 1)[1:])
    rounded = sorted({_rounded(float(bound)) for bound in found})
    return [bound for bound in rounded if known[0] <= bound < _rounded(float(known[-1]))][: class_count - 1]


def _natural_breaks(values: Floats, class_count: int) -> Floats:
    # With it comes scikit-learn, 90 MB, which few readers ask for.
    import mapclassify

    with warnings.catch_warnings():
        # It warns that it is slow without Numba; of so few figures it is not.
        warnings.simplefilter("ignore", UserWarning)
        found: Floats = mapclassify.FisherJenks(values, k=class_count).bins
    return found


def _rounded(bound: float) -> float:
    return float(f"{bound:.{DIGITS}g}") + 0.0


def class_numbers(figures: Floats, between: Sequence[float]) -> npt.NDArray[np.int64]:
    """Return the class of each figure, counted from the lowest, and `MISSING` for a missing one."""
    numbers = np.searchsorted(np.asarray(between, dtype="float64"), figures, side="left")
    return np.where(np.isfinite(figures), numbers, MISSING)


def colours(direction: str, class_count: int) -> list[str]:
    """Return the colours of classes from the lowest to the highest figure: the worse, the darker.

    Parameters
    ----------
    direction
        What is better: ``higher``, ``lower``, or ``context``, where neither is: the more the darker.
    class_count
        How many there are.
    """
    palette, lowest, highest = _PALETTES[direction]
    places = (
        np.linspace(lowest, highest, class_count)
        if class_count > 1
        else [(lowest + highest) / 2] * class_count
    )
    shades = _shades(palette)
    return [_hex(shades[int(place * len(shades))]) for place in places]


@cache
def _shades(palette: str) -> Floats:
    """Return the red, green and blue of a map of colours by F. Crameri, each from 0 to 1.

    Read as the file that it is: the package that brings it loads all of matplotlib.
    """
    (path,) = (one for one in files("cmcrameri") or [] if one.name == f"{palette}.txt")
    return np.loadtxt(str(path.locate()))


def _hex(channels: Sequence[float]) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels[:3])


def two_colours(first_direction: str, second_direction: str) -> list[str]:
    """Return nine colours, by the class of the first figure and within it of the second, lowest first.

    Each figure darkens towards its worse end; one that is neither better nor worse, towards more.
    """
    rows = BIVARIATE[::-1] if first_direction == "higher" else BIVARIATE
    return [colour for row in rows for colour in (row[::-1] if second_direction == "higher" else row)]


def read_bounds(text: str) -> list[float]:
    """Return the bounds that someone typed, such as ``10; 20,5; 50``.

    Raises
    ------
    ValueError
        They are not two to six rising numbers.
    """
    parts = [part.strip() for part in re.split(r"[;\s]+", text.strip()) if part.strip()]
    found = [float(part.replace(",", ".")) for part in parts]
    if not LEAST_CLASSES - 1 <= len(found) <= MOST_CLASSES - 1 or not np.isfinite(found).all():
        raise ValueError(text)
    if sorted(set(found)) != found:
        raise ValueError(text)
    return found


def histogram(figures: Floats, between: Sequence[float], bin_count: int = 24) -> dict[str, list[Any]]:
    """Return a histogram as the map draws it.

    Returns
    -------
    ``counts`` of bins of equal width; ``places``, where the bounds lie between the lowest and the highest
    figure, from 0 to 1; ``classes``, the class of each bin's middle; ``ends``, lowest and highest figure.
    Empty lists without figures.
    """
    known = figures[np.isfinite(figures)]
    if not len(known):
        return {"counts": [], "places": [], "classes": [], "ends": []}
    low, high = float(known.min()), float(known.max())
    counts, edges = np.histogram(known, bins=bin_count if high > low else 1)
    width = high - low or 1.0
    return {
        "counts": [int(count) for count in counts],
        "places": [round((bound - low) / width, 3) for bound in between if low < bound < high],
        "classes": class_numbers((edges[:-1] + edges[1:]) / 2, between).tolist(),
        "ends": [low, high],
    }
