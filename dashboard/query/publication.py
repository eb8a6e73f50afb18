"""The published file as it stands now; a new build is another publication."""

from dataclasses import dataclass
from pathlib import Path

from dashboard.query.caching import forget
from geodata.settings import settings

_latest: dict[Path, "Publication"] = {}


@dataclass(frozen=True)
class Publication:
    """One state of the published file; a new build has another one, so nothing cached outlives it.

    ``mtime_ns`` and ``size`` are -1 where there is no file: reading it then says so.
    """

    path: Path
    mtime_ns: int
    size: int


def publication() -> Publication:
    """Return the file that is published now; where it is a new build, nothing of the old one is kept."""
    path = settings().published
    try:
        state = path.stat()
        published = Publication(path, state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        published = Publication(path, -1, -1)
    if _latest.setdefault(path, published) != published:
        _latest[path] = published
        forget()
    return published
