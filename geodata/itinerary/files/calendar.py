"""An itinerary as iCalendar, for the calendars of those who travel and of those who receive them."""

import datetime
import uuid
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vText

from geodata.itinerary.document import teams
from geodata.itinerary.files.wording import (
    begins,
    ends,
    label,
    leg_facts,
    leg_label,
    place,
    plain,
    team_name,
    times,
    title,
)
from geodata.language import DEFAULT_LANGUAGE, Language, translate

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_UIDS = uuid.UUID("5b0c4a3e-6a0f-5d5e-9f43-2f2d6c1f7c11")
"""The namespace of the entries' identifiers: changing it doubles the entries of whoever imports anew."""


def ics(document: dict[str, Any], language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return an itinerary as iCalendar with one entry a visit.

    Start and end are no entries of their own, nobody is visited there: the first entry tells the departure,
    the last one the return. An entry lasts as long as the visit. The same visit
    of the same day keeps its identifier in another order or at another time, so that a calendar moves the
    entry instead of doubling it.

    Parameters
    ----------
    document
        See `geodata.itinerary.document`.
    language
        Language of the reader.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//haiphong-pilot-wards//itinerary//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(title(document, language)))
    date = datetime.date.fromisoformat(document["date"])
    until = date + datetime.timedelta(days=2)
    calendar.add_component(Timezone.from_tzid(_ZONE.key, first_date=date, last_date=until))
    several = teams(document)
    seen: Counter[str] = Counter()
    for team in several:
        for position, stop in enumerate(team["stops"]):
            if stop["kind"] != "visit":
                continue
            visit = "|".join([document["date"], plain(document["title"]), stop["ward_code"] or place(stop)])
            seen[visit] += 1
            event = _event(document, team, position, language, is_one_of_several=len(several) > 1)
            event.add("uid", f"{uuid.uuid5(_UIDS, f'{visit}|{seen[visit]}')}@haiphong-pilot-wards")
            calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _event(
    document: dict[str, Any],
    team: dict[str, Any],
    position: int,
    language: Language,
    *,
    is_one_of_several: bool,
) -> Event:
    stop = team["stops"][position]
    begin = begins(stop).astimezone(_ZONE)
    end = ends(stop).astimezone(_ZONE)
    summary = translate("Visit {number}: {place}", language, number=stop["number"], place=place(stop))
    event = Event()
    event.add("summary", f"{team_name(team, language)}, {summary}" if is_one_of_several else summary)
    event.add("dtstart", begin)
    if end > begin:
        # RFC 5545 forbids an end that is not later; without one the entry is a moment.
        event.add("dtend", end)
    # Of the plan, not of the clock: the same itinerary is the same file.
    event.add("dtstamp", datetime.datetime.fromisoformat(document["depart"]).astimezone(datetime.UTC))
    event.add("location", place(stop))
    event.add("geo", (stop["lat"], stop["lon"]))
    event.add("description", "\n".join([title(document, language), *_told(team, position, language)]))
    if is_one_of_several:
        event.add("categories", [team_name(team, language)])
    return event


def _told(team: dict[str, Any], position: int, language: Language) -> list[str]:
    """Return what happens at a visit, before it and after it, a line each."""
    stops = team["stops"]
    lines = [times(stops[position], language)]
    for leg in team["legs"]:
        if leg["to"] == position:
            lines.insert(0, f"{leg_label(stops, leg, language)}: {leg_facts(leg, language)}")
        if leg["from"] == position:
            lines.append(f"{leg_label(stops, leg, language)}: {leg_facts(leg, language)}")
    if position == 1 and stops[0]["kind"] == "start":
        lines.insert(0, f"{label(stops[0], language)}. {times(stops[0], language)}")
    if position + 2 == len(stops) and stops[-1]["kind"] == "end":
        lines.append(f"{label(stops[-1], language)}. {times(stops[-1], language)}")
    return lines
