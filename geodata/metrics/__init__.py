"""Every figure of the dashboard, as pure functions of the contract's frames.

The ETL computes ``ward_summary`` for the day of the build with these; the dashboard computes the same for any
other day, date range, unit and vintage. A missing figure stays missing (NaN, NaT or NA) and never becomes 0.
"""

from geodata.metrics.pilot import (
    KEY,
    PILOT_STAGES,
    STATUS_COLUMNS,
    Coverage,
    current_status,
    inspections_on,
    pilot_coverage,
    status_on,
)

__all__ = [
    "KEY",
    "PILOT_STAGES",
    "STATUS_COLUMNS",
    "Coverage",
    "current_status",
    "inspections_on",
    "pilot_coverage",
    "status_on",
]
