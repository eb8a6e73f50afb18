"""How it is said where neighbouring wards have figures that are alike."""

from typing import Any

from dashboard.subjects.figures.model import WardClasses
from geodata.indicators.clusters import PERMUTATIONS
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

LEFT_OUT = message("Left out for want of data")

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
        "High and low: against the mean. Coloured: more alike, or unlike, those around than "
        "{permutations} random arrangements let expect; at most 5% of these are expected to be chance",
        permutations=number(PERMUTATIONS),
    )
    return {"title": ALIKE, "unit": joined(", ", [shown.measure.name, unit]), "about": [about]}
