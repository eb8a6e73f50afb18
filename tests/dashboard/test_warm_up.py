"""The warm-up: it makes ready what the first page needs, and leaves faults of the data to the page."""

from functools import partial
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.query.caching import forget
from dashboard.query.publication import publication
from dashboard.screens.overview.screen import opening
from dashboard.shell.first_view import first_of, framed
from dashboard.shell.warm_up import warm_up
from dashboard.ui import static_files
from dashboard.ui.geometry import outlines
from tests.small_city import NEW, OLD

FIRST = partial(first_of, framed("overview", opening), {})


def test_outlines_and_frontend_are_there_before_anyone_asks(
    small_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(small_gpkg))
    forget()
    warm_up(FIRST).join()
    client = TestClient(Starlette(routes=[static_files.static_route()]))
    for vintage in (OLD, NEW):
        assert client.get(outlines(publication(), vintage).address).json()["vintage"] == vintage


def test_a_build_that_is_missing_does_not_stop_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(tmp_path / "none.gpkg"))
    # An error in the thread would fail the test.
    warm_up(FIRST).join()
