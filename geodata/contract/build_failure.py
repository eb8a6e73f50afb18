"""The sign that a build has failed since the published one: a small file beside the published file."""

import datetime
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BuildFailure:
    """A build that failed.

    Attributes
    ----------
    failed_at
        When, ISO 8601 with the offset from UTC.
    faults
        What was wrong, in short, in Vietnamese.
    """

    failed_at: str
    faults: tuple[str, ...]

    def as_json(self) -> bytes:
        """Return the content of the sign."""
        told = {"failed_at": self.failed_at, "faults": list(self.faults)}
        return json.dumps(told, ensure_ascii=False, indent=1).encode()


def failure_sign(published: Path) -> Path:
    """Return the file that stands beside a published GeoPackage while a later build has failed."""
    return published.with_suffix(".failed.json")


def read_failure(published: Path) -> BuildFailure | None:
    """Return the build that failed since the published one; ``None`` where none did.

    Parameters
    ----------
    published
        The published GeoPackage.
    """
    try:
        told = json.loads(failure_sign(published).read_bytes())
        datetime.datetime.fromisoformat(told["failed_at"])
        return BuildFailure(told["failed_at"], tuple(map(str, told["faults"])))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        # A sign that can't be read is still a sign.
        return BuildFailure("", ())
