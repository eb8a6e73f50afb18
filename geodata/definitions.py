"""What every figure of the dashboard means: one text each, for docstrings and for the page of methods."""

from collections.abc import Mapping

from geodata.contract.definition import Definition
from geodata.events.coverage import EVENT_COVERAGE
from geodata.indicators.clusters import ALIKE
from geodata.indicators.comparison import REPORTED_ENOUGH, YEAR_BEFORE
from geodata.indicators.indicators import INDICATOR_COUNT, INDICATOR_LEVEL, INDICATOR_SHARE
from geodata.indicators.statistics import FUNNEL, INTERVAL
from geodata.language import message
from geodata.programme.coverage import PILOT_COVERAGE
from geodata.programme.criteria import CRITERIA_MET
from geodata.programme.inspections import INSPECTION_COVERAGE
from geodata.programme.stations import STATION_ACCESS
from geodata.programme.targets import STAGE_PROGRESS
from geodata.wards.units import COMMUNE_LEVEL

ROUNDING = Definition(
    name=message("Rounding"),
    formula=message(
        "Figures are reckoned unrounded and rounded only where they are shown, alike on every page: "
        "counts and levels to one digit after the decimal mark, figures per 1,000 residents or per "
        "km² to two (below 0.1 to three), percentages to one (below 1 % to two). What is not 0 never "
        "shows as 0. Times and lengths of journeys are whole minutes. Downloads hold up to six digits"
    ),
    unit=message("digits after the decimal mark"),
    source=message("all figures of the pages"),
)
"""One rule for all pages; `geodata.language.numbers` writes by it."""

DEFINITIONS: Mapping[str, Definition] = {
    "commune_level": COMMUNE_LEVEL,
    "pilot_coverage": PILOT_COVERAGE,
    "inspection_coverage": INSPECTION_COVERAGE,
    "criteria_met": CRITERIA_MET,
    "station_access": STATION_ACCESS,
    "event_coverage": EVENT_COVERAGE,
    "stage_progress": STAGE_PROGRESS,
    "indicator_count": INDICATOR_COUNT,
    "indicator_share": INDICATOR_SHARE,
    "indicator_level": INDICATOR_LEVEL,
    "reported_enough": REPORTED_ENOUGH,
    "year_before": YEAR_BEFORE,
    "interval": INTERVAL,
    "funnel": FUNNEL,
    "alike": ALIKE,
    "rounding": ROUNDING,
}
"""What each figure means, in the order in which the page of methods shows them."""
