"""The wards of every vintage that lie wholly within some areas: of these somebody may see the facts."""

from collections.abc import Iterable

import pandas as pd

Area = tuple[str, str]
"""A vintage and the code of one of its districts, or former ones, or of one of its wards."""


def wards_within(areas: Iterable[Area], wards: pd.DataFrame, crosswalk: pd.DataFrame) -> frozenset[Area]:
    """Return the (vintage, ward_code) of all wards that lie within some areas, whatever the vintage.

    A ward of another vintage than an area's is within where each ward that shares more than land with it is:
    of one that was made from wards on both sides of an area's border nothing is told apart.

    Parameters
    ----------
    areas
        What is looked at.
    wards
        Rows of all vintages: vintage, ward_code, district_code.
    crosswalk
        The layer: from_vintage, from_ward_code, to_vintage, to_ward_code, link.
    """
    found: set[Area] = set()
    lived_in = crosswalk[crosswalk["link"] != "land_only"]
    theirs = ["to_vintage", "to_ward_code"]
    for vintage in sorted({vintage for vintage, _ in areas}):
        codes = {code for one, code in areas if one == vintage}
        units = wards[wards["vintage"] == vintage]
        own = set(units.loc[units["district_code"].isin(codes) | units["ward_code"].isin(codes), "ward_code"])
        found |= {(vintage, code) for code in own}
        links = lived_in[lived_in["from_vintage"] == vintage]
        whole = links["from_ward_code"].isin(own).groupby([links[column] for column in theirs]).all()
        found |= set(whole.index[whole.to_numpy()])
    return frozenset(found)
