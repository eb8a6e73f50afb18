"""Puts on the disk what must outlast a loss of power, and tells files apart."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an `OSError` say which file it is about, where the system does not: of a write it never does."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = str(path)
        raise


@contextmanager
def entering(path: Path, content: bytes, *, is_durable: bool = True) -> Iterator[None]:
    """Let a file take its place at the end of a block; where that fails, what was there stays as it was.

    All that needs space is done before the block: at its end a name is left to change. Who may read the file
    follows from the umask. One that is not durable need not outlast a loss of power.
    """
    with naming(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    part = Path(name)
    try:
        with naming(path), os.fdopen(handle, "wb", buffering=0) as file:
            write_all(file.fileno(), content)
            os.fchmod(file.fileno(), 0o666 & ~_umask())
            if is_durable:
                os.fsync(file.fileno())
        yield
        with naming(path):
            part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def write_whole(path: Path, content: bytes, *, is_durable: bool = True) -> None:
    """Write a file whole, or leave what was there as it was; see `entering`."""
    with entering(path, content, is_durable=is_durable):
        pass


def write_all(handle: int, content: bytes) -> None:
    """Write all of a text to an open file: the system may take a part of it at a time."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
