"""How tests and benchmarks wait for a server that they start."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress

ANSWER_SECONDS = 120
"""No machine takes as long to start the app."""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def answered(address: str, server: subprocess.Popen[bytes]) -> bytes:
    """Return what a server answers, once it does; `TimeoutError` where it ends before or never starts."""
    until = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1) as response:
                return bytes(response.read())
        except urllib.error.HTTPError as refused:
            if refused.code == 401:  # a server with accounts answers nobody else
                return refused.read()
        except OSError:
            # Nothing tells when a port opens, so it is asked until it does; that the server ended is told.
            with suppress(subprocess.TimeoutExpired):
                server.wait(0.1)
    raise TimeoutError(f"{address} did not answer within {ANSWER_SECONDS} s")
