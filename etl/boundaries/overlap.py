"""How vintages of wards lie over each other, and what follows: the crosswalk and the former districts."""

import itertools
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geodata.contract.crs import to_metric
from geodata.contract.errors import Fault, JoinError
from geodata.contract.layers import check, empty
from geodata.language import message
from geodata.wards.crosswalk import links_between
from geodata.wards.succession import PAIR, official_pairs

NOISE = 0.02
"""Parts of a ward below this share are digitising noise between the outlines of two vintages."""


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
    left, right = to_metric(from_wards.geometry).to_numpy(), to_metric(to_wards.geometry).to_numpy()
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
    return pairs.sort_values(PAIR, ignore_index=True)


def crosswalks(
    wards: gpd.GeoDataFrame, unit_succession: pd.DataFrame, official_successor: pd.DataFrame
) -> pd.DataFrame:
    """Return the layer ``crosswalk`` between all vintages that have wards, forwards and back.

    Parameters
    ----------
    wards
        The layer ``ward``.
    unit_succession, official_successor
        The tables of official successors; see `geodata.wards.succession.official_pairs`.

    Raises
    ------
    JoinError
        See `forward_links`.
    """
    vintages = sorted(wards["vintage"].unique())
    between = []
    for old, new in itertools.combinations(vintages, 2):
        before, after = (wards[wards["vintage"] == vintage] for vintage in (old, new))
        there = forward_links(before, after, official_pairs(unit_succession, official_successor, old, new))
        back = backward_links(there, before.set_index("ward_code")["area_km2"])
        between += [
            there.assign(from_vintage=old, to_vintage=new),
            back.assign(from_vintage=new, to_vintage=old),
        ]
    return check("crosswalk", pd.concat(between)) if between else empty("crosswalk")


def forward_links(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, official: pd.DataFrame) -> pd.DataFrame:
    """Return where each ward of one vintage goes in a later one.

    For a ward with official successors, these and no others: geometry only says how a divided ward's area is
    shared out among them. Where the lists leave candidates, and for a ward of which they say nothing, it goes
    where its area goes; parts under `NOISE` of its overlapped area are dropped.

    Parameters
    ----------
    before, after
        Wards of one vintage each.
    official
        Official successors; see `geodata.wards.succession.official_pairs`.

    Returns
    -------
    Keys: from_ward_code, to_ward_code; weight above 0, which sums to 1 for each ward that has any row, and
    method. A ward that nothing overlaps has no row.

    Raises
    ------
    JoinError
        A ward has several official successors and overlaps none of them.
    """
    drawn = official["from_ward_code"].isin(before["ward_code"]) & official["to_ward_code"].isin(
        after["ward_code"]
    )
    official = official[drawn]
    pairs = overlap(before, after)
    certain = official.loc[official["is_certain"], PAIR]
    candidates = pairs.merge(official.loc[~official["is_certain"], PAIR], on=PAIR, validate="one_to_one")
    unlisted = pairs[~pairs["from_ward_code"].isin(official["from_ward_code"])]
    links = pd.concat(
        [
            official_shares(certain, pairs).assign(method="official"),
            area_shares(pd.concat([candidates, unlisted])).assign(method="area"),
        ]
    )
    return links[links["weight"] > 0].sort_values(PAIR, ignore_index=True)


def backward_links(there: pd.DataFrame, area: pd.Series) -> pd.DataFrame:
    """Return where each later ward's area came from: the links turned round.

    A later ward goes back by the area that each earlier one brought into it, which is weight × area of the
    earlier one; so areas carried there and back are what they were. Land that came from outside the earlier
    city is left out of account.

    Parameters
    ----------
    there
        The links forwards; see `forward_links`.
    area
        Area of each earlier ward by its code.
    """
    flow = there["weight"] * there["from_ward_code"].map(area)
    weight = flow / _sum_by(flow, there["to_ward_code"])
    turned = {"from_ward_code": "to_ward_code", "to_ward_code": "from_ward_code"}
    return there.assign(weight=weight).rename(columns=turned)


def official_shares(successors: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the weight of each official successor: its share of what its ward overlaps of all of them.

    Keys: from_ward_code, to_ward_code; ``weight`` sums to 1 for each ward. One successor alone gets 1.
    """
    joined = successors.merge(pairs, on=PAIR, how="left", validate="one_to_one").fillna({"overlap_km2": 0.0})
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
    return joined[[*PAIR, "weight"]]


def area_shares(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each ward's overlapped area that lies in each target, noise dropped.

    Keys: from_ward_code, to_ward_code; ``weight`` sums to 1 for each ward.
    """
    share = pairs["overlap_km2"] / _sum_by(pairs["overlap_km2"], pairs["from_ward_code"])
    # A ward cut into more than fifty equal parts has no part above noise; its greatest ones stay.
    greatest = share.groupby(pairs["from_ward_code"]).transform("max")
    kept = pairs.assign(weight=share)[(share >= NOISE) | (share == greatest)]
    kept["weight"] /= _sum_by(kept["weight"], kept["from_ward_code"])
    return kept[[*PAIR, "weight"]]


def _sum_by(amount: pd.Series, key: pd.Series) -> pd.Series:
    return amount.groupby(key).transform("sum")


DISTRICT = ["district_code", "district_name"]


def district_vintages(wards: pd.DataFrame) -> dict[str, str]:
    """Return of each vintage the one whose districts it shows: its own, or the last ones before it."""
    has_districts = wards.groupby("vintage")["district_code"].count() > 0
    shown: dict[str, str] = {}
    for vintage in sorted(wards["vintage"].unique()):
        before = [other for other in has_districts.index[has_districts] if other <= vintage]
        if before:
            shown[vintage] = max(before)
    return shown


def name_former_districts(wards: gpd.GeoDataFrame, links: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the wards, those of a vintage without districts under their former district.

    It is the district from which the greatest part of the ward came; a ward that did not come from wards of
    the city, as in former Hải Dương, has none.

    Parameters
    ----------
    wards
        The layer ``ward``.
    links
        The layer ``crosswalk``.
    """
    named = wards.copy()
    for vintage, before in district_vintages(wards).items():
        if vintage == before:
            continue
        parts = links_between(links, vintage, before).merge(
            wards.loc[wards["vintage"] == before, ["ward_code", *DISTRICT]],
            left_on="to_ward_code",
            right_on="ward_code",
            how="left",
            validate="many_to_one",
        )
        held = parts.groupby(["from_ward_code", *DISTRICT])[["weight"]].sum().reset_index()
        in_order = held.sort_values(["weight", "district_code"], ascending=[False, True])
        greatest = in_order.drop_duplicates("from_ward_code").set_index("from_ward_code")[DISTRICT]
        here = named["vintage"] == vintage
        named.loc[here, DISTRICT] = greatest.reindex(named.loc[here, "ward_code"]).to_numpy()
    return named


def districts(wards: gpd.GeoDataFrame, shown: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Return the layer ``district``: each vintage's districts, or the former ones.

    Outlines are those of their wards together. Area and residents of a former district are those of the
    vintage in which it was one, for its outline is.

    Parameters
    ----------
    wards
        The layer ``ward``.
    shown
        Of each vintage the one whose districts it shows; see `district_vintages`.
    """
    figures: dict[str, Any] = {"area_km2": "sum", "population": lambda residents: residents.sum(skipna=False)}
    own = (
        wards[wards["vintage"].isin(shown.values()) & wards["district_code"].notna()]
        .dissolve(
            by=["vintage", *DISTRICT],
            aggfunc=figures,
            as_index=False,
        )
        .assign(is_former=False)
    )
    every = [
        own[own["vintage"] == before].assign(vintage=vintage, is_former=vintage != before)
        for vintage, before in shown.items()
    ]
    return check("district", pd.concat(every, ignore_index=True)) if every else empty("district")
