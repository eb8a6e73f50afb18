"""Writes the forms of `dashboard.ui.frontend_state` as TypeScript: ``python -m tools.frontend_types``."""

import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from dashboard.ui import control_state, fetched_state, frontend_state
from geodata.language import Words

FILE = Path(frontend_state.__file__).parents[1] / "frontend" / "state.d.ts"
HEADING = "// What the server sends, written from dashboard/ui/*_state.py by tools/frontend_types.py."
_NAMES = {
    str: "string",
    Words: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    types.NoneType: "null",
}


def declarations() -> str:
    """Return an interface for each form, in the order in which they are stated."""
    forms = {**vars(frontend_state), **vars(fetched_state), **vars(control_state)}.values()
    return "\n".join([HEADING, *(_interface(form) for form in forms if is_typeddict(form))])


def _interface(form: Any) -> str:
    fields = get_type_hints(form, include_extras=True)
    lines = [
        f"  {name}{'?' if name in form.__optional_keys__ else ''}: {_type(of)};"
        for name, of in fields.items()
    ]
    return "\n".join([f"export interface {form.__name__} {{", *lines, "}", ""])


def _type(of: Any) -> str:
    """Return a type of Python's in TypeScript; raise `KeyError` for one that has no form in JSON."""
    origin, arguments = get_origin(of), get_args(of)
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(_type(one) for one in arguments))
    if origin is NotRequired:
        return _type(arguments[0])
    if origin is Mapping:
        return f"Record<string, {_type(arguments[1])}>"
    if origin is Sequence:
        item = _type(arguments[0])
        return f"({item})[]" if "|" in item else f"{item}[]"
    if origin is tuple:
        return f"[{', '.join(_type(one) for one in arguments)}]"
    return of.__name__ if is_typeddict(of) else _NAMES[of]


if __name__ == "__main__":
    FILE.write_text(declarations(), encoding="utf-8")
