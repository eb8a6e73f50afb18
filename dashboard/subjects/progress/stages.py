"""The view of stages: how many wards are known to hold which one on each day, and the national target."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from dashboard.query import layers
from dashboard.query.caching import cached
from dashboard.query.query import Query
from dashboard.subjects.progress.view import Citations, ProgressView, absence_of, records
from dashboard.subjects.sources.citations import cite
from geodata.contract.layers import STAGES
from geodata.language import Bilingual
from geodata.period import FactDay, Period
from geodata.programme.confirmation import confirmed_until
from geodata.programme.pilot_wards import ChosenWards, chosen_wards
from geodata.programme.targets import recorded_stages, stage_counts

STEPS_AT_MOST = 60
"""So many days of change are told one by one; of more than these the last one of each month."""

_COUNTS = ["reached_count", "partly_count"]


@dataclass(frozen=True)
class StageCount:
    """How many wards held a stage or a later one when that was last known.

    Attributes
    ----------
    stage
        The stage.
    last_known
        The last day on which it was known of a ward; the year where only that is known.
    ward_count, reached_count, partly_count
        All wards on that day, and those that held it, wholly or in part.
    """

    stage: str
    last_known: FactDay
    ward_count: int
    reached_count: int
    partly_count: int


@dataclass(frozen=True)
class Target:
    """A row of the layer ``target``; what it doesn't tell is none. Of ``due`` the year alone may be known."""

    scope: str
    name: Bilingual
    value: float | None
    unit: str | None
    due: pd.Timestamp | None
    due_precision: str | None
    source: str
    citations: Citations


@dataclass(frozen=True, kw_only=True)
class StageProgress(ProgressView):
    """How many wards are known to hold which stage on each day.

    Attributes
    ----------
    chosen
        The wards that were ever chosen for the pilot.
    of_phuong
        `counts_over_time` of phường alone, which the national target is about; ``rows`` are those of all
        units.
    every, phuong
        Both when the stage was last known.
    known_until
        The last day on which a stage was known of any ward; none without.
    targets, national
        All of them, and the national one with a value and a date.
    unrecorded
        The stages that are on record of no ward.
    """

    chosen: ChosenWards
    of_phuong: pd.DataFrame
    every: list[StageCount]
    phuong: list[StageCount]
    known_until: FactDay | None
    targets: list[Target]
    national: Target | None
    unrecorded: list[str]

    @property
    def is_unknown_since(self) -> bool:
        """Return whether nothing is known of any ward on the last day."""
        return self.known_until is not None and self.known_until.day < self.evidence.period.until


@cached
def counts_over_time(query: Query) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how many wards are known to hold a stage over the range: of all units, and of phường alone.

    Each day is one of the boundaries in force on it: a ward counts as it was. Of a ward whose last record
    lies before a day (`geodata.programme.confirmation.confirmed_until`) nothing is known on it.

    Returns
    -------
    `geodata.programme.targets.stage_counts` of what is known, with ``unknown_count``, wards that held the
    stage when it was last known of them, and ``is_year_only``: of what changed on the day the year alone is
    known.
    """
    recorded, period = query.layer("pilot_status"), query.period
    staged = recorded[(recorded["valid_from"] <= pd.Timestamp(period.until)) & recorded["stage"].notna()]
    known = confirmed_until(staged, query.layer("crosswalk"))
    stages, since = recorded_stages(staged), layers.extent(query.published).since
    days = progress_days(pd.concat([staged["valid_from"], known + pd.Timedelta(days=1)]), period)
    wards = {on: _wards_on(query, Period(min(since, on.date()), on.date())) for on in days}
    exact = set(staged.loc[staged["valid_from_precision"].ne("year"), "valid_from"])
    vague = set(staged["valid_from"]) - exact
    exact |= {day + pd.Timedelta(days=1) for day in exact} | ({days[0], days[-1]} - vague)
    every, phuong = (_known_counts(wards, known, stages, kinds) for kinds in ((), ("phường",)))
    return tuple(one.assign(is_year_only=~one["day"].isin(exact)) for one in (every, phuong))  # type: ignore[return-value]


def _wards_on(query: Query, period: Period) -> pd.DataFrame:
    """Return the wards that are looked at as they were on the last day of a range."""
    on = period.until.isoformat()
    vintages = layers.vintages(query.published)
    in_force = max((one for one in vintages if one <= on), default=vintages[0])
    return query.within(period).evidence().of_areas(query.vintage, query.areas).of_vintage(in_force)


def _known_counts(
    wards: dict[pd.Timestamp, pd.DataFrame],
    known: pd.Series,
    stages: Sequence[str],
    kinds: Sequence[str],
) -> pd.DataFrame:
    confirmed = {
        on: frame.assign(
            stage=frame["stage"].where(
                (known.reindex(pd.MultiIndex.from_frame(frame[known.index.names])) >= on).to_numpy()
            )
        )
        for on, frame in wards.items()
    }
    counts, ever = stage_counts(confirmed, stages, kinds), stage_counts(wards, stages, kinds)
    return counts.assign(unknown_count=(ever[_COUNTS] - counts[_COUNTS]).sum(axis="columns"))


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
    """Return how many wards are known to hold which stage on each day, and the targets."""
    evidence, target = query.evidence(), query.layer("target")
    of_areas = evidence.of_areas(query.vintage, query.areas)
    # Roles and stages are verified; so days are looked up once, whatever else is shown.
    counts, of_phuong = counts_over_time(replace(query, verified_only=True))
    national = target[target["scope"].eq("national") & target["value"].notna() & target["due_date"].notna()]
    told = ["stage", "day", "ward_count", "reached_count", "reached_pct"]
    table = counts.merge(
        of_phuong[told].rename(columns={name: f"phuong_{name}" for name in told[2:]}),
        on=["stage", "day"],
        how="left",
        validate="one_to_one",
    )
    status = of_areas.pilot_status[of_areas.pilot_status["stage"].notna()]
    known = confirmed_until(status, query.layer("crosswalk"))
    every, phuong = (_last_known(one, status, query.period.until) for one in (counts, of_phuong))
    return StageProgress(
        evidence=evidence,
        rows=counts,
        table=records(table.sort_values(["day", "stage"], ascending=[False, True])),
        absence=absence_of(query),
        citations=cite(status["source"].unique(), evidence.source),
        chosen=chosen_wards(of_areas),
        of_phuong=of_phuong,
        every=every,
        phuong=phuong,
        known_until=_fact_day(known.max(), status) if len(known) else None,
        targets=targets(target.sort_values("scope", ascending=False), evidence.source),
        national=next(iter(targets(national, evidence.source)), None),
        unrecorded=[stage for stage in STAGES if stage not in recorded_stages(status)],
    )


def _last_known(counts: pd.DataFrame, status: pd.DataFrame, until: datetime.date) -> list[StageCount]:
    """Return of each stage the counts of the last day on which it was known of a ward."""
    held = counts[counts[_COUNTS].sum(axis="columns") > 0]
    last = held.drop_duplicates("stage", keep="last")
    found = []
    for row in last.to_dict("records"):
        later = counts.loc[(counts["stage"] == row["stage"]) & (counts["day"] > row["day"]), "day"]
        # It is known up to the day before the next one that was counted.
        end = later.min() - pd.Timedelta(days=1) if len(later) else pd.Timestamp(until)
        found.append(
            StageCount(
                row["stage"],
                _fact_day(end, status),
                *(int(row[name]) for name in ("ward_count", *_COUNTS)),
            )
        )
    return found


def _fact_day(day: pd.Timestamp, status: pd.DataFrame) -> FactDay:
    """Return a day up to which something is known; the end of a year that a record names is that year."""
    is_exact = day in set(status["valid_from"]) or (day.month, day.day) != (12, 31)
    return FactDay(day.date(), is_exact)


def targets(target: pd.DataFrame, sources: pd.DataFrame) -> list[Target]:
    """Return the targets of the layer ``target``, or of some of its rows; ``sources`` is that layer."""
    return [
        Target(
            scope=row["scope"],
            name=Bilingual(row["target_name"], row["target_name_en"]),
            value=row["value"],
            unit=row["unit"],
            due=row["due_date"],
            due_precision=row["due_date_precision"],
            source=row["source"],
            citations=cite([row["source"]], sources),
        )
        for row in records(target)
    ]
