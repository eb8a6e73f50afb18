"""The units that a figure can be asked for: the city, a district or former district, a ward."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geodata.contract.definition import Definition
from geodata.language import message

KEY = ["vintage", "ward_code"]

COMMUNE_LEVEL = Definition(
    name=message("Commune-level units"),
    formula=message(
        "All phường, xã, thị trấn and đặc khu of the boundaries: 217 from 01/02/2020, 167 from 01/01/2025, "
        "114 from 01/07/2025. A huyện without communes (Bạch Long Vĩ until 30/06/2025) is none: it counts in "
        "no number, rank or legend of such units, while its area and residents count in those of the city, "
        "and it counts as a district. Since 01/07/2025 Bạch Long Vĩ is a đặc khu, one of the 114. A figure "
        "of phường alone (66, 79, 45) says so"
    ),
    unit=message("units"),
    source=message(
        "layer ward: ward_kind; resolutions 872, 1232 and 1669 of the National Assembly's committee"
    ),
)


@dataclass(frozen=True)
class Unit:
    """The city in one vintage, or a part of it.

    Attributes
    ----------
    vintage
        Vintage of its wards.
    district_code
        A district, or a former one in a vintage without districts; ``None`` for the city.
    ward_code
        One ward.
    """

    vintage: str
    district_code: str | None = None
    ward_code: str | None = None

    def rows(self, frame: Any) -> Any:
        """Return the rows of this unit's wards.

        Parameters
        ----------
        frame
            Rows with vintage, ward_code and, for a district, district_code, as in ``ward_summary``.
        """
        chosen = frame["vintage"] == self.vintage
        if self.district_code is not None:
            chosen &= frame["district_code"].eq(self.district_code).fillna(False).astype("bool")
        if self.ward_code is not None:
            chosen &= frame["ward_code"] == self.ward_code
        return frame[chosen]


@COMMUNE_LEVEL.documents
def is_commune(wards: pd.DataFrame) -> pd.Series:
    """Return which rows of the layer ``ward`` are commune-level units: all but a huyện without communes."""
    return wards["ward_kind"] != "huyện"


def are_among(rows: pd.DataFrame, others: pd.DataFrame) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Return which rows of one frame stand in another too, column by column whatever their names."""
    found: np.ndarray[Any, np.dtype[np.bool_]] = pd.MultiIndex.from_frame(rows).isin(
        pd.MultiIndex.from_frame(others)
    )
    return found


def area_basis(wards: pd.DataFrame) -> str:
    """Return the column of areas in which wards of one vintage can be told and compared.

    ``area_km2``, the official one, where every ward has one; else ``outline_area_km2``: areas of both kinds
    are not set beside each other.
    """
    return "area_km2" if wards["area_km2"].notna().all() else "outline_area_km2"


def class_counts(numbers: Sequence[int], wards: pd.DataFrame, class_count: int) -> list[int]:
    """Return how many commune-level units each class of a map has, as its legend tells.

    Parameters
    ----------
    numbers
        The class of each row, 0 to class_count - 1.
    wards
        Rows with ward_kind.
    class_count
        How many classes there are.
    """
    counted = np.asarray(numbers, dtype="int64")[is_commune(wards).to_numpy("bool")]
    counts: list[int] = np.bincount(counted, minlength=class_count)[:class_count].tolist()
    return counts


def percent_of(part: float, whole: float) -> float:
    """Return a part as a percentage of the whole; NaN where the whole is 0 or either is missing."""
    if pd.isna(part) or pd.isna(whole) or whole == 0:
        return float("nan")
    return 100 * float(part) / float(whole)


def weighted_percent(share_pct: pd.Series, weight: pd.Series) -> float:
    """Return the share of a whole from the shares of its parts; NaN where one of either is missing."""
    weights = weight.astype("float64").to_numpy()
    total = weights.sum()
    part = (share_pct.astype("float64").to_numpy() * weights).sum()
    # Rounding of floats must not lift a whole above 100.
    return float(np.minimum(part / total, 100.0)) if total else float("nan")


def named_wards(wards: str) -> list[tuple[str, str]]:
    """Return vintage and code of the wards that the layer ``fact`` names in one cell."""
    return [(vintage, code) for vintage, _, code in (ward.partition("/") for ward in wards.split())]
