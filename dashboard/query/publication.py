"""The published file as it stands now, as far as who asks may see it; a new build is another publication."""

from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path

from dashboard.query.caching import forget
from geodata.settings import settings
from geodata.wards.scope import Area

SCOPE: ContextVar[tuple[Area, ...] | None] = ContextVar("scope", default=None)
"""The areas that who asks may see, sorted; ``None`` for the whole city. Set before a page or a route asks."""

_latest: dict[Path, "Publication"] = {}


@dataclass(frozen=True)
class Publication:
    """One state of the published file, seen by some; nothing cached outlives it or reaches others.

    ``mtime_ns`` and ``size`` are -1 where there is no file: reading it then says so.

    Attributes
    ----------
    scope
        The areas of which facts may be seen; ``None`` for the whole city.
    """

    path: Path
    mtime_ns: int
    size: int
    scope: tuple[Area, ...] | None = None

    @property
    def whole(self) -> "Publication":
        """All of the file, whoever asks."""
        return self if self.scope is None else replace(self, scope=None)


def publication() -> Publication:
    """Return the file that is published now, within the `SCOPE` of who asks.

    Where it is a new build, nothing of the old one is kept.
    """
    path = settings().published
    try:
        state = path.stat()
        published = Publication(path, state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        published = Publication(path, -1, -1)
    if _latest.setdefault(path, published) != published:
        _latest[path] = published
        forget()
    return replace(published, scope=SCOPE.get())
