"""The figures of every ward on a day, as the layer ``ward_summary`` carries them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geodata.programme.criteria import with_counted_results, with_criteria_shares
from geodata.programme.inspections import (
    days_since,
    inspected_wards,
    inspections_on,
    recorded_inspections,
)
from geodata.programme.stations import station_access_of_wards
from geodata.programme.status import status_on
from geodata.wards.units import KEY

_ROLE = ["role", "stage", "stage_from", "stage_from_precision", "period", "source"]
_FINDINGS = [
    "last_verdict",
    "criteria_met",
    "criteria_assessed",
    "criteria_count",
    "criteria_met_pct",
    "criteria_met_of_set_pct",
]

INPUTS = (
    "ward",
    "crosswalk",
    "pilot_status",
    "inspection",
    "criterion_result",
    "criteria_set",
    "station",
)
"""The layers from which the figures are reckoned."""


def ward_figures(day: pd.Timestamp, layers: Mapping[str, Any]) -> pd.DataFrame:
    """Return role, stage, inspections, criteria and station access of every ward of every vintage on a day.

    Of recorded facts alone: what was generated stands in its own layers, so that no row mixes a real source
    with an illustrative value, and no generated inspection takes the place of a real verdict. A ward that a
    redrawing made in part of wards of the programme has no role: it holds a part of their ground, and the
    inspections of these wards stand as those of a part, without what they found.

    Parameters
    ----------
    day
        Day of reference; what happened after it is left out. Stations have no dates and always count.
    layers
        See `INPUTS`; all vintages.

    Returns
    -------
    One row a ward, in the order of the layer ``ward``: vintage, ward_code, and the columns of
    ``ward_summary`` that are not in ``ward``.
    """
    wards, crosswalk = layers["ward"], layers["crosswalk"]
    inspection, station = (
        layers[name].loc[~layers[name]["is_illustrative"].astype("bool")]
        for name in ("inspection", "station")
    )
    inspection = with_counted_results(inspection, layers["criterion_result"])
    status = status_on(day, wards, layers["pilot_status"], crosswalk)
    inspections = with_criteria_shares(
        inspections_on(day, wards, inspection, crosswalk), layers["criteria_set"]
    )
    year_ago = day - pd.DateOffset(years=1) + pd.Timedelta(days=1)
    inspected = inspected_wards(year_ago, day, wards, inspection, crosswalk)
    access = station_access_of_wards(wards, station)
    figures = status
    for part in (inspections, inspected, access):
        recorded = part.drop(columns="is_illustrative")
        figures = figures.merge(recorded, on=KEY, how="left", validate="one_to_one")
    has_station = figures["station_count"] > 0
    last, is_seen = figures["last_inspection"], figures["is_inspected"] | figures["is_partly_inspected"]
    figures[_ROLE] = figures[_ROLE].mask(figures["is_partly"])
    figures[_FINDINGS] = figures[_FINDINGS].where(figures["last_inspection_date"].eq(last))
    return figures.assign(
        inspection_count=recorded_inspections(day, wards, inspection, crosswalk),
        last_inspection_date=last,
        days_since_inspection=days_since(day, last),
        is_last_inspection_partly=figures["is_last_partly"],
        inspected_12m_area_pct=figures["inspected_area_pct"].where(is_seen),
        # What is near a ward without a station on record says nothing of its own station.
        station_access_pct=figures["near_pct"].where(has_station),
    ).drop(
        columns=[
            "criteria_set",
            "is_inspected",
            "is_partly_inspected",
            "inspected_area_pct",
            "last_inspection",
            "is_last_partly",
            "near_pct",
            "near_placed_pct",
        ]
    )
