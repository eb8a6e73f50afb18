"""Key figures as they stand on cards."""

from dataclasses import dataclass

from geodata.language import Words, joined, message
from geodata.language.numbers import number
from geodata.programme.inspections import InspectionCoverage


@dataclass(frozen=True)
class Card:
    """A key figure.

    Attributes
    ----------
    value
        The figure.
    caption
        Of what it is.
    hint
        What exactly is counted, for those who ask.
    """

    value: Words | str
    caption: Words
    hint: Words


@dataclass(frozen=True)
class CardGroup:
    """Key figures under one heading."""

    heading: Words
    cards: list[Card]
    is_illustrative: bool = False


def inspected_units(coverage: InspectionCoverage) -> Card:
    """Return how many units were inspected, else how many in part; that none is on record is no zero."""
    whole, partly = coverage.inspected_count, coverage.partly_inspected_count
    hint = message("Commune-level units inspected at least once")
    if not whole and not partly:
        return Card(message("not on record"), message("units"), hint)
    value = joined(" / ", [number(whole or partly), number(coverage.ward_count)])
    if not whole:
        return Card(value, message("units, each in part"), hint)
    return Card(
        value, message("units; {count} in part", count=number(partly)) if partly else message("units"), hint
    )
