"""What illustrative rows are drawn with: a stream for each thing drawn, the time that has passed, a label."""

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd

from geodata.contract.layers import empty
from geodata.wards.descent import Array, Days

SOURCE = "illustrative"
"""The source_id of every illustrative row."""

FIRST_MONTH = pd.Period("2021-07", "M")
"""The month with which illustrative rows begin."""


def stream(seed: int, *name: str) -> np.random.Generator:
    """Return the generator of one thing that is drawn, which owes nothing to any other."""
    digest = hashlib.blake2b("/".join([str(seed), *name]).encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def streams(seed: int, units: pd.DataFrame, what: str) -> list[np.random.Generator]:
    """Return a generator for each row of units: vintage, ward_code."""
    names = zip(units["vintage"], units["ward_code"], strict=True)
    return [stream(seed, vintage, code, what) for vintage, code in names]


def years_since_first(days: Days) -> Array:
    """Return the years from 1 July 2021 to days."""
    since = days.astype("datetime64[D]") - np.datetime64(FIRST_MONTH.start_time, "D")
    return np.asarray(since / np.timedelta64(1, "D") / 365.25)


def stacked(layer: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the frames as one of a layer, labelled as illustrative."""
    if not frames:
        return empty(layer)
    return pd.concat(frames, ignore_index=True).assign(source=SOURCE, is_illustrative=True)
