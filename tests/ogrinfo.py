"""What the GDAL of the system tells of a file: another, and on Debian an older, than the one of the tests."""

import shutil
import subprocess
from pathlib import Path

import pytest


def ogrinfo(path: Path) -> str:
    """Return the summary of all layers, told without any warning."""
    if not shutil.which("ogrinfo"):
        pytest.fail("ogrinfo is missing: ask for “apt-get install gdal-bin”, then run the tests again")
    told = subprocess.run(["ogrinfo", "-so", "-al", "-ro", path], capture_output=True, text=True, check=True)
    assert told.stderr == ""
    assert "Warning" not in told.stdout
    return told.stdout
