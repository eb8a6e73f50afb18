"""Every figure of the dashboard, as pure functions of the contract's frames.

The ETL computes ``ward_summary`` for the day of the build with these; the dashboard computes the same for any
other day. A missing figure stays missing (NaN, NaT or NA) and never becomes 0.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.layers import ROLES, STAGES

KEY = ["vintage", "ward_code"]

PILOT_STAGES = STAGES[STAGES.index("building") :]
"""Stages that count as pilot: `building` or later."""

STATUS_COLUMNS = [
    "role",
    "stage",
    "stage_from",
    "period",
    "source",
    "is_partly",
    "pilot_area_pct",
    "pilot_population_pct",
    "visit_site_area_pct",
    "visit_site_population_pct",
    "from_wards",
]


def current_status(day: pd.Timestamp, pilot_status: pd.DataFrame) -> pd.DataFrame:
    """Return the role and stage that each ward of the register holds on a day.

    A stage holds from its date until the next one. Keys: vintage, ward_code; the other columns are those of
    the layer ``pilot_status``.
    """
    begun = pilot_status[pilot_status["valid_from"] <= day]
    # Of two roles that begin on one day the pilot outranks the visit site.
    rank = begun["role"].map(ROLES.index).astype("int64")
    return (
        begun.assign(rank=-rank)
        .sort_values([*KEY, "valid_from", "rank"])
        .drop_duplicates(KEY, keep="last")
        .drop(columns="rank")
        .reset_index(drop=True)
    )


def status_on(
    day: pd.Timestamp, wards: pd.DataFrame, pilot_status: pd.DataFrame, crosswalk: pd.DataFrame
) -> pd.DataFrame:
    """Return role and stage of every ward of every vintage on a day.

    A ward of the vintage in which a status is recorded holds it itself. Into another vintage it is carried by
    the crosswalk: whole where all predecessors hold the same role and stage, else the ward is *partly* in the
    programme, with the shares of its area and residents that came from pilot wards and from visit sites::

        share = Σ (weight × figure of the predecessor in that role) / Σ (weight × figure of the predecessor)

    Of several roles the pilot is named, of several stages the furthest.

    Parameters
    ----------
    day
        Day of reference.
    wards
        The layer ``ward``; geometry is not used.
    pilot_status
        The layer ``pilot_status``.
    crosswalk
        The layer ``crosswalk``.

    Returns
    -------
    One row a ward, in the order of ``wards``: vintage, ward_code and `STATUS_COLUMNS`; shares in %.
    """
    status = current_status(day, pilot_status)
    own = wards[[*KEY, "ward_name"]].merge(status, on=KEY, how="left", validate="one_to_one")
    own["stage_from"] = own["valid_from"]
    pilot, visit = _is_pilot(own), own["role"].eq("visit_site")
    for column, held in (("pilot", pilot), ("visit_site", visit)):
        for figure in ("area_pct", "population_pct"):
            own[f"{column}_{figure}"] = held.astype(float) * 100
    own["is_partly"] = False
    own["from_wards"] = pd.Series(pd.NA, index=own.index, dtype="str")
    own = own.set_index(KEY)[STATUS_COLUMNS]

    carried = _carried(wards, status, crosswalk)
    own.loc[carried.index, STATUS_COLUMNS] = carried[STATUS_COLUMNS]
    return own.loc[pd.MultiIndex.from_frame(wards[KEY])].reset_index()


def _is_pilot(status: pd.DataFrame) -> pd.Series:
    return status["role"].eq("pilot") & status["stage"].isin(PILOT_STAGES)


def _carried(wards: pd.DataFrame, status: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return the status of the wards that hold it through predecessors, by (vintage, ward_code)."""
    figures = wards[[*KEY, "ward_name", "area_km2", "population"]]
    inflow = (
        crosswalk.rename(columns={"from_vintage": "vintage", "from_ward_code": "ward_code"})
        .merge(figures, on=KEY, how="left", validate="many_to_one")
        .merge(status, on=KEY, how="left", validate="many_to_one")
    )
    recorded = set(zip(status["vintage"], status["ward_code"], strict=True))
    rows = []
    for target, parts in inflow.groupby(["to_vintage", "to_ward_code"], sort=True):
        if parts["role"].notna().any() and target not in recorded:
            rows.append({"vintage": target[0], "ward_code": target[1], **_merge_statuses(parts)})
    frame = pd.DataFrame(rows, columns=[*KEY, *STATUS_COLUMNS])
    return frame.set_index(KEY)


def _merge_statuses(parts: pd.DataFrame) -> dict[str, object]:
    """Return the one status of a ward made of ``parts``, rows of the crosswalk with their wards' statuses."""
    parts = parts.sort_values(["weight", "ward_code"], ascending=[False, True])
    role = min(parts["role"].dropna(), key=ROLES.index)
    holders = parts[parts["role"] == role]
    stages = holders["stage"].dropna()
    # `not_met` is an outcome, so any step on the way outranks it.
    stage = max(stages, key=lambda s: -1 if s == "not_met" else STAGES.index(s)) if len(stages) else None
    chosen = holders[holders["stage"] == stage] if stage else holders
    shares: dict[str, object] = {}
    for name, held in (("pilot", _is_pilot(parts)), ("visit_site", parts["role"].eq("visit_site"))):
        for figure, column in (("area_pct", "area_km2"), ("population_pct", "population")):
            amount = parts["weight"] * parts[column].astype(float)
            share = amount[held].sum() / amount.sum(skipna=False)
            # Rounding of floats must not lift a whole ward above 100 %.
            shares[f"{name}_{figure}"] = 100 * np.minimum(share, 1)
    in_programme = parts[parts["role"].notna()]
    return {
        "role": role,
        "stage": stage,
        "stage_from": chosen["valid_from"].max(),
        "period": "; ".join(sorted(set(chosen["period"].dropna()))) or None,
        "source": chosen["source"].iloc[0],
        "is_partly": len(chosen) < len(parts),
        "from_wards": ", ".join(
            f"{name} ({code})"
            for name, code in zip(in_programme["ward_name"], in_programme["ward_code"], strict=True)
        ),
        **shares,
    }


def inspections_on(day: pd.Timestamp, wards: pd.DataFrame, inspection: pd.DataFrame) -> pd.DataFrame:
    """Return how often each ward was inspected up to a day, and its last inspection.

    An inspection belongs to the ward that was inspected, in its vintage; it is not carried to successors.

    Returns
    -------
    One row a ward, in the order of ``wards``: vintage, ward_code, inspection_count, last_inspection_date,
    last_verdict, criteria_met, criteria_assessed.
    """
    done = inspection[inspection["inspection_date"] <= day].sort_values(["inspection_date", "inspection_id"])
    last = done.drop_duplicates(KEY, keep="last").rename(
        columns={"inspection_date": "last_inspection_date", "verdict": "last_verdict"}
    )
    columns = ["last_inspection_date", "last_verdict", "criteria_met", "criteria_assessed"]
    counts = done.groupby(KEY).size().rename("inspection_count").reset_index()
    frame = (
        wards[KEY]
        .merge(counts, on=KEY, how="left", validate="one_to_one")
        .merge(last[[*KEY, *columns]], on=KEY, how="left", validate="one_to_one")
    )
    frame["inspection_count"] = frame["inspection_count"].fillna(0).astype("Int64")
    return frame


@dataclass(frozen=True)
class Coverage:
    """Pilot coverage of a unit in one vintage on one day: three shares, never one alone.

    Attributes
    ----------
    ward_count
        Units of commune level; a huyện without communes is none.
    pilot_ward_count
        Wards whose stage is `building` or later.
    partly_ward_count
        Wards made in part of such wards.
    visit_site_count
        Visit sites, wholly or partly.
    wards_pct
        pilot_ward_count / ward_count.
    area_pct
        Σ (area × share in the pilot) / Σ area.
    population_pct
        Σ (residents × share in the pilot) / Σ residents; missing if a ward's residents are unknown.
    """

    ward_count: int
    pilot_ward_count: int
    partly_ward_count: int
    visit_site_count: int
    wards_pct: float
    area_pct: float
    population_pct: float


def pilot_coverage(summary: pd.DataFrame) -> Coverage:
    """Return the pilot coverage of the wards in a ``ward_summary`` of one vintage.

    All shares are NaN for a frame without wards.
    """
    pilot = _is_pilot(summary)
    partly = summary["is_partly"].astype(bool)
    ward_count = int((summary["ward_kind"] != "huyện").sum())
    pilot_ward_count = int((pilot & ~partly).sum())
    area = summary["area_km2"].astype(float)
    population = summary["population"].astype("float64")
    return Coverage(
        ward_count=ward_count,
        pilot_ward_count=pilot_ward_count,
        partly_ward_count=int((pilot & partly).sum()),
        visit_site_count=int(summary["role"].eq("visit_site").sum()),
        wards_pct=100 * pilot_ward_count / ward_count if ward_count else float("nan"),
        area_pct=_weighted_pct(summary["pilot_area_pct"], area),
        population_pct=_weighted_pct(summary["pilot_population_pct"], population),
    )


def _weighted_pct(share_pct: pd.Series, weight: pd.Series) -> float:
    total = weight.sum(skipna=False)
    # A ward with no share in the pilot adds 0 whatever it weighs; a missing share must stay missing.
    part = (share_pct * weight).sum(skipna=False)
    return float(part / total) if total else float("nan")
