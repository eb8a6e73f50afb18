"""The command ``serve``: on a machine where nothing was built before, the city is there."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from geodata.settings import ROOT

SECONDS = 120

ANYWHERE = os.environ | {"PYTHONPATH": str(ROOT)}
"""The program is found from any folder, as one that pip installed."""


def test_it_builds_what_is_missing_and_serves_it(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "etl.cli", "serve", "--port", str(port)]
    environment = ANYWHERE | {"PILOT_WARDS_HOME": str(tmp_path)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            assert answer(f"http://127.0.0.1:{port}/_stcore/health", server) == b"ok"
            assert (tmp_path / "built" / "haiphong.gpkg").is_file()
        finally:
            server.terminate()


def test_its_options_hold_from_any_folder(tmp_path: Path) -> None:
    code = "import dashboard.server, streamlit; print(streamlit.get_option('client.toolbarMode'))"
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, cwd=tmp_path, env=ANYWHERE, check=True, capture_output=True, text=True)
    assert told.stdout == "minimal\n"


def answer(address: str, server: subprocess.Popen[bytes]) -> bytes:
    """Return what is answered, once anything is."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1) as response:
                return bytes(response.read())
        except (urllib.error.URLError, OSError):
            # Nothing tells when a port opens, so it is asked until it does.
            time.sleep(0.1)
    pytest.fail(f"the app did not answer within {SECONDS} s")
