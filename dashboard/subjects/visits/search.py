"""A longer search for a better plan: it runs in the background, tells how far it is, and can be stopped."""

import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
Find: TypeAlias = Callable[[Callable[[int], None], Callable[[], bool]], T]
"""Searches: is given what it tells its place in line, 0 once it begins, and what tells whether to stop."""

LEFT_SECONDS = 30.0
"""So long nobody has asked how far a search is before it counts as left: its page is closed."""


class _StoppedWaitingError(Exception):
    """A search was stopped before its turn came."""


class Search(Generic[T]):
    """A search that has begun, or waits for its turn.

    Parameters
    ----------
    find
        Searches, and returns the best it found.
    seconds
        How long it may take.

    Attributes
    ----------
    place
        In the line of those who wait; 0 once it searches.
    """

    def __init__(self, find: Find[T], seconds: float) -> None:
        self.seconds = seconds
        self.place = 0
        self.found: T | None = None
        self.fault: BaseException | None = None
        self._find = find
        self._stopped = Event()
        self._begun = self._asked = time.monotonic()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.found = self._find(self._wait, self._should_stop)
        except _StoppedWaitingError:
            return
        except BaseException as fault:
            # Raised where the result is asked for, in the session's own thread.
            self.fault = fault

    def _wait(self, place: int) -> None:
        self.place = place
        self._begun = time.monotonic()
        if self._should_stop():
            raise _StoppedWaitingError

    def _should_stop(self) -> bool:
        return self._stopped.is_set() or time.monotonic() - self._asked > LEFT_SECONDS

    @property
    def is_running(self) -> bool:
        """Whether it still searches, or waits to."""
        self._asked = time.monotonic()
        return self._thread.is_alive()

    @property
    def elapsed(self) -> float:
        """Seconds since it began, at most as many as it may take."""
        return min(time.monotonic() - self._begun, self.seconds)

    @property
    def share(self) -> float:
        """The share of its time that has passed."""
        return self.elapsed / self.seconds

    def stop(self) -> None:
        """Ask it to end with the best it has found."""
        self._stopped.set()

    def result(self) -> T | None:
        """Return what it found, nothing if its turn never came; wait until it has ended."""
        self._thread.join()
        if self.fault is not None:
            raise self.fault
        return self.found
