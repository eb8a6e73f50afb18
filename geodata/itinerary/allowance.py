"""How long a search for a plan may go on, and whether that cut it short."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event


@dataclass(frozen=True)
class Allowance:
    """What a search may take.

    Attributes
    ----------
    ends_at
        When its time is over, by `time.monotonic`.
    should_stop
        Whether it is told to end before.
    cut
        Set once it had to end: more time might have led further.
    """

    ends_at: float
    should_stop: Callable[[], bool]
    cut: Event = field(default_factory=Event)

    @classmethod
    def lasting(cls, seconds: float, should_stop: Callable[[], bool] | None = None) -> "Allowance":
        """Return one of so many seconds from now."""
        return cls(time.monotonic() + seconds, should_stop or (lambda: False))

    @property
    def seconds_left(self) -> float:
        """What is left of its time."""
        return self.ends_at - time.monotonic()

    def is_over(self, reserve: float = 0.0) -> bool:
        """Whether it has to end, with so many seconds still left."""
        is_over = self.should_stop() or self.seconds_left <= reserve
        if is_over:
            self.cut.set()
        return is_over
