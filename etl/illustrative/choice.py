"""Whether builds make illustrative rows: what was chosen last holds for all later builds, imports too."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from geodata.disk import entering
from geodata.settings import Settings


def chosen(site: Settings, was_chosen: Callable[[], bool]) -> bool:
    """Return whether illustrative rows are wanted.

    Parameters
    ----------
    site
        The installation.
    was_chosen
        Asked where nothing is kept: version 0.1 left the choice in the GeoPackage alone.
    """
    try:
        return bool(json.loads(site.state.read_text(encoding="utf-8"))["illustrative"])
    except FileNotFoundError:
        return was_chosen()


@contextmanager
def kept(site: Settings, *, illustrative: bool) -> Iterator[None]:
    """Keep the choice for the builds to come, once a block has published by it."""
    site.state.parent.mkdir(parents=True, exist_ok=True)
    with entering(site.state, json.dumps({"illustrative": illustrative}).encode()):
        yield
