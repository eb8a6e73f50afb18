"""How it is said where neighbouring wards have figures that are alike."""

from typing import Any

from dashboard.subjects.figures.model import WardClasses
from geodata.indicators.clusters import (
    ALONE,
    BY_CHANCE,
    HIGH_HIGH,
    HIGH_LOW,
    LEAST_UNITS,
    LOW_HIGH,
    LOW_LOW,
    PERMUTATIONS,
)
from geodata.indicators.comparison import LEAST_REPORTED_PCT
from geodata.indicators.statistics import LEAST_EVENTS
from geodata.language import Words, joined, message
from geodata.language.numbers import number

ALIKE = message("Where neighbouring units are alike")

_LABELS = {
    HIGH_HIGH: message("High among high"),
    LOW_LOW: message("Low among low"),
    HIGH_LOW: message("High among low"),
    LOW_HIGH: message("Low among high"),
    BY_CHANCE: message("As chance explains"),
    ALONE: message("No neighbours that are looked at"),
}
LABELS: list[Words] = [_LABELS[number] for number in sorted(_LABELS)]
"""Names of the classes, in their order."""

LEFT_OUT = message(
    "Left out: reported below {least}% of days, fewer than {few}, a wide band, or fewer than {units} units "
    "in all",
    least=LEAST_REPORTED_PCT,
    few=LEAST_EVENTS,
    units=LEAST_UNITS,
)

_COUNTED = {
    HIGH_HIGH: message("high among high ({count})"),
    LOW_LOW: message("low among low ({count})"),
    HIGH_LOW: message("high among low ({count})"),
    LOW_HIGH: message("low among high ({count})"),
}


def headline(shown: WardClasses) -> Words:
    """Return how many units are alike to, or unlike, their neighbours, and no more than that."""
    name = shown.measure.name
    if not any(shown.counts[: len(LABELS)]):
        return message("{name}: too few data to compare neighbours", name=name)
    told = [words.of(count=number(shown.counts[at])) for at, words in _COUNTED.items() if shown.counts[at]]
    if not told:
        return message("{name}: neighbours are no more alike or unlike than chance explains", name=name)
    return message("{name}: units {told}, more than chance explains", name=name, told=joined(", ", told))


def legend(shown: WardClasses, unit: Words) -> dict[str, Any]:
    """Return the words of the legend, as `dashboard.ui.map.MapView.key` has them."""
    about = message(
        "High and low are against the mean of the units looked at. A unit has a colour where its own "
        "figure and those around it go together more than in {permutations} random arrangements; at most "
        "5% of the coloured ones are expected to be so by chance",
        permutations=number(PERMUTATIONS),
    )
    return {"title": ALIKE, "unit": joined(", ", [shown.measure.name, unit]), "about": [about]}
