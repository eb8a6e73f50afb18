"""Every figure of the dashboard, as pure functions of the contract's frames.

The ETL computes ``ward_summary`` for the day of the build with these; the dashboard computes the same for any
other day. A missing figure stays missing (NaN, NaT or NA) and never becomes 0.
"""

from dataclasses import dataclass

import pandas as pd

from geodata.crosswalk import (
    carried_share,
    carry_stages,
    follow_same_wards,
    links_between,
    same_wards,
)
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

    A ward holds what is recorded of it. Into another vintage it is carried by the crosswalk between the two,
    forwards or back: whole where all that went into a ward holds the same role and stage, else the ward is
    *partly* in the programme, with the shares of its area and residents that came from pilot wards and from
    visit sites (`geodata.crosswalk.carried_share`). A stage holds until the next one, so of what is recorded
    of a ward and what is carried to it from several vintages the latest counts; of the same day its own
    record first, then that of the nearest vintage.

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
    names = wards[[*KEY, "ward_name"]]
    recorded = current_status(day, pilot_status).merge(names, on=KEY, how="inner", validate="one_to_one")
    vintages = sorted(wards["vintage"].unique())
    recording = sorted(recorded["vintage"].unique())
    held = _held_whole(recorded, names, crosswalk, recording)
    reached = [
        _carried(held, wards, crosswalk, source, target)
        for source in recording
        for target in vintages
        if target != source
    ]
    status = _latest([_own(recorded), *reached], vintages)
    found = names[KEY].merge(status, on=KEY, how="left", validate="one_to_one")
    shares = [column for column in STATUS_COLUMNS if column.endswith("_pct")]
    # A share that can't be reckoned stays missing where the ward is in the programme.
    outside = found["role"].isna()
    found[shares] = found[shares].astype("float64").mask(outside, 0.0)
    found["is_partly"] = found["is_partly"].astype("boolean").fillna(False).astype("bool")
    return found[[*KEY, *STATUS_COLUMNS]]


def _is_pilot(status: pd.DataFrame) -> pd.Series:
    return status["role"].eq("pilot") & status["stage"].isin(PILOT_STAGES)


def _own(recorded: pd.DataFrame) -> pd.DataFrame:
    """Return what is recorded of wards in the columns of `STATUS_COLUMNS`, with ``source_vintage``."""
    own = recorded.rename(columns={"valid_from": "stage_from"}).assign(
        is_partly=False, from_wards=None, source_vintage=recorded["vintage"]
    )
    for name, holds in (("pilot", _is_pilot(own)), ("visit_site", own["role"].eq("visit_site"))):
        for figure in ("area_pct", "population_pct"):
            own[f"{name}_{figure}"] = holds.astype("float64") * 100
    return own[[*KEY, *STATUS_COLUMNS, "source_vintage"]]


def _held_whole(
    recorded: pd.DataFrame, names: pd.DataFrame, crosswalk: pd.DataFrame, recording: list[str]
) -> pd.DataFrame:
    """Return the status of the wards of the vintages that record any, what reaches them whole included.

    A ward that went on as it was counts in every vintage with the latest that is recorded of it in any;
    otherwise a later record of one ward would hide what an earlier vintage says of its neighbours.
    """
    statuses = [recorded.assign(source_vintage=recorded["vintage"])]
    for source in recording:
        for target in recording:
            if source != target:
                of_source = recorded[recorded["vintage"] == source].drop(columns="vintage")
                carried = carry_stages(of_source, links_between(crosswalk, source, target))
                whole = carried[~carried["is_partly"].astype("bool")].rename(
                    columns={"stage_from": "valid_from"}
                )
                named = whole.assign(vintage=target, source_vintage=source).merge(
                    names, on=KEY, how="inner", validate="one_to_one"
                )
                statuses.append(named)
    return _latest(statuses, recording, "valid_from")


def _latest(statuses: list[pd.DataFrame], vintages: list[str], day: str = "stage_from") -> pd.DataFrame:
    """Return of each ward the status of the latest day; of the same day that of the nearest vintage."""
    every = pd.concat([status for status in statuses if len(status)] or statuses[:1], ignore_index=True)
    at, source_at = (every[of].map(vintages.index).astype("int64") for of in ("vintage", "source_vintage"))
    return (
        every.assign(distance=-(at - source_at).abs())
        .sort_values([*KEY, day, "distance"])
        .drop_duplicates(KEY, keep="last")
        .drop(columns=["distance", "source_vintage"])
    )


def _carried(
    held: pd.DataFrame, wards: pd.DataFrame, crosswalk: pd.DataFrame, source: str, target: str
) -> pd.DataFrame:
    """Return the status of the wards of one vintage that hold it through those of another."""
    links = links_between(crosswalk, source, target)
    of_source = held[held["vintage"] == source].set_index("ward_code")
    figures = wards[wards["vintage"] == source].set_index("ward_code")
    carried = carry_stages(of_source.reset_index().drop(columns="vintage"), links)
    for name, holds in (("pilot", _is_pilot(of_source)), ("visit_site", of_source["role"].eq("visit_site"))):
        for figure, column in (("area_pct", "area_km2"), ("population_pct", "population")):
            share = 100 * carried_share(holds, figures[column], links)
            carried[f"{name}_{figure}"] = carried["ward_code"].map(share)
    return carried.assign(vintage=target, source_vintage=source)


def inspections_on(
    day: pd.Timestamp, wards: pd.DataFrame, inspection: pd.DataFrame, crosswalk: pd.DataFrame
) -> pd.DataFrame:
    """Return how often each ward was inspected up to a day, and its last inspection.

    An inspection belongs to the ward that was inspected, in every vintage in which it is the same ward
    (`geodata.crosswalk.same_wards`); it is not carried to what a redrawing made of it.

    Returns
    -------
    One row a ward, in the order of ``wards``: vintage, ward_code, inspection_count, last_inspection_date,
    last_verdict, criteria_met, criteria_assessed.
    """
    inspection = follow_same_wards(inspection, same_wards(crosswalk, wards))
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
