"""The units that a figure can be asked for: the city, a district or former district, a ward."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

KEY = ["vintage", "ward_code"]


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


def is_commune(wards: pd.DataFrame) -> pd.Series:
    """Return which units count as wards: all but a huyện without communes, which still has an area."""
    return wards["ward_kind"] != "huyện"


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
