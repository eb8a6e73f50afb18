"""When the ground of a ward or a unit was redrawn: figures of before and after are of different ground."""

from dataclasses import replace
from itertools import pairwise

import pandas as pd

from geodata.wards.crosswalk import same_wards
from geodata.wards.units import Unit


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


def ground_changes(
    unit: Unit, vintage: str, crosswalk: pd.DataFrame, wards: pd.DataFrame
) -> tuple[pd.Timestamp, ...]:
    """Return the days, between the vintage of a unit and another one, from which its ground was another one.

    Figures of the unit in the two vintages can be compared directly only where there are none. The ground is
    that of the unit's wards together: it is the same in two vintages where all that went out of these wards,
    and all that came into them, stayed among them.

    Parameters
    ----------
    unit
        A unit of one vintage. In the others it is the one of the same code, which may be quite another.
    vintage
        The other vintage, earlier or later.
    crosswalk, wards
        The layers ``crosswalk`` and ``ward``; geometry is not used.

    Returns
    -------
    First days of vintages, the earliest first; also of those in which there is no such unit, or one again.
    """
    first, last = sorted([unit.vintage, vintage])
    between = [one for one in sorted(wards["vintage"].unique()) if first <= one <= last]
    codes = {one: set(replace(unit, vintage=one).rows(wards)["ward_code"]) for one in between}

    def is_same(before: str, after: str) -> bool:
        links = crosswalk[(crosswalk["from_vintage"] == before) & (crosswalk["to_vintage"] == after)]
        gone, come = links["from_ward_code"], links["to_ward_code"]
        touched = gone.isin(codes[before]) | come.isin(codes[after])
        return set(gone[touched]) == codes[before] and set(come[touched]) == codes[after]

    return tuple(pd.Timestamp(after) for before, after in pairwise(between) if not is_same(before, after))
