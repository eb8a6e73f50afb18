"""What the tests of `etl.confined` have done in a process of its own."""

import ctypes
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from geodata.contract.errors import Fault, JoinError
from geodata.language import message

Answer = tuple[Any, list[pa.Table]]


def echo(value: object) -> Answer:
    """Return a value, with two tables."""
    return value, [pa.table({"a": [1, 2]}), pa.table({"b": ["x"]})]


def own_number() -> Answer:
    """Return the number of the process, and a count of numpy's."""
    return (os.getpid(), np.int64(7)), []


def linger(begun: Path, seconds: float = 600) -> Answer:
    """Leave a file behind, say which process this is, and take long."""
    Path(tempfile.mkdtemp(), "left behind").touch()
    begun.write_text(str(os.getpid()), encoding="ascii")
    time.sleep(seconds)
    return seconds, []


def swell() -> Answer:
    """Take memory without end."""
    return [bytes(1 << 20) for _ in range(1 << 20)], []


def fill_disk() -> Answer:
    """Write without end."""
    with tempfile.TemporaryFile() as file:
        for _ in range(1 << 20):
            file.write(bytes(1 << 20))
    return None, []


def open_many() -> Answer:
    """Open files without end."""
    return [os.open("/dev/null", os.O_RDONLY) for _ in range(100_000)], []


def crash() -> Answer:
    """Read where nothing is."""
    return ctypes.string_at(0), []


def fail() -> Answer:
    """Fail as no reader should."""
    raise LookupError("no such thing")


def refuse() -> Answer:
    """Raise two faults."""
    fault = Fault("a.csv", "1", message("is no file"), message("a file"), row=np.int64(2))  # type: ignore[arg-type]
    raise JoinError([fault, fault])


def foreign() -> Answer:
    """Return what may not come back."""
    return Fraction(1, 2), []


class _Deed:
    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.system, ("exit 1",)


def taken_over() -> Answer:
    """Return what would run a command as it is loaded."""
    return _Deed(), []


def shout() -> Answer:
    """Write where the caller writes."""
    os.write(1, b"to the screen")
    subprocess.run(["sh", "-c", "echo to the screen >&2"], check=True)
    return threading.active_count(), []
