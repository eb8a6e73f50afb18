"""The published file as it stands now; a new build is another publication."""

from dataclasses import dataclass
from pathlib import Path

from dashboard.query.caching import forget
from geodata.contract.build_failure import BuildFailure, read_failure
from geodata.contract.errors import Fault, GeodataError
from geodata.contract.standing import identity, is_proven
from geodata.settings import settings

_latest: dict[Path, "Publication"] = {}


@dataclass(frozen=True)
class Publication:
    """One state of the published file; a new build has another one, so nothing cached outlives it.

    ``inode``, ``mtime_ns`` and ``size`` are -1 where there is no file: reading it then says so.
    """

    path: Path
    mtime_ns: int
    size: int
    inode: int = -1


@dataclass(frozen=True)
class Setback:
    """Why what is shown may not be what should be: the file was damaged since, or a later build failed."""

    damage: tuple[Fault, ...]
    failure: BuildFailure | None


def publication() -> Publication:
    """Return the file that is published now; where it is a new build, nothing of the old one is kept.

    A file that was damaged since it was read is none: what is in memory of the one before it stays.
    """
    path = settings().published
    published = _current(path)
    latest = _latest.setdefault(path, published)
    if latest != published:
        if latest.size >= 0 and published.size >= 0 and _damage(path):
            return latest
        _latest[path] = published
        forget()
    return published


def setback(published: Publication) -> Setback:
    """Return what is wrong with the published file as it lies there now, beside what is shown of it."""
    damage = () if _current(published.path) == published else _damage(published.path)
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
