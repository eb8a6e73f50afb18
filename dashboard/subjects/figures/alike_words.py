"""How it is said where neighbouring wards have figures that are alike."""

from typing import Any

from dashboard.subjects.figures.model import WardClasses
from geodata.indicators.clusters import LEAST_UNITS, PERMUTATIONS
from geodata.indicators.comparison import LEAST_REPORTED_PCT
from geodata.indicators.statistics import LEAST_EVENTS
from geodata.language import Words, joined, message
from geodata.language.numbers import number

ALIKE = message("Where neighbouring units are alike")

LABELS: list[Words] = [
    message("High among high"),
    message("Low among low"),
    message("High among low"),
    message("Low among high"),
    message("As chance explains"),
    message("No neighbours that are looked at"),
]
"""Names of the classes of `geodata.indicators.clusters`, in their order."""

LEFT_OUT = message(
    "Left out: reported below {least}% of days, fewer than {few}, a wide band, or fewer than {units} units "
    "in all",
    least=LEAST_REPORTED_PCT,
    few=LEAST_EVENTS,
    units=LEAST_UNITS,
)

_COUNTED = (
    message("high among high ({count})"),
    message("low among low ({count})"),
    message("high among low ({count})"),
    message("low among high ({count})"),
)


def headline(shown: WardClasses) -> Words:
    """Return how many units are alike to, or unlike, their neighbours, and no more than that."""
    name = shown.measure.name
    if not any(shown.counts[: len(LABELS)]):
        return message("{name}: too few data to compare neighbours", name=name)
    of_classes = zip(_COUNTED, shown.counts, strict=False)
    told = [words.of(count=number(count)) for words, count in of_classes if count]
    if not told:
        return message("{name}: neighbours are no more alike or unlike than chance explains", name=name)
    return message("{name}: units {told}, more than chance explains", name=name, told=joined(", ", told))


def legend(shown: WardClasses, unit: Words) -> dict[str, Any]:
    """Return the words of the legend, as `dashboard.ui.map.MapView.key` has them."""
    about = message(
        "High and low are against the mean of the units looked at. A unit has a colour where its own "
        "figure and those around it are more alike, or more unlike, than {permutations} random "
        "arrangements lead to expect; at most 5% of the coloured ones are expected to be so by chance",
        permutations=number(PERMUTATIONS),
    )
    return {"title": ALIKE, "unit": joined(", ", [shown.measure.name, unit]), "about": [about]}
