"""Every figure of the dashboard, as pure functions of the contract's frames.

The ETL computes ``ward_summary`` for the day of the build with these; the dashboard computes the same for any
other day, date range, unit and vintage. A missing figure stays missing (NaN, NaT or NA) and never becomes 0.
"""

from collections.abc import Mapping

from geodata.metrics.definition import Definition
from geodata.metrics.events import EVENT_COVERAGE, EventCoverage, event_cells, event_coverage
from geodata.metrics.indicator_index import IndicatorIndex, index_indicators
from geodata.metrics.indicators import (
    INDICATOR_COUNT,
    INDICATOR_LEVEL,
    INDICATOR_SHARE,
    LEAST_COUNT_FOR_PERCENT,
    YEAR_BEFORE,
    UnitLevel,
    compare_with_year_before,
    indicator_values,
    year_before,
)
from geodata.metrics.inspections import (
    CRITERIA_MET,
    INSPECTION_COVERAGE,
    CriteriaMet,
    InspectionCoverage,
    PlacedInspections,
    WardLinks,
    criteria_met,
    days_since,
    inspected_wards,
    inspected_within,
    inspection_coverage,
    inspections_on,
    link_wards,
    place_inspections,
    with_counted_results,
    with_criteria_shares,
)
from geodata.metrics.pilot import (
    PILOT_COVERAGE,
    STAGE_PROGRESS,
    Coverage,
    against_targets,
    has_reached,
    pilot_coverage,
    stage_progress,
)
from geodata.metrics.stations import (
    STATION_ACCESS,
    STATION_DISTANCE_M,
    StationAccess,
    station_access,
    station_access_of_wards,
)
from geodata.metrics.status import PILOT_STAGES, STATUS_COLUMNS, current_status, status_on
from geodata.metrics.summary import INPUTS as SUMMARY_INPUTS
from geodata.metrics.summary import ward_figures
from geodata.metrics.units import KEY, Unit, is_commune

DEFINITIONS: Mapping[str, Definition] = {
    "pilot_coverage": PILOT_COVERAGE,
    "inspection_coverage": INSPECTION_COVERAGE,
    "criteria_met": CRITERIA_MET,
    "station_access": STATION_ACCESS,
    "event_coverage": EVENT_COVERAGE,
    "stage_progress": STAGE_PROGRESS,
    "indicator_count": INDICATOR_COUNT,
    "indicator_share": INDICATOR_SHARE,
    "indicator_level": INDICATOR_LEVEL,
    "year_before": YEAR_BEFORE,
}
"""What each figure means, in the order in which the page of methods shows them."""

__all__ = [
    "DEFINITIONS",
    "KEY",
    "LEAST_COUNT_FOR_PERCENT",
    "PILOT_STAGES",
    "STATION_DISTANCE_M",
    "STATUS_COLUMNS",
    "SUMMARY_INPUTS",
    "Coverage",
    "CriteriaMet",
    "Definition",
    "EventCoverage",
    "IndicatorIndex",
    "InspectionCoverage",
    "PlacedInspections",
    "StationAccess",
    "Unit",
    "UnitLevel",
    "WardLinks",
    "against_targets",
    "compare_with_year_before",
    "criteria_met",
    "current_status",
    "days_since",
    "event_cells",
    "event_coverage",
    "has_reached",
    "index_indicators",
    "indicator_values",
    "inspected_wards",
    "inspected_within",
    "inspection_coverage",
    "inspections_on",
    "is_commune",
    "link_wards",
    "pilot_coverage",
    "place_inspections",
    "stage_progress",
    "station_access",
    "station_access_of_wards",
    "status_on",
    "ward_figures",
    "with_counted_results",
    "with_criteria_shares",
    "year_before",
]
