"""Caches that all sessions share; what they hold of a build goes when another one is published.

Streamlit's caches hash their arguments by value, about a millisecond a call, and a rerun makes some twenty
calls. These look their arguments up by equality.
"""

from collections.abc import Callable
from threading import Condition
from typing import ParamSpec, TypeVar, cast

from cachetools import LRUCache
from cachetools import cached as kept

P = ParamSpec("P")
R = TypeVar("R")

KEPT = 32
"""Results of each function that stay in memory: those of the last few ranges of days."""

_forgotten: list[Callable[[], None]] = []


def cached(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function returns; sessions that ask for the same at once wait for one of them."""
    return cached_up_to(KEPT)(function)


def cached_up_to(count: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return `cached` for so many results."""

    def keep(function: Callable[P, R]) -> Callable[P, R]:
        call = kept(LRUCache(count), condition=Condition())(function)
        _forgotten.append(call.cache_clear)
        return cast(Callable[P, R], call)

    return keep


def forget() -> None:
    """Empty all of these caches."""
    for clear in _forgotten:
        clear()
