"""A store of the test's own, and browsers that know nothing yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dashboard.gate import identity, signing_in
from tests.dashboard.gate.people import fresh


@pytest.fixture
def home(tmp_path: Path, inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PILOT_WARDS_HOME", str(tmp_path))
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(inspected_gpkg))
    signing_in.forget()
    yield tmp_path
    identity.store().close()
    signing_in.forget()


@pytest.fixture
def client(home: Path) -> TestClient:
    return fresh()
