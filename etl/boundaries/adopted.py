"""Boundary files that were adopted: where each came from, kept in a table beside their tidied wards."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pandera.geopandas as pandera

from etl.boundaries.vintages import BoundaryFile
from etl.register.tables import read_table, tidy_table
from geodata.contract.layers import LAYERS, Layer

_SHA256 = pandera.Column("str", pandera.Check.str_matches(r"^[0-9a-f]{64}$"))
_DECLARED = pandera.Column("str", nullable=True)

ADOPTED = Layer(
    "boundary_file",
    "Boundary files that were adopted, the tidied one and the one as received",
    ("sha256",),
    {
        "vintage": LAYERS["ward"].columns["vintage"],
        "file": pandera.Column("str", pandera.Check.str_matches(r"^wards_.*\.gpkg$")),
        "sha256": _SHA256,
        "received": pandera.Column("str", pandera.Check.str_length(min_value=1)),
        "received_sha256": _SHA256,
        "title": _DECLARED,
        "publisher": _DECLARED,
        "licence": _DECLARED,
        "quality": pandera.Column("str", pandera.Check.isin(["official", "public"])),
        "adopted": pandera.Column("datetime64[ns]"),
    },
)
"""Rows stay when a vintage is adopted again: what was received before is kept, and where it came from."""

FILE = f"{ADOPTED.name}.csv"


def adopted_files(directories: Sequence[Path]) -> pd.DataFrame:
    """Return the adopted files of all folders that keep such a table, in the columns of `ADOPTED`.

    Raises
    ------
    GeodataError
        A table that breaks its contract.
    """
    tables = [
        tidy_table(read_table(folder / FILE), ADOPTED) for folder in directories if (folder / FILE).is_file()
    ]
    if not tables:
        return pd.DataFrame(columns=list(ADOPTED.columns), dtype="str")
    return pd.concat(tables, ignore_index=True).drop_duplicates("sha256")


def with_adopted(known_files: pd.DataFrame, adopted: pd.DataFrame) -> pd.DataFrame:
    """Return the files whose origin is known, the adopted ones included, as ``boundary_file`` has them."""
    rows = adopted[["sha256", "file", "quality"]].assign(source=_source_ids(adopted))
    return pd.concat([known_files, rows], ignore_index=True).drop_duplicates("sha256")


def used_rows(adopted: pd.DataFrame, files: Sequence[BoundaryFile]) -> pd.DataFrame:
    """Return the rows of the files that a build uses."""
    return adopted[adopted["sha256"].isin([file.sha256 for file in files])]


def adopted_sources(adopted: pd.DataFrame, files: Sequence[BoundaryFile]) -> pd.DataFrame:
    """Return rows of the layer ``source`` for the adopted files that a build uses."""
    rows = used_rows(adopted, files)
    sources = pd.DataFrame(
        {
            "source_id": _source_ids(rows),
            "title": rows["title"].fillna("Tệp ranh giới do đơn vị cung cấp: " + rows["received"]),
            "publisher": rows["publisher"].fillna("Chưa khai báo"),
            "licence": rows["licence"],
            "locator": rows["received"] + ", SHA-256 " + rows["received_sha256"],
        }
    )
    return sources.drop_duplicates("source_id").reindex(columns=list(LAYERS["source"].columns))


def _source_ids(adopted: pd.DataFrame) -> pd.Series:
    """Return the source_id of each adopted file: it names the file as received by its content."""
    return "adopted-" + adopted["received_sha256"].str[:12]
