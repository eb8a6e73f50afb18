"""Inspections: which wards were inspected within a range, how long ago, and the criteria that were met."""

from dataclasses import dataclass

import pandas as pd

from geodata.crosswalk import carried_share, follow_same_wards, links_between, same_wards
from geodata.language import message
from geodata.metrics.definition import Definition
from geodata.metrics.status import is_pilot
from geodata.metrics.units import KEY, is_commune, percent_of, weighted_percent

INSPECTION_COVERAGE = Definition(
    name=message("Inspection coverage"),
    formula=message(
        "Wards inspected at least once within the range ÷ wards of the unit; the same of its pilot wards, as "
        "they stand on the last day; and Σ (area × share inspected) ÷ Σ area. In another vintage a ward "
        "counts as inspected where everything that went into it comes from inspected wards; where only a "
        "part does, it is “partly” inspected, counted apart, and weighs in the share of area with that part. "
        "Days since the last inspection run from the last one in the unit, on or before the last day of the "
        "range, to that day"
    ),
    unit=message("% of pilot wards, % of wards, % of area; days"),
    source=message("layers inspection, pilot_status, ward and crosswalk"),
)

CRITERIA_MET = Definition(
    name=message("Criteria met"),
    formula=message(
        "Of the last inspection of each ward: Σ criteria met ÷ Σ criteria assessed, and Σ criteria met ÷ Σ "
        "criteria of the set. A criterion that was not assessed never counts as not met: it is left out of "
        "the first share and lowers only the second. An inspection whose counts are not published is left "
        "out; where only the results of single criteria are, these are counted"
    ),
    unit=message("% of assessed criteria, % of the set"),
    source=message(
        "layers inspection, criterion_result and criteria_set; results are published as 22/22 or 21/22"
    ),
)


def with_counted_results(inspection: pd.DataFrame, criterion_result: pd.DataFrame) -> pd.DataFrame:
    """Return inspections with the criteria met and assessed counted from single results where not given.

    Parameters
    ----------
    inspection, criterion_result
        The layers of these names.
    """
    met = criterion_result["result"].eq("met").groupby(criterion_result["inspection_id"]).sum()
    assessed = criterion_result["result"].ne("not_assessed").groupby(criterion_result["inspection_id"]).sum()
    given = inspection["criteria_met"].notna() & inspection["criteria_assessed"].notna()
    # Both or neither: a given count and a counted one may be of different criteria.
    return inspection.assign(
        **{
            column: inspection[column].where(given, inspection["inspection_id"].map(counted).astype("Int64"))
            for column, counted in (("criteria_met", met), ("criteria_assessed", assessed))
        }
    )


def inspections_on(
    day: pd.Timestamp, wards: pd.DataFrame, inspection: pd.DataFrame, crosswalk: pd.DataFrame
) -> pd.DataFrame:
    """Return how often each ward was inspected up to a day, and its last inspection.

    An inspection belongs to the ward that was inspected, in every vintage in which it is the same ward
    (`geodata.crosswalk.same_wards`); it is not carried to what a redrawing made of it.

    Returns
    -------
    One row a ward, in the order of ``wards``: vintage, ward_code, inspection_count, last_inspection_date,
    last_verdict, criteria_set, criteria_met, criteria_assessed, is_illustrative (any of its inspections is).
    """
    inspection = follow_same_wards(inspection, same_wards(crosswalk, wards))
    done = inspection[inspection["inspection_date"] <= day].sort_values(["inspection_date", "inspection_id"])
    last = done.drop_duplicates(KEY, keep="last").rename(
        columns={"inspection_date": "last_inspection_date", "verdict": "last_verdict"}
    )
    columns = ["last_inspection_date", "last_verdict", "criteria_set", "criteria_met", "criteria_assessed"]
    counts = done.groupby(KEY).agg(
        inspection_count=("inspection_id", "size"), is_illustrative=("is_illustrative", "any")
    )
    frame = (
        wards[KEY]
        .merge(counts.reset_index(), on=KEY, how="left", validate="one_to_one")
        .merge(last[[*KEY, *columns]], on=KEY, how="left", validate="one_to_one")
    )
    return frame.assign(
        inspection_count=frame["inspection_count"].fillna(0).astype("Int64"),
        is_illustrative=frame["is_illustrative"].astype("boolean").fillna(False).astype("bool"),
    )


def days_since(day: pd.Timestamp, dates: pd.Series) -> pd.Series:
    """Return the days from each date to a day, missing where the date is."""
    days: pd.Series = (day - dates).dt.days
    return days.astype("Int64")


INSPECTED_COLUMNS = [
    "is_inspected",
    "is_partly_inspected",
    "inspected_area_pct",
    "last_inspection",
    "is_illustrative",
]


def inspected_wards(
    start: pd.Timestamp,
    end: pd.Timestamp,
    wards: pd.DataFrame,
    inspection: pd.DataFrame,
    crosswalk: pd.DataFrame,
) -> pd.DataFrame:
    """Return which wards were inspected within a range, wholly or partly, in every vintage.

    An inspection counts in every vintage in which the ward is the same. Into another ward it is carried like
    a stage, straight from the vintage that holds it; of several vintages the one that says most counts.

    Parameters
    ----------
    start, end
        First and last day of the range.
    wards, inspection, crosswalk
        The layers of these names, all vintages.

    Returns
    -------
    One row a ward, in the order of ``wards``: vintage, ward_code; is_inspected (wholly, within the range),
    is_partly_inspected; inspected_area_pct (%, NaN where an area is unknown); last_inspection (day of the
    last inspection up to ``end``, whole or partly, however long ago); is_illustrative (any inspection up to
    ``end`` was generated).
    """
    # What is known of a ward is known of it in every vintage in which it is the same ward.
    facts = follow_same_wards(inspection, same_wards(crosswalk, wards))
    facts = facts[facts["inspection_date"] <= end]
    last = facts.groupby(KEY).agg(last=("inspection_date", "max"), generated=("is_illustrative", "any"))
    known = wards[[*KEY, "area_km2"]].merge(last.reset_index(), on=KEY, how="left", validate="one_to_one")
    known["generated"] = known["generated"].astype("boolean").fillna(False).astype("bool")
    within = facts[facts["inspection_date"] >= start][KEY].drop_duplicates().assign(within=True)
    known = known.merge(within, on=KEY, how="left", validate="one_to_one")
    known["within"] = known["within"].notna()
    vintages = sorted(known["vintage"].unique())
    reached = [
        _reached(known[known["vintage"] == source], links_between(crosswalk, source, target), source, target)
        for target in vintages
        for source in vintages
    ]
    best = (
        pd.concat(reached, ignore_index=True)
        .groupby(KEY)
        .agg(
            is_inspected=("whole", "any"),
            any_part=("part", "any"),
            share=("share", "max"),
            is_share_known=("is_share_known", "all"),
            last_inspection=("last", "max"),
            is_illustrative=("generated", "any"),
        )
        .reset_index()
    )
    frame = known[KEY].merge(best, on=KEY, how="left", validate="one_to_one")
    share = frame["share"].where(frame["is_share_known"]).mask(frame["is_inspected"], 1.0)
    return frame.assign(
        is_partly_inspected=frame["any_part"] & ~frame["is_inspected"],
        inspected_area_pct=100 * share.astype("float64"),
    )[[*KEY, *INSPECTED_COLUMNS]]


def _reached(known: pd.DataFrame, links: pd.DataFrame, source: str, target: str) -> pd.DataFrame:
    """Return what the inspections of one vintage say of the wards of another, or of its own."""
    columns = [*KEY, "whole", "part", "share", "is_share_known", "last", "generated"]
    if source == target:
        own = known.assign(whole=known["within"], part=known["within"], is_share_known=True)
        return own.assign(share=own["within"].astype("float64"))[columns]
    by_code = known.set_index("ward_code")
    code = links["from_ward_code"]
    to = links["to_ward_code"]
    within = code.map(by_code["within"]).astype("bool")
    share = carried_share(by_code["within"], by_code["area_km2"], links)
    part = within.groupby(to).any()
    return pd.DataFrame(
        {
            "vintage": target,
            "ward_code": part.index,
            "whole": within.groupby(to).all().to_numpy(),
            "part": part.to_numpy(),
            # No inspected part is none of the area, however large the parts are.
            "share": share.reindex(part.index).where(part, 0.0).to_numpy(),
            "is_share_known": (share.reindex(part.index).notna() | ~part).to_numpy(),
            "last": code.map(by_code["last"]).groupby(to).max().to_numpy(),
            "generated": code.map(by_code["generated"]).groupby(to).any().to_numpy(),
        }
    )[columns]


@dataclass(frozen=True)
class InspectionCoverage:
    """Inspection coverage of a unit in one vintage within a date range.

    Attributes
    ----------
    ward_count, inspected_count, partly_inspected_count
        Wards, those inspected, and those inspected in part.
    pilot_ward_count, pilot_inspected_count
        Pilot wards on the last day, and those of them that were inspected.
    partly_pilot_count, partly_pilot_inspected_count
        Wards made in part of pilot wards, and those of them that were inspected, wholly or partly.
    wards_pct
        inspected_count / ward_count; NaN without wards.
    pilot_wards_pct
        pilot_inspected_count / pilot_ward_count; NaN without pilot wards.
    area_pct
        Σ (area × share inspected) / Σ area; NaN where one is unknown.
    last_inspection
        The last one up to the last day, however long ago; ``None`` where there is none.
    days_since_last
        Days from it to the last day.
    """

    ward_count: int
    inspected_count: int
    partly_inspected_count: int
    pilot_ward_count: int
    pilot_inspected_count: int
    partly_pilot_count: int
    partly_pilot_inspected_count: int
    wards_pct: float
    pilot_wards_pct: float
    area_pct: float
    last_inspection: pd.Timestamp | None
    days_since_last: int | None


@INSPECTION_COVERAGE.documents
def inspection_coverage(end: pd.Timestamp, summary: pd.DataFrame) -> InspectionCoverage:
    """Return the inspection coverage of a unit within a range.

    Parameters
    ----------
    end
        Last day of the range.
    summary
        The rows of the unit (`geodata.metrics.Unit.rows`) in the layer ``ward``, joined with
        `geodata.metrics.status_on` of the last day and `inspected_wards` of the range.
    """
    is_ward = is_commune(summary)
    pilot = is_pilot(summary)
    partly = summary["is_partly"].astype("bool")
    seen = summary["is_inspected"].astype("bool")
    partly_seen = summary["is_partly_inspected"].astype("bool")
    last = summary["last_inspection"].max()
    has_last = pd.notna(last)
    return InspectionCoverage(
        ward_count=int(is_ward.sum()),
        inspected_count=int((is_ward & seen).sum()),
        partly_inspected_count=int((is_ward & partly_seen).sum()),
        pilot_ward_count=int((pilot & ~partly).sum()),
        pilot_inspected_count=int((pilot & ~partly & seen).sum()),
        partly_pilot_count=int((pilot & partly).sum()),
        partly_pilot_inspected_count=int((pilot & partly & (seen | partly_seen)).sum()),
        wards_pct=percent_of((is_ward & seen).sum(), is_ward.sum()),
        pilot_wards_pct=percent_of((pilot & ~partly & seen).sum(), (pilot & ~partly).sum()),
        area_pct=weighted_percent(summary["inspected_area_pct"], summary["area_km2"]),
        last_inspection=last if has_last else None,
        days_since_last=int((end - last).days) if has_last else None,
    )


@dataclass(frozen=True)
class CriteriaMet:
    """Criteria met at the last inspections of a unit's wards.

    Attributes
    ----------
    ward_count
        Wards inspected at least once.
    assessed_ward_count
        Those of them whose counts of criteria are known.
    met, assessed
        Σ over these.
    in_sets
        Σ criteria of their sets, over those whose set is known.
    of_assessed_pct
        met / assessed; NaN where nothing was assessed.
    of_set_pct
        Σ met / Σ criteria of the set, over the wards whose set is known; NaN where none is.
    """

    ward_count: int
    assessed_ward_count: int
    met: int
    assessed: int
    in_sets: int
    of_assessed_pct: float
    of_set_pct: float


def with_criteria_shares(inspections: pd.DataFrame, criteria_set: pd.DataFrame) -> pd.DataFrame:
    """Return inspections with the size of their set, and the two shares of each.

    Parameters
    ----------
    inspections
        Rows with criteria_set, criteria_met and criteria_assessed: the layer ``inspection``, or
        `inspections_on`.
    criteria_set
        The layer of this name.

    Returns
    -------
    The rows with criteria_count, criteria_met_pct (of those assessed) and criteria_met_of_set_pct; missing
    where a part is, and where nothing was assessed.
    """
    sizes = criteria_set.set_index("criteria_set")["criteria_count"]
    met = inspections["criteria_met"].astype("float64")
    assessed = inspections["criteria_assessed"].astype("float64")
    count = inspections["criteria_set"].map(sizes).astype("Int64")
    in_set = count.astype("float64")
    return inspections.assign(
        criteria_count=count,
        criteria_met_pct=100 * met / assessed.where(assessed > 0),
        criteria_met_of_set_pct=100 * met / in_set.where(in_set > 0),
    )


@CRITERIA_MET.documents
def criteria_met(inspections: pd.DataFrame, criteria_set: pd.DataFrame) -> CriteriaMet:
    """Return the criteria met of a unit.

    Parameters
    ----------
    inspections
        The rows of the unit in `inspections_on`.
    criteria_set
        The layer of this name.
    """
    shares = with_criteria_shares(inspections, criteria_set)
    known = shares[shares["criteria_met"].notna() & shares["criteria_assessed"].notna()]
    of_known_set = known[known["criteria_count"].notna()]
    met, assessed = int(known["criteria_met"].sum()), int(known["criteria_assessed"].sum())
    in_sets = int(of_known_set["criteria_count"].sum())
    return CriteriaMet(
        ward_count=int((inspections["inspection_count"] > 0).sum()),
        assessed_ward_count=len(known),
        met=met,
        assessed=assessed,
        in_sets=in_sets,
        of_assessed_pct=percent_of(met, assessed),
        of_set_pct=percent_of(int(of_known_set["criteria_met"].sum()), in_sets),
    )
