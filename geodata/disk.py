"""Puts on the disk what must outlast a loss of power, and tells files apart."""

import hashlib
import os
import tempfile
from pathlib import Path


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Return when a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep_private() -> None:
    """Let what this process makes from now on be its owner's alone: files 0600, folders 0700."""
    os.umask(0o077)


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a file whole, or leave what was there as it was.

    Parameters
    ----------
    path
        The file; who may read it follows from the umask.
    content
        What it is to hold.
    durable
        Whether it has to outlast a loss of power.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".writing-", delete=False) as file:
        part = Path(file.name)
        try:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
            part.chmod(0o666 & ~_umask())
            part.replace(path)
        except BaseException:
            part.unlink()
            raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
