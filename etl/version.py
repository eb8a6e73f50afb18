"""The version of the program, which stands in all that it makes."""

from importlib.metadata import version

DISTRIBUTION = "haiphong-pilot-wards"


def program_version() -> str:
    """Return the version of the program that is installed."""
    return version(DISTRIBUTION)
