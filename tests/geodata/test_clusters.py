"""Where neighbours are alike: what PySAL says itself, maps whose groups are known, and maps without any."""

import numpy as np
from esda import Moran_Local, fdr
from hypothesis import given
from hypothesis import strategies as st
from libpysal.weights import W, lat2W

from geodata.indicators.clusters import (
    ALONE,
    BY_CHANCE,
    HIGH_HIGH,
    HIGH_LOW,
    LEFT_OUT,
    LOW_HIGH,
    LOW_LOW,
    Floats,
    Ints,
    alike,
)

SIDE = 12


def pairs_of(weights: W) -> Ints:
    pairs = [(one, other) for one in sorted(weights.neighbors) for other in sorted(weights.neighbors[one])]
    return np.array(pairs).T


QUEEN = lat2W(SIDE, SIDE, rook=False)
TOUCHING = pairs_of(QUEEN)


def block(row: int, column: int) -> Ints:
    """Return the units of a block of five by five, by its first row and column."""
    steps = np.arange(5)
    return (SIDE * (row + steps[:, None]) + column + steps).ravel()


def made_map() -> tuple[Floats, Ints, Ints]:
    """Return figures with a high block that has a low unit in it, and a low one that has a high unit."""
    figures = 10 + np.random.default_rng(3).normal(0, 0.5, SIDE * SIDE)
    high, low = block(0, 0), block(7, 7)
    figures[high] += 10
    figures[low] -= 8
    figures[[high[12], low[12]]] = figures[[low[12], high[12]]]
    return figures, high, low


def test_the_classes_are_those_of_esda_called_directly() -> None:
    figures, *_ = made_map()
    found = alike(figures, TOUCHING)
    local = Moran_Local(figures, QUEEN, permutations=9_999, seed=1995)
    doubled = 2 * local.p_sim
    expected = np.where(
        doubled < fdr(doubled, 0.05),
        np.array([0, HIGH_HIGH, LOW_HIGH, LOW_LOW, HIGH_LOW])[local.q],
        BY_CHANCE,
    )
    assert set(found) >= {HIGH_HIGH, LOW_LOW, HIGH_LOW, LOW_HIGH, BY_CHANCE}
    assert found.tolist() == expected.tolist()


def test_groups_are_found_where_they_were_put_and_the_same_each_time() -> None:
    figures, high, low = made_map()
    found = alike(figures, TOUCHING)
    assert found[high[12]] == LOW_HIGH and found[low[12]] == HIGH_LOW
    assert set(np.flatnonzero(found == HIGH_HIGH)) <= set(high) and (found[high] == HIGH_HIGH).sum() >= 16
    assert set(np.flatnonzero(found == LOW_LOW)) <= set(low) and (found[low] == LOW_LOW).sum() >= 16
    assert found.tolist() == alike(figures, TOUCHING).tolist()


def test_of_100_random_maps_at_least_95_have_no_group() -> None:
    # Of 49 units a single one can be told from chance by 2.000 arrangements: 2 ÷ 2.000 < 5 % ÷ 49. As 10.000
    # do, they found a group in 50 of 1.000 such maps and, between the wards of the city, in 18 of 400.
    touching = pairs_of(lat2W(7, 7, rook=False))
    random = np.random.default_rng(16)
    found = [alike(random.gamma(2, size=49), touching, permutations=1_999) for _ in range(100)]
    assert sum(bool((one != BY_CHANCE).any()) for one in found) <= 5


def test_units_left_out_are_nobodys_neighbours() -> None:
    figures, high, low = made_map()
    figures[[*high, *low]] = np.nan
    # The unit in a corner keeps its figure, and has no neighbour that does.
    figures[0] = 90.0
    found = alike(figures, TOUCHING)
    assert found[0] == ALONE
    assert (found[high[1:]] == LEFT_OUT).all() and (found[low] == LEFT_OUT).all()
    rest = np.flatnonzero(np.isfinite(figures))[1:]
    # An island has no part in the others' mean either.
    place = {unit: at for at, unit in enumerate(rest.tolist())}
    own = np.array([(place[a], place[b]) for a, b in TOUCHING.T.tolist() if a in place and b in place]).T
    assert found[rest].tolist() == alike(figures[rest], own).tolist()


def test_few_units_and_equal_figures_have_no_groups() -> None:
    figures = np.full(SIDE * SIDE, np.nan)
    figures[:29] = np.arange(29.0)
    assert set(alike(figures, TOUCHING)) == {LEFT_OUT}
    figures[:30] = 4.0
    assert set(alike(figures, TOUCHING)) == {LEFT_OUT, BY_CHANCE}
    assert set(alike(np.full(SIDE * SIDE, np.nan), TOUCHING)) == {LEFT_OUT}


@given(scale=st.floats(0.001, 1_000), shift=st.floats(-100, 100))
def test_neither_the_unit_nor_the_zero_of_a_figure_matters(scale: float, shift: float) -> None:
    figures, *_ = made_map()
    expected = alike(figures, TOUCHING, permutations=199)
    assert alike(scale * figures + shift, TOUCHING, permutations=199).tolist() == expected.tolist()
