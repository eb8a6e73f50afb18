"""A process that opens a file hands back what it read, or ends within its limits as one fault."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from etl import confined as module
from etl.confined import confined
from geodata.contract.errors import JoinError, SourceError
from geodata.language import message
from tests.etl import confined_works as works

CALL = """
import signal, sys
# A shell lets what it starts in the background ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from etl.confined import confined
from tests.etl import confined_works as works
try:
    confined(works.linger, Path(sys.argv[1]), file="a.csv", seconds=100)
except KeyboardInterrupt:
    sys.exit(130)
"""


def is_running(process: int) -> bool:
    """Return whether a process is there, and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def refused(work: Callable[..., works.Answer], *arguments: object, **limits: float) -> str:
    """Return the one fault that a work ends with, in English."""
    with pytest.raises(SourceError) as caught:
        confined(work, *arguments, file="a.csv", **limits)  # type: ignore[arg-type]
    (fault,) = caught.value.faults
    assert fault.file == "a.csv"
    return fault.render("en")


def test_what_is_returned_comes_back_from_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Plain values, our own dataclasses and tables; relative names are the caller's."""
    value = {"notes": (message("{count} rows", count=3), Path("a")), "of": [1.5, None, True]}
    header, (first, second) = confined(works.echo, value, file="a.csv")
    assert header == value
    assert first.to_pydict() == {"a": [1, 2]}
    assert second.to_pydict() == {"b": ["x"]}
    (other, count), _ = confined(works.own_number, file="a.csv")
    assert other != os.getpid()
    assert type(count) is int
    monkeypatch.chdir(tmp_path)
    confined(works.linger, Path("here"), 0, file="a.csv")
    assert (tmp_path / "here").exists()


def test_faults_come_back_all_and_as_what_they_are() -> None:
    """An error of ours is raised again with its kind and every fault."""
    with pytest.raises(JoinError) as caught:
        confined(works.refuse, file="b.csv")
    assert [fault.render("en") for fault in caught.value.faults] == [
        "a.csv, row 2 “1”: is no file → a file"
    ] * 2


@pytest.mark.parametrize(
    ("work", "limits", "reason"),
    [
        (works.swell, {}, "needs more than 1024 MB of memory"),
        (works.swell, {"memory": 100 << 20}, "needs more than 100 MB of memory"),
        (works.fill_disk, {"memory": 10 << 20}, "File too large"),
        (works.open_many, {}, "Too many open files"),
        (works.crash, {}, "crashed (SIGSEGV)"),
        (works.fail, {}, "crashed (LookupError: no such thing)"),
        (works.foreign, {}, "crashed (UnpicklingError)"),
        (works.taken_over, {}, "crashed (UnpicklingError)"),
    ],
)
def test_what_goes_wrong_is_one_fault_with_its_reason(
    work: Callable[..., works.Answer], limits: dict[str, float], reason: str
) -> None:
    """Whatever a worker does, the caller goes on."""
    assert reason in refused(work, **limits)


def test_time_ends_and_nothing_is_left_behind(tmp_path: Path) -> None:
    """A worker is killed at the end of its time; its temporary files go with it."""
    token = module.SECONDS.set(1)
    began = time.monotonic()
    try:
        assert "takes longer than 1 s" in refused(works.linger, tmp_path / "begun")
    finally:
        module.SECONDS.reset(token)
    assert time.monotonic() - began < 30
    assert not is_running(int((tmp_path / "begun").read_text(encoding="ascii")))
    assert not list(Path("/tmp").glob("pilot-wards-*/*/left behind"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_worker_ends_with_its_caller(how: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C, or any other end of the caller, ends what works for it, and the server too."""
    begun = tmp_path / "begun"
    with subprocess.Popen([sys.executable, "-c", CALL, str(begun)]) as caller:
        wait_for(lambda: begun.exists() and begun.read_text(encoding="ascii") != "")
        worker = int(begun.read_text(encoding="ascii"))
        assert is_running(worker)
        caller.send_signal(how)
        assert caller.wait(30) == (130 if how == signal.SIGINT else -how)
    wait_for(lambda: not is_running(worker))


def test_threads_ask_at_once_and_no_zombie_stays() -> None:
    """As a server's threads do; a slow file holds none of the others up."""
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: confined(works.echo, number, file="a")[0], range(24)))
    assert answers == list(range(24))
    server = module._SERVER.process
    assert server is not None
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    wait_for(lambda: not children.read_text(encoding="ascii"))


def test_nothing_is_written_on_the_callers_screen(capfd: pytest.CaptureFixture[str]) -> None:
    """What a library prints is no message of ours; and a worker begins with one thread."""
    assert confined(works.shout, file="a")[0] == 1
    assert capfd.readouterr() == ("", "")


def test_a_server_that_was_killed_is_started_anew() -> None:
    """By the next call."""
    confined(works.echo, 1, file="a")
    server = module._SERVER.process
    assert server is not None
    server.kill()
    server.wait()
    assert confined(works.echo, 2, file="a")[0] == 2


def test_a_fork_of_the_caller_has_a_server_of_its_own() -> None:
    """A process that was forked leaves the first one's server alone."""
    confined(works.echo, 1, file="a")
    child = os.fork()
    if child == 0:
        os._exit(confined(works.echo, 7, file="a")[0])
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert confined(works.echo, 3, file="a")[0] == 3
