"""Carrying counts, stages and facts across vintages, from their wards to those of another.

Every function takes ``links``, the crosswalk's rows from one vintage to another (`links_between`), forwards
or back alike. Each vintage is reached from the one in which a figure was recorded, never by way of a third:
each step would blur it. What is missing stays missing.
"""

from collections.abc import Sequence

import pandas as pd

from geodata.contract.programme import ROLES, STAGES

WHOLE = 1 - 1e-9
"""Least weight of a ward that goes to another undivided; what is below 1 here is rounding of floats."""

LINK_COLUMNS = ["from_ward_code", "to_ward_code", "area_weight", "population_weight", "overlap_km2", "link"]


def links_between(crosswalk: pd.DataFrame, from_vintage: str, to_vintage: str) -> pd.DataFrame:
    """Return the rows of the layer ``crosswalk`` from one vintage to another.

    Keys: from_ward_code, to_ward_code; area_weight and population_weight, the shares of the source ward, 0 to
    1: counts about people go by the second, figures of land by the first; overlap_km2; link.
    """
    chosen = (crosswalk["from_vintage"] == from_vintage) & (crosswalk["to_vintage"] == to_vintage)
    return crosswalk.loc[chosen, LINK_COLUMNS].reset_index(drop=True)


def population_weights(links: pd.DataFrame) -> pd.Series:
    """Return what share of each ward's residents goes where, from the shares of its area.

    Nobody moves with land that changes hands without residents, so these spread over the other parts in
    proportion to their area. That is an assumption: no resolution gives shares.

    Parameters
    ----------
    links
        Rows of one vintage to another: from_ward_code, area_weight, is_land_only.

    Returns
    -------
    Shares in the order of ``links``, which sum to 1 for each ward; NaN where a ward has several parts with
    residents and all of no area. Where all parts are said to be land only, those of the area.
    """
    source = links["from_ward_code"]
    lived_in = links["area_weight"].mask(links["is_land_only"])
    total, count = (lived_in.groupby(source).transform(of) for of in ("sum", "count"))
    share = (lived_in / total.where(total > 0)).mask(count == 1, 1.0).mask(links["is_land_only"], 0.0)
    return share.mask(count == 0, links["area_weight"])


def carry_counts(
    counts: pd.DataFrame,
    links: pd.DataFrame,
    columns: Sequence[str],
    by: Sequence[str] = (),
    weight: str = "population_weight",
) -> pd.DataFrame:
    """Return counts on the wards of the other vintage: the sum of weight × count over what went into each.

    Parameters
    ----------
    counts
        One row a ward, and of each combination in ``by``: ward_code, ``by``, ``columns``.
    links
        Rows from the vintage of the counts to another.
    columns
        The columns that hold counts.
    by
        Further columns of the key, such as an indicator and its period.
    weight
        ``population_weight``, for counts about people, or ``area_weight``, for figures of land.

    Returns
    -------
    Keys: ward_code, ``by``; ``columns`` as floats, since only a count that is reported as recorded is whole.
    A ward into which anything of unknown count went has no count; what brought nothing with it, as land
    without residents, need not be known. A ward without a row in ``links`` was no
    part of the other vintage's city and reaches none of its wards.
    """
    keys = ["from_ward_code", *by]
    links = links[links[weight] > 0]
    combinations = counts[list(by)].drop_duplicates()
    every = links.merge(combinations, how="cross", validate="many_to_many") if by else links
    flows = every.merge(
        counts.rename(columns={"ward_code": "from_ward_code"})[[*keys, *columns]],
        on=keys,
        how="left",
        validate="many_to_one",
    )
    amounts = flows[list(columns)].astype("float64").mul(flows[weight], axis=0)
    grouped = flows[["to_ward_code", *by]].join(amounts).groupby(["to_ward_code", *by], sort=True)
    carried: pd.DataFrame = grouped[list(columns)].sum(skipna=False).reset_index()
    return carried.rename(columns={"to_ward_code": "ward_code"})


def area_share(held: pd.Series, outline_km2: pd.Series, links: pd.DataFrame) -> pd.Series:
    """Return the share of each ward's area that lies in wards of the other vintage that hold something.

    Both terms are measured on outlines: what the ward's outline has in common with theirs ÷ the outline of
    the ward. Land that lay in no outline of the other vintage, as where a shore was filled up, is in the
    second alone.

    Parameters
    ----------
    held
        Whether a ward of the other vintage holds it, by ward code; one that is not named does not.
    outline_km2
        Area of the outlines of the wards whose shares are asked for, by ward code.
    links
        Rows from the vintage of the wards that hold it to that of the others.

    Returns
    -------
    Shares from 0 to 1 by ward code; 1 where all that went into the ward holds it.
    """
    holds = links["from_ward_code"].isin(held.index[held])
    overlap = links["overlap_km2"].where(holds, 0.0).groupby(links["to_ward_code"]).sum()
    share = (overlap / outline_km2.reindex(overlap.index).astype("float64")).clip(upper=1)
    # The outlines of two sources do not meet exactly: a ward that is wholly of such wards would miss 1.
    share = share.mask(holds.groupby(links["to_ward_code"]).all(), 1.0)
    return share.rename_axis("ward_code")


def population_share(held: pd.Series, residents: pd.Series, links: pd.DataFrame) -> pd.Series:
    """Return the share of each ward's residents that came from wards that hold something.

    It is Σ (population_weight × residents of those wards) / Σ (population_weight × residents of all).

    Parameters
    ----------
    held
        Whether a ward holds it, by ward code; one that is not named does not.
    residents
        Residents by ward code.
    links
        Rows from the vintage of these wards to another.

    Returns
    -------
    Shares from 0 to 1 by ward code; missing where the residents of a part are.
    """
    lived_in = links[links["population_weight"] > 0]
    code = lived_in["from_ward_code"]
    flow = lived_in["population_weight"] * code.map(residents).astype("float64")
    flow_held = flow.where(code.isin(held.index[held]), 0.0)
    total = flow.groupby(lived_in["to_ward_code"]).sum(skipna=False)
    # Rounding of floats must not lift a whole ward above 1.
    share: pd.Series = (flow_held.groupby(lived_in["to_ward_code"]).sum() / total).clip(upper=1)
    return share.rename_axis("ward_code")


def carry_stages(status: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return role and stage of each ward of the other vintage into which a ward of the programme went.

    A ward holds them whole where all that went into it holds the same, else *partly*. Of several roles the
    pilot is named, of several stages the furthest.

    Parameters
    ----------
    status
        One row a ward of the programme: ward_code, ward_name, role, stage, valid_from,
        valid_from_precision, period, source.
    links
        Rows from the vintage of the status to another.

    Returns
    -------
    Keys: ward_code; role, stage, stage_from and its precision, period, source, is_partly, and from_wards, the
    names and codes of the wards of the programme that went into it, the least divided first.
    """
    flows = links.merge(
        status, left_on="from_ward_code", right_on="ward_code", how="left", validate="many_to_one"
    )
    reached = flows[flows["to_ward_code"].isin(flows.loc[flows["role"].notna(), "to_ward_code"])]
    rows = [
        {"ward_code": code, **_merge_stages(parts)}
        for code, parts in reached.groupby("to_ward_code", sort=True)
    ]
    columns = ["role", "stage", "stage_from", "stage_from_precision", "period", "source", "is_partly"]
    columns += ["from_wards"]
    return pd.DataFrame(rows, columns=["ward_code", *columns])


def _merge_stages(parts: pd.DataFrame) -> dict[str, object]:
    """Return the one role and stage of a ward made of ``parts``, rows of links with their wards' status."""
    held = parts[parts["role"].notna()].sort_values(
        ["area_weight", "from_ward_code"], ascending=[False, True], kind="stable"
    )
    role = min(held["role"], key=ROLES.index)
    holders = held[held["role"] == role]
    stages = holders["stage"].dropna()
    # `not_met` is an outcome, so any step on the way outranks it.
    stage = max(stages, key=lambda s: -1 if s == "not_met" else STAGES.index(s)) if len(stages) else None
    chosen = holders[holders["stage"] == stage] if stage else holders
    latest = chosen.loc[chosen["valid_from"].idxmax()]
    return {
        "role": role,
        "stage": stage,
        "stage_from": latest["valid_from"],
        "stage_from_precision": latest["valid_from_precision"],
        "period": "; ".join(sorted(set(chosen["period"].dropna()))) or None,
        "source": chosen["source"].iloc[0],
        "is_partly": len(chosen) < len(parts),
        "from_wards": ", ".join(
            f"{name} ({code})" for name, code in zip(held["ward_name"], held["from_ward_code"], strict=True)
        ),
    }


def same_wards(crosswalk: pd.DataFrame, wards: pd.DataFrame) -> pd.DataFrame:
    """Return the wards that a redrawing left as they were: undivided, joined with nothing, of the same name.

    Parameters
    ----------
    crosswalk
        The layer ``crosswalk``, with the rows of both directions.
    wards
        The layer ``ward``; geometry is not used.

    Returns
    -------
    Keys: from_vintage, from_ward_code, to_vintage, to_ward_code, both directions.
    """
    ends = ["from_vintage", "from_ward_code", "to_vintage", "to_ward_code"]
    undivided = crosswalk.loc[crosswalk["area_weight"] >= WHOLE, ends]
    turned = undivided.set_axis([*ends[2:], *ends[:2]], axis="columns")
    both = undivided.merge(turned, on=ends, how="inner", validate="one_to_one")
    for end in ("from", "to"):
        both = both.merge(
            wards.loc[:, ["vintage", "ward_code", "ward_name"]].add_prefix(f"{end}_"),
            on=[f"{end}_vintage", f"{end}_ward_code"],
            how="inner",
            validate="many_to_one",
        )
    return both.loc[both["from_ward_name"] == both["to_ward_name"], ends].reset_index(drop=True)


def follow_same_wards(facts: pd.DataFrame, same: pd.DataFrame) -> pd.DataFrame:
    """Return facts on wards once for each vintage in which the ward is still, or already, the same.

    Parameters
    ----------
    facts
        Rows keyed by vintage and ward_code among other columns, such as inspections.
    same
        See `same_wards`.

    Returns
    -------
    The rows of ``facts``, and after them their copies under the other vintages.
    """
    copies = facts.merge(
        same,
        left_on=["vintage", "ward_code"],
        right_on=["from_vintage", "from_ward_code"],
        how="inner",
        validate="many_to_many",
    )
    copies = copies.assign(vintage=copies["to_vintage"], ward_code=copies["to_ward_code"])
    return pd.concat([facts, copies[list(facts.columns)]], ignore_index=True)
