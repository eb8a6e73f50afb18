"""The choice of a range of days: which are offered by name, and the component that holds it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.ui.component import component, packed, period_of
from dashboard.ui.control_state import PickerState
from geodata.language import Language, Message, message
from geodata.language.dates import day
from geodata.period import Period

KEY = "period_picker"

CONFERENCE = datetime.date(2022, 9, 12)
"""The national review conference in Hải Phòng, from which staff count."""

_QUARTERS = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Preset:
    """A range that is offered by name."""

    name: Message
    period: Period


def presets(extent: Period) -> list[Preset]:
    """Return the ranges that are offered: each ends with the data and begins no earlier than they do."""
    last = extent.until
    quarter = (last.month - 1) // 3
    begins = [
        (message("Last 30 days"), last - datetime.timedelta(days=29)),
        (
            message("Quarter {quarter}, {year}", quarter=_QUARTERS[quarter], year=last.year),
            datetime.date(last.year, 3 * quarter + 1, 1),
        ),
        (message("Year {year}", year=last.year), datetime.date(last.year, 1, 1)),
        (message("Since {day}", day=day(CONFERENCE)), CONFERENCE),
        (message("All"), extent.since),
    ]
    return [Preset(name, Period(max(since, extent.since), last)) for name, since in begins if since <= last]


def picker_state(period: Period, extent: Period, language: Language) -> PickerState:
    """Return the state that the picker paints; see ``frontend/period.js``. Days are ISO text."""
    return {
        "language": language,
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "least": extent.since.isoformat(),
        "most": extent.until.isoformat(),
        "presets": [
            {
                "name": preset.name,
                "since": preset.period.since.isoformat(),
                "until": preset.period.until.isoformat(),
            }
            for preset in presets(extent)
        ],
        "texts": {
            "range": message("From {since} to {until}", since="{since}", until="{until}"),
            "dialog": message("Choose a range of days"),
            "since": message("First day"),
            "until": message("Last day"),
            "form": message("dd/mm/yyyy"),
            "month": message("Month"),
            "year": message("Year"),
            "previous": message("Month before"),
            "next": message("Next month"),
            "apply": message("Show"),
            "noDay": message(
                "“{value}” is no day. Write it as dd/mm/yyyy, such as 23/11/2023.", value="{value}"
            ),
            "backwards": message("The last day lies before the first."),
            "outside": message(
                "The data run from {since} to {until}.", since=day(extent.since), until=day(extent.until)
            ),
        },
    }


def period_picker(
    period: Period, extent: Period, on_period: Callable[[Period], None], language: Language
) -> None:
    """Draw the choice of a range of days.

    Parameters
    ----------
    period, extent
        The range that is chosen, and all days there are.
    on_period
        Called with the range that was chosen, before the page runs anew.
    language
        Language of the reader.
    """

    def chosen() -> None:
        on_period(period_of(st.session_state[KEY]["period"]))

    component("period.js")(
        key=KEY, data=packed(picker_state(period, extent, language), language), on_period_change=chosen
    )
