"""A short run of the forgeries of the store, on either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak.store import Soak


@pytest.fixture(params=["sqlite", "postgresql"])
def soak(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Soak]:
    yield Soak(tmp_path, request.getfixturevalue("cluster") if request.param == "postgresql" else None)


def test_no_forgery_of_the_store_goes_unnoticed(soak: Soak) -> None:
    count = 70 if soak.cluster is None else 15
    outcomes = [soak.trial(number) for number in range(1, count + 1)]
    assert sum(is_noticed for _, is_noticed in outcomes) > 0.8 * count
