"""The command ``pilot-wards serve``: the dashboard, as a process that takes this one's place."""

import os
import sys
from typing import Annotated

from etl.commands.build import build_command
from etl.commands.terminal import option
from geodata.language import message
from geodata.settings import settings

MEMORY = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "65536"}
"""For glibc: two arenas, and what is free goes back.

Each visit runs in a thread of its own, and glibc keeps what a thread has freed in an arena of that thread:
the server would grow by 8 MB with each build that it reads.
"""


def serve_command(
    address: Annotated[
        str, option(message("Where to listen; 0.0.0.0 opens it to the network."))
    ] = "127.0.0.1",
    port: Annotated[int, option(message("The port to listen on."))] = 8501,
) -> None:
    """Serve the dashboard; build first where nothing is published yet."""
    if not settings().published.is_file():
        build_command()
    # By its name: etl imports nothing of the dashboard.
    server = [sys.executable, "-m", "dashboard.server", "--address", address, "--port", str(port)]
    os.execve(sys.executable, server, MEMORY | os.environ)
