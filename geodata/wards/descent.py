"""From which wards others descend, and with what shares: of one ward, and of all back to their roots."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.evidence import Evidence
from geodata.wards.crosswalk import same_wards
from geodata.wards.units import KEY, are_among

Array = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]
Days = npt.NDArray[np.datetime64]

TYPICAL_RESIDENTS = {"phường": 11_000, "thị trấn": 8_000, "xã": 7_000, "đặc khu": 7_000, "huyện": 1_000}
"""Residents that set the level of a ward whose own are unknown: about the medians of 2020-02-01."""


@dataclass(frozen=True)
class Descent:
    """The wards of one vintage, and the roots that went into them.

    A root is a ward into which nothing went from any vintage before it: those of the first vintage, and
    those by which the city grew.

    Attributes
    ----------
    vintage
        The vintage.
    codes
        Its wards in their order, huyện left out: these have no ward police.
    ward, root, weight
        One entry a link: position in ``codes``, row of the roots, and share of its residents that went there.
    lead
        Of each ward the row of the root of which the most residents went into it.
    """

    vintage: str
    codes: list[str]
    ward: Positions
    root: Positions
    weight: Array
    lead: Positions

    def carry(self, of_roots: Array) -> Array:
        """Return amounts of the wards, the sum of weight × amount over their roots.

        The first axis turns from roots to wards; the others stay.
        """
        carried = np.zeros((len(self.codes), *of_roots.shape[1:]))
        weight = self.weight.reshape(-1, *[1] * (of_roots.ndim - 1))
        # A matrix product would round differently for another number of months or wards.
        np.add.at(carried, self.ward, of_roots[self.root] * weight)
        return carried


def trace_descent(wards: pd.DataFrame, crosswalk: pd.DataFrame) -> tuple[pd.DataFrame, list[Descent]]:
    """Return the roots and the descent of each vintage's wards, the earliest first.

    Parameters
    ----------
    wards, crosswalk
        The layers ``ward`` and ``crosswalk``; geometry is not used.

    Returns
    -------
    The roots, one row each: vintage, ward_code, ward_kind, residents (a typical figure where unknown). And
    one `Descent` a vintage, whose links count these rows.
    """
    units = pd.DataFrame(wards[["vintage", "ward_code", "ward_kind"]]).assign(
        residents=wards["population"]
        .astype("float64")
        .fillna(wards["ward_kind"].map(TYPICAL_RESIDENTS))
        .clip(lower=1)
    )
    units = units.sort_values(["vintage", "ward_code"], ignore_index=True)
    ends = ["from_vintage", "from_ward_code"]
    roots = units.iloc[:0].assign(root=0)
    descents = []
    for vintage, own in units.groupby("vintage", sort=True):
        into = (crosswalk["to_vintage"] == vintage) & (crosswalk["population_weight"] > 0)
        links = crosswalk.loc[into, [*ends, "to_ward_code", "population_weight"]]
        reached = set(links.loc[are_among(links[ends], roots[KEY]), "to_ward_code"])
        new = own[~own["ward_code"].isin(reached)]
        roots = pd.concat([roots, new.assign(root=range(len(roots), len(roots) + len(new)))])
        itself = new.assign(
            from_vintage=vintage,
            from_ward_code=new["ward_code"],
            to_ward_code=new["ward_code"],
            population_weight=1.0,
        )
        flows = pd.concat([links, itself[links.columns]]).merge(
            roots.rename(columns={"vintage": "from_vintage", "ward_code": "from_ward_code"}),
            on=ends,
            how="inner",
            validate="many_to_one",
        )
        descents.append(_descent(str(vintage), own, flows))
    return roots.drop(columns="root").reset_index(drop=True), descents


def _descent(vintage: str, own: pd.DataFrame, flows: pd.DataFrame) -> Descent:
    """Return the descent of one vintage from the rows of its links with the roots' columns."""
    codes = own.loc[own["ward_kind"] != "huyện", "ward_code"].tolist()
    links = flows[flows["to_ward_code"].isin(codes)]
    links = links.assign(
        ward=pd.Index(codes).get_indexer(pd.Index(links["to_ward_code"])),
        came=links["population_weight"] * links["residents"],
    ).sort_values(["ward", "root"])
    lead = links.sort_values(["ward", "came"], kind="stable").drop_duplicates("ward", keep="last")
    ward, root = links["ward"].to_numpy(dtype=np.intp), links["root"].to_numpy(dtype=np.intp)
    weight = links["population_weight"].to_numpy(dtype=np.float64)
    return Descent(vintage, codes, ward, root, weight, lead["root"].to_numpy(dtype=np.intp))


def vintage_at(descents: Sequence[Descent], days: Days) -> Positions:
    """Return the position of the vintage to whose wards each day belongs."""
    begun = np.array([descent.vintage for descent in descents], dtype="datetime64[D]")
    return np.maximum(np.searchsorted(begun, days.astype("datetime64[D]"), side="right") - 1, 0)


def descent(key: tuple[str, str], known: Evidence) -> pd.DataFrame:
    """Return what a ward was made of and what became of it, in every other vintage.

    Returns
    -------
    One row a unit that shares area with the ward, by vintage and falling share: vintage, ward_code,
    ward_kind, ward_name; moved_area_pct and moved_population_pct (share of the earlier unit's area and
    residents that went to the later one, %); area_pct (share of the later unit's outline that lies in that of
    the earlier one, %); population_pct (share of its residents that came from there, %); is_same (undivided,
    and joined with nothing); link, link_source and weight_source as in the crosswalk.
    """
    same = same_wards(known.crosswalk, known.wards)
    others = [other for other in sorted(known.wards["vintage"].unique()) if other != key[0]]
    frames = [_links_with(key, other, known, same) for other in others]
    columns = ["vintage", "ward_code", "ward_kind", "ward_name", "moved_area_pct", "moved_population_pct"]
    columns += ["area_pct", "population_pct", "is_same", "link", "link_source", "weight_source"]
    found = [frame for frame in frames if len(frame)]
    if not found:
        return pd.DataFrame(columns=columns)
    return pd.concat(found, ignore_index=True)[columns]


def _links_with(key: tuple[str, str], other: str, known: Evidence, same: pd.DataFrame) -> pd.DataFrame:
    vintage, code = key
    earlier, later = sorted([vintage, other])
    between = known.crosswalk["from_vintage"].eq(earlier) & known.crosswalk["to_vintage"].eq(later)
    links = known.crosswalk[between]
    before, after = (
        known.wards[known.wards["vintage"] == one].set_index("ward_code") for one in (earlier, later)
    )
    own, met = (
        ("from_ward_code", "to_ward_code") if vintage == earlier else ("to_ward_code", "from_ward_code")
    )
    came = links["population_weight"] * links["from_ward_code"].map(before["population"]).astype("float64")
    came = came.mask(links["population_weight"] == 0, 0.0)
    total = came.groupby(links["to_ward_code"]).transform("sum", skipna=False)
    outline_km2 = links["to_ward_code"].map(after["outline_area_km2"])
    of_ward = same[["from_vintage", "from_ward_code", "to_vintage"]] == [vintage, code, other]
    is_same = bool(of_ward.all(axis="columns").any())
    shared_km2 = outline_km2 if is_same else links["overlap_km2"]
    rows = links.assign(
        vintage=other,
        ward_code=links[met],
        moved_area_pct=100 * links["area_weight"],
        moved_population_pct=100 * links["population_weight"],
        area_pct=(100 * shared_km2 / outline_km2).clip(upper=100),
        population_pct=100 * came / total.where(total > 0),
        is_same=is_same,
    )[links[own] == code]
    return rows.merge(
        known.wards[[*KEY, "ward_kind", "ward_name"]], on=KEY, how="left", validate="one_to_one"
    ).sort_values(
        ["moved_area_pct" if vintage == earlier else "area_pct", "ward_code"], ascending=[False, True]
    )
