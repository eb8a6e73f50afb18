"""A longer search for a better plan: it runs in the background, tells how far it is, and can be stopped."""

import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Search(Generic[T]):
    """A search that has begun.

    Parameters
    ----------
    find
        Searches; it is given a function that tells whether it should stop, and returns the best it found.
    seconds
        How long it may take.
    """

    def __init__(self, find: Callable[[Callable[[], bool]], T], seconds: float) -> None:
        self.seconds = seconds
        self.found: T
        self.fault: BaseException | None = None
        self._find = find
        self._stopped = Event()
        self._begun = time.monotonic()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.found = self._find(self._stopped.is_set)
        except BaseException as fault:
            # Raised where the result is asked for, in the session's own thread.
            self.fault = fault

    @property
    def is_running(self) -> bool:
        """Whether it still searches."""
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

    def result(self) -> T:
        """Return what it found; wait until it has ended."""
        self._thread.join()
        if self.fault is not None:
            raise self.fault
        return self.found
