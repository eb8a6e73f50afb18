"""Where the project's files lie. Paths of one machine never appear elsewhere."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "geodata" / "sources"
USER_BOUNDARIES = SOURCES / "boundaries"
SHIPPED_BOUNDARIES = ROOT / "geodata" / "boundaries"
SHARED_BOUNDARIES = ROOT.parent / "shared" / "geodata"
BUILT = ROOT / "geodata" / "built"


def published_file() -> Path:
    """Return the GeoPackage that a build publishes and the dashboard reads.

    The environment variable ``PILOT_WARDS_GPKG`` names another one.
    """
    return Path(os.environ.get("PILOT_WARDS_GPKG") or BUILT / "haiphong.gpkg")


def failure_sign(published: Path) -> Path:
    """Return the file that stands beside a published GeoPackage while a later build has failed."""
    return published.with_suffix(".failed.json")


def batch_store() -> Path:
    """Return the folder of the batches that were imported.

    The environment variable ``PILOT_WARDS_STORE`` names another one.
    """
    return Path(os.environ.get("PILOT_WARDS_STORE") or ROOT / "geodata" / "batches")
