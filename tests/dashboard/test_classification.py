"""Classes of figures: bounds by each method, colours that tell better from worse, and what is missing."""

from itertools import pairwise

import numpy as np
import pytest

from dashboard.subjects.figures import classification
from dashboard.subjects.figures.classification import MISSING


def bounds(values: list[float], method: str, class_count: int) -> list[float]:
    return classification.bounds(np.array(values, dtype="float64"), method, class_count)


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_quantiles_hold_alike_many() -> None:
    assert bounds([1, 2, 3, 4, 5, 6], "quantiles", 3) == [2.67, 4.33]


def test_equal_intervals_are_equally_wide() -> None:
    assert bounds([0, 1, 1, 10], "equal", 5) == [2, 4, 6, 8]


def test_natural_breaks_part_what_lies_apart() -> None:
    assert bounds([1, 2, 3, 50, 51, 52, 90, 91], "natural", 3) == [3, 52]


def test_standard_deviations_lie_on_both_sides_of_the_mean() -> None:
    values = [2.0, 4, 4, 4, 5, 5, 7, 9]
    mean, deviation = np.mean(values), np.std(values, ddof=1)
    expected = [mean - deviation, mean, mean + deviation]
    assert bounds(values, "deviation", 4) == pytest.approx(expected, rel=0.005)


def test_own_bounds_stay_as_they_are() -> None:
    assert classification.bounds(np.array([1.0, 2.0]), "own", 5, (10, 20.5, 50)) == [10, 20.5, 50]


@pytest.mark.parametrize("method", ["quantiles", "natural", "equal", "deviation"])
@pytest.mark.parametrize("class_count", range(3, 8))
def test_no_method_gives_more_classes_than_asked_for(method: str, class_count: int) -> None:
    values = np.random.default_rng(1).gamma(2, 5, 500)
    found = classification.bounds(values, method, class_count)
    assert found == sorted(set(found)) and 1 <= len(found) < class_count


@pytest.mark.parametrize("method", ["quantiles", "natural", "equal", "deviation"])
@pytest.mark.parametrize("values", [[], [np.nan], [3.0, 3.0, 3.0]])
def test_figures_that_are_alike_or_missing_have_no_bounds(method: str, values: list[float]) -> None:
    assert bounds(values, method, 5) == []


def test_many_equal_figures_make_fewer_classes_and_none_is_empty_by_its_bounds() -> None:
    assert bounds([0, 0, 0, 0, 0, 0, 1, 2], "quantiles", 5) == [0, 0.6]
    assert bounds([80, 90, 99.96, 100, 100, 100], "quantiles", 3) == [96.6]


def test_a_figure_equal_to_a_bound_belongs_to_the_class_below_and_a_missing_one_to_none() -> None:
    numbers = classification.class_numbers(np.array([0, 2, 2.1, 9, np.nan]), [2, 5])
    assert numbers.tolist() == [0, 0, 1, 2, MISSING]


@pytest.mark.parametrize("class_count", range(1, 8))
def test_the_worse_the_darker(class_count: int) -> None:
    for direction in ("lower", "context"):
        light = [lightness(colour) for colour in classification.colours(direction, class_count)]
        assert light == sorted(light, reverse=True)
    light = [lightness(colour) for colour in classification.colours("higher", class_count)]
    assert light == sorted(light)
    assert len(light) == class_count


@pytest.mark.parametrize("direction", ["lower", "higher", "context"])
def test_seven_classes_are_told_apart_by_lightness_alone(direction: str) -> None:
    # As L* of CIELAB, which is even to the eye and the same for colour-blind ones.
    levels = [116 * lightness(colour) ** (1 / 3) - 16 for colour in classification.colours(direction, 7)]
    assert min(abs(one - other) for one, other in pairwise(levels)) > 5


def test_two_figures_are_darkest_where_both_are_worse() -> None:
    both_lower = classification.two_colours("lower", "lower")
    assert min(both_lower, key=lightness) == both_lower[8]
    worse_when_high_and_low = classification.two_colours("lower", "higher")
    assert min(worse_when_high_and_low, key=lightness) == worse_when_high_and_low[6]
    assert len(set(both_lower)) == 9


def test_typed_bounds_are_read_with_decimal_commas() -> None:
    assert classification.read_bounds(" 10;20,5 ; 50 ") == [10, 20.5, 50]


@pytest.mark.parametrize("text", ["", "10", "20; 10", "10; 10", "1;2;3;4;5;6;7", "a; b", "1; inf"])
def test_what_are_no_bounds_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        classification.read_bounds(text)


def test_the_histogram_counts_each_figure_once_and_takes_the_classes_colours() -> None:
    bars = classification.histogram(np.array([0, 1, 9, 10, np.nan]), [5], bin_count=5)
    assert bars == {
        "counts": [2, 0, 0, 0, 2],
        "places": [0.5],
        "classes": [0, 0, 0, 1, 1],
        "ends": [0, 10],
    }
    assert classification.histogram(np.array([np.nan]), [5])["counts"] == []
    assert classification.histogram(np.array([3.0, 3.0]), [])["counts"] == [2]
