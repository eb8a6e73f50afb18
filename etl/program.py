"""The program's own name and version, and the clock by which it dates what it does."""

from datetime import timedelta, timezone
from importlib.metadata import version

DISTRIBUTION = "haiphong-pilot-wards"
VIETNAM = timezone(timedelta(hours=7))


def program_version() -> str:
    """Return the version of the program that is installed."""
    return version(DISTRIBUTION)
