"""The published file as it stands now, as far as who asks may see it; a new build is another publication."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from dashboard.query.caching import forget
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

    ``mtime_ns`` and ``size`` are -1 where there is no file: reading it then says so.

    Attributes
    ----------
    scope
        The areas of which facts may be seen; ``None`` for the whole city.
    """

    path: Path
    mtime_ns: int
    size: int
    scope: Scope = None

    @property
    def whole(self) -> "Publication":
        """All of the file, whoever asks."""
        return self if self.scope is None else replace(self, scope=None)


def publication() -> Publication:
    """Return the file that is published now, as far as `scope_of_asker` lets it be seen.

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
    return replace(published, scope=scope_of_asker())
