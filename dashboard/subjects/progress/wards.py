"""The wards of the programme that a view shows, in their order, and what tells them apart."""

from collections.abc import Sequence

import pandas as pd

from geodata.language.alphabet import alphabet_key


def programme_wards(wards: pd.DataFrame) -> pd.DataFrame:
    """Return the wards in the programme, wholly or partly, in the order of the alphabet.

    Parameters
    ----------
    wards
        Wards of one vintage, see `geodata.evidence.Evidence.of_vintage`.
    """
    return by_name(wards[wards["role"].notna()])


def by_name(wards: pd.DataFrame) -> pd.DataFrame:
    """Return wards in the order of the alphabet."""
    order = sorted(range(len(wards)), key=lambda at: alphabet_key(str(wards["ward_name"].iloc[at])))
    return wards.iloc[order].reset_index(drop=True)


def distinct_names(wards: pd.DataFrame, among: Sequence[str] = ("ward_name",)) -> pd.Series:
    """Return the name of each ward, with its code where another one is the same in some columns."""
    is_alone = ~wards.duplicated(list(among), keep=False)
    return wards["ward_name"].where(is_alone, wards["ward_name"] + " (" + wards["ward_code"] + ")")
