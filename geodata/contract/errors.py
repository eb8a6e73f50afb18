"""What can be wrong with input: one exception carries every fault, each with place, value and remedy."""

import re
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
        return _place(self, language)

    def render(self, language: Language) -> str:
        """Return the fault as one line of text in a language."""
        value = f" “{self.value}”" if self.value else ""
        problem, expected = self.problem.render(language), self.expected.render(language)
        return f"{self.place(language)}{value}: {problem} → {expected}"


@dataclass(frozen=True)
class Note:
    """What was made of something in the input that is no fault: left out, converted, taken for something.

    Attributes
    ----------
    file, value, row, column, sheet
        See `Fault`.
    told
        What was made of it.
    """

    file: str
    value: str
    told: Message
    row: int | None = None
    column: str = ""
    sheet: str = ""

    def place(self, language: Language) -> str:
        """Return where it is; see `Fault.place`."""
        return _place(self, language)

    def render(self, language: Language) -> str:
        """Return the note as one line of text in a language."""
        value = f" “{self.value}”" if self.value else ""
        return f"{self.place(language)}{value}: {self.told.render(language)}"


def _place(found: Fault | Note, language: Language) -> str:
    sheet = translate("sheet {name}", language, name=found.sheet) if found.sheet else ""
    row = "" if found.row is None else translate("row {number}", language, number=found.row)
    place = (row, found.column)
    if found.sheet and found.row and re.fullmatch("[A-Z]{1,3}", found.column):
        place = ("", f"{found.column}{found.row}")
    return ", ".join(part for part in (found.file, sheet, *place) if part)


class GeodataError(Exception):
    """Input that can't be used. ``faults`` holds every fault that was found, not just the first.

    Parameters
    ----------
    faults
        At least one fault.
    notes
        What of the same input was left out, converted or taken for something.
    """

    def __init__(self, faults: Sequence[Fault], notes: Sequence[Note] = ()) -> None:
        self.faults = tuple(faults)
        self.notes = tuple(notes)
        super().__init__("; ".join(fault.render("en") for fault in self.faults))

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
