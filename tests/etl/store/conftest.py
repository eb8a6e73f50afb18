"""What the tests of the store share: the city's clock, which a test puts forward."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from geodata import clock


class Clock:
    """The city's clock, which a test puts forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(clock.VIETNAM) + self.ahead


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    moved = Clock()
    for module in ("etl.store.accounts", "etl.store.sessions", "etl.store.database", "etl.store.pruning"):
        monkeypatch.setattr(f"{module}.now", moved)
    yield moved
