"""How many wards hold a stage on each day, and how that stands against the targets."""

from collections.abc import Mapping, Sequence

import pandas as pd

from geodata.contract.layers import STAGES
from geodata.programme.coverage import has_reached
from geodata.wards.units import is_commune


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
