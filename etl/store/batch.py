"""One batch: a submission whose rows may count, with the file as it came and its tidy rows."""

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from geodata.contract.errors import SourceError
from geodata.contract.layers import LAYERS, empty
from geodata.language import message

RECEIVED = "received"
"""What `Batch.content` calls the file as it came; its other contents go by their layer."""


@dataclass(frozen=True)
class Batch:
    """One file that was imported.

    Attributes
    ----------
    batch_id
        Time of the import and the first digits of the SHA-256: ids sort by time.
    file
        Name of the file as it came.
    sha256
        SHA-256 of the file.
    by
        The account that imported it; it is never published.
    body
        The body that delivered it, which is published; empty where none is stated.
    at
        When: as `etl.store.database.stamp` writes it.
    program_version
        The version of the program that read it.
    row_counts
        Rows by layer.
    content
        Returns the bytes of the file or of the rows of a layer, and their SHA-256 as the store has it.
    is_withdrawn
        Its rows don't count at present.
    version
        Counts what became of it.
    """

    batch_id: str
    file: str
    sha256: str
    by: str
    body: str
    at: str
    program_version: str
    row_counts: Mapping[str, int]
    content: Callable[[str], tuple[bytes, str]] = field(repr=False, compare=False)
    is_withdrawn: bool = False
    version: int = 1

    @property
    def title(self) -> str:
        """The batch as a fault names it."""
        return f"{self.batch_id} {self.file}"

    def received(self) -> bytes:
        """Return the file as it came, byte for byte."""
        return self._whole(RECEIVED)

    def rows(self, layer: str) -> pd.DataFrame:
        """Return its rows of a layer, in the contract's types; none is an empty frame.

        Raises
        ------
        SourceError
            The rows can't be read, or are not those that entered.
        """
        if layer not in self.row_counts:
            return empty(layer)
        frame = self._frame(layer)
        # What a column that the contract has gained since would say of old rows is not known.
        return frame.assign(**{column: None for column in LAYERS[layer].columns if column not in frame})

    def keys(self, layer: str) -> pd.DataFrame:
        """Return the key of each of its rows of a layer."""
        key = list(LAYERS[layer].key)
        return self._frame(layer, key) if layer in self.row_counts else empty(layer)[key]

    def _frame(self, layer: str, columns: list[str] | None = None) -> pd.DataFrame:
        content = io.BytesIO(self._whole(layer))
        try:
            if LAYERS[layer].geometry and columns is None:
                # geopandas reads what is open too, whatever its types say.
                return gpd.read_parquet(content)  # type: ignore[arg-type]
            return pd.read_parquet(content, columns=columns)
        except (OSError, pa.ArrowException) as error:
            raise self._damaged(layer) from error

    def _whole(self, name: str) -> bytes:
        content, sha256 = self.content(name)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise self._damaged(name)
        return content

    def _damaged(self, name: str) -> SourceError:
        problem, expected = message("can't be read"), message("the batch as it was imported, from a backup")
        return SourceError.of(f"{self.batch_id}/{name}", "", problem, expected)


def rows_of(batches: Sequence[Batch], layer: str) -> pd.DataFrame:
    """Return the rows of a layer of several batches, one after the other."""
    frames = [batch.rows(layer) for batch in batches if layer in batch.row_counts]
    return pd.concat(frames, ignore_index=True) if frames else empty(layer)


def packed(rows: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Return rows by layer as Parquet."""
    contents = {}
    for layer, frame in rows.items():
        content = io.BytesIO()
        frame.to_parquet(content, index=False)
        contents[layer] = content.getvalue()
    return contents
