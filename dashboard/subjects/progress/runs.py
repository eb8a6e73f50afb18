"""The stretches of days over which it is known how many wards hold a stage, as charts draw them."""

from dataclasses import dataclass
from itertools import groupby

import pandas as pd

FADE_SHARE = 0.15
"""Over so much of the days shown a line fades after its last record."""


@dataclass(frozen=True)
class Run:
    """A stretch of days over which it is known how many wards hold a stage.

    Attributes
    ----------
    days, values, told
        Days of change, the last one the end of the stretch, the values from each of them on, and the days as
        exactly as they are known.
    is_year_only
        Of each day whether the year alone is known.
    fades_until
        Up to when its end fades: nothing is known after it; none where the next stretch follows.
    """

    days: list[pd.Timestamp]
    values: list[float]
    told: list[str]
    is_year_only: list[bool]
    fades_until: pd.Timestamp | None


def known_runs(rows: pd.DataFrame, column: str) -> list[Run]:
    """Return the stretches of days over which a column of one stage is known; what is 0 is not on record.

    Parameters
    ----------
    rows
        See `dashboard.subjects.progress.stages.counts_over_time`, of one stage, by day.
    column
        reached_count, partly_count or reached_pct.
    """
    days, values = list(rows["day"]), [float(value) for value in rows[column].fillna(0)]
    ends, is_vague = [*days[1:], days[-1]], list(rows["is_year_only"])
    fade = FADE_SHARE * (days[-1] - days[0])
    runs: list[Run] = []
    for is_known, group in groupby(range(len(days)), key=lambda at: values[at] > 0):
        if is_known:
            at = list(group)
            end = ends[at[-1]]
            held = [*(values[one] for one in at), values[at[-1]]]
            is_last = end == days[-1]
            told = [str(days[one].year) if is_vague[one] else f"{days[one]:%d/%m/%Y}" for one in at]
            fades_until = None if is_last else min(end + fade, days[-1])
            # The end of a stretch is none of a fact.
            vague = [*(bool(is_vague[one]) for one in at), False]
            runs.append(Run([*(days[one] for one in at), end], held, [*told, told[-1]], vague, fades_until))
    return runs


def unknown_since(counts: pd.DataFrame) -> pd.Timestamp | None:
    """Return the first day of the last stretch of days on which nothing is known of any ward; none without.

    ``counts`` as those of `known_runs`, of all stages.
    """
    held = counts[counts[["reached_count", "partly_count"]].sum(axis="columns") > 0]
    if held.empty:
        return None
    since = counts.loc[counts["day"] > held["day"].max(), "day"].min()
    return None if pd.isna(since) or since == counts["day"].max() else since
