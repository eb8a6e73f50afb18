"""What of events is handed over as files: rows, and the headings of the columns that are written."""

import pandas as pd

from dashboard.subjects.events.words import PHASE_NAMES, STATES, site_name
from dashboard.ui.exports import Titles
from geodata.events.plan import SecurityPlan
from geodata.language import Bilingual, message


def plan_export(plan: SecurityPlan) -> tuple[pd.DataFrame, Titles]:
    """Return the cells of a plan, with phase and state in words."""
    rows = plan.cells.assign(
        site=plan.cells["site"].map(site_name),
        phase_name=plan.cells["phase"].map(PHASE_NAMES),
        state_name=plan.cells["state"].map({state: full for state, (_, _, _, full) in STATES.items()}),
    )
    return rows, {
        "site": message("Site"),
        "vintage": message("Boundaries from"),
        "ward_code": message("Code"),
        "phase_name": message("Phase"),
        "field": message("Field"),
        "state_name": message("State"),
        "unit": message("Unit"),
        "note": message("Note"),
        "source": message("Source"),
    }


def event_export(event: pd.DataFrame) -> tuple[pd.DataFrame, Titles]:
    """Return the layer ``event``, with names in the language of the reader."""
    names = event["event_name"].combine(event["event_name_en"], Bilingual)
    return event.assign(event_name=names), {
        "event_date": message("Date"),
        "event_name": message("Event"),
        "place": message("Place"),
        "source": message("Source"),
    }
