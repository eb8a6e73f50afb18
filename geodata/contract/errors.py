"""What can be wrong with input: one exception carries every fault, each with place, value and remedy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from geodata.language import Language, Message, translate


@dataclass(frozen=True)
class Fault:
    """One fault of the input.

    Attributes
    ----------
    file
        The file, or the layer of the contract, that holds it.
    value
        What stands there, as text; empty where there is nothing.
    problem
        What is wrong.
    expected
        What would be right.
    row
        Its row as the file's owner counts: a spreadsheet's header is row 1, a layer's first unit is row 1.
    column
        The name of its column, or of several.
    sheet
        The sheet of a workbook that holds it.
    """

    file: str
    value: str
    problem: Message
    expected: Message
    row: int | None = None
    column: str = ""
    sheet: str = ""

    def place(self, language: Language) -> str:
        """Return where the fault is, as in ``wards.gpkg, row 12, gso_code``."""
        sheet = translate("sheet {name}", language, name=self.sheet) if self.sheet else ""
        row = "" if self.row is None else translate("row {number}", language, number=self.row)
        return ", ".join(part for part in (self.file, sheet, row, self.column) if part)

    def render(self, language: Language) -> str:
        """Return the fault as one line of text in a language."""
        value = f" “{self.value}”" if self.value else ""
        problem, expected = self.problem.render(language), self.expected.render(language)
        return f"{self.place(language)}{value}: {problem} → {expected}"


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

    def __reduce__(self) -> tuple[type["GeodataError"], tuple[tuple[Fault, ...]]]:
        """Let it pass from one process to another."""
        return type(self), (self.faults,)

    @classmethod
    def of(
        cls, file: str, value: str, problem: Message, expected: Message, *, row: int | None = None
    ) -> Self:
        """Return the error of one fault; see `Fault`."""
        return cls([Fault(file, value, problem, expected, row)])


class SourceError(GeodataError):
    """A file that is missing, unreadable or empty."""


class SchemaError(GeodataError):
    """A table that breaks the contract: a column, type, key or value."""


class CrsError(GeodataError):
    """Coordinates without a reference system, or outside the city in the one that is stated."""


class JoinError(GeodataError):
    """Rows that should meet and don't: a ward that is not in its vintage, a duplicate key."""
