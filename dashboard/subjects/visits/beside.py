"""Searches for a plan in a process of its own, at a low priority: there it takes no time from anybody's page.

The process ends with the server: what it reads from is closed then.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

from geodata.itinerary.planner import plan
from geodata.itinerary.terms import Plan
from geodata.settings import ROOT

PRIORITY = 10
ASKED_EVERY = 0.05
"""Seconds between two questions whether a search should stop."""


class Planner:
    """A process that searches for one plan after another; it begins with the first."""

    program = __name__
    """The module that it runs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._asks: Connection[Any, Any]

    def plan(self, *asked: Any, should_stop: Callable[[], bool] | None = None, **more: Any) -> Plan:
        """Return the plan of `geodata.itinerary.planner.plan`, errors as of it."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._begin()
            try:
                found = self._ask((asked, more), should_stop)
            except BaseException:
                self.end()
                raise
        if isinstance(found, Exception):
            raise found
        return found

    def end(self) -> None:
        """End the process."""
        if self._process is not None:
            self._asks.close()
            self._process.kill()
            self._process.wait()
            self._process = None

    def _begin(self) -> None:
        self.end()
        self._asks, answers = Pipe()
        with answers:
            # Of the same program, wherever it lies.
            command = [sys.executable, "-m", self.program, str(answers.fileno())]
            self._process = subprocess.Popen(command, cwd=ROOT, pass_fds=[answers.fileno()])

    def _ask(self, asked: Any, should_stop: Callable[[], bool] | None) -> Plan | Exception:
        self._asks.send(asked)
        is_told = False
        while not self._asks.poll(ASKED_EVERY):
            if should_stop is not None and not is_told and should_stop():
                self._asks.send("stop")
                is_told = True
        found: Plan | Exception = self._asks.recv()
        if not is_told:
            self._asks.send("over")
        return found


def answer(asks: "Connection[Any, Any]") -> None:
    """Search for what is asked, each time until a word comes or the search ends by itself."""
    while True:
        asked, more = asks.recv()
        try:
            found: Plan | Exception = plan(*asked, **more, should_stop=lambda: asks.poll(0))
        except Exception as error:
            found = error
        asks.send(found)
        asks.recv()


def main() -> None:
    """Answer the server that began this process until it ends."""
    os.nice(PRIORITY)
    try:
        answer(Connection(int(sys.argv[1])))
    except (EOFError, ConnectionError):
        # The server has ended.
        sys.exit()


if __name__ == "__main__":
    main()
