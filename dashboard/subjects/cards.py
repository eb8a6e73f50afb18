"""Key figures as they stand on cards."""

from dataclasses import dataclass

from geodata.language import Words


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
