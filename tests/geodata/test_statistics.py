"""Intervals and limits of chance: against what others reckoned, against exact laws, and on made cities."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geodata.indicators.statistics import (
    LEAST_EVENTS,
    SIDES,
    byar,
    count_limits,
    rate_funnel,
    rates_differ,
    share_funnel,
    share_limits,
    shared_ranks,
    shares_differ,
    wilson,
)
from tests.conftest import REAL_BOUNDARIES

CITIES = 1000
WARDS = 114


@pytest.fixture(scope="module")
def oracles() -> Path:
    folder = REAL_BOUNDARIES.parent / "oracles"
    if not folder.is_dir():
        pytest.skip("no folder “oracles” beside the one that PILOT_WARDS_BOUNDARIES names")
    return folder


def test_intervals_and_limits_are_those_that_others_reckoned(oracles: Path) -> None:
    known = pd.read_csv(oracles / "byars_wilson.csv")
    for row in known.to_dict("records"):
        confidence = float(row["confidence"].rstrip("%")) / 100
        is_count = row["method"] == "Byars"
        found = byar(row["x"], confidence) if is_count else wilson(row["x"], row["n"], confidence)
        # Where Byar's approximation leaves the numbers there are, they have none and we have 0.
        assert np.allclose(found, np.nan_to_num([row["lowercl"], row["uppercl"]]), rtol=0, atol=1e-6)

    shares = pd.read_csv(oracles / "testdata_funnel_prop_outputs.csv")
    inputs = pd.read_csv(oracles / "testdata_funnel_prop_inputs.csv", encoding="utf-8-sig")
    mean = inputs["numerator"].sum() / inputs["denominator"].sum()
    assert 100 * mean == pytest.approx(shares["Baseline"].iloc[0], abs=1e-6)
    rates = pd.read_csv(oracles / "testdata_funnel_rate_outputs.csv")
    for side, of_share, of_rate in zip(SIDES, ("2s0025", "3s0001"), ("2s", "3s"), strict=True):
        limits = share_limits(mean, shares["Population"], side)
        for name, limit in zip(("Lower", "Upper"), limits, strict=True):
            assert np.allclose(100 * limit, shares[f"{name}{of_share}limit"], rtol=0, atol=1e-6)
        least, most = count_limits(rates["Events"], side)
        for name, limit in (("lower", most), ("upper", least)):
            # Three years of events per 100.000 residents of one.
            expected = rates[f"{name}_{of_rate}_population_1_year"] * 3 * rates["baseline"] / 1e5
            assert np.allclose(limit, expected, rtol=1e-6, atol=1e-6)


def test_units_of_others_lie_where_they_found_them(oracles: Path) -> None:
    inputs = pd.read_csv(oracles / "testdata_funnel_prop_inputs.csv", encoding="utf-8-sig")
    sides = {"High (0.001)": 2, "High (0.025)": 1, "Not significant": 0, "Low (0.025)": -1, "Low (0.001)": -2}
    above, below = (inputs[name].to_numpy("float64") for name in ("numerator", "denominator"))
    funnel = share_funnel(above, below)
    assert funnel.dispersion > 1
    # They do not adjust for overdispersion.
    outside = np.zeros(len(inputs), dtype="int64")
    for side in SIDES:
        low, high = share_limits(funnel.mean, below, side)
        outside += (above / below > high).astype("int64") - (above / below < low)
    assert outside.tolist() == inputs["significance"].map(sides).tolist()
    assert (np.abs(funnel.outside) <= np.abs(outside)).all()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (byar(65), (50.163187710, 82.849138546)),
        (byar(1), (0.013072132, 5.563755752)),
        (byar(0), (0, 3.668011832)),
        (byar(1045, 0.998), (947.940703706, 1148.806160989)),
        (wilson(65, 100), (0.552544433, 0.736357518)),
        (wilson(0, 20), (0, 0.161125158)),
        (share_limits(0.80642448, 3, 0.001), (0.10150815, 1)),
        (share_limits(0.80642448, 2, 0.025), (0.25885383, 1)),
        (count_limits(1, 0.025), (0.025317808, 5.571643391)),
        (count_limits(0, 0.001), (0, 6.907755279)),
    ],
)
def test_figures_that_are_known(found: tuple[np.ndarray, np.ndarray], expected: tuple[float, float]) -> None:
    assert np.allclose(found, expected, rtol=0, atol=1e-6)


def test_what_is_missing_has_no_interval() -> None:
    assert np.isnan(byar(np.nan)).all()
    assert np.isnan(wilson(0, 0)).all()
    assert np.isnan(wilson(np.nan, np.nan)).all()


@given(count=st.floats(0, 5000), confidence=st.sampled_from([0.95, 0.998]))
def test_an_interval_holds_its_count(count: float, confidence: float) -> None:
    low, high = byar(count, confidence)
    assert 0 <= low <= count < high


@given(n=st.integers(1, 5000), of_100=st.integers(0, 100))
def test_an_interval_holds_its_share(n: int, of_100: int) -> None:
    above = n * of_100 // 100
    low, high = wilson(above, n)
    assert low <= above / n + 1e-12
    assert high >= above / n - 1e-12
    assert -1e-12 <= low < high <= 1 + 1e-12


@given(count=st.integers(0, 500), side=st.sampled_from(SIDES))
def test_limits_of_a_count_are_exact(count: int, side: float) -> None:
    low, high = count_limits(count, side)
    assert stats.poisson.cdf(count, high) == pytest.approx(side)
    if count:
        assert stats.poisson.sf(count - 1, low) == pytest.approx(side)


@pytest.mark.parametrize("kind", ["rate", "share"])
def test_in_cities_without_any_difference_hardly_a_unit_is_called_high_or_low(kind: str) -> None:
    draw = np.random.default_rng(14)
    called = {1: 0, 2: 0}
    for _ in range(CITIES):
        size = np.asarray(draw.lognormal(np.log(30), 0.6, WARDS), dtype=np.float64)
        if kind == "rate":
            outside = rate_funnel(draw.poisson(draw.uniform(0.2, 3) * size).astype("float64"), size).outside
        else:
            n = np.asarray(np.round(size * draw.uniform(1, 20)) + 1, dtype=np.float64)
            outside = share_funnel(
                draw.binomial(n.astype("int64"), draw.uniform(0.05, 0.97)).astype("float64"), n
            ).outside
        for limit in called:
            called[limit] += int((np.abs(outside) >= limit).sum())
    units = CITIES * WARDS
    assert called[1] / units <= 0.05
    assert called[2] / units <= 0.003
    # It is no test that nothing can fail: some are outside by chance.
    assert called[1] / units > 0.01


def test_units_that_differ_are_called() -> None:
    size = np.full(50, 30.0)
    count = np.full(50, 30.0)
    count[0], count[1], count[2] = 75, 45, 12
    assert rate_funnel(count, size).outside[:3].tolist() == [2, 1, -2]
    n = np.full(50, 200.0)
    above = np.full(50, 100.0)
    above[0], above[1] = 140, 66
    assert share_funnel(above, n).outside[:3].tolist() == [2, -2, 0]


def test_limits_widen_where_all_units_differ() -> None:
    draw = np.random.default_rng(3)
    size = np.asarray(draw.lognormal(np.log(100), 0.4, 200), dtype=np.float64)
    mixed = rate_funnel(draw.poisson(size * draw.lognormal(0, 0.3, 200)).astype("float64"), size)
    assert mixed.dispersion > 3
    assert (mixed.outside != 0).mean() < 0.15


def test_too_few_events_and_missing_units_are_outside_of_nothing() -> None:
    count = np.array([9.0, 10.0, np.nan, *[100.0] * 20])
    funnel = rate_funnel(count, np.array([1.0, 1.0, 1.0, *[100.0] * 20]))
    assert funnel.outside[:4].tolist() == [0, 2, 0, 0]
    assert funnel.mean == pytest.approx(2019 / 2002)
    nothing = rate_funnel(np.array([np.nan]), np.array([1.0]))
    assert np.isnan(nothing.mean)
    assert share_funnel(np.array([float(LEAST_EVENTS - 1)]), np.array([2000.0])).outside.tolist() == [0]


@pytest.mark.parametrize("kind", ["rate", "share"])
@pytest.mark.parametrize("side", SIDES)
def test_lines_of_the_plot_part_those_outside_from_those_within(kind: str, side: float) -> None:
    draw = np.random.default_rng(8)
    size = np.asarray(np.round(draw.uniform(20, 300, 400)), dtype=np.float64)
    limit = SIDES.index(side) + 1
    if kind == "rate":
        count = draw.poisson(0.9 * size * draw.choice([0.5, 1, 1.8], 400, p=[0.04, 0.92, 0.04])).astype(
            "float64"
        )
        funnel, figure = rate_funnel(count, size), count / size
    else:
        shares = draw.choice([0.3, 0.5, 0.7], 400, p=[0.04, 0.92, 0.04])
        count = draw.binomial(size.astype("int64"), shares).astype("float64")
        funnel, figure = share_funnel(count, size), count / size
    below, low, above, high = funnel.limits(330, side, 4000)
    order = np.argsort(below)
    is_low = figure < np.interp(size, below[order], low[order]) - 1e-3
    is_high = figure > np.interp(size, above, high) + 1e-3
    is_enough = np.minimum(count, size - count if kind == "share" else count) >= LEAST_EVENTS
    assert (funnel.outside[is_high & is_enough] >= limit).all()
    assert (funnel.outside[is_low & is_enough] <= -limit).all()
    assert is_high.any()
    assert is_low.any()


def test_two_rates_and_two_shares_differ_or_do_not() -> None:
    def of(*values: float) -> np.ndarray:
        return np.array(values, dtype="float64")

    year = of(365, 365, 365)
    assert rates_differ((of(100, 100, 0), of(150, 110, 0)), (year, year)).tolist() == [True, False, False]
    found = shares_differ((of(90, 9), of(70, 7)), (of(100, 10), of(100, 10)))
    assert found.tolist() == [True, False]


def test_equal_as_shown_is_equal_in_rank() -> None:
    figures = np.array([0.1 + 0.2, 0.3, 1.0, np.nan, 0.304])
    assert shared_ranks(figures, 2, is_lowest_first=True)[[0, 1, 2, 4]].tolist() == [1, 1, 4, 1]
    assert shared_ranks(figures, 3, is_lowest_first=False)[[0, 1, 2, 4]].tolist() == [3, 3, 1, 2]
    assert np.isnan(shared_ranks(figures, 2, is_lowest_first=True)[3])


@given(
    st.lists(st.one_of(st.floats(0, 100), st.integers(0, 5).map(float), st.just(np.nan)), max_size=40),
    st.booleans(),
)
def test_equal_figures_share_the_rank_that_pandas_gives(figures: list[float], is_lowest_first: bool) -> None:
    rounded = pd.Series(np.round(figures, 3), dtype="float64")
    expected = rounded.rank(method="min", ascending=is_lowest_first).to_numpy()
    found = shared_ranks(np.array(figures, dtype="float64"), 3, is_lowest_first=is_lowest_first)
    np.testing.assert_array_equal(found, expected)
