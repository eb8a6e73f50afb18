"""The view of stages: how many wards hold which one on each day, against the national target."""

from dataclasses import dataclass, replace

import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import extent
from dashboard.query.query import Query
from dashboard.subjects.progress.view import Citations, ProgressView, absence_of, records
from dashboard.subjects.sources.citations import cite
from geodata.contract.layers import STAGES
from geodata.language import Bilingual
from geodata.period import Period
from geodata.programme.targets import against_targets, recorded_stages, stage_counts

STEPS_AT_MOST = 60
"""So many days of change are told one by one; of more than these the last one of each month."""


@dataclass(frozen=True)
class StageCount:
    """How many wards hold a stage or a later one, wholly or in part."""

    stage: str
    ward_count: int
    reached_count: int
    partly_count: int


@dataclass(frozen=True)
class Target:
    """A row of the layer ``target``; what it doesn't tell is none."""

    scope: str
    name: Bilingual
    value: float | None
    unit: str | None
    due: pd.Timestamp | None
    source: str
    citations: Citations


@dataclass(frozen=True, kw_only=True)
class StageProgress(ProgressView):
    """How many wards hold which stage on each day.

    Attributes
    ----------
    of_phuong
        `geodata.programme.targets.stage_counts` of phường alone, which the national target is about; ``rows``
        are those of all units.
    every, phuong
        Both on the last day.
    targets, national
        All of them, and the national one with a value and a date.
    unrecorded
        The stages that are on record of no ward.
    """

    of_phuong: pd.DataFrame
    every: list[StageCount]
    phuong: list[StageCount]
    targets: list[Target]
    national: Target | None
    unrecorded: list[str]


@cached
def counts_over_time(query: Query) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `stage_counts` over the range: of all units that are looked at, and of phường alone."""
    recorded, period = query.layer("pilot_status"), query.period
    stages = recorded_stages(recorded[recorded["valid_from"] <= pd.Timestamp(period.until)])
    since = extent(query.published).since
    wards = {
        on: query.within(Period(min(since, on.date()), on.date())).wards()
        for on in progress_days(recorded["valid_from"], period)
    }
    return stage_counts(wards, stages), stage_counts(wards, stages, ("phường",))


def progress_days(changes: pd.Series, period: Period) -> list[pd.Timestamp]:
    """Return the days on which to count: both ends of the range and the days of change in it.

    Of more than `STEPS_AT_MOST` changes the last one of each month.
    """
    ends = pd.Timestamp(period.since), pd.Timestamp(period.until)
    days = changes[changes.between(*ends)].drop_duplicates().sort_values()
    if len(days) > STEPS_AT_MOST:
        days = days.groupby(days.dt.to_period("M")).max()
    return sorted({*days, *ends})


@cached
def stage_progress(query: Query) -> StageProgress:
    """Return how many wards hold which stage on each day, against the national target."""
    evidence, target = query.evidence(), query.layer("target")
    # Roles and stages are verified; so days are looked up once, whatever else is shown.
    counts, of_phuong = counts_over_time(replace(query, verified_only=True))
    national = target[target["scope"].eq("national") & target["value"].notna() & target["due_date"].notna()]
    table = counts[["stage", "day", "reached_count", "partly_count"]].merge(
        of_phuong[["stage", "day", "ward_count", "reached_count", "reached_pct"]].rename(
            columns={"reached_count": "phuong_reached"}
        ),
        on=["stage", "day"],
        how="left",
        validate="one_to_one",
    )
    if len(national) and len(of_phuong):
        # Both are in the order of the counts.
        gaps = against_targets(of_phuong, national.head(1)).reset_index(drop=True)
        table = table.assign(gap_count=gaps["gap_count"])
    status = evidence.pilot_status
    return StageProgress(
        evidence=evidence,
        rows=counts,
        table=records(table.sort_values(["day", "stage"], ascending=[False, True])),
        absence=absence_of(query),
        citations=cite(status.loc[status["stage"].notna(), "source"].unique(), evidence.source),
        of_phuong=of_phuong,
        every=_on_last_day(counts),
        phuong=_on_last_day(of_phuong),
        targets=targets(target.sort_values("scope", ascending=False), evidence.source),
        national=next(iter(targets(national, evidence.source)), None),
        unrecorded=[stage for stage in STAGES if stage not in recorded_stages(status)],
    )


def _on_last_day(counts: pd.DataFrame) -> list[StageCount]:
    last = counts[counts["day"] == counts["day"].max()]
    columns = ["stage", "ward_count", "reached_count", "partly_count"]
    return [StageCount(*row) for row in last[columns].itertuples(index=False, name=None)]


def targets(target: pd.DataFrame, sources: pd.DataFrame) -> list[Target]:
    """Return the targets of the layer ``target``, or of some of its rows; ``sources`` is that layer."""
    return [
        Target(
            scope=row["scope"],
            name=Bilingual(row["target_name"], row["target_name_en"]),
            value=row["value"],
            unit=row["unit"],
            due=row["due_date"],
            source=row["source"],
            citations=cite([row["source"]], sources),
        )
        for row in records(target)
    ]
