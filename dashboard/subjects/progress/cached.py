"""What the page asks for, kept while it is shown."""

import pandas as pd

from dashboard.query import layers as data
from dashboard.query.caching import cached
from dashboard.query.layers import extent, indicator_index, layer
from dashboard.query.publication import Publication
from dashboard.subjects.progress.changes import describe_changes
from dashboard.subjects.progress.criteria import describe_criteria
from dashboard.subjects.progress.happenings import happenings
from dashboard.subjects.progress.headquarters import HEADQUARTERS, describe_headquarters, headquarters_rows
from dashboard.subjects.progress.stages import describe_stages, progress_days
from dashboard.subjects.progress.timeline import describe_timeline
from dashboard.subjects.progress.views import View
from dashboard.subjects.progress.wards import by_name, no_ward_text, programme_wards
from geodata.evidence import as_recorded
from geodata.indicators.indicators import indicator_values, latest_known
from geodata.language import Language
from geodata.period import Period
from geodata.programme.criteria import latest_inspections
from geodata.programme.targets import recorded_stages, stage_counts


@cached
def city_wards(
    published: Publication, period: Period, vintage: str, areas: tuple[str, ...], *, verified_only: bool
) -> pd.DataFrame:
    """Return the wards that are looked at, with roles and stages of the last day."""
    return data.evidence(published, period, verified_only=verified_only).of_vintage(vintage, areas)


@cached
def counts_over_time(
    published: Publication, period: Period, vintage: str, areas: tuple[str, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `stages.stage_counts` over the range: of all units that are looked at, and of phường alone."""
    recorded = layer(published, "pilot_status")
    stages = recorded_stages(recorded[recorded["valid_from"] <= pd.Timestamp(period.until)])
    days = progress_days(recorded["valid_from"], period)
    since = extent(published).since
    wards = {
        on: city_wards(
            published, Period(min(since, on.date()), on.date()), vintage, areas, verified_only=True
        )
        for on in days
    }
    return stage_counts(wards, stages), stage_counts(wards, stages, ("phường",))


@cached
def view(
    published: Publication,
    name: str,
    period: Period,
    vintage: str,
    areas: tuple[str, ...],
    language: Language,
    *,
    verified_only: bool,
    every_ward: bool = False,
) -> View:
    """Return one of the `views.VIEWS`.

    ``every_ward`` shows the criteria of all wards that were inspected, those outside the programme too.
    """
    known = data.evidence(published, period, verified_only=verified_only)
    looked_at = known.of_vintage(vintage, areas)
    wards = programme_wards(looked_at)
    nothing = no_ward_text(known, vintage, areas, language) if wards.empty else ""
    if name == "stages":
        counts, of_wards = counts_over_time(published, period, vintage, areas)
        return describe_stages(known, counts, of_wards, layer(published, "target"), language, nothing)
    if name == "criteria":
        sets = layer(published, "criteria_set")
        if every_ward:
            seen = known.inspections_within()
            codes = seen.loc[seen["vintage"] == vintage, "ward_code"]
            wards = by_name(looked_at[looked_at["ward_code"].isin(codes) | looked_at["role"].notna()])
            nothing = "" if len(wards) else nothing
        return describe_criteria(known, latest_inspections(known, wards, sets), sets, language, nothing)
    if name == "headquarters":
        reported = _headquarters(published, period, vintage, verified_only=verified_only)
        rows = headquarters_rows(wards, reported)
        values = layer(published, "indicator_value")
        behind = values[
            values["indicator_code"].eq(HEADQUARTERS)
            & values["period_end"].le(pd.Timestamp(period.until))
            & values["ward_code"].isin(rows.loc[rows["value"].notna(), "ward_code"])
            & ~(values["is_illustrative"] & verified_only)
        ]
        return describe_headquarters(known, rows, list(behind["source"].unique()), language, nothing)
    if name == "timeline":
        return describe_timeline(known, wards, happenings(known, wards, language), language, nothing)
    recommendation = layer(published, "recommendation")
    if verified_only:
        recommendation = recommendation[~recommendation["is_illustrative"]]
    recorded = as_recorded(known.of_areas(vintage, areas), layer(published, "pilot_status"))
    marks = happenings(recorded, recorded.wards.assign(is_partly=False), language)
    return describe_changes(known, marks, recommendation, language)


@cached
def _headquarters(
    published: Publication, period: Period, vintage: str, *, verified_only: bool
) -> pd.DataFrame:
    index = indicator_index(published, verified_only=verified_only)
    if HEADQUARTERS not in index.catalogue.index:
        return pd.DataFrame(columns=["unit_code", "value", "latest_day", "is_illustrative"])
    since, until = pd.Timestamp(period.since), pd.Timestamp(period.until)
    begins = [pd.Timestamp(other) for other in data.vintages(published) if other > vintage]
    ends = [until, *(begin - pd.Timedelta(days=1) for begin in reversed(begins) if begin <= until)]
    return latest_known(
        [indicator_values(index, HEADQUARTERS, min(since, end), end, vintage) for end in ends]
    )
