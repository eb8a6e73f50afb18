"""A fair queue for what is costly: one at a time, everybody in turn, and who waits is told the place."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Condition

LOOKED_EVERY = 0.5
"""Seconds after which who waits is told the place again."""


@dataclass(eq=False)
class _Ticket:
    round: int
    is_running: bool = False


class Queue:
    """What lets one work at a time, and the others wait for their turn.

    Parameters
    ----------
    pace
        Seconds from the beginning of one turn to that of the next while others wait: what follows a turn,
        such as drawing what was found, takes the processor too.
    """

    def __init__(self, pace: float = 0.0) -> None:
        self._pace = pace
        self._next = 0.0
        self._round = 0
        self._rounds: dict[str, int] = {}
        self._tickets: list[_Ticket] = []
        self._changed = Condition()

    @contextmanager
    def turn(self, person: str, tell: Callable[[int], None]) -> Iterator[None]:
        """Wait for a turn, and have it.

        Parameters
        ----------
        person
            Whose it is: further ones of the same person come after the first ones of all others.
        tell
            Is given the place, from 1 on, now and again; what it raises ends the waiting.
        """
        with self._changed:
            if not self._tickets:
                self._rounds.clear()
            # Fair queuing by start tags: in each round of the line everybody has one turn.
            mine = _Ticket(max(self._round, self._rounds.get(person, -1) + 1))
            self._rounds[person] = mine.round
            self._tickets.append(mine)
        try:
            while (place := self._place_or_turn(mine)) > 0:
                tell(place)
            yield
        finally:
            with self._changed:
                self._tickets.remove(mine)
                self._changed.notify_all()

    def _place_or_turn(self, mine: _Ticket) -> int:
        """Return 0 once the turn has come, and else, after a while, the place."""
        with self._changed:
            until = time.monotonic() + LOOKED_EVERY
            while True:
                place, now = self._place(mine), time.monotonic()
                is_busy = any(one.is_running for one in self._tickets)
                if place == 1 and not is_busy and now >= self._next:
                    mine.is_running = True
                    self._round = mine.round
                    is_awaited = len(self._tickets) > 1
                    self._next = now + self._pace * is_awaited
                    return 0
                if now >= until:
                    return place
                pause = until - now if place > 1 or is_busy else min(until, self._next) - now
                self._changed.wait(max(pause, 0.001))

    def _place(self, mine: _Ticket) -> int:
        waiting = sorted((one for one in self._tickets if not one.is_running), key=lambda one: one.round)
        return waiting.index(mine) + 1


def _tell_nobody(_place: int) -> None:
    """Wait in silence."""


WAITS: ContextVar[tuple[str, Callable[[int], None]]] = ContextVar("waits", default=("", _tell_nobody))
"""Who asks, and what tells them their place."""
