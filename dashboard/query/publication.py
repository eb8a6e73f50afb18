"""The published file as it stands now, as far as who asks may see it; a new build is another publication."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from dashboard.query.caching import forget
from geodata.contract.build_failure import BuildFailure, read_failure
from geodata.contract.errors import Fault, GeodataError
from geodata.contract.standing import identity, is_proven
from geodata.settings import settings
from geodata.wards.scope import Area

Scope = tuple[Area, ...] | None
"""The areas that who asks may see, sorted; ``None`` for the whole city."""


def _whole_city() -> Scope:
    return None


scope_of_asker: Callable[[], Scope] = _whole_city
"""Returns the scope of who asks. A server with accounts puts its own here before it answers anybody."""

_latest: dict[Path, "Publication"] = {}


@dataclass(frozen=True)
class Publication:
    """One state of the published file, seen by some; nothing cached outlives it or reaches others.

    ``inode``, ``mtime_ns`` and ``size`` are -1 where there is no file: reading it then says so.

    Attributes
    ----------
    scope
        The areas of which facts may be seen; ``None`` for the whole city.
    """

    path: Path
    mtime_ns: int
    size: int
    inode: int = -1
    scope: Scope = None

    @property
    def whole(self) -> "Publication":
        """All of the file, whoever asks."""
        return self if self.scope is None else replace(self, scope=None)


@dataclass(frozen=True)
class Setback:
    """Why what is shown may not be what should be: the file was damaged since, or a later build failed."""

    damage: tuple[Fault, ...]
    failure: BuildFailure | None


def publication() -> Publication:
    """Return the file that is published now, as far as `scope_of_asker` lets it be seen.

    Where it is a new build, nothing of the old one is kept. A file that was damaged since it was read is
    none: what is in memory of the one before it stays.
    """
    path = settings().published
    published = _current(path)
    latest = _latest.setdefault(path, published)
    if latest != published:
        if latest.size >= 0 and published.size >= 0 and _damage(path):
            return replace(latest, scope=scope_of_asker())
        _latest[path] = published
        forget()
    return replace(published, scope=scope_of_asker())


def setback(published: Publication) -> Setback:
    """Return what is wrong with the published file as it lies there now, beside what is shown of it."""
    damage = () if _current(published.path) == published.whole else _damage(published.path)
    return Setback(damage, read_failure(published.path))


def _current(path: Path) -> Publication:
    inode, mtime_ns, size = identity(path) or (-1, -1, -1)
    return Publication(path, mtime_ns, size, inode)


def _damage(path: Path) -> tuple[Fault, ...]:
    try:
        is_proven(path)
    except GeodataError as error:
        return error.faults
    return ()
