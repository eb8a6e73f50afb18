"""The basemap that an office has brought: a file of streets and names of places for all maps."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = "basemap"
"""Where it lies in the home."""

RECORD = "basemap.json"
"""Says which file of the folder is in force; without it there is no basemap."""


@dataclass(frozen=True)
class Basemap:
    """A basemap that was adopted.

    Attributes
    ----------
    name
        Of its file, which holds the hash of its content.
    max_zoom
        The closest zoom that the file has tiles of.
    attribution
        Whose data it is, as its metadata say; empty where these are silent.
    """

    name: str
    max_zoom: int
    attribution: str

    def as_json(self) -> bytes:
        """Return what stands in its record."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()


def adopted_basemap(home: Path) -> Basemap | None:
    """Return the basemap of a home, if there is one and its file is there."""
    folder = home / FOLDER
    try:
        adopted = Basemap(**json.loads((folder / RECORD).read_bytes()))
    except FileNotFoundError:
        return None
    return adopted if (folder / adopted.name).is_file() else None
