"""Where neighbouring units are alike, or unlike: local Moran's I of a rate, its false discoveries controlled.

Sources
-------
Local Moran's I with conditional permutation: L. Anselin, Geogr. Anal. 27, 1995. Control of false discoveries:
Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57, 1995. Both as PySAL's ``esda`` reckons them.
"""

import numpy as np
import numpy.typing as npt

from geodata.contract.definition import Definition
from geodata.indicators.statistics import LEAST_EVENTS
from geodata.language import message
from geodata.language.numbers import number
from geodata.wards.neighbours import TOUCH_M

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PERMUTATIONS = 9_999
SEED = 1995
"""Fixed, so that the same figures always give the same classes."""

FALSE_DISCOVERIES = 0.05
"""Of the units with a class so large a share may have it by chance."""

LEAST_UNITS = 30
"""Of fewer units the random arrangements are too few to tell anything."""

HIGH_HIGH, LOW_LOW, HIGH_LOW, LOW_HIGH, BY_CHANCE, ALONE = range(6)
"""Classes: a unit's own figure and those around it; no more alike or unlike than by chance; no neighbours."""

LEFT_OUT = -1
"""The class of a unit without a figure that is looked at."""

_QUADRANTS = np.array([BY_CHANCE, HIGH_HIGH, LOW_HIGH, LOW_LOW, HIGH_LOW])
"""Classes by the number that ``esda`` gives to a quadrant of Moran's scatter plot."""

ALIKE = Definition(
    name=message("Where neighbours are alike (local Moran)"),
    formula=message(
        "Of counts per residents or area and shares, reported by period: "
        "I = z × (mean z of the neighbours), z = (figure − mean) ÷ standard deviation"
        " of all units looked at. Units that touch are neighbours, at a corner too (up to {touch} m "
        "apart), with equal weights. The figures of all others are dealt to the neighbours {permutations}"
        " times at random (fixed seed); p is two-sided. Classes are given while at most 5% of them are "
        "expected to be false (Benjamini–Hochberg). Only units that reported enough, with at least {few} "
        "events and a narrow band, are looked at; the others have no class and are nobody's neighbours; "
        "with fewer than {least} units there are no classes. Limits: tests of neighbours depend on each "
        "other, so 5% is a guide; with thousands of units only larger groups are found; at the edge of "
        "the city and beside units left out less is known; figures of small units vary more; a class is "
        "of a unit with its surroundings, and says neither where a group "
        "ends nor why",
        touch=str(TOUCH_M),
        permutations=number(PERMUTATIONS),
        few=LEAST_EVENTS,
        least=LEAST_UNITS,
    ),
    unit=message("Class"),
    source=message("Anselin 1995; Benjamini and Hochberg 1995; PySAL esda"),
)


@ALIKE.documents
def alike(figures: Floats, touching: Ints, permutations: int = PERMUTATIONS, seed: int = SEED) -> Ints:
    """Return the class of each unit: how its figure and those of its neighbours go together.

    NumPy's one random state is set to the seed: no two threads may reckon at once.

    Parameters
    ----------
    figures
        Of all units, NaN where one is not looked at: it is nobody's neighbour then.
    touching
        See `geodata.wards.neighbours.touching`.
    permutations, seed
        How many random arrangements of the figures there are, and where their random numbers begin.

    Returns
    -------
    `HIGH_HIGH` to `ALONE`, or `LEFT_OUT`.
    """
    is_looked_at = np.isfinite(figures)
    pairs = touching[:, is_looked_at[touching].all(axis=0)]
    units, places = np.unique(pairs, return_inverse=True)
    numbers = np.full(len(figures), LEFT_OUT)
    if len(units) < LEAST_UNITS:
        return numbers
    numbers[is_looked_at] = ALONE
    numbers[units] = BY_CHANCE
    rates = figures[units]
    if np.ptp(rates) == 0:
        return numbers
    # With them comes scikit-learn, a second and 74 MB, which few readers ask for.
    from esda import Moran_Local, fdr
    from libpysal.graph import Graph

    focal, neighbour = places.reshape(pairs.shape)
    graph = Graph.from_arrays(focal, neighbour, np.ones(len(focal)))
    local = Moran_Local(rates, graph, permutations=permutations, seed=seed, keep_simulations=False)
    # Its p is that of the nearer side: it is doubled by halving what it is measured against.
    is_clear = local.p_sim < fdr(local.p_sim, FALSE_DISCOVERIES / 2)
    numbers[units[is_clear]] = _QUADRANTS[local.q[is_clear]]
    return numbers
