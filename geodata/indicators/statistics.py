"""Intervals of counts and shares, and the limits within which chance alone explains how units differ.

Sources
-------
Byar's interval of a count: N. E. Breslow, N. E. Day, Statistical Methods in Cancer Research, vol. II, 1987.
Wilson's interval of a share: E. B. Wilson, J. Am. Stat. Assoc. 22, 1927; of the difference of two: R. G.
Newcombe, Stat. Med. 17, 1998, method 10. Funnel limits and their adjustment: D. J. Spiegelhalter, Stat. Med.
24, 2005: the multiplicative model, φ from z-scores that are winsorised at 10 %; the z-score of a count on the
scale of square roots as in D. Spiegelhalter et al., J. R. Stat. Soc. A 175, 2012.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from geodata.contract.definition import Definition
from geodata.language import message

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Pair = tuple[Floats, Floats]

CONFIDENCE = 0.95
"""Of the intervals that stand beside figures."""

LEAST_EVENTS = 10
"""Fewer events give no percentage, no rank and no headline: each single one would move them too far."""

SIDES = (0.025, 0.001)
"""What chance leaves beyond each side of the limits of 95 and of 99,8 %."""

WINSORISED = 0.1
"""So large a share of the z-scores at each end counts as if it lay where that share begins."""


INTERVAL = Definition(
    name=message("95% intervals"),
    formula=message(
        "Of a count by Byar's method, divided by what the count is set against; of a share by Wilson's. A "
        "level is no count of events and has none"
    ),
    unit=message("that of the figure"),
    source=message("Breslow and Day 1987; Wilson 1927"),
)

FUNNEL = Definition(
    name=message("Limits of chance (funnel plot)"),
    formula=message(
        "Around the rate of all units that reported enough together. Of a rate: a unit lies outside where "
        "the exact Poisson interval of its count, 95 or 99.8%, leaves out the count that this rate leads to "
        "expect; of a share: mean ± z √(φ p (1 − p) ÷ n). φ ≥ 1 is the mean of the squared z-scores of all "
        "units, winsorised at 10% (multiplicative model); counts are divided by it first. A unit with fewer "
        "than 10 events is never outside. Of 100 units that do not differ, chance alone puts up to 5 outside "
        "95%, and not even one outside 99.8%; so a headline names only units outside 99.8%"
    ),
    unit=message("that of the figure"),
    source=message("Spiegelhalter 2005 and 2012"),
)


def _z(side: float) -> float:
    return float(-special.ndtri(side))


@INTERVAL.documents
def byar(count: Any, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Return the lower and the upper limit of counts, which need not be whole; NaN where a count is."""
    count = np.asarray(count, dtype="float64")
    z = _z((1 - confidence) / 2)
    more = count + 1
    with np.errstate(divide="ignore", over="ignore"):
        root = 1 - 1 / (9 * count) - z / (3 * np.sqrt(count))
    # Of a fraction of an event the approximation would fall below 0.
    low = count * np.maximum(root, 0) ** 3
    return low, more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3


@INTERVAL.documents
def wilson(numerator: Any, denominator: Any, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Return the lower and the upper limit of shares, from 0 to 1; NaN where nothing stands below."""
    above, n = (np.asarray(of, dtype="float64") for of in (numerator, denominator))
    z2 = _z((1 - confidence) / 2) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (2 * above + z2) / (2 * (n + z2))
        half = np.sqrt(z2 * (z2 + 4 * above * (1 - above / n))) / (2 * (n + z2))
    known = n > 0
    return np.where(known, middle - half, np.nan), np.where(known, middle + half, np.nan)


def rates_differ(counts: Pair, exposures: Pair) -> npt.NDArray[np.bool_]:
    """Return where two rates differ by more than chance: 95 %, by the first one's share of all events.

    Without any difference it is the share of its exposure, which Wilson's interval then holds.
    """
    low, high = wilson(counts[0], counts[0] + counts[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = exposures[0] / (exposures[0] + exposures[1])
    return (share < low) | (share > high)


def shares_differ(numerators: Pair, denominators: Pair) -> npt.NDArray[np.bool_]:
    """Return where two shares differ by more than chance: 95 %, by Newcombe's interval."""
    (low, high), (other_low, other_high) = (
        wilson(*one) for one in zip(numerators, denominators, strict=True)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (above / n for above, n in zip(numerators, denominators, strict=True))
    apart = first - second
    least = apart - np.hypot(first - low, other_high - second)
    most = apart + np.hypot(high - first, second - other_low)
    return (least > 0) | (most < 0)


def count_limits(count: Any, side: float, dispersion: float = 1) -> tuple[Floats, Floats]:
    """Return the means of which a count is only just that high, and only just that low: exact, by Poisson.

    Parameters
    ----------
    count
        Counts of events.
    side
        What is left beyond each limit, see `SIDES`.
    dispersion
        φ: variance ÷ mean; counts are divided by it.
    """
    scaled = np.asarray(count, dtype="float64") / dispersion
    low = special.gammaincinv(np.where(scaled > 0, scaled, 1), side)
    return dispersion * np.where(scaled > 0, low, 0), dispersion * special.gammainccinv(scaled + 1, side)


def share_limits(mean: float, denominator: Any, side: float, dispersion: float = 1) -> tuple[Floats, Floats]:
    """Return between which shares, from 0 to 1, chance leaves units of the mean; see `FUNNEL`."""
    n = np.asarray(denominator, dtype="float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        half = _z(side) * np.sqrt(dispersion * mean * (1 - mean) / n)
    return np.clip(mean - half, 0, 1), np.clip(mean + half, 0, 1)


@dataclass(frozen=True, eq=False)
class Funnel:
    """How units stand to the limits of chance; see `FUNNEL`.

    Attributes
    ----------
    kind
        ``rate``: events ÷ exposure; ``share``: numerator ÷ denominator.
    mean
        Of all units that take part, NaN where none does.
    dispersion
        φ, at least 1.
    outside
        By unit: 1 above the limit of 95 %, 2 of 99,8 %; −1 and −2 below; 0 within, or of too few events.
    """

    kind: Literal["rate", "share"]
    mean: float
    dispersion: float
    outside: Ints

    def limits(
        self, most: float, side: float, point_count: int = 80
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Return both limits as lines: where the lower and the upper one lie, see the order below.

        Parameters
        ----------
        most
            Greatest exposure, or denominator, that is shown.
        side
            See `SIDES`.
        point_count
            Of each line.

        Returns
        -------
        Exposures and values of the lower line, exposures and values of the upper one.
        """
        steps = np.linspace(0, 1, point_count + 1)[1:] ** 2
        if self.kind == "share":
            at = most * steps
            low, high = share_limits(self.mean, at, side, self.dispersion)
            return at, low, at, high
        # A line is found by its events: at each number of them, the exposure at which it touches the limit.
        events = 1.5 * self.mean * most * steps + self.dispersion * (0.5 + 4 * steps)
        least, greatest = count_limits(events, side, self.dispersion)
        below, above = greatest / self.mean, least / self.mean
        return below, events / below, above, events / above


@FUNNEL.documents
def rate_funnel(count: Floats, exposure: Floats) -> Funnel:
    """Return how rates stand to the limits of chance.

    Parameters
    ----------
    count, exposure
        Events of each unit, and what they are set against; NaN for units that take no part.
    """
    known = np.isfinite(count) & np.isfinite(exposure) & (exposure > 0)
    if not known.any() or not count[known].sum():
        return Funnel("rate", np.nan, 1.0, np.zeros(len(count), dtype="int64"))
    mean = float(count[known].sum() / exposure[known].sum())
    expected = np.where(known, mean * exposure, np.nan)
    dispersion = _dispersion(2 * (np.sqrt(count[known]) - np.sqrt(expected[known])))
    outside = np.zeros(len(count), dtype="int64")
    is_enough = known & (count >= LEAST_EVENTS)
    for side in SIDES:
        low, high = count_limits(np.where(is_enough, count, 1), side, dispersion)
        outside += is_enough * ((low > expected).astype("int64") - (high < expected))
    return Funnel("rate", mean, dispersion, outside)


@FUNNEL.documents
def share_funnel(numerator: Floats, denominator: Floats) -> Funnel:
    """Return how shares stand to the limits of chance.

    Parameters
    ----------
    numerator, denominator
        Of each unit, NaN for those that take no part. One with fewer than 10 of either sort is never outside.
    """
    known = np.isfinite(numerator) & np.isfinite(denominator) & (denominator > 0)
    if not known.any():
        return Funnel("share", np.nan, 1.0, np.zeros(len(numerator), dtype="int64"))
    mean = float(numerator[known].sum() / denominator[known].sum())
    dispersion = 1.0
    share = np.where(known, numerator, np.nan) / np.where(known, denominator, np.nan)
    if 0 < mean < 1:
        deviation = np.sqrt(mean * (1 - mean) / denominator[known])
        dispersion = _dispersion((share[known] - mean) / deviation)
    is_enough = known & (np.minimum(numerator, denominator - numerator) >= LEAST_EVENTS)
    outside = np.zeros(len(numerator), dtype="int64")
    for side in SIDES:
        low, high = share_limits(mean, np.where(known, denominator, np.nan), side, dispersion)
        outside += is_enough * ((share > high).astype("int64") - (share < low))
    return Funnel("share", mean, dispersion, outside)


def _dispersion(z: Floats) -> float:
    """Return φ of z-scores that are winsorised; chance alone makes it 1, and less is taken for 1."""
    low, high = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    return max(1.0, float(np.mean(np.clip(z, low, high) ** 2)))


def shared_ranks(figures: Floats, digits: int, *, is_lowest_first: bool) -> Floats:
    """Return the rank of each figure, 1 for the best; equal as shown is equal, NaN where missing.

    Parameters
    ----------
    figures
        They are compared as they are shown: float noise parts none.
    digits
        After the decimal mark.
    is_lowest_first
        Whether the lowest is the first.
    """
    ranks = np.full(len(figures), np.nan)
    known = np.isfinite(figures)
    shown = np.round(figures[known], digits)
    _, place, counts = np.unique(shown, return_inverse=True, return_counts=True)
    up_to = np.cumsum(counts)
    ahead = up_to - counts if is_lowest_first else len(place) - up_to
    ranks[known] = 1 + ahead[place]
    return ranks
