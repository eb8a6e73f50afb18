"""Opens files from outside in a process of its own, which may end, hang or swell without harm to ours.

A server, started at the first call, forks a worker for each. It holds the worker to its time, kills it where
the caller goes away, and tells how it ended; other limits are the kernel's. `multiprocessing` has such a
server too, but each of its processes loads the main module anew: a second or two where it is the dashboard's.

What comes back is not trusted, for what was read may have taken the worker over: tables are Arrow, and other
values may be of plain types and our own dataclasses only.
"""

import atexit
import ctypes
import gc
import json
import os
import pickle
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.confined_answer import read_answer, write_answer
from geodata.contract.errors import GeodataError, SourceError
from geodata.language import message, number

if TYPE_CHECKING:
    import pyarrow as pa

SECONDS: ContextVar[float] = ContextVar("SECONDS", default=60.0)
"""Longest that a file may take to be read, unless a call says otherwise; users may allow more."""

MEMORY = 1 << 30
"""Bytes that reading a file may take."""

_OPEN_FILES = 256
_PR_SET_PDEATHSIG = 1  # prctl: a signal for when the parent ends
_SAID = 4000
"""Bytes of what a worker said last that are looked at."""

_OUT_OF_MEMORY = (b"memory allocation of", b"bad_alloc", b"MemoryError", b"Out of memory", b"out of memory")
"""What Rust, C++, Python and GDAL say where memory ends."""

Answer = tuple[Any, "list[pa.Table]"]


def confined(
    work: Callable[..., Answer],
    *arguments: object,
    file: str,
    seconds: float | None = None,
    memory: int = MEMORY,
) -> Answer:
    """Run a function in a process of its own, with limits, and return what it returns.

    Parameters
    ----------
    work
        A function of a module, which takes what can be pickled and returns a header and tables of Arrow. The
        header is made of plain values, lists, dicts and our frozen dataclasses.
    arguments
        Its arguments.
    file
        The file that it opens, as faults name it.
    seconds
        How long it may take; `SECONDS` by default.
    memory
        How many bytes it may take besides those of a process that has only loaded its module.

    Raises
    ------
    GeodataError
        The function raised it; with all of its faults.
    SourceError
        It failed, crashed, or ran over a limit.
    """
    allowed = SECONDS.get() if seconds is None else seconds
    result = os.memfd_create("confined")
    try:
        with open(result, "wb", closefd=False) as file_of_request:
            pickle.dump((Path.cwd(), allowed, memory, work, arguments), file_of_request)
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                _SERVER.send([theirs.fileno(), result])
            # Whatever interrupts this closes our end, at which the server ends the worker.
            told = b"".join(iter(lambda: ours.recv(1 << 16), b""))
        if not told:
            raise RuntimeError("the server of confined processes ended")
        ended = _Ended(**json.loads(told))
        if ended.reason:
            raise _failed(file, ended, allowed, memory)
        return _answer(result, file, memory)
    finally:
        os.close(result)


@dataclass(frozen=True)
class _Ended:
    """How a worker ended: ``reason`` is empty, or one of ``time``, ``memory``, ``crash``."""

    reason: str
    shown: str = ""


def _failed(file: str, ended: _Ended, seconds: float, memory: int) -> SourceError:
    if ended.reason == "time":
        return SourceError.of(
            file,
            "",
            message("takes longer than {seconds} s to read, and was given up", seconds=number(seconds)),
            message("a smaller or undamaged file; or more time, as in --seconds 600"),
        )
    if ended.reason == "memory":
        return SourceError.of(
            file,
            "",
            message("needs more than {size} MB of memory to read, and was given up", size=memory >> 20),
            message("a smaller or undamaged file"),
        )
    return SourceError.of(
        file,
        "",
        message("can't be read: the program that reads it crashed ({reason})", reason=ended.shown),
        message("an undamaged file: open it in the program it comes from, and save it anew"),
    )


def _answer(result: int, file: str, memory: int) -> Answer:
    """Return what a worker wrote down, or raise what it raised."""
    try:
        kind, value, tables = read_answer(result)
    except Exception as error:  # whatever a worker may write that was taken over
        raise _failed(file, _Ended("crash", type(error).__name__), 0, memory) from error
    if kind == "faults":
        of, faults, notes = value
        raise of(faults, notes)
    if kind == "memory":
        raise _failed(file, _Ended("memory"), 0, memory)
    if kind == "failed":
        shown, trace = value
        raise _failed(file, _Ended("crash", shown), 0, memory) from RuntimeError(trace)
    return value, tables


_ENVIRONMENT = {
    # One thread: what forks has no others, and each takes of the memory that is allowed.
    **{"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    # Arrow's own allocator would take all that is allowed at its first use.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    # Drivers of GDAL that call hosts, take a file for a list of others, or run programs.
    "GDAL_SKIP": "HTTP,WFS,OAPIF,CSW,OGCAPI,EEDA,Elasticsearch,Carto,AmigoCloud,PLSCENES,NGW,ADBC,"
    "OGR_VRT,GDALG,GPSBabel",
}

_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from etl.confined import serve
serve()
"""


@dataclass
class _Server:
    """The process that forks the others, as seen by the one that asks."""

    process: subprocess.Popen[bytes] | None = None
    line: socket.socket | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, files: Sequence[int]) -> None:
        """Hand a request over; start the server where there is none."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                self._start()
            assert self.line is not None
            socket.send_fds(self.line, [b"\n"], files)

    def _start(self) -> None:
        if self.line is not None:
            self.line.close()
        self.line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        paths = json.dumps([path or str(Path.cwd()) for path in sys.path])
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _START, paths],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=os.environ | _ENVIRONMENT,
                # Ctrl-C is for us, who then close the socket.
                start_new_session=True,
            )

    def forget(self) -> None:
        """Leave the server to the process that started it, of which this one is a fork."""
        if self.process is not None and self.line is not None:
            self.process.returncode = 0
            self.line.close()
        self.process, self.line, self.lock = None, None, threading.Lock()

    def stop(self) -> None:
        """End the server."""
        if self.process is not None and self.line is not None:
            self.line.close()
            self.process.wait()


_SERVER = _Server()
atexit.register(_SERVER.stop)
os.register_at_fork(after_in_child=_SERVER.forget)


def serve() -> None:
    """Fork a worker for each request that comes in, until whoever asks is gone."""
    import pyarrow  # noqa: F401 - for all that are forked

    asked = socket.socket(fileno=0)
    waiting = select.poll()
    waiting.register(asked, select.POLLIN)
    calls: list[_Call] = []
    with tempfile.TemporaryDirectory(prefix="pilot-wards-") as folder:
        while True:
            left = min((call.deadline - time.monotonic() for call in calls), default=0)
            ready = {of for of, _ in waiting.poll(max(left * 1000, 0) if calls else None)}
            for call in [call for call in calls if call.is_over(ready)]:
                waiting.unregister(call.ends)
                waiting.unregister(call.caller)
                call.close()
                calls.remove(call)
            if asked.fileno() in ready:
                asks, files, _, _ = socket.recv_fds(asked, 1, 2)
                if not asks:
                    break
                calls.append(
                    _begun(files[0], files[1], Path(folder), [file for call in calls for file in call.files])
                )
                waiting.register(calls[-1].ends, select.POLLIN)
                waiting.register(calls[-1].caller, select.POLLIN)
        for call in calls:
            os.kill(call.worker, signal.SIGKILL)
    os._exit(0)


def _begun(caller: int, result: int, folder: Path, others: Sequence[int]) -> "_Call":
    """Fork the worker of a request, which has no part in other calls."""
    request = os.pread(result, os.fstat(result).st_size, 0)
    _, seconds, *_ = pickle.loads(request)  # loads the module here, once for all that are forked
    gc.freeze()
    said = os.memfd_create("said")
    own = Path(tempfile.mkdtemp(dir=folder))
    worker = os.fork()
    if worker == 0:
        _run(request, result, own, said, [caller, *others])
    os.close(result)
    return _Call(worker, os.pidfd_open(worker), caller, said, own, time.monotonic() + seconds)


@dataclass
class _Call:
    """A worker, as the server sees it, and who waits for it."""

    worker: int
    ends: int
    caller: int
    said: int
    folder: Path
    deadline: float

    @property
    def files(self) -> tuple[int, int, int]:
        """What is open for it."""
        return self.ends, self.caller, self.said

    def is_over(self, ready: Collection[int]) -> bool:
        """Return whether the worker ended, or has to: its time is over, or nobody waits for it any more."""
        return self.ends in ready or self.caller in ready or time.monotonic() >= self.deadline

    def close(self) -> None:
        """Bury the worker, and tell how it ended."""
        is_late = os.waitid(os.P_PID, self.worker, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None
        if is_late:
            os.kill(self.worker, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(self.worker, 0)[1])
        shutil.rmtree(self.folder, ignore_errors=True)
        with suppress(OSError):
            os.write(self.caller, json.dumps(self._end(code, is_late=is_late).__dict__).encode())
        for one in self.files:
            os.close(one)

    def _end(self, code: int, *, is_late: bool) -> _Ended:
        if is_late or code == -signal.SIGXCPU:
            return _Ended("time")
        if code == 0:
            return _Ended("")
        last = os.pread(self.said, _SAID, max(os.fstat(self.said).st_size - _SAID, 0))
        if any(words in last for words in _OUT_OF_MEMORY):
            return _Ended("memory")
        return _Ended("crash", signal.Signals(-code).name if code < 0 else str(code))


def _run(request: bytes, result: int, folder: Path, said: int, others: Sequence[int]) -> None:
    """Do the work within its limits and write down what it returns; never comes back."""
    code = 1
    try:
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for other in others:
            os.close(other)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        tempfile.tempdir = str(folder)
        place, seconds, memory, work, arguments = pickle.loads(request)
        os.chdir(place)
        _limit(seconds, memory)
        write_answer(result, *_done(work, arguments))
        code = 0
    except MemoryError:
        with suppress(MemoryError):
            write_answer(result, "memory", None, [])
            code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _limit(seconds: float, memory: int) -> None:
    """Set the kernel's limits.

    RLIMIT_DATA, for RLIMIT_AS counts libraries, reserved arenas and stacks too: 300 MB before a byte is read,
    half a gigabyte in a process with threads. What the server has loaded is not held against the file.
    """
    loaded = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    limits = {
        resource.RLIMIT_DATA: loaded + memory,
        resource.RLIMIT_FSIZE: memory,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        # Of all threads together; the server holds them to the clock.
        resource.RLIMIT_CPU: int(seconds) * 2 + 10,
    }
    for limit, value in limits.items():
        hard = resource.getrlimit(limit)[1]
        least = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (least, least))


def _done(work: Callable[..., Answer], arguments: Sequence[object]) -> "tuple[str, Any, list[pa.Table]]":
    try:
        header, tables = work(*arguments)
    except GeodataError as error:
        return "faults", (type(error), error.faults, error.notes), []
    except MemoryError:
        raise
    except BaseException as error:  # a panic in Rust is no Exception
        return "failed", (f"{type(error).__name__}: {error}"[:300], traceback.format_exc()), []
    return "done", header, tables
