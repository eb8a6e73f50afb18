"""What a figure means: one text for the docstring of its function and for the page of methods."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from geodata.language import Message

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Definition:
    """The definition of a figure, to be read in either language.

    Attributes
    ----------
    name
        What the figure is called.
    formula
        How it is reckoned, and when it is missing.
    unit
        Its unit or units.
    source
        Where its inputs come from, by layer, and what the formula rests on.
    """

    name: Message
    formula: Message
    unit: Message
    source: Message

    def documents(self, function: F) -> F:
        """Return a function with this definition, in English, at the end of its docstring."""
        lines = [
            inspect.cleandoc(function.__doc__ or ""),
            "",
            "Definition",
            "----------",
            f"{self.name.render('en')}. {self.formula.render('en')}",
            "",
            f"Unit: {self.unit.render('en')}. Source: {self.source.render('en')}.",
        ]
        function.__doc__ = "\n".join(lines)
        return function
