"""When the ground of a ward was redrawn: figures of before and after are of different ground."""

from itertools import pairwise

import pandas as pd

from geodata.wards.crosswalk import same_wards


def redrawings(
    key: tuple[str, str], crosswalk: pd.DataFrame, wards: pd.DataFrame
) -> tuple[pd.Timestamp, ...]:
    """Return the days from which the ground of a ward was another one.

    They are the first days of the vintages in which it, or what it was made of or went to, was not the
    same as in the vintage before (`geodata.wards.crosswalk.same_wards`).

    Parameters
    ----------
    key
        Vintage and ward_code of the ward.
    crosswalk, wards
        The layers ``crosswalk`` and ``ward``; geometry is not used.
    """
    links = crosswalk[(crosswalk["from_vintage"] == key[0]) & (crosswalk["from_ward_code"] == key[1])]
    kin = {str(vintage): set(rows["to_ward_code"]) for vintage, rows in links.groupby("to_vintage")}
    kin[key[0]] = {key[1]}
    same = same_wards(crosswalk, wards)
    pairs = set(same.itertuples(index=False, name=None))
    vintages = sorted(kin)

    def is_same(before: str, after: str) -> bool:
        found = {
            code for code in kin[before] for other in kin[after] if (before, code, after, other) in pairs
        }
        return len(found) == len(kin[before]) == len(kin[after])

    return tuple(pd.Timestamp(after) for before, after in pairwise(vintages) if not is_same(before, after))
