"""How two vintages of wards lie over each other, and what follows: the crosswalk and the former districts."""

import geopandas as gpd
import pandas as pd
import shapely

from geodata.crs import area_km2, to_metric
from geodata.errors import Fault, JoinError
from geodata.language import message
from geodata.layers import check

NOISE = 0.02
"""Parts of a ward below this share are digitising noise between the outlines of two vintages."""

LEAST_COVERED = 0.2
"""Share of a ward that old wards must cover before one of their districts is named as its former one.

Along the city's old border the outlines of two vintages run past each other by less than 2 % of a ward; on
the shore they differ far more, and the old outline of Bạch Long Vĩ covers only 40 % of the island.
"""


def overlap(from_wards: gpd.GeoDataFrame, to_wards: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return how much of each ward of one vintage lies in each ward of another.

    Parameters
    ----------
    from_wards, to_wards
        Wards of one vintage each.

    Returns
    -------
    Keys: from_ward_code, to_ward_code; ``overlap_km2``, measured in EPSG:9210, above 0.
    """
    left, right = to_metric(from_wards.geometry).array, to_metric(to_wards.geometry).array
    right_at, left_at = shapely.STRtree(left).query(right, predicate="intersects")
    pairs = pd.DataFrame(
        {
            "from_ward_code": from_wards["ward_code"].to_numpy()[left_at],
            "to_ward_code": to_wards["ward_code"].to_numpy()[right_at],
            "overlap_km2": shapely.area(shapely.intersection(left[left_at], right[right_at])) / 1e6,
        }
    )
    # Neighbours that merely touch intersect too, with an area of 0.
    pairs = pairs[pairs["overlap_km2"] > 0]
    return pairs.sort_values(["from_ward_code", "to_ward_code"], ignore_index=True)


def crosswalk(wards: gpd.GeoDataFrame, official: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    """Return the layer ``crosswalk`` from one vintage to another.

    For a ward with official successors, these and no others: geometry only says how a split ward's area is
    shared out among them. Any other ward goes where its area goes; parts under `NOISE` of its overlapped area
    are dropped. Weights sum to 1 for each ward that has any; a ward that nothing overlaps has none.

    Parameters
    ----------
    wards
        The layer ``ward``.
    official
        Official successors: from_vintage, from_ward_code, to_vintage, to_ward_code.
    old, new
        The vintages from and to.

    Raises
    ------
    JoinError
        A ward has several official successors and overlaps none of them.
    """
    pairs = overlap(wards[wards["vintage"] == old], wards[wards["vintage"] == new])
    between = official[(official["from_vintage"] == old) & (official["to_vintage"] == new)]
    shares = pd.concat(
        [
            official_shares(between[["from_ward_code", "to_ward_code"]], pairs).assign(method="official"),
            area_shares(pairs[~pairs["from_ward_code"].isin(between["from_ward_code"])]).assign(
                method="area"
            ),
        ]
    )
    return check("crosswalk", shares.assign(from_vintage=old, to_vintage=new))


def official_shares(successors: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the weight of each official successor: its share of what its ward overlaps of all of them.

    Keys: from_ward_code, to_ward_code; ``weight`` sums to 1 for each ward. One successor alone gets 1.
    """
    joined = successors.merge(
        pairs, on=["from_ward_code", "to_ward_code"], how="left", validate="one_to_one"
    ).fillna({"overlap_km2": 0.0})
    of_ward = joined.groupby("from_ward_code")
    total, count = of_ward["overlap_km2"].transform("sum"), of_ward["overlap_km2"].transform("count")
    faults = [
        Fault(
            "official_successor",
            str(code),
            message("overlaps none of its {count} successors", count=len(rows)),
            message("outlines that overlap, so that the ward can be shared out"),
        )
        for code, rows in joined[(total == 0) & (count > 1)].groupby("from_ward_code")
    ]
    if faults:
        raise JoinError(faults)
    joined["weight"] = (joined["overlap_km2"] / total).mask(count == 1, 1.0)
    return joined[["from_ward_code", "to_ward_code", "weight"]]


def area_shares(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each ward's overlapped area that lies in each target, noise dropped.

    Keys: from_ward_code, to_ward_code; ``weight`` sums to 1 for each ward.
    """
    share = pairs["overlap_km2"] / _sum_by(pairs["overlap_km2"], pairs["from_ward_code"])
    # A ward cut into more than fifty equal parts has no part above noise; its greatest ones stay.
    greatest = share.groupby(pairs["from_ward_code"]).transform("max")
    kept = pairs.assign(weight=share)[(share >= NOISE) | (share == greatest)]
    kept["weight"] /= _sum_by(kept["weight"], kept["from_ward_code"])
    return kept[["from_ward_code", "to_ward_code", "weight"]]


def _sum_by(amount: pd.Series, key: pd.Series) -> pd.Series:
    return amount.groupby(key).transform("sum")


def name_former_districts(wards: gpd.GeoDataFrame, old: str, new: str) -> gpd.GeoDataFrame:
    """Return the wards, those of a vintage without districts under their former district.

    It is the district that holds the greatest part of the ward; none where old wards cover less than
    `LEAST_COVERED` of it, as in former Hải Dương, which lay outside the city.
    """
    before, after = wards[wards["vintage"] == old], wards[wards["vintage"] == new]
    parts = overlap(before, after).merge(
        before[["ward_code", "district_code", "district_name"]],
        left_on="from_ward_code",
        right_on="ward_code",
        how="left",
        validate="many_to_one",
    )
    district = ["district_code", "district_name"]
    held = parts.groupby(["to_ward_code", *district])[["overlap_km2"]].sum().reset_index()
    in_order = held.sort_values(["overlap_km2", "district_code"], ascending=[False, True])
    greatest = in_order.drop_duplicates("to_ward_code").set_index("to_ward_code")
    measured = pd.Series(area_km2(after.geometry).to_numpy(), index=after["ward_code"])
    covered = held.groupby("to_ward_code")["overlap_km2"].sum() / measured
    former = greatest.loc[covered[covered >= LEAST_COVERED].index, district]
    named = wards.copy()
    named.loc[after.index, district] = former.reindex(after["ward_code"]).to_numpy()
    return named


def districts(wards: gpd.GeoDataFrame, old: str, new: str) -> gpd.GeoDataFrame:
    """Return the layer ``district``: the old vintage's districts, and once more as the new one's former ones.

    Outlines are those of their wards together. Area and residents of a former district are the old vintage's,
    for its outline is.
    """
    before = wards[(wards["vintage"] == old) & wards["district_code"].notna()]
    own = before.dissolve(
        by=["vintage", "district_code", "district_name"],
        aggfunc={"area_km2": "sum", "population": lambda residents: residents.sum(skipna=False)},
        as_index=False,
    ).assign(is_former=False)
    return check("district", pd.concat([own, own.assign(vintage=new, is_former=True)], ignore_index=True))
