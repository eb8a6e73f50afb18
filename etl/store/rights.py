"""What an account may do, and where: the one place that decides, for pages, files, commands and messages."""

from collections.abc import Iterable

from etl.store.accounts import Right, Role
from geodata.wards.scope import Area

READING: frozenset[Role] = frozenset({"view", "submit", "review", "wall"})
"""Roles that include reading what is published. Who administers accounts need not see figures."""


def may(rights: Iterable[Right], role: Role) -> bool:
    """Return whether somebody with these rights may do something anywhere."""
    return any(right.role == role for right in rights)


def may_read(rights: Iterable[Right]) -> bool:
    """Return whether somebody with these rights may read anything that is published."""
    return any(right.role in READING for right in rights)


def scope_of(rights: Iterable[Right], roles: Iterable[Role] = READING) -> tuple[Area, ...] | None:
    """Return the districts and wards in which one of some roles holds, sorted; ``None`` for the city."""
    found = [right for right in rights if right.role in roles]
    if any(right.area == "city" for right in found):
        return None
    return tuple(sorted({(right.vintage, right.code) for right in found}))
