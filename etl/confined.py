"""Opens files from outside in a process of its own, which may end, hang or swell without harm to ours.

A server, started at the first call, forks a keeper for each call, and the keeper forks the worker that opens
the file. The keeper holds the worker to its time, kills it where the caller goes away, and tells how it
ended; other limits are the kernel's. `multiprocessing` has such a server too, but each of its processes loads
the main module anew: a second or two where that is the dashboard's.

What comes back is not trusted, for what was read may have taken the worker over: tables are Arrow, and other
values may be of plain types and our own dataclasses only.
"""

import atexit
import gc
import io
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
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, is_dataclass
from enum import Enum
from importlib import import_module
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.contract.errors import GeodataError, SourceError
from geodata.language import message, number

if TYPE_CHECKING:
    import pyarrow as pa

SECONDS: ContextVar[float] = ContextVar("SECONDS", default=60.0)
"""Longest that a file may take to be read, unless a call says otherwise; users may allow more."""

MEMORY = 1 << 30
"""Bytes that reading a file may take."""

_OPEN_FILES = 256
_SAID = 4000
"""Bytes of what a worker said last that are looked at."""

_OUT_OF_MEMORY = (b"memory allocation of", b"bad_alloc", b"MemoryError", b"Out of memory", b"out of memory")
"""What Rust, C++, Python and GDAL say where memory ends."""

_PLAIN = {
    *(("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")),
    *(("builtins", name) for name in ("int", "float", "set", "frozenset")),
    *(("decimal", "Decimal"), ("pathlib", "PosixPath")),
}
"""Types of others that may stand in an answer beside Arrow's tables."""

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
            # Whatever interrupts this closes our end, at which the keeper ends the worker.
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
        kind, value, tables = _read(result)
    except Exception as error:  # whatever a worker may write that was taken over
        raise _failed(file, _Ended("crash", type(error).__name__), 0, memory) from error
    if kind == "faults":
        of, faults = value
        raise of(faults)
    if kind == "memory":
        raise _failed(file, _Ended("memory"), 0, memory)
    if kind == "failed":
        shown, trace = value
        raise _failed(file, _Ended("crash", shown), 0, memory) from RuntimeError(trace)
    return value, tables


def _read(result: int) -> "tuple[str, Any, list[pa.Table]]":
    import pyarrow as pa

    source = pa.BufferReader(pa.py_buffer(mmap(result, 0, access=ACCESS_READ)))
    length = int.from_bytes(source.read(8), "little")
    kind, value, count = _Plain(io.BytesIO(source.read(length))).load()
    tables = []
    for _ in range(count):
        with pa.ipc.open_stream(source) as stream:
            tables.append(stream.read_all())
        tables[-1].validate(full=True)
    return kind, value, tables


class _Simple(pickle.Pickler):
    """Writes numbers of numpy as Python's own."""

    def reducer_override(self, value: Any) -> Any:
        """Return how a value is made again."""
        if hasattr(value, "dtype") and hasattr(value, "item"):
            plain = value.item()
            return (type(plain), (plain,))
        return NotImplemented


class _Plain(pickle.Unpickler):
    """Loads values that can do nothing by being loaded."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class that may stand in an answer."""
        found = None
        if (module, name) in _PLAIN or module.startswith(("geodata.", "etl.")):
            found = getattr(import_module(module), name, None)
        is_ours = isinstance(found, type) and (is_dataclass(found) or issubclass(found, GeodataError | Enum))
        if not is_ours and (module, name) not in _PLAIN:
            raise pickle.UnpicklingError(f"{module}.{name} may not stand in an answer")
        return found


_ENVIRONMENT = {
    # One thread: what forks has no others, and each takes of the memory that is allowed.
    **{"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
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
    """Fork a keeper for each request that comes in, until whoever asks is gone."""
    import pyarrow  # noqa: F401 - for all that are forked

    asked = socket.socket(fileno=0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the keepers
    while True:
        asks, files, _, _ = socket.recv_fds(asked, 1, 2)
        if not asks:
            os._exit(0)
        request = os.pread(files[1], os.fstat(files[1]).st_size, 0)
        with suppress(Exception):
            pickle.loads(request)  # loads the module here, once for all that are forked
        gc.freeze()
        if os.fork() == 0:
            asked.close()
            try:
                _keep(request, *files)
            finally:
                os._exit(0)
        for one in files:
            os.close(one)


def _keep(request: bytes, caller: int, result: int) -> None:
    """Fork the worker, and tell how it ended, or end it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, seconds, *_ = pickle.loads(request)
    folder = tempfile.mkdtemp(prefix="pilot-wards-")
    said = os.open(f"{folder}/said", os.O_RDWR | os.O_CREAT)
    try:
        worker = os.fork()
        if worker == 0:
            os.close(caller)
            _run(request, result, folder, said)
        ended = _watched(worker, caller, seconds, said)
        with suppress(OSError):
            os.write(caller, json.dumps(ended.__dict__).encode())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _watched(worker: int, caller: int, seconds: float, said: int) -> _Ended:
    """Wait until a worker ends; kill it at the end of its time, or where nobody waits for it any more."""
    waiting = select.poll()
    ends = os.pidfd_open(worker)
    waiting.register(ends, select.POLLIN)
    waiting.register(caller, select.POLLIN)
    has_ended = any(of == ends for of, _ in waiting.poll(seconds * 1000))
    if not has_ended:
        os.kill(worker, signal.SIGKILL)
    _, status = os.waitpid(worker, 0)
    if not has_ended or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return _Ended("time")
    if status == 0:
        return _Ended("")
    size = os.fstat(said).st_size
    last = os.pread(said, _SAID, max(size - _SAID, 0))
    if any(words in last for words in _OUT_OF_MEMORY):
        return _Ended("memory")
    code = os.waitstatus_to_exitcode(status)
    return _Ended("crash", signal.Signals(-code).name if code < 0 else str(code))


def _run(request: bytes, result: int, folder: str, said: int) -> None:
    """Do the work within its limits and write down what it returns; never comes back."""
    code = 1
    try:
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        tempfile.tempdir = folder
        # All comes after the limits, so that not even what loads the request is without.
        place, seconds, memory, *_ = pickle.loads(request)
        os.chdir(place)
        _limit(seconds, memory)
        _, _, _, work, arguments = pickle.loads(request)
        _write(result, *_done(work, arguments))
        code = 0
    except MemoryError:
        with suppress(MemoryError):
            _write(result, "memory", None, [])
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
        # Of all threads together; the keeper holds it to the clock.
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
        return "faults", (type(error), error.faults), []
    except MemoryError:
        raise
    except BaseException as error:  # a panic in Rust is no Exception
        return "failed", (f"{type(error).__name__}: {error}"[:300], traceback.format_exc()), []
    return "done", header, tables


def _write(result: int, kind: str, value: Any, tables: "list[pa.Table]") -> None:
    """Write an answer: the length of its plain part, that part, and a stream of Arrow for each table."""
    os.ftruncate(result, 0)
    os.lseek(result, 0, os.SEEK_SET)
    plain = io.BytesIO()
    _Simple(plain).dump((kind, value, len(tables)))
    with open(result, "wb", closefd=False) as file:
        file.write(len(plain.getvalue()).to_bytes(8, "little"))
        file.write(plain.getvalue())
        if tables:
            import pyarrow as pa

            for table in tables:
                with pa.ipc.new_stream(file, table.schema) as stream:
                    stream.write_table(table)
