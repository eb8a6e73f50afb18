"""The command ``serve``: on a machine where nothing was built before, the city is there."""

import os
import subprocess
import sys
from pathlib import Path

from geodata.settings import ROOT
from tests.serving import answered, free_port

ANYWHERE = os.environ | {"PYTHONPATH": str(ROOT)}
"""The program is found from any folder, as one that pip installed."""


def test_it_builds_what_is_missing_and_serves_it(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "etl.cli", "serve", "--port", str(port)]
    environment = ANYWHERE | {"PILOT_WARDS_HOME": str(tmp_path)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            assert answered(f"http://127.0.0.1:{port}/_stcore/health", server) == b"ok"
            assert (tmp_path / "built" / "haiphong.gpkg").is_file()
        finally:
            server.terminate()


def test_its_options_hold_from_any_folder(tmp_path: Path) -> None:
    code = "import dashboard.server, streamlit; print(streamlit.get_option('client.toolbarMode'))"
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, cwd=tmp_path, env=ANYWHERE, check=True, capture_output=True, text=True)
    assert told.stdout == "minimal\n"
