"""Where a command finds what it builds from, and where it publishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geodata.contract.errors import Fault, SourceError
from geodata.language import message
from geodata.paths import (
    SHARED_BOUNDARIES,
    SHIPPED_BOUNDARIES,
    SOURCES,
    USER_BOUNDARIES,
    batch_store,
    published_file,
)

USUAL_BOUNDARIES = (USER_BOUNDARIES, SHARED_BOUNDARIES, SHIPPED_BOUNDARIES)
"""Where boundaries are looked for after the folders that are given, in this order."""


@dataclass(frozen=True)
class Site:
    """The places of one installation.

    Attributes
    ----------
    boundaries
        Folders with ``wards_<vintage>.gpkg``; the first that has a vintage wins.
    sources
        Folder of the register.
    store
        Folder of the batches.
    out
        The GeoPackage that is published.
    """

    boundaries: tuple[Path, ...]
    sources: Path
    store: Path
    out: Path


def usual_site(boundaries: Sequence[Path] = (), out: Path | None = None) -> Site:
    """Return the places of this installation.

    Parameters
    ----------
    boundaries
        Folders to search before the usual ones.
    out
        Another GeoPackage than the published one.

    Raises
    ------
    SourceError
        A folder that was given does not exist.
    """
    return Site(search_path(boundaries), SOURCES, batch_store(), out or published_file())


def search_path(given: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders in which boundaries are looked for, in their order.

    Raises
    ------
    SourceError
        A folder that was given does not exist.
    """
    faults = [
        Fault(str(path), "", message("is no folder"), message("a folder with wards_<vintage>.gpkg"))
        for path in given
        if not path.is_dir()
    ]
    if faults:
        raise SourceError(faults)
    return (*given, *USUAL_BOUNDARIES)
