"""One batch: the file that was imported, its tidy rows and its manifest, in a folder of its own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from geodata.contract.errors import Fault, SourceError
from geodata.contract.layers import LAYERS, empty
from geodata.disk import flush
from geodata.language import message


@dataclass(frozen=True)
class Batch:
    """One file that was imported.

    Attributes
    ----------
    batch_id
        Time of the import and the first digits of the SHA-256: ids sort by time.
    folder
        Where it lies.
    file
        Name of the file as it came.
    sha256
        SHA-256 of the file.
    by, at
        Who imported it, and when: ISO 8601 with offset.
    program_version
        The version of the program that read it.
    row_counts
        Rows by layer.
    is_withdrawn
        Its rows don't count at present.
    """

    batch_id: str
    folder: Path
    file: str
    sha256: str
    by: str
    at: str
    program_version: str
    row_counts: Mapping[str, int]
    is_withdrawn: bool = False

    @property
    def title(self) -> str:
        """The batch as a fault names it."""
        return f"{self.batch_id} {self.file}"

    @property
    def received(self) -> Path:
        """The file as it came, byte for byte."""
        # Its name may be no text, and a file manager leaves files of its own beside it.
        return min((self.folder / "received").iterdir(), key=lambda path: path.name != self.file)

    def rows(self, layer: str) -> pd.DataFrame:
        """Return its rows of a layer, in the contract's types; none is an empty frame.

        Raises
        ------
        SourceError
            The rows can't be read.
        """
        if layer not in self.row_counts:
            return empty(layer)
        path = self.folder / "rows" / f"{layer}.parquet"
        try:
            frame = gpd.read_parquet(path) if LAYERS[layer].geometry else pd.read_parquet(path)
        except (OSError, pa.ArrowException) as error:
            raise SourceError([_damaged(self.folder.name, path)]) from error
        # What a column that the contract has gained since would say of old rows is not known.
        return frame.assign(**{column: None for column in LAYERS[layer].columns if column not in frame})

    def keys(self, layer: str) -> pd.DataFrame:
        """Return the key of each of its rows of a layer."""
        key = list(LAYERS[layer].key)
        if layer not in self.row_counts:
            return empty(layer)[key]
        try:
            return pd.read_parquet(self.folder / "rows" / f"{layer}.parquet", columns=key)
        except (OSError, pa.ArrowException) as error:
            raise SourceError([_damaged(self.folder.name, self.folder)]) from error


def rows_of(batches: Sequence[Batch], layer: str) -> pd.DataFrame:
    """Return the rows of a layer of several batches, one after the other."""
    frames = [batch.rows(layer) for batch in batches if layer in batch.row_counts]
    return pd.concat(frames, ignore_index=True) if frames else empty(layer)


def write_batch(batch: Batch, name: str, content: bytes, rows: Mapping[str, pd.DataFrame]) -> None:
    """Write the folder of a batch, flushed to disk whole."""
    received, tidy = batch.folder / "received", batch.folder / "rows"
    for folder in (batch.folder, received, tidy):
        folder.mkdir()
    (received / name).write_bytes(content)
    for layer, frame in rows.items():
        frame.to_parquet(tidy / f"{layer}.parquet", index=False)
    manifest = {
        "file": batch.file,
        "sha256": batch.sha256,
        "by": batch.by,
        "at": batch.at,
        "program_version": batch.program_version,
        "rows": dict(batch.row_counts),
    }
    (batch.folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="ascii")
    for path in [*batch.folder.rglob("*"), batch.folder]:
        flush(path)


def read_manifest(folder: Path) -> Batch:
    """Return the batch of a folder, as its manifest has it."""
    path = folder / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        return Batch(
            batch_id=folder.name,
            folder=folder,
            file=manifest["file"],
            sha256=manifest["sha256"],
            by=manifest["by"],
            at=manifest["at"],
            program_version=manifest["program_version"],
            row_counts=manifest["rows"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SourceError([_damaged(folder.name, path)]) from error


def _damaged(batch_id: str, path: Path) -> Fault:
    problem, expected = message("can't be read"), message("the batch as it was imported, from a backup")
    return Fault(f"{batch_id}/{path.name}", "", problem, expected)
