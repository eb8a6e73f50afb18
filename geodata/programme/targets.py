"""How many wards hold a stage on each day, and how that stands against the targets."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from geodata.contract.definition import Definition
from geodata.contract.programme import STAGES
from geodata.language import message
from geodata.programme.status import status_on
from geodata.wards.units import KEY, Unit, is_commune


def recorded_stages(pilot_status: pd.DataFrame) -> list[str]:
    """Return the stages that are on record of any ward, in their order."""
    held = set(pilot_status["stage"].dropna())
    return [stage for stage in STAGES if stage in held]


def stage_counts(
    wards_by_day: Mapping[pd.Timestamp, pd.DataFrame], stages: Sequence[str], kinds: Sequence[str] = ()
) -> pd.DataFrame:
    """Return how many wards hold a stage or a later one on each day; see `coverage.stage_progress`.

    Parameters
    ----------
    wards_by_day
        Wards of one vintage, those that are looked at, with `geodata.programme.status.status_on` of each day.
    stages
        The stages that are counted.
    kinds
        Kinds of wards that count; all of them where none is named.

    Returns
    -------
    Keys: stage, day; ward_count, reached_count, partly_count, reached_pct (%, NaN without wards).
    """
    rows = []
    for on, wards in wards_by_day.items():
        of_kind = wards[wards["ward_kind"].isin(kinds)] if kinds else wards
        count = int(is_commune(of_kind).sum())
        partly = of_kind["is_partly"].astype("bool")
        for stage in stages:
            reached = has_reached(of_kind, stage)
            rows.append((stage, on, count, int((reached & ~partly).sum()), int((reached & partly).sum())))
    columns = ["stage", "day", "ward_count", "reached_count", "partly_count"]
    frame = pd.DataFrame(rows, columns=columns).sort_values(
        ["stage", "day"], key=lambda of: of.map(STAGES.index) if of.name == "stage" else of, ignore_index=True
    )
    return frame.assign(reached_pct=100 * frame["reached_count"] / frame["ward_count"].where(lambda n: n > 0))


STAGE_PROGRESS = Definition(
    name=message("Wards at a stage, against the target"),
    formula=message(
        "Wards of the unit that hold the stage or a later one on the day; those made in part of such wards "
        "are counted apart as “partly”. A ward that did not meet the criteria counts for that outcome only. "
        "The target is a percentage of the unit's wards, rounded up to a whole ward, or a number of wards; "
        "the gap is target − wards at the stage. A target without a published value has no line"
    ),
    unit=message("wards; % of wards"),
    source=message("layers pilot_status, crosswalk and target; each target names its source"),
)


def has_reached(status: pd.DataFrame, stage: str) -> pd.Series:
    """Return which wards hold a stage or a later one, wholly or partly.

    `not_met` is an outcome and no step, so it is reached by itself alone.

    Parameters
    ----------
    status
        Rows with ``stage``, as of `geodata.programme.status.status_on`.
    stage
        One of `geodata.contract.programme.STAGES`.
    """
    steps = STAGES[:-1]
    return status["stage"].isin(steps[steps.index(stage) :] if stage in steps else [stage])


@STAGE_PROGRESS.documents
def stage_progress(
    days: Sequence[pd.Timestamp],
    stage: str,
    unit: Unit,
    wards: pd.DataFrame,
    pilot_status: pd.DataFrame,
    crosswalk: pd.DataFrame,
) -> pd.DataFrame:
    """Return how many wards of a unit hold a stage by each day; `against_targets` sets this beside targets.

    Parameters
    ----------
    days
        Days of reference, in any order.
    stage
        One of `geodata.contract.programme.STAGES`.
    unit
        The unit; its wards are those of its vintage on every day.
    wards, pilot_status, crosswalk
        The layers of these names, all vintages.

    Returns
    -------
    One row a day, in the order of ``days``: day, ward_count, reached_count, partly_count, reached_pct (%, NaN
    for a unit without wards).
    """
    of_unit = unit.rows(wards)
    on_day = {
        day: of_unit.merge(
            status_on(day, wards, pilot_status, crosswalk), on=KEY, how="left", validate="one_to_one"
        )
        for day in days
    }
    counts = stage_counts(on_day, [stage]).drop(columns="stage")
    return counts.set_index("day").loc[list(days)].reset_index()


@STAGE_PROGRESS.documents
def against_targets(progress: pd.DataFrame, target: pd.DataFrame) -> pd.DataFrame:
    """Return how far a unit is from each target on each day.

    A target in % is one of the unit's wards, another one a number of wards. A percentage of wards is rounded
    up to whole ones.

    Parameters
    ----------
    progress
        See `stage_progress`.
    target
        The layer ``target``, or those of its rows that are to be compared.

    Returns
    -------
    Keys: target_id, day; target_pct (% of wards), target_count (wards), gap_count (wards still missing, at
    least 0), days_left (to the target's date, negative after it). All of them NaN for a target without a
    value, and the days for one without a date.
    """
    columns = ["target_id", "value", "unit", "due_date"]
    pairs = target[columns].merge(progress, how="cross", validate="many_to_many")
    is_share = pairs["unit"].eq("%").fillna(False).astype("bool")
    wards = pairs["ward_count"].astype("float64")
    count = pairs["value"].where(~is_share, pairs["value"] * wards / 100).map(_whole_wards)
    return pairs[["target_id", "day"]].assign(
        target_pct=pairs["value"].where(is_share, 100 * pairs["value"] / wards.where(wards > 0)),
        target_count=count,
        gap_count=(count - pairs["reached_count"]).clip(lower=0),
        days_left=(pairs["due_date"] - pairs["day"]).dt.days.astype("float64"),
    )


def _whole_wards(count: float) -> float:
    # 100 % of 114 wards must not become 115 by rounding of floats.
    return count if pd.isna(count) else float(math.ceil(count - 1e-9))
