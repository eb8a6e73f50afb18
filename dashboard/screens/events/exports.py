"""What of events is handed over as files: rows, and the headings of the columns that are written."""

import pandas as pd

from dashboard.subjects.events.words import PHASE_NAMES, STATES
from dashboard.ui.exports import Titles
from geodata.events.plan import SecurityPlan
from geodata.language import Bilingual, message


def plan_export(plan: SecurityPlan) -> tuple[pd.DataFrame, Titles]:
    """Return the cells of a plan, with phase and state in words."""
    rows = plan.cells.assign(
        phase_name=[PHASE_NAMES[phase] for phase in plan.cells["phase"]],
        state_name=[STATES[state][3] for state in plan.cells["state"]],
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
    names = zip(event["event_name"], event["event_name_en"], strict=True)
    return event.assign(event_name=[Bilingual(vi, en) for vi, en in names]), {
        "event_date": message("Date"),
        "event_name": message("Event"),
        "place": message("Place"),
        "source": message("Source"),
    }
