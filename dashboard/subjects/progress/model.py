"""How far the programme is, in five views: stages, criteria met, headquarters, a timeline, and changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.query import layers
from dashboard.query.caching import cached
from dashboard.query.query import Query
from dashboard.subjects.programme.former import former_ground
from dashboard.subjects.progress.happenings import (
    INSPECTIONS,
    happenings,
    of_events,
    of_imports,
    told_once,
)
from dashboard.subjects.progress.stages import stage_progress
from dashboard.subjects.progress.view import Absence, Citations, ProgressView, absence_of, records
from dashboard.subjects.progress.wards import by_name, distinct_names, programme_wards
from dashboard.subjects.sources.citations import cite
from geodata.evidence import Evidence, as_recorded
from geodata.indicators.indicators import indicator_values
from geodata.programme.criteria import CriteriaMet, criteria_met, latest_inspections
from geodata.wards.names import ward_title
from geodata.wards.units import KEY

VIEWS = ("stages", "criteria", "headquarters", "timeline", "changes")
"""What the page shows, one at a time."""

HEADQUARTERS = "headquarters_ready_pct"
"""The indicator of how far the headquarters are."""


@dataclass(frozen=True, kw_only=True)
class CriteriaProgress(ProgressView):
    """What the latest inspections found of the criteria.

    Attributes
    ----------
    former_vintages
        The boundaries by which wards are told that those shown hold only in part.
    inspected_count
        Wards that were inspected.
    figures
        Of those with a number of criteria.
    uninspected, uncounted
        Names of the wards without an inspection, and without a number.
    sets
        Name, size and source of each set of criteria.
    """

    former_vintages: tuple[str, ...]
    inspected_count: int
    figures: CriteriaMet
    uninspected: list[str]
    uncounted: list[str]
    sets: list[tuple[str, int, Citations]]


@dataclass(frozen=True, kw_only=True)
class HeadquartersProgress(ProgressView):
    """How far the headquarters of wards are; ``least`` and ``most`` in per cent, NaN where none reported.

    ``holders`` are those that were not chosen themselves and hold former ground of the programme in part.
    """

    ward_count: int
    reported_count: int
    least: float
    most: float
    unreported: list[str]
    holders: list[str]


@dataclass(frozen=True, kw_only=True)
class Timeline(ProgressView):
    """What happened to the wards of the programme, as they were, each fact counted once.

    Attributes
    ----------
    former_vintages
        The boundaries by which wards are told that those shown hold only in part.
    wards
        Distinct name of each ward.
    ward_count
        Wards to which something happened.
    has_year_only
        Something is known to the year only.
    silent
        Names of the wards to which nothing happened.
    """

    former_vintages: tuple[str, ...]
    wards: list[str]
    ward_count: int
    stage_count: int
    inspection_count: int
    has_year_only: bool
    silent: list[str]


@dataclass(frozen=True, kw_only=True)
class Changes(ProgressView):
    """What changed; ``recommendations`` as `recommendation_counts` of the inspections within the range."""

    stage_count: int
    inspection_count: int
    import_count: int
    recommendations: dict[str, int]


@cached
def progress(query: Query, view: str, *, every_ward: bool = False) -> ProgressView:
    """Return one of the `VIEWS`.

    ``every_ward`` shows the criteria of all wards that were inspected, those outside the programme too.
    """
    evidence, looked_at = query.evidence(), query.wards()
    wards = programme_wards(looked_at)
    absence = absence_of(query)
    if view == "stages":
        return stage_progress(query)
    if view == "criteria":
        sets = query.layer("criteria_set")
        wards = _as_they_were(query, looked_at, every_ward=every_ward)
        absence = absence if wards.empty else None
        latest = latest_inspections(evidence, wards, sets)
        return _criteria(evidence, latest, sets, absence, _former_vintages(query, wards))
    if view == "headquarters":
        rows = headquarters_rows(wards, _headquarters_values(query))
        return headquarters(evidence, rows, _headquarters_sources(query, rows), absence)
    if view == "timeline":
        wards = _as_they_were(query, looked_at)
        absence = absence if wards.empty else None
        return timeline(evidence, wards, absence, _former_vintages(query, wards))
    recommendation = query.layer("recommendation")
    if query.verified_only:
        recommendation = recommendation[~recommendation["is_illustrative"]]
    recorded = as_recorded(evidence.of_areas(query.vintage, query.areas), query.layer("pilot_status"))
    labels = distinct_names(recorded.wards, ("vintage", "ward_name"))
    marks = happenings(recorded, recorded.wards.assign(label=labels))
    return changes(evidence, marks, recommendation)


def _as_they_were(query: Query, looked_at: pd.DataFrame, *, every_ward: bool = False) -> pd.DataFrame:
    """Return the wards of the programme, those of other boundaries as they were: they were chosen so.

    ``every_ward`` adds those outside the programme that were inspected.
    """
    evidence = query.evidence()
    former = former_ground(evidence.of_areas(query.vintage, query.areas), query.vintage)
    is_shown = looked_at["role"].notna() & ~looked_at["is_partly"].astype("bool")
    if every_ward:
        seen = evidence.inspections_within()
        is_shown |= looked_at["ward_code"].isin(seen.loc[seen["vintage"] == query.vintage, "ward_code"])
    as_they_were = former.rows.assign(ward_code=[ward.ward_code for ward in former.wards])
    return by_name(
        pd.concat([part for part in (looked_at[is_shown], as_they_were) if len(part)] or [looked_at[:0]])
    )


def _former_vintages(query: Query, wards: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(set(wards["vintage"]) - {query.vintage}))


# Criteria --------------------------------------------------------------------------------------------------


def _criteria(
    evidence: Evidence,
    latest: pd.DataFrame,
    criteria_set: pd.DataFrame,
    absence: Absence | None,
    former_vintages: tuple[str, ...],
) -> CriteriaProgress:
    """Return what was found of the criteria; see `latest_inspections`."""
    inspected = latest[latest["inspection_date"].notna()]
    counted = inspected[inspected["not_met"].notna()]
    sets = criteria_set[criteria_set["criteria_set"].isin(counted["criteria_set"].dropna())]
    return CriteriaProgress(
        evidence=evidence,
        rows=counted.assign(label=distinct_names(counted)),
        table=_with_titles(latest),
        absence=absence,
        is_illustrative=bool(inspected["is_illustrative"].any()),
        citations=cite(latest["source"].dropna().unique(), evidence.source),
        former_vintages=former_vintages,
        inspected_count=len(inspected),
        figures=criteria_met(counted.assign(inspection_count=1), criteria_set),
        uninspected=list(latest.loc[latest["inspection_date"].isna(), "ward_name"]),
        uncounted=list(inspected.loc[inspected["not_met"].isna(), "ward_name"]),
        sets=[
            (row["criteria_set_name"], row["criteria_count"], cite([row["source"]], evidence.source))
            for row in records(sets)
        ],
    )


def _with_titles(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    return [{**row, "ward": ward_title(row)} for row in records(rows)]


# Headquarters ----------------------------------------------------------------------------------------------


def _headquarters_values(query: Query) -> pd.DataFrame:
    """Return the last known value of each ward, as `indicator_values` does."""
    index = layers.indicator_index(query.published, verified_only=query.verified_only)
    if HEADQUARTERS not in index.catalogue.index:
        return pd.DataFrame(columns=["unit_code", "value", "latest_day", "is_illustrative"])
    since, until = pd.Timestamp(query.period.since), pd.Timestamp(query.period.until)
    return indicator_values(index, HEADQUARTERS, since, until, query.vintage)


def _headquarters_sources(query: Query, rows: pd.DataFrame) -> list[str]:
    values = query.layer("indicator_value")
    behind = values[
        values["indicator_code"].eq(HEADQUARTERS)
        & values["period_end"].le(pd.Timestamp(query.period.until))
        & values["ward_code"].isin(rows.loc[rows["value"].notna(), "ward_code"])
        & ~(values["is_illustrative"] & query.verified_only)
    ]
    return list(behind["source"].unique())


def headquarters_rows(wards: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return how far the headquarters of wards are: value, latest_day and is_illustrative beside each ward.

    Parameters
    ----------
    wards
        Wards of one vintage.
    values
        `geodata.indicators.indicators.indicator_values` of the indicator `HEADQUARTERS`, by ward.
    """
    reported = values.rename(columns={"unit_code": "ward_code"})
    rows = wards[[*KEY, "ward_kind", "ward_name", "district_name", "role", "is_partly"]].merge(
        reported[["ward_code", "value", "latest_day", "is_illustrative"]],
        on="ward_code",
        how="left",
        validate="one_to_one",
    )
    is_missing = rows["value"].isna()
    return rows.assign(
        latest_day=rows["latest_day"].where(~is_missing),
        is_illustrative=rows["is_illustrative"].astype("boolean").fillna(False).astype("bool") & ~is_missing,
    )


def headquarters(
    evidence: Evidence, rows: pd.DataFrame, sources: Sequence[str], absence: Absence | None = None
) -> HeadquartersProgress:
    """Return how far the headquarters are; ``rows`` as of `headquarters_rows`, and their sources."""
    reported = rows[rows["value"].notna()]
    return HeadquartersProgress(
        evidence=evidence,
        rows=rows.assign(label=distinct_names(rows)) if len(reported) else rows[:0],
        table=_with_titles(rows),
        absence=absence,
        is_illustrative=bool(reported["is_illustrative"].any()),
        citations=cite(sources, evidence.source),
        ward_count=len(rows),
        reported_count=len(reported),
        least=float(reported["value"].min()),
        most=float(reported["value"].max()),
        unreported=list(rows.loc[rows["value"].isna(), "ward_name"]),
        holders=list(rows.loc[rows["is_partly"].astype("bool"), "ward_name"]),
    )


# Timeline and changes --------------------------------------------------------------------------------------


def timeline(
    evidence: Evidence,
    wards: pd.DataFrame,
    absence: Absence | None = None,
    former_vintages: tuple[str, ...] = (),
) -> Timeline:
    """Return what happened; ``wards`` are those of the programme."""
    labels = distinct_names(wards)
    marks = happenings(evidence, wards.assign(label=labels))
    rows = _together(of_events(evidence), marks)
    facts = marks.drop_duplicates("fact")
    return Timeline(
        evidence=evidence,
        rows=rows,
        table=records(told_once(rows).sort_values("day", ascending=False, kind="stable")),
        absence=absence,
        is_illustrative=bool(marks["is_illustrative"].any()),
        citations=cite(rows["source"].dropna().unique(), evidence.source),
        former_vintages=former_vintages,
        wards=list(labels),
        ward_count=marks["label"].nunique(),
        stage_count=int(facts["kind"].eq("stage").sum()),
        inspection_count=int(facts["kind"].isin(INSPECTIONS).sum()),
        has_year_only=bool(marks["is_year_only"].any()),
        silent=list(wards.loc[~labels.isin(marks["label"]), "ward_name"]),
    )


def changes(evidence: Evidence, marks: pd.DataFrame, recommendation: pd.DataFrame) -> Changes:
    """Return what changed; ``marks`` are the `happenings` of all wards that are looked at.

    ``recommendation`` is the layer of this name, the rows that are to be shown.
    """
    imports = of_imports(evidence)
    inspected = marks.loc[marks["kind"].isin(INSPECTIONS), "fact"]
    rows = _together(told_once(marks), imports).sort_values(
        ["day", "kind"], ascending=[False, True], kind="stable", ignore_index=True
    )
    return Changes(
        evidence=evidence,
        rows=rows,
        table=records(rows),
        absence=None,
        is_illustrative=bool(marks["is_illustrative"].any()),
        citations=cite(rows["source"].dropna().unique(), evidence.source),
        stage_count=int(marks["kind"].eq("stage").sum()),
        inspection_count=len(inspected),
        import_count=len(imports),
        recommendations=recommendation_counts(recommendation, list(inspected)),
    )


def _together(*parts: pd.DataFrame) -> pd.DataFrame:
    # An empty part would change the types of the columns.
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def recommendation_counts(recommendation: pd.DataFrame, inspection_ids: Sequence[str]) -> dict[str, int]:
    """Return how many recommendations some inspections made, and in which state they are now.

    Keys: all, done, in_progress, open, unknown.
    """
    rows = recommendation[recommendation["inspection_id"].isin(inspection_ids)]
    states = {state: int(rows["state"].eq(state).sum()) for state in ("done", "in_progress", "open")}
    return {"all": len(rows), **states, "unknown": int(rows["state"].isna().sum())}
