"""A subject to which is given what it would reckon: the small city with the real count of pilot wards."""

from copy import copy
from typing import Any, TypeVar

S = TypeVar("S")


def given(subject: S, **told: Any) -> S:
    """Return a subject of which these cached properties are known."""
    made = copy(subject)
    vars(made).update(told)
    return made
