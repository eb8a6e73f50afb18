"""Ranges of days as the reader chooses them: which are offered, and which one a link asks for."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.ui.formats import day
from geodata.language import DEFAULT_LANGUAGE, Language, Message, message, translate
from geodata.period import Period

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
        (message("Since {day}", day=day(CONFERENCE, DEFAULT_LANGUAGE)), CONFERENCE),
        (message("All"), extent.since),
    ]
    return [Preset(name, Period(max(since, extent.since), last)) for name, since in begins if since <= last]


def period_of(link: Mapping[str, str], extent: Period) -> tuple[Period | None, list[Message]]:
    """Return the range that a link asks for, ``None`` for all there is, and what is wrong with it.

    A link may name one end alone; the other one is then that of the data.
    """
    if "from" not in link and "to" not in link:
        return None, []
    ends = {}
    for name, other in (("from", extent.since), ("to", extent.until)):
        text = link.get(name, other.isoformat())
        try:
            ends[name] = datetime.date.fromisoformat(text)
        except ValueError:
            return None, [
                message("The link asks for the day “{value}”, which is none; these are all days.", value=text)
            ]
    if ends["from"] > ends["to"]:
        return None, [
            message(
                "The link asks for days from {since} to {until}, which is backwards; these are all days.",
                **_shown(Period(ends["from"], ends["to"])),
            )
        ]
    within = Period(
        min(max(ends["from"], extent.since), extent.until), max(min(ends["to"], extent.until), extent.since)
    )
    if within != Period(ends["from"], ends["to"]):
        return within, [
            message(
                "The link asks for days outside the data, which run from {since} to {until}.",
                **_shown(extent),
            )
        ]
    return within, []


def _shown(period: Period) -> dict[str, str]:
    # Days are written alike in both languages.
    return {
        "since": day(period.since, DEFAULT_LANGUAGE),
        "until": day(period.until, DEFAULT_LANGUAGE),
    }


def picker_state(period: Period, extent: Period, language: Language) -> dict[str, object]:
    """Return the state that the picker paints; see ``frontend/period.js``. Days are ISO text."""
    return {
        "language": language,
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "least": extent.since.isoformat(),
        "most": extent.until.isoformat(),
        "presets": [
            {
                "name": preset.name.render(language),
                "since": preset.period.since.isoformat(),
                "until": preset.period.until.isoformat(),
            }
            for preset in presets(extent)
        ],
        "texts": {
            "range": translate("From {since} to {until}", language, since="{since}", until="{until}"),
            "dialog": translate("Choose a range of days", language),
            "since": translate("First day", language),
            "until": translate("Last day", language),
            "form": translate("dd/mm/yyyy", language),
            "month": translate("Month", language),
            "year": translate("Year", language),
            "previous": translate("Month before", language),
            "next": translate("Next month", language),
            "apply": translate("Show", language),
            "noDay": translate(
                "“{value}” is no day. Write it as dd/mm/yyyy, such as 23/11/2023.", language, value="{value}"
            ),
            "backwards": translate("The last day lies before the first.", language),
            "outside": translate("The data run from {since} to {until}.", language, **_shown(extent)),
        },
    }
