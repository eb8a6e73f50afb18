"""Inspections: which wards were inspected within a range of days, and how long ago."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.contract.definition import Definition
from geodata.language import message
from geodata.programme.status import is_pilot
from geodata.wards.crosswalk import follow_same_wards, same_wards
from geodata.wards.units import KEY, is_commune, percent_of, weighted_percent

Places = npt.NDArray[np.intp]
"""Places of wards in the order of a frame."""

INSPECTION_COVERAGE = Definition(
    name=message("Inspection coverage"),
    formula=message(
        "Wards inspected at least once within the range ÷ wards of the unit; the same of its pilot wards, as "
        "they stand on the last day; and Σ (area × share inspected) ÷ Σ area. In another vintage a ward "
        "counts as inspected where everything that went into it comes from inspected wards; where only a "
        "part does, it is “partly” inspected, counted apart, and weighs in the share of area with the part "
        "of its outline that lies in theirs. Days since the last inspection run from the last one in the "
        "unit, on or before the last day of the range, to that day"
    ),
    unit=message("% of pilot wards, % of wards, % of area; days"),
    source=message("layers inspection, pilot_status, ward and crosswalk"),
)


def inspections_on(
    day: pd.Timestamp, wards: pd.DataFrame, inspection: pd.DataFrame, crosswalk: pd.DataFrame
) -> pd.DataFrame:
    """Return how often each ward was inspected up to a day, and its last inspection.

    An inspection belongs to the ward that was inspected, in every vintage in which it is the same ward
    (`geodata.wards.crosswalk.same_wards`); it is not carried to what a redrawing made of it.

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


def recorded_inspections(
    day: pd.Timestamp, wards: pd.DataFrame, inspection: pd.DataFrame, crosswalk: pd.DataFrame
) -> pd.Series:
    """Return how many inspections up to a day are on record of each ward or of one that it holds a part of.

    They are those of which `inspected_within` tells the last one; each counts once.

    Returns
    -------
    In the order of ``wards``; missing where none is on record, which is not that there was none.
    """
    done = inspection[inspection["inspection_date"] <= day]
    own = follow_same_wards(done, same_wards(crosswalk, wards))[[*KEY, "inspection_id"]]
    flows = crosswalk[crosswalk["from_vintage"] != crosswalk["to_vintage"]]
    held = own.merge(
        flows[["from_vintage", "from_ward_code", "to_vintage", "to_ward_code"]],
        left_on=KEY,
        right_on=["from_vintage", "from_ward_code"],
        how="inner",
        validate="many_to_many",
    )
    held = held[["to_vintage", "to_ward_code", "inspection_id"]].set_axis(own.columns, axis="columns")
    counts = pd.concat([own, held]).drop_duplicates().groupby(KEY).size().rename("count").reset_index()
    counted = wards[KEY].merge(counts, on=KEY, how="left", validate="one_to_one")
    found: pd.Series = counted["count"].astype("Int64")
    return found


def days_since(day: pd.Timestamp, dates: pd.Series) -> pd.Series:
    """Return the days from each date to a day, missing where the date is.

    Of inspections there is one rule everywhere: the date is `inspected_within`'s ``last_inspection``, that of
    the ward or of a part of it, which ``is_last_partly`` tells.
    """
    days: pd.Series = (day - dates).dt.days
    return days.astype("Int64")


@dataclass(frozen=True)
class WardLinks:
    """The wards of all vintages and how they are linked, as arrays: made once, asked for many ranges.

    Attributes
    ----------
    keys
        Vintage and ward_code of each ward, in the order of the layer; the arrays hold places in it.
    same_from, same_to
        Wards that are the same in two vintages (`geodata.wards.crosswalk.same_wards`).
    sources
        The wards that went into others: those of one vintage that went into one ward stand together.
    starts
        Where in ``sources`` each of these groups begins.
    targets
        The ward into which each group went.
    overlaps
        Area that the outline of each source has in common with that of its target, km².
    outlines
        Area of each target's outline, km².
    """

    keys: pd.MultiIndex
    same_from: Places
    same_to: Places
    sources: Places
    starts: Places
    targets: Places
    overlaps: npt.NDArray[np.float64]
    outlines: npt.NDArray[np.float64]


def link_wards(wards: pd.DataFrame, crosswalk: pd.DataFrame) -> WardLinks:
    """Return the wards of all vintages and how they are linked.

    Parameters
    ----------
    wards, crosswalk
        The layers of these names, all vintages.
    """
    keys = pd.MultiIndex.from_frame(wards[KEY])
    same = same_wards(crosswalk, wards)
    flows = crosswalk[crosswalk["from_vintage"] != crosswalk["to_vintage"]].sort_values(
        ["to_vintage", "to_ward_code", "from_vintage", "from_ward_code"]
    )
    groups = flows[["to_vintage", "to_ward_code", "from_vintage"]]
    is_first = groups.ne(groups.shift()).any(axis="columns").to_numpy()
    sources, targets = _places(flows, "from", keys), _places(flows, "to", keys)
    return WardLinks(
        keys=keys,
        same_from=_places(same, "from", keys),
        same_to=_places(same, "to", keys),
        sources=sources,
        starts=np.flatnonzero(is_first),
        targets=targets[is_first],
        overlaps=flows["overlap_km2"].to_numpy("float64"),
        outlines=wards["outline_area_km2"].to_numpy("float64")[targets[is_first]],
    )


@dataclass(frozen=True)
class PlacedInspections:
    """Inspections as arrays: made once, asked for many ranges.

    Attributes
    ----------
    places
        The ward of each, as its place in `WardLinks.keys`.
    dates
        Its day.
    is_illustrative
        Whether it was generated.
    """

    places: Places
    dates: npt.NDArray[np.datetime64]
    is_illustrative: npt.NDArray[np.bool_]


def place_inspections(inspection: pd.DataFrame, links: WardLinks) -> PlacedInspections:
    """Return the inspections of wards that are known.

    Parameters
    ----------
    inspection
        The layer ``inspection``.
    links
        See `link_wards`.
    """
    places = links.keys.get_indexer(pd.MultiIndex.from_frame(inspection[KEY]))
    is_known = places >= 0
    return PlacedInspections(
        places=places[is_known],
        dates=inspection["inspection_date"].to_numpy("datetime64[ns]")[is_known],
        is_illustrative=inspection["is_illustrative"].to_numpy("bool")[is_known],
    )


def _places(links: pd.DataFrame, end: str, keys: pd.MultiIndex) -> Places:
    columns = links[[f"{end}_vintage", f"{end}_ward_code"]]
    return keys.get_indexer(pd.MultiIndex.from_frame(columns, names=keys.names))


def inspected_wards(
    start: pd.Timestamp,
    end: pd.Timestamp,
    wards: pd.DataFrame,
    inspection: pd.DataFrame,
    crosswalk: pd.DataFrame,
) -> pd.DataFrame:
    """Return which wards were inspected within a range, wholly or partly, in every vintage.

    Parameters
    ----------
    start, end
        First and last day of the range.
    wards, inspection, crosswalk
        The layers of these names, all vintages.

    Returns
    -------
    One row a ward, in the order of ``wards``: vintage, ward_code and the columns of `inspected_within`.
    """
    links = link_wards(wards, crosswalk)
    inspected = inspected_within(start, end, place_inspections(inspection, links), links)
    return wards[KEY].reset_index(drop=True).assign(**inspected)


def inspected_within(
    start: pd.Timestamp, end: pd.Timestamp, inspections: PlacedInspections, links: WardLinks
) -> dict[str, npt.NDArray[Any]]:
    """Return which wards were inspected within a range, wholly or partly, in every vintage.

    An inspection counts in every vintage in which the ward is the same. Into another ward it is carried like
    a stage, straight from the vintage that holds it; of several vintages the one that says most counts.

    Parameters
    ----------
    start, end
        First and last day of the range.
    inspections, links
        See `place_inspections` and `link_wards`.

    Returns
    -------
    Columns with a row for each ward, in the order of the layer ``ward``: is_inspected (wholly, within the
    range), is_partly_inspected; inspected_area_pct (%, measured on outlines); last_inspection (day of the
    last inspection up to ``end``, whole or partly, however long ago); is_last_partly (it was one of a part of
    the ward only); is_illustrative (any inspection up to ``end`` was generated).
    """
    is_done = inspections.dates <= end.to_datetime64()
    at, dates = inspections.places[is_done], inspections.dates[is_done]
    days = dates.view("int64")
    count = len(links.keys)
    within, generated = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    last = np.full(count, np.iinfo("int64").min)
    within[at[dates >= start.to_datetime64()]] = True
    generated[at[inspections.is_illustrative[is_done]]] = True
    np.maximum.at(last, at, days)
    # What is known of a ward is known of it in every vintage in which it is the same ward.
    within, generated, last = (
        _joined(known, links.same_from, links.same_to) for known in (within, generated, last)
    )
    held = within[links.sources]
    whole_last = last
    targets = links.targets
    whole, part = within.copy(), within.copy()
    share = within.astype("float64")
    if len(targets):
        is_part = np.logical_or.reduceat(held, links.starts)
        of_held = np.add.reduceat(np.where(held, links.overlaps, 0.0), links.starts)
        np.logical_or.at(whole, targets, np.logical_and.reduceat(held, links.starts))
        np.logical_or.at(part, targets, is_part)
        np.maximum.at(share, targets, of_held / links.outlines)
        whole_last = last.copy()
        np.maximum.at(whole_last, targets, np.minimum.reduceat(last[links.sources], links.starts))
        reached = np.repeat(targets, np.diff([*links.starts, len(held)]))
        generated, last = (_joined(known, links.sources, reached) for known in (generated, last))
    share = np.where(whole, 1.0, np.minimum(share, 1.0))
    return {
        "is_inspected": whole,
        "is_partly_inspected": part & ~whole,
        "inspected_area_pct": 100 * share,
        # The least integer is what numpy takes for no time.
        "last_inspection": last.view("datetime64[ns]"),
        "is_last_partly": last > whole_last,
        "is_illustrative": generated,
    }


def _joined(known: npt.NDArray[Any], source: Places, target: Places) -> npt.NDArray[Any]:
    """Return what is known of each ward, or of one that is linked to it, whichever is more."""
    joined = known.copy()
    np.maximum.at(joined, target, known[source])
    return joined


@dataclass(frozen=True)
class InspectionCoverage:
    """Inspection coverage of a unit in one vintage within a date range.

    Attributes
    ----------
    ward_count, inspected_count, partly_inspected_count
        Wards, those inspected, and those inspected in part.
    pilot_ward_count, pilot_inspected_count
        Pilot wards on the last day, and those of them that were inspected.
    partly_pilot_inspected_count
        Wards made in part of pilot wards that were inspected, wholly or partly.
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
        The rows of the unit (`geodata.wards.units.Unit.rows`) in the layer ``ward``, joined with
        `geodata.programme.status.status_on` of the last day and `inspected_wards` of the range.
    """
    is_ward, pilot = is_commune(summary).to_numpy("bool"), is_pilot(summary).to_numpy("bool")
    partly, seen, partly_seen = (
        summary[name].to_numpy("bool") for name in ("is_partly", "is_inspected", "is_partly_inspected")
    )
    last = summary["last_inspection"].max()
    has_last = pd.notna(last)
    return InspectionCoverage(
        ward_count=int(is_ward.sum()),
        inspected_count=int((is_ward & seen).sum()),
        partly_inspected_count=int((is_ward & partly_seen).sum()),
        pilot_ward_count=int((pilot & ~partly).sum()),
        pilot_inspected_count=int((pilot & ~partly & seen).sum()),
        partly_pilot_inspected_count=int((pilot & partly & (seen | partly_seen)).sum()),
        wards_pct=percent_of((is_ward & seen).sum(), is_ward.sum()),
        pilot_wards_pct=percent_of((pilot & ~partly & seen).sum(), (pilot & ~partly).sum()),
        area_pct=weighted_percent(summary["inspected_area_pct"], summary["outline_area_km2"]),
        last_inspection=last if has_last else None,
        days_since_last=int((end - last).days) if has_last else None,
    )
