"""The server's log: one line an event, without control characters, in a file that is rotated.

What a stranger sends may stand in a line, and could otherwise end it and begin another, or speak to a
terminal.
"""

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

MOST_BYTES, KEPT = 10 << 20, 5

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class OneLine(logging.Formatter):
    """Formats an event as one line; what would break or turn it stands there escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of an event, a traceback being part of it."""
        return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], super().format(record))


def set_up_logs(file: Path | None) -> None:
    """Let every logger that there is write single lines, and into a file too where one is named."""
    line = OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s")
    kept: list[logging.Handler] = []
    if file is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = [RotatingFileHandler(file, maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8")]
        file.chmod(0o600)
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    for logger in (root, *loggers):
        for handler in logger.handlers:
            handler.setFormatter(line)
        if logger is root or (logger.handlers and not logger.propagate):
            for handler in kept:
                handler.setFormatter(line)
                logger.addHandler(handler)
