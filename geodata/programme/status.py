"""Role and stage of each ward on a day, carried across vintages."""

import pandas as pd

from geodata.contract.programme import ROLES, STAGES
from geodata.wards.crosswalk import area_share, carry_stages, links_between, population_share
from geodata.wards.units import KEY

PILOT_STAGES = STAGES[STAGES.index("building") :]
"""Stages that count as pilot: `building` or later."""

STATUS_COLUMNS = [
    "role",
    "stage",
    "stage_from",
    "stage_from_precision",
    "period",
    "source",
    "is_partly",
    "pilot_area_pct",
    "pilot_population_pct",
    "visit_site_area_pct",
    "visit_site_population_pct",
    "from_wards",
]


_AS_STAGE = {"valid_from": "stage_from", "valid_from_precision": "stage_from_precision"}
"""Columns of what is recorded, and what they are called of a ward that holds it."""


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
    *partly* in the programme, with the share of its area that lies in pilot wards and in visit sites
    (`geodata.wards.crosswalk.area_share`), and of its residents that came from them. A stage holds until the
    next one, so of what is recorded of a ward and what is carried to it from several vintages the latest
    counts; of the same day its own record first, then that of the nearest vintage.

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


def is_pilot(status: pd.DataFrame) -> pd.Series:
    """Return which wards are in the pilot, wholly or partly: role `pilot`, stage `building` or later."""
    return status["role"].eq("pilot") & status["stage"].isin(PILOT_STAGES)


def _own(recorded: pd.DataFrame) -> pd.DataFrame:
    """Return what is recorded of wards in the columns of `STATUS_COLUMNS`, with ``source_vintage``."""
    own = recorded.rename(columns=_AS_STAGE).assign(
        is_partly=False, from_wards=None, source_vintage=recorded["vintage"]
    )
    for name, holds in (("pilot", is_pilot(own)), ("visit_site", own["role"].eq("visit_site"))):
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
                    columns={held: recorded for recorded, held in _AS_STAGE.items()}
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
    before, after = (wards[wards["vintage"] == one].set_index("ward_code") for one in (source, target))
    carried = carry_stages(of_source.reset_index().drop(columns="vintage"), links)
    for name, holds in (("pilot", is_pilot(of_source)), ("visit_site", of_source["role"].eq("visit_site"))):
        shares = {
            "area": area_share(holds, after["outline_area_km2"], links),
            "population": population_share(holds, before["population"], links),
        }
        for figure, share in shares.items():
            carried[f"{name}_{figure}_pct"] = carried["ward_code"].map(100 * share)
    return carried.assign(vintage=target, source_vintage=source)
