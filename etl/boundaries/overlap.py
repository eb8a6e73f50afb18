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
from geodata.wards.crosswalk import links_between, population_weights
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
        between += [
            there.assign(from_vintage=old, to_vintage=new),
            backward_links(there, before).assign(from_vintage=new, to_vintage=old),
        ]
    return check("crosswalk", pd.concat(between)) if between else empty("crosswalk")


def forward_links(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, official: pd.DataFrame) -> pd.DataFrame:
    """Return where each ward of one vintage goes in a later one.

    For a ward with official successors, these and no others: geometry only says how a divided ward's area is
    shared out among them. Where the lists leave candidates, and for a ward of which they say nothing, it goes
    where its area goes; parts under `NOISE` of its overlapped area are dropped. Residents follow the area,
    but for land that changed hands without any (`geodata.wards.crosswalk.population_weights`).

    Parameters
    ----------
    before, after
        Wards of one vintage each.
    official
        Official successors; see `geodata.wards.succession.official_pairs`.

    Returns
    -------
    Keys: from_ward_code, to_ward_code; the other columns of the layer ``crosswalk``. Each weight sums to 1
    for each ward that has any row. A ward that nothing overlaps has no row.

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
    is_certain = official["is_certain"]
    certain = official.loc[is_certain, [*PAIR, "is_land_only"]]
    candidates = pairs.merge(
        official.loc[~is_certain, [*PAIR, "is_land_only"]], on=PAIR, validate="one_to_one"
    )
    unlisted = pairs[~pairs["from_ward_code"].isin(official["from_ward_code"])]
    links = pd.concat(
        [
            official_shares(certain, pairs).assign(link_source="official"),
            area_shares(pd.concat([candidates, unlisted.assign(is_land_only=False)])).assign(
                link_source="area"
            ),
        ]
    )
    links = links[(links["area_weight"] > 0) | (links["population_weight"] > 0)]
    # Where all that is left of a ward is said to be land only, its residents went there after all.
    is_land_only = links["is_land_only"] & (links["population_weight"] == 0)
    named = _with_names(links.assign(is_land_only=is_land_only), "overlay")
    return named.drop(columns="is_land_only").sort_values(PAIR, ignore_index=True)


def backward_links(there: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return where each later ward's area and residents came from: the links turned round.

    A later ward goes back by the area, and by the residents, that each earlier one brought into it: weight ×
    area or residents of the earlier one; so both, carried there and back, are what they were. Land that came
    from outside the earlier city is left out of account. Where the residents of a part are not known, they
    are taken to have come in proportion to area.

    Parameters
    ----------
    there
        The links forwards; see `forward_links`.
    before
        The earlier wards: ward_code, outline_area_km2, population.
    """
    source, target = there["from_ward_code"], there["to_ward_code"]
    figures = before.set_index("ward_code")
    area = there["area_weight"] * source.map(figures["outline_area_km2"])
    is_land_only = there["link"] == "land_only"
    people = there["population_weight"] * source.map(figures["population"]).astype("float64")
    people = people.mask(is_land_only, 0.0)
    is_known = people.notna().groupby(target).transform("all") & (_sum_by(people, target) > 0)
    turned = there.assign(from_ward_code=target, to_ward_code=source, is_land_only=is_land_only)
    turned["area_weight"] = (area / _sum_by(area, target)).fillna(0.0)
    by_area = population_weights(turned)
    turned["population_weight"] = (people / _sum_by(people, target)).where(is_known, by_area)
    turned["is_land_only"] &= turned["population_weight"] == 0
    return _with_names(turned, is_known.map({True: "residents", False: "overlay"})).drop(
        columns="is_land_only"
    )


def _with_names(links: pd.DataFrame, weight_source: str | pd.Series) -> pd.DataFrame:
    """Return links with ``link`` and ``weight_source``, which is given for those that are divided."""
    is_alone = links.groupby("from_ward_code")["to_ward_code"].transform("size") == 1
    link = links["is_land_only"].map({True: "land_only", False: "part"}).mask(is_alone, "whole")
    named = links.assign(link=link, weight_source=weight_source)
    return named.assign(weight_source=named["weight_source"].mask(is_alone, "whole"))


def official_shares(successors: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the weights of each official successor: its share of what its ward overlaps of all of them.

    Keys: from_ward_code, to_ward_code; overlap_km2, is_land_only; ``area_weight`` and ``population_weight``
    sum to 1 for each ward. One successor alone gets 1.
    """
    joined = successors.merge(pairs, on=PAIR, how="left", validate="one_to_one").fillna({"overlap_km2": 0.0})
    of_ward = joined.groupby("from_ward_code")
    total, count = of_ward["overlap_km2"].transform("sum"), of_ward["overlap_km2"].transform("count")
    joined["area_weight"] = (joined["overlap_km2"] / total).mask(count == 1, 1.0)
    joined["population_weight"] = population_weights(joined)
    faults = [
        Fault(
            "official_successor",
            str(code),
            message("overlaps none of its {count} successors", count=len(rows)),
            message("outlines that overlap, so that the ward can be shared out"),
        )
        for code, rows in joined[joined["population_weight"].isna()].groupby("from_ward_code")
    ]
    if faults:
        raise JoinError(faults)
    return joined


def area_shares(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each ward's overlapped area that lies in each target, noise dropped.

    Keys: from_ward_code, to_ward_code; overlap_km2, is_land_only; ``area_weight`` and ``population_weight``
    sum to 1 for each ward.
    """
    share = pairs["overlap_km2"] / _sum_by(pairs["overlap_km2"], pairs["from_ward_code"])
    # A ward cut into more than fifty equal parts has no part above noise; its greatest ones stay.
    greatest = share.groupby(pairs["from_ward_code"]).transform("max")
    kept = pairs.assign(area_weight=share)[(share >= NOISE) | (share == greatest)]
    kept["area_weight"] /= _sum_by(kept["area_weight"], kept["from_ward_code"])
    return kept.assign(population_weight=population_weights(kept))


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
        held = parts.groupby(["from_ward_code", *DISTRICT])[["area_weight"]].sum().reset_index()
        in_order = held.sort_values(["area_weight", "district_code"], ascending=[False, True])
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
    of_all = {name: lambda of_wards: of_wards.sum(skipna=False) for name in ("area_km2", "population")}
    figures: dict[str, Any] = of_all | {"outline_area_km2": "sum"}
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
