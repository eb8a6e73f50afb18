"""What the system refuses, told as a fault: a full disk, one that is read-only, and the like."""

import errno
from pathlib import Path

from geodata.contract.errors import Fault
from geodata.language import Message, message

_NO_RIGHT = (
    message("this user may not read or write it"),
    message("the right to it and its folder, or another place"),
)
_KIND = (
    message("is a folder where a file should be, or the other way round"),
    message("a file and a folder that may be used"),
)

REASONS: dict[int, tuple[Message, Message]] = {
    errno.ENOSPC: (message("the disk is full"), message("free space on it, then the same once more")),
    errno.EDQUOT: (
        message("this user's share of the disk is used up"),
        message("a larger share or fewer files, then the same once more"),
    ),
    errno.EFBIG: (
        message("a file may not grow so large here"),
        message("a higher limit on the size of files (“ulimit -f”), or another disk"),
    ),
    errno.EROFS: (
        message("the disk is read-only"),
        message("a disk that may be written to; one that became read-only by itself may be failing"),
    ),
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EIO: (
        message("the disk reports an error"),
        message("a disk without errors; check this one, and keep a copy of what is on it"),
    ),
    errno.ENOENT: (message("is not there"), message("a file and a folder that may be used")),
    errno.EISDIR: _KIND,
    errno.ENOTDIR: _KIND,
}
"""What is wrong, and what would be right, by the system's number of the error."""

_OWN = (".building-", ".writing-", ".adding-", ".adopting-")
"""How folders and files begin that are gone by the time a reader looks for them."""


def disk_fault(error: OSError, place: Path) -> Fault:
    """Return what the system refused as a fault.

    Parameters
    ----------
    error
        As Python raised it.
    place
        Named where the error names no file.
    """
    if error.errno == errno.ENOENT and error.filename is None:
        # `tempfile` says so where each of its folders is full or read-only.
        return Fault(
            str(place),
            "",
            message("no folder for temporary files can be written to"),
            message("space in one, such as that which TMPDIR names"),
        )
    known = REASONS.get(error.errno or 0)
    code = errno.errorcode.get(error.errno or 0, type(error).__name__)
    problem, expected = known or (
        message("the system refuses to read or write it ({code})", code=code),
        message("a file and a folder that may be used"),
    )
    return Fault(str(_lasting(Path(error.filename)) if error.filename else place), "", problem, expected)


def _lasting(path: Path) -> Path:
    """Return the folder around a file that only a moment's work has made."""
    for number, part in enumerate(path.parts):
        if part.startswith(_OWN):
            return Path(*path.parts[:number])
    return path
