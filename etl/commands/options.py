"""Options in groups: a command takes a dataclass, and each of its fields is an option of its own."""

import functools
import inspect
from collections.abc import Callable
from typing import Any


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command as Typer reads it, with the fields of its dataclasses in their place."""
    taken = inspect.signature(command, eval_str=True).parameters
    kinds: dict[str, Any] = {name: one.annotation for name, one in taken.items()}
    groups = {
        name: (kind, inspect.signature(kind, eval_str=True).parameters)
        for name, kind in kinds.items()
        if hasattr(kind, "__dataclass_fields__")
    }

    @functools.wraps(command)
    def run(**given: Any) -> None:
        made = {
            name: group(**{field: given.pop(field) for field in fields})
            for name, (group, fields) in groups.items()
        }
        command(**made, **given)

    options = [
        option.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, one in taken.items()
        for option in (groups[name][1].values() if name in groups else [one])
    ]
    run.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    return run
