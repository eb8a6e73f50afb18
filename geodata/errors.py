"""What can be wrong with input: one exception carries every fault, each with place, value and remedy."""

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.language import Language, Message


@dataclass(frozen=True)
class Fault:
    """One fault of the input.

    Attributes
    ----------
    place
        Where it is, as its owner would look for it: ``wards.gpkg, row 12, column gso_code``.
    value
        What stands there, as text; empty where there is nothing.
    problem
        What is wrong.
    expected
        What would be right.
    """

    place: str
    value: str
    problem: Message
    expected: Message

    def render(self, language: Language) -> str:
        """Return the fault as one line of text in a language."""
        value = f" “{self.value}”" if self.value else ""
        return f"{self.place}{value}: {self.problem.render(language)} → {self.expected.render(language)}"


class GeodataError(Exception):
    """Input that can't be used. ``faults`` holds every fault that was found, not just the first.

    Parameters
    ----------
    faults
        At least one fault.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.render("en") for fault in self.faults))


class SourceError(GeodataError):
    """A file that is missing, unreadable or empty."""


class SchemaError(GeodataError):
    """A table that breaks the contract: a column, type, key or value."""


class CrsError(GeodataError):
    """Coordinates without a reference system, or outside the city in the one that is stated."""


class JoinError(GeodataError):
    """Rows that should meet and don't: a ward that is not in its vintage, a duplicate key."""
