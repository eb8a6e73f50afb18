"""Caches that are emptied when another build is published: what they hold of the old one goes with it."""

from typing import Protocol, TypeVar


class Cache(Protocol):
    """What ``lru_cache`` returns."""

    def cache_clear(self) -> None:
        """Empty it."""


C = TypeVar("C", bound=Cache)

_caches: list[Cache] = []


def forgetting(cache: C) -> C:
    """Return a cache, which `forget` will empty; written above ``lru_cache``."""
    _caches.append(cache)
    return cache


def forget() -> None:
    """Empty all of these caches."""
    for cache in _caches:
        cache.cache_clear()
