"""Whether the published file is as it was published: by its checksum, or without one by its contract."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from geodata.contract.checksum import checksum_file, checksums
from geodata.contract.errors import Fault, GeodataError, SourceError
from geodata.contract.layers import LAYERS, layers_in, read_layer
from geodata.disk import sha256
from geodata.language import Message, message

TOLD_FAULTS = 5
"""So many faults are told of a file without a checksum that breaks the contract."""

REMEDY = message("“pilot-wards build” makes it anew; nothing that was imported is lost")

Identity = tuple[int, int, int]
"""Inode, time of the last change in ns, and size in bytes: a file that has changed has others."""


@dataclass(frozen=True)
class _Standing:
    is_proven: bool
    faults: tuple[Fault, ...] = ()


def read_published(published: Path, name: str) -> Any:
    """Return one layer of a published file as `read_layer` does, unless the file is damaged.

    Raises
    ------
    GeodataError
        See `is_proven` and `read_layer`.
    """
    is_proven(published)
    return read_layer(published, name)


def is_proven(published: Path) -> bool:
    """Return whether a checksum vouches for a published file; without one, its contract holds.

    Reckoned once for each state of the file: 12 ms for 20 MB, and without a checksum as long as all layers
    take.

    Raises
    ------
    SourceError
        It is missing, or damaged: its bytes are not those that were published, or it has no checksum and
        lacks a layer or breaks the contract.
    """
    while True:
        state = identity(published), identity(checksum_file(published))
        standing = _standing(published, *state)
        # What was read of two publications, one after the other, says nothing of either.
        if not standing.faults or state == (identity(published), identity(checksum_file(published))):
            break
    if standing.faults:
        raise SourceError(standing.faults)
    return standing.is_proven


def identity(path: Path) -> Identity | None:
    """Return what tells a state of a file from all others; ``None`` where there is none."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_mtime_ns, state.st_size


@lru_cache(16)
def _standing(published: Path, file: Identity | None, checksum: Identity | None) -> _Standing:
    if file is None:
        missing = message("is missing"), message("run “pilot-wards build” first")
        return _Standing(is_proven=False, faults=(Fault(published.name, "", *missing),))
    if checksum is not None:
        if sha256(published) in checksums(published):
            return _Standing(is_proven=True)
        return _damaged(published, message("is damaged: it is not as it was published"))
    try:
        known = layers_in(published)
        lost = [name for name in LAYERS if name not in known]
        if lost:
            lacks = message("is damaged or of another version: it lacks {names}", names=", ".join(lost))
            return _damaged(published, lacks)
        for name in LAYERS:
            read_layer(published, name)
    except GeodataError as error:
        broken = message("is damaged or of another version: it breaks the contract of its layers")
        return _damaged(published, broken, *error.faults[:TOLD_FAULTS])
    return _Standing(is_proven=False)


def _damaged(published: Path, problem: Message, *more: Fault) -> _Standing:
    return _Standing(is_proven=False, faults=(Fault(published.name, "", problem, REMEDY), *more))
