"""What a build tells of its files from OpenStreetMap, whose licence asks for it."""

import hashlib
from pathlib import Path

import pandas as pd

from geodata.contract.layers import LAYERS


def openstreetmap_source(source_id: str, title: str, path: Path | None) -> pd.DataFrame:
    """Return the row of the layer ``source`` for such a file; none where there is no file."""
    rows = []
    if path is not None:
        rows.append(
            {
                "source_id": source_id,
                "title": title,
                "publisher": "Những người đóng góp OpenStreetMap",
                "licence": "ODbL",
                "redistribution": "allowed",
                "locator": f"{path.name}, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}",
            }
        )
    return pd.DataFrame(rows, columns=list(LAYERS["source"].columns))
