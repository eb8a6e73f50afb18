"""What a file from outside must be before anything opens it, and what in a folder or zip is passed over."""

import errno
import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from geodata.contract.disk_faults import disk_fault
from geodata.contract.errors import SourceError
from geodata.language import message

STRANGERS = frozenset(
    {"lost+found", "__macosx", "thumbs.db", "desktop.ini", "$recycle.bin", "system volume information"}
)
"""What systems and file managers leave in folders and zips, in lower case."""

LISTED = 20
"""So many names are told in one sentence; the others are counted."""

_SHOWN = 80


def is_stranger(path: PurePath) -> bool:
    """Return whether a path, or a folder that it lies in, is one that a system or file manager left behind.

    Names that begin with a point, such as ``.DS_Store`` and ``._wards.shp``, are, and Office's ``~$…``.
    """
    return any(part.startswith((".", "~$")) or part.lower() in STRANGERS for part in path.parts)


def check_regular(path: Path, shown: str) -> None:
    """Check that a path leads to a regular file that may be read: opening a pipe or a device may never end.

    Parameters
    ----------
    path
        The file, or a link to it.
    shown
        What it is called.

    Raises
    ------
    SourceError
        It is none.
    """
    expected = message("a file at rest")
    try:
        is_regular = stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError as error:
        raise SourceError.of(
            shortened(shown), shortened(str(path)), message("is missing"), expected
        ) from error
    except OSError as error:
        raise _unreadable(shown, error) from error
    if not is_regular:
        raise SourceError.of(
            shortened(shown), "", message("is no file, but a folder, a pipe or a device"), expected
        )
    if not os.access(path, os.R_OK):
        raise _unreadable(shown, PermissionError(errno.EACCES, ""))


def _unreadable(shown: str, error: OSError) -> SourceError:
    return SourceError([replace(disk_fault(error, Path(shown)), file=shortened(shown))])


def shortened(text: str) -> str:
    """Return a name from outside as it may be shown: without what moves a terminal's cursor, and short."""
    plain = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"


def some(names: Sequence[str], listed: int = LISTED) -> str:
    """Return names in a row, the first of them, and how many more there are."""
    more = len(names) - listed
    return ", ".join(names[:listed]) + (f" … (+{more})" if more > 0 else "")
